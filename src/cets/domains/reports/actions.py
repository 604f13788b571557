"""What people do with a report once it is in: grade it, set its sharing level, settle doubts, give it to a secondee."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting, require
from cets.audit.recording import record
from cets.domains.agencies.models import Officer
from cets.domains.reports import events, work
from cets.domains.reports.models import Remark, Report, Secondment
from cets.kernel.errors import CetsError, Meanwhile
from cets.kernel.ids import new_id
from cets.kernel.rows import insert_rows
from cets.kernel.shown import mark, require_as_shown

_REPORT = {
    "id": "uuid",
    "agency_id": "uuid",
    "team_id": "uuid",
    "reference": "text",
    "received_at": "timestamptz",
    "sharing": "smallint",
    "entry_id": "uuid",
    "contact_id": "uuid",
    "title": "text",
    "category": "text",
    "platform": "text",
    "reporting_body": "text",
    "external_body": "text",
    "external_number": "text",
    "incident_raw": "text",
    "urgent": "boolean",
    "summary": "text",
    "state": "text",
    "grading_source": "smallint",
    "grading_information": "text",
    "grading_handling": "text",
    "grading_conditions": "text",
}
_PART = {
    "id": "uuid",
    "report_id": "uuid",
    "agency_id": "uuid",
    "original_id": "uuid",
    "number": "int",
    "name": "text",
    "member": "boolean",
    "size": "bigint",
    "sha256": "text",
    "received_at": "timestamptz",
    "source": "text",
    "parser_version": "text",
    "state": "text",
    "error": "text",
    "sightings": "int",
    "identifiers": "int",
    "messages": "int",
    "seconds": "float8",
}


class WrongGrading(CetsError):
    """A grading is 3x5x2: source 1 to 3, information A to E, handling P or C; C needs conditions. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Grading:
    """3x5x2: source 1 reliable, 2 untested, 3 not reliable; information A to E; handling P, or C with conditions."""

    source: int
    information: str
    handling: str
    conditions: str = ""

    def __str__(self) -> str:
        return f"{self.source}-{self.information}-{self.handling}"


#: What every new report starts with: an untested source, information not known, lawful sharing permitted.
UNGRADED = Grading(2, "D", "P")


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report with its first part, as it is written when its original is sealed."""

    id: UUID
    part_id: UUID
    original_id: UUID
    entry_id: UUID
    reference: str
    name: str
    size: int
    sha256: str
    sharing: int


def write_received(
    reports: Sequence[NewReport], *, team_id: UUID, received_at: datetime, by: Viewer, contact_id: UUID | None
) -> None:
    """Write sealed, not yet read reports in the caller's transaction."""
    grading = (UNGRADED.source, UNGRADED.information, UNGRADED.handling, UNGRADED.conditions)
    insert_rows(
        "reports_report",
        _REPORT,
        (
            (r.id, by.agency_id, team_id, r.reference, received_at, r.sharing, r.entry_id, contact_id, "", "", "", "", "", "", "",
             False, "", "sealed", *grading)
            for r in reports
        ),
    )  # fmt: skip
    write_parts(
        (
            r.part_id,
            r.id,
            by.agency_id,
            r.original_id,
            1,
            r.name,
            False,
            r.size,
            r.sha256,
            received_at,
            "",
            "",
            "sealed",
            "",
            0,
            0,
            0,
            0.0,
        )
        for r in reports
    )


def write_parts(rows: object) -> None:
    """Write parts in the order of `_PART`."""
    insert_rows("reports_part", _PART, rows)  # type: ignore[arg-type]


def hold_levels(report_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return the sharing levels as they are now; until the caller's transaction ends nobody else changes them.

    Whoever writes a level down elsewhere, or changes it, asks here first: what was loaded before may be long out of date.
    """
    held = Report.objects.select_for_update(no_key=True).filter(id__in=set(report_ids)).order_by("id")
    return dict(held.values_list("id", "sharing"))


def grading_mark(report: Report) -> str:
    """Return the mark of a report's grading, for the form that shows it."""
    return mark(
        report.graded_by,
        report.grading_source,
        report.grading_information,
        report.grading_handling,
        report.grading_conditions,
    )


def grade(*, report: Report, grading: Grading, by: Viewer, at: datetime, shown: str | None = None) -> None:
    """Grade a report, and go on to the step after that. Raises WrongGrading, Meanwhile."""
    require(by, Permission.REPORT_GRADE)
    with acting(by):
        _grade(report, grading, by=by, at=at, shown=shown)


def _grade(report: Report, grading: Grading, *, by: Viewer, at: datetime, shown: str | None) -> None:
    require_as_shown(shown, grading_mark(Report.objects.select_for_update(no_key=True).get(id=report.id)))
    report.grading_source, report.grading_information = grading.source, grading.information
    report.grading_handling, report.grading_conditions = grading.handling, grading.conditions
    report.graded_by = by.actor_id
    try:
        report.save(
            update_fields=[
                "grading_source",
                "grading_information",
                "grading_handling",
                "grading_conditions",
                "graded_by",
            ]
        )
    except IntegrityError as error:
        raise WrongGrading(str(WrongGrading.__doc__)) from error
    record(events.GRADED, by=by, subject=("report", report.id), grading=str(grading))
    work.after_grading(report=report, by=by, at=at)


def settle(*, remark: Remark, choice: str, by: Viewer, at: datetime, reason: str = "") -> None:
    """Say which of a doubtful thing's meanings is right. The raw text stays; the choice and who made it stand beside it.

    Raises NotACandidate, SettledMeanwhile.
    """
    require(by, Permission.REPORT_GRADE)
    if choice not in remark.candidates:
        raise NotACandidate(str(NotACandidate.__doc__))
    with acting(by):
        if Remark.objects.select_for_update(no_key=True).get(pk=remark.pk).settled_at is not None:
            raise SettledMeanwhile(str(SettledMeanwhile.__doc__))
        remark.settled_as, remark.settled_by, remark.settled_at = choice, by.actor_id, at
        remark.save(update_fields=["settled_as", "settled_by", "settled_at"])
        record(
            events.REMARK_SETTLED,
            by=by,
            subject=("report", remark.report_id),
            remark=remark.pk,
            reason=reason,
        )
        work.after_settling(report=remark.report, by=by, at=at)


class SettledMeanwhile(Meanwhile):
    """A colleague settled this doubt meanwhile. Nothing was changed: what was settled stands beside what was written."""


class NotACandidate(CetsError):
    """This is none of the meanings the source allows. Nothing was changed."""


def give(*, report: Report, officer: Officer, by: Viewer, at: datetime) -> None:
    """Let a secondee read this one report."""
    require(by, Permission.WORK_ASSIGN)
    with acting(by):
        Secondment.objects.bulk_create(
            [
                Secondment(
                    id=new_id(),
                    report=report,
                    officer=officer,
                    agency_id=report.agency_id,
                    given_by=by.actor_id,
                    given_at=at,
                )
            ],
            ignore_conflicts=True,
        )
        record(events.GIVEN, by=by, subject=("report", report.id), officer=officer.id)


def take_back(*, report: Report, officer: Officer, by: Viewer) -> None:
    """End a secondee's sight of this report, at once. What was never given, or is taken back already, leaves no record."""
    require(by, Permission.WORK_ASSIGN)
    with acting(by):
        ended, _ = Secondment.objects.filter(report=report, officer=officer).delete()
        if ended:
            record(events.TAKEN_BACK, by=by, subject=("report", report.id), officer=officer.id)
