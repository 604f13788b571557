"""Signal chats as text: what `signal-export` and its kin write from Signal Desktop or a phone's backup.

[2026-12-31, 21:14] Kea: text              older, by the minute
[2026-12-31 21:14:05] Me: text             newer, by the second, with two blanks at the end
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

import msgspec

from cets.domains.intake.reading import Reader, shorten
from cets.domains.intake.rows import AnyRow, Failed, Message, NotUnderstood, Person, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.sources.text.source import pieces
from cets.kernel.moments import Moment

_HEADER = re.compile(
    r"\[(?P<when>\d{4}-\d{2}-\d{2}(?P<comma>,?) \d{2}:\d{2}(?P<seconds>:\d{2})?)\] (?P<name>[^\n]{1,120}?):(?: (?P<text>.*)|(?=$))",
    re.DOTALL,
)
_NEWER = re.compile(r"  $|\]\(\./media/|^\(- .+ -\)$")
_NUMBER = re.compile(r"\+?\d[\d ()\-]{6,20}\d")
_ATTACHED = re.compile(r"!?\[(?P<file>[^\[\]\n]{1,200})\]\(\.?/?media/[^()\n]{1,400}\)")
_REACTIONS = re.compile(r"\(- (?P<all>.{1,2000}) -\)")
_CALL = re.compile(
    r"(?:Incoming|Outgoing|Missed)(?: (?:voice|video|group|adhoc|direct))? call(?: \([^()\n]{1,60}\))?\s*"
)
_DELETED = "(This message was deleted)"
#: Whose Signal was exported; and what stands where the program knew no name.
_OWNER, _NOBODY = "Me", frozenset({"No-Sender", "None", "Unknown"})


class Signal(Source):
    name = "signal"
    caption = "Signal chat export (text)"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        text = decoding.decode_head(head)
        if text is None:
            return 0.0
        first = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
        styles = [_style(found) for line in first if (found := _HEADER.match(line))]
        if not styles or not _HEADER.match(first[0]) or len(set(styles)) > 1:
            return 0.0
        if styles[0] == (True, False):
            return 0.96
        return 0.96 if styles[0] == (False, True) and any(map(_NEWER.search, first)) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        encoding = decoding.detect(file)
        yield from decoding.remarks(encoding)
        yield Summary(title="Signal chat", platform="Signal")
        yield from _Chat(options).rows(file, encoding)


def _style(found: re.Match[str]) -> tuple[bool, bool]:
    """What is the same in all headers of one file; another is pasted text."""
    return bool(found["comma"]), bool(found["seconds"])


class _Entry(msgspec.Struct):
    """One message: its header's parts, and its lines. `cut`: longer than is read."""

    line: int
    when: str
    name: str
    parts: list[str]
    length: int = 0
    cut: bool = False


class _Chat:
    """Cuts the file into messages, each sender introduced when first met."""

    def __init__(self, options: Options) -> None:
        self._options, self._reader = options, Reader(options, platform="signal")
        self._people: dict[str, str] = {}
        self._number = self._nuls = self._pasted = 0

    def rows(self, file: BinaryIO, encoding: decoding.Encoding) -> Iterator[AnyRow]:
        style: tuple[bool, bool] | None = None
        entry: _Entry | None = None
        for number, start, piece in pieces(file, encoding):
            self._nuls += piece.count("\x00")
            text = decoding.clean(piece).lstrip("\ufeff") if number == 1 else decoding.clean(piece)
            found = _HEADER.match(text) if not start else None
            style = style or (_style(found) if found else None)
            if found and _style(found) == style:
                if entry:
                    yield from self._message(entry)
                if self._number >= self._options.max_rows:
                    yield Failed(reason=f"Stopped at the limit of {self._options.max_rows} messages.")
                    return
                entry = _Entry(number, found["when"], found["name"].strip(), [found["text"] or ""])
            elif entry:
                self._pasted += bool(found)
                self._add(entry, text if start else "\n" + text)
            elif text.strip():
                yield from self._reader.free_text(
                    text, place=f"line {number}", label="before the first message"
                )
        if entry:
            yield from self._message(entry)
        yield from self._said_once()

    def _add(self, entry: _Entry, text: str) -> None:
        entry.length += len(text)
        entry.cut = entry.cut or entry.length > self._options.max_text
        if not entry.cut:
            entry.parts.append(text)

    def _message(self, entry: _Entry) -> Iterator[AnyRow]:
        self._number += 1
        place, text = f"message {self._number}", "".join(entry.parts).rstrip()
        moment = _moment(entry.when)
        if not moment.candidates:
            yield NotUnderstood(
                text=f"“{shorten(entry.when)}” at {place} was not read as a time.", place=place
            )
        if entry.cut:
            yield NotUnderstood(
                text=f"The text of {place} is longer than {self._options.max_text} characters; the rest was not read.",
                place=place,
                sort="cut",
            )
        sender = None if entry.name in _NOBODY else entry.name
        person = None
        if sender:
            if sender not in self._people:
                yield from self._introduce(sender, place, moment)
            person = self._people[sender]
        is_system = text == _DELETED or bool(_CALL.fullmatch(text))
        yield Message(
            number=self._number,
            text=text,
            place=f"line {entry.line}",
            kind="system" if is_system else "chat",
            sender=sender,
            sender_person=person,
            sent_at=moment,
            headers=tuple(("Reactions", found["all"]) for found in _REACTIONS.finditer(text)),
            attachments=tuple(found["file"] for found in _ATTACHED.finditer(text)),
        )
        yield from self._reader.mentioned(text, place=place, seen_at=moment, message=self._number)

    def _introduce(self, name: str, place: str, moment: Moment) -> Iterator[AnyRow]:
        key = self._people[name] = f"sender {len(self._people) + 1}"
        is_owner = name == _OWNER
        about = (("Role in the chat", "whose Signal was exported"),) if is_owner else ()
        yield Person(key=key, role="unknown", place=place, names=(name,), facts=about)
        if is_owner or not any(map(str.isalnum, name)):
            return
        facts: dict[str, Any] = {
            "place": place,
            "person": key,
            "seen_at": moment,
            "event": "message",
            "message": self._number,
        }
        if _NUMBER.fullmatch(name):
            yield from self._reader.declared("phone", name, **facts)
        else:
            yield from self._reader.named(name, **facts)

    def _said_once(self) -> Iterator[AnyRow]:
        if self._pasted:
            yield NotUnderstood(
                text=f"Lines that look like message headers of another style: {self._pasted}. They were kept as"
                " text of the message before them.",
                place="whole file",
            )
        if self._nuls:
            yield NotUnderstood(
                text=f"The chat holds {self._nuls} NUL characters, shown as “{decoding.SHOWN_NUL}”.",
                place="whole file",
            )


def _moment(written: str) -> Moment:
    """Read a wall clock of a zone that nothing names."""
    has_seconds = written.count(":") > 1
    try:
        at = datetime.fromisoformat(written.replace(",", ""))
    except ValueError:
        return Moment(raw=written)
    return Moment(raw=written, candidates=(at,), precision="second" if has_seconds else "minute")
