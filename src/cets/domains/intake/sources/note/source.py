"""An officer's note, typed into the desk and wrapped in an envelope of our own (see README.md)."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Failed, FreeText, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options, Source

FIRST_LINE = b"CETS-NOTE 1"
_HEADERS = ("author", "at", "title")
_LONGEST = 10_000_000


def compose(*, author: str, at: datetime, text: str, title: str | None = None) -> bytes:
    """Wrap a note for sealing. `at` must be aware; header values lose their line breaks."""
    assert at.tzinfo is not None
    headers = [f"author: {_one_line(author)}", f"at: {at.isoformat(timespec='seconds')}"]
    if title:
        headers.append(f"title: {_one_line(title)}")
    body = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join([FIRST_LINE.decode(), *headers, "", body]).encode()


def _one_line(value: str) -> str:
    return " ".join(value.split())


class Note(Source):
    name = "note"
    caption = "Officer's note"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        first = head[:64].removeprefix(b"\xef\xbb\xbf").splitlines()
        return 1.0 if first and first[0] == FIRST_LINE else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        raw = file.read(_LONGEST + 1)
        if len(raw) > _LONGEST:
            yield Failed(reason=f"A note may be {_LONGEST // 1_000_000} MB long; this one is longer.")
            return
        text = raw.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\x00", "\u2400")
        if "\ufffd" in text:
            yield NotUnderstood(
                text="Some bytes of the note are not UTF-8; each is shown as “\ufffd”.", place="whole file"
            )
        lines = text.split("\n")
        body = next((index for index, line in enumerate(lines) if not line.strip()), len(lines))
        reader = Reader(options)
        yield from _head(reader, lines[1:body])
        for place, paragraph in _paragraphs(lines, body):
            yield from reader.free_text(paragraph, place=place, label="note")


def _head(reader: Reader, lines: list[str]) -> Iterator[AnyRow]:
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 2):
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if not colon or name not in _HEADERS or name in found:
            yield NotUnderstood(
                text=f"Line {number} of the note's head is not known.", place=f"line {number}"
            )
            continue
        found[name] = value.strip()
        if name == "author" and value.strip():
            yield FreeText(text=value.strip(), place=f"line {number}", label="author")
    written_at = reader.time(found["at"]) if found.get("at") else None
    if written_at is not None:
        yield from reader.time_doubts(written_at, place="header at")
    yield Summary(title=found.get("title") or "Officer's note", received_at=written_at)


def _paragraphs(lines: list[str], body: int) -> Iterator[tuple[str, str]]:
    """Yield each paragraph with its place."""
    start = body
    for index in range(body, len(lines) + 1):
        if index == len(lines) or not lines[index].strip():
            if index > start:
                place = f"line {index}" if index == start + 1 else f"lines {start + 1} to {index}"
                yield place, "\n".join(lines[start:index])
            start = index + 1
