"""The databases of an iPhone: messages with their deeds, calls, contacts, Safari's history; times since 2001 in all their forms."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake import sources
from cets.domains.intake.apple_times import read_cell, since_2001
from cets.domains.intake.rows import AnyRow, Failed, FreeText, Message, NotUnderstood, Person, Sighting, Trace
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.ios_messages import attributed
from unit.domains.intake.apple_samples import (
    APPLE,
    NANO,
    Rows,
    calls,
    contacts,
    message,
    old_calls,
    safari,
    sms,
    streamtyped,
)
from unit.domains.intake.sqlite_samples import NOON, chrome, database
from unit.domains.intake.sqlite_samples import contacts as android_contacts
from unit.domains.intake.sqlite_samples import sms as android_sms

SAMPLES = {"ios_messages": sms, "ios_calls": calls, "ios_contacts": contacts, "safari_history": safari}


def read(name: str, data: bytes, options: Options | None = None) -> list[AnyRow]:
    return list(sources.all_sources()[name].read(io.BytesIO(data), options or Options(country="GB")))


def recognised(data: bytes) -> str | None:
    found = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
    return found.name if found else None


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def traces(rows: list[AnyRow]) -> list[Trace]:
    return [row for row in rows if isinstance(row, Trace)]


def values(rows: list[AnyRow], **where: Any) -> set[tuple[str, str]]:
    return {
        (row.value.kind, row.value.value)
        for row in rows
        if isinstance(row, Sighting) and all(getattr(row, key) == value for key, value in where.items())
    }


def said(rows: list[AnyRow]) -> str:
    return " ".join(row.text for row in rows if isinstance(row, NotUnderstood))


def test_each_is_told_by_its_tables_and_takes_no_other() -> None:
    for name, made in SAMPLES.items():
        assert recognised(made()) == name
        assert not [row for row in read(name, made()) if isinstance(row, Failed)]
    assert recognised(old_calls()) == "ios_calls"
    others = (
        "create table message(a)",
        "create table call(a)",
        "create table history_items(a)",
        "create table abperson(a)",
    )
    for other in (chrome(), android_sms(), android_contacts(), *map(database, others)):
        assert recognised(other) not in SAMPLES


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        (APPLE, NOON), (NANO, NOON), (APPLE + 0.25, NOON + timedelta(seconds=0.25)), (str(APPLE), NOON), (f"{APPLE}.5", NOON + timedelta(seconds=0.5)),
        (-86_400, datetime(2000, 12, 31, tzinfo=UTC)), (NANO + 1_500, NOON + timedelta(microseconds=1)),
    ],
)  # fmt: skip
def test_times_are_seconds_or_nanoseconds_since_2001(cell: Any, instant: datetime) -> None:
    when = read_cell(cell)
    assert when is not None
    assert (when.instant, when.zone, when.raw) == (instant, "UTC", str(cell))


@pytest.mark.parametrize("cell", [0, 0.0, None, "", "0"])
def test_nothing_is_no_time(cell: Any) -> None:
    assert read_cell(cell) is None


@pytest.mark.parametrize("cell", [1e300, float("inf"), float("nan"), "soon", b"\xff\xff", 1 << 62, "inf"])
def test_what_is_no_time_is_kept_unread(cell: Any) -> None:
    when = read_cell(cell)
    assert when is not None
    assert when.instant is None or when.instant.year > 2100
    assert when.raw


@given(st.integers(-3_000_000_000, 90_000_000_000))
def test_every_second_is_read_as_itself(count: int) -> None:
    assert since_2001(count).instant == datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=count)


def test_a_message_has_its_people_its_thread_and_its_time() -> None:
    rows = read("ios_messages", sms())
    first, second, third = messages(rows)[:3]
    assert (first.text, first.sender, first.thread) == (
        "Write to kea@mail.example",
        "+447700900142",
        "+447700900142",
    )
    assert first.sent_at is not None
    assert (first.sent_at.instant, first.sent_at.zone) == (NOON, "UTC")
    assert ("read", "2026-03-13 14:01:00 UTC") in first.headers
    assert values(rows, message=1) == {
        ("email", "kea@mail.example"),
        ("phone", "+447700900142"),
        ("phone", "+447700900100"),
    }
    assert (second.sender, second.recipients) == ("owner of the phone", ("+447700900142",))
    assert (third.thread, third.subject, third.attachments) == (
        "Kite club",
        "Plans",
        ("kite.heic (image/heic, 4096 bytes)",),
    )
    assert {("read", "no"), ("edited", "2026-03-13 14:00:05 UTC")} <= set(third.headers)
    assert third.text == "With a picture"


def test_the_owners_addresses_are_told_as_his_and_accuse_nobody() -> None:
    rows = read("ios_messages", sms())
    people = {row.names[0]: row for row in rows if isinstance(row, Person)}
    assert people["+447700900100"].facts == (("Role in the chat", "owner of the phone"),)
    assert people["kestrel@mail.example"].facts
    assert not people["+447700900142"].facts
    assert {row.role for row in people.values()} == {"unknown"}
    second = messages(rows)[1]
    assert second.sender_person == people["kestrel@mail.example"].key


def test_a_text_in_an_attributed_string_is_taken_out_and_searched() -> None:
    rows = read("ios_messages", sms())
    second = messages(rows)[1]
    assert second.text == "I will, on Friday. Ring +44 7700 900177"
    assert ("phone", "+447700900177") in values(rows, message=2, way="mentioned")
    rows = read(
        "ios_messages",
        sms(rows=[message(1, None, attributedbody=b"\x04\x0bstreamtyped" + bytes(range(128, 200)))]),
    )
    assert messages(rows)[0].text == ""
    assert "row 1 of table message, column attributedbody could not be taken out" in said(rows)


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40_000), st.booleans())
@settings(max_examples=80, deadline=None)
def test_every_attributed_string_comes_out_as_it_went_in(text: str, mutable: bool) -> None:
    blob = streamtyped(text, mutable=mutable)
    assert attributed.text_of(blob) == text
    assert attributed.text_of(blob[: blob.index(b"\x84\x01+") + 3]) is None


def test_long_attributed_strings_state_their_length_in_more_bytes() -> None:
    for size in (0, 1, 127, 128, 255, 256, 32_767, 32_768, 70_000):
        assert attributed.text_of(streamtyped("k" * size)) == "k" * size


def test_deeds_are_system_lines_and_name_whom_they_concern() -> None:
    rows = read("ios_messages", sms())
    named, added, reaction = messages(rows)[3:6]
    assert (named.kind, named.text) == ("system", "Named the group: Kite club")
    assert (added.kind, added.text) == ("system", "Added to the group: +447700900142")
    assert ("phone", "+447700900142") in values(rows, message=5)
    assert (reaction.kind, reaction.text) == ("system", "Loved “Write to…”")
    assert {("reaction", "Loved a message"), ("to message", "guid-1")} <= set(reaction.headers)
    back = messages(read("ios_messages", sms(rows=[message(1, None, associated_message_type=3001)])))[0]
    assert back.text == "Took back: liked a message"
    odd = messages(read("ios_messages", sms(rows=[message(1, None, item_type=44)])))[0]
    assert odd.text == "An event of the sort 44"


def test_what_was_deleted_is_said_and_threads_without_messages_are_kept() -> None:
    rows = read("ios_messages", sms(("handle", (9, "gone@mail.example", "gb", "iMessage", None))))
    last = messages(rows)[-1]
    assert ("deleted", "2026-03-13 14:00:00 UTC") in last.headers
    assert last.thread == "+447700900142"
    assert last.sent_at is not None
    assert last.sent_at.instant == NOON, "an old row counts seconds"
    assert "1 messages are listed as deleted" in said(rows)
    assert ("email", "gone@mail.example") in values(rows, event="thread")
    assert "Columns that are not read" not in said(rows)


_TEXTS = st.text(
    st.characters(
        min_codepoint=33, exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp", "So")
    ),
    min_size=1,
    max_size=30,
)
_MESSAGES = st.lists(
    st.tuples(_TEXTS, st.booleans(), st.booleans(), st.integers(1, 99), st.integers(1_000, 900_000_000)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=50, deadline=None)
@given(_MESSAGES, st.booleans())
def test_messages_that_are_written_are_read(
    written: list[tuple[str, bool, bool, int, int]], nano: bool
) -> None:
    rows: Rows = [
        ("handle", (number, f"+12025550{100 + number}", "us", "SMS", None)) for number in range(1, 100)
    ]
    for index, (text, is_own, is_body, handle, at) in enumerate(written, 1):
        body = {"attributedbody": streamtyped(text)} if is_body else {}
        own: dict[str, object] = {
            "is_from_me": int(is_own),
            "handle_id": handle,
            "date": at * 1_000_000_000 if nano else at,
        }
        rows.append(message(index, None if is_body else text, **own, **body))

    found = messages(read("ios_messages", sms(rows=rows)))

    begin = datetime(2001, 1, 1, tzinfo=UTC)
    assert [(one.text, one.sender, one.sent_at and one.sent_at.instant) for one in found] == [
        (text, "owner of the phone" if is_own else f"+12025550{100 + handle}", begin + timedelta(seconds=at))
        for text, is_own, _, handle, at in written
    ]


def test_a_call_has_who_took_part_with_the_whole_number_where_the_phone_knew_it() -> None:
    rows = read("ios_calls", calls(), Options(country="US"))
    first, missed, withheld, group = traces(rows)
    assert (first.direction, first.seconds, first.text, first.counterparts) == (
        "out",
        125.5,
        "Robin Placeholder",
        ("07700 900142",),
    )
    assert first.at is not None
    assert first.at.instant == NOON + timedelta(seconds=0.25)
    assert values(rows, trace=1) == {("phone", "+447700900142")}, "not as one of the reader's country"
    assert (missed.direction, missed.seconds, missed.counterparts) == ("in", None, ("wren@mail.example",))
    assert {("with", "FaceTime video"), ("what became of it", "missed or rejected"), ("seen", "no")} <= set(
        missed.facts
    )
    assert {("number", "withheld or not known"), ("taken for unwanted", "yes")} <= set(withheld.facts)
    assert group.counterparts == ("07700 900142", "wren@mail.example")
    assert {("app", "net.whatsapp.WhatsApp"), ("with", "FaceTime audio")} <= set(group.facts)
    assert not said(rows)


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("07700 900142", ("phone", "+447700900142")),
        ("447700900142@s.whatsapp.net", ("phone", "+447700900142")),
        ("123456789012345@lid", ("account", "whatsapp/id:123456789012345")),
        ("wren@mail.example", ("email", "wren@mail.example")),
    ],
)
def test_an_address_of_a_call_is_read_in_the_country_of_the_phone_and_of_a_chat_as_what_it_is(
    address: str, value: tuple[str, str]
) -> None:
    one = (
        "ZCALLRECORD",
        (5, 2, 1, 1, 1, 0, 1, None, 1, APPLE, 5, address, None, None, "gb", "net.whatsapp.WhatsApp"),
    )
    rows = read("ios_calls", calls(rows=[one]), Options(country="FR"))
    assert values(rows, trace=1) == {value}
    (call,) = traces(rows)
    assert call.counterparts == (address,)


def test_calls_of_old_phones_count_from_1970() -> None:
    first, second = traces(read("ios_calls", old_calls()))
    assert first.at is not None
    assert (first.at.instant, first.direction, first.seconds) == (NOON, "out", 12.0)
    assert ("mobile network", "15") in first.facts
    assert second.direction == "in"
    assert {("with", "FaceTime"), ("what became of it", "missed or rejected")} <= set(second.facts)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(100, 199), st.booleans(), st.integers(0, 9_999), st.integers(1, 900_000_000)),
        min_size=1,
        max_size=8,
    )
)
def test_calls_that_are_written_are_read(written: list[tuple[int, bool, int, int]]) -> None:
    rows: Rows = [
        (
            "ZCALLRECORD",
            (
                index,
                2,
                1,
                1,
                1,
                int(is_out),
                1,
                None,
                0,
                at + 0.5,
                length,
                f"+12025550{number}",
                None,
                None,
                "us",
                "com.apple.Telephony",
            ),
        )
        for index, (number, is_out, length, at) in enumerate(written, 1)
    ]
    found = traces(read("ios_calls", calls(rows=rows)))
    begin = datetime(2001, 1, 1, tzinfo=UTC)
    assert [(one.counterparts, one.direction, one.seconds, one.at and one.at.instant) for one in found] == [
        (
            (f"+12025550{number}",),
            "out" if is_out else "in",
            float(length) if length else None,
            begin + timedelta(seconds=at + 0.5),
        )
        for number, is_out, length, at in written
    ]


def test_a_contact_has_its_names_numbers_accounts_and_dates() -> None:
    rows = read("ios_contacts", contacts())
    robin, shop, gone = (row for row in rows if isinstance(row, Person))
    assert (robin.names, robin.birth_date) == (("Robin Placeholder", "Rob"), "2026-03-13")
    assert {
        ("telephone, mobile", "+44 7700 900142"),
        ("address", "1 Quay, Harbourtown"),
        ("organisation", "Harbour"),
        ("work", "Rigger"),
    } <= set(robin.facts)
    assert values(rows, trace=1) == {
        ("phone", "+447700900142"), ("email", "robin@mail.example"), ("url", "https://robin.example/"), ("account", "telegram/robinkite"),
        ("display_name", "robin placeholder"), ("display_name", "rob"),
    }  # fmt: skip
    assert ("date", "2026-03-13") in traces(rows)[0].facts
    assert ("telephone", "121") in traces(rows)[0].facts, "a short code identifies nobody"
    assert (shop.names, shop.birth_date, traces(rows)[1].text) == ((), "--02-01", "Kite shop"), (
        "of the year 1604: it is not known"
    )
    assert ("telephone", "+44 7700 900188") in gone.facts
    assert ("contact", "no longer in the address book") in traces(rows)[2].facts
    (note,) = [row for row in rows if isinstance(row, FreeText)]
    assert note.text == "Knows wren@mail.example"
    assert {row.role for row in rows if isinstance(row, Person)} == {"unknown"}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(_TEXTS, st.lists(st.integers(100, 199), max_size=3, unique=True)), min_size=1, max_size=6
    )
)
def test_contacts_that_are_written_are_read(written: list[tuple[str, list[int]]]) -> None:
    rows: Rows = []
    for index, (name, numbers) in enumerate(written, 1):
        rows.append(("ABPerson(ROWID, First)", (index, name)))
        rows += [
            ("ABMultiValue(record_id, property, value)", (index, 3, f"+1 202 555 0{number}"))
            for number in numbers
        ]
    found = read("ios_contacts", contacts(rows=rows))
    assert [row.names for row in found if isinstance(row, Person)] == [(name,) for name, _ in written]
    for index, (_, numbers) in enumerate(written, 1):
        phones = {value for kind, value in values(found, trace=index) if kind == "phone"}
        assert phones == {f"+12025550{number}" for number in numbers}


def test_visits_pages_and_what_was_deleted_from_the_history() -> None:
    rows = read("safari_history", safari())
    first, second, lost, page, deleted, swept = traces(rows)
    assert (first.kind, first.url) == ("visit", "https://forum.harbour.example/17")
    assert first.at is not None
    assert first.at.instant == NOON + timedelta(seconds=0.5)
    assert values(rows, trace=1) == {
        ("url", "https://forum.harbour.example/17"),
        ("email", "kea@mail.example"),
    }
    assert {
        ("from", "another device (synchronised)"),
        ("loaded", "no"),
        ("how", "form sent"),
        ("led here from visit", "1"),
    } <= set(second.facts)
    assert (lost.url, lost.text) == (None, "Lost")
    assert "the page that was visited is not in table history_items" in said(rows)
    assert (page.url, page.at, dict(page.facts)["visits"]) == ("https://old.example/gone", None, "9")
    assert (deleted.kind, deleted.text, deleted.url) == (
        "event",
        "Deleted from the history",
        "https://secret.example/",
    )
    assert deleted.until is not None
    assert deleted.until.instant == NOON + timedelta(hours=1)
    assert ("what", "everything of that time") in swept.facts


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 900_000_000), _TEXTS), min_size=1, max_size=8))
def test_visits_that_are_written_are_read(written: list[tuple[int, int, str]]) -> None:
    rows: Rows = [
        ("history_items", (number, f"https://site{number}.example/", "", 1)) for number in range(1, 6)
    ]
    rows += [
        ("history_visits", (index, item, at + 0.25, title, 1, 0, 0, None, None, 0))
        for index, (item, at, title) in enumerate(written, 1)
    ]
    found = traces(read("safari_history", safari(rows=rows)))[: len(written)]
    begin = datetime(2001, 1, 1, tzinfo=UTC)
    assert [(one.url, one.text, one.at and one.at.instant) for one in found] == [
        (f"https://site{item}.example/", title, begin + timedelta(seconds=at + 0.25))
        for item, at, title in written
    ]


@pytest.mark.parametrize("name", list(SAMPLES))
def test_limits_are_said(name: str) -> None:
    rows = read(name, SAMPLES[name](), Options(max_rows=1))
    assert any(isinstance(row, Failed) and "limit of 1" in row.reason for row in rows)
