"""Telegram and Discord: whatever is written in any of their shapes is read again, value for value."""

import json
from datetime import timedelta
from datetime import timezone as offset_of
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from unit.domains.intake.chat_round_trips import (
    ANY_TEXT,
    NAMES,
    Told,
    bounded,
    declared,
    messages,
    read,
    shown,
    times,
    told,
)

_CHATS = {
    "personal_chat": "account",
    "private_group": "group",
    "private_supergroup": "group",
    "public_channel": "group",
}
_CUTS = st.lists(st.integers(0, 40), max_size=3).map(sorted)


def _parts(text: str, cuts: list[int]) -> list[str | dict[str, str]]:
    """Return a text in parts, every second with a mark of its own."""
    ends = [0, *cuts, len(text)]
    pieces = [text[start:end] for start, end in pairwise(ends)]
    return [
        piece if index % 2 else {"type": "bold", "text": piece} for index, piece in enumerate(pieces) if piece
    ]


def _telegram(one: Told, index: int, *, cuts: list[int] | None, counted: bool, older: bool) -> dict[str, Any]:
    number: int | str = 4_295_000_000 * 3 + one.who if older else f"user{55500 + one.who}"
    written: dict[str, Any] = {"id": index, "date": f"{one.clock:%Y-%m-%dT%H:%M:%S}"}
    if counted:
        written["date_unixtime"] = str(one.at)
    if one.is_line:
        return written | {
            "type": "service", "actor": one.name, "actor_id": number, "action": "pin_message", "text": one.text,
        }  # fmt: skip
    written |= {"type": "message", "from": one.name, "from_id": number}
    written["text"] = one.text if cuts is None else _parts(one.text, cuts)
    if one.file:
        written |= {"photo": f"photos/{one.file}", "width": 3, "height": 4}
    return written


@bounded
@given(
    st.lists(st.tuples(st.sampled_from(list(_CHATS)), told(ANY_TEXT, longest=4)), min_size=1, max_size=3),
    st.booleans(),
    st.one_of(st.none(), _CUTS),
    st.booleans(),
    st.booleans(),
)
def test_telegram(
    chats: list[tuple[str, list[Told]]],
    is_account: bool,
    cuts: list[int] | None,
    counted: bool,
    older: bool,
) -> None:
    chats = chats if is_account else chats[:1]
    written = [
        {
            "name": f"Chat {index}",
            "type": kind,
            "id": 900 + index,
            "messages": [
                _telegram(one, at, cuts=cuts, counted=counted, older=older) for at, one in enumerate(talk, 1)
            ],
        }
        for index, (kind, talk) in enumerate(chats)
    ]
    whole = (
        {"chats": {"list": written[:2]}, "left_chats": {"list": written[2:]}} if is_account else written[0]
    )
    rows = read("telegram", json.dumps(whole, ensure_ascii=cuts is None).encode())

    sent = [(f"Chat {index}", one) for index, (_, talk) in enumerate(chats) for one in talk]
    found = messages(rows)
    assert [(one.thread, one.kind, one.sender) for one in found] == [
        (thread, "system" if one.is_line else "chat", one.name) for thread, one in sent
    ]
    for read_, (_, one) in zip(found, sent, strict=True):
        assert read_.text.endswith(one.text) if one.is_line else read_.text == one.text
        assert read_.attachments == (() if one.is_line or not one.file else (f"photos/{one.file}",))
    assert times(found) == [one.instant if counted else one.clock for _, one in sent]
    writers = {one.who for _, one in sent}
    accounts = {f"telegram/id:{4_295_000_000 * 3 + who if older else 55500 + who}" for who in writers} | {
        f"telegram/id:{900 + index}" for index, (kind, _) in enumerate(chats) if kind == "personal_chat"
    }
    assert declared(rows, "account") == {("account", one) for one in accounts}
    groups = {
        f"telegram/{'chat' if kind == 'private_group' else 'channel'}{900 + index}"
        for index, (kind, _) in enumerate(chats)
        if kind != "personal_chat"
    }
    assert declared(rows, "group") == {("group", one) for one in groups}
    assert {NAMES[who] for who in writers} <= shown(rows)


def _number(who: int) -> str:
    return f"7000000000000002{who:02}"


_ZONES = st.sampled_from([-480, 0, 60, 330])  # minutes


@bounded
@given(told(ANY_TEXT), _ZONES, st.booleans(), st.booleans())
def test_discord_exporter(talk: list[Told], minutes: int, is_direct: bool, old_names: bool) -> None:
    zone = offset_of(timedelta(minutes=minutes))
    whole = {
        "guild": {"id": "0" if is_direct else "700000000000000001", "name": "Birds", "iconUrl": "https://cdn.example/i.png"},
        "channel": {"id": "700000000000000011", "type": "DirectTextChat" if is_direct else "GuildTextChat", "name": "general"},
        "dateRange": {"after": None, "before": None},
        "messages": [
            {
                "id": f"7000000000000003{index:02}",
                "type": "ChannelPinnedMessage" if one.is_line else "Default",
                "timestamp": one.instant.astimezone(zone).isoformat(),
                "timestampEdited": None,
                "isPinned": False,
                "content": one.text,
                "author": {
                    "id": _number(one.who), "name": f"bird_{one.who}", "discriminator": f"12{one.who:02}" if old_names else "0000",
                    "nickname": one.name, "isBot": False, "roles": [],
                },
                "attachments": [{"id": "7", "url": f"https://cdn.example/{index}", "fileName": one.file, "fileSizeBytes": 5}] if one.file else [],
                "embeds": [], "reactions": [], "mentions": [],
            }
            for index, one in enumerate(talk)
        ],
        "messageCount": len(talk),
    }  # fmt: skip
    rows = read("discord", json.dumps(whole).encode())

    found = messages(rows)
    assert [(one.sender, one.kind, one.attachments) for one in found] == [
        (one.name, "system" if one.is_line else "chat", (one.file,) if one.file else ()) for one in talk
    ]
    for read_, one in zip(found, talk, strict=True):
        assert read_.text == one.text or (one.is_line and not one.text)
    assert times(found) == [one.instant for one in talk]
    writers = {one.who for one in talk}
    names = {f"discord/bird_{who}{f'#12{who:02}' if old_names else ''}" for who in writers}
    accounts = {f"discord/id:{_number(who)}" for who in writers} | names
    assert declared(rows, "account") == {("account", one) for one in accounts}
    rooms = {"700000000000000011"} if is_direct else {"700000000000000011", "700000000000000001"}
    assert {value.rpartition("/")[2] for _, value in declared(rows, "group")} == rooms
    assert {NAMES[who] for who in writers} <= shown(rows)
    assert declared(rows, "url") == {
        ("url", f"https://cdn.example/{index}") for index, one in enumerate(talk) if one.file
    }


@bounded
@given(told(ANY_TEXT), st.booleans())
def test_discord_package(talk: list[Told], are_numbers: bool) -> None:
    whole = [
        {
            "ID": 700000000000000300 + index if are_numbers else f"{700000000000000300 + index}",
            "Timestamp": f"{one.clock:%Y-%m-%d %H:%M:%S}",
            "Contents": one.text,
            "Attachments": " ".join([f"https://cdn.example/{at}/{index}.png?ex=1" for at in range(one.who)]),
        }
        for index, one in enumerate(talk)
    ]
    rows = read("discord", json.dumps(whole).encode())

    found = messages(rows)
    assert [(one.text, one.sender_person, one.attachments, one.headers) for one in found] == [
        (one.text, "owner", (f"{index}.png",) * one.who, (("Message ID", f"{700000000000000300 + index}"),))
        for index, one in enumerate(talk)
    ]
    assert times(found) == [one.clock for one in talk]
    assert {value.partition("?")[0] for _, value in declared(rows, "url")} == {
        f"https://cdn.example/{at}/{index}.png" for index, one in enumerate(talk) for at in range(one.who)
    }


@bounded
@given(
    st.integers(1, 99),
    st.sampled_from(NAMES),
    st.booleans(),
    st.lists(st.integers(1, 90), max_size=4, unique=True),
    st.sampled_from(["phone", "ip", "email"]),
)
def test_discord_account(who: int, name: str, old_names: bool, others: list[int], missing: str) -> None:
    known = {"phone": "+447700900142", "ip": "192.0.2.40", "email": "robin@mail.example"}
    whole = {
        "id": f"7000000000000004{who:02}", "username": "robin_l", "discriminator": 1234 if old_names else 0, "global_name": name,
        "relationships": [
            {"id": _number(other), "type": "FRIEND", "nickname": None, "user": {"id": _number(other), "username": f"bird_{other}", "discriminator": "0"}}
            for other in others
        ],
    } | {key: value for key, value in known.items() if key != missing}  # fmt: skip
    if missing == "email":
        whole["connections"] = [{"type": "reddit", "id": "abc1", "name": "robin_garden_5"}]
    rows = read("discord", json.dumps(whole).encode())

    assert declared(rows, *known) == {item for item in known.items() if item[0] != missing}
    accounts = {f"discord/id:{whole['id']}", "discord/robin_l#1234" if old_names else "discord/robin_l"}
    for other in others:
        accounts |= {f"discord/id:{_number(other)}", f"discord/bird_{other}"}
    found = {value for _, value in declared(rows, "account")}
    assert accounts <= found
    assert any("robin_garden_5" in value for value in found) == (missing == "email")
    assert name in shown(rows)
