"""The data package that Discord gives an account's owner: the files in it that are JSON, each for itself."""

import re
from collections.abc import Iterator
from typing import Any

from cets.domains.intake.calls import Call, mentioned
from cets.domains.intake.chat_times import ChatTimes
from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import Found, JsonFile, first_of, keys_of, text_of
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Message, NotUnderstood, Person, Summary
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.discord.people import PLATFORM, is_number, key_of, known_number, meet
from cets.domains.intake.speakers import Known, Speakers

_OWNER = "owner"
_CALL = re.compile(r"<@!?(?P<number>\d{15,20})>")
_RELATIONS = {
    "1": "friend", "2": "blocked", "3": "asked to be a friend", "4": "was asked to be a friend",
    "FRIEND": "friend", "BLOCKED": "blocked",
}  # fmt: skip
#: Preferences and counts of the app: many, and of no person.
_PREFERENCES = (
    "settings", "guild_settings", "user_settings", "library_applications", "entitlements", "user_activity_application_statistics",
    "external_friends_lists", "friend_suggestions", "mfa_sessions", "user_profile_metadata", "developer_preferences",
)  # fmt: skip


def kind_of(seen: Any) -> str | None:
    """Say which file of a package the beginning of a JSON file is, None when it is none."""
    keys = keys_of(seen)
    first = keys_of(first_of(seen))
    if {"ID", "Timestamp", "Contents"} <= first:
        return "messages"
    if {"id", "username", "discriminator"} <= keys and keys & {
        "relationships",
        "connections",
        "settings",
        "email",
    }:
        return "account"
    if (
        {"id", "type"} <= keys
        and keys & {"recipients", "guild"}
        and is_number(text_of(seen["id"]))
        and len(keys) < _FEW
    ):
        return "channel"
    if keys and all(map(is_number, keys)) and all(isinstance(name, str | None) for name in seen.values()):
        return "index"
    return None


_FEW = 8


class Package:
    """Reads one file of a package."""

    def __init__(self, json_file: JsonFile, options: Options) -> None:
        self._file, self._options = json_file, options
        self._reader = Reader(options, platform=PLATFORM)
        self._speakers, self._unread = Speakers(self._reader), Unread()
        self._times = ChatTimes(self._reader)
        self._number = 0

    def rows(self, kind: str) -> Iterator[AnyRow]:
        """Yield the rows of a file of a kind that `kind_of` knows."""
        yield Summary(title=f"Discord data package: {_TITLES[kind]}", platform=PLATFORM)
        if kind == "messages":
            yield Person(
                key=_OWNER,
                role="unknown",
                place="whole file",
                facts=(("Account", "owner of the data package"),),
            )
        patterns = {
            "messages": ("/*",),
            "account": ("/relationships/*",),
            "channel": ("/recipients/*",),
            "index": ("/*",),
        }
        read = {
            "messages": self._message,
            "account": self._relation,
            "channel": self._recipient,
            "index": self._room,
        }
        whole = {"account": self._account, "channel": self._channel}.get(kind)
        for found in self._file.walk(patterns[kind], most=self._options.max_rows):
            if found.pattern:
                yield from read[kind](found)
            elif whole:
                yield from whole(Fields.of(found))
        yield from self._unread.rows()
        yield from self._file.remarks()

    def _message(self, found: Found) -> Iterator[AnyRow]:
        fields = Fields.of(found)
        if not isinstance(found.value, dict):
            yield from fields.rest(self._reader, self._unread)
            return
        self._number += 1
        written, text = fields.text("Timestamp"), fields.text("Contents")
        sent_at = self._reader.time(written) if written else None
        seen: dict[str, Any] = {"seen_at": sent_at, "message": self._number}
        place, addresses = fields.place("Attachments"), fields.text("Attachments").split()
        yield Message(
            number=self._number,
            text=text,
            place=fields.pointer,
            sender_person=_OWNER,
            sent_at=sent_at,
            headers=(("Message ID", fields.text("ID")),),
            attachments=tuple(
                address.partition("?")[0].rpartition("/")[2] or address for address in addresses
            ),
        )
        yield from self._mentions(text, fields.pointer, seen)
        for address in addresses:
            yield from self._reader.declared("url", address, place=place, event="attachment", **seen)
        yield from self._times.doubts(sent_at, fields.pointer)
        yield from fields.rest(self._reader, self._unread)

    def _mentions(self, text: str, place: str, seen: dict[str, Any]) -> Iterator[AnyRow]:
        calls = [Call(*call.span(), "account", f"id:{call['number']}") for call in _CALL.finditer(text)]
        yield from mentioned(self._reader, text, calls, place=place, **seen)

    def _relation(self, found: Found) -> Iterator[AnyRow]:
        fields = Fields.of(found)
        user = fields.object("user")
        number, nickname = fields.text("id"), fields.text("nickname")
        kind = fields.text("type")
        event = f"relation: {_RELATIONS.get(kind, kind) or 'not named'}"
        if user:
            yield from meet(user, self._speakers, event=event)
            yield from user.rest(self._reader, self._unread)
        if number:
            known = known_number(number, fields.place("id"))
            yield from self._speakers.meet(
                key_of(number), fields.pointer, names=(nickname,), known=(known,), event=event
            )
        if since := fields.text("since"):
            yield from self._reader.free_text(since, place=fields.place("since"), label=f"Since when {event}")
        fields.ignore("is_spam_request", "user_ignored", "stranger_request")
        yield from fields.rest(self._reader, self._unread)

    def _account(self, fields: Fields) -> Iterator[AnyRow]:
        """Yield the owner, with what the account is tied to."""
        number, name, count = (fields.text(key) for key in ("id", "username", "discriminator"))
        shown = fields.text("global_name", "display_name")
        written = name if count in ("", "0", "0000") else f"{name}#{count}"
        known = [known_number(number, fields.place("id"))] if number else []
        if name and not name.count(" "):
            known.append(Known("account", f"{PLATFORM}/{written}", fields.place("username"), name))
        for key, kind in (
            ("email", "email"),
            ("phone", "phone"),
            ("ip", "ip"),
            ("last_ip", "ip"),
            ("registration_ip", "ip"),
        ):
            place = fields.place(key)
            known.append(Known(kind, fields.text(key), place))
        facts = tuple((caption, text) for key, caption in _FACTS.items() if (text := fields.text(key)))
        facts = (("Account", "owner of the data package"), *facts)
        yield from self._speakers.meet(
            _OWNER, fields.pointer or "/", names=(shown, name), known=known, facts=facts
        )
        for connection in fields.objects("connections"):
            yield from self._connection(connection)
        yield from self._notes(fields)
        for payment in fields.objects("payment_sources"):
            yield from self._texts(payment, "Means of payment")
        for payment in fields.objects("payments"):
            yield from self._texts(payment, "Payment")
        for key in _PREFERENCES:
            if fields.take(key):
                yield NotUnderstood(
                    text=f"The section {key} (preferences and counts) is not read.", place=fields.place(key)
                )
        fields.ignore(
            "avatar_hash",
            "flags",
            "temp_banned_until",
            "relationships",
            "has_mobile",
            "needs_email_verification",
        )
        yield from fields.rest(self._reader, self._unread, person=_OWNER)

    def _connection(self, fields: Fields) -> Iterator[AnyRow]:
        """Yield an account elsewhere that the owner tied to this one."""
        platform, number, name = fields.text("type"), fields.text("id"), fields.text("name")
        seen: dict[str, Any] = {"person": _OWNER, "event": "connected account"}
        if platform and number:
            yield from self._reader.declared(
                "account",
                f"id:{number}",
                place=fields.place("id"),
                platform=platform,
                as_written=number,
                **seen,
            )
        if name and (name.count(" ") or not platform):
            yield from self._reader.declared("display_name", name, place=fields.place("name"), **seen)
        elif name and name != number:
            yield from self._reader.declared(
                "account", name, place=fields.place("name"), platform=platform, **seen
            )
        fields.ignore(
            "revoked", "visibility", "friend_sync", "show_activity", "verified", "two_way_link", "metadata_visibility", "integrations",
            "access_token", "refresh_token",
        )  # fmt: skip
        yield from fields.rest(self._reader, self._unread, person=_OWNER)

    def _notes(self, fields: Fields) -> Iterator[AnyRow]:
        notes = fields.object("notes")
        for number in filter(is_number, notes.keys()):
            place, text = notes.place(number), notes.text(number)
            if not text:
                continue
            yield from self._speakers.meet(
                key_of(number), place, known=(known_number(number, place),), event="note on"
            )
            yield from self._reader.free_text(
                text, place=place, label="The owner's note on an account", person=key_of(number)
            )
        yield from notes.rest(self._reader, self._unread)

    def _texts(self, fields: Fields, label: str) -> Iterator[AnyRow]:
        """Yield what an entry says, its fields one a line."""
        lines = list(_lines(fields.all()))
        yield from self._reader.free_text("\n".join(lines), place=fields.pointer, label=label, person=_OWNER)

    def _channel(self, fields: Fields) -> Iterator[AnyRow]:
        place, number = fields.place("id"), fields.text("id")
        if number:
            yield from self._reader.declared("group", number, place=place, event="room")
        server = fields.object("guild")
        server_place, server_number = server.place("id"), server.text("id")
        if server_number and server_number != number:
            yield from self._reader.declared("group", server_number, place=server_place, event="server")
        for part, label in ((fields, "Room"), (server, "Server")):
            if name := part.text("name"):
                yield from self._reader.free_text(name, place=part.place("name"), label=label)
        fields.ignore("type", "recipients")
        for part in (server, fields):
            yield from part.rest(self._reader, self._unread)

    def _recipient(self, found: Found) -> Iterator[AnyRow]:
        number = text_of(found.value)
        if is_number(number):
            known = known_number(number, found.pointer)
            yield from self._speakers.meet(
                key_of(number), found.pointer, known=(known,), event="member of the room"
            )
        else:
            yield from Fields.of(found).rest(self._reader, self._unread)

    def _room(self, found: Found) -> Iterator[AnyRow]:
        """Yield a line of an index: the number of a room or server is the key, its name the value."""
        number, name = found.pointer.rpartition("/")[2], text_of(found.value)
        if is_number(number):
            yield from self._reader.declared("group", number, place=found.pointer)
        if name:
            yield from self._reader.free_text(name, place=found.pointer, label=f"Room or server {number}")


def _lines(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _lines(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _lines(inner, name)
    elif text := text_of(value):
        yield f"{name}: {text}"


_TITLES = {
    "messages": "messages of a room",
    "account": "account",
    "channel": "a room",
    "index": "rooms or servers",
}
_FACTS = {
    "verified": "E-mail verified",
    "premium_until": "Paid until",
    "created_at": "Created",
    "date_of_birth": "Born",
}
