import re
from base64 import b32decode, b64decode

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import plain

_LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128, "pdq": 64}
_BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_PREFIX = re.compile(
    r"(?:urn:)?(md5|sha-?1|sha-?256|sha-?512|pdq|photo-?dna|pdna)(?:\s*hash)?\s*[:=\s]\s*", re.IGNORECASE
)
_HEX = re.compile(r"[0-9a-f]+")
_SHA1_BASE32 = re.compile(r"[A-Z2-7]{32}")
_PHOTODNA_BYTES = 144


class Hash(Kind):
    """`md5:`, `sha1:`, `sha256:`, `sha512:`, `pdq:` with hexadecimal digits, or `photodna:` kept opaque.

    A text without the name is told by its length; 64 digits are then SHA-256, so PDQ must be named.
    """

    name = "hash"
    caption = "File hash"
    in_text = "file hash"
    bits = 14.0  # the same bytes; widely spread files show by their many holders
    examples = (
        ("D35C785545392755E7E4164457657269", "md5:d35c785545392755e7e4164457657269"),
        ("PDQ: " + "f0" * 32, "pdq:" + "f0" * 32),
    )

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        text = plain(raw)
        named = _PREFIX.match(text)
        sort = re.sub(r"-", "", named[1].lower()) if named else None
        text = text[named.end() :].strip() if named else text
        if sort in {"photodna", "pdna"}:
            return Value(kind=self.name, value=f"photodna:{_photodna(text)}", raw=raw)
        if sort == "sha1" and _SHA1_BASE32.fullmatch(text.upper()):
            text = b32decode(text.upper()).hex()  # as file-sharing programs write it
        return Value(kind=self.name, value=_hex(text.lower(), sort), raw=raw)

    def show(self, value: str) -> str:
        return value.partition(":")[2]


def _hex(text: str, sort: str | None) -> str:
    sort = sort or _BY_LENGTH.get(len(text))
    if sort is None or not _HEX.fullmatch(text):
        raise NotValid("A hash has 32 (MD5), 40 (SHA-1) or 64 (SHA-256, PDQ) hexadecimal digits.")
    if len(text) != _LENGTHS[sort]:
        raise NotValid(f"A hash of this sort has {_LENGTHS[sort]} hexadecimal digits; this has {len(text)}.")
    return f"{sort}:{text}"


def _photodna(text: str) -> str:
    """PhotoDNA comes as 144 numbers, as their hexadecimal digits or in Base64.

    All are one value in Base64's place: hex.
    """
    text = re.sub(r"\s+", "", text)
    numbers = text.split(",")
    if len(numbers) == _PHOTODNA_BYTES and all(n.isascii() and n.isdigit() and int(n) < 256 for n in numbers):  # noqa: PLR2004
        return bytes(map(int, numbers)).hex()
    if len(text) == 2 * _PHOTODNA_BYTES and _HEX.fullmatch(text.lower()):
        return text.lower()
    try:
        decoded = b64decode(text, validate=True)
    except ValueError:
        decoded = b""
    if len(decoded) == _PHOTODNA_BYTES:
        return decoded.hex()
    raise NotValid("A PhotoDNA hash holds 144 numbers, in Base64, in hexadecimal digits or with commas.")
