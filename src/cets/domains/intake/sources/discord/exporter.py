"""DiscordChatExporter's JSON: one channel with its messages."""

import re
from collections.abc import Generator, Iterator
from typing import Any

from cets.domains.intake.calls import by_name, mentioned
from cets.domains.intake.chat_times import ChatTimes
from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import JsonFile, text_of
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Message, Summary
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.discord.people import PLATFORM, meet
from cets.domains.intake.speakers import Speakers

_MESSAGES = "/messages/*"
#: What people write; every other type is the app's own line. Older exports give some types as numbers.
_WRITTEN = frozenset({
    "", "Default", "Reply", "ChatInputCommand", "ContextMenuCommand", "ThreadStarterMessage", "0", "19", "20", "21", "23",
})  # fmt: skip
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Channel:
    """Reads one export in two passes: what the channel is, then its messages."""

    def __init__(self, json_file: JsonFile, options: Options) -> None:
        self._file, self._options = json_file, options
        self._reader = Reader(options, platform=PLATFORM)
        self._speakers, self._unread = Speakers(self._reader), Unread()
        self._times = ChatTimes(self._reader)
        self._number = 0
        self._thread: str | None = None

    def rows(self) -> Iterator[AnyRow]:
        for found in self._file.walk(skip=(_MESSAGES,)):
            yield from self._channel(Fields.of(found))
        for found in self._file.walk((_MESSAGES,), most=self._options.max_rows):
            if found.pattern and isinstance(found.value, dict):
                yield from self._message(Fields.of(found))
            elif found.pattern:
                yield from Fields.of(found).rest(self._reader, self._unread)
        yield from self._unread.rows()
        yield from self._file.remarks()

    def _channel(self, whole: Fields) -> Iterator[AnyRow]:
        server, channel, range_ = whole.object("guild"), whole.object("channel"), whole.object("dateRange")
        server_name, name, kind = server.text("name"), channel.text("name"), channel.text("type")
        room_place, room = channel.place("id"), channel.text("id")
        server_place, number = server.place("id"), server.text("id")
        is_direct = "Direct" in kind or not number.strip("0")
        self._thread = " / ".join(filter(None, ("" if is_direct else server_name, name))) or room or None
        said = [
            f"{caption} {range_.text(key)}"
            for key, caption in (("after", "after"), ("before", "before"))
            if range_.peek(key)
        ]
        if at := whole.text("exportedAt"):
            said.append(f"exported at {at}")
        yield Summary(
            title=f"Discord channel “{self._thread}”" if self._thread else "Discord channel",
            platform=PLATFORM,
            text=f"Messages {', '.join(said)}" if said else None,
        )
        for place, raw, what in ((room_place, room, "room"), (server_place, number, "server")):
            if raw.strip("0") and not (what == "server" and raw == room):
                yield from self._reader.declared("group", raw, place=place, event=what)
        for key, label in (("topic", "Topic"), ("category", "Category")):
            if text := channel.text(key):
                yield from self._reader.free_text(text, place=channel.place(key), label=label)
        server.ignore("iconUrl")
        channel.ignore("categoryId", "iconUrl")
        whole.ignore("messages", "messageCount")
        for part in (server, channel, range_, whole):
            yield from part.rest(self._reader, self._unread)

    def _message(self, fields: Fields) -> Iterator[AnyRow]:
        self._number += 1
        written = fields.text("timestamp")
        sent_at = self._reader.time(written) if written else None
        seen: dict[str, Any] = {"seen_at": sent_at, "message": self._number}
        author = fields.object("author")
        name = next(filter(None, (text_of(author.peek(key)) for key in ("nickname", "name", "id"))), "")
        person = yield from meet(author, self._speakers, event="message", **seen)
        yield from author.rest(self._reader, self._unread)
        called = yield from self._called(fields, **seen)
        kind = fields.text("type")
        text, forwarded = fields.text("content"), self._forwarded(fields)
        if not text and kind not in _WRITTEN:
            text = f"{name} - {_WORD.sub(' ', kind).lower()}"
        text = "\n".join(filter(None, (text, forwarded)))
        files: list[str] = []
        for attachment in fields.objects("attachments"):
            yield from self._attachment(attachment, files, **seen)
        files += [f"sticker {sticker.text('name')}" for sticker in fields.objects("stickers")]
        headers = [(caption, value) for key, caption in _HEADERS.items() if (value := fields.text(key))]
        commanded = fields.peek("interaction")
        user = commanded.get("user") if isinstance(commanded, dict) else None
        if isinstance(user, dict):
            place = f"{fields.place('interaction')}/user"
            yield from meet(Fields(user, place), self._speakers, event="gave a command", **seen)
        headers += self._headers(fields)
        for reaction in fields.objects("reactions"):
            headers.append(_reaction(reaction))
            for user in reaction.objects("users"):
                yield from meet(user, self._speakers, event="reaction", **seen)
        yield Message(
            number=self._number,
            text=text,
            place=fields.pointer,
            kind="chat" if kind in _WRITTEN else "system",
            thread=self._thread,
            sender=name or None,
            sender_person=person,
            sent_at=sent_at,
            headers=tuple(headers),
            attachments=tuple(files),
        )
        calls = by_name(text, "account", called)
        yield from mentioned(self._reader, text, calls, place=fields.pointer, **seen)
        yield from self._times.doubts(sent_at, fields.pointer)
        for embed in fields.objects("embeds"):
            yield from self._embed(embed, **seen)
        fields.ignore("inlineEmojis")
        fields.ignore_inside(*_PICTURES)
        yield from fields.rest(self._reader, self._unread, seen_at=sent_at)

    def _called(self, fields: Fields, **seen: Any) -> Generator[AnyRow, None, dict[str, str]]:
        """Meet those whom a message calls; return their numbers by the names with which its text does so."""
        numbers = dict[str, str]()
        for user in fields.objects("mentions"):
            number = text_of(user.peek("id"))
            names = {text_of(user.peek(key)) for key in ("name", "nickname")}
            numbers |= dict.fromkeys(names, f"id:{number}" if number else "")
            yield from meet(user, self._speakers, event="called in a message", **seen)
            yield from user.rest(self._reader, self._unread)
        return numbers

    def _attachment(self, attachment: Fields, files: list[str], **seen: Any) -> Iterator[AnyRow]:
        place, address, name = attachment.place("url"), attachment.text("url"), attachment.text("fileName")
        files.append(name or address.rpartition("/")[2] or "attachment")
        if "://" in address:
            yield from self._reader.declared("url", address, place=place, event="attachment", **seen)
        attachment.ignore("id", "fileSizeBytes")
        yield from attachment.rest(self._reader, self._unread)

    def _forwarded(self, fields: Fields) -> str:
        forwarded = fields.object("forwardedMessage")
        text, at = forwarded.text("content"), forwarded.text("timestamp")
        names = [one.text("fileName", "url") for one in forwarded.objects("attachments")]
        said = " ".join(filter(None, (text, *names)))
        return f"Forwarded message{f' of {at}' if at else ''}: {said}" if said else ""

    def _headers(self, fields: Fields) -> Iterator[tuple[str, str]]:
        if fields.text("isPinned") == "yes":
            yield "Pinned", "yes"
        reference, command = fields.object("reference"), fields.object("interaction")
        if answered := reference.text("messageId"):
            yield "Reply to message", answered
        if room := reference.text("channelId"):
            yield "Reply in room", room
        if name := command.text("name"):
            user = command.object("user")
            yield "Command", f"{name}, by {user.text('nickname', 'name', 'id')}"
            user.all()  # was met

    def _embed(self, embed: Fields, **seen: Any) -> Iterator[AnyRow]:
        """Yield what a preview or a card shows: its texts, one after the other."""
        del seen["message"]  # offsets would be of another text
        parts = [embed.text(key) for key in ("title", "url", "timestamp", "description")]
        for key in ("author", "footer", "provider"):
            part = embed.object(key)
            parts += [part.text("name", "text"), part.text("url")]
        for field in embed.objects("fields"):
            parts += [": ".join(filter(None, (field.text("name"), field.text("value"))))]
        for key in ("thumbnail", "image", "video"):
            parts.append(embed.object(key).text("url"))
        parts += [image.text("url") for image in embed.objects("images")]
        yield from self._reader.free_text(
            "\n".join(filter(None, dict.fromkeys(parts))), place=embed.pointer, label="Embed", **seen
        )
        embed.ignore("color", "inlineEmojis")
        embed.ignore_inside("iconUrl", "isInline", *_PICTURES)
        yield from embed.rest(self._reader, self._unread)


def _reaction(reaction: Fields) -> tuple[str, str]:
    sign = reaction.object("emoji")
    users = reaction.peek("users")
    people = [
        text_of(user.get("nickname")) or text_of(user.get("name")) or text_of(user.get("id"))
        for user in (users if isinstance(users, list) else ())
        if isinstance(user, dict)
    ]
    shown = f"{sign.text('name', 'code', 'id')} {reaction.text('count')}"
    return "Reaction", f"{shown}: {', '.join(people)}" if people else shown


#: Numbers and addresses of emojis and stickers, sizes and kinds of pictures, colours of roles.
_PICTURES = (
    "id", "code", "format", "sourceUrl", "imageUrl", "isAnimated", "avatarUrl", "iconUrl", "width", "height", "color", "position",
    "fileSizeBytes", "canonicalUrl", "guildId",
)  # fmt: skip
_HEADERS = {"id": "Message ID", "timestampEdited": "Edited", "callEndedTimestamp": "Call ended"}
