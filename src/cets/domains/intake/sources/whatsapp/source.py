"""WhatsApp "export chat" text: messages and system lines, read in two passes over the file."""

import bisect
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any, BinaryIO

import msgspec

from cets.domains.intake.reading import Reader, readings, shorten
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
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.sources.text.source import pieces
from cets.domains.intake.sources.whatsapp import headers, lines
from cets.domains.intake.sources.whatsapp.headers import Calendar, Header, Order, Style
from cets.kernel.moments import Moment, Precision

_HEADS_TRIED = 40
_TELLING = 3
_OWN_MARK = "\u200e"  # before what the app itself wrote


class WhatsApp(Source):
    name = "whatsapp"
    caption = "WhatsApp chat export"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        text = decoding.decode_head(head)
        if text is None:
            return 0.0
        first = [line for line in text.lstrip(headers.MARKS).splitlines() if line.strip()][:_HEADS_TRIED]
        found = [headers.parse(line) for line in first]
        if any(header and _is_of_signal(header.style) for header in found):
            return 0.0
        every = [header for header in found if header]
        sure = [header for header in every if not header.word and header.style.frame != ":"]
        telling = sure or ([] if _is_of_another_list(every) else every)
        if telling and found[0] is telling[0]:
            return 0.95
        return 0.6 if len(telling) >= 2 else 0.0  # noqa: PLR2004 - one may be pasted

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        encoding = decoding.detect(file)
        yield from decoding.remarks(encoding)
        survey = _survey(file, encoding)
        yield from _opening(survey)
        yield from _Chat(survey, options).rows(_entries(file, encoding, survey.style, options))


def _is_of_another_list(found: list[Header]) -> bool:
    """Say whether too few lines look like messages in a way in which other lists are written too."""
    words = [header.word for header in found if header.word]
    colons = [header for header in found if header.style.frame == ":"]
    return 0 < len(colons) < _TELLING or 0 < len(words) < _TELLING or len(set(words)) > 2  # noqa: PLR2004 - halves of a day


def _is_of_signal(style: Style) -> bool:
    """Signal's exports look alike but for this mixture, which no phone writes for WhatsApp."""
    return (
        style.frame == "[]" and style.comma and style.year_first and not (style.seconds or style.time_first)
    )


class Survey(msgspec.Struct):
    """What the first pass learns of the whole file."""

    calendar: Calendar
    style: Style | None = None
    thread: str | None = None
    pasted: int = 0
    #: Lines that look like headers of no shape that is read: how many, and the first.
    unread: int = 0
    first_unread: int = 0
    opener: str | None = None
    #: Those who said anything but what the app marks as its own.
    speaking: set[str] = msgspec.field(default_factory=set)
    nuls: int = 0
    #: Second part of what stands before the text, by first part: "Team: Blue: hello" by "Team".
    seconds: dict[str, str | None] = msgspec.field(default_factory=dict)
    times: dict[str, int] = msgspec.field(default_factory=dict)

    def orders(self, options: Options) -> tuple[Order, ...]:
        return self.calendar.orders(day_first=options.day_first)

    def is_the_chat(self, name: str) -> bool:
        """Say whether it is the chat itself in whose name iOS writes: the first to speak, and only what the app marks."""
        return name == self.thread or (name == self.opener and name not in self.speaking)

    def wrote_once(self, sender: str) -> bool:
        return self.times.get(sender, 0) <= 1

    def name_with_colon(self, first: str) -> str | None:
        """Return the longer name when every message under a name goes on with the same words and a colon."""
        second = self.seconds.get(first)
        return f"{first}: {second}" if second and self.times[first] > 1 else None


class Entry(msgspec.Struct):
    """One message as it stands in the file: its header, the rest of that line and the lines after it."""

    line: int
    header: Header | None
    parts: list[str]
    cut: bool = False

    @property
    def text(self) -> str:
        return decoding.clean("".join(self.parts).rstrip("\n"))


def _survey(file: BinaryIO, encoding: decoding.Encoding) -> Survey:
    survey = Survey(Calendar())
    for number, offset, line in pieces(file, encoding):
        survey.nuls += line.count("\x00")
        header = headers.parse(line) if not offset else None
        if header is None:
            if not offset and headers.looks_like_one(line):
                survey.unread += 1
                survey.first_unread = survey.first_unread or number
            continue
        if survey.style is None:
            survey.style = header.style
        if header.style != survey.style:
            survey.pasted += 1
            continue
        survey.calendar.add(header)
        _learn(survey, decoding.clean(line[header.end :]))
    if survey.thread is None and survey.opener and survey.opener not in survey.speaking:
        survey.thread = (
            survey.opener
        )  # the group itself, in whose name iOS writes: in no language that is known
    return survey


def _learn(survey: Survey, rest: str) -> None:
    sender, text = lines.split_sender(rest)
    survey.thread = lines.group_name(sender, text) or survey.thread
    if sender is None:
        return
    if not survey.times and text.startswith(_OWN_MARK):
        survey.opener = sender
    if not text.startswith(_OWN_MARK) or lines.attachments(text):
        survey.speaking.add(sender)
    second, colon, _ = text.partition(": ")
    common = (
        second if colon and not lines.attachments(text) else None
    )  # a name has no brackets before its colon
    survey.times[sender] = survey.times.get(sender, 0) + 1
    if survey.seconds.setdefault(sender, common) != common:
        survey.seconds[sender] = None


def _opening(survey: Survey) -> Iterator[AnyRow]:
    title = f"WhatsApp chat “{survey.thread}”" if survey.thread else "WhatsApp chat"
    yield Summary(title=title, platform="WhatsApp")
    if survey.calendar.contradictory:
        yield NotUnderstood(
            text="The dates contradict each other on which number is the day: no order fits every line.",
            place="whole file",
        )
    if survey.pasted:
        yield NotUnderstood(
            text=f"Lines that look like message headers of another style: {survey.pasted}. They were kept as"
            " text of the message before them.",
            place="whole file",
        )
    if survey.unread:
        yield NotUnderstood(
            text=f"Lines that look like message headers of a shape that is not read: {survey.unread}, the first is"
            f" line {survey.first_unread}. They were kept as text of the message before them.",
            place=f"line {survey.first_unread}",
        )
    if survey.nuls:
        yield NotUnderstood(
            text=f"The chat holds {survey.nuls} NUL characters, shown as “{decoding.SHOWN_NUL}”.",
            place="whole file",
        )


def _entries(
    file: BinaryIO, encoding: decoding.Encoding, style: Style | None, options: Options
) -> Iterator[Entry]:
    entry: Entry | None = None
    length = 0
    for number, offset, line in pieces(file, encoding):
        header = headers.parse(line) if not offset else None
        if header is not None and header.style == style:
            if entry:
                yield entry
            entry, length = Entry(number, header, [line[header.end :]]), 0
        elif entry is None:
            entry, length = Entry(number, None, [line]), 0
        elif length > options.max_text:
            entry.cut = True
        else:
            entry.parts.append(line if offset else "\n" + line)
            length += len(line) + 1
    if entry:
        yield entry


def _moment(header: Header, orders: tuple[Order, ...], hours: tuple[time, ...]) -> Moment:
    found: list[datetime] = list(headers.readings(header, orders, hours))
    precision: Precision = "second" if header.style.seconds else "minute"
    return Moment(raw=header.raw, candidates=tuple(found), precision=precision)


class _Chat:
    """The second pass: each entry becomes a message, and its sender a person when first met."""

    def __init__(self, survey: Survey, options: Options) -> None:
        self.survey, self.options = survey, options
        self.reader = Reader(options)
        self.orders = survey.orders(options)
        self.people: dict[str, str] = {}
        self.number = 0
        self._is_doubt_said = False

    def rows(self, entries: Iterator[Entry]) -> Iterator[AnyRow]:
        for entry in entries:
            if entry.header is None:
                yield from self._preface(entry)
                continue
            if self.number >= self.options.max_rows:
                yield Failed(reason=f"Stopped at the limit of {self.options.max_rows} messages.")
                return
            self.number += 1
            yield from self._message(entry, entry.header)

    def _preface(self, entry: Entry) -> Iterator[AnyRow]:
        if entry.text.strip():
            yield FreeText(text=entry.text, place=f"line {entry.line}", label="before the first message")
            yield from self.reader.mentioned(entry.text, place=f"line {entry.line}")

    def _message(self, entry: Entry, header: Header) -> Iterator[AnyRow]:
        sender, text = self._sender_and_text(entry.text)
        moment = _moment(header, self.orders, self.survey.calendar.hours(header))
        place = f"message {self.number}"
        if len(moment.candidates) > 1 and not self._is_doubt_said:
            self._is_doubt_said = True  # once is enough: it is the same for the whole file
            yield AmbiguousPart(raw=header.raw, candidates=readings(moment), place=place)
        if not moment.candidates:
            yield NotUnderstood(
                text=f"“{shorten(header.raw)}” at {place} was not read as a time.", place=place
            )
        if entry.cut:
            yield NotUnderstood(
                text=f"The text of {place} is longer than {self.options.max_text} characters; the rest was"
                " not read.",
                place=place,
                sort="cut",
            )
        is_system = sender is None or lines.is_notice(text) or self._is_apps_own(sender, text)
        person = None
        if sender is not None and not is_system:
            person, rows = self._person(sender, moment)
            yield from rows
        yield Message(
            number=self.number,
            text=text,
            place=f"line {entry.line}",
            kind="system" if is_system else "chat",
            thread=self.survey.thread,
            sender=sender,
            sender_person=person,
            sent_at=moment,
            attachments=() if is_system else lines.attachments(text),
        )
        yield from self._mentions(text, moment, is_system=is_system)

    def _is_apps_own(self, sender: str, text: str) -> bool:
        """Tell the lines that iOS writes in the name of the group from those of a contact of that name."""
        return self.survey.is_the_chat(sender) and text.startswith(_OWN_MARK) and not lines.attachments(text)

    def _sender_and_text(self, rest: str) -> tuple[str | None, str]:
        sender, text = lines.split_sender(rest)
        if sender is None:
            # "Name:." without the blank: a message when somebody of that name speaks elsewhere in the chat.
            name = lines.bare(rest.partition(":")[0])
            return (name, rest.partition(":")[2]) if name in self.survey.times else (None, rest)
        if lines.tells_a_deed(sender) and self.survey.wrote_once(sender):
            return None, rest
        longer = self.survey.name_with_colon(sender)
        if longer:
            return longer, text[len(longer) - len(sender) :]
        return sender, text

    def _person(self, sender: str, moment: Moment) -> tuple[str, Iterator[AnyRow]]:
        known = self.people.get(sender)
        if known:
            return known, iter(())
        key = self.people[sender] = f"sender {len(self.people) + 1}"
        return key, self._introduce(key, sender, moment)

    def _introduce(self, key: str, sender: str, moment: Moment) -> Iterator[AnyRow]:
        place = f"message {self.number}"
        yield Person(key=key, role="unknown", place=place, names=(sender,))
        if not any(sign.isalnum() for sign in sender):
            return  # a name of pictures alone: the person has it, but it identifies nobody
        facts: dict[str, Any] = {
            "place": place,
            "person": key,
            "seen_at": moment,
            "event": "message",
            "message": self.number,
        }
        if lines.is_number(sender):
            yield from self.reader.declared("phone", sender, **facts)
        else:
            yield from self.reader.named(sender, **facts)

    def _mentions(self, text: str, moment: Moment, *, is_system: bool) -> Iterator[AnyRow]:
        place = f"message {self.number}"
        calls = []
        for start, end, kind, raw in lines.called(text):
            calls.append((start - 2, end))
            yield from self._mention(kind, raw, text, (start, end), moment)
        spans = list(calls)
        for row in self.reader.mentioned(text, place=place, seen_at=moment, message=self.number):
            if isinstance(row, Sighting) and row.start is not None and row.end is not None:
                if _overlaps(row.start, row.end, calls):
                    continue  # "@" and a name is a call to a member here, no handle
                spans.append((row.start, row.end))
            yield row
        spans.sort()
        for start, end in lines.numbers(text) if is_system else ():
            # A number that the app itself wrote is meant as one, even where the rules for text are stricter.
            if not _overlaps(start, end, spans):
                yield from self._mention("phone", text[start:end], text, (start, end), moment)

    def _mention(
        self, kind: str, raw: str, text: str, span: tuple[int, int], moment: Moment
    ) -> Iterator[AnyRow]:
        start, end = span
        for row in self.reader.declared(
            kind, raw, place=f"message {self.number}", way="mentioned", seen_at=moment, message=self.number,
            start=start, end=end,
        ):  # fmt: skip
            if isinstance(row, Sighting):
                written = msgspec.structs.replace(row.value, raw=text[start:end])
                yield msgspec.structs.replace(row, value=written)
            else:
                yield row


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Say whether a stretch meets one of `spans`, which are in order and apart. Messages may hold thousands."""
    before = bisect.bisect_left(spans, (end, 0))
    return before > 0 and spans[before - 1][1] > start
