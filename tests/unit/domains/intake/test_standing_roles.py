"""Roles that stand above rows: titles, names of sheets, rows of their own, roles over the headings."""

import io

import pytest
from openpyxl import Workbook

from cets.domains.intake.rows import AnyRow, ColumnMap, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable
from cets.domains.intake.sources.xlsx.source import Xlsx
from cets.domains.intake.tables.titles import title_role

TWO_ROWS = "Suspect,,Victim,\nemail,phone,email,phone\nheron@mail.example,+447700900101,wren@mail.example,+447700900102\n"
BLOCKS = (
    "Suspects,,\nname,email,phone\nA. Heron,heron@mail.example,+447700900101\nB. Crake,crake@mail.example,+447700900103\n"
    "Victims,,\nname,email,phone\nC. Wren,wren@mail.example,+447700900102\n"
)


def read(text: str) -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country="GB")))


def roles(rows: list[AnyRow]) -> dict[str, str]:
    return {row.value.value: row.role for row in rows if isinstance(row, Sighting)}


def book(*sheets: tuple[str, list[list[str | None]]], merged: tuple[str, ...] = ()) -> list[AnyRow]:
    made = Workbook()
    made.remove(made.active)
    for title, lines in sheets:
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(line)
        for area in merged:
            sheet.merge_cells(area)
    file = io.BytesIO()
    made.save(file)
    return list(Xlsx().read(file, Options(country="GB")))


def test_roles_over_the_headings_reach_to_the_next():
    rows = read(TWO_ROWS)
    assert roles(rows) == {
        "heron@mail.example": "suspect",
        "+447700900101": "suspect",
        "wren@mail.example": "victim",
        "+447700900102": "victim",
    }
    assert isinstance(rows[0], ColumnMap)
    assert [column.role for column in rows[0].columns] == ["suspect", "suspect", "victim", "victim"]


def test_joined_cells_over_the_headings():
    lines = [line.split(",") for line in TWO_ROWS.splitlines()]
    rows = book(("Sheet1", [[text or None for text in line] for line in lines]), merged=("A1:B1", "C1:D1"))
    assert roles(rows)["heron@mail.example"] == "suspect"
    assert roles(rows)["wren@mail.example"] == "victim"


def test_a_role_over_some_columns_is_not_that_of_those_before_it():
    text = (
        ",,Victim,Suspect\ncase,email,email,email\n1,rail@mail.example,wren@mail.example,heron@mail.example\n"
    )
    assert roles(read(text)) == {
        "rail@mail.example": "unknown",
        "wren@mail.example": "victim",
        "heron@mail.example": "suspect",
    }


@pytest.mark.parametrize("bare", [False, True])
def test_blocks_one_below_the_other(bare: bool):
    text = BLOCKS.replace(",,\n", "\n") if bare else BLOCKS
    assert CsvTable().recognises(text.encode(), len(text)) > 0.5
    rows = read(text)
    found = roles(rows)
    assert {found["heron@mail.example"], found["+447700900103"]} == {"suspect"}
    assert {found["wren@mail.example"], found["+447700900102"]} == {"victim"}
    column_map = next(row for row in rows if isinstance(row, ColumnMap))
    assert all(column.victims == (2,) for column in column_map.columns)
    said = [row.text for row in rows if isinstance(row, NotUnderstood)]
    assert "Row 5 names a role and is no row: the rows that follow are read as of a victim." in said


def test_a_row_of_a_role_column_heads_nothing():
    found = roles(
        read("role,email,phone\nvictim,,\nsuspect,heron@mail.example,+447700900101\n,crake@mail.example,\n")
    )
    assert found == {
        "heron@mail.example": "suspect",
        "+447700900101": "suspect",
        "crake@mail.example": "unknown",
    }


@pytest.mark.parametrize(
    "title",
    ["Victims", "List of victims", "VICTIM DETAILS", "Annex B: victims", "Opfer", "Liste des victimes"],
)
def test_the_name_of_a_sheet_and_a_title_tell_whose_its_rows_are(title: str):
    lines: list[list[str | None]] = [["email", "phone"], ["wren@mail.example", "+447700900102"]]
    other: list[list[str | None]] = [["email", "phone"], ["heron@mail.example", "+447700900101"]]
    by_sheet = book((title.replace(":", ""), lines), ("Suspects", other))
    by_title = read(f"{title},\nemail,phone\nwren@mail.example,+447700900102\n")
    assert roles(by_sheet)["wren@mail.example"] == "victim"
    assert roles(by_sheet)["heron@mail.example"] == "suspect"
    assert set(roles(by_title).values()) == {"victim"}


@pytest.mark.parametrize(
    "title",
    [
        "Accounts used to contact victims",
        "No victims",
        "Sheet1",
        "Victim identification unit",
        "Child protection team",
        "Alleged perpetrators",
        "Contacts",
        "Wife of suspect",
        "Subject",
    ],
)
def test_a_title_that_says_more_or_less_gives_no_role(title: str):
    assert title_role(title) == "unknown"
    assert set(roles(read(f"{title},\nemail,phone\nwren@mail.example,+447700900102\n")).values()) == {
        "unknown"
    }


def test_a_form_under_titles():
    rows = read(
        "Suspect,\nEmail,heron@mail.example\nPhone,+447700900101\nVictim,\nEmail,wren@mail.example\nPhone,+447700900102\n"
    )
    assert roles(rows) == {
        "heron@mail.example": "suspect",
        "+447700900101": "suspect",
        "wren@mail.example": "victim",
        "+447700900102": "victim",
    }


def test_a_column_of_a_role_keeps_it_under_another():
    found = roles(
        book(("Victims", [["email", "suspect email"], ["wren@mail.example", "heron@mail.example"]]))
    )
    assert found == {"wren@mail.example": "victim", "heron@mail.example": "suspect"}
