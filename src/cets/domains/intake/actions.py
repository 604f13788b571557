"""From files to reports: sealed first and acknowledged only when durable, then read, then matched."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO
from uuid import UUID

import msgspec
from django.db import IntegrityError
from django.db.models import Max

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting, require
from cets.audit.recording import Entry as AuditEntry
from cets.audit.recording import record, record_many
from cets.domains.agencies.models import Agency, Team
from cets.domains.identifiers.kinds import KINDS
from cets.domains.intake import events as intake_events
from cets.domains.intake import jobs
from cets.domains.intake.models import SavedColumnMap
from cets.domains.intake.queries import headings_of, maps_of
from cets.domains.intake.rows import Column, ColumnMap
from cets.domains.intake.sources.note.source import compose
from cets.domains.ledger.actions import Opening, open_entries, set_step
from cets.domains.reports import events, numbers
from cets.domains.reports.actions import NewReport, write_parts, write_received
from cets.domains.reports.models import Part, Report
from cets.domains.reports.queries import NOTE
from cets.domains.reports.work import READ_AND_GRADE
from cets.domains.sharing.levels import Level
from cets.domains.vault.actions import SealedFile, Vault, forget_sealed, record_sealed, seal_files
from cets.kernel import sizes
from cets.kernel.errors import CetsError
from cets.kernel.ids import new_id
from cets.kernel.shown import mark, require_as_shown

#: By then somebody has read a new report.
DUE_IN = timedelta(hours=24)


class TooLarge(CetsError):
    """The file is larger than this instance takes. Nothing was kept."""


class Empty(CetsError):
    """The file is empty. Nothing was kept."""


@dataclass(frozen=True)
class Incoming:
    """One file as it is handed over: what it is called, its open bytes, and how many they are."""

    name: str
    file: BinaryIO
    size: int


@dataclass(frozen=True)
class Received:
    """What became of one file: a new report, or the one that already holds the same file."""

    name: str
    report_id: UUID
    part_id: UUID
    reference: str
    duplicate_of: str | None = None


def check_size(size: int, limit: int) -> None:
    """Raise TooLarge or Empty."""
    if size > limit:
        raise TooLarge(
            f"The file has {size:,} bytes; this instance takes files up to {sizes.words(limit)} ({limit:,} bytes)."
            " Nothing was kept."
        )
    if size == 0:
        raise Empty(str(Empty.__doc__))


def receive(
    files: Sequence[Incoming],
    *,
    vault: Vault,
    agency: Agency,
    sharing: Level,
    by: Viewer,
    at: datetime,
    read_after: timedelta = timedelta(0),
) -> list[Received]:
    """Seal files and open a report for each; when this returns, they survive anything.

    A file that the agency holds already makes no new report. Reading is queued in the same transaction, to start
    `read_after` from now: a caller that reads at once leaves the job as a safety net. Sizes are checked before
    (`check_size`). Raises StorageFailed when the store keeps nothing.
    """
    require(by, Permission.REPORT_ADD)
    sealed = seal_files(vault, agency.id, [(f.file, f.size) for f in files])
    try:
        return _record(
            files, sealed, vault=vault, agency=agency, sharing=sharing, by=by, at=at, read_after=read_after
        )
    except IntegrityError:
        # The same file came in through another door at this moment: the second look finds it.
        return _record(
            files, sealed, vault=vault, agency=agency, sharing=sharing, by=by, at=at, read_after=read_after
        )


def _record(
    files: Sequence[Incoming], sealed: Sequence[SealedFile], *, vault: Vault, agency: Agency, sharing: Level, by: Viewer, at: datetime,
    read_after: timedelta,
) -> list[Received]:  # fmt: skip
    with acting(by):
        held = held_files({s.sha256 for s in sealed})
        first: dict[str, int] = {}
        for index, one in enumerate(sealed):
            if one.sha256 not in held:
                first.setdefault(one.sha256, index)
        fresh = [(files[i], sealed[i]) for i in sorted(first.values())]
        new = open_reports(fresh, agency=agency, sharing=sharing, by=by, at=at)
        if new:
            jobs.read_soon(agency_code=agency.code, part_ids=[r.part_id for r in new], after=read_after)
    made = {r.sha256: r for r in new}
    kept = {s.id for _, s in fresh}
    with suppress(Exception):  # what no row names is swept later
        forget_sealed(vault, [s for s in sealed if s.id not in kept])
    return [_told(f.name, s, held, made, is_first=s.id in kept) for f, s in zip(files, sealed, strict=True)]


def _told(
    name: str,
    file: SealedFile,
    held: dict[str, tuple[UUID, UUID, str]],
    made: dict[str, NewReport],
    *,
    is_first: bool,
) -> Received:
    if file.sha256 in held:
        report_id, part_id, reference = held[file.sha256]
        return Received(name, report_id, part_id, reference, duplicate_of=reference)
    new = made[file.sha256]
    return Received(name, new.id, new.part_id, new.reference, None if is_first else new.reference)


def held_files(hashes: Iterable[str]) -> dict[str, tuple[UUID, UUID, str]]:
    """Return report, part and reference of the files that this agency holds already."""
    rows = (
        Part.objects.filter(original__sha256__in=list(hashes), number__gte=1, member=False)
        .order_by("-received_at")
        .values_list("original__sha256", "report_id", "id", "report__reference")
    )
    return {digest: (report_id, part_id, reference) for digest, report_id, part_id, reference in rows}


def open_reports(
    fresh: Sequence[tuple[Incoming, SealedFile]], *, agency: Agency, sharing: Level, by: Viewer, at: datetime
) -> list[NewReport]:
    if not fresh:
        return []
    record_sealed([s for _, s in fresh], received_at=at, at=at, by=by)
    references = numbers.take(
        agency_id=agency.id, agency_code=agency.code, series=str(at.year), how_many=len(fresh)
    )
    team = _team_of(by, agency)
    ids = [new_id() for _ in fresh]
    entries = open_entries(
        (
            Opening(
                agency_id=agency.id, subject_type="report", subject_id=i, title=r, team_id=team, due_at=at + DUE_IN, next_step=READ_AND_GRADE,
                officer_id=by.actor_id if by.kind == "officer" else None,
            )
            for i, r in zip(ids, references, strict=True)
        ),
        at=at,
    )  # fmt: skip
    new = [
        NewReport(
            id=i, part_id=new_id(), original_id=s.id, entry_id=entry, reference=reference, name=label_of(f.name), size=s.sealed.size,
            sha256=s.sha256, sharing=int(sharing),
        )
        for i, entry, reference, (f, s) in zip(ids, entries, references, fresh, strict=True)
    ]  # fmt: skip
    write_received(
        new, team_id=team, received_at=at, by=by, contact_id=by.actor_id if by.kind == "officer" else None
    )
    record_many(
        (
            AuditEntry(
                events.RECEIVED,
                "report",
                str(r.id),
                {"reference": r.reference, "sha256": r.sha256, "sharing": sharing.word},
            )
            for r in new
        ),
        by=by,
    )
    return new


def _team_of(by: Viewer, agency: Agency) -> UUID:
    if by.teams:
        return min(by.teams)
    return Team.objects.values_list("id", flat=True).get(agency=agency, is_duty=True)


def label_of(name: str) -> str:
    """Return a file's name as text that the database takes: no NUL, bytes that are no text shown as such."""
    return name.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")[:1_000]


# --- refusals -------------------------------------------------------------------------------------


def refused(*, size: int, reason: str, by: Viewer) -> None:
    """Record that a file was not taken in, and why; not its name, which may tell of a victim."""
    with acting(by):
        record(intake_events.REFUSED, by=by, subject=("file", ""), size=size, reason=reason)


# --- notes ----------------------------------------------------------------------------------------

#: So many seconds count as the same moment: a form is sent twice, or a page is loaded again.
_SENT_TWICE = 30


def add_note(
    *, report: Report | None, text: str, title: str | None, vault: Vault, agency: Agency, sharing: Level, author: str, by: Viewer, at: datetime,
) -> Received:  # fmt: skip
    """Take in what an officer typed: as a report of its own, or as a further part of `report`, whose level it then has.

    It is sealed and read like any file. The same words of the same author within half a minute are one form sent twice,
    and added once. Raises StorageFailed.
    """
    require(by, Permission.REPORT_ADD)
    same = [
        compose(author=author, at=at - timedelta(seconds=n), text=text, title=title)
        for n in range(_SENT_TWICE)
    ]
    note = Incoming("note", BytesIO(same[0]), len(same[0]))
    hashes = [sha256(one).hexdigest() for one in same]
    if report is None:
        with acting(by):
            held = next(iter(held_files(hashes).values()), None)
        if held:
            return Received("note", *held, duplicate_of=held[2])
        return receive([note], vault=vault, agency=agency, sharing=sharing, by=by, at=at)[0]
    sealed = seal_files(vault, agency.id, [(note.file, note.size)])
    try:
        return _record_note(report.id, sealed, hashes, vault=vault, agency=agency, by=by, at=at)
    except IntegrityError:
        # The same note came in at this moment, on another report of the agency: the second look finds it.
        return _record_note(report.id, sealed, hashes, vault=vault, agency=agency, by=by, at=at)


def _record_note(
    report_id: UUID, sealed: Sequence[SealedFile], same: Sequence[str], *, vault: Vault, agency: Agency, by: Viewer, at: datetime
) -> Received:  # fmt: skip
    (one,) = sealed
    with acting(by):
        report = Report.objects.select_for_update().get(id=report_id)
        found = held_files(same)
        held = found.get(one.sha256) or next((h for h in found.values() if h[0] == report.id), None)
        if held is None:
            record_sealed(sealed, received_at=at, at=at, by=by)
            part_id = _add_part(report, one, by=by, at=at)
            jobs.read_soon(agency_code=agency.code, part_ids=[part_id], after=timedelta(0))
            return Received("note", report.id, part_id, report.reference)
    with suppress(Exception):  # what no row names is swept later
        forget_sealed(vault, sealed)
    return Received("note", *held, duplicate_of=held[2])


def _add_part(report: Report, sealed: SealedFile, *, by: Viewer, at: datetime) -> UUID:
    number = (Part.objects.filter(report=report).aggregate(last=Max("number"))["last"] or 0) + 1
    part_id = new_id()
    write_parts([
        (part_id, report.id, report.agency_id, sealed.id, number, "note", False, sealed.sealed.size, sealed.sha256, at,
         NOTE, "", "sealed", "", 0, 0, 0, 0, 0.0)
    ])  # fmt: skip
    record(intake_events.NOTE_ADDED, by=by, subject=("report", report.id), part=number)
    return part_id


# --- column maps ----------------------------------------------------------------------------------

#: What a column can be read as, beside the kinds of identifier.
READ_AS = (
    "name", "first_name", "middle_name", "last_name", "birth_date", "age", "role", "time", "clock", "zone", "event", "platform", "user_id",
    "port", "calling", "called", "direction", "seconds", "latitude", "longitude", "text", "fact", "line_number", "ignore",
)  # fmt: skip


class NoTable(CetsError):
    """This file holds no such table whose columns can be settled. Nothing was changed."""


class WrongMap(CetsError):
    """The map does not fit the columns of this table. Nothing was changed."""


def map_mark(column_map: Mapping[str, Any]) -> str:
    """Return the mark of how a table's columns are read, for the form that shows it."""
    told = ("index", "read_as", "role", "day_first", "sure")
    return mark(*([column.get(name) for name in told] for column in column_map["columns"]))


def settle_map(
    *, part: Part, column_map: ColumnMap, save_as: str, by: Viewer, at: datetime, shown: str | None = None
) -> None:
    """Say how the columns of a table are read, and have it read again so; with `save_as` also every file of this shape.

    The table is one of the part's: that of the sheet which the map names. What is inside an archive is read again with the
    archive as a whole. What the first reading gave stays until the second one replaces it, in one transaction
    (`rereading`). Raises NoTable, WrongMap, Meanwhile.
    """
    require(by, Permission.REPORT_ADD)
    settled = [_settled(column) for column in column_map.columns]
    if not {str(c["read_as"]) for c in settled} <= {*KINDS, *READ_AS}:
        raise WrongMap(str(WrongMap.__doc__))
    with acting(by):
        outer, held = _locked(part)
        maps, number = maps_of(held), _table_in(held, column_map.sheet)
        require_as_shown(shown, map_mark(maps[number]))
        if [c["index"] for c in settled] != [c["index"] for c in maps[number]["columns"]]:
            raise WrongMap(str(WrongMap.__doc__))
        own = msgspec.structs.replace(column_map, shipped="")  # from now on it is the officer's
        maps[number] = {**msgspec.to_builtins(own), "columns": settled}
        held.state = outer.state = "sealed"
        held.save(update_fields=["column_maps", "state"])
        outer.save(update_fields=["state"])
        if save_as:
            _save_map(held, settled, save_as=save_as, by=by, at=at)
        entry = outer.report.entry
        if entry.closed_at is None:
            set_step(entry=entry, next_step=READ_AND_GRADE, due_at=entry.due_at, by=by)
        record(
            intake_events.MAP_SETTLED, by=by, subject=("report", held.report_id), part=held.number, table=number + 1, saved=bool(save_as),
            read_as=[c["read_as"] for c in settled],
        )  # fmt: skip
        jobs.read_soon(agency_code=outer.agency.code, part_ids=[outer.id], after=timedelta(0))


class WaitsAlready(CetsError):
    """This file waits to be read already. Nothing was changed."""


def read_once_more(*, part: Part, by: Viewer) -> None:
    """Have a file read again by the readers of today; what the last reading gave stands until then. Raises WaitsAlready.

    What is inside an archive is read again with the archive. What came and what went is told (`rereading_told`).
    """
    require(by, Permission.REPORT_ADD)
    with acting(by):
        outer, _held = _locked(part)
        if outer.state == "sealed":
            raise WaitsAlready(str(WaitsAlready.__doc__))
        outer.state = "sealed"
        outer.save(update_fields=["state"])
        record(
            intake_events.READING_ASKED, by=by, subject=("report", outer.report_id), part=outer.number
        )  # fmt: skip
        jobs.read_soon(agency_code=outer.agency.code, part_ids=[outer.id], after=timedelta(0))


def _locked(part: Part) -> tuple[Part, Part]:
    """Return the file that a part is or lies in, and the part, as they are once a reading that runs is over."""
    outer = (
        Part.objects.select_for_update(of=("self",))
        .select_related("report__entry", "agency")
        .get(report_id=part.report_id, original_id=part.original_id, member=False)
    )
    held = outer if outer.id == part.id else Part.objects.select_for_update(of=("self",)).get(id=part.id)
    return outer, held


def _table_in(part: Part, sheet: str | None) -> int:
    """Return which of a part's tables is of this sheet. Raises NoTable."""
    if part.state in {"needs_map", "read", "sealed"}:
        for number, column_map in enumerate(maps_of(part)):
            if column_map.get("sheet") == sheet:
                return number
    raise NoTable(str(NoTable.__doc__))


def _settled(column: Column) -> dict[str, object]:
    """Return a column with nothing left to ask, every answer written out."""
    return {
        "index": column.index, "heading": column.heading, "samples": list(column.samples), "read_as": column.read_as, "role": column.role,
        "sure": True, "saw": column.saw, "day_first": column.day_first,
        "victims": list(column.victims),
    }  # fmt: skip


def _save_map(
    part: Part, settled: Sequence[dict[str, object]], *, save_as: str, by: Viewer, at: datetime
) -> None:
    """Keep the answers, never a value of the file, for tables with the same headings; the newest of a shape counts."""
    headings = headings_of(settled)
    if not headings:
        return
    answers = [
        {name: column[name] for name in ("index", "read_as", "role", "day_first")} for column in settled
    ]
    SavedColumnMap.objects.update_or_create(
        agency_id=part.agency_id, headings=headings,
        defaults={"name": save_as, "column_map": {"columns": answers}, "saved_by": by.actor_id, "saved_at": at},
    )  # fmt: skip
