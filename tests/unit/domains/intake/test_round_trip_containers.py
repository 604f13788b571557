"""What is packed into archives and compressed files comes back whole: each member by name, size, sum and content."""

import bz2
import gzip
import hashlib
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake.rows import AnyRow, FreeText, MemberStart
from unit.domains.intake.packing import seven, tar
from unit.domains.intake.round_trips import NAMES, TEXTS, WORDS, read, unread

Members = list[tuple[str, bytes]]
Pack = Callable[[Members], bytes]

_PARTS = st.one_of(NAMES, WORDS)
_PATHS = st.lists(_PARTS, min_size=1, max_size=3).map(lambda parts: "/".join(parts) + ".txt")
#: Lines of plain words, of a few bytes to some hundred kilobytes: text, so that every byte of it can be found again.
_CONTENTS = st.tuples(
    st.lists(TEXTS, min_size=1, max_size=4).map("\n".join), st.sampled_from([1, 1, 1, 300])
).map(lambda pair: "\n".join([pair[0]] * pair[1]).encode())
MEMBERS = st.lists(st.tuples(_PATHS, _CONTENTS), min_size=1, max_size=6, unique_by=lambda member: member[0])


def zipped(members: Members, method: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as written:
        for name, content in members:
            written.writestr(name, content)
    return made.getvalue()


def zipped_forwards(members: Members) -> bytes:
    """Pack as a program does that cannot go back: sizes and sums stand behind each member."""

    class Forwards(io.RawIOBase):
        def __init__(self) -> None:
            self.made = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.made += data
            return len(data)

    out = Forwards()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members:
            written.writestr(name, content)
    return bytes(out.made)


COPY = b"\x01\x00"  # of a 7z archive: nothing is packed
ARCHIVES: dict[str, tuple[str, Pack]] = {
    "zip, stored": ("zip", lambda members: zipped(members, zipfile.ZIP_STORED)),
    "zip, deflated": ("zip", lambda members: zipped(members, zipfile.ZIP_DEFLATED)),
    "zip, forwards": ("zip", zipped_forwards),
    "tar, ustar": ("tar", lambda members: tar(*members, kind=tarfile.USTAR_FORMAT)),
    "tar, gnu": ("tar", lambda members: tar(*members, kind=tarfile.GNU_FORMAT)),
    "tar, pax": ("tar", lambda members: tar(*members, kind=tarfile.PAX_FORMAT)),
    "7z, LZMA2": ("7z", lambda members: seven(*members)),
    "7z, stored": ("7z", lambda members: seven(*members, coder=COPY)),
    "tar.gz": ("compressed", lambda members: gzip.compress(tar(*members))),
    "tar.bz2": ("compressed", lambda members: bz2.compress(tar(*members))),
    "tar.xz": ("compressed", lambda members: lzma.compress(tar(*members))),
}
METHODS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}


def told(rows: list[AnyRow]) -> list[tuple[str, int, str, str | None, bytes]]:
    """Return each member with its size, sum and error, and all text of it as bytes."""
    found: list[tuple[MemberStart, list[str]]] = []
    for row in rows:
        if isinstance(row, MemberStart):
            found.append((row, []))
        elif isinstance(row, FreeText):
            found[-1][1].append(row.text)
    return [
        (start.name, start.size, start.sha256, start.error, "\n".join(lines).encode())
        for start, lines in found
    ]


def expected(members: Members) -> list[tuple[str, int, str, str | None, bytes]]:
    return [
        (name, len(content), hashlib.sha256(content).hexdigest(), None, content) for name, content in members
    ]


@pytest.mark.parametrize("shape", ARCHIVES)
@settings(max_examples=20, deadline=None)
@given(members=MEMBERS)
def test_members_come_back_whole(shape: str, members: Members) -> None:
    name, pack = ARCHIVES[shape]
    rows = read(name, pack(members))
    assert sorted(told(rows)) == sorted(expected(members))
    assert not unread(rows)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=25, deadline=None)
@given(contents=st.lists(_CONTENTS, min_size=1, max_size=3))
def test_a_compressed_file_comes_back_whole(method: str, contents: list[bytes]) -> None:
    pieces = [content + b"\n" for content in contents]
    rows = read(
        "compressed", b"".join(map(METHODS[method], pieces))
    )  # streams one after the other are one file
    ((name, size, digest, error, text),) = told(rows)
    whole = b"".join(pieces)
    assert (name, size, digest, error) == ("content", len(whole), hashlib.sha256(whole).hexdigest(), None)
    assert text == whole.rstrip(b"\n")
    assert not unread(rows)


@settings(max_examples=25, deadline=None)
@given(MEMBERS, st.permutations(sorted(ARCHIVES)).map(lambda shapes: shapes[:2]))
def test_archives_in_archives_come_back_whole(members: Members, shapes: list[str]) -> None:
    (_, inner), (name, outer) = (ARCHIVES[shape] for shape in shapes)
    rows = read(name, outer([("held.bin", inner(members))]))
    found = [one for one in told(rows) if one[0] != "held.bin"]
    assert sorted(found) == sorted((f"held.bin!/{path}", *rest) for path, *rest in expected(members))
    assert not unread(rows)
