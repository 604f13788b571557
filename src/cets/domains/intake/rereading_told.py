"""What a further reading of a file added and what it no longer gives: told on its receipt and in the history, never silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from cets.access.viewer import Viewer
from cets.audit.recording import record
from cets.domains.identifiers.models import Sighting
from cets.domains.intake import events
from cets.domains.intake.queries import members_of
from cets.domains.ledger import actions as ledger
from cets.domains.reports.models import Part, Remark


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file, with all that is inside it, gave when it was read: which identifiers, and how many messages and entries."""

    part_id: UUID
    source: str
    version: str
    patterns: int  # version of the agency's own patterns; 0: it never had any
    keys: frozenset[UUID]
    messages: int
    traces: int
    readers: frozenset[tuple[str, str]] = frozenset()  # sources and versions, also of what is inside

    @property
    def by(self) -> str:
        by = f"{self.source} {self.version}".strip() or "no source"
        return f"{by}, own patterns of version {self.patterns}" if self.patterns else by


def reading_of(part: Part) -> Reading:
    """Return what stands of a part now, in the caller's transaction."""
    whole = [part.id, *members_of(part).values_list("id", flat=True)]
    keys = Sighting.objects.filter(part__in=whole).values_list("holding__key", flat=True).distinct()
    counts = Part.objects.filter(id__in=whole).aggregate(messages=Sum("messages"), traces=Sum("traces"))
    return Reading(
        part_id=part.id,
        source=part.source,
        version=part.parser_version,
        patterns=part.patterns_version,
        keys=frozenset(keys),
        messages=counts["messages"] or 0,
        traces=counts["traces"] or 0,
        readers=frozenset(
            Part.objects.filter(id__in=whole).order_by().values_list("source", "parser_version")
        ),
    )


def tell(before: Sequence[Reading], *, settled: int, by: Viewer, at: datetime) -> None:
    """Say of each file that was read again what changed, in the caller's transaction; its owner is told of what is gone."""
    for old in before:
        part = Part.objects.select_related("report__entry").get(id=old.part_id)
        if part.state == "sealed":
            continue  # it waits for another reading
        new = reading_of(part)
        added, gone = len(new.keys - old.keys), len(old.keys - new.keys)
        text = _sentence(old, new, added, gone)
        Remark.objects.create(
            report_id=part.report_id, agency_id=part.agency_id, part=part, kind="note", text=text
        )
        record(
            events.READ_AGAIN, by=by, subject=("report", part.report_id), part=part.number, source=new.by, before=old.by, added=added,
            gone=gone, messages=new.messages - old.messages, traces=new.traces - old.traces, settled=settled,
        )  # fmt: skip
        is_less = gone or new.messages < old.messages or new.traces < old.traces
        if is_less and new.readers != old.readers:  # no officer's settling took it away
            _warn(part, text, at)


def _sentence(old: Reading, new: Reading, added: int, gone: int) -> str:
    said = [f"{added:,} {'identifier' if added == 1 else 'identifiers'} added, {gone:,} gone"]
    said += [
        f"{name} {now:,}, before {then:,}"
        for name, now, then in (
            ("messages", new.messages, old.messages),
            ("entries of activity", new.traces, old.traces),
        )
        if now != then
    ]
    before = f" (before with {old.by})" if old.by != new.by else ""
    return f"Read again with {new.by}{before}: {'; '.join(said)}."


def _warn(part: Part, text: str, at: datetime) -> None:
    """Tell the owner that something which was there is there no more."""
    report = part.report
    entry = report.entry
    ledger.alert(
        agency_id=report.agency_id, kind="read_again", text=f"{report.reference}, file {part.number}: {text}",
        subject=("report", report.id), at=at, officer_id=entry.owner_officer_id, team_id=entry.owner_team_id,
    )  # fmt: skip
