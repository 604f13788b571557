"""Single items of a report graded 3x5x2: shown beside the item, set on a page of its own, every earlier one kept."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, require
from cets.domains.identifiers.items import of_sighting
from cets.domains.identifiers.models import Sighting
from cets.domains.intake.masked_values import with_masks
from cets.domains.intake.masking import Masker, masker_of
from cets.domains.reports import actions, items
from cets.domains.reports.items import Gradings, Item
from cets.domains.reports.models import ItemGrading, Message, Report, Trace
from cets.domains.reports.queries import NotFound
from cets.kernel.errors import CetsError
from cets.sites.desk import pages, wording
from cets.sites.desk.pages import forms
from cets.sites.desk.pages.forms import Words
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import lookups, places, report_parts

ITEM_WORDS: dict[str, Words] = {
    "message": gettext_lazy("Message"),
    "trace": gettext_lazy("Entry of activity"),
    "sighting": gettext_lazy("Identifier at one place"),
}
_LABELS = {
    **{f"source {code}": label for code, label in forms.SOURCE_GRADES},
    **{f"information {code}": label for code, label in forms.INFORMATION_GRADES},
    **{f"handling {code}": label for code, label in forms.HANDLING_CODES},
}
#: So much of a text is shown above the question.
_CHARACTERS = 600


def beside(
    viewer: Viewer, report: Report, found: Mapping[UUID, Item], masker: Masker
) -> dict[UUID, pages.Graded]:
    """Return by row what is shown beside each: how it was graded, and the way to do so for whoever may."""
    known = items.gradings_of(report, found.values())
    may = viewer.may(Permission.REPORT_GRADE)
    names = lookups.names(g.now.graded_by for g in known.values() if g.now)
    return {
        row: _graded(
            known.get(item, items.NONE), names, address(report, item.kind, row) if may else "", masker
        )
        for row, item in found.items()
        if may or item in known
    }


def address(report: Report, kind: str, row: UUID) -> str:
    return reverse("grade_item", args=[report.id, kind, row])


def _graded(gradings: Gradings, names: Mapping[UUID, str], way: str, masker: Masker) -> pages.Graded:
    now = gradings.now
    before = ""
    if gradings.before and now is None:
        before = _("Graded %(grading)s before the file was read again; it reads otherwise now") % {
            "grading": gradings.before[-1]
        }
    link = pages.Link(_("Grade anew") if now else _("Grade"), way) if way else None
    if now is None:
        return pages.Graded(before=before, way=link)
    return pages.Graded(
        text=str(now),
        words=words_of(now),
        conditions=masker(now.conditions),
        by=names.get(now.graded_by, ""),
        at=now.graded_at,
        way=link,
    )


def words_of(grading: ItemGrading) -> str:
    """Name the three codes: Source 1 Reliable, information B Known indirectly, corroborated, handling P ..."""
    return _("source %(source)s; information %(information)s; handling %(handling)s") % {
        "source": _LABELS[f"source {grading.source}"],
        "information": _LABELS[f"information {grading.information}"],
        "handling": _LABELS[f"handling {grading.handling}"],
    }


# --- the page -------------------------------------------------------------------------------------------------------


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def grade_item(request: DeskRequest, report_id: UUID, item: str, row_id: UUID) -> HttpResponse:
    """Grade a message, an entry of activity or an identifier at one place; what was thought before stays below."""
    report = report_parts.opened(request, report_id)
    require(request.viewer, Permission.REPORT_GRADE)
    row = _row(report, item, row_id)
    named = _item(row)
    form = forms.GradingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        grading = actions.Grading(
            int(given["source"]), given["information"], given["handling"], given["conditions"]
        )
        try:
            actions.grade_item(report=report, item=named, grading=grading, by=request.viewer, at=request.at)
        except CetsError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Graded %(grading)s.") % {"grading": grading})
            return redirect(_back(report, row))
    masker = masker_of(report.id)
    known = items.gradings_of(report, [named]).get(named, items.NONE)
    page = pages.GradeItemPage(
        title=_("Grade one item"),
        form=form,
        form_url=address(report, item, row_id),
        button=_("Record the grading"),
        cancel=pages.Link(_("Back to where it stands"), _back(report, row)),
        crumbs=(
            pages.Link(_("Reports"), reverse("reports")),
            pages.Link(report.reference, reverse("report", args=[report.id])),
        ),
        facts=tuple(_facts(request.viewer, report, row, masker)),
        after=_("A further grading does not replace the ones before it."),
        history=tuple(_history(known, masker)),
        before=_before(known),
    )
    return show(
        request, page, current="reports", reference=report.reference, handling=report_parts.handling_of(report)
    )  # fmt: skip


def _row(report: Report, item: str, row_id: UUID) -> Message | Trace | Sighting:
    """Return what is to be graded. Raises NotFound."""
    found: Message | Trace | Sighting | None = None
    if item == "message":
        found = Message.objects.select_related("part").filter(report=report, id=row_id).first()
    elif item == "trace":
        found = Trace.objects.select_related("part").filter(report=report, id=row_id).first()
    elif item == "sighting":
        found = Sighting.objects.select_related("part", "holding").filter(report=report, id=row_id).first()
    if found is None:
        raise NotFound(str(NotFound.__doc__))
    return found


def _item(row: Message | Trace | Sighting) -> Item:
    if isinstance(row, Message):
        return items.of_message(row)
    return items.of_trace(row) if isinstance(row, Trace) else of_sighting(row)


def _back(report: Report, row: Message | Trace | Sighting) -> str:
    if isinstance(row, Message):
        return places.address("message", report.id, row.part.number, row.number)
    if isinstance(row, Trace):
        return places.address("trace", report.id, row.part.number, row.number)
    return reverse("report_places", args=[report.id, row.holding_id])


def _facts(
    viewer: Viewer, report: Report, row: Message | Trace | Sighting, masker: Masker
) -> Sequence[pages.Fact]:
    if isinstance(row, Sighting):
        with_masks([row.holding], {report.id: masker})
        shown = report_parts.value_of(viewer, row.holding)
        return (
            pages.Fact(_("Item"), str(ITEM_WORDS["sighting"])),
            pages.Fact(wording.kind_word(row.holding.kind), shown=shown),
            pages.Fact(_("Place"), masker.label(row.place)),
            pages.Fact(_("Found"), f"{wording.way_word([row.way])}, {wording.role_word(row.role)}"),
            *([pages.Fact(_("Seen"), seen)] if (seen := places.seen(row, masker)) else ()),
        )
    kind, at, raw, candidates = (
        ("message", row.sent_at, row.sent_raw, row.sent_candidates)
        if isinstance(row, Message)
        else ("trace", row.at, row.at_raw, row.at_candidates)
    )
    text = masker(row.text)
    return (
        pages.Fact(_("Item"), f"{ITEM_WORDS[kind]} {row.number}"),
        pages.Fact(_("Text"), text[:_CHARACTERS] + (" …" if len(text) > _CHARACTERS else "") or _("None")),
        pages.Fact(_("When"), wording.seen(at, masker.label(raw), candidates) or _("Not stated")),
        pages.Fact(_("Place"), masker.label(row.place)),
    )


def _history(known: Gradings, masker: Masker) -> Sequence[pages.Event]:
    rows = [*known.own]
    names = lookups.names(row.graded_by for row in rows)
    return [event(row, names, masker) for row in reversed(rows)]


def event(row: ItemGrading, names: Mapping[UUID, str], masker: Masker) -> pages.Event:
    """Return a grading as a line of a history."""
    detail = words_of(row) + (
        _("; conditions: %(text)s") % {"text": masker(row.conditions)} if row.conditions else ""
    )
    return pages.Event(row.graded_at, str(row), detail, names.get(row.graded_by, ""))


def _before(known: Gradings) -> str:
    if not known.before:
        return ""
    return ngettext(
        "%(n)s earlier grading is of what stood here before the file was read again.",
        "%(n)s earlier gradings are of what stood here before the file was read again.",
        len(known.before),
    ) % {"n": len(known.before)}
