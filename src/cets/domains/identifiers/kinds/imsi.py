import re

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import plain

_PREFIX = re.compile(r"imsi(?:\s*(?:no\.?|number))?\s*[:=#]?\s*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s\-]+")
# Mobile country codes begin with the digit of a world region, 2 to 7; 001 is the test network, 9xx are
# international.
_WRITTEN = re.compile(r"(?:[2-7]\d\d|001|901)[0-9]{11,12}")


class Imsi(Kind):
    name = "imsi"
    caption = "IMSI"
    in_text = "IMSI"
    bits = 13.0  # one SIM
    examples = (("234 15 0999999999", "234150999999999"), ("001010123456789", "001010123456789"))

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        digits = _SEPARATORS.sub("", _PREFIX.sub("", plain(raw), count=1))
        if not _WRITTEN.fullmatch(digits):
            raise NotValid("An IMSI has 14 or 15 digits and begins with a mobile country code.")
        return Value(kind=self.name, value=digits, raw=raw)
