"""Takes what was attached out of the XML before it is parsed: decoded and hashed while it streams by, never held."""

import binascii
import hashlib
import re
from collections.abc import Callable
from typing import Final

import msgspec

_TAG: Final = "<part"
_QUOTE_OR_END = re.compile(r"[\"'>]")
_DATA = re.compile(r"\sdata\s*=\s*\Z")
#: Characters between two values of an element; what has more of them is none.
_LONGEST_NAME = 1_000
#: Blanks that a writer escaped, and the longest of them.
_BLANKS = re.compile(r"&#(?:x0{0,4}[aAdD9]|0{0,4}(?:9|10|13));|\s+")
_LONGEST_ESCAPE = 10
_FOUR = 4
#: Bytes that are kept of what may be a text.
KEPT: Final = 200_000


class Content(msgspec.Struct, frozen=True):
    """What was attached: its size and hashes; `head`: its first bytes. `is_whole` False: it is no base64."""

    size: int
    md5: str
    sha1: str
    sha256: str
    head: bytes
    is_whole: bool


class Contents:
    """Passes XML on, but with a number in the place of each `data` of a `part`; `take` gives what stood there."""

    def __init__(self) -> None:
        self._rest = ""
        self._quote = ""
        self._decoding: _Decoding | None = None
        self._found: dict[str, Content | None] = {}
        self._number = 0
        self._step: Callable[[], str | None] = self._outside

    def feed(self, text: str) -> str:
        self._rest += text
        passed = []
        while (piece := self._step()) is not None:
            passed.append(piece)
        return "".join(passed)

    def close(self) -> str:
        """Return what was held back: of an attachment that breaks off nothing."""
        rest, self._rest = self._rest, ""
        return "" if self._decoding else rest

    def take(self, number: str) -> Content | None:
        """Return what stood where this number stands now; None where there was nothing."""
        return self._found.pop(number, None)

    def _pass(self, end: int) -> str:
        passed, self._rest = self._rest[:end], self._rest[end:]
        return passed

    def _outside(self) -> str | None:
        at = self._rest.find(_TAG)
        end = at + len(_TAG)
        if at >= 0 and len(self._rest) > end:
            if self._rest[end].isspace():
                self._step = self._between
            return self._pass(end)
        if at < 0:
            at = self._rest.rfind("<", -len(_TAG))
        return self._pass(len(self._rest) if at < 0 else at) or None

    def _between(self) -> str | None:
        """Go on to the next value of the element, or to its end."""
        found = _QUOTE_OR_END.search(self._rest)
        if found is None:
            if len(self._rest) <= _LONGEST_NAME:
                return None
            self._step = self._outside
            return self._pass(len(self._rest))
        if found[0] == ">":
            self._step = self._outside
            return self._pass(found.end())
        self._quote = found[0]
        if _DATA.search(self._rest[: found.start()]):
            self._decoding, self._step = _Decoding(), self._content
        else:
            self._step = self._value
        return self._pass(found.end())

    def _value(self) -> str | None:
        at = self._rest.find(self._quote)
        if at < 0:
            return self._pass(len(self._rest)) or None
        self._step = self._between
        return self._pass(at + 1)

    def _content(self) -> str | None:
        decoding = self._decoding or _Decoding()
        at = self._rest.find(self._quote)
        decoding.add(self._pass(len(self._rest) if at < 0 else at))
        if at < 0:
            return None
        self._number += 1
        self._found[str(self._number)] = decoding.end()
        self._decoding, self._step = None, self._value
        return str(self._number)


class _Decoding:
    """One attachment on its way."""

    def __init__(self) -> None:
        self._hashes = [hashlib.new(name, usedforsecurity=False) for name in ("md5", "sha1", "sha256")]
        self._head = bytearray()
        self._size = 0
        self._text = self._left = ""
        self._is_whole, self._is_padded = True, False

    def add(self, text: str) -> None:
        text = self._text + text
        at = text.rfind("&", -_LONGEST_ESCAPE)
        self._text = text[at:] if at >= 0 and ";" not in text[at:] else ""
        self._decode(text[: len(text) - len(self._text)])

    def _decode(self, text: str) -> None:
        self._left += _BLANKS.sub("", text)
        end = len(self._left) // _FOUR * _FOUR
        now, self._left = self._left[:end], self._left[end:]
        if now and self._is_whole:
            self._take(now)

    def _take(self, now: str) -> None:
        try:
            raw = binascii.a2b_base64(now.encode("ascii"), strict_mode=True)
        except (binascii.Error, UnicodeEncodeError):
            self._is_whole = False
            return
        self._is_whole = not self._is_padded
        self._is_padded = now.endswith("=")
        self._size += len(raw)
        self._head += raw[: KEPT - len(self._head)]
        for each in self._hashes:
            each.update(raw)

    def end(self) -> Content | None:
        """Return what it was; nothing of a value that is blank or "null"."""
        self._decode(self._text)
        if self._size == 0 and self._is_whole and not self._left:
            return None
        if bytes(self._head) == _NULL:
            return None
        if self._left:  # the padding was left out
            self._decode("=" * (_FOUR - len(self._left)))
        md5, sha1, sha256 = (each.hexdigest() for each in self._hashes)
        return Content(self._size, md5, sha1, sha256, bytes(self._head), self._is_whole)


#: "null" is base64 of these; it stands where there is nothing.
_NULL = binascii.a2b_base64("null")
