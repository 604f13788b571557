"""Read a compound file (OLE structured storage) that somebody else made: its storages, and its streams piece by piece.

Outlook's MSG is one; so are the older documents of Office. What is damaged ends a stream, not the file: it is noted in
`remarks`. However its chains lead in circles or lie over one another, no more is read than a few times the file's size.
"""

import io
import sys
from array import array
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

import msgspec

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Entries of the directory that are read: storages and streams.
MOST_ENTRIES: Final = 100_000
#: So many names are enough to tell a format by.
_SEEN_OF_ROOT = 2_000
_ROOT_MARK = MAGIC + b" holds: "
_HEAD, _ENTRY, _MINI = 512, 128, 64
_SHIFTS = (9, 12)  # of sectors of 512 and 4,096 bytes
_NONE = 0xFFFFFFF0  # from here on no sector, no entry
_IN_HEAD = 109  # sectors of the table of sectors that the head names
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_AT_ONCE = 128  # sectors
_READ_AGAIN = 4  # times the file's size, in all


class NotReadable(Exception):
    """This is no whole compound file. Its text is a reason for the receipt."""


class Entry(msgspec.Struct, frozen=True):
    """A storage or a stream, by its number in the directory."""

    number: int
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int

    @property
    def is_storage(self) -> bool:
        return self.kind in (_STORAGE, _ROOT)


class CompoundFile:
    """One file. Raises NotReadable where its head or its directory cannot be read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.size = file, file.seek(0, io.SEEK_END)
        self.remarks: list[str] = []
        self._budget = _READ_AGAIN * self.size + _HEAD
        head = self._at(0, _HEAD)
        self._shift = sector_shift(head)
        if not self._shift:
            raise NotReadable("The file does not begin as a compound file does.")
        self._cutoff = _number(head, 56)
        self._sectors = self._table(head)
        self._entries = self._directory(_number(head, 48), self.size)
        if not self._entries or self._entries[0].kind != _ROOT:
            raise NotReadable("The directory of the compound file is damaged or missing.")
        self._small = array("I")
        if _number(head, 64):
            self._small = _numbers(b"".join(self._chain(_number(head, 60), self.size)))
        root = self._entries[0]
        self._small_at = self._chain_of(self._sectors, root.start, self.size >> self._shift)

    @property
    def root(self) -> Entry:
        return self._entries[0]

    def inside(self, storage: Entry) -> dict[str, Entry]:
        """Return what lies in a storage, by name in lower case. Each name once."""
        return {entry.name.lower(): entry for entry in reversed(list(_tree(self._entries, storage)))}

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """Yield the content of a stream. One that is shorter than it says ends so, and that is noted."""
        left = min(entry.size, self.size)
        is_small = entry.size < self._cutoff and bool(self._small)
        pieces = self._small_chain(entry.start) if is_small else self._chain(entry.start, entry.size)
        for piece in pieces if left else ():
            yield piece[:left]
            left -= len(piece)
            if left <= 0:
                return
        if left > 0 or entry.size > self.size:
            self.remark(f"The stream “{entry.name}” is shorter than it says; what is there was read")

    def read(self, entry: Entry, most: int) -> bytes:
        """Return the first bytes of a stream, at most so many."""
        kept = bytearray()
        for chunk in self.chunks(entry):
            kept += chunk
            if len(kept) >= most:
                break
        return bytes(kept[:most])

    def remark(self, text: str) -> None:
        if text not in self.remarks and len(self.remarks) < _MOST_REMARKS:
            self.remarks.append(text)

    def _at(self, place: int, size: int) -> bytes:
        if self._budget < size:
            return b""
        self._file.seek(place)
        data = self._file.read(size)
        self._budget -= len(data)
        return data

    def _sectors_at(self, number: int, count: int = 1) -> bytes:
        return self._at((number + 1) << self._shift, count << self._shift)

    def _table(self, head: bytes) -> "array[int]":
        """Return which sector follows each: the table is itself in sectors, the first of which the head names."""
        named = [number for number in _numbers(head[76 : 76 + 4 * _IN_HEAD]) if number < _NONE]
        following, seen = _number(head, 68), set[int]()
        while following < self.size >> self._shift and following not in seen:
            seen.add(following)
            numbers = _numbers(self._sectors_at(following))
            named += [number for number in numbers[:-1] if number < _NONE]
            following = numbers[-1] if numbers else _NONE
        table, most = array("I"), self.size >> self._shift
        for number in dict.fromkeys(named):
            if len(table) > most:
                break
            found = _numbers(self._sectors_at(number))
            table.extend(found or [_NONE] * (1 << (self._shift - 2)))
        return table

    def _directory(self, start: int, size: int) -> Sequence[Entry]:
        data = bytearray()
        for sector in self._chain(start, size):
            data += sector
            if len(data) >= MOST_ENTRIES * _ENTRY:
                self.remark(f"The compound file has more than {MOST_ENTRIES} entries; the rest was not read")
                break
        return _entries(bytes(data))

    def _chain(self, start: int, size: int) -> Iterator[bytes]:
        chain = self._chain_of(self._sectors, start, (min(size, self.size) >> self._shift) + 1)
        at = 0
        while at < len(chain):
            count = 1  # of those that lie side by side
            while count < _AT_ONCE and at + count < len(chain) and chain[at + count] == chain[at] + count:
                count += 1
            if not (sectors := self._sectors_at(chain[at], count)):
                return
            yield sectors
            at += count

    def _small_chain(self, start: int) -> Iterator[bytes]:
        """Yield the pieces of a short stream: they lie in the one stream of the root."""
        in_one = self._shift - _MINI.bit_length() + 1
        for number in self._chain_of(self._small, start, self._cutoff // _MINI + 1):
            sector, piece = number >> in_one, number & ((1 << in_one) - 1)
            if sector >= len(self._small_at):
                return
            place = ((self._small_at[sector] + 1) << self._shift) + piece * _MINI
            if not (data := self._at(place, _MINI)):
                return
            yield data

    @staticmethod
    def _chain_of(table: Sequence[int], start: int, most: int) -> "array[int]":
        found, number = array("I"), start
        while number < len(table) and len(found) < most:
            found.append(number)
            number = table[number]
        return found


_MOST_REMARKS = 50


def sector_shift(head: bytes) -> int:
    """Return the size of the sectors as a power of two, or 0 where the head is none of a compound file."""
    if len(head) < _HEAD or not head.startswith(MAGIC):
        return 0
    shift = int.from_bytes(head[30:32], "little")
    return shift if shift in _SHIFTS else 0


def names_in_root(file: BinaryIO) -> bytes:
    """Return what lies in the outermost storage, to be put behind the first bytes of a file (`has_in_root`); its place is kept."""
    before = file.tell()
    try:
        found = CompoundFile(file)
        names = list(found.inside(found.root))[:_SEEN_OF_ROOT]
    except NotReadable:
        return b""
    finally:
        file.seek(before)
    return _ROOT_MARK + b"".join(name.encode("utf-8", "replace") + b"\0" for name in names)


def has_in_root(head: bytes, *names: str) -> bool:
    """Say whether the first bytes of a file, with what `names_in_root` put behind them, show that all of these lie in its root."""
    _, mark, listed = head.rpartition(_ROOT_MARK)
    there = frozenset(listed.split(b"\0"))
    return bool(mark) and head.startswith(MAGIC) and all(name.lower().encode() in there for name in names)


def _tree(found: Sequence[Entry], storage: Entry) -> Iterator[Entry]:
    """Yield what lies in a storage: the entries form a tree, which in a broken file may have circles."""
    waiting, seen = [storage.child], set[int]()
    while waiting:
        number = waiting.pop()
        if number >= len(found) or number in seen:
            continue
        seen.add(number)
        entry = found[number]
        waiting += [entry.right, entry.left]
        if entry.kind in (_STORAGE, _STREAM):
            yield entry


def _entries(data: bytes) -> list[Entry]:
    return [
        _entry(number, data[at : at + _ENTRY])
        for number, at in enumerate(range(0, len(data) - _ENTRY + 1, _ENTRY))
    ]


def _entry(number: int, raw: bytes) -> Entry:
    length = int.from_bytes(raw[64:66], "little")
    name = raw[: min(max(length - 2, 0), 62)].decode("utf-16-le", "replace")
    # Above the fourth byte some programs leave rubbish: no stream here is so long.
    return Entry(
        number,
        name,
        raw[66],
        _number(raw, 68),
        _number(raw, 72),
        _number(raw, 76),
        _number(raw, 116),
        _number(raw, 120),
    )


def _number(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "little")


def _numbers(raw: bytes) -> "array[int]":
    found = array("I", raw[: len(raw) // 4 * 4])
    if sys.byteorder == "big":
        found.byteswap()
    return found
