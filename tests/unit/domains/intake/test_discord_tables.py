"""DiscordChatExporter's table: a message a row, its account by number and by name."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cets.domains.intake import sources
from cets.domains.intake.rows import AnyRow, Failed, FreeText, Message, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.discord.source import Discord

EXAMPLE = Path(sources.__file__).parent / "discord/examples/channel.csv"
HEAD = "AuthorID,Author,Date,Content,Attachments,Reactions"
ROBIN = "700000000000000201,robin_larch_01"


def read(*lines: str, **options: Any) -> list[AnyRow]:
    data = "\n".join((HEAD, *lines, "")).encode()
    best = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
    assert best is not None
    assert best.name == "discord"
    return list(Discord().read(io.BytesIO(data), Options(country="GB", **options)))


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def values(rows: list[AnyRow], kind: str) -> set[str]:
    return {row.value.value for row in rows if isinstance(row, Sighting) and row.value.kind == kind}


def test_the_example_is_read_whole() -> None:
    rows = read(*EXAMPLE.read_text().splitlines()[1:])
    first, second, third = messages(rows)
    assert first.text == 'write to robin@mail.example,\nor "+44 7700 900123"'
    assert first.sent_at is not None
    assert first.sent_at.instant == datetime(2026, 3, 14, 19, 1, tzinfo=UTC)
    assert (first.sender, first.sender_person, first.place) == (
        "robin_larch_01",
        "user 700000000000000201",
        "row 2",
    )
    assert first.attachments == ("plan.pdf", "tower.png")
    assert first.headers == (("Reaction", "👍 (2)"),)
    assert (second.sender, third.sender) == ("Sam A#1234", "Deleted User#0000")
    assert {
        "discord/id:700000000000000201",
        "discord/robin_larch_01",
        "discord/id:700000000000000202",
    } <= values(rows, "account")
    assert values(rows, "email") == {"robin@mail.example"}
    assert values(rows, "phone") == {"+447700900123"}
    gone = [row for row in rows if isinstance(row, Sighting) and row.person == "user 456226577798135808"]
    assert gone
    assert not any(row.pivot for row in gone)


def test_dates_of_older_ones_are_told_by_the_whole_file() -> None:
    rows = read(f'{ROBIN},"03/04/2026 20:00",a,,', f'{ROBIN},"14/04/2026 20:00",b,,')
    first, _ = messages(rows)
    assert first.sent_at is not None
    assert [one.month for one in first.sent_at.candidates] == [4]
    (open_,) = messages(read(f'{ROBIN},"03/04/2026 20:00",a,,'))
    assert open_.sent_at is not None
    assert {one.month for one in open_.sent_at.candidates} == {3, 4}


def test_a_quotation_mark_that_is_never_closed_swallows_no_message() -> None:
    rows = read(
        f"{ROBIN},2026-03-14T20:01:00Z,one,,",
        f'{ROBIN},2026-03-14T20:02:00Z,"two,,',
        f"{ROBIN},2026-03-14T20:03:00Z,three,,",
    )
    assert [one.text for one in messages(rows)] == ["one", '"two', "three"]
    assert any("never closed" in row.text for row in rows if isinstance(row, NotUnderstood))


def test_short_and_long_rows_lose_nothing() -> None:
    rows = read("700000000000000201", f"{ROBIN},2026-03-14T20:02:00Z,two,,,kim@mail.example")
    assert [one.text for one in messages(rows)] == ["", "two"]
    assert values(rows, "email") == {"kim@mail.example"}
    assert [row.text for row in rows if isinstance(row, FreeText)] == ["kim@mail.example"]


def test_the_limit_of_messages_is_said() -> None:
    rows = read(*(f"{ROBIN},2026-03-14T20:0{at}:00Z,a,," for at in range(5)), max_rows=3)
    assert len(messages(rows)) == 3
    assert [row.reason for row in rows if isinstance(row, Failed)] == ["Stopped at the limit of 3 messages."]


def test_a_table_with_other_headings_is_a_table_like_others() -> None:
    data = b"Author,Date,Content\nrobin,2026-03-14,a\nsam,2026-03-15,b\n"
    best = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
    assert best is not None
    assert best.name == "csv"
