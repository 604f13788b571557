"""What was left half-done is found again; what no record names goes; one bad file stops no other."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

import factories
from cets.access.viewer import acting
from cets.adapters.storage.local import LocalBlobStore
from cets.domains.intake import actions, left_behind, reader, steady
from cets.domains.intake.actions import Incoming
from cets.domains.intake.parser.client import Parser
from cets.domains.intake.reader import Reading
from cets.domains.reports.models import Part, Report
from cets.domains.sharing.levels import Level
from cets.domains.vault import sweeping
from cets.domains.vault.actions import Vault
from cets.domains.vault.blobs import blob_key
from cets.kernel import clock
from cets.kernel.ids import new_id
from cets.sites.console import runtime


@pytest.fixture
def agency(db, as_process) -> Any:
    with as_process("owner"):
        factories.agency("ESX")
    with as_process("worker"):
        yield factories.service("ESX")


@pytest.fixture
def vault(tmp_path) -> Vault:
    """The instance's vault with a store that holds nothing of other tests."""
    return replace(runtime.vault(settings.CETS), store=LocalBlobStore(tmp_path / "blobs"))


def receive(
    agency: Any, *contents: str, read_after: timedelta = timedelta(minutes=10), vault: Vault | None = None
) -> list[actions.Received]:
    chosen, viewer = agency
    files = [
        Incoming(f"{n}.txt", BytesIO(text.encode()), len(text.encode())) for n, text in enumerate(contents)
    ]
    return actions.receive(
        files,
        vault=vault or runtime.vault(settings.CETS),
        agency=chosen,
        sharing=Level.of("contact"),
        by=viewer,
        at=clock.now(),
        read_after=read_after,
    )


def jobs() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select status::text, scheduled_at is null or scheduled_at <= now(), args from procrastinate_jobs order by id"
        )
        return list(cursor.fetchall())


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_safety_net_of_a_command_that_is_gone_need_not_wait(agency):
    receive(agency, "quay-left@mail.example")
    assert jobs()[0][:2] == ("todo", False)

    left_behind.take_up()

    assert jobs()[0][:2] == ("todo", True)


def test_the_safety_net_of_a_command_at_work_waits(agency, server):
    receive(agency, "quay-left@mail.example")
    from django.db import connections

    other = connections["matcher"]  # somebody else's connection
    with other.cursor() as cursor:
        cursor.execute("select pg_advisory_lock_shared(%s)", [left_behind._LOCK])
        left_behind.take_up()
        assert jobs()[0][:2] == ("todo", False)
    other.close()


def test_a_part_whose_job_is_lost_gets_another(agency):
    (got,) = receive(agency, "quay-lost@mail.example")
    execute("delete from procrastinate_jobs")

    assert left_behind.take_up() == 1
    assert left_behind.take_up() == 0

    ((state, due, args),) = jobs()
    assert (state, due) == ("todo", True)
    assert str(got.part_id) in str(args)


def test_a_job_of_a_dead_worker_is_done_again(agency):
    receive(agency, "quay-dead@mail.example")
    execute("update procrastinate_jobs set status = 'doing'")

    left_behind.take_up()

    assert jobs()[0][:2] == ("todo", True)


def test_one_bad_file_stops_no_other(agency, monkeypatch):
    _, viewer = agency
    got = receive(agency, "quay-first@mail.example", "quay-bad@mail.example", "quay-third@mail.example")
    take = reader.Batch.add

    def add(self: Any, one: Any) -> None:
        if one.part.id == got[1].part_id:
            raise ValueError("a fault of ours")
        take(self, one)

    monkeypatch.setattr(reader.Batch, "add", add)
    with Parser() as parser:
        steady.read_each(
            [r.part_id for r in got],
            reading=Reading(runtime.vault(settings.CETS), parser),
            country="GB",
            by=viewer,
            at=clock.now(),
        )

    with acting(viewer):
        states = dict(Part.objects.values_list("id", "state"))
        bad = Report.objects.select_related("entry").get(id=got[1].report_id)
        error = Part.objects.get(id=got[1].part_id).error
    assert [states[r.part_id] for r in got] == ["read", "failed", "read"]
    assert bad.state == "not_understood"
    assert bad.entry.next_step == steady.NEXT_STEP
    assert "ValueError" in error
    assert "a fault of ours" not in error


def test_bytes_that_no_record_names_go_after_a_day(agency, vault, tmp_path):
    store = vault.store
    (got,) = receive(agency, "quay-kept@mail.example", vault=vault)
    stray = blob_key(new_id())
    store.put_durable(stray, [b"x"])
    (tmp_path / "blobs" / "by-hand").write_text("left alone")
    with acting(agency[1]):
        kept = blob_key(Part.objects.get(id=got.part_id).original_id)
    now = clock.now()

    early = sweeping.sweep(store, at=now)
    removed = sweeping.sweep(store, at=now + timedelta(days=2))

    assert early == 0
    assert removed == 1
    assert not store.exists(stray)
    assert store.exists(kept)
    assert store.exists("by-hand")


def test_so_many_strays_look_like_an_older_database(agency, vault, monkeypatch):
    store = vault.store
    strays = [blob_key(new_id()) for _ in range(4)]
    store.put_many_durable([(key, b"x") for key in strays])
    monkeypatch.setattr(sweeping, "MOST", 3)

    with pytest.raises(sweeping.TooManyUnnamed):
        sweeping.sweep(store, at=clock.now() + timedelta(days=2))

    assert all(store.exists(key) for key in strays)
