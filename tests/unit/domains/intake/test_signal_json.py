"""Signal as JSON: rows of Signal Desktop, and one message a line."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

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

NOON = datetime(2026, 3, 13, 14, 0, tzinfo=UTC)
MILLI = int(NOON.timestamp() * 1000)
WREN, ROBIN = "0b6f1c1e-0000-4000-8000-00000000a001", "0b6f1c1e-0000-4000-8000-00000000a002"
EXAMPLES = Path(sources.__file__).parent / "signal_json/examples"

ROWS: list[dict[str, Any]] = [
    {"id": "m1", "conversationId": "talk-1", "type": "incoming", "sent_at": MILLI, "received_at": 17, "source": "+447700900142", "sourceServiceId": WREN,
     "sourceDevice": 1, "schemaVersion": 13, "body": "\ufffc, write to kea@mail.example", "hasAttachments": 1,
     "bodyRanges": [{"start": 0, "length": 1, "mentionAci": ROBIN, "replacementText": "Robin"}],
     "attachments": [{"fileName": "kite.jpg", "contentType": "image/jpeg", "size": 4096, "key": "secret", "path": "ab/cd"}],
     "reactions": [{"emoji": "+", "fromId": "talk-2", "timestamp": MILLI}], "newField": "otter@mail.example"},
    {"id": "m2", "conversationId": "talk-1", "type": "outgoing", "sent_at": MILLI + 60_000, "timestamp": MILLI + 60_000, "body": "I will", "sourceUuid": ROBIN,
     "quote": {"id": MILLI, "authorAci": WREN, "text": "write to"}, "sendStateByConversationId": {"talk-1": {"status": "Sent"}}, "expireTimer": 3600,
     "editHistory": [{"body": "I will not, ring +44 7700 900177", "timestamp": MILLI}], "editMessageTimestamp": MILLI + 90_000},
    {"id": "m3", "conversationId": "talk-1", "type": "call-history", "sent_at": MILLI + 120_000, "schemaVersion": 13},
    {"id": "m4", "conversationId": "talk-1", "type": "incoming", "sent_at": MILLI + 130_000, "source": "+447700900142", "deletedForEveryone": True, "body": ""},
]  # fmt: skip
LINES: list[dict[str, Any]] = [
    {"date": "2026-03-13T14:00:00", "sender": "Wren Grey", "body": "Write to kea@mail.example", "quote": "", "sticker": "",
     "reactions": [{"name": "Me", "emoji": "+"}], "attachments": [{"name": "kite.jpg", "path": "media/kite.jpg"}]},
    {"date": "2026-03-13T14:01:00", "sender": "Me", "body": "I will", "quote": "Wren Grey: Write", "sticker": "", "reactions": [["Wren Grey", "!"]], "attachments": []},
    {"date": "2026-03-13T14:02:00", "sender": "+44 7700 900142", "body": "Who?", "quote": "", "sticker": "", "reactions": [], "attachments": []},
    {"date": "2026-03-13T14:03:00", "sender": "No-Sender", "body": "", "quote": "", "sticker": "kite", "reactions": [], "attachments": []},
]  # fmt: skip


def rows_file(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(rows).encode()


def lines_file(lines: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def read(data: bytes, options: Options | None = None) -> list[AnyRow]:
    return list(sources.all_sources()["signal_json"].read(io.BytesIO(data), options or Options(country="GB")))


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def values(rows: list[AnyRow], **where: Any) -> set[tuple[str, str]]:
    return {
        (row.value.kind, row.value.value)
        for row in rows
        if isinstance(row, Sighting) and all(getattr(row, key) == value for key, value in where.items())
    }


def said(rows: list[AnyRow]) -> str:
    return " ".join(row.text for row in rows if isinstance(row, NotUnderstood))


def test_both_forms_are_told_and_nothing_else_is_taken() -> None:
    for data in (
        rows_file(ROWS),
        rows_file(ROWS[2:]),
        lines_file(LINES),
        json.dumps({"messages": ROWS}).encode(),
    ):
        found = sources.recognise(data, len(data))
        assert found is not None
        assert found.name == "signal_json"
    others = (
        {"date": 1, "sender": 2, "body": 3},
        [{"conversationId": 1, "type": 2, "timestamp": 3}],
        {"messages": [{"type": "message", "id": 1}]},
    )
    for other in others:
        data = json.dumps(other).encode()
        found = sources.recognise(data, len(data))
        assert found is None or found.name != "signal_json"


def test_a_row_has_its_sender_by_number_and_account() -> None:
    rows = read(rows_file(ROWS))
    first, second = messages(rows)[:2]
    assert first.sent_at is not None
    assert (first.sent_at.instant, first.sent_at.zone, first.sender) == (NOON, "UTC", "+447700900142")
    assert first.attachments == ("kite.jpg (image/jpeg, 4096 bytes)",)
    assert {
        ("phone", "+447700900142"),
        ("account", f"signal/id:{WREN}"),
        ("account", f"signal/id:{ROBIN}"),
        ("email", "kea@mail.example"),
    } <= values(rows, message=1)
    assert ("reaction", "+ talk-2") in first.headers
    assert (second.sender, second.text) == ("owner of the account", "I will")
    assert {
        ("answers", f"{WREN} write to"),
        ("disappears after seconds", "3600"),
        ("edited", "2026-03-13 14:01:30 UTC"),
    } <= set(second.headers)
    assert {row.role for row in rows if isinstance(row, Person)} == {"unknown"}


def test_deeds_are_system_lines_and_what_was_deleted_is_said() -> None:
    deed, gone = messages(read(rows_file(ROWS)))[2:]
    assert (deed.kind, deed.text) == ("system", "An event: call-history")
    assert (gone.kind, gone.text) == ("chat", "")
    assert ("deleted for everybody", "yes") in gone.headers


def test_earlier_forms_are_searched_and_new_fields_said() -> None:
    rows = read(rows_file(ROWS))
    assert ("phone", "+447700900177") in values(rows)
    assert "I will not, ring +44 7700 900177" in {row.text for row in rows if isinstance(row, FreeText)}
    assert "The field /*/newField (text) is not known" in said(rows)
    assert ("email", "otter@mail.example") in values(rows)
    assert "secret" not in str(rows), "the key to a file is nothing for the receipt"


def test_a_contact_and_a_preview_that_were_sent_are_not_lost() -> None:
    card = {"name": {"givenName": "Robin"}, "number": [{"value": "+44 7700 900188", "type": 1}]}
    preview = {"url": "https://kite.example/", "title": "Kites", "image": {"path": "x"}}
    rows = read(rows_file([{**ROWS[0], "contact": [card], "preview": [preview]}]))
    assert ("phone", "+447700900188") in values(rows)
    assert "/*/contact/*/number/*/value" in said(rows)
    assert ("preview of a link", "Kites https://kite.example/") in messages(rows)[0].headers


def test_lines_have_names_and_times_without_zone() -> None:
    rows = read(lines_file(LINES))
    first, second, third, fourth = messages(rows)
    assert (first.sender, first.text, first.attachments) == (
        "Wren Grey",
        "Write to kea@mail.example",
        ("kite.jpg",),
    )
    assert first.sent_at is not None
    assert (first.sent_at.instant, len(first.sent_at.candidates)) == (None, 1)
    assert len([row for row in rows if isinstance(row, AmbiguousPart)]) == 1
    assert {("answers", "Wren Grey: Write"), ("reactions", "Wren Grey !")} <= set(second.headers)
    assert ("phone", "+447700900142") in values(rows, message=third.number)
    assert (fourth.sender, fourth.headers) == (None, (("sticker", "kite"),))
    assert values(rows, message=1) == {("display_name", "wren grey"), ("email", "kea@mail.example")}
    owner = next(row for row in rows if isinstance(row, Person) and row.key == "sender Me")
    assert (owner.names, owner.facts) == ((), (("Role in the chat", "whose Signal was exported"),))
    assert not said(rows)


def test_limits_and_cut_files_are_said() -> None:
    for data in (rows_file(ROWS), lines_file(LINES)):
        rows = read(data, Options(max_rows=1))
        assert len(messages(rows)) == 1
        assert any(isinstance(row, Failed) and "limit of 1" in row.reason for row in rows)
        assert any(isinstance(row, Failed) for row in read(data[:-30]))


_TEXTS = st.text(
    st.characters(min_codepoint=33, exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp")),
    max_size=20,
)
_WRITTEN = st.lists(
    st.tuples(_TEXTS, st.integers(100, 199), st.integers(1, 4_000_000_000)), min_size=1, max_size=8
)


@settings(max_examples=60, deadline=None)
@given(_WRITTEN, st.booleans())
def test_what_is_written_is_read(written: list[tuple[str, int, int]], is_lines: bool) -> None:
    if is_lines:
        made = [
            {"date": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}", "sender": f"Bird {who}", "body": text, "quote": "", "reactions": []}
            for text, who, at in written
        ]  # fmt: skip
        found = messages(read(lines_file(made)))
        times = [one.sent_at and one.sent_at.candidates[0].replace(tzinfo=UTC) for one in found]
        senders = [f"Bird {who}" for _, who, _ in written]
    else:
        rows = [
            {
                "conversationId": "a",
                "type": "incoming",
                "sent_at": at * 1000,
                "source": f"+12025550{who}",
                "schemaVersion": 1,
                "body": text,
            }
            for text, who, at in written
        ]
        found = messages(read(rows_file(rows)))
        times = [one.sent_at and one.sent_at.instant for one in found]
        senders = [f"+12025550{who}" for _, who, _ in written]
    assert [(one.text, one.sender) for one in found] == [
        (text, sender) for (text, _, _), sender in zip(written, senders, strict=True)
    ]
    assert times == [datetime.fromtimestamp(at, UTC) for _, _, at in written]


def test_the_examples_are_those_of_this_test() -> None:
    assert (EXAMPLES / "messages.json").read_bytes() == rows_file(ROWS)
    assert (EXAMPLES / "data.json").read_bytes() == lines_file(LINES)


def test_whom_a_message_names_beside_its_text_is_found() -> None:
    row: dict[str, Any] = {
        "conversationId": "talk-1", "type": "outgoing", "sent_at": MILLI, "schemaVersion": 13, "body": "yes",
        "recipients": ["+447700900143"], "errors": [{"name": "SendError", "number": "+447700900144"}],
        "quote": {"id": MILLI, "authorAci": WREN, "text": "ring kea@mail.example"}, "storyReplyContext": {"authorAci": ROBIN},
        "preview": [{"title": "Kites", "url": "https://kites.example/a"}], "dataMessage": {"body": "or 07700 900145"},
        "attachments": [{"path": "4a/" + 32 * "4a", "caption": "call 07700 900146"}],
    }  # fmt: skip
    rows = read(rows_file([row]))

    assert values(rows) == {
        ("phone", "+447700900143"), ("phone", "+447700900144"), ("phone", "+447700900145"), ("phone", "+447700900146"),
        ("account", f"signal/id:{WREN}"), ("account", f"signal/id:{ROBIN}"), ("email", "kea@mail.example"),
        ("url", "https://kites.example/a"),
    }  # fmt: skip


def test_what_a_line_answers_is_searched() -> None:
    line = {"date": "2026-03-13T14:00:00", "sender": "Wren", "body": "yes", "quote": "> ring 07700 900142", "sticker": "", "reactions": [],
            "attachments": [{"name": "for kea@mail.example.jpg", "path": "media/x"}]}  # fmt: skip
    rows = read(lines_file([line]))

    assert values(rows, way="mentioned") == {("phone", "+447700900142"), ("email", "kea@mail.example")}
