"""What officers wrote on a report: the newest on its first tab, all of it on a page of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.domains.intake.masking import Masker, masker_of
from cets.domains.reports import queries as reports
from cets.domains.reports.models import Part, Passage, Report
from cets.sites.desk import pages
from cets.sites.desk.navigation import address
from cets.sites.desk.paging import MOST_OF_ONE, page_of
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import lookups, report_parts

#: So many notes stand on the first tab, each with its first paragraphs, as far as so many characters reach.
_FEW, _PARAGRAPHS, _SHORT = 5, 20, 1_500
#: Paragraphs of a page of all notes, and notes without text that stand above them.
_MANY, _MOST_WITHOUT = 200, 50


@screen("GET", see=Permission.REPORT_VIEW)
def report_notes(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Show everything that officers wrote on a report, paragraph by paragraph, the newest note first."""
    viewer, report = request.viewer, report_parts.opened(request, report_id)
    masker, url = masker_of(report.id), reverse("report_notes", args=[report.id])
    parts = list(reports.parts_of(report))
    notes = reports.notes_among(parts)
    found = reports.paragraphs_of(report, notes).select_related("part")
    rows, paging = page_of(found, url, request.GET, size=_MANY, most=MOST_OF_ONE)
    without = [] if paging and paging.previous_url else _without_text(report, notes)
    written = [(note, list(group)) for note, group in groupby(rows, key=lambda row: row.part)]
    authors = _authors([*without, *(note for note, _group in written)], masker)
    page = pages.ReportNotes(
        head=report_parts.head(request, report, "report", parts=parts),
        notes=(
            *(_note(report, note, [], authors, masker) for note in without),
            *(_note(report, note, group, authors, masker) for note, group in written),
        ),
        add_note=add_note(viewer, report),
        paging=paging,
        empty=None if rows or without else pages.Empty(_("No note yet.")),
    )
    return show(
        request,
        page,
        current="reports",
        reference=report.reference,
        handling=report_parts.handling_of(report),
    )


def add_note(viewer: Viewer, report: Report) -> pages.Link | None:
    """Return the way to a further note, where the viewer may add one."""
    url = address("report_note", report.id)
    return pages.Link(_("Add a note"), url) if url and viewer.may(Permission.REPORT_ADD) else None


def first_notes(
    report: Report, parts: Sequence[Part], masker: Masker
) -> tuple[tuple[pages.Note, ...], pages.Link | None]:
    """Return the newest notes on a report, shortened, and the way to all: two statements however many there are.

    A note that is the report itself is not among them: it is what the report says.
    """
    found = [note for note in reports.notes_among(parts) if note.number > 1]
    notes = found[:_FEW]
    texts: dict[UUID, list[Passage]] = {note.id: [] for note in notes}
    if notes:
        # The author's line is number 1 of a note, and one paragraph more tells whether this is all.
        for passage in reports.paragraphs_of(report, notes).filter(number__lte=_PARAGRAPHS + 2):
            texts[passage.part_id].append(passage)
    authors = _authors(notes, masker)
    shown = tuple(
        _short(
            _note(report, note, texts[note.id][:_PARAGRAPHS], authors, masker),
            report,
            is_whole=len(texts[note.id]) <= _PARAGRAPHS,
        )
        for note in notes
    )
    return shown, all_notes(report, _("All notes")) if len(found) > _FEW else None


def all_notes(report: Report, text: str) -> pages.Link:
    """Return the way to everything that officers wrote on a report."""
    return pages.Link(text, reverse("report_notes", args=[report.id]))


def _without_text(report: Report, notes: Sequence[Part]) -> list[Part]:
    """Return the notes of which nothing can be shown, or not yet."""
    has_text = set(reports.paragraphs_of(report, notes).order_by().values_list("part", flat=True).distinct())
    return [note for note in notes if note.id not in has_text][:_MOST_WITHOUT]


def _authors(notes: Sequence[Part], masker: Masker) -> dict[UUID, str]:
    """Return by original who wrote a note, of which team; to whom custody is not shown, as the note itself says."""
    found = lookups.handed_in_by(notes) if notes else {}
    unsaid = [note for note in notes if not found.get(note.original_id)]
    lines = Passage.objects.filter(part__in=unsaid, label="author").select_related("part") if unsaid else ()
    return found | {line.part.original_id: masker(line.masked) for line in lines}


def _note(
    report: Report, note: Part, paragraphs: Sequence[Passage], authors: dict[UUID, str], masker: Masker
) -> pages.Note:
    return pages.Note(
        by=authors.get(note.original_id) or _("Somebody whom you may not know"),
        at=note.received_at,
        text=written(paragraphs, masker),
        title=masker.label(report.title) if note.number == 1 else "",
        state="" if paragraphs else _state(note),
    )


def _state(note: Part) -> str:
    if note.state == "sealed":
        return _("Not read yet.")
    return _("Nothing of it could be read. The original is sealed.")


def written(paragraphs: Iterable[Passage], masker: Masker) -> str:
    """Return a text in its paragraphs, with victims' values replaced."""
    return "\n\n".join(masker(one.masked) for one in paragraphs)


def shortened(text: str, most: int) -> str:
    """Leave the beginning of a text in which victims' values are replaced already: none is cut before."""
    return text if len(text) <= most else text[:most].rstrip() + " …"


def _short(note: pages.Note, report: Report, *, is_whole: bool) -> pages.Note:
    if is_whole and len(note.text) <= _SHORT:
        return note
    text = note.text if is_whole else f"{note.text} …"
    return replace(note, text=shortened(text, _SHORT), rest=all_notes(report, _("Read all of it")))
