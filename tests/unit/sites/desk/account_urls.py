"""The addresses that the sign-in screens link to, by name."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def nothing(request: HttpRequest, **arguments: int) -> HttpResponse:
    return HttpResponse()


_NAMES = (
    "home",
    "account_login",
    "account_logout",
    "account_change_password",
    "account_reauthenticate",
    "account_reset_password",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
)
urlpatterns = [
    *(path(f"{name}/", nothing, name=name) for name in _NAMES),
    path("mfa_edit_webauthn/<int:pk>/", nothing, name="mfa_edit_webauthn"),
    path("mfa_remove_webauthn/<int:pk>/", nothing, name="mfa_remove_webauthn"),
]
