"""Skype's `main.db`, of Skype until its version 7: messages, calls, SMS, contacts, files sent, the account's own data."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.messages import Messages
from cets.domains.intake.reading import shorten
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.skype import body
from cets.domains.intake.speakers import Known, Speakers
from cets.domains.intake.sqlite_file import Database, Record, read_database
from cets.domains.intake.sqlite_head import has_tables
from cets.domains.intake.times import LAST_YEAR, seconds
from cets.domains.intake.traces import Traces, fact, is_number, leads_out
from cets.kernel.moments import Moment

_MESSAGES = (
    "id", "convo_id", "chatname", "author", "from_dispname", "timestamp", "type", "body_xml", "identities", "edited_by", "edited_timestamp",
    "sending_status", "dialog_partner", "reason",
)  # fmt: skip
_CONVERSATIONS = ("id", "identity", "displayname", "given_displayname", "meta_topic", "type")
_PEOPLE = (
    "id", "skypename", "pstnnumber", "fullname", "displayname", "given_displayname", "aliases", "birthday", "gender", "languages",
    "country", "province",
    "city", "phone_home", "phone_office", "phone_mobile", "emails", "homepage", "about", "mood_text", "assigned_comment", "assigned_phone1",
    "assigned_phone2", "assigned_phone3", "isblocked", "lastonline_timestamp", "received_authrequest", "sent_authrequest", "ipcountry",
    "liveid_membername", "skypein_numbers", "offline_callforward",
)  # fmt: skip
_CALLS = (
    "id",
    "begin_timestamp",
    "duration",
    "is_incoming",
    "host_identity",
    "partner_handle",
    "pstn_number",
    "is_conference",
    "name",
    "topic",
)
_MEMBERS = ("id", "identity", "dispname", "call_duration", "call_db_id", "pstn_statustext", "videostatus")
_TRANSFERS = (
    "id", "type", "partner_handle", "partner_dispname", "status", "starttime", "finishtime", "filepath", "filename", "filesize",
    "accepttime", "convo_id",
)  # fmt: skip
_SMS = (
    "id",
    "timestamp",
    "target_numbers",
    "body",
    "chatmsg_id",
    "status",
    "reply_to_number",
    "price",
    "price_currency",
)
_PARTICIPANTS = ("convo_id", "identity")
_READ = {
    "messages": _MESSAGES, "conversations": _CONVERSATIONS, "contacts": _PEOPLE, "accounts": _PEOPLE, "calls": _CALLS, "callmembers": _MEMBERS,
    "transfers": _TRANSFERS, "smses": _SMS, "participants": _PARTICIPANTS,
}  # fmt: skip
#: The older form of conversations, which says the same once more, and the program's own book-keeping.
_KNOWN = frozenset(
    {"dbmeta", "appschemaversion", "chats", "chatmembers", "contactgroups", "videos", "alerts", "legacymessages", "mediadocuments",
    "sqlite_sequence",
     "messageannotations", "translators", "contentsharings", "tracker_journal", "sqlite_stat1"}
)  # fmt: skip
_TEXT, _DEED_WITHOUT_WORDS = (
    frozenset({60, 61, 63, 64, 67, 68, 70, 201, 202, 253, 254}),
    "An event of the sort {}",
)
_DEEDS = {
    2: "Named the chat", 4: "Made a chat with several", 8: "Named the chat", 10: "Added to the chat", 12: "Removed from the chat",
    13: "Left the chat",
    30: "Began a call", 39: "Ended a call", 50: "Asked to be a contact", 51: "Accepted as a contact", 53: "Blocked a contact",
    100: "Joined the chat",
    110: "A birthday", 120: "Took back a message",
}  # fmt: skip
_SMS_SENT = 64
_SENT_FILE, _GOT_FILE = 2, 1
_STATES = {3: "cancelled", 8: "complete", 12: "refused", 7: "failed", 11: "refused by the other"}
_PREFIX = re.compile(r"\d{1,2}:(?=\S)")
_GENDERS = {1: "male", 2: "female"}
_MOST = 200


class Skype(Source):
    name = "skype"
    caption = "Skype database (main.db)"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        has_all = has_tables(head, "messages", "conversations", "accounts", "contacts")
        return 0.95 if has_all and b"skypename" in head.replace(b"\0", b"") else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield from read_database(file, options, _all)


def _all(database: Database, traces: Traces) -> Iterator[AnyRow]:
    store = _Store(database, traces)
    for sort in (
        store.accounts(),
        store.contacts(),
        store.messages(),
        store.sms(),
        store.calls(),
        store.transfers(),
    ):
        yield from sort
        yield from database.told()
    yield from database.rest(_READ, _KNOWN)


def _at(row: Record, column: str) -> Moment | None:
    """Return a time; one of a year that nobody can mean is kept unread."""
    when = row.time(column, seconds)
    return Moment(raw=when.raw) if when and when.instant and when.instant.year > LAST_YEAR else when


def identifier(identity: str, place: str) -> Known | None:
    """Return what an identity of Skype's is: an account, or the number of a telephone."""
    bare = _PREFIX.sub("", identity.strip(), count=1)
    if not bare or " " in bare:
        return None
    return (
        Known("phone", bare, place, identity)
        if bare.startswith("+") and is_number(bare)
        else Known("account", f"skype/{bare}", place, identity)
    )


class _Store:
    def __init__(self, database: Database, traces: Traces) -> None:
        self.database, self.traces, self.reader = database, traces, traces.reader
        self.reader.platform = "skype"
        self._messages, self._speakers = Messages(traces.reader), Speakers(traces.reader)
        self._owners: set[str] = set()
        self._members: dict[int | None, list[str]] = {}
        for row in database.rows("participants", _PARTICIPANTS):
            if len(found := self._members.setdefault(row.number("convo_id"), [])) < _MOST:
                found.append(row.text("identity"))
        self._sms = {row.number("chatmsg_id") for row in database.rows("smses", ("chatmsg_id",))} - {None, 0}

    def _meet(self, identity: str, place: str, *, name: str = "", **seen: Any) -> Iterator[AnyRow]:
        known = identifier(identity, place)
        if known:
            yield from self._speakers.meet(
                _key(identity),
                place,
                names=(name,) if name and name != identity else (),
                known=(known,),
                **seen,
            )

    def accounts(self) -> Iterator[AnyRow]:
        """Yield whose Skype it was: the role is what the program says, and accuses nobody."""
        for row in self.database.rows("accounts", _PEOPLE):
            self._owners.add(_key(row.text("skypename")))
            yield from self._person(row, facts=(("Role in the chats", "whose account this is"),))

    def contacts(self) -> Iterator[AnyRow]:
        for row in self.database.rows("contacts", _PEOPLE):
            yield from self._person(row)
            identity = row.text("skypename") or row.text("pstnnumber")
            yield from self.traces.add(
                "contact", place=row.place, text=row.text("displayname") or row.text("fullname") or identity,
                person=_key(identity) if _key(identity) in self._speakers else None,
                counterparts=(identity,) if identity else (), facts=tuple(_facts(row)),
            )  # fmt: skip

    def _person(self, row: Record, facts: tuple[tuple[str, str], ...] = ()) -> Iterator[AnyRow]:
        identity = row.text("skypename") or row.text("pstnnumber")
        known = [one for one in (identifier(identity, row.place),) if one]
        for column in (
            "pstnnumber",
            "phone_home",
            "phone_office",
            "phone_mobile",
            "assigned_phone1",
            "assigned_phone2",
            "assigned_phone3",
        ):
            known += [
                Known("phone", text, f"{row.place}, column {column}")
                for text in (row.text(column),)
                if is_number(text)
            ]
        for column in ("emails", "liveid_membername"):
            known += [
                Known("email", one, f"{row.place}, column {column}")
                for one in row.text(column).split()[:_MOST]
                if "@" in one
            ]
        if leads_out(row.text("homepage")):
            known.append(Known("url", row.text("homepage"), f"{row.place}, column homepage"))
        if not known:
            return
        key = _key(identity) if identity else f"row {row.row} of {row.table}"
        names = (
            row.text("fullname"),
            row.text("displayname"),
            row.text("given_displayname"),
            row.text("aliases"),
        )
        yield from self._speakers.meet(
            key, row.place, names=dict.fromkeys(names), known=known, facts=(*facts, *_facts(row)), birth_date=_birth(row), event="profile"
        )  # fmt: skip
        for column in ("about", "mood_text", "assigned_comment", "received_authrequest", "sent_authrequest"):
            yield from self.reader.free_text(
                row.text(column), place=f"{row.place}, column {column}", label=f"{row.table}, {column}"
            )

    def messages(self) -> Iterator[AnyRow]:
        for row in self.database.rows("messages", _MESSAGES):
            if not (row.number("type") == _SMS_SENT and row.row in self._sms):
                yield from self._message(row)

    def _message(self, row: Record) -> Iterator[AnyRow]:
        at, author, said = _at(row, "timestamp"), row.text("author"), body.read(row.text("body_xml"))
        sort = row.number("type") or 0
        others = [one for one in (*row.text("identities").split()[:_MOST], *said.names) if one]
        seen: dict[str, Any] = {"seen_at": at, "message": self._messages.following, "event": "message"}
        yield from self._meet(author, row.place, name=row.text("from_dispname"), **seen)
        for one in dict.fromkeys(others):
            yield from self._meet(one, row.place, **seen)
        deed = "" if sort in _TEXT else _DEEDS.get(sort, _DEED_WITHOUT_WORDS.format(sort))
        about = ", ".join(dict.fromkeys(others))
        edited = _at(row, "edited_timestamp")
        yield from self._messages.add(
            said.text or (f"{deed}: {about}" if deed and about else deed), place=row.place, sent_at=at, kind="system" if deed else "chat",
            thread=self._thread(row) or None, sender=author or None, sender_person=_key(author) if _key(author) in self._speakers else None,
            recipients=self._others_in(row, author), attachments=said.attachments,
            headers=(
                *said.headers, *fact("what", deed if said.text else ""), *fact("edited by", row.text("edited_by")),
                *fact("edited", f"{edited.instant:%Y-%m-%d %H:%M:%S} UTC" if edited and edited.instant else ""), *fact("reason",
                row.text("reason")),
            ),
        )  # fmt: skip

    def _thread(self, row: Record) -> str:
        talk = self.database.get("conversations", row.number("convo_id"), _CONVERSATIONS, key="id")
        named = (
            (talk.text(column) for column in ("given_displayname", "meta_topic", "displayname", "identity"))
            if talk
            else iter(())
        )
        return shorten(next(filter(None, named), "") or row.text("chatname"), 300)

    def _others_in(self, row: Record, author: str) -> tuple[str, ...]:
        found = self._members.get(row.number("convo_id"), []) or [row.text("dialog_partner")]
        return tuple(dict.fromkeys(one for one in found if one and _key(one) != _key(author)))

    def sms(self) -> Iterator[AnyRow]:
        for row in self.database.rows("smses", _SMS):
            at, targets = _at(row, "timestamp"), row.text("target_numbers").replace(",", " ").split()[:_MOST]
            message = self.database.get("messages", row.number("chatmsg_id"), _MESSAGES, key="id")
            author = message.text("author") if message else ""
            seen: dict[str, Any] = {"seen_at": at, "message": self._messages.following, "event": "message"}
            for one in filter(None, (author, *targets, row.text("reply_to_number"))):
                yield from self._meet(one, row.place, **seen)
            yield from self._messages.add(
                row.text("body"), place=row.place, sent_at=at, thread=", ".join(targets) or None, sender=author or None,
                sender_person=_key(author) if _key(author) in self._speakers else None, recipients=tuple(targets),
                headers=(("sent as", "SMS"), *fact("answer to", row.text("reply_to_number"))),
            )  # fmt: skip

    def calls(self) -> Iterator[AnyRow]:
        members: dict[int | None, list[int]] = {}
        for row in self.database.rows("callmembers", ("call_db_id",)):
            members.setdefault(row.number("call_db_id"), []).append(row.row)
        for row in self.database.rows("calls", _CALLS):
            found = [
                self.database.get("callmembers", number, _MEMBERS, key="id")
                for number in members.pop(row.row, [])[:_MOST]
            ]
            yield from self._call(row, [one for one in found if one])
        for number, rows in members.items():
            found = [self.database.get("callmembers", one, _MEMBERS, key="id") for one in rows[:_MOST]]
            yield from self._call(
                Record("callmembers", rows[0], {"id": number}), [one for one in found if one]
            )

    def _call(self, row: Record, members: list[Record]) -> Iterator[AnyRow]:
        at, host = _at(row, "begin_timestamp"), row.text("host_identity")
        people = [one.text("identity") for one in members] + [
            row.text("partner_handle"),
            row.text("pstn_number"),
            host,
        ]
        people = list(dict.fromkeys(one for one in people if one and _key(one) not in self._owners))
        for one in people:
            name = next((member.text("dispname") for member in members if member.text("identity") == one), "")
            yield from self._meet(one, row.place, name=name, seen_at=at, event="call")
        is_in = row.number("is_incoming")
        direction = "in" if is_in else "out" if is_in == 0 or _key(host) in self._owners else None
        length = row.number("duration") or max(
            (one.number("call_duration") or 0 for one in members), default=0
        )
        yield from self.traces.add(
            "call", place=row.place, at=at, direction=direction, seconds=float(length) if length > 0 else None, counterparts=tuple(people),
            facts=(*fact("begun by", host), *fact("what", "a call with several" if row.number("is_conference") else ""), *fact("topic",
            row.text("topic"))),
        )  # fmt: skip

    def transfers(self) -> Iterator[AnyRow]:
        for row in self.database.rows("transfers", _TRANSFERS):
            at, partner = _at(row, "starttime"), row.text("partner_handle")
            yield from self._meet(
                partner, row.place, name=row.text("partner_dispname"), seen_at=at, event="file"
            )
            sort = {_SENT_FILE: "file sent", _GOT_FILE: "file received"}.get(row.number("type") or 0, "file")
            state = row.number("status")
            yield from self.traces.add(
                "download" if sort == "file received" else "event", place=row.place, text=row.text("filename"), at=at, until=_at(row,
                "finishtime"),
                counterparts=(partner,) if partner else (),
                facts=(
                    ("what", sort), *fact("path", row.text("filepath")), *fact("bytes", row.text("filesize")),
                    *fact("state", _STATES.get(state or 0, "" if state is None else f"state {state}")),
                ),
            )  # fmt: skip


def _key(identity: str) -> str:
    return f"skype {_PREFIX.sub('', identity.strip(), count=1).casefold()}"


def _birth(row: Record) -> str | None:
    """Return a date of birth, which is kept as a number of eight digits."""
    text = row.text("birthday")
    is_date = len(text) == len("20260313") and text.isdigit()
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if is_date else text if text not in ("", "0") else None


def _facts(row: Record) -> Iterator[tuple[str, str]]:
    yield from fact("gender", _GENDERS.get(row.number("gender") or 0, ""))
    for label, column in (
        ("languages", "languages"), ("country", "country"), ("province", "province"), ("city", "city"), ("country by address", "ipcountry"),
        ("number of the account", "skypein_numbers"), ("calls go on to", "offline_callforward"),
    ):  # fmt: skip
        yield from fact(label, row.text(column))
    if row.number("isblocked"):
        yield ("blocked", "yes")
    last = _at(row, "lastonline_timestamp")
    if last and last.instant:
        yield ("last seen", f"{last.instant:%Y-%m-%d %H:%M:%S} UTC")
