"""Bulk rows into PostgreSQL under row-level security, where COPY FROM is refused."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice, repeat
from operator import attrgetter, is_
from typing import Any

from django.db import connections
from psycopg import Cursor, DataError, sql

CHUNK = 2_000


def insert_rows(
    table: str,
    columns: dict[str, str],
    rows: Iterable[Sequence[Any]],
    *,
    using: str = "default",
    unless: str = "",
    on_conflict: str = "",
) -> int:
    """Insert `rows` (sequences in the order of `columns`: name to PostgreSQL type) and return how many were sent.

    One statement a chunk, each column one array parameter: 20 times faster than row inserts, and policies apply.
    A `text[]` column takes a list of strings, a `jsonb` column anything that is JSON. A row `r` of which `unless` holds is
    left out; that and `on_conflict` are trusted SQL from our own code.
    """
    sent_as = {name: "text" if kind in _ENCODE else kind for name, kind in columns.items()}
    statement = sql.SQL(
        "insert into {table} ({columns}) select {values} from unnest({arrays}) as r({columns}) {where} {conflict}"
    ).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(
            sql.SQL("r.{}::" + kind).format(sql.Identifier(name))
            if kind in _ENCODE
            else sql.SQL("r.{}").format(sql.Identifier(name))
            for name, kind in columns.items()
        ),
        arrays=sql.SQL(", ").join(map(_placeholder, sent_as.values())),
        where=sql.SQL(f"where not ({unless})" if unless else ""),
        conflict=sql.SQL(on_conflict),
    )
    sent = 0
    with _bound_by_the_server(using) as cursor:
        for chunk in chunks(rows, CHUNK):
            cursor.execute(statement, _arrays(columns, chunk))
            sent += len(chunk)
    return sent


def update_rows(
    table: str, columns: dict[str, str], rows: Sequence[Sequence[Any]], *, using: str = "default"
) -> None:
    """Update rows by their key, the first of `columns`, one statement for all of them."""
    if not rows:
        return
    key, *rest = columns
    sent_as = {name: "text" if kind in _ENCODE else kind for name, kind in columns.items()}
    statement = sql.SQL(
        "update {table} t set {sets} from unnest({arrays}) as r({columns}) where t.{key} = r.{key}"
    ).format(
        table=sql.Identifier(table),
        sets=sql.SQL(", ").join(
            sql.SQL("{0} = r.{0}" + (f"::{columns[name]}" if columns[name] in _ENCODE else "")).format(
                sql.Identifier(name)
            )
            for name in rest
        ),
        arrays=sql.SQL(", ").join(map(_placeholder, sent_as.values())),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        key=sql.Identifier(key),
    )
    with _bound_by_the_server(using) as cursor:
        cursor.execute(statement, _arrays(columns, rows))


@contextmanager
def _bound_by_the_server(using: str) -> Iterator[Cursor[Any]]:
    """Give a cursor that sends parameters apart from the statement: Django's writes them into its text."""
    wrapper = connections[using]
    wrapper.ensure_connection()
    with wrapper.wrap_database_errors, Cursor(wrapper.connection) as cursor:
        yield cursor


def _placeholder(kind: str) -> sql.SQL:
    sent = "t" if kind == "text" or kind in _PLAIN else "b"
    return sql.SQL(f"%{sent}::{kind}[]")


def _arrays(columns: dict[str, str], rows: Sequence[Sequence[Any]]) -> list[str | list[Any]]:
    """Return each column as one parameter: written as an array's text, which is many times faster than psycopg's lists."""
    return [
        _array(kind, column) for kind, column in zip(columns.values(), zip(*rows, strict=True), strict=True)
    ]


def _array(kind: str, column: Sequence[Any]) -> str | list[Any]:
    if kind in _ENCODE:
        return _array_of_texts([None if one is None else _ENCODE[kind](one) for one in column])
    if kind == "text":
        return _array_of_texts(column)
    if kind not in _PLAIN:
        return list(column)
    write = _PLAIN[kind]
    if all(map(is_, column, repeat(column[0]))):  # as the report of all rows
        texts: Iterable[str] = repeat("NULL" if column[0] is None else write(column[0]), len(column))
    elif any(map(is_, column, repeat(None))):
        texts = ("NULL" if one is None else write(one) for one in column)
    else:
        texts = map(write, column)
    return "{" + ",".join(texts) + "}"


def _array_of_texts(texts: Sequence[str | None]) -> str:
    """Return PostgreSQL's text form of a text array in which None is NULL."""
    if any(map(is_, texts, repeat(None))):
        # Unquoted it is none, and a quoted one is the word.
        return "{" + ",".join("NULL" if one is None else array_literal((one,))[1:-1] for one in texts) + "}"
    joined = "\0".join(texts)  # type: ignore[arg-type]
    if joined.count("\0") >= len(texts):
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return '{"' + joined.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","') + '"}'


def array_literal(items: Iterable[str]) -> str:
    """Return PostgreSQL's text form of a text array."""
    return (
        "{" + ",".join(['"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in items]) + "}"
    )


#: How a value is written that holds no sign which an array's text would have to quote.
_PLAIN: dict[str, Callable[[Any], str]] = {
    "uuid": attrgetter("hex"), "int": int.__repr__, "bigint": int.__repr__, "smallint": int.__repr__, "float8": repr,
    "boolean": "ft".__getitem__, "timestamptz": datetime.isoformat,
}  # fmt: skip
_ENCODE: dict[str, Callable[[Any], str]] = {
    "text[]": array_literal,
    "jsonb": json.JSONEncoder(ensure_ascii=False, default=str).encode,
}


def chunks(rows: Iterable[Sequence[Any]], size: int) -> Iterator[list[Sequence[Any]]]:
    """Cut any iterable into lists of at most `size`."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk
