"""Have everything read again by the readers of today, in batches: after a new version came that reads more.

Nothing changes by itself: each file keeps what its last reading gave until the next has replaced it, and what came and what
went is told (`rereading_told`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting, require
from cets.audit.recording import Entry as AuditEntry
from cets.audit.recording import record_many
from cets.domains.intake import events, jobs
from cets.domains.intake.sources import all_sources
from cets.domains.reports.models import Part
from cets.domains.reports.queries import visible_to
from cets.kernel.errors import CetsError

#: So many files are one job of the queue, and one transaction.
BATCH = 64


class NoSuchSource(CetsError):
    """There is no source of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no source “{name}”. There are: {', '.join(sorted(all_sources()))}.")


def present_versions() -> dict[str, str]:
    """Return the version of the reader of each source."""
    return {name: source.version for name, source in all_sources().items()}


def to_read_again(
    viewer: Viewer, *, source: str | None, only_older: bool, versions: Mapping[str, str]
) -> list[UUID]:
    """Return the files of the agency that can be read again, those that came first before the others.

    `source`: only what it read, a file inside an archive counting for the archive. `only_older`: only what was read by an
    older version than that of now (`versions`); of a file that no source knew, nobody can say so. A file that waits to be
    read already is not among them. Raises NoSuchSource.
    """
    if source is not None and source not in versions:
        raise NoSuchSource(source)
    require(viewer, Permission.REPORT_ADD)
    with acting(viewer):
        reports = visible_to(viewer).filter(agency_id=viewer.own_agency)
        parts = Part.objects.filter(report__in=reports)
        if source is not None:
            parts = parts.filter(source=source)
        if only_older:
            parts = parts.filter(_older(parts, versions))
        files = Part.objects.filter(
            report__in=reports, member=False, original__in=parts.values("original_id")
        )
        ready = files.exclude(state="sealed").exclude(read_at=None)
        return list(ready.order_by("received_at", "id").values_list("id", flat=True))


def read_all_once_more(part_ids: Sequence[UUID], *, by: Viewer) -> Iterator[int]:
    """Queue the reading of these files, a batch at a time; yield after each how many were given up to then.

    A file that meanwhile waits to be read, or is being read, is passed over. Broken off, what was given by then is read.
    """
    require(by, Permission.REPORT_ADD)
    given = 0
    for start in range(0, len(part_ids), BATCH):
        given += _queue(part_ids[start : start + BATCH], by)
        yield given


def _older(parts: QuerySet[Part], versions: Mapping[str, str]) -> Q:
    found = parts.order_by().values_list("source", "parser_version").distinct()
    older = [pair for pair in found if pair[0] in versions and is_older(pair[1], versions[pair[0]])]
    wanted = Q(pk__in=[])
    for name, version in older:
        wanted |= Q(source=name, parser_version=version)
    return wanted


def is_older(version: str, present: str) -> bool:
    """Say whether a version comes before another; one that is no number comes before every one that is."""
    return _order(version) < _order(present)


def _order(version: str) -> tuple[int, ...]:
    numbers = version.split(".")
    return tuple(map(int, numbers)) if all(part.isascii() and part.isdigit() for part in numbers) else ()


def _queue(part_ids: Sequence[UUID], by: Viewer) -> int:
    with acting(by):
        waiting = (
            Part.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(id__in=part_ids, agency_id=by.own_agency, member=False)
            .exclude(state="sealed")
            .select_related("agency")
        )
        parts = {part.id: part for part in waiting}
        ids = [part_id for part_id in part_ids if part_id in parts]
        if ids:
            Part.objects.filter(id__in=ids).update(state="sealed")
            record_many(
                (
                    AuditEntry(
                        events.READING_ASKED, "report", str(parts[i].report_id), {"part": parts[i].number}
                    )
                    for i in ids
                ),
                by=by,
            )
            jobs.read_soon(agency_code=parts[ids[0]].agency.code, part_ids=ids, after=timedelta(0))
    return len(ids)
