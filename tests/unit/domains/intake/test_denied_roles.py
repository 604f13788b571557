"""Cells that speak of a role and do not give it, and columns that answer with yes and no."""

import io

import pytest

from cets.domains.intake.rows import AnyRow, ColumnMap, NotUnderstood, Person, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable
from cets.domains.intake.tables import words


def read(text: str) -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country="GB")))


def roles(rows: list[AnyRow]) -> list[str]:
    return [row.role for row in rows if isinstance(row, Sighting)]


def said(rows: list[AnyRow]) -> list[str]:
    return [
        row.text for row in rows if isinstance(row, NotUnderstood) and "no role that is known" in row.text
    ]


def table(heading: str, *values: str) -> str:
    return "\n".join([f"email,{heading}", *(f'a{n}@mail.example,"{v}"' for n, v in enumerate(values)), ""])


DENIED = (
    *("Non-suspect", "Not a suspect", "not suspect", "No longer suspected", "Cleared suspect", "ruled out as suspect"),
    *("Wrongly accused", "Kein Beschuldigter", "Wife of suspect", "Suspect's employer", "Solicitor of the accused"),
    *("Person of interest", "Subject of interest", "Never convicted", "Not convicted", "Ex-suspect", "Suspect: no"),
    *("Suspect (cleared)", "Femme du suspect", "No sospechoso", "не подозреваемый", "şüpheli değil", "非嫌疑人"),
    *("被疑者の妻", "被疑者ではない", "피의자 아님", "피의자의 아내", "Moglie dell'indagato", "Nicht mehr Beschuldigter"),
)  # fmt: skip


@pytest.mark.parametrize("value", DENIED)
def test_a_role_that_is_denied_or_of_somebody_else_is_unknown_and_said(value: str) -> None:
    rows = read(table("role", value, "Witness"))
    assert roles(rows) == ["unknown", "witness"]
    assert len(said(rows)) == 1
    assert roles(read(table("role", value))) == ["unknown"]


@pytest.mark.parametrize("value", ["Not a victim", "Kein Opfer", "no longer a victim"])
def test_whoever_is_denied_to_be_a_victim_is_masked_and_said(value: str) -> None:
    rows = read(table("role", value, "Suspect"))
    assert roles(rows) == ["victim", "suspect"]
    assert len(said(rows)) == 1


@pytest.mark.parametrize(
    ("value", "role"),
    [
        *(("Suspect no 2", "suspect"), ("Suspect No. 1", "suspect"), ("Suspect (not arrested)", "suspect")),
        *(("Suspect, no previous convictions", "suspect"), ("Suspect (father)", "suspect")),
        *(("Witness, not suspect", "witness"), ("Not a witness but suspect", "suspect"), ("1 of 2 suspects", "suspect")),
        *(("der Beschuldigte", "suspect"), ("Suspect not convicted", "suspect"), ("suspect's account", "suspect")),
    ],
)  # fmt: skip
def test_other_words_beside_a_role_take_it_from_nobody(value: str, role: str) -> None:
    assert words.role_told("role", value) == (role, True)


def test_a_heading_that_denies_a_role_gives_none() -> None:
    assert roles(read("Non-suspect email,Note\na@mail.example,x\n")) == ["unknown"]
    assert words.role_of("Suspect phone no") == "suspect"


@pytest.mark.parametrize(
    ("yes", "no"),
    [("Y", "N"), ("yes", "no"), ("Ja", "Nein"), ("oui", "non"), ("1", "0"), ("TRUE", "FALSE"), ("x", ""), ("да", "нет"),
     ("はい", "いいえ"), ("예", "아니오"), ("نعم", "لا"), ("Evet", "Hayır"), ("Yes, arrested", "No, only seen"), ("sí", "no")],
)  # fmt: skip
@pytest.mark.parametrize(
    ("heading", "role"),
    [("Suspect?", "suspect"), ("Convicted", "convicted"), ("is_victim", "victim"), ("Child", "victim"), ("Victim", "victim")],
)  # fmt: skip
def test_yes_and_no_under_a_role_are_of_each_row(heading: str, role: str, yes: str, no: str) -> None:
    rows = read(table(heading, yes, no, yes))
    assert roles(rows) == [role, "unknown", role]
    assert said(rows) == []
    assert not [row for row in rows if isinstance(row, Person) and row.names]


def test_two_such_columns_and_the_first_values_of_a_victim() -> None:
    rows = read("email,Child,Suspect\na@mail.example,Y,N\nb@mail.example,N,Y\nc@mail.example,N,N\n")
    assert roles(rows) == ["victim", "suspect", "unknown"]
    assert isinstance(rows[0], ColumnMap)
    assert rows[0].columns[0].victims == (0,)


def test_what_is_no_answer_is_said_and_a_victim_for_safety() -> None:
    asked = table("{}", "Y", "N", "Y", "N", "perhaps")
    assert roles(read(asked.format("Victim?")))[-1] == "victim"
    assert roles(read(asked.format("Suspect?")))[-1] == "unknown"
    assert len(said(read(asked.format("Suspect?")))) == 1


def test_names_under_a_role_are_names_still() -> None:
    rows = read(table("Suspect", "Ja Rook", "No Heron", "Kestrel"))
    assert [row.names for row in rows if isinstance(row, Person)] == [
        ("Ja Rook",),
        ("No Heron",),
        ("Kestrel",),
    ]
    assert set(roles(rows)) == {"suspect"}
