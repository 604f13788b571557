import re

from cets.domains.identifiers.kinds.base import Ambiguous, Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.checksums import luhn
from cets.domains.identifiers.kinds.folding import plain

_PREFIX = re.compile(r"imei(?:sv)?(?:\s*(?:no\.?|number|\d(?=\s*[:=])))?\s*[:=#]?\s*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s\-./]+")
_DIGITS = re.compile(r"[0-9]+")
_IMEI, _IMEISV, _WITHOUT_CHECK = 15, 16, 14
#: How a number begins whose leading zero was lost: no body that gives out numbers begins with 1, one does with 01.
_AFTER_A_ZERO = "1"
_ADDED = "the check digit, which is not written, was added"


class Imei(Kind):
    """15 digits with a Luhn check digit, which records of calls leave out, or the 16 of an IMEISV, which has none.

    Without its check digit it is the same value; an IMEISV meets it through a variant.
    """

    name = "imei"
    caption = "IMEI"
    in_text = "IMEI"
    bits = 13.0  # one handset; cloned numbers exist
    examples = (
        ("49-015420-323751-8", "490154203237518"),
        ("49015420323751", "490154203237518"),
        ("4901542032375178", "4901542032375178"),
    )

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        digits = _SEPARATORS.sub("", _PREFIX.sub("", plain(raw), count=1))
        if not _DIGITS.fullmatch(digits) or not _fits(digits):
            raise NotValid(_fault(digits))
        longer = f"0{digits}"
        if _may_have_lost_a_zero(digits) and _fits(longer):
            readings = tuple(_value(number, raw, in_doubt=True) for number in (digits, longer))
            raise Ambiguous(
                "It is one number as it stands, and another if a 0 before it was lost.",
                tuple(value.value for value in readings),
                readings,
            )
        return _value(digits, raw)


def _fits(digits: str) -> bool:
    if len(digits) == _IMEI:
        return luhn(digits)
    return len(digits) in {_WITHOUT_CHECK, _IMEISV}


def _may_have_lost_a_zero(digits: str) -> bool:
    """Say whether a program that took digits for a number may have taken the first."""
    return digits.startswith(_AFTER_A_ZERO) and len(digits) == _WITHOUT_CHECK


def _value(digits: str, raw: str, *, in_doubt: bool = False) -> Value:
    body, assumed = digits[:_WITHOUT_CHECK], None
    if digits == body:
        digits, assumed = body + next(check for check in "0123456789" if luhn(body + check)), _ADDED
    return Value(
        kind="imei", value=digits, raw=raw, variants=(f"imei:{body}",), assumed=assumed, in_doubt=in_doubt
    )


def _fault(digits: str) -> str:
    if len(digits) == _IMEI:
        return "The check digit of the IMEI is wrong: a digit was mistyped or filled in."
    return "An IMEI has 15 digits (14 without the check digit, 16 with the software version)."
