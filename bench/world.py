"""A country's worth of reports, written by the owner with a few statements: what the measured statements meet."""

from typing import Any

import psycopg

_STATEMENTS = (
    """
    create temp table made as
    select gen_random_uuid() as id, gen_random_uuid() as entry_id, gen_random_uuid() as original_id, gen_random_uuid() as part_id,
      a.id as agency_id, a.code, t.id as team_id, row_number() over () as n,
      now() - (row_number() over ()) * interval '27 seconds' as received_at
    from generate_series(1, %(per_agency)s) g
    cross join agencies_agency a join agencies_team t on t.agency_id = a.id and t.is_duty where a.code like 'AG%%'
    """,
    """
    insert into ledger_entry (id, agency_id, subject_type, subject_id, title, owner_team_id, due_at, next_step, why, opened_at, closed_at, outcome)
    select entry_id, agency_id, 'report', id, 'CETS-' || code || '-2025-' || n, team_id, received_at + interval '1 day', 'Read and grade the report',
      '', received_at, case when n %% 50 <> 0 then received_at + interval '20 hours' end, case when n %% 50 <> 0 then 'Filed' else '' end from made
    """,
    """
    insert into reports_report (id, agency_id, team_id, reference, title, category, platform, reporting_body, external_body, external_number,
      incident_raw, received_at, urgent, summary, sharing, state, grading_source, grading_information, grading_handling, grading_conditions, entry_id)
    select id, agency_id, team_id, 'CETS-' || code || '-2025-' || n, 'Report ' || n, 'Online enticement', 'Kite Chat', 'Kite Chat', '', '', '',
      received_at, false, '', 1, 'read', 2, 'D', 'P', '', entry_id from made
    """,
    """
    insert into vault_original (id, agency_id, size, md5, sha1, sha256, wrapped_key, stored_size, stored_sha256, sealed_at)
    select original_id, agency_id, 1, '', '', md5(n::text) || md5(n::text), '', 1, '', received_at from made
    """,
    """
    insert into reports_part (id, report_id, agency_id, original_id, number, name, member, source, parser_version, state, size, sha256, received_at,
      read_at, sightings, identifiers, messages, traces, error, seconds)
    select part_id, id, agency_id, original_id, 1, 'file', false, 'cybertip_json', '1', 'read', 1, '', received_at, received_at, 10, 10, 0, 0, '', 0
    from made
    """,
    """
    create temp table held as
    select gen_random_uuid() as id, m.id as report_id, m.part_id, m.agency_id, gen_random_uuid() as key, m.received_at,
      (array['email', 'phone', 'handle', 'device'])[1 + (m.n * 7 + g) %% 4] as kind, m.n || '-' || g as value
    from made m cross join generate_series(1, %(per_report)s) g
    """,
    """
    insert into identifiers_holding (id, report_id, agency_id, key, kind, value, raw, roles, ways, pseudonym, pivot, common, assumed, places,
      first_at, last_at)
    select id, report_id, agency_id, key, kind, value, value, '{suspect}', '{declared}', '', true, '', '', 1, received_at, received_at from held
    """,
    """
    insert into identifiers_matchkey (key, own_key, is_exact, holding_id, report_id, agency_id, told, kind, common, is_declared, is_assumed,
      is_certain, carrier_nat)
    select key, key, true, id, report_id, agency_id, 1, kind, '', true, false, false, false from held
    """,
    "drop table made, held",
)


def fill(conn: psycopg.Connection[Any], *, reports: int, per_report: int, agencies: int = 6) -> None:
    """Write so many reports in all, each holding so many identifiers that nobody else holds."""
    for statement in _STATEMENTS:
        conn.execute(statement, {"per_agency": reports // agencies, "per_report": per_report})
    conn.execute("vacuum analyze")
