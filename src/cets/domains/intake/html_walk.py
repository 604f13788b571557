"""A walk over a web page of any size: its records one by one as small trees, and what stands around them, in bounded memory.

    page = HtmlPage(is_record)
    for element in page.walk(text):
        if element.name == AROUND:
            ...  # what stands between two records, flat
        elif name := element.take("from_name"):
            ...  # name.words; what was taken is gone from the element, so that the source can tell what is left

A record is never within another: where one begins in one that was not closed, the other ends. Of one that is too large
the rest stands around it, and `whole` is False.
"""

import html
import re
from collections.abc import Callable, Collection, Iterator
from typing import Final, TextIO

import msgspec

from cets.domains.intake.html_tokens import REMARK, Tag, tokens
from cets.domains.intake.sources.eml.html_text import BLOCKS

#: The name of what stands around records.
AROUND: Final = ""
DEEPEST: Final = 200
#: Of one record.
MOST_PARTS: Final = 100_000
MOST_TEXT: Final = 12_000_000
#: Of what stands around records, before it is handed on.
_MOST_AROUND = 1_000
_EMPTY = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", REMARK,
})  # fmt: skip
_UNSEEN = frozenset({"script", "style", "template"})
#: What a reader is shown when he points at something, and whose it is where a program notes that.
_SHOWN = re.compile(
    r"title|alt|aria-label|value|datetime|data-[a-z-]{0,30}(?:user|author|sender|name)[a-z-]{0,30}"
)
#: Words of one link, or of one command, are none of the words beside it.
_APART = frozenset({"a", "code", "td", "th", "button"})
#: Stand where a block, and where a link begins or ends (no characters of any text).
_EDGE, _SIDE = "\ufdd1", "\ufdd0"
_BETWEEN_WORDS = re.compile(rf"(?<=\w){_SIDE}+(?=[\w+@])")
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_AROUND_LINES = re.compile(r" *\n *")
_AROUND_EDGES = re.compile(rf"[ \n]*{_EDGE}[ \n{_EDGE}]*")
_WIDE_GAPS = re.compile(r"\n{3,}")


class Element(msgspec.Struct):
    """`at`: where it begins in the text of the page. Pieces of text in `inside` are as written, escapes and all."""

    name: str
    at: int
    attributes: dict[str, str] = {}
    inside: list["Element | str"] = []
    whole: bool = True

    @property
    def classes(self) -> frozenset[str]:
        return frozenset(self.attributes.get("class", "").split())

    @property
    def words(self) -> str:
        """The text that a reader sees. Lines end where it breaks them, and where a block begins or ends."""
        pieces: list[str] = []
        _gather(self, pieces)
        text = _BETWEEN_WORDS.sub(" ", "".join(pieces)).replace(_SIDE, "")
        text = _WIDE_GAPS.sub("\n\n", _AROUND_LINES.sub("\n", _BLANKS.sub(" ", text)))
        return _AROUND_EDGES.sub("\n", text).strip()

    def all(self) -> Iterator["Element"]:
        """Yield the element and all in it, as they come."""
        waiting: list[Element] = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += [one for one in reversed(element.inside) if isinstance(one, Element)]

    def find(self, *classes: str, name: str = "") -> "Element | None":
        """Return the first within that has all these classes, and the name of its tag, if one is asked for."""
        return next(self.find_all(*classes, name=name), None)

    def find_all(self, *classes: str, name: str = "") -> Iterator["Element"]:
        asked = frozenset(classes)
        for element in self.all():
            if element is not self and asked <= element.classes and name in ("", element.name):
                yield element

    def take(self, *classes: str, name: str = "") -> "Element | None":
        """Return what `find` finds, and take it out."""
        found = self.find(*classes, name=name)
        if found is not None:
            self._remove([found])
        return found

    def take_all(self, *classes: str, name: str = "") -> list["Element"]:
        """The same of every one that has them."""
        found = list(self.find_all(*classes, name=name))
        self._remove(found)
        return found

    def _remove(self, taken: list["Element"]) -> None:
        gone = {id(element) for element in taken}
        for element in list(self.all()) if gone else ():
            element.inside = [one for one in element.inside if id(one) not in gone]

    @property
    def shown(self) -> list[str]:
        """What is said in attributes that a reader is shown, and in remarks."""
        said = []
        for element in self.all():
            said += [text for key, text in element.attributes.items() if text and _SHOWN.fullmatch(key)]
            if element.name == REMARK:
                said += [html.unescape(one) for one in element.inside if isinstance(one, str)]
        return [text.strip() for text in said if text.strip()]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Where its links lead, with the words of each."""
        found = []
        for element in self.all():
            target = element.attributes.get("href", "").strip() if element.name == "a" else ""
            if target and not target.startswith(("cid:", "javascript:")):
                found.append((target, element.words))
        return found


def _gather(element: Element, pieces: list[str]) -> None:
    written: list[str] = []
    for one in (*element.inside, None):
        if isinstance(one, str):
            written.append(one)
            continue
        if written:
            text = html.unescape("".join(written)).replace(_EDGE, "\ufffd").replace(_SIDE, "\ufffd")
            pieces.append(text.replace("\n", " "))
            written = []
        if one is not None and one.name == "br":
            pieces.append("\n")
        elif one is not None and one.name != REMARK:
            edge = _EDGE if one.name in BLOCKS else _SIDE if one.name in _APART else ""
            pieces.append(edge)
            _gather(one, pieces)
            pieces.append(edge)


class HtmlPage:
    """Walks one page. `unseen`: how many scripts and styles it had with something in them."""

    def __init__(self, is_record: Callable[[Tag, Collection[str]], bool]) -> None:
        """`is_record` is asked of each tag that opens, with its classes."""
        self._is_record = is_record
        self._open: list[Element] = []
        self._around = Element(AROUND, 0, {}, [])
        self._parts = self._text = 0
        self.unseen = 0

    def walk(self, text: TextIO) -> Iterator[Element]:
        """Yield the records as they end, and what stands before, between and behind them, in their order."""
        unseen, is_counted = "", False
        for token, at in tokens(text):
            if unseen and isinstance(token, Tag) and token.closes and token.name == unseen:
                unseen, is_counted = "", False
            elif unseen:
                if not is_counted and (isinstance(token, Tag) or token.strip()):
                    self.unseen, is_counted = self.unseen + 1, True
            elif isinstance(token, str):
                yield from self._word(token, at)
            elif token.name in _UNSEEN and not token.closes:
                unseen = token.name
            elif token.closes:
                yield from self._close(token.name)
            else:
                yield from self._begin(token, at)
        yield from self._end_record(whole=False)
        yield from self._end_around()

    def _word(self, text: str, at: int) -> Iterator[Element]:
        self._text += len(text)
        self._parts += 1
        (self._open[-1] if self._open else self._around).inside.append(text)
        yield from self._limit(at)

    def _begin(self, tag: Tag, at: int) -> Iterator[Element]:
        attributes = tag.attributes
        if self._is_record(tag, attributes.get("class", "").split()):
            yield from self._end_record(whole=False)
            yield from self._end_around()
            self._open = [Element(tag.name, at, attributes, [])]
            return
        if tag.name == "a" and any(element.name == "a" for element in self._open[1:]):
            yield from self._close("a")  # no link is within another, as in a browser
        self._parts += 1
        element = Element(tag.name, at, attributes, [tag.written] if tag.name == REMARK else [])
        (self._open[-1] if self._open else self._around).inside.append(element)
        if self._open and tag.name not in _EMPTY and len(self._open) < DEEPEST:
            self._open.append(element)
        yield from self._limit(at)

    def _close(self, name: str) -> Iterator[Element]:
        """Close an element, and what was left open in it; one that was never opened closes nothing."""
        if not self._open:
            if name in BLOCKS:
                self._around.inside.append(Element("p", 0, {}, []))
        elif any(element.name == name for element in self._open):
            while self._open[-1].name != name:
                self._open.pop()
            if len(self._open) == 1:
                yield from self._end_record(whole=True)
            else:
                self._open.pop()

    def _limit(self, at: int) -> Iterator[Element]:
        if self._open and (self._parts > MOST_PARTS or self._text > MOST_TEXT):
            yield from self._end_record(whole=False)
        elif not self._open and (len(self._around.inside) > _MOST_AROUND or self._text > MOST_TEXT):
            yield from self._end_around(at)

    def _end_record(self, *, whole: bool) -> Iterator[Element]:
        if self._open:
            record, self._open = self._open[0], []
            record.whole = whole
            self._parts = self._text = 0
            yield record

    def _end_around(self, at: int = 0) -> Iterator[Element]:
        around, self._around = self._around, Element(AROUND, at, {}, [])
        self._parts = self._text = 0
        if any(isinstance(one, Element) or one.strip() for one in around.inside):
            yield around
