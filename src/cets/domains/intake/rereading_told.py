"""What a further reading of a file added, no longer gives, or gives otherwise: told on its receipt and in the history, never silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Sum

from cets.access.viewer import Viewer
from cets.audit.recording import record
from cets.domains.intake import events
from cets.domains.intake.queries import members_of
from cets.domains.ledger import actions as ledger
from cets.domains.reports.models import Part, Person, Remark

#: Of each identifier: whose it is, and digests of its times.
_HELD = """
select h.key, array_agg(distinct s.role),
  array_agg(distinct hashtextextended(concat_ws(' ', extract(epoch from s.seen_at), s.seen_candidates), 0))
    filter (where s.seen_at is not null or s.seen_candidates <> '{}')
from identifiers_sighting s join identifiers_holding h on h.id = s.holding_id
where s.part_id = any(%s) group by h.key
"""
#: A digest of each message and entry: what it says, of whom, when; not where it stands, which readers may tell in other words.
_SAID = """
select hashtextextended(concat_ws(chr(31), sender, recipients, extract(epoch from sent_at), sent_candidates, text), 0)
from reports_message where part_id = any(%s)
union
select hashtextextended(concat_ws(chr(31), kind, direction, counterparts, extract(epoch from at), at_candidates, text, url,
  latitude, longitude), 0)
from reports_trace where part_id = any(%s)
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file, with all that is inside it, gave when it was read: identifiers, people, messages and entries.

    `held`: by identifier, in which roles it stands, and digests of its times. `people`: how many in each role. `said`: digests of
    messages and entries.
    """

    part_id: UUID
    source: str
    version: str
    patterns: int  # version of the agency's own patterns; 0: it never had any
    held: Mapping[UUID, tuple[frozenset[str], frozenset[int]]]
    people: Mapping[str, int]
    messages: int
    traces: int
    said: frozenset[int]
    failed: Mapping[UUID, str]  # what of it could not be read to its end, and why
    readers: frozenset[tuple[str, str]] = frozenset()  # sources and versions, also of what is inside

    @property
    def by(self) -> str:
        by = f"{self.source} {self.version}".strip() or "no source"
        return f"{by}, own patterns of version {self.patterns}" if self.patterns else by


def reading_of(part: Part) -> Reading:
    """Return what stands of a part now, in the caller's transaction."""
    whole = [part.id, *members_of(part).values_list("id", flat=True)]
    people = Person.objects.filter(part__in=whole).order_by().values_list("role")
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [whole])
        held = {key: (frozenset(roles), frozenset(times or ())) for key, roles, times in cursor}
        cursor.execute(_SAID, [whole, whole])
        said = frozenset(digest for (digest,) in cursor)
    counts = Part.objects.filter(id__in=whole).aggregate(messages=Sum("messages"), traces=Sum("traces"))
    return Reading(
        part_id=part.id,
        source=part.source,
        version=part.parser_version,
        patterns=part.patterns_version,
        held=held,
        people=dict(people.annotate(n=Count("id"))),
        messages=counts["messages"] or 0,
        traces=counts["traces"] or 0,
        said=said,
        failed=_failed(whole),
        readers=frozenset(
            Part.objects.filter(id__in=whole).order_by().values_list("source", "parser_version")
        ),
    )


def _failed(whole: Sequence[UUID]) -> dict[UUID, str]:
    return dict(Part.objects.filter(id__in=whole).exclude(error="").values_list("id", "error"))


def tell(
    before: Sequence[Reading], *, settled: Mapping[UUID, tuple[int, int]], by: Viewer, at: datetime
) -> None:
    """Say of each file that was read again what changed, in the caller's transaction; its owner is told of what is gone.

    `settled`: by file, how many of the doubts that somebody settled are asked again as they were, and how many are not.
    """
    for old in before:
        part = Part.objects.select_related("report__entry").get(id=old.part_id)
        if part.state == "sealed":
            continue  # it waits for another reading
        new = reading_of(part)
        kept, unasked = settled.get(old.part_id, (0, 0))
        change = _compared(old, new, unasked)
        text = _sentence(old, new, change)
        Remark.objects.create(
            report_id=part.report_id, agency_id=part.agency_id, part=part, kind="note", text=text
        )
        record(
            events.READ_AGAIN, by=by, subject=("report", part.report_id), part=part.number, source=new.by, before=old.by,
            added=change.added, gone=change.gone, roles=change.roles, times=change.times, messages=new.messages - old.messages,
            traces=new.traces - old.traces, settled=kept, unasked=unasked,
        )  # fmt: skip
        if change.takes_away and new.readers != old.readers:  # no officer's settling did it
            _warn(part, text, at)


def stopped_short(before: Sequence[Reading]) -> dict[UUID, str]:
    """Return the files whose further reading failed where the one before did not, and gave less or otherwise; and why it failed."""
    found = {}
    for old in before:
        part = Part.objects.get(id=old.part_id)
        failed = _failed([part.id, *members_of(part).values_list("id", flat=True)])
        further = [why for part_id, why in failed.items() if part_id not in old.failed]
        if further and _compared(old, reading_of(part)).takes_away:
            found[old.part_id] = further[0]
    return found


def tell_stopped(part: Part, why: str, *, by: Viewer, at: datetime) -> None:
    """Say that a further reading of a file failed and what the one before gave stands, in the caller's transaction."""
    text = f"It could not be read again: {why} What its last reading gave stands."
    Remark.objects.create(
        report_id=part.report_id, agency_id=part.agency_id, part=part, kind="note", text=text
    )
    record(events.READING_STOPPED, by=by, subject=("report", part.report_id), part=part.number)
    _warn(part, text, at)


@dataclass(frozen=True, slots=True)
class _Change:
    """How two readings differ.

    `roles`, `times`: of how many identifiers that both gave; `said`: of messages and entries; `unasked`: of settled doubts.
    """

    added: int
    gone: int
    roles: int
    times: int
    said: int
    unasked: int
    counts: tuple[tuple[str, int, int], ...]  # of what, now, before

    @property
    def takes_away(self) -> bool:
        """Say whether something that stood there stands there no more, or is of somebody else or of another time."""
        is_less = any(now < then for _, now, then in self.counts)
        return bool(self.gone or self.roles or self.times or self.said or self.unasked or is_less)


def _compared(old: Reading, new: Reading, unasked: int = 0) -> _Change:
    both = old.held.keys() & new.held.keys()
    roles = sorted({*old.people, *new.people})
    counts = (
        ("messages", new.messages, old.messages),
        ("entries of activity", new.traces, old.traces),
        *((f"people as {role}", new.people.get(role, 0), old.people.get(role, 0)) for role in roles),
    )
    return _Change(
        added=len(new.held.keys() - both),
        gone=len(old.held.keys() - both),
        roles=sum(old.held[key][0] != new.held[key][0] for key in both),
        times=sum(not old.held[key][1] <= new.held[key][1] for key in both),
        said=len(old.said - new.said),
        unasked=unasked,
        counts=tuple((name, now, then) for name, now, then in counts if now != then),
    )


def _sentence(old: Reading, new: Reading, change: _Change) -> str:
    identifiers = "identifier" if change.added == 1 else "identifiers"
    held = [f"{change.added:,} {identifiers} added, {change.gone:,} gone"]
    held += [f"{change.roles:,} in another role"] if change.roles else []
    held += [f"{change.times:,} no longer at a time at which it was seen"] if change.times else []
    said = [", ".join(held), *(f"{name} {now:,}, before {then:,}" for name, now, then in change.counts)]
    said += (
        [f"{change.said:,} messages or entries no longer with the same words, people or time"]
        if change.said
        else []
    )
    said += [f"{change.unasked:,} settled doubts no longer asked as they were"] if change.unasked else []
    before = f" (before with {old.by})" if old.by != new.by else ""
    return f"Read again with {new.by}{before}: {'; '.join(said)}."


def _warn(part: Part, text: str, at: datetime) -> None:
    """Tell the owner that something which was there is there no more, or is of somebody else or of another time."""
    report = part.report
    entry = report.entry
    ledger.alert(
        agency_id=report.agency_id, kind="read_again", text=f"{report.reference}, file {part.number}: {text}",
        subject=("report", report.id), at=at, officer_id=entry.owner_officer_id, team_id=entry.owner_team_id,
    )  # fmt: skip
