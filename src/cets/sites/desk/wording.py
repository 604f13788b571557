"""The desk's words for what the domains name: roles, ways, levels, states, sizes and times."""

from datetime import datetime

from django.utils import timezone
from django.utils.dateformat import format as worded
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cets.domains.identifiers.kinds import KINDS
from cets.domains.sharing.levels import Level
from cets.kernel import sizes
from cets.sites.desk.pages.forms import Words
from cets.sites.desk.pages.parts import Tag

ROLE_WORDS: dict[str, Words] = {
    "suspect": gettext_lazy("Suspect"),
    "convicted": gettext_lazy("Convicted"),
    "victim": gettext_lazy("Victim"),
    "witness": gettext_lazy("Witness"),
    "reporter": gettext_lazy("Reporter"),
    "recipient": gettext_lazy("Recipient"),
    "other": gettext_lazy("Other"),
    "unknown": gettext_lazy("Unknown"),
}
#: Of several roles in one record the one that asks for most care is shown first.
ROLE_ORDER = ("victim", "convicted", "suspect", "recipient", "witness", "reporter", "other", "unknown")

WAY_WORDS: dict[str, Words] = {
    "declared": gettext_lazy("declared"),
    "mentioned": gettext_lazy("mentioned"),
    "looked_up": gettext_lazy("looked up"),
}
WAY_ORDER = ("declared", "looked_up", "mentioned")

SOURCE_WORDS: dict[str, Words] = {
    "cybertip_json": gettext_lazy("CyberTipline report (JSON)"),
    "cybertip_xml": gettext_lazy("CyberTipline report (XML)"),
    "pdf": gettext_lazy("PDF document"),
    "cybertip_file": gettext_lazy("File of a CyberTipline report, sealed and not opened"),
    "provider_return": gettext_lazy("Return of a provider (web page)"),
    "snap_return": gettext_lazy("Return of Snap"),
    "kik_return": gettext_lazy("Return of Kik (log)"),
    "csv": gettext_lazy("CSV table"),
    "xlsx": gettext_lazy("Excel table"),
    "whatsapp": gettext_lazy("WhatsApp export"),
    "eml": gettext_lazy("Mail"),
    "msg": gettext_lazy("Mail (Outlook)"),
    "mbox": gettext_lazy("Mailbox"),
    "text": gettext_lazy("Plain text"),
    "web_page": gettext_lazy("Web page"),
    "note": gettext_lazy("Officer's note"),
    "zip": gettext_lazy("ZIP archive"),
    "tar": gettext_lazy("tar archive"),
    "7z": gettext_lazy("7z archive"),
    "compressed": gettext_lazy("Compressed file"),
    "leapp": gettext_lazy("LEAPP output"),
    "chrome_history": gettext_lazy("Chrome browsing history"),
    "firefox_history": gettext_lazy("Firefox browsing history"),
    "android_messages": gettext_lazy("Android text messages"),
    "sms_backup": gettext_lazy("SMS Backup & Restore"),
    "android_contacts": gettext_lazy("Android contacts and calls"),
    "ios_messages": gettext_lazy("iPhone messages"),
    "ios_calls": gettext_lazy("iPhone calls"),
    "ios_contacts": gettext_lazy("iPhone contacts"),
    "safari_history": gettext_lazy("Safari browsing history"),
    "takeout": gettext_lazy("Google Takeout"),
    "signal_json": gettext_lazy("Signal export (JSON)"),
    "skype": gettext_lazy("Skype database"),
    "hangouts": gettext_lazy("Google Hangouts"),
    "sqlite": gettext_lazy("Database of an app"),
    "telegram": gettext_lazy("Telegram export"),
    "discord": gettext_lazy("Discord export"),
    "messenger": gettext_lazy("Messenger chat"),
    "instagram": gettext_lazy("Instagram chat"),
    "slack": gettext_lazy("Slack export"),
    "signal": gettext_lazy("Signal chat"),
    "irc": gettext_lazy("IRC log"),
    "cellebrite_xml": gettext_lazy("Cellebrite report"),
    "vics": gettext_lazy("VICS case or hash set"),
    "c4all": gettext_lazy("C4All index"),
    "icse": gettext_lazy("ICSE hash list"),
    "hash_list": gettext_lazy("List of file hashes"),
    "misp": gettext_lazy("MISP event"),
    "stix": gettext_lazy("STIX bundle"),
    "case_uco": gettext_lazy("CASE/UCO graph"),
}

TRACE_WORDS: dict[str, Words] = {
    "call": gettext_lazy("Call"),
    "visit": gettext_lazy("Page visited"),
    "search": gettext_lazy("Search"),
    "download": gettext_lazy("Download"),
    "location": gettext_lazy("Location"),
    "contact": gettext_lazy("Contact"),
    "event": gettext_lazy("Event"),
}
TRACES_WORDS: dict[str, Words] = {
    "call": gettext_lazy("Calls"),
    "visit": gettext_lazy("Pages visited"),
    "search": gettext_lazy("Searches"),
    "download": gettext_lazy("Downloads"),
    "location": gettext_lazy("Locations"),
    "contact": gettext_lazy("Contacts"),
    "event": gettext_lazy("Events"),
}

PART_STATES: dict[str, Words] = {
    "sealed": gettext_lazy("sealed, waits to be read"),
    "needs_map": gettext_lazy("sealed, its columns are to be confirmed"),
    "read": gettext_lazy("sealed and read"),
    "not_understood": gettext_lazy("sealed, not understood"),
    "failed": gettext_lazy("sealed, could not be read to its end"),
}

LEVEL_WORDS: dict[Level, Words] = {
    Level.OPEN: gettext_lazy("open"),
    Level.CONTACT: gettext_lazy("contact"),
    Level.SILENT: gettext_lazy("silent"),
}
#: What the other side learns of a record of this level.
LEVEL_TELLS: dict[Level, Words] = {
    Level.OPEN: gettext_lazy("summary and reference"),
    Level.CONTACT: gettext_lazy("that you hold it, and whom to call"),
    Level.SILENT: gettext_lazy("nothing"),
}


def kind_word(kind: str) -> str:
    """The kind where it stands alone: E-mail, IP address, Account."""
    return KINDS[kind].caption


def kind_inside(kind: str) -> str:
    """The kind within a sentence: account, e-mail address, IP address."""
    return KINDS[kind].in_text


def role_word(role: str) -> str:
    return str(ROLE_WORDS.get(role, role))


def roles_word(roles: list[str]) -> str:
    """Name every role in which something stands, the one that asks for most care first."""
    return ", ".join(role_word(role) for role in sorted(roles, key=ROLE_ORDER.index))


def way_word(ways: list[str]) -> str:
    return str(WAY_WORDS[min(ways, key=WAY_ORDER.index)]) if ways else ""


def source_word(source: str) -> str:
    return str(SOURCE_WORDS.get(source, source))


def level_tag(level: Level, *, theirs: bool = False) -> Tag:
    return Tag(
        _("Sharing: %(level)s") % {"level": LEVEL_WORDS[level]},
        "plum" if theirs else "grey" if level is Level.SILENT else "blue",
    )


def hit_state_tag(state: str, common: str) -> Tag:
    """Say how far a hit is; `common`: why it asks nobody for anything."""
    if state == "open":
        return Tag(_("Not settled"), "amber")
    if state == "withdrawn":
        return Tag(_("Over"), "grey")
    return Tag(_("Put aside"), "grey") if common else Tag(_("Settled"), "green")


def moment(at: datetime) -> str:
    """Sat 21 Nov 2026, 14:05:09 UTC."""
    return worded(timezone.localtime(at), "D j M Y, H:i:s T")


def due(at: datetime) -> str:
    """Sat 21 Nov 2026, 14:05 UTC: what somebody set is no matter of seconds."""
    return worded(timezone.localtime(at), "D j M Y, H:i T")


def day(at: datetime) -> str:
    return worded(timezone.localtime(at), "D j M Y")


def seen(seen_at: datetime | None, seen_raw: str, candidates: list[str]) -> str:
    """Word a time of a source: the moment where it is certain, else as written with how many ways to read it."""
    if seen_at is not None:
        return moment(seen_at)
    if not seen_raw:
        return ""
    if len(candidates) > 1:
        return _("%(raw)s, %(n)s candidate times") % {"raw": seen_raw, "n": len(candidates)}
    return _("%(raw)s, not certain") % {"raw": seen_raw}


def size(number: int) -> str:
    """48 kB, 1.4 MB."""
    if number < sizes.KILOBYTE:
        return ngettext("%(n)s byte", "%(n)s bytes", number) % {"n": number}
    return sizes.words(number)


def in_reports(number: int) -> str:
    return ngettext("in %(n)s of your reports", "in %(n)s of your reports", number) % {"n": number}


def places(number: int) -> str:
    return ngettext("%(n)s place", "%(n)s places", number) % {"n": number}


CUSTODY: dict[str, Words] = {
    "received": gettext_lazy("Received"),
    "sealed": gettext_lazy("Sealed"),
    "read": gettext_lazy("Read by the parser"),
    "opened": gettext_lazy("Downloaded"),
    "checked": gettext_lazy("Hashes checked"),
}
