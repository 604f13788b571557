"""Whose the values of a table are, where titles, blocks, headings and role columns say it in many ways, or contradict."""

import io

import pytest
from openpyxl import Workbook

from cets.domains.intake.rows import AnyRow, NotUnderstood, Person, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable
from cets.domains.intake.sources.xlsx.source import Xlsx

A, B, C = "a@post.example", "b@post.example", "c@post.example"
PHONE_A, PHONE_B = "+447700900101", "+447700900102"


def read(text: str) -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country="GB")))


def roles(rows: list[AnyRow]) -> dict[str, str]:
    return {row.value.value: row.role for row in rows if isinstance(row, Sighting)}


def workbook(*lines: list[object], merged: str = "") -> list[AnyRow]:
    made = Workbook()
    for line in lines:
        made.active.append(line)
    if merged:
        made.active.merge_cells(merged)
    file = io.BytesIO()
    made.save(file)
    return list(Xlsx().read(file, Options(country="GB")))


@pytest.mark.parametrize(
    "title",
    [
        "Potential victims", "Alleged victims", "II. Victims", "Victim: Kim Larch", "Victims and witnesses", "Suspects and victims",
        "Victims identified so far", "Geschädigte Personen", "Mögliche Opfer", "Victimes présumées", "Personne lésée",
        "Víctimas identificadas", "Vittime minorenni", "Mogelijke slachtoffers", "Pokrzywdzeni", "Dane pokrzywdzonych",
        "Uppgifter om målsägande", "Minors", "Menores", "Kinder", "Victims,Victims",
    ],
)  # fmt: skip
def test_a_row_that_speaks_of_victims_heads_theirs(title: str):
    cells = title if "," in title else f"{title},"
    rows = read(f"Suspects,\nname,email\nAsh,{A}\n{cells}\nBirch,{B}\n")
    assert roles(rows) == {A: "suspect", B: "victim"}
    said = [row.text for row in rows if isinstance(row, NotUnderstood)]
    assert "Row 4 names a role and is no row: the rows that follow are read as of a victim." in said
    assert roles(read(f"{cells}\nname,email\nBirch,{B}\n")) == {B: "victim"}


@pytest.mark.parametrize("title", ["Complainants", "Possible suspects", "Zeugen", "Schools contacted"])
def test_a_row_that_may_head_others_ends_the_suspects(title: str):
    found = roles(read(f"name,email\nSuspects,\nAsh,{A}\n{title},\nBirch,{B}\n"))
    assert found[A] == "suspect"
    assert found[B] != "suspect"


def test_the_heading_is_nearer_than_the_title():
    assert set(roles(read(f"Suspect 1\nVictim,Email,Phone\nKim,{A},{PHONE_A}\n")).values()) == {"victim"}
    assert set(roles(read(f"Victims\nSuspect,Email,Phone\nKim,{A},{PHONE_A}\n")).values()) == {"victim"}


@pytest.mark.parametrize("said", ["not a suspect", "no longer suspect", "cleared", "mother", "unknown"])
def test_what_the_row_denies_the_title_does_not_give(said: str):
    assert roles(read(f"Suspects\nname,email,role\nAsh,{A},{said}\nBirch,{B},suspect\n")) == {
        A: "unknown",
        B: "suspect",
    }
    assert roles(read(f"Victims\nname,email,role\nAsh,{A},{said}\nBirch,{B},suspect\n"))[A] == "victim"


def test_a_form_goes_from_person_to_person():
    rows = read(f"Suspect,Ash\nEmail,{A}\nPhone,{PHONE_A}\nVictim,Birch\nEmail,{B}\nPhone,{PHONE_B}\n")
    assert roles(rows) == {A: "suspect", PHONE_A: "suspect", B: "victim", PHONE_B: "victim"}


def test_two_victims_of_a_form_share_its_fields():
    rows = read(f"Suspect,Ash\nEmail,{A}\nVictim,Birch\nVictim,Cedar\nEmail,{B}\n")
    assert roles(rows) == {A: "suspect", B: "victim"}


def test_columns_headed_by_a_role_alone_hold_anything():
    rows = read(f"Field,Suspect,Victim\nEmail,{A},{B}\nPhone,{PHONE_A},{PHONE_B}\n")
    assert (roles(rows)[B], roles(rows)[PHONE_B]) == ("victim", "victim")
    assert "victim" not in {roles(rows)[A], roles(rows)[PHONE_A]}


def test_the_last_row_of_a_list_of_kinds_is_no_heading():
    found = roles(read(f"Who,Type,Value\nSuspect,email,{A}\nVictim,email,{B}\nvictim,snapchat,kim_larch\n"))
    assert (found[A], found[B]) == ("unknown", "victim")


def test_a_role_beside_the_kind():
    assert roles(read(f"Type,Value,Date\nSuspect email,{A},2026-01-01\nVictim email,{B},2026-01-01\n")) == {
        A: "suspect",
        B: "victim",
    }


def test_the_headings_of_a_second_table_tell_its_roles():
    text = f"Suspect name,Suspect email\nAsh,{A}\nVictim name,Victim email\nBirch,{B}\nSuspect name,Suspect email\nC,{C}\n"
    assert roles(read(text)) == {A: "suspect", B: "victim", C: "suspect"}


@pytest.mark.parametrize(("title", "role"), [("Potential victims", "victim"), ("School", "unknown")])
def test_blocks_side_by_side(title: str, role: str):
    assert roles(read(f"Suspects,,,{title},\nname,email,,name,email\nAsh,{A},,Birch,{B}\n")) == {
        A: "suspect",
        B: role,
    }


def test_blocks_in_a_list_and_in_a_column():
    assert roles(read(f"Emails\nSuspects\n{A}\nVictims\n{B}\n")) == {A: "suspect", B: "victim"}
    assert roles(read(f"Group,name,email\nVICTIMS,Ash,{A}\nSUSPECTS,Birch,{B}\n")) == {
        A: "victim",
        B: "suspect",
    }


def test_headings_that_come_again_belong_to_the_role_before_them():
    headings = "Suspect name,Email,Phone,Victim name,Email,Phone"
    assert roles(read(f"{headings}\nAsh,{A},{PHONE_A},Birch,{B},{PHONE_B}\n")) == {
        A: "suspect", PHONE_A: "suspect", B: "victim", PHONE_B: "victim",
    }  # fmt: skip
    assert roles(read(f"Suspect,Email,Victim of suspect,Email\nAsh,{A},Birch,{B}\n")) == {
        A: "suspect",
        B: "victim",
    }
    unclear = roles(read(f"Victim name,Suspect name,Email,Email\nAsh,Birch,{A},{B}\n"))
    assert "suspect" not in unclear.values()


def test_a_heading_that_denies_or_is_of_somebody_else():
    found = roles(read(f"Ex-suspect email,Victim email,School contact email\n{A},{B},{C}\n"))
    assert found[B] == "victim"
    assert "suspect" not in found.values()
    assert roles(read(f"Suspect name,Email,School contact email\nAsh,{A},{B}\n")) == {
        A: "suspect",
        B: "unknown",
    }


@pytest.mark.parametrize(
    ("named", "anothers"),
    [
        *(("Name", other) for other in ("Friend email", "friend_email", "Mother's email", "School contact email", "follower email")),
        *(("Suspect name", other) for other in ("Employer email", "Partner's email")),
    ],
)  # fmt: skip
def test_what_is_of_somebody_beside_the_person_of_a_row_is_not_the_persons(named: str, anothers: str):
    rows = read(f"{named},Email,Phone,{anothers}\nAsh,{A},{PHONE_A},{B}\n")
    whose = {row.value.value: row.person for row in rows if isinstance(row, Sighting)}
    assert whose[A] == whose[PHONE_A] == "row 2"
    assert whose[B] is None


def test_a_friends_name_and_birth_date_are_told_and_not_given_to_the_person_of_the_row():
    rows = read(f"Name,Email,Friend name,Friend date of birth\nAsh,{A},Larch,2012-03-04\n")
    (person,) = [row for row in rows if isinstance(row, Person)]
    assert (person.names, person.birth_date) == (("Ash",), None)
    assert ("Friend name", "Larch") in person.facts


@pytest.mark.parametrize(
    "heading", ["Family name", "Person of interest email", "Contact email", "Friend email"]
)
def test_what_stands_alone_or_is_ones_own_stays_the_persons(heading: str):
    beside = f"Friend phone,{PHONE_A}" if heading == "Friend email" else f"Phone,{PHONE_A}"
    label, phone = beside.split(",")
    rows = read(f"{label},{heading}\n{phone},{'Larch' if 'name' in heading else A}\n")
    assert any(isinstance(row, Person) for row in rows)
    assert {row.person for row in rows if isinstance(row, Sighting) and row.way == "declared"} == {"row 2"}


def test_short_and_long_rows_and_a_footer_leave_it_a_table():
    text = f"name,email,role,notes\nAsh,{A},victim,note\nBirch,{B},suspect\nLarch, Kim,{C},victim\nEnd of export, 2026\nPage 1 of 1\n"
    assert CsvTable().recognises(text.encode(), len(text)) > 0.5
    found = roles(read(text))
    assert (found[A], found[B]) == ("victim", "suspect")


def test_quotation_marks_that_swallow_rows():
    lines = [
        f"{'%sKim' % (chr(34) if i in (3, 8) else '')} {i},a{i}@post.example,note {i}" for i in range(12)
    ]
    rows = read("name,email,notes\n" + "\n".join(lines) + "\n")
    assert len(roles(rows)) == 12
    assert any("never closed" in row.text for row in rows if isinstance(row, NotUnderstood))


def test_several_values_in_a_cell():
    rows = read(f"name,email\nAsh,{A};{B}\nBirch,{C}\nC,d@post.example\nD,e@post.example\nE,f@post.example\n")
    assert {A, B, C} <= roles(rows).keys()


@pytest.mark.parametrize(
    "heading",
    ["Time (not UTC)", "Time (UTC or local)", "Time (Local; UTC offset unknown)", "Date,Time (UTC),Timezone"],
)
def test_a_zone_that_is_doubted_is_none(heading: str):
    cells = "2026-07-01,10:00,CET" if "," in heading else "2026-07-01 10:00"
    (found,) = [row for row in read(f"{heading},IP\n{cells},203.0.113.4\n") if isinstance(row, Sighting)]
    assert found.seen_at is not None
    assert found.seen_at.instant is None


def test_a_workbook_wider_than_a_thousand_columns():
    rows = workbook(["name", "email", *[f"c{n}" for n in range(1_098)]], ["Ash", A, *[None] * 1_097, B])
    assert roles(rows).keys() == {A, B}


@pytest.mark.parametrize(
    "role", ["Victim of grooming", "Victim, not yet interviewed", "Opfer (mdj.)", "Opferzeugin"]
)
def test_a_role_merged_over_rows_is_that_of_all(role: str):
    rows = workbook(["role", "email"], [role, A], [None, B], ["suspect", C], merged="A2:A3")
    assert roles(rows) == {A: "victim", B: "victim", C: "suspect"}


def test_a_device_number_that_checks_is_an_imei():
    rows = read("Name,Device\nAsh,356938035643809\nBirch,d41d8cd9-8f00-4204-a980-0998ecf8427e\n")
    assert {row.value.kind for row in rows if isinstance(row, Sighting)} == {"imei", "device"}


@pytest.mark.parametrize(
    "headings",
    ["Name,Phone,Suspect,Suspect email", "Name,Phone,Suspect name,Suspect email", "Nachname,Telefon,Beschuldigter,E-Mail Beschuldigter"],
)  # fmt: skip
def test_whoever_stands_before_the_suspect_is_none(headings: str):
    rows = read(f"{headings}\nKim,{PHONE_A},Ash,{A}\n")
    assert roles(rows) == {PHONE_A: "unknown", A: "suspect"}
    people = {row.names: row.role for row in rows if isinstance(row, Person)}
    assert people == {("Kim",): "unknown", ("Ash",): "suspect"}


def test_a_number_before_that_of_the_suspect_is_not_his():
    assert roles(read(f"Phone,Email,Suspect phone\n{PHONE_A},{A},{PHONE_B}\n")) == {
        PHONE_A: "unknown", A: "unknown", PHONE_B: "suspect",
    }  # fmt: skip


def test_what_stands_behind_the_suspects_name_is_his():
    assert set(roles(read(f"Suspect name,Phone,Email\nAsh,{PHONE_A},{A}\n")).values()) == {"suspect"}
    assert set(roles(read(f"Email,Phone,Suspect name\n{A},{PHONE_A},Ash\n")).values()) == {"suspect"}


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("Geschädigte Kinder", 2),
        ("VICTIMS - DO NOT DISCLOSE", 1),
        ("Victims of Ash", 0),
        ("Victims (confidential)", 3),
    ],
)
def test_a_title_that_can_be_no_value_of_its_column_heads_the_rows_below(title: str, place: int):
    row = ",".join(title if at == place else "" for at in range(4))
    rows = read(
        f"Username,Email,Phone,Nick\nSuspects,,,\nash_7,{A},{PHONE_A},\n{row}\nkim_7,{B},{PHONE_B},\n"
    )
    assert roles(rows) == {
        "ash_7": "suspect", A: "suspect", PHONE_A: "suspect", "kim_7": "victim", B: "victim", PHONE_B: "victim",
    }  # fmt: skip


@pytest.mark.parametrize("row", ["victim_hunter,,,", ",,,no_victims", "Victimhunter99,,,"])
def test_a_user_name_is_no_title(row: str):
    rows = read(f"Username,Email,Phone,Nick\nash_7,{A},,\n{row}\nelm_7,{B},,\n")
    assert set(roles(rows).values()) == {"unknown"}


@pytest.mark.parametrize(
    "title",
    ["VICTIMS - DO NOT DISCLOSE", "VICTIM - DO NOT DISCLOSE", "Opfer - Vertraulich", "Victims: Germany"],
)
def test_a_remark_in_a_title_is_nobodys_name(title: str):
    rows = read(f"{title},\nname,email\nKim,{A}\n")
    assert [row.names for row in rows if isinstance(row, Person)] == [("Kim",)]


@pytest.mark.parametrize("title", ["Geschädigte: Elm Larch", "Victims: Elm Larch", "Victim - Elm Larch"])
def test_a_name_in_a_title_is_a_victims(title: str):
    rows = read(f"{title},\nname,email\nKim,{A}\n")
    assert ("Elm Larch",) in [row.names for row in rows if isinstance(row, Person)]


@pytest.mark.parametrize(
    "headings",
    ["Victim,Phone,Suspect email", "Victim name,Phone,Suspect email", "Opfer,Telefon,E-Mail Beschuldigter"],
)
def test_what_follows_the_victims_name_before_the_suspects_columns_is_hers(headings: str):
    assert roles(read(f"{headings}\nKim,{PHONE_A},{A}\n")) == {PHONE_A: "victim", A: "suspect"}


def test_what_follows_both_is_nobodys():
    assert roles(read(f"Suspect,Victim,Phone\nAsh,Kim,{PHONE_A}\n")) == {PHONE_A: "unknown"}
