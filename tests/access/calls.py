"""Calls that somebody of the wrong agency or role may try, with real ids of others."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from access.oracle import Belongings, Reader
from access.world import CODES, LEVELS, World, canary, cell
from cets.access.viewer import acting
from cets.domains.agencies import actions as agencies
from cets.domains.agencies.models import Officer, RoleGrant, Team
from cets.domains.approvals import actions as approvals
from cets.domains.approvals import queries as approval_queries
from cets.domains.approvals.models import Approval
from cets.domains.deconfliction import actions as deconfliction
from cets.domains.deconfliction import queries as hits
from cets.domains.deconfliction.models import Decision, Hit
from cets.domains.identifiers import actions as identifier_actions
from cets.domains.identifiers import queries as identifiers
from cets.domains.identifiers.models import AgencyPattern, Holding
from cets.domains.intake import actions as taking_in
from cets.domains.intake import queries as intake
from cets.domains.intake import rereading_all
from cets.domains.ledger import absences
from cets.domains.ledger import actions as ledger
from cets.domains.ledger import queries as work
from cets.domains.ledger.models import Alert, Entry
from cets.domains.reports import actions as reports
from cets.domains.reports import items
from cets.domains.reports import queries as report_queries
from cets.domains.reports.models import Part, Remark, Report
from cets.domains.search import queries as search
from cets.domains.sharing.levels import Level
from cets.kernel import clock
from cets.sites.console import showing


@dataclass
class Draw:
    """Draws foreign things for one caller."""

    random: random.Random
    world: World
    all: Belongings
    reader: Reader

    def id(self, table: str) -> Any:
        """Return the key of a row of another agency, or of none where only the reader's own has any."""
        for _ in range(200):
            key, code = self.random.choice(self.all.of_table[table])
            if code != self.reader.code:
                return key
        return uuid4()

    def key(self) -> UUID:
        while True:
            key, codes = self.random.choice(self.all.key_list)
            if self.reader.code not in codes:
                return key

    def reference(self) -> str:
        while True:
            reference, code = self.random.choice(self.all.reference_list)
            if code != self.reader.code:
                return reference

    def other(self) -> str:
        return self.random.choice([code for code in CODES if code != self.reader.code])

    def question(self) -> str:
        """Return something to search for that another agency holds."""
        other, level = self.other(), self.random.choice(LEVELS)
        what = self.random.choice(
            (
                "note",
                "person",
                "suspect",
                "victim",
                "message",
                "sender",
                "chatmail",
                "visited",
                "titlemail",
                "conditions",
            )
        )
        third = self.random.choice([code for code in CODES if code not in {other, self.reader.code}])
        return self.random.choice((
            canary(other, level, what), canary(other, level, what) + "@mail.example", self.reference(),
            cell((other, level), (third, self.random.choice(LEVELS))), f'"{canary(other, level, what)}"',
        ))  # fmt: skip

    def object(self, model: Any, table: str) -> Any:
        """Return another agency's row as an attacker would hold it: whole, and bound to his own connection."""
        row = model.objects.using("owner").get(pk=self.id(table))
        row._state.db = "default"
        return row


Read = Callable[[Draw], tuple[Any, list[object]]]  # what came back, and what was put into the question


def _report(draw: Draw) -> tuple[Any, list[object]]:
    key = draw.id("reports_report")
    return report_queries.get(draw.reader.viewer, key), [key]


def _by_reference(draw: Draw) -> tuple[Any, list[object]]:
    reference = draw.reference()
    return report_queries.get_by_reference(draw.reader.viewer, reference), [reference]


def _listed(draw: Draw) -> tuple[Any, list[object]]:
    return list(report_queries.listed(draw.reader.viewer)), []


def _inside(draw: Draw) -> tuple[Any, list[object]]:
    report = Report(id=draw.id("reports_report"))
    of = draw.random.choice(
        (report_queries.parts_of, report_queries.persons_of, report_queries.messages_of, report_queries.traces_of,
         report_queries.passages_of, report_queries.remarks_of, identifiers.of_report, items.all_gradings_of)
    )  # fmt: skip
    return list(of(report)), [report.id]


def _identifier(draw: Draw) -> tuple[Any, list[object]]:
    key = draw.key()
    return identifiers.of_key(draw.reader.viewer, key), [key]


def _places(draw: Draw) -> tuple[Any, list[object]]:
    holding = Holding(id=draw.id("identifiers_holding"))
    return list(identifiers.places_of([holding])), [holding.id]


def _hit(draw: Draw) -> tuple[Any, list[object]]:
    key = draw.id("deconfliction_hit")
    return hits.get(draw.reader.viewer, key), [key]


def _told(draw: Draw) -> tuple[Any, list[object]]:
    """A foreign hit put under the function that tells: what it derives must not be another side's."""
    hit = draw.object(Hit, "deconfliction_hit")
    seen = hits.tell(draw.reader.viewer, [hit])
    return [(t.value, t.pseudonym, t.mine, t.theirs) for t in seen], []


def _overlaps(draw: Draw) -> tuple[Any, list[object]]:
    keys = [draw.key() for _ in range(5)]
    return [{k: v for k, v in row.items() if k != "digest"} for row in hits.overlaps(keys)], list(keys)


def _hits(draw: Draw) -> tuple[Any, list[object]]:
    viewer = draw.reader.viewer
    return hits.tell(viewer, list(hits.listed(viewer, with_common=True)[:12])), []


def _decisions(draw: Draw) -> tuple[Any, list[object]]:
    hit = Hit(id=draw.id("deconfliction_hit"))
    return list(hits.decisions_of(hit)), [hit.id]


def _pairs(draw: Draw) -> tuple[Any, list[object]]:
    return [(p.id, p.key, p.entry_id) for p in hits.silent_pairs(draw.reader.viewer)], []


def _search(draw: Draw) -> tuple[Any, list[object]]:
    question = draw.question()
    return search.run(draw.reader.viewer, search.understand(question, country="GB")), [question]


def _work(draw: Draw) -> tuple[Any, list[object]]:
    viewer, key = draw.reader.viewer, draw.id("reports_report")
    return [
        work.of_subject(key), list(work.open_for(viewer)), list(work.open_for(viewer, team=True)), list(work.alerts_for(viewer)),
    ], [key]  # fmt: skip


def _table(draw: Draw) -> tuple[Any, list[object]]:
    key = draw.id("reports_part")
    return intake.table_of(draw.reader.viewer, key), [key]


def _map(draw: Draw) -> tuple[Any, list[object]]:
    other = draw.other()
    return intake.saved_map_for(draw.world.agencies[other].id, canary(other, "any", "headings")), [
        canary(other, "any", "headings")
    ]


def _approval(draw: Draw) -> tuple[Any, list[object]]:
    key = draw.id("approvals_approval")
    return approval_queries.get(draw.reader.viewer, key), [key]


def _people(draw: Draw) -> tuple[Any, list[object]]:
    key = draw.id("agencies_officer")
    return [
        Officer.objects.filter(id=key).first(),
        list(Team.objects.filter(agency=draw.world.agencies[draw.other()])),
    ], [key]


def _since(draw: Draw) -> tuple[Any, list[object]]:
    return list(intake.added_by(draw.reader.viewer, since=clock.now() - timedelta(days=1))), []


def _patterns(draw: Draw) -> tuple[Any, list[object]]:
    return list(identifiers.patterns_visible_to(draw.reader.viewer)), []


READS: tuple[Read, ...] = (
    _report, _by_reference, _listed, _inside, _inside, _identifier, _places, _hit, _told, _overlaps, _hits, _decisions, _pairs, _search,
    _search, _work, _table, _map, _approval, _people, _since, _patterns,
)  # fmt: skip


def _shown_report(draw: Draw) -> tuple[Any, list[object]]:
    reference = draw.reference()
    return showing.report(draw.reader.viewer, reference, reveal=draw.random.random() < 0.5), [reference]


def _shown_hits(draw: Draw) -> tuple[Any, list[object]]:
    return list(showing.hits(draw.reader.viewer, with_common=draw.random.random() < 0.5)), []


def _shown_search(draw: Draw) -> tuple[Any, list[object]]:
    question = draw.question()
    return showing.search(draw.reader.viewer, question), [question]


SHOWN: tuple[Read, ...] = (
    _shown_report,
    _shown_report,
    _shown_report,
    _shown_search,
    _shown_search,
    _shown_search,
    _shown_hits,
)


# --- writes: each is handed another agency's record as its own connection would hold it -----------------------------

Write = Callable[[Draw], object]


def _by(draw: Draw) -> dict[str, Any]:
    return {"by": draw.reader.viewer}


def _step(draw: Draw) -> object:
    with acting(draw.reader.viewer):
        entry = draw.object(Entry, "ledger_entry")
        ledger.set_step(entry=entry, next_step="taken over", due_at=clock.now(), **_by(draw))
    return None


def _close(draw: Draw) -> object:
    with acting(draw.reader.viewer):
        ledger.close(
            entry=draw.object(Entry, "ledger_entry"), outcome="taken over", at=clock.now(), **_by(draw)
        )
    return None


def _reopen(draw: Draw) -> object:
    team = draw.object(Team, "agencies_team")
    with acting(draw.reader.viewer):
        entry = draw.object(Entry, "ledger_entry")
        ledger.reopen(entry=entry, next_step="taken over", due_at=clock.now(), team=team, **_by(draw))
    return None


WRITES: dict[str, Write] = {
    "grade": lambda d: reports.grade(report=d.object(Report, "reports_report"), grading=reports.Grading(1, "A", "P"), at=clock.now(), **_by(d)),
    "grade item": lambda d: reports.grade_item(
        report=d.object(Report, "reports_report"), item=items.Item("message", d.id("reports_part"), "line 1", uuid4()),
        grading=reports.Grading(1, "A", "P"), at=clock.now(), **_by(d),
    ),
    "read once more": lambda d: taking_in.read_once_more(part=d.object(Part, "reports_part"), **_by(d)),
    "read all once more": lambda d: sum(rereading_all.read_all_once_more([d.id("reports_part")], **_by(d))),
    "settle": lambda d: reports.settle(remark=_remark(d), choice=_remark(d).candidates[0], at=clock.now(), **_by(d)),
    "give": lambda d: reports.give(
        report=d.object(Report, "reports_report"), officer=d.object(Officer, "agencies_officer"), at=clock.now(), **_by(d)
    ),
    "take back": lambda d: reports.take_back(
        report=d.object(Report, "reports_report"), officer=d.object(Officer, "agencies_officer"), **_by(d)
    ),
    "set sharing": lambda d: deconfliction.set_sharing(
        report=d.object(Report, "reports_report"), level=Level.OPEN, reason="taken over", **_by(d)
    ),
    "decide": lambda d: deconfliction.decide(
        hit=d.object(Hit, "deconfliction_hit"), verdict="no_action", reason="taken over", at=clock.now(), **_by(d)
    ),
    "nobody": lambda d: deconfliction.nobody_answered(hit=d.object(Hit, "deconfliction_hit"), at=clock.now(), **_by(d)),
    "withdraw": lambda d: deconfliction.take_back(decision=d.object(Decision, "deconfliction_decision"), at=clock.now(), **_by(d)),
    "assign": lambda d: ledger.assign(
        entry=d.object(Entry, "ledger_entry"), officer=None, team=d.object(Team, "agencies_team"), at=clock.now(), **_by(d)
    ),
    "step": _step,
    "close": _close,
    "reopen": _reopen,
    "mark read": lambda d: ledger.mark_read(alert_ids=[d.id("ledger_alert")], at=clock.now(), **_by(d)),
    "absent": lambda d: absences.go_absent(officer=d.object(Officer, "agencies_officer"), at=clock.now(), **_by(d)),
    "leave": lambda d: absences.leave(officer=d.object(Officer, "agencies_officer"), at=clock.now(), **_by(d)),
    "add officer": lambda d: agencies.add_officer(
        agency=d.world.agencies[d.other()], team=d.object(Team, "agencies_team"), login_name=f"{d.random.random()}@force.example", name="x",
        at=clock.now(), **_by(d),
    ),
    "end role": lambda d: absences.end_role(grant=d.object(RoleGrant, "agencies_rolegrant"), at=clock.now(), **_by(d)),
    "grant": lambda d: approvals.ask(
        kind="grant_role", subject_id=d.id("agencies_officer"), params={"role": "analyst"}, reason="taken over", at=clock.now(), **_by(d)
    ),
    "agree": lambda d: approvals.decide(
        approval=d.object(Approval, "approvals_approval"), agreed=True, answer="", at=clock.now(), **_by(d)
    ),
    "retire pattern": lambda d: identifier_actions.retire_pattern(
        pattern=d.object(AgencyPattern, "identifiers_agencypattern"), at=clock.now(), **_by(d)
    ),
    "contact": lambda d: agencies.set_contact(team=d.object(Team, "agencies_team"), phone="", email="", **_by(d)),
}  # fmt: skip


def _remark(draw: Draw) -> Remark:
    key = min(k for k, code in draw.all.of_table["reports_remark"] if code != draw.reader.code)
    row = Remark.objects.using("owner").get(pk=key)
    row._state.db = "default"
    return row


__all__ = ["READS", "SHOWN", "WRITES", "Alert", "Draw"]
