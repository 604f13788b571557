"""The pages of a Telegram account's export beside its chats: the owner, contacts, sessions with their IP addresses, the list of chats."""

import re
from collections.abc import Collection, Iterator
from typing import BinaryIO

from cets.domains.intake.chat_times import ChatTimes
from cets.domains.intake.html_tokens import Tag
from cets.domains.intake.html_walk import Element, HtmlPage
from cets.domains.intake.page_chats import PageChat, place_of
from cets.domains.intake.reading import is_unread
from cets.domains.intake.rows import AnyRow, Summary
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.telegram.chats import PLATFORM
from cets.domains.intake.sources.telegram.page import NOBODY, TITLE
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.speakers import Known
from cets.domains.intake.traces import Full
from cets.kernel.moments import Moment

_WRAP = re.compile(r"class\s*=\s*[\"']?page_wrap\b", re.IGNORECASE)
_LIST = re.compile(r"class\s*=\s*[\"']?(?:entry_list|personal_info)\b", re.IGNORECASE)
_WHOSE = "of the computer that made the export"
#: An address, a dash, a place: where a session was active last.
_ADDRESS = re.compile(r"(?P<ip>[0-9A-Fa-f.:]{3,45})(?:\s+[\u2013-]\s*(?P<where>.*))?", re.DOTALL)
_ACTIVE = re.compile(r"Last active:\s*(.+)", re.DOTALL)
_PHONE = re.compile(r"\+?\d[\d ()\-]{4,30}")
#: Chats of whom they are called after; the others are rooms.
_OF_ONE = frozenset({"private", "bot"})
_OWN_CHATS = frozenset({"saved messages", "replies"})


def is_list(head: bytes) -> bool:
    """Say whether this begins as such a page."""
    text = decoding.decode_head(head)
    if text is None or not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return False
    return bool(_WRAP.search(text) and _LIST.search(text))


class Lists:
    """Reads one page."""

    def __init__(self, options: Options) -> None:
        self._chat = PageChat(options, PLATFORM, whose=_WHOSE, nobody=NOBODY)
        self._times = ChatTimes(self._chat.reader, _WHOSE)
        self._most, self._count = options.max_rows, 0
        self._heading = ""
        self._is_begun = False

    def rows(self, file: BinaryIO) -> Iterator[AnyRow]:
        yield from self._chat.rows(file, HtmlPage(_is_record), self._record)
        if not self._is_begun:
            yield self._summary()

    def _summary(self) -> Summary:
        named = f"Telegram account export, {self._heading}" if self._heading else "Telegram account export"
        return Summary(title=named, platform=PLATFORM)

    def _record(self, element: Element) -> Iterator[AnyRow]:
        place = place_of(element)
        if element.name == "title":
            if element.words != TITLE:
                yield from self._chat.rest(element, place=place, label="Title of the page")
            return
        if "page_header" in element.classes and not self._is_begun:
            self._heading = _line(element)
        if not self._is_begun:
            self._is_begun = True
            yield self._summary()
        if "personal_info" in element.classes:
            yield from self._owner(element, place)
        elif "entry" in element.classes:
            self._count += 1
            if self._count > self._most:
                raise Full
            yield from self._entry(element, place)

    def _owner(self, element: Element, place: str) -> Iterator[AnyRow]:
        element.take_all("userpic_wrap")
        said: dict[str, str] = {}
        for row in element.take_all("row"):
            caption, shown = _line(row.take("label")), row.take("value")
            said[caption.casefold()] = shown.words if shown else row.words
        names = " ".join(filter(None, (said.pop("first name", ""), said.pop("last name", ""))))
        phone, user_name, bio = (said.pop(key, "") for key in ("phone number", "username", "bio"))
        known = [Known("phone", phone, place)] if phone else []
        known += [Known("account", f"{PLATFORM}/{user_name}", place, user_name)] if user_name else []
        facts = (("Part in the export", "owner of the account"),)
        yield from self._chat.speakers.meet("owner", place, names=(names,), known=known, facts=facts)
        if bio:
            yield from self._chat.reader.free_text(bio, place=place, label="Bio", person="owner")
        for caption, value in said.items():
            yield from self._chat.reader.free_text(
                f"{caption}: {value}", place=place, label="Beside the owner", person="owner"
            )
        yield from self._chat.behind(element.links, element.shown, (), place=place)
        yield from self._chat.rest(element, place=place, label="Beside the owner")

    def _entry(self, element: Element, place: str) -> Iterator[AnyRow]:
        element.take_all("userpic_wrap")
        name, beside, info = (_line(element.take(one)) for one in ("name", "subname", "info"))
        details = [_line(one) for one in element.take_all("details_entry")]
        address = next(
            (found for one in details if (found := _ADDRESS.fullmatch(one)) and _is_address(found["ip"])),
            None,
        )
        phone = next((one for one in details if _PHONE.fullmatch(one)), "")
        heading = self._heading.casefold()
        if address or "session" in heading:
            yield from self._session(address, [name, beside, *details], info, place)
        elif phone or heading == "contacts":
            yield from self._contact(name, phone, info, place)
            yield from self._said([beside, *(one for one in details if one != phone)], place, "Contact")
        elif heading.startswith("frequent"):
            event = f"frequent contact ({info})" if info else "frequent contact"
            yield from self._chat.meet(name, place, event=event)
            yield from self._said([beside, *details], place, "Frequent contact")
        elif info in _OF_ONE and name.casefold() not in _OWN_CHATS:
            yield from self._chat.meet(name, place, event="chat of the account")
            yield from self._said([name, beside, info, *details], place, "Chat")
        else:
            yield from self._said([name, beside, info, *details], place, "Entry of the list")
        target = element.attributes.get("href", "").split("#")[0]
        yield from self._said([target], place, "Leads to")
        yield from self._chat.behind(element.links, element.shown, (), place=place)
        yield from self._chat.rest(element, place=place, label="Beside an entry")

    def _contact(self, name: str, phone: str, info: str, place: str) -> Iterator[AnyRow]:
        when = self._time(info)
        if when:
            yield from self._times.doubts(when, place)
        is_gone = name.casefold() in NOBODY  # the number may still be somebody's
        yield from self._chat.speakers.meet(
            f"contact at {place}", place, names=() if is_gone else (name,), event="contact", seen_at=when,
            known=[Known("phone", phone, place)] if phone else [],
        )  # fmt: skip
        yield from self._said([name if is_gone else "", "" if when else info], place, "Contact")

    def _session(
        self, address: re.Match[str] | None, said: list[str], info: str, place: str
    ) -> Iterator[AnyRow]:
        is_web = self._heading.casefold().startswith("web")
        active = next((self._time(found[1]) for one in said if (found := _ACTIVE.fullmatch(one))), None)
        if active:
            yield from self._times.doubts(active, place)
        if address:
            event = "web session, last active" if is_web else "session, last active"
            yield from self._chat.reader.declared(
                "ip", address["ip"], place=place, seen_at=active, event=event
            )
        if info.startswith("@"):
            yield from self._chat.reader.declared("account", info, place=place, event="bot of a web session")
        shown = [one for one in said if one and not (address and one == address.string)]
        shown += [address["where"]] if address and address["where"] else []
        yield from self._said([*shown, info], place, "Web session" if is_web else "Session")

    def _said(self, words: Collection[str], place: str, label: str) -> Iterator[AnyRow]:
        yield from self._chat.reader.free_text("; ".join(filter(None, words)), place=place, label=label)

    def _time(self, raw: str) -> Moment | None:
        """Read a time as the app writes it: the day first, whatever its language."""
        when = self._chat.reader.time(raw, day_first=True) if raw else None
        return when if when and not is_unread(when) else None


def _is_record(tag: Tag, classes: Collection[str]) -> bool:
    is_entry = tag.name in ("div", "a") and "entry" in classes
    return (
        is_entry
        or tag.name == "title"
        or (tag.name == "div" and ("page_header" in classes or "personal_info" in classes))
    )


def _is_address(text: str) -> bool:
    return text.count(".") == 3 or text.count(":") >= 2  # noqa: PLR2004 - of an IPv4 and of an IPv6 address


def _line(element: Element | None) -> str:
    return " ".join(element.words.split()) if element else ""
