"""The head of a phrase tells whose role it is: a child beside an offender, a father of a victim are no victims."""

import io

import pytest

from cets.domains.intake.rows import AnyRow, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable
from cets.domains.intake.tables import words


def read(text: str) -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country="GB")))


OFFENDERS = (
    *("Registered child sex offender", "Suspected child abuser", "Child sex offender", "Offender vs child", "child's groomer"),
    *("Suspect - victim's stepfather", "Alleged suspect (victim's uncle)", "Juvenile offender", "Suspect (known to victim)"),
    *("Suspect contacted victim", "Kindesmissbraucher", "Hauptverdächtige", "Kindermisbruiker", "Agresor de menores"),
    *("agresseur d'enfant", "Beschuldigter (Vater des Opfers)", "насильник над детьми", "minderjähriger Beschuldigter"),
    *("Child victim abuser", "Accused of grooming minors", "Suspect, not a victim", "Verdachte (vader van slachtoffer)"),
)  # fmt: skip
VICTIMS = (
    *("Child victim of suspect", "Victim contacted by suspect", "Suspected child victim", "Child reported", "Possible victim"),
    *("Person listed in report as victim", "believed to be a victim", "one of the victims", "suspect / victim", "Child witness"),
    *("Suspect in case 3 and victim in case 4", "Missbrauchsopfer", "Opferzeugin", "Victim, suspect's daughter", "abused child"),
    *("Kind der Tatverdächtigen", "Ein Kind des Täters", "Kinder des Verdächtigen"),
    *("Kind des Beschuldigten", "Victim (mother of two)", "Enfant victime", "vermoedelijk slachtoffer", "an injured party"),
)  # fmt: skip
NEITHER = (
    *("Contacted a victim", "Groomed the child", "Threatened his victims"),
    *("Freund der Tatverdächtigen", "Nachbarin der Geschädigten", "Lehrer der Beschuldigten"),
    *("father of victim", "victim's stepfather", "Adult who contacted victim", "Sent images to victim", "victims' father"),
    *("Adult posing as child", "Chat between suspect and victim", "Mutter des Opfers", "мать потерпевшей", "in contact with child"),
    *("User messaging minors", "père de la victime", "被害者の父", "Opfermutter", "madre della vittima"),
)  # fmt: skip
OFFICES = (
    *("Child protection officer", "Victim support worker", "Opferschutzbeauftragte", "Opferanwältin", "Victim liaison"),
    *("Child psychologist", "Slachtofferhulp"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "role"),
    [(text, role) for told, role in ((OFFENDERS, "suspect"), (VICTIMS, "victim"), (OFFICES, "other")) for text in told],
)  # fmt: skip
def test_the_head_of_a_phrase_is_the_role(text: str, role: str) -> None:
    assert words.role_told("Role", text) == (role, True)


@pytest.mark.parametrize("text", NEITHER)
def test_who_is_named_by_a_victim_is_none(text: str) -> None:
    assert words.role_of_value(text) is None


def test_an_offender_in_a_table_is_not_masked_and_nothing_wrong_is_said() -> None:
    rows = read(
        "Role,Email\nSuspect,a@mail.example\nRegistered child sex offender,b@mail.example\n"
        "Suspect - victim's stepfather,c@mail.example\nVictim,d@mail.example\n"
    )
    assert [row.role for row in rows if isinstance(row, Sighting)] == ["suspect"] * 3 + ["victim"]
    assert not [row for row in rows if isinstance(row, NotUnderstood)]


@pytest.mark.parametrize(
    ("heading", "reply"),
    [
        *(("Email used to contact child", "Child's reply address"), ("E-mail that messaged the victim", "Victim email")),
        *(("E-Mail für Kontakt mit Opfer", "Opfer E-Mail"), ("Email utilisé pour contacter victime", "Email victime")),
    ],
)  # fmt: skip
def test_the_address_by_which_a_child_was_reached_is_not_the_childs(heading: str, reply: str) -> None:
    rows = read(
        f"Name,{heading},{reply}\nA. Heron,a@mail.example,k@mail.example\nB. Heron,b@mail.example,t@mail.example\n"
    )
    found = {
        row.value.value: row.role for row in rows if isinstance(row, Sighting) and row.value.kind == "email"
    }
    assert found == {
        "a@mail.example": "unknown",
        "k@mail.example": "victim",
        "b@mail.example": "unknown",
        "t@mail.example": "victim",
    }


def test_what_a_victim_used_is_hers_still() -> None:
    rows = read("Victim email used to contact suspect,Note\nk@mail.example,x\nt@mail.example,y\n")
    assert {row.role for row in rows if isinstance(row, Sighting)} == {"victim"}
