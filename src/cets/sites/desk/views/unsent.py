"""What an officer sent and we did not take: it comes back on the page that says so, to be sent once more.

Only what a page of our own sent: another site could otherwise lay words into an officer's hands. It is kept on that one
answer, never in the session, an address or the browser's storage, and nothing that could be a password is among it.
"""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from cets.sites.desk import pages
from cets.sites.desk.pages import Link, forms
from cets.sites.desk.request import Screen, way_token

#: Fields of our forms in which one word is an answer already; of the others, ids and states, nobody wrote any.
_WRITTEN = frozenset({"reason", "outcome", "spoke_to", "step", "title", "text"})
#: A longer word than any id or code of a form.
_LONG = 40
#: Before the names of the purpose's own fields, where they stand beside those that are sent on.
WHY = "why"


def after_session(request: HttpRequest) -> pages.Unsent:
    """Return the page for whoever is not signed in any more."""
    way = f"{reverse('account_login')}?{urlencode({'next': _came_from(request)})}"
    kept = _kept(request)
    if not kept:
        text = _("Sign in and do your last step again.")
        if _has_files(request):
            text = _("The files were not kept. Sign in and add them again.")
        return pages.Unsent(_title(), text, Link(_("Sign in"), way))
    return pages.Unsent(
        _title(),
        _(
            "What you entered is kept on this page and nowhere else. Sign in, then come back to it and send it."
        ),
        Link(_("Sign in (opens a new tab)"), way),
        send_url=request.get_full_path(),
        fields=kept,
        typed=_typed(kept),
    )


def with_old_token(request: HttpRequest) -> pages.Unsent | None:
    """Return the page for a form that is older than the sign-in, or None where nothing may be kept."""
    kept = _kept(request)
    if not kept:
        return None
    return pages.Unsent(
        _("Not saved yet: send it once more"),
        _("You signed in after the form was opened. What you entered is kept on this page and nowhere else."),
        leave=Link(_("Leave it, go to my work"), reverse("home")),
        send_url=request.get_full_path(),
        fields=kept,
        typed=_typed(kept),
    )


def without_purpose(request: HttpRequest, form: forms.PurposeForm | None = None) -> pages.PurposePage | None:
    """Return the page that asks why and sends on what was sent without a purpose, or None where nothing may be kept.

    `form` is what was answered on this page already and is not right yet.
    """
    if not _may_be_kept(request):
        return None
    kept = tuple((name, value) for name, value in _kept(request) if not _says_why(name))
    return pages.PurposePage(
        title=_("Why do you look?"),
        form=form or forms.PurposeForm(prefix=WHY, initial={"go_on": way_token(request.get_full_path())}),
        form_url=reverse("purpose"),
        button=_("Go on and send it"),
        cancel=Link(_("Leave it, go to my work"), reverse("home")),
        alert=pages.Alert(
            _("Not saved yet: say why first"),
            _("Then it is sent on as you entered it."),
            "warning",
        ),
        fields=kept,
        typed=_typed(kept),
    )


def is_sent_on(request: HttpRequest) -> bool:
    """Say whether an answered purpose has beside it what is to be sent on."""
    return f"{WHY}-go_on" in request.POST


def typed_in(request: HttpRequest) -> str:
    """Return what somebody wrote into a form that was refused: also one word, where the field takes words."""
    return "\n".join(
        value
        for name, value in _kept(request)
        if value.strip()
        and not _says_why(name)
        and (name in _WRITTEN or len(value.split()) > 1 or len(value) > _LONG)
    )


def record_page_of(path: str) -> str:
    """Return the nearest page above a form's own address: that of its record."""
    return page_of(path.rstrip("/").rpartition("/")[0] + "/")


def is_for_officers(request: HttpRequest) -> bool:
    """Say whether the address is a screen for which one signs in."""
    mark = _mark(request.path)
    return mark is not None and not mark.public


def page_of(path: str) -> str:
    """Return the nearest address at or above a path that has a page."""
    while path.strip("/"):
        mark = _mark(path)
        if mark is not None and "GET" in mark.methods:
            return path
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return reverse("home")


def _title() -> str:
    return _("Your session ended: nothing was saved")


def _mark(path: str) -> Screen | None:
    try:
        return getattr(resolve(path).func, "screen", None)
    except Resolver404:
        return None


def _came_from(request: HttpRequest) -> str:
    """Return the page on which the form stood, else the one nearest to where it was sent."""
    place = urlsplit(request.headers.get("Referer", ""))
    is_ours = f"{place.scheme}://{place.netloc}" == _origin(request)
    return page_of(place.path if is_ours else request.path)


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _has_files(request: HttpRequest) -> bool:
    return request.content_type == "multipart/form-data"


def _may_be_kept(request: HttpRequest) -> bool:
    is_ours = request.headers.get("Origin") == _origin(request)
    return is_ours and is_for_officers(request) and not _has_files(request)


def _kept(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """Return the fields as they came, or none: of a foreign page, of sign-in, or beside files, which cannot be kept."""
    if not _may_be_kept(request):
        return ()
    return tuple(
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
    )


def _says_why(name: str) -> bool:
    """Say whether a field is of the purpose, not of what stands beside it."""
    return name.startswith(f"{WHY}-")


def _typed(fields: tuple[tuple[str, str], ...]) -> str:
    """Return what of the fields reads as words; states and ids of the form are sent again unseen."""
    return "\n".join(value for name, value in fields if len(value.split()) > 1 and not _says_why(name))
