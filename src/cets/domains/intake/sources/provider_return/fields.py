"""Labels and values of a web page, however it lays them out: nested tables, nested boxes, lists, tables with headings.

What stands first in a box that goes on to hold boxes is their label; what stands in a box without any is a value.
"""

import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import TextIO

import msgspec

from cets.domains.intake.html_tokens import REMARK, Tag, tokens

MOST_OPEN = 400  # elements inside one another
_DEEPEST = 8  # labels over a value
LONGEST = 10_000_000  # characters of one value
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "code",
        "em",
        "font",
        "i",
        "label",
        "mark",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
        "wbr",
    }
)
_EMPTY = frozenset({REMARK, "area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source"})
_UNSEEN = frozenset({"script", "style", "template"})
_LABELS = frozenset({"th", "dt"})
_TABLE = "table"
_SECTION = re.compile(r"property-([\w-]{1,80})$")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_LABELLED = re.compile(r"([A-Za-z][^:\n]{0,60}?):\s+(\S.*)", re.DOTALL)


class Field(msgspec.Struct, frozen=True):
    """One value with the labels over it, outermost first, and where it begins in the text of the file."""

    section: str
    labels: tuple[str, ...]
    value: str
    at: int
    row: int | None = None  # of a table with headings

    @property
    def label(self) -> str:
        return self.labels[-1] if self.labels else ""


class _Element(msgspec.Struct):
    tag: str
    section: str
    label: str = ""
    text: list[str] = msgspec.field(default_factory=list)
    has_text: bool = False
    at: int = 0
    headings: list[str] = msgspec.field(default_factory=list)  # of a table
    rows: int = 0
    cells: int = 0  # of a row
    holds: bool = False  # another element
    made_label: bool = False  # of the text before it


def fields(text: TextIO) -> Iterator[Field]:
    """Yield the fields of a page as they come. Linear, and in bounded memory but for one value."""
    page = _Page()
    for token, at in tokens(text):
        yield from page.take(token, at)
    yield from page.end()


class _Page:
    def __init__(self) -> None:
        self._open = [_Element("", "")]
        self._unseen = ""
        self._heading = ""

    def take(self, token: str | Tag, at: int) -> Iterator[Field]:
        if self._unseen:
            if isinstance(token, Tag) and token.closes and token.name == self._unseen:
                self._unseen = ""
        elif isinstance(token, str):
            self._text(html.unescape(token), at)
        elif token.name in _UNSEEN and not token.closes:
            self._unseen = token.name
        elif token.name in _EMPTY:
            self._text("\n" if token.name == "br" else _picture(token) if token.name == "img" else "", at)
        elif token.name not in _INLINE:
            yield from self._close(token.name) if token.closes else self._begin(token)

    def end(self) -> Iterator[Field]:
        while len(self._open) > 1:
            yield from self._pop()
        yield from self._value(self._open[0])

    def _text(self, text: str, at: int) -> None:
        held = self._open[-1]
        if not held.has_text and text.strip():
            held.has_text, held.at = True, at + len(text) - len(text.lstrip())
        held.text.append(text)

    def _begin(self, tag: Tag) -> Iterator[Field]:
        parent = self._open[-1]
        text = _squeezed(parent.text)
        made_label, parent.holds = bool(text) and not parent.label, True
        if made_label:
            parent.label, parent.text, parent.has_text = text, [], False
        elif text:
            yield from self._value(parent)
        section = _SECTION.search(tag.attributes.get("id", ""))
        if len(self._open) < MOST_OPEN:
            inner = _Element(tag.name, section[1] if section else parent.section, made_label=made_label)
            self._open.append(inner)

    def _close(self, name: str) -> Iterator[Field]:
        """Close an element, and what was left open in it; one that was never opened closes nothing."""
        if any(element.tag == name for element in self._open):
            while self._open[-1].tag != name:
                yield from self._pop()
            yield from self._pop()

    def _pop(self) -> Iterator[Field]:
        element = self._open.pop()
        parent = self._open[-1]
        if element.made_label and not element.holds and not _squeezed(element.text):
            # A box with nothing in it is there for the look of the page: the text before it heads nothing.
            parent.text, parent.has_text, parent.label = [parent.label, "\n"], True, ""
            return
        if element.tag in _LABELS:
            label = _squeezed(element.text)
            table = self._table()
            if parent.label and table is not None and element.tag == "th":  # a second one: a row of headings
                table.headings = [*(table.headings or [parent.label]), label]
            parent.label = label
            return
        if element.tag == "tr":
            table = self._table()
            if table is not None:
                table.rows += 1
        if element.tag == "td":
            yield from self._value(element, cell=parent)
            parent.cells += 1
            return
        if element.tag in _HEADINGS:
            parent.section = _squeezed(element.text)[:80] or parent.section
        yield from self._value(element)

    def _labels(self, element: _Element) -> Iterator[str]:
        """Yield the labels over a value, innermost first."""
        if element.label:
            yield element.label
        yield from (outer.label for outer in reversed(self._open) if outer.label and outer is not element)

    def _table(self) -> _Element | None:
        return next((element for element in reversed(self._open) if element.tag == _TABLE), None)

    def _value(self, element: _Element, *, cell: _Element | None = None) -> Iterator[Field]:
        text, element.text, element.has_text = _squeezed(element.text), [], False
        if not text:
            return
        labels = list(islice(self._labels(element), _DEEPEST))[::-1]
        table = self._table() if cell is not None else None
        if cell is not None and table is not None and len(table.headings) > cell.cells:
            yield Field(
                element.section, (table.headings[cell.cells],), text[:LONGEST], element.at, table.rows
            )
            return
        labelled = (
            _LABELLED.fullmatch(text)
            if not element.label and element.tag in ("li", "p", "div", "dd", "td")
            else None
        )
        if labelled and not labels:
            labels, text = [labelled[1]], labelled[2].strip()
        yield Field(element.section, tuple(labels), text[:LONGEST], element.at)


def _picture(tag: Tag) -> str:
    target = tag.attributes.get("src", "")
    return "" if target.startswith("data:") else f" {target} "


def _squeezed(parts: list[str]) -> str:
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(filter(None, lines))
