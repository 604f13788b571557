"""Instagram's download before 2020: `messages.json`, all conversations in one list, people by their user names."""

from collections.abc import Iterator
from typing import Any

from cets.domains.intake.chat_times import ChatTimes
from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import JsonFile
from cets.domains.intake.meta.repair import Repair
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Message, Summary
from cets.domains.intake.sources.base import Options
from cets.domains.intake.speakers import Known, Speakers

_PLATFORM = "Instagram"
_CHATS, _MESSAGES = "/*", "/*/conversation/*"
#: What a message holds besides its text, and how it is called in the message.
_HEADERS = {
    "heart": "Heart", "media_owner": "Content of", "media_share_caption": "Caption", "story_share": "Story", "action": "Action",
    "story_share_type": "Story type", "video_call_action": "Video call", "live_video_invite": "Live video", "user": "User",
    "profile_share_username": "Profile", "mentioned_username": "Mentioned", "is_random": "Random", "animated_media_images": "Moving picture",
}  # fmt: skip
_OTHERS = {
    "media_owner": "content of",
    "profile_share_username": "profile shared",
    "mentioned_username": "mentioned",
}
_TOLD_ELSEWHERE = frozenset({"Content of", "Profile", "Mentioned", "Liked by"})
_FILES = ("media", "media_url", "media_share_url", "voice_media", "live_video_share")


class Conversations:
    """Reads the file in two passes: who takes part in which conversation, then the messages."""

    def __init__(self, json_file: JsonFile, options: Options) -> None:
        self._file, self._options = json_file, options
        self._reader = Reader(options, platform=_PLATFORM)
        self._speakers, self._unread = Speakers(self._reader), Unread()
        self._times, self._repair = ChatTimes(self._reader), Repair()
        self._members: dict[str, tuple[str, ...]] = {}
        self._number = 0

    def rows(self) -> Iterator[AnyRow]:
        yield Summary(title="Instagram conversations", platform=_PLATFORM)
        for found in self._file.walk((_CHATS,), skip=(_MESSAGES,)):
            if found.pattern:
                fields = Fields(self._repair.value(found.value), found.pointer)
                members = list(fields.texts("participants"))
                self._members[found.pointer] = tuple(name for _, name in members)
                for place, name in members:
                    yield from self._meet(name, place, event="participant")
                fields.ignore("conversation")
                yield from fields.rest(self._reader, self._unread)
        for found in self._file.walk((_MESSAGES,), most=self._options.max_rows):
            fields = Fields(self._repair.value(found.value), found.pointer)
            if found.pattern and isinstance(found.value, dict):
                yield from self._message(
                    fields, self._members.get(found.pointer.rsplit("/conversation/", 1)[0], ())
                )
            elif found.pattern:
                yield from fields.rest(self._reader, self._unread)
        yield from self._unread.rows()
        yield from self._file.remarks()

    def _meet(self, name: str, place: str, **seen: Any) -> Iterator[AnyRow]:
        if name.strip():
            known = (Known("account", f"{_PLATFORM}/{name}", place, name),)
            yield from self._speakers.meet(f"account {name}", place, names=(name,), known=known, **seen)

    def _message(self, fields: Fields, members: tuple[str, ...]) -> Iterator[AnyRow]:
        self._number += 1
        written = fields.text("created_at")
        sent_at = self._reader.time(written) if written else None
        seen: dict[str, Any] = {"seen_at": sent_at, "message": self._number}
        place, name, text = fields.place("sender"), fields.text("sender"), fields.text("text")
        yield from self._meet(name, place, event="message", **seen)
        for link_place, link in list(fields.texts("link")):
            yield from self._reader.declared("url", link, place=link_place, event="shared", **seen)
        likes = [
            (like.place("username"), like.text("username"), like.text("date"))
            for like in fields.objects("likes")
        ]
        for like_place, who, _ in likes:
            yield from self._meet(who, like_place, event="liked", **seen)
        for key, event in _OTHERS.items():
            if isinstance(other := fields.peek(key), str):
                yield from self._meet(other, fields.place(key), event=event, **seen)
        headers = [(caption, value) for key, caption in _HEADERS.items() if (value := fields.text(key))]
        headers += [("Liked by", " ".join(filter(None, (who, at)))) for _, who, at in likes]
        yield Message(
            number=self._number,
            text=text,
            place=fields.pointer,
            kind="system" if any(caption == "Video call" for caption, _ in headers) and not text else "chat",
            thread=", ".join(members) or None,
            sender=name or None,
            sender_person=f"account {name}" if name.strip() else None,
            recipients=tuple(member for member in members if member != name),
            sent_at=sent_at,
            headers=tuple(headers),
            attachments=tuple(value for key in _FILES if (value := fields.text(key))),
        )
        yield from self._reader.mentioned(text, place=fields.pointer, **seen)
        for caption, said in headers:
            if caption not in _TOLD_ELSEWHERE:
                yield from self._reader.beside(said, place=fields.pointer, **seen)
        yield from self._times.doubts(sent_at, fields.pointer)
        yield from fields.rest(self._reader, self._unread, seen_at=sent_at)
