"""What second factors are checked with lies in the database only encrypted, under a key of the desk that is not there."""

import base64
import os
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from cets.domains.agencies import logins

#: Says how it was encrypted, and binds the bytes to this use.
_SCHEME = "aes-256-gcm:"
_NONCE_BYTES = 12
#: The sign-in library's names of what was done, in words for the audit.
_TOLD = {
    "totp_activated": "authenticator app set up",
    "totp_deactivated": "authenticator app removed",
    "webauthn_added": "key added",
    "webauthn_removed": "key removed",
    "recovery_codes_generated": "new recovery codes",
}


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Encrypts secrets of authenticator apps and seeds of recovery codes. A passkey's row is public by nature."""

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = _cipher().encrypt(nonce, text.encode(), _SCHEME.encode())
        return _SCHEME + base64.b64encode(nonce + sealed).decode()

    def send_notification_mail(self, template_prefix: str, *_args: Any, **_kwargs: Any) -> None:
        """Record what an officer did to an own second factor: the sign-in library would write a mail about each."""
        request, name = context.request, template_prefix.rpartition("/")[2]
        logins.second_factor_changed(what=_TOLD.get(name, name), officer=request.officer, by=request.viewer)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret. Raises cryptography's InvalidTag when the key is another one or the row was altered."""
        sealed = base64.b64decode(encrypted_text.removeprefix(_SCHEME))
        return _cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _SCHEME.encode()).decode()


def _cipher() -> AESGCM:
    return AESGCM(settings.CETS.second_factor_key)
