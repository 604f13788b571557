"""A file read again by the readers of today, and the shape of what they did not understand, for who maintains them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access.permissions import Permission
from cets.access.viewer import require
from cets.domains.intake import actions, shapes
from cets.domains.intake.masking import masker_of
from cets.domains.reports import queries as reports
from cets.domains.reports.queries import NotFound
from cets.kernel.errors import CetsError
from cets.sites.desk import pages
from cets.sites.desk.pages import forms
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import report_parts

#: So many paths are shown above the button; all of them are in the file.
_SHOWN = 50


@screen("POST", see=Permission.REPORT_VIEW)
def read_again(request: DeskRequest, report_id: UUID, part_id: UUID) -> HttpResponse:
    """Have one file of the report read again; what came and went is then told on the receipt."""
    report = report_parts.opened(request, report_id)
    require(request.viewer, Permission.REPORT_ADD)
    part = reports.parts_of(report).filter(id=part_id, member=False).first()
    if part is None:
        raise NotFound(str(NotFound.__doc__))
    try:
        actions.read_once_more(part=part, by=request.viewer)
    except CetsError as error:
        messages.warning(request, str(error))
    else:
        messages.success(
            request,
            _(
                "The file is read again now. What was read before stands until then; the receipt says what changed."
            ),
        )
    return redirect(reverse("report_custody", args=[report.id]))


@screen("GET", "POST", see=Permission.REPORT_VIEW)
def report_shape(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Show what the shape report holds, and let it be taken as a file: no value of the report is in it."""
    report = report_parts.opened(request, report_id)
    if request.viewer.narrow:
        raise NotFound(str(NotFound.__doc__))
    require(request.viewer, Permission.REPORT_ADD)
    parts, masker = list(reports.parts_of(report)), masker_of(report.id)
    held = [key for key in shapes.kept_back(parts) if masker.label(key) == key]
    choices: list[forms.Choice] = [(str(number), key) for number, key in enumerate(held)]
    form = forms.ShapeForm(request.POST if request.method == "POST" else None, choices=choices)
    if form.is_valid():
        letting = frozenset(held[int(number)] for number in form.cleaned_data.get("let", ()))
        made = shapes.make(report, parts, by=request.viewer, letting=letting)
        return _file(made)
    made = shapes.shape_of(parts)
    page = pages.FormPage(
        title=_("Shape report"),
        form=form,
        form_url=reverse("report_shape", args=[report.id]),
        button=_("Take the shape report"),
        cancel=pages.Link(_("Back to the receipt"), reverse("report_custody", args=[report.id])),
        crumbs=(
            pages.Link(_("Reports"), reverse("reports")),
            pages.Link(report.reference, reverse("report", args=[report.id])),
        ),
        lead=_(
            "It holds the paths of fields that were not understood, their types and counts, and which reader read them: no value, no"
            " name, no file name, no reference. Send it to whoever maintains the source."
        ),
        facts=tuple(_facts(made)),
        after=_("A key that could be somebody's name or number is told as “?”, a number as “*”."),
    )
    return show(
        request, page, current="reports", reference=report.reference, handling=report_parts.handling_of(report)
    )  # fmt: skip


def _file(made: dict[str, Any]) -> HttpResponse:
    answer = HttpResponse(
        json.dumps(made, indent=1, ensure_ascii=True) + "\n", content_type="application/json"
    )
    answer["Content-Disposition"] = 'attachment; filename="shape-report.json"'
    return answer


def _facts(made: dict[str, Any]) -> Iterator[pages.Fact]:
    told: Sequence[dict[str, Any]] = made["files"]
    fields = [(one["file"], field) for one in told for field in one["fields"]]
    for one in told[:_SHOWN]:
        reader = f"{one['source']} {one['parser']}" if one["source"] else _("no reader")
        left = _("%(n)s not understood") % {"n": f"{one['not_understood']:,}"}
        yield pages.Fact(_("File %(n)s") % {"n": one["file"]}, f"{reader}; {left}")
    for number, field in fields[:_SHOWN]:
        often = ngettext("%(n)s time", "%(n)s times", field["times"]) % {"n": f"{field['times']:,}"}
        what = ", ".join(filter(None, (field["type"], often)))
        yield pages.Fact(_("Field in file %(n)s") % {"n": number}, f"{field['path']} ({what})", value=True)
    if len(fields) > _SHOWN:
        yield pages.Fact(_("Further fields"), f"{len(fields) - _SHOWN:,}")
