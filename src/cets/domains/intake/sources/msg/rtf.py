"""The rich text of an Outlook message: unpacked, and read as the text or the HTML that it stands for. Linear on any input."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

#: With this the window of the packer begins, as its documentation states.
_WINDOW: Final = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArial"
    rb"Times New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_PACKED, _PLAIN = b"LZFu", b"MELA"
_WINDOW_SIZE, _HEAD = 4096, 16
_SHORTEST = 2  # bytes that a reference repeats

_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,9})? ?|\\'(?P<byte>[0-9A-Fa-f]{2})|\\(?P<sign>[^A-Za-z'])|(?P<brace>[{}])"
    r"|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\"
)
_SIGNS = {"~": "\u00a0", "_": "\u2011", "\\": "\\", "{": "{", "}": "}", "\n": "\n", "\r": "\n"}
_WORDS = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "cell": "\t", "tab": "\t", "lquote": "\u2018", "rquote": "\u2019",
    "ldblquote": "\u201c", "rdblquote": "\u201d", "bullet": "\u2022", "endash": "\u2013", "emdash": "\u2014", "emspace": " ", "enspace": " ",
}  # fmt: skip
#: Of these groups nothing is seen.
_UNSEEN = frozenset(
    {
        "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr", "headerf", "footer", "footerl",
        "footerr", "footerf", "listtable", "listoverridetable", "rsidtbl", "generator", "themedata", "datastore", "xmlnstbl", "filetbl",
    }
)  # fmt: skip
_CODE_PAGES = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255",
    178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_MOST_GROUPS = 1_000
_HALF_PLANE, _LAST_SURROGATE, _FIRST_SURROGATE = 0x10000, 0xDFFF, 0xD800


class NotRichText(Exception):
    """The bytes are no rich text of a mail."""


def unpacked(raw: bytes, most: int) -> bytes:
    """Return rich text as it was before it was packed, at most so many bytes. Raises NotRichText."""
    kind, size = raw[8:12], min(int.from_bytes(raw[4:8], "little"), most)
    if kind == _PLAIN:
        return raw[_HEAD : _HEAD + size]
    if kind != _PACKED:
        raise NotRichText
    return _unpack(raw[_HEAD:], size)


def _unpack(raw: bytes, size: int) -> bytes:
    window = bytearray(_WINDOW.ljust(_WINDOW_SIZE, b"\0"))
    done, at, written = bytearray(), 0, len(_WINDOW)
    while at < len(raw) and len(done) < size:
        flags = raw[at]
        at += 1
        for bit in range(8):
            if at >= len(raw) or len(done) >= size:
                break
            if not flags >> bit & 1:
                piece, at = raw[at : at + 1], at + 1
            else:
                reference, at = int.from_bytes(raw[at : at + 2], "big"), at + 2
                start, length = reference >> 4, (reference & 15) + _SHORTEST
                if start == written % _WINDOW_SIZE:  # the sign of the end
                    return bytes(done)
                piece = _repeated(window, start, length, written)
            for code in piece:
                window[written % _WINDOW_SIZE] = code
                written += 1
            done += piece
    return bytes(done[:size])


def _repeated(window: bytearray, start: int, length: int, written: int) -> bytes:
    """Return what a reference repeats; it may reach into what it writes itself."""
    piece = bytearray()
    for index in range(length):
        at = (start + index) % _WINDOW_SIZE
        behind = (at - written) % _WINDOW_SIZE
        piece.append(piece[behind] if behind < len(piece) else window[at])
    return bytes(piece)


class _Group(msgspec.Struct):
    unseen: bool = False
    tag: bool = False  # holds HTML as it is written
    suppressed: bool = False  # of the rich text only, not of the HTML in it
    skip: int = 1  # characters that stand for one of Unicode in old readers
    codec: str = ""


class Read(msgspec.Struct, frozen=True):
    """`is_html`: what the rich text was made from, and stands for."""

    text: str
    is_html: bool


def read(raw: bytes) -> Read:
    """Return the text of rich text, or the HTML that was put into it. Raises NotRichText."""
    if not raw.lstrip(b"\0 \r\n").startswith(b"{\\rtf"):
        raise NotRichText
    return _Rtf(raw.decode("latin-1")).read()


class _Rtf:
    def __init__(self, source: str) -> None:
        self._source = source
        self._is_html = "\\fromhtml" in source[:1000]
        self._page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = -1
        self._groups = [_Group()]
        self._bytes = bytearray()
        self._to_skip = self._too_deep = 0
        self._starts = False  # a group began with the sign that an old reader passes over it

    def read(self) -> Read:
        text = "".join(self._pieces())
        return Read(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), self._is_html)

    def _pieces(self) -> Iterator[str]:
        for token in _TOKEN.finditer(self._source):
            if token["byte"]:
                self._byte(int(token["byte"], 16))
                continue
            if token["text"] and not token["text"].isascii():
                for sign in token["text"]:
                    self._byte(ord(sign))
                continue
            yield self._flushed()
            yield self._token(token)
        yield self._flushed()

    def _token(self, token: re.Match[str]) -> str:
        if token["brace"]:
            self._brace(token["brace"])
        elif token["word"]:
            return self._word(token["word"], int(token["number"]) if token["number"] else None)
        elif token["sign"] == "*":
            self._starts = True
        elif token["sign"]:
            return self._seen(_SIGNS.get(token["sign"], ""))
        elif token["text"]:
            text = token["text"]
            skipped = min(self._to_skip, len(text))
            self._to_skip -= skipped
            return self._seen(text[skipped:])
        return ""

    def _brace(self, brace: str) -> None:
        self._to_skip, self._starts = 0, False
        if brace == "{":
            if len(self._groups) >= _MOST_GROUPS:
                self._too_deep += 1
            else:
                self._groups.append(msgspec.structs.replace(self._groups[-1]))
        elif self._too_deep:
            self._too_deep -= 1
        elif len(self._groups) > 1:
            self._groups.pop()

    def _word(self, word: str, number: int | None) -> str:
        group, starts, self._starts = self._groups[-1], self._starts, False
        if word in _UNSEEN or (starts and word not in ("htmltag", "mhtmltag")):
            group.unseen = True
        elif starts:
            group.tag = word == "htmltag"
            group.unseen = word == "mhtmltag"  # the same tag with addresses inside the mail
        if word in ("f", "fcharset", "ansicpg"):
            self._font_word(word, number or 0)
        elif word == "htmlrtf":
            group.suppressed = number != 0
        elif word == "uc":
            group.skip = max(number if number is not None else 1, 0)
        elif word == "u" and number is not None:
            self._to_skip = group.skip
            return self._seen(chr(number % _HALF_PLANE))
        return self._seen(_WORDS.get(word, ""))

    def _font_word(self, word: str, number: int) -> None:
        if word == "ansicpg":
            self._page = "utf-8" if number == 65001 else f"cp{number}"  # noqa: PLR2004 - the code page of UTF-8
        elif word == "fcharset":
            self._fonts[self._font] = _CODE_PAGES.get(number, "")
        else:
            self._font = number
            self._groups[-1].codec = self._fonts.get(number, "")

    def _byte(self, code: int) -> None:
        if self._to_skip:
            self._to_skip -= 1
        else:
            self._bytes.append(code)

    def _flushed(self) -> str:
        """Return the bytes gathered, in the code page of their font."""
        raw, self._bytes = bytes(self._bytes), bytearray()
        if not raw:
            return ""
        try:
            return self._seen(raw.decode(self._groups[-1].codec or self._page, "replace"))
        except LookupError:
            return self._seen(raw.decode("cp1252", "replace"))

    def _seen(self, text: str) -> str:
        group = self._groups[-1]
        is_hidden = group.unseen or (self._is_html and group.suppressed and not group.tag)
        return "" if is_hidden else text
