"""What values look like: whether a cell was meant to hold a kind of value, not whether it is valid."""

import re

from cets.domains.intake.times import counted, is_unread, moment

LONGEST_TRIED = 300  # the shapes below are not meant for longer texts

#: What a value of a kind looks like: not whether it is valid, but whether the column was meant to hold it.
SHAPES: dict[str, re.Pattern[str]] = {
    kind: re.compile(shape, re.IGNORECASE)
    for kind, shape in {
        "email": r"[^@\s]+\s?(?:@|\[at\]|\(at\))\s?[^@\s]+",
        "phone": r"(?=(?:\D*\d){6})(?:tel:)?[+(]?\d[\d\s().\-/+x]{5,24}(?:ext\.?\s?\d+)?"
        r"|=\"\+?[\d ]{6,20}\"",
        "ip": r"\[?(?:\d{1,3}(?:\.|\[\.\])){3}\d{1,3}\]?(?::\d{1,5})?"
        r"|\[?[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.%]*\]?(?::\d+)?",
        "port": r"\d{1,5}(?:\.0)?",
        "imei": r"\d[\d \-/]{12,19}",
        "imsi": r"\d{14,15}",
        "mac": r"(?:[0-9a-f]{2}[:\-.]?){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}",
        "wallet": r"[a-z0-9:]{25,110}",
        "url": r"(?:h..ps?(?:\[?:\]?)//|www\.)\S+|[\w\-.]+\.[a-z]{2,}/\S*",
        "domain": r"[\w\-]+(?:(?:\.|\[\.\])[\w\-]+)+",
        "onion": r"(?:https?://)?[a-z2-7]{56}\.onion\S*",
        "pgp": r"(?:[0-9A-F]{4}\s{0,2}){10,16}",
        "hash": r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}|[a-z0-9+/]{190,194}={0,2}",
        "device": r"\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?|[\w:.\-]{6,64}",
        "bank_account": r"[A-Z]{2}\d{2}[A-Z0-9 ]{10,36}|[\d \-/]{6,34}",
        "vehicle": r"[A-Z0-9][A-Z0-9 \-]{1,12}",
        "age": r"\d{1,3}(?:\s?[-\u2013]\s?\d{1,3})?(?:\s?(?:years?|y|yo))?\+?",
        "clock": r"\d{1,2}[:.h]\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[ap]\.?m\.?)?",
        "handle": r"@?[^\s@/]{1,64}",
        "user_id": r"\S{1,128}",
        "report_number": r"(?:[A-Za-z]+[ :#]*)?\d{5,15}",
    }.items()
}
SHAPES["account"] = SHAPES["handle"]
#: Kinds that a spreadsheet may have taken for a number.
DIGITS = frozenset({"phone", "imei", "imsi", "bank_account", "user_id", "report_number", "hash", "device"})
EXPONENT = re.compile(r"\d(?:[.,]\d+)?E\+?\d{1,2}", re.IGNORECASE)
INTERNATIONAL = re.compile(r"\+\d[\d\s().\-]{7,20}")


#: What a platform's name never looks like: an address of any sort, or a number that is dialled.
_NO_PLATFORM = re.compile(
    rf"\S@\S+\.\S|://|^(?:{SHAPES['ip'].pattern})$|^{INTERNATIONAL.pattern}$|^www\.[^/]+/.", re.IGNORECASE
)
_SMALL_PART = 31
_FILE_NAME = re.compile(r"\.(\w{1,5})$")


#: The address of a platform's site: its name, when that is one.
SITE = re.compile(r"(?:https?://)?(?:www\.|m\.|web\.)?([a-z0-9]{1,30})\.[a-z]{2,6}/?", re.IGNORECASE)


def is_no_platform(text: str) -> bool:
    text = text.strip()[:LONGEST_TRIED]
    return bool(_NO_PLATFORM.search(text)) and not SITE.fullmatch(text)


def has_small_parts(text: str) -> bool:
    """Say whether a number with dots may be that of a section, of a category, of an edition."""
    return all(
        part.isdecimal() and int(part) <= _SMALL_PART for part in text.strip()[:LONGEST_TRIED].split(".")
    )


def is_file_name(text: str) -> bool:
    """Say whether a text ends as names of files do; "kid@kid.example.jpg" is one and no address."""
    from cets.domains.identifiers.extract.decoys import DOCUMENT_ENDINGS  # noqa: PLC0415 - heavy; only for what has a dot

    found = _FILE_NAME.search(text)
    return found is not None and found[1].lower() in DOCUMENT_ENDINGS | {
        "zip",
        "mov",
        "heif",
        "m4a",
        "3gp",
        "tiff",
    }


def is_time(text: str) -> bool:
    """A bare year or number is no time; a date needs its separators."""
    return bool(re.search(r"\d[-/.:]\d", text)) and not is_unread(moment(text))


def fits(kind: str, text: str) -> bool:
    if kind == "time" and counted(text):
        return True
    if kind in ("time", "birth_date"):
        return not is_unread(moment(text)) or bool(re.fullmatch(r"\d{8}|\d{4}", text))
    shape = SHAPES.get(kind)
    if kind in DIGITS and EXPONENT.fullmatch(text):
        return True  # a number that lost its digits on the way
    return shape is None or bool(shape.fullmatch(text.strip("'\" ")))


def value_kind(text: str) -> str | None:
    """Return the kind of a text that can be no heading."""
    text = text.strip()
    if len(text) > LONGEST_TRIED or text.isdecimal():
        return None
    for kind in ("email", "url", "hash", "mac", "ip"):
        if SHAPES[kind].fullmatch(text):
            return kind
    if INTERNATIONAL.fullmatch(text):
        return "phone"
    return "time" if text[:1].isdigit() and is_time(text) else None
