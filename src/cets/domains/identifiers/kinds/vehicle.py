import re

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import plain

_WRITTEN = re.compile(r"[^\W_]{2,10}")
_GB_CURRENT = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z]{3}")


class Vehicle(Kind):
    """Letters and digits in capitals.

    The country is no part of it: who notes a foreign plate often leaves it out.
    """

    name = "vehicle"
    caption = "Vehicle registration"
    in_text = "vehicle registration"
    bits = 9.0  # one vehicle, several drivers; the same plate can exist in two countries
    examples = (("ab12 cde", "AB12CDE"), ("EX-AM 123", "EXAM123"))

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        text = re.sub(r"[\s\-.\u00b7]+", "", plain(raw)).upper()
        if not _WRITTEN.fullmatch(text) or not any(map(str.isdigit, text)):
            raise NotValid("A vehicle registration has 2 to 10 letters and digits, and at least one digit.")
        return Value(kind=self.name, value=text, raw=raw)

    def show(self, value: str) -> str:
        return f"{value[:4]} {value[4:]}" if _GB_CURRENT.fullmatch(value) else value
