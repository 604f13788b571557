"""Single items of a report, as they are graded, and what was thought of them, the newest last.

An item is known by its place in the original and by what stands there. Where a file is read again and something else
stands at the place, its gradings are of what stood there before, and are told so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from cets.domains.reports.models import ItemGrading, Message, Report, Trace
from cets.kernel.ids import keyed_id


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a report. `key`: of a sighting, that of its identifier; `mark`: of what stands there."""

    kind: str
    part_id: UUID
    place: str
    mark: UUID
    key: UUID | None = None


@dataclass(frozen=True, slots=True)
class Gradings:
    """What was thought of one item: `own`, the newest last, and `before`, of what stood at its place earlier."""

    own: Sequence[ItemGrading] = field(default_factory=list)
    before: Sequence[ItemGrading] = field(default_factory=list)

    @property
    def now(self) -> ItemGrading | None:
        return self.own[-1] if self.own else None


NONE = Gradings()


def mark_of(kind: str, *parts: str) -> UUID:
    """Return what tells one content from another, and nobody without the key the content."""
    return keyed_id(settings.CETS.match_key, f"graded {kind}", *parts)


def of_message(message: Message) -> Item:
    mark = mark_of("message", message.thread, message.sender, message.sent_raw, message.subject, message.text)
    return Item("message", message.part_id, message.place, mark)


def of_trace(trace: Trace) -> Item:
    said = (trace.kind, trace.direction, trace.at_raw, trace.text, trace.url, *trace.counterparts)
    return Item("trace", trace.part_id, trace.place, mark_of("trace", *said, trace.latitude, trace.longitude))


def gradings_of(report: Report, items: Iterable[Item]) -> Mapping[Item, Gradings]:
    """Return what was thought of each of these, those alone of which something was: one statement."""
    wanted = list(items)
    if not wanted:
        return {}
    rows = ItemGrading.objects.filter(
        report=report, part__in={i.part_id for i in wanted}, place__in={i.place for i in wanted}
    ).order_by("graded_at", "id")
    found: dict[tuple[str, UUID, str, UUID | None], list[ItemGrading]] = {}
    for row in rows:
        found.setdefault((row.item, row.part_id, row.place, row.key), []).append(row)
    return {
        item: Gradings(
            own=[row for row in there if row.mark == item.mark],
            before=[row for row in there if row.mark != item.mark],
        )
        for item in wanted
        if (there := found.get((item.kind, item.part_id, item.place, item.key)))
    }


def all_gradings_of(report: Report) -> Sequence[ItemGrading]:
    """Return every grading of an item of the report, in the order of its files and of time."""
    rows = ItemGrading.objects.filter(report=report).select_related("part")
    return list(rows.order_by("part__number", "item", "place", "graded_at", "id"))
