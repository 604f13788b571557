"""Hits: the list, the contact step of one, its decisions, and the other side's summary where its level is open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, require
from cets.audit.recording import record
from cets.domains.deconfliction import actions, events, queries
from cets.domains.deconfliction.models import SETTLED_AS, Decision, Hit
from cets.domains.deconfliction.queries import Theirs, Told
from cets.domains.deconfliction.strength import STRONG, WEAK
from cets.domains.identifiers.kinds import KINDS
from cets.domains.intake.masked_values import mask_told
from cets.domains.ledger.models import Entry
from cets.domains.reports.models import Report
from cets.domains.reports.queries import NotFound
from cets.domains.reports.queries import visible_to as visible_reports
from cets.domains.sharing.levels import Level
from cets.sites.desk import pages, wording
from cets.sites.desk.pages import forms
from cets.sites.desk.pages.forms import Words
from cets.sites.desk.paging import page_of
from cets.sites.desk.request import DeskRequest, require_purpose, screen, show
from cets.sites.desk.views import late, lookups, report_parts
from cets.sites.desk.views.steps import holders_word

#: The form's answers and the domain's verdicts.
AGREED = {"together": "work_together", "they_lead": "they_lead", "we_lead": "we_lead"}
_MINE_SHOWN = 3
#: What a settled hit leaves to do.
_AFTER: dict[str, Words] = {
    "work_together": gettext_lazy("Go on together with the other holders"),
    "they_lead": gettext_lazy("Hold your own steps: they lead and keep you told"),
    "we_lead": gettext_lazy("Go on, and keep the other holders told"),
    "not_the_same": gettext_lazy("Nothing: the same records do not ask again"),
    "no_action": gettext_lazy("Nothing: a further record that holds it asks again"),
}
_GOES_ON = {"work_together", "they_lead", "we_lead"}


def _wide(viewer: Viewer) -> None:
    if viewer.narrow:
        raise NotFound(str(NotFound.__doc__))


# --- the list -------------------------------------------------------------------------------------------------------


@screen("GET", see=Permission.REPORT_VIEW)
def hit_list(request: DeskRequest) -> HttpResponse:
    viewer, url = request.viewer, reverse("hits")
    _wide(viewer)
    filters = forms.HitFilter(request.GET)
    chosen = filters.cleaned_data if filters.is_valid() else {}
    found = _filtered(viewer, chosen, request.at)
    rows, paging = page_of(found, url, request.GET)
    queries.record_listed(viewer, rows)
    page = pages.HitList(
        rows=tuple(_row(viewer, told) for told in mask_told(queries.tell(viewer, rows))),
        filters=filters,
        filter_url=url,
        paging=paging,
        empty=None if rows else _empty(url, is_filtered=any(chosen.values())),
    )
    return show(request, page, current="hits")


def _empty(url: str, *, is_filtered: bool) -> pages.Empty:
    if is_filtered:
        return pages.Empty(_("No hit fits this filter."), pages.Link(_("Show all hits"), url))
    return pages.Empty(_("No other record that you may know of holds what your reports hold."))


def _filtered(viewer: Viewer, chosen: Mapping[str, Any], at: datetime) -> QuerySet[Hit]:
    """Return the hits of a filter: open ones the strongest first, late ones by due time."""
    state, strength = chosen.get("state"), chosen.get("strength")
    found = queries.listed(viewer, with_common=bool(chosen.get("suppressed")))
    if strength:
        found = found.filter(bits__gte=STRONG if strength == "strong" else WEAK)
    if state == "late":
        # Agency and sort are said again of the entry, so that the index by due time finds the late ones.
        late = Q(entry__agency_id=viewer.own_agency, entry__subject_type="hit", entry__closed_at=None)
        return found.filter(late, state="open", entry__due_at__lt=at).order_by("entry__due_at", "reference")
    if state == "contact":
        found = found.filter(state="open", theirs__gt=0)
    elif state == "settled":
        found = found.filter(state="settled")
    elif not chosen.get("suppressed"):
        found = found.filter(state="open")
    # Exactly the index's order: its own order of equal rows is the same on every page, and a further column would make
    # the database sort all hits of one strength.
    return found.order_by("state", "-bits")


def value_of(viewer: Viewer, told: Told, *, linked: bool = True) -> pages.Value:
    """Return the shared value as the viewer may see it."""
    if told.pseudonym:
        return report_parts.masked_value(viewer, told.hit.key, told.kind, told.pseudonym.split(" · ")[0])
    url = reverse("identifier", args=[told.hit.key]) if linked else ""
    return pages.Value(KINDS[told.kind].show(told.value), url)


def _row(viewer: Viewer, told: Told) -> pages.HitRow:
    hit, entry = told.hit, told.hit.entry
    is_open = hit.state == "open"
    return pages.HitRow(
        record=pages.Link(hit.reference, reverse("hit", args=[hit.id])),
        holders=holders_word(told),
        kind=wording.kind_word(told.kind),
        value=value_of(viewer, told),
        bits=_bits(told),
        mine=wording.in_reports(len(told.mine)),
        due=entry.due_at if is_open else None,
        owner=lookups.owner_word(viewer, entry),
        step=entry.next_step if is_open else entry.outcome,
        tag=None if is_open else _state_tag(told),
    )


def _bits(told: Told) -> pages.Bits:
    return pages.Bits(told.strength.bits, told.strength.common)


def _state_tag(told: Told) -> pages.Tag:
    return wording.hit_state_tag(told.hit.state, told.hit.common)


# --- one hit --------------------------------------------------------------------------------------------------------


@screen("GET", see=Permission.REPORT_VIEW)
def hit(request: DeskRequest, hit_id: UUID) -> HttpResponse:
    told = _opened(request, hit_id)
    return _shown(request, told, _blank(request, told) if _may_record(request.viewer, told) else None)


def _opened(request: DeskRequest, hit_id: UUID) -> Told:
    """Return a hit, its opening recorded. Raises NotFound, HitOver, and NeedsPurpose for another team's without one."""
    found = queries.find(request.viewer, hit_id)
    require_purpose(request, is_needed=queries.needs_purpose(request.viewer, found))
    (told,) = mask_told([queries.get(request.viewer, hit_id)])
    return told


def _blank(request: DeskRequest, told: Told, data: Any = None) -> forms.ContactForm:
    local = timezone.localtime(request.at)
    return forms.ContactForm(
        data,
        initial={"spoke_at": f"{local:%d %b %Y, %H:%M}"},
        zone=local.tzname() or "",
        found_at=told.hit.found_at,
    )


def _may_record(viewer: Viewer, told: Told) -> bool:
    return told.hit.state == "open" and bool(told.theirs) and viewer.may(Permission.HIT_SETTLE)


def _shown(request: DeskRequest, told: Told, form: forms.ContactForm | None) -> HttpResponse:
    viewer, found, entry = request.viewer, told.hit, told.hit.entry
    is_open = found.state == "open"
    may = is_open and viewer.may(Permission.HIT_SETTLE)
    decisions = list(queries.decisions_of(found))
    standing = next(
        (d for d in reversed(decisions) if d.withdrawn_at is None and d.verdict != "nobody_answered"), None
    )
    kind = wording.kind_inside(told.kind)
    page = pages.Hit(
        reference=found.reference,
        title=_title(told, kind),
        list_link=pages.Link(_("Hits"), reverse("hits")),
        tags=(_strength_tag(told), _state_tag(told)),
        alert=_warning(told) if is_open and told.theirs else None,
        owner_line=_owner_line(viewer, entry, is_open=is_open),
        step=_step(told, entry, standing),
        due=entry.due_at if is_open else None,
        contacts=tuple(_contacts(told)),
        form=form,
        form_url=reverse("hit_contact", args=[found.id]),
        nobody_url=reverse("hit_nobody", args=[found.id]) if form else "",
        why=told.strength.why,
        bits=_bits(told),
        weights=tuple(_weights(told)),
        matched=_("Last matched %(at)s. Counted only from what you may know.")
        % {"at": wording.moment(found.matched_at)},
        kind=kind,
        value=value_of(viewer, told),
        mine=tuple(_mine(request, told)),
        theirs=tuple(_their_side(side, found) for side in told.theirs),
        history=lookups.history(lookups.events_of([found.id], looks=False)[:10]),
        read=_way_on(told),
        button=_link("hit_join", found, _("Join your reports")) if may and not told.theirs else None,
        not_same=_link("hit_not_same", found, _("Not the same")) if may else None,
        no_action=_link("hit_no_action", found, _("No action, with a reason")) if may else None,
        undo=_link("hit_take_back", found, _("Take back, with a reason"))
        if standing and viewer.may(Permission.HIT_SETTLE)
        else None,
        outcome=lookups.decision_words(standing) if standing else found.common,
        go_on=_own_report(told) if standing and standing.verdict in _GOES_ON else None,
        told="" if told.theirs else _("No other agency's record that you may know of holds it."),
        more_mine=_more(told),
        shown=_mark(request, told),
    )
    status = 422 if form is not None and form.errors else 200
    return show(request, page, current="hits", reference=found.reference, status=status)


def _mark(request: DeskRequest, told: Told) -> str:
    """Return the mark of what meets here: as the sent form showed it first, else as it is now."""
    return late.shown_in(request) or actions.holders_mark(told.digests)


def _link(name: str, found: Hit, text: str) -> pages.Link:
    return pages.Link(text, reverse(name, args=[found.id]))


def _title(told: Told, kind: str) -> str:
    if not told.theirs:
        return _("Your own reports hold the same %(kind)s") % {"kind": kind}
    return _("You and %(holders)s hold the same %(kind)s") % {"holders": holders_word(told), "kind": kind}


def _strength_tag(told: Told) -> pages.Tag:
    words = {"weak": _("Weak"), "fair": _("Fair"), "strong": _("Strong"), "common": _("Common")}
    word = told.strength.word
    return pages.Tag(f"{words[word]}, {told.strength.bits} bits", "green" if word == "strong" else "grey")


def _warning(told: Told) -> pages.Alert:
    return pages.Alert(
        _("Do not approach, arrest or warn anyone before you have spoken to %(holders)s.")
        % {"holders": holders_word(told)},
        _("They may be working on the same person."),
    )


def _owner_line(viewer: Viewer, entry: Entry, *, is_open: bool) -> str:
    if not is_open:
        return _("Settled: what comes now")
    return _("Next step, owner: %(owner)s") % {"owner": lookups.owner_word(viewer, entry)}


def _step(told: Told, entry: Entry, standing: Decision | None) -> str:
    if standing is not None:
        return str(_AFTER[standing.verdict])
    if told.hit.state != "open":
        return _("Put aside: it links nothing by itself")
    if not told.theirs:
        return entry.next_step
    return _("Call %(holders)s") % {"holders": holders_word(told)}


def _own_report(told: Told) -> pages.Link | None:
    for mine in told.mine[:1]:
        words = _("Go on in your report %(reference)s") % {"reference": mine.reference}
        return pages.Link(words, reverse("report", args=[mine.report_id]))
    return None


def _contacts(told: Told) -> Iterable[pages.Contact]:
    seen = dict.fromkeys((t.agency_name, t.contact) for t in told.theirs)
    for agency, contact in seen:
        yield pages.Contact(f"{agency}: {contact.name}", contact.phone, contact.email, told.hit.reference)


def _weights(told: Told) -> Iterable[pages.Weight]:
    for text, bits in told.strength.steps:
        yield pages.Weight(text, bits)
    if any(side.level is not Level.OPEN for side in told.theirs):
        yield pages.Weight(_("Their times, places and roles"), note=_("not used at this level"))


def _mine(request: DeskRequest, told: Told) -> Iterable[pages.Side]:
    shown = told.mine[:_MINE_SHOWN]
    rows = {r.id: r for r in visible_reports(request.viewer).filter(id__in=[m.report_id for m in shown])}
    for mine in shown:
        report: Report | None = rows.get(mine.report_id)
        facts = [pages.Fact(_("Report"), mine.reference, reverse("report", args=[mine.report_id]))]
        if report is not None:
            facts.append(
                pages.Fact(_("Category"), report.category or _("Not stated"), quiet=not report.category)
            )
        facts.append(pages.Fact(_("Others may learn"), str(wording.LEVEL_TELLS[mine.sharing])))
        title = _("Yours, %(agency)s") % {"agency": request.officer.agency.name}
        yield pages.Side(title, wording.level_tag(mine.sharing), tuple(facts))


def _more(told: Told) -> pages.Link | None:
    more = len(told.mine) - _MINE_SHOWN
    if more <= 0:
        return None
    text = ngettext("%(n)s more of your reports", "%(n)s more of your reports", more) % {"n": more}
    return pages.Link(text, reverse("identifier", args=[told.hit.key]))


def _their_side(side: Theirs, found: Hit) -> pages.Side:
    hidden = _("Not shown at this level")
    title = _("Theirs, %(agency)s") % {"agency": side.agency_name}
    tag = wording.level_tag(side.level, theirs=True)
    call = pages.Fact(_("Call"), ", ".join(part for part in (side.contact.name, side.contact.phone) if part))
    if side.level is not Level.OPEN or side.report_id is None:
        facts = (
            pages.Fact(_("Report"), hidden, quiet=True),
            pages.Fact(_("Category"), hidden, quiet=True),
            call,
            pages.Fact(_("You see"), _("that they hold it, and whom to call")),
        )
        return pages.Side(title, tag, facts, "theirs")
    url = reverse("hit_theirs", args=[found.id, side.report_id])
    facts = (
        pages.Fact(_("Report"), side.reference or "", url),
        pages.Fact(_("Category"), side.category or _("Not stated"), quiet=not side.category),
        call,
        pages.Fact(_("You see"), _("their summary and reference")),
    )
    return pages.Side(title, tag, facts, "theirs", pages.Link(_("Read their summary"), url))


def _way_on(told: Told) -> pages.Link | None:
    """Return the link beside the contacts: the first summary that may be read."""
    for side in told.theirs:
        if side.level is Level.OPEN and side.report_id:
            return pages.Link(
                _("Read their summary"), reverse("hit_theirs", args=[told.hit.id, side.report_id])
            )
    return None


# --- what is recorded -----------------------------------------------------------------------------------------------


def _to_settle(request: DeskRequest, hit_id: UUID) -> Told:
    """Return a hit to settle. Nothing is held yet: the action does so, and looks again whether it is still open."""
    told = _opened(request, hit_id)
    require(request.viewer, Permission.HIT_SETTLE)
    return told


@screen("POST", see=Permission.REPORT_VIEW)
def contact(request: DeskRequest, hit_id: UUID) -> HttpResponse:
    """Record whom the officer spoke to and what they agreed."""
    told = _to_settle(request, hit_id)
    form = _blank(request, told, request.POST)
    if not form.is_valid():
        return _shown(request, told, form)
    given = form.cleaned_data
    actions.decide(
        hit=told.hit, verdict=AGREED[given["agreed"]], by=request.viewer, at=request.at, spoke_to=given["spoke_to"],
        spoke_at=given["spoke_at"], shown=_mark(request, told),
    )  # fmt: skip
    messages.success(request, _("The contact is recorded."))
    return redirect("hit", hit_id)


@screen("POST", see=Permission.REPORT_VIEW)
def nobody(request: DeskRequest, hit_id: UUID) -> HttpResponse:
    """Record a call that nobody took."""
    told = _to_settle(request, hit_id)
    actions.nobody_answered(hit=told.hit, by=request.viewer, at=request.at)
    messages.success(request, _("Recorded. Call again within the hour."))
    return redirect("hit", hit_id)


@dataclass(frozen=True)
class _Question:
    """A screen that asks for one reason."""

    name: str  # of its address
    title: Words
    button: Words
    after: Words


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def not_same(request: DeskRequest, hit_id: UUID) -> HttpResponse:
    after = _("It is remembered: the same records do not ask again.")
    question = _Question("hit_not_same", _("Why is it not the same?"), _("Record it"), after)
    return _settle_with_reason(request, _to_settle(request, hit_id), "not_the_same", question)


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def no_action(request: DeskRequest, hit_id: UUID) -> HttpResponse:
    after = _("A further record that holds it asks again.")
    question = _Question("hit_no_action", _("Why is no action needed?"), _("Record it"), after)
    return _settle_with_reason(request, _to_settle(request, hit_id), "no_action", question)


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def join(request: DeskRequest, hit_id: UUID) -> HttpResponse:
    told = _to_settle(request, hit_id)
    if told.theirs:
        messages.error(request, _("Another agency holds it too. Speak with them, and record the contact."))
        return redirect("hit", hit_id)
    after = _("A further record that holds it asks again.")
    question = _Question("hit_join", _("Why do your reports belong together?"), _("Join them"), after)
    return _settle_with_reason(request, told, "work_together", question)


def _settle_with_reason(request: DeskRequest, told: Told, verdict: str, question: _Question) -> HttpResponse:
    form = forms.ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        shown = _mark(request, told)
        actions.decide(
            hit=told.hit, verdict=verdict, by=request.viewer, at=request.at, reason=reason, shown=shown
        )
        outcome = SETTLED_AS[verdict].lower()
        messages.success(request, _("Recorded: %(verdict)s.") % {"verdict": outcome})
        return redirect("hit", told.hit.id)
    return _ask(request, told, form, question)


def _ask(request: DeskRequest, told: Told, form: forms.ReasonForm, question: _Question) -> HttpResponse:
    found = told.hit
    back = pages.Link(_("Back to the hit"), reverse("hit", args=[found.id]))
    page = pages.FormPage(
        title=str(question.title),
        form=form,
        form_url=reverse(question.name, args=[found.id]),
        button=str(question.button),
        cancel=back,
        crumbs=(pages.Link(_("Hits"), reverse("hits")), pages.Link(found.reference, back.url)),
        after=str(question.after),
        shown=_mark(request, told),
    )
    return show(request, page, current="hits", reference=found.reference)


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def take_back(request: DeskRequest, hit_id: UUID) -> HttpResponse:
    """Withdraw the decision that stands; the hit asks again."""
    told = _to_settle(request, hit_id)
    standing = lookups.standing_decision(told.hit)
    if standing is None or told.hit.state == "open":
        raise late.too_late(request, actions.NotStanding)
    form = forms.ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.take_back(decision=standing, by=request.viewer, at=request.at, reason=reason)
        messages.success(request, _("Taken back. The hit is open again."))
        return redirect("hit", hit_id)
    after = _("The decision stays in the history, marked as taken back.")
    question = _Question("hit_take_back", _("Why do you take it back?"), _("Take it back"), after)
    return _ask(request, told, form, question)


# --- theirs ---------------------------------------------------------------------------------------------------------


@screen("GET", see=Permission.REPORT_VIEW)
def theirs(request: DeskRequest, hit_id: UUID, report_id: UUID) -> HttpResponse:
    """Show what the holder of an open record shares, and nothing beyond it."""
    told = _opened(request, hit_id)
    side = next((t for t in told.theirs if t.report_id == report_id and t.level is Level.OPEN), None)
    if side is None:
        raise NotFound(str(NotFound.__doc__))
    record(events.OPENED, by=request.viewer, subject=("hit", told.hit.id), theirs=side.reference)
    page = pages.TheirSummary(
        reference=side.reference or "",
        title=side.category or _("Report"),
        hit=pages.Link(_("Back to the hit"), reverse("hit", args=[told.hit.id])),
        tags=(pages.Tag(side.agency_name, "plum"), wording.level_tag(side.level, theirs=True)),
        facts=tuple(_their_facts(side)),
        summary=side.summary or "",
        contact=pages.Contact(side.contact.name, side.contact.phone, side.contact.email, told.hit.reference),
    )
    return show(request, page, current="hits", reference=told.hit.reference)


def _their_facts(side: Theirs) -> Iterable[pages.Fact]:
    yield pages.Fact(_("Holder"), side.agency_name)
    yield pages.Fact(_("Category"), side.category or _("Not stated"), quiet=not side.category)
    if side.incident_at:
        yield pages.Fact(_("Incident"), at=side.incident_at)
