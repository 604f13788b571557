"""Reports as their viewer may see them. Every read goes through `visible_to`; a foreign report and none are one answer."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Q, QuerySet

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.audit.recording import record
from cets.domains.reports import events
from cets.domains.reports.models import Message, Part, Passage, Person, Remark, Report, Trace
from cets.kernel.errors import CetsError

#: How an officer's note says what it is once it is read: as whose source, and of which passages it consists.
NOTE = "note"


class NotFound(CetsError):
    """There is no such record, or it is not yours to see."""


def visible_to(viewer: Viewer) -> QuerySet[Report]:
    """Return the reports this viewer may see: those of the agency, or for a narrow role those given by name.

    The same predicate stands in the database (`kernel.rls.of_the_agency`): either alone holds.
    """
    reports = Report.objects.filter(agency_id=viewer.own_agency)
    if not viewer.may(Permission.REPORT_VIEW):
        return reports.none()
    return reports.filter(secondment__officer_id=viewer.actor_id) if viewer.narrow else reports


def listed(viewer: Viewer) -> QuerySet[Report]:
    """Return the reports of a list, the newest first; supplements stand with the report they joined."""
    return (
        visible_to(viewer)
        .exclude(state="joined")
        .select_related("entry", "entry__owner_officer", "entry__owner_team")
        .order_by("-received_at", "-reference")
    )


def get(viewer: Viewer, report_id: UUID) -> Report:
    """Return one report and record that it was opened. Raises NotFound."""
    return _opened(viewer, visible_to(viewer).filter(id=report_id))


def get_by_reference(viewer: Viewer, reference: str) -> Report:
    """Return the report of a reference, following a supplement to the report it joined. Raises NotFound."""
    return _opened(viewer, visible_to(viewer).filter(reference=reference.strip().upper()))


def _opened(viewer: Viewer, reports: QuerySet[Report]) -> Report:
    report = reports.select_related("entry", "team", "agency", "joined_to").first()
    if report is None:
        raise NotFound(str(NotFound.__doc__))
    if report.joined_to_id is not None:
        return _opened(viewer, visible_to(viewer).filter(id=report.joined_to_id))
    record(events.OPENED, by=viewer, subject=("report", report.id))
    return report


def record_printed(viewer: Viewer, report: Report, what: str) -> None:
    """Record that a page for paper was made of a report; `what` names a part of it, never a value."""
    record(events.PRINTED, by=viewer, subject=("report", report.id), what=what)


def needs_purpose(viewer: Viewer, report: Report) -> bool:
    """Return whether opening this report asks why: it is another team's and no purpose is set."""
    return report.team_id not in viewer.teams and viewer.purpose is None


def parts_of(report: Report) -> QuerySet[Part]:
    return Part.objects.filter(report=report).order_by("number")


def notes_among(parts: Iterable[Part]) -> list[Part]:
    """Return what of a report's files an officer wrote, the newest first, read or not."""
    notes = [p for p in parts if not p.member and p.source == NOTE]
    return sorted(notes, key=lambda note: -note.number)


def paragraphs_of(report: Report, notes: Iterable[Part]) -> QuerySet[Passage]:
    """Return what notes on a report say, the newest note first, each from its beginning; without their heads."""
    found = Passage.objects.filter(report=report, part__in=[note.id for note in notes], label=NOTE)
    return found.order_by("-part__number", "number")


def is_name_hidden(part: Part) -> bool:
    """Say whether a file's name is not to be shown yet: before it is read nobody knows whether a victim's stands in it.

    Who handed it in knows it, and sees it in the list of his own files.
    """
    return part.read_at is None and not part.member


def persons_of(report: Report) -> QuerySet[Person]:
    return Person.objects.filter(report=report).order_by("id")


def messages_of(report: Report) -> QuerySet[Message]:
    return Message.objects.filter(report=report).order_by("part__number", "number")


def traces_of(report: Report) -> QuerySet[Trace]:
    """Return what was recorded, the oldest first; what has no certain time stands at the end, as the sources order it."""
    return Trace.objects.filter(report=report).order_by(F("at").asc(nulls_last=True), "id")


def passages_of(report: Report) -> QuerySet[Passage]:
    return Passage.objects.filter(report=report).order_by("part__number", "number")


def remarks_of(report: Report, kind: str | None = None) -> QuerySet[Remark]:
    chosen = Q(kind=kind) if kind else Q()
    return Remark.objects.filter(chosen, report=report).order_by("id")
