"""What waits for a second person, and the decision."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.permissions import Permission
from cets.domains.agencies import logins
from cets.domains.agencies.models import Officer
from cets.domains.approvals import actions, queries
from cets.domains.approvals.models import Approval
from cets.kernel.errors import CetsError, Meanwhile
from cets.sites.desk import pages
from cets.sites.desk.pages import forms
from cets.sites.desk.pages.parts import Cell, Column, Fact, Link, Table, Tag
from cets.sites.desk.paging import page_of
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import late, lookups
from cets.sites.desk.views.roles import request_word
from cets.sites.desk.views.upkeep import tabs


@screen("GET", see=Permission.ROLE_APPROVE)
def approvals(request: DeskRequest) -> HttpResponse:
    """List what waits, then what was decided."""
    rows, paging = page_of(queries.listed(request.viewer), reverse("approvals"), request.GET)
    names = lookups.names({i for one in rows for i in (one.asked_by, one.decided_by, one.subject_id) if i})
    page = pages.TablePage(
        title=_("Approvals"),
        table=Table(
            columns=(
                Column(_("Request")),
                Column(_("For")),
                Column(_("Asked by")),
                Column(_("When")),
                Column(_("State")),
            ),
            rows=tuple(_row(one, names, request.viewer.actor_id) for one in rows),
            empty=_(
                "Nothing waits for a second person. What is asked for a role or an account stands here until one answers."
            ),
        ),
        lead=_("Whoever asks cannot decide, and nobody decides on a role of their own."),
        paging=paging,
        tabs=tabs(),
        current=reverse("approvals"),
    )
    return show(request, page, current="approvals")


def _row(one: Approval, names: Mapping[UUID, str], me: UUID) -> tuple[Cell, ...]:
    return (
        Cell(request_word(one), reverse("approval", args=[one.id])),
        Cell(names.get(one.subject_id, ""), sub=one.agency.code),
        Cell(names.get(one.asked_by, "")),
        Cell(at=one.asked_at),
        Cell(tag=_state(one, me), sub=names.get(one.decided_by, "") if one.decided_by else ""),
    )


def _state(one: Approval, me: UUID) -> Tag:
    if one.decided_at is None:
        if not one.stands:
            return Tag(_("Lapsed"), "grey")
        mine = me not in {one.asked_by, one.subject_id}
        return Tag(_("Waits for you or another"), "amber") if mine else Tag(_("Waits for another"), "grey")
    return Tag(_("Agreed"), "green") if one.agreed else Tag(_("Refused"), "red")


@screen("GET", "POST", see=Permission.ROLE_APPROVE)
def approval(request: DeskRequest, approval_id: UUID) -> HttpResponse:
    """Show one request; the second person decides on it."""
    try:
        found = queries.get(request.viewer, approval_id)
    except queries.NotFound as error:
        raise Http404 from error
    if not found.stands:
        if request.method == "POST":
            raise late.too_late(request, actions.AlreadyDecided if found.decided_at else actions.Lapsed)
        return _decided(request, found)
    form = forms.DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        agreed = form.cleaned_data["decision"] == "approve"
        try:
            actions.decide(
                approval=found,
                agreed=agreed,
                answer=form.cleaned_data["reason"],
                by=request.viewer,
                at=request.at,
            )
        except Meanwhile:
            raise
        except CetsError as error:
            form.add_error("decision", str(error))
        else:
            messages.success(
                request, _("Agreed, and done.") if agreed else _("Refused. Nothing was changed.")
            )
            return redirect("approvals")
    return _ask(request, found, form)


def _ask(request: DeskRequest, found: Approval, form: forms.DecisionForm) -> HttpResponse:
    may = request.viewer.actor_id not in {found.asked_by, found.subject_id}
    if not may:
        return _decided(request, found)
    page = pages.FormPage(
        title=_("Decide as the second person"),
        form=form,
        form_url=reverse("approval", args=[found.id]),
        button=_("Decide"),
        cancel=Link(_("Back"), reverse("approvals")),
        crumbs=(Link(_("Approvals"), reverse("approvals")),),
        facts=(*_facts(found), *_account_facts(found)),
        alert=pages.Alert(
            _("Speak with the officer before you agree"),
            _(
                "Whoever added the account or gave it a password knew that password."
                " Only the officer can tell you that account and sign-in are in the officer's own hands."
            ),
            "warning",
        ),
        after=_("What you agree to takes effect at once. Both names are kept."),
        cards=True,
    )
    return show(request, page, current="approvals", status=422 if form.errors else 200)


def _decided(request: DeskRequest, found: Approval) -> HttpResponse:
    lead = "" if found.decided_at else _("You asked for it, or it is for you: another person has to decide.")
    if not found.decided_at and not found.stands:
        lead = _(
            "It has lapsed: the officer has left, or whoever asked is no administrator any more. Nothing was changed."
        )
    page = pages.DetailPage(
        title=request_word(found),
        facts=_facts(found),
        crumbs=(Link(_("Approvals"), reverse("approvals")),),
        tags=(_state(found, request.viewer.actor_id),),
        lead=lead,
    )
    return show(request, page, current="approvals")


def _account_facts(found: Approval) -> tuple[Fact, ...]:
    """Say who made the account, and whether it is in its owner's hands by now."""
    officer = Officer.objects.get(id=found.subject_id)
    hands = logins.hands_of(officer)
    adder = officer.added_by
    return (
        Fact(
            _("Account added by"),
            lookups.names([adder]).get(adder, "") if adder else _("With the installation"),
        ),
        Fact(_("Account added"), at=officer.joined_at),
        Fact(
            _("Own password"), _("Chosen") if hands.has_own_password else _("Not yet: somebody else knows it")
        ),
        Fact(_("Own second factor"), _("Set up") if hands.has_second_factor else _("Not yet")),
    )


def _facts(found: Approval) -> tuple[Fact, ...]:
    wanted = {found.subject_id, found.asked_by} | ({found.decided_by} if found.decided_by else set())
    names = dict(Officer.objects.filter(id__in=wanted).values_list("id", "name"))
    facts = [
        Fact(_("Request"), request_word(found)),
        Fact(_("For"), names.get(found.subject_id, ""), reverse("officer", args=[found.subject_id])),
        Fact(_("Agency"), found.agency.name),
        Fact(_("Why"), found.reason),
        Fact(_("Asked by"), names.get(found.asked_by, "")),
        Fact(_("Asked"), at=found.asked_at),
    ]
    if found.decided_at and found.decided_by:
        facts += [
            Fact(_("Decided by"), names.get(found.decided_by, "")),
            Fact(_("Decided"), at=found.decided_at),
            Fact(_("Answer"), found.answer),
        ]
    return tuple(facts)
