"""Reads the members of a ZIP file without trusting a word of it. Nothing is written to a path from inside.

Written anew rather than on the standard library's module, which gives up the whole archive for one name that
cannot be decoded, lists members that share their bytes (the densest bombs do) and reads nothing of an archive
cut short.
"""

import bz2
import stat
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, ClassVar

from cets.domains.intake.containers import limits, names
from cets.domains.intake.containers.entries import Entry, Listing, Unreadable, first, within
from cets.domains.intake.containers.streams import CUT, Decoder, Inflate, decoded, pieces

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 65_535
_MEMBER, _SIZES_BEHIND = b"PK\x03\x04", b"PK\x07\x08"
#: Before an archive of several volumes, and before one that might have become one.
_VOLUMES = (b"PK\x07\x08" + _MEMBER, b"PK00" + _MEMBER)
#: Checksum, packed size and size behind a member. The wide form is tried first: only it cannot be taken for the other.
_BEHIND = (struct.Struct("<4sL2Q"), struct.Struct("<4s3L"))
_FULL, _FULL_SHORT = 0xFFFFFFFF, 0xFFFF
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 1, 8, 0x800
_STORED = 0
_DECODERS: dict[int, Callable[[], Decoder]] = {8: lambda: Inflate(-zlib.MAX_WBITS), 12: bz2.BZ2Decompressor}
#: What others are called, so that the receipt can say it.
_CALLED = {9: "Deflate64", 14: "LZMA", 93: "Zstandard", 95: "xz", 98: "PPMd"}
_UNIX, _MAC = 3, 19
_CHUNK = 64 << 10

_CUT_SHORT = "The archive breaks off before its directory; members were read as far as they go."
_SEVERAL = "The archive is damaged, cut short or more than one: its directory is not that of all its members, which were read as far as they go."
_FIRST_VOLUME = (
    "The archive is the first of several volumes: what stands in the others is missing here."
    " Put together as one archive they can be read whole."
)
_COMMENTS = "Comments stand in the archive beside its members; they were not read."
_SHARES = "Refused: it shares its bytes with another member, as archive bombs do."


@dataclass(kw_only=True, slots=True)
class ZipEntry(Entry):
    """A member, and where and how it is packed. Found by its own header when the archive was cut short: `salvaged`."""

    method: int
    crc: int
    offset: int
    raw_name: bytes
    raw_size: int  # of the packed bytes
    salvaged: bool = False
    #: Nothing says where it ends; `raw_size` leads to the end of the archive.
    is_open: bool = False


class ZipContainer:
    any_order: ClassVar[bool] = True

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def listing(self) -> Listing[ZipEntry]:
        listing = entries(self._file)
        if listing.entries and listing.entries[0].salvaged and not listing.remarks:
            listing.remarks.append(_CUT_SHORT)
        for index in overlapping(listing.entries):
            entry = listing.entries[index]
            entry.refusal = entry.refusal or _SHARES
        return listing

    def unpack(self, entry: ZipEntry, *, most: int) -> Iterator[bytes]:
        return unpack(self._file, entry, most=most)


def begins(head: bytes) -> int | None:
    """Return where in the first bytes of a file the first member of an archive, or its end, begins; None when none does."""
    if head.startswith(_VOLUMES):
        return len(_VOLUMES[0]) - len(_MEMBER)
    return 0 if head.startswith((_MEMBER, b"PK\x05\x06")) else None


def entries(file: BinaryIO) -> Listing[ZipEntry]:
    """List the members, by the directory or, where there is none, by walking the archive from its start.

    Raises Unreadable when neither can be read.
    """
    end = file.seek(0, 2)
    tail_start = max(0, end - _LONGEST_COMMENT - _END.size)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at == -1 or len(tail) - at < _END.size:
        listing = first(_walk(file))
        if _begins(file):
            listing.remarks.append(_FIRST_VOLUME)
        return listing
    return _directory(file, tail_start + at)


def _directory(file: BinaryIO, end_at: int) -> Listing[ZipEntry]:
    file.seek(end_at)
    *_, count, size, start, comment_size = _END.unpack(file.read(_END.size))
    # Some programs write the wide numbers though the narrow ones say it all.
    wide = _wide_end(file, end_at)
    if wide:
        size, start, end_at = wide
    # Bytes put before the archive (a self-extracting program) shift every offset alike.
    shift = end_at - size - start
    if shift < 0:
        return first(_walk(file))
    start_at = _begins(file)
    if shift not in {0, start_at} and _member_at(file, start_at):
        # No program stands before the archive but another one, or this is the end of an archive within one that was cut.
        return _several(file)
    file.seek(start + shift)
    raw = file.read(min(size, limits.MOST_DIRECTORY))
    listing = first(_central(raw, shift))
    is_whole = size <= limits.MOST_DIRECTORY and not listing.limit
    if not wide and len(listing.entries) < count and is_whole:
        listing = _more_of(file, listing, count)
    if comment_size or any(_comments(raw)):
        listing.remarks.append(_COMMENTS)
    if size > limits.MOST_DIRECTORY and not listing.limit:
        listing.limit = (
            f"The directory of the archive is longer than {limits.MOST_DIRECTORY >> 20} MB; only the first"
            f" {len(listing.entries)} members were read."
        )
    return listing


def _several(file: BinaryIO) -> Listing[ZipEntry]:
    listing = first(_walk(file))
    listing.remarks.append(_SEVERAL)
    return listing


def _more_of(file: BinaryIO, listing: Listing[ZipEntry], stated: int) -> Listing[ZipEntry]:
    """Return the members of an archive whose directory breaks off, by whichever way more are found, and say so."""
    with suppress(Unreadable):
        walked = first(_walk(file))
        if len(walked.entries) > len(listing.entries):
            listing = walked
    listing.remarks.append(
        f"The archive states that it holds {stated} members; {len(listing.entries)} were found."
    )
    return listing


def _comments(raw: bytes) -> Iterator[bytes]:
    """Yield the remarks that the directory holds beside its members."""
    at = 0
    while raw[at : at + 4] == b"PK\x01\x02" and at + _CENTRAL.size <= len(raw):
        name_size, extra_size, comment_size = _CENTRAL.unpack_from(raw, at)[10:13]
        at += _CENTRAL.size + name_size + extra_size
        yield raw[at : at + comment_size]
        at += comment_size


def _wide_end(file: BinaryIO, end_at: int) -> tuple[int, int, int] | None:
    if end_at < _LOCATOR_64.size:
        return None
    file.seek(end_at - _LOCATOR_64.size)
    mark, _, at, _ = _LOCATOR_64.unpack(file.read(_LOCATOR_64.size))
    if mark != b"PK\x06\x07" or at > end_at:
        return None
    file.seek(at)
    raw = file.read(_END_64.size)
    if len(raw) < _END_64.size or raw[:4] != b"PK\x06\x06":
        return None
    *_, size, start = _END_64.unpack(raw)
    return size, start, at


def _central(raw: bytes, shift: int) -> Iterator[ZipEntry]:
    at = 0
    while raw[at : at + 4] == b"PK\x01\x02" and at + _CENTRAL.size <= len(raw):
        fields = _CENTRAL.unpack_from(raw, at)
        _, made_by, _, flags, method, _, _, crc, packed, size = fields[:10]
        name_size, extra_size, comment_size, _, _, attributes, offset = fields[10:]
        name_at = at + _CENTRAL.size
        at = name_at + name_size + extra_size + comment_size
        if at > len(raw):
            return
        extra = raw[name_at + name_size : name_at + name_size + extra_size]
        size, packed, offset = _widened(extra, size, packed, offset)
        is_link = made_by >> 8 in (_UNIX, _MAC) and stat.S_ISLNK(attributes >> 16)
        name = raw[name_at : name_at + name_size]
        yield _entry(name, flags, method, crc, packed, size, offset + shift, is_link=is_link)


def _entry(
    raw: bytes, flags: int, method: int, crc: int, packed: int, size: int, offset: int, *, is_link: bool = False, salvaged: bool = False
) -> ZipEntry:  # fmt: skip
    refusal = "Refused: it is a symbolic link, not a file." if is_link else None
    if flags & _ENCRYPTED:
        refusal = "Encrypted: it cannot be read without its password."
    return ZipEntry(
        name=names.decode(raw, utf8=bool(flags & _UTF8)), name_length=len(raw), size=size, packed=packed, is_size_sure=not salvaged,
        is_folder=raw.endswith((b"/", b"\\")) and not size, refusal=refusal, method=method, crc=crc, offset=offset, raw_name=raw,
        raw_size=packed, salvaged=salvaged,
    )  # fmt: skip


def _widened(extra: bytes, *numbers: int) -> tuple[int, int, int]:
    """Put in the 64-bit numbers that an extra field holds for each that is marked as too large."""
    at, wide = 0, b""
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            wide = extra[at + 4 : at + 4 + size]
        at += 4 + size
    found = []
    for number in numbers:
        if number == _FULL and len(wide) >= 8:  # noqa: PLR2004 - eight bytes a number
            found.append(int.from_bytes(wide[:8], "little"))
            wide = wide[8:]
        else:
            found.append(number)
    return found[0], found[1], found[2]


def _begins(file: BinaryIO) -> int:
    file.seek(0)
    return begins(file.read(len(_VOLUMES[0]))) or 0


def _walk(file: BinaryIO) -> Iterator[ZipEntry]:
    """Find members by their own headers, as far as an archive without a directory goes."""
    at: int | None = _begins(file)
    count = 0
    while at is not None:
        if (found := _member_at(file, at)) is None:
            at = _behind_directory(file, at)
            continue
        entry, at = found
        count += 1
        yield entry
    if not count:
        raise Unreadable("It begins like a ZIP archive, but no member of it can be read.")


def _behind_directory(file: BinaryIO, at: int) -> int | None:
    """Return where a further archive may begin, behind the directory that stands at a place; None when none stands there."""
    file.seek(at)
    if file.read(4) not in {b"PK\x01\x02", b"PK\x06\x06", b"PK\x05\x06"}:
        return None
    file.seek(at)
    held = b""
    while raw := file.read(_CHUNK):
        held += raw
        found = held.find(b"PK\x05\x06")
        if 0 <= found <= len(held) - _END.size:
            comment_size = _END.unpack_from(held, found)[-1]
            return file.tell() - len(held) + found + _END.size + int(comment_size)
        held = held[-_END.size :]
    return None


def _member_at(file: BinaryIO, at: int) -> tuple[ZipEntry, int] | None:
    """Return the member whose own header stands at a place, and where what follows it begins."""
    file.seek(at)
    raw = file.read(_LOCAL.size)
    if len(raw) < _LOCAL.size or raw[:4] != _MEMBER:
        return None
    _, _, flags, method, _, _, crc, packed, size, name_size, extra_size = _LOCAL.unpack(raw)
    name, extra = file.read(name_size), file.read(extra_size)
    if len(name) < name_size:
        return None
    size, packed, _ = _widened(extra, size, packed, 0)
    begin = at + _LOCAL.size + name_size + extra_size
    entry = _entry(name, flags, method, crc, packed, size, at, salvaged=True)
    if not flags & _SIZES_FOLLOW or packed:
        return entry, begin + packed
    if behind := _sizes_behind(file, begin):
        entry.crc, entry.raw_size, entry.size, end = behind
        entry.packed = entry.raw_size
        return entry, end
    entry.raw_size = entry.packed = max(file.seek(0, 2) - begin, 0)
    entry.is_open = True
    return entry, begin + entry.raw_size


def _sizes_behind(file: BinaryIO, begin: int) -> tuple[int, int, int, int] | None:
    """Return checksum, packed size and size that stand behind a member, and where they end: at the one place that fits the size."""
    file.seek(begin)
    held, held_at, raw = b"", begin, b"-"
    while raw:
        raw = file.read(_CHUNK)
        held += raw
        whole = len(held) - (_BEHIND[0].size if raw else 0)
        at = held.find(_SIZES_BEHIND)
        while 0 <= at < whole:
            for form in _BEHIND:
                if len(held) - at >= form.size:
                    _, crc, packed, size = form.unpack_from(held, at)
                    if packed == held_at + at - begin:
                        return crc, packed, size, held_at + at + form.size
            at = held.find(_SIZES_BEHIND, at + 1)
        held, held_at = held[max(whole, 0) :], held_at + max(whole, 0)
    return None


def first_members(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the names of the first members, and how what they hold begins, as far as the first bytes of an archive show them.

    What only stands inside of a member is none: an archive may hold others as they are.
    """
    at = begins(head) or 0
    while head[at : at + 4] == _MEMBER and at + _LOCAL.size <= len(head):
        _, _, flags, _, _, _, _, packed, _, name_size, extra_size = _LOCAL.unpack_from(head, at)
        begin = at + _LOCAL.size + name_size + extra_size
        is_open = flags & _SIZES_FOLLOW and not packed
        yield (
            head[at + _LOCAL.size : at + _LOCAL.size + name_size],
            head[begin : None if is_open else begin + packed],
        )
        at = head.find(_MEMBER, begin) if is_open else begin + packed
        if at < 0:
            return


def overlapping(listed: list[ZipEntry]) -> set[int]:
    """Return the indexes of members that share bytes with one listed before them in the file."""
    found, reached = set(), -1
    for index in sorted(range(len(listed)), key=lambda each: listed[each].offset):
        entry = listed[index]
        if entry.offset < reached:
            found.add(index)
        reached = max(reached, entry.offset + _LOCAL.size + len(entry.raw_name) + entry.raw_size)
    return found


def unpack(file: BinaryIO, entry: ZipEntry, *, most: int) -> Iterator[bytes]:
    """Yield the content of a member as `Container.unpack` does."""
    file.seek(entry.offset)
    raw = file.read(_LOCAL.size)
    if len(raw) < _LOCAL.size or raw[:4] != _MEMBER:
        raise Unreadable("The archive points to a place where no member begins.")
    *_, name_size, extra_size = _LOCAL.unpack(raw)
    if file.read(name_size) != entry.raw_name:
        raise Unreadable("The archive names it differently in two places.")
    file.seek(extra_size, 1)
    done, crc = 0, 0
    for chunk in within(_inflated(file, entry), most=most):
        done += len(chunk)
        crc = zlib.crc32(chunk, crc)
        yield chunk
    if (not entry.salvaged or entry.crc) and (done != entry.size or crc != entry.crc):
        raise Unreadable("Its length or checksum is not what the archive states; it may be damaged.")


def _inflated(file: BinaryIO, entry: ZipEntry) -> Iterator[bytes]:
    if entry.method == _STORED:
        yield from _stored(file, entry.raw_size)
        if entry.is_open:
            raise Unreadable("Nothing says where it ends; it was read up to the end of the archive.")
        return
    if entry.method not in _DECODERS:
        name = _CALLED.get(entry.method, f"number {entry.method}")
        raise Unreadable(f"It is packed by a method ({name}) that is not read.")
    decoder = _DECODERS[entry.method]()
    yield from decoded(pieces(file, entry.raw_size), decoder)
    if not decoder.eof:
        raise Unreadable(CUT)


def _stored(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left > 0:
        raw = file.read(min(_CHUNK, left))
        if not raw:
            raise Unreadable(CUT)
        left -= len(raw)
        yield raw
