"""What second factors are checked with lies in the database only encrypted, under a key of the desk that is not there."""

import base64
import os

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

#: Says how it was encrypted, and binds the bytes to this use.
_SCHEME = "aes-256-gcm:"
_NONCE_BYTES = 12


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Encrypts secrets of authenticator apps and seeds of recovery codes. A passkey's row is public by nature."""

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = _cipher().encrypt(nonce, text.encode(), _SCHEME.encode())
        return _SCHEME + base64.b64encode(nonce + sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret. Raises cryptography's InvalidTag when the key is another one or the row was altered."""
        sealed = base64.b64decode(encrypted_text.removeprefix(_SCHEME))
        return _cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _SCHEME.encode()).decode()


def _cipher() -> AESGCM:
    return AESGCM(settings.CETS.second_factor_key)
