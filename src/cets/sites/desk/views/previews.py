"""One result of a search beside the list: enough to tell whether it is worth opening. Looking is recorded as an opening."""

from collections.abc import Iterable, Sequence
from itertools import islice
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from cets.domains.deconfliction import queries as hits
from cets.domains.deconfliction.queries import Told
from cets.domains.identifiers import queries as identifiers
from cets.domains.identifiers.models import Holding
from cets.domains.intake.masked_values import with_masks
from cets.domains.intake.masking import PLAIN, Masker, masker_of, maskers_of
from cets.domains.reports import queries as reports
from cets.domains.reports.models import Message, Passage, Report
from cets.domains.reports.queries import NotFound
from cets.domains.search.queries import Found
from cets.sites.desk import pages, wording
from cets.sites.desk.request import DeskRequest
from cets.sites.desk.views import late, lookups, report_parts
from cets.sites.desk.views.report_tabs import place_link

#: So much of a text, and so many places, fit beside the list.
_CHARACTERS, _PLACES = 1_500, 5


def token_of(one: Found) -> str:
    """Return what names a result in an address: its type and a random id."""
    if one.type == "identifier":
        return f"identifier:{one.key}"
    if one.hit is not None:
        return f"hit:{one.hit.id}"
    assert one.report is not None
    return f"{one.type}:{one.report.id if one.type == 'report' else one.row}"


def of_token(request: DeskRequest, token: str, *, close: str) -> pages.Preview:
    """Return the preview of a result; `close` is the address of the list alone. Raises NotFound."""
    type_, _colon, text = token.partition(":")
    try:
        found = UUID(text)
    except ValueError:
        raise NotFound(str(NotFound.__doc__)) from None
    way_back = pages.Link(_("Close"), close)
    if type_ == "identifier":
        return _identifier(request, found, way_back)
    if type_ == "hit":
        return _hit(request, found, way_back)
    if type_ == "report":
        return _report(request, found, way_back)
    if type_ in {"message", "passage"}:
        return _text(request, Message if type_ == "message" else Passage, found, way_back)
    raise NotFound(str(NotFound.__doc__))


def _identifier(request: DeskRequest, key: UUID, close: pages.Link) -> pages.Preview:
    viewer = request.viewer
    held = identifiers.of_key(viewer, key)
    masked = next((h for h in held if h.pseudonym), held[0])
    with_masks([masked], everywhere=True)
    sightings = list(islice(identifiers.places_of(held), _PLACES))
    maskers = maskers_of(sighting.report_id for sighting in sightings)
    return pages.Preview(
        kind=wording.kind_word(held[0].kind),
        value=report_parts.value_of(viewer, masked, linked=False),
        bits=report_parts.strength_of(masked, hits.on_keys(viewer, [key], with_common=True).first()),
        facts=tuple(_identifier_facts(held)),
        places=tuple(
            _place(
                sighting.report,
                place_link(sighting, maskers.get(sighting.report_id, PLAIN)),
                wording.way_word([sighting.way]),
            )
            for sighting in sightings
        ),
        open=pages.Link(_("Open the identifier"), reverse("identifier", args=[key])),
        close=close,
    )


def _identifier_facts(held: Sequence[Holding]) -> Iterable[pages.Fact]:
    yield pages.Fact(_("Held"), wording.in_reports(len(held)))
    yield pages.Fact(
        _("Role"), wording.roles_word(list(dict.fromkeys(role for h in held for role in h.roles)))
    )
    if common := next((h.common for h in held if h.common), ""):
        yield pages.Fact(_("Common"), common)


def _place(report: Report, place: pages.Link | str, way: str) -> pages.PreviewPlace:
    words = place.text if isinstance(place, pages.Link) else place
    return pages.PreviewPlace(
        pages.Link(report.reference, reverse("report", args=[report.id])), f"{words}, {way}" if way else words
    )


def _report(request: DeskRequest, report_id: UUID, close: pages.Link) -> pages.Preview:
    report = reports.get(request.viewer, report_id)
    masker = masker_of(report.id)
    return pages.Preview(
        kind=_("Report"),
        title=report.reference,
        facts=tuple(_report_facts(request, report, masker)),
        text=masker.name(report.title),
        open=pages.Link(_("Open the report"), reverse("report", args=[report.id])),
        close=close,
    )


def _report_facts(request: DeskRequest, report: Report, masker: Masker) -> Iterable[pages.Fact]:
    category = masker.label(report.category)
    yield pages.Fact(_("Category"), category or _("Not stated"), quiet=not category)
    yield pages.Fact(_("Received"), at=report.received_at)
    yield pages.Fact(_("Owner"), lookups.owner_word(request.viewer, report.entry))
    if report.entry.closed_at is None:
        yield pages.Fact(_("Next step"), report.entry.next_step)
        yield pages.Fact(_("Due"), at=report.entry.due_at)


def _hit(request: DeskRequest, hit_id: UUID, close: pages.Link) -> pages.Preview:
    """Tell of a hit what stands beside its value; of one that is over only that it is."""
    found = hits.find(request.viewer, hit_id)
    told = hits.opened(request.viewer, found)
    facts = tuple(_hit_facts(request, told)) if told else ()
    way_on = (
        pages.Link(_("Open the hit"), reverse("hit", args=[found.id]))
        if told
        else next(
            iter(late.own_reports(request.viewer, found)), pages.Link(_("Go to the hits"), reverse("hits"))
        )
    )
    return pages.Preview(
        kind=_("Hit"),
        title=found.reference,
        bits=pages.Bits(found.bits, found.common) if told else None,
        facts=(pages.Fact(_("State"), wording.hit_state_tag(found.state, found.common).text), *facts),
        open=way_on,
        close=close,
    )


def _hit_facts(request: DeskRequest, told: Told) -> Iterable[pages.Fact]:
    others = ", ".join(dict.fromkeys(one.agency_name for one in told.theirs))
    yield pages.Fact(_("Kind"), wording.kind_word(told.kind))
    yield pages.Fact(_("With"), others or _("Your own reports"))
    yield pages.Fact(_("Owner"), lookups.owner_word(request.viewer, told.hit.entry))
    if told.hit.entry.closed_at is None:
        yield pages.Fact(_("Next step"), told.hit.entry.next_step)
        yield pages.Fact(_("Due"), at=told.hit.entry.due_at)


def _text(
    request: DeskRequest, model: type[Message] | type[Passage], row_id: UUID, close: pages.Link
) -> pages.Preview:
    rows = model.objects.filter(id=row_id, report__in=reports.visible_to(request.viewer))
    row = rows.select_related("part").first()
    if row is None:
        raise NotFound(str(NotFound.__doc__))
    report = reports.get(request.viewer, row.report_id)
    url = reverse("report", args=[report.id])
    if isinstance(row, Message):
        url = f"{reverse('report_messages', args=[report.id])}?at={row.part.number}-{row.number}#message-{row.number}"
    masker = masker_of(report.id)
    text, place = masker(row.masked), masker.label(row.place)
    return pages.Preview(
        kind=_("Message") if isinstance(row, Message) else _("Text"),
        title=f"{report.reference}, {place}" if place else report.reference,
        facts=(
            pages.Fact(_("Sent"), wording.seen(row.sent_at, masker.label(row.sent_raw), row.sent_candidates)),
        )
        if isinstance(row, Message) and (row.sent_at or row.sent_raw)
        else (),
        text=text[:_CHARACTERS] + (" …" if len(text) > _CHARACTERS else ""),
        open=pages.Link(_("Open it in the report"), url),
        close=close,
    )
