"""Reads a tar archive header by header: plain from a file, or from the tape of an unpacking.

Written anew rather than on the standard library's module, which takes the longest extended header into memory,
believes sparse maps, and gives up at the first odd number.
"""

import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar, Protocol

from cets.domains.intake.containers import limits, names
from cets.domains.intake.containers.entries import Entry, Listing, Unreadable, too_many
from cets.domains.intake.containers.streams import CUT

BLOCK = 512
_CHUNK = 64 << 10
#: Of what may stand before a member to describe it.
_MOST_EXTENDED = 1 << 20
#: Places at which what stands behind a damaged header is looked for.
_MOST_DAMAGED = 16
_FOLDERS = b"5D"
_FILES = b"\x0007"
_REFUSED = {
    ord("1"): "Refused: it is a link to another member, not a file.",
    ord("2"): "Refused: it is a symbolic link, not a file.",
    ord("3"): "Refused: it is a device, not a file.",
    ord("4"): "Refused: it is a device, not a file.",
    ord("6"): "Refused: it is a pipe, not a file.",
    ord("S"): "Refused: it is stored with holes left out (sparse), which is not read.",
    ord("M"): "Refused: it is the end of a file that began on another volume.",
}
_NEGATIVE = 0xFF  # the first byte of a negative number, which nothing here may be
_HOLDS_NOTHING = b"123456"
_NOT_ALL = "The archive ends without the mark of its end: it may be cut short."
_BREAKS_OFF = "The archive breaks off; members were read as far as they go."


class Reel(Protocol):
    """What an archive is read from: a file, or a `Tape`."""

    def seek(self, to: int, /) -> int: ...
    def read(self, size: int, /) -> bytes: ...


@dataclass(kw_only=True, slots=True)
class TarEntry(Entry):
    at: int  # of the content


class TarContainer:
    """`packed`: how long the file is that the reel is unpacked from; None when it is the archive itself."""

    any_order: ClassVar[bool] = False

    def __init__(self, reel: Reel, *, packed: int | None = None) -> None:
        self._reel, self._packed = reel, packed

    def listing(self) -> Listing[TarEntry]:
        listing: Listing[TarEntry] = Listing([])
        walk = _Walk(self._reel, listing.remarks)
        try:
            for entry in walk.entries():
                if len(listing.entries) == limits.MOST_MEMBERS:
                    listing.limit = too_many()
                    break
                listing.entries.append(entry)
                if self._is_bomb(entry):
                    break
        except Unreadable as fault:
            if not listing.entries:
                raise
            listing.limit = f"{fault} The members after it were not read."
        listing.remarks += walk.damage()
        return listing

    def _is_bomb(self, entry: TarEntry) -> bool:
        """Refuse what would unpack to too much; to reach what stands behind it, it would have to be unpacked."""
        if self._packed is None or entry.at + entry.size <= limits.most_from(self._packed):
            if self._packed is None:
                entry.packed = entry.size
            return False
        entry.refusal = (
            f"Refused: with it, the archive unpacks to more than {limits.MOST_RATIO} times its size or"
            f" {limits.MOST_BYTES // 1_000_000} MB. Nothing after it was read."
        )
        return True

    def unpack(self, entry: TarEntry, *, most: int) -> Iterator[bytes]:
        left = entry.size
        if left > most:
            raise Unreadable(f"It unpacks to more than the limit of {most // 1_000_000} MB.")
        if self._reel.seek(entry.at) != entry.at:
            raise Unreadable(CUT)
        while left > 0:
            raw = self._reel.read(min(_CHUNK, left))
            if not raw:
                raise Unreadable(CUT)
            left -= len(raw)
            yield raw


class _Walk:
    """One way through the headers. What extended headers say holds for the member after them."""

    def __init__(self, reel: Reel, remarks: list[str]) -> None:
        self._reel, self._remarks = reel, remarks
        self._name: bytes | None = None
        self._link_or_name_too_long = 0
        self._size: int | None = None
        self._is_sparse = False
        self._damaged: list[tuple[int, int]] = []  # from where to where

    def damage(self) -> list[str]:
        """Say how much was passed over between members, if any was."""
        if not self._damaged:
            return []
        (begin, _), size = self._damaged[0], sum(end - begin for begin, end in self._damaged)
        said = (
            f"At byte {begin} the archive is damaged. Up to the next members {size} bytes were passed over,"
            f" at {len(self._damaged)} places; what was read behind them may be of an archive within."
        )
        return [said]

    def entries(self) -> Iterator[TarEntry]:
        at, ended, some = 0, False, False
        while True:
            if self._reel.seek(at) != at:
                self._remarks.append(_BREAKS_OFF)
                return
            block = self._reel.read(BLOCK)
            at += BLOCK
            if len(block) < BLOCK or not block.strip(b"\0"):
                if len(block) < BLOCK:
                    self._end(block, ended=ended)
                    return
                ended = True
                continue
            if not is_header(block):
                is_sought = some and not ended and len(self._damaged) < _MOST_DAMAGED
                found = self._next_header(at) if is_sought else None
                if found is None:
                    self._broken(at, ended=ended, some=some)
                    return
                self._damaged.append((at - BLOCK, found))
                self._forget()
                at = found
                continue
            ended, some = False, True
            size, kind = self._size_of(block), block[156]
            if kind in b"LKxXg":
                self._extend(kind, size, at)
            else:
                yield self._entry(block, kind, size, at)
                self._forget()
            at += 0 if kind in _HOLDS_NOTHING else -(-size // BLOCK) * BLOCK

    def _forget(self) -> None:
        self._name = self._size = None
        self._link_or_name_too_long, self._is_sparse = 0, False

    def _next_header(self, at: int) -> int | None:
        """Return where behind a damaged header the next one stands that bears the mark of one; None when none does."""
        with suppress(Unreadable):  # then it stands in what cannot be unpacked
            while self._reel.seek(at) == at and len(block := self._reel.read(BLOCK)) == BLOCK:
                if block[257:262] == b"ustar" and is_header(block):
                    return at
                at += BLOCK
        return None

    def _end(self, block: bytes, *, ended: bool) -> None:
        if block.strip(b"\0"):
            self._remarks.append(_BREAKS_OFF)
        elif not ended:
            self._remarks.append(_NOT_ALL)

    def _broken(self, at: int, *, ended: bool, some: bool) -> None:
        if ended:
            self._remarks.append(
                "After the end of the archive stand bytes that are no member; they were not read."
            )
        elif some:
            raise Unreadable(f"At byte {at - BLOCK} the archive is damaged.")
        else:
            raise Unreadable("It is no tar archive that can be read.")

    def _size_of(self, block: bytes) -> int:
        size = number(block[124:136]) if self._size is None else self._size
        if size is None or size < 0:
            raise Unreadable("The size of a member cannot be read.")
        return size

    def _extend(self, kind: int, size: int, at: int) -> None:
        """Take up what a header says of the member after it."""
        if size > _MOST_EXTENDED:
            self._link_or_name_too_long = size
            return
        raw = self._reel.read(size)
        if len(raw) < size:
            raise Unreadable(f"At byte {at} the archive breaks off.")
        if kind == ord("L"):
            self._name = raw.split(b"\0", 1)[0]
        elif kind in b"xX":
            self._take(dict(records(raw)))

    def _take(self, said: dict[bytes, bytes]) -> None:
        self._name = said.get(b"GNU.sparse.name") or said.get(b"path") or self._name
        self._is_sparse = self._is_sparse or any(key.startswith(b"GNU.sparse.") for key in said)
        length = said.get(b"size", b"")
        if length.isdigit() and len(length) <= 20:  # noqa: PLR2004 - what 64 bits take
            self._size = int(length)

    def _entry(self, block: bytes, kind: int, size: int, at: int) -> TarEntry:
        raw = _name_of(block) if self._name is None else self._name
        refusal = _REFUSED.get(ord("S") if self._is_sparse else kind)
        mode = number(block[100:108]) or 0
        if refusal is None and kind in _FILES and stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
            refusal = None if stat.S_ISDIR(mode) else "Refused: it is no regular file."
        return TarEntry(
            name=_plain(names.decode(raw, utf8=True)), name_length=max(len(raw), self._link_or_name_too_long),
            size=0 if kind in _HOLDS_NOTHING else size, is_folder=kind in _FOLDERS or kind == ord("V") or (raw.endswith(b"/") and not size),
            refusal=refusal, at=at,
        )  # fmt: skip


def _plain(name: str) -> str:
    """Return a name without the "./" that programs put before it."""
    while name.startswith("./") and len(name) > len("./"):
        name = name[2:]
    return name


def _name_of(block: bytes) -> bytes:
    name = block[:100].split(b"\0", 1)[0]
    prefix = block[345:500].split(b"\0", 1)[0] if block[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def is_header(block: bytes) -> bool:
    """Say whether a block begins a member: its sum has to be the one it states."""
    if len(block) < BLOCK or (not block[:100].strip(b"\0") and block[156] not in b"Lxg"):
        return False
    stated = number(block[148:156])
    rest = block[:148] + b" " * 8 + block[156:]
    plain = sum(rest)
    return stated is not None and stated in (plain, plain - 256 * sum(sign > 127 for sign in rest))  # noqa: PLR2004


def number(field: bytes) -> int | None:
    """Return the number in a header's field: in octal or, if the first bit is set, in binary. None when it is none."""
    if field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:]) if field[0] != _NEGATIVE else -1
    digits = field.split(b"\0", 1)[0].strip()
    if not digits:
        return 0
    return int(digits, 8) if all(sign in b"01234567" for sign in digits) else None


def records(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield key and value of each record of an extended header, as far as they are whole."""
    at = 0
    while at < len(raw):
        blank = raw.find(b" ", at, at + 10)
        length = raw[at:blank]
        if blank == -1 or not length.isdigit() or not blank < at + int(length) <= len(raw):
            return
        key, sign, value = raw[blank + 1 : at + int(length) - 1].partition(b"=")
        if sign:
            yield key, value
        at += int(length)
