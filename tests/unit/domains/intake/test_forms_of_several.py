"""Forms of several people, in sections or side by side, and the smallest tables, which are none."""

import io

import pytest

from cets.domains.intake.rows import AnyRow, ColumnMap, NotUnderstood, Person, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable

A, B, C, D = "a@post.example", "b@post.example", "c@post.example", "d@post.example"
PHONE_A, PHONE_B, PHONE_C = "+447700900101", "+447700900102", "+447700900103"


def read(text: str) -> list[AnyRow]:
    assert CsvTable().recognises(text.encode(), len(text)) > 0.5
    return list(CsvTable().read(io.BytesIO(text.encode()), Options(country="GB")))


def roles(rows: list[AnyRow]) -> dict[str, str]:
    return {row.value.value: row.role for row in rows if isinstance(row, Sighting)}


def people(rows: list[AnyRow]) -> dict[tuple[str, ...], str]:
    return {row.names: row.role for row in rows if isinstance(row, Person)}


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


@pytest.mark.parametrize(
    "headings",
    ["Platform,Username", "App,Account", "Service,User ID", "Plattform,Benutzername", "Réseau social,Pseudo", "App,Known as"],
)  # fmt: skip
def test_platforms_and_their_accounts_are_a_table(headings: str):
    rows = read(f"{headings}\nKik,owl_71\nSnapchat,wren_71\nInstagram,heron_71\n")
    assert isinstance(rows[0], ColumnMap)
    assert (rows[0].heading_row, rows[0].form) == (1, False)
    values = set(roles(rows))
    if "Known" in headings:
        assert values == set()
        assert "Column “Known as” is not known: read as text." in said(rows)
    elif "ID" in headings:
        assert values == {"kik/id:owl_71", "snapchat/id:wren_71", "instagram/id:heron_71"}
    else:
        assert values == {"kik/owl_71", "snapchat/wren_71", "instagram/heron_71"}


@pytest.mark.parametrize(("victim", "suspect"), [("Victims", "Suspects"), ("Opfer", "Beschuldigte")])
def test_titles_among_platforms_and_accounts_tell_whose_they_are(victim: str, suspect: str):
    rows = read(f"Platform,Username\n{suspect},\nKik,owl_71\n{victim},\nKik,wren_71\n")
    assert roles(rows) == {"kik/owl_71": "suspect", "kik/wren_71": "victim"}


@pytest.mark.parametrize("platform", ["Snapchat", "Line", "Signal", "Website"])
def test_a_form_that_names_its_platform_is_one(platform: str):
    rows = read(f"Platform,{platform}\nUsername,owl_71\nEmail,{A}\n")
    assert isinstance(rows[0], ColumnMap)
    assert rows[0].form
    assert roles(rows).keys() == {f"{platform.lower()}/owl_71", A}


SECTIONS = {
    "three titles": (
        f"Victim:,\nName:,Kim\nPhone:,{PHONE_A}\n,\nSuspect:,\nName:,Ash\nPhone:,{PHONE_B}\n,\n"
        f"Officer:,\nName:,Olga\nEmail:,{C}\n"
    ),
    "in German": (
        f"Opfer;\nName;Kim\nTelefon;{PHONE_A}\nBeschuldigter;\nName;Ash\nTelefon;{PHONE_B}\n"
        f"Sachbearbeiter;\nName;Olga\nE-Mail;{C}\n"
    ),
    "titles in a column of their own": (
        f"Victim,Name,Kim\n,Phone,{PHONE_A}\nSuspect,Name,Ash\n,Phone,{PHONE_B}\nOfficer,Name,Olga\n,Email,{C}\n"
    ),
    "titles alone in their lines": (
        f"Victime\nNom,Kim\nTéléphone,{PHONE_A}\nMis en cause\nNom,Ash\nTéléphone,{PHONE_B}\nEnquêteur\nNom,Olga\nEmail,{C}\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", SECTIONS.values(), ids=SECTIONS.keys())
def test_each_section_of_a_form_is_of_its_own_person(text: str):
    rows = read(text)
    assert roles(rows) == {PHONE_A: "victim", PHONE_B: "suspect", C: "unknown"}
    if "Nom," not in text:
        assert people(rows) == {("Kim",): "victim", ("Ash",): "suspect", ("Olga",): "unknown"}
    (remark,) = [one for one in said(rows) if "is a title" in one]
    assert remark.endswith("the fields below it are read as of nobody in particular.")


@pytest.mark.parametrize("title", ["Accounts", "Konten", "Contact details", "Comptes"])
def test_a_section_of_more_fields_is_of_the_same_person(title: str):
    rows = read(
        f"Suspect,\nName,Ash\nPhone,{PHONE_A}\nVictim,\nName,Kim\nPhone,{PHONE_B}\n{title},\nUsername,kim_71\nEmail,{B}\n"
    )
    assert roles(rows) == {PHONE_A: "suspect", PHONE_B: "victim", "kim_71": "victim", B: "victim"}
    assert said(rows) == []


def test_below_a_title_that_is_not_known_the_victims_fields_stay_hers():
    rows = read(
        f"Suspect,\nName,Ash\nPhone,{PHONE_A}\nVictim,\nName,Kim\nPhone,{PHONE_B}\nLes loisirs,\nEmail,{B}\nName,Kim\n"
    )
    assert roles(rows)[B] == "victim"
    assert said(rows) == [
        "Row 7 is a title that names no role that is known: the fields below it are read still as a victim's."
    ]


def test_the_values_beside_and_below_a_field_are_more_of_it():
    rows = read(f"Victim,\nName,Kim\nPhone,{PHONE_A}\n,{PHONE_B}\nEmail,{A},{B}\nsee {D},,\n")
    assert roles(rows) == {PHONE_A: "victim", PHONE_B: "victim", A: "victim", B: "victim", D: "victim"}


def test_whom_a_victim_knows_leaves_her_a_victim():
    rows = read(f"Victim,\nName,Kim\nEmail,{A}\nSuspect,Ash\nPhone,{PHONE_A}\n")
    assert roles(rows) == {A: "victim", PHONE_A: "victim"}


def test_abbreviated_titles_count_beside_each_other():
    assert roles(read(f"V1,\nName,Kim\nEmail,{A}\nS1,\nName,Ash\nEmail,{B}\n")) == {A: "victim", B: "suspect"}
    assert set(roles(read(f"S1,\nName,Kim\nEmail,{A}\nS2,\nName,Ash\nEmail,{B}\n")).values()) == {"unknown"}


ACROSS = {
    "roles first": f"Field,Suspect,Victim\nName,Ash,Kim\nEmail,{A},{B}\nSnapchat,ash_71,kim_71\n",
    "in Spanish": f",Investigado,Víctima\nNombre,Ash,Kim\nCorreo,{A},{B}\nSnapchat,ash_71,kim_71\n",
    "roles second": f"Name,Ash,Kim\nRole,Suspect,Victim\nEmail,{A},{B}\nSnapchat,ash_71,kim_71\n",
    "abbreviated": f"Feld;BES;GES\nName;Ash;Kim\nE-Mail;{A};{B}\nSnapchat;ash_71;kim_71\n",
}


@pytest.mark.parametrize("text", ACROSS.values(), ids=ACROSS.keys())
def test_roles_across_the_first_line_are_a_form_for_each_column(text: str):
    rows = read(text)
    assert roles(rows) == {
        A: "suspect",
        B: "victim",
        "snapchat/ash_71": "suspect",
        "snapchat/kim_71": "victim",
    }
    assert people(rows) == {("Ash",): "suspect", ("Kim",): "victim"}
    assert isinstance(rows[0], ColumnMap)
    assert [bool(column.victims) for column in rows[0].columns] == [False] * 3 + [True] * 3


def test_two_victims_side_by_side_are_two_people():
    rows = read(f",Opfer,Opfer,Zeuge\nName,Kim,Tim,Olga\nE-Mail,{A},{B},{C}\n,{D},,\n")
    assert roles(rows) == {A: "victim", B: "victim", C: "witness", D: "victim"}
    keys = [row.key for row in rows if isinstance(row, Person)]
    assert len(set(keys)) == len(keys)
    assert people(rows) == {("Kim",): "victim", ("Tim",): "victim", ("Olga",): "witness"}


def test_columns_of_roles_over_rows_of_dates_are_a_table():
    rows = read(f"Date,Suspect email,Victim email\n2026-01-01,{A},{B}\n2026-01-02,{C},{D}\n")
    assert roles(rows) == {A: "suspect", B: "victim", C: "suspect", D: "victim"}
    rows = read(f"Date,Suspect,Victim\n2026-01-01,{A},{B}\n2026-01-02,{C},{D}\n")
    assert isinstance(rows[0], ColumnMap)
    assert not rows[0].form


def test_platforms_accounts_and_an_empty_column_are_a_table():
    rows = read("Platform,Username,Notes\nKik,owl_71,\nSnapchat,wren_71,\nInstagram,heron_71,\n")
    assert set(roles(rows)) == {"kik/owl_71", "snapchat/wren_71", "instagram/heron_71"}
    assert people(rows) == {}


def test_a_role_and_another_person_across():
    rows = read(f"Feld;Opfer;Mutter\nName;Kim;Anna\nE-Mail;{A};{B}\n")
    assert roles(rows) == {A: "victim", B: "unknown"}


def test_a_field_of_which_nothing_is_said_is_no_title():
    rows = read(f"Suspect name,Ash\nVictim name,\nEmail,{A}\nPhone,{PHONE_A}\n")
    assert roles(rows) == {A: "suspect", PHONE_A: "suspect"}


def test_numbered_people_are_several():
    rows = read(
        f"Person 1,\nName,Kim\nRole,Victim\nEmail,{A}\nPerson 2,\nEmail,{B}\nRole,Suspect\nPhone,{PHONE_A}\n"
    )
    assert roles(rows) == {A: "victim", B: "suspect", PHONE_A: "suspect"}


def test_a_wide_table_is_no_form_and_takes_no_time():
    headings = ",".join(f"Victim {n}" for n in range(3_000))
    rows = read(f"{headings}\n{','.join(['x'] * 3_000)}\n{','.join(['y'] * 3_000)}\n")
    assert isinstance(rows[0], ColumnMap)
    assert not rows[0].form


@pytest.mark.parametrize("line", ["Verified,No", "Preferred contact,Email", "Suspect,No", "Device,Mobile"])
def test_a_value_that_is_also_a_heading_leaves_it_a_form(line: str):
    rows = read(f"Victim,Yes\nName,Kim\n,Tim\nEmail,{A}\n{line}\n")
    assert roles(rows) == {A: "victim"}
    assert people(rows).get(("Kim", "Tim"), "victim") == "victim"
    assert isinstance(rows[0], ColumnMap)
    assert rows[0].form


NUMBERED = {
    "persons": f"Person 1,Suspect\nName,Ash\nEmail,{A}\nPerson 2,Victim\nName,Kim\nEmail,{B}\nPerson 3,Witness\nName,Olga\nEmail,{C}\n",
    "roles": f"Rolle der Person 1;Beschuldigter\nName;Ash\nE-Mail;{A}\nRolle der Person 2;Opfer\nName;Kim\nE-Mail;{B}\n",
    "names": f"Name 1,Ash\nRole 1,Suspect\nEmail 1,{A}\nName 2,Kim\nRole 2,Victim\nEmail 2,{B}\n",
}


@pytest.mark.parametrize("text", NUMBERED.values(), ids=NUMBERED.keys())
def test_numbers_part_the_persons_of_a_form(text: str):
    rows = read(text)
    found = roles(rows)
    assert (found[A], found[B]) == ("suspect", "victim")
    assert (people(rows)["Ash",], people(rows)["Kim",]) == ("suspect", "victim")
    assert found.get(C) not in ("suspect", "victim")


def test_numbered_addresses_are_those_of_one_person():
    rows = read(f"Name,Kim\nRole,Victim\nEmail 1,{A}\nPhone 1,{PHONE_A}\nEmail 2,{B}\nPhone 2,{PHONE_B}\n")
    assert set(roles(rows).values()) == {"victim"}


@pytest.mark.parametrize(
    ("name", "phone", "suspect"), [("Name", "Phone", "Suspect"), ("Nachname", "Telefon", "Beschuldigter")]
)
def test_whoever_tells_of_a_suspect_below_his_own_name_is_none(name: str, phone: str, suspect: str):
    rows = read(f"{name},Kim\n{phone},{PHONE_A}\n{suspect},Ash\n")
    assert roles(rows) == {PHONE_A: "unknown"}
    assert people(rows) == {("Kim",): "unknown", ("Ash",): "suspect"}


def test_a_victim_below_another_name_begins_her_own_record():
    rows = read(f"Name,Ash\nEmail,{A}\nVictim,Kim\nEmail,{B}\nPhone,{PHONE_B}\n")
    assert roles(rows) == {A: "unknown", B: "victim", PHONE_B: "victim"}


def test_questions_that_are_answered_begin_no_record():
    rows = read(f"Name,Kim\nSuspect,No\nAge,12\nVictim,Yes\nEmail,{A}\n")
    assert people(rows) == {("Kim",): "victim"}
    assert roles(rows) == {A: "victim"}


@pytest.mark.parametrize("heading", ["Suspect phone", "Telefon Beschuldigter"])
def test_in_a_form_the_one_before_the_suspects_number_is_no_suspect(heading: str):
    rows = read(f"Name,Kim\nPhone,{PHONE_A}\n{heading},{PHONE_B}\n")
    assert roles(rows) == {PHONE_A: "unknown", PHONE_B: "suspect"}


@pytest.mark.parametrize(
    "headings", ["", "Type,Value,Person\n", "Type,Value,Belongs to\n", "Identifier type,Identifier,Role\n"]
)
@pytest.mark.parametrize(
    "roles_told", [("Suspect", "Suspect", "Victim", "Victim"), ("suspect", "suspect", "victim 1", "V1")]
)
def test_lines_that_say_whose_each_value_is_are_no_form(headings: str, roles_told: tuple[str, ...]):
    listed = zip(("Email", "Phone", "Email", "Snapchat"), (A, PHONE_A, B, "kim_71"), roles_told, strict=True)
    rows = read(headings + "".join(f"{','.join(line)}\n" for line in listed))
    found = roles(rows)
    assert found[B] == "victim"
    assert found[A] != "victim"
    assert found[PHONE_A] != "victim"
    assert not [value for value in found if value.startswith("snapchat/v")]


BESIDE = {
    "titles": f"Suspect,,Victim,\nName:,Ash,Name:,Kim\nEmail:,{A},Email:,{B}\nPhone:,{PHONE_A},Phone:,{PHONE_B}\n",
    "in German, a blank between": (
        f"Beschuldigter;;;Opfer;\nName;Ash;;Name;Kim\nE-Mail;{A};;E-Mail;{B}\nTelefon;{PHONE_A};;Telefon;{PHONE_B}\n"
    ),
    "names": f"Suspect:,Ash,Victim:,Kim\nEmail:,{A},Email:,{B}\nPhone:,{PHONE_A},Phone:,{PHONE_B}\n",
    "one below the other": (
        f"Victim details,,,\nName,Kim,Email,{B}\nAge,12,Phone,{PHONE_B}\n"
        f"Suspect details,,,\nName,Ash,Email,{A}\nAge,44,Phone,{PHONE_A}\n"
    ),
}


@pytest.mark.parametrize("text", BESIDE.values(), ids=BESIDE.keys())
def test_forms_side_by_side_are_each_of_their_person(text: str):
    rows = read(text)
    assert roles(rows) == {A: "suspect", PHONE_A: "suspect", B: "victim", PHONE_B: "victim"}
    named = {names: role for names, role in people(rows).items() if names}
    assert named == {("Ash",): "suspect", ("Kim",): "victim"}


def test_a_form_in_two_columns_is_of_one_person():
    rows = read(f"Name,Kim,Age,12\nEmail,{A},Phone,{PHONE_A}\nRole,Victim,School,Oak\n")
    assert roles(rows) == {A: "victim", PHONE_A: "victim"}
    assert people(rows) == {("Kim",): "victim"}
