"""7z archives: what is read of them, by which methods, and every way in which they lie."""

import base64
import io
import stat
import struct

import pytest

from cets.domains.intake.containers import limits, seven_zip_directory
from cets.domains.intake.containers.entries import Unreadable
from cets.domains.intake.containers.seven_zip_directory import Words
from cets.domains.intake.rows import Failed
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.seven_zip.source import SevenZip
from unit.domains.intake.packing import (
    errors,
    members,
    number,
    read,
    said,
    seven,
    source_of,
    texts,
    whole_seven,
)

#: Written by py7zr 1.1: "a.txt" holds "one hello", "in/br\u00fccke.txt" fifty times its name's first word.
WRITTEN = {
    "aes": "N3q8ryccAARFmI7BeQAAAAAAAAAUAAAAAAAAAIHWvco7iFwelr8Jq4cYBt9F6RsHAQBkAQQGAAEJEAoBSTuEvQAHCwEAAiQG8QcBElMPci/r0DtwKSK/K+OGF7n/NCEhARgBAAwKBgAICgHl6KJcAAAFARENAGEALgB0AHgAdAAAABQKAQCAk9GT4nrdARUGAQAggICBAAAAFwYQAQlpAAcLAQABISEBGAxlAAA=",
    "aesh": "N3q8ryccAATztFK1gAAAAAAAAAAoAAAAAAAAAFtrnkhW8Efhq2ViPmAMJurfVEYYzzNby1AFyuG8QpQ7xlcILujruh6nLmpGjXuMMwqoL8EGVTQDPQAPnF0HsQ9JTxr5HZswnBhyXYg424xmyVRX9UffB1Ex23za//BdhB6sq49x7hRt5xZ53glgHHvN2/qJAsaIgf8I98/e0WNyLzYNnhcGEAEJcAAHCwEAASQG8QcBElMPWle6rIryNNAqNaUYFoBl3wxlAAA=",
    "ppmd": "N3q8ryccAAQBsvK6iwAAAAAAAAAUAAAAAAAAAG7DyoEAbwIpqfh7Ldk1K7QwOCLoyI1kjQAAAOAAfABsXQAAgTMHrg/Pbu6MB8hDgIOC4sAD9Vn84X3vBhdq+uHxxeRg81TR9iVwxZZ1ZAVXzhlk1btPHFCVevb2phl0b6JGjUU7KWMZrHJkS7BsGhLtR0IrhjPUXggS4eocvsb2BfbqXTNocGe9S4AAAAAAFwYXAQl0AAcLAQABISEBGAx9AAA=",
    "tree": "N3q8ryccAAQIwayUoAAAAAAAAAAWAAAAAAAAAEHTJPYBAA9oZWxsby9ldGMvcGFzc3dkAOAAwgCEXQAAgTMHrg/PObAMB7DD2irXWGSss3jOVN2iByejSpP8j8KgK911HulCcTIGJIYUTKBYOTdb7jOgRjFyMeRXhf6r0D5fix8bR5254E7juZH9JvIWkHGGeZEU5ahthj88VvoxWmZQl0U5/5g2cS9YNKCmJEYElpmGRwKWNgFKVeoesfYGAAAAFwYUAQmAjAAHCwEAASEhARgMgMMAAA==",
    "bzip2": "N3q8ryccAASCUULNswAAAAAAAAAUAAAAAAAAAHQ3Tj1CWmg5MUFZJlNZQp2w1AAAaBGMQAAaTZAAAAQIACAAUIGgaAilGHpD+UgPBBuIDK1BB1cr6xB6IPRB8LuSKcKEghTthqDgAHQAZl0AAIEzB64P0jOAPUDAkM7ly3b2U6VnwsDVXLhKqFgfYMKHKvwEHBsk/UpaHmdhWxtQpCJAZ+yIxFT8UYabXa1ebPWBVI7bKFHBKyQppijWDZ4pVljToHziWrf7l1MUSe3h2JI5twAAABcGRQEJbgAHCwEAASEhARgMdQAA",
    "deflate": "N3q8ryccAAT5yP2MhAAAAAAAAAAUAAAAAAAAAG7G5kPLz0tVyEjNyclPKjq8Jzk7dZSiCQUA4AB0AGZdAACBMweuD89dLwwHyENsAteFOt8hz8EYZnvq943tSdMzdcJ5FxVkOud0uVFcPWbRLpDy+yViCgUtlfiGqoLukgAqbnhRo1EMQb9ISlgZ34WZt6gTUCZMiHi4l9cdZX17druoAeAAAAAXBhYBCW4ABwsBAAEhIQEYDHUAAA==",
    "lzma1": "N3q8ryccAASyyKFzlwAAAAAAAAAVAAAAAAAAAJEY8UIAN5uIznZ2f5ht/cZcTnMZ2ScHbHppan9////RSAAA4ACAAHBdAACBMweuD8/88GwP6+qeAQ1iA43TTEI/DueC/Y6YlHNwIcFAdULG3xjoZjjj942n6xwgwUzh7sm884PWohsy3S7TwmFiDCzGXTU+I9VWJSZ01hoBsw9p2n81+BE0+rFMn/iCOcfWvMP0f51kOi+AAAAAFwYfAQl4AAcLAQABISEBGAyAgQAA",
    "x86": "N3q8ryccAAQ6c0WdmAAAAAAAAAAVAAAAAAAAACMkoG3gAWYAGV0AN5uIznZ2f5ht/cZcTnMZ2ScHbHppByAAAADgAIAAb10AAIEzB64P0B3SfJ85EJxxRPKY8JXJC+25Q/xTVvcv86UxaVnZtot9ExAZ8pjnuvegAB/pKzblYhaFlwiAV4nUkQk6VDlA0JyD5M4x7/vFTL/Z2OpFb0EqL6zEKyL6g9hrh6EZqf8CGNGE/6sPgAAAABcGIQEJdwAHCwEAASEhARgMgIEAAA==",
    "delta": "N3q8ryccAAQymghfmQAAAAAAAAAUAAAAAAAAAMwhUqHgAWYAHF0AN5ua1McZFrsdYUOr7TnU0azGi8fJoJNh/ygAAADgAHwAbV0AAIEzB64P0Es5PJ85EJxt+2l2+c0eN+Mda0ej0CE7ianjQ2qC9MlJthVotHaKAQomBuYW4K1Qiv52BgNY1vFc1rndhfm/pivUZd1f3nPkv6rv5ntjQvqildCppNg+UdhsrcgY28BosrO4GAAAAAAXBiQBCXUABwsBAAEhIQEYDH0AAA==",
    "copy": "N3q8ryccAASexevy2AEAAAAAAAAVAAAAAAAAALtIcEVvbmUgaGVsbG9icsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZWJyw7xja2VicsO8Y2tlYnLDvGNrZeAAeABpXQAAgTMHrg/VOhoe1yTT/rnE43SYk9Y4UpW/dXm+OG3zTXoQQb8XOkRAtbRReDf2JYjFjR3El8SC+pVbBVD76tZoWrlx2ZRsWc29+XY2vNcemcGjKDM5CWsbFagUgmSWE18JPTZEDkiAAAAAFwaBZwEJcQAHCwEAASEhARgMeQAA",
}  # fmt: skip
BOMB = bytes(40_000_000)


def written(name: str) -> bytes:
    return base64.b64decode(WRITTEN[name])


@pytest.mark.parametrize("method", ["copy", "lzma1", "bzip2", "deflate", "x86", "delta"])
def test_each_method_is_read(method: str) -> None:
    rows = read(written(method))
    assert members(rows) == [("a.txt", "text", 9), ("in/brücke.txt", "text", 350)]
    assert texts(rows) == ["one hello", "brücke" * 50]
    assert not said(rows)


def test_a_method_that_is_not_read_is_named() -> None:
    rows = read(written("ppmd"))
    assert errors(rows) == ["It is packed by a method (PPMd) that is not read."] * 2
    assert members(rows)[0] == ("a.txt", None, 9)


def test_encrypted_members_and_directories_are_said() -> None:
    assert errors(read(written("aes"))) == ["Encrypted: it cannot be read without its password."]
    (row,) = read(written("aesh"))
    assert isinstance(row, Failed)
    assert "Encrypted" in row.reason


def test_folders_empty_files_and_links() -> None:
    rows = read(written("tree"))
    assert members(rows) == [("t/a.txt", "text", 5), ("t/empty", None, 0), ("t/link", None, 11)]
    assert "symbolic link" in str(errors(rows)[2])
    assert "t/empty is empty" in said(rows)


def test_devices_and_reparse_points_are_refused() -> None:
    odd = [0x8000 | (stat.S_IFCHR | 0o600) << 16, 0x400]
    rows = read(seven(("device", b"x"), ("point", b"y"), attributes=odd))
    assert ["no regular file" in str(errors(rows)[0]), "symbolic link" in str(errors(rows)[1])] == [
        True,
        True,
    ]


def test_names_are_guarded() -> None:
    rows = read(seven(("../a.txt", b"x"), ("/etc/passwd", b"y"), ("a\u202eb", b"z"), ("n" * 1_001, b"w")))
    assert "leads out" in str(errors(rows)[0])
    assert members(rows)[1][0] == "etc/passwd"
    assert members(rows)[2][0] == "a\\u202eb"
    assert "1001 bytes" in str(errors(rows)[3])


def test_names_that_are_no_text_are_written_out() -> None:
    rows = read(seven(("x", b"hello"), names=b"\x00\xd8a\x00\x00\x00"))
    assert members(rows)[0][0] == "\\ud800a"
    assert read(seven(("x", b"hello"), names=b"")) != []


# --- bombs ----------------------------------------------------------------------------------------


def test_a_bomb_is_refused_and_what_stands_before_it_is_read() -> None:
    rows = read(seven(("a.txt", b"hello"), ("bomb", BOMB), ("b.txt", b"behind")))
    assert texts(rows) == ["hello"]
    assert ["250 times" in str(error) for error in errors(rows)] == [False, True, True]


def test_a_size_that_is_stated_too_small_hides_nothing() -> None:
    rows = read(seven(("bomb", BOMB), sizes=[5], crcs=[0]))
    assert members(rows)[0][2] == 5
    assert "checksum" in said(rows)


def test_a_size_that_is_stated_too_large_is_a_break() -> None:
    rows = read(seven(("a.txt", b"hello"), sizes=[500], crcs=[0]))
    assert texts(rows) == ["hello"]
    assert "breaks off" in said(rows)


@pytest.mark.parametrize("size", [1 << 40, 1 << 62])
def test_sizes_beyond_measure_are_refused(size: int) -> None:
    assert "Refused" in str(errors(read(seven(("a", b"hello"), sizes=[size])))[0])


@pytest.mark.parametrize("count", [1 << 20, 1 << 40, (1 << 64) - 1])
def test_counts_are_held_against_the_bytes_there_are(count: int) -> None:
    (row,) = read(seven(("a", b"hello"), count=count))
    assert isinstance(row, Failed)


@pytest.mark.parametrize(
    "words",
    [
        b"\x01\x04\x06\x00" + number(1 << 60),
        b"\x01\x04\x07\x0b" + number(1 << 60),
        b"\x17",
        b"\x01",
        b"",
        b"\x02",
    ],
)
def test_directories_of_nonsense_end_in_a_reason(words: bytes) -> None:
    rows = read(whole_seven(b"", words)) if words else []
    assert not words or isinstance(rows[0], Failed)


def test_streams_beyond_measure_end_in_a_reason() -> None:
    raw = bytearray(seven(("a", b"hello")))
    directory = bytes(raw[raw.index(b"\x01\x04\x06") :])
    lying = directory.replace(b"\x08\x0d\x01", b"\x08\x0d" + number(1 << 50))
    (row,) = read(whole_seven(bytes(raw[32 : raw.index(b"\x01\x04\x06")]), lying))
    assert isinstance(row, Failed)


def test_a_dictionary_that_takes_too_much_memory_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_DICTIONARY", 4096)
    rows = read(seven(("a", b"hello world " * 1_000)))
    assert "memory" in str(errors(rows)[0])


def test_a_dictionary_is_never_larger_than_the_content() -> None:
    """An archive may ask for 4 GB for five bytes."""
    assert texts(read(seven(("a", b"hello"), coder=b"\x21\x21\x01\x28"))) == ["hello"]


@pytest.mark.parametrize(
    "coder",
    [
        b"\x21\x21\x01\x29",
        b"\x23\x03\x01\x01\x05\xff\0\0\x10\0",
        b"\x23\x03\x01\x01\x01\x5d",
        b"\x21\x21\x00",
    ],
)
def test_properties_that_cannot_be_are_said(coder: bytes) -> None:
    assert any(errors(read(seven(("a", b"hello"), coder=coder))))


def test_a_directory_packed_again_and_again_is_given_up() -> None:
    directory = b"\x17\x06\x00\x01\x09" + number(0) + b"\x00"
    (row,) = read(whole_seven(b"", directory))
    assert isinstance(row, Failed)


def test_of_too_many_members_the_first_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_MEMBERS", 2)
    rows = read(seven(("a", b"one"), ("b", b"two"), ("c", b"three")))
    assert texts(rows) == ["one", "two"]
    assert "more than 2 members" in said(rows)


# --- broken and cut -------------------------------------------------------------------------------


def test_a_cut_archive_says_that_its_directory_is_missing() -> None:
    raw = seven(("a.txt", b"hello" * 100))
    (row,) = read(raw[:-9])
    assert isinstance(row, Failed)
    assert "directory" in row.reason
    assert "several volumes" in row.reason


def test_damage_in_a_block_is_said_member_by_member() -> None:
    words = " ".join(str(n * 7919 % 100_003) for n in range(60_000)).encode()
    raw = bytearray(seven(("a.txt", b"hello"), ("b.txt", words), ("c.txt", b"end")))
    raw[len(raw) // 2] ^= 0xFF
    rows = read(bytes(raw))
    assert texts(rows)[0] == "hello"
    assert "damage" in said(rows) + str(errors(rows))


@pytest.mark.parametrize("method", list(WRITTEN))
def test_cut_and_spoilt_anywhere_it_ends_in_rows(method: str) -> None:
    raw = written(method)
    for at in range(0, len(raw), 3):
        list(SevenZip().read(io.BytesIO(raw[:at]), Options()))
        spoilt = bytearray(raw)
        spoilt[at] ^= 0xFF
        list(SevenZip().read(io.BytesIO(bytes(spoilt)), Options()))


def test_directories_spoilt_under_a_right_checksum_end_in_rows() -> None:
    raw = seven(("a.txt", b"hello"), ("in/b.txt", b"good-bye"), attributes=[0x20, 0x20])
    start = raw.index(b"\x01\x04\x06")
    packed, directory = raw[32:start], raw[start:]
    for at in range(len(directory)):
        for value in (0, 1, 0x7F, 0x80, 0xFF, directory[at] ^ 1):
            spoilt = directory[:at] + bytes([value]) + directory[at + 1 :]
            list(SevenZip().read(io.BytesIO(whole_seven(packed, spoilt)), Options()))
        list(SevenZip().read(io.BytesIO(whole_seven(packed, directory[:at])), Options()))


@pytest.mark.parametrize("value", [0, 0x7F, 0x80, 0x3FFF, 0x4000, 1 << 35, (1 << 64) - 1])
def test_numbers(value: int) -> None:
    assert Words(number(value)).number() == value


def test_short_forms_of_numbers() -> None:
    assert Words(b"\x81\x02").number() == 0x102
    assert Words(b"\xc1\x02\x03").number() == 0x10302
    with pytest.raises(Unreadable):
        Words(b"\xff" + struct.pack("<L", 1)).number()


def test_an_empty_archive_is_empty() -> None:
    assert "is empty: it holds no file" in said(read(whole_seven(b"", b"")))


def test_recognition() -> None:
    assert getattr(source_of(seven(("a", b"x"))), "name", None) == "7z"
    assert getattr(source_of(b"7z\xbc\xaf"), "name", None) != "7z"
    assert seven_zip_directory.directory(b"\x01\x00\x00") == seven_zip_directory.Directory([], [])
