"""DiscordChatExporter's table: a message a row, `AuthorID,Author,Date,Content,Attachments,Reactions`."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.messages import Messages
from cets.domains.intake.reading import DayOrder, Reader
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import Lines
from cets.domains.intake.sources.discord.people import PLATFORM, meet_named
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.speakers import Speakers
from cets.domains.intake.tables import TooLong
from cets.domains.intake.traces import Full

_HEADINGS = ["AuthorID", "Author", "Date", "Content", "Attachments", "Reactions"]


def is_table(head: bytes) -> bool:
    """Say whether this begins as a channel in a table."""
    text = decoding.decode_head(head)
    first = (text or "").lstrip("\ufeff").split("\n", 1)[0]
    return [cell.strip().strip('"') for cell in first.split(",")][: len(_HEADINGS)] == _HEADINGS


class Table:
    """Reads one file in two passes: in which order its days and months stand, then the messages."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._reader = Reader(options, platform=PLATFORM)
        self._speakers = Speakers(self._reader)
        self._messages = Messages(self._reader, "of the computer that made the export")

    def rows(self, file: BinaryIO) -> Iterator[AnyRow]:
        encoding = decoding.detect(file)
        yield from decoding.remarks(encoding)
        yield Summary(title="Discord channel", platform=PLATFORM)
        lines = Lines(file, encoding)
        if lines.unclosed:
            text = "A quotation mark is never closed; quotation marks are read as plain characters."
            yield NotUnderstood(text=text, place="whole file")
        try:
            yield from self._rows(lines)
        except TooLong as fault:
            yield Failed(reason=str(fault))
        except Full:
            yield Failed(reason=f"Stopped at the limit of {self._options.max_rows} messages.")

    def _rows(self, lines: Lines) -> Iterator[AnyRow]:
        order = DayOrder(cells[2].text for _, cells in lines.rows() if len(cells) > 2)  # noqa: PLR2004 - the date
        if order.is_contradictory:
            text = "The dates contradict each other on which number is the day: no order fits every line."
            yield NotUnderstood(text=text, place="whole file")
        day_first = order.day_first if self._options.day_first is None else self._options.day_first
        for number, cells in lines.rows():
            if number > 1:
                row = [decoding.clean(cell.text) for cell in cells]
                yield from self._message(f"row {number}", row, day_first=day_first)

    def _message(self, place: str, row: list[str], *, day_first: bool | None) -> Iterator[AnyRow]:
        author_id, author, date, content, attachments, reactions = (*row[:6], *[""] * (6 - len(row)))
        sent_at = self._reader.time(date.strip(), day_first=day_first) if date.strip() else None
        seen: dict[str, Any] = {"seen_at": sent_at, "message": self._messages.following}
        key = yield from meet_named(
            self._speakers, author.strip(), place, number=author_id.strip(), event="message", **seen
        )
        files = [one.strip() for one in attachments.split(",") if one.strip()]
        yield from self._messages.add(
            content, place=place, kind="chat", sender=author.strip() or None, sender_person=key, sent_at=sent_at,
            headers=(("Reaction", reactions.strip()),) if reactions.strip() else (),
            attachments=tuple(one.partition("?")[0].rpartition("/")[2] or one for one in files),
            beside=[one for one in files if "://" not in one],
        )  # fmt: skip
        for one in files:
            if "://" in one:
                yield from self._reader.declared("url", one, place=place, event="attachment", **seen)
        for text in row[6:]:
            yield from self._reader.free_text(text, place=place, label="Beside a message", seen_at=sent_at)
