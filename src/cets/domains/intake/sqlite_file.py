"""Read a SQLite database that somebody else made: from memory, row by row, nothing of it run or believed.

In the parser's process nothing can be opened by a path, so that the file is handed to SQLite as bytes (a private mapping where
it has a descriptor). Only tables are read, by their row ids and without indexes: no view, trigger, virtual table,
generated column or function of the file's own has a part in it. What is damaged ends a table, not the file.
"""

import contextlib
import io
import mmap
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from cets.domains.intake.reading import Reader, shorten
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sqlite_head import page_size
from cets.domains.intake.traces import Full, Traces
from cets.kernel.moments import Moment

#: The database lies in memory, while it is opened twice.
LARGEST = 160 << 20
#: Bytes of one row: a longer one is passed over, and said.
LONGEST_ROW = 24_000_000
#: So many remarks of one sort are told one by one.
MOST_TOLD = 20
#: So many rows in a table may be too long or damaged before the rest of it is left.
MOST_SKIPPED = 1_000

Cell = str | int | float | bytes | None

_HEADER = 100
_ROW_IDS = ("rowid", "_rowid_", "oid")
_WAL = 2
_SHOWN_NAMES = 30


#: What SQLite says of a broken file: also that its own complaint, which quotes the file, is no text.
FAULTS = (sqlite3.Error, ValueError)
_NO_LIST = "The database's list of its own tables is damaged or missing."
_LIST_CUT = "the list of its tables could be read in part only"


class NotReadable(Exception):
    """This is no whole SQLite database. Its text is a reason for the receipt."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table, by its row id. A column that the table lacks is None, like one that holds nothing."""

    table: str
    row: int
    cells: Mapping[str, Cell]

    @property
    def place(self) -> str:
        return f"row {self.row} of table {self.table}"

    def __getitem__(self, column: str) -> Cell:
        return self.cells.get(column)

    def text(self, column: str) -> str:
        """Return a cell as text; a blob is text where it is UTF-8, else nothing (`Database.rows` says that)."""
        return as_text(self.cells.get(column))

    def number(self, column: str) -> int | None:
        """Return a cell as a whole number, or None where it holds none."""
        return as_number(self.cells.get(column))

    def time(self, column: str, read: Callable[[int], Moment]) -> Moment | None:
        """Return a cell that counts from some moment on, as `read` reads it; 0 and nothing are no time."""
        cell, number = self.cells.get(column), self.number(column)
        if number is not None:
            return read(number) if number else None
        return None if cell is None or cell == "" else Moment(raw=shorten(as_text(cell) or "bytes"))


def as_text(cell: Cell) -> str:
    if isinstance(cell, bytes):
        return cell.decode("utf-8") if _is_utf8(cell) else ""
    return "" if cell is None else str(cell)


def as_number(cell: Cell) -> int | None:
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else None
    text = as_text(cell).strip()
    is_number = text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and len(text) < 20  # noqa: PLR2004
    return int(text) if is_number else None


def _is_utf8(blob: bytes) -> bool:
    try:
        blob.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@dataclass
class Database:
    """A database opened for reading. `remarks` gathers what the receipt must say; `damage` what was lost."""

    connection: sqlite3.Connection
    tables: Mapping[str, tuple[str, ...]]  # by lower-case name, with their columns in lower case
    remarks: list[NotUnderstood] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    _odd: dict[str, int] = field(default_factory=dict)
    _has_odd_text: bool = False

    def __post_init__(self) -> None:
        self.connection.text_factory = self._decode

    def rows(self, table: str, columns: Sequence[str], *, blobs: Collection[str] = ()) -> Iterator[Record]:
        """Yield the rows of a table in the order of their ids; nothing when there is no such table.

        `blobs`: columns of which the caller reads the bytes; that they are no text is not said.
        A row that cannot be read is passed over and said; a damaged table ends where the damage is.
        """
        if table not in self.tables:
            return
        wanted = [column for column in columns if column in self.tables[table]]
        last: int | None = None
        for _ in range(MOST_SKIPPED):
            try:
                for record in self._scan(table, wanted, last):
                    self._look_at(record, blobs)
                    if last is not None and record.row <= last:  # the tree of its pages leads back
                        self._damaged(table, last)
                        return
                    last = record.row
                    yield record
            except FAULTS:
                # The cursor reads a row ahead: the one before the fault may not have come yet.
                first, fault = self._first(table, wanted, last)
                if first is not None:
                    self._look_at(first, blobs)
                    last = first.row
                    yield first
                elif (following := self._row_after(table, last)) is not None:
                    last = following
                    self._pass_over(table, following, fault)
                else:
                    break
            else:
                return
        self._damaged(table, last)

    def _scan(
        self, table: str, columns: Sequence[str], after: int | None, *, most: int = -1
    ) -> Iterator[Record]:
        key = self._key(table)
        where, values = ("", []) if after is None else (f" where {key} > ?", [after])
        statement = (
            f"select {_list(key, columns)} from {_quoted(table)} not indexed{where} order by {key} limit ?"  # noqa: S608 - names are quoted
        )
        for row_id, *cells in self.connection.execute(statement, [*values, most]):
            yield Record(table, row_id, dict(zip(columns, cells, strict=True)))

    def _first(
        self, table: str, columns: Sequence[str], after: int | None
    ) -> tuple[Record | None, Exception | None]:
        try:
            record = next(self._scan(table, columns, after, most=1), None)
        except FAULTS as fault:
            return None, fault
        return (record if record and (after is None or record.row > after) else None), None

    def _key(self, table: str) -> str:
        """Return a name of the row id that no column of the table has taken."""
        return next((name for name in _ROW_IDS if name not in self.tables[table]), "")

    def _look_at(self, record: Record, blobs: Collection[str]) -> None:
        """Note what in a row is no text."""
        if self._has_odd_text:
            self._has_odd_text = False
            text = f"{record.place}: some bytes are no text and are shown as \N{REPLACEMENT CHARACTER}."
            self.remark(f"bytes that are no text, {record.table}", record.place, text)
        for column, cell in record.cells.items():
            if isinstance(cell, bytes) and column not in blobs and not _is_utf8(cell):
                text = f"{record.place}, column {column}: {len(cell)} bytes that are no text."
                self.remark(f"blob, {record.table}", record.place, text)

    def _pass_over(self, table: str, row: int, fault: Exception | None) -> None:
        why = "too long to be read" if "too big" in str(fault) else "damaged"
        place = f"row {row} of table {table}"
        self.remark(f"{why}, {table}", place, f"{place} is {why}.")

    def _row_after(self, table: str, last: int | None) -> int | None:
        key = self._key(table)
        where = "" if last is None else f" where {key} > ?"
        statement = f"select {key} from {_quoted(table)} not indexed{where} order by {key} limit 1"  # noqa: S608 - as above
        with contextlib.suppress(*FAULTS):
            found = self.connection.execute(statement, [] if last is None else [last]).fetchone()
            return found[0] if found and (last is None or found[0] > last) else None
        return None

    def _damaged(self, table: str, last: int | None) -> None:
        till = "could not be read" if last is None else f"could be read to row {last} only"
        self.damage.append(f"table {table} {till}")

    def get(self, table: str, row: int | None, columns: Sequence[str], *, key: str) -> Record | None:
        """Return the row of a table whose `key` is this number: its primary key, which SQLite keeps as the row id.

        None where there is none, also where the file's `key` is no such key: then nothing is found in a scan, which takes as long as the table.
        """
        if row is None or key not in self.tables.get(table, ()) or not -(1 << 63) <= row < 1 << 63:
            return None
        wanted = [key, *(c for c in columns if c in self.tables[table] and c != key)]
        row_id = self._key(table)
        statement = f"select {_list(row_id, wanted)} from {_quoted(table)} not indexed where {row_id} = ?"  # noqa: S608 - as above
        with contextlib.suppress(*FAULTS):
            found = self.connection.execute(statement, [row]).fetchone()
            if found and found[1] == row:
                return Record(table, row, dict(zip(wanted, found[1:], strict=True)))
        return None

    def has_rows(self, table: str) -> bool:
        with contextlib.suppress(*FAULTS):
            statement = f"select 1 from {_quoted(table)} limit 1"  # noqa: S608 - as above
            return self.connection.execute(statement).fetchone() is not None
        return True

    def remark(self, sort: str, place: str, text: str) -> None:
        """Say something on the receipt; of one sort so many times, the rest is counted (`told`)."""
        self._odd[sort] = self._odd.get(sort, 0) + 1
        if self._odd[sort] <= MOST_TOLD:
            self.remarks.append(NotUnderstood(text=shorten(text, 300), place=place))

    def told(self) -> Iterator[NotUnderstood]:
        """Yield what was noted since the last time."""
        remarks, self.remarks = self.remarks, []
        yield from remarks

    def rest(self, read: Mapping[str, Collection[str]], known: Collection[str] = ()) -> Iterator[AnyRow]:
        """Yield what the receipt says at the end: columns and tables that nobody read, what is damaged.

        `read`: by table the columns that were read or are known to hold nothing for an officer; `known`: tables of which the same holds.
        """
        yield from self.told()
        for sort, number in self._odd.items():
            if number > MOST_TOLD:
                yield NotUnderstood(text=f"{number - MOST_TOLD} more rows like these: {sort}.")
        for table, columns in read.items():
            new = [column for column in self.tables.get(table, ()) if column not in columns]
            if new and self.has_rows(table):
                yield NotUnderstood(text=f"Columns that are not read: {_names(new)}.", place=f"table {table}")
        others = [t for t in self.tables if t not in read and t not in known and self.has_rows(t)]
        if others:
            yield NotUnderstood(text=f"Tables that are not read: {_names(others)}.", place="the database")
        if self.damage:
            yield Failed(reason=f"The database is damaged: {'; '.join(self.damage[:_SHOWN_NAMES])}.")

    def _decode(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            self._has_odd_text = True
            return raw.decode("utf-8", "replace")


def read_database(
    file: BinaryIO, options: Options, tell: Callable[[Database, Traces], Iterator[AnyRow]]
) -> Iterator[AnyRow]:
    """Open the file and yield what `tell` makes of it; a file that is no database ends in a row that says why."""
    try:
        with opened(file) as database:
            yield from database.told()
            yield from tell(database, Traces(Reader(options)))
    except NotReadable as fault:
        yield Failed(reason=str(fault))
    except Full:
        yield Failed(reason=f"Stopped at the limit of {options.max_rows} entries.")


@contextlib.contextmanager
def opened(file: BinaryIO) -> Iterator[Database]:
    """Open a database, in memory and for reading only. Raises NotReadable."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        remarks = _load(connection, file)
        try:
            _harden(connection)
        except FAULTS as fault:
            raise NotReadable(_NO_LIST) from fault
        tables, is_whole = _tables(connection)
        if not tables and not is_whole:
            raise NotReadable(_NO_LIST)
        yield Database(connection, tables, remarks, [] if is_whole else [_LIST_CUT])
    finally:
        connection.close()


def _load(connection: sqlite3.Connection, file: BinaryIO) -> list[NotUnderstood]:
    """Give the file's content to SQLite and return what its head tells an officer."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > LARGEST:
        raise NotReadable(f"The database is larger than the {LARGEST >> 20} MB that are read.")
    with _content(file, size) as content:
        remarks = list(_mend(content, size))
        try:
            connection.deserialize(content)
        except FAULTS as fault:
            raise NotReadable("The database could not be opened.") from fault
    return remarks


@contextlib.contextmanager
def _content(file: BinaryIO, size: int) -> Iterator[mmap.mmap | bytearray]:
    """Give the bytes to be changed without changing the file: mapped where the system can, else a copy."""
    if size < _HEADER:
        raise NotReadable("The file ends within the head of a database.")
    if not isinstance(
        file, io.BufferedReader
    ):  # of a spooled one to ask for the descriptor would put it on the disk
        yield bytearray(file.read())
        return
    with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_COPY) as mapped:
        yield mapped


def _mend(content: mmap.mmap | bytearray, size: int) -> Iterator[NotUnderstood]:
    """Set right in the head what would keep SQLite from reading a lone or cut file, and say so."""
    page = page_size(bytes(content[:_HEADER]))
    if not page:
        raise NotReadable("The file does not begin as a SQLite database does.")
    if _WAL in (content[18], content[19]):
        content[18] = content[19] = 1
        yield NotUnderstood(
            text="The database was kept with a write-ahead log: what stood only in its -wal file is not in this one.",
            place="head of the database",
        )
    stated, there = int.from_bytes(content[28:32], "big"), size // page
    if not there:
        raise NotReadable("The file ends within the first page of the database.")
    if stated > there:
        content[28:32] = there.to_bytes(4, "big")
        yield NotUnderstood(
            text=f"The file is cut: {there:,} of its {stated:,} pages are there.",
            place="head of the database",
        )
    free = int.from_bytes(content[36:40], "big")
    if free:
        yield NotUnderstood(
            text=f"{free:,} free pages, which may still hold what was deleted, are not read.",
            place="head of the database",
        )


def _harden(connection: sqlite3.Connection) -> None:
    """Take from the file every means to do anything but to be read."""
    # The first lets SQLite pass over what of the list of tables is damaged; the second, that nothing is written all the same.
    for pragma in ("writable_schema = on", "query_only = on", "trusted_schema = off", "cell_size_check = on"):
        connection.execute(f"pragma {pragma}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_ROW)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 0)
    connection.set_authorizer(_allow)


def _allow(
    action: int, _first: str | None, second: str | None, _database: str | None, through: str | None
) -> int:
    """Let tables be read, and the list of their columns; `through` names the view or trigger that asks."""
    if through is None and action in {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}:
        return sqlite3.SQLITE_OK
    is_list = action == sqlite3.SQLITE_PRAGMA and _first == "table_info" and second is not None
    return sqlite3.SQLITE_OK if is_list else sqlite3.SQLITE_DENY


_MOST_TABLES = 2_000


def _tables(connection: sqlite3.Connection) -> tuple[dict[str, tuple[str, ...]], bool]:
    """Return the tables that hold rows of their own, with their plain columns, and whether the list is whole."""
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    found: dict[str, tuple[str, ...]] = {}
    for name, sql in (listed := _Listed(connection)):
        if (
            not (isinstance(name, str) and isinstance(sql, str))
            or " ".join(sql.split()[:2]).lower() != "create table"
        ):
            continue  # a virtual one has no rows of its own
        with contextlib.suppress(*FAULTS):
            info = connection.execute(f"pragma table_info({_quoted(name)})").fetchall()
            found.setdefault(name.lower(), tuple(str(column[1]).lower() for column in info))
    return found, listed.is_whole


class _Listed:
    """The names and statements of tables, as far as they can be read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection, self.is_whole = connection, True

    def __iter__(self) -> Iterator[tuple[Cell, Cell]]:
        statement = "select name, sql from sqlite_schema where type = 'table' limit ?"
        try:
            yield from self._connection.execute(statement, [_MOST_TABLES])
        except FAULTS:
            self.is_whole = False


def _list(key: str, columns: Sequence[str]) -> str:
    return ", ".join((key, *map(_quoted, columns)))


def _quoted(name: str) -> str:
    # No double quotes: what they hold is a text where there is no such column.
    return "`" + name.replace("`", "``") + "`"


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(shorten(name, 60) for name in names[:_SHOWN_NAMES])
    more = len(names) - _SHOWN_NAMES
    return f"{shown} and {more} more" if more > 0 else shown
