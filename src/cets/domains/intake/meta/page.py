"""A thread of Messenger or Instagram as a web page of Meta's download: one box a message, the newest first."""

import re
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

import msgspec

from cets.domains.intake.html_tokens import Tag, encoding_of
from cets.domains.intake.html_walk import AROUND, Element, HtmlPage
from cets.domains.intake.meta.thread import NOBODY
from cets.domains.intake.page_chats import PageChat, place_of
from cets.domains.intake.reading import DayOrder
from cets.domains.intake.rows import AnyRow, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.text import decoding

#: What only the box of a message begins with: an empty box before its words. Of today, and of before 2021.
_MESSAGE = re.compile(
    r"class\s*=\s*[\"'](?:[\w-]+\s)*(?:_a6-p|_2let)[\"']\s*>\s*<div>\s*<div>\s*</div>\s*<div", re.IGNORECASE
)
_TIMED = re.compile(r"class\s*=\s*[\"'](?:[\w-]+\s)*(?:_a6-o|_2lem)[\"']", re.IGNORECASE)
#: Paths that the download itself has; the words of a message do not tell its platform.
_PATHS = {
    "Instagram": re.compile(r"(?:src|href)\s*=\s*[\"'][^\"'<>:]{0,200}your_instagram_activity/"),
    "Messenger": re.compile(
        r"(?:src|href)\s*=\s*[\"'][^\"'<>:]{0,200}(?:your_facebook_activity/|your_activity_across_facebook/|stickers_used/)"
    ),
}
_WRITERS, _WORDS, _TIMES = ("_a6-h", "_2lek"), ("_a6-p", "_2let"), ("_a6-o", "_2lem")
_BOX = frozenset({"uiBoxWhite", "noborder"})
_FILES = ("img", "video", "audio", "source")


class PageShape(msgspec.Struct, frozen=True):
    """`platform` None: the page does not tell which of the two it is of."""

    platform: str | None


def page_shape(head: bytes) -> PageShape | None:
    """Tell whether this begins as the page of a thread, and of which platform."""
    text = decoding.decode_head(head)
    if text is None or not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return None
    if not (_MESSAGE.search(text) and _TIMED.search(text)):
        return None
    found = [platform for platform, paths in _PATHS.items() if paths.search(text)]
    return PageShape(found[0] if len(found) == 1 else None)


class ThreadPage:
    """Reads one page, in two passes: what its dates say of day and month, then its messages."""

    def __init__(self, shape: PageShape, options: Options) -> None:
        self._platform = shape.platform
        self._chat = PageChat(options, shape.platform, nobody=NOBODY)
        self._title: str | None = None
        self._is_begun = False
        self._day_first: bool | None = None

    def rows(self, file: BinaryIO) -> Iterator[AnyRow]:
        self._day_first = _day_first(file)
        yield from self._chat.rows(file, HtmlPage(_is_record), self._record)
        if not self._is_begun:
            yield from self._opening()

    def _opening(self) -> Iterator[AnyRow]:
        self._is_begun = True
        named = self._platform or "Messenger or Instagram"
        title = f"{named} chat “{self._title}”" if self._title else f"{named} chat"
        yield Summary(title=title, platform=self._platform)
        if not self._platform:
            yield NotUnderstood(
                text="Messenger and Instagram write this form alike; the file does not tell which it is of.",
                place="whole file",
            )

    def _record(self, element: Element) -> Iterator[AnyRow]:
        place = place_of(element)
        if element.name == "title":
            self._title = self._title or element.words or None
        if not self._is_begun:
            yield from self._opening()
        time = _take(element, _TIMES) if element.name != "title" else None
        if time is None:  # the chat's name, its members, its picture
            yield from self._chat.reader.free_text(element.words, place=place, label="About the chat")
            yield from self._chat.behind(element.links, element.shown, (), place=place)
        else:
            yield from self._message(element, time.words, place)

    def _message(self, element: Element, time: str, place: str) -> Iterator[AnyRow]:
        number = self._chat.messages.following
        links, shown = element.links, element.shown
        sent_at = self._chat.reader.time(time, day_first=self._day_first) if time else None
        seen: dict[str, Any] = {"seen_at": sent_at, "message": number}
        writer, body = _take(element, _WRITERS), _take(element, _WORDS)
        name = " ".join(writer.words.split()) if writer else ""
        if name:
            yield from self._chat.meet(name, place, event="message", **seen)
        reactions = [
            one.words
            for found in (body.take_all(name="ul") if body else ())
            for one in found.find_all(name="li")
        ]
        files = _files(body) if body else ()
        told = {*files, *(target for target, _ in links if any(target.endswith(one) for one in files))}
        yield from self._chat.messages.add(
            body.words if body else "", place=place, thread=self._title, sender=name or None,
            sender_person=self._chat.key(name) if name else None, sent_at=sent_at,
            headers=tuple(("Reaction", one) for one in reactions if one), attachments=files, beside=(*files, *reactions),
        )  # fmt: skip
        yield from self._chat.behind(links, shown, told, place=place, **seen)
        yield from self._chat.rest(element, place=place, label="Beside a message", **seen)


def _is_record(tag: Tag, classes: Collection[str]) -> bool:
    return tag.name == "title" or (tag.name in ("div", "section") and _BOX.issubset(classes))


def _is_time(_tag: Tag, classes: Collection[str]) -> bool:
    return any(one in classes for one in _TIMES)


def _take(element: Element, classes: tuple[str, ...]) -> Element | None:
    return next((found for one in classes if (found := element.take(one))), None)


def _files(body: Element) -> tuple[str, ...]:
    """Take the pictures, films and sounds out of a message and return their names."""
    names = []
    for sort in _FILES:
        for one in body.take_all(name=sort):
            inner = [found.attributes.get("src", "") for found in one.find_all(name="source")]
            names += [one.attributes.get("src", ""), *inner]
    for target, words in body.links:
        if not words and "://" not in target:
            names.append(target)
    return tuple(
        dict.fromkeys(name.strip() for name in names if name.strip() and not name.startswith("data:"))
    )


def _day_first(file: BinaryIO) -> bool | None:
    """Return what the times of all messages say together about day and month."""
    order = DayOrder()
    page = HtmlPage(_is_time)
    with decoding.reader(file, encoding_of(file)) as text:
        for element in page.walk(text):
            if element.name != AROUND:
                order.add(element.words)
    return order.day_first
