"""The chain's arithmetic."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from cets.audit.chain import COLUMNS, GENESIS, TAG, leaf, next_head

ID = UUID("00112233-4455-6677-8899-aabbccddeeff")
EVENT: list[Any] = [
    ID,
    7,
    900,
    datetime(2026, 3, 4, 12, tzinfo=UTC),
    "a:b:c",
    "officer",
    ID,
    None,
    "report",
    "x",
    "",
    "ref",
    "",
    bytes(32),
]


def test_a_leaf_is_the_hash_of_the_encoding_that_the_readme_specifies() -> None:
    moment = (
        26 * 365 + 7 + 31 + 28 + 3
    ) * 86_400_000_000 + 12 * 3_600_000_000  # microseconds since 2000-01-01
    fields = [
        ID.bytes, (7).to_bytes(8, "big"), (900).to_bytes(8, "big"), moment.to_bytes(8, "big"), b"a:b:c", b"officer", ID.bytes,
        None, b"report", b"x", b"", b"ref", b"", bytes(32),
    ]  # fmt: skip
    encoded = b"".join(b"\xff\xff\xff\xff" if f is None else len(f).to_bytes(4, "big") + f for f in fields)
    assert leaf(EVENT) == hashlib.sha256(b"cets-audit-event-1\n" + encoded).digest()
    assert TAG == b"cets-audit-event-1\n"
    assert len(EVENT) == len(COLUMNS)


def test_a_head_binds_the_one_before_and_the_leaf() -> None:
    assert next_head(GENESIS, leaf(EVENT)) == hashlib.sha256(bytes(32) + leaf(EVENT)).digest()


@pytest.mark.parametrize(
    ("one", "other"), [(["ab", "c"], ["a", "bc"]), (["", None], [None, ""]), (["a", ""], ["", "a"])]
)
def test_text_cannot_move_from_one_column_to_the_next(one: list[str | None], other: list[str | None]) -> None:
    assert leaf([*EVENT[:9], *one]) != leaf([*EVENT[:9], *other])


def test_a_moment_is_the_same_in_any_zone_and_exact_to_the_microsecond() -> None:
    at = datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert leaf([at]) == leaf([at.astimezone(timezone(timedelta(hours=5, minutes=45)))])
    assert leaf([at]) != leaf([at + timedelta(microseconds=1)])
    assert leaf([at]) == hashlib.sha256(TAG + b"\x00\x00\x00\x08" + b"\xff" * 8).digest()


def test_bytes_and_views_of_bytes_are_the_same() -> None:
    assert leaf([b"abc"]) == leaf([memoryview(b"abc")])
