"""The agency's own patterns: which are in use, one to add with its examples tried, one to retire."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.permissions import Permission
from cets.domains.identifiers import actions, queries
from cets.domains.identifiers.kinds import KINDS
from cets.domains.identifiers.kinds.base import Context
from cets.domains.identifiers.models import AgencyPattern
from cets.domains.identifiers.patterns import Draft, Tried, WrongPattern, checked, try_out
from cets.kernel.errors import CetsError
from cets.sites.desk import pages, wording
from cets.sites.desk.pages import forms
from cets.sites.desk.pages.parts import Alert, Cell, Column, Fact, Link, Table, Tag
from cets.sites.desk.paging import page_of
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import lookups
from cets.sites.desk.views.upkeep import found_or_404, status_of, tabs


@screen("GET", see=Permission.AGENCY_MANAGE)
def patterns(request: DeskRequest) -> HttpResponse:
    mine: Any = queries.patterns_visible_to(request.viewer)
    rows, paging = page_of(mine, reverse("patterns"), request.GET)
    uses, known = queries.pattern_uses(request.viewer), lookups.names(one.added_by for one in rows)
    page = pages.TablePage(
        title=_("Own patterns"),
        lead=_(
            "By these the files that your agency takes in are looked through, where nothing else was found. Other agencies have"
            " their own."
        ),
        table=Table(
            columns=(
                Column(_("Pattern")),
                Column(_("Finds")),
                Column(_("Added")),
                Column(_("Places found"), numeric=True),
                Column(_("State")),
            ),
            rows=tuple(
                (
                    Cell(one.name, reverse("pattern", args=[one.id]), sub=_version(one)),
                    Cell(wording.kind_word(one.kind), sub=one.platform),
                    Cell(known.get(one.added_by, ""), at=one.added_at),
                    Cell(f"{uses.get(one.id, 0):,}"),
                    Cell(tag=_state(one)),
                )
                for one in rows
            ),
            empty=_("None yet."),
        ),
        add=Link(_("Add a pattern"), reverse("pattern_add")),
        paging=paging,
        tabs=tabs(),
        current=reverse("patterns"),
    )
    return show(request, page, current="agencies")


def _version(one: AgencyPattern) -> str:
    return _("version %(n)s") % {"n": one.version}


def _state(one: AgencyPattern) -> Tag:
    return Tag(_("Retired"), "grey") if one.retired_at else Tag(_("In use"), "green")


def _found(request: DeskRequest, pattern_id: UUID) -> AgencyPattern:
    found: AgencyPattern = found_or_404(
        queries.patterns_visible_to(request.viewer).filter(id=pattern_id).first()
    )
    return found


@screen("GET", see=Permission.AGENCY_MANAGE)
def pattern(request: DeskRequest, pattern_id: UUID) -> HttpResponse:
    """One pattern with its examples, and where it comes from."""
    one = _found(request, pattern_id)
    known = lookups.names(filter(None, (one.added_by, one.retired_by)))
    facts = [
        Fact(_("Pattern"), one.pattern, value=True),
        Fact(_("Finds"), wording.kind_word(one.kind)),
        *([Fact(_("Platform"), one.platform)] if one.platform else []),
        Fact(_("Added by"), known.get(one.added_by, "")),
        Fact(_("Added"), at=one.added_at),
        Fact(_("Places found"), f"{queries.pattern_uses(request.viewer).get(one.id, 0):,}"),
    ]
    if one.retired_by:
        facts += [Fact(_("Retired by"), known.get(one.retired_by, "")), Fact(_("Retired"), at=one.retired_at)]
    page = pages.DetailPage(
        title=f"{one.name}, {_version(one)}",
        facts=tuple(facts),
        crumbs=(Link(_("Own patterns"), reverse("patterns")),),
        tags=(_state(one),),
        tables=(_examples(one),),
        actions=()
        if one.retired_at
        else (
            Link(_("Replace it"), reverse("pattern_replace", args=[one.id])),
            Link(_("Retire it"), reverse("pattern_retire", args=[one.id])),
        ),
    )
    return show(request, page, current="agencies")


def _examples(one: AgencyPattern) -> Table:
    rows = [(Cell(text, value=True), Cell(wanted, value=True)) for text, wanted in one.matching]
    rows += [(Cell(text, value=True), Cell(_("Nothing"))) for text in one.not_matching]
    return Table((Column(_("Example")), Column(_("What must be found"))), tuple(rows), caption=_("Examples"))


@screen("GET", "POST", see=Permission.AGENCY_MANAGE)
def pattern_add(request: DeskRequest) -> HttpResponse:
    return _ask(request, None)


@screen("GET", "POST", see=Permission.AGENCY_MANAGE)
def pattern_replace(request: DeskRequest, pattern_id: UUID) -> HttpResponse:
    """A further version of a pattern, which retires the one in use."""
    one = _found(request, pattern_id)
    return redirect("pattern", pattern_id=one.id) if one.retired_at else _ask(request, one)


def _ask(request: DeskRequest, old: AgencyPattern | None) -> HttpResponse:
    """Try the examples first; once they came out right, and nothing was changed since, add the pattern."""
    form, results = _form(request.POST if request.method == "POST" else None, old), None
    if request.method == "POST" and form.is_valid():
        draft, country = _draft(form, old), request.officer.agency.country
        results = _try(form, draft, country)
        is_right = results is not None and all(one.is_right for one in results)
        if is_right and form.cleaned_data["tried"] == _digest(draft):
            made = _added(form, request, draft, old)
            if made:
                messages.success(
                    request,
                    _("%(name)s is added. Files are looked through by it from now on.") % {"name": made.name},
                )
                return redirect("patterns")
        data = request.POST.copy()
        data["tried"] = _digest(draft) if is_right and not form.errors else ""
        form.data = data
    return show(request, _page(form, old, results), current="agencies", status=status_of(form))


def _form(data: Any, old: AgencyPattern | None) -> forms.PatternForm:
    kinds = sorted(((kind.name, kind.caption) for kind in KINDS.values()), key=lambda choice: choice[1])
    if old is None:
        return forms.PatternForm(data, kinds=kinds)
    initial = {
        "name": old.name, "pattern": old.pattern, "kind": old.kind, "platform": old.platform,
        "matching": "\n".join(f"{text} => {wanted}" for text, wanted in old.matching), "not_matching": "\n".join(old.not_matching),
    }  # fmt: skip
    form = forms.PatternForm(data, kinds=kinds, initial=initial)
    form.fields["name"].disabled = True
    return form


def _draft(form: forms.PatternForm, old: AgencyPattern | None) -> Draft:
    given = form.cleaned_data
    return Draft(
        name=old.name if old else given["name"],
        pattern=given["pattern"],
        kind=given["kind"],
        platform=given["platform"],
        matching=given["matching"],
        not_matching=given["not_matching"],
    )


def _digest(draft: Draft) -> str:
    """Return what tells one draft from another: the form carries it from the trial to the adding."""
    return hashlib.sha256(repr(draft).encode("utf-8", "surrogatepass")).hexdigest()


def _try(form: forms.PatternForm, draft: Draft, country: str) -> list[Tried] | None:
    try:
        return try_out(checked(draft), Context(country=country))
    except WrongPattern as fault:
        form.add_error(fault.field, str(fault))
        return None


def _added(
    form: forms.PatternForm, request: DeskRequest, draft: Draft, old: AgencyPattern | None
) -> AgencyPattern | None:
    try:
        return actions.add_pattern(
            draft=draft,
            by=request.viewer,
            at=request.at,
            country=request.officer.agency.country,
            replaces=old,
        )
    except WrongPattern as fault:
        form.add_error(fault.field, str(fault))
    except CetsError as error:
        form.add_error(None, str(error))
    return None


def _page(
    form: forms.PatternForm, old: AgencyPattern | None, results: Sequence[Tried] | None
) -> pages.PatternPage:
    is_ready = bool(form.data.get("tried")) and results is not None
    return pages.PatternPage(
        title=_("Replace the pattern %(name)s") % {"name": old.name} if old else _("Add a pattern"),
        form=form,
        form_url=reverse("pattern_replace", args=[old.id]) if old else reverse("pattern_add"),
        button=_("Add the pattern") if is_ready else _("Try the examples"),
        cancel=Link(_("Back"), reverse("patterns")),
        crumbs=(Link(_("Own patterns"), reverse("patterns")),),
        lead=_(
            "A value that it finds is still checked as one of its kind. First its examples are tried; what you see then is"
            " what it would find."
        ),
        tried=_tried_table(results) if results is not None else None,
        alert=_told(results),
        after=_("The version in use is then retired; what it found stays.") if old else "",
    )


def _told(results: Sequence[Tried] | None) -> Alert | None:
    if results is None:
        return None
    wrong = sum(not one.is_right for one in results)
    if wrong:
        return Alert(
            _("Not every example came out as it should"),
            _("%(wrong)s of %(all)s differ. Nothing was added.") % {"wrong": wrong, "all": len(results)},
            "warning",
        )
    return Alert(_("Every example came out as it should"), _("Nothing was added yet."), "success")


def _tried_table(results: Sequence[Tried]) -> Table:
    return Table(
        columns=(
            Column(_("Example")),
            Column(_("What must be found")),
            Column(_("What was found")),
            Column(_("Result")),
        ),
        rows=tuple(
            (
                Cell(one.text, value=True),
                Cell(one.wanted or _("Nothing"), value=bool(one.wanted)),
                Cell(", ".join(one.got) or _("Nothing"), value=bool(one.got), sub=one.why),
                Cell(tag=Tag(_("Right"), "green") if one.is_right else Tag(_("Differs"), "amber")),
            )
            for one in results
        ),
        caption=_("Examples tried"),
    )


@screen("GET", "POST", see=Permission.AGENCY_MANAGE)
def pattern_retire(request: DeskRequest, pattern_id: UUID) -> HttpResponse:
    one = _found(request, pattern_id)
    back = reverse("pattern", args=[one.id])
    form = forms.DeskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            actions.retire_pattern(pattern=one, by=request.viewer, at=request.at)
        except CetsError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(name)s is retired. What it found stays.") % {"name": one.name})
            return redirect("patterns")
    page = pages.FormPage(
        title=_("Retire the pattern %(name)s") % {"name": one.name},
        form=form,
        form_url=reverse("pattern_retire", args=[one.id]),
        button=_("Retire the pattern"),
        cancel=Link(_("Back"), back),
        crumbs=(Link(_("Own patterns"), reverse("patterns")), Link(one.name, back)),
        lead=_("Files read from now on are not looked through by it. What it found stays, with its name."),
        facts=(Fact(_("Finds"), wording.kind_word(one.kind)), Fact(_("Version"), str(one.version))),
        final=True,
    )
    return show(request, page, current="agencies", status=status_of(form))
