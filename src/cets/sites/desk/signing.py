"""Who may sign in: a login that is in use by an officer who is still here. Every refusal looks the same."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.stagekit import clear_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cets.access.viewer import acting
from cets.audit.recording import record
from cets.domains.agencies import events, queries
from cets.domains.agencies.models import Login
from cets.kernel import clock

#: Session keys: since when somebody is signed in, when the session was last renewed, why the officer looks.
SIGNED_IN_AT, RENEWED_AT, PURPOSE = "signed_in_at", "renewed_at", "purpose"


class LoginBackend(AuthenticationBackend):  # type: ignore[misc]
    """Checks name and password. A login that is off, or of nobody, fails like a wrong password."""

    def _check_password(self, user: Login | None, password: str) -> Login | None:
        if user is None:
            return None
        self._did_check_password = True
        is_right = user.check_password(password)
        return user if is_right and user.is_active and queries.sign_in(user.pk) is not None else None


class DeskAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks of this site: no sign-up, no mail, each sign-in recorded."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - as in the base
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: administrators give and reset passwords."""

    def add_message(self, *_args: Any, **_kwargs: Any) -> None:
        """Say nothing: the page that follows shows what came of it."""

    def pre_login(self, request: HttpRequest, user: Login, **_kwargs: Any) -> HttpResponse | None:
        """Refuse a passkey of a login that is off or of nobody."""
        if user.is_active and queries.sign_in(user.pk) is not None:
            return None
        clear_login(request)
        messages.error(request, _("This sign-in was not accepted."))
        return redirect("account_login")

    def post_login(self, request: HttpRequest, user: Login, **kwargs: Any) -> HttpResponse:
        request.session[SIGNED_IN_AT] = request.session[RENEWED_AT] = clock.now().timestamp()
        found = queries.sign_in(user.pk, request_id=getattr(request, "request_id", ""))
        if found is not None:
            officer, viewer = found
            with acting(viewer):
                record(events.SIGNED_IN, by=viewer, subject=("officer", officer.id))
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response
