"""Agencies and teams. Whoever administers sees no report: no screen here reads one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.permissions import Permission
from cets.domains.agencies import actions
from cets.domains.agencies.models import Agency, Team
from cets.sites.desk import pages
from cets.sites.desk.pages import forms
from cets.sites.desk.pages.parts import Cell, Column, Fact, Link, Table, Tag
from cets.sites.desk.paging import page_of
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views.upkeep import (
    form_page,
    found_or_404,
    people_of,
    people_table,
    status_of,
    tabs,
    tried,
)

#: Shown of an agency on its own page; all of them stand in the list of officers.
_MOST_SHOWN = 100


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
        made = tried(form, "code", lambda: actions.add_agency(
            code=given["code"], name=given["name"], country=given["country"], phone=given["duty_phone"], email=given["duty_mail"],
            by=request.viewer, at=request.at,
        ), fields={"phone": "duty_phone", "email": "duty_mail"})  # fmt: skip
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
    return show(request, page, current="agencies", status=status_of(form))


@screen("GET", see=Permission.AGENCY_MANAGE)
def agency(request: DeskRequest, agency_id: UUID) -> HttpResponse:
    found = found_or_404(Agency.objects.filter(id=agency_id).first())
    teams = list(Team.objects.filter(agency=found).order_by("-is_duty", "name"))
    people = list(
        people_of().filter(agency=found, is_service=False, left_at=None).order_by("name")[:_MOST_SHOWN]
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
        tables=(_teams_table(teams), people_table(people, caption=_("People"))),
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
    found = found_or_404(Agency.objects.filter(id=agency_id).first())
    form = forms.TeamForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(form, "name", lambda: actions.add_team(
            agency=found, name=given["name"], phone=given["phone"], email=given["mail"], by=request.viewer
        ), fields={"email": "mail"})  # fmt: skip
        if made:
            messages.success(request, _("The team %(name)s is added.") % {"name": made.name})
            return redirect("agency", agency_id=found.id)
    page = form_page(_("Add a team"), form, reverse("team_add", args=[found.id]), _("Add the team"), found)
    return show(request, page, current="agencies", status=status_of(form))


@screen("GET", "POST", see=Permission.AGENCY_MANAGE)
def team(request: DeskRequest, team_id: UUID) -> HttpResponse:
    """How a team is reached."""
    found = found_or_404(Team.objects.select_related("agency").filter(id=team_id).first())
    initial = {"name": found.name, "phone": found.phone, "mail": found.email}
    form = forms.TeamForm(request.POST if request.method == "POST" else None, initial=initial)
    form.fields["name"].disabled = True
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        tried(form, "phone", lambda: actions.set_contact(
            team=found, phone=given["phone"], email=given["mail"], by=request.viewer
        ), fields={"email": "mail"})  # fmt: skip
        if form.is_valid():
            told = _("Saved. Other agencies are told this from now on.")
            messages.success(request, told if found.is_duty else _("Saved."))
            return redirect("agency", agency_id=found.agency_id)
    page = form_page(
        _("How the team is reached"), form, reverse("team", args=[found.id]), _("Save"), found.agency
    )
    return show(request, page, current="agencies", status=status_of(form))
