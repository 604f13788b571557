"""Roles where nobody asked for them, in short, in answers that are not certain, and beside a name."""

import io

import pytest

from cets.domains.intake.rows import AnyRow, ColumnMap, NotUnderstood, Person, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable

A, B, C, D = "a@post.example", "b@post.example", "c@post.example", "d@post.example"


def read(text: str) -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country="GB")))


def table(heading: str, *values: str) -> str:
    """A table of that heading, with a name and an address for each value: a@..., b@..."""
    lines = [
        f'"{value}",Ash {sign},{sign}@post.example' for value, sign in zip(values, "abcdef", strict=False)
    ]
    return "\n".join([f"{heading},Name,E-mail", *lines, ""])


def roles(rows: list[AnyRow]) -> dict[str, str]:
    return {row.value.value: row.role for row in rows if isinstance(row, Sighting)}


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


def names(rows: list[AnyRow]) -> list[str]:
    return [name for row in rows if isinstance(row, Person) for name in row.names]


@pytest.mark.parametrize(
    ("heading", "victim", "suspect", "others"),
    [
        ("Status", "Victim", "Suspect", ("Officer in case", "School")),
        ("Type", "Victim 2", "Suspect 1", ("OIC", "Headteacher")),
        ("Relation", "VICTIM B", "Suspect", ("Mother", "Father")),
        ("Relation to suspect", "Victim", "unknown person", ("Mother", "Father")),
        ("Статус", "Потерпіла", "Підозрюваний", ("Слідчий", "Вчитель")),
        ("Wer", "Opfer #2", "Beschuldigter", ("Sachbearbeiter", "Schule")),
    ],
)
def test_who_is_exactly_a_victim_is_one_whatever_else_stands_in_the_column(
    heading: str, victim: str, suspect: str, others: tuple[str, str]
):
    rows = read(table(heading, suspect, victim, *others))
    found = roles(rows)
    assert found[B] == "victim"
    assert found[A] == ("unknown" if suspect.startswith("unknown") else "suspect")
    assert (found[C], found[D]) == ("unknown", "unknown")
    assert sum("no role that is known" in text for text in said(rows)) >= 2


def test_a_victim_far_below_is_one_too():
    lines = [f"Site {n},x{n}@post.example" for n in range(600)]
    assert roles(read("\n".join(["Place,E-mail", *lines, f"Victim,{A}", ""])))[A] == "victim"


@pytest.mark.parametrize("heading", ["Reported by", "Told to", "Contacted by"])
def test_a_victim_at_the_other_end_is_not_the_rows(heading: str):
    assert "victim" not in roles(read(table(heading, "Victim", "Officer", "School"))).values()


@pytest.mark.parametrize(
    ("heading", "yes", "no", "unsure"),
    [
        ("Victim?", "Yes", "No", "TBC"),
        ("Victim", "Yes - aged 12", "No", "Likely"),
        ("Opfer?", "ja", "nein", "zu klären"),
        ("Is victim", "Y", "N", "Poss"),
        ("Victime ?", "oui", "non", "à confirmer"),
        ("Child Y/N", "Y", "N", "unknown"),
    ],
)
def test_an_answer_that_is_not_certain_masks_and_no_does_not(heading: str, yes: str, no: str, unsure: str):
    rows = read(table(heading, yes, no, no, unsure))
    assert roles(rows) == {A: "victim", B: "unknown", C: "unknown", D: "victim"}
    assert names(rows) == ["Ash a", "Ash b", "Ash c", "Ash d"]
    assert [text for text in said(rows) if unsure in text and text.endswith("read as a victim's.")]


def test_nobody_is_a_suspect_for_an_answer_that_is_not_certain():
    rows = read(table("Suspect?", "Yes", "No", "TBC"))
    assert roles(rows) == {A: "suspect", B: "unknown", C: "unknown"}


@pytest.mark.parametrize(
    ("heading", "victim", "suspect"),
    [
        ("Role", "V1", "S1"),
        ("Role", "V", "S"),
        ("Victim/Suspect", "V", "S"),
        ("Opfer / Täter", "O", "BES"),
        ("Role", "IP", "Sus."),
        ("Rolle", "GES", "BES"),
        ("Rolle", "Gesch.", "Besch."),
        ("Ruolo", "P.O.", "Indagato"),
        ("Ruolo", "Parte lesa", "Indagato"),
        ("Qualité", "Victime", "MEC"),
        ("Роль", "Малолетний", "подозреваемый"),
        ("Rôle", "Fillette", "Mis en cause"),
    ],
)
def test_usual_abbreviations_are_roles_in_a_column_of_them(heading: str, victim: str, suspect: str):
    found = roles(read(table(heading, victim, suspect)))
    assert found[B] == "suspect"
    assert found[A] == ("unknown" if victim == "O" else "victim")


def test_abbreviations_alone_are_none():
    assert set(roles(read(table("Size", "S", "M", "V"))).values()) == {"unknown"}
    assert set(roles(read(table("Role", "S", "R", "S"))).values()) == {"unknown"}
    assert roles(read("Name,S1 E-mail,S2 E-mail\nAsh,a@post.example,b@post.example\n")) == {
        A: "unknown",
        B: "unknown",
    }


@pytest.mark.parametrize(
    "headings", ["V1 name,V1 email,S1 name,S1 email", "GES Name,GES E-Mail,BES Name,BES E-Mail"]
)
def test_abbreviated_headings_count_beside_each_other(headings: str):
    assert roles(read(f"{headings}\nKim,{A},Ash,{B}\n")) == {A: "victim", B: "suspect"}


@pytest.mark.parametrize(
    ("victim", "suspect"),
    [
        ("Kim Larch (victim)", "Ash Heron (suspect)"),
        ("Opfer: Kim Larch", "Ash Heron - Täter"),
        ("Victim 1", "Suspect 1"),
    ],
)
def test_a_role_beside_a_name_is_its_bearers(victim: str, suspect: str):
    rows = read(f"Name,E-mail\n{victim},{A}\n{suspect},{B}\nCrake Placeholder,{C}\n")
    assert roles(rows) == {A: "victim", B: "suspect", C: "unknown"}
    assert not {"victim", "Opfer", "Victim"} & {
        word.strip("():") for name in names(rows) for word in name.split()
    }
    assert isinstance(rows[0], ColumnMap)
    assert rows[0].columns[1].victims == (0,)


def test_whom_a_name_only_mentions_gives_it_no_role():
    rows = read(f"Name,E-mail\nAsh Heron (victim's stepfather),{A}\nPeter Opfer,{B}\n")
    assert roles(rows) == {A: "unknown", B: "unknown"}
    assert names(rows) == ["Ash Heron (victim's stepfather)", "Peter Opfer"]


@pytest.mark.parametrize("last", ["c@post.example", "+447700900103"])
def test_a_list_under_titles_is_a_table(last: str):
    text = f"Opfer\n{A}\n{B}\nBeschuldigte\n{last}\n"
    assert CsvTable().recognises(text.encode(), len(text)) > 0.5
    found = roles(read(text))
    assert (found[A], found[B]) == ("victim", "victim")
    prose = f"Victims\nwrote to {A}\nand were not heard\n"
    assert CsvTable().recognises(prose.encode(), len(prose)) < 0.5


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("07700900102 mum 07700900103", {"+447700900102", "+447700900103"}),
        ("07700900102 bzw. 07700900103", {"+447700900102", "+447700900103"}),
        ("+447700900102-+447700900103", {"+447700900102", "+447700900103"}),
    ],
)
def test_two_numbers_in_a_cell_are_both_found(cell: str, numbers: set[str]):
    others = "".join(f"Ash,07700 90011{n}\n" for n in range(5))
    assert numbers <= roles(read(f"Name,Phone\n{others}Birch,{cell}\n")).keys()


def test_a_part_of_what_is_misspelt_is_nothing():
    others = "".join(f"Ash,x{n}@post.example\n" for n in range(5))
    assert set(roles(read(f"Name,E-mail\n{others}Birch,a@b@post.example\n"))) == {
        f"x{n}@post.example" for n in range(5)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sender_username,recipient_username,text\nwren_b,fern_c,hello\n", {"wren_b": "unknown", "fern_c": "recipient"}),
        ("sender,recipient_user_id,email\nwren_b,u2,wren@mail.example\n", {"wren@mail.example": "unknown"}),
        (
            "email,recipient email\nwren@mail.example,fern@mail.example\n",
            {"wren@mail.example": "unknown", "fern@mail.example": "recipient"},
        ),
        ("recipient name,email\nFern Example,fern@mail.example\n", {"fern@mail.example": "recipient"}),
    ],
)  # fmt: skip
def test_a_sender_is_not_the_recipient_beside_him(text: str, expected: dict[str, str]) -> None:
    rows = CsvTable().read(io.BytesIO(text.encode()), Options(country="GB"))
    found = {row.value.value: row.role for row in rows if isinstance(row, Sighting)}
    assert {value: found.get(value) for value in expected} == expected
