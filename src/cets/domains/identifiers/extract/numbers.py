"""Phone numbers in text: international, national in the agency's country, and with letters for digits."""

import re
from collections.abc import Iterator
from functools import lru_cache

from cets.domains.identifiers.extract.page import Candidate, Page
from cets.domains.identifiers.extract.vocabulary import NUMBERED
from cets.domains.identifiers.extract.words import WordBefore
from cets.domains.identifiers.kinds.base import Ambiguous, Context, NotValid
from cets.domains.identifiers.kinds.phone import Phone, is_mobile

# The look to the left comes second: patterns that begin with a set of characters are searched much faster.
_RUN = re.compile(r"[+(\d](?<![\w./\-+].)(?:(?<=\+)\s?\(?\d|(?<=\()\+?\d|(?<=\d))[\d \t().\-/]{5,40}\d(?!\w)")
DATE = re.compile(
    r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d|\d{1,2}[./]\d{1,2}[./]\d{2}\b"
    r"|(?:19|20)\d\d ?- ?(?:19|20)\d\d"
)
_PLUS = re.compile(r"\(?\+")
_INTERNATIONAL = re.compile(r"\(?\+|00[1-9]|011[ \-]?[1-9]")
_NANP = re.compile(r"(?:1[ .\-])?(?:\(\d{3}\) ?|\d{3}[ .\-])\d{3}[ .\-]\d{4}")
_COORDINATES = re.compile(r"\(?-?\d{1,3}\.\d{4,}\s{1,3}-?\d{1,3}\.\d{4,}\)?\Z")
_MONEY_BEFORE = re.compile(r"[$€£¥#]\s?\Z")
_HARDLY_A_PHONE = re.compile(
    r"\b(?:ticket|ref|reference|case|id|serial|version|v|item|sku|receipt|policy|licen[cs]e|passport|card|account|acct"
    r"|report|incident|crime|file|build|page|total|uid|pid|transaction|booking|nino|ssn|customer|membership)"
    r"(?:\s(?:no|nr|number|id|code|ref))?\.?\s?[:#=]?\s?\Z",
    re.IGNORECASE,
)
NUMBERED_THINGS = WordBefore(NUMBERED)
_MONEY_AFTER = re.compile(r"\s?(?:[$€£¥](?!\s?\d)|%|(?:eur|gbp|usd|kg|km|bytes|mb|kb)\b)", re.IGNORECASE)
_MIN_DIGITS, _MAX_DIGITS = 7, 16
_PHONE = Phone()


def phones(page: Page) -> Iterator[Candidate]:
    text, place = page.text, 0
    bare, trunk, code = _habits(page.context.country)
    while match := _RUN.search(text, place):
        start = match.start()
        free = page.free_from(start)
        if free != start:
            place = free
            continue
        end = page.taken_from(start, match.end())
        place = end
        written = text[start:end].rstrip(" \t(-./")
        if DATE.match(written) or _COORDINATES.match(written):
            continue
        if not _has_shape(written, bare=bare, trunk=trunk) and not _is_mobile_with_code(written, code):
            continue
        if not _PLUS.match(written) and _is_other_number(page, start, written):
            continue
        is_money = _MONEY_AFTER.match(text, start + len(written)) is not None
        for candidate in _split(page, start, written, bare=bare, trunk=trunk):
            if not (is_money and candidate.end == start + len(written)):
                yield candidate


def _has_shape(written: str, *, bare: bool, trunk: str) -> bool:
    """Say whether a run of digits is written like a phone number, seen from a country's habits."""
    if _INTERNATIONAL.match(written) or written.lstrip("( ").startswith(trunk):
        return True
    nanp = _NANP.match(written)
    if nanp and (bare or "(" in nanp[0]):
        return True
    return bare and len(re.findall(r"[ .\-]", written)) >= _GAPS_OF_A_NUMBER


_GAPS_OF_A_NUMBER = 2


@lru_cache(maxsize=256)
def _habits(country: str | None) -> tuple[bool, str, str]:
    """Return whether numbers are written there without a digit before them, else that digit, and the country's code."""
    import phonenumbers  # noqa: PLC0415 - heavy; see the kind

    code = (country or "").upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        return False, "0", ""
    trunk = phonenumbers.ndd_prefix_for_region(code, True)
    is_nanp = phonenumbers.country_code_for_region(code) == 1
    calling = str(phonenumbers.country_code_for_region(code))
    return (True, "0", calling) if is_nanp or not trunk else (False, str(trunk), calling)


_LEAST_WITH_CODE = 11
_PLAIN_DIGITS = re.compile(r"\d{1,15}(?!\d)")


def _is_mobile_with_code(written: str, code: str) -> bool:
    """Say whether plain digits are a mobile number of the own country with its code, as programs write it."""
    digits = _PLAIN_DIGITS.match(written)
    if not code or not digits or not written.startswith(code) or len(digits[0]) < _LEAST_WITH_CODE:
        return False
    return is_mobile(f"+{digits[0]}")


def _is_other_number(page: Page, start: int, written: str) -> bool:
    """Say whether the words before make it an order number or the like.

    Doubtful words only where it has no gaps.
    """
    if _MONEY_BEFORE.search(page.before(start, 3)) or NUMBERED_THINGS.ends(page.said_before(start, 40)):
        return True
    doubtful = written.isdigit() and not _INTERNATIONAL.match(written)
    return doubtful and bool(_HARDLY_A_PHONE.search(page.before(start, 24)))


def _split(page: Page, start: int, written: str, *, bare: bool, trunk: str) -> Iterator[Candidate]:
    """Yield the numbers of a run of digits and separators that may hold several, longest reading first."""
    place = 0
    while place < len(written):
        rest = written[place:]
        if place and not _has_shape(rest, bare=bare, trunk=trunk):
            return
        length = leading_phone(rest, page.context)
        if length is None:
            nanp = _NANP.match(rest)
            if nanp and "(" in nanp[0]:  # a shape that nothing else has
                yield Candidate(start + place, start + place + nanp.end(), "phone", announced=True)
                length = nanp.end()
            else:
                return
        else:
            yield Candidate(start + place, start + place + length, "phone")
        gap = re.compile(r"[^\d+(]*").match(written, place + length)
        place = gap.end() if gap else len(written)


def leading_phone(written: str, context: Context) -> int | None:
    """Return the length of the longest phone number at the start of a run of digits, else None."""
    return next((end for end in _ends(written) if is_phone(written[:end], context)), None)


def _ends(written: str) -> list[int]:
    """Return where the number may end.

    At the end and before each gap, longest first, by the count of digits.
    """
    ends = [match.start() for match in re.finditer(r"(?<=\d)(?=[^\d]|\Z)", written)]
    fits = [end for end in ends if _MIN_DIGITS <= sum(map(str.isdigit, written[:end])) <= _MAX_DIGITS]
    return fits[: -_MOST_TRIES - 1 : -1]


_MOST_TRIES = 8


def is_phone(written: str, context: Context) -> bool:
    try:
        _PHONE.clean(written, context)
    except NotValid:
        return False
    except Ambiguous as doubt:
        return bool(doubt.readings)
    return True


_DISGUISED = re.compile(
    r"[+oO0](?<![\w+].)(?:(?<=\+)[1-9][\doOlI]{0,4}|(?<!\+)[\doOlI]{2,5})(?:[ \-]?[\doOlI]{2,6}){2,4}(?![\w])"
)
_LEAST_REAL = 5


def disguised_phones(page: Page) -> Iterator[Candidate]:
    """Yield numbers with letters for digits ("o77oo 9oo142"), if they are a real number once read so."""
    for match in _DISGUISED.finditer(page.text):
        written = match[0]
        has_letters = any(map(str.isalpha, written))
        if has_letters and sum(map(str.isdigit, written)) >= _LEAST_REAL and is_phone(written, page.context):
            yield Candidate(match.start(), match.end(), "phone")
