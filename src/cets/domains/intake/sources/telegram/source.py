"""Telegram Desktop's exports: in JSON one chat, or a whole account with contacts and sessions; the same as web pages."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import Found, JsonFile, first_of, keys_of, peek
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.telegram.account import RECORDS, Account
from cets.domains.intake.sources.telegram.chats import PLATFORM, Chat, chat_of, describe
from cets.domains.intake.sources.telegram.messages import Messages
from cets.domains.intake.sources.telegram.page import Page, is_page
from cets.domains.intake.sources.telegram.page_lists import Lists, is_list
from cets.domains.intake.speakers import Speakers

_HEAD = 65_536
_CHATS = ("/chats/list/*", "/left_chats/list/*")
_MESSAGES = ("/messages/*", *(f"{chat}/messages/*" for chat in _CHATS))
_PASSED_OVER = (*_MESSAGES, *RECORDS)
_NOTHING = Fields({}, "")
_ACCOUNT_KEYS = frozenset(
    {
        "personal_information",
        "contacts",
        "frequent_contacts",
        "sessions",
        "web_sessions",
        "chats",
        "left_chats",
    }
)
_CHAT_TYPES = (
    "_chat",
    "_group",
    "_supergroup",
    "_channel",
    "saved_messages",
    "replies",
    "verification_codes",
)


class Telegram(Source):
    name = "telegram"
    caption = "Telegram export (JSON, HTML)"
    version = "3"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        seen = peek(head)
        if seen is None:
            return 0.95 if is_page(head) or is_list(head) else 0.0
        keys = keys_of(seen)
        if "messages" in keys:
            return _certainty_of_chat(seen)
        told = keys & _ACCOUNT_KEYS
        if len(told) > 1 or ("about" in keys and "Telegram" in str(seen.get("about"))):
            return 0.95 if told else 0.0
        if told:
            chats = seen.get("chats") or seen.get("left_chats")
            listed = chats.get("list") if isinstance(chats, dict) else None
            return _certainty_of_chat(first_of(listed))
        return 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        head = file.read(_HEAD)
        if is_page(head):
            yield from Page(options).rows(file)
        elif is_list(head):
            yield from Lists(options).rows(file)
        else:
            yield from _Export(JsonFile(file), options).rows()


def _certainty_of_chat(seen: Any) -> float:
    if not isinstance(seen, dict):
        return 0.0
    kind = seen.get("type")
    is_typed = isinstance(kind, str) and kind.endswith(_CHAT_TYPES) and "id" in seen
    message = first_of(seen.get("messages"))
    if keys_of(message):
        is_message = message.get("type") in ("message", "service") and bool(
            keys_of(message) & {"date", "date_unixtime"}
        )
        return (
            0.95
            if is_message and (is_typed or bool(keys_of(message) & {"from", "from_id", "actor", "action"}))
            else 0.0
        )
    return 0.9 if is_typed and "messages" in seen else 0.0


class _Export:
    """One file, read in two passes: what the chats are, then what is in them."""

    def __init__(self, json_file: JsonFile, options: Options) -> None:
        self._file, self._options = json_file, options
        self._reader = Reader(options, platform=PLATFORM)
        self._unread = Unread()
        self._speakers = Speakers(self._reader)
        self._account = Account(self._reader, self._speakers, self._unread)
        self._messages = Messages(self._reader, self._speakers, self._unread)
        self._chats: dict[str, Chat] = {}

    def rows(self) -> Iterator[AnyRow]:
        *chats, whole = [Fields.of(found) for found in self._file.walk(_CHATS, skip=_PASSED_OVER)] or [
            _NOTHING
        ]
        self._chats = {fields.pointer: chat_of(fields) for fields in chats}
        yield from self._opening(whole)
        for fields in (*chats, whole):
            fields.ignore("messages", "about", "profile_pictures", "stories")
            yield from fields.rest(self._reader, self._unread)
        for found in self._file.walk(_PASSED_OVER, most=self._options.max_rows):
            yield from self._record(found)
        for chat in self._chats.values():
            yield from describe(chat, self._reader, self._speakers)
        yield from self._unread.rows()
        yield from self._file.remarks()

    def _opening(self, whole: Fields) -> Iterator[AnyRow]:
        is_account = "chats" in whole or "left_chats" in whole or "personal_information" in whole
        if not is_account:
            self._chats[""] = chat_of(whole)
        thread = "" if is_account else self._chats[""].thread
        title = (
            "Telegram account export"
            if is_account
            else f"Telegram chat “{thread}”"
            if thread
            else "Telegram chat"
        )
        yield Summary(title=title, platform=PLATFORM)
        yield from self._account.personal(whole.object("personal_information"))
        for key in ("contacts", "frequent_contacts", "sessions", "web_sessions", "chats", "left_chats"):
            part = whole.object(key)
            part.ignore("about", "list")
            yield from part.rest(self._reader, self._unread)

    def _record(self, found: Found) -> Iterator[AnyRow]:
        fields = Fields.of(found)
        if not found.pattern:
            return
        if not isinstance(found.value, dict):
            yield from fields.rest(self._reader, self._unread)
        elif found.pattern in _MESSAGES:
            chat = self._chats.get(found.pointer.rsplit("/messages/", 1)[0], Chat())
            yield from self._messages.read(fields, chat)
        else:
            yield from self._account.record(found.pattern, fields)
