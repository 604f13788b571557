"""Agencies, teams, officers and what they may do. Whoever administers sees no report: no screen here reads one."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access.permissions import Permission
from cets.access.roles import ROLES
from cets.domains.agencies import actions, logins
from cets.domains.agencies.models import Agency, Officer, RoleGrant, Team
from cets.domains.approvals import actions as approvals
from cets.domains.approvals import queries as approval_queries
from cets.domains.approvals.models import Approval
from cets.domains.ledger import absences
from cets.domains.reports.queries import NotFound
from cets.kernel.errors import CetsError
from cets.sites.desk import pages
from cets.sites.desk.pages import forms
from cets.sites.desk.pages.parts import Cell, Column, Fact, Link, Table, Tag
from cets.sites.desk.paging import page_of
from cets.sites.desk.request import DeskRequest, screen, show

#: Shown of an agency on its own page; all of them stand in the list of officers.
_MOST_SHOWN = 100


def tabs() -> tuple[Link, ...]:
    return (
        Link(_("Agencies"), reverse("agencies")),
        Link(_("Officers"), reverse("officers")),
        Link(_("Roles"), reverse("roles")),
        Link(_("Approvals"), reverse("approvals")),
    )


# --- agencies and teams ---------------------------------------------------------------------------


@screen("GET", see=Permission.AGENCY_MANAGE)
def agencies(request: DeskRequest) -> HttpResponse:
    people = Count("officer", filter=Q(officer__left_at=None, officer__is_service=False))
    counted: Any = Agency.objects.annotate(people=people).order_by("code")
    rows, paging = page_of(counted, reverse("agencies"), request.GET)
    page = pages.TablePage(
        title=_("Agencies"),
        table=Table(
            columns=(
                Column(_("Agency")),
                Column(_("Code")),
                Column(_("Country")),
                Column(_("People"), numeric=True),
            ),
            rows=tuple(
                (
                    Cell(
                        one.name,
                        reverse("agency", args=[one.id]),
                        tag=Tag(_("Centre"), "blue") if one.is_centre else None,
                    ),
                    Cell(one.code, value=True),
                    Cell(one.country),
                    Cell(f"{one.people:,}"),
                )
                for one in rows
            ),
        ),
        add=Link(_("Add an agency"), reverse("agency_add")),
        paging=paging,
        tabs=tabs(),
        current=reverse("agencies"),
    )
    return show(request, page, current="agencies")


@screen("GET", "POST", see=Permission.AGENCY_MANAGE)
def agency_add(request: DeskRequest) -> HttpResponse:
    form = forms.AgencyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = _tried(form, "code", lambda: actions.add_agency(
            code=given["code"], name=given["name"], country=given["country"], phone=given["duty_phone"], email=given["duty_mail"],
            by=request.viewer, at=request.at,
        ))  # fmt: skip
        if made:
            messages.success(request, _("%(name)s is added, with its duty team.") % {"name": made.name})
            return redirect("agency", agency_id=made.id)
    page = pages.FormPage(
        title=_("Add an agency"),
        form=form,
        form_url=reverse("agency_add"),
        button=_("Add the agency"),
        cancel=Link(_("Back"), reverse("agencies")),
        crumbs=(Link(_("Agencies"), reverse("agencies")),),
        after=_("It gets a duty team, which other agencies call when they learn of a hit."),
    )
    return show(request, page, current="agencies", status=_status(form))


@screen("GET", see=Permission.AGENCY_MANAGE)
def agency(request: DeskRequest, agency_id: UUID) -> HttpResponse:
    found = _found(Agency.objects.filter(id=agency_id).first())
    teams = list(Team.objects.filter(agency=found).order_by("-is_duty", "name"))
    people = list(
        _people().filter(agency=found, is_service=False, left_at=None).order_by("name")[:_MOST_SHOWN]
    )
    page = pages.DetailPage(
        title=found.name,
        facts=(
            Fact(_("Code"), found.code, value=True),
            Fact(_("Country"), found.country),
            Fact(_("Since"), at=found.created_at),
            Fact(_("All officers"), _("Show the list"), f"{reverse('officers')}?agency={found.id}"),
        ),
        crumbs=(Link(_("Agencies"), reverse("agencies")),),
        tags=(Tag(_("Centre"), "blue"),) if found.is_centre else (),
        tables=(_teams_table(teams), _people_table(people, caption=_("People"))),
        actions=(
            Link(_("Add an officer"), reverse("officer_add", args=[found.id])),
            Link(_("Add a team"), reverse("team_add", args=[found.id])),
        ),
    )
    return show(request, page, current="agencies")


def _teams_table(teams: list[Team]) -> Table:
    return Table(
        columns=(Column(_("Team")), Column(_("Telephone")), Column(_("E-mail"))),
        rows=tuple(
            (
                Cell(
                    team.name,
                    reverse("team", args=[team.id]),
                    tag=Tag(_("Duty"), "blue") if team.is_duty else None,
                ),
                Cell(team.phone or _("None given")),
                Cell(team.email or _("None given")),
            )
            for team in teams
        ),
        caption=_("Teams"),
    )


@screen("GET", "POST", see=Permission.AGENCY_MANAGE)
def team_add(request: DeskRequest, agency_id: UUID) -> HttpResponse:
    found = _found(Agency.objects.filter(id=agency_id).first())
    form = forms.TeamForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = _tried(form, "name", lambda: actions.add_team(
            agency=found, name=given["name"], phone=given["phone"], email=given["mail"], by=request.viewer
        ))  # fmt: skip
        if made:
            messages.success(request, _("The team %(name)s is added.") % {"name": made.name})
            return redirect("agency", agency_id=found.id)
    page = _form_page(_("Add a team"), form, reverse("team_add", args=[found.id]), _("Add the team"), found)
    return show(request, page, current="agencies", status=_status(form))


@screen("GET", "POST", see=Permission.AGENCY_MANAGE)
def team(request: DeskRequest, team_id: UUID) -> HttpResponse:
    """How a team is reached."""
    found = _found(Team.objects.select_related("agency").filter(id=team_id).first())
    initial = {"name": found.name, "phone": found.phone, "mail": found.email}
    form = forms.TeamForm(request.POST if request.method == "POST" else None, initial=initial)
    form.fields["name"].disabled = True
    if request.method == "POST" and form.is_valid():
        actions.set_contact(
            team=found, phone=form.cleaned_data["phone"], email=form.cleaned_data["mail"], by=request.viewer
        )
        messages.success(
            request, _("Saved. Other agencies are told this from now on.") if found.is_duty else _("Saved.")
        )
        return redirect("agency", agency_id=found.agency_id)
    page = _form_page(
        _("How the team is reached"), form, reverse("team", args=[found.id]), _("Save"), found.agency
    )
    return show(request, page, current="agencies", status=_status(form))


def _form_page(title: str, form: forms.DeskForm, url: str, button: str, of: Agency) -> pages.FormPage:
    back = Link(of.name, reverse("agency", args=[of.id]))
    return pages.FormPage(
        title=title,
        form=form,
        form_url=url,
        button=button,
        cancel=Link(_("Back"), back.url),
        crumbs=(Link(_("Agencies"), reverse("agencies")), back),
    )


# --- officers -------------------------------------------------------------------------------------


@screen("GET", see=Permission.OFFICER_MANAGE)
def officers(request: DeskRequest) -> HttpResponse:
    people = _people().filter(is_service=False).order_by("agency__code", "name", "id")
    chosen = _uuid(request.GET.get("agency", ""))
    if chosen:
        people = people.filter(agency_id=chosen)
    rows, paging = page_of(people, reverse("officers"), request.GET)
    page = pages.TablePage(
        title=_("Officers"),
        table=_people_table(rows),
        paging=paging,
        tabs=tabs(),
        current=reverse("officers"),
        add=Link(_("Add an officer"), reverse("officer_add", args=[chosen])) if chosen else None,
        lead="" if chosen else _("Add an officer on the page of the agency."),
    )
    return show(request, page, current="agencies")


def _people() -> Any:
    held = RoleGrant.objects.filter(ended_at=None).order_by("granted_at")
    return Officer.objects.select_related("agency", "team", "home_agency").prefetch_related(
        Prefetch("grants", queryset=held, to_attr="held")
    )


def _people_table(people: list[Any], *, caption: str = "") -> Table:
    return Table(
        columns=(Column(_("Officer")), Column(_("Roles")), Column(_("Team")), Column(_("State"))),
        rows=tuple(
            (
                Cell(one.name, reverse("officer", args=[one.id]), sub=one.email),
                Cell(", ".join(role_word(grant.role) for grant in one.held) or _("None yet")),
                Cell(one.team.name, sub=one.agency.code),
                Cell(tag=_state(one)),
            )
            for one in people
        ),
        caption=caption,
        empty=_("Nobody yet."),
    )


def role_word(name: str) -> str:
    return str(ROLES[name].caption) if name in ROLES else name


def _state(one: Officer) -> Tag:
    if one.left_at:
        return Tag(_("Left"), "grey")
    return Tag(_("Away"), "amber") if one.absent_at else Tag(_("There"), "green")


@screen("GET", "POST", see=Permission.OFFICER_MANAGE)
def officer_add(request: DeskRequest, agency_id: UUID) -> HttpResponse:
    """Add an officer; the one-time password stands on the answer alone."""
    found = _found(Agency.objects.filter(id=agency_id).first())
    teams = {str(one.id): one for one in Team.objects.filter(agency=found).order_by("-is_duty", "name")}
    choices = [(key, one.name) for key, one in teams.items()]
    form = forms.OfficerForm(request.POST if request.method == "POST" else None, teams=choices)
    if request.method == "POST" and form.is_valid():
        given, password = form.cleaned_data, logins.one_time_password()
        made = _tried(form, "login", lambda: actions.add_officer(
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
    page = _form_page(
        _("Add an officer"), form, reverse("officer_add", args=[found.id]), _("Add the officer"), found
    )
    return show(request, page, current="agencies", status=_status(form))


def _added(made: Officer) -> Officer:
    found: Officer = _people().get(id=made.id)
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
    found = _officer(officer_id)
    page = pages.DetailPage(
        title=found.name,
        facts=tuple(_officer_facts(found)),
        crumbs=(
            Link(_("Officers"), reverse("officers")),
            Link(found.agency.name, reverse("agency", args=[found.agency_id])),
        ),
        tags=(_state(found),),
        tables=(_roles_table(found, ended=bool(found.left_at)), _requests_table(request, found)),
        actions=tuple(_steps(request, found)),
    )
    return show(request, page, current="agencies")


def _officer(officer_id: UUID) -> Officer:
    people = Officer.objects.select_related("agency", "team", "login", "home_agency").filter(is_service=False)
    found: Officer = _found(people.filter(id=officer_id).first())
    return found


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
    waiting = (
        approval_queries.visible_to(request.viewer)
        .filter(subject_id=found.id, decided_at=None)
        .order_by("asked_at")
    )
    rows = tuple(
        (Cell(request_word(one), reverse("approval", args=[one.id])), Cell(at=one.asked_at))
        for one in waiting
    )
    columns = (Column(_("Waits for a second person")), Column(_("Since")))
    return Table(columns, rows, caption=_("Requests"), empty=_("Nothing waits."))


def request_word(one: Approval) -> str:
    """Say what is asked: a role by its name, else the kind of request."""
    if one.kind == "grant_role":
        return _("Role: %(role)s") % {"role": role_word(one.params["role"])}
    return _("Take the second factor away")


def _steps(request: DeskRequest, found: Officer) -> Iterator[Link]:
    if found.left_at:
        return
    if request.viewer.may(Permission.ROLE_REQUEST):
        yield Link(_("Ask for a role"), reverse("role_ask", args=[found.id]))
    for name, step in STEPS.items():
        if step.fits(found):
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
        reason: bool = False,
    ) -> None:
        self.title, self.lead, self.fits, self.reason = title, lead, fits, reason


STEPS = {
    "away": Step(
        lambda: _("Mark as away"),
        lambda: _("Open work goes to the team at once, and the team is told."),
        lambda one: one.absent_at is None,
    ),
    "back": Step(
        lambda: _("Mark as back"),
        lambda: _("The officer can be given work again. What went to the team stays there."),
        lambda one: one.absent_at is not None,
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
            "Open work goes to the team, all roles end, and the sign-in is off. This cannot be undone here."
        ),
        lambda _one: True,
    ),
}


@screen("GET", "POST", see=Permission.OFFICER_MANAGE)
def officer_step(request: DeskRequest, officer_id: UUID, name: str) -> HttpResponse:
    found, step = _officer(officer_id), _found(STEPS.get(name))
    if found.left_at or not step.fits(found):
        raise NotFound(str(NotFound.__doc__))
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
    )
    return show(request, page, current="agencies", status=_status(form))


def _do(request: DeskRequest, found: Officer, name: str, form: forms.DeskForm) -> HttpResponse | None:
    by, at = request.viewer, request.at
    if name == "password":
        password = logins.reset_password(officer=found, by=by)
        return _once(request, found, password, _("The old password has ended."))
    if name == "second-factor":
        asked = _tried(form, "reason", lambda: approvals.ask(
            kind="reset_second_factor", subject_id=found.id, params={}, reason=form.cleaned_data["reason"], by=by, at=at
        ))  # fmt: skip
        if not asked:
            return None
        messages.success(request, _("Asked. It waits for a second person."))
    elif name == "back":
        absences.come_back(officer=found, by=by)
        messages.success(request, _("%(name)s is back.") % {"name": found.name})
    else:
        fallen = (absences.leave if name == "leave" else absences.go_absent)(officer=found, by=by, at=at)
        words = ngettext("%(n)s record went to the team.", "%(n)s records went to the team.", fallen) % {
            "n": fallen
        }
        messages.success(request, f"{found.name}: {words}")
    return redirect("officer", officer_id=found.id)


@screen("GET", "POST", see=Permission.OFFICER_MANAGE)
def role_end(request: DeskRequest, grant_id: UUID) -> HttpResponse:
    """Take a role away: less needs one person."""
    people = RoleGrant.objects.select_related("officer").filter(ended_at=None, officer__is_service=False)
    grant = _found(people.filter(id=grant_id).first())
    back = reverse("officer", args=[grant.officer_id])
    if request.method == "POST":
        actions.end_role(grant=grant, by=request.viewer, at=request.at)
        messages.success(request, _("The role has ended."))
        return redirect(back)
    page = pages.FormPage(
        title=_("Take a role away"),
        form=forms.DeskForm(),
        form_url=reverse("role_end", args=[grant.id]),
        button=_("End the role"),
        cancel=Link(_("Back"), back),
        crumbs=(Link(grant.officer.name, back),),
        lead=_("It ends at once. To give it again, two people are needed."),
        facts=(Fact(_("Officer"), grant.officer.name), Fact(_("Role"), role_word(grant.role))),
    )
    return show(request, page, current="agencies")


# --- roles ----------------------------------------------------------------------------------------

#: Held by the service account of each agency, given to nobody.
_NOT_ASKED_FOR = frozenset({"command_line"})


@screen("GET", see=Permission.ROLE_REQUEST)
def roles(request: DeskRequest) -> HttpResponse:
    counts = {
        row["role"]: row["n"]
        for row in RoleGrant.objects.filter(ended_at=None).values("role").annotate(n=Count("id")).order_by()
    }
    rows = tuple(
        (Cell(str(role.caption)), Cell(str(role.description)), Cell(f"{counts.get(name, 0):,}"))
        for name, role in ROLES.items()
    )
    page = pages.TablePage(
        title=_("Roles"),
        table=Table(
            (Column(_("Role")), Column(_("What it is for")), Column(_("Held by"), numeric=True)), rows
        ),
        lead=_("Ask for a role on the page of the officer. A second person has to agree."),
        tabs=tabs(),
        current=reverse("roles"),
    )
    return show(request, page, current="agencies")


@screen("GET", "POST", see=Permission.ROLE_REQUEST)
def role_ask(request: DeskRequest, officer_id: UUID) -> HttpResponse:
    found = _officer(officer_id)
    if found.left_at:
        raise NotFound(str(NotFound.__doc__))
    held = set(RoleGrant.objects.filter(officer=found, ended_at=None).values_list("role", flat=True))
    choices = [
        (name, forms.Option(str(role.caption), str(role.description)))
        for name, role in ROLES.items()
        if name not in held | _NOT_ASKED_FOR
    ]
    person = [(str(found.id), found.name)]
    data = request.POST if request.method == "POST" else None
    form = forms.RoleRequestForm(data, officers=person, roles=choices, initial={"officer": str(found.id)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        asked = _tried(form, "role", lambda: approvals.ask(
            kind="grant_role", subject_id=found.id, params={"role": given["role"]}, reason=given["reason"], by=request.viewer, at=request.at
        ))  # fmt: skip
        if asked:
            messages.success(request, _("Asked. It waits for a second person."))
            return redirect("officer", officer_id=found.id)
    back = Link(found.name, reverse("officer", args=[found.id]))
    page = pages.FormPage(
        title=_("Ask for a role"),
        form=form,
        form_url=reverse("role_ask", args=[found.id]),
        button=_("Ask for the role"),
        cancel=Link(_("Back"), back.url),
        crumbs=(Link(_("Officers"), reverse("officers")), back),
        after=_("It takes effect when a second person agrees: neither you nor the officer."),
    )
    return show(request, page, current="agencies", status=_status(form))


# --- small things ---------------------------------------------------------------------------------


def _found(record: Any) -> Any:
    if record is None:
        raise NotFound(str(NotFound.__doc__))
    return record


def _tried(form: forms.DeskForm, field: str, action: Callable[[], Any]) -> Any:
    """Do it, or let the form say why not, at the field that is the likeliest to blame."""
    try:
        return action()
    except CetsError as error:
        form.add_error(field, str(error))
        return None


def _status(form: forms.DeskForm) -> int:
    return 422 if form.errors else 200


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
