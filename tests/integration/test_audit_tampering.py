"""A superuser tampers, triggers off, as cleverly as a database alone allows; every touched row is named, no other."""

import random
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connections, transaction

from cets.audit import chain as arithmetic
from cets.audit.findings import Kind, Report
from cets.audit.heads import HeadFile, decode, encode
from cets.audit.verify import verify
from integration.chains import TABLES, Chain, audit_db, chain_in, unguarded

__all__ = ["audit_db"]

ROUNDS = 1_000
A_CHAIN = 50  # tamperings of one chain, each rolled back

EDITS = {
    "xid": "xid + 1", "number": "number + 100000", "at": "at + interval '1 microsecond'", "type": "type || ' '",
    "actor_kind": "'system'", "actor_id": "gen_random_uuid()", "agency_id": "gen_random_uuid()",
    "subject_type": "subject_type || 's'", "subject_id": "''", "purpose": "purpose_reference",
    "purpose_reference": "purpose_reference || 'x'", "request_id": "'other'", "commitment": "sha256(commitment)",
}  # fmt: skip


@dataclass
class Tampering:
    """One chain seen by its tamperer, inside a transaction that is rolled back."""

    rng: random.Random
    rows: list[tuple[int, UUID]]

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with connections["owner"].cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def one(self) -> tuple[int, UUID]:
        return self.rng.choice(self.rows)

    def two(self) -> list[tuple[int, UUID]]:
        return sorted(self.rng.sample(self.rows, 2))

    def link(self, seq: int) -> tuple[Any, ...]:
        return self.sql("select event_id, leaf, head from audit_link where seq = %s", seq)[0]

    def put_link(self, seq: int, link: tuple[Any, ...]) -> None:
        self.sql("update audit_link set event_id = %s, leaf = %s, head = %s where seq = %s", *link, seq)

    def rehash(self) -> None:
        """Compute leaves and heads anew over what now stands there, as our own code would."""
        head = arithmetic.GENESIS
        columns = ", ".join(f"e.{name}" for name in arithmetic.COLUMNS)
        for row in self.sql(
            f"select l.seq, {columns} from audit_link l join audit_event e on e.id = l.event_id order by l.seq"
        ):
            leaf = arithmetic.leaf(row[1:])
            head = arithmetic.next_head(head, leaf)
            self.sql("update audit_link set leaf = %s, head = %s where seq = %s", leaf, head, row[0])

    def shift(self, after: int, by: int) -> None:
        self.sql("update audit_link set seq = -seq where seq > %s", after)
        self.sql("update audit_link set seq = %s - seq where seq < 0", by)

    def insert_event(self) -> UUID:
        id_ = uuid4()
        self.sql(
            "insert into audit_event (id, xid, type, actor_kind, actor_id, subject_type, subject_id, purpose, purpose_reference,"
            " request_id, commitment) values (%s, 900, 'reports:report:opened', 'officer', %s, 'report', 'x', '', '', '', sha256(''))",
            id_, uuid4(),
        )  # fmt: skip
        return id_

    def maybe_rehash(self) -> None:
        if self.rng.random() < 0.5:
            self.rehash()


Named = Callable[[Report], bool]


def exactly(*places: int, kind: Kind | None = None, also: tuple[Kind, ...] = (Kind.REHASHED,)) -> Named:
    """The places named are these and no others, but for findings of the kinds in `also`."""

    def is_so(report: Report) -> bool:
        named = {
            seq
            for p in report.problems
            if p.kind not in also and p.seq is not None
            for seq in range(p.seq, (p.last or p.seq) + 1)
        }
        return named == set(places) and (kind is None or any(p.kind is kind for p in report.problems))

    return is_so


def edit_a_column(t: Tampering) -> Named:
    seq, id_ = t.one()
    column = t.rng.choice(list(EDITS))
    expression = EDITS[column]
    if column == "number":
        t.sql("alter table audit_event alter column number drop identity")
    t.sql(f"update audit_event set {column} = {expression} where id = %s", id_)
    t.maybe_rehash()
    named = exactly(seq)
    return lambda report: named(report) and any(p.event_id == id_ for p in report.problems)


def edit_an_id(t: Tampering) -> Named:
    seq, id_ = t.one()
    new = uuid4()
    t.sql("update audit_event set id = %s where id = %s", new, id_)
    named = exactly(seq, kind=Kind.MISSING)
    return lambda report: named(report) and {id_, new} <= {p.event_id for p in report.problems}


def edit_a_payload(t: Tampering) -> Named:
    seq, id_ = t.one()
    change = t.rng.choice(
        [
            "body = body || ' '",
            "salt = sha256(salt)",
            "body = '{}'",
            "salt = salt || '\\x7b'::bytea, body = substr(body, 2)",
        ]
    )
    t.sql(f"update audit_payload set {change} where event_id = %s", id_)
    return exactly(seq, kind=Kind.PAYLOAD)


def delete_an_event(t: Tampering) -> Named:
    seq, id_ = t.one()
    t.sql("delete from audit_event where id = %s", id_)
    if t.rng.random() < 0.5:
        t.sql("delete from audit_payload where event_id = %s", id_)
    named = exactly(seq, kind=Kind.MISSING)
    return lambda report: named(report) and any(p.event_id == id_ for p in report.problems)


def delete_event_and_link(t: Tampering) -> Named:
    seq, id_ = t.rng.choice(t.rows[:-1])
    t.sql("delete from audit_event where id = %s", id_)
    t.sql("delete from audit_link where seq = %s", seq)
    return exactly(seq, kind=Kind.MISSING)


def delete_and_close_the_gap(t: Tampering) -> Named:
    seq, id_ = t.rng.choice(t.rows[:-1])
    t.sql("delete from audit_event where id = %s", id_)
    t.sql("delete from audit_link where seq = %s", seq)
    t.shift(seq, -1)
    t.maybe_rehash()
    return exactly(seq, kind=Kind.MISSING, also=(Kind.REHASHED, Kind.MOVED))


def delete_a_link(t: Tampering) -> Named:
    seq, id_ = t.rng.choice(t.rows[:-1])
    t.sql("delete from audit_link where seq = %s", seq)
    named = exactly(seq, kind=Kind.MISSING)
    return lambda report: (
        named(report) and any(p.kind is Kind.INSERTED and p.event_id == id_ for p in report.problems)
    )


def insert_into_the_chain(t: Tampering) -> Named:
    after = t.rng.choice(t.rows[:-1])[0]
    id_ = t.insert_event()
    t.shift(after, 1)
    t.sql(
        "insert into audit_link (seq, event_id, leaf, head) values (%s, %s, sha256('x'), sha256('y'))",
        after + 1,
        id_,
    )
    t.rehash()
    named = exactly(after + 1, kind=Kind.INSERTED, also=(Kind.REHASHED, Kind.MOVED))
    return lambda report: named(report) and any(p.event_id == id_ for p in report.problems)


def insert_beside_the_chain(t: Tampering) -> Named:
    id_ = t.insert_event()
    return lambda report: [(p.kind, p.event_id) for p in report.problems] == [(Kind.INSERTED, id_)]


def swap_what_two_events_say(t: Tampering) -> Named:
    (first, one), (second, other) = t.two()
    columns = ", ".join(c for c in arithmetic.COLUMNS if c not in {"id", "number"})
    values = [t.sql(f"select {columns} from audit_event where id = %s", id_)[0] for id_ in (one, other)]
    marks = ", ".join(["%s"] * len(values[0]))
    for id_, row in zip((other, one), values, strict=True):
        t.sql(f"update audit_event set ({columns}) = ({marks}) where id = %s", *row, id_)
    t.maybe_rehash()
    return exactly(first, second)


def swap_what_two_links_point_to(t: Tampering) -> Named:
    (first, one), (second, other) = t.two()
    t.sql("update audit_link set event_id = %s where seq = %s", uuid4(), first)
    t.sql("update audit_link set event_id = %s where seq = %s", one, second)
    t.sql("update audit_link set event_id = %s where seq = %s", other, first)
    t.maybe_rehash()
    return exactly(first, second, kind=Kind.MOVED)


def swap_two_links(t: Tampering) -> Named:
    (first, _), (second, _) = t.two()
    one, other = t.link(first), t.link(second)
    t.put_link(first, (uuid4(), *one[1:]))
    t.put_link(second, one)
    t.put_link(first, other)
    t.maybe_rehash()
    return exactly(first, second, kind=Kind.MOVED)


def cut_the_tail(t: Tampering) -> Named:
    """The same as an old copy of the database put in place of the new."""
    gone = t.rows[t.rng.randrange(len(t.rows)) :]
    ids = [id_ for _, id_ in gone]
    t.sql("delete from audit_link where event_id = any(%s)", ids)
    t.sql("delete from audit_event where id = any(%s)", ids)
    t.sql("delete from audit_payload where event_id = any(%s)", ids)
    if t.rng.random() < 0.5:
        t.sql("delete from audit_batch where last_seq >= %s", gone[0][0])
    return exactly(*(seq for seq, _ in gone), kind=Kind.TRUNCATED)


def edit_a_link(t: Tampering) -> Named:
    seq, _ = t.one()
    if t.rng.random() < 0.5:
        t.sql("update audit_link set leaf = sha256(leaf) where seq = %s", seq)
        return exactly(seq, kind=Kind.LINK)
    t.sql("update audit_link set head = sha256(head) where seq = %s", seq)
    return exactly(seq, kind=Kind.REHASHED, also=())


TAMPERINGS = [
    edit_a_column, edit_an_id, edit_a_payload, delete_an_event, delete_event_and_link, delete_and_close_the_gap, delete_a_link,
    insert_into_the_chain, insert_beside_the_chain, swap_what_two_events_say, swap_what_two_links_point_to, swap_two_links,
    cut_the_tail, edit_a_link,
]  # fmt: skip


@pytest.fixture
def chain(audit_db: str, as_process: Any, tmp_path: Path) -> Iterator[Chain]:
    with as_process("worker"), chain_in(audit_db, tmp_path) as made:
        yield made


def as_owner(chain: Chain) -> Report:
    return verify(within=nullcontext, heads=chain.heads, verifying_key=chain.key.public_key(), using="owner")


@pytest.mark.parametrize("seed", range(ROUNDS // A_CHAIN))
def test_every_tampering_is_named_and_nothing_else(chain: Chain, seed: int) -> None:
    rng = random.Random(seed)
    chain.grow(*(rng.randint(1, 6) for _ in range(rng.randint(2, 5))))
    rows = chain.links()
    with unguarded(chain.owner):
        for number in range(A_CHAIN):
            tamper = TAMPERINGS[(seed * A_CHAIN + number) % len(TAMPERINGS)]
            with transaction.atomic(using="owner"):
                named = tamper(Tampering(rng, rows))
                report = as_owner(chain)
                transaction.set_rollback(True, using="owner")
            assert named(report), (tamper.__name__, report)
        assert as_owner(chain).is_intact


def test_two_tamperings_at_once_are_both_named(chain: Chain) -> None:
    chain.grow(4, 4, 4)
    rows = chain.links()
    tampering = Tampering(random.Random(1), rows)
    with unguarded(chain.owner), transaction.atomic(using="owner"):
        tampering.sql("update audit_event set purpose = 'x' where id = %s", rows[1][1])
        tampering.sql("delete from audit_event where id = %s", rows[8][1])
        report = as_owner(chain)
        transaction.set_rollback(True, using="owner")
    assert [(p.kind, p.seq, p.event_id) for p in report.problems] == [
        (Kind.ALTERED, 2, rows[1][1]),
        (Kind.MISSING, 9, rows[8][1]),
    ]


def test_without_the_second_place_a_broken_chain_is_still_seen(chain: Chain) -> None:
    """Less exactly, and not at all once it is computed anew: that is what the second place is for."""
    chain.grow(6)
    chain.heads.path.unlink()
    with unguarded(chain.owner):
        chain.owner.execute("update audit_link set leaf = sha256(leaf) where seq = 3")
    assert {p.seq for p in chain.verify().problems} == {3}


# --- the second place itself

Damage = Callable[[list[bytes], int, Chain], tuple[list[bytes], set[int]]]


def _edit(lines: list[bytes], at: int, _chain: Chain) -> tuple[list[bytes], set[int]]:
    place = lines[at].index(b'"head":"') + 8
    other = b"0" if lines[at][place : place + 1] != b"0" else b"1"
    return [*lines[:at], lines[at][:place] + other + lines[at][place + 1 :], *lines[at + 1 :]], {at + 1}


def _drop(lines: list[bytes], at: int, _chain: Chain) -> tuple[list[bytes], set[int]]:
    return [*lines[:at], *lines[at + 1 :]], {at + 1}


def _swap(lines: list[bytes], at: int, _chain: Chain) -> tuple[list[bytes], set[int]]:
    return [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]], {at + 1, at + 2}


def _repeat(lines: list[bytes], at: int, _chain: Chain) -> tuple[list[bytes], set[int]]:
    return [*lines[: at + 1], lines[at], *lines[at + 1 :]], {at + 2}


def _forge(lines: list[bytes], at: int, chain: Chain) -> tuple[list[bytes], set[int]]:
    line = decode(lines[at], chain.key.public_key())
    return [*lines[:at], encode(line, Ed25519PrivateKey.generate()), *lines[at + 1 :]], {at + 1}


def _cut_in_the_middle(lines: list[bytes], at: int, _chain: Chain) -> tuple[list[bytes], set[int]]:
    return [*lines[:at], lines[at][:-30] + b"\n", *lines[at + 1 :]], {at + 2}  # the next line follows a gap


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("damage", [_edit, _drop, _swap, _repeat, _forge, _cut_in_the_middle])
def test_a_damaged_line_is_named(chain: Chain, damage: Damage, at: int) -> None:
    chain.grow(2, 3, 1, 2)
    lines, expected = damage(list(chain.heads.read()), at, chain)
    chain.heads.path.write_bytes(b"".join(lines))
    report = chain.verify()
    assert expected <= {p.line for p in report.problems}
    assert {p.kind for p in report.problems} == {Kind.HEADS}  # the rows are right, and nobody says otherwise
    assert report.chained == 8


def test_an_event_altered_under_a_damaged_line_is_still_named(chain: Chain) -> None:
    chain.grow(2, 3, 1)
    rows = chain.links()
    lines, _ = _forge(list(chain.heads.read()), 2, chain)
    chain.heads.path.write_bytes(b"".join(lines))
    with unguarded(chain.owner):
        chain.owner.execute("update audit_event set subject_id = 'other' where id = %s", [rows[3][1]])
    assert rows[3][1] in {p.event_id for p in chain.verify().problems}


def test_a_swapped_heads_file_vouches_for_nothing(chain: Chain, tmp_path: Path) -> None:
    chain.grow(3)
    other = HeadFile(tmp_path / "other.jsonl")
    other.append(
        [
            encode(decode(raw, chain.key.public_key()), Ed25519PrivateKey.generate())
            for raw in chain.heads.read()
        ]
    )
    report = partial(verify, within=chain.within, heads=other)(verifying_key=chain.key.public_key())
    assert {p.kind for p in report.problems} == {Kind.HEADS}
    assert report.witnessed == 0


def test_the_tables_are_guarded_again(chain: Chain) -> None:
    states = chain.owner.execute(
        "select tgrelid::regclass::text, tgenabled from pg_trigger where tgname = 'append_only' order by 1"
    ).fetchall()
    assert states == [(table, "A") for table in sorted(TABLES)]
