"""What the screens of administration share: their tabs, lists of people, and how a form says why not."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access.roles import ROLES
from cets.domains.agencies.models import Agency, Officer, RoleGrant
from cets.domains.agencies.shapes import WrongShape
from cets.domains.reports.queries import NotFound
from cets.kernel.errors import CetsError, Meanwhile
from cets.sites.desk import pages
from cets.sites.desk.pages import forms
from cets.sites.desk.pages.parts import Cell, Column, Link, Table, Tag


def tabs() -> tuple[Link, ...]:
    return (
        Link(_("Agencies"), reverse("agencies")),
        Link(_("Officers"), reverse("officers")),
        Link(_("Roles"), reverse("roles")),
        Link(_("Approvals"), reverse("approvals")),
    )


def people_of() -> Any:
    held = RoleGrant.objects.filter(ended_at=None).order_by("granted_at")
    return Officer.objects.select_related("agency", "team", "home_agency").prefetch_related(
        Prefetch("grants", queryset=held, to_attr="held")
    )


def people_table(people: list[Any], *, caption: str = "") -> Table:
    return Table(
        columns=(Column(_("Officer")), Column(_("Roles")), Column(_("Team")), Column(_("State"))),
        rows=tuple(
            (
                Cell(one.name, reverse("officer", args=[one.id]), sub=one.email),
                Cell(", ".join(role_word(grant.role) for grant in one.held) or _("None yet")),
                Cell(one.team.name, sub=one.agency.code),
                Cell(tag=state_of(one)),
            )
            for one in people
        ),
        caption=caption,
        empty=_("Nobody yet."),
    )


def role_word(name: str) -> str:
    return str(ROLES[name].caption) if name in ROLES else name


def state_of(one: Officer) -> Tag:
    if one.left_at:
        return Tag(_("Left"), "grey")
    return Tag(_("Away"), "amber") if one.absent_at else Tag(_("Present"), "green")


def form_page(title: str, form: forms.DeskForm, url: str, button: str, of: Agency) -> pages.FormPage:
    back = Link(of.name, reverse("agency", args=[of.id]))
    return pages.FormPage(
        title=title,
        form=form,
        form_url=url,
        button=button,
        cancel=Link(_("Back"), back.url),
        crumbs=(Link(_("Agencies"), reverse("agencies")), back),
    )


def found_or_404(record: Any) -> Any:
    if record is None:
        raise NotFound(str(NotFound.__doc__))
    return record


def tried(
    form: forms.DeskForm,
    field: str | None,
    action: Callable[[], Any],
    *,
    fields: Mapping[str, str] | None = None,
) -> Any:
    """Do it, or let the form say why not, at the field that is the likeliest to blame; None blames none.

    `fields` says where what the model calls otherwise stands in the form. What somebody else did meanwhile is raised: no
    other answer to the form would help.
    """
    try:
        return action()
    except Meanwhile:
        raise
    except WrongShape as error:
        form.add_error((fields or {}).get(error.field, error.field), str(error))
        return None
    except CetsError as error:
        form.add_error(field, str(error))
        return None


def status_of(form: forms.DeskForm) -> int:
    return 422 if form.errors else 200


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def officer_of(officer_id: UUID) -> Officer:
    people = Officer.objects.select_related("agency", "team", "login", "home_agency").filter(is_service=False)
    found: Officer = found_or_404(people.filter(id=officer_id).first())
    return found


def fallen_words(fallen: int | None) -> str:
    if fallen is None:
        return _("Open work went to the team.")
    return ngettext("%(n)s record went to the team.", "%(n)s records went to the team.", fallen) % {
        "n": fallen
    }
