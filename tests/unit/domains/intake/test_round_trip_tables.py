"""What is written into tables, as text and as workbooks, is read from them value for value, in its row and with its time."""

import csv
import io
from datetime import datetime
from typing import Any, NamedTuple

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake.rows import AmbiguousPart, AnyRow, ColumnMap, FreeText, Sighting
from unit.domains.intake.round_trips import (
    ADDRESSES,
    EMAILS,
    MD5,
    NAMES,
    PHONES,
    TIMES,
    instant,
    read,
    unread,
)


class Line(NamedTuple):
    """One row of a log: who, by which address, when."""

    screen: str
    email: str
    phone: str
    address: str
    port: int
    at: int
    digest: str
    role: str


HEADINGS = ("Platform", "Screen name", "Email", "Phone", "IP address", "Port", "Time (UTC)", "MD5", "Role")
ROLES = ("suspect", "victim", "witness")
LINES = st.lists(
    st.builds(Line, NAMES, EMAILS, PHONES, ADDRESSES, st.integers(1, 65_535), TIMES, MD5, st.sampled_from(ROLES)),
    min_size=2, max_size=6,
)  # fmt: skip
ORDERS = st.permutations(HEADINGS)
DELIMITERS = st.sampled_from([",", ";", "\t", "|"])
CODES = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])


def cells(line: Line) -> dict[str, str]:
    return {
        "Platform": "KiteChat", "Screen name": line.screen, "Email": line.email, "Phone": line.phone, "IP address": line.address,
        "Port": str(line.port), "Time (UTC)": f"{instant(line.at):%Y-%m-%d %H:%M:%S}", "MD5": line.digest, "Role": line.role,
    }  # fmt: skip


def written(lines: list[Line], order: list[str]) -> list[list[str]]:
    return [order, *([cells(line)[heading] for heading in order] for line in lines)]


def expected(lines: list[Line], *, place: str = "") -> set[tuple[object, ...]]:
    """Return kind, value, role, row and port of all that the lines hold; places are rows and columns."""
    return {
        (kind, value, line.role, f"{place}row {number}, column {column}", line.port if kind == "ip" else None)
        for number, line in enumerate(lines, 2)
        for kind, value, column in (
            ("account", f"kitechat/{line.screen}", "Screen name"), ("email", line.email, "Email"), ("phone", line.phone, "Phone"),
            ("ip", line.address, "IP address"), ("hash", f"md5:{line.digest}", "MD5"),
        )
    }  # fmt: skip


def found(rows: list[AnyRow]) -> set[tuple[object, ...]]:
    return {
        (row.value.kind, row.value.value, row.role, row.place, row.port)
        for row in rows
        if isinstance(row, Sighting) and row.way == "declared"
    }


def times(rows: list[AnyRow]) -> list[datetime | None]:
    """Return the time of each address, in the order of the rows."""
    return [
        (row.seen_at.instant or row.seen_at.candidates[0]) if row.seen_at else None
        for row in rows
        if isinstance(row, Sighting) and row.value.kind == "ip"
    ]


@settings(max_examples=50, deadline=None)
@given(LINES, ORDERS, DELIMITERS, CODES, st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_tables_as_text_are_read(
    lines: list[Line], order: list[str], delimiter: str, code: str, is_quoted: bool, end: str
) -> None:
    made = io.StringIO()
    quoting = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
    csv.writer(made, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(
        written(lines, order)
    )
    rows = read("csv", made.getvalue().encode(code))

    (table,) = [row for row in rows if isinstance(row, ColumnMap)]
    assert (table.delimiter, table.heading_row, table.rows) == (delimiter, 1, len(lines))
    assert found(rows) == expected(lines)
    assert times(rows) == [instant(line.at) for line in lines]
    assert not unread(rows)


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, content in sheets.items():
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@settings(max_examples=30, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=2), ORDERS)
def test_workbooks_are_read_sheet_by_sheet(tables: list[list[Line]], order: list[str]) -> None:
    names = [f"Log {number}" for number, _ in enumerate(tables, 1)]
    rows = read(
        "xlsx", workbook({name: written(lines, order) for name, lines in zip(names, tables, strict=True)})
    )

    assert [row.sheet for row in rows if isinstance(row, ColumnMap)] == names
    places = [f"sheet “{name}”, " if len(tables) > 1 else "" for name in names]
    assert found(rows) == set().union(
        *(expected(lines, place=place) for lines, place in zip(tables, places, strict=True))
    )
    assert times(rows) == [instant(line.at) for lines in tables for line in lines]
    assert not unread(rows)


@settings(max_examples=30, deadline=None)
@given(LINES)
def test_dates_of_a_workbook_are_clocks_without_a_zone(lines: list[Line]) -> None:
    content: list[list[Any]] = [
        ["Email", "IP address", "Time"],
        *([one.email, one.address, instant(one.at).replace(tzinfo=None)] for one in lines),
    ]
    rows = read("xlsx", workbook({"Log": content}))

    assert times(rows) == [instant(line.at).replace(tzinfo=None) for line in lines]
    assert all(isinstance(row, AmbiguousPart) for row in unread(rows))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(NAMES, EMAILS), min_size=2, max_size=6), DELIMITERS)
def test_what_is_no_identifier_is_kept_word_for_word(lines: list[tuple[str, str]], delimiter: str) -> None:
    notes = [f'{word}{delimiter} "{word}"\nand more' for word, _ in lines]
    made = io.StringIO()
    content = [("Email", "Notes"), *((email, note) for (_, email), note in zip(lines, notes, strict=True))]
    csv.writer(made, delimiter=delimiter).writerows(content)
    rows = read("csv", made.getvalue().encode())

    assert [row.text for row in rows if isinstance(row, FreeText)] == notes
    assert not unread(rows)
