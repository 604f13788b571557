"""What stands in an agency's record is what happened there: nobody of another agency writes into it by SQL of his own."""

import psycopg
import pytest
from django.conf import settings

from access import statements
from access.statements import connect
from access.world import World
from cets.access.viewer import sign
from cets.domains.agencies import events as agency_events
from cets.domains.approvals import events as approval_events
from cets.domains.deconfliction import events as hit_events
from cets.domains.identifiers import events as identifier_events
from cets.domains.intake import events as intake_events
from cets.domains.ledger import events as ledger_events
from cets.domains.reports import events as report_events


def refused(conn: "psycopg.Connection[object]", statement: str, *params: object) -> bool:
    try:
        with conn.transaction(force_rollback=True):
            conn.execute(statement, params)
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


@pytest.mark.parametrize("role", ["desk", "worker"])
@pytest.mark.parametrize(
    "holds", ["analyst", "data_protection_officer", "deconfliction_officer", "administrator"]
)
def test_nobody_writes_into_another_agencys_record(
    module_db: str, world: World, role: str, holds: str
) -> None:
    """Its data-protection officer would read there that somebody opened or revealed what nobody did."""
    me, other = world.viewer("NMR", holds), world.agencies["ESX"].id
    statement = (
        "insert into audit_event (id, type, actor_kind, actor_id, agency_id, subject_type, subject_id, commitment, purpose,"
        " purpose_reference, request_id) values (gen_random_uuid(), %s, 'officer', %s, %s, 'report', '', '', '', '', '')"
    )
    allowed = {type_ for type_ in every_type() if type_.startswith(("agencies:", "approvals:"))} - {
        "agencies:officer:signed-in",
        "agencies:officer:signed-out",
        "agencies:officer:password-changed",
        "agencies:officer:second-factor-changed",
    }
    with connect(module_db, role) as conn, conn.transaction(force_rollback=True):
        conn.execute(
            "select set_config('cets.viewer', %s, true)",
            [sign(me, settings.CETS.viewer_key, at=statements.now())],
        )
        taken = {type_ for type_ in every_type() if not refused(conn, statement, type_, me.actor_id, other)}
        own = {type_ for type_ in every_type() if refused(conn, statement, type_, me.actor_id, me.agency_id)}
    assert taken == (allowed if holds == "administrator" else set())
    assert own == set()


def every_type() -> set[str]:
    """Return the types of all events, of every domain."""
    found: set[str] = {"audit:record:looked"}
    for domain in (
        agency_events,
        approval_events,
        hit_events,
        identifier_events,
        intake_events,
        ledger_events,
        report_events,
    ):
        found |= set(domain.EVENTS)
    return found
