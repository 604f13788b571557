"""A report's tab of activity: calls, pages visited, searches, downloads, places, contacts; what a device recorded."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.domains.identifiers.models import Sighting
from cets.domains.intake.masked_values import with_masks
from cets.domains.intake.masking import Masker, masker_of
from cets.domains.reports import queries as reports
from cets.domains.reports.models import TRACE_KINDS, Person, Report, Trace
from cets.sites.desk import pages, wording
from cets.sites.desk.paging import MOST_OF_ONE, page_of
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import report_parts, texts

_MANY = 50
#: A part and a number as the addresses hold them fit a database integer.
_DIGITS, _LARGEST = 18, 2**31 - 1
_MINUTE, _HOUR = 60, 3600


@screen("GET", see=Permission.REPORT_VIEW)
def report_traces(request: DeskRequest, report_id: UUID) -> HttpResponse:
    viewer, report = request.viewer, report_parts.opened(request, report_id)
    url, masker = reverse("report_traces", args=[report.id]), masker_of(report.id)
    found, here = reports.traces_of(report), _asked_for(report, request.GET.get("at", ""))
    counts = _counts(report)
    kind = request.GET.get("kind", "")
    query = {"page": request.GET.get("page", "1")}
    if here is not None:
        query["page"] = str(_before(found, here).count() // _MANY + 1)
    elif kind in counts:
        found, query["kind"] = found.filter(kind=kind), kind
    rows, paging = page_of(found.select_related("part"), url, query, size=_MANY, most=MOST_OF_ONE)
    parts = list(reports.parts_of(report))
    is_of_several = sum(part.traces > 0 for part in parts) > 1
    page = pages.ReportTraces(
        head=report_parts.head(request, report, "report_traces", parts=parts),
        rows=tuple(_rows(viewer, report, rows, masker, here, is_of_several=is_of_several)),
        total=counts[kind] if "kind" in query else sum(counts.values()),
        kinds=tuple(_kinds(url, counts, query.get("kind", ""))),
        zone_note=_(
            "The oldest first; what has no certain time stands at the end. Times that the source leaves no doubt about"
            " are in the zone of this page; others as written."
        ),
        paging=paging,
        empty=None
        if rows
        else pages.Empty(
            _("No activity was read in it."),
            pages.Link(_("See what was read"), reverse("report", args=[report.id])),
        ),
    )
    return show(
        request, page, current="reports", reference=report.reference, handling=report_parts.handling_of(report)
    )  # fmt: skip


def _counts(report: Report) -> dict[str, int]:
    """Return how many there are of each kind, in the order in which kinds are named."""
    rows = Trace.objects.filter(report=report).order_by().values_list("kind").annotate(n=Count("id"))
    found = dict(rows)
    return {kind: found[kind] for kind in TRACE_KINDS if kind in found}


def _kinds(url: str, counts: dict[str, int], chosen: str) -> Iterator[pages.Thread]:
    if len(counts) < 2:  # noqa: PLR2004 - one kind is all of them
        return
    yield pages.Thread(_("All"), url, sum(counts.values()), current=not chosen)
    for kind, number in counts.items():
        yield pages.Thread(str(wording.TRACES_WORDS[kind]), f"{url}?kind={kind}", number, kind == chosen)


def _asked_for(report: Report, at: str) -> Trace | None:
    """Return the entry that an address names by its part and number."""
    part, _dash, number = at.partition("-")
    if not (part.isdecimal() and number.isdecimal() and len(part + number) < _DIGITS):
        return None
    part_number, own = min(int(part), _LARGEST), min(int(number), _LARGEST)
    return Trace.objects.filter(report=report, part__number=part_number, number=own).first()


def _before(found: QuerySet[Trace], here: Trace) -> QuerySet[Trace]:
    if here.at is None:
        return found.filter(Q(at__isnull=False) | Q(id__lt=here.id))
    return found.filter(Q(at__lt=here.at) | Q(at=here.at, id__lt=here.id))


def _rows(
    viewer: Viewer,
    report: Report,
    rows: Sequence[Trace],
    masker: Masker,
    here: Trace | None,
    *,
    is_of_several: bool,
) -> Iterable[pages.TraceRow]:
    if not rows:
        return
    marked = _marked(report, rows, masker)
    keys = {row.person for row in rows if row.person}
    people = Person.objects.filter(report=report, key__in=keys).exclude(pseudonym="") if keys else ()
    pseudonyms = {(p.part_id, p.key): p.pseudonym for p in people}
    for row in rows:
        found = marked.get((row.part_id, row.number), [])
        yield pages.TraceRow(
            anchor=f"trace-{row.part.number}-{row.number}",
            kind=_kind(row),
            when=wording.seen(row.at, masker.label(row.at_raw), row.at_candidates),
            lasted=_lasted(row, masker),
            pieces=texts.pieces(viewer, row.text, found, masker) if row.text else (),
            url=_value(viewer, row.url, found, masker) if row.url else None,
            who=tuple(_who(viewer, row, pseudonyms.get((row.part_id, row.person), ""), found, masker)),
            at_point=_point(row, masker),
            facts=tuple(pages.Fact(str(label), masker.label(str(text))) for label, text in row.facts),
            place=masker.label(row.place),
            file=masker.name(row.part.name) if is_of_several else "",
            here=here is not None and row.id == here.id,
        )


def _marked(report: Report, rows: Sequence[Trace], masker: Masker) -> dict[tuple[UUID, int], list[Sighting]]:
    """Return what was found in each of them, by part and number: one statement, and those that mask."""
    numbers: dict[UUID, list[int]] = {}
    for row in rows:
        numbers.setdefault(row.part_id, []).append(row.number)
    wanted = Q()
    for part_id, own in numbers.items():
        wanted |= Q(part_id=part_id, trace__in=own)
    found: dict[tuple[UUID, int], list[Sighting]] = {}
    for sighting in Sighting.objects.filter(wanted).select_related("holding").order_by("id"):
        found.setdefault((sighting.part_id, sighting.trace or 0), []).append(sighting)
    with_masks([s.holding for group in found.values() for s in group], {report.id: masker})
    return found


def _kind(row: Trace) -> str:
    word = str(wording.TRACE_WORDS[row.kind])
    if row.direction == "in":
        return _("%(kind)s, incoming") % {"kind": word}
    return _("%(kind)s, outgoing") % {"kind": word} if row.direction == "out" else word


def _lasted(row: Trace, masker: Masker) -> str:
    if row.seconds is not None:
        return _length(row.seconds)
    end = wording.seen(row.until, masker.label(row.until_raw), row.until_candidates)
    return _("until %(moment)s") % {"moment": end} if end else ""


def _length(seconds: float) -> str:
    """Word how long it lasted: 45 seconds, 2 min 05 s, 1 h 02 min 05 s."""
    whole = int(min(max(seconds, 0), _LARGEST)) if seconds == seconds else 0  # noqa: PLR0124 - not a number
    hours, rest = divmod(whole, _HOUR)
    minutes, left = divmod(rest, _MINUTE)
    if hours:
        return _("%(h)s h %(min)s min %(s)s s") % {
            "h": f"{hours:,}",
            "min": f"{minutes:02}",
            "s": f"{left:02}",
        }
    if minutes:
        return _("%(min)s min %(s)s s") % {"min": minutes, "s": f"{left:02}"}
    return ngettext("%(n)s second", "%(n)s seconds", left) % {"n": left}


def _value(viewer: Viewer, written: str, found: Sequence[Sighting], masker: Masker) -> pages.Value:
    """Return what stands in a field of its own: the identifier that was found in it, or the text."""
    for sighting in found:
        if sighting.start is None and sighting.raw == written:
            return report_parts.value_of(viewer, sighting.holding)
    return pages.Value(text=masker.value(masker(written)))


def _who(
    viewer: Viewer, row: Trace, pseudonym: str, found: Sequence[Sighting], masker: Masker
) -> Iterator[pages.Value]:
    if pseudonym:
        yield pages.Value(masked=pages.Masked(pseudonym, _("person")))
    for counterpart in row.counterparts:
        yield _value(viewer, counterpart, found, masker)


def _point(row: Trace, masker: Masker) -> str:
    if not row.latitude and not row.longitude:
        return ""
    point = masker.label(f"{row.latitude}, {row.longitude}")
    if not row.accuracy:
        return point
    return _("%(point)s, accurate to %(accuracy)s") % {"point": point, "accuracy": masker.label(row.accuracy)}
