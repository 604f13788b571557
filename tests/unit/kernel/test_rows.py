"""What goes in many at a time comes out as it went in, whatever its signs."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DataError, connection

from cets.kernel.rows import CHUNK, insert_rows, update_rows

COLUMNS = {
    "number": "int", "id": "uuid", "text": "text", "list": "text[]", "json": "jsonb", "yes": "boolean", "at": "timestamptz",
    "share": "float8", "small": "smallint", "bytes": "bytea",
}  # fmt: skip
PLAIN: dict[str, Any] = {
    "id": UUID(int=7), "text": "", "list": [], "json": [], "yes": False, "at": None, "share": None, "small": 0, "bytes": b"",
}  # fmt: skip
SIGNS = [
    "", " ", "NULL", "null", '"', '""', "\\", '\\"', "\\\\", "{}", "a,b", '{a,"b\\""}', " edge\t", "two\r\nlines", "é中🖤", "\\N", "'",
    "%s", "%%", "\x01", "\u200e",
]  # fmt: skip


@pytest.fixture
def table(module_db: str) -> Iterator[str]:
    with psycopg.connect(module_db, autocommit=True) as owner:
        owner.execute(f"create table kept ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})")
        owner.execute("grant all on kept to public")
        yield "kept"
        owner.execute("drop table kept")


def put(*rows: dict[str, Any]) -> int:
    return insert_rows("kept", COLUMNS, [(n, *(PLAIN | row).values()) for n, row in enumerate(rows)])


def kept(column: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"select {column} from kept order by number")
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.usefixtures("table")
def test_every_sign_of_a_text_stands_as_it_was_given() -> None:
    assert put(*({"text": sign} for sign in SIGNS)) == len(SIGNS)
    assert kept("text") == SIGNS


@pytest.mark.usefixtures("table")
def test_no_text_is_not_the_word_for_it() -> None:
    given = [None, *SIGNS, None]
    put(*({"text": sign} for sign in given))
    assert kept("text") == given


@pytest.mark.usefixtures("table")
def test_lists_and_json_keep_their_signs_and_their_emptiness() -> None:
    lists = [[], SIGNS, [""], None, ["NULL"]]
    put(*({"list": one} for one in lists))
    assert kept("list") == lists
    with connection.cursor() as cursor:
        cursor.execute("delete from kept")
    whole: list[Any] = [[], {}, None, [SIGNS], {sign: sign for sign in SIGNS}, "NULL", 1, True]
    put(*({"json": one} for one in whole))
    assert kept("json::text") == [kept_as(one) for one in whole]


def kept_as(value: object) -> str | None:
    """Return how the database itself writes this JSON."""
    if value is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select %s::jsonb::text", [json.dumps(value)])
        (text,) = cursor.fetchone()
        return str(text)


@pytest.mark.usefixtures("table")
def test_values_of_every_other_type_stand_as_they_were_given() -> None:
    east = timezone(timedelta(hours=5, minutes=45))
    given: dict[str, list[Any]] = {
        "id": [uuid4(), None, UUID(int=0), uuid4()],
        "yes": [True, False, None, True],
        "small": [-1, 0, None, 32_767],
        "share": [0.1, 1e-300, None, 3],
        "at": [datetime(2024, 2, 29, 1, 2, 3, 4, UTC), None, datetime(2024, 1, 1, tzinfo=east), datetime(999, 1, 1, tzinfo=UTC)],
        "bytes": [b"", None, b'\\x00"{', b"\x00\xff"],
    }  # fmt: skip
    put(*(dict(zip(given, row, strict=True)) for row in zip(*given.values(), strict=True)))
    for column, values in given.items():
        found = [bytes(one) if isinstance(one, memoryview) else one for one in kept(column)]
        assert found == values, column


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("texts", [["a\0b"], ["a\0b", "c"], ["a", "\0"]])
def test_a_sign_that_the_database_does_not_take_moves_no_other_row(texts: list[str]) -> None:
    with pytest.raises(DataError, match="NUL"):
        put(*({"text": text} for text in texts))
    assert kept("text") == []


@pytest.mark.usefixtures("table")
def test_one_value_for_many_rows_and_one_that_differs() -> None:
    same = uuid4()
    put(*({"id": same if number != CHUNK else None, "small": 5} for number in range(CHUNK + 2)))
    found = kept("id")
    assert found.count(same) == CHUNK + 1
    assert found[CHUNK] is None
    assert set(kept("small")) == {5}


@pytest.mark.usefixtures("table")
def test_rows_that_stand_are_brought_up_to_date_with_any_sign() -> None:
    put(*({"text": "before"} for _ in SIGNS))
    changed = {"number": "int", "text": "text", "list": "text[]", "json": "jsonb"}
    update_rows("kept", changed, [(n, sign, [sign], [sign]) for n, sign in enumerate(SIGNS)])
    assert kept("text") == SIGNS
    assert kept("list") == [[sign] for sign in SIGNS]
    assert [text is not None for text in kept("json::text")] == [True] * len(SIGNS)
