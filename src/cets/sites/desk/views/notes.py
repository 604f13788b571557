"""An officer's note: typed in, sealed and read like any file."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.permissions import Permission
from cets.domains.intake import actions
from cets.domains.intake.actions import Received
from cets.domains.sharing.levels import Level
from cets.sites.desk import pages
from cets.sites.desk.pages import forms
from cets.sites.desk.pages.parts import Fact, Link
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import report_parts
from cets.sites.desk.views.upload import desk_vault


@screen("GET", "POST", see=Permission.REPORT_ADD)
def new(request: DeskRequest) -> HttpResponse:
    """A note that becomes a report of its own."""
    form = forms.NewNoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        received = actions.add_note(
            report=None, text=given["text"], title=given["title"], vault=desk_vault(), agency=request.officer.agency,
            sharing=Level.of(given["level"]), author=request.officer.name, by=request.viewer, at=request.at,
        )  # fmt: skip
        _say(request, received, _("Received as %(reference)s. It is read now."))
        return redirect("report", report_id=received.report_id)
    page = pages.FormPage(
        title=_("Type an officer's note"),
        form=form,
        form_url=reverse("note_new"),
        button=_("Add the note"),
        cancel=Link(_("Back"), reverse("upload")),
        after=_(
            "It becomes a report with a reference, an owner and a due time. E-mails, telephone numbers and the like are found in it."
        ),
    )
    return show(request, page, current="upload", status=422 if form.errors else 200)


@screen("GET", "POST", see=Permission.REPORT_ADD)
def add(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """A note on a report, whose sharing level it then has."""
    report = report_parts.opened(request, report_id)
    form = forms.NoteForm(request.POST if request.method == "POST" else None)
    back = reverse("report", args=[report.id])
    if request.method == "POST" and form.is_valid():
        received = actions.add_note(
            report=report, text=form.cleaned_data["text"], title=None, vault=desk_vault(), agency=request.officer.agency,
            sharing=Level(report.sharing), author=request.officer.name, by=request.viewer, at=request.at,
        )  # fmt: skip
        _say(request, received, _("The note is added. It is read now."))
        return redirect(back)
    page = pages.FormPage(
        title=_("Add a note"),
        form=form,
        form_url=reverse("report_note", args=[report.id]),
        button=_("Add the note"),
        cancel=Link(_("Back"), back),
        facts=(Fact(_("Report"), report.reference, back),),
        after=_("It becomes a part of the report and cannot be changed afterwards."),
    )
    return show(
        request, page, current="reports", status=422 if form.errors else 200, reference=report.reference
    )


def _say(request: DeskRequest, received: Received, added: str) -> None:
    """Say that a note was added, or that the same one is held already and nothing came of this one."""
    if received.duplicate_of:
        held = _("Nothing was added: %(reference)s holds the same note already.")
        messages.info(request, held % {"reference": received.duplicate_of})
    else:
        messages.success(request, added % {"reference": received.reference})
