"""tar archives: what is read of them, and every way in which they lie."""

import gzip
import hashlib
import io
import tarfile

import pytest

from cets.domains.intake import sources
from cets.domains.intake.containers import limits, tar_format
from cets.domains.intake.rows import Failed, MemberStart
from cets.domains.intake.sources.base import Options
from unit.domains.intake.packing import errors, header, members, read, said, source_of, tar, texts

KINDS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]
BINARY = b"\x80" + (9_000_000_000).to_bytes(11, "big")


@pytest.mark.parametrize("kind", KINDS)
def test_members_are_announced_then_read(kind: int) -> None:
    rows = read(tar(("./in/a.txt", b"hello"), ("b.bin", bytes(range(256))), ("c", b""), kind=kind))

    assert members(rows) == [("in/a.txt", "text", 5), ("b.bin", None, 256), ("c", None, 0)]
    first = next(row for row in rows if isinstance(row, MemberStart))
    assert first.sha256 == hashlib.sha256(b"hello").hexdigest()
    assert texts(rows) == ["hello"]
    assert "c is empty" in said(rows)
    assert not any(isinstance(row, Failed) for row in rows)


@pytest.mark.parametrize("kind", KINDS[1:])
@pytest.mark.parametrize("name", ["d/" * 120 + "a.txt", "brücke.txt"])
def test_long_and_foreign_names(kind: int, name: str) -> None:
    assert members(read(tar((name, b"hello"), kind=kind))) == [(name, "text", 5)]


def test_a_split_name_is_joined() -> None:
    name = "d" * 90 + "/" + "n" * 90
    assert members(read(tar((name, b"hello"), kind=tarfile.USTAR_FORMAT)))[0][0] == name


def test_folders_are_no_members_and_by_products_are_skipped() -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as written:
        folder = tarfile.TarInfo("in")
        folder.type = tarfile.DIRTYPE
        written.addfile(folder)
        written.addfile(tarfile.TarInfo("in/._a.txt"))
    rows = read(made.getvalue())

    assert members(rows) == []
    assert "skipped: 1" in said(rows)
    assert "is empty" not in said(rows)


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (tarfile.SYMTYPE, "symbolic link"),
        (tarfile.LNKTYPE, "link to another member"),
        (tarfile.CHRTYPE, "device"),
        (tarfile.BLKTYPE, "device"),
        (tarfile.FIFOTYPE, "pipe"),
    ],
)
def test_what_is_no_file_is_refused_and_said(kind: bytes, word: str) -> None:
    rows = read(tar(("odd", b""), type=kind, linkname="/etc/passwd")[:512] + tar(("a.txt", b"hello")))

    assert word in str(errors(rows)[0])
    assert texts(rows) == ["hello"]


@pytest.mark.parametrize("name", ["../a.txt", "in/../../a.txt", "/../a.txt", "C:\\..\\a.txt", "a\\..\\..\\b"])
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    rows = read(tar((name, b"hello"), ("a.txt", b"fine")))

    assert str(errors(rows)[0]).startswith("Refused: its name")
    assert texts(rows) == ["fine"]


def test_an_archive_of_absolute_names_is_read() -> None:
    """`tar -P`, as whole phones are copied."""
    rows = read(tar(("/data/media/a.txt", b"hello"), ("/data/media/b.txt", b"fine")))

    assert texts(rows) == ["hello", "fine"]
    assert any("begin at the root of a disk: 2" in str(getattr(row, "text", "")) for row in rows)


def test_a_name_in_an_extended_header_is_judged_too() -> None:
    rows = read(tar(("a.txt", b"hello"), pax_headers={"path": "../../b.txt"}))
    assert "leads out" in str(errors(rows)[0])


def test_sparse_files_are_not_blown_up() -> None:
    rows = read(
        tar(("a.txt", b"hello"), pax_headers={"GNU.sparse.realsize": "9" * 15, "GNU.sparse.major": "1"})
    )
    assert "sparse" in str(errors(rows)[0])
    assert "sparse" in str(errors(read(header(b"a", 0, b"S") + bytes(1024)))[0])


def test_the_same_name_twice_is_told_apart() -> None:
    rows = read(tar(("a.txt", b"one"), ("a.txt", b"two")))
    assert [name for name, *_ in members(rows)] == ["a.txt", "a.txt (2)"]
    assert texts(rows) == ["one", "two"]


def test_names_that_hide_something_are_written_out() -> None:
    rows = read(header("a\u202etxt.exe".encode(), 0) + header(b"b\xff\n.txt", 0) + bytes(1024))
    assert [name for name, *_ in members(rows)] == ["a\\u202etxt.exe", "b\\xff\\n.txt"]


def test_the_longest_name_is_a_limit() -> None:
    rows = read(tar(("n" * 1_001, b"hello"), kind=tarfile.GNU_FORMAT))
    assert "1001 bytes long" in str(errors(rows)[0])


def test_an_extended_header_that_is_too_long_is_not_taken_in() -> None:
    long = 2 << 20
    raw = header(b"x", long, b"x") + bytes(long) + tar(("a.txt", b"hello"))
    assert "bytes long" in str(errors(read(raw))[0])


@pytest.mark.parametrize("said_size", [b"9" * 40, b"-5", b"1e9", b""])
def test_extended_sizes_that_are_none_are_not_believed(said_size: bytes) -> None:
    record = b" size=" + said_size + b"\n"
    record = b"%d%s" % (len(record) + 2, record)
    raw = (
        header(b"x", len(record), b"x")
        + record.ljust(512, b"\0")
        + header(b"a.txt", 5)
        + b"hello".ljust(512, b"\0")
    )
    assert texts(read(raw + bytes(1024))) == ["hello"]


def test_records_of_any_shape_end() -> None:
    assert list(tar_format.records(b"12 path=abc\n")) == [(b"path", b"abc")]
    for raw in (b"", b"9", b"9 ", b"0 a=b\n", b"99 a=b\n", b"x a=b\n", b"3 \n", b" " * 40, b"1 1 1 1 "):
        assert list(tar_format.records(raw)) == []


# --- broken and cut -------------------------------------------------------------------------------


def test_what_stands_before_a_broken_header_is_read() -> None:
    raw = bytearray(tar(("a.txt", b"hello"), ("b.txt", b"lost"), kind=tarfile.USTAR_FORMAT))
    raw[1024 + 3] ^= 0xFF
    rows = read(bytes(raw))

    assert isinstance(rows[0], Failed), "it stands before the first member, so it is the archive's own"
    assert "At byte 1024 the archive is damaged." in rows[0].reason
    assert texts(rows) == ["hello"]


@pytest.mark.parametrize("is_packed", [False, True])
def test_behind_a_broken_header_the_next_member_is_found_and_said(is_packed: bool) -> None:
    wanted = [
        ("a.txt", b"one"),
        ("b.txt", b"lost" * 500),
        ("c.txt", b"three"),
        ("d.txt", b"four"),
        ("e.txt", b"five"),
    ]
    raw = bytearray(tar(*wanted, kind=tarfile.USTAR_FORMAT))
    assert raw[1024:1029] == b"b.txt"
    raw[1024 + 3] ^= 0xFF
    raw[raw.index(b"d.txt") + 3] ^= 0xFF
    rows = read(gzip.compress(raw) if is_packed else bytes(raw))

    assert texts(rows) == ["one", "three", "five"]
    assert "At byte 1024 the archive is damaged" in said(rows)
    assert "3584 bytes were passed over, at 2 places" in said(rows)


def test_a_cut_archive_is_read_as_far_as_it_goes() -> None:
    raw = tar(("a.txt", b"hello"), ("b.txt", b"w" * 3_000), kind=tarfile.USTAR_FORMAT)
    rows = read(raw[: 1024 + 512 + 700])

    assert members(rows) == [("a.txt", "text", 5), ("b.txt", "text", 700)]
    assert "breaks off" in said(rows)


def test_an_archive_without_its_end_mark_is_said() -> None:
    raw = tar(("a.txt", b"hello"), kind=tarfile.USTAR_FORMAT)[:1024]
    assert "without the mark of its end" in said(read(raw))


def test_archives_one_after_the_other_are_all_read() -> None:
    rows = read(tar(("a.txt", b"one")) + tar(("b.txt", b"two")))
    assert texts(rows) == ["one", "two"]


def test_bytes_behind_the_end_are_said() -> None:
    assert "no member" in said(read(tar(("a.txt", b"one")) + b"hidden" * 200))


@pytest.mark.parametrize("size", [BINARY, b"\xff" * 12, b"99999999999\0", b"7" * 11 + b"\0"])
def test_sizes_that_cannot_be_end_in_rows(size: bytes) -> None:
    rows = read(
        tar(("a.txt", b"hello"), kind=tarfile.USTAR_FORMAT)[:1024] + header(b"big", size) + b"x" * 512
    )
    assert texts(rows) == ["hello"]
    assert said(rows) or any(errors(rows))


def test_a_member_larger_than_is_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_MEMBER", 100)
    rows = read(tar(("big.txt", b"x" * 101), ("a.txt", b"hello")))
    assert "limit" in str(errors(rows)[0])
    assert texts(rows) == ["hello"]


def test_of_too_many_members_the_first_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_MEMBERS", 2)
    rows = read(tar(("a", b"one"), ("b", b"two"), ("c", b"three")))
    assert texts(rows) == ["one", "two"]
    assert "more than 2 members" in said(rows)


def test_an_archive_of_nothing_is_empty() -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as written:
        folder = tarfile.TarInfo("in")
        folder.type = tarfile.DIRTYPE
        written.addfile(folder)
    assert "is empty: it holds no file" in said(read(made.getvalue()))


def test_it_takes_no_other_format() -> None:
    for raw in (b"", b"hello", bytes(10_240), b"x" * 10_240, b"PK\x03\x04" + bytes(600)):
        source = source_of(raw)
        assert source is None or source.name != "tar"


def test_a_large_member_is_read_in_pieces() -> None:
    """The whole never lies in memory: the container gives it in small chunks."""
    raw = tar(("big", b"\x01" * 5_000_000))
    container = tar_format.TarContainer(io.BytesIO(raw))
    (entry,) = container.listing().entries
    assert max(map(len, container.unpack(entry, most=10**9))) <= 1 << 16


@pytest.mark.parametrize("source", ["tar", "compressed", "7z", "zip"])
def test_each_container_takes_an_empty_and_a_foreign_file(source: str) -> None:
    for raw in (b"", b"\x1f\x8b\x08", b"no archive at all" * 100):
        rows = list(sources.all_sources()[source].read(io.BytesIO(raw), Options()))
        assert rows
