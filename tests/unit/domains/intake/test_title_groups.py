"""Headings in two rows: the title of a group over the titles of its columns, which come again under the next."""

import io
from typing import Any

import openpyxl
import pytest

from cets.domains.intake.rows import AnyRow, ColumnMap, NotUnderstood, Person, Sighting, Trace
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable
from cets.domains.intake.sources.xlsx.source import Xlsx

CALLER, CALLED = "07700900123", "07700900124"
ONE, OTHER = "356938035643809", "356938035643890"
TITLES = ["Number", "IMEI", "Cell"]
VALUES = [CALLER, ONE, "23415-11", CALLED, OTHER, "23415-12"]


def csv(*rows: list[str]) -> list[AnyRow]:
    text = "".join(",".join(row) + "\n" for row in rows).encode()
    assert CsvTable().recognises(text, len(text)) > 0
    return list(CsvTable().read(io.BytesIO(text), Options(country="GB")))


def workbook(*rows: list[Any], merged: tuple[str, ...] = ()) -> list[AnyRow]:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return list(Xlsx().read(out, Options(country="GB")))


def headings(rows: list[AnyRow]) -> list[str]:
    return [column.heading for row in rows if isinstance(row, ColumnMap) for column in row.columns]


def places(rows: list[AnyRow]) -> dict[str, str]:
    """Return under which heading each value was declared."""
    return {
        row.value.value: row.place.partition("column ")[2]
        for row in rows
        if isinstance(row, Sighting) and row.way == "declared"
    }


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood) and "group" in row.text]


def persons(rows: list[AnyRow]) -> list[Person]:
    return [row for row in rows if isinstance(row, Person)]


@pytest.mark.parametrize(
    "above", [[], [["Call records of +44 7700 900123", *[""] * 5]], [["", "Period:", "May", "", "", ""]]]
)
@pytest.mark.parametrize(
    ("one", "other"),
    [("Calling party", "Called party"), ("A party", "B party"), ("Caller", "Callee"), ("From", "To"), ("Originating", "Terminating")],
)  # fmt: skip
def test_each_partys_values_are_its_own(one: str, other: str, above: list[list[str]]) -> None:
    rows = csv(*above, [one, "", "", other, "", ""], TITLES * 2, VALUES, VALUES)

    assert headings(rows) == [f"{group} {title}" for group in (one, other) for title in TITLES]
    assert places(rows) == {
        "+447700900123": f"{one} Number", ONE: f"{one} IMEI", "+447700900124": f"{other} Number", OTHER: f"{other} IMEI",
    }  # fmt: skip
    assert persons(rows) == []
    assert said(rows) == []


def test_groups_that_are_no_ends_of_a_call_are_two_people_too() -> None:
    rows = csv(
        ["Subscriber 1", "", "", "Subscriber 2", "", ""],
        ["Name", "Email", "Phone"] * 2,
        ["Kim Larch", "kim@post.example", CALLER, "Robin Oak", "robin@post.example", CALLED],
    )

    assert headings(rows)[3:5] == ["Subscriber 2 Name", "Subscriber 2 Email"]
    assert persons(rows) == []
    assert {"kim@post.example", "robin@post.example", "+447700900123", "+447700900124"} <= places(rows).keys()
    assert all(row.person is None for row in rows if isinstance(row, Sighting))


def test_what_one_person_has_twice_remains_one_persons() -> None:
    rows = csv(
        ["Name", "Home", "", "Work", ""],
        ["", "Email", "Phone", "Email", "Phone"],
        ["Kim Larch", "kim@post.example", CALLER, "larch@work.example", CALLED],
    )

    (kim,) = persons(rows)
    assert kim.names == ("Kim Larch",)
    assert {row.person for row in rows if isinstance(row, Sighting)} == {kim.key}


def test_titles_of_one_column_over_both_rows_keep_their_own() -> None:
    rows = csv(
        ["Start Time", "Calling party", "", "Called party", "Duration"],
        ["", "Number", "IMEI", "Number", ""],
        ["2026-04-13 10:00:00", CALLER, ONE, CALLED, "61"],
    )

    assert headings(rows) == [
        "Start Time", "Calling party Number", "Calling party IMEI", "Called party Number", "Duration",
    ]  # fmt: skip
    (call,) = [row for row in rows if isinstance(row, Trace)]
    assert (call.kind, call.counterparts, call.seconds) == ("call", (CALLER, CALLED), 61.0)
    assert {row.trace for row in rows if isinstance(row, Sighting)} == {1}


def test_merged_cells_tell_how_far_a_title_goes() -> None:
    rows = workbook(
        ["Date", "Calling party", None, None, "Called party", None, "Email"],
        [None, "Number", "IMEI", "Email", "Number", "IMEI", None],
        ["2026-04-13", CALLER, ONE, "kim@post.example", CALLED, OTHER, "case@unit.example"],
        merged=("A1:A2", "B1:D1", "E1:F1", "G1:G2"),
    )

    assert headings(rows) == [
        "Date", "Calling party Number", "Calling party IMEI", "Calling party Email", "Called party Number",
        "Called party IMEI", "Email",
    ]  # fmt: skip
    assert places(rows)[OTHER] == "Called party IMEI"
    assert persons(rows) == []


def test_a_title_that_is_not_merged_is_of_its_own_column_where_others_are() -> None:
    rows = workbook(
        ["Calling party", None, "Called party", None],
        ["Number", "IMEI", "Number", "IMSI"],
        [CALLER, ONE, CALLED, "234150999999991"],
        merged=("A1:B1",),
    )
    assert headings(rows) == ["Calling party Number", "Calling party IMEI", "Called party Number", "IMSI"]


def test_how_far_the_last_title_goes_is_not_guessed() -> None:
    rows = csv(
        ["Calling party", "", "Called party", "", ""],
        ["Number", "IMEI", "Number", "Email", "Duration"],
        [CALLER, ONE, CALLED, "kim@post.example", "61"],
    )

    assert headings(rows)[2:] == ["Called party Number", "Email", "Duration"]
    (told,) = [row.text for row in rows if isinstance(row, NotUnderstood) and "how far" in row.text]
    assert "“Email”" in told
    assert persons(rows) == []


@pytest.mark.parametrize(
    "over",
    [
        ["", "Calling party", "", "", "Called party", ""],  # in the middle of its group
        ["Calling party", "Called party", "", "", "", ""],  # blanks lost
        ["Event", "", "Calling party", "", "", "Called party"],
    ],
)
def test_where_nobody_can_tell_whose_a_title_is_it_is_said_and_nobodys(over: list[str]) -> None:
    rows = csv(over, TITLES * 2, VALUES, VALUES)

    assert headings(rows) == TITLES * 2
    assert any("nothing tells for certain" in text for text in said(rows))
    assert persons(rows) == []
    assert {row.role for row in rows if isinstance(row, Sighting)} == {"unknown"}
    assert {ONE, OTHER} <= places(rows).keys()


def test_a_title_in_the_middle_behind_another_group_is_in_doubt_too() -> None:
    rows = csv(
        ["Event", "", "", "Calling party", "", "", "Called party", ""],
        ["Date", "Time", "Number", "IMEI", "IMSI", "Number", "IMEI", "IMSI"],
        ["2026-04-13", "10:00:00", CALLER, ONE, "234150999999991", CALLED, OTHER, "234150999999992"],
    )
    assert said(rows)
    assert persons(rows) == []


def test_headings_that_come_again_are_no_rows() -> None:
    over = ["Calling party", "", "", "Called party", "", ""]
    rows = csv(over, TITLES * 2, VALUES, over, TITLES * 2, VALUES)
    again = [
        row.text for row in rows if isinstance(row, NotUnderstood) and "repeats the headings" in row.text
    ]
    assert len(again) == 2
    assert [row.value.value for row in rows if isinstance(row, Sighting)].count(ONE) == 2


@pytest.mark.parametrize(
    "lines",
    [
        [
            ["Subscriber details", "", ""],
            ["Name", "Email", "Phone"],
            ["Kim Larch", "kim@post.example", CALLER],
        ],
        [["Report by", "Unit", ""], ["Name", "Email", "Phone"], ["Kim Larch", "kim@post.example", CALLER]],
        [
            ["Requested by", "", "Olga Cop"],
            ["Name", "Email", "Phone"],
            ["Kim Larch", "kim@post.example", CALLER],
        ],
        [["Name", "Email", "Phone"], ["Kim Larch", "kim@post.example", CALLER]],
    ],
)
def test_a_table_with_lines_above_is_read_as_ever(lines: list[list[str]]) -> None:
    rows = csv(*lines)

    assert headings(rows) == ["Name", "Email", "Phone"]
    (kim,) = persons(rows)
    assert kim.names == ("Kim Larch",)
    assert {row.person for row in rows if isinstance(row, Sighting)} == {kim.key}


def test_roles_over_headings_give_their_roles_as_ever() -> None:
    rows = csv(
        ["Suspect", "", "Victim", ""],
        ["Name", "Email", "Name", "Email"],
        ["Ash", "ash@post.example", "Kim", "kim@post.example"],
    )
    assert {row.role: row.names for row in persons(rows)} == {"suspect": ("Ash",), "victim": ("Kim",)}


@pytest.mark.parametrize(
    "lines",
    [
        [["Caller", "Callee", "Type 1", "Type 2"], ["Kim", "Ash", "phone", "phone"], ["Kim", "Oak", "email", "phone"]],
        [["Caller", "Callee", "Type 1", "Type 2"], ["Kim", "Ash", "phone", "phone"], ["Kim", "Oak", "fax", "fax"]],
    ],
)  # fmt: skip
def test_words_of_headings_among_the_rows_make_no_second_row_of_headings(lines: list[list[str]]) -> None:
    rows = list(CsvTable().read(io.BytesIO("\n".join(map(",".join, lines)).encode()), Options(country="GB")))
    (column_map,) = [row for row in rows if isinstance(row, ColumnMap)]
    assert column_map.heading_row < 2
    assert not any(" phone" in heading for heading in headings(rows))
