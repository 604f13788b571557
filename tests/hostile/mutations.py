"""Changes to a good file, each decided by the number of the mutant alone: the same number makes the same bytes everywhere."""

import random
import re
from collections.abc import Callable, Sequence

from hostile.good_files import Good

Change = Callable[[bytes, random.Random], bytes]

#: What parsers stumble over, each of some format or of several.
STUMBLING = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\x80", b"\\ud800", b'"', b"'", b"<", b"</", b"<![CDATA[", b"&#0;", b"]]>", b"{", b"[",
    b"}", b"]", b",", b":", b"\\", b"\r", b"\n\n", b"\r\n\r\n", b"--", b"=?utf-8?b?", b"%00", b"../../", b"=cmd()", b"\t=", b"null", b"true", b"NaN",
    b"-1", b"1e999", b"9" * 400, b"0" * 50, "\u202e".encode(), "\u2028".encode(), "\u0661\u0662".encode(), b"PK\x03\x04", b"SQLite format 3\0",
    b"\x1f\x8b\x08", b"From ", b"(" * 200, b"[" * 3_000, b'{"a":' * 2_000, b"<a>" * 2_000, b"n" * 4_000, b"@mail.example", b"+44 7700 900123",
    b"99/99/9999, 25:61", b"2026-02-30T24:00:60+99:99", b"-292277022657-01-27", b"\x7f\xff\xff\xff\xff\xff\xff\xff",
)  # fmt: skip
_NUMBER, _WORD = re.compile(rb"\d+"), re.compile(rb"[A-Za-z_]{3,}")
_NUMBERS = (
    b"0",
    b"-1",
    b"1e400",
    b"4294967296",
    b"9223372036854775808",
    b"253402300800",
    b"-62135596801",
    b"9" * 30,
    b"0.1",
    b"",
)
_VALUES = (b"null", b"[]", b"{}", b"true", b'""', b"0", b"[[]]", b'{"a":{"b":[1,{}]}}', b'"\\u0000"')
MOST_BYTES = 1_000_000


def flip(data: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def flip_in_head(data: bytes, chance: random.Random) -> bytes:
    """Headers and directories hold the sizes and places that a reader believes."""
    spoilt, end = bytearray(data), min(len(data), 128)
    for _ in range(chance.choice((1, 2, 4))):
        spoilt[chance.randrange(end)] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
    return bytes(spoilt)


def flip_in_tail(data: bytes, chance: random.Random) -> bytes:
    return flip_in_head(data[::-1], chance)[::-1]


def insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(STUMBLING) + data[at:]


def overwrite(data: bytes, chance: random.Random) -> bytes:
    at, piece = chance.randrange(len(data)), chance.choice(STUMBLING)[: len(data)]
    return data[:at] + piece + data[at + len(piece) :]


def delete(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.choice((1, 4, 64, 1_024)) :]


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data)) + 1]


def behead(data: bytes, chance: random.Random) -> bytes:
    return data[chance.randrange(len(data)) :]


def repeat(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    piece = data[at : at + chance.choice((1, 16, 256))]
    return data[:at] + piece * chance.choice((2, 50, 1_000)) + data[at:]


def exchange(data: bytes, chance: random.Random) -> bytes:
    one, two, three = sorted(chance.randrange(len(data) + 1) for _ in range(3))
    return data[:one] + data[two:three] + data[one:two] + data[three:]


def renumber(data: bytes, chance: random.Random) -> bytes:
    """Give a number of the file another value: sizes, counts, dates, coordinates, ids."""
    return _replace(_NUMBER, _NUMBERS, data, chance)


def revalue(data: bytes, chance: random.Random) -> bytes:
    """Put a value of another type where a JSON file has one; elsewhere a stray word."""
    return _replace(re.compile(rb'(?<=: )[^,}\]\n]+|(?<=":)[^,}\]\n]+'), _VALUES, data, chance)


def rename(data: bytes, chance: random.Random) -> bytes:
    """Give a key, an element, a column or a command another name of the same file."""
    words = [found.group() for found in _WORD.finditer(data[:20_000])]
    return _replace(_WORD, words or [b"word"], data, chance)


def _replace(what: re.Pattern[bytes], by: Sequence[bytes], data: bytes, chance: random.Random) -> bytes:
    found = [match.span() for match in what.finditer(data[:100_000])]
    if not found:
        return insert(data, chance)
    for start, end in sorted(chance.sample(found, min(len(found), chance.choice((1, 1, 3)))), reverse=True):
        data = data[:start] + chance.choice(by) + data[end:]
    return data


CHANGES: tuple[Change, ...] = (
    flip, flip, flip_in_head, flip_in_tail, insert, insert, overwrite, delete, cut, behead, repeat, exchange, renumber, renumber, revalue,
    rename,
)  # fmt: skip


def mutant(good: Good, others: Sequence[Good], number: int) -> bytes:
    """Return the mutant of that number: one to four changes, and now and then a piece of another file."""
    chance = random.Random(f"{good.kind}/{good.name}/{number}")
    data = good.data
    if chance.random() < 0.05:
        other = chance.choice(others).data
        data = data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        data = chance.choice(CHANGES)(data or b"\0", chance)
    return data[:MOST_BYTES] or b"\0"
