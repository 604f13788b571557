"""DiscordChatExporter's plain text: messages, the order of day and month from the whole file, files and cards."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

from cets.domains.intake import sources
from cets.domains.intake.rows import (
    AmbiguousPart,
    AnyRow,
    Failed,
    FreeText,
    Message,
    NotUnderstood,
    Sighting,
    Summary,
)
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.discord.source import Discord

EXAMPLE = Path(sources.__file__).parent / "discord/examples/channel.txt"
FRAME = "=" * 62


def channel(*messages: str) -> bytes:
    return "\n".join([FRAME, "Guild: Direct Messages", "Channel: Sam", FRAME, "", *messages, ""]).encode()


def read(data: bytes, **options: Any) -> list[AnyRow]:
    best = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
    assert best is not None
    assert best.name == "discord"
    return list(Discord().read(io.BytesIO(data), Options(country="GB", **options)))


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def values(rows: list[AnyRow], kind: str) -> set[str]:
    return {row.value.value for row in rows if isinstance(row, Sighting) and row.value.kind == kind}


def test_the_example_is_read_whole() -> None:
    rows = read(EXAMPLE.read_bytes())
    joined, pinned, last = messages(rows)
    assert [row.title for row in rows if isinstance(row, Summary)] == [
        "Discord channel “Garden friends / Talk / general”"
    ]
    assert joined.text == "Joined the server."
    assert pinned.text == "write to robin@mail.example,\nor +44 7700 900123\n\n[not a time] nobody"
    assert pinned.headers == (("Pinned", "yes"), ("Reaction", "👍 (2) 🌷"))
    assert pinned.attachments == ("plan.pdf", "tower.png")
    assert (pinned.sender, pinned.place) == ("robin_larch_01", "lines 11 to 27")
    assert last.sent_at is not None
    assert last.sent_at.candidates == (datetime(2026, 4, 2, 21, 0),)  # noqa: DTZ001 - a wall clock
    assert values(rows, "account") == {"discord/robin_larch_01"}
    assert values(rows, "display_name") == {"sam a#1234"}
    assert values(rows, "email") == {"help@garden.example", "robin@mail.example", "kim@mail.example"}
    assert values(rows, "phone") == {"+447700900123"}
    assert {"https://cdn.example/attachments/1/plan.pdf?ex=1", "https://bridges.example/one"} <= values(
        rows, "url"
    )
    texts = [(row.label, row.text) for row in rows if isinstance(row, FreeText)]
    assert ("Embed", "Bridges\nhttps://bridges.example/one\nAsk kim@mail.example") in texts
    assert ("End of the export", "Exported 3 message(s)") in texts
    said = [row.candidates for row in rows if isinstance(row, AmbiguousPart)]
    assert len(said) == 1
    assert "of the computer that made the export; the same for the whole file" in said[0][0]


def test_day_and_month_that_no_line_tells_apart_are_both_kept() -> None:
    (only,) = messages(read(channel("[03/04/2026 20:00] robin_larch_01", "hello", "", "")))
    assert only.sent_at is not None
    assert {one.month for one in only.sent_at.candidates} == {3, 4}
    assert only.thread == "Sam"
    (told,) = messages(read(channel("[03/04/2026 20:00] robin_larch_01", "hello", "", ""), day_first=True))
    assert told.sent_at is not None
    assert [one.month for one in told.sent_at.candidates] == [4]


def test_a_header_within_a_text_is_text() -> None:
    rows = read(
        channel(
            "[13/04/2026 20:00] robin_larch_01",
            "he wrote:",
            "[13/04/2026 19:00] sam_rowan_02",
            "hello",
            "",
            "",
        )
    )
    (only,) = messages(rows)
    assert only.text == "he wrote:\n[13/04/2026 19:00] sam_rowan_02\nhello"


def test_names_and_dates_of_other_countries() -> None:
    rows = read(
        channel(
            "[14-Mar-26 08:00 PM] robin_larch_01#2345",
            "a",
            "",
            "",
            "[2026-03-14 20:05] Кім Ровен#0007",
            "b",
            "",
            "",
        )
    )
    assert [one.sender for one in messages(rows)] == ["robin_larch_01#2345", "Кім Ровен#0007"]
    assert values(rows, "account") == {"discord/robin_larch_01#2345"}


def test_limits_are_said() -> None:
    many = [line for at in range(5) for line in (f"[13/04/2026 20:0{at}] robin_larch_01", "a" * 50, "", "")]
    rows = read(channel(*many), max_rows=3)
    assert len(messages(rows)) == 3
    assert [row.reason for row in rows if isinstance(row, Failed)] == ["Stopped at the limit of 3 messages."]
    cut = read(channel("[13/04/2026 20:00] robin_larch_01", "a", "b" * 200, "", ""), max_text=100)
    assert [one.text for one in messages(cut)] == ["a"]
    assert any(row.sort == "cut" for row in cut if isinstance(row, NotUnderstood))


def test_what_somebody_pasted_behind_an_empty_line_is_his_text() -> None:
    pasted = [
        "he wrote:",
        "",
        "[12/31/2026 19:00] sam_rowan_02",
        "kim@mail.example",
        "",
        FRAME,
        "that was it",
    ]
    rows = read(
        channel(
            "[13/04/2026 20:00] robin_larch_01", *pasted, "", "{Reactions}", "👍 (2)", "",
            "[14/04/2026 20:05] robin_larch_01", "ok", "", "", FRAME, "Exported 2 message(s)", FRAME,
        )
    )  # fmt: skip
    assert [(one.sender, one.text) for one in messages(rows)] == [
        ("robin_larch_01", "\n".join(pasted)),
        ("robin_larch_01", "ok"),
    ]
    assert not [row for row in rows if isinstance(row, NotUnderstood)]
    assert [row.text for row in rows if isinstance(row, FreeText)] == ["Exported 2 message(s)"]


def test_a_file_of_2018_with_one_empty_line_between_messages() -> None:
    head = [
        FRAME,
        "Guild:    Garden friends",
        "Channel:  general",
        "Topic:    ",
        "Messages: 3",
        "Range:    ",
        FRAME,
    ]
    said = [
        "[14-Mar-18 08:00 PM] robin_larch_01#2345",
        "hello",
        "",
        "[14-Mar-18 09:00 PM] sam_rowan_02#1234",
        "ok",
        "",
    ]
    empty = [
        "[14-Mar-18 09:01 PM] sam_rowan_02#1234",
        "",
        "",
        "[14-Mar-18 09:02 PM] sam_rowan_02#1234",
        "bye",
        "",
    ]
    rows = read("\n".join([*head, "", *said, *said, *empty]).encode())
    assert [one.text for one in messages(rows)] == ["hello", "ok", "hello", "ok", "", "bye"]
    assert messages(rows)[0].thread == "Garden friends / general"


def test_times_in_words_that_are_not_read_cost_nobody_his_messages() -> None:
    rows = read(
        channel(
            "[2026. 3. 14. ល្ងាច 8:01] robin_larch_01", "kim@mail.example", "", "", "[2026. 3. 14. ល្ងាច 8:05] sam_rowan_02", "ok", "", ""
        )
    )  # fmt: skip
    assert [(one.sender, one.text) for one in messages(rows)] == [
        ("robin_larch_01", "kim@mail.example"),
        ("sam_rowan_02", "ok"),
    ]
    assert [one.sent_at.raw for one in messages(rows) if one.sent_at] == [
        "2026. 3. 14. ល្ងាច 8:01",
        "2026. 3. 14. ល្ងាច 8:05",
    ]
    assert (
        len([row for row in rows if isinstance(row, NotUnderstood) and "not read as a time" in row.text]) == 2
    )


def test_times_in_the_words_of_another_language_are_read() -> None:
    rows = read(channel("[2026. 3. 14. 오후 8:01] robin_larch_01", "hello", "", ""))
    (only,) = messages(rows)
    assert only.sent_at is not None
    assert [f"{one:%Y-%m-%d %H:%M}" for one in only.sent_at.candidates] == ["2026-03-14 20:01"]
