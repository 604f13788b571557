"""Messenger and Instagram chats from Meta's download: names put right, times, addresses, calls, and which is which."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cets.domains.intake import sources
from cets.domains.intake.meta.repair import Repair
from cets.domains.intake.rows import (
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
from cets.domains.intake.sources.instagram.source import Instagram
from cets.domains.intake.sources.messenger.source import Messenger

SHARED = Path(__file__).parents[5] / "shared/data/chat"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are not here")
FOLDER = Path(sources.__file__).parent
ALIKE = "Messenger and Instagram write this form alike; the file does not tell which it is of."


def read(data: Any, source: Messenger | Instagram | None = None, **options: Any) -> list[AnyRow]:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return list((source or Messenger()).read(io.BytesIO(raw), Options(country="GB", **options)))


def example(name: str) -> list[AnyRow]:
    return read((FOLDER / name).read_bytes(), Instagram() if name.startswith("instagram") else Messenger())


def message(**fields: Any) -> dict[str, Any]:
    return {
        "sender_name": "Robin Larch",
        "timestamp_ms": 1773518400123,
        "content": "hello",
        "type": "Generic",
    } | fields


def thread(*messages: Any, **fields: Any) -> dict[str, Any]:
    return {
        "participants": [{"name": "Robin Larch"}, {"name": "Sam Alder"}],
        "messages": list(messages),
        "title": "Sam Alder",
        "is_still_participant": True,
        "thread_path": "inbox/samalder_aaaa",
        "magic_words": [],
        **fields,
    }


def meant(text: str) -> str:
    """Return a text as Meta's download writes it."""
    return text.encode().decode("latin-1")


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def values(rows: list[AnyRow]) -> set[tuple[str, str, str, str]]:
    return {
        (row.value.kind, row.value.value, row.way, row.place) for row in rows if isinstance(row, Sighting)
    }


def texts(rows: list[AnyRow], kind: type[NotUnderstood | FreeText]) -> list[str]:
    return [row.text for row in rows if isinstance(row, kind)]


def test_a_thread_tells_who_wrote_what_to_whom_and_when() -> None:
    rows = read(thread(message()))

    (one,) = messages(rows)
    assert (one.text, one.place, one.kind, one.thread) == ("hello", "/messages/0", "chat", "Sam Alder")
    assert (one.sender, one.sender_person, one.recipients) == (
        "Robin Larch",
        "name Robin Larch",
        ("Sam Alder",),
    )
    assert one.sent_at is not None
    assert one.sent_at.instant == datetime(2026, 3, 14, 20, 0, 0, 123_000, tzinfo=UTC)
    assert values(rows) == {
        ("group", "messenger/inbox/samalder_aaaa", "declared", "/thread_path"),
        ("display_name", "robin larch", "declared", "/participants/0/name"),
        ("display_name", "sam alder", "declared", "/participants/1/name"),
    }
    assert {row.role for row in rows if isinstance(row, Person)} == {"unknown"}
    assert not texts(rows, NotUnderstood)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (meant("Zoë 👍 “quoted” Привет"), "Zoë 👍 “quoted” Привет"),
        (meant("你好"), "你好"),
        ("Zoë is sound", "Zoë is sound"),
        ("Привет is sound", "Привет is sound"),
        (f"Привет and {meant('ë')}", f"Привет and {meant('ë')}"),
        ("plain", "plain"),
        ("Ã alone", "Ã alone"),
        (meant("half 👍")[:-1], meant("half 👍")[:-1]),
    ],
)
def test_texts_are_put_right_only_where_that_is_certain(written: str, text: str) -> None:
    repair = Repair()

    assert repair.text(written) == text
    assert repair.count == (written != text)


def test_names_keys_and_texts_are_put_right_and_it_is_said() -> None:
    rows = read(
        thread(
            message(sender_name=meant("Zoë"), content=meant("schön")), participants=[{"name": meant("Zoë")}]
        )
    )

    assert (messages(rows)[0].sender, messages(rows)[0].text) == ("Zoë", "schön")
    assert [row.names for row in rows if isinstance(row, Person)] == [("Zoë",)]
    assert texts(rows, NotUnderstood) == [
        "The file shows UTF-8 as single bytes, as Meta writes it: 3 texts were put right."
    ]


def test_offsets_are_those_of_the_text_that_was_put_right() -> None:
    rows = read(thread(message(content=meant("Zoë 👍: zoe@mail.example"))))

    (found,) = [row for row in rows if isinstance(row, Sighting) and row.way == "mentioned"]
    assert messages(rows)[0].text[found.start : found.end] == "zoe@mail.example"


def test_the_address_of_a_message_is_its_senders() -> None:
    rows = read(thread(message(ip="192.0.2.60:51514"), message(ip="2001:db8::60")))

    found = [row for row in rows if isinstance(row, Sighting) and row.value.kind == "ip"]
    assert [(row.value.value, row.port, row.person, row.message, row.place) for row in found] == [
        ("192.0.2.60", 51514, "name Robin Larch", 1, "/messages/0/ip"),
        ("2001:db8::60", None, "name Robin Larch", 2, "/messages/1/ip"),
    ]
    assert found[0].seen_at == messages(rows)[0].sent_at


@pytest.mark.parametrize(
    ("fields", "text", "header"),
    [
        (
            {"type": "Call", "call_duration": 62, "content": "Sam called you."},
            "Sam called you.",
            ("Call length in seconds", "62"),
        ),
        (
            {"call_duration": 0, "missed": True, "content": "You missed a call."},
            "You missed a call.",
            ("Missed call", "yes"),
        ),
        ({"type": "Subscribe", "users": [{"name": "Kim"}], "content": "Added."}, "Added.\nKim", None),
        ({"type": "Unsubscribe", "users": [{"name": "Kim"}], "content": ...}, "Kim", None),
    ],
)
def test_calls_and_who_came_and_went_are_system_messages(
    fields: dict[str, Any], text: str, header: tuple[str, str] | None
) -> None:
    given = {key: value for key, value in message(**fields).items() if value is not ...}
    rows = read(thread(given))

    (one,) = messages(rows)
    assert (one.kind, one.text) == ("system", text)
    assert header is None or header in one.headers
    names = {row.names for row in rows if isinstance(row, Person)}
    assert (("Kim",) in names) == ("users" in fields)
    assert not texts(rows, NotUnderstood)


def test_files_shares_reactions_and_marks() -> None:
    rows = read(
        thread(
            message(
                photos=[{"uri": "messages/inbox/a/photos/1.jpg", "creation_timestamp": 1773518290}],
                videos=[{"uri": "v.mp4", "thumbnail": {"uri": "t.jpg"}}],
                sticker={"uri": "messages/stickers_used/1.png"},
                share={"link": "https://bridges.example/one", "share_text": "ask kim@mail.example"},
                reactions=[
                    {"reaction": "❤", "actor": "Sam Alder", "timestamp": 1773518400},
                    {"reaction": "x"},
                ],
                is_unsent=True,
                is_taken_down=False,
            )
        )
    )

    (one,) = messages(rows)
    assert one.attachments == (
        "messages/inbox/a/photos/1.jpg (created 2026-03-14 19:58:10 UTC)",
        "v.mp4",
        "messages/stickers_used/1.png",
    )
    assert one.text == "hello\nask kim@mail.example"
    assert set(one.headers) == {
        ("Reaction", "❤ Sam Alder at 2026-03-14 20:00:00 UTC"),
        ("Reaction", "x"),
        ("Shared", "https://bridges.example/one"),
        ("Unsent", "yes"),
    }
    found = values(rows)
    assert ("url", "https://bridges.example/one", "declared", "/messages/0/share/link") in found
    assert ("email", "kim@mail.example", "mentioned", "/messages/0") in found


def test_a_name_of_those_who_left_links_nothing() -> None:
    rows = read(thread(message(sender_name="Facebook user"), participants=[]))

    assert [row.pivot for row in rows if isinstance(row, Sighting) and row.value.kind == "display_name"] == [
        False
    ]


def test_an_encrypted_chat_is_read() -> None:
    rows = example("messenger/examples/end_to_end.json")

    assert [(one.sender, one.text, one.attachments) for one in messages(rows)] == [
        ("Zoë Larch", "Ring +44 7700 900131, é?", ()),
        ("Sam Alder", "", ("./media/1.jpeg",)),
    ]
    assert messages(rows)[0].headers == (("Reaction", "👍 Sam Alder"),)
    assert ("phone", "+447700900131", "mentioned", "/messages/0") in values(rows)
    assert not texts(rows, NotUnderstood)


def test_a_thread_of_instagram_is_of_instagram() -> None:
    rows = example("instagram/examples/thread.json")

    (summary,) = [row for row in rows if isinstance(row, Summary)]
    assert (summary.platform, summary.title) == ("Instagram", "Instagram chat “Zoë 🌿”")
    found = values(rows)
    assert (
        "account",
        "instagram/lake_walks_01",
        "declared",
        "/messages/2/share/original_content_owner",
    ) in found
    assert ("group", "instagram/inbox/zoe_123", "declared", "/thread_path") in found


def test_the_older_form_has_accounts() -> None:
    rows = example("instagram/examples/conversations.json")

    first, *_, last = messages(rows)
    assert (first.sender, first.recipients, first.thread) == (
        "sam_a",
        ("zoe_larch_01",),
        "sam_a, zoe_larch_01",
    )
    assert first.sent_at is not None
    assert first.sent_at.instant == datetime(2019, 5, 20, 10, 0, 0, 123_456, tzinfo=UTC)
    assert (last.kind, last.headers) == ("system", (("Video call", "Started a video chat"),))
    accounts = {value for kind, value, _, _ in values(rows) if kind == "account"}
    assert accounts == {
        f"instagram/{name}" for name in ("sam_a", "zoe_larch_01", "kim_rowan_02", "lake_walks_01")
    }
    assert not texts(rows, NotUnderstood)


def test_what_stands_beside_a_message_is_searched() -> None:
    bumped = {"bumped_message": "ring 07700 900142", "is_bumped": True}
    rows = read(thread(message(bumped_message_metadata=bumped)), Messenger())
    assert (
        "phone", "+447700900142", "mentioned", "/messages/0/bumped_message_metadata/bumped_message"
    ) in values(rows)  # fmt: skip

    shared = {
        "sender": "kea",
        "created_at": "2019-04-13T10:00:00+00:00",
        "media_share_caption": "snap kea_wing",
    }
    rows = read([{"participants": ["kea"], "conversation": [shared]}], Instagram())
    assert ("account", "snapchat/kea_wing", "mentioned", "/0/conversation/0") in values(rows)


def test_what_does_not_tell_its_platform_claims_none() -> None:
    rows = read(thread({"sender_name": "A", "timestamp_ms": 1773518400123, "content": "x"}))

    (summary,) = [row for row in rows if isinstance(row, Summary)]
    assert summary.platform is None
    assert texts(rows, NotUnderstood) == [ALIKE]
    assert "inbox/samalder_aaaa" in texts(rows, FreeText)


PLAIN = {"sender_name": "A", "timestamp_ms": 1773518400123, "content": "x"}


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (thread(message()), "messenger"),
        (thread(PLAIN, thread_type="Regular"), "messenger"),
        (thread(PLAIN | {"ip": "192.0.2.1"}), "messenger"),
        (thread(PLAIN | {"photos": [{"uri": "your_facebook_activity/messages/inbox/1.jpg"}]}), "messenger"),
        (thread(PLAIN), "messenger"),
        (thread(), "messenger"),
        (thread(PLAIN | {"photos": [{"uri": "your_instagram_activity/messages/inbox/1.jpg"}]}), "instagram"),
        (thread(PLAIN | {"content": "Liked a message"}), "instagram"),
        ({"messages": [PLAIN]}, "instagram"),
        ([{"participants": ["a"], "conversation": []}], "instagram"),
        ({"participants": ["A"], "threadName": "A_1", "messages": []}, "messenger"),
    ],
)
def test_the_two_are_told_apart_as_far_as_they_can_be(data: object, name: str) -> None:
    raw = json.dumps(data).encode()

    source = sources.recognise(raw, len(raw))
    assert source is not None
    assert source.name == name


@pytest.mark.parametrize(
    "data",
    [
        {"name": "A", "type": "personal_chat", "id": 1, "messages": []},
        {"messages": [{"type": "message", "date": "2026-01-01T00:00:00", "from": "A", "text": "x"}]},
        {"messages": []},
        {"messages": [{"type": {}, "sender_name": "A"}]},
        {"messages": [1]},
        {"messages": {"a": 1}},
        {"participants": [], "conversation": []},
        [{"participants": []}],
        {},
    ],
)
def test_others_files_are_not_taken(data: object) -> None:
    raw = json.dumps(data).encode()

    assert Messenger().recognises(raw, len(raw)) == 0.0
    assert Instagram().recognises(raw, len(raw)) == 0.0


def test_unknown_fields_are_said_without_their_value_and_searched() -> None:
    rows = read(thread(message(novelty="see robin@mail.example"), colour={"x": meant("schön")}))

    assert texts(rows, NotUnderstood)[1:] == [
        "The field /colour/x (text) is not known: at /colour/x.",
        "The field /messages/*/novelty (text) is not known: at /messages/0/novelty.",
    ]
    assert "schön" in texts(rows, FreeText)


@pytest.mark.parametrize(
    "fields",
    [
        {"type": {"a": 1}}, {"sender_name": None}, {"sender_name": {"a": 1}}, {"timestamp_ms": None}, {"timestamp_ms": "soon"}, {"timestamp_ms": 10**30},
        {"content": ["a"]}, {"photos": "x"}, {"photos": [None, 5]}, {"reactions": "x"}, {"reactions": 5}, {"reactions": {"actor": "A"}}, {"share": "x"}, {"users": [5]},
        {"ip": "none"}, {"ip": {"a": 1}}, {"photos": [{"uri": "a", "creation_timestamp": 10**40}]},
    ],
)  # fmt: skip
def test_odd_values_end_in_rows(fields: dict[str, Any]) -> None:
    raw = json.dumps(thread(message(**fields))).encode()
    rows = read(raw)

    assert sources.recognise(raw, len(raw)) is not None
    assert len(messages(rows)) == 1
    assert not [row for row in rows if isinstance(row, Failed)]


@pytest.mark.parametrize("source", [Messenger(), Instagram()])
def test_a_cut_file_is_read_up_to_the_cut_and_limits_are_told(source: Messenger | Instagram) -> None:
    data: Any = thread(*[message(content=f"line {number}") for number in range(40)])
    if isinstance(source, Instagram):
        entry = {"sender": "a", "created_at": "2019-05-20T10:00:00+00:00", "text": "x"}
        data = [{"participants": ["a"], "conversation": [entry] * 40}]
    whole = json.dumps(data).encode()

    rows = read(whole[: len(whole) // 2], source)
    assert len(messages(rows)) >= 15
    assert isinstance(rows[-1], Failed)
    rows = read(whole, source, max_rows=3)
    assert len(messages(rows)) == 3
    assert isinstance(rows[-1], Failed)


@shared
def test_the_shared_samples_are_read_whole() -> None:
    rows = read((SHARED / "messenger_2A_7M.json").read_bytes())
    assert len(messages(rows)) == 7
    assert len([row for row in rows if isinstance(row, Sighting) and row.value.value == "1.1.1.1"]) == 2
    assert not texts(rows, NotUnderstood)

    rows = read((SHARED / "instagram_min_test_export.json").read_bytes(), Instagram())
    assert [one.sender for one in messages(rows)] == ["John Doe", "Jane Doe"]
    assert texts(rows, NotUnderstood) == [ALIKE]
