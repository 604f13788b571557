import re

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.checksums import luhn
from cets.domains.identifiers.kinds.folding import plain

_PREFIX = re.compile(r"imei(?:sv)?(?:\s*(?:no\.?|number|\d(?=\s*[:=])))?\s*[:=#]?\s*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s\-./]+")
_DIGITS = re.compile(r"[0-9]+")
_IMEI, _IMEISV, _WITHOUT_CHECK = 15, 16, 14


class Imei(Kind):
    """15 digits with a Luhn check digit, or the 16 of an IMEISV, which has none.

    Both meet through a variant.
    """

    name = "imei"
    caption = "IMEI"
    in_text = "IMEI"
    bits = 13.0  # one handset; cloned numbers exist
    examples = (("49-015420-323751-8", "490154203237518"), ("4901542032375178", "4901542032375178"))

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        digits = _SEPARATORS.sub("", _PREFIX.sub("", plain(raw), count=1))
        if not _DIGITS.fullmatch(digits) or len(digits) not in {_IMEI, _IMEISV}:
            raise NotValid("An IMEI has 15 digits (16 with the software version).")
        if len(digits) == _IMEI and not luhn(digits):
            raise NotValid("The check digit of the IMEI is wrong: a digit was mistyped or filled in.")
        return Value(kind=self.name, value=digits, raw=raw, variants=(f"imei:{digits[:_WITHOUT_CHECK]}",))
