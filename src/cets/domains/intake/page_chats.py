"""What every source over a chat that was exported as a web page does: who wrote, what a message links to, what was not understood."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Any, BinaryIO

from cets.domains.intake.html_tokens import REMARK, encoding_of
from cets.domains.intake.html_walk import AROUND, Element, HtmlPage
from cets.domains.intake.messages import Messages
from cets.domains.intake.reading import Reader, shorten
from cets.domains.intake.rows import AnyRow, Failed, FreeText, NotUnderstood
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.speakers import Known, Speakers
from cets.domains.intake.traces import Full

#: Parts of a layout that the receipt names one by one.
_MOST_NAMED = 40
_OPENING = ("mailto:", "tel:")


class PageChat:
    """Reads one page. `whose`: as of ChatTimes; `nobody`: names, in small letters, under which those stand who left the platform."""

    def __init__(
        self, options: Options, platform: str | None, *, whose: str = "", nobody: Collection[str] = ()
    ) -> None:
        self.reader = Reader(options, platform=platform)
        self.speakers = Speakers(self.reader)
        self.messages = Messages(self.reader, whose)
        self._nobody = nobody
        self._unknown: Counter[str] = Counter()
        self._unclosed: list[str] = []

    def rows(
        self, file: BinaryIO, page: HtmlPage, record: Callable[[Element], Iterator[AnyRow]]
    ) -> Iterator[AnyRow]:
        """Yield the rows of a whole file: `record` yields those of one record."""
        encoding = encoding_of(file)
        yield from decoding.remarks(encoding)
        with decoding.reader(file, encoding) as text:
            try:
                for element in page.walk(text):
                    if element.name == AROUND:
                        yield from self.rest(
                            element, place=f"character {element.at}", label="Around the chat"
                        )
                    else:
                        yield from record(element)
                    if not element.whole:
                        self._unclosed.append(place_of(element))
            except Full:
                most = self.reader.options.max_rows
                yield Failed(reason=f"Stopped at the limit of {most} messages.")
                return
        yield from self._receipt(page)

    def meet(
        self, name: str, place: str, *, apart: str = "", known: Collection[Known] = (), **seen: Any
    ) -> Iterator[AnyRow]:
        """Yield what is new of who is shown under a name; `key` tells under which key. `apart`: what tells two of one name apart."""
        nobody: dict[str, Any] = {"pivot": False} if name.casefold() in self._nobody else {}
        return self.speakers.meet(self.key(name, apart), place, names=(name,), known=known, **seen, **nobody)

    @staticmethod
    def key(name: str, apart: str = "") -> str:
        return f"name {name} ({apart})" if apart else f"name {name}"

    def named(self, name: str, place: str, **seen: Any) -> Iterator[AnyRow]:
        """Yield a name that the page gives in a field of its own, of somebody who is not met as a person for it."""
        if any(map(str.isalnum, name)) and name.casefold() not in self._nobody:
            yield from self.reader.named(name, place=place, **seen)

    def behind(
        self,
        links: Collection[tuple[str, str]],
        shown: Collection[str],
        told: Collection[str],
        *,
        place: str,
        **seen: Any,
    ) -> Iterator[AnyRow]:
        """Yield where links lead without showing it, and what is shown on pointing at something, but for what is `told` elsewhere."""
        for target, words in dict.fromkeys(links):
            bare = next((target.removeprefix(one) for one in _OPENING if target.startswith(one)), target)
            if target not in told and bare != words and not target.startswith("#"):
                yield from self.reader.beside(bare, place=place, way="declared", **seen)
        for words in dict.fromkeys(shown):
            if words not in told:
                yield FreeText(text=words, place=place, label="Shown when pointed at")
                yield from self.reader.beside(words, place=place, **seen)

    def rest(self, element: Element, *, place: str, label: str, **seen: Any) -> Iterator[AnyRow]:
        """Yield the words that nothing else took out of an element, and remember whose part of the layout they are."""
        if element.name != AROUND:
            self._unknown.update(
                ".".join((one.name, *sorted(one.classes)))
                for one in element.all()
                if one.name != REMARK
                and any(isinstance(piece, str) and piece.strip() for piece in one.inside)
            )
        else:
            yield from self.behind(element.links, element.shown, (), place=place, **seen)
        if words := element.words:
            yield FreeText(text=words, place=place, label=label)
            yield from self.reader.beside(words, place=place, **seen)

    def _receipt(self, page: HtmlPage) -> Iterator[AnyRow]:
        for name, count in self._unknown.most_common(_MOST_NAMED):
            text = f"The part “{shorten(name, 60)}” of a message is not known ({count} times): its words were kept and searched."
            yield NotUnderstood(text=text, place="whole file")
        if len(self._unknown) > _MOST_NAMED:
            text = f"{len(self._unknown) - _MOST_NAMED} further parts of messages are not known; their words were kept and searched."
            yield NotUnderstood(text=text, place="whole file")
        if self._unclosed:
            first, count = self._unclosed[0], len(self._unclosed)
            text = f"{count} parts of the page are not closed, or break off, the first at {first}: they were read as far as they go."
            yield NotUnderstood(text=text, place=first)
        if page.unseen:
            text = f"Scripts and styles of the page were not read: {page.unseen}."
            yield NotUnderstood(text=text, place="whole file")


def place_of(element: Element) -> str:
    """Return where a message stands: by the mark to which a browser jumps in the page, or by its character."""
    mark = element.attributes.get("id", "")
    return f"#{shorten(mark)}" if mark else f"character {element.at}"
