"""Messenger, Instagram and Slack: whatever is written in any of their shapes is read again, value for value."""

import html
import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cets.domains.intake.rows import AnyRow, NotUnderstood
from unit.domains.intake.chat_round_trips import (
    ANY_TEXT,
    LINES,
    NAMES,
    Told,
    bounded,
    declared,
    messages,
    read,
    shown,
    texts,
    times,
    told,
)

_ANY = st.one_of(LINES, ANY_TEXT)
#: In a file that is sound, two letters of Latin-1 in a row ("Â¡") can be the bytes of another: they are not certain.
_CERTAIN = _ANY.filter(lambda text: not re.search("[\x80-\xff]{2}", text))
#: Whether each byte of UTF-8 is written as a character of its own, and the talk.
_TALKS = st.one_of(
    st.tuples(st.just(True), told(_ANY)),
    st.tuples(st.just(False), told(_CERTAIN)),
)


def _as_bytes(value: Any, *, apart: bool) -> Any:
    """Return a value as Meta's download writes it: each byte of UTF-8 a character of its own, where `apart`."""
    if isinstance(value, str):
        return value.encode().decode("latin-1") if apart else value
    if isinstance(value, list):
        return [_as_bytes(entry, apart=apart) for entry in value]
    if isinstance(value, dict):
        return {key: _as_bytes(entry, apart=apart) for key, entry in value.items()}
    return value


def _meta(one: Told, index: int, platform: str) -> dict[str, Any]:
    written: dict[str, Any] = {
        "sender_name": one.name,
        "timestamp_ms": one.at * 1000 + index,
        "content": one.text,
    }
    if platform == "Messenger":
        written |= {"type": "Call" if one.is_line else "Generic", "ip": f"192.0.2.{one.who + 1}"}
        if one.is_line:
            written["call_duration"] = 62
    if one.file:
        folder = "your_instagram_activity/" if platform == "Instagram" else ""
        written["photos"] = [{"uri": f"{folder}messages/inbox/a/photos/{one.file}"}]
    if one.who:
        written["reactions"] = [{"reaction": "❤", "actor": NAMES[0]}]
    return written


def _is_only_repaired(rows: list[AnyRow], *, platform: str = "Messenger") -> bool:
    """Say whether nothing is said but that texts were put right, and that a platform is not named where none is."""
    usual = (
        "The file shows UTF-8 as single bytes",
        *(() if platform else ("Messenger and Instagram write",)),
    )
    return all(row.text.startswith(usual) for row in rows if isinstance(row, NotUnderstood))


@bounded
@given(_TALKS, st.sampled_from(["Messenger", "Instagram", ""]), st.integers(2, 6))
def test_threads_of_meta(written: tuple[bool, list[Told]], platform: str, members: int) -> None:
    apart, talk = written
    if platform == "Instagram":
        talk = [talk[0]._replace(file="a.jpg"), *talk[1:]]
    elif not platform:
        talk = [one._replace(file=None) for one in talk]
    whole = {
        "participants": [{"name": name} for name in NAMES[:members]],
        "messages": [_meta(one, index, platform) for index, one in enumerate(talk)],
        "title": "The Zoë chat 👍",
        "is_still_participant": True,
        "thread_path": "inbox/birds_aaaa",
    }
    name = "instagram" if platform == "Instagram" else "messenger"
    rows = read(name, json.dumps(_as_bytes(whole, apart=apart)).encode(), understood=False)

    assert _is_only_repaired(rows, platform=platform)
    found = messages(rows)
    called = platform == "Messenger"
    assert [(one.text, one.sender, one.thread, one.kind) for one in found] == [
        (one.text, one.name, whole["title"], "system" if one.is_line and called else "chat") for one in talk
    ]
    assert [[name.rpartition("/")[2] for name in one.attachments] for one in found] == [
        [one.file] if one.file else [] for one in talk
    ]
    assert [
        round(one.sent_at.instant.timestamp() * 1000) for one in found if one.sent_at and one.sent_at.instant
    ] == [one.at * 1000 + index for index, one in enumerate(talk)]
    assert shown(rows) == {
        *NAMES[:members],
        *(one.name for one in talk),
        *(NAMES[0] for one in talk if one.who),
    }
    addresses = {f"192.0.2.{one.who + 1}" for one in talk} if called else set()
    assert declared(rows, "ip") == {("ip", one) for one in addresses}


@bounded
@given(told(_CERTAIN), st.integers(1, 3))
def test_encrypted_chats_of_messenger(talk: list[Told], members: int) -> None:
    whole = {
        "participants": list(NAMES[:members]),
        "threadName": "Zoë_3",
        "messages": [
            {
                "isUnsent": one.is_line, "media": [{"uri": f"./media/{one.file}"}] if one.file else [], "reactions": [],
                "senderName": one.name, "text": one.text, "timestamp": one.at * 1000, "type": "text",
            }
            for one in talk
        ],
    }  # fmt: skip
    rows = read("messenger", json.dumps(whole, ensure_ascii=False).encode())

    found = messages(rows)
    assert [(one.text, one.sender, one.thread, one.attachments, one.headers) for one in found] == [
        (
            one.text,
            one.name,
            "Zoë_3",
            (f"./media/{one.file}",) if one.file else (),
            (("Unsent", "yes"),) * one.is_line,
        )
        for one in talk
    ]
    assert times(found) == [one.instant for one in talk]
    assert shown(rows) == {*NAMES[:members], *(one.name for one in talk)}


@bounded
@given(st.lists(_TALKS, min_size=1, max_size=3))
def test_conversations_of_instagram(written: list[tuple[bool, list[Told]]]) -> None:
    apart, talks = written[0][0], [talk for is_apart, talk in written if is_apart == written[0][0]]
    members = ["bird_9", *(f"bird_{who}" for who in range(3))]
    whole = [
        {
            "participants": members,
            "conversation": [
                {"sender": f"bird_{one.who}", "created_at": one.instant.isoformat()}
                | ({"text": one.text} if not one.is_line else {"video_call_action": "ended"})
                | ({"media": f"https://media.example/{index}.jpg"} if one.file else {})
                | ({"likes": [{"username": "bird_8", "date": one.instant.isoformat()}]} if one.who else {})
                for index, one in enumerate(talk)
            ],
        }
        for talk in talks
    ]
    rows = read("instagram", json.dumps(_as_bytes(whole, apart=apart)).encode(), understood=False)

    assert _is_only_repaired(rows)
    found, sent = messages(rows), [(index, one) for talk in talks for index, one in enumerate(talk)]
    assert [(one.text, one.sender, one.kind, one.attachments) for one in found] == [
        ("" if one.is_line else one.text, f"bird_{one.who}", "system" if one.is_line else "chat",
         (f"https://media.example/{index}.jpg",) if one.file else ())
        for index, one in sent
    ]  # fmt: skip
    assert [one.recipients for one in found] == [
        tuple(name for name in members if name != f"bird_{one.who}") for _, one in sent
    ]
    assert times(found) == [one.instant for _, one in sent]
    names = {*members, *(f"bird_{one.who}" for _, one in sent), *("bird_8" for _, one in sent if one.who)}
    assert declared(rows, "account") == {("account", f"instagram/{name}") for name in names}


def _marked(text: str) -> str:
    """Return a text as Slack writes it."""
    return html.escape(text, quote=False)


@bounded
@given(told(ANY_TEXT), st.booleans(), st.sampled_from(["user_profile", "username", "none"]))
def test_messages_of_slack(talk: list[Told], called: bool, named: str) -> None:
    whole = []
    for index, one in enumerate(talk):
        written: dict[str, Any] = {
            "type": "message",
            "user": f"U00BIRD0{one.who}",
            "ts": f"{one.at}.{index:06}",
            "team": "T00MILL01",
        }
        written["text"] = _marked(one.text) + (
            "<@U00SAMAL1> <https://a.example/b?c=1&amp;d=2|here>" if called else ""
        )
        if named == "user_profile":
            written["user_profile"] = {"real_name": one.name, "display_name": "", "name": "x"}
        elif named == "username":
            written["username"] = one.name
        if one.is_line:
            written |= {"subtype": "channel_join", "inviter": "U00INVIT1"}
        if one.file:
            written["files"] = [
                {
                    "id": "F001",
                    "name": one.file,
                    "title": one.file,
                    "url_private": f"https://files.example/{index}",
                    "size": 5,
                }
            ]
        whole.append(written)
    rows = read("slack", json.dumps(whole, ensure_ascii=called).replace("/", "\\/").encode())

    found = messages(rows)
    behind = "@U00SAMAL1 https://a.example/b?c=1&d=2 (here)" if called else ""
    assert [(one.text, one.sender, one.kind, one.attachments) for one in found] == [
        (one.text + behind, f"U00BIRD0{one.who}" if named == "none" else one.name,
         "system" if one.is_line else "chat", (one.file,) if one.file else ())
        for one in talk
    ]  # fmt: skip
    assert [one.sent_at and one.sent_at.raw for one in found] == [one["ts"] for one in whole]
    assert [
        one.sent_at.instant.replace(microsecond=0) for one in found if one.sent_at and one.sent_at.instant
    ] == [one.instant for one in talk]
    accounts = {f"slack/id:U00BIRD0{one.who}" for one in talk} | {
        "slack/id:U00INVIT1" for one in talk if one.is_line
    }
    assert {(kind, value.lower()) for kind, value in declared(rows, "account")} == {
        ("account", one.lower()) for one in accounts
    }
    assert shown(rows) == (set() if named == "none" else {one.name for one in talk})
    assert declared(rows, "url") == {
        ("url", f"https://files.example/{index}") for index, one in enumerate(talk) if one.file
    }


@bounded
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.booleans(), LINES), min_size=1, max_size=6))
def test_members_of_slack(members: list[tuple[str, bool, str]]) -> None:
    whole = [
        {
            "id": f"U00BIRD0{index}", "team_id": "T00MILL01", "name": f"bird.{index}", "deleted": gone, "real_name": name,
            "profile": {
                "real_name": name, "display_name": "", "email": f"bird{index}@mail.example", "phone": f"+44 7700 90014{index}",
                "skype": f"bird_skype_{index}", "fields": {"Xf01": {"value": own, "alt": ""}},
            },
            "is_bot": False, "updated": 1504336258,
        }
        for index, (name, gone, own) in enumerate(members)
    ]  # fmt: skip
    rows = read("slack", json.dumps(whole).encode())

    count = range(len(members))
    assert declared(rows, "email") == {("email", f"bird{index}@mail.example") for index in count}
    assert declared(rows, "phone") == {("phone", f"+44770090014{index}") for index in count}
    assert declared(rows, "handle") == {("handle", f"bird.{index}") for index in count}
    assert {value.lower() for _, value in declared(rows, "account")} == {
        one for index in count for one in (f"slack/id:u00bird0{index}", f"skype/bird_skype_{index}")
    }
    assert shown(rows) == {name for name, _, _ in members}
    assert [own for _, _, own in members] == texts(rows)


@bounded
@given(st.lists(st.tuples(LINES, LINES, st.integers(0, 4)), min_size=1, max_size=6))
def test_rooms_of_slack(rooms: list[tuple[str, str, int]]) -> None:
    whole = [
        {
            "id": f"C00ROOM0{index}", "name": name, "created": 1773500000, "creator": "U00SAMAL1", "is_archived": False,
            "members": [f"U00BIRD0{who}" for who in range(count)],
            "topic": {"value": topic, "creator": "U00SAMAL1", "last_set": 1773500001},
        }
        for index, (name, topic, count) in enumerate(rooms)
    ]  # fmt: skip
    rows = read("slack", json.dumps(whole).encode())

    assert len(declared(rows, "group")) == len(rooms)
    most = max(count for _, _, count in rooms)
    assert {value.lower() for _, value in declared(rows, "account")} == {
        "slack/id:u00samal1", *(f"slack/id:u00bird0{who}" for who in range(most))
    }  # fmt: skip
    said = texts(rows)
    assert said[1::2] == [topic for _, topic, _ in rooms]
    assert [text.split("\nMade 2026-03-14")[0] for text in said[::2]] == [name for name, _, _ in rooms]


@bounded
@given(told(LINES))
def test_integrations_of_slack(talk: list[Told]) -> None:
    whole = [
        {
            "user_id": f"U00BIRD0{one.who}", "user_name": f"bird.{one.who}", "date": str(one.at), "change_type": "added",
            "service_type": one.text, "channel": "C00GARDEN",
        }
        for one in talk
    ]  # fmt: skip
    rows = read("slack", json.dumps(whole).encode())

    found = messages(rows)
    assert [(one.text, one.sender, one.kind, one.headers) for one in found] == [
        (f"bird.{one.who} added {one.text}", f"bird.{one.who}", "system", (("Channel", "C00GARDEN"),))
        for one in talk
    ]
    assert times(found) == [one.instant for one in talk]
    assert declared(rows, "handle") == {("handle", f"bird.{one.who}") for one in talk}
