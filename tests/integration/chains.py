"""A real chain in a real database, for the tests of the audit record."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from cets.access.models import ViewerKey
from cets.access.permissions import Permission
from cets.access.viewer import Purpose, Right, Viewer, acting, pads, system
from cets.audit import sequencer
from cets.audit.findings import Report
from cets.audit.heads import HeadFile
from cets.audit.recording import record
from cets.audit.verify import verify
from cets.settings.connections import connection
from cets.sites.console import founding

TABLES = ("audit_event", "audit_payload", "audit_link", "audit_batch")
AT = datetime(2026, 3, 4, 12, tzinfo=UTC)


def officer(**more: Any) -> Viewer:
    values: dict[str, Any] = {
        "kind": "officer", "actor_id": uuid4(), "name": "An officer", "agency_id": uuid4(),
        "permissions": frozenset({Permission.REPORT_VIEW}), "purpose": Purpose("enquiry", "CETS-ESX-2026-000001"),
    }  # fmt: skip
    return Viewer(**{**values, **more})


@dataclass
class Chain:
    owner: psycopg.Connection[Any]
    heads: HeadFile
    key: Ed25519PrivateKey
    viewer: Viewer

    within = staticmethod(partial(acting, system("sequencer", Right.SEQUENCER)))

    def record(self, count: int = 1) -> None:
        for number in range(count):
            with acting(self.viewer):
                self.record_here(number)

    def record_here(self, number: int = 0) -> None:
        record(
            "reports:report:opened", by=self.viewer, subject=("report", uuid4()), note=f"invented {number}"
        )

    def run(self, heads: HeadFile | None = None) -> sequencer.Sequenced:
        return sequencer.sequence(within=self.within, signer=self.key, heads=heads or self.heads, at=AT)

    def grow(self, *batches: int) -> None:
        for count in batches:
            self.record(count)
            self.run()

    def verify(self) -> Report:
        return verify(within=self.within, heads=self.heads, verifying_key=self.key.public_key())

    def links(self) -> list[tuple[int, UUID]]:
        return self.owner.execute("select seq, event_id from audit_link order by seq").fetchall()

    def events(self) -> list[UUID]:
        return [id_ for (id_,) in self.owner.execute("select id from audit_event order by number").fetchall()]


@pytest.fixture(scope="module")
def audit_db(server: str) -> Iterator[str]:
    """A database with the audit tables alone: nothing else records into the chain. Returns the owner's dsn."""
    name = f"cets_audit_{os.getpid()}"
    dsn = make_conninfo(server, dbname=name)
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(
            sql.SQL("create database {} template template0 encoding 'UTF8'").format(sql.Identifier(name))
        )
    with psycopg.connect(dsn) as conn:
        secrets = settings.CETS.secrets
        founding.make_roles(conn, prefix=secrets["role_prefix"], passwords=secrets["role_passwords"])
    _point_at(dsn)
    call_command("migrate", "audit", database="owner", verbosity=0, interactive=False)
    inner, outer = pads(settings.CETS.viewer_key)
    ViewerKey.objects.using("owner").create(inner_pad=inner, outer_pad=outer)
    yield dsn
    connections.close_all()
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _point_at(dsn: str) -> None:
    connections.close_all()
    here = replace(settings.CETS, database_url=dsn)
    for alias, process in (("default", "desk"), ("matcher", "matcher"), ("owner", "owner")):
        connections[alias].settings_dict.update(
            {
                key: value
                for key, value in connection(here, process).items()
                if key.isupper() and key != "CONN_MAX_AGE"  # a test's connection ends with its request
            }
        )


@contextmanager
def chain_in(dsn: str, folder: Path) -> Iterator[Chain]:
    """Yield an empty chain."""
    with psycopg.connect(dsn, autocommit=True) as owner:
        wipe(owner)
        yield Chain(
            owner, HeadFile(folder / "heads" / "audit-heads.jsonl"), Ed25519PrivateKey.generate(), officer()
        )


def wipe(owner: psycopg.Connection[Any]) -> None:
    with unguarded(owner):
        owner.execute(f"truncate {', '.join(TABLES)} restart identity")


@contextmanager
def unguarded(owner: psycopg.Connection[Any]) -> Iterator[None]:
    """Let a superuser do what the append-only triggers and the payload's key forbid."""
    for table in TABLES:
        owner.execute(f"alter table {table} disable trigger append_only")
    owner.execute("alter table audit_payload drop constraint payload_of_event")
    yield
    owner.execute(
        "alter table audit_payload add constraint payload_of_event"
        " foreign key (event_id) references audit_event (id) not valid"
    )
    for table in TABLES:
        owner.execute(f"alter table {table} enable always trigger append_only")


def in_thread(role: AbstractContextManager[None], work: Callable[[], object]) -> None:
    """Run as a role, which is of one thread alone, and close this thread's own connections, which nobody else would."""
    try:
        with role:
            work()
    finally:
        connections.close_all()
