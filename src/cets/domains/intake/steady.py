"""Reading that no single file can stop: what cannot be read with the others is read alone, and alone it can only fail itself."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.db import Error, InterfaceError, OperationalError

from cets.access.viewer import Viewer, acting
from cets.audit.recording import record
from cets.domains.intake.queries import members_of
from cets.domains.intake.reader import Reading
from cets.domains.intake.rereading import read_again
from cets.domains.ledger import actions as ledger
from cets.domains.reports import events
from cets.domains.reports.models import Part, Report
from cets.domains.vault.actions import note_custody
from cets.kernel.errors import CetsError

log = structlog.get_logger()

NEXT_STEP = "Read the original: the reader stopped with a fault"


def read_each(
    part_ids: Sequence[UUID], *, reading: Reading, country: str, by: Viewer, at: datetime
) -> list[UUID]:
    """Read sealed parts, all together or, should that fail, one by one; return the reports that hold something new.

    A part that fails on its own is recorded as failed, with its original sealed and a next step for its owner. A
    database or store that does not answer is no file's fault and is raised.
    """
    try:
        return read_again(part_ids, reading=reading, country=country, by=by, at=at)
    except (OperationalError, InterfaceError, CetsError):
        raise
    except Exception as error:  # noqa: BLE001 - all files of the job would wait for one for ever
        if len(part_ids) == 1:
            _give_up(part_ids[0], error, by=by, at=at)
            return list(_report_of(part_ids[0], by))
    reports: set[UUID] = set()
    for part_id in part_ids:
        reports.update(read_each([part_id], reading=reading, country=country, by=by, at=at))
    return sorted(reports)


def _give_up(part_id: UUID, error: Exception, *, by: Viewer, at: datetime) -> None:
    """Record that a part could not be read. The kind of fault is told, never its text, which may hold content."""
    kind = type(error.__cause__ if isinstance(error, Error) and error.__cause__ else error).__name__
    log.warning("part not read", part=str(part_id), fault=kind)
    with acting(by):
        part = Part.objects.select_for_update(of=("self",)).filter(id=part_id, state="sealed").first()
        if part is None:
            return
        part.state, part.read_at = "failed", at
        part.error = f"What was read could not be kept ({kind}). The original is sealed."
        part.save(update_fields=["state", "read_at", "error"])
        members_of(part).filter(state="sealed").update(state="failed", error=part.error)
        Report.objects.filter(id=part.report_id, state="sealed").update(state="not_understood")
        entry = Report.objects.select_related("entry").get(id=part.report_id).entry
        if entry.closed_at is None:
            ledger.set_step(entry=entry, next_step=NEXT_STEP, due_at=entry.due_at, by=by)
        note_custody([part.original_id], "read", at=at, by=by, note=part.error)
        record(
            events.READ,
            by=by,
            subject=("report", part.report_id),
            part=part.number,
            source="",
            version="",
            sightings=0,
            identifiers=0,
        )


def _report_of(part_id: UUID, by: Viewer) -> Sequence[UUID]:
    with acting(by):
        return list(Part.objects.filter(id=part_id).values_list("report_id", flat=True))
