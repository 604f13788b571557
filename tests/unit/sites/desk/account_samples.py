"""The sign-in screens with what allauth's views hand to them."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.test import override_settings

from unit.sites.desk import rendering, samples


class LoginForm(forms.Form):
    login = forms.CharField(label="E-mail", widget=forms.TextInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    remember = forms.BooleanField(label="Remember me", required=False)


class CodeForm(forms.Form):
    code = forms.CharField(label="Code", widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))
    secret = "JBSWY3DPEHPK3PXP"


class KeyForm(forms.Form):
    name = forms.CharField(label="Name")
    passwordless = forms.BooleanField(required=False, help_text="Sign in with this key alone.")
    credential = forms.JSONField(widget=forms.HiddenInput)


class BareKeyForm(forms.Form):
    credential = forms.JSONField(widget=forms.HiddenInput)


class Key:
    pk = 7
    created_at = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
    last_used_at = None
    wrap = SimpleNamespace(is_passwordless=True)

    def __str__(self) -> str:
        return "Desk key"


QR = "<?xml version='1.0'?>\n<svg width='9mm' height='9mm' viewBox='0 0 9 9'><path d='M1,1H2V2H1z' fill='#000'/></svg>"
CREATION = {
    "creation_options": {
        "publicKey": {
            "rp": {"id": "localhost", "name": "CETS"},
            "user": {"id": "AQID", "name": "adeyemi@esx.example", "displayName": "R. Adeyemi"},
            "challenge": "AAECAwQFBgcICQoLDA0ODw",
            "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
            "excludeCredentials": [],
            "authenticatorSelection": {"userVerification": "preferred"},
        }
    }
}
KINDS = ["totp", "webauthn", "recovery_codes"]
CODES = SimpleNamespace(get_unused_codes=["1111 2222", "3333 4444"])


def _screens() -> dict[str, tuple[str, bool, dict[str, Any]]]:
    refused = LoginForm({"login": "adeyemi@esx.example"})
    others = [{"url": "/other/", "description": "Use your password"}]
    return {
        "sign-in": ("account/login.html", False, {"form": LoginForm(), "PASSKEY_LOGIN_ENABLED": True}),
        "sign-in-refused": ("account/login.html", False, {"form": refused}),
        "sign-out": ("account/logout.html", True, {}),
        "confirm-password": (
            "account/reauthenticate.html",
            True,
            {"form": LoginForm(), "reauthentication_alternatives": others},
        ),
        "confirm-code": ("mfa/reauthenticate.html", True, {"form": CodeForm()}),
        "confirm-key": ("mfa/webauthn/reauthenticate.html", True, {"form": BareKeyForm(), "js_data": {}}),
        "second-step": (
            "mfa/authenticate.html",
            False,
            {
                "form": CodeForm(),
                "webauthn_form": BareKeyForm(prefix="key"),
                "MFA_SUPPORTED_TYPES": KINDS,
                "js_data": {},
            },
        ),
        "my-sign-in": (
            "mfa/index.html",
            True,
            {
                "authenticators": {"totp": True, "webauthn": [Key()], "recovery_codes": CODES},
                "MFA_SUPPORTED_TYPES": KINDS,
                "is_mfa_enabled": True,
            },
        ),
        "totp": ("mfa/totp/activate_form.html", True, {"form": CodeForm(), "totp_svg": QR}),
        "totp-stop": ("mfa/totp/deactivate_form.html", True, {"form": BareKeyForm()}),
        "keys": ("mfa/webauthn/authenticator_list.html", True, {"authenticators": [Key()]}),
        "key-add": (
            "mfa/webauthn/add_form.html",
            True,
            {"form": KeyForm(), "js_data": CREATION},
        ),
        "key-rename": ("mfa/webauthn/edit_form.html", True, {"form": LoginForm(), "authenticator": Key()}),
        "key-remove": ("mfa/webauthn/authenticator_confirm_delete.html", True, {"authenticator": Key()}),
        "codes": (
            "mfa/recovery_codes/index.html",
            True,
            {
                "unused_codes": CODES.get_unused_codes,
                "total_count": 10,
                "can_view_codes": True,
                "can_generate_codes": True,
            },
        ),
        "codes-new": (
            "mfa/recovery_codes/generate.html",
            True,
            {"form": forms.Form(), "unused_code_count": 2},
        ),
    }


NAMES = tuple(_screens())


def rendered(name: str) -> str:
    template, signed, context = _screens()[name]
    with override_settings(ROOT_URLCONF="unit.sites.desk.account_urls"):
        return rendering.render(template, shell=samples.shell(signed=signed), **context)
