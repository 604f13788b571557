"""The properties of one storage of an MSG file: numbers stand in a table, texts and bytes in streams of their own.

A text is UTF-16, or single bytes in a code page that another property names.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from cets.domains.intake.compound_file import CompoundFile, Entry
from cets.domains.intake.sources.eml import mime
from cets.domains.intake.sources.text import decoding

TABLE: Final = "__properties_version1.0"
#: Bytes before the table, by what the storage is.
HEAD_OF_FILE, HEAD_OF_MESSAGE, HEAD_OF_PART = 32, 24, 8
_STREAM = "__substg1.0_"
_TEXT_STREAM = re.compile(r"__substg1\.0_([0-9a-f]{4})001[ef]")
_UNICODE, _STRING, _BINARY, _OBJECT = 0x001F, 0x001E, 0x0102, 0x000D
_LONG, _SHORT, _BOOLEAN, _TIME = 0x0003, 0x0002, 0x000B, 0x0040
_ROW = 16
_MOST_ROWS = 20_000
_CODE_PAGE, _INTERNET_CODE_PAGE = 0x3FFD, 0x3FDE
#: Code pages that Python calls otherwise than by their number.
_CODECS = {
    1200: "utf-16-le", 10000: "mac_roman", 20127: "ascii", 20866: "koi8_r", 20932: "euc_jp", 21866: "koi8_u", 50220: "iso2022_jp",
    50221: "iso2022_jp", 50222: "iso2022_jp", 50225: "iso2022_kr", 51932: "euc_jp", 51936: "gb18030", 51949: "euc_kr", 52936: "hz",
    54936: "gb18030", 65000: "utf-7", 65001: "utf-8",
}  # fmt: skip
_ISO_8859 = range(28591, 28606)


class Properties:
    """What one storage holds, by the numbers of properties (the upper half of their tags)."""

    def __init__(
        self, file: CompoundFile, storage: Entry, *, head: int, above: "Properties | None" = None
    ) -> None:
        self._file = file
        self.entries: Mapping[str, Entry] = file.inside(storage)
        self._fixed: dict[int, tuple[int, bytes]] = {}
        self._asked: set[int] = set()
        table = self.entries.get(TABLE)
        if table is None:
            file.remark(f"The storage “{storage.name}” has no table of properties")
        else:
            self._read_table(file.read(table, head + _ROW * _MOST_ROWS)[head:])
        page = self.number(_CODE_PAGE)
        #: Of the texts in single bytes; None where nothing says.
        self.charset: str | None = codec_of(page) if page else above.charset if above else None

    def _read_table(self, table: bytes) -> None:
        for at in range(0, len(table) - _ROW + 1, _ROW):
            kind, number = (int.from_bytes(table[at + i : at + i + 2], "little") for i in (0, 2))
            self._fixed.setdefault(number, (kind, table[at + 8 : at + _ROW]))

    def number(self, number: int) -> int | None:
        """Return a whole number or truth value."""
        kind, raw = self._fixed.get(number, (0, b""))
        width = {_LONG: 4, _SHORT: 2, _BOOLEAN: 2}.get(kind)
        return int.from_bytes(raw[:width], "little", signed=True) if width else None

    def time(self, number: int) -> str:
        """Return a moment as it is written in a header, to the second or as exactly as it is kept; "" where there is none."""
        kind, raw = self._fixed.get(number, (0, b""))
        count = int.from_bytes(raw, "little") if kind == _TIME else 0
        return _written(count) if count else ""

    def text(self, number: int, mail: mime.Mail, most: int) -> str:
        """Return a text; of one in single bytes what is doubtful in its code page becomes a remark on the mail."""
        self._asked.add(number)
        if entry := self.stream(number, _UNICODE):
            return _clean(self._utf16(entry, most))
        if entry := self.stream(number, _STRING):
            return _clean(mime.decode(self._file.read(entry, most), self.charset, mail))
        return ""

    def _utf16(self, entry: Entry, most: int) -> str:
        # Not "replace" alone: a half pair at the cut is none of the text's.
        return codecs.getincrementaldecoder("utf-16-le")("replace").decode(self._file.read(entry, 2 * most))

    def raw(self, number: int, most: int) -> bytes:
        self._asked.add(number)
        entry = self.stream(number, _BINARY)
        return self._file.read(entry, most) if entry else b""

    def html(self, number: int, mail: mime.Mail, most: int) -> str:
        """Return a text that may be bytes of the code page of the mail as it was sent."""
        raw = self.raw(number, most)
        page = self.number(_INTERNET_CODE_PAGE)
        if not raw:
            return self.text(number, mail, most)
        return _clean(mime.decode(raw, codec_of(page) if page else self.charset, mail))

    def chunks(self, number: int) -> Iterator[bytes]:
        entry = self.stream(number, _BINARY)
        yield from self._file.chunks(entry) if entry else ()

    def storage(self, number: int) -> Entry | None:
        """Return the storage that is the value of a property."""
        found = self.entries.get(f"{_STREAM}{number:04X}{_OBJECT:04X}".lower())
        return found if found and found.is_storage else None

    def stream(self, number: int, kind: int = _BINARY) -> Entry | None:
        found = self.entries.get(f"{_STREAM}{number:04X}{kind:04X}".lower())
        return None if found is None or found.is_storage else found

    def others(self) -> Iterator[int]:
        """Yield the numbers of texts that nobody asked for, in their order."""
        for name in sorted(self.entries):
            found = _TEXT_STREAM.fullmatch(name)
            if found and (number := int(found[1], 16)) not in self._asked:
                yield number


def codec_of(page: int) -> str:
    """Return how Python calls a code page; of one that it does not have a name that says so."""
    if page in _ISO_8859:
        return f"iso8859-{page - _ISO_8859.start + 1}"
    name = _CODECS.get(page, f"cp{page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return f"code page {page}"


def _written(count: int) -> str:
    """Return a count of tenths of microseconds since 1601 as a time in UTC, or as the number that it is."""
    try:
        at = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=count // 10)
    except OverflowError:
        return str(count)
    fraction = f".{at.microsecond:06}".rstrip("0") if at.microsecond else ""
    return f"{at:%Y-%m-%d %H:%M:%S}{fraction} UTC"


def _clean(text: str) -> str:
    return decoding.clean(text.rstrip("\0").replace("\r\n", "\n").replace("\r", "\n"))
