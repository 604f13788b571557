"""The list of reports, and a report on its first tab."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.audit.recording import record
from cets.domains.identifiers import queries as identifiers
from cets.domains.intake.masking import Masker, masker_of
from cets.domains.reports import events
from cets.domains.reports import queries as reports
from cets.domains.reports.models import Part, Passage, Person, Remark, Report
from cets.domains.sharing.levels import Level
from cets.sites.desk import pages, wording
from cets.sites.desk.navigation import address
from cets.sites.desk.pages import forms
from cets.sites.desk.paging import MOST_OF_ONE, counted, page_of
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import lookups, report_notes, report_parts, report_receipt
from cets.sites.desk.views.home import report_about
from cets.sites.desk.views.report_notes import shortened

#: So many identifiers and hits stand on the first tab.
_FIRST = 8
_STATEMENT = 3_000


# --- the list -------------------------------------------------------------------------------------------------------


@screen("GET", see=Permission.REPORT_VIEW)
def report_list(request: DeskRequest) -> HttpResponse:
    viewer, url = request.viewer, reverse("reports")
    filters = forms.ReportFilter(
        request.GET, owners=_owner_choices(viewer), sources=list(wording.SOURCE_WORDS.items())
    )
    chosen = filters.cleaned_data if filters.is_valid() else {}
    found = _filtered(viewer, chosen, request.at)
    is_by_due = chosen.get("order") == "due"
    found = _by_due(viewer, found) if is_by_due else _older(found, request.GET.get("after", ""))
    rows, paging = page_of(found, url, request.GET, beyond=partial(_beyond, url, request.GET))
    hits = lookups.hits_of_reports(viewer, [r.id for r in rows])
    doubts = (
        set(_open_doubts().filter(report__in=rows).values_list("report_id", flat=True)) if rows else set()
    )
    is_filtered = any(chosen.values())
    record(events.LISTED, by=viewer, subject=("report", "list"), reports=[str(r.id) for r in rows])
    page = pages.ReportList(
        rows=tuple(_row(viewer, r, hits.get(r.id, 0), r.id in doubts) for r in rows),
        filters=filters,
        filter_url=url,
        paging=paging,
        clear_url=url if is_filtered else "",
        empty=None if rows else _empty(url, _upload(viewer), is_filtered=is_filtered),
        upload=_upload(viewer),
    )
    return show(request, page, current="reports")


def _upload(viewer: Viewer) -> pages.Link | None:
    url = address("upload")
    return pages.Link(_("Add files"), url) if url and viewer.may(Permission.REPORT_ADD) else None


def _empty(url: str, upload: pages.Link | None, *, is_filtered: bool) -> pages.Empty:
    if is_filtered:
        return pages.Empty(_("No report fits this filter."), pages.Link(_("Show all reports"), url))
    return pages.Empty(_("There is no report yet."), upload)


def _owner_choices(viewer: Viewer) -> list[forms.Choice]:
    teams, people = lookups.owners(viewer)
    named = [
        *((f"team-{t.id}", t.name) for t in teams),
        *((f"officer-{o.id}", o.name) for o in people if o.id != viewer.actor_id),
    ]
    return [("me", _("Me")), *named]


def _open_doubts() -> QuerySet[Remark]:
    return Remark.objects.filter(kind="ambiguous", settled_at=None)


def _filtered(viewer: Viewer, chosen: Mapping[str, str], at: datetime) -> QuerySet[Report]:
    found = reports.listed(viewer)
    if state := chosen.get("state"):
        found = found.filter(_state(viewer, state, at))
    if owner := chosen.get("owner"):
        found = found.filter(_owner(viewer, owner))
    if source := chosen.get("source"):
        found = found.filter(Exists(Part.objects.filter(report=OuterRef("id"), source=source)))
    if sharing := chosen.get("sharing"):
        found = found.filter(sharing=Level.of(sharing))
    return found.filter(lookups.with_hits(viewer)) if chosen.get("hits") else found


def _open_entry(viewer: Viewer) -> Q:
    # Agency and sort are said again of the entry, so that the index by due time is walked instead of all reports.
    return Q(entry__agency_id=viewer.own_agency, entry__subject_type="report", entry__closed_at=None)


def _state(viewer: Viewer, state: str, at: datetime) -> Q | Exists:
    midnight = (timezone.localtime(at) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    is_open = Q(entry__closed_at=None)
    states: dict[str, Q | Exists] = {
        "late": _open_entry(viewer) & Q(entry__due_at__lt=at),
        "today": _open_entry(viewer) & Q(entry__due_at__gte=at, entry__due_at__lt=midnight),
        "open": is_open,
        "closed": ~is_open,
        "ungraded": Q(graded_by=None),
        "doubt": Exists(_open_doubts().filter(report=OuterRef("id"))),
    }
    return states[state]


def _owner(viewer: Viewer, owner: str) -> Q:
    kind, _dash, name = owner.partition("-")
    if kind == "me":
        return Q(entry__owner_officer=viewer.actor_id)
    return Q(entry__owner_team=UUID(name)) if kind == "team" else Q(entry__owner_officer=UUID(name))


def _by_due(viewer: Viewer, found: QuerySet[Report]) -> QuerySet[Report]:
    return found.filter(_open_entry(viewer)).order_by("entry__due_at", "entry__id")


def _older(found: QuerySet[Report], after: str) -> QuerySet[Report]:
    """Continue the newest-first list behind its last numbered page."""
    moment, _slash, reference = after.partition("/")
    try:
        at = parse_datetime(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        return found
    return found.filter(
        Q(received_at__lt=at) | Q(received_at=at, reference__lt=reference), received_at__lte=at
    )


def _beyond(url: str, query: Mapping[str, str], last: Report) -> str:
    """Return the address of what follows the last numbered page of the newest-first list."""
    if query.get("order") == "due":
        return ""
    kept = {key: value for key, value in query.items() if key not in {"page", "after"} and value}
    return f"{url}?{urlencode({**kept, 'after': f'{last.received_at.isoformat()}/{last.reference}'})}"


def _row(viewer: Viewer, report: Report, hits: int, has_doubt: bool) -> pages.ReportRow:  # noqa: FBT001 - two plain facts of one row
    entry = report.entry
    return pages.ReportRow(
        record=pages.Link(report.reference, reverse("report", args=[report.id])),
        about=report_about(report),
        received_at=report.received_at,
        owner=lookups.owner_word(viewer, entry),
        due=None if entry.closed_at else entry.due_at,
        step=entry.outcome if entry.closed_at else entry.next_step,
        tags=tuple(_row_tags(report, has_doubt=has_doubt))[:3],
        hits=hits,
    )


def _row_tags(report: Report, *, has_doubt: bool) -> Iterable[pages.Tag]:
    if report.urgent:
        yield pages.Tag(_("Urgent"), "red")
    if report.entry.closed_at:
        yield pages.Tag(_("Closed"), "green")
    if report.state == "sealed":
        yield pages.Tag(_("Waits to be read"), "grey")
    elif report.graded_by is None:
        yield pages.Tag(_("Not graded"), "amber")
    if has_doubt:
        yield pages.Tag(_("To settle"), "amber")
    level = Level(report.sharing)
    yield pages.Tag(str(wording.LEVEL_WORDS[level]).capitalize(), "grey" if level is Level.SILENT else "blue")


# --- the first tab --------------------------------------------------------------------------------------------------


@screen("GET", see=Permission.REPORT_VIEW)
def report(request: DeskRequest, report_id: UUID) -> HttpResponse:
    viewer = request.viewer
    found = report_parts.opened(request, report_id)
    parts = list(reports.parts_of(found))
    held = identifiers.of_report(found)
    first = list(held[:_FIRST])
    told = report_parts.told_of_report(viewer, found, _FIRST) if not viewer.narrow else []
    events_of_report = lookups.events_of([found.id], looks=False)
    masker = masker_of(found.id)
    statement = _statement(found, parts, masker)
    notes, all_notes = report_notes.first_notes(found, parts, masker)
    head = report_parts.head(request, found, "report", parts=parts)
    page = pages.ReportOverview(
        head=head,
        facts=tuple(_facts(found, parts, masker)),
        statement=statement.text,
        statement_source=statement.place,
        messages=_messages(found, parts),
        traces=_traces(found, parts),
        identifiers=report_parts.identifier_rows(viewer, found, first, masker),
        identifiers_total=counted(held, MOST_OF_ONE) if len(first) == _FIRST else len(first),
        all_identifiers=pages.Link(_("Show all"), reverse("report_identifiers", args=[found.id])),
        hits_identifiers=_only_with_hits(found) if told else None,
        hits=tuple(report_parts.report_hit(one, found) for one in told),
        matched_at=max((one.hit.matched_at for one in told), default=None),
        receipt=report_receipt.receipt(viewer, found, parts, masker, head),
        history=lookups.history(events_of_report[:5]),
        all_history=pages.Link(_("All of it"), reverse("report_history", args=[found.id])),
        rest=statement.rest,
        notes=notes,
        all_notes=all_notes,
        add_note=report_notes.add_note(viewer, found),
        empty=None if first else _nothing_found(head),
    )
    return show(
        request, page, current="reports", reference=found.reference, handling=report_parts.handling_of(found)
    )


def _nothing_found(head: pages.ReportHead) -> pages.Empty:
    return pages.Empty(f"{head.waits}." if head.waits else _("No identifier was found in it."))


def _only_with_hits(report: Report) -> pages.Link:
    return pages.Link(_("Only with hits"), f"{reverse('report_identifiers', args=[report.id])}?hits=on")


def _messages(report: Report, parts: list[Part]) -> pages.Link | None:
    number = sum(p.messages for p in parts)
    if not number:
        return None
    return pages.Link(
        _("Read the messages (%(n)s)") % {"n": f"{number:,}"}, reverse("report_messages", args=[report.id])
    )


def _traces(report: Report, parts: list[Part]) -> pages.Link | None:
    number = sum(p.traces for p in parts)
    if not number:
        return None
    return pages.Link(
        _("See the activity (%(n)s)") % {"n": f"{number:,}"}, reverse("report_traces", args=[report.id])
    )


def _facts(report: Report, parts: list[Part], masker: Masker) -> Iterable[pages.Fact]:
    came_as = ", ".join(dict.fromkeys(wording.source_word(p.source) for p in parts if p.source))
    category = masker.label(report.category)
    if parts and parts[0].source == reports.NOTE and report.title:
        yield pages.Fact(_("Title"), masker.label(report.title))
    yield pages.Fact(_("Category"), category or _not_stated(report), quiet=not category)
    if report.platform:
        yield pages.Fact(_("Platform"), masker.label(report.platform))
    if report.external_number:
        number = " ".join(part for part in (report.external_body, report.external_number) if part)
        yield pages.Fact(_("Their number"), number, value=True)
    if report.incident_at or report.incident_raw:
        yield pages.Fact(_("Incident"), wording.seen(report.incident_at, report.incident_raw, []))
    yield pages.Fact(_("Received"), at=report.received_at)
    if came_as:
        yield pages.Fact(_("Came as"), came_as)
    if people := _people(report):
        yield pages.Fact(_("People"), people)
    if report.grading_conditions:
        yield pages.Fact(_("Conditions"), report.grading_conditions)


def _not_stated(report: Report) -> str:
    words = {"sealed": _("Not read yet"), "not_understood": _("Could not be read")}
    return words.get(report.state, _("Not stated"))


def _people(report: Report) -> str:
    """Count people by role; victims by their pseudonyms, nobody by name."""
    rows = list(Person.objects.filter(report=report).order_by("id").values_list("role", "pseudonym")[:200])
    words = []
    for role in wording.ROLE_ORDER:
        of_role = [pseudonym for r, pseudonym in rows if r == role]
        if of_role:
            named = list(dict.fromkeys(p for p in of_role if p))
            shown = f" ({', '.join(named[:5])})" if named else ""
            words.append(f"{wording.role_word(role).lower()} {len(of_role)}{shown}")
    return ", ".join(words)


#: "priority: 2; informational: false" says less than any sentence after it.
_IS_A_FIELD = re.compile(r"[a-z][\w ]{0,40}: ")
_LOOKED_AT = 20


@dataclass(frozen=True)
class _Statement:
    text: str = ""
    place: str = ""  # where the source says so
    rest: pages.Link | None = None


def _statement(report: Report, parts: Sequence[Part], masker: Masker) -> _Statement:
    """Return what the source says in its own words, with victims' values replaced, and where it says so."""
    source = parts[0].source if parts else ""
    if source == reports.NOTE:
        return _of_note(report, parts[0], masker)
    notes = [note.id for note in reports.notes_among(parts)]
    first = list(reports.passages_of(report).exclude(part__in=notes)[: _LOOKED_AT + 1])
    if source == "text" and first:
        return _of_text([p for p in first if p.part_id == first[0].part_id], masker)
    passage = next((p for p in first if not _IS_A_FIELD.match(p.masked)), first[0] if first else None)
    if passage is not None:
        return _Statement(shortened(masker(passage.masked), _STATEMENT), _stated_at(passage, masker))
    has_victim = masker or Person.objects.filter(report=report).exclude(pseudonym="").exists()
    if report.summary and not has_victim:
        return _Statement(shortened(report.summary, _STATEMENT), _("As the source states it."))
    return _Statement()


def _stated_at(passage: Passage, masker: Masker) -> str:
    return _("As the source states it, %(place)s.") % {"place": masker.label(passage.label or passage.place)}


def _of_note(report: Report, note: Part, masker: Masker) -> _Statement:
    """Return what an officer typed as a report of its own: the text, not the head in which the author stands."""
    found = list(reports.paragraphs_of(report, [note])[: _LOOKED_AT + 1])
    text, is_whole = report_notes.written(found[:_LOOKED_AT], masker), len(found) <= _LOOKED_AT
    author = lookups.handed_in_by([note]).get(note.original_id, "")
    is_short = is_whole and len(text) <= _STATEMENT
    return _Statement(
        text=shortened(text if is_whole else f"{text} …", _STATEMENT),
        place=_("As %(author)s wrote it.") % {"author": author} if author and found else "",
        rest=None if is_short else report_notes.all_notes(report, _("Read all of it")),
    )


def _of_text(lines: Sequence[Passage], masker: Masker) -> _Statement:
    """Return the beginning of a plain text, whose lines belong together."""
    text, is_whole = "\n".join(masker(p.masked) for p in lines[:_LOOKED_AT]), len(lines) <= _LOOKED_AT
    shown, place = shortened(text if is_whole else f"{text} …", _STATEMENT), _stated_at(lines[0], masker)
    if shown != text:
        place = _("%(place)s The rest of it stands in the original.") % {"place": place}
    return _Statement(shown, place)
