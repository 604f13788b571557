"""Reads a 7z archive: its directory first, then block after block, as members are packed together.

Own code on the standard library's decoders: the packages that read this format take whatever size, count or dictionary
an archive states, and bring compiled decoders with them that nothing here needs.
"""

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, ClassVar

from cets.domains.intake.containers import limits
from cets.domains.intake.containers.entries import Entry, Listing, Unreadable, first
from cets.domains.intake.containers.seven_zip_directory import Block, Directory, Member, directory
from cets.domains.intake.containers.seven_zip_methods import is_encrypted, unpack_block
from cets.domains.intake.containers.streams import CHUNK, CUT, Tape

MARK = b"7z\xbc\xaf\x27\x1c"
_START = struct.Struct("<6s2sLQQL")
#: A directory may be packed, and what unpacks it be packed again; nobody does that often.
_MOST_PACKINGS = 4
_REPARSE_POINT, _FOLDER, _UNIX_MODE = 0x400, 0x10, 0x8000
_ENCRYPTED = "Encrypted: it cannot be read without its password."
_CHECKSUM = "Its length or checksum is not what the archive states; it may be damaged."


@dataclass(kw_only=True, slots=True)
class SevenZipEntry(Entry):
    block: int | None  # None: it holds nothing
    at: int  # in what the block unpacks to
    crc: int | None


class SevenZipContainer:
    any_order: ClassVar[bool] = False

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size = file, size
        self._blocks: list[Block] = []
        self._tape: tuple[int, Tape] | None = None

    def listing(self) -> Listing[SevenZipEntry]:
        found = self._directory()
        self._blocks = found.blocks
        return first(map(self._entry, found.members))

    def _directory(self) -> Directory:
        self._file.seek(0)
        head = self._file.read(_START.size)
        if len(head) < _START.size:
            raise Unreadable("The archive breaks off in its first bytes.")
        _, _, start_crc, offset, size, crc = _START.unpack(head)
        if zlib.crc32(head[12:]) != start_crc:
            raise Unreadable(
                "The first bytes of the archive are damaged: where its directory stands is not known."
            )
        if not size:
            return Directory([], [])
        raw = self._directory_bytes(_START.size + offset, size, crc)
        for _ in range(_MOST_PACKINGS):
            found = directory(raw)
            if isinstance(found, Directory):
                return found
            raw = self._unpacked_directory(found)
        raise Unreadable("The directory of the archive is packed too many times.")

    def _directory_bytes(self, at: int, size: int, crc: int) -> bytes:
        if size > limits.MOST_DIRECTORY:
            raise Unreadable(f"The directory of the archive is longer than {limits.MOST_DIRECTORY >> 20} MB.")
        if at + size > self._size:
            raise Unreadable(
                "The archive breaks off before its directory, which stands at its end: nothing of it can be read."
                " If it is the first of several volumes (.001, .002 and so on), put them together as one file."
            )
        self._file.seek(at)
        raw = self._file.read(size)
        if zlib.crc32(raw) != crc:
            raise Unreadable("The directory of the archive is damaged: nothing of it can be read.")
        return raw

    def _unpacked_directory(self, block: Block) -> bytes:
        if is_encrypted(block):
            raise Unreadable("Encrypted: not even its directory can be read without its password.")
        if block.size > limits.MOST_DIRECTORY:
            raise Unreadable(f"The directory of the archive is longer than {limits.MOST_DIRECTORY >> 20} MB.")
        raw = b"".join(unpack_block(self._file, block))
        if len(raw) != block.size or block.crc not in (None, zlib.crc32(raw)):
            raise Unreadable("The directory of the archive is damaged: nothing of it can be read.")
        return raw

    def _entry(self, member: Member) -> SevenZipEntry:
        refusal, mode = None, member.attributes >> 16 if member.attributes & _UNIX_MODE else 0
        if member.attributes & _REPARSE_POINT or stat.S_ISLNK(mode):
            refusal = "Refused: it is a symbolic link, not a file."
        elif mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
            refusal = "Refused: it is no regular file."
        elif member.is_removed:
            refusal = "Refused: the archive lists it as removed."
        elif member.block is not None:
            refusal = self._refusal_of(self._blocks[member.block], member)
        return SevenZipEntry(
            name=member.name, name_length=len(member.name.encode("utf-8", "surrogatepass")), size=member.size,
            is_folder=member.is_folder or (not member.size and bool(member.attributes & _FOLDER)), refusal=refusal, block=member.block,
            at=member.at, crc=member.crc,
        )  # fmt: skip

    def _refusal_of(self, block: Block, member: Member) -> str | None:
        if is_encrypted(block):
            return _ENCRYPTED
        if member.at + member.size > limits.most_from(block.packed):
            return (
                f"Refused: with it, what is packed together unpacks to more than {limits.MOST_RATIO} times its size"
                f" or {limits.MOST_BYTES // 1_000_000} MB."
            )
        return None

    def unpack(self, entry: SevenZipEntry, *, most: int) -> Iterator[bytes]:
        if entry.block is None:
            return
        if entry.size > most:
            raise Unreadable(f"It unpacks to more than the limit of {most // 1_000_000} MB.")
        tape, left, crc = self._tape_of(entry.block), entry.size, 0
        if tape.seek(entry.at) != entry.at:
            raise Unreadable(CUT)
        while left > 0:
            raw = tape.read(min(CHUNK, left))
            if not raw:
                raise Unreadable(CUT)
            left -= len(raw)
            crc = zlib.crc32(raw, crc)
            yield raw
        if entry.crc not in (None, crc):
            raise Unreadable(_CHECKSUM)

    def _tape_of(self, number: int) -> Tape:
        """Return the block's bytes; members come in order, so that one tape at a time is enough."""
        if self._tape is None or self._tape[0] != number:
            block = self._blocks[number]
            self._tape = number, Tape(lambda: unpack_block(self._file, block), most=block.size)
        return self._tape[1]


def is_archive(head: bytes) -> bool:
    """Say whether a file begins as a 7z archive does."""
    return head.startswith(MARK) and len(head) >= _START.size
