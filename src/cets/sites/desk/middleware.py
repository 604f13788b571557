"""Who asks, once per request; one transaction per screen; one table from our errors to answers."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from cets.access.viewer import Purpose, acting
from cets.domains.agencies import queries
from cets.kernel import clock
from cets.kernel.errors import CetsError
from cets.sites.desk.request import Screen, is_by_script
from cets.sites.desk.signing import PURPOSE, RENEWED_AT, SIGNED_IN_AT
from cets.sites.desk.views import errors

Answer = Callable[[HttpRequest], HttpResponseBase]

#: A session is written again after so many seconds of use, not at every request.
_RENEW_AFTER = 60


def no_store(get_response: Answer) -> Answer:
    """Nothing that an officer saw stays in a browser's or a proxy's store, and nothing else may embed it."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response["Cache-Control"] = "no-store"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        return response

    return answer


class KnownOfficer:
    """Builds the viewer, keeps out whoever is not one of ours, and runs each screen as that viewer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        request.request_id, request.at, request.viewer, request.officer = (
            uuid4().hex[:16],
            clock.now(),
            None,
            None,
        )
        if request.user.is_authenticated:
            self._identify(request, request.at)
        with _own_hands(request):
            response = self.get_response(request)
        response["X-Request-ID"] = request.request_id
        return response

    @staticmethod
    def _identify(request: Any, at: datetime) -> None:
        session, now = request.session, at.timestamp()
        purpose = Purpose(*session[PURPOSE]) if PURPOSE in session else None
        if now - session.get(SIGNED_IN_AT, 0) > settings.SESSION_LONGEST:
            logout(request)
            return
        found = queries.sign_in(request.user.pk, purpose=purpose, request_id=request.request_id)
        if found is None or not request.user.is_active:
            logout(request)
            return
        request.officer, request.viewer = found
        if now - session.get(RENEWED_AT, 0) > _RENEW_AFTER:
            session[RENEWED_AT] = now

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Run a marked view; views without a mark are those of the sign-in library, which looks after itself."""
        mark: Screen | None = getattr(view, "screen", None)
        if mark is None:
            return None
        if not mark.public:
            if request.viewer is None:
                return _sign_in_first(request)
            if _has_one_time_password(request):
                return redirect("account_change_password")
            if _lacks_second_factor(request):
                return redirect("mfa_index")
        try:
            with acting(request.viewer) if request.viewer else nullcontext():
                response: HttpResponseBase = view(request, *args, **kwargs)
        except (CetsError, Http404) as error:
            return errors.answer(request, error)
        return response


def _own_hands(request: Any) -> AbstractContextManager[None]:
    """Let the sign-in library's pages of second factors act as the officer: the database lets nobody else change them."""
    if request.viewer is not None and request.path.startswith(reverse("mfa_index")):
        return acting(request.viewer)
    return nullcontext()


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    """Lead to the sign-in page; whoever sends something is told that it was not taken, and keeps it."""
    if request.method in {"GET", "HEAD"} and not is_by_script(request):
        return redirect_to_login(request.get_full_path())
    return errors.session_ended(request)


def _has_one_time_password(request: Any) -> bool:
    return request.user.has_one_time_password and not settings.CETS.is_demo


def _lacks_second_factor(request: Any) -> bool:
    if settings.CETS.is_demo:
        return False
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return not Authenticator.objects.filter(user_id=request.user.pk, type__in=kinds).exists()
