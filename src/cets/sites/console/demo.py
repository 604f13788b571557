"""The demo nation: six invented agencies with their officers and post, taken in through the same doors as real ones."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cets.access.viewer import Viewer, acting
from cets.domains.agencies import actions, queries
from cets.domains.agencies.models import Agency, Officer, Team
from cets.domains.deconfliction import actions as hits
from cets.domains.deconfliction import matching
from cets.domains.deconfliction.models import Hit
from cets.domains.identifiers.models import Holding
from cets.domains.intake.actions import Incoming, receive
from cets.domains.intake.reader import Reading, read_parts
from cets.domains.ledger import actions as ledger
from cets.domains.ledger.models import Entry
from cets.domains.reports.models import Report
from cets.domains.sharing.levels import Level
from cets.sites.console.founding import founder

#: Older reports are filed, so that the lists show a day's work and not a year's.
FILED_AFTER = timedelta(days=3)
FILED_AS = "Read and filed; nothing to act on"
#: What an officer finds on the first morning: one hit is late, the rest comes due one after another.
HITS_EACH, REPORTS_EACH = 3, 4
FIRST_DUE, NEXT_DUE = timedelta(hours=-2, minutes=-5), timedelta(hours=3)


def add_people(nation: dict[str, Any], *, at: datetime) -> None:
    """Make agencies, teams and officers with their roles. In the demo only, roles come without a second person."""
    by = founder()
    agencies = {described["code"]: _agency(described, by=by, at=at) for described in nation["agencies"]}
    for described in nation["agencies"]:
        for one in described["officers"]:
            works_in = agencies[one["seconded_to"] or described["code"]]
            _add_officer(one, agencies[described["code"]], works_in, nation["password"], by=by, at=at)


def centre(nation: dict[str, Any]) -> dict[str, str]:
    """Return what `founding.found` needs of the national centre."""
    described = next(
        a for a in nation["agencies"] if any("deconfliction_officer" in o["roles"] for o in a["officers"])
    )
    duty = _duty(described)
    return {
        "code": described["code"], "centre": described["name"], "country": described["country"], "phone": duty["phone"], "email": duty["mail"],
    }  # fmt: skip


def _duty(described: dict[str, Any]) -> dict[str, str]:
    return next(t for t in described["teams"] if t["duty"])


def _agency(described: dict[str, Any], *, by: Viewer, at: datetime) -> Agency:
    with acting(by):
        there = Agency.objects.filter(code=described["code"]).first()
    duty = _duty(described)
    return there or actions.add_agency(
        code=described["code"],
        name=described["name"],
        country=described["country"],
        phone=duty["phone"],
        email=duty["mail"],
        by=by,
        at=at,
    )


def _add_officer(
    one: dict[str, Any], home: Agency, works_in: Agency, password: str, *, by: Viewer, at: datetime
) -> None:
    with acting(by):
        team = Team.objects.get(agency=works_in, is_duty=True)
    officer = actions.add_officer(
        agency=works_in, team=team, login_name=one["login"], name=one["name"], password=password, by=by, at=at,
        home_agency=home if works_in != home else None,
    )  # fmt: skip
    with acting(by):
        for role in one["roles"]:
            actions.grant_role(officer=officer, role=role, approval_id=None, by=by, at=at)


def deliver(
    nation: dict[str, Any], folder: Path, reading: Reading, *, now: datetime, told: Callable[[int, int], None]
) -> None:
    """Take the nation's post in, in the order in which it came."""
    deliveries = nation["deliveries"]
    done = 0
    for _, group in groupby(
        deliveries, key=lambda d: (d["agency"], d["officer"], d["sharing"], d["received"])
    ):
        batch = list(group)
        _deliver(batch, folder, reading, now=now)
        done += len(batch)
        told(done, len(deliveries))


def _deliver(batch: list[dict[str, Any]], folder: Path, reading: Reading, *, now: datetime) -> None:
    first = batch[0]
    agency, viewer = (
        queries.officer_by_login(first["officer"])
        if first["officer"]
        else queries.service_account(first["agency"])
    )
    at = datetime.fromisoformat(first["received"])
    with ExitStack() as stack:
        files = [_open(folder / one["file"], stack) for one in batch]
        received = receive(
            files,
            vault=reading.vault,
            agency=agency,
            sharing=Level.of(first["sharing"]),
            by=viewer,
            at=at,
            read_after=timedelta(days=1),
        )
    new: list[UUID] = [r.part_id for r in received if not r.duplicate_of]
    reports = read_parts(new, reading=reading, country=agency.country, by=viewer, at=at)
    if reports:
        matching.match(reports, at=at)
    if at < now - FILED_AFTER:
        _file(reports, viewer, at=at)


def _open(path: Path, stack: ExitStack) -> Incoming:
    return Incoming(path.name, stack.enter_context(path.open("rb")), path.stat().st_size)


def _file(report_ids: list[UUID], viewer: Viewer, *, at: datetime) -> None:
    """Close what was done with long ago: the reports, and every agency's hits on them."""
    with acting(viewer):
        for entry in Entry.objects.filter(subject_id__in=report_ids, closed_at=None):
            ledger.close(entry=entry, outcome=FILED_AS, by=viewer, at=at)


def settle_old_hits(nation: dict[str, Any], *, now: datetime) -> None:
    """Settle, as each agency, the hits that were found long ago, as if somebody had called at the time."""
    for described in nation["agencies"]:
        _, viewer = queries.service_account(described["code"])
        with acting(viewer):
            found = Hit.objects.filter(state="open", found_at__lt=now - FILED_AFTER)
            old = list(found.exclude(key__in=_still_told(nation)).select_related("entry"))
        for hit in old:
            called = hit.found_at + timedelta(hours=2)
            hits.decide(
                hit=hit,
                verdict="work_together",
                spoke_to="Duty officer",
                spoke_at=called,
                by=viewer,
                at=called,
            )


def _still_told(nation: dict[str, Any]) -> "QuerySet[Holding, UUID]":
    """Return what the README searches for: who holds it silently finds there whom to call."""
    cells = [cell for cell in nation["cells"] if (cell["mine"], cell["theirs"]) == ("contact", "silent")]
    told = [cell["identifier"]["value"] for cell in cells]
    return Holding.objects.filter(value__in=told).values_list("key", flat=True)


def hand_out(nation: dict[str, Any], *, now: datetime) -> None:
    """Give each agency's first officer some of what is open, so that the home page shows a day's work."""
    for described in nation["agencies"]:
        login = next((o["login"] for o in described["officers"] if "intake_officer" in o["roles"]), None)
        if login is None:
            continue
        _, viewer = queries.officer_by_login(login)
        with acting(viewer):
            officer = Officer.objects.get(id=viewer.actor_id)
            strongest = (
                Hit.objects.filter(state="open")
                .order_by("-bits", "reference")
                .values_list("entry_id", flat=True)[:HITS_EACH]
            )
            newest = (
                Report.objects.filter(entry__closed_at=None)
                .order_by("-received_at")
                .values_list("entry_id", flat=True)[:REPORTS_EACH]
            )
            entries = list(Entry.objects.filter(id__in=[*strongest, *newest]).order_by("due_at"))
        for number, entry in enumerate(entries):
            with acting(viewer):
                due = now + FIRST_DUE + number * NEXT_DUE
                ledger.set_step(entry=entry, next_step=entry.next_step, due_at=due, why=entry.why, by=viewer)
            ledger.assign(entry=entry, officer=officer, team=None, by=viewer, at=now)
