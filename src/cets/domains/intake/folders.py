"""Files that were handed in together become the parts of one report: a folder, or what an officer ticked as one."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Max, QuerySet

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting, require
from cets.audit.recording import record
from cets.domains.agencies.models import Agency
from cets.domains.intake import events, jobs
from cets.domains.intake.actions import Incoming, Received, held_files, label_of, open_reports
from cets.domains.reports.actions import write_parts
from cets.domains.reports.models import Part, Remark, Report
from cets.domains.reports.queries import NotFound, visible_to
from cets.domains.sharing.levels import Level
from cets.domains.vault.actions import SealedFile, Vault, forget_sealed, record_sealed, seal_files
from cets.kernel.ids import new_id

#: Of the reading that is queued as a safety net: so many files a job.
_A_JOB = 64
_A_QUERY = 5_000


@dataclass(frozen=True)
class Together:
    """What became of files that were handed in together. `report_id` is None when every one was held already."""

    report_id: UUID | None
    files: list[Received]


def receive_folder(
    files: Sequence[Incoming], *, report_id: UUID | None, vault: Vault, agency: Agency, sharing: Level, by: Viewer, at: datetime,
    read_after: timedelta = timedelta(0),
) -> Together:  # fmt: skip
    """Seal files and make each a part of one report: of a new one, or of `report_id`, to which these belong.

    A part is called as its file is: with the path inside the folder, the folder's name first. A file that the agency
    holds already, in this report or another, makes no further part. Otherwise as `actions.receive`: when this returns,
    what was taken survives anything, and its reading is queued. Raises StorageFailed.
    """
    require(by, Permission.REPORT_ADD)
    sealed = seal_files(vault, agency.id, [(f.file, f.size) for f in files])
    try:
        return _record(
            files, sealed, report_id=report_id, vault=vault, agency=agency, sharing=sharing, by=by, at=at, read_after=read_after,
        )  # fmt: skip
    except IntegrityError:
        # The same file came in through another door at this moment: the second look finds it.
        return _record(
            files, sealed, report_id=report_id, vault=vault, agency=agency, sharing=sharing, by=by, at=at, read_after=read_after,
        )  # fmt: skip


def _record(
    files: Sequence[Incoming], sealed: Sequence[SealedFile], *, report_id: UUID | None, vault: Vault, agency: Agency, sharing: Level,
    by: Viewer, at: datetime, read_after: timedelta,
) -> Together:  # fmt: skip
    with acting(by):
        report = _locked(report_id) if report_id else None
        held = held_files({s.sha256 for s in sealed})
        first: dict[str, int] = {}
        for index, one in enumerate(sealed):
            if one.sha256 not in held:
                first.setdefault(one.sha256, index)
        fresh = [(files[i], sealed[i]) for i in sorted(first.values())]
        made: list[UUID] = []
        if fresh and report is None:
            (new,) = open_reports(fresh[:1], agency=agency, sharing=sharing, by=by, at=at)
            report, made = _locked(new.id), [new.part_id]
        if report is not None and len(fresh) > len(made):
            made += _add_parts(report, fresh[len(made) :], by=by, at=at)
        for start in range(0, len(made), _A_JOB):
            jobs.read_soon(agency_code=agency.code, part_ids=made[start : start + _A_JOB], after=read_after)
        now = held_files({s.sha256 for s in sealed})
    kept = {s.id for _, s in fresh}
    with suppress(Exception):  # what no row names is swept later
        forget_sealed(vault, [s for s in sealed if s.id not in kept])
    told = [
        Received(f.name, *now[s.sha256], duplicate_of=None if s.id in kept else now[s.sha256][2])
        for f, s in zip(files, sealed, strict=True)
    ]
    return Together(report.id if report else None, told)


def _locked(report_id: UUID) -> Report:
    return Report.objects.select_for_update(of=("self",), no_key=True).get(id=report_id)


def _add_parts(
    report: Report, files: Sequence[tuple[Incoming, SealedFile]], *, by: Viewer, at: datetime
) -> list[UUID]:
    record_sealed([s for _, s in files], received_at=at, at=at, by=by)
    last = Part.objects.filter(report=report).aggregate(last=Max("number"))["last"] or 0
    ids = [new_id() for _ in files]
    write_parts(
        (i, report.id, report.agency_id, s.id, number, label_of(f.name), False, s.sealed.size, s.sha256, at, "", "", "sealed", "",
         0, 0, 0, 0, 0.0)
        for number, (i, (f, s)) in enumerate(zip(ids, files, strict=True), start=last + 1)
    )  # fmt: skip
    record(events.FILES_ADDED, by=by, subject=("report", report.id), files=len(files), first=last + 1)
    return ids


def say_left_out(*, report_id: UUID, reasons: Mapping[str, int], by: Viewer) -> None:
    """Say on the receipt of a report how many files of its folder were not taken in, and why; once for each reason.

    No names: they stand in the answer to whoever handed the folder in.
    """
    require(by, Permission.REPORT_ADD)
    with acting(by):
        part = (
            Part.objects.select_related("report").filter(report_id=report_id, member=False).earliest("number")
        )
        said = set(Remark.objects.filter(part=part, kind="note").values_list("text", flat=True))
        texts = [
            f"Not taken in with this folder: {n} ({reason.rstrip('.')})." for reason, n in reasons.items()
        ]
        for text in texts:
            if text not in said:
                Remark.objects.create(
                    report_id=part.report_id,
                    agency_id=part.agency_id,
                    part=part,
                    kind="note",
                    text=text,
                    candidates=[],
                )


def begun_report(viewer: Viewer, files: Mapping[str, str]) -> UUID | None:
    """Return the report that an earlier run began for a folder, or None. `files`: the SHA-256 of each by its name.

    It is the one of which every file of that folder is still in it, under the same name and with the same content. Where
    that is not so, two folders may only be called the same.
    """
    named = {(label_of(name), digest) for name, digest in files.items() if "/" in name}
    folders = {name.split("/", 1)[0] + "/" for name, _ in named}
    with acting(viewer):
        found: dict[UUID, int] = {}
        digests = sorted({digest for _, digest in named})
        for start in range(0, len(digests), _A_QUERY):
            rows = _files_of(viewer).filter(original__sha256__in=digests[start : start + _A_QUERY])
            for report_id, raw, name, digest in rows.values_list(
                "report_id", "name_raw", "name", "original__sha256"
            ):
                if (raw or name, digest) in named:
                    found[report_id] = found.get(report_id, 0) + 1
        for report_id in sorted(found, key=lambda one: (-found[one], one)):
            parts = (
                _files_of(viewer)
                .filter(report_id=report_id)
                .values_list("name_raw", "name", "original__sha256")
            )
            own = {(raw or name, digest) for raw, name, digest in parts}
            if {one for one in own if one[0].startswith(tuple(folders))} <= named:
                return report_id
    return None


def begun_by(viewer: Viewer, report_id: UUID) -> UUID:
    """Return the report that this officer began and to which more is to come. Raises NotFound for any other."""
    own = visible_to(viewer).filter(
        agency_id=viewer.own_agency, contact_id=viewer.actor_id, entry__closed_at=None
    )
    found = own.filter(id=report_id).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(str(NotFound.__doc__))
    return found


def _files_of(viewer: Viewer) -> QuerySet[Part]:
    """Return the files of this agency's reports that are still being worked on."""
    reports = visible_to(viewer).filter(agency_id=viewer.own_agency, entry__closed_at=None)
    return Part.objects.filter(report__in=reports, member=False, number__gte=1)
