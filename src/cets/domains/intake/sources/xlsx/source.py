"""Excel workbooks: every sheet, hidden ones too. Formulas are data and are never evaluated."""

import datetime as dt
import io
import math
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.sources.xlsx.around import around
from cets.domains.intake.tables import Cell, Grid, TooLong, read_grid
from cets.domains.intake.tables.words import role_of_value

LARGEST_UNPACKED = 1 << 30
LARGEST_STRINGS = 48 << 20  # the table of texts is held in memory, several times its size
LARGEST_PART = 8 << 20
MOST_SHEETS = 200
MOST_PARTS = 10_000
MOST_ROWS = 1_048_576  # of one sheet, as the program itself has it
_RATIO = 200  # unpacked to packed; real sheets stay under fifty
_SMALL = 10 << 20
_LONGEST_ROLE = 60  # characters: longer ones are notes
_EXACT_DIGITS = 15
_HUGE = 10**40
_EMPTY = Cell("")
_TELLING = (b"xl/workbook.xml", b"xl/worksheets/", b"xl/_rels/", b"xl/styles.xml", b"xl/sharedStrings.xml")
_FIRST_PARTS = (b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/", b"customXml/")
_NAME_AT, _NAME_LENGTH_AT = 30, 26  # in the header of a ZIP member
_LONGEST_TAG = 300
_MERGED = re.compile(rb"<mergeCell\s[^>]{0,200}>")
_AREA = re.compile(
    rb"""ref=["'](?P<column>[A-Z]{1,2})(?P<first>\d{1,7}):(?P<until>[A-Z]{1,3})(?P<last>\d{1,7})["']"""
)
_MOST_MERGED = 100_000
_UNREAD_PARTS = (
    (re.compile(r"xl/(?:threaded)?comments?[\w/]*\.xml"), "comments"),
    (re.compile(r"xl/media/"), "pictures"),
    (re.compile(r"xl/embeddings/"), "embedded files"),
    (re.compile(r"xl/vbaProject\.bin"), "macros"),
    (re.compile(r"xl/externalLinks/[\w]+\.xml"), "links to other workbooks"),
)


class Xlsx(Source):
    name = "xlsx"
    caption = "Table (Excel workbook)"
    version = "4"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        if not head.startswith(b"PK\x03\x04"):
            return 0.0
        length = int.from_bytes(head[_NAME_LENGTH_AT:_NAME_AT][:2], "little")
        first = head[_NAME_AT : _NAME_AT + length]
        # A ZIP that holds workbooks has their parts in it too, but not at its own start.
        return 0.99 if first.startswith(_FIRST_PARTS) and any(sign in head for sign in _TELLING) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        fault = _unsafe(file)
        if fault:
            yield Failed(reason=fault)
            return
        try:
            yield from _workbook(file, options)
        except (MemoryError, RecursionError):
            raise
        except Exception as error:  # noqa: BLE001 - the library raises anything; what it read before would seem a fault of ours
            yield Failed(
                reason=f"The workbook is broken ({type(error).__name__}); what stands before is read."
            )


class _Sheet(Grid):
    learning_rows = 20_000  # a second look costs as much as the first

    def __init__(self, sheet: Any, merged: "_Merged", *, alone: bool) -> None:
        sheet.reset_dimensions()  # what a sheet says of its own size may be wrong, and would hide rows
        self._sheet = sheet
        self._merged = merged
        self.sheet = str(sheet.title)
        self.alone = alone

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        roles: dict[int, tuple[int, Cell]] = {}  # by column: the last row of the area, and its cell
        for number, row in enumerate(self._sheet.iter_rows(), 1):
            if number > MOST_ROWS:
                raise TooLong(f"Stopped at row {MOST_ROWS} of sheet “{self.sheet}”: that is the limit.")
            cells = [_cell(cell) for cell in row]
            for column, last in self._merged.down.get(number, ()):
                if column < len(cells) and _is_whose(cells[column].text):
                    roles[column] = last, cells[column]
            if any(cell.text for cell in cells):
                yield number, _with_roles(number, cells, roles) if roles else cells

    def across(self, number: int) -> dict[int, int]:
        return self._merged.across.get(number, {})


def _is_whose(text: str) -> bool:
    return len(text) <= _LONGEST_ROLE and role_of_value(text) is not None


def _workbook(file: BinaryIO, options: Options) -> Iterator[AnyRow]:
    from cets.domains.intake.sources.xlsx.book import Book  # noqa: PLC0415 - heavy; only when there is a workbook

    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which are not read
        opened = Book(file)
        book = opened.wb
        try:
            for number, sheet in enumerate(book.worksheets):
                if number >= MOST_SHEETS:
                    yield Failed(reason=f"Stopped at the limit of {MOST_SHEETS} sheets.")
                    return
                yield from _sheet(sheet, file, options, alone=len(book.worksheets) == 1)
        finally:
            book.close()
    for text in opened.remarks:
        yield NotUnderstood(text=text, place="workbook")
    yield from _not_read(file)


def _sheet(sheet: Any, file: BinaryIO, options: Options, *, alone: bool) -> Iterator[AnyRow]:
    place = f"sheet “{sheet.title}”"
    merged = _merged(file, sheet)
    beside = around(file, str(getattr(sheet, "_worksheet_path", "")), "" if alone else f"{place}, ")
    rows = read_grid(_Sheet(sheet, merged, alone=alone), options)
    yield next(rows)  # the column map stands first
    if sheet.sheet_state != "visible":
        yield NotUnderstood(text=f"The {place} is hidden in the workbook; it was read.", place=place)
    if merged.count:
        text = (
            f"The {place} has {merged.count} merged areas; the value counts for the first cell of each only,"
            " a role for all its rows, a title over titles for all its columns."
        )
        yield NotUnderstood(text=text, place=place)
    for row in rows:
        beside.heed(row)
        yield row
    yield from beside.rows(sheet.title, options)


def _cell(cell: Any) -> Cell:
    """Make text of a cell, and keep in mind what a number or date has lost."""
    value = cell.value
    if value is None:
        return _EMPTY
    if cell.data_type == "f":
        return Cell(str(getattr(value, "text", None) or value), "formula")
    if isinstance(value, (int, float)):
        return Cell(str(value).upper()) if isinstance(value, bool) else _number(value)
    if isinstance(value, dt.datetime):
        has_clock = (value.hour, value.minute, value.second) != (0, 0, 0) or "h" in str(
            cell.number_format
        ).lower()
        return Cell(value.isoformat(sep=" ") if has_clock else value.date().isoformat(), "date")
    if isinstance(value, (dt.date, dt.time)):
        return Cell(value.isoformat(), "date")
    return Cell(decoding.clean(str(value)), "error" if cell.data_type == "e" else "text")


def _number(value: float) -> Cell:
    if isinstance(value, int):
        text = str(value) if abs(value) < _HUGE else "a number too large to show"
        return Cell(text, "rounded" if len(text.lstrip("-")) > _EXACT_DIGITS else "number")
    if math.isfinite(value) and value.is_integer() and abs(value) < 10**_EXACT_DIGITS:
        # Stored as 2.025550143E9: nothing tells whether all its digits were ever there.
        return Cell(str(int(value)), "rounded")
    return Cell(repr(value), "rounded" if abs(value) >= 10**_EXACT_DIGITS else "number")


def _unsafe(file: BinaryIO) -> str | None:
    """Return why the package is not opened, None when it may be."""
    try:
        with zipfile.ZipFile(file) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        return "The workbook is cut off or damaged: its list of parts cannot be read."
    if len(members) > MOST_PARTS:
        return f"The workbook has {len(members)} parts; the limit is {MOST_PARTS}."
    if any(member.flag_bits & 1 for member in members):
        return "The workbook is encrypted."
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > LARGEST_UNPACKED or (unpacked > _SMALL and unpacked > packed * _RATIO):
        most = f"{LARGEST_UNPACKED >> 20} MB and {_RATIO} times its size"
        return f"The workbook unpacks to {unpacked >> 20} MB; the limits are {most}."
    size = file.seek(0, io.SEEK_END)
    return next((fault for member in members if (fault := _unsafe_part(member, size))), None)


def _unsafe_part(member: zipfile.ZipInfo, size: int) -> str | None:
    limit = _limit(member.filename)
    if member.file_size > limit:
        return (
            f"A part of the workbook unpacks to {member.file_size >> 20} MB; the limit is {limit >> 20} MB."
        )
    if member.compress_size > size:  # so much would be asked for at once
        return "The workbook is damaged: one of its parts is said to be longer than all of it."
    return None


def _limit(name: str) -> int:
    """Sheets are read as a stream, the table of texts and the rest as a whole."""
    if name.startswith("xl/worksheets/") or not name.endswith((".xml", ".rels")):
        return LARGEST_UNPACKED
    return LARGEST_STRINGS if name.lower() == "xl/sharedstrings.xml" else LARGEST_PART


def _not_read(file: BinaryIO) -> Iterator[AnyRow]:
    with zipfile.ZipFile(file) as package:
        names = package.namelist()
    for pattern, what in _UNREAD_PARTS:
        count = sum(1 for name in names if pattern.match(name))
        if count:
            yield NotUnderstood(text=f"The workbook holds {what} ({count}): not read.", place="workbook")


class _Merged(msgspec.Struct):
    """The merged areas of a sheet: how many, and by the row in which they begin, column and last row of each.

    `across`: the last column of those that reach over several, by the first.
    """

    count: int = 0
    down: dict[int, list[tuple[int, int]]] = {}
    across: dict[int, dict[int, int]] = {}


def _merged(file: BinaryIO, sheet: Any) -> _Merged:
    """Find the merged areas of a sheet, which the library does not tell of a stream."""
    path = getattr(sheet, "_worksheet_path", None)
    found, left = _Merged(), b""
    with zipfile.ZipFile(file) as package, package.open(str(path)) as part:
        while chunk := part.read(1 << 20):
            text, end = left + chunk, 0
            for area in _MERGED.finditer(text):
                end = area.end()
                found.count += 1
                span = _AREA.search(area[0])
                if span and found.count <= _MOST_MERGED:
                    at = _column(span["column"])
                    found.down.setdefault(int(span["first"]), []).append((at, int(span["last"])))
                    if (until := _column(span["until"])) > at:
                        found.across.setdefault(int(span["first"]), {})[at] = until
            left = text[max(end, len(text) - _LONGEST_TAG) :]
    return found


def _column(letters: bytes) -> int:
    """Return which column letters name, from 0."""
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index - 1


def _with_roles(number: int, cells: list[Cell], roles: dict[int, tuple[int, Cell]]) -> list[Cell]:
    """Return a row with the roles that merged cells above give it: a victim's second row is hers too."""
    return [
        roles[column][1] if column in roles and not cell.text and number <= roles[column][0] else cell
        for column, cell in enumerate(cells)
    ]
