"""Read sealed files: from the parser's rows to messages, people, identifiers and the receipt, in one transaction a batch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any, BinaryIO
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from cets.access.viewer import Viewer, acting
from cets.audit.recording import Entry as AuditEntry
from cets.audit.recording import record, record_many
from cets.domains.deconfliction.actions import hush
from cets.domains.deconfliction.jobs import match_soon
from cets.domains.identifiers import actions as identifiers
from cets.domains.identifiers.queries import InUse, in_use
from cets.domains.intake.cybertip.twins import FORMS, Twins
from cets.domains.intake.masked_told import mask_beside
from cets.domains.intake.masking import mask_report
from cets.domains.intake.parser.client import Parser, ParserUnavailable, Parsing
from cets.domains.intake.plaintext import plaintext
from cets.domains.intake.queries import inner_name, members_of, settled_maps
from cets.domains.intake.report_forms import REPORTS, Beside
from cets.domains.intake.rows import AnyRow, Failed, Summary
from cets.domains.intake.sources.base import Options
from cets.domains.intake.together import Together
from cets.domains.intake.writing import PartWriter, Tables
from cets.domains.ledger import actions as ledger
from cets.domains.reports import events
from cets.domains.reports.actions import hold_levels, write_parts
from cets.domains.reports.models import Part, Report
from cets.domains.sharing.levels import Level
from cets.domains.vault.actions import Vault, note_custody, read_original
from cets.kernel.errors import CetsError
from cets.kernel.rows import update_rows

#: Another body's report number: (body, number).
Number = tuple[str, str]

HUSHED = (
    "This file was handed in as silent, so the report that it joined, {reference}, was made silent with it."
    " Its owner may raise the level again."
)

STAYS = (
    "This file carries the same number as {reference}. It came together with other files and stays with them, so the two"
    " reports were not joined."
)

#: A file's own number stands near its start; so many rows are looked at before anything is written.
HEAD_ROWS = 2_000
#: Rows may be long: no more of them wait to be written together.
MOST_WAITING_BYTES = 32 << 20


@dataclass(frozen=True)
class Parsed:
    """All rows of a part that was parsed before its turn, and by which options."""

    options: Options
    rows: Sequence[AnyRow]
    parsing: Parsing


@dataclass(frozen=True)
class Reading:
    """What reading files needs beside the viewer: made once per process and passed in."""

    vault: Vault
    parser: Parser
    ahead: dict[UUID, Parsed] = field(default_factory=dict)  # by part; whoever reads the part takes it out
    stale: set[UUID] = field(default_factory=set)  # parts of which others now say more: to be read again
    called: dict[UUID, dict[str, str]] = field(
        default_factory=dict
    )  # by report: its victims, before it is read again


def read_parts(
    part_ids: Sequence[UUID], *, reading: Reading, country: str, by: Viewer, at: datetime
) -> list[UUID]:
    """Read sealed parts and return the reports that now hold something new, for the matcher.

    Parts that are read already, or that another process is reading, are passed over: safe to run again. All is
    written or nothing, and matching is queued in the same transaction.
    """
    with acting(by):
        parts = (
            _parts()
            .select_for_update(of=("self",), skip_locked=True)
            .filter(id__in=part_ids, state="sealed", member=False)  # an archive's members come with it
            .order_by("received_at", "report__reference", "number")
        )
        batch, own = Batch(by=by, at=at, reading=reading), in_use(by)
        reports: dict[UUID, Report] = {}
        for part in list(parts):
            part.report = reports.setdefault(
                part.report_id, part.report
            )  # what one file says, the next adds to
            _read_part(part, reading, batch, country=country, own=own)
        batch.write()
        if batch.reports:
            match_soon(report_ids=sorted(batch.reports), after=timedelta(seconds=30))
    return sorted(batch.reports)


def _read_part(part: Part, reading: Reading, batch: "Batch", *, country: str, own: InUse) -> None:
    options = options_of(part, country, own)
    parsed = reading.ahead.pop(part.id, None)
    if parsed and parsed.options == options:
        batch.add(Waiting(part, parsed.rows, parsed.parsing, _number_in(parsed.rows), options))
        return
    try:
        with plaintext(read_original(reading.vault, part.original)) as file:
            parsing, head = _begin(reading.parser, file, part, options)
            if parsing.outcome is None:  # a long one: its rows go straight to the database
                batch.write()
                try:
                    with transaction.atomic():
                        _write_long(part, parsing, head, batch, options)
                except _Lost:
                    parsing, head = _begin(reading.parser, file, part, options)
                    batch.add(
                        Waiting(
                            _parts().get(id=part.id), chain(head, parsing), parsing, _number_in(head), options
                        )
                    )
                    batch.write()
            else:
                batch.add(Waiting(part, head, parsing, _number_in(head), options))
    except ParserUnavailable:
        raise  # no fault of the file: it stays sealed, and waits
    except CetsError as error:
        # The seal is broken or the key is missing: for a person, and the file's neighbours go on.
        batch.add(Waiting(part, [Failed(reason=str(error))], None, None))


class _Lost(Exception):
    """The parser's process was ended by somebody else in the middle of a file."""


def _write_long(
    part: Part, parsing: Parsing, head: Sequence[AnyRow], batch: "Batch", options: Options
) -> None:
    batch.add(Waiting(part, chain(head, parsing), parsing, _number_in(head), options))
    batch.write()
    if parsing.outcome and parsing.outcome.lost:
        raise _Lost  # what was read is taken back, and all of it read once more


def _parts() -> QuerySet[Part]:
    """Return parts, each with whether another file of its report was read before."""
    before = Part.objects.filter(report=OuterRef("report"), member=False, read_at__isnull=False)
    return Part.objects.select_related("report", "report__entry", "original").annotate(
        comes_later=Exists(before)
    )


def options_of(part: Part, country: str, own: InUse) -> Options:
    """What a part is read with: the agency's own patterns; when it was read before, the maps that are settled."""
    given = Options(
        country=country, column_maps=settled_maps(part), patterns=own.patterns, patterns_version=own.version
    )
    if part.read_at is None:
        return given
    members = {inner_name(part, member): settled_maps(member) for member in members_of(part)}
    inside = {name: maps for name, maps in members.items() if maps}
    return msgspec.structs.replace(given, inside=inside)


def _begin(parser: Parser, file: BinaryIO, part: Part, options: Options) -> tuple[Parsing, list[AnyRow]]:
    """Start to read; once more when somebody else ended the process, which says nothing about the file."""
    parsing = parser.parse(file, part.size, options, label=str(part.id))
    head = list(islice(parsing, HEAD_ROWS))
    if parsing.outcome and parsing.outcome.lost:
        parsing = parser.parse(file, part.size, options, label=str(part.id))
        head = list(islice(parsing, HEAD_ROWS))
    return parsing, head


def _number_in(head: Sequence[AnyRow]) -> Number | None:
    return next(
        (
            (r.external_body or "", r.external_number)
            for r in head
            if isinstance(r, Summary) and r.external_number
        ),
        None,
    )


@dataclass(frozen=True)
class Waiting:
    """A part whose rows are there, or can be taken, what was told of the parse, and what it was read with."""

    part: Part
    rows: Iterable[AnyRow]
    parsing: Parsing | None
    number: Number | None
    options: Options | None = None


def _form_of(one: Waiting) -> int:
    """Return in which order parts are written: forms of a report, the files it may tell of as they stand, printed forms."""
    source = one.parsing.source if one.parsing else None
    if source in REPORTS:
        return REPORTS.index(source) - len(REPORTS)
    return 1 if source in FORMS else 0


class Batch:
    """Parts on their way to the database together: a few statements for many of them."""

    def __init__(self, *, by: Viewer, at: datetime, reading: Reading) -> None:
        self.by, self.at, self._stale, self._called = by, at, reading.stale, reading.called
        self.reports: set[UUID] = set()
        self._waiting: list[Waiting] = []
        self._bytes = 0
        self._numbers: dict[Number, UUID] = {}  # with the report whose file carries it
        self._twins: defaultdict[UUID, Twins] = defaultdict(Twins)
        self._beside: dict[UUID, Beside] = {}
        self._hushed: set[UUID] = set()  # parts that made the report they joined silent
        self._staying: dict[UUID, str] = {}  # parts that carry the number of another report, by its reference

    def add(self, one: Waiting) -> None:
        """Take a part up; two reports of one number are never written together, for the second joins the first."""
        is_anothers = (
            one.number is not None and self._numbers.get(one.number, one.part.report_id) != one.part.report_id
        )
        if is_anothers or self._bytes > MOST_WAITING_BYTES:
            self.write()
        self._bytes += one.parsing.outcome.output if one.parsing and one.parsing.outcome else 0
        if one.number:
            self._numbers[one.number] = one.part.report_id
        self._waiting.append(one)

    def write(self) -> None:
        """Write what waits."""
        waiting, self._waiting, self._numbers, self._bytes = self._waiting, [], {}, 0
        if waiting:
            # A token of its own: reading so far may have taken longer than the batch's first one lasts.
            with acting(self.by):
                self._write(waiting)

    def _write(self, waiting: Sequence[Waiting]) -> None:
        reports = self._join(waiting)
        tables, together = Tables(), _together(waiting, reports, self._called)
        with_others = _with_others(one.part for one in waiting)
        writers = []
        for one in sorted(waiting, key=_form_of):  # what a report tells as JSON is not told again by its PDF
            report_id = reports[one.part.id].id
            source = one.parsing.source if one.parsing else None
            writer = PartWriter(
                one.part, together[report_id], tables, at=self.at, options=one.options, source=source or ""
            )
            if one.part.id in self._hushed:
                writer.note(HUSHED.format(reference=writer.report.reference))
            if one.part.id in self._staying:
                writer.note(STAYS.format(reference=self._staying[one.part.id]))
            beside = (
                self._beside.setdefault(report_id, Beside(report_id, self._stale))
                if report_id in with_others
                else None
            )
            rows = (
                beside.rows(one.part, source, one.rows)
                if beside
                else self._twins[report_id].rows(source, one.rows)
            )
            take = writer.take  # bound once: of a method that goes by type that is most of its cost
            for row in rows:
                take(row)
            outcome = one.parsing.outcome if one.parsing else None
            if outcome and beside:
                outcome = msgspec.structs.replace(outcome, source=beside.source_of(one.part, source))
            writer.close(outcome)
            writers.append(writer)
        tables.flush()
        # Reading may have taken long, and the level have been changed meanwhile: the one that counts is that of now.
        levels = hold_levels(together)
        identifiers.write([(one.gathering, levels[report_id]) for report_id, one in together.items()])
        for report_id, shared in together.items():
            shared.settle_level(levels[report_id])
        _write_parts(writers)
        _write_reports(writers)
        with_victims = {report_id for report_id, one in together.items() if one.has_victims}
        for report_id in sorted(with_victims):
            mask_report(report_id)
        mask_beside({w.report.id for w in writers}, with_victims=with_victims)
        self._record(writers)
        self.reports |= {w.report.id for w in writers}

    def _join(self, waiting: Sequence[Waiting]) -> dict[UUID, Report]:
        """Return each part's report: the own, or the agency's first of the same external number.

        What came together with other files stays with them: only a report of one file can join another.
        """
        numbers = {w.number: w.part for w in waiting if w.number and not w.part.report.external_number}
        own = {w.part.report_id: w.part.report for w in waiting}
        found = self._firsts(list(numbers)) if numbers else ()
        firsts = {(r.external_body, r.external_number): own.get(r.id, r) for r in found}
        named: dict[UUID, Number] = {}
        for number, part in numbers.items():
            if number not in firsts:
                named.setdefault(part.report_id, number)
        for report_id, number in named.items():
            own[report_id].external_body, own[report_id].external_number = number
        update_rows(
            "reports_report", {"id": "uuid", "external_body": "text", "external_number": "text"},
            [(report_id, *number) for report_id, number in named.items()],
        )  # fmt: skip
        reports = {w.part.id: w.part.report for w in waiting}
        joining = {number: numbers[number] for number in firsts}
        staying = _with_others(joining.values())
        given = hold_levels(part.report_id for part in joining.values())
        for number, part in joining.items():
            first = firsts[number]
            if part.report_id in staying:
                self._staying[part.id] = first.reference
                continue
            hushes = given[part.report_id] == Level.SILENT != first.sharing
            reports[part.id] = _move(part, first, hushes=hushes, by=self.by, at=self.at)
            if hushes:
                self._hushed.add(part.id)
        return reports

    def _firsts(self, numbers: Sequence[Number]) -> QuerySet[Report]:
        found = Q()
        for body, number in numbers:
            found |= Q(external_body=body, external_number=number)
        return (
            Report.objects.select_for_update(of=("self",))
            .filter(found, agency_id=self.by.own_agency)
            .select_related("entry")
        )

    def _record(self, writers: Sequence[PartWriter]) -> None:
        note_custody([w.outer.original_id for w in writers], "read", at=self.at, by=self.by)
        record_many(
            (
                AuditEntry(
                    events.READ, "report", str(w.report.id),
                    {"part": w.outer.number, "source": w.outer.source, "version": w.outer.parser_version, "sightings": w.outer.sightings,
                     "identifiers": w.outer.identifiers},
                )
                for w in writers
            ),
            by=self.by,
        )  # fmt: skip


def _together(
    waiting: Sequence[Waiting], reports: Mapping[UUID, Report], called: Mapping[UUID, Mapping[str, str]]
) -> dict[UUID, Together]:
    """Return what the parts of each report share, with what those gave that were read before."""
    found: dict[UUID, Together] = {}
    for one in waiting:
        report = reports[one.part.id]
        together = found.setdefault(report.id, Together(report, called.get(report.id, {})))
        if one.part.number > 1 or one.part.read_at or one.part.comes_later:  # type: ignore[attr-defined]
            together.load()
    return found


def _with_others(parts: Iterable[Part]) -> set[UUID]:
    """Return the reports of these parts that hold other files, too; notes are none."""
    reports = {part.report_id for part in parts}
    if not reports:
        return set()
    files = Part.objects.filter(report__in=reports, member=False).exclude(name="note")
    counted = files.values("report_id").order_by().annotate(n=Count("id")).filter(n__gt=1)
    return set(counted.values_list("report_id", flat=True))


def _move(part: Part, first: Report, *, hushes: bool, by: Viewer, at: datetime) -> Report:
    """Make the part a further one of the report that came first, and tell its owner; one given as silent `hushes` it."""
    own = part.report
    part.report, part.number = (
        first,
        (Part.objects.filter(report=first).aggregate(last=Max("number"))["last"] or 0) + 1,
    )
    part.save(update_fields=["report", "number"])
    own.state, own.joined_to = "joined", first
    own.save(update_fields=["state", "joined_to"])
    ledger.close(entry=own.entry, outcome=f"Joined to {first.reference}", by=by, at=at)
    if hushes:
        hush(report=first, by=by)
    text = f"A supplementary report joined {first.reference}" + (" and made it silent" if hushes else "")
    ledger.alert(
        agency_id=first.agency_id, kind="joined", text=text, subject=("report", first.id), at=at,
        officer_id=first.entry.owner_officer_id, team_id=first.entry.owner_team_id,
    )  # fmt: skip
    record(events.JOINED, by=by, subject=("report", first.id), supplement=own.reference)
    return first


def _write_parts(writers: Sequence[PartWriter]) -> None:
    write_parts(_row(part) for w in writers for part in w.members if part.id in w.new)
    # What is inserted above has no maps yet.
    again = [
        p for w in writers for p in w.members if p.id not in w.new or p.column_maps or p.patterns_version
    ]
    update_rows(
        "reports_part",
        {
            "id": "uuid", "source": "text", "parser_version": "text", "state": "text", "read_at": "timestamptz", "sightings": "int",
            "identifiers": "int", "messages": "int", "traces": "int", "error": "text", "column_maps": "jsonb", "seconds": "float8",
            "patterns": "smallint", "patterns_version": "int",
        },
        [
            (p.id, p.source, p.parser_version, p.state, p.read_at, p.sightings, p.identifiers, p.messages, p.traces, p.error,
             p.column_maps, p.seconds, p.patterns, p.patterns_version)
            for p in (*(w.outer for w in writers), *again)
        ],
    )  # fmt: skip


def _write_reports(writers: Sequence[PartWriter]) -> None:
    """Bring the reports' own lines up to date: what they are called, and what comes next."""
    update_rows(
        "reports_report",
        {
            "id": "uuid", "title": "text", "category": "text", "platform": "text", "reporting_body": "text", "incident_raw": "text",
            "incident_at": "timestamptz", "urgent": "boolean", "summary": "text", "state": "text",
        },
        [
            (r.id, r.title, r.category, r.platform, r.reporting_body, r.incident_raw, r.incident_at, r.urgent, r.summary, r.state)
            for r in {w.report.id: w.report for w in writers}.values()
        ],
    )  # fmt: skip
    update_rows(
        "ledger_entry",
        {"id": "uuid", "next_step": "text", "due_at": "timestamptz"},
        [
            (e.id, e.next_step, e.due_at)
            for e in {w.report.id: w.report.entry for w in writers if w.step}.values()
        ],
    )


def _row(part: Part) -> tuple[Any, ...]:
    return (
        part.id, part.report_id, part.agency_id, part.original_id, part.number, part.name, part.member, part.size, part.sha256,
        part.received_at, part.source, part.parser_version, part.state, part.error, part.sightings, part.identifiers, part.messages,
        part.traces, part.seconds,
    )  # fmt: skip
