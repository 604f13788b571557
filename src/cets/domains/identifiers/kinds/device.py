import re

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import plain

_PREFIX = re.compile(
    r"(?:(?P<idfa>idfa|ios\s*ad\w*\s*id)|(?P<gaid>gaid|aaid|adid|google\s*ad\w*\s*id)"
    r"|(?P<device>device(?:\s*id)?|android\s*id|idfv|udid|serial(?:\s*n\w*)?|other))\s*[:=#\s]\s*",
    re.IGNORECASE,
)
_UUID = re.compile(r"\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?")
_OTHER = re.compile(r"[0-9a-z][0-9a-z._:\-]{5,127}")


class Device(Kind):
    """`idfa:`, `gaid:` (advertising ids of Apple and Google) or `device:` with the id in lower case.

    The raw text names the type ("IDFA A1B2...", "gaid:..."); without it the id is a `device:`. The same UUID
    under two types meets through a variant.
    """

    name = "device"
    caption = "Device id"
    in_text = "device id"
    bits = 13.0  # one device; advertising ids can be reset but are not given out twice
    examples = (
        ("IDFA: A1B2C3D4-0000-4E5F-8A9B-001122334455", "idfa:a1b2c3d4-0000-4e5f-8a9b-001122334455"),
        ("9f86d081884c7d65", "device:9f86d081884c7d65"),
    )

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        text = plain(raw)
        named = _PREFIX.match(text)
        sort = (named.lastgroup or "device") if named else "device"
        text = (text[named.end() :] if named else text).strip().lower()
        if uuid := _UUID.fullmatch(text):
            text = "-".join(uuid.groups())
        elif sort != "device":
            raise NotValid("An advertising id has the form of a UUID: 32 hexadecimal digits.")
        elif not _OTHER.fullmatch(text) or not any(map(str.isdigit, text)):
            raise NotValid("A device id has 6 to 128 letters, digits and hyphens, and at least one digit.")
        return Value(kind=self.name, value=f"{sort}:{text}", raw=raw, variants=(f"device:{text}",))

    def show(self, value: str) -> str:
        sort, _, number = value.partition(":")
        return number if sort == "device" else f"{sort.upper()} {number}"
