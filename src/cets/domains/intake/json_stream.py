"""A JSON file as the UTF-8 that `ijson` reads: decoded, without NUL and half characters, overlong texts cut."""

import codecs
import re
from typing import BinaryIO

#: Characters of one text that are read; what is longer is embedded data, not words.
LONGEST_TEXT = 16_000_000
_CHUNK = 1 << 16
#: Two escapes of a character outside the basic plane; they must not be torn apart.
_LONGEST_ESCAPE = 12

_ESCAPE = re.compile(r"\\.", re.DOTALL)
_TO_QUOTE = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_FIRST_HALF = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}")
#: Half of a surrogate pair is no character; an escaped backslash before it escapes nothing.
_SURROGATES = re.compile(
    r"(?P<before>(?<!\\)(?:\\\\)*)(?:(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


class JsonStream:
    """Readable for `ijson`; counts what it had to change. Holds a chunk or two in memory, whatever the file is like."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        file.seek(0)
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._held = ""
        self._starts, self._is_over = True, False
        self._in_text, self._run, self._cutting = False, 0, False
        self.nuls = self.halves = self.cuts = 0

    def read(self, size: int = -1) -> bytes:
        while size and not self._is_over:
            raw = self._file.read(_CHUNK)
            self._is_over = not raw
            text = self._whole_escapes(self._decoder.decode(raw, final=not raw))
            if text and (data := self._cut(self._mended(text))):
                return data.encode("utf-8", "replace")
        return b""

    def _whole_escapes(self, text: str) -> str:
        """Return the text as far as its escapes are whole; the rest waits for the next chunk."""
        text, self._held = self._held + text, ""
        if self._starts and text:
            text, self._starts = text.removeprefix("\ufeff"), False
        at = text.find("\\", max(len(text) - _LONGEST_ESCAPE, 0))
        if self._is_over or at < 0:
            return text
        if _FIRST_HALF.fullmatch(text, at - 6, at):
            at -= 6
        at -= (at - len(text[:at].rstrip("\\"))) % 2  # where the backslash before escapes this one
        text, self._held = text[:at], text[at:]
        return text

    def _mended(self, text: str) -> str:
        if "\x00" in text:
            self.nuls += text.count("\x00")
            text = text.replace("\x00", " ")
        if "\\ud" in text or "\\uD" in text:
            text = _SURROGATES.sub(self._halved, text)
        return text

    def _halved(self, found: re.Match[str]) -> str:
        if found["pair"]:
            return found[0]
        self.halves += 1
        return f"{found['before']}\ufffd"

    def _cut(self, text: str) -> str:
        """Leave out the rest of a text that is longer than any that is read."""
        if self._cutting:
            found = _TO_QUOTE.match(text)
            text = text[found.end() if found else 0 :]
            if not text:
                return ""
            self._cutting = False
        bare = _ESCAPE.sub("", text) if "\\" in text else text
        quotes = bare.count('"')
        self._in_text ^= bool(quotes % 2)
        self._run = len(bare) - bare.rfind('"') if quotes else self._run + len(text)
        if self._in_text and self._run > LONGEST_TEXT:
            self._cutting = True
            self.cuts += 1
        return text
