"""What a title says of those below it, and what is a row though it speaks of a role."""

import io

import pytest

from cets.domains.intake.rows import AnyRow, FreeText, NotUnderstood, Person, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable
from cets.domains.intake.tables.titles import title_role

A, B, C = "a@post.example", "b@post.example", "c@post.example"


def read(text: str) -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country="GB")))


def roles(rows: list[AnyRow]) -> dict[str, str]:
    return {row.value.value: row.role for row in rows if isinstance(row, Sighting)}


@pytest.mark.parametrize(
    "title",
    [
        "Children contacted by the suspect", "Victims identified from the suspect's phone", "Victims to be contacted",
        "Victims not yet interviewed", "Victim accounts contacted", "Opfer mit Kontakt zum Beschuldigten",
        "Identified children (UK)", "Children at risk", "Victims from chat", "Children UK", "Потерпілі", "Persone offese",
        "Annex 3 - List of child victims identified during the examination of seized devices", "Geschädigte aus dem Chat",
        "Victimes contactées par le suspect", "Víctimas del sospechoso", "Slachtoffers uit de chat", "Потерпевшие",
        "Kinder mit Kontakt zum Täter", "Pokrzywdzeni ustaleni w telefonie podejrzanego",
    ],
)  # fmt: skip
def test_a_title_that_names_victims_first_heads_theirs(title: str):
    assert title_role(title) == "victim"
    found = roles(read(f"Suspects,\nname,email\nAsh,{A}\n{title},\nBirch,{B}\n"))
    assert found == {A: "suspect", B: "victim"}


@pytest.mark.parametrize(
    "title",
    [
        "Suspects (victim: Kim Larch)", "Beschuldigte (Opfer: Kim Larch)", "Suspects in contact with children",
        "Child sex offenders", "Offenders against children", "Opferermittlung - Beschuldigte", "Suspects who contacted victims",
        "Victim Identification Report", "Operation Child Shield", "Stepdaughter of the suspect", "Total victims",
    ],
)  # fmt: skip
def test_a_title_that_names_others_first_masks_nobody(title: str):
    assert title_role(title) != "victim"
    assert "victim" not in roles(read(f"{title},\nname,email\nAsh,{A}\n")).values()


@pytest.mark.parametrize(
    ("title", "role"), [("Suspects (victim: Kim Larch)", "suspect"), ("Victim: Kim Larch", "victim")]
)
def test_a_victim_named_in_a_title_is_one(title: str, role: str):
    rows = read(f"{title},\nname,email\nAsh,{A}\n")
    assert roles(rows) == {A: role}
    assert ("Kim Larch",) in [row.names for row in rows if isinstance(row, Person) and row.role == "victim"]


@pytest.mark.parametrize(
    "row", ["Stepdaughter of the suspect", "Stieftochter des Beschuldigten", "belle-fille du suspect"]
)
def test_a_row_that_mentions_a_suspect_ends_no_victims_block(row: str):
    rows = read(f"VICTIMS,\nName,Email\nBirch,{A}\n{row},\nLarch,{B}\n")
    assert roles(rows) == {A: "victim", B: "victim"}
    assert not [one for one in rows if isinstance(one, NotUnderstood)]


@pytest.mark.parametrize("row", ["SUSPECTS", "Possible suspects", "Beschuldigte"])
def test_a_title_of_suspects_ends_it(row: str):
    found = roles(read(f"VICTIMS,\nName,Email\nBirch,{A}\n{row},\nAsh,{B}\n"))
    assert found[A] == "victim"
    assert found[B] != "victim"


@pytest.mark.parametrize(
    ("headings", "row", "value"),
    [
        ("Email,Phone", "victim.kim@kid.example", "victim.kim@kid.example"),
        ("Email,Phone", "suspect-one@post.example", "suspect-one@post.example"),
        ("Username,Email", "victim_hunter99", "victim_hunter99"),
        ("Username,Email", "no_children", "no_children"),
        ("Username,Email", "opfer_7", "opfer_7"),
        ("Notes,Email", f"Suspect said he also used {C}", C),
        ("Notes,Email", f"Täter nutzte auch {C}", C),
    ],
)
def test_what_holds_a_value_is_a_row_and_gives_nobody_a_role(headings: str, row: str, value: str):
    above, below = ("ash_7", f"elm_8,{A}") if headings.startswith("Username") else (B, f"{A},07700900142")
    found = roles(read(f"{headings}\n{above},\n{row},\n{below}\n"))
    assert found[value] == "unknown"
    assert found[A] == "unknown"


@pytest.mark.parametrize("name", ["Kim Larch (victim)", "Peter Opfer", "Lea Kind", "Total victims"])
def test_a_name_with_a_role_is_no_title(name: str):
    assert roles(read(f"Name,Email,Phone\n{name},,\nAsh,{A},07700900142\n"))[A] == "unknown"


def test_a_title_that_says_more_is_searched():
    rows = read(f"Name,Email\nSuspect 2 - Udo Kern (user udok99 on Kik),\nAsh,{A}\n")
    assert "kik/udok99" in roles(rows)
    assert any("Udo Kern" in row.text for row in rows if isinstance(row, FreeText))
    found = roles(read(f"Name,Email,Phone\nVictim: Kim Larch {B} 07700900112,,\nAsh,{A},\n"))
    assert found == {B: "victim", "+447700900112": "victim", A: "unknown"}
