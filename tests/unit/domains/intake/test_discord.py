"""Discord: channels as DiscordChatExporter writes them, and the JSON files of the data package."""

import io
import json
import time
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
from cets.domains.intake.sources.discord.source import Discord

SHARED = Path(__file__).parents[5] / "shared/data/chat"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are not here")
EXAMPLES = Path(sources.__file__).parent / "discord/examples"
ROBIN, SAM = "700000000000000201", "700000000000000202"


def read(data: Any, **options: Any) -> list[AnyRow]:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return list(Discord().read(io.BytesIO(raw), Options(country="GB", **options)))


def example(name: str) -> list[AnyRow]:
    return read((EXAMPLES / name).read_bytes())


def author(**fields: Any) -> dict[str, Any]:
    return {
        "id": ROBIN,
        "name": "robin_larch_01",
        "discriminator": "0000",
        "nickname": "Robin",
        "isBot": False,
    } | fields


def message(**fields: Any) -> dict[str, Any]:
    usual = {
        "id": "700000000000000101", "type": "Default", "timestamp": "2026-03-14T21:00:00.5+01:00", "content": "hello", "author": author(),
        "attachments": [], "embeds": [], "reactions": [], "mentions": [],
    }  # fmt: skip
    return usual | fields


def channel(*messages: Any, **fields: Any) -> dict[str, Any]:
    return {
        "guild": {"id": "700000000000000001", "name": "Garden friends"},
        "channel": {"id": "700000000000000011", "type": "GuildTextChat", "name": "general"},
        "dateRange": {"after": None, "before": None},
        **fields,
        "messages": list(messages),
    }


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def values(rows: list[AnyRow]) -> set[tuple[str, str, str, str]]:
    return {
        (row.value.kind, row.value.value, row.way, row.place) for row in rows if isinstance(row, Sighting)
    }


def texts(rows: list[AnyRow], kind: type[NotUnderstood | FreeText]) -> list[str]:
    return [row.text for row in rows if isinstance(row, kind)]


def test_a_channel_tells_who_wrote_what_when() -> None:
    rows = read(channel(message()))

    (summary,) = [row for row in rows if isinstance(row, Summary)]
    assert summary.title == "Discord channel “Garden friends / general”"
    (one,) = messages(rows)
    assert (one.text, one.place, one.kind, one.sender) == ("hello", "/messages/0", "chat", "Robin")
    assert one.sent_at is not None
    assert one.sent_at.instant == datetime(2026, 3, 14, 20, 0, 0, 500_000, tzinfo=UTC)
    assert values(rows) == {
        ("group", "discord/700000000000000011", "declared", "/channel/id"),
        ("group", "discord/700000000000000001", "declared", "/guild/id"),
        ("account", f"discord/id:{ROBIN}", "declared", "/messages/0/author/id"),
        ("account", "discord/robin_larch_01", "declared", "/messages/0/author/name"),
        ("display_name", "robin", "declared", "/messages/0/author"),
    }
    assert not texts(rows, NotUnderstood)


@pytest.mark.parametrize(
    ("fields", "accounts", "names"),
    [
        ({"discriminator": "0"}, {"discord/robin_larch_01"}, {"robin"}),
        ({"discriminator": "1234"}, {"discord/robin_larch_01#1234"}, {"robin"}),
        ({"name": "Robin L", "discriminator": "1234"}, set(), {"robin", "robin l#1234"}),
        ({"isBot": True}, set(), {"robin", "robin_larch_01"}),
        ({"name": "Deleted User", "nickname": "Deleted User"}, set(), {"deleted user"}),
    ],
)
def test_user_names_of_all_times(fields: dict[str, Any], accounts: set[str], names: set[str]) -> None:
    found = values(read(channel(message(author=author(**fields)))))

    assert {value for kind, value, _, _ in found if kind == "account" and "id:" not in value} == accounts
    assert {value for kind, value, _, _ in found if kind == "display_name"} == names


def test_the_account_of_all_deleted_ones_links_nothing() -> None:
    rows = read(
        channel(message(author=author(id="456226577798135808", name="Deleted User", nickname="Deleted User")))
    )

    pivots = {row.pivot for row in rows if isinstance(row, Sighting) and row.value.kind == "account"}
    assert pivots == {False}


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("Call", "Started a call that lasted 5 minutes.", "Started a call that lasted 5 minutes."),
        ("GuildMemberJoin", "", "Robin - guild member join"),
        ("RecipientAdd", "Added Sam to the group.", "Added Sam to the group."),
        ("7", "Joined the server.", "Joined the server."),
    ],
)
def test_the_apps_own_lines_are_system_messages(kind: str, content: str, expected: str) -> None:
    (one,) = messages(read(channel(message(type=kind, content=content))))

    assert (one.kind, one.text, one.sender) == ("system", expected, "Robin")


@pytest.mark.parametrize("kind", ["Default", "Reply", "19", "20"])
def test_what_people_write_is_chat(kind: str) -> None:
    assert messages(read(channel(message(type=kind))))[0].kind == "chat"


def test_a_call_by_name_is_of_the_account_and_no_handle() -> None:
    rows = read(
        channel(
            message(
                content="@Sam A and @kestrel_blue, write to robin@mail.example",
                mentions=[
                    {"id": SAM, "name": "sam_a", "discriminator": "0", "nickname": "Sam A", "isBot": False}
                ],
            )
        )
    )

    in_text = {
        (row.value.value, row.start, row.end)
        for row in rows
        if isinstance(row, Sighting) and row.way == "mentioned"
    }
    assert in_text == {(f"discord/id:{SAM}", 0, 6), ("kestrel_blue", 11, 24), ("robin@mail.example", 35, 53)}
    assert (f"user {SAM}", ("Sam A", "sam_a")) in {
        (row.key, row.names) for row in rows if isinstance(row, Person)
    }


def test_attachments_cards_reactions_and_replies() -> None:
    rows = example("channel.json")

    one = messages(rows)[1]
    assert one.attachments == ("plan.pdf", "sticker wave")
    assert ("Pinned", "yes") in one.headers
    assert ("Reaction", "👍 1: Sam A") in one.headers
    assert ("Edited", "2026-03-14T20:02:00+00:00") in one.headers
    assert ("Reply to message", "700000000000000102") in messages(rows)[2].headers
    assert ("Call ended", "2026-03-14T21:10:00+00:00") in messages(rows)[3].headers
    found = values(rows)
    assert (
        "url",
        "https://cdn.example/attachments/1/plan.pdf",
        "declared",
        "/messages/1/attachments/0/url",
    ) in found
    assert ("email", "kim@mail.example", "mentioned", "/messages/1/embeds/0") in found
    assert ("email", "help@garden.example", "mentioned", "/channel/topic") in found
    assert not texts(rows, NotUnderstood)


def test_a_forwarded_message_is_read() -> None:
    forwarded = {
        "timestamp": "2026-01-01T00:00:00+00:00",
        "content": "ask kim@mail.example",
        "attachments": [{"fileName": "a.png"}],
    }
    rows = read(channel(message(content="", forwardedMessage=forwarded)))

    assert (
        messages(rows)[0].text == "Forwarded message of 2026-01-01T00:00:00+00:00: ask kim@mail.example a.png"
    )
    assert ("email", "kim@mail.example", "mentioned", "/messages/0") in values(rows)


def test_the_packages_messages_are_the_owners_and_have_no_zone() -> None:
    rows = example("package_messages.json")

    first, second = messages(rows)
    assert (first.sender, first.sender_person, first.place) == (None, "owner", "/0")
    assert first.sent_at is not None
    assert first.sent_at.instant is None
    assert second.attachments == ("bridge.jpg", "lake.png")
    assert len([row for row in rows if isinstance(row, AmbiguousPart)]) == 1
    in_text = [row for row in rows if isinstance(row, Sighting) and row.start is not None]
    assert [(row.value.value, row.value.raw) for row in in_text] == [
        (f"discord/id:{SAM}", f"<@{SAM}>"),
        ("sam@mail.example", "sam@mail.example"),
    ]


def test_the_packages_account_is_the_owner_with_all_that_is_tied_to_it() -> None:
    rows = example("package_user.json")

    of_owner = {
        (row.value.kind, row.value.value)
        for row in rows
        if isinstance(row, Sighting) and row.person == "owner"
    }
    assert of_owner == {
        ("account", f"discord/id:{ROBIN}"),
        ("account", "discord/robin_larch_01"),
        ("display_name", "robin"),
        ("email", "robin@mail.example"),
        ("phone", "+447700900102"),
        ("ip", "192.0.2.40"),
        ("account", "steam/id:70000000000000077"),
        ("display_name", "robin's larder"),
        ("account", "reddit/id:abc1"),
        ("account", "reddit/robin_garden_5"),
    }
    relations = {
        row.event for row in rows if isinstance(row, Sighting) and row.event and "relation" in row.event
    }
    assert relations == {"relation: friend", "relation: blocked"}
    assert ("email", "kim@mail.example", "mentioned", "/notes/700000000000000203") in values(rows)
    assert any("R Larch" in text for text in texts(rows, FreeText))
    assert texts(rows, NotUnderstood) == [
        "The section settings (preferences and counts) is not read.",
        "The section guild_settings (preferences and counts) is not read.",
    ]


def test_the_packages_rooms_and_index() -> None:
    found = values(example("package_channel.json"))
    assert ("account", f"discord/id:{SAM}", "declared", "/recipients/1") in found
    assert ("group", "discord/700000000000000012", "declared", "/id") in found

    rows = example("package_index.json")
    assert ("group", "discord/700000000000000013", "declared", "/700000000000000013") in values(rows)
    assert "Direct Message with sam_a#0" in texts(rows, FreeText)


def test_unknown_fields_are_said_without_their_value_and_searched() -> None:
    rows = read(channel(message(novelty={"x": "see robin@mail.example"}), message(novelty={"x": "b"})))

    assert texts(rows, NotUnderstood) == [
        "The field /messages/*/novelty/x (text) is not known: 2 times, first at /messages/0/novelty/x."
    ]
    assert ("email", "robin@mail.example", "mentioned", "/messages/0/novelty/x") in values(rows)


@pytest.mark.parametrize(
    "fields",
    [
        {"author": None}, {"author": "Robin"}, {"author": {"id": None}}, {"author": {"id": {}, "name": {}, "nickname": "x"}}, {"content": None}, {"content": {"a": 1}}, {"timestamp": 5},
        {"timestamp": None}, {"mentions": "all"}, {"mentions": [None, 5, {"id": {}}]}, {"attachments": {"url": "x"}}, {"reactions": [[]]}, {"reactions": [{"users": 5, "emoji": 5}]}, {"reactions": 5},
        {"embeds": [{"fields": "x"}]}, {"reference": []}, {"type": None}, {"mentions": [{"id": "1", "name": "(.*"}], "content": "@(.* @"},
    ],
)  # fmt: skip
def test_odd_values_end_in_rows(fields: dict[str, Any]) -> None:
    rows = read(channel(message(**fields)))

    (one,) = messages(rows)
    assert one.sender_person in {None, *(row.key for row in rows if isinstance(row, Person))}
    assert not [row for row in rows if isinstance(row, Failed)]


def test_a_cut_file_is_read_up_to_the_cut_and_entries_that_are_none_are_left() -> None:
    whole = json.dumps(
        channel(*[message(content=f"line {number}") for number in range(40)], "odd", message())
    ).encode()

    rows = read(whole)
    assert len(messages(rows)) == 41
    assert "odd" in texts(rows, FreeText)
    rows = read(whole[: len(whole) // 2])
    assert len(messages(rows)) >= 15
    assert isinstance(rows[-1], Failed)


def test_the_limit_of_rows_is_told() -> None:
    rows = read(channel(*[message()] * 5), max_rows=2)

    assert len(messages(rows)) == 2
    assert isinstance(rows[-1], Failed)


@pytest.mark.parametrize(
    "data",
    [
        channel(),
        channel(message()),
        [{"ID": 1, "Timestamp": "2026-01-01 00:00:00", "Contents": "", "Attachments": ""}],
        {"id": "700000000000000012", "type": 1, "recipients": []},
        {
            "id": "700000000000000012",
            "type": "GUILD_TEXT",
            "name": "x",
            "guild": {"id": "700000000000000001"},
        },
        {"700000000000000012": "x"},
    ],
)
def test_its_own_shapes_are_recognised(data: object) -> None:
    raw = json.dumps(data).encode()

    source = sources.recognise(raw, len(raw))
    assert source is not None
    assert source.name == "discord"


@pytest.mark.parametrize(
    "data",
    [
        {"messages": [{"sender_name": "A", "timestamp_ms": 1, "content": "x"}]},
        {"name": "A", "type": "personal_chat", "id": 1, "messages": []},
        {"id": "12", "type": "x", "guild": 1},
        {"guild": {}, "channel": {}},
        {"guild": {}, "channel": {}, "messages": [{"text": "x"}]},
        {"1234": "x"},
        {"700000000000000012": {"a": 1}},
        {"id": "bundle--1", "type": "bundle", "objects": []},
        [],
        {},
    ],
)
def test_others_files_are_not_taken(data: object) -> None:
    raw = json.dumps(data).encode()

    assert Discord().recognises(raw, len(raw)) == 0.0


@shared
@pytest.mark.parametrize(
    ("name", "count", "people"), [("discord_DM_2A_2M.json", 3, 2), ("discord_SV_5A_5M.json", 5, 2)]
)
def test_the_shared_samples_are_read_whole(name: str, count: int, people: int) -> None:
    rows = read((SHARED / name).read_bytes())

    assert len(messages(rows)) == count
    assert len([row for row in rows if isinstance(row, Person)]) == people
    assert all(one.sent_at and one.sent_at.instant for one in messages(rows))
    assert not texts(rows, NotUnderstood)


def test_a_text_full_of_calls_takes_no_square_of_time() -> None:
    members = [{"id": str(700000000000000300 + number), "name": f"name {number}"} for number in range(300)]
    started = time.process_time()
    rows = read(channel(message(content="@name 7 " * 100 + "@" * 300_000, mentions=members)))

    assert len([row for row in rows if isinstance(row, Sighting) and row.start is not None]) == 100
    assert time.process_time() - started < 30


def test_who_gave_a_command_is_met() -> None:
    user = {"id": "700000000000000077", "name": "sam.oak", "discriminator": "0000", "nickname": "Sam"}
    rows = read(
        channel(message(type="ChatInputCommand", interaction={"id": "1", "name": "ping", "user": user}))
    )

    place = "/messages/0/interaction/user"
    assert {
        ("account", "discord/id:700000000000000077", "declared", f"{place}/id"),
        ("account", "discord/sam.oak", "declared", f"{place}/name"),
    } <= values(rows)
    assert ("Command", "ping, by Sam") in messages(rows)[0].headers
    assert not texts(rows, NotUnderstood)
