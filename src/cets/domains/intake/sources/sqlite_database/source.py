"""A SQLite database of an app that no other source knows: every text in it is searched, nothing more is claimed."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.rows import AnyRow, NotUnderstood
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sqlite_file import Database, Record, as_text, read_database
from cets.domains.intake.sqlite_head import page_size
from cets.domains.intake.traces import Full, Traces

#: What SQLite keeps for itself, and the inner tables of an index of words, which say the same once more.
_OF_SQLITE = re.compile(r"sqlite_\w+|android_metadata|\w+_(?:segments|segdir|docsize|stat|idx|config)")
_MOST_TABLES = 500
_REMARK = (
    "This is a database of an app that is not known here. Every text in it is kept and was looked through; what its tables, times and numbers"
    " mean is not read."
)


class SqliteDatabase(Source):
    name = "sqlite"
    caption = "SQLite database"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        return 0.1 if page_size(head) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield from read_database(file, options, _texts)


def _texts(database: Database, traces: Traces) -> Iterator[AnyRow]:
    yield NotUnderstood(text=_REMARK, place="the database")
    left = traces.reader.options.max_rows
    tables = [table for table in database.tables if not _OF_SQLITE.fullmatch(table)]
    for table in tables[:_MOST_TABLES]:
        for row in database.rows(table, database.tables[table]):
            if not left:
                raise Full
            left -= 1
            yield from _row(row, traces)
        yield from database.told()
    read = {table: database.tables[table] for table in tables[:_MOST_TABLES]}
    yield from database.rest(read, [table for table in database.tables if table not in tables])


def _row(row: Record, traces: Traces) -> Iterator[AnyRow]:
    for column, cell in row.cells.items():
        if cell is not None and not isinstance(cell, int | float) and (text := as_text(cell)).strip():
            place = f"{row.place}, column {column}"
            yield from traces.reader.free_text(text, place=place, label=f"{row.table}, {column}")
