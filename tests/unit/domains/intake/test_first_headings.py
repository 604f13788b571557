"""Two tables one below the other: the headings of the first are its headings, however many words of the second are known."""

import io

import pytest

from cets.domains.intake.rows import AnyRow, ColumnMap, Person, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable

A, B = "a@post.example", "b@post.example"


def read(text: str) -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country="GB")))


def roles(rows: list[AnyRow]) -> dict[str, str]:
    return {row.value.value: row.role for row in rows if isinstance(row, Sighting)}


def heading_row(rows: list[AnyRow]) -> int:
    return next(row.heading_row for row in rows if isinstance(row, ColumnMap))


@pytest.mark.parametrize(
    ("victims", "suspects", "headings"),
    [
        ("Victim details,,", "Suspect details,,", ("Name,Email,School", "Name,Email,Phone")),
        ("Opfer,,", "Beschuldigte,,", ("Name,E-Mail,Schule", "Name,E-Mail,Telefon")),
        ("Victimes,,", "Suspects,,", ("Nom,Courriel,École", "Nom,Courriel,Téléphone")),
    ],
)
def test_the_victims_table_is_read_and_no_text_above_the_other(
    victims: str, suspects: str, headings: tuple[str, str]
):
    text = f"{victims}\n{headings[0]}\nLarch,{B},Oak\n{suspects}\n{headings[1]}\nAsh,{A},07700900101\n"
    rows = read(text)
    assert heading_row(rows) == 2
    assert (roles(rows)[A], roles(rows)[B]) == ("suspect", "victim")
    assert "+447700900101" in roles(rows)


def test_headings_under_a_title_are_nobodys_row():
    text = f"Victim details,,\nName,Age,School\nlarch12,12,Oak\nSuspect details,,\nName,Email,Phone\nAsh,{A},07700900101\n"
    rows = read(text)
    people = [(row.role, row.names) for row in rows if isinstance(row, Person)]
    assert people == [("victim", ("larch12",)), ("suspect", ("Ash",))]


def test_what_stands_above_the_headings_under_a_victims_title_is_hers():
    rows = read(f"Victim details,,\nKim Larch {B},Oak School,\nName,Email,Phone\nKim,k@post.example,\n")
    assert roles(rows) == {B: "victim", "k@post.example": "victim"}


def test_a_few_headings_above_a_wider_table_leave_it_its_own():
    rows = read(f"Report by,Unit,,\nOlga Cop,Cyber,,\nName,Email,Phone,IP\nAsh,{A},07700900101,203.0.113.7\n")
    assert heading_row(rows) == 3
    assert {A, "+447700900101", "203.0.113.7"} <= roles(rows).keys()
