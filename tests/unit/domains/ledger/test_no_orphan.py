"""A long walk of people who come, take, hand over, fall ill, leave, close and reopen: nothing is ever without an owner.

After every step the owner's connection asks for orphans, and now and then somebody tries to make one by SQL.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

import factories
from cets.access.viewer import Viewer, acting, sign
from cets.domains.agencies.models import Agency, Officer, Team
from cets.domains.deconfliction import actions as deconfliction
from cets.domains.deconfliction.models import Decision, Hit
from cets.domains.ledger import absences, actions
from cets.domains.ledger.models import Entry
from cets.kernel import clock
from cets.kernel.errors import CetsError
from cets.sites.console.founding import founder

SEED = int(os.environ.get("CETS_TEST_SEED", "20260504"))
STEPS, LONG_STEPS = 10_000, 100_000

#: What must hold of every row, asked past every policy. One row out is an orphan.
ORPHANS = """
select 'report without an entry', r.id from reports_report r
  where not exists (select 1 from ledger_entry e where e.id = r.entry_id and e.subject_id = r.id and e.agency_id = r.agency_id)
union all select 'hit without an entry', h.id from deconfliction_hit h
  where not exists (select 1 from ledger_entry e where e.id = h.entry_id and e.subject_id = h.id and e.agency_id = h.agency_id)
union all select 'open hit whose work is closed', h.id from deconfliction_hit h join ledger_entry e on e.id = h.entry_id
  where h.state = 'open' and e.closed_at is not null
union all select 'open without an owner who is there', e.id from ledger_entry e
  where e.closed_at is null and not exists (select 1 from agencies_team t where t.id = e.owner_team_id and t.agency_id = e.agency_id)
    and not exists (select 1 from agencies_officer o where o.id = e.owner_officer_id and o.agency_id = e.agency_id
                    and o.left_at is null and o.absent_at is null)
union all select 'without exactly one owner', e.id from ledger_entry e where num_nonnulls(e.owner_officer_id, e.owner_team_id) <> 1
union all select 'without clock or next step', e.id from ledger_entry e where e.due_at is null or e.next_step = ''
union all select 'closed without an outcome', e.id from ledger_entry e where e.closed_at is not null and e.outcome = ''
"""

#: Every way to make an orphan by SQL. `{e}` an open entry, `{o}` its owner or anybody of the agency, `{x}` somebody of another agency.
SABOTAGE = (
    "update ledger_entry set owner_officer_id = null, owner_team_id = null where id = '{e}'",
    "update ledger_entry set owner_officer_id = '{x}', owner_team_id = null where id = '{e}'",
    "update ledger_entry set owner_officer_id = '{gone}', owner_team_id = null where id = '{e}'",
    "update ledger_entry set owner_officer_id = '{o}', owner_team_id = (select id from agencies_team where is_duty limit 1) where id = '{e}'",
    "update ledger_entry set owner_team_id = '{team}', owner_officer_id = null where id = '{e}'",
    "update ledger_entry set due_at = null where id = '{e}'",
    "update ledger_entry set next_step = '' where id = '{e}'",
    "update ledger_entry set closed_at = now() where id = '{e}'",
    "update ledger_entry set subject_id = gen_random_uuid() where id = '{e}'",
    "update ledger_entry set agency_id = '{other}' where id = '{e}'",
    "delete from ledger_entry where id = '{e}'",
    "truncate ledger_entry cascade",
    "update reports_report set entry_id = null where entry_id = '{e}'",
    "update reports_report set entry_id = gen_random_uuid() where true",
    "update deconfliction_hit set entry_id = gen_random_uuid() where true",
    "update agencies_officer set left_at = now() where id = '{owner}'",
    "update agencies_officer set absent_at = now() where id = '{owner}'",
    "update agencies_officer set agency_id = '{other}' where id = '{owner}'",
    "delete from agencies_officer where id = '{owner}'",
    "alter table ledger_entry disable trigger all",
    "set session_replication_role = replica",
)  # fmt: skip


class Walk:
    """Two agencies with people who act at random."""

    def __init__(self, owner: psycopg.Connection[Any], as_process: Any, seed: int) -> None:
        self.owner = owner
        self.random, self.as_process, self.hired = random.Random(seed), as_process, 0
        self.agencies = [factories.agency("ESX"), factories.agency("NMR", phone="+44 7700 900188")]
        self.supervisors: dict[Any, Viewer] = {}
        for agency in self.agencies:
            self.supervisors[agency.id] = factories.viewer(self.hire(agency, "supervisor"))
            for _ in range(4):
                self.hire(agency, "analyst")
        with acting(founder()):
            first = Officer.objects.get(login__name="first@centre.example")
        self.administrator = factories.viewer(first)
        self.done: Counter[str] = Counter()
        self.intake: factories.Intake

    def hire(self, agency: Agency, role: str = "analyst") -> Officer:
        self.hired += 1
        return factories.officer(agency, f"walker{self.hired}@force.example", role)

    def agency(self) -> Agency:
        return self.random.choice(self.agencies)

    def officer(self, agency: Agency, where: str = "true") -> Officer | None:
        """Draw an officer past every policy: who acts is chosen by chance, not by what may be seen."""
        by = self.supervisors[agency.id]
        row = self.owner.execute(
            f"select id from agencies_officer where agency_id = %s and not is_service and id <> %s and {where} order by md5(id::text || %s) limit 1",
            [agency.id, by.actor_id, str(self.random.random())],
        ).fetchone()
        return Officer.objects.select_related("login", "team").get(id=row[0]) if row else None

    def entry(self, agency: Agency, where: str) -> Entry | None:
        row = self.owner.execute(
            f"select id from ledger_entry where agency_id = %s and {where} order by md5(id::text || %s) limit 1",
            [agency.id, str(self.random.random())],
        ).fetchone()
        return Entry.objects.get(id=row[0]) if row else None

    # --- steps ------------------------------------------------------------------------------------------------

    def arrive(self, agency: Agency) -> bool:
        shared = self.random.randrange(12)
        text = f"Note {self.random.random()} of walker.{shared}@mail.example and walker.{self.random.randrange(400)}@mail.example"
        with self.as_process("worker"):
            self.intake.take(agency.code, text, sharing=self.random.choice(("open", "contact", "silent")))
        return True

    def assign(self, agency: Agency) -> bool:
        by = self.supervisors[agency.id]
        with acting(by):
            entry, officer = self.entry(agency, "closed_at is null"), self.officer(agency)
            if entry is None:
                return False
            to_person = self.random.random() < 0.8
            team = None if to_person else Team.objects.filter(agency=agency).first()
            actions.assign(
                entry=entry, officer=officer if to_person else None, team=team, by=by, at=clock.now()
            )
        return True

    def leave(self, agency: Agency) -> bool:
        with acting(self.administrator):
            officer = self.officer(agency, "left_at is null")
            if officer is None:
                return False
            absences.leave(officer=officer, by=self.administrator, at=clock.now())
        self.hire(agency)
        return True

    def absent(self, agency: Agency) -> bool:
        with acting(self.administrator):
            officer = self.officer(agency, "left_at is null and absent_at is null")
            if officer is None:
                return False
            absences.go_absent(officer=officer, by=self.administrator, at=clock.now())
        return True

    def back(self, agency: Agency) -> bool:
        with acting(self.administrator):
            officer = self.officer(agency, "left_at is null and absent_at is not null")
            if officer is None:
                return False
            absences.come_back(officer=officer, by=self.administrator)
        return True

    def close(self, agency: Agency) -> bool:
        by = self.supervisors[agency.id]
        with acting(by):
            entry = self.entry(agency, "closed_at is null and subject_type = 'report'")
            if entry is None:
                return False
            actions.close(entry=entry, outcome="Read and filed", by=by, at=clock.now())
        return True

    def reopen(self, agency: Agency) -> bool:
        by = self.supervisors[agency.id]
        with acting(by):
            entry = self.entry(agency, "closed_at is not null and subject_type = 'report'")
            if entry is None:
                return False
            team = Team.objects.get(agency=agency, is_duty=True)
            actions.reopen(
                entry=entry, next_step="Look again", due_at=clock.now() + timedelta(hours=4), team=team, by=by
            )
        return True

    def decide(self, agency: Agency) -> bool:
        by = self.supervisors[agency.id]
        with acting(by):
            hit = (
                Hit.objects.filter(agency=agency, state="open").select_related("entry").order_by("?").first()
            )
            if hit is None:
                return False
            verdict = self.random.choice(("not_the_same", "work_together"))
            deconfliction.decide(hit=hit, verdict=verdict, reason="looked at", by=by, at=clock.now())
        return True

    def withdraw(self, agency: Agency) -> bool:
        """Take a decision back: whoever owned the hit may have left since."""
        by = self.supervisors[agency.id]
        with acting(by):
            standing = Decision.objects.filter(agency=agency, withdrawn_at=None).select_related("hit__entry")
            decision = standing.order_by("?").first()
            if decision is None:
                return False
            deconfliction.take_back(decision=decision, by=by, at=clock.now())
        return True


WEIGHTS = {
    "arrive": 1, "assign": 44, "leave": 2, "absent": 8, "back": 8, "close": 14, "reopen": 12, "decide": 6, "withdraw": 4,
}  # fmt: skip


@pytest.fixture
def owner(db: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(db, autocommit=True) as conn:
        # Durability is not what is tested here, and ten thousand commits would wait for the disk.
        conn.execute(
            sql.SQL("alter database {} set synchronous_commit = off").format(sql.Identifier(conn.info.dbname))
        )
        connections.close_all()
        yield conn


def orphans(owner: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    return owner.execute(ORPHANS).fetchall()


def walk(owner: psycopg.Connection[Any], dsn: str, as_process: Any, *, steps: int, seed: int) -> Counter[str]:
    path, names, weights = Walk(owner, as_process, seed), list(WEIGHTS), list(WEIGHTS.values())
    secrets = settings.CETS.secrets
    with (
        factories.intake() as intake,
        psycopg.connect(
            make_conninfo(
                dsn, user=f"{secrets['role_prefix']}_desk", password=secrets["role_passwords"]["desk"]
            ),
            autocommit=True,
        ) as desk,
        psycopg.connect(
            make_conninfo(
                dsn, user=f"{secrets['role_prefix']}_worker", password=secrets["role_passwords"]["worker"]
            ),
            autocommit=True,
        ) as worker,
    ):
        path.intake = intake
        for agency in path.agencies * 4:
            path.arrive(agency)
        for number in range(steps):
            name = path.random.choices(names, weights)[0]
            try:
                path.done[name] += getattr(path, name)(path.agency())
            except CetsError:
                path.done["refused"] += 1
            found = orphans(owner)
            assert not found, f"step {number} of seed {seed}, {name}: {found[:3]}"
            if number % 25 == 0:
                _sabotage(path, owner, path.random.choice((desk, worker)), number)
    return path.done


def _sabotage(path: Walk, owner: psycopg.Connection[Any], conn: psycopg.Connection[Any], number: int) -> None:
    """Try one way to make an orphan, with a true token of somebody who may do much."""
    agency = path.agency()
    other = next(a for a in path.agencies if a.id != agency.id)
    row = owner.execute(
        "select e.id, e.owner_officer_id from ledger_entry e where e.agency_id = %s and e.closed_at is null and e.owner_officer_id is not null limit 1",
        [agency.id],
    ).fetchone()
    if row is None:
        return
    ids = {
        "e": row[0], "owner": row[1], "o": row[1], "other": other.id,
        "x": _one(owner, "select id from agencies_officer where agency_id = %s and left_at is null limit 1", other.id),
        "gone": _one(owner, "select id from agencies_officer where agency_id = %s and (left_at is not null or absent_at is not null) limit 1", agency.id),
        "team": _one(owner, "select id from agencies_team where agency_id = %s limit 1", other.id),
    }  # fmt: skip
    statement = SABOTAGE[(number // 25) % len(SABOTAGE)].format(**ids)
    viewer = path.random.choice((path.supervisors[agency.id], path.administrator))
    before = owner.execute("select count(*) from ledger_entry").fetchone()
    try:
        with conn.transaction():
            conn.execute(
                "select set_config('cets.viewer', %s, true)",
                [sign(viewer, settings.CETS.viewer_key, at=clock.now())],
            )
            changed = conn.execute(statement).rowcount
    except psycopg.Error:
        path.done["sabotage refused"] += 1
    else:
        assert changed <= 0, f"{statement} went through"
        path.done["sabotage without effect"] += 1
    assert not orphans(owner), statement
    assert owner.execute("select count(*) from ledger_entry").fetchone() == before, statement


def _one(owner: psycopg.Connection[Any], query: str, *params: Any) -> Any:
    row = owner.execute(query, params).fetchone()
    return row[0] if row else "00000000-0000-0000-0000-000000000000"


def test_ten_thousand_steps_and_never_an_orphan(owner: Any, db: str, as_process: Any) -> None:
    done = walk(owner, db, as_process, steps=STEPS, seed=SEED)
    assert all(done[name] > STEPS / 1_000 for name in WEIGHTS), done
    assert done["sabotage refused"] > len(SABOTAGE), done


@pytest.mark.long
def test_a_hundred_thousand_steps_and_never_an_orphan(owner: Any, db: str, as_process: Any) -> None:
    walk(owner, db, as_process, steps=LONG_STEPS, seed=SEED + 1)


def test_the_question_finds_a_planted_orphan(owner: Any, db: str, as_process: Any) -> None:
    """Past the triggers, which the owner alone may switch off."""
    factories.agency("ESX")
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", "A note of walker@mail.example")
    assert not orphans(owner)
    with owner.transaction(force_rollback=True):
        owner.execute("alter table ledger_entry disable trigger all")
        owner.execute(
            "update ledger_entry set owner_team_id = (select id from agencies_team where agency_id <> ledger_entry.agency_id limit 1)"
        )
        assert {kind for kind, _ in orphans(owner)} == {"open without an owner who is there"}
