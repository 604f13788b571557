"""Telegram Desktop's exports: one chat and a whole account, who wrote, when for certain, and the app's own lines."""

import io
import json
import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
    Summary,
)
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.telegram.source import Telegram

SHARED = Path(__file__).parents[5] / "shared/data/chat"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are not here")
EXAMPLES = Path(sources.__file__).parent / "telegram/examples"


def read(data: Any, **options: Any) -> list[AnyRow]:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return list(Telegram().read(io.BytesIO(raw), Options(country="GB", **options)))


def message(**fields: Any) -> dict[str, Any]:
    usual = {
        "id": 1, "type": "message", "date": "2026-03-14T20:00:00", "date_unixtime": "1773518400", "from": "Robin Larch",
        "from_id": "user55501", "text": "hello",
    }  # fmt: skip
    return {key: value for key, value in (usual | fields).items() if value is not ...}


def chat(*messages: Any, **fields: Any) -> dict[str, Any]:
    return {"name": "Garden club", "type": "private_group", "id": 77, **fields, "messages": list(messages)}


def only(rows: list[AnyRow], kind: type) -> Any:
    (found,) = [row for row in rows if isinstance(row, kind)]
    return found


def values(rows: list[AnyRow]) -> set[tuple[str, str, str, str]]:
    return {
        (row.value.kind, row.value.value, row.way, row.place) for row in rows if isinstance(row, Sighting)
    }


def texts(rows: list[AnyRow], kind: type[NotUnderstood | FreeText]) -> list[str]:
    return [row.text for row in rows if isinstance(row, kind)]


def test_a_chat_tells_who_wrote_what_when() -> None:
    rows = read(chat(message()))

    assert only(rows, Summary).title == "Telegram chat “Garden club”"
    one = only(rows, Message)
    assert (one.number, one.text, one.place, one.kind, one.thread) == (
        1,
        "hello",
        "/messages/0",
        "chat",
        "Garden club",
    )
    assert (one.sender, one.sender_person) == ("Robin Larch", "user55501")
    assert one.sent_at.instant == datetime(2026, 3, 14, 20, 0, tzinfo=UTC)
    assert values(rows) == {
        ("account", "telegram/id:55501", "declared", "/messages/0/from_id"),
        ("display_name", "robin larch", "declared", "/messages/0"),
        ("group", "telegram/chat77", "declared", "/id"),
    }
    assert only(rows, Person).role == "unknown"
    assert not texts(rows, NotUnderstood)


def test_an_account_is_met_once_and_its_later_names_are_kept() -> None:
    rows = read(chat(message(), message(), message(**{"from": "Robin L."})))

    assert only(rows, Person).names == ("Robin Larch",)
    assert [place for kind, _, _, place in values(rows) if kind == "account"] == ["/messages/0/from_id"]
    assert {value for kind, value, _, _ in values(rows) if kind == "display_name"} == {
        "robin larch",
        "robin l.",
    }


def test_local_time_alone_has_no_zone_and_it_is_said_once() -> None:
    rows = read(chat(*[message(date_unixtime=...)] * 3))

    first = next(row for row in rows if isinstance(row, Message))
    assert first.sent_at is not None
    assert first.sent_at.instant is None
    assert first.sent_at.candidates == (datetime(2026, 3, 14, 20, 0),)  # noqa: DTZ001 - no zone is the point
    assert only(rows, AmbiguousPart).place == "/messages/0"


@pytest.mark.parametrize("wrong", ["soon", "99999999999999999999", -1e40, True])
def test_a_time_that_is_none_is_said_and_the_other_is_taken(wrong: object) -> None:
    rows = read(chat(message(date_unixtime=wrong, date="never")))
    assert any("was not read as a time" in text for text in texts(rows, NotUnderstood))

    rows = read(chat(message(date_unixtime=wrong)))
    assert len(only(rows, Message).sent_at.candidates) == 1


def test_text_in_parts_is_joined_and_what_is_behind_words_is_found() -> None:
    parts = [
        "ask ", {"type": "mention_name", "text": "Kim", "user_id": 55503}, " or ", {"type": "email", "text": "kim@mail.example"},
        {"type": "text_link", "text": " here", "href": "https://files.example/x"},
    ]  # fmt: skip
    rows = read(chat(message(text=parts, text_entities=parts)))

    assert only(rows, Message).text == "ask Kim or kim@mail.example here"
    found = values(rows)
    assert ("account", "telegram/id:55503", "declared", "/messages/0/text/1/user_id") in found
    assert ("url", "https://files.example/x", "declared", "/messages/0/text/4/href") in found
    assert ("email", "kim@mail.example", "mentioned", "/messages/0") in found


def test_text_that_stands_only_in_the_entities_is_read() -> None:
    rows = read(
        chat(
            message(
                text="", text_entities=[{"type": "plain", "text": "here "}, {"type": "bold", "text": "too"}]
            )
        )
    )

    assert only(rows, Message).text == "here too"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"action": "phone_call", "duration_seconds": 56, "discard_reason": "hangup"}, "Sam called (seconds: 56; ended by: hangup)"),
        ({"action": "invite_members", "members": ["Robin", None, "Kim"]}, "Sam added to the group: Robin, Kim"),
        ({"action": "remove_members", "members": ["Robin"]}, "Sam removed from the group: Robin"),
        ({"action": "join_group_by_link", "inviter": "Robin"}, "Sam joined by an invitation link (invited by: Robin)"),
        ({"action": "edit_group_title", "title": "Allotment"}, "Sam changed the group's name (name: Allotment)"),
        ({"action": "take_screenshot"}, "Sam took a screenshot"),
        ({"action": "a_new_thing"}, "Sam a new thing"),
        ({"action": "set_messages_ttl", "period": 86400}, "Sam set the time after which messages are deleted (period in seconds: 86400)"),
        ({"action": "send_webview_data", "text": "the data"}, "Sam sent data to a bot\nthe data"),
    ],
)  # fmt: skip
def test_the_apps_own_lines_are_system_messages_in_words(fields: dict[str, Any], text: str) -> None:
    given = {
        "id": 1,
        "type": "service",
        "date_unixtime": "1773518400",
        "actor": "Sam",
        "actor_id": "user9",
        "text": "",
    }
    rows = read(chat(given | fields))

    one = only(rows, Message)
    assert (one.kind, one.text, one.sender_person) == ("system", text, "user9")
    names = {value for kind, value, _, _ in values(rows) if kind == "display_name"}
    named = [*fields.get("members", ()), fields.get("inviter")]
    assert names == {"sam", *(name.casefold() for name in named if name)}
    assert not texts(rows, NotUnderstood)


def test_words_that_the_app_marks_are_apart_even_where_nothing_is_between() -> None:
    text = [
        "hi",
        {"type": "phone", "text": "+447700900142"},
        {"type": "bold", "text": "here"},
        {"type": "email", "text": "kea@mail.example"},
        "or 07700 ",
        {"type": "italic", "text": "900143"},
        {"type": "link", "text": "https://x.example/a"},
        "and",
    ]
    rows = read(chat(message(text=text)))

    one = only(rows, Message)
    assert one.text == "hi+447700900142herekea@mail.exampleor 07700 900143https://x.example/aand"
    found = [row for row in rows if isinstance(row, Sighting) and row.way == "mentioned"]
    assert [(row.value.value, one.text[row.start : row.end]) for row in found] == [
        ("+447700900142", "+447700900142"),
        ("kea@mail.example", "kea@mail.example"),
        ("+447700900143", "07700 900143"),
        ("https://x.example/a", "https://x.example/a"),
    ]


def test_what_stands_over_and_under_a_message_is_searched() -> None:
    rows = read(
        chat(
            message(
                place_name="ring 07700 900142",
                game_link="https://g.example/c",
                inline_bot_buttons=[[{"type": "url", "text": "Go", "data": "https://y.example/b"}]],
                reply_to_peer_id="channel123456",
                saved_from="Sam",
            )
        )
    )

    assert {
        ("phone", "+447700900142", "mentioned", "/messages/0"),
        ("url", "https://g.example/c", "mentioned", "/messages/0"),
        ("url", "https://y.example/b", "mentioned", "/messages/0"),
        ("group", "telegram/channel123456", "declared", "/messages/0/reply_to_peer_id"),
        ("display_name", "sam", "declared", "/messages/0/saved_from"),
    } <= values(rows)


def test_a_message_that_was_not_exported_is_said_and_a_shared_account_found() -> None:
    rows = read(
        chat(
            message(type="unsupported", **{"from": ..., "from_id": ..., "text": ...}),
            {"id": 2, "type": "service", "action": "requested_peer", "actor": "Sam", "actor_id": "user9", "peers": ["user555"]},
        )
    )  # fmt: skip

    (first, _) = [row for row in rows if isinstance(row, Message)]
    assert first.kind == "system"
    assert "could not read" in first.text
    assert ("account", "telegram/id:555", "declared", "/messages/1/peers/0") in values(rows)


def test_forwards_replies_edits_and_reactions_are_headers() -> None:
    rows = read(
        chat(
            message(
                forwarded_from="Garden News", forwarded_from_id="channel900", reply_to_message_id=7, edited_unixtime="1773518460",
                via_bot="@gif_bot", reactions=[{"type": "emoji", "emoji": "👍", "count": 2, "recent": [{"from": "Kim", "from_id": "user5", "date": "2026"}]}],
            )
        )
    )  # fmt: skip

    headers = only(rows, Message).headers
    assert ("Forwarded from", "Garden News") in headers
    assert ("Reply to message", "7") in headers
    assert ("Edited (seconds since 1970, UTC)", "1773518460") in headers
    assert ("Reaction", "👍 2: Kim") in headers
    assert ("group", "telegram/channel900", "declared", "/messages/0/forwarded_from_id") in values(rows)
    assert ("account", "telegram/gif_bot", "declared", "/messages/0/via_bot") in values(rows)
    assert ("account", "telegram/id:5", "declared", "/messages/0/reactions/0/recent/0/from_id") in values(
        rows
    )
    assert not texts(rows, NotUnderstood)


def test_files_are_names_also_those_left_out() -> None:
    left_out = "(File not included. Change data exporting settings to download.)"
    rows = read(
        chat(
            message(photo="photos/p.jpg", width=1, height=2),
            message(file=left_out, file_name="plan.pdf", mime_type="application/pdf", file_size=3),
            message(file="stickers/s.webp", media_type="sticker", sticker_emoji="👍", thumbnail="t.jpg"),
            message(file="voice/a.ogg", media_type="voice_message", duration_seconds=4),
        )
    )

    assert [row.attachments for row in rows if isinstance(row, Message)] == [
        ("photos/p.jpg",),
        (f"plan.pdf {left_out}",),
        ("stickers/s.webp (sticker 👍)",),
        ("voice/a.ogg (voice message)",),
    ]
    assert not texts(rows, NotUnderstood)


def test_a_contact_that_was_sent_is_a_person_with_a_number() -> None:
    contact = {"first_name": "Kim", "last_name": "Rowan", "phone_number": "+44 7700 900142"}
    rows = read(chat(message(text="", contact_information=contact)))

    people = {row.names: row.key for row in rows if isinstance(row, Person)}
    sighting = next(row for row in rows if isinstance(row, Sighting) and row.value.kind == "phone")
    assert (sighting.value.value, sighting.way, sighting.person) == (
        "+447700900142",
        "declared",
        people["Kim Rowan",],
    )


def test_a_poll_and_a_place_are_not_lost() -> None:
    rows = read(
        chat(
            message(text="", poll={"question": "When?", "closed": True, "total_voters": 2, "answers": [{"text": "At 5", "voters": 2, "chosen": True}]}),
            message(text="", location_information={"latitude": 51.5, "longitude": -0.12}, place_name="Mill", address="1 Lane"),
        )
    )  # fmt: skip
    poll, place = [row for row in rows if isinstance(row, Message)]

    assert poll.text == "Poll: When?\n- At 5 (2)"
    assert set(place.headers) == {("Location", "51.5, -0.12"), ("Place", "Mill"), ("Address", "1 Lane")}


def test_a_channel_that_writes_is_a_room_and_no_person() -> None:
    rows = read(chat(message(**{"from": "News", "from_id": "channel900", "author": "kim"})))

    assert not [row for row in rows if isinstance(row, Person)]
    one = only(rows, Message)
    assert (one.sender, one.sender_person) == ("News", None)
    assert ("Signed", "kim") in one.headers
    assert ("group", "telegram/channel900", "declared", "/messages/0/from_id") in values(rows)


def test_a_deleted_account_has_its_number_alone() -> None:
    rows = read(chat(message(**{"from": None})))

    assert only(rows, Message).sender == "user55501"
    assert only(rows, Person).names == ()


@pytest.mark.parametrize("raw", [55501, "55501", "user55501"])
def test_a_bare_number_of_an_older_export_is_an_account(raw: object) -> None:
    rows = read(chat(message(from_id=raw)))

    assert ("account", "telegram/id:55501", "declared", "/messages/0/from_id") in values(rows)


def test_a_bare_number_that_may_be_marked_is_one_of_two() -> None:
    rows = read(chat(*[message(from_id=4_295_022_797)] * 2))

    assert only(rows, AmbiguousPart).candidates == ("telegram/id:55501", "telegram/id:4295022797")
    assert not [value for kind, value, _, _ in values(rows) if kind == "account"]
    assert ("account", "telegram/id:4295022797", "declared", "/messages/0/from_id") in values(
        read(chat(message(from_id="user4295022797")))
    )


@pytest.mark.parametrize("raw", ["user", "userX", "host5", "user0", "", {"a": 1}, "user" + "9" * 3_000])
def test_an_odd_number_makes_no_wrong_account(raw: object) -> None:
    accounts = {value for kind, value, _, _ in values(read(chat(message(from_id=raw)))) if kind == "account"}

    assert accounts <= {"telegram/id:" + "9" * 3_000}


def test_the_other_one_of_a_chat_of_two_has_the_chats_number() -> None:
    rows = read(chat(message(**{"from": "Sam", "from_id": "user9"}), name="Kim", type="personal_chat", id=8))

    assert only(rows, Message).recipients == ("Kim",)
    assert ("account", "telegram/id:8", "declared", "/id") in values(rows)


def test_a_whole_account_has_an_owner_contacts_and_sessions() -> None:
    rows = read((EXAMPLES / "account.json").read_bytes())

    people = {row.key: row for row in rows if isinstance(row, Person)}
    assert people["user55502"].names == ("Sam Alder",)
    assert {row.role for row in people.values()} == {"unknown"}
    found = values(rows)
    assert ("phone", "+447700900101", "declared", "/personal_information/phone_number") in found
    assert ("account", "telegram/sam_alder_01", "declared", "/personal_information/username") in found
    assert ("email", "sam@mail.example", "mentioned", "/personal_information/bio") in found
    assert ("phone", "+447700900103", "declared", "/contacts/list/1/phone_number") in found
    sessions = [row for row in rows if isinstance(row, Sighting) and row.value.kind == "ip"]
    assert [(row.value.value, row.person, row.event) for row in sessions] == [
        ("192.0.2.17", "user55502", "session, last active"),
        ("2001:db8::17", "user55502", "session, last active"),
        ("198.51.100.4", "user55502", "web session, last active"),
    ]
    assert sessions[0].seen_at is not None
    assert sessions[0].seen_at.instant == datetime(2026, 3, 14, 20, 0, tzinfo=UTC)
    assert sessions[1].seen_at is not None
    assert sessions[1].seen_at.instant is None
    threads = [row.thread for row in rows if isinstance(row, Message)]
    assert threads == ["Garden club"] * 4 + ["Saved messages", "Old room"]
    assert any("Telegram Desktop" in text for text in texts(rows, FreeText))
    assert not texts(rows, NotUnderstood)


def test_unknown_fields_are_said_once_without_their_value_and_searched() -> None:
    rows = read(chat(message(novelty="see robin@mail.example"), message(novelty="again"), colour={"x": 5}))

    assert texts(rows, NotUnderstood) == [
        "The field /colour/x (number) is not known: at /colour/x.",
        "The field /messages/*/novelty (text) is not known: 2 times, first at /messages/0/novelty.",
    ]
    assert ("email", "robin@mail.example", "mentioned", "/messages/0/novelty") in values(rows)
    assert "again" in texts(rows, FreeText)


@pytest.mark.parametrize("odd", ["text", 5, None, ["a"], True, [[{}]]])
def test_entries_that_are_no_messages_are_left_and_searched(odd: object) -> None:
    rows = read(chat(message(), odd, message()))

    assert [row.number for row in rows if isinstance(row, Message)] == [1, 2]
    assert bool(texts(rows, NotUnderstood)) == (odd not in (None, [[{}]]))


def test_a_cut_file_is_read_up_to_the_cut() -> None:
    whole = json.dumps(chat(*[message(text=f"line {number}") for number in range(50)])).encode()
    rows = read(whole[: len(whole) // 2])

    assert len([row for row in rows if isinstance(row, Message)]) >= 24
    assert isinstance(rows[-1], Failed)


def test_the_limit_of_rows_is_told() -> None:
    rows = read(chat(*[message()] * 5), max_rows=3)

    assert len([row for row in rows if isinstance(row, Message)]) == 3
    assert "limit of 3" in only(rows, Failed).reason


@pytest.mark.parametrize(
    "data",
    [
        {"name": "A", "type": "personal_chat", "id": 1, "messages": []},
        {"messages": [{"type": "message", "date": "2026-01-01T00:00:00", "from": "A", "text": "x"}]},
        {"about": "Here is the data", "personal_information": {}, "chats": {"list": []}},
        {"about": "Telegram data", "contacts": {"list": []}},
        {"chats": {"about": "x", "list": [{"name": "A", "type": "bot_chat", "id": 1, "messages": []}]}},
    ],
)
def test_its_own_shapes_are_recognised(data: object) -> None:
    raw = json.dumps(data).encode()

    source = sources.recognise(raw, len(raw))
    assert source is not None
    assert source.name == "telegram"


@pytest.mark.parametrize(
    "data",
    [
        {"messages": [{"sender_name": "A", "timestamp_ms": 1, "content": "x"}]},
        {
            "guild": {},
            "channel": {},
            "messages": [{"id": "1", "type": "Default", "timestamp": "2026", "content": "x"}],
        },
        {"chats": [1, 2]},
        {"contacts": []},
        {"messages": "none"},
        {"messages": [{"type": "message"}]},
        [{"type": "message", "user": "U1", "ts": "1.2"}],
    ],
)
def test_others_files_are_not_taken(data: object) -> None:
    raw = json.dumps(data).encode()

    assert Telegram().recognises(raw, len(raw)) == 0.0


def test_many_messages_are_read_in_little_memory() -> None:
    one = json.dumps(message(text="A harmless line, a bit longer than most of them are.")).encode()
    raw = b'{"name": "A", "type": "private_group", "id": 1, "messages": [' + b",".join([one] * 8_000) + b"]}"
    file = io.BytesIO(raw)
    list(Telegram().read(io.BytesIO(raw[:5_000]), Options(country="GB")))
    tracemalloc.start()
    started = time.process_time()
    count = sum(isinstance(row, Message) for row in Telegram().read(file, Options(country="GB")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 8_000
    assert peak < 3_000_000
    assert time.process_time() - started < 60


@shared
def test_the_shared_samples_are_read_whole() -> None:
    rows = read((SHARED / "telegram_DM_2A_7M.json").read_bytes())

    found = [row for row in rows if isinstance(row, Message)]
    assert [row.kind for row in found] == ["system", *["chat"] * 6, "system"]
    assert found[-1].text == "Alice called (seconds: 56; ended by: hangup)"
    assert {row.names for row in rows if isinstance(row, Person)} == {("Alice",), ("Bob",)}
    assert not texts(rows, NotUnderstood)
