"""Chain what has committed, once each, and tell the second place.

Writers never wait for the chain: they insert, and one sequencer follows. Each run keeps the snapshot it
looked with, so the next asks only for transactions which that could not see: those in flight, and newer ones.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connections

from cets.audit.chain import COLUMNS, GENESIS, leaf, next_head
from cets.audit.heads import HeadFile, Line, decode, encode
from cets.kernel.errors import CetsError
from cets.kernel.rows import chunks, insert_rows

#: Opens a transaction as a viewer with Right.SEQUENCER:
#: `partial(acting, system("sequencer", Right.SEQUENCER))`. Handed in,
#: because audit stands below access and may not ask it.
Within = Callable[[], AbstractContextManager[None]]

#: Events of one line of the second place: about 200 KB.
LINE = 5_000
_LOCK = 0x43455453_61756469  # "CETSaudi": one sequencer at a time
_LINK = {"seq": "bigint", "event_id": "uuid", "leaf": "bytea", "head": "bytea"}


class ChainBroken(CetsError):
    """The audit chain does not fit its second place. Nothing was chained or signed. Run cets verify-audit."""


class HeadsLost(CetsError):
    """The heads file is gone or empty, but events are chained. Put it back, or begin again, knowing why."""


class NotAlone(CetsError):
    """The sequencer commits on its own and cannot run inside another transaction. Nothing was chained."""


@dataclass(frozen=True, slots=True)
class Sequenced:
    """What one run did: events chained, and where the chain ends."""

    count: int
    seq: int
    head: bytes


@dataclass(frozen=True, slots=True)
class _Tip:
    seq: int
    head: bytes


@dataclass(frozen=True, slots=True)
class _Since:
    """The transactions that the run before could not see. None: there was none on this server."""

    xmax: int
    in_flight: list[int]


def sequence(
    *, within: Within, signer: Ed25519PrivateKey, heads: HeadFile, at: datetime, using: str = "default"
) -> Sequenced:
    """Chain every committed event that is not yet, sign the new head and append it to the second place.

    Cheap when nothing is new. After a stop between commit and append the next run appends what is missing.
    Raises ChainBroken, HeadsLost, NotAlone.
    """
    if connections[using].in_atomic_block:
        raise NotAlone(str(NotAlone.__doc__))
    known = _last_line(heads, signer.public_key()) or _start(within, signer, heads, at=at, using=using)
    with within():
        tip = _tip(using)
        _compare(tip, known, using)
        count = 0
        if _has_news(_since(using), using):
            # The transaction's end gives the lock back; a second sequencer waits here and then finds nothing.
            _query(using, "select pg_advisory_xact_lock(%s)", [_LOCK])
            tip, count = _chain(_tip(using), using)
    if tip.seq > known.last:
        _witness(within, signer, heads, at=at, using=using)
    return Sequenced(count, tip.seq, tip.head)


def begin_again(
    *,
    within: Within,
    signer: Ed25519PrivateKey,
    heads: HeadFile,
    reason: str,
    at: datetime,
    using: str = "default",
) -> Line:
    """Start an empty heads file at the chain's present end, after a restore or the loss of the file.

    What came before is then vouched for by older heads files alone, if they are kept. Raises ChainBroken.
    """
    with heads.locked():
        if heads.last() is not None:
            raise ChainBroken("This heads file has lines. Keep it, and begin a new one beside it.")
        with within():
            tip = _tip(using)
        line = Line(tip.seq + 1, tip.seq, at, tip.head, tip.head, (), reason)
        heads.append([encode(line, signer)])
        return line


def _start(within: Within, signer: Ed25519PrivateKey, heads: HeadFile, *, at: datetime, using: str) -> Line:
    """Write the first line of a new installation, before anything is chained: later, empty means lost."""
    with heads.locked():  # first, so that nobody begins and chains between the two looks
        line = _last_line(heads, signer.public_key())
        if line is not None:
            return line
        with within():
            if _tip(using).seq:
                raise HeadsLost(str(HeadsLost.__doc__))
        line = Line(1, 0, at, GENESIS, GENESIS, (), "installed")
        heads.append([encode(line, signer)])
        return line


def _last_line(heads: HeadFile, key: Ed25519PublicKey) -> Line | None:
    raw = heads.last()
    if raw is None:
        return None
    try:
        return decode(raw, key)
    except ValueError as error:
        raise ChainBroken(
            f"The last line of the heads file {error}. Nothing was chained. Run cets verify-audit."
        ) from error


def _tip(using: str) -> _Tip:
    rows = _query(using, "select seq, head from audit_link order by seq desc limit 1")
    return _Tip(rows[0][0], bytes(rows[0][1])) if rows else _Tip(0, GENESIS)


def _compare(tip: _Tip, known: Line, using: str) -> None:
    """Raise ChainBroken unless the table continues what the second place knows."""
    if known.last == tip.seq:
        head = tip.head
    else:
        rows = _query(using, "select head from audit_link where seq = %s", [known.last])
        head = bytes(rows[0][0]) if rows else GENESIS
    if known.last > tip.seq or head != known.head:
        raise ChainBroken(str(ChainBroken.__doc__))


def _since(using: str) -> _Since | None:
    rows = _query(using, "select cluster, snapshot from audit_batch order by id desc limit 1")
    if not rows or rows[0][0] != _cluster(using):
        return None
    _, xmax, in_flight = rows[0][1].split(":")
    return _Since(int(xmax), [int(xid) for xid in in_flight.split(",") if xid])


def _cluster(using: str) -> str:
    """Return which server and database this is: transaction numbers of another one mean nothing here."""
    ((name,),) = _query(
        using,
        "select system_identifier || '/' || (select oid from pg_database where datname = current_database())"
        " from pg_control_system()",
    )
    return str(name)


def _news(since: _Since | None) -> tuple[str, list[Any]]:
    unchained = "not exists (select from audit_link l where l.event_id = e.id)"
    if since is None:
        return unchained, []
    return f"(e.xid >= %s or e.xid = any(%s)) and {unchained}", [since.xmax, since.in_flight]


def _has_news(since: _Since | None, using: str) -> bool:
    if since is None:
        return True
    where, values = _news(since)
    return bool(_query(using, f"select exists (select from audit_event e where {where})", values)[0][0])  # noqa: S608 - our own text


def _chain(tip: _Tip, using: str) -> tuple[_Tip, int]:
    # Under the lock, and the snapshot before the events: what commits between is chained now, asked for once
    # more by the next run and found chained. The other way round it would be lost.
    since = _since(using)
    ((snapshot,),) = _query(using, "select pg_current_snapshot()::text")
    ends = [tip]
    insert_rows("audit_link", _LINK, _links(_events(since, using), ends), using=using)
    (end,) = ends
    _query(
        using,
        "insert into audit_batch (last_seq, cluster, snapshot) values (%s, %s, %s) returning id",
        [end.seq, _cluster(using), snapshot],
    )
    return end, end.seq - tip.seq


def _links(events: Iterable[Sequence[Any]], ends: list[_Tip]) -> Iterator[tuple[int, UUID, bytes, bytes]]:
    """Yield a link for each event; `ends` holds the chain's end, which moves on."""
    seq, head = ends[0].seq, ends[0].head
    for event in events:
        hashed = leaf(event)
        seq, head = seq + 1, next_head(head, hashed)
        ends[0] = _Tip(seq, head)
        yield seq, event[0], hashed, head


def _events(since: _Since | None, using: str) -> Iterator[Sequence[Any]]:
    where, values = _news(since)
    columns = ", ".join(f"e.{name}" for name in COLUMNS)
    return _stream(using, f"select {columns} from audit_event e where {where} order by e.number", values)  # noqa: S608 - our own text


def _witness(within: Within, signer: Ed25519PrivateKey, heads: HeadFile, *, at: datetime, using: str) -> None:
    """Append to the second place what only the table has; signs nothing that does not continue it."""
    with heads.locked(), within():
        known = _last_line(heads, signer.public_key())
        if known is None:
            raise HeadsLost(str(HeadsLost.__doc__))
        after, head = known.last, known.head
        rows = _stream(using, "select seq, leaf, head from audit_link where seq > %s order by seq", [after])
        for chunk in chunks(rows, LINE):
            line = _continue(after, head, chunk, at=at)
            heads.append([encode(line, signer)])
            after, head = line.last, line.head


def _continue(after: int, head: bytes, links: Sequence[Sequence[Any]], *, at: datetime) -> Line:
    leaves = [bytes(hashed) for _, hashed, _ in links]
    states = [head]
    for hashed in leaves:
        states.append(next_head(states[-1], hashed))
    numbers = [after, *(seq for seq, _, _ in links)]
    is_gapless = all(later == earlier + 1 for earlier, later in pairwise(numbers))
    if not is_gapless or any(
        bytes(stored) != own for (_, _, stored), own in zip(links, states[1:], strict=True)
    ):
        raise ChainBroken(str(ChainBroken.__doc__))
    return Line(after + 1, numbers[-1], at, head, states[-1], tuple(leaves))


def _stream(using: str, statement: str, values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield rows through a cursor of the server, so that a large batch never lies in memory."""
    with connections[using].chunked_cursor() as cursor:
        cursor.execute(statement, values)
        yield from cursor


def _query(using: str, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connections[using].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
