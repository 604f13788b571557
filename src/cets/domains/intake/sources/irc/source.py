"""Logs of Internet Relay Chat as the usual programs keep them: messages, actions, and who came and went from where."""

import ipaddress
import re
from collections.abc import Generator, Iterator
from typing import Any, BinaryIO

import msgspec

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Ambiguous, Context, NotValid
from cets.domains.identifiers.kinds.handle import clean_handle
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import (
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
from cets.domains.intake.sources.irc import lines
from cets.domains.intake.sources.irc.days import Days, Fault
from cets.domains.intake.sources.irc.lines import Body, Line
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.sources.text.source import pieces
from cets.kernel.moments import Moment

_TRIED = 300
_MOST_NICKS = 200_000
_EVENTS = {"join": "JOIN", "part": "PART", "quit": "QUIT", "nick": "NICK", "kick": "KICK"}
_ENOUGH, _FEW = 0.7, 2
_BRACKETS = re.compile(r"\]\s+<[^<>\s]|\d\s+<[^<>]")
_TABBED_SIGN = re.compile(r"\t(?:-->|<--|--| \*)\t")


class Irc(Source):
    name = "irc"
    caption = "IRC log"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:
        text = decoding.decode_head(head)
        if text is None:
            return 0.0
        first = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
        first = first[: max(1, len(first) - (size > len(head)))][:_TRIED]
        days = sum(lines.day_line(line) is not None for line in first)
        rest = [lines.plain(line) for line in first if not lines.day_line(line)]
        pairs = [(line, text) for text in rest if (line := lines.parse(text)) and _is_of_irc(line)]
        if not pairs or len(pairs) < len(rest) * _ENOUGH or len(pairs) + days < _FEW:
            return 0.0
        return 0.96 if days or _tells(pairs) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        encoding = decoding.detect(file)
        yield from decoding.remarks(encoding)
        survey = _survey(file, encoding)
        yield Summary(title=f"IRC log of {survey.channel}" if survey.channel else "IRC log", platform="IRC")
        yield from _Log(survey, options).rows(file, encoding)


def _is_of_irc(line: Line) -> bool:
    return bool(line.body.text) or line.body.nick is not None


def _tells(read: list[tuple[Line, str]]) -> bool:
    """Say whether stamped lines are of a chat, and not a server's log or a table with tabs."""
    notices = sum(line.body.sort in _EVENTS for line, _ in read)
    in_brackets = sum(line.body.sort == "chat" and bool(_BRACKETS.search(text)) for line, text in read)
    counted = sum(line.stamp is not None and line.stamp.epoch is not None for line, _ in read)
    has_signs = any(_TABBED_SIGN.search(text) for _, text in read)
    return (notices + in_brackets) * 4 >= len(read) or counted * 2 > len(read) or has_signs


class _Survey(msgspec.Struct):
    """What the first pass learns: who speaks or comes and goes, and the channel when it is one."""

    nicks: set[str] = msgspec.field(default_factory=set)
    channels: dict[str, None] = msgspec.field(default_factory=dict)

    @property
    def channel(self) -> str | None:
        return next(iter(self.channels)) if len(self.channels) == 1 else None


def _survey(file: BinaryIO, encoding: decoding.Encoding) -> _Survey:
    survey = _Survey()
    for _, start, piece in pieces(file, encoding):
        found = lines.parse(lines.plain(piece)) if not start else None
        if found is None:
            ident = lines.ident_line(piece) if not start else None
            if ident:
                survey.channels[ident.casefold()] = None
            continue
        body = found.body
        if body.sort not in ("action", "system") and len(survey.nicks) < _MOST_NICKS:
            survey.nicks.update(filter(None, (body.nick, body.other)))
        if body.channel and len(survey.channels) < _MOST_NICKS:
            survey.channels[body.channel.casefold()] = None
    return survey


class _Log:
    """The second pass: a message for each line, a person for each name when first met."""

    def __init__(self, survey: _Survey, options: Options) -> None:
        self._survey, self._options = survey, options
        self._reader = Reader(options, platform="irc")
        self._days = Days()
        self._people: dict[str, str] = {}
        self._rooms: set[str] = set()
        self._number = self._nuls = 0
        self._faults: dict[str, list[int]] = {}  # how many, and the first line

    def rows(self, file: BinaryIO, encoding: decoding.Encoding) -> Iterator[AnyRow]:
        for number, start, piece in pieces(file, encoding):
            if self._number >= self._options.max_rows:
                yield Failed(reason=f"Stopped at the limit of {self._options.max_rows} messages.")
                break
            self._nuls += piece.count("\x00")
            text = lines.plain(decoding.clean(piece).lstrip("\ufeff"))
            if text.strip():
                yield from self._line(text, number, start)
        yield from self._said_once()

    def _line(self, text: str, number: int, start: int) -> Iterator[AnyRow]:
        if start:
            yield from self._reader.free_text(text, place=f"line {number}, from character {start + 1}")
            return
        when = lines.day_line(text)
        if when:
            self._days.opened(when)
        found = None if when else lines.parse(text)
        if found is None:
            if not when and not lines.ident_line(text):
                self._count("no shape", number)
            yield FreeText(text=text, place=f"line {number}")
            yield from self._reader.mentioned(text, place=f"line {number}")
            return
        yield from self._message(found, number)

    def _message(self, line: Line, number: int) -> Iterator[AnyRow]:
        self._number += 1
        moment = self._moment(line, number)
        body, place = line.body, f"line {number}"
        is_chat = body.sort == "chat" or (body.sort == "action" and body.nick in self._survey.nicks)
        facts: dict[str, Any] = {"place": place, "seen_at": moment, "message": self._number}
        yield from self._room(body, facts)
        person = None
        if body.nick and (is_chat or body.sort not in ("action", "system")):
            person = yield from self._introduce(body.nick, _EVENTS.get(body.sort, "message"), (), facts)
        if body.other:
            yield from self._other(body, body.other, facts)
        yield Message(
            number=self._number,
            text=body.text,
            place=place,
            kind="chat" if is_chat else "system",
            thread=self._survey.channel or body.channel,
            sender=body.nick if is_chat else None,
            sender_person=person if is_chat else None,
            sent_at=moment,
        )
        if body.host:
            yield from self._host(body.host, person, _EVENTS.get(body.sort), facts)
        for row in self._reader.mentioned(body.text, **facts):
            if not (isinstance(row, Sighting) and _is_within(row, body.masks)):
                yield row

    def _moment(self, line: Line, number: int) -> Moment | None:
        if line.stamp is None:
            return None
        moment, fault = self._days.moment(line.stamp)
        if fault:
            self._count(fault, number)
        return moment

    def _count(self, fault: Fault | str, number: int) -> None:
        self._faults.setdefault(fault, [0, number])[0] += 1

    def _other(self, body: Body, nick: str, facts: dict[str, Any]) -> Iterator[AnyRow]:
        """A new name is a person of its own: the same line says that one became the other, and people judge."""
        before = (("Before", f"{body.nick} ({facts['place']})"),) if body.sort == "nick" else ()
        yield from self._introduce(nick, _EVENTS.get(body.sort, "message"), before, facts)

    def _introduce(
        self, nick: str, event: str, about: tuple[tuple[str, str], ...], facts: dict[str, Any]
    ) -> Generator[AnyRow, None, str]:
        """Introduce who is named, once. Returns the key."""
        known = self._people.get(nick.casefold())
        if known:
            return known
        key = self._people[nick.casefold()] = f"nick {len(self._people) + 1}"
        yield Person(key=key, role="unknown", place=str(facts["place"]), names=(nick,), facts=about)
        kind = "account"
        try:
            clean_handle(nick)
        except NotValid:
            kind = "display_name"  # brackets and bars are common in nicknames here, and no sign of an account elsewhere
        if any(map(str.isalnum, nick)):
            yield from self._reader.declared(kind, nick, person=key, event=event, **facts)
        return key

    def _room(self, body: Body, facts: dict[str, Any]) -> Iterator[AnyRow]:
        room = (body.channel or "").casefold()
        if room and room not in self._rooms:
            self._rooms.add(room)
            yield from self._reader.declared("group", str(body.channel), **facts)

    def _host(
        self, host: str, person: str | None, event: str | None, facts: dict[str, Any]
    ) -> Iterator[AnyRow]:
        """Where somebody came from, as the server tells: an address, or its name; a cloak is neither."""
        kind = _kind_of_host(host)
        if kind:
            yield from self._reader.declared(kind, host, person=person, event=event, **facts)

    def _said_once(self) -> Iterator[AnyRow]:
        sentences = {
            "no day": "Lines with a time of day, but no day anywhere before them",
            "no time": "Lines with a time that cannot be",
            "no shape": "Lines of no shape that a log has, kept as text",
        }
        for fault, (count, first) in self._faults.items():
            yield NotUnderstood(
                text=f"{sentences[fault]}: {count}, the first is line {first}.", place=f"line {first}"
            )
        if self._nuls:
            yield NotUnderstood(
                text=f"The log holds {self._nuls} NUL characters, shown as “{decoding.SHOWN_NUL}”.",
                place="whole file",
            )


def _kind_of_host(host: str) -> str | None:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return "ip"
    try:
        kinds.clean("domain", host, Context())
    except (NotValid, Ambiguous):
        return None
    return "domain"


def _is_within(row: Sighting, masks: tuple[tuple[int, int], ...]) -> bool:
    return any(
        row.start is not None and row.end is not None and row.start < end and row.end > start
        for start, end in masks
    )
