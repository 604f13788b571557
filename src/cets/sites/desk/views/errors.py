"""One table from what went wrong to what is answered. Missing and forbidden are one answer."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.viewer import Refused, Viewer, acting
from cets.domains.deconfliction import queries as hits
from cets.domains.deconfliction.queries import HitOver
from cets.domains.reports import queries as reports
from cets.domains.reports.queries import NotFound
from cets.kernel.errors import CetsError
from cets.sites.desk import pages
from cets.sites.desk.request import NeedsPurpose, Page, WrongMethod, is_by_script, show, way_token
from cets.sites.desk.views import lookups, unsent

#: So many of a record's last events tell what happened meanwhile.
_LAST = 3
_GONE = 410


def answer(request: Any, error: CetsError | Http404) -> HttpResponse:
    """Answer an error that a view let go. What the view did is undone."""
    if isinstance(error, NotFound | Http404):
        return not_found(request)
    if isinstance(error, HitOver):
        return _refused(request, _("This hit is over"), str(error), 410)
    if isinstance(error, NeedsPurpose):
        return redirect(f"{reverse('purpose')}?to={way_token(error.go_on)}")
    if isinstance(error, WrongMethod):
        return _wrong_method(request, error)
    if isinstance(error, Refused):
        return _problem(request, _("Your role does not allow this"), str(error), 403)
    return _refused(request, _("This was not done"), str(error), 409)


def not_found(request: Any, exception: object = None) -> HttpResponse:
    """Say that there is nothing here, the same for what is missing and for what is not the viewer's."""
    return _surrounded(request, pages.NotFound(pages.Link(_("Go to my work"), reverse("home"))), 404)


def session_ended(request: HttpRequest) -> HttpResponse:
    """Answer who sends something, or whose page asks for a part of itself, without being signed in any more."""
    if is_by_script(request):
        return HttpResponse(_("Your session ended."), status=401, content_type="text/plain")
    return show(request, unsent.after_session(request), status=401)


def no_form_token(request: HttpRequest, exception: object = None, reason: str = "") -> HttpResponse:
    """Answer a form without its token: an old page, or a form of somebody else's."""
    if getattr(request, "viewer", None) is None and unsent.is_for_officers(request):
        return session_ended(request)
    kept = unsent.with_old_token(request)
    if kept is not None:
        return _surrounded(request, kept, 403)
    text = _(
        "The page was open too long, or came from somewhere else. Go back, load it again and send it once more."
    )
    return _problem(request, _("Nothing was saved: the form was too old"), text, 403)


def _wrong_method(request: Any, error: WrongMethod) -> HttpResponse:
    """Say that an address is a form's alone, and lead to the page that holds the form."""
    on = unsent.page_of(request.path)
    words = _("Go to my work") if on == reverse("home") else _("Go to the page it belongs to")
    text = _("A form or a button sends to this address; it has no page of its own. Nothing was changed.")
    page = pages.Problem(_("There is no page at this address"), text, pages.Link(words, on))
    response = _surrounded(request, page, 405)
    response["Allow"] = ", ".join(error.allowed)
    return response


def bad_request(request: HttpRequest, exception: object = None) -> HttpResponse:
    text = _("The request could not be read. Go back and try again.")
    return _problem(request, _("Nothing was saved: the request could not be read"), text, 400)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer what nobody foresaw; nothing of the request was kept."""
    text = _(
        "Your last step was not kept. Go back and do it again; if it fails twice, tell your administrator."
    )
    page = pages.Problem(
        _("Nothing was saved: the server could not finish"), text, pages.Link(_("Go to my work"), reverse("home")),
        getattr(request, "request_id", ""),
    )  # fmt: skip
    # The database may be what failed: this page asks it nothing.
    request.viewer = None  # type: ignore[attr-defined]
    return show(request, page, status=500)


def _refused(request: Any, title: str, text: str, status: int) -> HttpResponse:
    """Answer a form that came too late: what was done meanwhile, what the officer wrote, and the way to the record."""
    is_form = request.method not in {"GET", "HEAD"}
    if getattr(request, "viewer", None) is None or not (is_form or status == _GONE):
        return _problem(request, title, text, status)
    with acting(request.viewer):
        record_id = _opened_again(request)
        last = lookups.history(lookups.events_of([record_id], looks=False)[:_LAST]) if record_id else ()
    page = pages.Problem(
        title, text, _to_record(request, is_over=status == _GONE), meanwhile=last, typed=unsent.typed_in(request)
    )  # fmt: skip
    return _surrounded(request, page, status)


def _opened_again(request: Any) -> UUID | None:
    """Open the hit or report that a form is about and return its id: what the view had recorded was undone with it.

    None where opening it asks why first, where the viewer may not see it, and for a hit that is over: nothing of it is told.
    """
    asked, viewer = request.resolver_match.kwargs, request.viewer
    try:
        if "hit_id" in asked:
            hit = hits.find(viewer, asked["hit_id"])
            return hit.id if not hits.needs_purpose(viewer, hit) and hits.opened(viewer, hit) else None
        if "report_id" in asked:
            return _opened_report(viewer, asked["report_id"])
    except NotFound:
        pass
    return None


def _opened_report(viewer: Viewer, report_id: UUID) -> UUID | None:
    asked = reports.visible_to(viewer).filter(id=report_id).first()
    if asked is None or reports.needs_purpose(viewer, asked):
        return None
    found = reports.get(viewer, asked.id)  # of a supplement the report that it joined
    return None if reports.needs_purpose(viewer, found) else found.id


def _to_record(request: Any, *, is_over: bool) -> pages.Link:
    asked = request.resolver_match.kwargs
    if "hit_id" in asked:
        return (
            pages.Link(_("Go to the hits"), reverse("hits"))
            if is_over
            else pages.Link(_("Go to the hit"), reverse("hit", args=[asked["hit_id"]]))
        )
    if "report_id" in asked:
        return pages.Link(_("Go to the report"), reverse("report", args=[asked["report_id"]]))
    on = unsent.record_page_of(request.path)
    words = _("Go to my work") if on == reverse("home") else _("Go to the page it belongs to")
    return pages.Link(words, on)


def _problem(request: Any, title: str, text: str, status: int) -> HttpResponse:
    way_on = pages.Link(_("Go to my work"), reverse("home"))
    return _surrounded(
        request, pages.Problem(title, text, way_on, getattr(request, "request_id", "")), status
    )


def _surrounded(request: Any, page: Page, status: int) -> HttpResponse:
    if getattr(request, "viewer", None) is None:
        return show(request, page, status=status)
    with acting(request.viewer):
        return show(request, page, status=status)
