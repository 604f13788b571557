"""The desk's words for what the domains name: roles, ways, levels, states, times, and each kind of recorded event."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as worded
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrPromise

from cets.access.roles import ROLES
from cets.domains.agencies import events as agencies
from cets.domains.deconfliction import events as hits
from cets.domains.deconfliction.actions import SETTLED_AS
from cets.domains.identifiers import events as identifiers
from cets.domains.identifiers.kinds import KINDS
from cets.domains.ledger import events as ledger
from cets.domains.reports import events as reports
from cets.domains.sharing.levels import Level
from cets.domains.vault import events as vault
from cets.sites.desk.pages.parts import Tag

ROLE_WORDS: dict[str, StrPromise] = {
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

WAY_WORDS: dict[str, StrPromise] = {
    "declared": gettext_lazy("declared"),
    "mentioned": gettext_lazy("mentioned"),
    "looked_up": gettext_lazy("looked up"),
}
WAY_ORDER = ("declared", "looked_up", "mentioned")

SOURCE_WORDS: dict[str, StrPromise] = {
    "cybertip_json": gettext_lazy("CyberTipline report (JSON)"),
    "cybertip_xml": gettext_lazy("CyberTipline report (XML)"),
    "csv": gettext_lazy("CSV table"),
    "xlsx": gettext_lazy("Excel table"),
    "whatsapp": gettext_lazy("WhatsApp export"),
    "eml": gettext_lazy("Mail"),
    "mbox": gettext_lazy("Mailbox"),
    "text": gettext_lazy("Plain text"),
    "note": gettext_lazy("Officer's note"),
    "zip": gettext_lazy("ZIP archive"),
}

PART_STATES: dict[str, StrPromise] = {
    "sealed": gettext_lazy("sealed, waits to be read"),
    "needs_map": gettext_lazy("sealed, its columns are to be confirmed"),
    "read": gettext_lazy("sealed and read"),
    "not_understood": gettext_lazy("sealed, not understood"),
    "failed": gettext_lazy("sealed, could not be read to its end"),
}

LEVEL_WORDS: dict[Level, StrPromise] = {
    Level.OPEN: gettext_lazy("open"),
    Level.CONTACT: gettext_lazy("contact"),
    Level.SILENT: gettext_lazy("silent"),
}
#: What the other side learns of a record of this level.
LEVEL_TELLS: dict[Level, StrPromise] = {
    Level.OPEN: gettext_lazy("summary and reference"),
    Level.CONTACT: gettext_lazy("that you hold it, and whom to call"),
    Level.SILENT: gettext_lazy("nothing"),
}


def kind_word(kind: str) -> str:
    """E-mail, IP address, Account."""
    return KINDS[kind].caption


def kind_inside(kind: str) -> str:
    """The kind within a sentence: account, e-mail, IP address."""
    caption = KINDS[kind].caption
    return caption if caption[:2].isupper() else caption[0].lower() + caption[1:]


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
    return Tag(_("Sharing: %(level)s") % {"level": LEVEL_WORDS[level]}, "plum" if theirs else "grey" if level is Level.SILENT else "blue")


def moment(at: datetime) -> str:
    """Sat 21 Nov 2026, 14:05:09 UTC."""
    return worded(timezone.localtime(at), "D j M Y, H:i:s T")


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
    if number < 1000:  # noqa: PLR2004 - thousands, as file managers count
        return ngettext("%(n)s byte", "%(n)s bytes", number) % {"n": number}
    if number < 1_000_000:  # noqa: PLR2004
        return f"{number / 1000:.0f} kB"
    return f"{number / 1_000_000:.1f} MB"


def in_reports(number: int) -> str:
    return ngettext("in %(n)s of your reports", "in %(n)s of your reports", number) % {"n": number}


def places(number: int) -> str:
    return ngettext("%(n)s place", "%(n)s places", number) % {"n": number}


# --- recorded events ----------------------------------------------------------------------------------------------

Details = Mapping[str, Any]


def _nothing(details: Details) -> str:
    return ""


def _role(details: Details) -> str:
    name = str(details.get("role", ""))
    return str(ROLES[name].caption) if name in ROLES else name


def _verdict(details: Details) -> str:
    verdict = str(details.get("verdict", ""))
    return _("Nobody answered") if verdict == "nobody_answered" else SETTLED_AS.get(verdict, verdict)


def _field(name: str) -> Callable[[Details], str]:
    return lambda details: str(details.get(name) or "")


def _read(details: Details) -> str:
    return _("%(source)s, %(n)s identifiers") % {
        "source": source_word(str(details.get("source") or "")) or _("not understood"),
        "n": details.get("identifiers", 0),
    }


#: Type of event: what happened, and how its details are worded. What is missing is shown by its type.
EVENTS: dict[str, tuple[StrPromise, Callable[[Details], str]]] = {
    agencies.AGENCY_ADDED: (gettext_lazy("Agency added"), _field("code")),
    agencies.TEAM_ADDED: (gettext_lazy("Team added"), _field("name")),
    agencies.TEAM_CHANGED: (gettext_lazy("Team's contact changed"), _nothing),
    agencies.OFFICER_ADDED: (gettext_lazy("Officer added"), _nothing),
    agencies.OFFICER_LEFT: (gettext_lazy("Officer left"), _nothing),
    agencies.OFFICER_ABSENT: (gettext_lazy("Officer is away"), _nothing),
    agencies.OFFICER_BACK: (gettext_lazy("Officer is back"), _nothing),
    agencies.ROLE_GRANTED: (gettext_lazy("Role granted"), _role),
    agencies.ROLE_ENDED: (gettext_lazy("Role ended"), _role),
    agencies.SIGNED_IN: (gettext_lazy("Signed in"), _nothing),
    ledger.ASSIGNED: (gettext_lazy("Owner changed"), _nothing),
    ledger.STEP_SET: (gettext_lazy("Next step set"), _field("next_step")),
    ledger.CLOSED: (gettext_lazy("Closed"), _field("outcome")),
    ledger.REOPENED: (gettext_lazy("Opened again"), _field("next_step")),
    ledger.FELL_TO_TEAM: (gettext_lazy("Fell to the team"), _field("why")),
    reports.RECEIVED: (gettext_lazy("Received and sealed"), _nothing),
    reports.READ: (gettext_lazy("Read"), _read),
    reports.JOINED: (gettext_lazy("Supplement joined"), _field("supplement")),
    reports.OPENED: (gettext_lazy("Opened"), _nothing),
    reports.GRADED: (gettext_lazy("Graded"), _field("grading")),
    reports.SHARING_SET: (gettext_lazy("Sharing changed"), _field("sharing")),
    reports.GIVEN: (gettext_lazy("Given to a secondee"), _nothing),
    reports.TAKEN_BACK: (gettext_lazy("Taken back from a secondee"), _nothing),
    reports.REMARK_SETTLED: (gettext_lazy("Two meanings settled"), _nothing),
    reports.LISTED: (gettext_lazy("Stood in a list"), _nothing),
    identifiers.OPENED: (gettext_lazy("Identifier opened"), _nothing),
    identifiers.REVEALED: (gettext_lazy("Victim's value revealed"), _nothing),
    hits.FOUND: (gettext_lazy("Hit found and told"), _nothing),
    hits.REOPENED: (gettext_lazy("Hit opened again by a new record"), _nothing),
    hits.WITHDRAWN: (gettext_lazy("Hit withdrawn"), _nothing),
    hits.OPENED: (gettext_lazy("Hit opened"), _nothing),
    hits.DECIDED: (gettext_lazy("Contact recorded"), _verdict),
    hits.DECISION_WITHDRAWN: (gettext_lazy("Decision taken back"), _verdict),
    hits.SILENT_PAIR: (gettext_lazy("Silent pair found"), _nothing),
    vault.OPENED: (gettext_lazy("Original downloaded"), _nothing),
}

CUSTODY: dict[str, StrPromise] = {
    "received": gettext_lazy("Received"),
    "sealed": gettext_lazy("Sealed"),
    "read": gettext_lazy("Read by the parser"),
    "opened": gettext_lazy("Downloaded"),
    "checked": gettext_lazy("Hashes checked"),
}


def event_words(type_: str, details: Details) -> tuple[str, str]:
    """Return what happened and its details, in words."""
    what, detail = EVENTS.get(type_, (type_, _nothing))
    return str(what), detail(details)
