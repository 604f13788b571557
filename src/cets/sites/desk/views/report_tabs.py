"""A report's further tabs: identifiers with their places, hits, custody, history."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.domains.deconfliction import queries as hits
from cets.domains.identifiers import queries as identifiers
from cets.domains.identifiers.items import of_sighting
from cets.domains.identifiers.models import Holding, Sighting
from cets.domains.intake.masking import Masker, masker_of
from cets.domains.reports import queries as reports
from cets.domains.reports.models import Part, Report
from cets.domains.reports.queries import NotFound
from cets.domains.vault.models import CustodyEvent, Original
from cets.sites.desk import pages, wording
from cets.sites.desk.pages import forms
from cets.sites.desk.paging import MOST_OF_ONE, counted, page_of
from cets.sites.desk.request import DeskRequest, Page, screen, show
from cets.sites.desk.views import item_grades, lookups, places, report_parts, report_receipt

#: Places that stand below each identifier of the table, places and events of a page of their own, lines of a chat.
_FEW, _MANY = 3, 50
_MOST_HITS = 100


def _show(request: DeskRequest, report: Report, page: Page) -> HttpResponse:
    return show(
        request,
        page,
        current="reports",
        reference=report.reference,
        handling=report_parts.handling_of(report),
    )


# --- identifiers ----------------------------------------------------------------------------------------------------


@screen("GET", see=Permission.REPORT_VIEW)
def report_identifiers(request: DeskRequest, report_id: UUID) -> HttpResponse:
    viewer, report = request.viewer, report_parts.opened(request, report_id)
    url = reverse("report_identifiers", args=[report.id])
    held = identifiers.of_report(report)
    filters = forms.IdentifierFilter(request.GET, kinds=_kinds(report), roles=_roles())
    found = _filtered(viewer, held, filters.cleaned_data if filters.is_valid() else {})
    rows, paging = page_of(found, url, request.GET, most=MOST_OF_ONE)
    first, masker = _first_places(rows), masker_of(report.id)
    head = report_parts.head(request, report, "report_identifiers", parts=list(reports.parts_of(report)))
    items = zip(rows, report_parts.identifier_rows(viewer, report, rows, masker), strict=True)
    page = pages.ReportIdentifiers(
        head=head,
        identifiers=tuple(_with_places(report, h, row, first.get(h.id, []), masker) for h, row in items),
        total=counted(found, MOST_OF_ONE),
        filters=filters,
        filter_url=url,
        paging=paging,
        empty=None if rows else _no_identifiers(report, url, head.waits, is_filtered=bool(request.GET)),
    )
    return _show(request, report, page)


def _no_identifiers(report: Report, url: str, waits: str, *, is_filtered: bool) -> pages.Empty:
    if is_filtered:
        return pages.Empty(_("No identifier fits this filter."), pages.Link(_("Show all"), url))
    if waits:
        return pages.Empty(f"{waits}.")
    overview = reverse("report", args=[report.id])
    return pages.Empty(_("No identifier was found in it."), pages.Link(_("See what was read"), overview))


def _kinds(report: Report) -> list[forms.Choice]:
    names = Holding.objects.filter(report=report).order_by("kind").values_list("kind", flat=True).distinct()
    return [(name, wording.kind_word(name)) for name in names]


def _roles() -> list[forms.Choice]:
    return list(wording.ROLE_WORDS.items())


def _filtered(viewer: Viewer, held: QuerySet[Holding], chosen: dict[str, Any]) -> QuerySet[Holding]:
    if kind := chosen.get("kind"):
        held = held.filter(kind=kind)
    if role := chosen.get("role"):
        held = held.filter(roles__contains=[role])
    if chosen.get("hits"):
        held = held.filter(
            key__in=hits.visible_to(viewer).filter(common="").exclude(state="withdrawn").values("key")
        )
    return held


def _first_places(holdings: Sequence[Holding]) -> dict[UUID, list[Sighting]]:
    """Return the first places of each: one statement however many there are."""
    numbered = identifiers.places_of(holdings).annotate(
        nth=Window(RowNumber(), partition_by=F("holding_id"), order_by=F("id").asc())
    )
    found: dict[UUID, list[Sighting]] = {}
    for sighting in numbered.filter(nth__lte=_FEW) if holdings else ():
        found.setdefault(sighting.holding_id, []).append(sighting)
    return found


def _with_places(
    report: Report, holding: Holding, row: pages.IdentifierRow, sightings: Sequence[Sighting], masker: Masker
) -> pages.IdentifierPlaces:
    hidden = max(holding.places - len(sightings), 0)
    more = ngettext("%(n)s more place", "%(n)s more places", hidden) % {"n": f"{hidden:,}"}
    url = reverse("report_places", args=[report.id, holding.id])
    return pages.IdentifierPlaces(
        identifier=row,
        places=tuple(place_row(s, masker, is_masked=row.value.masked is not None) for s in sightings),
        anchor=f"identifier-{holding.id}",
        hidden=hidden,
        all_places=pages.Link(more, url) if hidden else None,
    )


def place_row(sighting: Sighting, masker: Masker, *, is_masked: bool) -> pages.PlaceRow:
    """Word one place; how it was written is not told of a victim's value."""
    after = _(", port %(port)s") % {"port": sighting.port} if sighting.port else ""
    return pages.PlaceRow(
        place=places.link(sighting, masker),
        way=wording.way_word([sighting.way]),
        role=wording.role_word(sighting.role),
        seen=places.seen(sighting, masker) + after,
        written="" if is_masked else sighting.raw,
    )


@screen("GET", see=Permission.REPORT_VIEW)
def report_places(request: DeskRequest, report_id: UUID, holding_id: UUID) -> HttpResponse:
    """Show one identifier of a report with all its places."""
    viewer, report = request.viewer, report_parts.opened(request, report_id)
    holding = Holding.objects.filter(report=report, id=holding_id).first()
    if holding is None:
        raise NotFound(str(NotFound.__doc__))
    url = reverse("report_places", args=[report.id, holding.id])
    rows, paging = page_of(identifiers.places_of([holding]), url, request.GET, size=_MANY, most=MOST_OF_ONE)
    masker = masker_of(report.id)
    (row,) = report_parts.identifier_rows(viewer, report, [holding], masker)
    for sighting in rows:
        sighting.holding = holding
    grades = item_grades.beside(viewer, report, {s.id: of_sighting(s) for s in rows}, masker)
    placed = tuple(
        replace(
            place_row(s, masker, is_masked=row.value.masked is not None),
            graded=grades.get(s.id),
        )
        for s in rows
    )
    page = pages.ReportIdentifiers(
        head=report_parts.head(request, report, "report_identifiers", parts=list(reports.parts_of(report))),
        identifiers=(pages.IdentifierPlaces(row, placed, f"identifier-{holding.id}"),),
        total=1,
        filters=forms.IdentifierFilter(kinds=_kinds(report), roles=_roles()),
        filter_url=reverse("report_identifiers", args=[report.id]),
        paging=paging,
    )
    return _show(request, report, page)


# --- hits, custody, history -----------------------------------------------------------------------------------------


@screen("GET", see=Permission.REPORT_VIEW)
def report_hits(request: DeskRequest, report_id: UUID) -> HttpResponse:
    viewer, report = request.viewer, report_parts.opened(request, report_id)
    _refuse_narrow(viewer)
    told = report_parts.told_of_report(viewer, report, _MOST_HITS)
    common = list(identifiers.of_report(report).exclude(common="")[:_MANY])
    head = report_parts.head(request, report, "report_hits", parts=list(reports.parts_of(report)))
    none = (
        f"{head.waits}." if head.waits else _("No other record that you may know of holds these identifiers.")
    )
    page = pages.ReportHits(
        head=head,
        hits=tuple(report_parts.report_hit(t, report) for t in told if t.theirs),
        own=tuple(report_parts.report_hit(t, report) for t in told if not t.theirs),
        suppressed=report_parts.identifier_rows(viewer, report, common, masker_of(report.id)),
        matched_at=max((t.hit.matched_at for t in told), default=None),
        empty=None if told else pages.Empty(none),
    )
    return _show(request, report, page)


def _refuse_narrow(viewer: Viewer) -> None:
    if viewer.narrow:
        raise NotFound(str(NotFound.__doc__))


@screen("GET", see=Permission.REPORT_VIEW)
def report_custody(request: DeskRequest, report_id: UUID) -> HttpResponse:
    viewer, report = request.viewer, report_parts.opened(request, report_id)
    _refuse_narrow(viewer)
    parts = list(reports.parts_of(report).select_related("original"))
    own = [p for p in parts if not p.member]
    events = CustodyEvent.objects.filter(original__in={p.original_id for p in own}).order_by("-at", "-id")
    url = reverse("report_custody", args=[report.id])
    rows, paging = page_of(events, url, request.GET, size=_MANY, most=MOST_OF_ONE)
    known, masker = lookups.names(row.by for row in rows), masker_of(report.id)
    head = report_parts.head(request, report, "report_custody", parts=parts)
    page = pages.ReportCustody(
        head=head,
        originals=tuple(_original(viewer, report, p, masker) for p in own),
        events=tuple(_custody(row, known) for row in rows),
        receipt=report_receipt.receipt(viewer, report, parts, masker, head, full=True),
        paging=paging,
    )
    return _show(request, report, page)


def _original(viewer: Viewer, report: Report, part: Part, masker: Masker) -> pages.Original:
    original: Original = part.original
    download = reverse("original", args=[report.id, part.id])
    return pages.Original(
        name=_("A file that was not read yet") if reports.is_name_hidden(part) else masker.name(part.name),
        size=wording.size(original.size),
        received_at=part.received_at,
        md5=original.md5,
        sha1=original.sha1,
        sha256=original.sha256,
        download=pages.Link(_("Download with a purpose"), download)
        if viewer.may(Permission.ORIGINAL_OPEN)
        else None,
        reader=f"{wording.source_word(part.source)} ({part.source} {part.parser_version})"
        if part.source
        else "",
        again_url=reverse("read_again", args=[report.id, part.id])
        if viewer.may(Permission.REPORT_ADD) and part.state != "sealed"
        else "",
    )


def _custody(row: CustodyEvent, known: dict[UUID, str]) -> pages.Event:
    by = lookups.actor_word(row.by_kind, known.get(row.by, ""))
    return pages.Event(row.at, str(wording.CUSTODY.get(row.what, row.what)), row.note, by)


@screen("GET", see=Permission.REPORT_VIEW)
def report_history(request: DeskRequest, report_id: UUID) -> HttpResponse:
    report = report_parts.opened(request, report_id)
    url = reverse("report_history", args=[report.id])
    rows, paging = page_of(lookups.events_of([report.id]), url, request.GET, size=_MANY, most=MOST_OF_ONE)
    page = pages.ReportHistory(
        head=report_parts.head(request, report, "report_history", parts=list(reports.parts_of(report))),
        events=lookups.history(rows),
        paging=paging,
    )
    return _show(request, report, page)
