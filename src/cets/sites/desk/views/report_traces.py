"""A report's tab of activity: calls, pages visited, searches, downloads, places, contacts; what a device recorded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
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
from cets.domains.reports import items
from cets.domains.reports import queries as reports
from cets.domains.reports.models import TRACE_KINDS, Person, Report, Trace
from cets.domains.search import within
from cets.sites.desk import pages, wording
from cets.sites.desk.pages import forms
from cets.sites.desk.paging import MOST_OF_ONE, counted, page_of
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import finding, item_grades, places, report_parts, texts

#: Entries of a page, and of a page that is printed.
MANY, ON_PAPER = 50, 1_000
_LARGEST = 2**31 - 1
_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True)
class _Reading:
    """What the address asks for, in one report."""

    request: DeskRequest
    report: Report
    masker: Masker
    counts: Mapping[str, int]
    kind: str
    find: finding.Asked
    here: Trace | None
    on_paper: bool

    @property
    def url(self) -> str:
        return reverse("report_traces", args=[self.report.id])

    def kept(self, **more: str) -> dict[str, str]:
        """Return what every address of this page keeps, and more."""
        kept = {"kind": self.kind, "find": self.find.id, **more}
        return {name: value for name, value in kept.items() if value}

    def at(self, **more: str) -> str:
        return f"{self.url}?{urlencode(self.kept(**more))}"

    def rows(self) -> QuerySet[Trace]:
        found = reports.traces_of(self.report).select_related("part")
        return found.filter(kind=self.kind) if self.kind else found


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def report_traces(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Read what was recorded, all of it or one kind; what is posted is what to look for in it."""
    report = report_parts.opened(request, report_id)
    reading = _asked(request, report)
    form = forms.FindForm(
        request.POST if request.method == "POST" else None,
        initial={"words": reading.find.words},
        label=_("Find in this activity"),
        several=False,
    )
    if request.method == "POST" and (
        answer := finding.ask(request, form, reading.url, {"kind": reading.kind})
    ):
        return answer
    parts = list(reports.parts_of(report))
    head = report_parts.head(request, report, "report_traces", parts=parts)
    page = _page(reading, head, form, is_of_several=sum(part.traces > 0 for part in parts) > 1)
    return show(
        request, page, current="reports", reference=report.reference, handling=report_parts.handling_of(report)
    )  # fmt: skip


def _asked(request: DeskRequest, report: Report) -> _Reading:
    counts = _counts(report)
    kind = (request.POST if request.method == "POST" else request.GET).get("kind", "")
    here = _here(report, request.GET.get("at", ""))
    return _Reading(
        request=request,
        report=report,
        masker=masker_of(report.id),
        counts=counts,
        kind=kind if kind in counts and here is None else "",
        find=finding.of(request),
        here=here,
        on_paper=here is None and request.GET.get("print") == "1",
    )


def _page(
    reading: _Reading, head: pages.ReportHead, form: forms.FindForm, *, is_of_several: bool
) -> pages.ReportTraces:
    found, query = reading.rows(), reading.kept(page=reading.request.GET.get("page", "1"))
    find = pages.Find(form, reading.url)
    if reading.find and reading.here is None:
        found = within.in_traces(found, reading.find.words, reading.masker)
        find = _found(reading, found, form)
    if reading.here is not None:
        query["page"] = str(_before(found, reading.here).count() // MANY + 1)
    if reading.on_paper:
        query["print"] = "1"
    total = reading.counts[reading.kind] if reading.kind else sum(reading.counts.values())
    is_cut = bool(reading.find) and reading.here is None
    rows, paging = page_of(
        found, reading.url, query, size=ON_PAPER if reading.on_paper else MANY,
        most=MOST_OF_ONE, total=None if is_cut else total,
    )  # fmt: skip
    return pages.ReportTraces(
        head=head,
        rows=tuple(_rows(reading, rows, is_of_several=is_of_several)),
        total=total,
        kind=reading.kind,
        kinds=tuple(_kinds(reading)),
        zone_note=_(
            "The oldest first; what has no certain time stands at the end. Times that the source leaves no doubt about"
            " are in the zone of this page; others as written."
        ),
        find=find if reading.counts else None,
        paging=paging,
        print=pages.Link(_("Print this list"), reading.at(print="1"))
        if rows and not reading.on_paper
        else None,
        sheet=_sheet(reading, rows, paging) if reading.on_paper else None,
        empty=None if rows else _nothing(reading, head),
    )


def _found(reading: _Reading, found: QuerySet[Trace], form: forms.FindForm) -> pages.Find:
    number = counted(found, finding.MOST)
    within.note(reading.request.viewer, reading.report, found=number)
    told = ngettext("%(n)s entry holds “%(words)s”", "%(n)s entries hold “%(words)s”", number) % {
        "n": finding.number_word(number), "words": reading.find.words,
    }  # fmt: skip
    clear = f"{reading.url}?{urlencode({'kind': reading.kind})}" if reading.kind else reading.url
    return pages.Find(
        form, reading.url, asked=True, found=told if number else "", clear=pages.Link(_("Clear"), clear)
    )


def _nothing(reading: _Reading, head: pages.ReportHead) -> pages.Empty:
    if reading.find:
        return pages.Empty(
            _("No entry here shows “%(words)s”.") % {"words": reading.find.words},
            pages.Link(_("Show all"), reading.url),
        )
    if head.waits:
        return pages.Empty(f"{head.waits}.")
    return pages.Empty(
        _("No activity was read in it."),
        pages.Link(_("See what was read"), reverse("report", args=[reading.report.id])),
    )


def _sheet(reading: _Reading, rows: Sequence[Trace], paging: pages.Paging | None) -> pages.Sheet:
    """Say what the printed page is, and record that it was made."""
    name = str(wording.TRACES_WORDS[reading.kind]) if reading.kind else _("Activity")
    if paging is None:
        text = ngettext("%(name)s: %(n)s entry", "%(name)s: all %(n)s entries", len(rows)) % {
            "name": name, "n": f"{len(rows):,}",
        }  # fmt: skip
    else:
        text = _("%(name)s: entries %(first)s to %(last)s of %(n)s; print the further pages as well") % {
            "name": name, "first": f"{paging.first:,}", "last": f"{paging.last:,}", "n": f"{paging.total:,}",
        }  # fmt: skip
    if reading.find:
        text = _("%(text)s, those alone that hold “%(words)s”") % {"text": text, "words": reading.find.words}
    reports.record_printed(reading.request.viewer, reading.report, f"activity ({reading.kind or 'all'})")
    return pages.Sheet(text, pages.Link(_("Back to reading"), reading.at()))


def _counts(report: Report) -> dict[str, int]:
    """Return how many there are of each kind, in the order in which kinds are named."""
    rows = Trace.objects.filter(report=report).order_by().values_list("kind").annotate(n=Count("id"))
    found = dict(rows)
    return {kind: found[kind] for kind in TRACE_KINDS if kind in found}


def _kinds(reading: _Reading) -> Iterator[pages.Thread]:
    if len(reading.counts) < 2:  # noqa: PLR2004 - one kind is all of them
        return
    yield pages.Thread(_("All"), reading.url, sum(reading.counts.values()), current=not reading.kind)
    for kind, number in reading.counts.items():
        yield pages.Thread(
            str(wording.TRACES_WORDS[kind]), f"{reading.url}?kind={kind}", number, kind == reading.kind
        )


def _here(report: Report, at: str) -> Trace | None:
    """Return the entry that an address names by its part and number."""
    asked = places.asked_for(at)
    if asked is None:
        return None
    part, number = asked
    return Trace.objects.filter(report=report, part__number=part, number=number).first()


def _before(found: QuerySet[Trace], here: Trace) -> QuerySet[Trace]:
    if here.at is None:
        return found.filter(Q(at__isnull=False) | Q(id__lt=here.id))
    return found.filter(Q(at__lt=here.at) | Q(at=here.at, id__lt=here.id))


def _rows(reading: _Reading, rows: Sequence[Trace], *, is_of_several: bool) -> Iterable[pages.TraceRow]:
    if not rows:
        return
    report, masker = reading.report, reading.masker
    viewer, words = reading.request.viewer, reading.find.words
    marked = _marked(report, rows, masker)
    keys = {row.person for row in rows if row.person}
    people = Person.objects.filter(report=report, key__in=keys).exclude(pseudonym="") if keys else ()
    pseudonyms = {(p.part_id, p.key): p.pseudonym for p in people}
    grades = item_grades.beside(viewer, report, {row.id: items.of_trace(row) for row in rows}, masker)
    for row in rows:
        found = marked.get((row.part_id, row.number), [])
        yield pages.TraceRow(
            anchor=f"trace-{row.part.number}-{row.number}",
            address=places.address("trace", report.id, row.part.number, row.number, find=reading.find.id),
            number=row.number,
            kind=_kind(row),
            when=wording.seen(row.at, masker.label(row.at_raw), row.at_candidates),
            lasted=_lasted(row, masker),
            pieces=texts.pieces(viewer, row.text, found, masker, words) if row.text else (),
            url=_value(viewer, row.url, found, masker) if row.url else None,
            who=tuple(_who(viewer, row, pseudonyms.get((row.part_id, row.person), ""), found, masker)),
            at_point=_point(row, masker),
            accuracy=masker.label(row.accuracy),
            facts=tuple(pages.Fact(str(label), masker.label(str(text))) for label, text in row.facts),
            place=masker.label(row.place),
            file=masker.name(row.part.name) if is_of_several else "",
            here=reading.here is not None and row.id == reading.here.id,
            graded=grades.get(row.id),
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
    return masker.label(f"{row.latitude}, {row.longitude}")
