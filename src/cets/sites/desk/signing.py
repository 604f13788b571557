"""Who may sign in: a login that is in use by an officer who is still here. Every refusal looks the same."""

from secrets import token_hex
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from cets.access.viewer import acting
from cets.audit.recording import record
from cets.domains.agencies import events, logins, queries
from cets.domains.agencies.models import Login
from cets.kernel import clock

#: Session keys: since when somebody is signed in, when the session was last renewed, why the officer looks.
SIGNED_IN_AT, RENEWED_AT, PURPOSE = "signed_in_at", "renewed_at", "purpose"
_KNOWN = "desk.known-browser"
#: What the sign-in library would write a mail about, in words for the audit.
_TOLD = {
    "mfa/email/totp_activated": "authenticator app set up",
    "mfa/email/totp_deactivated": "authenticator app removed",
    "mfa/email/webauthn_added": "key added",
    "mfa/email/webauthn_removed": "key removed",
    "mfa/email/recovery_codes_generated": "new recovery codes",
}


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

    def send_notification_mail(self, template_prefix: str, *_args: Any, **_kwargs: Any) -> None:
        """Record what an officer did to an own second factor; an own password is recorded where it is set."""
        what = _TOLD.get(template_prefix)
        if what:
            logins.second_factor_changed(what=what, officer=self.request.officer, by=self.request.viewer)

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
                record(
                    events.SIGNED_IN,
                    by=viewer,
                    subject=("officer", officer.id),
                    address=self.get_client_ip(request),
                )
        response: HttpResponse = super().post_login(request, user, **kwargs)
        _know(response, user.name)
        return response

    def logout(self, request: HttpRequest) -> None:
        """End the session by the officer's own will, and record it."""
        officer, viewer = getattr(request, "officer", None), getattr(request, "viewer", None)
        if officer is not None and viewer is not None:
            with acting(viewer):
                record(events.SIGNED_OUT, by=viewer, subject=("officer", officer.id))
        super().logout(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count a browser that this login was used in before by itself: strangers cannot lock its owner out there."""
        name = str(credentials.get("username", "")).lower()
        return f"{name}:{_known_browser(request, name)}"

    def clean_password(self, password: str, user: Login | None = None) -> str:
        """Check a new password; the one that somebody else knows is not new."""
        if user is not None and user.has_one_time_password and user.check_password(password):
            raise ValidationError(_("This is the one-time password. Choose one that only you know."))
        return str(super().clean_password(password, user))

    def set_password(self, user: Login, password: str) -> None:
        """Let the officer's own new password hold, and record it."""
        logins.change_password(
            login=user, password=password, officer=self.request.officer, by=self.request.viewer
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - as in the base
        return reverse("home")


def _know(response: HttpResponse, name: str) -> None:
    """Let this browser be told from others at the login's next sign-in. The cookie opens nothing."""
    response.set_cookie(
        settings.KNOWN_COOKIE_NAME,
        signing.dumps([_digest(name.lower()), token_hex(8)], salt=_KNOWN),
        max_age=settings.KNOWN_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _known_browser(request: HttpRequest, name: str) -> str:
    """Return what tells a browser that this login was used in; for every other one the same empty text."""
    try:
        digest, browser = signing.loads(
            request.COOKIES.get(settings.KNOWN_COOKIE_NAME, ""),
            salt=_KNOWN,
            max_age=settings.KNOWN_COOKIE_AGE,
        )
    except signing.BadSignature:
        return ""
    return str(browser) if digest == _digest(name) else ""


def _digest(name: str) -> str:
    return salted_hmac(_KNOWN, name, algorithm="sha256").hexdigest()[:32]
