"""The officer's note: what `compose` writes is what the source reads."""

import io
from datetime import UTC, datetime, timedelta, timezone

from cets.domains.intake.rows import AmbiguousPart, AnyRow, FreeText, NotUnderstood, Sighting, Summary
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.note.source import Note, compose

AT = datetime(2026, 4, 3, 21, 30, tzinfo=timezone(timedelta(hours=1)))


def read(raw: bytes) -> list[AnyRow]:
    return list(Note().read(io.BytesIO(raw), Options(country="GB")))


def test_a_composed_note_is_read_back() -> None:
    raw = compose(author="PC Larch\nbadge 7", at=AT, title="Call", text="First 07700 900142.\r\n\r\nSecond.")
    rows = read(raw)

    assert Note().recognises(raw, len(raw)) == 1.0
    (summary,) = [row for row in rows if isinstance(row, Summary)]
    assert summary.title == "Call"
    assert summary.received_at is not None
    assert summary.received_at.instant == AT.astimezone(UTC)
    assert [(row.label, row.place, row.text) for row in rows if isinstance(row, FreeText)] == [
        ("author", "line 2", "PC Larch badge 7"),
        ("note", "line 6", "First 07700 900142."),
        ("note", "line 8", "Second."),
    ]
    assert [row.value.value for row in rows if isinstance(row, Sighting)] == ["+447700900142"]


def test_unknown_headers_and_a_time_without_zone_are_said() -> None:
    rows = read(b"CETS-NOTE 1\nat: 2026-04-03 21:30\ncolour: blue\nno colon\n\ntext")

    assert [row.place for row in rows if isinstance(row, NotUnderstood)] == ["line 3", "line 4"]
    assert [row.raw for row in rows if isinstance(row, AmbiguousPart)] == ["2026-04-03 21:30"]


def test_a_note_without_text_or_end_is_read_as_far_as_it_goes() -> None:
    assert [type(row) for row in read(b"CETS-NOTE 1\nauthor: A")] == [FreeText, Summary]
    assert [type(row) for row in read(b"CETS-NOTE 1")] == [Summary]


def test_faulty_bytes_and_nul_are_shown() -> None:
    rows = read(b"CETS-NOTE 1\n\na\xffb\x00c")

    assert [row.text for row in rows if isinstance(row, FreeText)] == ["a\ufffdb\u2400c"]
    assert any("not UTF-8" in row.text for row in rows if isinstance(row, NotUnderstood))


def test_an_endless_note_is_refused() -> None:
    (row,) = read(b"CETS-NOTE 1\n\n" + b"x" * 10_000_001)

    assert "10 MB" in str(row)


def test_only_the_first_line_makes_it_a_note() -> None:
    assert Note().recognises(b"text\nCETS-NOTE 1\n", 17) == 0
    assert Note().recognises(b"CETS-NOTE 10\n", 13) == 0
