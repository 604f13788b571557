"""Officers: who they are, how they sign in, that they are away or gone. No screen here reads a report."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.domains.agencies import actions, logins
from cets.domains.agencies.models import Agency, Officer, RoleGrant, Team
from cets.domains.approvals import actions as approvals
from cets.domains.approvals import queries as approval_queries
from cets.domains.ledger import absences
from cets.kernel.errors import Meanwhile
from cets.sites.desk import pages
from cets.sites.desk.pages import forms
from cets.sites.desk.pages.parts import Cell, Column, Fact, Link, Table, Tag
from cets.sites.desk.paging import page_of
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import late
from cets.sites.desk.views.roles import request_word
from cets.sites.desk.views.upkeep import (
    fallen_words,
    form_page,
    found_or_404,
    officer_of,
    people_of,
    people_table,
    role_word,
    state_of,
    status_of,
    tabs,
    tried,
    uuid_of,
)


@screen("GET", see=Permission.OFFICER_MANAGE)
def officers(request: DeskRequest) -> HttpResponse:
    people = people_of().filter(is_service=False).order_by("agency__code", "name", "id")
    chosen = uuid_of(request.GET.get("agency", ""))
    if chosen:
        people = people.filter(agency_id=chosen)
    rows, paging = page_of(people, reverse("officers"), request.GET)
    page = pages.TablePage(
        title=_("Officers"),
        table=people_table(rows),
        paging=paging,
        tabs=tabs(),
        current=reverse("officers"),
        add=Link(_("Add an officer"), reverse("officer_add", args=[chosen])) if chosen else None,
        lead="" if chosen else _("Add an officer on the page of the agency."),
    )
    return show(request, page, current="agencies")


@screen("GET", "POST", see=Permission.OFFICER_MANAGE)
def officer_add(request: DeskRequest, agency_id: UUID) -> HttpResponse:
    """Add an officer; the one-time password stands on the answer alone."""
    found = found_or_404(Agency.objects.filter(id=agency_id).first())
    teams = {str(one.id): one for one in Team.objects.filter(agency=found).order_by("-is_duty", "name")}
    choices = [(key, one.name) for key, one in teams.items()]
    form = forms.OfficerForm(request.POST if request.method == "POST" else None, teams=choices)
    if request.method == "POST" and form.is_valid():
        given, password = form.cleaned_data, logins.one_time_password()
        made = tried(form, "login", lambda: actions.add_officer(
            agency=found, team=teams[given["team"]], login_name=given["login"], name=given["name"], password=password, by=request.viewer,
            at=request.at,
        ))  # fmt: skip
        if made:
            return _once(
                request,
                _added(made),
                password,
                _("%(name)s is added. No role yet: that needs two people.") % {"name": made.name},
            )
    page = form_page(
        _("Add an officer"), form, reverse("officer_add", args=[found.id]), _("Add the officer"), found
    )
    return show(request, page, current="agencies", status=status_of(form))


def _added(made: Officer) -> Officer:
    found: Officer = people_of().get(id=made.id)
    return found


def _once(request: DeskRequest, found: Officer, password: str, lead: str) -> HttpResponse:
    """Show a password this one time."""
    page = pages.DetailPage(
        title=found.name,
        facts=(
            Fact(_("Signs in as"), _login_of(found), value=True),
            Fact(_("One-time password"), password, value=True),
        ),
        crumbs=(Link(found.agency.name, reverse("agency", args=[found.agency_id])),),
        alert=pages.Alert(
            _("Read the password out now"),
            _(
                "It is shown on this page alone and kept nowhere. It is to be changed after the first sign-in."
            ),
            "warning",
        ),
        lead=lead,
        actions=(Link(_("Go to the officer"), reverse("officer", args=[found.id])),),
    )
    return show(request, page, current="agencies")


def _login_of(found: Officer) -> str:
    return found.login.name if found.login else ""


@screen("GET", see=Permission.OFFICER_MANAGE)
def officer(request: DeskRequest, officer_id: UUID) -> HttpResponse:
    found = officer_of(officer_id)
    page = pages.DetailPage(
        title=found.name,
        facts=tuple(_officer_facts(found)),
        crumbs=(
            Link(_("Officers"), reverse("officers")),
            Link(found.agency.name, reverse("agency", args=[found.agency_id])),
        ),
        tags=(state_of(found),),
        tables=(_roles_table(found, ended=bool(found.left_at)), _requests_table(request, found)),
        actions=tuple(_steps(request, found)),
    )
    return show(request, page, current="agencies")


def _officer_facts(found: Officer) -> Iterator[Fact]:
    yield Fact(_("Agency"), found.agency.name, reverse("agency", args=[found.agency_id]))
    yield Fact(_("Team"), found.team.name)
    yield Fact(_("Signs in as"), _login_of(found), value=True)
    if found.phone:
        yield Fact(_("Telephone"), found.phone)
    if found.home_agency:
        yield Fact(_("Seconded from"), found.home_agency.name)
    yield Fact(_("Since"), at=found.joined_at)
    if found.left_at:
        yield Fact(_("Left"), at=found.left_at)
    elif found.absent_at:
        yield Fact(_("Away since"), at=found.absent_at)


def _roles_table(found: Officer, *, ended: bool) -> Table:
    grants = RoleGrant.objects.filter(officer=found).order_by("-ended_at", "granted_at")
    rows = []
    for grant in grants:
        state = Tag(_("Held"), "green") if grant.ended_at is None else Tag(_("Ended"), "grey")
        end = (
            Cell(_("End it"), reverse("role_end", args=[grant.id]))
            if grant.ended_at is None and not ended
            else Cell("")
        )
        by_two = _("Agreed by two people") if grant.approval_id else _("With the installation")
        rows.append(
            (Cell(role_word(grant.role), sub=by_two), Cell(tag=state), Cell(at=grant.granted_at), end)
        )
    columns = (Column(_("Role")), Column(_("State")), Column(_("Since")), Column(_("Take away")))
    return Table(columns, tuple(rows), caption=_("Roles"), empty=_("No role yet."))


def _requests_table(request: DeskRequest, found: Officer) -> Table:
    waiting = approval_queries.standing(request.viewer).filter(subject_id=found.id).order_by("asked_at")
    rows = tuple(
        (Cell(request_word(one), reverse("approval", args=[one.id])), Cell(at=one.asked_at))
        for one in waiting
    )
    columns = (Column(_("Waits for a second person")), Column(_("Since")))
    return Table(
        columns,
        rows,
        caption=_("Requests"),
        empty=_("No request waits. A role that is asked for stands here until a second person agrees."),
    )


def _steps(request: DeskRequest, found: Officer) -> Iterator[Link]:
    if found.left_at:
        return
    if request.viewer.may(Permission.ROLE_REQUEST):
        yield Link(_("Ask for a role"), reverse("role_ask", args=[found.id]))
    for name, step in STEPS.items():
        # What cannot be undone nobody does to their own account.
        if step.fits(found) and not (step.final and found.id == request.viewer.actor_id):
            yield Link(step.title(), reverse("officer_step", args=[found.id, name]))


# --- what is done with an officer -----------------------------------------------------------------


class Step:
    """One thing to do with an officer: asked on a page of its own, then done."""

    def __init__(
        self,
        title: Callable[[], str],
        lead: Callable[[], str],
        fits: Callable[[Officer], bool],
        *,
        late: type[Meanwhile] = absences.LeftMeanwhile,
        reason: bool = False,
        final: bool = False,
    ) -> None:
        self.title, self.lead, self.fits, self.reason, self.final = title, lead, fits, reason, final
        self.late = late  # what is said where it does not fit any more


STEPS = {
    "away": Step(
        lambda: _("Mark as away"),
        lambda: _("Open work goes to the team at once, and the team is told."),
        lambda one: one.absent_at is None,
        late=absences.AwayMeanwhile,
    ),
    "back": Step(
        lambda: _("Mark as back"),
        lambda: _("The officer can be given work again. What went to the team stays there."),
        lambda one: one.absent_at is not None,
        late=absences.BackMeanwhile,
    ),
    "password": Step(
        lambda: _("Give a new password"),
        lambda: _("The old one ends at once, and every session with it. The new one is shown once."),
        lambda _one: True,
    ),
    "second-factor": Step(
        lambda: _("Ask to take the second factor away"),
        lambda: _(
            "When passkey and authenticator are lost. A second person has to agree; a new one is then set up at the next sign-in."
        ),
        lambda _one: True,
        reason=True,
    ),
    "leave": Step(
        lambda: _("Mark as gone for good"),
        lambda: _(
            "Open work goes to the team, all roles end, requests lapse, and the sign-in is off. This cannot be undone here."
        ),
        lambda _one: True,
        reason=True,
        final=True,
    ),
}


@screen("GET", "POST", see=Permission.OFFICER_MANAGE)
def officer_step(request: DeskRequest, officer_id: UUID, name: str) -> HttpResponse:
    found, step = officer_of(officer_id), found_or_404(STEPS.get(name))
    if found.left_at or not step.fits(found):
        raise late.too_late(request, absences.LeftMeanwhile if found.left_at else step.late)
    if step.final and found.id == request.viewer.actor_id and request.method != "POST":
        return _not_oneself(request, found, step)
    kind = forms.ReasonForm if step.reason else forms.DeskForm
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = _do(request, found, name, form)
        if answer is not None:
            return answer
    back = Link(found.name, reverse("officer", args=[found.id]))
    page = pages.FormPage(
        title=step.title(),
        form=form,
        form_url=reverse("officer_step", args=[found.id, name]),
        button=step.title(),
        cancel=Link(_("Back"), back.url),
        crumbs=(Link(_("Officers"), reverse("officers")), back),
        lead=step.lead(),
        facts=(Fact(_("Officer"), found.name), Fact(_("Agency"), found.agency.name)),
        final=step.final,
    )
    return show(request, page, current="agencies", status=status_of(form))


def _not_oneself(request: DeskRequest, found: Officer, step: Step) -> HttpResponse:
    """Say before anything is written that another administrator has to do this."""
    page = pages.DetailPage(
        title=step.title(),
        facts=(Fact(_("Officer"), found.name),),
        crumbs=(Link(_("Officers"), reverse("officers")),),
        lead=str(absences.NotOneself.__doc__),
        actions=(Link(_("Go to the officers"), reverse("officers")),),
    )
    return show(request, page, current="agencies")


def _send_off(found: Officer, name: str, form: forms.DeskForm, *, by: Viewer, at: datetime) -> int | None:
    if name == "leave":
        return absences.leave(officer=found, by=by, at=at, reason=form.cleaned_data["reason"])
    return absences.go_absent(officer=found, by=by, at=at)


def _do(request: DeskRequest, found: Officer, name: str, form: forms.DeskForm) -> HttpResponse | None:
    by, at = request.viewer, request.at
    if name == "password":
        password = tried(form, None, lambda: logins.reset_password(officer=found, by=by))
        if not password:
            return None
        return _once(request, found, password, _("The old password has ended."))
    if name == "second-factor":
        asked = tried(form, "reason", lambda: approvals.ask(
            kind="reset_second_factor", subject_id=found.id, params={}, reason=form.cleaned_data["reason"], by=by, at=at
        ))  # fmt: skip
        if not asked:
            return None
        messages.success(request, _("Asked. It waits for a second person."))
    elif name == "back":
        absences.come_back(officer=found, by=by)
        messages.success(request, _("%(name)s is back.") % {"name": found.name})
    else:
        # In a tuple: no number of records is told where it is None.
        done = tried(form, None, lambda: (_send_off(found, name, form, by=by, at=at),))
        if not done:
            return None
        (fallen,) = done
        messages.success(request, f"{found.name}: {fallen_words(fallen)}")
    return redirect("officer", officer_id=found.id)
