"""What only the centre's deconfliction desk is told: two silent records meet, and whom to call on both sides."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.permissions import Permission
from cets.domains.deconfliction import actions, queries
from cets.domains.deconfliction.models import SilentPair
from cets.domains.deconfliction.queries import Contact
from cets.domains.ledger.models import Entry
from cets.sites.desk import pages, wording
from cets.sites.desk.pages import forms
from cets.sites.desk.paging import page_of
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.templatetags.desk import clock


@screen("GET", see=Permission.SILENT_PAIRS)
def silent_pairs(request: DeskRequest) -> HttpResponse:
    """List pairs in which both records are silent: agencies and kind, no value, no record."""
    rows, paging = page_of(queries.silent_pairs(request.viewer), reverse("silent_pairs"), request.GET)
    headings = (_("Agencies"), _("Kind"), _("Found"), _("Next step"), _("Due"))
    page = pages.TablePage(
        title=_("Silent pairs"),
        table=pages.Table(
            tuple(map(pages.Column, headings)),
            tuple(_cells(pair, request.at) for pair in rows),
            empty=_("No two silent records meet."),
        ),
        lead=_("Both records are silent, so neither agency was told. Only this desk knows of them."),
        paging=paging,
    )
    return show(request, page, current="silent_pairs")


def _name(pair: SilentPair) -> str:
    return f"{pair.first_agency.name}, {pair.second_agency.name}"


def _cells(pair: SilentPair, at: datetime) -> tuple[pages.Cell, ...]:
    return (
        pages.Cell(_name(pair), url=reverse("silent_pair", args=[pair.id])),
        pages.Cell(wording.kind_word(pair.kind)),
        pages.Cell(at=pair.found_at),
        pages.Cell(pair.entry.outcome or pair.entry.next_step),
        _due(pair.entry, at),
    )


def _due(entry: Entry, at: datetime) -> pages.Cell:
    if entry.closed_at:
        return pages.Cell(_("Closed"))
    late = pages.Tag(clock(entry.due_at, at), "red") if entry.due_at < at else None
    return pages.Cell(at=entry.due_at, tag=late)


@screen("GET", "POST", see=Permission.SILENT_PAIRS)
def silent_pair(request: DeskRequest, pair_id: UUID) -> HttpResponse:
    """Say whom to call on both sides, and take what they agreed."""
    pair = queries.silent_pair(request.viewer, pair_id)
    back = pages.Link(_("Silent pairs"), reverse("silent_pairs"))
    form = forms.AgreedForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.settle_pair(pair=pair, outcome=form.cleaned_data["agreed"], by=request.viewer, at=request.at)
        messages.success(request, _("Recorded."))
        return redirect("silent_pairs")
    contacts = queries.silent_contacts([pair.id]).get(pair.id, [])
    title = _("Two silent records, one %(kind)s") % {"kind": wording.kind_inside(pair.kind)}
    facts = tuple(pages.Fact(contact.name, _reach(contact)) for contact in contacts)
    if pair.entry.closed_at:
        closed = pages.DetailPage(title=title, facts=facts, crumbs=(back,), lead=_lead(pair))
        return show(request, closed, current="silent_pairs")
    page = pages.FormPage(
        title=title,
        form=form,
        form_url=reverse("silent_pair", args=[pair.id]),
        button=_("Record what was agreed"),
        cancel=pages.Link(_("Back to the silent pairs"), back.url),
        crumbs=(back,),
        lead=_lead(pair),
        facts=facts,
        after=_("Recording it closes the pair. What was agreed is kept with it."),
    )
    return show(request, page, current="silent_pairs")


def _lead(pair: SilentPair) -> str:
    if pair.entry.closed_at:
        return _("Closed: %(outcome)s.") % {"outcome": pair.entry.outcome.rstrip(".")}
    return _("Neither agency knows of the other. Speak with each before you name one to the other.")


def _reach(contact: Contact) -> str:
    return ", ".join(filter(None, (contact.phone, contact.email))) or _("No number is known")
