"""DiscordChatExporter's web pages, and those of programs that write the same layout: one channel, or a part of it, each."""

import re
from collections.abc import Collection, Generator, Iterator
from datetime import timedelta
from typing import Any, BinaryIO

import msgspec

from cets.domains.intake.calls import by_name, mentioned
from cets.domains.intake.html_tokens import Tag
from cets.domains.intake.html_walk import Element, HtmlPage
from cets.domains.intake.page_chats import PageChat, place_of
from cets.domains.intake.rows import AnyRow, FreeText, NotUnderstood, Sighting, Summary
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.discord import page_parts
from cets.domains.intake.sources.discord.people import (
    DELETED,
    PLATFORM,
    is_number,
    key_of,
    known_number,
    names_of,
)
from cets.domains.intake.sources.discord.snowflakes import moment_of
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.speakers import Known
from cets.kernel.moments import Moment

#: Of the layout, in the page's own style sheet or in its elements.
_LAYOUT = re.compile(r"\bchatlog__(?:message|author)")
_AUTHOR = ("chatlog__author", "chatlog__author-name", "chatlog__system-notification-author")
_TIME = ("chatlog__timestamp", "chatlog__short-timestamp", "chatlog__system-notification-timestamp")
_BOT = frozenset({"chatlog__author-tag", "chatlog__bot-label", "chatlog__bot-tag"})
_ANSWERED = frozenset({"chatlog__reply", "chatlog__reference"})
_HEAD_OF_PAGE = frozenset({"preamble", "info"})
_ENDS = _HEAD_OF_PAGE | {"postamble"}
#: In pages from before 2021 who wrote, when, and each message stand apart.
_APART = frozenset({*_AUTHOR[:2], "chatlog__timestamp", "chatlog__message", *_BOT, *_ANSWERED})
_PICTURES = ("chatlog__avatar", "chatlog__author-avatar-container", "chatlog__system-notification-icon")
#: What the exporter shows for the server of direct chats, and behind the name of an account that it could not ask for.
_NO_SERVER, _NOT_FOUND = frozenset({"direct messages"}), frozenset({"Unknown"})
#: Clocks of the world, and one that is somewhat wrong.
_FURTHEST = timedelta(hours=15)
_WITH_COUNT = re.compile(r"(?P<name>.+)#(?P<count>\d{1,4})", re.DOTALL)


_HEAD = 65_536
#: Which of them comes first tells whether messages have boxes.
_BOX_OR_TEXT = re.compile(
    r"class\s*=\s*[\"']?(?:[\w-]+\s+)*(?:(?P<box>chatlog__message(?:-container)?)|chatlog__content)(?![\w-])"
)


def _is_by_group(head: bytes) -> bool:
    found = _BOX_OR_TEXT.search(decoding.decode_head(head) or "")
    return found is not None and not found["box"]


def is_page(head: bytes) -> bool:
    """Say whether this begins as a page of a channel."""
    text = decoding.decode_head(head)
    return text is not None and text.lstrip("\ufeff \t\r\n").startswith("<") and bool(_LAYOUT.search(text))


class _Layout:
    """Tells which elements are records: a whole message each, in older pages who wrote and what he wrote apart.

    `is_by_group`: in the oldest a message has no box of its own, so that a record is all that one wrote in some minutes.
    """

    def __init__(self, *, is_by_group: bool) -> None:
        self._is_whole = self._is_titled = False
        self._is_by_group = is_by_group
        #: How many groups, of one writer each, have begun.
        self.groups = 0

    def is_record(self, tag: Tag, classes: Collection[str]) -> bool:
        self.groups += "chatlog__message-group" in classes
        if "chatlog__message-container" in classes:
            self._is_whole = True
            return True
        if tag.name == "title" and not self._is_titled:
            self._is_titled = True
            return True
        if tag.name == "div" and not _ENDS.isdisjoint(classes):
            return True
        if self._is_by_group:
            return "chatlog__message-group" in classes
        return not (self._is_whole or _APART.isdisjoint(classes))


class _Writer(msgspec.Struct, frozen=True):
    """Who wrote a message, carried over to those that follow it without a name."""

    name: str = ""
    key: str | None = None


class _Account(msgspec.Struct, frozen=True):
    """An account as the page shows it: the key of its person, its names, and what is known of it for certain."""

    key: str
    names: tuple[str, ...]
    known: tuple[Known, ...]
    is_gone: bool


class Page:
    """Reads one page."""

    def __init__(self, options: Options) -> None:
        self._chat = PageChat(options, PLATFORM, whose="of the computer that made the export")
        self._thread: str | None = None
        self._is_begun = self._is_otherwise = False
        self._writer, self._group = _Writer(), 0
        self._layout = _Layout(is_by_group=False)
        #: Of an older page: what stood before the message.
        self._before = Element("div", 0)
        #: The number of each account by the name under which the page shows it to who points at it.
        self._numbers: dict[str, str] = {}
        #: The same of hooks, which may have any name, also that of an account; "" where several have one.
        self._hooks: dict[str, str] = {}

    def rows(self, file: BinaryIO) -> Iterator[AnyRow]:
        file.seek(0)
        self._layout = _Layout(is_by_group=_is_by_group(file.read(_HEAD)))
        yield from self._chat.rows(file, HtmlPage(self._layout.is_record), self._record)
        if not self._is_begun:
            yield self._summary()

    def _record(self, element: Element) -> Iterator[AnyRow]:
        classes, place = element.classes, place_of(element)
        if element.name == "title":
            self._thread = _line(element.words) or None
            return
        if not _HEAD_OF_PAGE.isdisjoint(classes):
            yield from self._head(element, place)
            return
        if not self._is_begun:
            self._is_begun = True
            yield self._summary()
        if "postamble" in classes:
            yield from self._chat.reader.free_text(element.words, place=place, label="End of the page")
        elif "chatlog__message-container" in classes or "chatlog__message" in classes:
            yield from self._message(element, place)
        elif "chatlog__message-group" in classes:
            yield from self._messages_of(element)
        else:
            self._before.inside.append(element)

    def _summary(self) -> Summary:
        named = f"Discord channel “{self._thread}”" if self._thread else "Discord channel"
        return Summary(title=named, platform=PLATFORM)

    def _head(self, element: Element, place: str) -> Iterator[AnyRow]:
        """What the page says of itself: server, channel, topic, the range of days."""
        said = [_line(one.words) for one in page_parts.entries(element)]
        server_and_channel = [one for one in said[:2] if one and one.casefold() not in _NO_SERVER]
        self._thread = " / ".join(server_and_channel) or self._thread
        if not self._is_begun:
            self._is_begun = True
            yield self._summary()
        for text in said[2:]:
            yield from self._chat.reader.free_text(text, place=place, label="Head of the page")

    def _message(self, element: Element, place: str, *, of_group: str = "") -> Iterator[AnyRow]:
        """`of_group`: the time of the first message of its group, where it has none of its own."""
        number = self._chat.messages.following
        before, self._before = self._before, Element("div", 0)
        element.inside = [*before.inside, *element.inside]
        for picture in _PICTURES:
            element.take_all(picture)
        sent_at, shown = self._time(element)
        seen: dict[str, Any] = {"seen_at": sent_at, "message": number}
        headers = [("Message ID", mark)] if (mark := _mark(element)) else []
        headers += [("Time shown", shown)] if shown and sent_at and sent_at.raw != shown else []
        headers += [("Time of the first in the group", of_group)] if of_group else []
        headers += [("Pinned", "yes")] if any(name.endswith("--pinned") for name in element.classes) else []
        answered: list[tuple[str, dict[str, str]]] = []
        yield from self._time_differs(sent_at, shown, place)
        is_system = page_parts.is_system(element)
        yield from self._who(element, before, place, **seen)
        for one in page_parts.answers(element):
            headers += one.headers
            if one.author is not None:
                yield from self._meet(one.author, place, is_answered=True, event="answered", **seen)
            answered.append((one.said, self._accounts(one.called, place)[0]))
        parts = page_parts.Parts(element)
        called = yield from self._called(parts.called, place, **seen)
        text = "\n".join(parts.texts)
        if is_system:
            text = " ".join(filter(None, (self._writer.name, _line(text))))
        headers += parts.headers
        yield from self._chat.messages.add(
            text, place=place, kind="system" if is_system else "chat", thread=self._thread,
            sender=self._writer.name or None, sender_person=self._writer.key, sent_at=sent_at, mentions=False,
            headers=tuple(headers), attachments=tuple(parts.attachments),
            beside=parts.attachments,
        )  # fmt: skip
        yield from self._mentioned(text, called, place, **seen)
        for said, called in answered:
            for row in self._mentioned(said, called, place, **seen):
                yield msgspec.structs.replace(row, start=None, end=None) if isinstance(row, Sighting) else row
        for target in parts.targets:
            yield from self._chat.reader.declared("url", target, place=place, event="attachment", **seen)
        yield from self._chat.behind(parts.links, parts.shown, parts.told, place=place, **seen)
        for card, in_it in parts.cards:
            yield FreeText(text=card, place=place, label="Embed")
            yield from self._mentioned(card, self._accounts(in_it, place)[0], place, seen_at=sent_at)
        yield from self._chat.behind(element.links, element.shown, (), place=place, **seen)
        yield from self._chat.rest(element, place=place, label="Beside a message", **seen)

    def _messages_of(self, group: Element) -> Iterator[AnyRow]:
        """Read the messages of a group in which they have no boxes: each begins with its text, the first has the time of them all."""
        first, *others = page_parts.messages_of(group)
        time = first.find("chatlog__timestamp")
        yield from self._message(first, place_of(first))
        for one in others:
            yield from self._message(one, place_of(one), of_group=time.words if time else "")

    def _time(self, element: Element) -> tuple[Moment | None, str]:
        """Return when a message was written, by its number where it has one, and the time that the page shows for it."""
        shown = ""
        for one in _TIME:
            for found in element.take_all(one):
                shown = shown or found.attributes.get("title", "").strip() or found.words
        counted = moment_of(_mark(element))
        return counted or (self._chat.reader.time(shown) if shown else None), shown

    def _time_differs(self, sent_at: Moment | None, shown: str, place: str) -> Iterator[AnyRow]:
        """Say once that a page shows another time than the numbers of its messages tell."""
        if self._is_otherwise or not (sent_at and sent_at.instant and shown):
            return
        read = self._chat.reader.time(shown)
        written = sent_at.instant
        others = [one if one.tzinfo else one.replace(tzinfo=written.tzinfo) for one in read.candidates]
        others += [read.instant] if read.instant else []
        if others and all(abs(one - written) > _FURTHEST for one in others):
            self._is_otherwise = True
            text = (
                f"The page shows “{shown}” for the message at {place}, its number tells {written:%Y-%m-%d %H:%M} UTC: "
                "the times of this file were read from the numbers, as Discord gives them."
            )
            yield NotUnderstood(text=text, place=place)

    def _who(self, element: Element, before: Element, place: str, **seen: Any) -> Iterator[AnyRow]:
        """Yield who wrote, if he is named in the message or `before` it, and remember him for those that follow in his group."""
        if self._layout.groups != self._group:
            self._group, self._writer = self._layout.groups, _Writer()
        author = next((one for name in _AUTHOR if (one := element.find(name)) is not None), None)
        is_bot = any(element.take_all(one) for one in _BOT)
        if author is None:
            return
        if any(one is author for one in before.inside):
            place = place_of(author)
        for name in _AUTHOR:
            element.take_all(name)
        key = yield from self._meet(author, place, is_bot=is_bot, event="message", **seen)
        self._writer = _Writer(_line(author.words), key)

    def _meet(
        self, shown: Element, place: str, *, is_bot: bool = False, is_answered: bool = False, **seen: Any
    ) -> Generator[AnyRow, None, str | None]:
        """Yield what is new of an account; return the key of its person. `is_answered`: it may be a hook's, of which nothing says so."""
        account = self._account(shown, place, is_bot=is_bot, is_answered=is_answered)
        if account is None:
            return None
        yield from self._chat.speakers.meet(
            account.key, place, names=account.names, known=account.known, facts=(("Bot", "yes"),) if is_bot else (),
            **(seen | ({"pivot": False} if account.is_gone else {})),
        )  # fmt: skip
        return account.key

    def _account(
        self, shown: Element, place: str, *, is_bot: bool = False, is_answered: bool = False
    ) -> _Account | None:
        """Read an account: its number where the page tells it, the user name that stands behind the shown one."""
        nick = _line(shown.words).removeprefix("@")
        full = _line(shown.attributes.get("title", ""))
        number = shown.attributes.get("data-user-id", "").strip()
        if full in _NOT_FOUND or not (nick or full or is_number(number)):
            return None
        found = _WITH_COUNT.fullmatch(full)
        name, count = (found["name"], found["count"]) if found else (full, "")
        is_bot = is_bot or (is_answered and full in self._hooks)
        is_hook = is_bot and not count.strip("0")
        known_numbers = self._hooks if is_hook else self._numbers
        if not is_number(number):
            number = "" if is_hook and full in self._numbers else known_numbers.get(full, "")
        elif full:
            known_numbers[full] = number if known_numbers.get(full, number) == number else ""
        named, user_name = names_of(name, count, is_bot=is_bot, place=place)
        user_name = tuple(msgspec.structs.replace(one, as_written=full) for one in user_name)
        known = (*([known_number(number, place)] if number else []), *user_name)
        key = key_of(number) if number else f"{'hook' if is_hook else 'name'} {full or nick}"
        return _Account(key, (nick, full if user_name else named), known, number == DELETED)

    def _called(
        self, called: Collection[Element], place: str, **seen: Any
    ) -> Generator[AnyRow, None, dict[str, str]]:
        """Meet those whom a message calls; return their accounts by the names with which its text does so."""
        accounts, of_one_name = self._accounts(called, place)
        for one in called:
            if one.attributes.get("title"):
                yield from self._meet(one, place, event="called in a message", **seen)
        for name, raw in of_one_name:
            yield from self._chat.reader.declared(
                "account", raw, place=place, way="mentioned", as_written=f"@{name}", **seen
            )
        return accounts

    def _accounts(
        self, called: Collection[Element], place: str
    ) -> tuple[dict[str, str], list[tuple[str, str]]]:
        """Return the accounts by the names with which they are called, and those who share one: of them the name tells none.

        "" is for a name that no account is known for: a role, everybody, an account that the exporter could not ask for.
        """
        found: dict[str, dict[str, None]] = {}
        for one in called:
            account = self._account(one, place) if one.attributes.get("title") else None
            raw = account.known[0].raw if account and account.known else ""
            found.setdefault(_line(one.words).removeprefix("@"), {})[raw] = None
        accounts = {name: next(iter(raws)) if len(raws) == 1 else "" for name, raws in found.items()}
        return accounts, [(name, raw) for name, raws in found.items() if len(raws) > 1 for raw in raws if raw]

    def _mentioned(self, text: str, called: dict[str, str], place: str, **seen: Any) -> Iterator[AnyRow]:
        """Yield what a text mentions; whom it calls are the accounts behind the names, and no handles."""
        return mentioned(self._chat.reader, text, by_name(text, "account", called), place=place, **seen)


def _line(text: str) -> str:
    return " ".join(text.split())


def _mark(element: Element) -> str:
    """Return the number of a message, as the page gives it in one way or the other."""
    mark = element.attributes.get("data-message-id") or element.attributes.get("id", "").rpartition("-")[2]
    return mark.strip() if is_number(mark.strip()) else ""
