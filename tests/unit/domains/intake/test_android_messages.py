"""Android's SMS and MMS: whose, when, in which thread and state; and what the receipt says."""

import io
from datetime import UTC, datetime

import pytest

from cets.domains.intake import sources
from cets.domains.intake.rows import (
    AmbiguousPart,
    AnyRow,
    Failed,
    FreeText,
    Message,
    NotUnderstood,
    Person,
    Sighting,
)
from cets.domains.intake.sources.base import Options
from unit.domains.intake.sqlite_samples import JAVA, NOON, chrome, database, firefox, sms


def read(data: bytes, options: Options | None = None) -> list[AnyRow]:
    source = sources.all_sources()["android_messages"]
    return list(source.read(io.BytesIO(data), options or Options(country="GB")))


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def sightings(rows: list[AnyRow], kind: str) -> list[Sighting]:
    return [row for row in rows if isinstance(row, Sighting) and row.value.kind == kind]


def recognised(data: bytes) -> str | None:
    found = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
    return found.name if found else None


def test_it_is_told_by_its_tables_and_takes_no_other() -> None:
    assert recognised(sms()) == "android_messages"
    for other in (
        chrome(),
        firefox(),
        database("create table sms(a)"),
        database("create table sms_log(a); create table threads(b)"),
    ):
        assert recognised(other) != "android_messages"


def test_a_received_message_has_its_sender_its_times_and_that_it_was_not_read() -> None:
    first = messages(read(sms()))[0]
    assert (first.sender, first.recipients, first.thread) == ("+447700900142", (), "+447700900142")
    assert first.sent_at is not None
    assert (first.sent_at.instant, first.sent_at.zone, first.sent_at.raw) == (NOON, "UTC", str(JAVA))
    assert {("sent", "2026-03-13 13:59:58 UTC"), ("read", "no"), ("service centre", "+447700900999")} <= set(
        first.headers
    )
    assert first.place == "row 1 of table sms"


def test_what_the_owner_wrote_has_its_receiver_and_its_state() -> None:
    _first, sent, draft, _code, failed = messages(read(sms()))[:5]
    assert (sent.sender, sent.recipients, sent.sender_person) == (
        "owner of the phone",
        ("+447700900142",),
        None,
    )
    assert not [label for label, _ in sent.headers if label in {"state", "read"}]
    assert ("state", "draft, not sent") in draft.headers
    assert {("state", "could not be sent"), ("error", "21")} <= set(failed.headers)


def test_numbers_are_declared_at_every_message_and_a_senders_name_is_none() -> None:
    rows = read(sms())
    of_number = [row for row in sightings(rows, "phone") if row.value.value == "+447700900142"]
    assert [row.message for row in of_number] == [1, 2, 3, 6, 7, 8]
    assert {row.way for row in of_number} == {"declared"}
    assert of_number[0].seen_at is not None
    assert "KITECLUB" not in [row.value.raw for row in rows if isinstance(row, Sighting)]
    assert messages(rows)[3].sender == "KITECLUB"
    people = {row.key: row.names for row in rows if isinstance(row, Person)}
    assert people[str(of_number[0].person)] == ("+447700900142",)
    assert {row.role for row in rows if isinstance(row, Person)} == {"unknown"}


def test_the_networks_own_number_is_told_once_and_links_nothing() -> None:
    (centre,) = [row for row in sightings(read(sms()), "phone") if row.value.value == "+447700900999"]
    assert not centre.pivot
    assert centre.person is None


def test_an_mms_has_its_text_its_subject_its_parts_and_everybody_in_it() -> None:
    rows = read(sms())
    group, own, waiting = messages(rows)[5:]
    assert (group.text, group.subject, group.sender) == ("the green one", "Grün", "+447700900142")
    assert group.recipients == ("+44 7700 900155",)
    assert group.thread == "+447700900142, +44 7700 900155"
    assert group.attachments == ("kite.jpg (image/jpeg)",)
    assert group.sent_at is not None
    assert group.sent_at.instant == datetime(2026, 3, 13, 14, 5, tzinfo=UTC)
    assert (own.sender, own.recipients, own.text) == ("owner of the phone", ("+447700900142",), "mine")
    assert ("state", "not fetched from the network") in waiting.headers
    assert any(isinstance(row, FreeText) and row.text == "Grün" for row in rows), "a subject is searched, too"


def test_identifiers_in_a_text_stand_at_their_offsets() -> None:
    rows = read(sms())
    (mail,) = sightings(rows, "email")
    assert (mail.message, mail.way) == (1, "mentioned")
    assert messages(rows)[0].text[mail.start : mail.end] == "kestrel.blue@mail.example"


def test_a_number_of_which_no_message_is_left_is_not_lost() -> None:
    (left,) = [row for row in sightings(read(sms()), "phone") if row.value.value == "+447700900166"]
    assert (left.place, left.message, left.event) == ("row 3 of table canonical_addresses", None, "thread")


def test_a_doubtful_number_is_said_once() -> None:
    more = [
        ("sms", (n, 1, "1 555-521-5554", None, JAVA, 0, 0, 1, -1, 1, 0, None, "x", None, 0, 1, 0, "", 1))
        for n in range(20, 25)
    ]
    rows = read(sms(*more))
    assert len([row for row in rows if isinstance(row, AmbiguousPart)]) == 1


@pytest.mark.parametrize(
    "address", ["", None, "12345", "-1", "Unknown", "\u202e+44", b"\xff", 7, "9" * 5_000]
)
def test_an_address_can_be_anything(address: object) -> None:
    rows = read(
        sms(("sms", (20, 1, address, None, JAVA, 0, 0, 1, -1, 1, 0, None, "x", None, 0, 1, 0, "", 1)))
    )
    assert len(messages(rows)) == 9
    assert not any(isinstance(row, Failed) for row in rows)


def test_a_message_of_no_known_sort_and_without_a_time_is_kept() -> None:
    rows = read(
        sms(
            (
                "sms",
                (20, None, "+447700900142", None, None, 0, 0, 1, -1, 77, 0, None, None, None, 0, 1, 0, "", 1),
            )
        )
    )
    (odd,) = [message for message in messages(rows) if message.place == "row 20 of table sms"]
    assert (odd.sent_at, odd.text, odd.thread) == (None, "", None)
    assert (odd.sender, odd.recipients) == (None, ()), "who wrote it is not known"
    assert ("box", "77") in odd.headers
    assert "row 20 of table sms" in [row.place for row in sightings(rows, "phone")]


def test_new_columns_and_tables_are_said_and_a_limit_is_kept() -> None:
    rows = read(
        sms(("bin", ("x",)), script="create table bin(a);", after="alter table sms add column mood text;")
    )
    assert [row.text for row in rows if isinstance(row, NotUnderstood)] == [
        "Columns that are not read: mood.",
        "Tables that are not read: bin.",
    ]
    cut = read(sms(), Options(country="GB", max_rows=2, max_text=5))
    assert len(messages(cut)) == 2
    assert isinstance(cut[-1], Failed)
    assert messages(cut)[0].text == "my ma"


def test_a_database_of_sms_alone_is_read() -> None:
    data = database(
        "create table sms(_id integer primary key, address text, date integer, type integer, body text); create table threads(_id); create table pdu(_id);",
        [("sms", (1, "+447700900142", JAVA, 1, "hello"))],
    )
    assert recognised(data) == "android_messages"
    (only,) = messages(read(data))
    assert (only.text, only.thread) == ("hello", None)
