"""The catalogue's own account of our locks (`access.catalogue`), on the migrated database."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings

from access import catalogue


@pytest.fixture
def conn(module_db: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(module_db, autocommit=True) as made:
        yield made


@pytest.fixture
def prefix() -> str:
    return str(settings.CETS_ROLE_PREFIX)


def told(faults: list[str]) -> None:
    assert not faults, "\n" + "\n".join(faults)


def test_every_table_is_behind_row_level_security_or_says_why_not(conn: Any) -> None:
    told(catalogue.tables_without_lock(conn))


def test_only_the_definer_has_policies_that_always_hold(conn: Any, prefix: str) -> None:
    told(catalogue.policies_that_are_true(conn, prefix))


def test_no_run_time_role_may_more_than_its_grants(conn: Any, prefix: str) -> None:
    told(catalogue.roles_too_strong(conn, prefix))


def test_nobody_holds_a_verb_that_goes_past_policies(conn: Any, prefix: str) -> None:
    told(catalogue.grants_too_wide(conn, prefix))


def test_every_way_over_a_policy_is_known_and_pinned(conn: Any, prefix: str) -> None:
    told(catalogue.definer_functions_unknown(conn, prefix))


def test_views_read_as_whoever_asks(conn: Any) -> None:
    told(catalogue.views_of_their_owner(conn))


def test_no_sequence_can_be_read_or_set(conn: Any, prefix: str) -> None:
    told(catalogue.sequences_that_can_be_set(conn, prefix))


def test_rows_point_to_rows_of_their_own_agency(conn: Any) -> None:
    told(catalogue.pointers_out_of_the_agency(conn))


def test_no_number_counts_what_other_agencies_have(conn: Any, prefix: str) -> None:
    told(catalogue.numbers_that_count_for_all(conn, prefix))


def test_open_tables_are_granted_to_nobody_but_whom_they_are_for(conn: Any, prefix: str) -> None:
    for_nobody = {
        t: catalogue.RUN_TIME
        for t, why in catalogue.OPEN_TABLES.items()
        if "granted to nobody" in why or why.startswith("no run-time role")
    }
    not_for_the_desk = {
        t: ("desk", "matcher") for t, why in catalogue.OPEN_TABLES.items() if "the worker's alone" in why
    }
    assert "access_viewerkey" in for_nobody
    assert "procrastinate_jobs" in not_for_the_desk
    for table, roles in (for_nobody | not_for_the_desk).items():
        for role in roles:
            (held,) = conn.execute(
                "select bool_or(has_any_column_privilege(%s, %s, v)) or has_table_privilege(%s, %s, 'delete')"
                " from unnest(array['select', 'insert', 'update']) v",
                [f"{prefix}_{role}", table, f"{prefix}_{role}", table],
            ).fetchone()
            assert not held, (
                f"{table}: {role} was granted something, though it says: {catalogue.OPEN_TABLES[table]}"
            )


PLANTED = {
    "a table without policies": ("create table planted (id int)", "planted"),
    "enabled and not forced": ("alter table reports_part no force row level security", "reports_part"),
    "a policy that always holds": (
        "create policy planted on reports_message using (true)",
        "reports_message",
    ),
    "truncate": ("grant truncate on reports_report to {p}_desk", "reports_report"),
    "everybody": ("grant select on reports_report to public", "reports_report"),
    "a view": ("create view planted as select * from reports_report", "planted"),
    "a definer function": (
        "create function planted() returns int language sql security definer as 'select 1'",
        "planted()",
    ),
    "a path not pinned": ("alter function cets_viewer() reset search_path", "cets_viewer()"),
    "an owner": ("alter table reports_part owner to {p}_desk", "reports_part"),
    "a key on the id alone": (
        "alter table reports_remark drop constraint reports_remark_part_id_same, add foreign key (part_id) references reports_part (id)",
        "reports_remark.part_id",
    ),
    "an id without a key": ("alter table reports_remark add case_id uuid", "reports_remark.case_id"),
    "a number for all": (
        "alter table reports_message add serial bigint generated always as identity",
        "reports_message.serial",
    ),
    "the matcher's number": (
        "grant select (id) on identifiers_matchkey to {p}_desk",
        "identifiers_matchkey.id",
    ),
    "a sequence": ("grant update on sequence audit_event_number_seq to {p}_worker", "audit_event_number_seq"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_is_named(conn: Any, prefix: str, planted: str) -> None:
    statement, culprit = PLANTED[planted]
    before = catalogue.all_faults(conn, prefix)
    with conn.transaction(force_rollback=True):
        conn.execute(statement.format(p=prefix))
        assert any(culprit in fault for fault in set(catalogue.all_faults(conn, prefix)) - set(before))
    assert catalogue.all_faults(conn, prefix) == before
