"""A thread of Messenger or Instagram: its members, then its messages, in two passes over the file."""

from collections.abc import Generator, Iterator
from typing import Any

from cets.domains.intake.chat_times import ChatTimes
from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import JsonFile
from cets.domains.intake.meta.repair import Repair
from cets.domains.intake.meta.shape import Shape
from cets.domains.intake.reading import Reader, epoch, split_port
from cets.domains.intake.rows import AnyRow, Message, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options
from cets.domains.intake.speakers import Speakers
from cets.kernel.moments import Moment

_MESSAGES = "/messages/*"
_FILES = ("photos", "videos", "audio_files", "files", "gifs", "sticker", "media")
_SYSTEM_TYPES = frozenset({"call", "subscribe", "unsubscribe", "plan", "callpermission"})
#: Under these names stand those who left the platform.
NOBODY = frozenset({"facebook user", "instagram user", "instagrammer", "facebook-nutzer", "instagram-nutzer"})
#: Marks that both platforms set on every message and that say nothing while they are false.
_MARKS = {
    "is_unsent": "Unsent", "isUnsent": "Unsent", "is_taken_down": "Taken down", "missed": "Missed call",
    "is_geoblocked_for_viewer": "Not shown in the viewer's country",
    "is_unsent_image_by_messenger_kid_parent": "Picture unsent by a parent",
}  # fmt: skip


class Thread:
    """Reads one thread. `platform` None: the file does not tell which of the two it is of."""

    def __init__(self, json_file: JsonFile, shape: Shape, options: Options) -> None:
        self._file, self._shape, self._options = json_file, shape, options
        self._reader = Reader(options, platform=shape.platform)
        self._speakers, self._unread = Speakers(self._reader), Unread()
        self._times, self._repair = ChatTimes(self._reader), Repair()
        self._number = 0
        self._title: str | None = None
        self._members: tuple[str, ...] = ()

    def rows(self) -> Iterator[AnyRow]:
        for found in self._file.walk(skip=(_MESSAGES,)):
            yield from self._thread(Fields(self._repair.value(found.value), found.pointer))
        for found in self._file.walk((_MESSAGES,), most=self._options.max_rows):
            if not found.pattern:
                continue  # the thread itself was read before
            fields = Fields(self._repair.value(found.value), found.pointer)
            if isinstance(found.value, dict):
                yield from self._message(fields)
            else:
                yield from fields.rest(self._reader, self._unread)
        if self._repair.count:
            yield NotUnderstood(
                text=f"The file shows UTF-8 as single bytes, as Meta writes it: {self._repair.count} texts were put right.",
                place="whole file",
            )
        yield from self._unread.rows()
        yield from self._file.remarks()

    def _thread(self, whole: Fields) -> Iterator[AnyRow]:
        title, path_place, path = (
            whole.text("title", "threadName"),
            whole.place("thread_path"),
            whole.text("thread_path"),
        )
        self._title = title or path or None
        named = self._shape.platform or "Messenger or Instagram"
        kind = whole.text("thread_type")
        facts = [f"Kind: {kind}"] if kind else []
        facts += (
            ["The owner of the download had left it"] if whole.text("is_still_participant") == "no" else []
        )
        yield Summary(
            title=f"{named} chat “{self._title}”" if self._title else f"{named} chat",
            platform=self._shape.platform,
            text="; ".join(facts) or None,
        )
        if not self._shape.platform:
            yield NotUnderstood(
                text="Messenger and Instagram write this form alike; the file does not tell which it is of.",
                place="whole file",
            )
        if path and self._shape.platform:
            raw = f"{self._shape.platform}/{path}"
            yield from self._reader.declared("group", raw, place=path_place, as_written=path, event="thread")
        elif path:
            yield from self._reader.free_text(path, place=path_place, label="Thread")
        members = [(one.text("name"), one.place("name")) for one in whole.objects("participants")]
        members += [(text, place) for place, text in whole.texts("participants")]
        self._members = tuple(name for name, _ in members if name)
        for name, place in members:
            yield from self._meet(name, place, event="participant")
        link = whole.object("joinable_mode")
        if address := link.text("link"):
            yield from self._reader.declared(
                "url", address, place=link.place("link"), event="invitation link"
            )
        image = whole.object("image")
        if name := image.text("uri"):
            yield from self._reader.free_text(name, place=image.place("uri"), label="Picture of the chat")
        for place, word in list(whole.texts("magic_words")):
            yield from self._reader.free_text(word, place=place, label="Word with an effect")
        whole.ignore("messages", "is_still_participant")
        yield from whole.rest(self._reader, self._unread)

    def _meet(self, name: str, place: str, **seen: Any) -> Iterator[AnyRow]:
        if name:
            nobody: dict[str, Any] = {"pivot": False} if name.casefold() in NOBODY else {}
            yield from self._speakers.meet(f"name {name}", place, names=(name,), **seen, **nobody)

    def _message(self, fields: Fields) -> Iterator[AnyRow]:
        self._number += 1
        sent_at = _time(fields)
        seen: dict[str, Any] = {"seen_at": sent_at, "message": self._number}
        place = fields.place("sender_name" if "sender_name" in fields else "senderName")
        name = fields.text("sender_name", "senderName")
        person = f"name {name}" if name else None
        yield from self._meet(name, place, event="message", **seen)
        address_place, address = fields.place("ip"), fields.text("ip")
        if address:
            bare, port = split_port(address)
            yield from self._reader.declared(
                "ip",
                bare,
                place=address_place,
                as_written=address,
                person=person,
                port=port,
                event="message",
                **seen,
            )
        kind, is_call = fields.text("type"), "call_duration" in fields
        users = [(user.text("name"), user.place("name")) for user in fields.objects("users")]
        for other, other_place in users:
            yield from self._meet(other, other_place, event="joined or left", **seen)
        yield from self._reacting(fields, **seen)
        headers = list(self._headers(fields, is_call=is_call))
        parts = [fields.text("content", "text"), ", ".join(filter(None, (other for other, _ in users)))]
        link, *shared = yield from self._shared(fields, person, **seen)
        parts += shared
        headers += [("Shared", link)] if link else []
        text = "\n".join(filter(None, parts))
        yield Message(
            number=self._number,
            text=text,
            place=fields.pointer,
            kind="system" if is_call or kind.casefold() in _SYSTEM_TYPES else "chat",
            thread=self._title,
            sender=name or None,
            sender_person=person,
            recipients=tuple(member for member in self._members if member != name)
            if len(self._members) == _TWO
            else (),
            sent_at=sent_at,
            headers=tuple(headers),
            attachments=tuple(_files(fields)),
        )
        yield from self._reader.mentioned(text, place=fields.pointer, **seen)
        yield from self._times.doubts(sent_at, fields.pointer)
        bumped = fields.object("bumped_message_metadata")
        yield from self._reader.free_text(
            bumped.text("bumped_message"),
            place=bumped.place("bumped_message"),
            label="Earlier message, brought up again",
            seen_at=sent_at,
        )
        for one in (fields, bumped):
            one.ignore("sender_id_INTERNAL", "is_bumped")
        yield from fields.rest(self._reader, self._unread, seen_at=sent_at)

    def _reacting(self, fields: Fields, **seen: Any) -> Iterator[AnyRow]:
        reactions = fields.peek("reactions")
        for index, reaction in enumerate(reactions if isinstance(reactions, list) else ()):
            if isinstance(reaction, dict) and isinstance(reaction.get("actor"), str):
                place = f"{fields.place('reactions')}/{index}/actor"
                yield from self._meet(reaction["actor"], place, event="reaction", **seen)

    def _headers(self, fields: Fields, *, is_call: bool) -> Iterator[tuple[str, str]]:
        for reaction in fields.objects("reactions"):
            counted = reaction.text("timestamp")
            when = epoch(counted).instant if counted else None
            at = f"at {when:%Y-%m-%d %H:%M:%S} UTC" if when else counted
            yield "Reaction", " ".join(filter(None, (reaction.text("reaction"), reaction.text("actor"), at)))
        length = fields.text("call_duration")
        if is_call:
            yield "Call length in seconds", length or "0"
        for key, caption in _MARKS.items():
            if fields.text(key) == "yes":
                yield caption, "yes"

    def _shared(self, fields: Fields, person: str | None, **seen: Any) -> Generator[AnyRow, None, list[str]]:
        """Yield what a message shares from elsewhere; return its address and its texts."""
        shared = fields.object("share")
        place, link = shared.place("link"), shared.text("link")
        text = shared.text("share_text")
        if link:
            yield from self._reader.declared("url", link, place=place, event="shared", **seen)
        for key in ("original_content_owner", "profile_share_username"):
            owner_place, owner = shared.place(key), shared.text(key)
            if owner:
                kind = (
                    "account"
                    if self._shape.platform == "Instagram" and not owner.count(" ")
                    else "display_name"
                )
                yield from self._reader.declared(
                    kind, owner, place=owner_place, event="shared content of", **seen
                )
        shown = shared.text("profile_share_name")
        yield from shared.rest(self._reader, self._unread, person=person)
        return [link, shown, text]


_TWO = 2


def _time(fields: Fields) -> Moment | None:
    counted = fields.text("timestamp_ms", "timestamp")
    return epoch(counted, milliseconds=True) if counted else None


def _files(fields: Fields) -> Iterator[str]:
    for key in _FILES:
        for entry in fields.objects(key):
            entry.ignore("media_path_INTERNAL", "type_INTERNAL", "thumbnail", "ai_stickers", "backup_uri")
            name, created = entry.text("uri"), entry.text("creation_timestamp")
            when = epoch(created).instant if created else None
            if name:
                yield f"{name} (created {when:%Y-%m-%d %H:%M:%S} UTC)" if when else name
