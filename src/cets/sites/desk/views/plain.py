"""Screens of words: what is recorded about one's work, accessibility, shortcuts, signed out; why somebody looks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.purposes import words_of
from cets.audit.models import Event
from cets.audit.presenting import describe
from cets.kernel.errors import CetsError
from cets.sites.desk import pages
from cets.sites.desk.pages import forms
from cets.sites.desk.request import DeskRequest, screen, show, way_of
from cets.sites.desk.signing import PURPOSE
from cets.sites.desk.views import errors, unsent
from cets.sites.desk.views.telling import record_word

_MINE = 50


@screen("GET")
def recorded(request: DeskRequest) -> HttpResponse:
    """Show the officer what is recorded about his own work."""
    events = Event.objects.filter(actor_id=request.viewer.actor_id).order_by("-number")[:_MINE]
    rows = tuple(
        (
            pages.Cell(at=event.at),
            pages.Cell(describe(event.type, {})),
            pages.Cell(record_word(event.subject_type)),
            pages.Cell(" ".join(filter(None, (words_of(event.purpose), event.purpose_reference)))),
        )
        for event in events
    )
    columns = (
        pages.Column(_("When")),
        pages.Column(_("What")),
        pages.Column(_("Kind of record")),
        pages.Column(_("Purpose")),
    )
    table = pages.Table(columns, rows, caption=_("The last of it"), empty=_("Nothing yet."))
    page = pages.RecordedPage(
        _("as long as the records it is about"), _("the data-protection officer of your agency"), table
    )
    return show(request, page)


@screen("GET", public=True)
def accessibility(request: HttpRequest) -> HttpResponse:
    return show(request, pages.AccessibilityPage(_("your administrator")))


@screen("GET", public=True)
def shortcuts(request: HttpRequest) -> HttpResponse:
    return show(request, pages.ShortcutsPage())


@screen("GET", public=True)
def signed_out(request: HttpRequest) -> HttpResponse:
    return show(request, pages.SignedOut(pages.Link(_("Sign in"), reverse("account_login"))))


@screen("GET", "POST")
def purpose(request: DeskRequest) -> HttpResponse:
    """Ask why the viewer looks, keep it for the session, and go on to where he was going."""
    if unsent.is_sent_on(request):
        return _sent_on(request)
    token = request.POST.get("go_on") or request.GET.get("to", "")
    current = request.viewer.purpose
    initial = {"go_on": token, "reference": current.reference if current else ""}
    form = forms.PurposeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        _keep(request, form)
        return redirect(way_of(token))
    page = pages.PurposePage(
        title=_("Why do you look?"),
        form=form,
        form_url=reverse("purpose"),
        button=_("Go on"),
        cancel=pages.Link(_("Back"), reverse("home")),
    )
    return show(request, page)


def _keep(request: DeskRequest, form: forms.PurposeForm) -> None:
    request.session[PURPOSE] = [form.cleaned_data["purpose"], form.cleaned_data["reference"]]
    messages.success(request, _("Your purpose is recorded with what you open."))


class NowhereToSend(CetsError):
    """This page was open too long to be sent on. Nothing was saved: copy what you wrote, and send it from the page of its record."""


def _sent_on(request: DeskRequest) -> HttpResponse:
    """Keep the purpose and send what stood beside it to where it was going: the browser sends the same fields again.

    Raises NowhereToSend.
    """
    form = forms.PurposeForm(request.POST, prefix=unsent.WHY)
    if form.is_valid():
        way = way_of(form.cleaned_data["go_on"])
        if way == reverse("home"):  # which takes nothing
            raise NowhereToSend(str(NowhereToSend.__doc__))
        _keep(request, form)
        return redirect(way, preserve_request=True)
    page = unsent.without_purpose(request, form)
    return show(request, page, status=422) if page else redirect("purpose")


@screen("GET", public=True)
def nothing(request: HttpRequest) -> HttpResponse:
    """Stand for the pages of the sign-in library that this desk does not offer: sign-up, reset by mail."""
    return errors.not_found(request)
