"""Four agencies that hold each other's identifiers at every level, with a canary in every field that is not the others' to see."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections

import factories
from cets.access.viewer import Right, Viewer, acting, system
from cets.audit.heads import HeadFile
from cets.audit.sequencer import sequence
from cets.domains.agencies.models import Agency, Officer
from cets.domains.approvals import actions as approvals
from cets.domains.deconfliction import actions as deconfliction
from cets.domains.deconfliction.models import Hit
from cets.domains.identifiers import actions as patterns
from cets.domains.identifiers.items import of_sighting
from cets.domains.identifiers.models import Sighting
from cets.domains.identifiers.patterns import Draft
from cets.domains.intake.models import SavedColumnMap
from cets.domains.ledger import actions as ledger
from cets.domains.ledger.models import Entry
from cets.domains.reports import actions as reports
from cets.domains.reports.models import Report
from cets.domains.search import queries as search
from cets.domains.vault.keys import load_signing_key
from cets.kernel import clock
from cets.kernel.ids import new_id
from cets.sites.console import runtime
from cets.sites.console.founding import founder
from unit.domains.intake.sqlite_samples import CHROME, WEBKIT, database

CODES = ("ESX", "NMR", "KNT", "DVN")
LEVELS = ("silent", "contact", "open")
ROLES = (
    "analyst",
    "supervisor",
    "intake_officer",
    "investigator",
    "data_protection_officer",
    "administrator",
    "secondee",
    "deconfliction_officer",
)
CANARY = re.compile(r"cnry([a-z]{3})(silent|contact|open|any)([a-z]+)", re.IGNORECASE)
CENTRE = "CENTRE"


@dataclass
class World:
    """What was made: agencies, who acts in them, and which reports stand at which level."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    officers: dict[tuple[str, str], Officer] = field(default_factory=dict)
    reports: dict[tuple[str, str], list[UUID]] = field(default_factory=dict)
    given: dict[str, UUID] = field(default_factory=dict)  # to the agency's secondee

    def viewer(self, code: str, role: str) -> Viewer:
        """Return an officer's viewer, or with `service` the command line's of an agency."""
        return (
            factories.service(code)[1] if role == "service" else factories.viewer(self.officers[code, role])
        )

    def viewers(self) -> Iterator[tuple[str, str, Viewer]]:
        """Yield everybody who can act: (agency, role, viewer)."""
        for code, role in self.officers:
            yield code, role, self.viewer(code, role)
        for code in self.agencies:
            yield code, "service", self.viewer(code, "service")


def canary(code: str, level: str, what: str) -> str:
    """Return a word that stands in one field class of one agency's records of one level, and nowhere else."""
    return f"cnry{code.lower()}{level}{what}"


def cell(first: tuple[str, str], second: tuple[str, str]) -> str:
    """Return the address that exactly these two (agency, level) hold."""
    (a, b) = sorted((first, second))
    return f"cell.{a[0]}.{a[1]}.{b[0]}.{b[1]}@mail.example".lower()


def build(as_process: Any) -> World:
    """Make the world in the database at hand."""
    world = World()
    with acting(founder()):
        centre = Agency.objects.get(is_centre=True)
    world.agencies[CENTRE] = centre
    for index, code in enumerate(CODES):
        world.agencies[code] = factories.agency(code, phone=f"+44 7700 9001{index:02}")
        for role in ROLES:
            _officer(world, code, role)
    for role in ("deconfliction_officer", "data_protection_officer"):
        _officer(world, CENTRE, role)
    with as_process("worker"), factories.intake() as intake:
        for code, level in product(CODES, LEVELS):
            received = intake.take(
                code, lines(code, level), sharing=level, name=canary(code, level, "filename") + ".csv"
            )
            received += intake.take(
                code, chat(code, level), sharing=level, name=canary(code, level, "chatname") + ".txt"
            )
            received += intake.take(
                code, history(code, level), sharing=level, name=canary(code, level, "historyname")
            )
            world.reports[code, level] = [one.report_id for one in received]
    for code in CODES:
        _work(world, code)
    with as_process("worker"):
        _chain()
    with connections["owner"].cursor() as cursor:
        # A hub needs more records than this world has; the matcher alone may know of one.
        cursor.execute("insert into deconfliction_hub (key, found_at) values (%s, now())", [new_id()])
    return world


def _chain() -> None:
    """Chain what was recorded, with a second place of this world's own: other tests have other chains."""
    keys = runtime.Keys(settings.CETS.keys_dir)
    sequence(
        within=partial(acting, system("sequencer", Right.SEQUENCER)), signer=load_signing_key(keys.signing),
        heads=HeadFile(settings.CETS.home / f"heads-{new_id()}.jsonl"), at=clock.now(),
    )  # fmt: skip


def _officer(world: World, code: str, role: str) -> None:
    login = canary(code[:3], "any", "login") + f".{role}@force.example"
    made = factories.officer(world.agencies[code], login, role)
    with acting(founder()):
        made.name = f"{canary(code[:3], 'any', 'officername')} {role}"
        made.phone, made.email = "+44 7700 900999", canary(code[:3], "any", "officermail") + "@force.example"
        made.save(update_fields=["name", "phone", "email"])
    world.officers[code, role] = made


def lines(code: str, level: str) -> str:
    """Return a table: an address for each cell with every other agency, a victim's, a suspect's of one's own, notes."""
    word = lambda what: canary(code, level, what)  # noqa: E731 - short for this table
    rows = ["No,Suspect name,Suspect email,Victim email,Seen,Notes"]
    shared = [cell((code, level), (other, theirs)) for other in CODES if other != code for theirs in LEVELS]
    for number, address in enumerate(shared, 1):
        rows.append(f"{number},{word('person')} Placeholder,{address},,,{word('note')} line {number}")
    rows.append(
        f"90,{word('person')} Alone,{word('suspect')}@mail.example,{word('victim')}@mail.example,03/04/2026 10:00,{word('note')} alone"
    )
    return "\n".join(rows) + "\n"


def chat(code: str, level: str) -> str:
    """Return a chat export with the agency's own words."""
    word = lambda what: canary(code, level, what)  # noqa: E731 - short for this chat
    return "".join(
        f"13/03/2026, 14:0{minute} - {word('sender')}: {word('message')} {minute} see {word('chatmail')}@mail.example\n"
        for minute in range(4)
    )


def history(code: str, level: str) -> bytes:
    """Return a browser's history with the agency's own words."""
    word = lambda what: canary(code, level, what)  # noqa: E731 - short for this history
    rows: list[tuple[str, tuple[object, ...]]] = [
        (
            "urls",
            (
                1,
                f"https://{word('host')}.example/a",
                f"{word('visited')} seen by {word('titlemail')}@mail.example",
                1,
                0,
                WEBKIT,
                0,
            ),
        ),
        ("visits", (1, 1, WEBKIT, 0, "", 0, 0, 0)),
    ]
    return database(CHROME, rows)


def _work(world: World, code: str) -> None:
    """Let the agency's people do what leaves rows: grade, decide, search, give, ask, be told."""
    analyst, supervisor = world.viewer(code, "analyst"), world.viewer(code, "supervisor")
    agency, at = world.agencies[code], clock.now()
    for level in LEVELS:
        report_id = world.reports[code, level][0]
        with acting(analyst):
            report = Report.objects.get(id=report_id)
        grading = reports.Grading(2, "B", "C", canary(code, level, "conditions"))
        reports.grade(report=report, grading=grading, by=analyst, at=clock.now())
        with acting(analyst):
            seen = Sighting.objects.filter(report=report).select_related("holding").order_by("id").first()
        assert seen is not None
        grading = reports.Grading(3, "D", "C", canary(code, level, "itemconditions"))
        reports.grade_item(report=report, item=of_sighting(seen), grading=grading, by=analyst, at=clock.now())
    given = world.reports[code, "silent"][1]
    world.given[code] = given
    with acting(supervisor):
        report = Report.objects.get(id=given)
        entry = Entry.objects.get(subject_id=given, closed_at=None)
        hits = list(Hit.objects.filter(agency_id=agency.id).select_related("entry").order_by("reference")[:3])
    reports.give(report=report, officer=world.officers[code, "secondee"], by=supervisor, at=at)
    ledger.assign(entry=entry, officer=world.officers[code, "analyst"], team=None, by=supervisor, at=at)
    deconfliction.decide(
        hit=hits[0], verdict="not_the_same", by=analyst, at=at, reason=canary(code, "any", "reason"), spoke_to=canary(code, "any", "spoke")
    )  # fmt: skip
    deconfliction.nobody_answered(hit=hits[1], by=analyst, at=at + timedelta(minutes=1))
    search.remember(analyst, canary(code, "any", "query"), at=at)
    with acting(analyst):
        SavedColumnMap.objects.create(
            id=new_id(), agency_id=agency.id, name=canary(code, "any", "mapname"), headings=canary(code, "any", "headings"),
            column_map={"columns": []}, saved_by=analyst.actor_id, saved_at=at,
        )  # fmt: skip
    patterns.add_pattern(
        draft=Draft(
            name=canary(code, "any", "patternname"), pattern=rf"customer (?P<value>{code}[0-9]{{6}})", kind="handle", platform="",
            matching=((f"customer {code}000001 called", f"{code.lower()}000001"),), not_matching=(canary(code, "any", "example"),),
        ),
        by=world.viewer(code, "administrator"), at=at, country="GB",
    )  # fmt: skip
    approvals.ask(
        kind="grant_role", subject_id=world.officers[code, "analyst"].id, params={"role": "supervisor"},
        reason=canary(code, "any", "approval"), by=world.viewer(code, "administrator"), at=at,
    )  # fmt: skip
