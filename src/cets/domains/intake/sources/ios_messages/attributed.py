"""The text inside `attributedBody`: an attributed string in Apple's "typedstream", where the column `text` is empty."""

from typing import Final

HEAD: Final = b"\x04\x0bstreamtyped"
_CLASSES = (b"NSString", b"NSMutableString")
#: What announces the bytes of a string: that one value follows, of the type "+".
_VALUE = b"\x84\x01+"
_NEAR = 24  # bytes between the name of the class and its value
_OF_TWO, _OF_FOUR, _LONGER = 0x81, 0x82, 0x80


def text_of(blob: bytes) -> str | None:
    """Return the string that comes first, which is the message; None where there is none to be read."""
    if not blob.startswith(HEAD):
        return None
    for name in _CLASSES:
        at = blob.find(name)
        value = blob.find(_VALUE, at, at + len(name) + _NEAR) if at >= 0 else -1
        if value >= 0:
            return _string(blob, value + len(_VALUE))
    return None


def _string(blob: bytes, at: int) -> str | None:
    """Return the string whose length stands here: in one byte, or in two or four after a sign that says so."""
    first = blob[at] if at < len(blob) else _LONGER
    width = {_OF_TWO: 2, _OF_FOUR: 4}.get(first, 0)
    if first >= _LONGER and not width:
        return None
    start = at + 1 + width
    length = int.from_bytes(blob[at + 1 : start], "little") if width else first
    raw = blob[start : start + length]
    if len(raw) < length:
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
