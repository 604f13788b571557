import re
from base64 import b32decode
from hashlib import sha3_256

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import plain
from cets.domains.identifiers.kinds.refang import refang

_ADDRESS = re.compile(r"(?:[a-z]+://)?(?:[a-z0-9\-]+\.)*([a-z2-7]{56}|[a-z2-7]{16})\.onion/?")
_V3 = 56
_VERSION = 3


class Onion(Kind):
    """The address of a Tor service, without sub-domain.

    Version 3 carries a checksum; version 2 (until 2021) none.
    """

    name = "onion"
    caption = "Onion address"
    in_text = "onion address"
    bits = 12.0  # a hidden site with few visitors
    examples = (
        (
            "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion",
            "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion",
        ),
    )

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        match = _ADDRESS.fullmatch(refang(plain(raw)).lower())
        if not match:
            raise NotValid("An onion address has 56 (until 2021: 16) letters and digits before “.onion”.")
        name = match[1]
        if len(name) == _V3:
            _check(name)
        value = f"{name}.onion"
        old = "an address of the old kind, which has no check digits" if len(name) != _V3 else None
        return Value(kind=self.name, value=value, raw=raw, variants=(f"onion:{value}",), assumed=old)


def _check(name: str) -> None:
    decoded = b32decode(name.upper())
    key, checksum, version = decoded[:32], decoded[32:34], decoded[34]
    expected = sha3_256(b".onion checksum" + key + bytes([_VERSION])).digest()[:2]
    if version != _VERSION or checksum != expected:
        raise NotValid("The checksum of the onion address does not fit: a character is wrong.")
