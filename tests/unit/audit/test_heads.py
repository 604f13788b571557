"""The second place: signed lines in a file."""

import base64
import json
import os
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cets.audit.heads import BadLine, CutLine, HeadFile, Line, decode, encode

KEY = Ed25519PrivateKey.generate()
AT = datetime(2026, 3, 4, 12, tzinfo=UTC)


def line(first: int = 1, count: int = 3, **more: Any) -> Line:
    values: dict[str, Any] = {"first": first, "last": first + count - 1, "at": AT, "previous": bytes(32), "head": b"h" * 32,
              "leaves": tuple(bytes([n]) * 32 for n in range(count))}  # fmt: skip
    return Line(**{**values, **more})


@pytest.fixture
def heads(tmp_path: Path) -> HeadFile:
    return HeadFile(tmp_path / "deep" / "heads.jsonl")


def test_a_line_reads_back_as_it_was_written() -> None:
    raw = encode(line(reason="installed"), KEY)
    assert decode(raw, KEY.public_key()) == line(reason="installed")
    assert raw.count(b"\n") == 1
    assert {
        "version",
        "first",
        "last",
        "at",
        "previous",
        "head",
        "leaves",
        "reason",
        "signature",
    } == json.loads(raw).keys()


def test_no_byte_of_a_line_can_change() -> None:
    raw = encode(line(), KEY)
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises(BadLine):
            decode(changed, KEY.public_key())


def test_no_beginning_of_a_line_passes_for_a_line() -> None:
    raw = encode(line(), KEY)
    for size in range(len(raw)):
        with pytest.raises(BadLine):
            decode(raw[:size], KEY.public_key())


def test_another_key_does_not_vouch() -> None:
    with pytest.raises(BadLine, match="not signed by the key"):
        decode(encode(line(), Ed25519PrivateKey.generate()), KEY.public_key())


def test_a_line_with_a_wrong_number_of_leaves_is_bad_even_signed() -> None:
    with pytest.raises(BadLine, match="number of leaves"):
        decode(encode(line(last=9), KEY), KEY.public_key())


def test_a_line_of_a_later_version_is_not_guessed_at() -> None:
    body = json.dumps({"version": 2}).encode()
    raw = body[:-1] + b',"signature":"' + base64.b64encode(KEY.sign(body)) + b'"}\n'
    with pytest.raises(BadLine, match="version 2"):
        decode(raw, KEY.public_key())


def test_a_file_that_is_not_there_has_no_lines(heads: HeadFile) -> None:
    assert heads.last() is None
    assert list(heads.read()) == []


def test_lines_come_back_in_order(heads: HeadFile) -> None:
    heads.append([b'a,"signature":"x"}\n', b'b,"signature":"x"}\n'])
    heads.append([b'c,"signature":"x"}\n'])
    assert [raw[:1] for raw in heads.read()] == [b"a", b"b", b"c"]
    assert heads.last() == b'c,"signature":"x"}\n'


def test_the_file_is_its_owners_alone(heads: HeadFile) -> None:
    before = os.umask(0)
    try:
        heads.append([b"x\n"])
    finally:
        os.umask(before)
    assert stat.S_IMODE(heads.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(heads.path.parent.stat().st_mode) == 0o700


def test_the_line_and_the_folder_are_on_the_disk_before_append_returns(
    heads: HeadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    real = os.fsync

    def sync(handle: int) -> None:
        synced.append(stat.S_ISDIR(os.fstat(handle).st_mode))
        real(handle)

    monkeypatch.setattr(os, "fsync", sync)
    heads.append([b"x\n"])
    assert synced == [True, False]
    heads.append([b"y\n"])
    assert synced == [True, False, False]


@pytest.mark.parametrize("size", [10, 100_000, 300_000])
def test_the_last_whole_line_is_found_behind_a_cut_one(heads: HeadFile, size: int) -> None:
    whole = encode(line(reason="x" * size), KEY)
    heads.append([encode(line(), KEY), whole])
    with heads.path.open("ab") as file:
        file.write(whole[: size // 2])
    assert heads.last() == whole
    *_, cut = heads.read()
    with pytest.raises(CutLine):
        decode(cut, KEY.public_key())


def test_a_cut_line_is_ended_and_not_taken_away(heads: HeadFile) -> None:
    first, second = encode(line(), KEY), encode(line(4), KEY)
    heads.append([first])
    with heads.path.open("ab") as file:
        file.write(second[:50])
    heads.append([second])
    assert list(heads.read()) == [first, second[:50] + b"\n", second]


def test_reading_stops_where_the_file_ended_when_it_began(heads: HeadFile) -> None:
    heads.append([b"a\n"])
    lines = heads.read()
    heads.append([b"b\n"])
    assert list(lines) == [b"a\n"]


def test_one_writer_at_a_time(heads: HeadFile) -> None:
    order: list[str] = []

    def write() -> None:
        with heads.locked():
            order.append("second")

    with heads.locked():
        other = threading.Thread(target=write)
        other.start()
        other.join(0.1)
        order.append("first")
    other.join()
    assert order == ["first", "second"]
