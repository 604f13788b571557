"""Compressed files, alone and around tar archives: bombs, cuts and damage among them."""

import bz2
import gzip
import io
import lzma
import tarfile
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from cets.domains.intake.containers import limits
from cets.domains.intake.containers.streams import DAMAGED, Tape, unpacked
from cets.domains.intake.containers.streams import METHODS as ALL
from cets.domains.intake.rows import Failed
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.compressed.source import Compressed
from unit.domains.intake.packing import errors, members, read, said, source_of, tar, texts

Pack = Callable[[bytes], bytes]
METHODS = [pytest.param(pack, id=pack.__module__) for pack in (gzip.compress, bz2.compress, lzma.compress)]
WORDS = " ".join(f"word{n * 7919 % 100_003}" for n in range(40_000)).encode()


def named(name: bytes, content: bytes) -> bytes:
    """Return a gzip file that keeps a name."""
    raw = gzip.compress(content, mtime=0)
    return raw[:3] + b"\x08" + raw[4:10] + name + b"\0" + raw[10:]


@pytest.mark.parametrize("pack", METHODS)
def test_the_member_is_the_file_within(pack: Pack) -> None:
    rows = read(pack(b"hello"))
    assert members(rows) == [("content", "text", 5)]
    assert texts(rows) == ["hello"]


@pytest.mark.parametrize("pack", METHODS)
def test_a_tar_archive_within_is_no_level_of_its_own(pack: Pack) -> None:
    inner = tar(("in/a.txt", b"hello"), ("b.txt", WORDS), ("link", b""))
    rows = read(pack(inner))

    assert members(rows) == [("in/a.txt", "text", 5), ("b.txt", "text", len(WORDS)), ("link", None, 0)]
    assert texts(rows)[0] == "hello"


@pytest.mark.parametrize(
    ("name", "shown"),
    [(b"chat.txt", "chat.txt"), (b"../../etc/passwd", "passwd"), (b"C:\\in\\chat.txt", "chat.txt"), (b"..", "content"), (b"br\xfccke", "brücke"),
     ("a\u202eb".encode(), "a\\u202eb")],
)  # fmt: skip
def test_the_name_that_gzip_keeps(name: bytes, shown: str) -> None:
    assert members(read(named(name, b"hello"))) == [(shown, "text", 5)]


@pytest.mark.parametrize("pack", METHODS)
def test_streams_one_after_the_other_are_one_file(pack: Pack) -> None:
    assert texts(read(pack(b"hello ") + pack(b"and good-bye") + bytes(512))) == ["hello and good-bye"]


@pytest.mark.parametrize("pack", METHODS)
def test_what_stands_behind_is_said(pack: Pack) -> None:
    rows = read(pack(b"hello") + b"hidden message")
    assert texts(rows) == ["hello"]
    assert "After its end stand bytes" in said(rows)


@pytest.mark.parametrize("pack", METHODS)
def test_a_cut_file_is_read_as_far_as_it_goes(pack: Pack) -> None:
    raw = pack(WORDS * 40)
    rows = read(raw[: len(raw) * 3 // 4])

    assert members(rows)[0][2] > len(WORDS) // 2
    assert "It breaks off" in said(rows)


def test_a_wrong_checksum_costs_nothing_of_the_content() -> None:
    raw = bytearray(gzip.compress(b"hello"))
    raw[-6] ^= 1
    rows = read(bytes(raw))
    assert texts(rows) == ["hello"]
    assert DAMAGED in said(rows)


def test_damage_within_costs_what_comes_after_it() -> None:
    raw = bytearray(gzip.compress(WORDS))
    for at in range(len(raw) // 2, len(raw) // 2 + 40):
        raw[at] ^= 0x55
    rows = read(bytes(raw))
    assert members(rows)[0][2] > len(WORDS) // 4
    assert said(rows)


@pytest.mark.parametrize("pack", METHODS)
def test_a_bomb_is_not_unpacked(pack: Pack) -> None:
    rows = read(pack(bytes(40_000_000)))
    assert "16 MB" in str(errors(rows)[0])
    assert len(rows) == 1


@pytest.mark.parametrize("pack", METHODS)
def test_a_bomb_in_a_tar_archive_is_refused_and_what_stands_before_it_is_read(pack: Pack) -> None:
    rows = read(pack(tar(("a.txt", b"hello"), ("bomb", bytes(40_000_000)), ("b.txt", b"unreachable"))))

    assert texts(rows) == ["hello"]
    assert "250 times its size" in str(errors(rows)[1])
    assert "Nothing after it was read" in str(errors(rows)[1])
    assert len(members(rows)) == 2


def test_zeros_behind_the_end_of_an_archive_are_a_bomb_too() -> None:
    rows = read(gzip.compress(tar(("a.txt", b"hello")) + bytes(40_000_000)))
    assert isinstance(rows[0], Failed)
    assert "250 times" in rows[0].reason
    assert texts(rows) == ["hello"]


def test_bombs_in_bombs_end_at_the_depth() -> None:
    raw = b"hello"
    for _ in range(5):
        raw = gzip.compress(raw)
    rows = read(raw)
    assert [name for name, *_ in members(rows)] == [
        "content",
        "content!/content",
        "content!/content!/content",
    ]
    assert "depth of 3" in str(errors(rows)[2])


def test_a_dictionary_that_takes_too_much_memory_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_DICTIONARY", -(12 << 20))  # what the program adds stands above it
    rows = read(lzma.compress(b"hello", preset=6))
    assert "memory" in str(errors(rows)[0])


def test_memory_stays_small_however_much_comes_out() -> None:
    raw = io.BytesIO(bz2.compress(WORDS * 200))
    tracemalloc.start()
    total = sum(map(len, unpacked(raw, bz2.BZ2Decompressor)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total == 200 * len(WORDS)
    assert peak < 16 << 20


def test_a_link_in_a_compressed_tar_archive_is_refused() -> None:
    rows = read(gzip.compress(tar(("odd", b""), type=tarfile.SYMTYPE, linkname="/etc/passwd")))
    assert "symbolic link" in str(errors(rows)[0])


def test_a_broken_tar_archive_within_is_read_to_the_fault() -> None:
    inner = tar(("a.txt", b"hello"), ("b.txt", WORDS), kind=tarfile.USTAR_FORMAT)
    packed = gzip.compress(inner)
    rows = read(packed[: len(packed) // 2])
    assert texts(rows)[0] == "hello"
    assert members(rows)[1][0] == "b.txt"
    assert "breaks off" in said(rows)


@pytest.mark.parametrize("pack", METHODS)
@pytest.mark.parametrize("end", [1, 3, 6, 9, 12, 20])
def test_a_head_alone_ends_in_rows(pack: Pack, end: int) -> None:
    rows = list(Compressed().read(io.BytesIO(pack(b"hello")[:end]), Options()))
    assert rows


def test_recognition() -> None:
    assert {name for _, name, _ in ALL} == {"gzip", "bzip2", "xz"}
    for raw in (gzip.compress(b"x"), bz2.compress(b"x"), bz2.compress(b""), lzma.compress(b"x")):
        assert getattr(source_of(raw), "name", None) == "compressed"
    assert getattr(source_of(b"BZh9 is what he called himself"), "name", None) != "compressed"


def test_a_tape_goes_back_by_beginning_again() -> None:
    begun: list[int] = []

    def begin() -> Iterator[bytes]:
        begun.append(1)
        return iter([b"abc", b"", b"defg"])

    tape = Tape(begin, most=100)
    assert (tape.seek(2), tape.read(3), tape.read(9), tape.read(1)) == (2, b"cde", b"fg", b"")
    assert (tape.seek(1), tape.read(2), tape.seek(50), len(begun)) == (1, b"bc", 7, 2)
