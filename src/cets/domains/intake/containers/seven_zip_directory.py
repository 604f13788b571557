"""The directory of a 7z archive: its blocks, each packed as one, and the members in them.

Every count is held against the bytes that would have to describe so many, before anything is made of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Never

from cets.domains.intake.containers.entries import Unreadable

_END, _HEADER, _PROPERTIES, _MORE_STREAMS, _MAIN_STREAMS, _FILES = range(6)
_PACK, _UNPACK, _SUBSTREAMS, _SIZE, _CRC, _FOLDER, _BLOCK_SIZES, _STREAMS = range(6, 14)
_EMPTY, _EMPTY_FILE, _ANTI, _NAMES = range(14, 18)
_ATTRIBUTES, _PACKED_HEADER = 21, 23
_MOST_CODERS = 8
_START = 32


@dataclass(slots=True)
class Coder:
    method: str  # its number in hexadecimal
    properties: bytes
    ins: int
    outs: int


@dataclass(slots=True)
class Block:
    """Members packed as one. `coders` from the content outwards."""

    coders: list[Coder]
    size: int = 0
    crc: int | None = None
    at: int = 0  # of the packed bytes, in the file
    packed: int = 0
    streams: int = 1


@dataclass(slots=True)
class Member:
    name: str = ""
    size: int = 0
    block: int | None = None
    at: int = 0
    crc: int | None = None
    attributes: int = 0
    is_folder: bool = False
    is_removed: bool = False


@dataclass(slots=True)
class Directory:
    blocks: list[Block]
    members: list[Member]


class Words:
    """Reads the words of a directory, and never beyond its end."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._at = raw, 0

    @property
    def left(self) -> int:
        return len(self._raw) - self._at

    def take(self, size: int) -> bytes:
        if not 0 <= size <= self.left:
            broken()
        self._at += size
        return self._raw[self._at - size : self._at]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        """Read a number: the first byte's leading ones say how many bytes follow, its other bits are the highest."""
        lead = self.byte()
        more = 8 - (lead ^ 0xFF).bit_length()
        low = int.from_bytes(self.take(more), "little")
        return low + ((lead & (0x7F >> more)) << (8 * more))

    def count(self, *, bits: int = 8) -> int:
        """Read how many things follow, each of so many bits at least. Never more than there is room for."""
        number = self.number()
        if number * bits > self.left * 8:
            broken()
        return number

    def bits(self, count: int) -> list[bool]:
        raw = self.take((count + 7) // 8)
        return [bool(raw[i >> 3] & (0x80 >> (i & 7))) for i in range(count)]

    def defined(self, count: int) -> list[bool]:
        """Read for which of so many things something follows."""
        return [True] * count if self.byte() else self.bits(count)

    def crcs(self, count: int) -> list[int | None]:
        return [int.from_bytes(self.take(4), "little") if one else None for one in self.defined(count)]

    def expect(self, kind: int) -> None:
        if self.byte() != kind:
            broken()


def broken() -> Never:
    raise Unreadable("The directory of the archive is damaged: nothing of it can be read.")


def directory(raw: bytes) -> Directory | Block:
    """Return what a directory says or, when it is packed itself, the block that holds it. Raises Unreadable."""
    words = Words(raw)
    kind = words.byte()
    if kind == _PACKED_HEADER:
        packed, _, _ = _streams(words)
        if len(packed) != 1:
            broken()
        return packed[0]
    if kind != _HEADER:
        broken()
    blocks: list[Block] = []
    sizes: Iterator[int] = iter(())
    crcs: Iterator[int | None] = iter(())
    kind = words.byte()
    if kind == _PROPERTIES:
        while words.byte() != _END:
            words.take(words.number())
        kind = words.byte()
    if kind == _MORE_STREAMS:
        _streams(words)
        kind = words.byte()
    if kind == _MAIN_STREAMS:
        blocks, sizes, crcs = _streams(words)
        kind = words.byte()
    members = _members(words) if kind == _FILES else []
    _place(members, blocks, sizes, crcs)
    return Directory(blocks, members)


def _place(
    members: list[Member], blocks: list[Block], sizes: Iterator[int], crcs: Iterator[int | None]
) -> None:
    """Give each member with content its place in the blocks, in order."""
    places = iter([number for number, block in enumerate(blocks) for _ in range(block.streams)])
    before, at = None, 0
    for member in members:
        if member.block is None:
            continue
        number = next(places, None)
        if number is None:
            broken()
        at = 0 if number != before else at
        member.block, member.at, member.size, member.crc = number, at, next(sizes, 0), next(crcs, None)
        at, before = at + member.size, number


# --- streams --------------------------------------------------------------------------------------


def _streams(words: Words) -> tuple[list[Block], Iterator[int], Iterator[int | None]]:
    """Read the blocks, and sizes and checksums of the members in them."""
    at, packed, blocks = 0, [], []  # type: ignore[var-annotated]
    kind = words.byte()
    if kind == _PACK:
        at, packed = _packed(words)
        kind = words.byte()
    if kind == _UNPACK:
        blocks = _blocks(words)
        kind = words.byte()
    if kind == _SUBSTREAMS:
        sizes, crcs = _substreams(words, blocks)
        kind = words.byte()
    else:
        sizes, crcs = [block.size for block in blocks], [block.crc for block in blocks]
    if kind != _END:
        broken()
    _lay_out(blocks, at, packed)
    return blocks, iter(sizes), iter(crcs)


def _lay_out(blocks: list[Block], at: int, packed: list[int]) -> None:
    """Say where the packed bytes of each block lie. One that takes several streams is of a method that is not read."""
    at, sizes = at + _START, iter(packed)
    for block in blocks:
        outs = sum(coder.outs for coder in block.coders)
        wanted = sum(coder.ins for coder in block.coders) - (outs - 1)
        taken = [next(sizes, None) for _ in range(wanted)]
        if None in taken or not taken:
            broken()
        block.at, block.packed = at, sum(size or 0 for size in taken)
        at += block.packed


def _packed(words: Words) -> tuple[int, list[int]]:
    at, count, sizes = words.number(), words.count(), []
    kind = words.byte()
    if kind == _SIZE:
        sizes = [words.number() for _ in range(count)]
        kind = words.byte()
    if kind == _CRC:
        words.crcs(count)
        kind = words.byte()
    if kind != _END:
        broken()
    return at, sizes


def _blocks(words: Words) -> list[Block]:
    words.expect(_FOLDER)
    count = words.count()
    words.expect(0)  # described here, not elsewhere
    blocks, mains = [], []
    for _ in range(count):
        block, main = _block(words)
        blocks.append(block)
        mains.append(main)
    words.expect(_BLOCK_SIZES)
    for block, main in zip(blocks, mains, strict=True):
        block.size = [words.number() for coder in block.coders for _ in range(coder.outs)][main]
    kind = words.byte()
    if kind == _CRC:
        for block, crc in zip(blocks, words.crcs(count), strict=True):
            block.crc = crc
        kind = words.byte()
    if kind != _END:
        broken()
    return blocks


def _block(words: Words) -> tuple[Block, int]:
    """Read how a block is packed. Return it, and which of its coders' outputs is the content."""
    count = words.number()
    if not 1 <= count <= _MOST_CODERS:
        broken()
    coders = [_coder(words) for _ in range(count)]
    ins, outs = sum(coder.ins for coder in coders), sum(coder.outs for coder in coders)
    if not outs <= ins + 1 or max(ins, outs) > _MOST_CODERS * 2:
        broken()
    bound = [(words.number(), words.number()) for _ in range(outs - 1)]
    packed = ins - len(bound)
    if packed > 1:
        for _ in range(packed):
            words.number()
    mains = set(range(outs)) - {out for _, out in bound}
    if len(mains) != 1:
        broken()
    (main,) = mains
    simple = all(coder.ins == coder.outs == 1 for coder in coders)
    return Block(_in_order(coders, dict(bound), main) if simple else coders), main


def _in_order(coders: list[Coder], bound: dict[int, int], main: int) -> list[Coder]:
    """Return coders from the one that gives the content to the one that takes the packed bytes."""
    found, number = [coders[main]], main
    while number in bound and len(found) < len(coders):
        number = bound[number]
        if not number < len(coders):
            broken()
        found.append(coders[number])
    if len(found) != len(coders):
        broken()
    return found


def _coder(words: Words) -> Coder:
    lead = words.byte()
    if lead & 0x80:
        broken()
    method = words.take(lead & 0xF).hex()
    ins, outs = (words.number(), words.number()) if lead & 0x10 else (1, 1)
    if ins > _MOST_CODERS or outs > _MOST_CODERS:
        broken()
    properties = words.take(words.number()) if lead & 0x20 else b""
    return Coder(method, properties, ins, outs)


def _substreams(words: Words, blocks: list[Block]) -> tuple[list[int], list[int | None]]:
    kind = words.byte()
    if kind == _STREAMS:
        for block in blocks:
            block.streams = words.count()
        kind = words.byte()
    if sum(block.streams for block in blocks) > words.left + len(blocks):
        broken()
    sizes = [size for block in blocks for size in _sizes_in(block, words, stated=kind == _SIZE)]
    kind = words.byte() if kind == _SIZE else kind
    found: Iterator[int | None] = iter(())
    if kind == _CRC:
        found = iter(words.crcs(sum(block.streams for block in blocks if not _has_crc(block))))
        kind = words.byte()
    if kind != _END:
        broken()
    crcs: list[int | None] = []
    for block in blocks:
        crcs += [block.crc] if _has_crc(block) else [next(found, None) for _ in range(block.streams)]
    return sizes, crcs


def _sizes_in(block: Block, words: Words, *, stated: bool) -> list[int]:
    """Return the sizes of the members in a block: of the last one only what is left is known."""
    if not block.streams:
        return []
    own = [words.number() if stated else 0 for _ in range(block.streams - 1)]
    last = block.size - sum(own)
    if last < 0:
        broken()
    return [*own, last]


def _has_crc(block: Block) -> bool:
    return block.streams == 1 and block.crc is not None


# --- members --------------------------------------------------------------------------------------


def _members(words: Words) -> list[Member]:
    count = words.count(bits=1)
    members = [Member(block=0) for _ in range(count)]
    empty: list[Member] = []
    while (kind := words.number()) != _END:
        own = Words(words.take(words.number()))
        if kind == _EMPTY:
            empty = [member for member, is_so in zip(members, own.bits(count), strict=True) if is_so]
            for member in empty:
                member.block, member.is_folder = None, True
        elif kind == _EMPTY_FILE:
            for member, is_so in zip(empty, own.bits(len(empty)), strict=True):
                member.is_folder = not is_so
        elif kind == _ANTI:
            for member, is_so in zip(empty, own.bits(len(empty)), strict=True):
                member.is_removed = is_so
        elif kind == _NAMES:
            _name(members, own)
        elif kind == _ATTRIBUTES:
            _describe(members, own)
    return members


def _name(members: list[Member], words: Words) -> None:
    words.expect(0)
    raw = words.take(words.left)
    names = raw[: len(raw) & ~1].decode("utf-16-le", "surrogatepass").split("\0")
    for member, name in zip(members, names, strict=False):
        member.name = name


def _describe(members: list[Member], words: Words) -> None:
    defined = words.defined(len(members))
    words.expect(0)
    for member, is_so in zip(members, defined, strict=True):
        if is_so:
            member.attributes = int.from_bytes(words.take(4), "little")
