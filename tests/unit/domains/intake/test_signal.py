"""Signal chats as text: the two styles of header, who is whom, calls, and what is WhatsApp's."""

import io
import time
from datetime import datetime
from pathlib import Path

import pytest

from cets.domains.intake.rows import AnyRow, Failed, FreeText, Message, NotUnderstood, Person, Sighting
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.signal.source import Signal

SHARED = Path(__file__).parents[5] / "shared/data/chat/signal_min_test_export.txt"
EXAMPLES = Path(recognise.__code__.co_filename).parent / "signal" / "examples"


def read(text: str | bytes, **options: int) -> list[AnyRow]:
    raw = text.encode() if isinstance(text, str) else text
    return list(Signal().read(io.BytesIO(raw), Options(country="GB", **options)))


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def found(rows: list[AnyRow]) -> list[tuple[str, str, str, str]]:
    return [
        (row.value.kind, row.value.value, row.way, row.place) for row in rows if isinstance(row, Sighting)
    ]


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[2026-12-31, 21:14] Kea: hi\n", "signal"),
        ("\ufeff[2026-12-31, 21:14] Kea: hi\r\n[2026-12-31, 21:15] Me: ho\r\n", "signal"),
        ("[2026-12-31 21:14:05] Kea: hi  \n\n", "signal"),
        ("[2026-12-31 21:14:05] Kea: hi\n", "whatsapp"),
        ("[2026-12-31, 21:14:05] Kea: hi\n", "whatsapp"),
        ("[2026-12-31, 9:14:05 PM] Kea: hi\n", "whatsapp"),
        ("Notes:\n[2026-12-31, 21:14] Kea: hi\n", "text"),
        ("[2026-12-31, 21:14] no colon\n", "text"),
    ],
)
def test_what_is_of_signal(text: str, name: str) -> None:
    source = recognise(text.encode(), len(text.encode()))
    assert source is not None
    assert source.name == name


def test_messages_senders_and_places() -> None:
    rows = read((EXAMPLES / "index.txt").read_bytes())
    assert [(row.kind, row.sender, row.sender_person, row.text, row.place) for row in messages(rows)] == [
        ("chat", "Kea Blue", "sender 1", "Hello, see https://bluebridge.example/box", "line 1"),
        ("chat", "+44 7700 900142", "sender 2", "Yes\nand write to wren@mail.example", "line 2"),
        ("system", "Me", "sender 3", "Incoming call", "line 4"),
    ]
    assert found(rows) == [
        ("display_name", "kea blue", "declared", "message 1"),
        ("url", "https://bluebridge.example/box", "mentioned", "message 1"),
        ("phone", "+447700900142", "declared", "message 2"),
        ("email", "wren@mail.example", "mentioned", "message 2"),
    ]
    assert said(rows) == []


def test_the_newer_style_with_quotes_reactions_and_files() -> None:
    rows = read((EXAMPLES / "chat.txt").read_bytes())
    assert [row.kind for row in messages(rows)] == ["chat", "chat", "chat", "system"]
    quoted, sent = messages(rows)[1:3]
    assert quoted.headers == (("Reactions", "Kea Blue: 👍"),)
    assert "> Hello" in quoted.text
    assert sent.attachments == ("bridge.jpg",)


def test_me_is_nobody_by_name_and_no_sender_is_none() -> None:
    rows = read("[2026-12-31, 21:14] Me: hi\n[2026-12-31, 21:15] No-Sender: ho\n")
    (person,) = [row for row in rows if isinstance(row, Person)]
    assert person.facts == (("Role in the chat", "whose Signal was exported"),)
    assert found(rows) == []
    assert messages(rows)[1].sender is None


def test_times_have_no_zone_and_are_not_guessed() -> None:
    first, second = messages(read("[2026-02-28, 21:14] Kea: a\n[2026-02-30, 21:14] Kea: b\n"))
    assert first.sent_at
    assert first.sent_at.instant is None
    assert first.sent_at.candidates == (datetime(2026, 2, 28, 21, 14),)  # noqa: DTZ001 - no zone is named
    assert first.sent_at.precision == "minute"
    assert second.sent_at
    assert second.sent_at.candidates == ()
    assert said(read("[2026-02-30, 21:14] Kea: b\n")) == [
        "“2026-02-30, 21:14” at message 1 was not read as a time."
    ]


def test_pasted_headers_of_another_style_are_text() -> None:
    rows = read("[2026-12-31, 21:14] Kea: a\n[2026-12-31 21:14:05] Wren: b\n[2026-12-31, 21:15] Kea: c\n")
    assert [row.text for row in messages(rows)] == ["a\n[2026-12-31 21:14:05] Wren: b", "c"]
    assert "another style: 1." in said(rows)[0]


def test_cut_long_and_too_many() -> None:
    rows = read("a preface\n[2026-12-31, 21:14] Kea: a\n[2026-12-31, 21")
    assert [row.text for row in messages(rows)] == ["a\n[2026-12-31, 21"]
    assert [row.text for row in rows if isinstance(row, FreeText)] == ["a preface"]
    rows = read("[2026-12-31, 21:14] Kea: a\n" + "b\n" * 50, max_text=20)
    assert messages(rows)[0].text.startswith("a\nb\nb")
    assert any("longer than 20 characters" in text for text in said(rows))
    rows = read("[2026-12-31, 21:14] Kea: a\n" * 5, max_rows=3)
    assert len(messages(rows)) == 3
    assert any(isinstance(row, Failed) for row in rows)


@pytest.mark.parametrize(
    "text",
    ["[2026-12-31, 21:14] " + "a" * 300_000, "[" * 300_000, "[2026-12-31, 21:14] K: " + "(- " * 100_000],
)
def test_hostile_lines_cost_little(text: str) -> None:
    before = time.process_time()
    Signal().recognises(text.encode()[:65_536], len(text))
    assert read(text)
    assert time.process_time() - before < 5


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared sample files are not here")
def test_the_shared_sample() -> None:
    rows = read(SHARED.read_bytes())
    assert [(row.sender, row.text) for row in messages(rows)] == [
        ("Jane Doe", "Hello John!"),
        ("John Doe", "Hello\nJane!"),
    ]
