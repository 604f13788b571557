"""Values that everybody has: kept and findable, but they link nothing.

Told by the value alone, with the reason.

How many unrelated records hold a value is another question, answered where sightings are counted.
"""

import ipaddress
import json
import re
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

from cets.domains.identifiers import placeholders, trivial_files
from cets.domains.identifiers.kinds.base import Value
from cets.domains.identifiers.kinds.ip import is_carrier_nat
from cets.domains.identifiers.kinds.platforms import KNOWN, platform_key
from cets.domains.identifiers.kinds.suffixes import registrable

__all__ = ["is_carrier_nat", "reason"]

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# Handed out by phones to apps that may not know the real one.
_PLACEHOLDER_MACS = {"02:00:00:00:00:00", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"}
_BARE_URL = re.compile(r"[a-z]+://([^/:]+)(?::\d+)?/")


def reason(value: Value) -> str | None:
    """Return why this value links nothing, in words for an officer; None for an ordinary value."""
    judge = _JUDGES.get(value.kind)
    return judge(value.value) if judge else None


@lru_cache(maxsize=8)
def _lines(name: str) -> frozenset[str]:
    text = (files("cets.domains.identifiers") / "data" / name).read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


@lru_cache(maxsize=8)
def _networks(name: str) -> tuple[_Network, ...]:
    text = (files("cets.domains.identifiers") / "data" / f"warninglist_{name}.json").read_text("utf-8")
    return tuple(ipaddress.ip_network(entry) for entry in json.loads(text)["list"])


_DOCUMENTATION = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)


def _is_in(address: ipaddress.IPv4Address | ipaddress.IPv6Address, networks: tuple[_Network, ...]) -> bool:
    return any(address in network for network in networks if network.version == address.version)


@lru_cache(maxsize=16384)
def _ip(value: str) -> str | None:
    address = ipaddress.ip_address(value)
    if _is_in(address, _DOCUMENTATION) or is_carrier_nat(value):
        return None
    if value in _lines("public_resolvers.txt"):
        return "address of a public name server"
    if inner := _carried(address):
        return _ip(str(inner))
    return _special_address(address)


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _carried(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the older address that one of 6to4, Teredo or NAT64 is made of: it tells whose it is, of Teredo the client's."""
    if address.version != _V6:
        return None
    six = ipaddress.IPv6Address(address)
    if six.teredo:
        return six.teredo[1]
    return six.sixtofour or (ipaddress.IPv4Address(int(six) & 0xFFFFFFFF) if six in _NAT64 else None)


def _special_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str | None:
    is_private = _is_in(address, _networks("rfc1918")) or (address.version == _V6 and address.is_private)
    is_reserved = address.is_reserved or _is_in(address, _networks("rfc5735"))
    reasons = (
        (address.is_loopback, "loopback address: the machine itself"),
        (address.is_unspecified, "the unspecified address, a placeholder"),
        (address.is_link_local, "link-local address, used again in every network"),
        (address.is_multicast, "multicast address"),
        (is_private, "private address, used again in every home and office"),
        (is_reserved, "reserved address, given to nobody"),
    )
    return next((why for applies, why in reasons if applies), None)


_V6 = 6


def _hash(value: str) -> str | None:
    if trivial_files.is_empty(value):
        return "hash of an empty file"
    if trivial_files.is_trivial(value):
        return "hash of a content that is everywhere: a blank, one word or picture point, a test"
    is_filler = placeholders.is_digest(value.partition(":")[2])
    return "placeholder, not the hash of a file" if is_filler else None


def _email(value: str) -> str | None:
    local, _, host = value.rpartition("@")
    if _is_of_an_office(local):
        return "shared mailbox, read by an office"
    return "placeholder, not a mailbox of anybody" if placeholders.is_email(local, host) else None


# Sent by machines, read by nobody: a form of "no reply" between separators, in several languages.
_NO_REPLY = re.compile(
    r"(?:\A|[.\-_+])(?:no[.\-_]?repl(?:y|ies)|do[.\-_]?not[.\-_]?(?:reply|respond)|dont[.\-_]?reply|ne[.\-_]?pas[.\-_]?repondre"
    r"|nicht[.\-_]?antworten|keine[.\-_]?antwort|no[.\-_]?(?:responder|contestar|responda|conteste)|nao[.\-_]?(?:responder|responda)"
    r"|non[.\-_]?rispondere|nie[.\-_]?odpowiadaj|niet[.\-_]?(?:beantwoorden|antwoorden)|geen[.\-_]?antwoord|svara?[.\-_]?(?:ej|inte|ikke)"
    r"|mailer[.\-_]?daemon)(?=\d{0,3}(?:\Z|[.\-_+]))"
)
_SEPARATORS = re.compile(r"[.\-_]+")
#: Say nothing beside a word of an office: "support.de", "the-help-desk".
_BESIDE = frozenset(
    {
        "and",
        "at",
        "de",
        "department",
        "dept",
        "desk",
        "en",
        "es",
        "eu",
        "for",
        "fr",
        "it",
        "law",
        "line",
        "nl",
        "of",
        "our",
        "pl",
        "the",
        "to",
        "uk",
        "us",
    }
)


def _is_of_an_office(local: str) -> bool:
    """Say whether all words before the plus are an office's, or the mailbox answers nobody. "info.kestrel" is a person."""
    if _NO_REPLY.search(local):
        return True
    office = _lines("shared_mailboxes.txt")
    words = [word for word in _SEPARATORS.split(local.partition("+")[0]) if word]
    return any(word in office for word in words) and all(
        word in office or word in _BESIDE or word.isdigit() for word in words
    )


def _device(value: str) -> str | None:
    if placeholders.is_device(value.partition(":")[2]):
        return "placeholder that phones give when tracking is off, or that somebody made up"
    return None


def _imei(value: str) -> str | None:
    return "placeholder or test number, not a device" if placeholders.is_imei(value) else None


def _imsi(value: str) -> str | None:
    return "placeholder or test number, not a SIM card" if placeholders.is_imsi(value) else None


def _mac(value: str) -> str | None:
    if value in _PLACEHOLDER_MACS or placeholders.is_mac(value):
        return "placeholder that phones and programs give instead of the real address"
    return "multicast address" if int(value[:2], 16) & 1 else None


def _wallet(value: str) -> str | None:
    address = value.partition(":")[2]
    if placeholders.is_wallet(address):
        return "burn address that belongs to nobody"
    is_famous = placeholders.is_famous_wallet(address)
    return "famous address or published example, named by many who do not hold it" if is_famous else None


#: By these a service speaks to all who use it, or shows what it no longer names.
_OF_SERVICES = frozenset({
    "snapchat/teamsnapchat", "snapchat/myai", "kik/kikteam", "slack/id:USLACKBOT", "telegram/id:777000", "telegram/id:1087968824",
    "telegram/id:136817688", "discord/id:456226577798135808", "discord/id:643945264868098049",
})  # fmt: skip


def _account(value: str) -> str | None:
    if value in _OF_SERVICES:
        return "account of the service itself, which everybody meets who uses it"
    platform, _, name = value.partition("/")
    number = name.removeprefix("id:")
    if placeholders.is_word(platform):
        return "placeholder, the platform is not known"
    is_id = number != name
    is_filler = placeholders.is_account_id(number) if is_id else placeholders.is_account_name(name, platform)
    return "placeholder, not an account of anybody" if is_filler else None


def _group(value: str) -> str | None:
    platform, _, room = value.partition("/")
    if placeholders.is_word(platform):
        return "placeholder, the platform is not known"
    is_filler = placeholders.is_name(room, platform) or platform_key(room) in KNOWN
    return "placeholder, not the name of a room" if is_filler else None


def _handle(value: str) -> str | None:
    return "placeholder, not a name of anybody" if placeholders.is_user_name(value) else None


def _name(value: str) -> str | None:
    return "placeholder, not a name of anybody" if placeholders.is_word(value) else None


def _bank_account(value: str) -> str | None:
    is_filler = placeholders.is_bank_account(value)
    return "placeholder or published example, not an account of anybody" if is_filler else None


def _vehicle(value: str) -> str | None:
    return "placeholder, not a vehicle" if placeholders.is_vehicle(value) else None


def _phone(value: str) -> str | None:
    return "placeholder, not a number of anybody" if placeholders.is_phone(value) else None


def _pgp(value: str) -> str | None:
    return "placeholder, not a key" if placeholders.is_one_character(value) else None


def _domain(value: str) -> str | None:
    site = value.removeprefix("www.")
    if site in _EXAMPLE_SITES:
        return "site kept for examples in manuals"
    return "very large site; its name says nothing of a person" if site in _lines("large_sites.txt") else None


#: Kept by the registry for manuals (RFC 2606); people type them to fill a field.
_EXAMPLE_SITES = frozenset({"example.com", "example.net", "example.org"})


def _url(value: str) -> str | None:
    bare = _BARE_URL.fullmatch(value)
    if not bare:
        return _page(value)
    if why := _domain(bare[1]):
        return why if "examples" in why else "front page of a very large site"
    if bare[1] == "localhost":
        return "loopback address: the machine itself"
    return _ip(bare[1]) if re.fullmatch(r"[0-9.]+", bare[1]) else None


_PAGE = re.compile(r"https?://([^/:@]+)(/[^?#]*)(\?[^#]*)?")
#: Parts of a path that stand on everybody's way in, or in a site's small print.
_EVERYBODYS = frozenset(
    {
        "about",
        "account",
        "accounts",
        "app",
        "apps",
        "auth",
        "authorize",
        "challenge",
        "checkpoint",
        "community-guidelines",
        "contact",
        "contact-us",
        "cookies",
        "download",
        "downloads",
        "emaillogin",
        "faq",
        "flows",
        "forgot",
        "forgot-password",
        "guidelines",
        "help",
        "help-center",
        "identifier",
        "impressum",
        "imprint",
        "join",
        "legal",
        "lifecycle",
        "log-in",
        "login",
        "logout",
        "new",
        "oauth",
        "oauth2",
        "password",
        "policies",
        "policy",
        "privacy",
        "privacy-policy",
        "recover",
        "recovery",
        "register",
        "registration",
        "reset",
        "rules",
        "safety",
        "session",
        "sign-in",
        "sign-up",
        "signin",
        "signup",
        "sso",
        "support",
        "terms",
        "terms-of-service",
        "tos",
        "user",
        "v1",
        "v2",
        "v3",
        "web",
    }
)
_IN_A_STORE = {
    "play.google.com": re.compile(r"/store/apps/details\?(?:.*&)?id=([\w.]+)"),
    "apps.apple.com": re.compile(r"/(?:[a-z]{2}/)?app/([\w\-]+)/id\d+"),
    "itunes.apple.com": re.compile(r"/(?:[a-z]{2}/)?app/([\w\-]+)/id\d+"),
}


def _page(value: str) -> str | None:
    """Judge a page of a very large site: a way in, a rule, or a large app in a store are everybody's."""
    parts = _PAGE.fullmatch(value)
    if not parts:
        return None
    site, path = parts[1].removeprefix("www."), parts[2].casefold()
    if store := _IN_A_STORE.get(site):
        app = store.match(path + (parts[3] or ""))
        is_large = app and not KNOWN.isdisjoint(re.split(r"[.\-]", app[1].casefold()))
        return "page of a very large app in a store" if is_large else None
    words = [word.removesuffix(".php").removesuffix(".html") for word in path.split("/") if word]
    large = _lines("large_sites.txt")
    if not words or (site not in large and (registrable(site) or "") not in large):
        return None
    if _EVERYBODYS.issuperset(words):
        return "page of a very large site that everybody comes through"
    is_cut_off = words[-1] in _BEFORE_A_NAME and _EVERYBODYS.union(_BEFORE_A_NAME).issuperset(words)
    if is_cut_off and not _tells(parts[3] or ""):
        return "beginning of an address on a very large site: what would tell the page is missing"
    return None


#: After these, such a site has the name or number of a page, a person or a group; without it they are everybody's.
_BEFORE_A_NAME = frozenset(
    {
        "c",
        "channel",
        "channels",
        "direct",
        "events",
        "explore",
        "groups",
        "hashtag",
        "hashtags",
        "home",
        "inbox",
        "invite",
        "invites",
        "marketplace",
        "messages",
        "notifications",
        "p",
        "photo",
        "photos",
        "playlist",
        "posts",
        "profile",
        "profiles",
        "reel",
        "reels",
        "search",
        "settings",
        "share",
        "shorts",
        "stories",
        "story",
        "t",
        "u",
        "users",
        "watch",
    }
)
#: Parts of a query that say how somebody came, not where to.
_TRACKING = re.compile(r"(?:utm_\w+|\w*clid|igshi?d?|si|ref\w*|hl|lang|locale|next|_rdr|mibextid)(?:=.*)?")


def _tells(query: str) -> bool:
    parts = query.removeprefix("?").split("&")
    return any(part and not _TRACKING.fullmatch(part) for part in parts)


_JUDGES: dict[str, Callable[[str], str | None]] = {
    "ip": _ip,
    "hash": _hash,
    "email": _email,
    "device": _device,
    "imei": _imei,
    "imsi": _imsi,
    "mac": _mac,
    "account": _account,
    "group": _group,
    "handle": _handle,
    "display_name": _name,
    "bank_account": _bank_account,
    "vehicle": _vehicle,
    "phone": _phone,
    "pgp": _pgp,
    "wallet": _wallet,
    "domain": _domain,
    "url": _url,
}
