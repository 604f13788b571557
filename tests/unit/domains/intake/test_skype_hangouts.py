"""Skype's and Hangouts' databases: messages with their deeds, calls, files, people with their accounts."""

import html
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake import sources
from cets.domains.intake.rows import AnyRow, Failed, FreeText, Message, NotUnderstood, Person, Sighting, Trace
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.skype import body
from unit.domains.intake.messenger_samples import Rows, hangouts, skype
from unit.domains.intake.sqlite_samples import NOON, UNIX, contacts, database, sms

SAMPLES = {"skype": skype, "hangouts": hangouts}


def read(name: str, data: bytes, options: Options | None = None) -> list[AnyRow]:
    return list(sources.all_sources()[name].read(io.BytesIO(data), options or Options(country="GB")))


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def traces(rows: list[AnyRow], kind: str) -> list[Trace]:
    return [row for row in rows if isinstance(row, Trace) and row.kind == kind]


def values(rows: list[AnyRow], **where: Any) -> set[tuple[str, str]]:
    return {
        (row.value.kind, row.value.value)
        for row in rows
        if isinstance(row, Sighting) and all(getattr(row, key) == value for key, value in where.items())
    }


def people(rows: list[AnyRow]) -> dict[str, Person]:
    return {row.key: row for row in rows if isinstance(row, Person)}


def said(rows: list[AnyRow]) -> str:
    return " ".join(row.text for row in rows if isinstance(row, NotUnderstood))


def test_each_is_told_by_its_tables_and_takes_no_other() -> None:
    bare = "create table messages(a); create table conversations(a); create table accounts(a); create table contacts(a); create table participants(a)"
    for data, name in (
        (skype(), "skype"),
        (hangouts(), "hangouts"),
        (database(bare), "sqlite"),
        (sms(), "android_messages"),
        (contacts(), "android_contacts"),
    ):
        found = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
        assert found is not None
        assert found.name == name


def test_a_message_of_skype_has_its_people_and_its_words() -> None:
    rows = read("skype", skype())
    first, second = messages(rows)[:2]
    assert (first.text, first.sender, first.thread) == (
        "Write to kea@mail.example & wait",
        "kestrel.blue",
        "Wren Grey",
    )
    assert first.recipients == ("wren.grey",)
    assert first.sent_at is not None
    assert (first.sent_at.instant, first.sent_at.zone) == (NOON, "UTC")
    assert ("email", "kea@mail.example") in values(rows, message=1)
    assert (second.text, second.sender_person) == ("wait\nNo", "skype wren.grey"), (
        "the program's own mark for a quotation is none of its words"
    )
    assert {("edited by", "wren.grey"), ("edited", "2026-03-13 14:01:30 UTC")} <= set(second.headers)


def test_deeds_of_skype_are_system_lines_and_name_whom_they_concern() -> None:
    _first, _second, added, call, files, card, odd, _sms = messages(read("skype", skype()))
    assert (added.kind, added.text, added.thread) == (
        "system",
        "Added to the chat: robin.two, wren.grey",
        "Kite club",
    )
    assert (call.kind, call.text) == ("system", "Ended a call: wren.grey")
    assert ("in the call", "wren.grey (30 s)") in call.headers
    assert (files.kind, files.attachments) == ("chat", ("kite & string.jpg",))
    assert card.text == "Contacts: robin.two (Robin Two)"
    assert (odd.kind, odd.text) == ("system", "An event of the sort 777")
    assert ("account", "skype/robin.two") in values(read("skype", skype()))


def test_a_time_that_nobody_can_mean_is_kept_unread_and_said() -> None:
    rows = read("skype", skype())
    card = messages(rows)[5]
    assert card.sent_at is not None
    assert (card.sent_at.instant, card.sent_at.raw) == (None, "13773410400")
    assert "“13773410400” at row 6 of table messages was not read as a time" in said(rows)


def test_an_sms_that_stands_in_two_tables_is_told_once() -> None:
    rows = read("skype", skype())
    found = [message for message in messages(rows) if message.text == "On Friday"]
    assert [(one.place, one.recipients, one.sender) for one in found] == [
        ("row 1 of table smses", ("+447700900199",), "kestrel.blue")
    ]
    assert ("phone", "+447700900199") in values(rows)
    alone = read("skype", skype(rows=[row for row in SKYPE_WITHOUT_SMS if row[0] != "SMSes"]))
    assert [one.text for one in messages(alone)] == ["On Friday"]


SKYPE_WITHOUT_SMS: Rows = [
    ("Messages", (7, 1, "#a", "kestrel.blue", "K", UNIX, 64, '<sms alt="x"><targets><target>+447700900199</target></targets><body><chunk id="0">On </chunk><chunk id="1">Friday</chunk></body></sms>', None, None, None, None)),
]  # fmt: skip


def test_people_of_skype_have_what_their_profiles_say_and_no_guilt() -> None:
    rows = read("skype", skype())
    found = people(rows)
    owner, wren = found["skype kestrel.blue"], found["skype wren.grey"]
    assert (owner.birth_date, owner.facts[0]) == (
        "1990-03-14",
        ("Role in the chats", "whose account this is"),
    )
    assert {
        ("email", "kestrel@mail.example"),
        ("email", "other@mail.example"),
        ("phone", "+447700900100"),
    } <= values(rows, person=owner.key)
    assert {
        ("email", "wren@mail.example"),
        ("phone", "+447700900142"),
        ("url", "https://wren.example/"),
        ("display_name", "wren grey"),
    } <= values(rows, person=wren.key)
    assert {("gender", "female"), ("blocked", "yes"), ("last seen", "2026-03-13 14:00:00 UTC")} <= set(
        wren.facts
    )
    assert ("phone", "+447700900188") in values(rows)
    assert ("email", "otter@mail.example") in values(rows)
    assert [row.text for row in rows if isinstance(row, FreeText)] == ["Ask otter@mail.example"]
    assert {row.role for row in found.values()} == {"unknown"}


def test_calls_and_files_of_skype_are_traces() -> None:
    rows = read("skype", skype())
    first, lone = traces(rows, "call")
    assert (first.direction, first.seconds, first.counterparts) == ("out", 646.0, ("wren.grey",))
    assert first.at is not None
    assert first.at.instant == NOON
    assert (lone.place, lone.counterparts) == ("row 2 of table callmembers", ("4:+447700900177",))
    assert ("phone", "+447700900177") in values(rows, event="call")
    (sent,), (got,) = traces(rows, "event"), traces(rows, "download")
    assert (sent.text, sent.counterparts) == ("plan.pdf", ("wren.grey",))
    assert {("what", "file sent"), ("state", "complete"), ("path", "/home/kestrel/plan.pdf")} <= set(
        sent.facts
    )
    assert (got.text, dict(got.facts)["state"]) == ("kite.png", "state 44")


def test_a_message_of_hangouts_has_its_people_and_its_words() -> None:
    rows = read("hangouts", hangouts())
    first, second, third = messages(rows)
    assert (first.text, first.sender, first.recipients, first.thread) == (
        "It's kea@mail.example",
        "Wren Grey",
        ("Kestrel Blue",),
        "Wren Grey",
    )
    assert first.sent_at is not None
    assert first.sent_at.instant == NOON.replace(microsecond=375)
    assert values(rows, message=1) == {("email", "kea@mail.example"), ("account", "google/id:1002")}
    assert (second.text, second.attachments) == (
        "A <kite>\nhere",
        ("https://pic.example/kite.jpg (image/jpeg)",),
    )
    assert {("direction", "sent by the owner"), ("latitude", "51.5"), ("address", "1 Quay")} <= set(
        second.headers
    )
    assert ("phone", "+447700900177") in values(rows)
    assert (third.kind, third.text, third.thread) == (
        "system",
        "Named the conversation: Kite club",
        "Kite club",
    )
    assert ("sort", "7") in third.headers


def test_people_of_hangouts_are_accounts_with_names_and_addresses() -> None:
    rows = read("hangouts", hangouts())
    found = people(rows)
    assert found["google 1001"].names == ("Kestrel Blue",)
    assert values(rows, person="google 1001", message=None) == {
        ("account", "google/id:1001"), ("email", "kestrel@mail.example"), ("display_name", "kestrel blue"),
    }  # fmt: skip
    assert ("blocked", "yes") in found["google 1002"].facts
    assert ("phone", "+447700900142") in values(rows)
    assert {("account", "google/id:1003"), ("email", "robin@mail.example")} <= values(
        rows, person="google 1003"
    )
    assert [trace.facts for trace in traces(rows, "contact")] == [
        (("in the app", "blocked"),),
        (("in the app", "suggested by the app"),),
    ]
    assert {row.role for row in found.values()} == {"unknown"}


@pytest.mark.parametrize("name", list(SAMPLES))
def test_limits_are_said(name: str) -> None:
    rows = read(name, SAMPLES[name](), Options(max_rows=1))
    assert any(isinstance(row, Failed) and "limit of 1" in row.reason for row in rows)


@given(st.text(max_size=300))
def test_no_body_is_lost_or_raises(raw: str) -> None:
    said_ = body.read(raw)
    if "<" not in raw and "&" not in raw:
        assert said_.text == raw


_TEXTS = st.text(
    st.characters(min_codepoint=33, exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp")),
    min_size=1,
    max_size=20,
)
_WRITTEN = st.lists(
    st.tuples(_TEXTS, st.integers(1, 5), st.integers(1, 2_000_000_000)), min_size=1, max_size=8
)


@settings(max_examples=50, deadline=None)
@given(_WRITTEN, st.sampled_from(["skype", "hangouts"]))
def test_messages_that_are_written_are_read(written: list[tuple[str, int, int]], name: str) -> None:
    rows: Rows = []
    for index, (text, who, at) in enumerate(written, 1):
        escaped = html.escape(text)
        if name == "skype":
            rows.append(
                ("Messages(id, author, timestamp, type, body_xml)", (index, f"bird.{who}", at, 61, escaped))
            )
        else:
            rows.append(
                (
                    "messages(_id, author_gaia_id, timestamp, type, text)",
                    (index, f"100{who}", at * 1_000_000, 2, escaped),
                )
            )
    found = read(name, SAMPLES[name](rows=rows))
    assert [
        (one.text, one.sender, one.sent_at and one.sent_at.instant and one.sent_at.instant.timestamp())
        for one in messages(found)
    ] == [(text, f"bird.{who}" if name == "skype" else f"100{who}", at) for text, who, at in written]
    accounts = {f"skype/bird.{who}" if name == "skype" else f"google/id:100{who}" for _, who, _ in written}
    assert {value for kind, value in values(found, way="declared") if kind == "account"} == accounts
