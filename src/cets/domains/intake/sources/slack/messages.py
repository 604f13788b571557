"""The messages of one day of one channel."""

from collections.abc import Iterator
from typing import Any

from cets.domains.intake import calls
from cets.domains.intake.chat_times import ChatTimes
from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import text_of
from cets.domains.intake.reading import Reader, epoch, is_unread
from cets.domains.intake.rows import AnyRow, FreeText, Message
from cets.domains.intake.sources.slack.markup import PLATFORM, rendered
from cets.domains.intake.speakers import Known, Speakers
from cets.kernel.moments import Moment

#: What people and bots write; every other subtype is Slack's own line.
_WRITTEN = frozenset({
    "", "bot_message", "me_message", "file_share", "file_comment", "file_mention", "thread_broadcast", "slackbot_response",
    "reply_broadcast", "document_mention",
})  # fmt: skip
_KNOWN = (
    "type", "client_msg_id", "user_team", "source_team", "reply_count",
    "reply_users_count", "replies", "latest_reply", "subscribed", "last_read", "is_locked", "hidden", "upload", "display_as_bot", "is_intro",
    "bot_link", "icons", "icon_url", "x_files", "mrkdwn", "is_starred", "permalink", "event_ts", "no_notifications", "app_id", "trigger_id",
    "is_ephemeral", "new_broadcast",
)  # fmt: skip
#: Sizes, thumbnails, counts and places of a file on Slack's servers, by how their keys begin.
_OF_FILES = (
    "thumb_", "permalink", "url_", "is_", "has_", "original_", "image_exif", "size", "mode", "mimetype", "filetype", "pretty_type", "created",
    "timestamp", "editable", "edit_link", "display_as_bot", "username", "external_type", "comments_count", "lines", "channels", "groups", "ims",
    "preview_", "public_url", "deanimate", "media_display", "shares", "file_access", "user_team", "state", "initial_comment_count", "num_stars",
)  # fmt: skip
_OF_CARDS = (
    "id", "color", "mrkdwn_in", "ts", "fallback", "image_width", "image_height", "image_bytes", "thumb_url", "thumb_width", "thumb_height",
    "service_icon", "service_name", "footer_icon", "author_icon", "original_url", "is_msg_unfurl", "is_share", "is_animated", "channel_id",
    "channel_team", "msg_subtype", "callback_id", "short", "video_html", "video_html_width", "video_html_height",
    "bot_id", "app_unfurl_url", "service_url", "is_app_unfurl", "app_id", "indent",
)  # fmt: skip
#: Pictures and states that stand in the list of members.
_OF_PROFILES = (
    "avatar_hash", "image_72", "first_name", "team", "is_restricted", "is_ultra_restricted", "id", "app_id", "icons", "deleted", "updated",
    "team_id",
)  # fmt: skip
#: What an edit or a deletion holds of the message that it is about.
_VERSIONS = {
    "message": "after an edit",
    "previous_message": "before it was changed",
    "original": "before it was changed",
}
_TOLD_ELSEWHERE = frozenset({"Reply in the thread of", "Channel", "Reaction"})
_TEXTS = (
    "pretext",
    "author_name",
    "title",
    "text",
    "footer",
    "from_url",
    "title_link",
    "image_url",
    "author_link",
)


def account(number: str, place: str) -> Known:
    return Known("account", f"{PLATFORM}/id:{number}", place, number)


def key_of(number: str) -> str:
    return f"account {number}"


class Messages:
    """Reads the messages of one file, numbered through."""

    def __init__(self, reader: Reader, speakers: Speakers, unread: Unread) -> None:
        self._reader, self._speakers, self._unread = reader, speakers, unread
        self._times = ChatTimes(reader)
        self._number = 0
        self._teams: set[str] = set()

    def read(self, fields: Fields) -> Iterator[AnyRow]:
        self._number += 1
        counted = fields.text("ts")
        sent_at = epoch(counted) if counted else None
        seen: dict[str, Any] = {"seen_at": sent_at, "message": self._number}
        profile, bot = fields.object("user_profile"), fields.object("bot_profile")
        number, names, place = _writer(fields, profile, bot)
        name = next(iter(names), "")
        person = key_of(number) if number else f"name {name}" if name else None
        if person:
            known = [account(number, place)] if number else []
            known += [
                Known(kind, profile.text(key), profile.place(key))
                for key, kind in (("name", "handle"), ("email", "email"), ("phone", "phone"))
            ]
            yield from self._speakers.meet(
                person, fields.pointer, names=names, known=known, event="message", **seen
            )
        for one in (profile, bot):
            one.ignore(*_OF_PROFILES)
        yield from self._team(fields)
        subtype = fields.text("subtype")
        blocks = _of_blocks(fields.take("blocks"))
        text, marked = rendered(fields.text("text") or blocks)
        yield from self._others(fields, **seen)
        files: list[str] = []
        for file in (*fields.objects("files"), *fields.objects("file")):
            yield from self._file(file, files, **seen)
        headers = (*self._headers(fields, counted), *self._reactions(fields))
        yield Message(
            number=self._number,
            text=text,
            place=fields.pointer,
            kind="chat" if subtype in _WRITTEN else "system",
            sender=name or number or None,
            sender_person=person,
            sent_at=sent_at,
            headers=headers,
            attachments=tuple(files),
        )
        yield from calls.mentioned(self._reader, text, marked, place=fields.pointer, **seen)
        yield from self._times.doubts(sent_at, fields.pointer)
        yield from self._blocks(blocks, text, fields, sent_at=sent_at)
        for caption, said in headers:
            if caption not in _TOLD_ELSEWHERE:
                yield from self._reader.beside(said, place=fields.pointer, **seen)
        yield from self._versions(fields, sent_at=sent_at)
        for card in fields.objects("attachments"):
            yield from self._card(card, sent_at=sent_at)
            card.ignore(*_OF_CARDS)
            card.ignore_inside("short")
        fields.ignore(*_KNOWN)
        yield from fields.rest(self._reader, self._unread, seen_at=sent_at)

    def _blocks(self, blocks: str, text: str, fields: Fields, *, sent_at: Moment | None) -> Iterator[AnyRow]:
        """Yield what the blocks of a message show beyond its text: a program's message says there more than in it."""
        shown, marked = rendered(blocks)
        if any(word not in text for word in shown.split()):
            place = fields.place("blocks")
            yield FreeText(text=shown, place=place, label="Blocks")
            yield from calls.mentioned(self._reader, shown, marked, place=place, seen_at=sent_at)

    def _versions(self, fields: Fields, *, sent_at: Moment | None) -> Iterator[AnyRow]:
        """Yield what a message said before and after it was edited or deleted, and who had written it."""
        for key, label in _VERSIONS.items():
            one = fields.object(key)
            place, writer = one.place("user"), one.text("user")
            if writer:
                yield from self._speakers.meet(
                    key_of(writer), place, known=(account(writer, place),), event=label, seen_at=sent_at
                )
            text, marked = rendered(one.text("text"))
            if text.strip():
                place = one.place("text")
                yield FreeText(text=text, place=place, label=f"Message, {label}")
                yield from calls.mentioned(self._reader, text, marked, place=place, seen_at=sent_at)
            one.ignore("ts", "edited", *_KNOWN)
        fields.ignore("deleted_ts")

    def _team(self, fields: Fields) -> Iterator[AnyRow]:
        place, team = fields.place("team"), fields.text("team")
        if team and team not in self._teams:
            self._teams.add(team)
            yield from self._reader.declared("group", team, place=place, event="workspace")

    def _others(self, fields: Fields, **seen: Any) -> Iterator[AnyRow]:
        """Yield who else a message names by number: who invited, reacted, edited, was answered."""
        found = [(fields.place("inviter"), fields.text("inviter"), "invited somebody")]
        edited, comment = fields.object("edited"), fields.object("comment")
        found.append((edited.place("user"), edited.text("user"), "edited a message"))
        found.append((comment.place("user"), comment.text("user"), "comment"))
        reactions = fields.peek("reactions")
        for index, reaction in enumerate(reactions if isinstance(reactions, list) else ()):
            users = reaction.get("users") if isinstance(reaction, dict) else None
            for at, user in enumerate(users if isinstance(users, list) else ()):
                found.append((f"{fields.place('reactions')}/{index}/users/{at}", text_of(user), "reaction"))
        found.append((fields.place("parent_user_id"), fields.text("parent_user_id"), "answered"))
        root = fields.peek("root")
        if isinstance(root, dict):
            found.append((f"{fields.place('root')}/user", text_of(root.get("user")), "answered"))
        found += [(place, number, "answer") for place, number in list(fields.texts("reply_users"))]
        found += [(place, number, "member") for place, number in list(fields.texts("members"))]
        for place, number, event in found:
            if number:
                known = (account(number, place),)
                yield from self._speakers.meet(key_of(number), place, known=known, event=event, **seen)
        edited.ignore("ts")
        comment.ignore("id", "created", "timestamp", "is_intro")
        if text := comment.text("comment"):
            yield from self._reader.free_text(
                rendered(text)[0], place=comment.place("comment"), label="Comment on a file"
            )

    def _headers(self, fields: Fields, counted: str) -> Iterator[tuple[str, str]]:
        thread = fields.text("thread_ts")
        if thread and thread != counted:
            yield "Reply in the thread of", _shown(thread)
        if room := fields.text("channel"):
            yield "Channel", room
        for key, caption in (
            ("topic", "Topic"),
            ("purpose", "Purpose"),
            ("old_name", "Old name"),
            ("name", "New name"),
        ):
            if text := fields.text(key):
                yield caption, text
        root = fields.object("root")
        if text := root.text("text"):
            yield "Answers", rendered(text)[0]
        root.all()  # is a message of the export itself, and who wrote it is told

    def _reactions(self, fields: Fields) -> Iterator[tuple[str, str]]:
        for reaction in fields.objects("reactions"):
            users = ", ".join(user for _, user in reaction.texts("users"))
            yield "Reaction", f":{reaction.text('name')}: {reaction.text('count')}: {users}".rstrip(": ")

    def _file(self, file: Fields, files: list[str], **seen: Any) -> Iterator[AnyRow]:
        name, title, number = file.text("name"), file.text("title"), file.text("id")
        shown = name or title or number or "file"
        files.append(f"{shown} ({title})" if title and title != shown else shown)
        yield from self._reader.beside(files[-1], place=file.pointer, **seen)
        place, address = file.place("url_private"), file.text("url_private")
        if "://" in address:
            yield from self._reader.declared("url", address, place=place, event="file", **seen)
        for key in ("preview", "plain_text"):
            if text := file.text(key):
                yield from self._reader.free_text(
                    text, place=file.place(key), label=f"Content of {shown}", seen_at=seen["seen_at"]
                )
        user_place, user = file.place("user"), file.text("user")
        if user:
            known = (account(user, user_place),)
            yield from self._speakers.meet(key_of(user), user_place, known=known, event="file", **seen)
        for key in file.keys():  # noqa: SIM118 - its own method
            if key.startswith(_OF_FILES):
                file.ignore(key)

    def _card(self, card: Fields, *, sent_at: Moment | None) -> Iterator[AnyRow]:
        """Yield what a preview or a bot's card says."""
        fallback = card.text("fallback")
        parts = [card.text(key) for key in _TEXTS]
        fields = card.objects("fields")
        parts += [": ".join(filter(None, (field.text("title"), field.text("value")))) for field in fields]
        blocks = [_of_blocks(card.take(key)) for key in ("blocks", "message_blocks", "actions")]
        parts += [said for said in blocks if any(word not in "\n".join(parts) for word in said.split())]
        said = "\n".join(filter(None, dict.fromkeys(parts))) or fallback
        text, marked = rendered(said)
        if text.strip():
            yield FreeText(text=text, place=card.pointer, label="Card")
            yield from calls.mentioned(self._reader, text, marked, place=card.pointer, seen_at=sent_at)


def _writer(fields: Fields, profile: Fields, bot: Fields) -> tuple[str, list[str], str]:
    """Take who wrote: number, names, and where the number stands."""
    names = [
        fields.text("username"),
        profile.text("display_name"),
        profile.text("real_name"),
        bot.text("name"),
    ]
    names = [name for name in names if name] or [text_of(profile.peek("name"))]
    for key in ("user", "bot_id"):
        place, number = fields.place(key), fields.text(key)
        if number:
            fields.ignore("bot_id")
            return number, names, place
    return "", names, fields.place("username")


def _shown(counted: str) -> str:
    when = epoch(counted)
    return counted if is_unread(when) or not when.instant else f"{when.instant:%Y-%m-%d %H:%M:%S.%f} UTC"


def _of_blocks(blocks: Any) -> str:
    """Return the texts of a message that has them in its blocks alone."""
    found: list[str] = []
    pending = [blocks]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(reversed(value))
        elif isinstance(value, dict):
            found += [value[key] for key in ("text", "alt_text") if isinstance(value.get(key), str)]
            for key, form in (
                ("url", "<{}>"),
                ("image_url", "<{}>"),
                ("user_id", "<@{}>"),
                ("channel_id", "<#{}>"),
            ):
                if isinstance(value.get(key), str):
                    found.append(form.format(value[key]))
            pending.extend(inner for inner in reversed(value.values()) if isinstance(inner, dict | list))
    return " ".join(found)
