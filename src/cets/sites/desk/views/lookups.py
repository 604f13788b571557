"""Reads for screens that put several domains on one page: always for a bounded number of rows, never one by one."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from cets.access.purposes import words_of
from cets.access.viewer import Viewer
from cets.audit.models import Event as AuditEvent
from cets.audit.models import Payload
from cets.audit.recording import BY_AGENCY
from cets.domains.agencies.models import Agency, Officer, Team
from cets.domains.deconfliction import queries as hits
from cets.domains.deconfliction.events import WITHDRAWN
from cets.domains.deconfliction.models import SETTLED_AS, Decision, Hit
from cets.domains.identifiers.models import Holding
from cets.domains.ledger.models import Entry
from cets.domains.reports.models import Part, Report
from cets.domains.reports.queries import visible_to as visible_reports
from cets.domains.vault.models import CustodyEvent
from cets.sites.desk import pages, wording
from cets.sites.desk.views.telling import Details, Teller

#: Events that say only that somebody looked.
LOOKS = (
    "reports:report:opened",
    "reports:report:listed",
    "identifiers:identifier:opened",
    "deconfliction:hit:listed",
    "deconfliction:hit:opened",
)
#: Another agency's doing of which its level tells nothing: officers learn the day, the audit alone keeps the second.
_BY_DAY = frozenset({WITHDRAWN})


def hits_of_reports(viewer: Viewer, report_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return for each report how many open hits stand on its identifiers."""
    of_holding = hits.visible_to(viewer).filter(key=OuterRef("key"), state="open", common="")
    rows = (
        Holding.objects.filter(Exists(of_holding), report__in=list(report_ids))
        .values("report_id")
        .annotate(n=Count("id"))
    )
    return {row["report_id"]: row["n"] for row in rows.order_by()}


def with_hits(viewer: Viewer) -> Exists:
    """Return the condition that a report has an open hit."""
    of_holding = hits.visible_to(viewer).filter(key=OuterRef("key"), state="open", common="")
    return Exists(Holding.objects.filter(Exists(of_holding), report_id=OuterRef("id")))


def hits_of_report(viewer: Viewer, report: Report) -> QuerySet[Hit]:
    """Return the hits on a report's identifiers, common ones too, the strongest first."""
    keys = Holding.objects.filter(report=report).values("key")
    return hits.listed(viewer, with_common=True).filter(key__in=keys).order_by("-bits", "reference")


def standing_decision(hit: Hit) -> Decision | None:
    """Return the decision that settled a hit and was not taken back."""
    decisions = hits.decisions_of(hit).filter(withdrawn_at=None)
    found: Decision | None = decisions.exclude(verdict="nobody_answered").last()
    return found


def decision_words(decision: Decision) -> str:
    """Say what was decided on a hit: the verdict, with whom it was spoken, the reason, who recorded it and when."""
    who = names([decision.by]).get(decision.by, "")
    parts = [_("%(verdict)s.") % {"verdict": SETTLED_AS[decision.verdict]}]
    if decision.spoke_to:
        at = wording.moment(decision.spoke_at) if decision.spoke_at else ""
        parts.append(_("Spoken to %(name)s, %(at)s.") % {"name": decision.spoke_to, "at": at})
    if decision.reason:
        parts.append(decision.reason if decision.reason.endswith(".") else f"{decision.reason}.")
    parts.append(_("Recorded by %(who)s, %(at)s.") % {"who": who, "at": wording.moment(decision.at)})
    return " ".join(parts)


def names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of officers whom the viewer may know."""
    wanted = set(ids)
    return dict(Officer.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def handed_in_by(files: Iterable[Part]) -> dict[UUID, str]:
    """Return by original who handed it in, and of which team, as far as the viewer may know: one statement."""
    officer = Officer.objects.filter(id=OuterRef("by"))
    received = CustodyEvent.objects.filter(original__in={f.original_id for f in files}, what="received")
    rows = received.values_list(
        "original_id", Subquery(officer.values("name")), Subquery(officer.values("team__name"))
    )
    return {original: ", ".join(filter(None, (name, team))) for original, name, team in rows}


class Actors:
    """Words who did what was recorded, with two statements at most for any number of events.

    The database hides the people of another agency: what one of them did is never told as the system's own doing.
    """

    def __init__(self, events: Iterable[AuditEvent], said: Mapping[UUID, Details]) -> None:
        rows = list(events)
        self._names = names(e.actor_id for e in rows)
        self._agencies = {
            e.id: UUID(str(agency))
            for e in rows
            if e.actor_id not in self._names and (agency := (said.get(e.id) or {}).get(BY_AGENCY))
        }
        told = set(self._agencies.values())
        self._agency_names: dict[UUID | None, str] = (
            dict(Agency.objects.filter(id__in=told).values_list("id", "name")) if told else {}
        )

    def __call__(self, event: AuditEvent) -> str:
        name = self._names.get(event.actor_id, "")
        return actor_word(event.actor_kind, name, self._agency_names.get(self._agencies.get(event.id)))


def actor_word(kind: str, name: str, agency: str | None = None) -> str:
    """Say who acted: the system, a person by name, or, where the name may not be read, of which agency."""
    if kind == "system":
        return _("CETS")
    if name:
        return name
    of = agency or _("another agency")
    if kind == "service":
        return _("A service account of %(agency)s") % {"agency": of}
    return _("An officer of %(agency)s") % {"agency": of}


def owner_word(viewer: Viewer, entry: Entry) -> str:
    """Say whose an entry is: "You", or the person or team."""
    if entry.owner_officer_id == viewer.actor_id:
        return _("You")
    return str(entry.owner_officer or entry.owner_team)


def owners(viewer: Viewer) -> tuple[list[Team], list[Officer]]:
    """Return the teams and present people of the viewer's agency; to a secondee only who owns what was given to him."""
    teams = Team.objects.filter(agency_id=viewer.own_agency)
    people = Officer.objects.filter(
        agency_id=viewer.own_agency, left_at=None, absent_at=None, is_service=False
    )
    if viewer.narrow:
        given = visible_reports(viewer).exclude(entry=None)
        teams = teams.filter(id__in=given.values("entry__owner_team"))
        people = people.filter(id__in=given.values("entry__owner_officer"))
    return list(teams.order_by("-is_duty", "name")[:200]), list(people.order_by("name")[:1000])


def events_of(subject_ids: Iterable[object], *, looks: bool = True) -> QuerySet[AuditEvent]:
    """Return the recorded events of records, the newest first, as far as the viewer may read them."""
    events = AuditEvent.objects.filter(subject_id__in=[str(i) for i in subject_ids])
    return (events if looks else events.exclude(type__in=LOOKS)).order_by("-number")


def history(events: Iterable[AuditEvent]) -> tuple[pages.Event, ...]:
    """Word recorded events: six statements at most for any number of them."""
    rows = list(events)
    bodies = dict(Payload.objects.filter(event_id__in=[e.id for e in rows]).values_list("event_id", "body"))
    said = {e.id: _details(bodies.get(e.id)) for e in rows}
    tell, who = Teller(said.values()), Actors(rows, said)
    return tuple(_event(e, tell(e.type, said[e.id]), who(e)) for e in rows)


def _details(body: str | None) -> dict[str, Any] | None:
    return dict(json.loads(body)) if body is not None else None


def _event(event: AuditEvent, what: str, by: str) -> pages.Event:
    why = " ".join(
        part for part in (words_of(event.purpose) if event.purpose else "", event.purpose_reference) if part
    )
    return pages.Event(event.at, what, f"“{why}”" if why else "", by, is_day=event.type in _BY_DAY)
