"""What an export says of a chat itself: its name, its kind and number, and whose number that is."""

from collections.abc import Iterator

import msgspec

from cets.domains.intake.json_fields import Fields
from cets.domains.intake.json_walk import text_of
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.speakers import Known, Speakers

PLATFORM = "Telegram"
#: Chats with one other account, whose number the chat has.
WITH_ONE = frozenset({"personal_chat", "bot_chat"})
#: Numbers of groups and of channels are counted apart, so each is shown as the app itself writes it elsewhere.
_BASIC_GROUP = "private_group"
#: Chats that have no name of their own.
_UNNAMED = {"saved_messages": "Saved messages", "replies": "Replies"}


class Chat(msgspec.Struct, frozen=True):
    name: str = ""
    kind: str = ""
    number: str = ""
    pointer: str = ""

    @property
    def thread(self) -> str | None:
        return self.name or _UNNAMED.get(self.kind) or self.number or None

    @property
    def is_with_one(self) -> bool:
        return self.kind in WITH_ONE


class Peer(msgspec.Struct, frozen=True):
    """An account, group or channel by its number: "user123", "channel123", or a bare number of an older export."""

    kind: str
    number: str
    raw: str

    @property
    def is_account(self) -> bool:
        return self.kind == "user"

    @property
    def key(self) -> str:
        return f"{self.kind}{self.number}"

    @property
    def older(self) -> str | None:
        """The other account that a bare number can be: exports before 2021 added 2 to the 32nd to those of accounts."""
        number = int(self.number[:20])
        is_marked = self.is_account and self.raw == self.number and number >> 32 == 1
        return str(number - (1 << 32)) if is_marked else None

    def known(self, place: str) -> Known:
        if self.is_account:
            return Known("account", f"{PLATFORM}/id:{self.number}", place, self.raw)
        return Known("group", f"{PLATFORM}/{self.key}", place, self.raw)


def peer(raw: str, *, usual: str = "user") -> Peer | None:
    """Read the number of who wrote, forwarded or acted. None when it is no such number."""
    digits = raw.lstrip("abcdefghijklmnopqrstuvwxyz")
    kind = raw[: len(raw) - len(digits)] or usual
    if not (digits.isascii() and digits.isdigit()) or kind not in ("user", "channel", "chat"):
        return None
    return Peer(kind, digits, raw) if int(digits[:20]) else None


def chat_of(fields: Fields) -> Chat:
    """Take the description of a chat."""
    name, kind, number = (text_of(fields.take(key)) for key in ("name", "type", "id"))
    return Chat(name, kind, number, fields.pointer)


def describe(chat: Chat, reader: Reader, speakers: Speakers) -> Iterator[AnyRow]:
    """Yield the other account of a chat of two, or the group or channel that a chat is."""
    place = f"{chat.pointer}/id"
    if chat.is_with_one or chat.kind == "saved_messages":
        found = peer(chat.number)
        if found and found.is_account:
            names = (chat.name,) if chat.is_with_one else ()
            yield from speakers.meet(found.key, place, names=names, known=(found.known(place),))
    elif chat.kind:
        found = peer(chat.number, usual="chat" if chat.kind == _BASIC_GROUP else "channel")
        if found:
            known = found.known(place)
            yield from reader.declared(known.kind, known.raw, place=place, as_written=known.as_written)
