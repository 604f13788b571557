"""Archives: what is read of them, and every way in which they lie."""

import hashlib
import io
import json
import stat
import struct
import zipfile
import zlib

import pytest

from cets.domains.intake.containers import limits, names
from cets.domains.intake.containers import zip_format as archive
from cets.domains.intake.rows import AnyRow, Failed, FreeText, MemberStart, NotUnderstood
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.zip_archive.source import Zip


def pack(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as written:
        for name, content in members:
            written.writestr(name, content)
    return made.getvalue()


class Pipe(io.BytesIO):
    """Takes bytes and never goes back."""

    def tell(self) -> int:
        raise OSError


def streamed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack as programs do that cannot go back: the size of each member stands behind it."""
    made = Pipe()
    with zipfile.ZipFile(made, "w", method) as written:
        for name, content in members:
            written.writestr(name, content)
    return made.getvalue()


def read(raw: bytes) -> list[AnyRow]:
    return list(Zip().read(io.BytesIO(raw), Options(country="GB")))


def members(rows: list[AnyRow]) -> list[MemberStart]:
    return [row for row in rows if isinstance(row, MemberStart)]


def errors(rows: list[AnyRow]) -> list[str | None]:
    return [member.error for member in members(rows)]


def said(rows: list[AnyRow]) -> str:
    return " ".join(row.text for row in rows if isinstance(row, NotUnderstood))


def texts(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, FreeText)]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_members_are_announced_then_read(method: int) -> None:
    rows = read(
        pack(
            ("folder/", b""),
            ("folder/a.txt", b"hello"),
            ("b.bin", bytes(range(256))),
            ("c", b""),
            method=method,
        )
    )

    assert [(member.name, member.source, member.size) for member in members(rows)] == [
        ("folder/a.txt", "text", 5),
        ("b.bin", None, 256),
        ("c", None, 0),
    ]
    assert members(rows)[0].sha256 == hashlib.sha256(b"hello").hexdigest()
    assert [type(row) for row in rows] == [
        MemberStart,
        FreeText,
        MemberStart,
        NotUnderstood,
        MemberStart,
        NotUnderstood,
    ]
    assert "b.bin is of no format" in said(rows)
    assert "c is empty" in said(rows)


def test_by_products_of_the_system_are_skipped_and_said_first() -> None:
    rows = read(
        pack(("__MACOSX/._a.txt", b"x"), (".DS_Store", b"x"), ("a/Thumbs.db", b"x"), ("a.txt", b"hello"))
    )

    assert [member.name for member in members(rows)] == ["a.txt"]
    assert "skipped: 3" in said(rows[:1])


def test_archives_in_archives_to_a_depth_of_three() -> None:
    innermost = pack(("d.txt", b"four"))
    rows = read(
        pack(("b.zip", pack(("c.zip", pack(("d.zip", innermost), ("c.txt", b"three"))))), ("a.txt", b"one"))
    )

    assert [(member.name, member.source) for member in members(rows)] == [
        ("b.zip", "zip"),
        ("b.zip!/c.zip", "zip"),
        ("b.zip!/c.zip!/d.zip", "zip"),
        ("b.zip!/c.zip!/c.txt", "text"),
        ("a.txt", "text"),
    ]
    assert "depth of 3" in str(errors(rows)[2])
    assert texts(rows) == ["three", "one"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../a.txt", "leads out"),
        ("a/../../b.txt", "leads out"),
        ("a\\..\\b.txt", "leads out"),
        ("/../a.txt", "leads out"),
        ("C:\\..\\a.txt", "leads out"),
        (" ", "no name"),
        ("C:\\", "no name"),
        ("n" * 1_001, "1001 bytes"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(name: str, reason: str) -> None:
    rows = read(pack((name, b"hello"), ("ok.txt", b"fine")))

    assert reason in str(errors(rows)[0])
    assert (members(rows)[0].source, members(rows)[0].sha256) == (None, "")
    assert texts(rows) == ["fine"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("/data/a.txt", "data/a.txt"),
        ("//data/a.txt", "data/a.txt"),
        ("\\\\host\\a.txt", "host\\a.txt"),
        ("C:\\a.txt", "a.txt"),
        ("d:/in/a.txt", "in/a.txt"),
    ],
)
def test_a_name_from_the_root_of_a_disk_is_read_as_it_stands_in_the_archive(name: str, shown: str) -> None:
    """As programs write it that copy whole phones; nothing is ever written to a path from inside."""
    rows = read(pack((name, b"hello"), ("C:a.txt", b"fine")))

    assert texts(rows) == ["hello", "fine"]
    assert [one.name.replace("/", "\\") for one in members(rows)] == [shown.replace("/", "\\"), "C:a.txt"]
    (said,) = (row.text for row in rows if isinstance(row, NotUnderstood))
    assert said.startswith("Names that begin at the root of a disk: 1, such as “")


def test_a_symbolic_link_is_refused() -> None:
    info = zipfile.ZipInfo("link")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        written.writestr(info, "/etc/passwd")

    assert "symbolic link" in str(errors(read(made.getvalue()))[0])


def test_an_encrypted_member_is_refused() -> None:
    raw = bytearray(pack(("a.txt", b"hello")))
    raw[6] |= 1
    raw[raw.find(b"PK\x01\x02") + 8] |= 1

    assert "Encrypted" in str(errors(read(bytes(raw)))[0])


@pytest.mark.parametrize(
    ("number", "name"), [(9, "Deflate64"), (14, "LZMA"), (93, "Zstandard"), (77, "number 77")]
)
def test_an_unknown_method_is_named(number: int, name: str) -> None:
    raw = bytearray(pack(("a.txt", b"hello" * 100)))
    raw[8] = raw[raw.find(b"PK\x01\x02") + 10] = number

    assert f"method ({name})" in str(errors(read(bytes(raw)))[0])


def raw_name(name: bytes, *, utf8: bool = False) -> bytes:
    raw = bytearray(pack(("N" * len(name), b"hello")))
    for at, flag in ((30, 6), (raw.find(b"PK\x01\x02") + 46, raw.find(b"PK\x01\x02") + 8)):
        raw[at : at + len(name)] = name
        if utf8:
            raw[flag + 1] |= 8
    return bytes(raw)


@pytest.mark.parametrize(
    ("name", "utf8", "shown"),
    [
        (b"br\x81cke.txt", False, "brücke.txt"),
        ("brücke.txt".encode(), False, "brücke.txt"),
        ("brücke.txt".encode(), True, "brücke.txt"),
        (b"br\xffcke.txt", True, "br\\xffcke.txt"),
        (b"a\x00b.txt", False, "a\\x00b.txt"),
        ("photo\u202egpj.exe".encode(), True, "photo\\u202egpj.exe"),
        (b"a\nb.txt", False, "a\\nb.txt"),
    ],
)
def test_names_of_any_bytes(name: bytes, utf8: bool, shown: str) -> None:
    rows = read(raw_name(name, utf8=utf8))

    assert [member.name for member in members(rows)] == [shown]
    assert texts(rows) == ["hello"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_told_apart() -> None:
    rows = read(pack(("a.txt", b"one"), ("a.txt", b"two")))

    assert [member.name for member in members(rows)] == ["a.txt", "a.txt (2)"]
    assert texts(rows) == ["one", "two"]


def test_a_bomb_by_ratio_is_refused_unopened() -> None:
    rows = read(pack(("bomb.txt", b"\n" * 20_000_000), ("a.txt", b"fine")))

    assert "250 times" in str(errors(rows)[0])
    assert texts(rows) == ["fine"]


def test_a_bomb_that_lies_about_its_size_is_stopped() -> None:
    raw = bytearray(pack(("bomb.txt", b"\n" * 20_000_000)))
    for at in (22, raw.find(b"PK\x01\x02") + 24):
        raw[at : at + 4] = struct.pack("<L", 5)
    rows = read(bytes(raw))

    assert "limit of 16 MB" in str(errors(rows)[0])
    assert not texts(rows)


def test_the_sum_of_members_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_BYTES", 250)
    rows = read(pack(("a.txt", b"x" * 200), ("b.txt", b"y" * 200), ("c.txt", b"z" * 40)))

    assert [bool(error) for error in errors(rows)] == [False, True, False]
    assert "limit" in str(errors(rows)[1])


def test_the_sum_holds_over_nested_archives(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = pack(("a.txt", b"x" * 200))
    monkeypatch.setattr(limits, "MOST_BYTES", len(inner) + 100)
    rows = read(pack(("inner.zip", inner)))

    assert "limit" in str(errors(rows)[1])


def test_members_that_share_bytes_are_refused() -> None:
    """The densest bombs list the same packed bytes many times."""
    raw = pack(("a.txt", b"hello"))
    at = raw.find(b"PK\x01\x02")
    end = raw.find(b"PK\x05\x06")
    directory = raw[at:end]
    doubled = bytearray(raw[:at] + directory * 3 + raw[end:])
    new_end = doubled.find(b"PK\x05\x06")
    struct.pack_into("<HHL", doubled, new_end + 8, 3, 3, len(directory) * 3)
    rows = read(bytes(doubled))

    assert [bool(error) for error in errors(rows)] == [False, True, True]
    assert "shares its bytes" in str(errors(rows)[1])


def test_of_too_many_members_the_first_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_MEMBERS", 3)
    raw = pack(*((f"{n}.txt", b"text %d" % n) for n in range(5)))
    stopped, *rows = read(raw)

    assert isinstance(stopped, Failed), "it stands before the first member, so it is the archive's own"
    assert "more than 3 members; only the first 3 were read" in stopped.reason
    assert texts(rows) == ["text 0", "text 1", "text 2"]
    without_directory = read(raw[: raw.find(b"PK\x01\x02")])
    assert texts(without_directory) == ["text 0", "text 1", "text 2"]
    assert "only the first 3" in str(without_directory[0])


def test_an_archive_of_as_many_members_as_are_read_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_MEMBERS", 3)
    rows = read(pack(*((f"{n}.txt", b"text") for n in range(3))))

    assert errors(rows) == [None, None, None]
    assert not [row for row in rows if isinstance(row, Failed | NotUnderstood)]


def test_members_behind_a_broken_entry_of_the_directory_are_read_and_said() -> None:
    raw = pack(*((f"{number}.txt", b"kea@mail.example") for number in range(4)))
    second = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 1)
    rows = read(raw[:second] + b"XX" + raw[second + 2 :])
    assert [row.name for row in rows if isinstance(row, MemberStart)] == [f"{n}.txt" for n in range(4)]
    assert "states that it holds 4 members; 4 were found" in said(rows)


def test_comments_are_said() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        member = zipfile.ZipInfo("a.txt")
        member.comment = b"of kea@mail.example"
        archive.writestr(member, b"x")
    assert "Comments stand in the archive" in said(read(packed.getvalue()))
    with zipfile.ZipFile(packed, "w") as archive:
        archive.comment = b"of kea@mail.example"
        archive.writestr("a.txt", b"x")
    assert "Comments stand in the archive" in said(read(packed.getvalue()))
    assert "Comments" not in said(read(pack(("a.txt", b"x"))))


def test_the_count_that_an_archive_states_is_not_believed() -> None:
    raw = bytearray(pack(("a.txt", b"hello")))
    struct.pack_into("<HH", raw, raw.find(b"PK\x05\x06") + 8, 20_000, 20_000)

    assert texts(read(bytes(raw))) == ["hello"]


def test_of_a_directory_that_is_too_long_the_start_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = pack(("a.txt", b"hello"), ("b.txt", b"good-bye"))
    start, end = raw.find(b"PK\x01\x02"), raw.find(b"PK\x05\x06")
    monkeypatch.setattr(limits, "MOST_DIRECTORY", end - start - 3)
    stopped, *rows = read(raw)

    assert isinstance(stopped, Failed)
    assert "only the first 1 members were read" in stopped.reason
    assert texts(rows) == ["hello"]


def test_members_are_counted_over_nested_archives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_MEMBERS", 4)
    inner = pack(*((f"{n}.txt", b"inner %d" % n) for n in range(3)))
    rows = read(pack(("one.zip", inner), ("two.zip", inner), ("last.txt", b"last")))

    assert texts(rows) == ["inner 0", "inner 1", "inner 2"]
    assert (
        said(rows).count("At most 4 members are read, of all archives in one; two.zip and those after") == 1
    )


def test_a_wide_archive_is_read() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written, written.open("a.txt", "w", force_zip64=True) as member:
        member.write(b"hello")
    raw = made.getvalue()
    at, end = raw.find(b"PK\x01\x02"), raw.find(b"PK\x05\x06")
    wide_end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, end - at, at)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    short_end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)

    assert texts(read(raw[:end] + wide_end + locator + short_end)) == ["hello"]


def test_bytes_before_the_archive_shift_everything() -> None:
    assert texts(read(b"#!/bin/sh\n" * 5 + pack(("a.txt", b"hello")))) == ["hello"]


@pytest.mark.parametrize("mark", [b"PK\x07\x08", b"PK00"])
@pytest.mark.parametrize("is_counted", [False, True])
def test_an_archive_that_began_as_a_volume_is_read(mark: bytes, is_counted: bool) -> None:
    raw = mark + pack(("a.txt", b"one"), ("b.txt", b"two"))
    if is_counted:
        made = io.BytesIO(raw)
        with zipfile.ZipFile(made, "a") as written:
            written.writestr("c.txt", b"three")
        raw = made.getvalue()
    rows = read(raw)

    assert Zip().recognises(raw[:4096], len(raw))
    assert texts(rows) == ["one", "two", "three"][: 3 if is_counted else 2]
    assert not said(rows)


def test_of_the_first_of_several_volumes_what_it_holds_is_read() -> None:
    raw = b"PK\x07\x08" + pack(("a.txt", b"one"), ("b.txt", b"two" * 99), method=zipfile.ZIP_STORED)
    rows = read(raw[:200])

    assert texts(rows)[0] == "one"
    assert texts(rows)[1].startswith("twotwo")
    assert "first of several volumes" in said(rows)


def test_an_archive_cut_short_is_read_as_far_as_it_goes() -> None:
    raw = pack(("a.txt", b"hello"), ("b.txt", bytes(str(list(range(3000))), "ascii")), ("c.txt", b"gone"))
    rows = read(raw[: raw.find(b"c.txt") - 200])

    assert "breaks off before its directory" in said(rows)
    assert [member.name for member in members(rows)] == ["a.txt", "b.txt"]
    assert texts(rows)[0] == "hello"
    assert texts(rows)[1].startswith("[0, 1, 2")
    assert "It breaks off" in said(rows)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("wide", [False, True])
def test_of_a_streamed_archive_cut_short_every_whole_member_is_read(method: int, wide: bool) -> None:
    """Its headers state no sizes: they stand behind each member, which is found by them."""
    inner = streamed(("b.txt", b"two"), method=method)
    raw = streamed(("a.txt", b"one" * 40_000), ("b.zip", inner), ("c.txt", b"three" * 50), method=method)
    if wide:
        raw = widened(raw)
    rows = read(raw[: raw.find(b"PK\x01\x02", raw.find(b"c.txt"))])

    assert [member.name for member in members(rows)] == ["a.txt", "b.zip", "b.zip!/b.txt", "c.txt"]
    assert "".join(texts(rows)) == "one" * 40_000 + "two" + "three" * 50
    assert "cut short" in said(rows) or "breaks off" in said(rows)
    assert "empty" not in said(rows)


def test_the_end_of_an_archive_within_is_not_taken_for_the_end_of_one_that_was_cut() -> None:
    inner = pack(("in.txt", b"two"))
    raw = pack(("a.txt", b"one"), ("b.zip", inner), ("c.txt", b"three" * 50), method=zipfile.ZIP_STORED)
    rows = read(raw[: raw.find(b"three") + 9])

    assert texts(rows) == ["one", "two", "threethre"]
    assert "read as far as they go" in said(rows)


def test_archives_one_after_the_other_are_all_read() -> None:
    rows = read(pack(("a.txt", b"one")) + pack(("b.txt", b"two")) + streamed(("c.txt", b"three")))

    assert texts(rows) == ["one", "two", "three"]
    assert "more than one" in said(rows)


def widened(raw: bytes) -> bytes:
    """Write the sizes behind the outer members of a streamed archive in eight bytes each."""
    with zipfile.ZipFile(io.BytesIO(raw)) as written:
        for info in reversed(written.infolist()):
            behind = struct.pack("<4s3L", b"PK\x07\x08", info.CRC, info.compress_size, info.file_size)
            wide = struct.pack("<4sL2Q", b"PK\x07\x08", info.CRC, info.compress_size, info.file_size)
            at = raw.index(behind, info.header_offset)
            raw = raw[:at] + wide + raw[at + len(behind) :]
    return raw


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_last_member_of_a_streamed_archive_that_breaks_off_is_read_up_to_there(method: int) -> None:
    numbers = str(list(range(9000))).encode()
    raw = streamed(("a.txt", b"one"), ("b.txt", numbers), method=method)
    rows = read(raw[: raw.find(b"b.txt") + 9_000])

    assert texts(rows)[0] == "one"
    assert texts(rows)[1].startswith("[0, 1, 2")
    assert "b.txt: " in said(rows)


def test_damage_in_a_streamed_archive_cut_short_is_said() -> None:
    raw = streamed(("a.txt", b"hello there"), ("b.txt", b"fine"), method=zipfile.ZIP_STORED)
    rows = read(raw.replace(b"hello", b"iello")[: raw.find(b"PK\x01\x02")])

    assert texts(rows) == ["iello there", "fine"]
    assert "a.txt: Its length or checksum" in said(rows)


def test_wide_numbers_beside_narrow_ones_that_hold_are_no_fault() -> None:
    raw = streamed(("a.txt", b"one"), ("b.txt", b"two"))
    at, end = raw.find(b"PK\x01\x02"), raw.find(b"PK\x05\x06")
    wide_end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 2, 2, end - at, at)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    rows = read(raw[:end] + wide_end + locator + raw[end:])

    assert texts(rows) == ["one", "two"]
    assert not said(rows)


def test_damage_is_said_and_the_rest_is_read() -> None:
    raw = bytearray(pack(("a.txt", b"hello there"), ("b.txt", b"fine"), method=zipfile.ZIP_STORED))
    raw[raw.find(b"hello")] ^= 1
    rows = read(bytes(raw))

    assert texts(rows) == ["iello there", "fine"]
    assert "checksum" in said(rows)


def test_of_damaged_content_all_that_stands_before_the_damage_is_read() -> None:
    numbers = "\n".join(f"{number * 7919 % 1_000_003}" for number in range(9_000))
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packing.compress(numbers.encode()) + packing.flush(zlib.Z_FULL_FLUSH)
    assert len(packed) < 1 << 16, "no more than is unpacked at one time"
    raw = bytearray(pack(("a.txt", packed + b"\x07" * 2_000), ("b.txt", b"fine"), method=zipfile.ZIP_STORED))
    raw[8] = raw[raw.find(b"PK\x01\x02") + 10] = zipfile.ZIP_DEFLATED
    *before, last = texts(read(bytes(raw)))

    assert set(numbers.split()[:8_000]) <= set("\n".join(before).split())
    assert last == "fine"
    assert "a.txt: Its packed content is damaged" in said(read(bytes(raw)))


def test_two_names_for_one_member_are_refused() -> None:
    raw = pack(("harmless.txt", b"hello")).replace(b"harmless.txt", b"harmfull.txt", 1)

    assert "differently in two places" in str(errors(read(raw))[0])


@pytest.mark.parametrize("cut", range(4, 420, 13))
def test_cut_anywhere_it_still_ends(cut: int) -> None:
    read(pack(("a.txt", b"hello " * 9), ("b.zip", pack(("c.txt", b"x" * 50))))[:cut])


@pytest.mark.parametrize("seed", range(0, 400, 7))
def test_damaged_anywhere_it_still_ends(seed: int) -> None:
    raw = bytearray(pack(("a.txt", b"hello " * 9), ("b.zip", pack(("c.txt", b"x" * 50)))))
    raw[seed % len(raw)] ^= 0xFF

    read(bytes(raw))


@pytest.mark.parametrize(
    ("head", "is_zip"),
    [
        (pack(("a.txt", b"x")), True),
        (pack(), True),
        (pack(("[Content_Types].xml", b"x"), ("word/document.xml", b"x")), False),
        (pack(("mimetype", b"application/vnd.oasis.opendocument.text"), method=zipfile.ZIP_STORED), False),
        (
            pack(("_rels/.rels", b"x" * 300), ("[Content_Types].xml", b"x"), ("word/document.xml", b"x")),
            False,
        ),
        (streamed(("_rels/.rels", b"x" * 300), ("[Content_Types].xml", b"x")), False),
        (pack(("report.docx", pack(("[Content_Types].xml", b"x"))), method=zipfile.ZIP_STORED), True),
        (pack(("app.apk", pack(("AndroidManifest.xml", b"x"))), method=zipfile.ZIP_STORED), True),
        (pack(("note.txt", b"it held META-INF/MANIFEST.MF"), method=zipfile.ZIP_STORED), True),
        (pack(("report/[Content_Types].xml", b"x"), ("chat.txt", b"x")), True),
        (b"PK00" + pack(("[Content_Types].xml", b"x"), ("word/document.xml", b"x")), False),
        (b"PK00 and text", False),
        (b"PK", False),
        (b"text", False),
    ],
)
def test_recognition(head: bytes, is_zip: bool) -> None:
    assert bool(Zip().recognises(head, len(head))) is is_zip


def test_an_empty_archive_yields_nothing_to_read() -> None:
    assert read(pack()) == [NotUnderstood(text="The archive is empty: it holds no file.", place="whole file")]


def test_what_only_begins_like_an_archive_fails_with_a_reason() -> None:
    (row,) = read(b"PK\x03\x04 and then nothing of the kind")

    assert isinstance(row, Failed)


def test_names_are_judged_alone() -> None:
    assert names.fault("a/b.txt") is None
    assert names.fault("..a/b..txt") is None
    assert not names.is_of_the_system("a/b.txt")


def test_a_member_is_unpacked_in_small_chunks() -> None:
    raw = pack(("a.txt", b"\n" * 9_000_000))
    (entry,) = archive.entries(io.BytesIO(raw)).entries
    sizes = [len(chunk) for chunk in archive.unpack(io.BytesIO(raw), entry, most=10**9)]

    assert sum(sizes) == 9_000_000
    assert max(sizes) <= 1 << 20
    assert zlib.crc32(b"\n" * 9_000_000) == entry.crc


def test_an_empty_archive_is_said_to_be_empty() -> None:
    empty = pack()
    assert said(read(empty)) == "The archive is empty: it holds no file."
    assert said(read(pack(("folder/", b"")))) == "The archive is empty: it holds no file."
    assert said(read(pack(("in.zip", empty)))) == "The archive in.zip is empty: it holds no file."
    assert "is empty: it" not in said(read(pack(("a.txt", b"hello"))))


@pytest.mark.parametrize("length", [4, 10, 29, 35])
def test_an_archive_cut_short_is_not_called_empty(length: int) -> None:
    rows = read(pack(("a.txt", b"hello"))[:length])
    assert "empty" not in said(rows)
    assert any(isinstance(row, Failed | NotUnderstood) for row in rows)


def from_member(rows: list[AnyRow], number: int) -> list[AnyRow]:
    """Return what comes from the member of this number on."""
    starts = [index for index, row in enumerate(rows) if isinstance(row, MemberStart)]
    return rows[starts[number] :] if number < len(starts) else []


def test_behind_a_member_that_ended_a_process_all_is_told_and_nothing_twice() -> None:
    raw = pack(
        ("a.txt", b"one"), ("in.zip", pack(("b.txt", b"two"), ("c.bin", bytes(range(256))), ("d.txt", b"three"))),
        ("e.txt", b"four"), ("f.zip", pack(("g.txt", b"five"))),
    )  # fmt: skip
    whole = read(raw)
    count = len(members(whole))
    assert count == 8

    for broken in range(1, count + 1):
        rows = list(Zip().read(io.BytesIO(raw), Options(country="GB", told=(broken, 1))))
        # A container at which it ended is not looked into: what was inside it is behind it, and cannot be told from it.
        skipped = {2: 3, 7: 1}.get(broken, 0)
        assert rows == from_member(whole, broken + skipped), broken


def test_rows_of_the_broken_member_before_its_content_are_told_once() -> None:
    picture = b"\x89PNG" + bytes(range(200))
    md5 = hashlib.md5(picture, usedforsecurity=False).hexdigest()
    report = {
        "reportId": 990000301,
        "reportedInformation": {"uploadedFiles": [{"filename": "a.txt", "md5": md5}]},
    }
    raw = pack(("r.json", json.dumps(report).encode()), ("a.txt", b"kim@post.example"), ("b.png", picture))
    whole = read(raw)
    assert [type(row) for row in from_member(whole, 1)][:2] == [MemberStart, FreeText]

    rows = list(Zip().read(io.BytesIO(raw), Options(country="GB", told=(2, 1))))
    assert isinstance(rows[0], FreeText)
    assert "Uploaded file 1" in rows[0].text
    assert from_member(rows, 0) == from_member(whole, 2), "the report that came before is still known"
    assert not list(Zip().read(io.BytesIO(raw), Options(country="GB", told=(3, 99))))
