"""From the parser's rows to the rows of our tables: what one file says of people, messages, identifiers, and the receipt."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property, singledispatchmethod
from typing import Any
from uuid import UUID

import msgspec

from cets.domains.identifiers.actions import Gathered
from cets.domains.identifiers.models import Sighting as SightingRow
from cets.domains.intake.parser.client import Outcome
from cets.domains.intake.queries import is_settled, members_of
from cets.domains.intake.rows import (
    AmbiguousPart,
    AnyRow,
    ColumnMap,
    Failed,
    FreeText,
    MemberStart,
    Message,
    NotUnderstood,
    Person,
    Sighting,
    Summary,
    Trace,
)  # fmt: skip
from cets.domains.intake.sources.base import Options
from cets.domains.intake.together import Together
from cets.domains.reports import work
from cets.domains.reports.models import Part, Report
from cets.kernel.ids import ids_in_order, new_id
from cets.kernel.moments import Moment
from cets.kernel.rows import insert_rows

#: Rows of one table wait in memory until so many are together.
FLUSH_AT = 5_000
URGENT_DUE_IN = timedelta(hours=1)
#: So many identifiers of a report wait in memory to be written together.
MOST_GATHERED = 20_000
#: The receipt names so many single lines; what exceeds it is counted in one more.
MOST_REMARKS = 5_000


class Tables:
    """Rows on their way to the database, many of one table at a time, each with an id in the order of the source."""

    columns: dict[str, dict[str, str]] = {
        "reports_person": {
            "id": "uuid",
            "report_id": "uuid", "agency_id": "uuid", "part_id": "uuid", "key": "text", "role": "text", "place": "text", "names": "text[]",
            "birth_date": "text", "age": "text", "facts": "jsonb", "pseudonym": "text",
        },
        "reports_message": {
            "id": "uuid",
            "report_id": "uuid", "agency_id": "uuid", "part_id": "uuid", "number": "int", "kind": "text", "thread": "text", "sender": "text",
            "sender_person": "text", "recipients": "text[]", "subject": "text", "sent_raw": "text", "sent_at": "timestamptz",
            "sent_candidates": "text[]", "text": "text", "masked": "text", "headers": "jsonb", "attachments": "text[]", "place": "text",
        },
        "reports_trace": {
            "id": "uuid",
            "report_id": "uuid", "agency_id": "uuid", "part_id": "uuid", "number": "int", "kind": "text", "direction": "text", "at_raw": "text",
            "at": "timestamptz", "at_candidates": "text[]", "until_raw": "text", "until": "timestamptz", "until_candidates": "text[]",
            "seconds": "float8", "text": "text", "masked": "text", "url": "text", "person": "text", "counterparts": "text[]",
            "latitude": "text", "longitude": "text", "accuracy": "text", "facts": "jsonb", "place": "text",
        },
        "reports_passage": {
            "id": "uuid",
            "report_id": "uuid", "agency_id": "uuid", "part_id": "uuid", "number": "int", "place": "text", "label": "text", "text": "text",
            "masked": "text",
        },
        "reports_remark": {
            "id": "uuid",
            "report_id": "uuid", "agency_id": "uuid", "part_id": "uuid", "kind": "text", "text": "text", "candidates": "text[]",
            "place": "text", "role": "text", "settled_as": "text", "sort": "text",
        },
        "identifiers_sighting": {
            "id": "uuid",
            "report_id": "uuid", "agency_id": "uuid", "part_id": "uuid", "holding_id": "uuid", "place": "text", "way": "text", "role": "text",
            "person": "text", "raw": "text", "seen_raw": "text", "seen_at": "timestamptz", "seen_candidates": "text[]", "event": "text",
            "port": "int", "carrier_nat": "boolean", "message": "int", "trace": "int", "start": "int", "end": "int",
            "pattern_id": "uuid",
        },
    }  # fmt: skip

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[Any, ...]]] = {table: [] for table in self.columns}
        self._ids = ids_in_order()

    def add(self, table: str, *row: Any) -> None:
        waiting = self._waiting[table]
        waiting.append((next(self._ids), *row))
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
    """Takes the rows of one file, in any order, and gathers what they say. The members of a container are parts of their own."""

    def __init__(
        self,
        part: Part,
        together: Together,
        tables: Tables,
        *,
        at: datetime,
        options: Options | None = None,
        source: str = "",
    ) -> None:
        self.together, self.report, self._source = together, together.report, source
        self.part, self.outer, self.tables, self.at = part, part, tables, at
        self.members: list[Part] = []  # also those that an earlier reading found
        self.new: set[UUID] = set()
        self._maps: list[dict[str, Any]] = []
        self.step = ""
        self.gathering = together.gathering
        if part.read_at:
            part.error = ""  # of the reading before
        self._prefix = (self.report.id, self.report.agency_id, part.id)
        self._seen: set[UUID] = set()
        self._is_counted = True  # whether all that the part holds is still in `_seen`
        self._of_outer: dict[UUID, Gathered] = {}
        self._counts = {"sightings": 0, "messages": 0, "traces": 0, "passages": 0, "remarks": 0}
        self._ambiguous = 0
        self._summaries: list[Summary] = []
        options = options or Options()
        self._patterns = (None, *(UUID(one.id) for one in options.patterns))  # by number; 0 is none
        self._read_with = (len(options.patterns), options.patterns_version)

    def note(self, text: str) -> None:
        """Say on the receipt what became of the file beside its being read."""
        self.tables.add("reports_remark", *self._prefix, "note", text, [], "", "unknown", "", "")

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
        if len(self.gathering) >= MOST_GATHERED:
            self._write_gathered()
        one = self.gathering.add(
            _storable(row), role=row.role, way=row.way, moment=row.seen_at, port=row.port, carrier_nat=row.carrier_nat,
            pivot=row.pivot, until=row.until, gaps=row.gaps,
        )  # fmt: skip
        if row.role == "victim" and not one.pseudonym:
            one.pseudonym = self._pseudonym(row.person or "")
        if self.part.member:
            one.sources.add(self.part.source)
        else:
            self._of_outer[one.key] = one
        self._seen.add(one.key)
        self._counts["sightings"] += 1
        self.tables.add(
            "identifiers_sighting", *self._prefix, one.id, _text(row.place), row.way, row.role, _text(row.person), _text(row.value.raw),
            *_moment(row.seen_at), _text(row.event), row.port, row.carrier_nat, row.message, row.trace, row.start, row.end,
            self._pattern(row.pattern) if row.pattern else None,
        )  # fmt: skip

    def _write_gathered(self) -> None:
        """Write the identifiers that are together so far; those of a file without end would not go into memory."""
        self._name_source(self._source)
        self.together.write_gathered()
        self._seen, self._is_counted = set(), False

    def _name_source(self, source: str) -> None:
        for one in self._of_outer.values():
            one.sources.add(source)
        self._of_outer = {}

    def _pattern(self, number: int) -> UUID | None:
        """Return which pattern a number means: whatever the parser's process sends, one of those that it was given."""
        return self._patterns[number] if 0 < number < len(self._patterns) else None

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
    def _(self, row: Trace) -> None:
        self._counts["traces"] += 1
        text = _text(row.text)
        self.tables.add(
            "reports_trace", *self._prefix, row.number, row.kind, row.direction or "", *_moment(row.at), *_moment(row.until), row.seconds,
            text, text, _text(row.url), _text(row.person), [_text(c) for c in row.counterparts], _text(row.latitude),
            _text(row.longitude), _text(row.accuracy), [[_text(label), _text(value)] for label, value in row.facts], _text(row.place),
        )  # fmt: skip

    @take.register
    def _(self, row: FreeText) -> None:
        self._counts["passages"] += 1
        text = _text(row.text)
        self.tables.add(
            "reports_passage",
            *self._prefix,
            self._counts["passages"],
            _text(row.place),
            _text(row.label),
            text,
            text,
        )

    @take.register
    def _(self, row: NotUnderstood) -> None:
        self._remark(
            "not_understood",
            row.text,
            (),
            row.place or "",
            "unknown",
            "" if row.sort == "unknown" else row.sort,
        )

    @take.register
    def _(self, row: AmbiguousPart) -> None:
        self._ambiguous += 1
        self._remark("ambiguous", row.raw, row.candidates, row.place, row.role)

    @take.register
    def _(self, row: ColumnMap) -> None:
        self._maps.append(msgspec.to_builtins(row))
        self.part.column_maps = self._maps
        if self.part.state != "failed":
            self.part.state = "read" if all(map(is_settled, self._maps)) else "needs_map"

    @take.register
    def _(self, row: Failed) -> None:
        self.part.state, self.part.error = "failed", _text(row.reason)

    @take.register
    def _(self, row: MemberStart) -> None:
        self._end_part()
        name = f"{self.outer.name_raw or self.outer.name}!/{_text(row.name)}"
        known = (name, row.sha256)
        self.part = self._known.pop(known) if known in self._known else self._new_member(name)
        self.part.size, self.part.sha256, self.part.source = row.size, row.sha256, row.source or ""
        self.part.state, self.part.error = "sealed", _text(row.error)
        self.part.parser_version = _text(row.version)
        self.members.append(self.part)
        self._maps = []
        self._prefix = (self.report.id, self.report.agency_id, self.part.id)

    @cached_property
    def _known(self) -> dict[tuple[str, str], Part]:
        """The members that an earlier reading found: they keep their id and number, and what people decided on them."""
        held = members_of(self.outer) if self.outer.read_at else ()
        return {(part.name_raw or part.name, part.sha256): part for part in held}

    def _new_member(self, name: str) -> Part:
        part = Part(
            id=new_id(), report=self.report, agency_id=self.report.agency_id, original_id=self.outer.original_id,
            number=self.together.next_number(),
            name=name, member=True, received_at=self.outer.received_at,
        )  # fmt: skip
        self.new.add(part.id)
        return part

    def _remark(
        self, kind: str, text: str, candidates: Sequence[str], place: str, role: str, sort: str = ""
    ) -> None:
        self._counts["remarks"] += 1
        if self._counts["remarks"] <= MOST_REMARKS:
            self.tables.add(
                "reports_remark",
                *self._prefix,
                kind,
                _text(text),
                [_text(c) for c in candidates],
                _text(place),
                role,
                "",
                sort,
            )

    def _pseudonym(self, key: str) -> str:
        return self.together.pseudonym(f"{self.part.id} {key}")

    def _end_part(self) -> None:
        """Close the books of the part whose rows came last."""
        part, counts = self.part, self._counts
        if counts["remarks"] > MOST_REMARKS:
            self.tables.add(
                "reports_remark",
                *self._prefix,
                "not_understood",
                f"{counts['remarks'] - MOST_REMARKS} more lines like these",
                [],
                "",
                "unknown",
                "",
                "limit",
            )
        part.sightings, part.identifiers = (
            counts["sightings"],
            len(self._seen) if self._is_counted else self._count(),
        )
        part.messages, part.traces = counts["messages"], counts["traces"]
        self._seen, self._is_counted = set(), True
        self._counts = dict.fromkeys(counts, 0)

    def _count(self) -> int:
        """Return how many identifiers a part holds of which some are let go."""
        self.tables.flush()
        return SightingRow.objects.filter(part=self.part).values("holding_id").distinct().count()

    def close(self, outcome: Outcome | None) -> None:
        """Draw the conclusions once the last row is in; nothing is written yet."""
        source = (outcome.source if outcome else None) or ""
        self._end_part()
        self._name_source(source)
        if self.outer.read_at:
            self.members += self._lost()
        for part in (self.outer, *self.members):
            _settle(part, part.source if part.member else source, outcome, self.at)
            part.patterns, part.patterns_version = self._read_with
        self.together.settle((self.outer, *self.members), self._ambiguous)
        self._describe(self.together.states())

    def _lost(self) -> list[Part]:
        """Return members that an earlier reading found and this one did not reach: they hold nothing any more, and say so."""
        lost = list(self._known.values())
        for part in lost:
            part.sightings = part.identifiers = part.messages = part.traces = 0
            part.state, part.error = "failed", "Not reached when the archive was read again."
        return lost

    def _describe(self, states: set[str]) -> None:
        for summary in self._summaries:
            _fill(self.report, summary)
        self.report.state = "read" if states & {"read", "needs_map"} else "not_understood"
        entry = self.report.entry
        if entry.closed_at is not None:
            return
        if "needs_map" in states:
            self.step = "Settle the columns of a table"
        elif "failed" in states:
            failed, count = self.together.unread()
            self.step = work.unread_step(failed, of=count)
        elif not states & {"read"}:
            self.step = work.NOT_UNDERSTOOD
        elif doubts := self.together.doubts():
            self.step = work.settle_step(doubts)
        elif work.is_unread(entry):  # of an earlier reading
            self.step = work.READ_AND_GRADE
        elif self.report.urgent:
            self.step = entry.next_step
        if self.step:
            entry.next_step = self.step
            entry.due_at = min(entry.due_at, self.at + URGENT_DUE_IN) if self.report.urgent else entry.due_at


def _settle(part: Part, source: str, outcome: Outcome | None, at: datetime) -> None:
    part.source, part.read_at = source, at
    if outcome:
        part.seconds = outcome.seconds
        if not part.member:  # what is inside an archive has a reader of its own
            part.parser_version = outcome.version or ""
    if part.state == "sealed":
        part.state = "failed" if part.error else "read" if source else "not_understood"


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
