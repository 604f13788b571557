"""Everything the viewer may see about one value, and a victim's value shown once, for a reason."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, require
from cets.domains.agencies import queries as agencies
from cets.domains.deconfliction import queries as hits
from cets.domains.deconfliction.queries import Told
from cets.domains.identifiers import queries
from cets.domains.identifiers.explaining import Explanation
from cets.domains.identifiers.kinds import KINDS
from cets.domains.identifiers.models import Holding, Sighting
from cets.domains.intake.masked_values import with_masks
from cets.domains.intake.masking import PLAIN, Masker, maskers_of
from cets.domains.reports.queries import NotFound
from cets.domains.sharing.levels import Level
from cets.sites.desk import pages, wording
from cets.sites.desk.pages import forms
from cets.sites.desk.paging import MOST_OF_ONE, counted, page_of
from cets.sites.desk.request import DeskRequest, require_purpose, screen, show
from cets.sites.desk.views import places, report_parts

#: Of a value that stands in very many reports so many are looked through for what stands beside it.
_LOOKED_THROUGH, _COMPANIONS = 50, 10


@screen("GET", see=Permission.REPORT_VIEW)
def identifier(request: DeskRequest, key: UUID) -> HttpResponse:
    viewer = request.viewer
    held = queries.of_key(viewer, key)
    require_purpose(
        request, is_needed=any(h.report.team_id not in viewer.teams for h in held) and not viewer.narrow
    )
    known = list(hits.on_keys(viewer, [key], with_common=True)) if not viewer.narrow else []
    told = hits.tell(viewer, known)
    masked = next((h for h in held if h.pseudonym), held[0])
    is_masked = with_masks([masked], everywhere=True)[0].is_masked
    all_places = queries.places_of(held)
    rows, paging = page_of(all_places, reverse("identifier", args=[key]), request.GET, most=MOST_OF_ONE)
    first, maskers = held[0], maskers_of(s.report_id for s in rows)
    reasons = {} if is_masked else queries.explained(viewer, rows)
    page = pages.Identifier(
        kind=wording.kind_word(first.kind),
        value=_unlinked(report_parts.value_of(viewer, masked, linked=False)),
        bits=report_parts.strength_of(first, known[0] if known else None),
        why=told[0].strength.why if told else _("No other record that you may know of holds it."),
        facts=tuple(_facts(held)),
        appearances=tuple(
            _appearance(s, maskers.get(s.report_id, PLAIN), reasons.get(s.id), is_masked=is_masked)
            for s in rows
        ),
        appearances_total=counted(all_places, MOST_OF_ONE) if paging else len(rows),
        holders=tuple(holder for one in told for holder in _holders(one)),
        companions=tuple(_companions(viewer, held)),
        paging=paging,
    )
    return show(request, page, current="search")


def _unlinked(value: pages.Value) -> pages.Value:
    """Return the value without how it was written: the places say that."""
    return pages.Value(text=value.text, masked=value.masked, note=value.note)


def _facts(held: Sequence[Holding]) -> Iterable[pages.Fact]:
    roles = list(dict.fromkeys(role for h in held for role in h.roles))
    first = min((h.first_at for h in held if h.first_at), default=None)
    last = max((h.last_at for h in held if h.last_at), default=None)
    yield pages.Fact(_("Held"), wording.in_reports(len(held)))
    yield pages.Fact(_("Role"), wording.roles_word(roles))
    if first:
        yield pages.Fact(_("First seen"), at=first)
    if last and last != first:
        yield pages.Fact(_("Last seen"), at=last)
    if common := next((h.common for h in held if h.common), ""):
        yield pages.Fact(_("Links nothing by itself"), common)


def _appearance(
    sighting: Sighting, masker: Masker, reasons: Explanation | None, *, is_masked: bool
) -> pages.Appearance:
    report = sighting.report
    return pages.Appearance(
        report=pages.Link(report.reference, reverse("report", args=[report.id])),
        place=places.link(sighting, masker),
        way=wording.way_word([sighting.way]),
        role=wording.role_word(sighting.role),
        seen=places.seen(sighting, masker),
        written="" if is_masked else sighting.raw,
        reasons=_reasons(sighting, reasons),
    )


def _reasons(sighting: Sighting, told: Explanation | None) -> tuple[str, ...]:
    if told is None:
        return ()
    declared = (_("The source holds it in a field of its own."),) if sighting.way == "declared" else ()
    return (*declared, *told.sentences())


def _holders(told: Told) -> Iterable[pages.Holder]:
    kind, url = wording.kind_inside(told.kind), reverse("hit", args=[told.hit.id])
    tag = pages.Tag(_("Settled"), "green") if told.hit.state == "settled" else None
    for side in told.theirs:
        is_open = side.level is Level.OPEN
        text = (
            _("%(agency)s hold the same %(kind)s in %(reference)s. Their summary may be read.")
            if is_open
            else _("%(agency)s hold the same %(kind)s. You may know that they hold it, and whom to call.")
        )
        words = {"agency": side.agency_name, "kind": kind, "reference": side.reference}
        yield pages.Holder(
            text % words,
            "" if is_open else _("Level contact: nothing more may be shown."),
            pages.Link(side.agency_name, url),
            tag,
            None if tag else told.hit.entry.due_at,
        )


def _companions(viewer: Viewer, held: Sequence[Holding]) -> Iterable[pages.Companion]:
    """Yield what else stands in the same reports, what stands in most of them first."""
    reports = [h.report_id for h in held[:_LOOKED_THROUGH]]
    beside: QuerySet[Holding] = Holding.objects.filter(report__in=reports, pivot=True).exclude(
        key=held[0].key
    )
    counts = {
        row["key"]: row["n"]
        for row in beside.values("key").annotate(n=Count("id")).order_by("-n", "key")[:_COMPANIONS]
    }
    found = {h.key: h for h in beside.filter(key__in=counts)}
    with_masks(list(found.values()), everywhere=True)
    for key, number in counts.items():
        holding = found[key]
        yield pages.Companion(
            wording.kind_word(holding.kind),
            report_parts.value_of(viewer, holding),
            number,
            report_parts.strength_of(holding),
        )


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def reveal(request: DeskRequest, key: UUID) -> HttpResponse:
    """Ask why, record it, and show a victim's value on the answer to this one request."""
    viewer = request.viewer
    held = _masked(viewer, key)
    if not held:
        raise NotFound(str(NotFound.__doc__))
    require(viewer, Permission.IDENTIFIER_REVEAL)
    first = held[0]
    title = _("%(pseudonym)s: %(kind)s") % {
        "pseudonym": first.pseudonym or first.instead,
        "kind": wording.kind_inside(first.kind),
    }
    back = pages.Link(first.report.reference, reverse("report", args=[first.report_id]))
    form = forms.RevealForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        by = agencies.with_purpose(viewer, form.cleaned_data["purpose"], form.cleaned_data["reference"])
        queries.reveal(by, held)
        return show(request, _revealed(title, held, back), current="reports")
    page = pages.RevealPage(
        title=_("Reveal %(what)s") % {"what": title},
        form=form,
        form_url=reverse("reveal", args=[key]),
        button=_("Reveal for this page"),
        cancel=pages.Link(_("Leave it masked"), back.url),
    )
    return show(request, page, current="reports")


def _masked(viewer: Viewer, key: UUID) -> list[Holding]:
    """Return where a masked value stands: where it is a victim's, or else all places of one that holds something of hers."""
    held = queries.visible_to(viewer).filter(key=key).select_related("report")
    return list(held.exclude(pseudonym="")) or [
        one for one in with_masks(list(held[:_LOOKED_THROUGH]), everywhere=True) if one.is_masked
    ]


def _revealed(title: str, held: Sequence[Holding], back: pages.Link) -> pages.DetailPage:
    written = dict.fromkeys(h.raw for h in held)
    return pages.DetailPage(
        title=title,
        crumbs=(back,),
        facts=(
            pages.Fact(_("Value"), KINDS[held[0].kind].show(held[0].value), value=True),
            *(pages.Fact(_("As written"), raw, value=True) for raw in written),
        ),
        lead=_("Shown on this page only. That you looked, when and why is recorded."),
    )
