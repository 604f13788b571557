"""Android's contacts and calls: who is in the address book, who was called, when, for how long, and what became of it."""

import io

import pytest

from cets.domains.intake import sources
from cets.domains.intake.rows import AnyRow, Failed, FreeText, NotUnderstood, Person, Sighting, Trace
from cets.domains.intake.sources.base import Options
from unit.domains.intake.sqlite_samples import JAVA, NOON, chrome, contacts, database, sms

CALLS_ALONE = """
create table android_metadata(locale text);
create table calls(_id integer primary key, number text, date integer, duration integer, type integer, name text, numbertype integer);
"""


def read(data: bytes, options: Options | None = None) -> list[AnyRow]:
    source = sources.all_sources()["android_contacts"]
    return list(source.read(io.BytesIO(data), options or Options(country="GB")))


def traces(rows: list[AnyRow], kind: str) -> list[Trace]:
    return [row for row in rows if isinstance(row, Trace) and row.kind == kind]


def of(rows: list[AnyRow], trace: Trace) -> set[tuple[str, str]]:
    return {
        (row.value.kind, row.value.value)
        for row in rows
        if isinstance(row, Sighting) and row.trace == trace.number
    }


def recognised(data: bytes) -> str | None:
    found = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
    return found.name if found else None


def test_it_is_told_by_its_tables_and_takes_no_other() -> None:
    assert recognised(contacts()) == "android_contacts"
    assert recognised(database(CALLS_ALONE)) == "android_contacts"
    others = ("create table calls(id, begin_timestamp)", "create table contacts(id); create table data(a)")
    for other in (chrome(), sms(), *map(database, others)):
        assert recognised(other) != "android_contacts"


def test_a_number_without_country_is_of_the_country_in_which_the_phone_was() -> None:
    made = CALLS_ALONE.replace("numbertype integer", "numbertype integer, countryiso text")
    one = ("calls", (1, "07700 900142", JAVA, 5, 1, None, 2, "GB"))
    rows = read(database(made, [one]), Options(country="FR"))
    (call,) = traces(rows, "call")
    assert of(rows, call) == {("phone", "+447700900142")}


def test_a_call_has_its_number_its_name_its_time_and_its_length() -> None:
    rows = read(contacts())
    first = traces(rows, "call")[0]
    assert (first.direction, first.seconds, first.text, first.counterparts) == (
        "out",
        125.0,
        "Robin Placeholder",
        ("+447700900142",),
    )
    assert first.at is not None
    assert (first.at.instant, first.at.zone, first.at.raw) == (NOON, "UTC", str(JAVA))
    assert {("with", "video"), ("place of the number", "England"), ("SIM", "1")} <= set(first.facts)
    assert of(rows, first) == {("phone", "+447700900142")}
    assert first.place == "row 1 of table calls"


def test_what_became_of_a_call_and_who_withheld_his_number_is_said() -> None:
    _first, missed, withheld, restricted, voicemail, odd = traces(read(contacts()), "call")
    assert missed.direction == "in"
    assert missed.seconds is None
    assert {("what became of it", "missed"), ("seen", "no")} <= set(missed.facts)
    for call in (withheld, restricted):
        assert call.counterparts == ()
        assert ("number", "withheld") in call.facts
    assert ("what became of it", "left as voicemail") in voicemail.facts
    assert voicemail.counterparts == ("121",)
    assert (odd.direction, dict(odd.facts)["sort"]) == (None, "88"), "which way it went is not known"


def test_what_a_voicemail_says_is_searched() -> None:
    rows = read(contacts())
    (text,) = [row for row in rows if isinstance(row, FreeText) and row.label == "what a voicemail says"]
    assert text.text == "ring me on +44 7700 900177"
    (mentioned,) = [row for row in rows if isinstance(row, Sighting) and row.value.value == "+447700900177"]
    assert (mentioned.way, mentioned.place) == ("mentioned", "row 5 of table calls, column transcription")


def test_the_country_is_the_phones_where_it_knew_the_whole_number() -> None:
    call = (
        "calls",
        (20, "5404561685", 1, JAVA, 1, 1, None, 2, None, "US", "+15404561685", 0, "", None, "", 1, 0),
    )
    found = [
        row
        for row in read(contacts(call))
        if isinstance(row, Sighting) and row.place == "row 20 of table calls"
    ]
    assert [(row.value.value, row.value.raw, row.value.assumed) for row in found] == [
        ("+15404561685", "5404561685", None)
    ]


def test_a_contact_is_a_person_with_all_that_is_kept_of_him() -> None:
    rows = read(contacts())
    robin = traces(rows, "contact")[0]
    person = next(row for row in rows if isinstance(row, Person) and row.key == robin.person)
    assert (person.names, person.role, person.birth_date) == (("Robin Placeholder",), "unknown", "1990-02-28")
    assert robin.text == "Robin Placeholder"
    assert robin.counterparts == (
        "+44 7700 900142", "robin@mail.example", "https://robin.example/kites", "447700900155@s.whatsapp.net",
    )  # fmt: skip
    assert of(rows, robin) == {
        ("phone", "+447700900142"), ("email", "robin@mail.example"), ("url", "https://robin.example/kites"), ("phone", "+447700900155"),
        ("display_name", "robin placeholder"),
    }  # fmt: skip
    assert {
        ("chat, Skype", "robin_kites"), ("organisation", "Kite Makers, clerk"), ("date of birth", "1990-02-28"), ("favourite", "yes"),
        ("times contacted", "3"), ("last contacted", "2026-03-13 14:00:00 UTC"), ("kept in", "kestrel.blue@mail.example"),
    } <= set(robin.facts)  # fmt: skip


def test_a_note_on_a_contact_is_searched_for_identifiers() -> None:
    rows = read(contacts())
    (note,) = [row for row in rows if isinstance(row, FreeText) and row.label == "note on a contact"]
    assert note.place == "row 4 of table data, column data1"
    (mail,) = [
        row for row in rows if isinstance(row, Sighting) and row.value.value == "robin.two@mail.example"
    ]
    assert (mail.way, mail.place) == ("mentioned", note.place)
    assert mail.person is not None


def test_what_an_app_added_and_what_was_deleted_is_kept() -> None:
    wren = traces(read(contacts()), "contact")[1]
    assert {("app line vnd.kite.thing", "wren_77, Kite Chat"), ("deleted", "yes")} <= set(wren.facts)


def test_lines_of_a_contact_that_is_gone_are_kept() -> None:
    rows = read(contacts())
    gone = traces(rows, "contact")[2]
    assert gone.place == "row 12 of table data"
    assert ("contact", "no longer in the address book") in gone.facts
    assert of(rows, gone) == {("phone", "+447700900166")}


def test_a_call_log_of_its_own_is_read() -> None:
    (call,) = traces(
        read(database(CALLS_ALONE, [("calls", (1, "+447700900142", JAVA, 5, 5, None, 1))])), "call"
    )
    assert (call.direction, call.facts) == ("in", (("what became of it", "rejected"),))


@pytest.mark.parametrize(
    "number", ["", None, "Anonymous", "*100#", "+" + "9" * 3_000, b"\xff\xfe", 12, "\u0660" * 10]
)
def test_a_number_can_be_anything(number: object) -> None:
    rows = read(
        contacts(
            ("calls", (20, number, 1, "soon", -5, None, None, 2, None, "", None, None, "", None, "", 1, 0))
        )
    )
    (call,) = [trace for trace in traces(rows, "call") if trace.place == "row 20 of table calls"]
    assert call.seconds is None
    assert not any(isinstance(row, Failed) for row in rows)
    assert any(isinstance(row, NotUnderstood) and "was not read as a time" in row.text for row in rows)


def test_a_usual_database_leaves_nothing_to_say_and_a_new_table_is_named() -> None:
    assert not [row for row in read(contacts()) if isinstance(row, NotUnderstood | Failed)]
    rows = read(
        contacts(
            ("extra", ("x",)),
            script="create table extra(a);",
            after="alter table calls add column mood text;",
        )
    )
    assert [row.text for row in rows if isinstance(row, NotUnderstood)] == [
        "Columns that are not read: mood.",
        "Tables that are not read: extra.",
    ]
