"""Packed streams unpacked piece by piece, in bounded memory, and read as if they were a file that only runs forwards."""

import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import BinaryIO, Protocol

from cets.domains.intake.containers import limits
from cets.domains.intake.containers.entries import Unreadable

CHUNK = 64 << 10
#: What comes out of one step at the utmost.
STEP = 1 << 20
_SLICE, _TAIL, _MARK = 1024, 64, 6

DAMAGED = "Its packed content is damaged; only the part before the damage was read."
CUT = "It breaks off; only the part before the break was read."
_BEYOND = "After its end stand bytes that are not packed; they were not read."


class Decoder(Protocol):
    """What the decoders of the standard library have in common; `Inflate` brings zlib's into line."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Inflate:
    def __init__(self, wbits: int) -> None:
        self._inflate = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inflate.decompress(self._inflate.unconsumed_tail + data, max(max_length, 0))


def _gz() -> Decoder:
    return Inflate(31)


def _xz() -> Decoder:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=limits.MOST_DICTIONARY + (16 << 20))


#: By the bytes that a file of the method begins with.
METHODS: tuple[tuple[bytes, str, Callable[[], Decoder]], ...] = (
    (b"\x1f\x8b\x08", "gzip", _gz),
    (b"BZh", "bzip2", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\x00", "xz", _xz),
)


#: Its mark is three letters; after them come a digit and the start of a block, or of the end of an empty file.
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")


def method_of(head: bytes) -> tuple[str, Callable[[], Decoder]] | None:
    """Return by which method a file is packed whose first bytes these are: what it is called, and its decoder."""
    for mark, name, decoder in METHODS:
        if head.startswith(mark) and (name != "bzip2" or _BZIP2.match(head)):
            return name, decoder
    return None


def pieces(file: BinaryIO, size: int | None = None) -> Iterator[bytes]:
    """Yield the next `size` bytes of a file, all that are left without it, in slices for `decoded`.

    The slices are small, and smaller still at the end, where checksums stand: what a decoder makes of the slice with the
    fault in it is lost.
    """
    while (size is None or size > 0) and (raw := file.read(CHUNK if size is None else min(CHUNK, size))):
        size = None if size is None else size - len(raw)
        end = max(len(raw) - _TAIL, 0)
        for at in range(0, end, _SLICE):
            yield raw[at : min(at + _SLICE, end)]
        for at in range(end, len(raw), 4):
            yield raw[at : at + 4]


def decoded(packed: Iterable[bytes], decoder: Decoder) -> Iterator[bytes]:
    """Yield what one packed stream holds, in pieces of at most `STEP` bytes. Raises Unreadable."""
    try:
        for raw in packed:
            yield decoder.decompress(raw, STEP)
            while not decoder.eof and not decoder.needs_input:
                yield decoder.decompress(b"", STEP)
            if decoder.eof:
                return
    except lzma.LZMAError as error:
        if "emory usage limit" in str(error):
            most = limits.MOST_DICTIONARY >> 20
            raise Unreadable(
                f"To unpack it takes more than the {most} MB of memory that are given."
            ) from None
        raise Unreadable(DAMAGED) from None
    except (zlib.error, OSError, EOFError, ValueError):
        raise Unreadable(DAMAGED) from None


def unpacked(file: BinaryIO, new: Callable[[], Decoder]) -> Iterator[bytes]:
    """Yield what a packed file holds: one packed stream, or several one after the other. Raises Unreadable."""
    file.seek(0)
    packed = pieces(file)
    head = _head(packed, b"")
    mark = head[:3]
    while head:
        if not head.startswith(mark):
            raise Unreadable(_BEYOND)
        decoder = new()
        yield from decoded(chain([head], packed), decoder)
        if not decoder.eof:
            raise Unreadable(CUT)
        head = _head(packed, decoder.unused_data)


def _head(packed: Iterator[bytes], raw: bytes) -> bytes:
    """Return the first bytes of the next stream; streams may be filled up with zeros to whole blocks."""
    raw = raw.lstrip(b"\0")
    while len(raw) < _MARK and (more := next(packed, b"")):
        raw = (raw + more).lstrip(b"\0")
    return raw


class Tape:
    """Unpacked bytes that are read forwards; going back begins again. `most`: where it is cut off."""

    def __init__(self, begin: Callable[[], Iterator[bytes]], *, most: int) -> None:
        self._begin, self._most = begin, most
        self._rewind()

    def _rewind(self) -> None:
        self._pieces = self._begin()
        self._fault: Unreadable | None = None
        self._held, self._at, self._given = b"", 0, 0  # `_at`: in what is held; `_given`: before it

    @property
    def position(self) -> int:
        return self._given + self._at

    def seek(self, to: int) -> int:
        """Go to a place; beyond the end, to the end. Raises Unreadable."""
        if to < self._given:
            self._rewind()
        while to > self._given + len(self._held) and self._next():
            pass
        self._at = min(to - self._given, len(self._held))
        if self._fault and self.position < to:
            raise self._fault
        return self.position

    def read(self, size: int) -> bytes:
        """Return the next bytes, fewer only at the end or before a fault. Raises Unreadable when there are none."""
        found: list[bytes] = []
        left = size
        while left:
            taken = self._held[self._at : self._at + left]
            self._at += len(taken)
            left -= len(taken)
            found.append(taken)
            if left and not self._next():
                break
        if self._fault and left == size:
            raise self._fault
        return b"".join(found)

    def _next(self) -> bool:
        """Take the next piece up in place of the one that is held. What goes wrong is kept for whoever reads there."""
        try:
            while not self._fault and (piece := next(self._pieces, None)) is not None:
                if not piece:
                    continue
                room = self._most - self._given - len(self._held)
                self._given += len(self._held)
                self._held, self._at = piece[:room], 0
                if len(piece) > room:
                    self._fault = Unreadable(_too_much(self._most))
                return True
        except Unreadable as fault:
            self._fault = fault
        return False


def _too_much(most: int) -> str:
    return (
        f"It was unpacked up to {most // 1_000_000} MB: the limits are {limits.MOST_BYTES // 1_000_000} MB"
        f" and {limits.MOST_RATIO} times its size."
    )
