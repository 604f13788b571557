import re

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import plain

_PAIRS = re.compile(r"[0-9a-f]{2}(?:([:\-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}")
_FOURS = re.compile(r"[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}")
_BARE = re.compile(r"[0-9a-f]{12}")


class Mac(Kind):
    """Six pairs with colons. Colons, hyphens, Cisco's dots and none at all are read."""

    name = "mac"
    caption = "MAC address"
    in_text = "MAC address"
    bits = 11.0  # one network card, but phones change theirs at will
    examples = (("00-00-5E-00-53-AF", "00:00:5e:00:53:af"), ("0000.5e00.53af", "00:00:5e:00:53:af"))

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        text = plain(raw).lower().removeprefix("mac:").strip()
        if not (_PAIRS.fullmatch(text) or _FOURS.fullmatch(text) or _BARE.fullmatch(text)):
            raise NotValid("A MAC address has twelve hexadecimal digits, mostly in pairs.")
        digits = re.sub(r"[^0-9a-f]", "", text)
        return Value(kind=self.name, value=":".join(re.findall("..", digits)), raw=raw)
