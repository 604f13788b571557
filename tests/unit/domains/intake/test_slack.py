"""Slack's export: days of messages, members, channels and logs, each file for itself and in the archive."""

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cets.domains.intake import sources
from cets.domains.intake.calls import Call
from cets.domains.intake.rows import (
    AnyRow,
    Failed,
    FreeText,
    MemberStart,
    Message,
    NotUnderstood,
    Person,
    Sighting,
)
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.slack.markup import rendered
from cets.domains.intake.sources.slack.source import Slack

SHARED = Path(__file__).parents[5] / "shared/data/chat"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are not here")
EXAMPLES = Path(sources.__file__).parent / "slack/examples"
ROBIN, SAM, KIM = "U00ROBIN1", "U00SAMAL1", "U00KIMRO1"


def read(data: Any, **options: Any) -> list[AnyRow]:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return list(Slack().read(io.BytesIO(raw), Options(country="GB", **options)))


def example(name: str) -> list[AnyRow]:
    return read((EXAMPLES / name).read_bytes())


def message(**fields: Any) -> dict[str, Any]:
    return {"type": "message", "user": ROBIN, "text": "hello", "ts": "1773518400.000100"} | fields


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def values(rows: list[AnyRow]) -> set[tuple[str, str, str, str]]:
    return {
        (row.value.kind, row.value.value, row.way, row.place) for row in rows if isinstance(row, Sighting)
    }


def texts(rows: list[AnyRow], kind: type[NotUnderstood | FreeText]) -> list[str]:
    return [row.text for row in rows if isinstance(row, kind)]


def test_a_day_tells_who_wrote_what_when() -> None:
    rows = read([message()])

    (one,) = messages(rows)
    assert (one.text, one.place, one.kind, one.sender, one.sender_person) == (
        "hello",
        "/0",
        "chat",
        ROBIN,
        f"account {ROBIN}",
    )
    assert one.sent_at is not None
    assert one.sent_at.raw == "1773518400.000100"
    assert one.sent_at.instant == datetime(2026, 3, 14, 20, 0, 0, 100, tzinfo=UTC)
    assert values(rows) == {("account", f"slack/id:{ROBIN}", "declared", "/0/user")}
    assert not texts(rows, NotUnderstood)


@pytest.mark.parametrize(
    ("text", "shown", "calls"),
    [
        ("a &lt;b&gt; &amp; c", "a <b> & c", []),
        (f"&lt;@{SAM}&gt;", f"<@{SAM}>", []),
        (f"hi <@{SAM}>!", f"hi @{SAM}!", [Call(3, 13, "account", f"id:{SAM}")]),
        (f"hi <@{SAM}|sam>!", f"hi @{SAM} (sam)!", [Call(3, 13, "account", f"id:{SAM}")]),
        ("in <#C00GARDEN|garden>", "in #C00GARDEN (garden)", [Call(3, 13, "group", "C00GARDEN")]),
        ("<!here> <!subteam^S123|@team>", "@here @team", []),
        (
            "<https://a.example/?x=1&amp;y=2>",
            "https://a.example/?x=1&y=2",
            [Call(0, 26, "url", "https://a.example/?x=1&y=2")],
        ),
        ("<https://a.example|here>", "https://a.example (here)", [Call(0, 17, "url", "https://a.example")]),
        ("<https://a.example|a.example>", "https://a.example", [Call(0, 17, "url", "https://a.example")]),
        (
            "<mailto:a@mail.example|a@mail.example>",
            "a@mail.example",
            [Call(0, 14, "email", "a@mail.example")],
        ),
        ("<tel:+447700900151|ring>", "+447700900151 (ring)", [Call(0, 13, "phone", "+447700900151")]),
        ("1 < 2 and <b>", "1 < 2 and <b>", []),
        ("<", "<", []),
    ],
)
def test_mark_up_is_made_readable(text: str, shown: str, calls: list[Call]) -> None:
    assert rendered(text) == (shown, calls)


def test_identifiers_in_a_text_stand_where_they_are_shown() -> None:
    rows = example("2026-03-14.json")

    by_number = {one.number: one.text for one in messages(rows)}
    found = [row for row in rows if isinstance(row, Sighting) and row.message and row.way == "mentioned"]
    assert {(row.value.kind, row.value.value) for row in found} >= {
        ("account", f"slack/id:{SAM}"),
        ("group", "slack/c00garden"),
        ("url", "https://bridges.example/one?a=1&b=2"),
        ("email", "robin@mail.example"),
        ("phone", "+447700900151"),
    }
    for row in found:
        assert by_number[row.message or 0][row.start : row.end] == row.value.raw


@pytest.mark.parametrize(
    "subtype", ["channel_join", "channel_leave", "channel_topic", "group_join", "pinned_item", "a_new_one"]
)
def test_slacks_own_lines_are_system_messages(subtype: str) -> None:
    rows = read([message(subtype=subtype, text=f"<@{ROBIN}> has joined the channel", inviter=SAM)])

    (one,) = messages(rows)
    assert (one.kind, one.text) == ("system", f"@{ROBIN} has joined the channel")
    assert ("account", f"slack/id:{SAM}", "declared", "/0/inviter") in values(rows)


@pytest.mark.parametrize("subtype", [None, "bot_message", "file_share", "me_message", "thread_broadcast"])
def test_what_people_and_bots_write_is_chat(subtype: str | None) -> None:
    assert messages(read([message(subtype=subtype)]))[0].kind == "chat"


def test_threads_reactions_files_and_cards() -> None:
    rows = example("2026-03-14.json")

    _, second, third, fourth = messages(rows)
    assert second.sender == "robin"
    assert second.headers == (("Reaction", f":thumbsup: 2: {SAM}, {KIM}"),)
    assert third.headers == (("Reply in the thread of", "2026-03-14 20:01:00.000200 UTC"),)
    assert third.attachments == ("plan.pdf (The plan)",)
    assert (fourth.sender, fourth.sender_person) == ("weather", "account B00BOT001")
    found = values(rows)
    assert ("url", "https://files.example/plan.pdf", "declared", "/2/files/0/url_private") in found
    assert ("account", f"slack/id:{KIM}", "declared", "/1/reactions/0/users/1") in found
    assert ("email", "kim@mail.example", "mentioned", "/3/attachments/0") in found
    assert not texts(rows, NotUnderstood)


def test_a_text_that_stands_in_blocks_alone_is_read() -> None:
    elements = [{"type": "text", "text": "write to kim@mail.example or"}, {"type": "user", "user_id": SAM}]
    rows = read([message(text="", blocks=[{"type": "rich_text", "elements": [{"elements": elements}]}])])

    assert messages(rows)[0].text == f"write to kim@mail.example or @{SAM}"
    assert ("email", "kim@mail.example", "mentioned", "/0") in values(rows)


def test_what_blocks_say_beyond_the_text_is_read_too() -> None:
    blocks = [
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "Mail kim@mail.example"}]},
        {"type": "image", "image_url": "https://files.example/a.png", "alt_text": "ring 07700 900162"},
    ]
    card = {
        "fallback": "[no preview]",
        "blocks": [{"type": "section", "text": {"text": "or sam@mail.example"}}],
    }
    rows = read([message(text="A form came in", blocks=blocks, attachments=[card])])

    assert messages(rows)[0].text == "A form came in"
    assert {
        ("email", "kim@mail.example", "mentioned", "/0/blocks"),
        ("phone", "+447700900162", "mentioned", "/0/blocks"),
        ("url", "https://files.example/a.png", "mentioned", "/0/blocks"),
        ("email", "sam@mail.example", "mentioned", "/0/attachments/0"),
    } <= values(rows)
    assert not [
        row
        for row in read([message(text="*hello*", blocks=[{"text": "hello"}])])
        if isinstance(row, FreeText)
    ]


def test_a_day_alone_tells_of_its_people_what_it_knows() -> None:
    profile = {
        "name": "kim.rowan",
        "display_name": "kim",
        "real_name": "Kim Rowan",
        "email": "kim@mail.example",
    }
    rows = read(
        [
            message(
                user=KIM,
                user_profile=profile,
                parent_user_id=ROBIN,
                files=[{"id": "F1", "title": "of 07700 900163"}],
            )
        ]
    )

    (kim, robin) = [row for row in rows if isinstance(row, Person)]
    assert (kim.names, robin.key) == (("kim", "Kim Rowan"), f"account {ROBIN}")
    assert {
        ("email", "kim@mail.example", "declared", "/0/user_profile/email"),
        ("handle", "kim.rowan", "declared", "/0/user_profile/name"),
        ("account", f"slack/id:{ROBIN}", "declared", "/0/parent_user_id"),
        ("phone", "+447700900163", "mentioned", "/0/files/0"),
    } <= values(rows)


def test_members_have_their_numbers_names_and_addresses() -> None:
    rows = example("users.json")

    robin, kim = [row for row in rows if isinstance(row, Person)]
    assert (robin.key, robin.names, robin.role) == (f"account {ROBIN}", ("robin", "Robin Larch"), "unknown")
    assert ("Time zone set", "Europe/London") in robin.facts
    assert ("Account deactivated", "yes") in kim.facts
    of_robin = {
        (row.value.kind, row.value.value, row.way)
        for row in rows
        if isinstance(row, Sighting) and row.person == robin.key
    }
    assert of_robin == {
        ("account", f"slack/id:{ROBIN}", "declared"),
        ("handle", "robin.larch", "declared"),
        ("display_name", "robin", "declared"),
        ("display_name", "robin larch", "declared"),
        ("email", "robin@mail.example", "declared"),
        ("phone", "+447700900161", "declared"),
        ("account", "skype/robin_larch_77", "declared"),
        ("email", "robin@home.example", "mentioned"),
    }
    assert ("group", "slack/t00mill01", "declared", "/0/team_id") in values(rows)
    assert not texts(rows, NotUnderstood)


def test_a_member_without_a_number_is_a_person_all_the_same() -> None:
    rows = read(
        [
            {"id": ROBIN, "name": "x", "profile": {}},
            {
                "id": {},
                "name": "kim.rowan",
                "team_id": "T00MILL01",
                "profile": {"fields": {"X": {"value": "kim@mail.example"}}},
            },
        ]
    )

    people = [row.key for row in rows if isinstance(row, Person)]
    assert len(people) == 2
    assert {row.person for row in rows if isinstance(row, Sighting)} == {*people, None}


def test_channels_tell_their_members_and_topic() -> None:
    rows = example("channels.json")

    assert texts(rows, FreeText) == [
        f"garden\nMade 2026-03-14 14:53:20 UTC by {SAM}\nMembers: {ROBIN}, {SAM}",
        "Ask sam@mail.example",
        f"Direct messages\nMade 2026-03-14 14:55:00 UTC\nMembers: {ROBIN}, {KIM}",
    ]
    found = values(rows)
    assert ("group", "slack/d00direct", "declared", "/1/id") in found
    assert ("account", f"slack/id:{KIM}", "declared", "/1/members/1") in found
    assert ("email", "sam@mail.example", "mentioned", "/0/topic/value") in found
    assert not texts(rows, NotUnderstood)


def test_changes_of_integrations_are_lines_of_slacks_own() -> None:
    (one,) = messages(example("integration_logs.json"))

    assert (one.kind, one.text) == ("system", "sam.alder added Incoming WebHooks (incoming-webhook)")
    assert one.sent_at is not None
    assert one.sent_at.instant == datetime(2026, 3, 14, 14, 56, 40, tzinfo=UTC)
    assert one.headers == (("Channel", "C00GARDEN"),)


def test_unknown_fields_are_said_without_their_value_and_searched() -> None:
    rows = read(
        [
            message(novelty={"x": "see robin@mail.example"}),
            message(files=[{"id": "F1", "odd": "kim@mail.example"}]),
        ]
    )

    assert texts(rows, NotUnderstood) == [
        "The field /*/novelty/x (text) is not known: at /0/novelty/x.",
        "The field /*/files/*/odd (text) is not known: at /1/files/0/odd.",
    ]
    assert ("email", "kim@mail.example", "mentioned", "/1/files/0/odd") in values(rows)


@pytest.mark.parametrize(
    "fields",
    [
        {"user": None}, {"user": {"id": "U1"}}, {"ts": "soon"}, {"ts": None}, {"ts": 1773518400.0001}, {"text": None}, {"text": ["a"]},
        {"text": "<" * 50_000}, {"text": "<@" * 50_000}, {"files": "x"}, {"files": [None, 5, {}]}, {"reactions": [5, {"users": "x"}]},
        {"attachments": [{"fields": 5}]}, {"members": {"a": 1}}, {"blocks": [[[[{"text": 5}]]]], "text": ""}, {"root": "x"}, {"edited": []},
    ],
)  # fmt: skip
def test_odd_values_end_in_rows(fields: dict[str, Any]) -> None:
    rows = read([message(), message(**fields)])

    assert len(messages(rows)) == 2
    assert not [row for row in rows if isinstance(row, Failed)]


def test_a_cut_file_is_read_up_to_the_cut_and_limits_are_told() -> None:
    whole = json.dumps([*[message(text=f"line {number}") for number in range(40)], "odd"]).encode()

    rows = read(whole)
    assert "odd" in texts(rows, FreeText)
    rows = read(whole[: len(whole) // 2])
    assert len(messages(rows)) >= 19
    assert isinstance(rows[-1], Failed)
    rows = read(whole, max_rows=3)
    assert len(messages(rows)) == 3
    assert isinstance(rows[-1], Failed)


@pytest.mark.parametrize(
    "data",
    [
        [message()],
        [{"type": "message", "subtype": "bot_message", "ts": "1773518400.000100", "text": ""}],
        [{"id": "USLACKBOT", "name": "slackbot", "profile": {}}],
        [{"id": "D00DIRECT", "created": 1, "members": []}],
        [{"id": "G00GROUP1", "name": "x", "created": 1, "creator": "U1"}],
        [{"user_id": "U1", "user_name": "x", "date": "1", "change_type": "added"}],
    ],
)
def test_its_own_files_are_recognised(data: object) -> None:
    raw = json.dumps(data).encode()

    source = sources.recognise(raw, len(raw))
    assert source is not None
    assert source.name == "slack"


@pytest.mark.parametrize(
    "data",
    [
        [],
        [{}],
        [{"ts": "1773518400", "type": "x"}],
        [{"id": "700000000000000012", "name": "x", "created": 1, "members": []}],
        [{"id": "C00GARDEN"}],
        [{"ID": 1, "Timestamp": "2026-01-01 00:00:00", "Contents": ""}],
        {"messages": [message()]},
        [[message()]],
    ],
)
def test_others_files_are_not_taken(data: object) -> None:
    raw = json.dumps(data).encode()

    assert Slack().recognises(raw, len(raw)) == 0.0


def test_an_archive_is_read_member_by_member() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(EXAMPLES.iterdir()):
            archive.writestr(f"garden/{path.name}", path.read_bytes())
    rows = list(sources.all_sources()["zip"].read(packed, Options(country="GB")))

    assert {row.source for row in rows if isinstance(row, MemberStart)} == {"slack"}
    assert len(messages(rows)) == 5


@shared
def test_the_shared_archive_is_read_whole() -> None:
    archive = io.BytesIO((SHARED / "slack_testarchive.zip").read_bytes())
    rows = list(sources.all_sources()["zip"].read(archive, Options(country="GB")))

    assert {row.source for row in rows if isinstance(row, MemberStart)} == {"slack"}
    assert len(messages(rows)) == 158 + 30
    assert sum(one.kind == "system" for one in messages(rows)) == 8 + 3 + 30
    assert all(one.sent_at and one.sent_at.instant for one in messages(rows))
    assert not texts(rows, NotUnderstood)


def test_what_was_edited_or_deleted_is_read_with_who_had_written_it() -> None:
    before = {
        "type": "message",
        "user": "U0WREN0001",
        "text": "old wren@mail.example",
        "ts": "1773518400.000100",
    }
    after = before | {
        "text": "new <mailto:kea@mail.example|kea>",
        "edited": {"user": "U0WREN0001", "ts": "1773518401.000000"},
    }
    rows = read(
        [
            message(),
            {"type": "message", "subtype": "message_changed", "hidden": True, "ts": "1773518402.000100", "message": after,
             "previous_message": before},
            {"type": "message", "subtype": "message_deleted", "ts": "1773518403.000100", "deleted_ts": "1773518400.000100",
             "previous_message": before | {"user": "U0OWL00001"}},
        ]
    )  # fmt: skip
    told = {(row.value.value, row.place, row.way) for row in rows if isinstance(row, Sighting)}
    assert told >= {
        ("slack/id:U0WREN0001", "/1/message/user", "declared"),
        ("kea@mail.example", "/1/message/text", "mentioned"),
        ("wren@mail.example", "/1/previous_message/text", "mentioned"),
        ("slack/id:U0OWL00001", "/2/previous_message/user", "declared"),
    }
    assert "old wren@mail.example" in texts(rows, FreeText)
    assert not texts(rows, NotUnderstood)
