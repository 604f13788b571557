"""DiscordChatExporter's plain text: a frame that names server and channel, then a message after the other.

[14/03/2026 20:01] robin_larch_01 (pinned)
text, in as many lines as it has

{Attachments}
https://...
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from cets.domains.intake.messages import Messages
from cets.domains.intake.reading import DayOrder, Reader, is_unread
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.discord.people import PLATFORM, meet_named
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.sources.text.source import pieces
from cets.domains.intake.speakers import Speakers
from cets.domains.intake.traces import Full
from cets.kernel.moments import Moment

_FRAME = re.compile(r"={20,}\s*")
_FIELD = re.compile(r"(Guild|Channel|Topic|After|Before|Messages|Range): *(.*)", re.DOTALL)
_HEADER = re.compile(r"\[(?P<when>[^\[\]\n]{6,60})\] (?P<name>\S[^\n]{0,120}?)(?P<pinned> \(pinned\))?\s*")
_SECTION = re.compile(r"\{(Attachments?|Embed|Stickers|Reactions)\}\s*")
_NO_SERVER = "direct messages"
_NUMBER = re.compile(r"\d+")
#: Numbers of a day and a time of day, also where the words beside them are of a language that is not read.
_PARTS_OF_TIME = 4
_END = re.compile(r"Exported [\d\W]{1,20} message\(s\)\s*")
#: Empty lines before a message, but behind reactions one; in files from before 2020, which have no end, it is one everywhere.
_GAP = 2


def is_plain(head: bytes) -> bool:
    """Say whether this begins as a channel in plain text."""
    text = decoding.decode_head(head)
    first = [line for line in (text or "").lstrip("\ufeff").splitlines() if line.strip()][:3]
    return len(first) == 3 and bool(_FRAME.fullmatch(first[0])) and [  # noqa: PLR2004 - the frame and two fields
        line.partition(":")[0] for line in first[1:]
    ] == ["Guild", "Channel"]  # fmt: skip


class _Entry(msgspec.Struct):
    """One message: its first and last line, its header's parts, and its lines by what stands over them ("" for the text).

    `cut`: longer than is read.
    """

    line: int
    last: int
    when: str
    name: str
    is_pinned: bool
    parts: list[tuple[str, list[str]]]
    length: int = 0
    cut: bool = False


class Plain:
    """Reads one file in two passes: in which order its days and months stand, then the messages."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._reader = Reader(options, platform=PLATFORM)
        self._speakers = Speakers(self._reader)
        self._messages = Messages(self._reader, "of the computer that made the export")
        self._order: bool | None = options.day_first
        self._thread: str | None = None
        self._gap = _GAP

    def rows(self, file: BinaryIO) -> Iterator[AnyRow]:
        encoding = decoding.detect(file)
        yield from decoding.remarks(encoding)
        order = self._first_pass(pieces(file, encoding))
        self._order = order.day_first if self._order is None else self._order
        if order.is_contradictory:
            text = "The dates contradict each other on which number is the day: no order fits every line."
            yield NotUnderstood(text=text, place="whole file")
        file.seek(0)
        lines = pieces(file, encoding)
        yield from self._frame(lines)
        try:
            yield from self._entries(lines)
        except Full:
            yield Failed(reason=f"Stopped at the limit of {self._options.max_rows} messages.")

    def _first_pass(self, lines: Iterator[tuple[int, int, str]]) -> DayOrder:
        """Learn how many empty lines stand before a message; return what the dates of the headers say of day and month."""
        orders = {gap: DayOrder() for gap in range(1, _GAP + 1)}
        counts = dict.fromkeys(orders, 0)
        blank, section, before = 0, "Reactions", ""
        for _, start, line in lines:
            is_apart = blank or _FRAME.fullmatch(before)
            found = _HEADER.fullmatch(line) if is_apart and not start else None
            if found and self._is_time(found["when"]):
                gap = max(1, min(blank, _GAP))
                counts[gap] += section != "Reactions"
                for asked in range(1, (_GAP if section == "Reactions" else gap) + 1):
                    orders[asked].add(found["when"])
                section = ""
            elif begun := _SECTION.fullmatch(line):
                section = begun[1]
            elif _FRAME.fullmatch(before) and _END.fullmatch(line):
                counts[_GAP] = counts[1] + 1
            blank, before = (0, line) if line.strip() else (blank + 1, "")
        self._gap = _GAP if counts[_GAP] >= counts[1] else 1
        return orders[self._gap]

    def _frame(self, lines: Iterator[tuple[int, int, str]]) -> Iterator[AnyRow]:
        """Read what stands between the first two lines of signs: whose messages these are."""
        said: list[tuple[str, str, int]] = []
        for number, _, line in lines:
            if _FRAME.fullmatch(line) and number > 1 and said:
                break
            if found := _FIELD.fullmatch(decoding.clean(line)):
                said.append((found[1], found[2].strip(), number))
            elif said and line.strip():
                said.append((said[-1][0], decoding.clean(line).strip(), number))
        named = [
            text for key, text, _ in said if key in ("Guild", "Channel") and text.casefold() != _NO_SERVER
        ]
        self._thread = " / ".join(filter(None, named)) or None
        title = f"Discord channel “{self._thread}”" if self._thread else "Discord channel"
        yield Summary(title=title, platform=PLATFORM)
        for key, text, number in said:
            if key not in ("Guild", "Channel"):
                yield from self._reader.free_text(text, place=f"line {number}", label=key)

    def _entries(self, lines: Iterator[tuple[int, int, str]]) -> Iterator[AnyRow]:
        entry: _Entry | None = None
        blank = self._gap
        for number, start, piece in lines:
            line = decoding.clean(piece)
            is_behind_all = entry is None or entry.parts[-1][0] == "Reactions"
            is_apart = blank >= (1 if is_behind_all else self._gap)
            found = _HEADER.fullmatch(line) if is_apart and not start else None
            if _FRAME.fullmatch(line) and (is_apart or entry is None):
                yield from self._message(entry)
                entry = None
            elif found and self._is_time(found["when"]):
                yield from self._message(entry)
                entry = _Entry(
                    number, number, found["when"], found["name"], bool(found["pinned"]), [("", [])]
                )
            elif entry:
                entry.last = number if line.strip() else entry.last
                self._add(entry, line, goes_on=bool(start))
            elif line.strip():
                label = "End of the export" if self._messages.number else "before the first message"
                yield from self._reader.free_text(line, place=f"line {number}", label=label)
            blank = 0 if line.strip() else blank + 1
        yield from self._message(entry)

    def _add(self, entry: _Entry, line: str, *, goes_on: bool) -> None:
        entry.length += len(line) + 1
        entry.cut = entry.cut or entry.length > self._options.max_text
        if entry.cut:
            return
        section = _SECTION.fullmatch(line)
        if section:
            entry.parts.append((section[1], []))
        elif goes_on and entry.parts[-1][1]:
            entry.parts[-1][1][-1] += line
        else:
            entry.parts[-1][1].append(line)

    def _time(self, raw: str) -> Moment:
        return self._reader.time(raw, day_first=self._order)

    def _is_time(self, raw: str) -> bool:
        """Say whether this stands where a time stands: one that is read, or as many numbers as one has."""
        return not is_unread(self._time(raw)) or len(_NUMBER.findall(raw)) >= _PARTS_OF_TIME

    def _message(self, entry: _Entry | None) -> Iterator[AnyRow]:
        if entry is None:
            return
        place, number = f"lines {entry.line} to {entry.last}", self._messages.following
        sent_at = self._time(entry.when)
        seen: dict[str, Any] = {"seen_at": sent_at, "message": number}
        key = yield from meet_named(self._speakers, entry.name, place, event="message", **seen)
        if entry.cut:
            text = f"The message at {place} is longer than {self._options.max_text} characters; the rest was not read."
            yield NotUnderstood(text=text, place=place, sort="cut")
        said = [(kind, [line for line in lines if line.strip()]) for kind, lines in entry.parts[1:]]
        files = [line for kind, lines in said if kind.startswith("Attachment") for line in lines]
        headers = [("Pinned", "yes")] if entry.is_pinned else []
        headers += [("Reaction", line) for kind, lines in said if kind == "Reactions" for line in lines]
        stickers = [f"sticker {line}" for kind, lines in said if kind == "Stickers" for line in lines]
        yield from self._messages.add(
            "\n".join(entry.parts[0][1]).strip("\n"), place=place, kind="chat", thread=self._thread, sender=entry.name,
            sender_person=key, sent_at=sent_at, headers=tuple(headers),
            attachments=(*(line.partition("?")[0].rpartition("/")[2] or line for line in files), *stickers),
            beside=[line for line in files if "://" not in line],
        )  # fmt: skip
        for line in files:
            if "://" in line:
                yield from self._reader.declared("url", line.strip(), place=place, event="attachment", **seen)
        for kind, lines in said:
            if kind == "Embed":
                yield from self._reader.free_text(
                    "\n".join(lines), place=place, label="Embed", seen_at=sent_at
                )
