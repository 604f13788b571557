"""Makes archives for tests, good ones and such as no program would write."""

import io
import lzma
import struct
import tarfile
import zlib
from collections.abc import Iterable
from typing import BinaryIO

from cets.domains.intake import sources
from cets.domains.intake.rows import AnyRow, Failed, FreeText, MemberStart, NotUnderstood
from cets.domains.intake.sources.base import Options, Source

DICTIONARY = 16  # of LZMA2: 1 MB


def tar(*members: tuple[str, bytes], kind: int = tarfile.PAX_FORMAT, **facts: object) -> bytes:
    """Pack a tar archive; `facts` are set on each member (type, linkname, pax_headers)."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=kind) as written:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for fact, value in facts.items():
                setattr(info, fact, value)
            written.addfile(info, io.BytesIO(content))
    return made.getvalue()


def header(name: bytes, size: int | bytes, kind: bytes = b"0") -> bytes:
    """Return one header of a tar archive with a sum that is right, whatever else is not."""
    length = size if isinstance(size, bytes) else b"%011o\0" % size
    block = name.ljust(100, b"\0") + b"0000644\0" * 3 + length + b"0" * 11 + b"\0" + b" " * 8 + kind
    block = block.ljust(512, b"\0")
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def number(value: int) -> bytes:
    """Write a number as 7z does; in nine bytes when it is not small."""
    return bytes([value]) if value < 0x80 else b"\xff" + struct.pack("<Q", value)


def seven(
    *members: tuple[str, bytes],
    coder: bytes = b"\x21\x21\x01" + bytes([DICTIONARY]),
    sizes: Iterable[int] | None = None,
    names: bytes | None = None,
    count: int | None = None,
    crcs: Iterable[int] | None = None,
    attributes: Iterable[int] | None = None,
) -> bytes:
    """Pack a 7z archive of one block (LZMA2 unless told otherwise), with lies in its directory where they are given."""
    whole = b"".join(content for _, content in members)
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    packed = lzma.compress(whole, lzma.FORMAT_RAW, filters=filters) if coder[1] == 0x21 else whole
    given = list(sizes) if sizes is not None else [len(content) for _, content in members]
    words = number(4) + b"\x06" + number(0) + number(1) + b"\x09" + number(len(packed)) + b"\0"
    words += b"\x07\x0b" + number(1) + b"\0" + number(1) + coder + b"\x0c" + number(sum(given)) + b"\0"
    words += b"\x08\x0d" + number(len(members)) + b"\x09" + b"".join(map(number, given[:-1]))
    checks = list(crcs) if crcs is not None else [zlib.crc32(content) for _, content in members]
    words += b"\x0a\x01" + b"".join(struct.pack("<L", crc) for crc in checks) + b"\0\0"
    called = b"".join((name + "\0").encode("utf-16-le") for name, _ in members) if names is None else names
    words += b"\x05" + number(len(members) if count is None else count)
    words += b"\x11" + number(len(called) + 1) + b"\0" + called
    if attributes is not None:
        words += (
            b"\x15"
            + number(4 * len(members) + 2)
            + b"\x01\0"
            + b"".join(struct.pack("<L", one) for one in attributes)
        )
    return whole_seven(packed, b"\x01" + words + b"\0\0")


def whole_seven(packed: bytes, directory: bytes) -> bytes:
    """Put what is packed and a directory together; the checksums are right."""
    start = struct.pack("<QQL", len(packed), len(directory), zlib.crc32(directory))
    return b"7z\xbc\xaf\x27\x1c\0\x04" + struct.pack("<L", zlib.crc32(start)) + start + packed + directory


# --- what came of it ------------------------------------------------------------------------------


def source_of(raw: bytes) -> Source | None:
    return sources.recognise(raw[: sources.HEAD], len(raw))


def read(raw: bytes | BinaryIO) -> list[AnyRow]:
    """Read an archive by the source that recognises it."""
    if not isinstance(raw, bytes):
        raw = raw.read()
    source = source_of(raw)
    assert source is not None
    return list(source.read(io.BytesIO(raw), Options(country="GB")))


def members(rows: list[AnyRow]) -> list[tuple[str, str | None, int]]:
    return [(row.name, row.source, row.size) for row in rows if isinstance(row, MemberStart)]


def errors(rows: list[AnyRow]) -> list[str | None]:
    return [row.error for row in rows if isinstance(row, MemberStart)]


def texts(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, FreeText)]


def said(rows: list[AnyRow]) -> str:
    """Return all that the receipt says of the whole and of members."""
    found = [
        row.text if isinstance(row, NotUnderstood) else row.reason
        for row in rows
        if isinstance(row, NotUnderstood | Failed)
    ]
    return " ".join(found)
