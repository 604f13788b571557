"""Telegram Desktop's export as web pages: `messages.html`, `messages2.html` and so on, a part of one chat each."""

import re
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

import msgspec

from cets.domains.intake.html_tokens import Tag
from cets.domains.intake.html_walk import Element, HtmlPage
from cets.domains.intake.page_chats import PageChat, place_of
from cets.domains.intake.reading import is_unread
from cets.domains.intake.rows import AnyRow, FreeText, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.telegram import page_media
from cets.domains.intake.sources.telegram.chats import PLATFORM
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.speakers import Known
from cets.kernel.moments import Moment

_MESSAGE = re.compile(r"<div\b[^<>]{0,200}\bclass\s*=\s*[\"']?message (?:default|service)\b", re.IGNORECASE)
#: Of what a page of a chat has these stand beside its messages.
_BESIDE = re.compile(
    r"class\s*=\s*[\"']?(?:history\b|page_header\b|from_name\b|pull_right date details\b|body details\b)",
    re.IGNORECASE,
)
#: The title of every page.
TITLE = "Exported Data"
#: So are those called whose accounts are gone.
NOBODY = frozenset({"deleted account", "deleted"})
_VIA = re.compile(r"(?P<name>.*?)\s*\bvia @(?P<bot>\w{3,64})", re.DOTALL)
_ANSWERED = re.compile(r"go_to_message(-?\d{1,20})")
_COLOUR = re.compile(r"userpic(\d{1,2})")
#: "Robin Larch, 14.03.2026 20:00:00": who reacted, and when.
_REACTED = re.compile(r"(?P<name>.+?),\s(?P<when>\d{1,2}\.\d{1,2}\.\d{4}\b.*)", re.DOTALL)


def is_page(head: bytes) -> bool:
    """Say whether this begins as a page of a chat that the app exported."""
    text = decoding.decode_head(head)
    if text is None or not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return False
    return bool(_MESSAGE.search(text) and _BESIDE.search(text))


class _Writer(msgspec.Struct, frozen=True):
    """Who wrote a message, carried over to those that follow it without a name.

    `colour`: of his picture, which tells two of one name apart. `forwarded`: the headers of whom it was forwarded from.
    """

    name: str = ""
    colour: str = ""
    bot: str = ""
    forwarded: tuple[tuple[str, str], ...] = ()


class Page:
    """Reads one page."""

    def __init__(self, options: Options) -> None:
        self._chat = PageChat(options, PLATFORM, whose="of the computer that made the export", nobody=NOBODY)
        self._title: str | None = None
        self._is_begun = self._is_carried_said = False
        self._writer: _Writer | None = None
        self._day: Moment | None = None

    def rows(self, file: BinaryIO) -> Iterator[AnyRow]:
        yield from self._chat.rows(file, HtmlPage(_is_record), self._record)
        if not self._is_begun:
            yield self._summary()

    def _record(self, element: Element) -> Iterator[AnyRow]:
        classes = element.classes
        if element.name == "title":
            if element.words != TITLE:
                yield from self._chat.rest(element, place=place_of(element), label="Title of the page")
            return
        if "page_header" in classes and not self._is_begun:
            self._title = element.words or None
        if "pagination" in classes:
            name = element.attributes.get("href", "").split("#")[0]
            label = "The chat goes on in" if self._chat.messages.number else "Earlier messages are in"
            if name:
                yield FreeText(text=name, place=place_of(element), label=label)
            return
        if not self._is_begun:
            self._is_begun = True
            yield self._summary()
        place = place_of(element)
        hidden = element.links, element.shown
        if "page_header" in classes:
            yield from self._chat.reader.free_text(element.words, place=place, label="Name of the chat")
            yield from self._chat.behind(*hidden, (), place=place)
        elif "service" in classes:
            yield from self._service(element, place, *hidden)
        else:
            yield from self._message(element, place, *hidden)

    def _summary(self) -> Summary:
        named = f"Telegram chat “{self._title}”" if self._title else "Telegram chat"
        return Summary(title=named, platform=PLATFORM)

    def _service(
        self, element: Element, place: str, links: list[tuple[str, str]], shown: list[str]
    ) -> Iterator[AnyRow]:
        """A line of the app itself: the day on which what follows was written, or what somebody did; its own time is not in the page."""
        self._writer = None
        said = element.take("body", "details") or element.take("body")
        text = said.words if said else element.words
        element.inside = element.inside if said else []
        if element.attributes.get("id", "message-").startswith("message-"):
            day = self._chat.reader.time(text)
            if not is_unread(day) and day.precision == "day":
                self._day = day
                yield from self._chat.reader.time_doubts(day, place=place)
                return
        answered = tuple(header for target, _ in links for header in _answered(target))
        pictures = tuple(
            target for one in element.take_all("userpic_link") if (target := one.attributes.get("href"))
        )
        element.take_all("userpic_wrap")
        yield from self._chat.messages.add(
            text, place=place, kind="system", thread=self._title, sent_at=self._day, headers=answered,
            attachments=pictures, beside=pictures,
        )  # fmt: skip
        yield from self._ending(
            element, place, links, shown, {target for target, _ in links if _answered(target)} | set(pictures)
        )

    def _message(
        self, element: Element, place: str, links: list[tuple[str, str]], shown: list[str]
    ) -> Iterator[AnyRow]:
        number = self._chat.messages.following
        told: set[str] = set()
        picture = element.take("pull_left", "userpic_wrap")
        forwarded = element.take("forwarded", "body")
        element.take("forwarded", "userpic_wrap")
        sent_at = self._time(element.take("date", "details"), told)
        seen: dict[str, Any] = {"seen_at": sent_at, "message": number}
        writer = yield from self._who(element, place, picture, seen)
        headers = self._forwarded(forwarded, writer, told)
        yield from self._named_in(headers, writer, place, seen)
        self._writer = msgspec.structs.replace(writer, forwarded=headers)
        parts = [element, *([forwarded] if forwarded else [])]
        media = page_media.Media()
        texts: list[str] = []
        for part in parts:
            headers += self._answer(part, told) + _reactions(part, told)
            media.take(part)
            texts += [one.words for one in part.take_all("text")]
            headers += tuple(("Signed", one.words) for one in part.take_all("signature"))
        if media.phone or media.contact:
            yield from self._contact(media, place, seen)
        told |= set(media.files) | set(media.targets)
        text = "\n".join(filter(None, (*media.lines, *texts)))
        headers += tuple(media.headers)
        yield from self._chat.messages.add(
            text, place=place, kind="system" if media.is_call else "chat", thread=self._title, sender=writer.name or None,
            sender_person=self._chat.key(writer.name, writer.colour) if writer.name else None, sent_at=sent_at,
            headers=headers, attachments=tuple(media.attachments),
            beside=(*media.attachments, *(said for caption, said in headers if caption not in _TOLD_ELSEWHERE)),
        )  # fmt: skip
        yield from self._chat.behind([(target, "") for target in media.targets], (), (), place=place, **seen)
        for part in parts:
            yield from self._ending(part, place, links, shown, told, **seen)
            links, shown = [], []

    def _ending(
        self,
        element: Element,
        place: str,
        links: list[tuple[str, str]],
        shown: list[str],
        told: Collection[str],
        **seen: Any,
    ) -> Iterator[AnyRow]:
        yield from self._chat.behind(links, shown, told, place=place, **seen)
        yield from self._chat.rest(element, place=place, label="Beside a message", **seen)

    def _time(self, date: Element | None, told: set[str]) -> Moment | None:
        """Read the time that stands in full behind the short one; the app writes the day first, whatever its language."""
        if date is None:
            return None
        full, short = date.attributes.get("title", "").strip(), date.words
        told.add(full)
        if not full and self._day:
            full = f"{self._day.raw} {short}"
        return self._chat.reader.time(full or short, day_first=True) if full or short else None

    def _who(self, element: Element, place: str, picture: Element | None, seen: dict[str, Any]) -> Any:
        """Yield who wrote, and return him: who is named here or, where the app joined messages, in one before."""
        name = element.take("from_name")
        if name is not None:
            found = _VIA.fullmatch(name.words)
            shown, bot = (found["name"], found["bot"]) if found else (name.words, "")
            writer = _Writer(" ".join(shown.split()), _colour(picture), bot)
        elif "joined" in element.classes:
            writer = self._writer or _Writer()
            if self._writer is None and not self._is_carried_said:
                self._is_carried_said = True
                text = f"The message at {place} goes on with one that is not before it on this page: who wrote it is not told here."
                yield NotUnderstood(text=text, place=place)
        else:
            writer = _Writer()
        if writer.name:
            yield from self._chat.meet(writer.name, place, apart=writer.colour, event="message", **seen)
        return writer

    def _forwarded(
        self, forwarded: Element | None, writer: _Writer, told: set[str]
    ) -> tuple[tuple[str, str], ...]:
        """Return whom a message is from in truth and of when, from the message before where it is not said again."""
        name = forwarded.take("from_name") if forwarded else None
        if name is None:
            return writer.forwarded if forwarded else ()
        date = name.take("details")
        when = (date.attributes.get("title", "").strip() or date.words) if date else ""
        told |= {when, date.words} if date else set()
        found = _VIA.fullmatch(name.words)
        headers = [("Forwarded from", " ".join((found["name"] if found else name.words).split()))]
        headers += [("Forwarded message of", when)] if when else []
        headers += [("Via bot", f"@{found['bot']}")] if found else []
        return tuple(headers)

    def _named_in(
        self, headers: tuple[tuple[str, str], ...], writer: _Writer, place: str, seen: dict[str, Any]
    ) -> Iterator[AnyRow]:
        for caption, said in headers:
            if caption == "Forwarded from":
                yield from self._chat.named(said, place, event="forwarded from", **seen)
        bots = [said for caption, said in headers if caption == "Via bot"] + (
            [f"@{writer.bot}"] if writer.bot else []
        )
        for bot in bots:
            yield from self._chat.reader.declared("account", bot, place=place, event="via bot", **seen)
            yield from self._chat.reader.beside(bot, place=place, **seen)

    def _answer(self, element: Element, told: set[str]) -> tuple[tuple[str, str], ...]:
        answer = element.take("reply_to")
        if answer is None:
            return ()
        found = [header for target, _ in answer.links for header in _answered(target)]
        told |= {target for target, _ in answer.links if _answered(target)}
        return tuple(found) or (("Reply", answer.words),)

    def _contact(self, media: page_media.Media, place: str, seen: dict[str, Any]) -> Iterator[AnyRow]:
        known = (Known("phone", media.phone, place),) if media.phone else ()
        yield from self._chat.speakers.meet(
            f"contact at {place}", place, names=(media.contact,), known=known, event="contact sent", **seen
        )


def _is_record(tag: Tag, classes: Collection[str]) -> bool:
    if tag.name in ("a", "title"):
        return tag.name == "title" or "pagination" in classes
    is_message = "message" in classes and ("default" in classes or "service" in classes)
    return tag.name == "div" and (is_message or "page_header" in classes)


def _answered(target: str) -> tuple[tuple[str, str], ...]:
    found = _ANSWERED.search(target)
    return (("Reply to message", found[1]),) if found else ()


def _colour(picture: Element | None) -> str:
    """Return the colour that the app gives an account by its number."""
    for element in picture.find_all("userpic") if picture else ():
        for one in element.classes:
            if found := _COLOUR.fullmatch(one):
                return f"colour {found[1]}"
    return ""


def _reactions(element: Element, told: set[str]) -> tuple[tuple[str, str], ...]:
    headers = []
    for reaction in element.take_all("reaction"):
        pictures = reaction.take_all("userpics")
        named = [said for one in pictures for said in one.shown]
        told |= set(named)
        count, sign = reaction.take("count"), reaction.words
        number = count.words if count else str(len(named) or "")
        names = [found["name"] if (found := _REACTED.fullmatch(said)) else said for said in named]
        headers.append(("Reaction", f"{sign} {number}: {', '.join(names)}".strip(": ")))
    return tuple(headers)


#: Headers of which each has a sighting of its own, or whose numbers are of the app.
_TOLD_ELSEWHERE = frozenset({"Reply to message", "Forwarded from", "Forwarded message of", "Via bot"})
