"""Roles: what each is for; one person asks and another agrees, and one alone takes away."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.permissions import Permission
from cets.access.roles import ROLES
from cets.domains.agencies.models import RoleGrant
from cets.domains.approvals import actions as approvals
from cets.domains.approvals.models import Approval
from cets.domains.ledger import absences
from cets.sites.desk import pages
from cets.sites.desk.pages import forms
from cets.sites.desk.pages.parts import Cell, Column, Fact, Link, Table
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import late
from cets.sites.desk.views.upkeep import (
    fallen_words,
    found_or_404,
    officer_of,
    role_word,
    status_of,
    tabs,
    tried,
)


def request_word(one: Approval) -> str:
    """Say what is asked: a role by its name, else the kind of request."""
    if one.kind == "grant_role":
        return _("Role: %(role)s") % {"role": role_word(one.params["role"])}
    return _("Take the second factor away")


@screen("GET", "POST", see=Permission.OFFICER_MANAGE)
def role_end(request: DeskRequest, grant_id: UUID) -> HttpResponse:
    """Take a role away: less needs one person."""
    people = RoleGrant.objects.select_related("officer").filter(officer__is_service=False)
    grant = found_or_404(people.filter(id=grant_id).first())
    if grant.ended_at is not None:
        raise late.too_late(request, absences.EndedMeanwhile)
    back = reverse("officer", args=[grant.officer_id])
    form = forms.DeskForm(request.POST if request.method == "POST" else None)
    done = (
        tried(form, None, lambda: (absences.end_role(grant=grant, by=request.viewer, at=request.at),))
        if request.method == "POST"
        else None
    )
    if done:
        (fallen,) = done
        messages.success(
            request, " ".join([_("The role has ended."), *([fallen_words(fallen)] if fallen else [])])
        )
        return redirect(back)
    page = pages.FormPage(
        title=_("Take a role away"),
        form=form,
        form_url=reverse("role_end", args=[grant.id]),
        button=_("End the role"),
        cancel=Link(_("Back"), back),
        crumbs=(Link(grant.officer.name, back),),
        lead=_("It ends at once. To give it again, two people are needed."),
        facts=(Fact(_("Officer"), grant.officer.name), Fact(_("Role"), role_word(grant.role))),
    )
    return show(request, page, current="agencies", status=status_of(form))


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
    found = officer_of(officer_id)
    if found.left_at:
        raise late.too_late(request, absences.LeftMeanwhile)
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
        asked = tried(form, "role", lambda: approvals.ask(
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
    return show(request, page, current="agencies", status=status_of(form))
