"""Bulk rows into PostgreSQL under row-level security, where COPY FROM is refused."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connections
from psycopg import Cursor, sql

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
        arrays=sql.SQL(", ").join(sql.SQL("%b::" + kind + "[]") for kind in sent_as.values()),
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
        arrays=sql.SQL(", ").join(sql.SQL("%b::" + kind + "[]") for kind in sent_as.values()),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        key=sql.Identifier(key),
    )
    with _bound_by_the_server(using) as cursor:
        cursor.execute(statement, _arrays(columns, rows))


@contextmanager
def _bound_by_the_server(using: str) -> Iterator[Cursor[Any]]:
    """Give a cursor that sends parameters apart from the statement, in binary: Django's writes them into its text."""
    wrapper = connections[using]
    wrapper.ensure_connection()
    with wrapper.wrap_database_errors, Cursor(wrapper.connection) as cursor:
        yield cursor


def _arrays(columns: dict[str, str], rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    encoders = [_ENCODE.get(kind) for kind in columns.values()]
    return [
        [encode(value) for value in column] if encode else list(column)
        for encode, column in zip(encoders, zip(*rows, strict=True), strict=True)
    ]


def array_literal(items: Iterable[str]) -> str:
    """Return PostgreSQL's text form of a text array."""
    return "{" + ",".join('"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in items) + "}"


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, default=str)


_ENCODE: dict[str, Callable[[Any], str | None]] = {"text[]": array_literal, "jsonb": _json}


def chunks(rows: Iterable[Sequence[Any]], size: int) -> Iterator[list[Sequence[Any]]]:
    """Cut any iterable into lists of at most `size`."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk
