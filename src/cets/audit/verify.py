"""Check the audit record against itself and against the second place, without trusting the sequencer's code.

Two passes. The links in order, against the signed leaves of the heads file. Then the events, each against its
link and its payload, in whatever order the server joins them. Events are hashed from the bytes in which the
server's binary COPY sends them, which is the specified encoding (README.md): no decoder can be fooled.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connections

from cets.audit.findings import Difference, Kind, Problem, Report, ranges
from cets.audit.heads import BadLine, CutLine, HeadFile, Line, decode
from cets.audit.sequencer import Within
from cets.kernel.errors import CetsError

_TAG = b"cets-audit-event-1\n"
_COLUMNS = (
    "e.id, e.number, e.xid, e.at, e.type, e.actor_kind, e.actor_id, e.agency_id, e.subject_type,"
    " e.subject_id, e.purpose, e.purpose_reference, e.request_id, e.commitment"
)
_LINKS = "copy (select seq, event_id, leaf, head from audit_link order by seq) to stdout (format binary)"
# No order: the server may join as it likes, and sends its first row as soon as its tables are hashed.
_EVENTS = (
    f"copy (select l.seq, l.leaf, p.salt, p.body, {_COLUMNS} from audit_event e"  # noqa: S608 - our own text
    " full join audit_link l on l.event_id = e.id left join audit_payload p on p.event_id = e.id)"
    " to stdout (format binary)"
)
# Row-level security hides from the planner that everything is read: it would look rows up one by one.
_WHOLE_READ = (
    "set transaction read only; set local enable_nestloop = off; set local jit = off;"
    " set local work_mem = '64MB'"
)
_SALT = 16
_HEADER = b"PGCOPY\n\xff\r\n\0"
_HEADER_SIZE = len(_HEADER) + 8
_LINK = struct.Struct(">hiqi16si32si32s")
_FIELDS_OF_AN_EVENT_ROW = 18
#: The start of an ordinary row: chained, payload there. Anything else takes the slow road.
_ORDINARY = struct.Struct(">hiqi32si16si")
_NO_EVENT = b"\xff\xff\xff\xff"


class MayNotVerify(CetsError):
    """This account sees a part of the audit record, and a part cannot be verified. Nothing was checked."""


def verify(
    *, within: Within, heads: HeadFile, verifying_key: Ed25519PublicKey, using: str = "default"
) -> Report:
    """Return the state of the audit record, with every altered, missing, inserted or moved row by name.

    `within` opens a transaction as a viewer with Right.SEQUENCER, on any role that may read.
    Raises MayNotVerify.
    """
    lines = (
        heads.read()
    )  # before the table is looked at: what is appended meanwhile would seem to be missing there
    is_nested = connections[using].in_atomic_block
    with within():
        if not is_nested:
            _query(using, _WHOLE_READ)
        _require_whole_sight(using)
        check = _Check(using)
        check.links(_Witness(lines, verifying_key, check.report))
        check.events()
        return check.finish()


def _require_whole_sight(using: str) -> None:
    ((sees_all,),) = _query(
        using,
        "select not row_security_active('audit_event') or coalesce((cets_viewer()).rights & 64 <> 0, false)",
    )
    if not sees_all:
        raise MayNotVerify(str(MayNotVerify.__doc__))


class _Witness:
    """The leaves and heads that the second place signed, in order. Bad lines vouch for nothing."""

    def __init__(self, lines: Iterator[bytes], key: Ed25519PublicKey, report: Report) -> None:
        self._lines, self._key, self._report = lines, key, report
        self.start: int | None = None
        self.end = 0
        self._anchor = b""

    def __iter__(self) -> Iterator[tuple[int, bytes, bytes]]:
        head = b""
        for number, line in self._good_lines():
            if self.start is None:
                self.start, self.end, head = line.first, line.first - 1, line.previous
                self._anchor = head
            self._check_place(number, line, head)
            own = line.previous
            for seq, leaf in enumerate(line.leaves, line.first):
                own = hashlib.sha256(own + leaf).digest()
                if seq > self.end:
                    yield seq, leaf, own
            if own != line.head:
                self._problem(number, "has a head that its own leaves do not give")
            self.end, head = max(self.end, line.last), own

    def may_precede(self, seq: int, head: bytes) -> bool:
        """Tell whether a link before the file's first number ends where the file says that it began."""
        return self.start is None or seq != self.start - 1 or head == self._anchor

    def _good_lines(self) -> Iterator[tuple[int, Line]]:
        cut: int | None = None
        for number, raw in enumerate(self._lines, 1):
            try:
                line = decode(raw, self._key)
            except CutLine as error:
                if cut is not None:
                    self._problem(cut, str(error))
                cut = number
            except BadLine as error:
                self._problem(number, str(error))
            else:
                self._report.cut_lines += cut is not None
                cut = None
                yield number, line
        if cut is not None:
            self._problem(cut, "is cut short and nothing follows")

    def _check_place(self, number: int, line: Line, head: bytes) -> None:
        if line.first > self.end + 1:
            self._problem(
                number,
                f"follows a gap: numbers {self.end + 1} to {line.first - 1} are vouched for by no line",
            )
        elif line.first <= self.end:
            self._problem(number, f"tells again what an earlier line told (from number {line.first})")
        elif line.previous != head:
            self._problem(number, "does not continue the line before it")

    def _problem(self, number: int, text: str) -> None:
        found = Problem(Kind.HEADS, f"Heads file, line {number} {text}.", line=number)
        if found not in self._report.problems:
            self._report.problems.append(found)


@dataclass(frozen=True, slots=True)
class _Altered:
    seq: int
    event_id: UUID
    number: int | None
    stored: bytes
    own: bytes


@dataclass(slots=True)
class _Check:
    using: str
    report: Report = field(default_factory=Report)
    difference: Difference = field(default_factory=Difference)
    altered: list[_Altered] = field(default_factory=list)
    rehashed: list[int] = field(default_factory=list)
    settled: tuple[int, frozenset[int]] = (0, frozenset())

    def links(self, witness: _Witness) -> None:
        """Walk table and witness together by their numbers."""
        signed = iter(witness)
        said = next(signed, None)
        before, head = 0, bytes(32)
        for seq, event_id, leaf, stored in _links(self.using):
            self.report.chained += 1
            while said and said[0] < seq:
                self.difference.witness.append(said[:2])
                before, head, said = said[0], said[2], next(signed, None)
            if said and said[0] == seq:
                self._compare(seq, leaf, stored, said)
                head, said = said[2], next(signed, None)
            else:
                self._follow(witness, seq, leaf, stored, before=before, head=head, event_id=event_id)
                head = stored
            before = seq
        while said:
            self.difference.witness.append(said[:2])
            before, said = said[0], next(signed, None)
        self.difference.end = witness.end
        if before < witness.end:
            text = f"The heads file begins after chain number {witness.end}; the table ends before."
            self.report.problems.append(Problem(Kind.TRUNCATED, text, before + 1, witness.end))

    def _compare(self, seq: int, leaf: bytes, stored: bytes, said: tuple[int, bytes, bytes]) -> None:
        self.report.witnessed += 1
        if leaf != said[1]:
            self.difference.table.append((seq, leaf))
            self.difference.witness.append(said[:2])
        elif stored != said[2]:
            self.rehashed.append(seq)

    def _follow(
        self,
        witness: _Witness,
        seq: int,
        leaf: bytes,
        stored: bytes,
        *,
        before: int,
        head: bytes,
        event_id: bytes,
    ) -> None:
        """Check a link that no signed line speaks of against the one before it."""
        if seq <= before:
            text = f"Chain number {seq} stands twice."
            self.report.problems.append(Problem(Kind.INSERTED, text, seq, seq, UUID(bytes=event_id)))
            return
        if witness.start is not None and seq < witness.start:
            self.report.unwitnessed_before += 1
        else:
            self.report.unwitnessed_after += 1
        if self.difference.witness:
            self.difference.table.append((seq, leaf))  # it may be a signed row that was moved behind the end
        if seq > before + 1:
            text = f"Chain numbers {before + 1} to {seq - 1} are gone."
            self.report.problems.append(Problem(Kind.MISSING, text, before + 1, seq - 1))
        elif hashlib.sha256(head + leaf).digest() != stored or not witness.may_precede(seq, stored):
            text = f"Chain number {seq} does not continue the one before it."
            self.report.problems.append(Problem(Kind.BROKEN, text, seq, seq))

    def events(self) -> None:
        """Hash every event and payload again."""
        self.settled = _settled(self.using)
        sha256, ordinary, size = hashlib.sha256, _ORDINARY.unpack_from, _ORDINARY.size
        for row in _copied(self.using, _EVENTS):
            fields, seq_size, _, leaf_size, leaf, salt_size, salt, body_size = ordinary(row)
            is_ordinary = seq_size == 8 and leaf_size == 32 and salt_size == _SALT and body_size >= 0  # noqa: PLR2004 - sizes of the types
            if not is_ordinary or fields != _FIELDS_OF_AN_EVENT_ROW:
                self._odd(row)
                continue
            end = size + body_size
            if (
                sha256(_TAG + row[end:]).digest() != leaf
                or sha256(salt + row[size:end]).digest() != row[-32:]
            ):
                self._odd(row)

    def _odd(self, row: bytes) -> None:
        """Say what is odd about a row that is not chained, whole and in order."""
        fields, event_start = _fields(row)
        seq, leaf, salt, body = fields[:4]
        event_id, number, xid, commitment = fields[4], fields[5], fields[6], fields[-1]
        if event_id is None:
            place = _integer(seq)
            self.report.problems.append(
                Problem(Kind.MISSING, f"Chain number {place}: its event is gone.", place, place)
            )
            return
        id_, number_ = UUID(bytes=event_id), _integer(number)
        own = hashlib.sha256(_TAG + row[event_start:]).digest()
        if seq is None:
            self._unchained(id_, number_, _integer(xid))
        elif own != leaf:
            self.altered.append(_Altered(_integer(seq) or 0, id_, number_, leaf or b"", own))
        if salt is None and body is None:
            self.report.erased += 1
        elif (
            len(salt or b"") != _SALT or hashlib.sha256((salt or b"") + (body or b"")).digest() != commitment
        ):
            text = f"Event {number_}: what it said is not what it committed to."
            self.report.problems.append(
                Problem(Kind.PAYLOAD, text, _integer(seq), _integer(seq), id_, number_)
            )

    def _unchained(self, event_id: UUID, number: int | None, xid: int | None) -> None:
        """Tell an event that waits for the sequencer from one that the sequencer would have seen."""
        xmax, in_flight = self.settled
        if xid is None or (xid < xmax and xid not in in_flight):
            text = f"Event {number} stands among chained ones and was not there when they were chained."
            self.report.problems.append(Problem(Kind.INSERTED, text, event_id=event_id, number=number))
        else:
            self.report.unchained += 1

    def finish(self) -> Report:
        """Put the findings of both passes together, by their place in the chain."""
        signed = dict(self.difference.witness)
        right_places = {found.stored: found.seq for found in self.altered}
        # Where the event is as signed, its link is not, and the difference names that.
        wrong = [found for found in self.altered if signed.get(found.seq) != found.own]
        moved = self.difference.moved()
        problems = [
            *(p for p in self.report.problems if p.kind is not Kind.BROKEN or p.seq not in moved),
            *self.difference.problems(),
            *_rehashed(self.rehashed),
            *(_altered(found, right_places.get(found.own)) for found in wrong),
        ]
        named = _names(self.using, [p.seq for p in problems if p.seq is not None and p.event_id is None])
        self.report.problems = sorted((_with_name(p, named) for p in problems), key=_order)
        return self.report


def _altered(found: _Altered, belongs_at: int | None) -> Problem:
    if belongs_at is not None:
        text = f"Chain number {found.seq} points to event {found.number}, which was chained as {belongs_at}."
        return Problem(Kind.MOVED, text, found.seq, found.seq, found.event_id, found.number)
    text = f"Event {found.number} (chain number {found.seq}) is not what was chained."
    return Problem(Kind.ALTERED, text, found.seq, found.seq, found.event_id, found.number)


def _rehashed(numbers: Iterable[int]) -> Iterator[Problem]:
    for first, last in ranges(numbers):
        text = f"Chain numbers {first} to {last}: the events are as signed, the heads were computed anew."
        yield Problem(Kind.REHASHED, text, first, last)


def _names(using: str, numbers: Sequence[int]) -> dict[int, tuple[UUID, int | None]]:
    rows = _query(
        using,
        "select l.seq, l.event_id, e.number from audit_link l left join audit_event e on e.id = l.event_id"
        " where l.seq = any(%s)",
        [list(numbers)],
    )
    return {seq: (event_id, number) for seq, event_id, number in rows}


def _with_name(problem: Problem, named: dict[int, tuple[UUID, int | None]]) -> Problem:
    if (
        problem.event_id is not None
        or problem.seq is None
        or problem.seq not in named
        or problem.last != problem.seq
    ):
        return problem
    event_id, number = named[problem.seq]
    return replace(problem, event_id=event_id, number=number)


def _order(problem: Problem) -> tuple[bool, int, int, str]:
    return problem.seq is None, problem.seq or problem.number or 0, problem.line or 0, problem.kind


def _settled(using: str) -> tuple[int, frozenset[int]]:
    """Return what the last run of the sequencer could see: all before a number, but those in flight."""
    rows = _query(
        using,
        "select b.snapshot from audit_batch b, pg_control_system()"
        " where b.id = (select max(id) from audit_batch) and b.cluster = system_identifier || '/'"
        " || (select oid from pg_database where datname = current_database())",
    )
    if not rows:
        return 0, frozenset()
    _, xmax, in_flight = rows[0][0].split(":")
    return int(xmax), frozenset(int(xid) for xid in in_flight.split(",") if xid)


def _links(using: str) -> Iterator[tuple[int, bytes, bytes, bytes]]:
    for row in _copied(using, _LINKS):
        if len(row) == _LINK.size:
            _, _, seq, _, event_id, _, leaf, _, head = _LINK.unpack(row)
            yield seq, event_id, leaf, head
        else:  # a hash of another length: it can only be wrong, and is compared as it stands
            fields, _ = _fields(row, count=4)
            yield _integer(fields[0]) or 0, fields[1] or bytes(16), fields[2] or b"", fields[3] or b""


def _copied(using: str, statement: str) -> Iterator[bytes]:
    """Yield the rows of a binary COPY; libpq hands over one whole row at a time."""
    with connections[using].cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            row = bytes(block)
            if row.startswith(_HEADER):
                row = row[_HEADER_SIZE:]
            if len(row) > 2:  # noqa: PLR2004 - the trailer is a field count of -1, the header may stand alone
                yield row


def _fields(row: bytes, *, count: int = _FIELDS_OF_AN_EVENT_ROW) -> tuple[list[bytes | None], int]:
    """Return the fields of a row, and where its event begins."""
    fields: list[bytes | None] = []
    position, event_start = 2, 0
    for place in range(count):
        if place == 4:  # noqa: PLR2004 - after seq, leaf, salt, body
            event_start = position
        (size,) = struct.unpack_from(">i", row, position)
        position += 4
        fields.append(None if size < 0 else row[position : position + size])
        position += max(size, 0)
    return fields, event_start


def _integer(raw: bytes | None) -> int | None:
    return None if raw is None else int.from_bytes(raw, "big", signed=True)


def _query(using: str, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connections[using].cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall()) if cursor.description else []
