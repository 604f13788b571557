"""The database of Google Hangouts on Android (`babel.db`): conversations with their people, messages, who was blocked."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.messages import Messages
from cets.domains.intake.reading import shorten
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.eml import html_text
from cets.domains.intake.speakers import Known, Speakers
from cets.domains.intake.sqlite_file import Database, Record, read_database
from cets.domains.intake.sqlite_head import has_tables
from cets.domains.intake.times import microseconds
from cets.domains.intake.traces import Traces, fact, is_number, leads_out

_MESSAGES = (
    "_id", "message_id", "conversation_id", "author_chat_id", "author_gaia_id", "text", "timestamp", "type", "status", "local_url", "remote_url",
    "attachment_content_type", "attachment_name", "latitude", "longitude", "address", "transport_phone", "sms_raw_sender", "sms_raw_recipients",
    "mms_subject", "new_conversation_name", "participant_keys", "expiration_timestamp", "off_the_record", "voicemail_length",
    "attachment_description",
    "attachment_target_url",
)  # fmt: skip
_CONVERSATIONS = (
    "_id",
    "conversation_id",
    "conversation_type",
    "name",
    "generated_name",
    "inviter_gaia_id",
    "is_otr",
    "default_transport_phone",
    "draft",
)
_JOINED = ("_id", "participant_row_id", "conversation_id", "active")
_PEOPLE = (
    "_id",
    "gaia_id",
    "chat_id",
    "phone_id",
    "circle_id",
    "first_name",
    "full_name",
    "fallback_name",
    "blocked",
)
_NAMED = ("_id", "gaia_id", "chat_id", "name", "first_name")
_DETAILS = ("_id", "gaia_id", "lookup_data", "lookup_data_standardized", "display_name")
_PRESENCE = ("_id", "gaia_id", "last_seen", "status_message")
_READ = {
    "messages": _MESSAGES, "conversations": _CONVERSATIONS, "conversation_participants": (*_JOINED, "participant_type", "sequence",
    "invitation_status"),
    "participants": (*_PEOPLE, "participant_type", "profile_photo_url", "batch_gebi_tag", "in_users_domain"),
    "suggested_contacts": (
        *_NAMED, "packed_circle_ids", "profile_photo_url", "sequence", "suggestion_type", "logging_id", "affinity_score", "is_in_same_domain",
    ),
    "blocked_people": (*_NAMED, "profile_photo_url"), "merged_contact_details": _DETAILS,
}  # fmt: skip
#: Pictures to send, what was computed to search and to show, and the app's own book-keeping.
_KNOWN = frozenset(
    {
        "android_metadata", "sqlite_sequence", "sqlite_stat1", "sticker_albums", "sticker_photos", "merge_keys", "merged_contacts",
        "presence", "dismissed_contacts",
        "event_suggestions", "mms_notification_inds", "multipart_attachments", "recent_calls", "search", "transport_events",
        "participants_fts_segments",
        "participants_fts_segdir", "participants_fts_docsize", "participants_fts_stat", "participant_email_fts_segments",
        "participant_email_fts_segdir",
        "participant_email_fts_docsize", "participant_email_fts_stat", "realtimechat_metadata",
    }
)  # fmt: skip
_OUTGOING, _INCOMING = 1, 2
_MOST = 200


class Hangouts(Source):
    name = "hangouts"
    caption = "Google Hangouts (Android)"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        has_all = has_tables(head, "messages", "conversations", "participants", "conversation_participants")
        return 0.95 if has_all and b"gaia_id" in head.replace(b"\0", b"") else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield from read_database(file, options, _all)


def _all(database: Database, traces: Traces) -> Iterator[AnyRow]:
    store = _Store(database, traces)
    for sort in (store.people(), store.messages(), store.others()):
        yield from sort
        yield from database.told()
    yield from database.rest(_READ, _KNOWN)


class _Store:
    def __init__(self, database: Database, traces: Traces) -> None:
        self.database, self.traces, self.reader = database, traces, traces.reader
        self.reader.platform = "google"
        self._messages, self._speakers = Messages(traces.reader), Speakers(traces.reader)
        self._names: dict[str, str] = {}
        self._keys: dict[int, str] = {}
        self._in_talk: dict[str, list[int]] = {}
        for row in database.rows("conversation_participants", _JOINED):
            if (number := row.number("participant_row_id")) is not None and len(
                found := self._in_talk.setdefault(row.text("conversation_id"), [])
            ) < _MOST:
                found.append(number)
        self._talks: dict[str, str] = {}
        for row in database.rows("conversations", _CONVERSATIONS):
            self._talks[row.text("conversation_id")] = row.text("name") or row.text("generated_name")

    def people(self) -> Iterator[AnyRow]:
        for row in self.database.rows("participants", _PEOPLE):
            name = row.text("full_name") or row.text("fallback_name") or row.text("phone_id")
            self._keys[row.row] = key = _key(row.text("gaia_id") or row.text("chat_id") or f"row {row.row}")
            self._names[key] = name
            facts = (("blocked", "yes"),) if row.number("blocked") else ()
            yield from self._meet(row, key, name, row.text("fallback_name"), facts=facts, event="participant")

    def _meet(
        self, row: Record, key: str, *names: str, facts: tuple[tuple[str, str], ...] = (), **seen: Any
    ) -> Iterator[AnyRow]:
        known = [
            Known("account", f"google/id:{number}", f"{row.place}, column {column}", number)
            for column in ("gaia_id", "chat_id") if (number := row.text(column))
        ]  # fmt: skip
        known += [
            Known("phone", text, f"{row.place}, column phone_id")
            for text in (row.text("phone_id"),)
            if is_number(text)
        ]
        mails = [name for name in names if "@" in name and " " not in name]
        known += [Known("email", mail, row.place) for mail in dict.fromkeys(mails)]
        called = [name for name in names if name and name not in mails and not is_number(name)]
        yield from self._speakers.meet(key, row.place, names=called, known=known, facts=facts, **seen)

    def messages(self) -> Iterator[AnyRow]:
        for row in self.database.rows("messages", _MESSAGES):
            yield from self._message(row)

    def _message(self, row: Record) -> Iterator[AnyRow]:
        at, sort = row.time("timestamp", microseconds), row.number("type") or 0
        author = row.text("author_gaia_id") or row.text("author_chat_id")
        key, talk = _key(author), row.text("conversation_id")
        seen: dict[str, Any] = {"seen_at": at, "message": self._messages.following, "event": "message"}
        if author:
            yield from self._speakers.meet(
                key, row.place, known=(Known("account", f"google/id:{author}", row.place, author),)
            )
            yield from self.reader.declared(
                "account", f"google/id:{author}", place=row.place, as_written=author, person=key, **seen
            )
        members = [self._keys[number] for number in self._in_talk.get(talk, []) if number in self._keys]
        text = html_text.to_text(row.text("text").replace("\n", "<br>"))
        named = row.text("new_conversation_name")
        yield from self._messages.add(
            text or (f"Named the conversation: {named}" if named else ""), place=row.place, sent_at=at,
            kind="chat" if sort in (_OUTGOING, _INCOMING) else "system", thread=shorten(self._talks.get(talk) or talk, 300) or None,
            sender=self._names.get(key) or author or None, sender_person=key if author else None,
            recipients=tuple(filter(None, (self._names.get(one, "") for one in members if one != key))),
            subject=row.text("mms_subject") or None, attachments=self._attachments(row), headers=tuple(_headers(row, sort)),
        )  # fmt: skip
        for column in (
            "sms_raw_sender",
            "sms_raw_recipients",
            "transport_phone",
            "attachment_description",
            "address",
        ):
            yield from self.reader.mentioned(
                row.text(column), place=f"{row.place}, column {column}", seen_at=at
            )
        target = row.text("attachment_target_url")
        if leads_out(target):
            yield from self.reader.declared(
                "url", target, place=f"{row.place}, column attachment_target_url", **seen
            )

    def _attachments(self, row: Record) -> tuple[str, ...]:
        name = row.text("attachment_name") or row.text("remote_url") or row.text("local_url")
        kind = row.text("attachment_content_type")
        return (f"{shorten(name, 500)} ({shorten(kind)})" if kind else shorten(name, 500),) if name else ()

    def others(self) -> Iterator[AnyRow]:
        """Yield whom the app suggested, whom the owner blocked, and addresses of contacts."""
        for table, what in (("blocked_people", "blocked"), ("suggested_contacts", "suggested by the app")):
            for row in self.database.rows(table, _NAMED):
                key = _key(row.text("gaia_id") or row.text("chat_id") or f"row {row.row} of {table}")
                yield from self._meet(row, key, row.text("name"), facts=(("in the app", what),), event=what)
                yield from self.traces.add(
                    "contact",
                    place=row.place,
                    text=row.text("name"),
                    person=key,
                    facts=(("in the app", what),),
                )
        for row in self.database.rows("merged_contact_details", _DETAILS):
            address = row.text("lookup_data_standardized") or row.text("lookup_data")
            key = _key(row.text("gaia_id") or f"row {row.row} of merged_contact_details")
            known = (
                [Known("email" if "@" in address else "phone", address, row.place)]
                if "@" in address or is_number(address)
                else []
            )
            number = row.text("gaia_id")
            known += [Known("account", f"google/id:{number}", row.place, number)] if number else []
            if known:
                yield from self._speakers.meet(
                    key, row.place, names=(row.text("display_name"),), known=known, event="contact"
                )


def _key(number: str) -> str:
    return f"google {number}"


def _headers(row: Record, sort: int) -> Iterator[tuple[str, str]]:
    yield from fact("sort", "" if sort in (_OUTGOING, _INCOMING) else sort)
    if sort in (_OUTGOING, _INCOMING):
        yield ("direction", "sent by the owner" if sort == _OUTGOING else "received")
    for label, column in (
        ("latitude", "latitude"), ("longitude", "longitude"), ("address", "address"), ("people concerned", "participant_keys"),
        ("sender as written", "sms_raw_sender"), ("receivers as written", "sms_raw_recipients"), ("number of the owner", "transport_phone"),
        ("picture says", "attachment_description"),
    ):  # fmt: skip
        yield from fact(label, row.text(column))
    yield from fact("history", "off" if row.number("off_the_record") else "")
