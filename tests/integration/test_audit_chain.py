"""The chain over real transactions: each event once, stops repaired, run-time roles held to appending."""

import os
import random
import signal
import stat
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connections, transaction

from cets.access.permissions import Permission
from cets.access.viewer import Right, Viewer, acting, system
from cets.audit import chain as arithmetic
from cets.audit import sequencer, verify
from cets.audit.findings import Kind
from cets.audit.heads import HeadFile, Line, decode, encode
from cets.audit.recording import record
from integration.chains import AT, TABLES, Chain, audit_db, chain_in, in_thread, officer, unguarded

__all__ = ["audit_db"]


@pytest.fixture
def chain(audit_db: str, as_process: Any, tmp_path: Path) -> Iterator[Chain]:
    with as_process("worker"), chain_in(audit_db, tmp_path) as made:
        yield made


def lines_of(chain: Chain) -> list[Line]:
    return [decode(raw, chain.key.public_key()) for raw in chain.heads.read()]


# --- what a run does


def test_a_run_chains_what_committed_and_tells_the_second_place(chain: Chain) -> None:
    chain.record(3)
    done = chain.run()
    assert (done.count, done.seq) == (3, 3)
    assert [event for _, event in chain.links()] == chain.events()
    start, line = lines_of(chain)
    assert (start.first, start.last, start.head) == (1, 0, arithmetic.GENESIS)
    assert (line.first, line.last, line.previous, line.head) == (1, 3, arithmetic.GENESIS, done.head)
    assert stat.S_IMODE(chain.heads.path.stat().st_mode) == 0o600
    assert chain.verify().is_intact


def test_a_run_without_news_writes_nothing(chain: Chain) -> None:
    chain.grow(2)
    before = chain.heads.path.read_bytes()
    batches = chain.owner.execute("select count(*) from audit_batch").fetchone()
    assert chain.run().count == 0
    assert chain.heads.path.read_bytes() == before
    assert chain.owner.execute("select count(*) from audit_batch").fetchone() == batches


def test_batches_continue_each_other(chain: Chain) -> None:
    chain.grow(1, 4, 2)
    assert [(line.first, line.last) for line in lines_of(chain)] == [(1, 0), (1, 1), (2, 5), (6, 7)]
    report = chain.verify()
    assert report.is_intact
    assert (report.chained, report.witnessed, report.unchained) == (7, 7, 0)


def test_a_large_batch_becomes_several_lines(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencer, "LINE", 4)
    chain.grow(10)
    assert [(line.first, line.last) for line in lines_of(chain)] == [(1, 0), (1, 4), (5, 8), (9, 10)]
    assert chain.verify().is_intact


def test_what_is_not_yet_chained_is_counted(chain: Chain) -> None:
    chain.grow(2)
    chain.record(3)
    report = chain.verify()
    assert report.is_intact
    assert report.unchained == 3


def test_the_sequencer_refuses_to_run_inside_a_transaction(chain: Chain) -> None:
    with transaction.atomic(), pytest.raises(sequencer.NotAlone):
        chain.run()


# --- transactions that overlap


def test_an_event_long_in_flight_is_chained_once_and_holds_nobody_back(chain: Chain, as_process: Any) -> None:
    written, commit = threading.Event(), threading.Event()

    def slow() -> None:
        with acting(chain.viewer):
            chain.record_here()
            written.set()
            commit.wait(20)

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(in_thread, as_process("worker"), slow)
        written.wait(20)
        chain.record(2)
        assert chain.run().count == 2
        chain.record(2)
        assert chain.run().count == 2
        commit.set()
        late.result()
    waiting = chain.verify()
    assert waiting.is_intact
    assert waiting.unchained == 1
    assert chain.run().count == 1
    assert chain.links()[-1][1] == chain.events()[0]  # written first, committed last
    report = chain.verify()
    assert report.is_intact
    assert report.chained == 5


def test_events_of_overlapping_transactions_are_each_chained_once(chain: Chain, as_process: Any) -> None:
    done = threading.Event()
    rng = random.Random(7)
    seeds = [rng.random() for _ in range(6)]

    def write(seed: float) -> None:
        mine = random.Random(seed)
        for _ in range(25):
            with suppress(_GaveUp), acting(chain.viewer):
                for number in range(mine.randint(1, 3)):
                    chain.record_here(number)
                    time.sleep(mine.random() * 0.01)
                if mine.random() < 0.2:
                    raise _GaveUp

    def follow() -> None:
        while not done.is_set():
            chain.run()

    with ThreadPoolExecutor(7) as pool:
        follower = pool.submit(in_thread, as_process("worker"), follow)
        for writer in [pool.submit(in_thread, as_process("worker"), partial(write, seed)) for seed in seeds]:
            writer.result()
        done.set()
        follower.result()
    chain.run()
    assert sorted(event for _, event in chain.links()) == sorted(chain.events())
    assert chain.verify().is_intact


class _GaveUp(Exception):
    pass


def test_two_sequencers_at_once_chain_each_event_once(chain: Chain, as_process: Any) -> None:
    for _ in range(10):
        chain.record(5)
        with ThreadPoolExecutor(3) as pool:
            runs = [pool.submit(in_thread, as_process("worker"), chain.run) for _ in range(3)]
            for run in runs:
                run.result()
    assert [seq for seq, _ in chain.links()] == list(range(1, 51))
    assert len({event for _, event in chain.links()}) == 50
    assert chain.verify().is_intact


class _Overtaken(HeadFile):
    """Looks into the file, and before it says what it saw, another sequencer does its whole run."""

    def __init__(self, path: Path, run: Callable[[], object]) -> None:
        super().__init__(path)
        self.runs = [run]

    def last(self) -> bytes | None:
        seen = super().last()
        while self.runs:
            self.runs.pop()()
        return seen


def test_a_sequencer_overtaken_at_the_very_first_run_loses_nothing(chain: Chain) -> None:
    chain.record(3)
    done = chain.run(_Overtaken(chain.heads.path, chain.run))
    assert (done.count, done.seq) == (0, 3)
    chain.grow(2)
    report = chain.verify()
    assert report.is_intact
    assert (report.chained, report.witnessed) == (5, 5)


def test_a_writer_never_waits_for_the_chain(chain: Chain) -> None:
    with chain.owner.transaction():
        chain.owner.execute(
            "select pg_advisory_xact_lock(%s)", [sequencer._LOCK]
        )  # a run in the middle of its work
        with connections["default"].cursor() as cursor:
            cursor.execute("set lock_timeout = '200ms'")
        chain.record()
    assert chain.run().count == 1


def test_numbers_of_transactions_of_another_server_do_not_hide_new_events(chain: Chain) -> None:
    chain.grow(3)
    with unguarded(chain.owner):  # as after a restore into a new server, whose transaction numbers start low
        chain.owner.execute("update audit_batch set cluster = 'another/1', snapshot = '900000000:900000001:'")
    chain.record(2)
    assert chain.verify().unchained == 2
    assert chain.run().count == 2
    assert chain.run().count == 0
    assert chain.verify().is_intact


# --- stops


class _Stopped(BaseException):
    pass


class _StopsBefore(HeadFile):
    def append(self, lines: Sequence[bytes]) -> None:  # noqa: ARG002 - the file's own signature
        raise _Stopped


class _StopsHalfway(HeadFile):
    def append(self, lines: Sequence[bytes]) -> None:
        with self.path.open("ab") as file:
            file.write(lines[0][: len(lines[0]) // 2])
        raise _Stopped


class _Killed(HeadFile):
    def append(self, lines: Sequence[bytes]) -> None:  # noqa: ARG002 - the file's own signature
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("stopping", [_StopsBefore, _StopsHalfway])
def test_a_stop_between_commit_and_append_is_made_good_by_the_next_run(
    chain: Chain, stopping: type[HeadFile]
) -> None:
    chain.grow(2)
    chain.record(3)
    with pytest.raises(_Stopped):
        chain.run(stopping(chain.heads.path))
    assert chain.verify().unwitnessed_after == 3
    done = chain.run()
    assert (done.count, done.seq) == (0, 5)
    report = chain.verify()
    assert report.is_intact
    assert (report.witnessed, report.cut_lines) == (5, stopping is _StopsHalfway)


def test_a_kill_between_commit_and_append_is_made_good_by_the_next_run(chain: Chain) -> None:
    chain.grow(1)
    chain.record(4)
    connections.close_all()
    child = os.fork()
    if child == 0:
        chain.run(_Killed(chain.heads.path))
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert len(chain.links()) == 5
    assert chain.run().count == 0
    report = chain.verify()
    assert report.is_intact
    assert report.witnessed == 5


def test_a_cut_last_line_is_named_until_it_is_made_good(chain: Chain) -> None:
    chain.grow(2, 2)
    data = chain.heads.path.read_bytes()
    chain.heads.path.write_bytes(data[:-20])
    (problem,) = chain.verify().problems
    assert (problem.kind, problem.line) == (Kind.HEADS, 3)
    chain.run()
    assert chain.verify().is_intact


# --- the second place and the table must fit


def test_a_table_behind_the_second_place_is_not_continued(chain: Chain) -> None:
    chain.grow(2, 3)
    with unguarded(chain.owner):
        chain.owner.execute("delete from audit_link where seq > 3")
    chain.record()
    with pytest.raises(sequencer.ChainBroken):
        chain.run()
    assert len(chain.links()) == 3


def test_a_rewritten_table_is_not_continued(chain: Chain) -> None:
    chain.grow(3)
    with unguarded(chain.owner):
        chain.owner.execute("update audit_link set head = sha256(head) where seq = 3")
    chain.record()
    with pytest.raises(sequencer.ChainBroken):
        chain.run()


def test_a_rewritten_tail_is_not_signed(chain: Chain) -> None:
    chain.grow(1)
    chain.record(3)
    with pytest.raises(_Stopped):
        chain.run(_StopsBefore(chain.heads.path))
    with unguarded(chain.owner):
        chain.owner.execute("update audit_link set leaf = sha256(leaf) where seq = 3")
    with pytest.raises(sequencer.ChainBroken):
        chain.run()
    assert lines_of(chain)[-1].last == 1


def test_a_forged_last_line_is_not_continued(chain: Chain) -> None:
    chain.grow(2)
    last = lines_of(chain)[-1]
    forged = Line(3, 3, AT, last.head, bytes(32), (bytes(32),))
    chain.heads.append([encode(forged, Ed25519PrivateKey.generate())])
    chain.record()
    with pytest.raises(sequencer.ChainBroken):
        chain.run()
    (problem,) = chain.verify().problems
    assert (problem.kind, problem.line) == (Kind.HEADS, 3)


def test_a_lost_heads_file_is_said_and_a_new_one_begun_on_purpose(chain: Chain, tmp_path: Path) -> None:
    chain.grow(4)
    chain.heads.path.unlink()
    with pytest.raises(sequencer.HeadsLost):
        chain.run()
    sequencer.begin_again(
        within=chain.within,
        signer=chain.key,
        heads=chain.heads,
        reason="restored from backup",
        at=datetime.now(UTC),
    )
    chain.grow(2)
    report = chain.verify()
    assert report.is_intact
    assert (report.chained, report.unwitnessed_before, report.witnessed) == (6, 4, 2)


def test_a_heads_file_with_lines_is_not_begun_again(chain: Chain) -> None:
    chain.grow(1)
    with pytest.raises(sequencer.ChainBroken):
        sequencer.begin_again(within=chain.within, signer=chain.key, heads=chain.heads, reason="no", at=AT)


def test_rows_before_a_new_heads_file_still_have_to_lead_to_it(chain: Chain) -> None:
    chain.grow(4)
    chain.heads.path.unlink()
    sequencer.begin_again(within=chain.within, signer=chain.key, heads=chain.heads, reason="restored", at=AT)
    with unguarded(chain.owner):
        chain.owner.execute("delete from audit_link where seq = 4")
    (lost, cut) = chain.verify().problems
    assert {lost.kind, cut.kind} == {Kind.INSERTED, Kind.TRUNCATED}


# --- hashing


def test_both_encoders_agree_on_any_event(chain: Chain) -> None:
    rng = random.Random(3)
    texts = ["", "a", "ё", "İ", "\u202e", "x" * 5000, "日本", "a|b", "\n\t\\"]
    columns = (
        "type",
        "actor_kind",
        "subject_type",
        "subject_id",
        "purpose",
        "purpose_reference",
        "request_id",
    )
    moments = [
        "1970-01-01",
        "2000-01-01",
        "1999-12-31 23:59:59.999999+00",
        "9999-12-31",
        "2026-03-29 01:30:00.5+01",
    ]
    for _ in range(60):
        names = ", ".join(columns)
        chain.owner.execute(
            f"insert into audit_event (id, at, actor_id, agency_id, commitment, {names}) values (%s, %s, %s, %s, %s, {', '.join(['%s'] * 7)})",
            [
                uuid4(),
                rng.choice(moments),
                uuid4(),
                rng.choice([None, uuid4()]),
                rng.randbytes(32),
                *rng.choices(texts, k=7),
            ],
        )
    chain.run()
    report = chain.verify()
    assert report.is_intact
    assert report.chained == report.erased == 60


def test_every_column_of_an_event_is_hashed() -> None:
    from cets.audit.models import Event

    fields = tuple(field.name for field in Event._meta.get_fields())
    assert fields == arithmetic.COLUMNS
    assert ", ".join(f"e.{name}" for name in fields) == verify._COLUMNS


# --- erasing what was said


def test_erased_payloads_keep_the_chain_intact(chain: Chain) -> None:
    chain.grow(6)
    gone = chain.events()[1:4]
    chain.owner.execute("delete from audit_payload where event_id = any(%s)", [gone])
    report = chain.verify()
    assert report.is_intact
    assert report.erased == 3


# --- who may verify


def test_another_role_verifies_read_only_with_the_sequencers_token(chain: Chain, as_process: Any) -> None:
    chain.grow(3)
    with as_process("desk"):
        with connections["default"].cursor() as cursor:
            cursor.execute("set default_transaction_read_only = on")
        assert chain.verify().chained == 3


def test_who_sees_a_part_may_not_verify(chain: Chain) -> None:
    chain.grow(3)
    auditor = officer(permissions=frozenset({Permission.AUDIT_VIEW}))
    for within in (partial(acting, auditor), transaction.atomic):
        with pytest.raises(verify.MayNotVerify):
            verify.verify(within=within, heads=chain.heads, verifying_key=chain.key.public_key())


# --- run-time roles append, in their own name


def refused(viewer: Viewer, statement: str, values: Sequence[Any] = ()) -> None:
    with pytest.raises(DatabaseError, match=r"append-only|permission denied|row-level security"), acting(viewer), connections["default"].cursor() as cursor:  # fmt: skip
        cursor.execute(statement, values)


@pytest.mark.parametrize("process", ["desk", "worker", "matcher"])
@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_changed_or_taken_away(chain: Chain, as_process: Any, process: str, table: str) -> None:
    chain.grow(2)
    everything = system("everything", Right(255))
    column = {
        "audit_event": "purpose",
        "audit_payload": "body",
        "audit_link": "head",
        "audit_batch": "snapshot",
    }[table]
    with as_process(process):
        for viewer in (chain.viewer, everything):
            refused(viewer, f"update {table} set {column} = {column}")
            refused(viewer, f"delete from {table}")
            refused(viewer, f"truncate {table}")
    assert chain.verify().is_intact


def test_even_the_owner_in_replica_mode_is_refused(chain: Chain) -> None:
    chain.grow(1)
    chain.owner.execute("set session_replication_role = replica")
    for table in TABLES:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            chain.owner.execute(f"truncate {table} cascade")  # an event's payload points to it


@pytest.mark.parametrize("process", ["desk", "worker"])
def test_nobody_records_in_anothers_name(chain: Chain, as_process: Any, process: str) -> None:
    other = officer()
    with as_process(process):
        with pytest.raises(DatabaseError, match="row-level security"), acting(chain.viewer):
            record("reports:report:opened", by=other, subject=("report", uuid4()))
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            record("reports:report:opened", by=other, subject=("report", uuid4()))
    assert chain.events() == []


@pytest.mark.parametrize("column", ["at", "xid", "number"])
def test_time_and_number_come_from_the_database(chain: Chain, column: str) -> None:
    values = {"at": "'2001-01-01'", "xid": "3", "number": "1"}
    statement = (
        f"insert into audit_event ({column}, id, type, actor_kind, actor_id, subject_type, subject_id, commitment)"
        f" overriding system value values ({values[column]}, %s, 't', 'officer', %s, 's', 'x', '\\x00')"
    )
    refused(chain.viewer, statement, [uuid4(), chain.viewer.actor_id])


def test_only_the_sequencer_chains(chain: Chain) -> None:
    chain.record()
    refused(
        chain.viewer,
        "insert into audit_link (seq, event_id, leaf, head) values (1, %s, '\\x00', '\\x00')",
        [chain.events()[0]],
    )
    refused(chain.viewer, "insert into audit_batch (last_seq, cluster, snapshot) values (1, 'x', '9:9:')")
