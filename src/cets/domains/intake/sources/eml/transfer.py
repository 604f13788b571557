"""How the content of a part is written for its way: base64, quoted-printable; what is wrong with it is kept."""

import binascii
import re

_TEXT_IN_BASE64 = re.compile(rb"[ \t@:]")
_BASE64_SIGNS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_BASE64 = bytes(code for code in range(256) if code not in _BASE64_SIGNS)
_MOST_STRAY = 2_000_000


class Stray:
    """What stands in a part in base64 and is none. `lines`: those that are plainly text, for reading as such."""

    def __init__(self) -> None:
        self.seen = False
        self.lines = bytearray()

    def without(self, line: bytes) -> bytes:
        """Return a line for the decoder, which passes over single wrong signs."""
        bare = line.strip()
        if not bare.translate(None, _BASE64_SIGNS):
            return line
        self.seen = True
        if not _TEXT_IN_BASE64.search(bare):
            return line
        if len(self.lines) < _MOST_STRAY:
            self.lines += line
        return b""


def identity(rest: bytes, chunk: bytearray | None) -> bytes:
    if chunk is None:
        return rest
    done = bytes(chunk)
    chunk.clear()
    return done


def _base64(rest: bytes, chunk: bytearray | None) -> bytes:
    clean = (rest if chunk is None else bytes(chunk)).translate(None, _BASE64)
    if chunk is not None:
        whole = len(clean) - len(clean) % 4
        chunk[:] = clean[whole:]
        clean = clean[:whole]
    # Several encoded one by one and put together have signs of their end in the middle.
    return b"".join(map(_sound, filter(None, clean.split(b"="))))


def _sound(encoded: bytes) -> bytes:
    """Decode; one character too many or few at the end: all but that is sound."""
    return binascii.a2b_base64(encoded[: len(encoded) - (len(encoded) % 4 == 1)] + b"==")


def _quoted(rest: bytes, chunk: bytearray | None) -> bytes:
    return binascii.a2b_qp(identity(rest, chunk))


DECODERS = {"base64": _base64, "quoted-printable": _quoted}
