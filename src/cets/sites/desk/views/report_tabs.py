"""A report's further tabs: identifiers with their places, messages, hits, custody, history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as worded
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.domains.deconfliction import queries as hits
from cets.domains.identifiers import queries as identifiers
from cets.domains.identifiers.models import Holding, Sighting
from cets.domains.intake.masked_values import with_masks
from cets.domains.intake.masking import Masker, masker_of
from cets.domains.reports import queries as reports
from cets.domains.reports.models import Message, Part, Person, Report
from cets.domains.reports.queries import NotFound
from cets.domains.vault.models import CustodyEvent, Original
from cets.sites.desk import pages, wording
from cets.sites.desk.pages import forms
from cets.sites.desk.paging import MOST_OF_ONE, counted, page_of
from cets.sites.desk.request import DeskRequest, Page, screen, show
from cets.sites.desk.views import lookups, report_parts, texts

#: Places that stand below each identifier of the table, places and events of a page of their own, lines of a chat.
_FEW, _MANY = 3, 50
_MOST_HITS = 100
_GAP = timedelta(minutes=30)


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
    places, masker = _first_places(rows), masker_of(report.id)
    head = report_parts.head(request, report, "report_identifiers", parts=list(reports.parts_of(report)))
    items = zip(rows, report_parts.identifier_rows(viewer, report, rows, masker), strict=True)
    page = pages.ReportIdentifiers(
        head=head,
        identifiers=tuple(_with_places(report, h, row, places.get(h.id, []), masker) for h, row in items),
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
        place=place_link(sighting, masker),
        way=wording.way_word([sighting.way]),
        role=wording.role_word(sighting.role),
        seen=seen_of(sighting, masker) + after,
        written="" if is_masked else sighting.raw,
    )


def seen_of(sighting: Sighting, masker: Masker) -> str:
    """Word when it was seen; what could not be read as a time may be anything."""
    return wording.seen(sighting.seen_at, masker.label(sighting.seen_raw), sighting.seen_candidates)


def place_link(sighting: Sighting, masker: Masker) -> pages.Link | str:
    """Return where it stands, as a link when that is a message or an entry of activity."""
    part = sighting.part.number
    if sighting.message is not None:
        url = place_address("message", sighting.report_id, part, sighting.message)
        return pages.Link(_("message %(n)s") % {"n": sighting.message}, url)
    if sighting.trace is not None:
        return pages.Link(
            masker.label(sighting.place), place_address("trace", sighting.report_id, part, sighting.trace)
        )
    return masker.label(sighting.place)


def place_address(what: Literal["message", "trace"], report_id: UUID, part: int, number: int) -> str:
    """Return the address of a message or an entry of activity, on the page of the report on which it stands."""
    if what == "message":
        return f"{reverse('report_messages', args=[report_id])}?at={part}-{number}#message-{number}"
    return f"{reverse('report_traces', args=[report_id])}?at={part}-{number}#trace-{part}-{number}"


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
    placed = tuple(place_row(s, masker, is_masked=row.value.masked is not None) for s in rows)
    page = pages.ReportIdentifiers(
        head=report_parts.head(request, report, "report_identifiers", parts=list(reports.parts_of(report))),
        identifiers=(pages.IdentifierPlaces(row, placed, f"identifier-{holding.id}"),),
        total=1,
        filters=forms.IdentifierFilter(kinds=_kinds(report), roles=_roles()),
        filter_url=reverse("report_identifiers", args=[report.id]),
        paging=paging,
    )
    return _show(request, report, page)


# --- messages -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Conversation:
    part: Part
    thread: str
    count: int


@screen("GET", see=Permission.REPORT_VIEW)
def report_messages(request: DeskRequest, report_id: UUID) -> HttpResponse:
    viewer, report = request.viewer, report_parts.opened(request, report_id)
    parts = list(reports.parts_of(report))
    conversations = _conversations(report, parts)
    chosen, here, number = _place(request, report, conversations)
    url, masker = reverse("report_messages", args=[report.id]), masker_of(report.id)
    query = {"c": str(chosen), "page": str(number)}
    rows: list[Message] = []
    paging = None
    if conversations:
        one = conversations[chosen]
        found = Message.objects.filter(report=report, part=one.part, thread=one.thread).order_by("number")
        rows, paging = page_of(found, url, query, size=_MANY, most=MOST_OF_ONE)
    threads = tuple(
        pages.Thread(
            masker(c.thread) or masker.name(c.part.name), f"{url}?c={index}", c.count, index == chosen
        )
        for index, c in enumerate(conversations)
    )
    head = report_parts.head(request, report, "report_messages", parts=parts)
    page = pages.ReportMessages(
        head=head,
        lines=tuple(_lines(viewer, report, rows, masker, here)),
        total=sum(c.count for c in conversations),
        threads=threads if len(threads) > 1 else (),
        zone_note=_(
            "Times that the source leaves no doubt about are in the zone of this page; others as written."
        ),
        paging=paging,
        empty=None if rows else _no_message(report, head.waits),
    )
    return _show(request, report, page)


def _no_message(report: Report, waits: str) -> pages.Empty:
    if waits:
        return pages.Empty(f"{waits}.")
    overview = reverse("report", args=[report.id])
    return pages.Empty(_("No message was read in it."), pages.Link(_("See what was read"), overview))


def _conversations(report: Report, parts: Sequence[Part]) -> list[_Conversation]:
    by_id = {part.id: part for part in parts}
    rows = Message.objects.filter(report=report).values("part_id", "thread").annotate(n=Count("id"))
    found = [_Conversation(by_id[r["part_id"]], r["thread"], r["n"]) for r in rows.order_by()[:200]]
    return sorted(found, key=lambda c: (c.part.number, c.thread))


def _place(
    request: DeskRequest, report: Report, conversations: Sequence[_Conversation]
) -> tuple[int, int | None, int]:
    """Return which conversation to show, the message somebody came for, and the page it is on."""
    part, _dash, number = request.GET.get("at", "").partition("-")
    if part.isdecimal() and number.isdecimal() and len(part + number) < 18:  # noqa: PLR2004 - fits a database integer
        found = Message.objects.filter(
            report=report, part__number=int(part), number=min(int(number), 2**31 - 1)
        ).first()
        for index, one in enumerate(conversations if found else ()):
            if found and (one.part.id, one.thread) == (found.part_id, found.thread):
                before = Message.objects.filter(
                    report=report, part=one.part, thread=one.thread, number__lt=found.number
                ).count()
                return index, found.number, before // _MANY + 1
    asked, page = request.GET.get("c", "0"), request.GET.get("page", "1")
    chosen = int(asked) if asked.isdecimal() and len(asked) < 4 and int(asked) < len(conversations) else 0  # noqa: PLR2004
    return chosen, None, int(page) if page.isdecimal() and len(page) < 6 else 1  # noqa: PLR2004


def _lines(
    viewer: Viewer, report: Report, rows: Sequence[Message], masker: Masker, here: int | None
) -> Iterable[pages.MessageLine]:
    if not rows:
        return
    part_id = rows[0].part_id
    marked: dict[int, list[Sighting]] = {}
    numbers = [m.number for m in rows]
    for sighting in Sighting.objects.filter(part=part_id, message__in=numbers).select_related("holding"):
        marked.setdefault(sighting.message or 0, []).append(sighting)
    with_masks([s.holding for group in marked.values() for s in group], {report.id: masker})
    people = {p.key: p.pseudonym for p in Person.objects.filter(report=report, part=part_id)}
    sides: dict[str, Literal["left", "right"]] = {}
    before: Message | None = None
    for row in rows:
        pseudonym = people.get(row.sender_person, "")
        side = sides.setdefault(row.sender, "right" if pseudonym or len(sides) == 1 else "left")
        line = _line(row, pseudonym, masker)
        yield replace(
            line,
            pieces=texts.pieces(viewer, row.text, marked.get(row.number, []), masker),
            side=side,
            day=_day(row, before),
            gap=_gap(row, before),
            here=row.number == here,
        )
        before = row


_KINDS: dict[str, Literal["chat", "mail", "system"]] = {"chat": "chat", "mail": "mail", "system": "system"}


def _line(row: Message, pseudonym: str, masker: Masker) -> pages.MessageLine:
    """Return what one message says of itself, victims' values and names replaced."""
    return pages.MessageLine(
        kind=_KINDS[row.kind],
        number=row.number,
        pieces=(),
        place=masker.label(row.place),
        sender="" if pseudonym else masker(row.sender),
        sender_value=pages.Value(masked=pages.Masked(pseudonym, _("sender"))) if pseudonym else None,
        sent=masker.label(_sent(row)),
        subject=masker(row.subject),
        headers=tuple(pages.Fact(str(label), masker(str(text)), value=True) for label, text in row.headers),
        attachments=tuple(masker(name) for name in row.attachments),
        doubt=_doubt(row),
    )


def _sent(row: Message) -> str:
    return worded(timezone.localtime(row.sent_at), "H:i:s T") if row.sent_at else row.sent_raw


def _doubt(row: Message) -> str:
    if row.sent_at is not None or not row.sent_raw:
        return ""
    number = len(row.sent_candidates)
    return _("%(n)s candidate times") % {"n": number} if number > 1 else _("Time not certain")


def _local_day(at: datetime | None) -> str:
    return wording.day(at) if at else ""


def _day(row: Message, before: Message | None) -> str:
    day = _local_day(row.sent_at)
    return day if day and (before is None or day != _local_day(before.sent_at)) else ""


def _gap(row: Message, before: Message | None) -> str:
    if before is None or before.sent_at is None or row.sent_at is None or row.sent_at - before.sent_at < _GAP:
        return ""
    minutes = int((row.sent_at - before.sent_at).total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return ngettext("%(n)s day without a message", "%(n)s days without a message", days) % {"n": days}
    if hours:
        return _("%(hours)s h %(minutes)s min without a message") % {"hours": hours, "minutes": f"{rest:02}"}
    return _("%(minutes)s minutes without a message") % {"minutes": rest}


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
        receipt=report_parts.receipt(viewer, report, parts, masker, head, full=True),
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
