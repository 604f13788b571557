"""Android's database of SMS and MMS (`mmssms.db`): messages with their numbers, threads and times."""

from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake import handset
from cets.domains.intake.handset import Handset
from cets.domains.intake.reading import Reader, shorten
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sqlite_file import Database, Record, read_database
from cets.domains.intake.sqlite_head import has_tables
from cets.domains.intake.times import milliseconds, seconds
from cets.domains.intake.traces import Traces, fact

_SMS = (
    "_id", "thread_id", "address", "date", "date_sent", "read", "status", "type", "subject", "body", "service_center", "error_code", "creator",
    "sub_id",
)  # fmt: skip
_PDU = (
    "_id",
    "thread_id",
    "date",
    "date_sent",
    "msg_box",
    "read",
    "sub",
    "sub_cs",
    "m_type",
    "creator",
    "sub_id",
)
_ADDR = ("_id", "msg_id", "address", "type")
_PART = ("_id", "mid", "seq", "ct", "name", "fn", "cl", "_data", "text")
_THREADS = ("_id", "recipient_ids")
_READ = {
    "sms": (*_SMS, "person", "protocol", "reply_path_present", "locked", "seen", "priority", "phone_id"),
    "pdu": (
        *_PDU, "m_id", "ct_t", "ct_l", "exp", "m_cls", "v", "m_size", "pri", "rr", "rpt_a", "resp_st", "st", "tr_id", "retr_st", "retr_txt",
        "retr_txt_cs", "read_status", "ct_cls", "resp_txt", "d_tm", "d_rpt", "locked", "seen", "text_only", "phone_id",
    ),
    "addr": (*_ADDR, "contact_id", "charset"),
    "part": (*_PART, "chset", "cd", "cid", "ctt_s", "ctt_t", "_size"),
    "threads": (
        *_THREADS, "date", "message_count", "snippet", "snippet_cs", "read", "type", "error", "has_attachment", "archived", "unread_count",
    ),
    "canonical_addresses": ("_id", "address"),
}  # fmt: skip
#: The phone's own book-keeping: what it computed from the rest to search and to send.
_KNOWN = frozenset(
    {
        "android_metadata", "sqlite_sequence", "words", "words_content", "words_segments", "words_segdir", "words_docsize", "words_stat",
        "pending_msgs", "sr_pending", "rate", "drm",
    }
)  # fmt: skip

_MOST_NAMED = 20


class AndroidMessages(Source):
    name = "android_messages"
    caption = "Android text messages"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        if not has_tables(head, "sms"):
            return 0.0
        beside = ("threads", "canonical_addresses", "pdu")
        return 0.95 if sum(has_tables(head, name) for name in beside) > 1 else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield from read_database(file, options, _messages)


def _messages(database: Database, traces: Traces) -> Iterator[AnyRow]:
    store = _Store(database, traces.reader)
    for sort in (store.sms(), store.mms(), store.addresses()):
        yield from sort
        yield from database.told()
    yield from database.rest(_READ, _KNOWN)


class _Store:
    """The messages of one phone, numbered as they are read."""

    def __init__(self, database: Database, reader: Reader) -> None:
        self.database, self.reader = database, reader
        self.phone = Handset(reader)
        self.centres: set[str] = set()
        self._threads: dict[int | None, str] = {}

    def sms(self) -> Iterator[AnyRow]:
        for row in self.database.rows("sms", _SMS):
            address, is_own = row.text("address"), handset.is_own(row.number("type"))
            yield from self.phone.message(
                place=row.place,
                thread=self._thread(row),
                text=row.text("body"),
                subject=row.text("subject"),
                sender=address if is_own is False else "",
                recipients=(address,) if is_own and address else (),
                beside=address,
                is_own=is_own,
                sent_at=row.time("date", milliseconds),
                headers=(
                    *handset.state(row.number("type")),
                    *handset.network_time(row.time("date_sent", milliseconds)),
                    *_common(row, is_own=is_own),
                    *fact("service centre", row.text("service_center")),
                    *fact("error", row.text("error_code") if row.number("error_code") else ""),
                ),
            )
            yield from self._centre(row)

    def _centre(self, row: Record) -> Iterator[AnyRow]:
        """Yield the network's own number once: it is nobody's, and links nothing."""
        centre = row.text("service_center")
        if centre and centre not in self.centres and len(self.centres) < _MOST_NAMED:
            self.centres.add(centre)
            yield from self.reader.declared(
                "phone",
                centre,
                place=f"{row.place}, column service_center",
                message=self.phone.number,
                pivot=False,
            )

    def mms(self) -> Iterator[AnyRow]:
        addresses, parts = self._grouped("addr", "msg_id"), self._grouped("part", "mid")
        for row in self.database.rows("pdu", _PDU):
            found = [self.database.get("addr", one, _ADDR, key="_id") for one in addresses.get(row.row, ())]
            own = [
                one
                for one in found
                if one and one.text("address") and one.text("address") != handset.OWN_ADDRESS
            ]
            sender = next((one.text("address") for one in own if one.number("type") == handset.FROM), "")
            texts, attachments = self._parts(parts.get(row.row, []))
            box = row.number("msg_box")
            is_own = handset.is_own(box)
            is_there = row.number("m_type") != handset.NOT_FETCHED
            yield from self.phone.message(
                place=row.place,
                thread=self._thread(row),
                text="\n".join(texts),
                subject=handset.subject(row.text("sub"), row.number("sub_cs")),
                sender="" if is_own else sender,
                recipients=tuple(
                    dict.fromkeys(one.text("address") for one in own if one.number("type") in handset.TO)
                ),
                is_own=is_own,
                sent_at=row.time("date", seconds),
                headers=(
                    *(handset.state(box) if is_there else fact("state", "not fetched from the network")),
                    *handset.network_time(row.time("date_sent", seconds)),
                    *_common(row, is_own=is_own),
                ),
                attachments=tuple(attachments),
            )

    def _grouped(self, table: str, column: str) -> dict[int | None, list[int]]:
        """Return the row ids of a table by the message to which they belong."""
        found: dict[int | None, list[int]] = {}
        for row in self.database.rows(table, (column,)):
            found.setdefault(row.number(column), []).append(row.row)
        return found

    def _parts(self, numbers: list[int]) -> tuple[list[str], list[str]]:
        """Return the texts of a message, and the names of what else it has."""
        found = [self.database.get("part", number, _PART, key="_id") for number in numbers]
        texts, others = [], []
        for part in sorted((one for one in found if one), key=lambda one: (one.number("seq") or 0, one.row)):
            kind = part.text("ct")
            if kind == "application/smil":
                continue  # how the parts are arranged on the screen
            if kind.startswith("text/") and part.text("text"):
                texts.append(part.text("text"))
                continue
            name = next(filter(None, map(part.text, ("name", "fn", "cl", "_data"))), f"part {part.row}")
            others.append(f"{shorten(name, 300)} ({shorten(kind)})" if kind else shorten(name, 300))
        return texts, others

    def _thread(self, row: Record) -> str | None:
        number = row.number("thread_id")
        if number not in self._threads:
            self._threads[number] = self._named(number)
        return self._threads[number] or None

    def _named(self, number: int | None) -> str:
        """Return with whom a thread is, as the phone has it."""
        thread = self.database.get("threads", number, _THREADS, key="_id")
        ids = thread.text("recipient_ids").split()[:_MOST_NAMED] if thread else []
        found = [
            self.database.get("canonical_addresses", int(one), ("address",), key="_id")
            for one in ids
            if one.isascii() and one.isdigit() and len(one) < _MOST_NAMED
        ]
        names = [one.text("address") for one in found if one]
        return ", ".join(names) or (f"thread {number}" if number is not None else "")

    def addresses(self) -> Iterator[AnyRow]:
        """Yield with whom the phone ever had a thread, though no message of it may be left."""
        for row in self.database.rows("canonical_addresses", ("_id", "address")):
            address = row.text("address")
            if address not in self.phone.people:
                yield from self.phone.of(address, "thread", place=row.place)


def _common(row: Record, *, is_own: bool | None) -> Iterator[tuple[str, str]]:
    if is_own is False and row.number("read") == 0:
        yield ("read", "no")
    yield from fact("app", row.text("creator"))
    if (row.number("sub_id") or 0) > 0:
        yield from fact("SIM", row.number("sub_id"))
