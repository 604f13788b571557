"""Read sealed files: from the parser's rows to messages, people, identifiers and the receipt, in one transaction a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import singledispatchmethod
from itertools import chain, islice
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Max

from cets.access.viewer import Viewer, acting
from cets.audit.recording import record
from cets.domains.deconfliction.jobs import match_soon
from cets.domains.identifiers import actions as identifiers
from cets.domains.identifiers.actions import Gathering
from cets.domains.identifiers.models import Holding
from cets.domains.intake.masking import mask_report
from cets.domains.intake.parser.client import Parser
from cets.domains.intake.plaintext import plaintext
from cets.domains.intake.rows import (
    AmbiguousPart, AnyRow, ColumnMap, Failed, FreeText, MemberStart, Message, NotUnderstood, Person, Sighting, Summary,
)  # fmt: skip
from cets.domains.intake.sources.base import Options
from cets.domains.ledger import actions as ledger
from cets.domains.reports import events
from cets.domains.reports.actions import write_parts
from cets.domains.reports.models import Part, Report
from cets.domains.reports.models import Person as PersonRow
from cets.domains.vault.actions import Vault, note_custody, read_original
from cets.kernel.errors import CetsError
from cets.kernel.ids import new_id
from cets.kernel.moments import Moment
from cets.kernel.rows import insert_rows

#: A file's own number stands near its start; so many rows are looked at before anything is written.
HEAD_ROWS = 2_000
#: Rows of one table wait in memory until so many are together.
FLUSH_AT = 5_000
URGENT_DUE_IN = timedelta(hours=1)
#: The receipt names so many single lines; what exceeds it is counted in one more.
MOST_REMARKS = 5_000


@dataclass(frozen=True)
class Reading:
    """What reading files needs beside the viewer: made once per process and passed in."""

    vault: Vault
    parser: Parser


def read_parts(part_ids: Sequence[UUID], *, reading: Reading, country: str, by: Viewer, at: datetime) -> list[UUID]:
    """Read sealed parts and return the reports that now hold something new, for the matcher.

    Parts that are read already, or that another process is reading, are passed over: safe to run again. All is
    written or nothing, and matching is queued in the same transaction.
    """
    with acting(by):
        parts = list(
            Part.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(id__in=part_ids, state="sealed")
            .select_related("report", "report__entry", "original")
            .order_by("received_at", "report__reference")
        )
        tables = Tables()
        touched = [_read_part(part, reading, tables, country=country, by=by, at=at) for part in parts]
        tables.flush()
        reports = sorted(set(touched))
        for report_id in reports:
            mask_report(report_id)
        if reports:
            match_soon(report_ids=reports, after=timedelta(seconds=30))
    return reports


def _read_part(part: Part, reading: Reading, tables: "Tables", *, country: str, by: Viewer, at: datetime) -> UUID:
    column_map = msgspec.convert(part.column_map, ColumnMap) if part.column_map else None
    options = Options(country=country, column_map=column_map)
    try:
        with plaintext(read_original(reading.vault, part.original)) as file:
            parsing = reading.parser.parse(file, part.size, options, label=str(part.id))
            head = list(islice(parsing, HEAD_ROWS))
            report = _join(part, head, by=by, at=at) or part.report
            writer = PartWriter(part, report, tables, at=at)
            for row in chain(head, parsing):
                writer.take(row)
            assert parsing.outcome is not None
            writer.finish(parsing.outcome.source, parsing.outcome.version, parsing.outcome.seconds)
    except CetsError as error:
        # The seal is broken or the key is missing: for a person, and the file's neighbours go on.
        report = part.report
        writer = PartWriter(part, report, tables, at=at)
        writer.take(Failed(reason=str(error)))
        writer.finish(None, None, 0.0)
    note_custody([part.original_id], "read", at=at, by=by, note=f"{part.source} {part.parser_version}".strip())
    record(
        events.READ, by=by, subject=("report", report.id), part=part.number, source=part.source, version=part.parser_version,
        sightings=part.sightings, identifiers=part.identifiers,
    )  # fmt: skip
    return report.id


def _join(part: Part, head: Sequence[AnyRow], *, by: Viewer, at: datetime) -> Report | None:
    """Move the part to the agency's first report of the same external number, if there is one."""
    number = next(
        ((r.external_body or "", r.external_number) for r in head if isinstance(r, Summary) and r.external_number), None
    )
    own = part.report
    if number is None or own.external_number:
        return None
    first = (
        Report.objects.select_for_update(of=("self",))
        .filter(agency_id=own.agency_id, external_body=number[0], external_number=number[1])
        .exclude(id=own.id)
        .select_related("entry")
        .first()
    )
    if first is None:
        own.external_body, own.external_number = number
        own.save(update_fields=["external_body", "external_number"])
        return None
    part.report, part.number = first, (Part.objects.filter(report=first).aggregate(last=Max("number"))["last"] or 0) + 1
    part.save(update_fields=["report", "number"])
    own.state, own.joined_to = "joined", first
    own.save(update_fields=["state", "joined_to"])
    ledger.close(entry=own.entry, outcome=f"Joined to {first.reference}", by=by, at=at)
    ledger.alert(
        agency_id=first.agency_id, kind="joined", text=f"A supplementary report joined {first.reference}", subject=("report", first.id),
        at=at, officer_id=first.entry.owner_officer_id, team_id=first.entry.owner_team_id,
    )  # fmt: skip
    record(events.JOINED, by=by, subject=("report", first.id), supplement=own.reference)
    return first


class Tables:
    """Rows on their way to the database, many of one table at a time."""

    columns: dict[str, dict[str, str]] = {
        "reports_person": {
            "report_id": "uuid", "agency_id": "uuid", "part_id": "uuid", "key": "text", "role": "text", "place": "text", "names": "text[]",
            "birth_date": "text", "age": "text", "facts": "jsonb", "pseudonym": "text",
        },
        "reports_message": {
            "report_id": "uuid", "agency_id": "uuid", "part_id": "uuid", "number": "int", "kind": "text", "thread": "text", "sender": "text",
            "sender_person": "text", "recipients": "text[]", "subject": "text", "sent_raw": "text", "sent_at": "timestamptz",
            "sent_candidates": "text[]", "text": "text", "masked": "text", "headers": "jsonb", "attachments": "text[]", "place": "text",
        },
        "reports_passage": {
            "report_id": "uuid", "agency_id": "uuid", "part_id": "uuid", "number": "int", "place": "text", "label": "text", "text": "text",
            "masked": "text",
        },
        "reports_remark": {
            "report_id": "uuid", "agency_id": "uuid", "part_id": "uuid", "kind": "text", "text": "text", "candidates": "text[]",
            "place": "text", "settled_as": "text",
        },
        "identifiers_sighting": {
            "report_id": "uuid", "agency_id": "uuid", "part_id": "uuid", "holding_id": "uuid", "place": "text", "way": "text", "role": "text",
            "person": "text", "raw": "text", "seen_raw": "text", "seen_at": "timestamptz", "seen_candidates": "text[]", "event": "text",
            "port": "int", "carrier_nat": "boolean", "message": "int", "start": "int", "end": "int",
        },
    }  # fmt: skip

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[Any, ...]]] = {table: [] for table in self.columns}

    def add(self, table: str, *row: Any) -> None:
        waiting = self._waiting[table]
        waiting.append(row)
        if len(waiting) >= FLUSH_AT:
            self._send(table)

    def flush(self) -> None:
        for table in self.columns:
            self._send(table)

    def _send(self, table: str) -> None:
        rows, self._waiting[table] = self._waiting[table], []
        if rows:
            insert_rows(table, self.columns[table], rows)


class PartWriter:
    """Takes the rows of one file, in any order, and writes what they say. The members of a container are parts of their own."""

    def __init__(self, part: Part, report: Report, tables: Tables, *, at: datetime) -> None:
        self.part, self.report, self.tables, self.at = part, report, tables, at
        self._outer = part
        self._prefix = (report.id, report.agency_id, part.id)
        self._gathering = Gathering(report.id, report.agency_id, settings.CETS.match_key)
        if part.number > 1 or part.read_at:
            self._gathering.load(Holding.objects.filter(report=report))
        self._victims: dict[str, str] = dict(
            PersonRow.objects.filter(report=report).exclude(pseudonym="").values_list("key", "pseudonym") if part.number > 1 else ()
        )
        self._seen: set[UUID] = set()
        self._counts = {"sightings": 0, "messages": 0, "passages": 0, "remarks": 0, "ambiguous": 0}
        self._summaries: list[Summary] = []
        self._members: list[Part] = []

    @singledispatchmethod
    def take(self, row: AnyRow) -> None:
        """Take one row of the parser."""
        raise TypeError(f"The parser sent a row nobody knows: {type(row).__name__}")

    @take.register
    def _(self, row: Summary) -> None:
        self._summaries.append(row)

    @take.register
    def _(self, row: Person) -> None:
        pseudonym = self._pseudonym(row.key) if row.role == "victim" else ""
        self.tables.add(
            "reports_person", *self._prefix, row.key, row.role, row.place, [_text(n) for n in row.names], _text(row.birth_date), _text(row.age),
            [[_text(label), _text(text)] for label, text in row.facts], pseudonym,
        )  # fmt: skip

    @take.register
    def _(self, row: Sighting) -> None:
        if row.role == "victim":
            self._pseudonym(row.person or "")
        one = self._gathering.add(
            _storable(row), role=row.role, way=row.way, person=row.person, moment=row.seen_at, port=row.port, carrier_nat=row.carrier_nat,
            pivot=row.pivot,
        )  # fmt: skip
        self._seen.add(one.key)
        self._counts["sightings"] += 1
        self.tables.add(
            "identifiers_sighting", *self._prefix, one.id, _text(row.place), row.way, row.role, _text(row.person), _text(row.value.raw),
            *_moment(row.seen_at), _text(row.event), row.port, row.carrier_nat, row.message, row.start, row.end,
        )  # fmt: skip

    @take.register
    def _(self, row: Message) -> None:
        self._counts["messages"] += 1
        text = _text(row.text)
        self.tables.add(
            "reports_message", *self._prefix, row.number, row.kind, _text(row.thread), _text(row.sender), _text(row.sender_person),
            [_text(r) for r in row.recipients], _text(row.subject), *_moment(row.sent_at), text, text,
            [[_text(name), _text(value)] for name, value in row.headers], [_text(a) for a in row.attachments], _text(row.place),
        )  # fmt: skip

    @take.register
    def _(self, row: FreeText) -> None:
        self._counts["passages"] += 1
        text = _text(row.text)
        self.tables.add("reports_passage", *self._prefix, self._counts["passages"], _text(row.place), _text(row.label), text, text)

    @take.register
    def _(self, row: NotUnderstood) -> None:
        self._remark("not_understood", row.text, (), row.place or "")

    @take.register
    def _(self, row: AmbiguousPart) -> None:
        self._counts["ambiguous"] += 1
        self._remark("ambiguous", row.raw, row.candidates, row.place)

    @take.register
    def _(self, row: ColumnMap) -> None:
        self.part.column_map = msgspec.to_builtins(row)
        self.part.state = "read" if all(column.sure for column in row.columns) else "needs_map"

    @take.register
    def _(self, row: Failed) -> None:
        self.part.state, self.part.error = "failed", _text(row.reason)

    @take.register
    def _(self, row: MemberStart) -> None:
        self._end_part()
        number = self._outer.number + len(self._members) + 1
        self.part = Part(
            id=new_id(), report=self.report, agency_id=self.report.agency_id, original_id=self._outer.original_id, number=number,
            name=f"{self._outer.name}!/{_text(row.name)}", member=True, size=row.size, sha256=row.sha256, received_at=self._outer.received_at,
            source=row.source or "", state="sealed", error=_text(row.error),
        )  # fmt: skip
        self._members.append(self.part)
        self._prefix = (self.report.id, self.report.agency_id, self.part.id)

    def _remark(self, kind: str, text: str, candidates: Sequence[str], place: str) -> None:
        self._counts["remarks"] += 1
        if self._counts["remarks"] <= MOST_REMARKS:
            self.tables.add("reports_remark", *self._prefix, kind, _text(text), [_text(c) for c in candidates], _text(place), "")

    def _pseudonym(self, key: str) -> str:
        """Return the name by which a victim is shown: Child A to Child Z, then Child 27."""
        if key not in self._victims:
            number = len(set(self._victims.values()))
            self._victims[key] = f"Child {chr(ord('A') + number)}" if number < 26 else f"Child {number + 1}"  # noqa: PLR2004
        return self._victims[key]

    def _end_part(self) -> None:
        """Close the books of the part whose rows came last."""
        part, counts = self.part, self._counts
        if counts["remarks"] > MOST_REMARKS:
            self.tables.add(
                "reports_remark", *self._prefix, "not_understood", f"{counts['remarks'] - MOST_REMARKS} more lines like these", [], "", ""
            )
        part.sightings, part.messages, part.identifiers = counts["sightings"], counts["messages"], len(self._seen)
        self._seen = set()
        self._counts = dict.fromkeys(counts, 0)

    def finish(self, source: str | None, version: str | None, seconds: float) -> None:
        """Write identifiers and receipt once the last row is in."""
        ambiguous = self._counts["ambiguous"]
        self._end_part()
        for g in self._gathering:
            if g.victims and not g.pseudonym:
                g.pseudonym = self._pseudonym(min(g.victims))
        self.tables.flush()
        identifiers.write(self._gathering, told=self.report.sharing)
        for part in (self._outer, *self._members):
            _settle(part, part.source if part.member else source or "", version or "", seconds, self.at)
        write_parts(_row(part) for part in self._members)
        self._outer.save(
            update_fields=["source", "parser_version", "state", "read_at", "sightings", "identifiers", "messages", "error", "column_map", "seconds"]
        )
        self._describe(ambiguous)

    def _describe(self, ambiguous: int) -> None:
        """Bring the report's own lines up to date: what it is called, and what comes next."""
        report, states = self.report, {part.state for part in (self._outer, *self._members)}
        for summary in self._summaries:
            _fill(report, summary)
        report.state = "read" if states & {"read", "needs_map"} else "not_understood"
        report.save(
            update_fields=["title", "category", "platform", "reporting_body", "incident_raw", "incident_at", "urgent", "summary", "state"]
        )
        self._set_step(ambiguous, states)

    def _set_step(self, ambiguous: int, states: set[str]) -> None:
        entry = self.report.entry
        if entry.closed_at is not None:
            return
        if "needs_map" in states:
            step = "Settle the columns of a table"
        elif not states & {"read"}:
            step = "Read the original: it was not understood"
        elif ambiguous:
            step = f"Settle {ambiguous} ambiguous {'entry' if ambiguous == 1 else 'entries'}"
        else:
            return
        entry.next_step = step
        if self.report.urgent:
            entry.due_at = min(entry.due_at, self.at + URGENT_DUE_IN)
        entry.save(update_fields=["next_step", "due_at"])


def _settle(part: Part, source: str, version: str, seconds: float, at: datetime) -> None:
    part.source, part.parser_version, part.seconds, part.read_at = source, version, seconds, at
    if part.state == "sealed":
        part.state = "failed" if part.error else "read" if source else "not_understood"


def _row(part: Part) -> tuple[Any, ...]:
    return (
        part.id, part.report_id, part.agency_id, part.original_id, part.number, part.name, part.member, part.size, part.sha256,
        part.received_at, part.source, part.parser_version, part.state, part.error, part.sightings, part.identifiers, part.messages,
        part.seconds,
    )  # fmt: skip


def _fill(report: Report, summary: Summary) -> None:
    """Take over what the report does not say yet: the first file of a report names it."""
    report.title = report.title or _text(summary.title)
    report.category = report.category or _text(summary.category)
    report.platform = report.platform or _text(summary.platform)
    report.reporting_body = report.reporting_body or _text(summary.reporting_body)
    report.summary = report.summary or _text(summary.text)
    report.urgent = report.urgent or summary.urgent
    if summary.incident_at and not report.incident_raw:
        report.incident_raw, report.incident_at = _text(summary.incident_at.raw), summary.incident_at.instant


def _text(text: str | None) -> str:
    """Return text that the database takes: NUL and lone surrogates are shown, not stored."""
    if not text:
        return ""
    if "\0" in text:
        text = text.replace("\0", "\\0")
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _storable(row: Sighting) -> Any:
    value = row.value
    if "\0" in value.value or "\0" in value.raw:
        return msgspec.structs.replace(value, value=_text(value.value), raw=_text(value.raw))
    return value


def _moment(moment: Moment | None) -> tuple[str, datetime | None, list[str]]:
    if moment is None:
        return "", None, []
    return _text(moment.raw), moment.instant, [candidate.isoformat() for candidate in moment.candidates]
