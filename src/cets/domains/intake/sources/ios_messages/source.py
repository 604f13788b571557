"""The messages of an iPhone (`sms.db`): SMS, MMS and iMessages with their people, threads, times and deeds."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.apple_times import apple_time, shown
from cets.domains.intake.messages import Messages
from cets.domains.intake.reading import shorten
from cets.domains.intake.rows import AnyRow, NotUnderstood, Person, Sighting
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.ios_messages import attributed, columns, deeds
from cets.domains.intake.sqlite_file import Database, Record, read_database
from cets.domains.intake.sqlite_head import has_tables
from cets.domains.intake.traces import Traces, fact, number_or_mail

_OWNER = "owner of the phone"
_GROUP = 43
_MOST_PARTS = 200
#: Stands for a part that is no text.
_OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"


class IosMessages(Source):
    name = "ios_messages"
    caption = "iPhone messages"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        return 0.95 if has_tables(head, "message", "handle", "chat", "chat_message_join") else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield from read_database(file, options, _all)


def _all(database: Database, traces: Traces) -> Iterator[AnyRow]:
    store = _Store(database, traces)
    for sort in (store.messages(), store.others(), store.deleted()):
        yield from sort
        yield from database.told()
    yield from database.rest(columns.READ, columns.KNOWN)


class _Store:
    """The messages of one phone, numbered as they are read."""

    def __init__(self, database: Database, traces: Traces) -> None:
        self.database, self.reader = database, traces.reader
        self._messages = Messages(traces.reader)
        self._people: dict[str, str] = {}
        self._handles = {row.row: row.text("id") for row in database.rows("handle", columns.HANDLES)}
        self._members = self._pairs("chat_handle_join", "chat_id", "handle_id")
        self._attached = self._pairs("message_attachment_join", "message_id", "attachment_id")
        self._chats = {
            row.number("message_id"): row.number("chat_id")
            for row in database.rows("chat_message_join", ("message_id", "chat_id"))
        }
        self._deleted: dict[int | None, str] = {}
        for row in database.rows("chat_recoverable_message_join", columns.RECOVERABLE):
            self._deleted[row.number("message_id")] = shown(row, "delete_date") or "at a time not stated"
            self._chats.setdefault(row.number("message_id"), row.number("chat_id"))
        self._threads: dict[int | None, tuple[str, tuple[str, ...]]] = {}

    def _pairs(self, table: str, key: str, value: str) -> dict[int | None, list[int]]:
        found: dict[int | None, list[int]] = {}
        for row in self.database.rows(table, (key, value)):
            if (number := row.number(value)) is not None:
                found.setdefault(row.number(key), []).append(number)
        return found

    def messages(self) -> Iterator[AnyRow]:
        yield from self.database.told()
        for row in self.database.rows("message", columns.MESSAGES):
            yield from self._message(row)

    def _message(self, row: Record) -> Iterator[AnyRow]:
        at = apple_time(row, "date")
        other = self._handles.get(row.number("handle_id") or 0, "")
        is_own = bool(row.number("is_from_me"))
        thread, members = self._thread(self._chats.get(row.row))
        own = row.text("destination_caller_id") or _login(row.text("account"))
        seen: dict[str, Any] = {"place": row.place, "seen_at": at, "message": self._messages.following}
        yield from self._of(other, "message", **seen)
        yield from self._of(own, "message", is_owner=True, **seen)
        deed = deeds.of(row, self._handles)
        for address in deed.others:
            yield from self._of(address, deed.text, **seen)
        text, remarks = self._text(row)
        yield from remarks
        yield from self._messages.add(
            text or deed.text, place=row.place, sent_at=at, kind="system" if deed.text else "chat", thread=thread or other or None,
            sender=_OWNER if is_own else other or None, sender_person=self._people.get(own if is_own else other),
            recipients=(members or ((other,) if other else ())) if is_own else (),
            subject=row.text("subject") or None, headers=tuple(self._headers(row, deed)),
            attachments=self._names(self._attached.get(row.row, [])),
        )  # fmt: skip
        if row.text("subject"):
            place = f"{row.place}, column subject"
            yield from self.reader.free_text(
                row.text("subject"), place=place, label="subject of a message", seen_at=at
            )

    def _text(self, row: Record) -> tuple[str, list[NotUnderstood]]:
        """Return the text of a message: from iOS 16 on it stands in `attributedBody` only."""
        text = row.text("text")
        if text:
            return text.replace(_OBJECT, "").strip(), []
        found = self.database.get("message", row.row, columns.BODY, key="rowid")
        body = found["attributedbody"] if found else None
        if not isinstance(body, bytes) or not body:
            return "", []
        read = attributed.text_of(body)
        if read is not None:
            return read.replace(_OBJECT, "").replace("\0", "\N{SYMBOL FOR NULL}").strip(), []
        place = f"{row.place}, column attributedbody"
        return "", [
            NotUnderstood(
                text=f"The text at {place} could not be taken out of its {len(body)} bytes.", place=place
            )
        ]

    def _headers(self, row: Record, deed: deeds.Deed) -> Iterator[tuple[str, str]]:
        yield from deed.headers
        yield from fact("service", row.text("service"))
        for label, column in (
            ("read", "date_read"), ("delivered", "date_delivered"), ("edited", "date_edited"), ("unsent", "date_retracted"),
            ("recovered", "date_recovered"),
        ):  # fmt: skip
            yield from fact(label, shown(row, column))
        if row.number("is_from_me") == 0 and row.number("is_read") == 0:
            yield ("read", "no")
        yield from fact("error", row.number("error") or "")
        yield from fact("deleted", self._deleted.get(row.row))
        yield from fact("taken for unwanted", "yes" if row.number("is_spam") else "")
        yield from fact("sort", "voice message" if row.number("is_audio_message") else "")
        yield from fact("app", row.text("balloon_bundle_id").rpartition(":")[2])
        yield from fact("effect", row.text("expressive_send_style_id"))
        yield from fact("answers message", row.text("thread_originator_guid"))
        yield from fact("service centre", row.text("service_center"))

    def _names(self, numbers: list[int]) -> tuple[str, ...]:
        found = [
            self.database.get("attachment", number, columns.ATTACHMENTS, key="rowid")
            for number in numbers[:_MOST_PARTS]
        ]
        return tuple(_name(one) for one in found if one)

    def _thread(self, number: int | None) -> tuple[str, tuple[str, ...]]:
        """Return how a chat is called, and who is in it besides the owner."""
        if number not in self._threads:
            chat = self.database.get("chat", number, columns.CHATS, key="rowid")
            members = tuple(
                filter(
                    None, (self._handles.get(one, "") for one in self._members.get(number, [])[:_MOST_PARTS])
                )
            )
            name = chat.text("display_name") if chat else ""
            if chat and not name:
                name = ", ".join(members) if chat.number("style") == _GROUP else chat.text("chat_identifier")
            self._threads[number] = (shorten(name, 300), members)
        return self._threads[number]

    def _of(
        self, address: str, event: str, *, place: str, is_owner: bool = False, **facts: Any
    ) -> Iterator[AnyRow]:
        """Yield the identifier that an address is; whose, and what is doubtful in it, is said at the first time."""
        if not address:
            return
        is_new = address not in self._people
        if is_new:
            self._people[address] = f"address {len(self._people) + 1}"
            about = (("Role in the chat", _OWNER),) if is_owner else ()
            yield Person(
                key=self._people[address], role="unknown", place=place, names=(address,), facts=about
            )
        for row in number_or_mail(
            self.reader, address, place=place, person=self._people[address], event=event, **facts
        ):
            if is_new or isinstance(row, Sighting):
                yield row

    def others(self) -> Iterator[AnyRow]:
        """Yield with whom the phone ever had a thread, though no message of it may be left; and by which names its owner was addressed."""
        for row in self.database.rows("handle", columns.HANDLES):
            if row.text("id") not in self._people:
                yield from self._of(row.text("id"), "thread", place=row.place)
        for row in self.database.rows("chat", columns.CHATS):
            for own in dict.fromkeys((row.text("last_addressed_handle"), _login(row.text("account_login")))):
                if own not in self._people:
                    yield from self._of(own, "thread", place=row.place, is_owner=True)

    def deleted(self) -> Iterator[AnyRow]:
        count = sum(1 for _ in self.database.rows("deleted_messages", columns.DELETED))
        if count:
            text = f"{count} messages are listed as deleted; what they said is not in the tables."
            yield NotUnderstood(text=text, place="table deleted_messages")


def _login(account: str) -> str:
    """Return the address in a login: "P:+447700900123", "E:kea@mail.example"."""
    sort, colon, address = account.partition(":")
    return address if colon and sort in ("P", "E", "p", "e") else ""


def _name(row: Record) -> str:
    name = row.text("transfer_name") or row.text("filename").rpartition("/")[2] or f"attachment {row.row}"
    kind, size = row.text("mime_type") or row.text("uti"), row.number("total_bytes")
    about = ", ".join(filter(None, (kind, f"{size} bytes" if size else "")))
    return f"{shorten(name, 300)} ({shorten(about)})" if about else shorten(name, 300)
