"""As each run-time role: every protected table, every verb, every context but a right one. Nothing foreign is seen or changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.conf import settings

from access import catalogue, statements
from access.statements import Breach, Table, attack, connect, contexts
from access.world import CENTRE, World
from cets.access.viewer import Right, Viewer, sign, system

#: Who attacks, each from the wrong agency: a case worker, somebody with a narrow role, the auditor, the centre's desk.
ATTACKERS = (
    ("ESX", "service"),
    ("ESX", "secondee"),
    ("ESX", "data_protection_officer"),
    (CENTRE, "deconfliction_officer"),
)
ROLES = ("desk", "worker", "matcher")


@pytest.fixture(scope="module")
def owner(world: World, module_db: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(module_db, autocommit=True) as conn:
        yield conn


def attacked(owner: psycopg.Connection[Any], dsn: str, world: World, role: str) -> list[Breach]:
    """Run the whole attack as one role: every attacker with a true token, and the first with every false one."""
    breaches: list[Breach] = []
    with connect(dsn, role) as conn:
        for number, (code, holds) in enumerate(ATTACKERS):
            breaches += against(owner, conn, world, world.viewer(code, holds), role, with_false=not number)
    return breaches


def against(
    owner: psycopg.Connection[Any],
    conn: psycopg.Connection[Any],
    world: World,
    viewer: Viewer,
    role: str,
    *,
    with_false: bool,
) -> list[Breach]:
    # Pairs of silent records are the centre's own, all of them.
    without = {"deconfliction_silentpair"} if viewer.agency_id == world.agencies[CENTRE].id else set()
    found = list(statements.tables(owner, conn, viewer, without=without))
    every = [replace_foreign(owner, table) for table in found]
    key, other = settings.CETS.viewer_key, world.agencies["NMR"].id
    breaches: list[Breach] = []
    for context in contexts(viewer, other, key, now=statements.now()):
        # Without a valid token every row is foreign, the attacker's own too.
        holds = context.name in {"wrong agency", statements.INJECTED}
        if not (holds or with_false):
            continue
        mine = [t for t in found if not (t.name in CHAIN and viewer.rights & Right.AUDIT)] if holds else every
        breaches += attack(conn, role, mine, context)
    return breaches


#: The chain holds hashes and ids; auditors of every agency check it whole.
CHAIN = {"audit_link", "audit_batch"}


def replace_foreign(owner: psycopg.Connection[Any], table: Table) -> Table:
    rows = owner.execute(f"select {table.key} from {table.name} limit 200").fetchall()
    return replace(table, foreign=tuple(key for (key,) in rows))


@pytest.mark.parametrize("role", ROLES)
def test_nothing_foreign_is_seen_or_changed(owner: Any, module_db: str, world: World, role: str) -> None:
    breaches = attacked(owner, module_db, world, role)
    assert not breaches, "\n".join(map(str, breaches[:30]))


def test_a_right_token_shows_ones_own(owner: Any, module_db: str, world: World) -> None:
    """Or the attack would pass on a database that shows nothing to anybody."""
    viewer = world.viewer("ESX", "service")
    token = sign(viewer, settings.CETS.viewer_key, at=statements.now())
    with connect(module_db, "desk") as conn, conn.transaction():
        conn.execute("select set_config('cets.viewer', %s, true)", [token])
        for table in (
            "reports_report",
            "reports_message",
            "reports_trace",
            "identifiers_holding",
            "deconfliction_hit",
            "ledger_entry",
            "vault_original",
        ):
            agencies = {row[0] for row in conn.execute(f"select agency_id from {table}").fetchall()}
            assert agencies == {viewer.agency_id}, table


def test_a_secondee_sees_what_was_given_and_nothing_beside(module_db: str, world: World) -> None:
    token = sign(world.viewer("NMR", "secondee"), settings.CETS.viewer_key, at=statements.now())
    with connect(module_db, "desk") as conn, conn.transaction():
        conn.execute("select set_config('cets.viewer', %s, true)", [token])
        for table, column in (
            ("reports_report", "id"),
            ("reports_message", "report_id"),
            ("identifiers_holding", "report_id"),
        ):
            assert {row[0] for row in conn.execute(f"select {column} from {table}").fetchall()} == {
                world.given["NMR"]
            }, table
        assert conn.execute("select count(*) from deconfliction_hit").fetchone() == (0,)
        assert conn.execute("select count(*) from reports_trace").fetchone() == (0,), "no history was given"


def test_an_agency_cannot_give_its_secondee_anothers_report(owner: Any, module_db: str, world: World) -> None:
    """The id of an open report is told in a hit; a giving written for it by its reader must open nothing."""
    foreign = world.reports["NMR", "open"][0]
    secondee = world.officers["ESX", "secondee"]
    key = settings.CETS.viewer_key
    with connect(module_db, "desk") as conn, conn.transaction(force_rollback=True):
        conn.execute(
            "select set_config('cets.viewer', %s, true)",
            [sign(world.viewer("ESX", "supervisor"), key, at=statements.now())],
        )
        conn.execute(
            "insert into reports_secondment (id, report_id, officer_id, agency_id, given_by, given_at)"
            " values (gen_random_uuid(), %s, %s, %s, %s, now())",
            [foreign, secondee.id, secondee.agency_id, secondee.id],
        )
        conn.execute(
            "select set_config('cets.viewer', %s, true)",
            [sign(world.viewer("ESX", "secondee"), key, at=statements.now())],
        )
        for table, column in (
            ("reports_report", "id"),
            ("reports_part", "report_id"),
            ("reports_passage", "report_id"),
            ("reports_trace", "report_id"),
            ("identifiers_sighting", "report_id"),
        ):
            seen = {row[0] for row in conn.execute(f"select {column} from {table}").fetchall()}
            assert foreign not in seen, table
        for word in ("cnrynmropennote", "cnrynmropenvisited"):
            words = conn.execute(
                "select count(*) from cets_search_words(websearch_to_tsquery('simple', %s), 100)", [word]
            ).fetchone()
            assert words == (0,), word


def test_no_row_points_to_another_agencys(module_db: str, world: World) -> None:
    """The id of an open report is told in a hit; nothing of one's own may be hung on it."""
    foreign = world.reports["NMR", "open"][0]
    token = sign(world.viewer("ESX", "service"), settings.CETS.viewer_key, at=statements.now())
    for role, statement in (
        ("worker", "update reports_part set report_id = %s where report_id = %s"),
        ("desk", "update reports_part set report_id = %s where report_id = %s"),
        ("worker", "update identifiers_holding set report_id = %s where report_id = %s"),
        ("worker", "update reports_message set report_id = %s where report_id = %s"),
        ("worker", "update reports_trace set report_id = %s where report_id = %s"),
        ("desk", "update reports_report set state = 'joined', joined_to_id = %s where id = %s"),
    ):
        with connect(module_db, role) as conn, conn.transaction(force_rollback=True):
            conn.execute("select set_config('cets.viewer', %s, true)", [token])
            of_its_own = {"reports_message": 1, "reports_trace": 2}.get(statement.split()[1], 0)
            found = world.reports["ESX", "open"][of_its_own]
            assert conn.execute(statement, [foreign, found]).rowcount > 0, statement
            with pytest.raises(psycopg.errors.ForeignKeyViolation):
                conn.execute("set constraints all immediate")


def test_a_payload_needs_its_event(module_db: str, world: World) -> None:
    token = sign(world.viewer("ESX", "service"), settings.CETS.viewer_key, at=statements.now())
    add = "insert into audit_payload (event_id, salt, body) values (gen_random_uuid(), '', '{}')"
    for role in ROLES:
        with connect(module_db, role) as conn, conn.transaction(force_rollback=True):
            conn.execute("select set_config('cets.viewer', %s, true)", [token])
            with pytest.raises(psycopg.errors.ForeignKeyViolation, match="payload_of_event"):
                conn.execute(add)


# --- what single roles may not --------------------------------------------------------------------------------------

_VALUES = (
    "identifiers_holding", "identifiers_sighting", "reports_report", "reports_part", "reports_person", "reports_message", "reports_trace",
    "reports_passage", "reports_remark", "reports_itemgrading", "vault_original", "search_search", "agencies_login", "agencies_officer", "audit_event", "audit_payload",
)  # fmt: skip


def refused(conn: psycopg.Connection[Any], statement: str, *params: Any) -> bool:
    try:
        with conn.transaction(force_rollback=True):
            conn.execute(statement, params or None)
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


def test_the_matcher_can_read_no_value(module_db: str) -> None:
    with connect(module_db, "matcher") as conn:
        for table in _VALUES:
            readable = conn.execute(
                "select array_agg(attname::text) from pg_attribute where attrelid = %s::regclass and attnum > 0"
                " and has_column_privilege(%s::regclass, attnum, 'select')",
                [table, table],
            ).fetchone()
            assert readable == (None,), f"The matcher may read {readable} of {table}."
        assert refused(conn, "select name from agencies_team")


@pytest.mark.parametrize("role", ["desk", "worker"])
def test_only_the_matcher_asks_on_behalf_of_any_agency(module_db: str, world: World, role: str) -> None:
    with connect(module_db, role) as conn:
        assert refused(
            conn,
            "select * from cets_overlaps(%s, '{}', '2 minutes', '180 days', 10)",
            world.agencies["NMR"].id,
        )
        conn.execute("select * from cets_my_overlaps('{}')")


def test_the_desk_queues_and_reads_no_queue(module_db: str) -> None:
    """A job names an agency and ids of its records: whoever adds one need not see another."""
    job = (
        "array[row('intake', 'cets.read_parts', 0, null, null, '{}', null)]::procrastinate_job_to_defer_v1[]"
    )
    with connect(module_db, "desk") as conn:
        (queued,) = conn.execute(f"select procrastinate_defer_jobs_v1({job})").fetchone() or ([],)
        for statement in (
            "select id from procrastinate_jobs",
            "select count(*) from procrastinate_events",
            "insert into procrastinate_jobs (queue_name, task_name) values ('intake', 'x') returning id",
            "update procrastinate_jobs set args = args",
            "delete from procrastinate_jobs",
            "select currval('procrastinate_jobs_id_seq')",
            "select last_value from procrastinate_jobs_id_seq",
        ):
            assert refused(conn, statement), statement
    with connect(module_db, "worker") as conn:
        assert conn.execute("delete from procrastinate_jobs where id = any(%s)", [queued]).rowcount == 1
    with connect(module_db, "matcher") as conn:
        assert refused(conn, f"select procrastinate_defer_jobs_v1({job})")


@pytest.mark.parametrize("role", ROLES)
def test_the_key_of_the_tokens_is_nobodys(module_db: str, role: str) -> None:
    with connect(module_db, role) as conn:
        for statement in (
            "select * from access_viewerkey",
            "copy access_viewerkey to stdout",
            "update access_viewerkey set id = id",
        ):
            assert refused(conn, statement), statement


@pytest.mark.parametrize("role", ["desk", "worker"])
def test_nobody_writes_an_event_as_another(module_db: str, world: World, role: str) -> None:
    me, other = world.viewer("ESX", "analyst"), world.viewer("NMR", "analyst")
    statement = (
        "insert into audit_event (id, type, actor_kind, actor_id, agency_id, subject_type, subject_id, purpose, purpose_reference, request_id, commitment)"
        " values (gen_random_uuid(), 'a:b:c', 'officer', %s, %s, 'report', '', '', '', '', '')"
    )
    with connect(module_db, role) as conn, conn.transaction(force_rollback=True):
        conn.execute(
            "select set_config('cets.viewer', %s, true)",
            [sign(me, settings.CETS.viewer_key, at=statements.now())],
        )
        assert refused(conn, statement, other.actor_id, other.agency_id)
        assert not refused(conn, statement, me.actor_id, me.agency_id)


@pytest.mark.parametrize("right", [Right.SEQUENCER, Right.MATCHER, Right.SIGN_IN, Right.SILENT_PAIRS])
def test_a_part_of_the_system_reads_no_report(module_db: str, right: Right) -> None:
    """Even with a true token of the system, the rights of one part are not those of another."""
    token = sign(system("part", right), settings.CETS.viewer_key, at=statements.now())
    with connect(module_db, "worker") as conn, conn.transaction(force_rollback=True):
        conn.execute("select set_config('cets.viewer', %s, true)", [token])
        for table in (
            "reports_report",
            "reports_message",
            "reports_trace",
            "identifiers_holding",
            "identifiers_sighting",
            "vault_original",
            "search_search",
        ):
            assert conn.execute(f"select count(*) from {table}").fetchone() == (0,), table


# --- planted faults ---------------------------------------------------------------------------------------------------


@contextmanager
def planted(owner: psycopg.Connection[Any], plant: str, undo: str) -> Iterator[None]:
    prefix = settings.CETS_ROLE_PREFIX
    owner.execute(plant.format(p=prefix))
    try:
        yield
    finally:
        owner.execute(undo.format(p=prefix))


FAULTS = {
    "a policy that always holds": (
        "create policy planted on reports_report for select using (true)", "drop policy planted on reports_report", "reports_report",
    ),
    "row-level security off": (
        "alter table identifiers_holding disable row level security", "alter table identifiers_holding enable row level security", "identifiers_holding",
    ),
    "a role past policies": ("alter role {p}_desk bypassrls", "alter role {p}_desk nobypassrls", "_desk"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught_by_catalogue_and_attack(
    owner: Any, module_db: str, world: World, fault: str
) -> None:
    plant, undo, culprit = FAULTS[fault]
    protected = catalogue.protected_tables(owner)
    viewer = world.viewer("ESX", "service")
    before = catalogue.all_faults(owner, settings.CETS_ROLE_PREFIX)
    with planted(owner, plant, undo), connect(module_db, "desk") as conn:
        named = set(catalogue.all_faults(owner, settings.CETS_ROLE_PREFIX)) - set(before)
        assert any(culprit in fault for fault in named)
        found = list(statements.tables(owner, conn, viewer))
        breaches = []
        for context in contexts(
            viewer, world.agencies["NMR"].id, settings.CETS.viewer_key, now=statements.now()
        )[:2]:
            breaches += attack(conn, "desk", found, context)
        # The desk holds no grant on hubs at all, and the names of agencies are no secret.
        hit = {breach.table for breach in breaches}
        assert hit >= (
            set(protected) - {"agencies_agency", "deconfliction_hub", "deconfliction_limits"}
            if "{p}" in plant
            else {culprit}
        ), hit
    assert catalogue.all_faults(owner, settings.CETS_ROLE_PREFIX) == before
