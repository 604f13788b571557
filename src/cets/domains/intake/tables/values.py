"""What a cell of an identifier column says: the kind it is read as and the text that the kind reads."""

import re

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Ambiguous, Context, NotValid
from cets.domains.identifiers.kinds.checksums import luhn
from cets.domains.identifiers.kinds.platforms import KNOWN
from cets.domains.intake.rows import Sighting
from cets.domains.intake.tables import words
from cets.domains.intake.tables.cells import Cell
from cets.domains.intake.tables.hashes import hash_readings
from cets.domains.intake.tables.people import Row
from cets.domains.intake.tables.plans import Plan
from cets.domains.intake.tables.shapes import DIGITS, SITE, is_no_platform
from cets.domains.intake.tables.spare_digits import without_spare

ROUNDED = re.compile(r"[+\-]?\d(?:[.,]\d+)?E\+?(\d{1,2})", re.IGNORECASE)
_IMEI = re.compile(r"[0-9]{15}")
_EXACT = re.compile(r"\d+\.0+")
_SAFE_INTEGER = 15  # digits that a spreadsheet keeps exactly


def as_read(plan: Plan, cell: Cell, row: Row) -> tuple[str, str, str | None]:
    """Return kind, text to read and platform of an identifier's cell."""
    text = cell.text.strip()
    kind = _kind(plan, text)
    if _EXACT.fullmatch(text) and kind in DIGITS:
        text = text.partition(".")[0]
    named = row.text(plan.platform_at)
    platform = (_platform(named) if named else None) or plan.platform
    if kind in ("account", "user_id", "handle"):
        if platform is None and "/" not in text:
            return "handle", text, None
        name = f"id:{text}" if kind == "user_id" else text
        return "account", f"{platform.replace('/', ' ')}/{name}" if platform else name, platform
    if kind == "hash":
        return kind, hash_readings(plan, text, row)[0], None
    if kind == "device":
        scheme = next(
            (word for word in words.tokens(plan.column.heading) if word in ("idfa", "gaid", "aaid")), None
        )
        return kind, f"{scheme}:{text}" if scheme else text, None
    if kind == "imei" and plan.column.spare_digits:
        text = without_spare(text)
    if kind == "report_number" and text.isdecimal():
        return kind, f"ncmec:{text}", None
    return kind, text, platform


def _kind(plan: Plan, text: str) -> str:
    """A device's number of fifteen digits that check is its IMEI."""
    is_imei = plan.read_as == "device" and _IMEI.fullmatch(text) and luhn(text)
    return "imei" if is_imei else plan.read_as


#: Between two values in one cell. A blank or a hyphen stands within a number, too.
_BETWEEN = re.compile(r"\s*[;|\n]\s*|\s*,\s+|\s+/\s+|\s+(?:and|und|et|or|y|e)\s+|\s*[\-\u2013]\s*(?=\+)")
#: What may stand beside a value among words; a sign of the value itself may not.
_BEFORE, _AFTER = re.compile(r"(?:^|[\s(\[,;:/<>\"'=])$"), re.compile(r"(?:$|[\s)\],;:/<>\"'=.]|-\s*\+)")
_MOST_IN_A_CELL = 50
_SPLIT = frozenset({"email", "phone", "ip", "imei", "imsi", "mac", "url", "hash", "wallet", "bank_account"})


def several(plan: Plan, cell: Cell, country: str | None) -> list[Cell]:
    """Return the values of a cell that holds several, each of which the column's kind can read; none of any other."""
    if plan.read_as not in _SPLIT:
        return []
    parts = [part for part in _BETWEEN.split(cell.text.strip()) if part]
    if not 1 < len(parts) <= _MOST_IN_A_CELL:
        return []
    context = Context(country=country)
    return (
        [Cell(part) for part in parts]
        if all(_is_valid(plan.read_as, part, context) for part in parts)
        else []
    )


def stands_alone(found: Sighting, text: str, kind: str) -> bool:
    """Say whether what is mentioned in a cell that its column's kind did not read is a value of its own.

    An e-mail address among telephone numbers is one, and so are two numbers with a word between; a part of what is
    misspelt ("a@b@post.example") is none.
    """
    if found.value.kind in ("domain", "handle", "account"):
        return False
    if found.value.kind != kind:
        return True
    start, end = found.start or 0, found.end if found.end is not None else len(text)
    return (
        end - start < len(text)
        and bool(_BEFORE.search(text[:start][-1:]))
        and bool(_AFTER.match(text[end : end + 8]))
    )


def _is_valid(kind: str, text: str, context: Context) -> bool:
    try:
        kinds.clean(kind, text, context)
    except (NotValid, Ambiguous):
        return False
    return True


def _platform(text: str) -> str | None:
    """Return the platform that a cell names, also by the address of its site; None when it names something else."""
    site = SITE.fullmatch(text)
    if site and site[1].lower() in KNOWN:
        return site[1]
    return None if is_no_platform(text) else text


def whole(text: str) -> tuple[str, ...]:
    """Return the number that an exponent form most likely stands for, when it keeps every digit."""
    found = ROUNDED.fullmatch(text.strip())
    if not found:
        return (text,) if text.isdecimal() else ()
    mantissa, exponent = text.upper().split("E")
    head, _, tail = mantissa.replace(",", ".").lstrip("+").partition(".")
    power = int(exponent)
    if power > _SAFE_INTEGER or len(tail) > power:
        return ()
    return (head + tail.ljust(power, "0"),)
