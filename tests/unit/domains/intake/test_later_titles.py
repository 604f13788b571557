"""Titles and headings that come later in a table: what stands nearest tells whose the rows are."""

import io

import pytest

from cets.domains.intake.rows import AnyRow, ColumnMap, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable

A, B, C = "a@post.example", "b@post.example", "c@post.example"
PHONE_A, PHONE_B = "+447700900101", "+447700900102"


def read(text: str) -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country="GB")))


def roles(rows: list[AnyRow]) -> dict[str, str]:
    return {row.value.value: row.role for row in rows if isinstance(row, Sighting)}


def marked(rows: list[AnyRow]) -> list[tuple[int, ...]]:
    return [column.victims for row in rows if isinstance(row, ColumnMap) for column in row.columns]


@pytest.mark.parametrize(
    ("suspects", "victims"),
    [
        (",,SUSPECTS,", ",,VICTIMS,"),
        (",Beschuldigte,,", ",,,Opfer"),
        ("Suspects,,,", ",,Victimes,"),
        (",,,Indagati", "Vittime,,,"),
        ("Suspects (1),,,2026-01-31", "Victims (2),,,01/02/2026"),
    ],
)
def test_a_lone_title_is_that_of_all_columns_wherever_it_stands(suspects: str, victims: str):
    text = f"{suspects}\nName,Email,Phone,Username\nAsh,{A},{PHONE_A},ash_7\n{victims}\nBirch,{B},{PHONE_B},birch_8\n"
    rows = read(text)
    assert roles(rows) == {
        A: "suspect", PHONE_A: "suspect", "ash_7": "suspect", B: "victim", PHONE_B: "victim", "birch_8": "victim",
    }  # fmt: skip
    assert marked(rows) == [(1,)] * 4
    assert any(
        "Row 4" in row.text and "of a victim" in row.text for row in rows if isinstance(row, NotUnderstood)
    )


def test_a_lone_title_over_headings_that_come_again_is_that_of_its_side():
    found = roles(read(f",,Suspect,\nEmail,Phone,Email,Phone\n{A},{PHONE_A},{B},{PHONE_B}\n"))
    assert found == {A: "unknown", PHONE_A: "unknown", B: "suspect", PHONE_B: "suspect"}


@pytest.mark.parametrize("again", ["", "Username,Email,Phone\nash_7,c@post.example,\n"])
@pytest.mark.parametrize("headings", ["", "Name,Email,Phone\n", "Name,Email,DOB\n"])
@pytest.mark.parametrize("title", ["VICTIMS,,", ",Geschädigte,"])
def test_a_title_below_the_headings_outranks_their_roles(again: str, headings: str, title: str):
    rows = read(
        f"Suspect name,Email,Phone\nAsh,{A},{PHONE_A}\n{again}{title}\n{headings}Birch,{B},{PHONE_B}\n"
    )
    found = roles(rows)
    assert (found[A], found[B]) == ("suspect", "victim")
    assert found.get(PHONE_B) == "victim"


def test_headings_of_suspects_after_the_victims_rows_begin_a_block_of_theirs():
    found = roles(read(f"Victims,\nName,Email\nBirch,{B}\nSuspect name,Email\nAsh,{A}\n"))
    assert found == {B: "victim", A: "suspect"}
    text = f"Suspect name,Email\nAsh,{A}\nVICTIMS,\nBirch,{B}\nSuspect name,Email\nCedar,{C}\n"
    assert roles(read(text)) == {A: "suspect", B: "victim", C: "suspect"}


def test_headings_right_below_a_victims_title_take_nothing_from_her():
    found = roles(read(f"Name,Email\nAsh,{A}\nVICTIMS,\nSuspect name,Email\nBirch,{B}\n"))
    assert found[B] == "victim"


@pytest.mark.parametrize("title", ["", "VICTIMS,,\n"])
def test_the_suspects_address_beside_a_victims_is_his(title: str):
    above = roles(read(f"{title}Victim,Email,Suspect email\nBirch,{B},{A}\n"))
    below = roles(read(f"Name,Email,Suspect email\n{title}Birch,{B},{A}\n"))
    assert (above[A], below[A]) == ("suspect", "suspect")
    assert not title or (above[B], below[B]) == ("victim", "victim")


@pytest.mark.parametrize("again", ["Device,Account,Phone", "Gerät,Benutzername,Telefon"])
def test_headings_without_a_role_do_not_end_the_victims(again: str):
    rows = read(
        f"Victim name,Victim email,Victim phone\nBirch,{B},{PHONE_B}\n{again}\nBirch phone,{C},{PHONE_A}\n"
    )
    assert set(roles(rows).values()) == {"victim"}


@pytest.mark.parametrize("words", [("Role", "Suspect", "Victim"), ("Rolle", "Beschuldigter", "Geschädigte")])
def test_a_victims_role_reaches_down_over_blanks(words: tuple[str, str, str]):
    heading, suspect, victim = words
    text = f"{heading},Name,Email\n{suspect},Ash,{A}\n,Ash,a2@post.example\n{victim},Birch,{B}\n,Larch,{C}\n{suspect},Elm,e@post.example\n"
    rows = read(text)
    assert roles(rows) == {
        A: "suspect", "a2@post.example": "unknown", B: "victim", C: "victim", "e@post.example": "suspect",
    }  # fmt: skip
    assert marked(rows)[1] == (2,)


def test_a_blank_answer_is_no_victims():
    found = roles(read(f"Name,Victim?,Email\nBirch,Yes,{B}\nAsh,,{A}\nElm,No,{C}\n"))
    assert (found[B], found[A]) == ("victim", "unknown")


@pytest.mark.parametrize(
    ("suspect", "victim"), [("Suspect", "Victim"), ("Victims", "Suspects"), ("Beschuldigter", "Opfer")]
)
@pytest.mark.parametrize("beside", ["Email", "Username,Email", "Snapchat,Email"])
def test_the_same_headings_of_another_role_head_the_rows_below_them(suspect: str, victim: str, beside: str):
    users = ("", "") if beside == "Email" else ("ash_7,", "birch_8,")
    rows = read(f"{suspect},{beside}\nAsh,{users[0]}{A}\n{victim},{beside}\nBirch,{users[1]}{B}\n")
    of_first, of_second = ("suspect", "victim") if suspect != "Victims" else ("victim", "suspect")
    found = roles(rows)
    assert (found.pop(A), found.pop(B)) == (of_first, of_second)
    assert sorted(found.values()) == ([] if beside == "Email" else sorted([of_first, of_second]))
    assert [row.text for row in rows if isinstance(row, NotUnderstood)] == [
        "Row 3 repeats the headings for other people: not read as a row."
    ]
