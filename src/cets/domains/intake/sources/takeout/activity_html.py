"""My Activity as a page: each line in a cell, with its title and link, further words, its time; beside it products and places."""

import html
import re
from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.reading import Reader, is_unread
from cets.domains.intake.rows import AnyRow, NotUnderstood
from cets.domains.intake.sources.takeout.activity import Activities, Line
from cets.domains.intake.sources.text import decoding

_CELL = '<div class="outer-cell'
_CHUNK, _LONGEST_CELL = 1 << 16, 1 << 20
_TITLE = re.compile(r'mdl-typography--title">(.{0,500}?)</p>', re.DOTALL)
_BODY = re.compile(
    r'<div class="content-cell[^">]{0,200}mdl-typography--body-1"[^>]{0,100}>(.*?)</div>', re.DOTALL
)
_CAPTION = re.compile(
    r'<div class="content-cell[^">]{0,200}mdl-typography--caption"[^>]{0,100}>(.*?)</div>', re.DOTALL
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LINK = re.compile(r'<a\s[^>]{0,20000}?href="([^"]{0,20000})"', re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,20000}>")
_SECTION = re.compile(r"<b>([^<>]{1,100}?):?</b>", re.IGNORECASE)
_HOUR = re.compile(r"\d\s?[:.時时시h]\s?\d")
_BLANKS = re.compile(r"[\s\u00a0\u2003\u202f]+")


def is_activity(head: bytes) -> bool:
    """Say whether this begins as Google's page of activities does."""
    return b"<html" in head[:1000].lower() and b"mdl-typography--title" in head and _CELL.encode() in head


def rows(file: BinaryIO, activities: Activities) -> Iterator[AnyRow]:
    encoding = decoding.detect(file)
    yield from decoding.remarks(encoding)
    for number, cell in enumerate(_cells(file, encoding), 1):
        place = f"entry {number}"
        line = _line(cell, place, activities.traces.reader)
        if line is None:
            yield NotUnderstood(
                text=f"{place.capitalize()} has not the form of an activity; its text is searched.",
                place=place,
            )
            yield from activities.traces.reader.free_text(
                _words(cell), place=place, label="entry of another form"
            )
        else:
            yield from activities.add(line)


def _cells(file: BinaryIO, encoding: decoding.Encoding) -> Iterator[str]:
    """Yield the cells one by one; one that is too long is cut."""
    held, begun = "", False
    with decoding.reader(file, encoding) as text:
        while chunk := text.read(_CHUNK):
            *whole, held = (held + decoding.clean(chunk)).split(_CELL)
            for piece in whole:
                if begun:
                    yield piece[:_LONGEST_CELL]
                begun = True
            if len(held) > _LONGEST_CELL + len(_CELL):
                # Its end may be the beginning of the next one's mark.
                held = held[:_LONGEST_CELL] + held[-len(_CELL) :]
    if begun:
        yield held[:_LONGEST_CELL]


def _line(cell: str, place: str, reader: Reader) -> Line | None:
    body = _BODY.search(cell)
    if not body:
        return None
    parts = [part for part in _BREAK.split(body[1]) if _words(part)]
    line = Line(place)
    title = _TITLE.search(cell)
    line.header = _words(title[1]) if title else ""
    for index in range(len(parts) - 1, -1, -1):
        when = reader.time(_words(parts[index]))
        if not is_unread(when):
            line.at = when
            del parts[index]
            break
    if line.at is None and len(parts) > 1 and _HOUR.search(_words(parts[-1])):
        line.at = reader.time(
            _words(parts.pop())
        )  # each has its time at the end: one that is not read is said
    if parts:
        line.title, line.url = _words(parts[0]), _link(parts[0])
    line.beside = [(_words(part), _link(part)) for part in parts[1:]]
    caption = _CAPTION.search(cell)
    if caption:
        _read_caption(caption[1], line)
    return line


def _read_caption(caption: str, line: Line) -> None:
    """Take what stands under headings: "Products", "Locations" and others, in the language of the account; links are of places."""
    _, *sections = _SECTION.split(caption)
    for index, (heading, content) in enumerate(zip(sections[::2], sections[1::2], strict=False)):
        entries = [(_words(part), _link(part)) for part in _BREAK.split(content) if _words(part)]
        if not index:  # the products come first
            line.products = tuple(words for words, _ in entries)
        elif any("/maps" in link for _, link in entries):
            line.places += entries
        else:
            line.facts += [(_words(heading).lower(), words) for words, _ in entries]


def _words(markup: str) -> str:
    return _BLANKS.sub(" ", html.unescape(_TAG.sub("", markup))).strip()


def _link(markup: str) -> str:
    found = _LINK.search(markup)
    return html.unescape(found[1]) if found else ""
