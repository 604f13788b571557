"""What every screen is made with: who asks, the mark that says who may, and the page around the answer.

    @screen("GET", see=Permission.REPORT_VIEW)
    def report_list(request: DeskRequest) -> HttpResponse:
        ...
        return show(request, page, current="reports")

The middleware runs each marked view inside `acting(request.viewer)`: one transaction, so that what a view reads and
writes, its audit events and its rendered page are one thing. A view that raises leaves nothing behind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Protocol

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.domains.agencies.models import Officer
from cets.domains.reports.queries import NotFound
from cets.kernel.errors import CetsError
from cets.sites.desk.navigation import shell


class DeskRequest(HttpRequest):
    """A request as a marked view gets it; never made itself, the middleware adds these to Django's."""

    viewer: Viewer
    officer: Officer
    at: datetime
    request_id: str


class Page(Protocol):
    """A page model of `pages/`."""

    @property
    def template(self) -> str: ...


@dataclass(frozen=True)
class Screen:
    """The mark of a view: its HTTP methods, the permission without which it does not exist, or that it is for anybody."""

    methods: tuple[str, ...]
    see: Permission | None = None
    public: bool = False

    def is_open_to(self, viewer: Viewer) -> bool:
        return self.see is None or viewer.may(self.see)


class NeedsPurpose(CetsError):
    """Say first why you look. Nothing was opened."""

    def __init__(self, go_on: str) -> None:
        super().__init__(str(self.__doc__))
        self.go_on = go_on


class WrongMethod(CetsError):
    """This address takes only what a form or a button sends, or only shows. Nothing was changed."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(str(self.__doc__))
        self.allowed = allowed


View = Callable[..., HttpResponseBase]


def screen(*methods: str, see: Permission | None = None, public: bool = False) -> Callable[[View], View]:
    """Mark a view of the desk. Without `see`, for every officer; `public`, for those who are not signed in too."""
    mark = Screen(methods, see, public)
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def decorate(view: View) -> View:
        @wraps(view)
        def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            viewer: Viewer | None = getattr(request, "viewer", None)
            if not public and (viewer is None or not mark.is_open_to(viewer)):
                raise NotFound(str(NotFound.__doc__))
            if request.method not in allowed:
                raise WrongMethod(allowed)
            return view(request, *args, **kwargs)

        marked.screen = mark  # type: ignore[attr-defined]
        return marked

    return decorate


def show(
    request: HttpRequest,
    page: Page,
    *,
    current: str = "",
    status: int = 200,
    reference: str = "",
    handling: str = "",
) -> HttpResponse:
    """Render a page model with what surrounds it. `current` names the item of the navigation (`navigation.ITEMS`)."""
    context = {"page": page, "shell": shell(request, current=current, reference=reference, handling=handling)}
    return HttpResponse(render_to_string(page.template, context, request), status=status)


def is_by_script(request: HttpRequest) -> bool:
    """Say whether a script of ours asks for a part of a page (htmx, the uploader), not the browser for a page."""
    return request.headers.get("HX-Request") == "true"


def require_purpose(request: DeskRequest, *, is_needed: bool = True) -> None:
    """Raise NeedsPurpose when it is needed and the viewer gave none yet; the screen that asks leads back here."""
    if is_needed and request.viewer.purpose is None:
        raise NeedsPurpose(request.get_full_path())


_WAY = "desk.go-on"


def way_token(path: str) -> str:
    """Return an opaque token of where the viewer was going."""
    return signing.dumps(path, salt=_WAY, compress=True)


def way_of(token: str) -> str:
    """Return the path of a token of ours, else the home page's."""
    try:
        return str(signing.loads(token, salt=_WAY, max_age=settings.SESSION_LONGEST))
    except signing.BadSignature:
        return reverse("home")
