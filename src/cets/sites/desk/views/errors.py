"""One table from what went wrong to what is answered. Missing and forbidden are one answer."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.permissions import Permission
from cets.access.viewer import Refused, acting
from cets.domains.deconfliction.queries import HitOver
from cets.domains.reports.queries import NotFound
from cets.kernel.errors import CetsError
from cets.sites.desk import pages
from cets.sites.desk.request import NeedsPurpose, Page, WrongMethod, is_by_script, show, way_token
from cets.sites.desk.views import late, unsent


def answer(request: Any, error: CetsError | Http404) -> HttpResponse:
    """Answer an error that a view let go. What the view did is undone."""
    if isinstance(error, NotFound | Http404):
        return not_found(request)
    if isinstance(error, HitOver):
        return _refused(request, _("This hit is over"), str(error), 410)
    if isinstance(error, NeedsPurpose):
        return _purpose_first(request, error)
    if isinstance(error, WrongMethod):
        return _wrong_method(request, error)
    if isinstance(error, Refused):
        return _refused(request, _("Your role does not allow this"), str(error), 403, tells=False)
    return _refused(request, _("This was not done"), str(error), 409)


def not_found(request: Any, exception: object = None) -> HttpResponse:
    """Say that there is nothing here, the same for what is missing and for what is not the viewer's."""
    home = pages.Link(_("Go to my work"), reverse("home"))
    return _surrounded(request, pages.NotFound(home, unsent.typed_in(request)), 404)


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
    if isinstance(exception, RequestDataTooBig):
        return _too_long(request)
    text = _("The request could not be read. Go back and try again.")
    return _problem(request, _("Nothing was saved: the request could not be read"), text, 400)


def _too_long(request: Any) -> HttpResponse:
    """Answer a form with more text than is read: sending it again would fail for ever."""
    most = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    text = _(
        "What you sent is too long: a form takes at most %(most)s of text. Go back and shorten it, or keep it as a file"
        " and add that: a file may be much longer."
    ) % {"most": most}
    title = _("Nothing was saved: the text is too long")
    on = pages.Link(_("Go back to the page"), unsent.page_of(request.path))
    viewer = getattr(request, "viewer", None)
    may_add = viewer is not None and viewer.may(Permission.REPORT_ADD)
    ways = (pages.Link(_("Add it as a file"), reverse("upload")),) if may_add else ()
    return _surrounded(request, pages.Problem(title, text, on, ways=ways), 413)


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


def _refused(request: Any, title: str, text: str, status: int, *, tells: bool = True) -> HttpResponse:
    """Answer what was not done: what happened meanwhile, what the officer wrote, and the way to the record."""
    if getattr(request, "viewer", None) is None:
        return _problem(request, title, text, status)
    return _surrounded(request, late.refused(request, title, text, tells=tells), status)


def _purpose_first(request: Any, error: NeedsPurpose) -> HttpResponse:
    """Ask why; what was sent stays on the page that asks, and goes on to where it was sent."""
    if request.method in {"GET", "HEAD"}:
        return redirect(f"{reverse('purpose')}?to={way_token(error.go_on)}")
    page = unsent.without_purpose(request)
    if page is None:
        return redirect(f"{reverse('purpose')}?to={way_token(unsent.page_of(request.path))}")
    return _surrounded(request, page, 403)


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
