"""The keys of an instance: age identities that open originals, and the Ed25519 key that signs the audit head.

An object key is wrapped to one or more age recipients (public). Sealing therefore needs no secret at all;
only the holder of an identity file can open. The files are those of the age tools, so that `age-keygen` may
make them and `age` may open what was wrapped.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Self, cast

import pyrage
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from pyrage import x25519

from cets.kernel.errors import CetsError

_IDENTITY_PREFIX = "AGE-SECRET-KEY-1"
#: Far above any honest key file; a wrong path may lead to a disk image.
_KEY_FILE_LIMIT = 64 * 1024


class KeyProblem(CetsError):
    """A key cannot be used; the message says which one and what to do. Base of the errors of this module."""


class KeyFileMissing(KeyProblem):
    """No key file where the settings say one lies."""


class KeyFileExists(KeyProblem):
    """A key would have been overwritten. Everything sealed to it would be lost, so it never is."""


class KeyFileUnsafe(KeyProblem):
    """Other accounts of the machine may read or change the key file."""


class KeyFileUnreadable(KeyProblem):
    """The file is there but does not hold a usable key, or may not be read."""


class RecipientInvalid(KeyProblem):
    """A text that should name an age recipient does not."""


class CannotUnwrap(KeyProblem):
    """None of the identities at hand opens this wrapped key."""


class Recipients:
    """To whom object keys are wrapped. Public; safe to print and to keep in settings."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts: tuple[str, ...] = tuple(texts)
        if not self.texts:
            raise RecipientInvalid(
                "No age recipient is set, so nothing could ever be opened again. "
                "Set at least one public key (it begins with age1)."
            )
        self._parsed = [_parse_recipient(text) for text in self.texts]

    def __repr__(self) -> str:
        return f"Recipients({list(self.texts)!r})"

    def wrap(self, key: bytes) -> bytes:
        """Return `key` encrypted so that any one of the recipients' identities opens it (0.1 ms each)."""
        return cast("bytes", pyrage.encrypt(key, self._parsed))

    @property
    def parsed(self) -> list[x25519.Recipient]:
        """The recipients as pyrage wants them, for streams that age itself encrypts."""
        return list(self._parsed)


class Identities:
    """Secret age identities of this process. Never shown: the representation names their public halves."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._parsed = [_parse_identity(secret) for secret in secrets]
        if not self._parsed:
            raise KeyFileUnreadable("No age identity was given, so nothing sealed can be opened.")

    def __repr__(self) -> str:
        return f"Identities({[str(identity.to_public()) for identity in self._parsed]!r})"

    @classmethod
    def load(cls, *paths: Path) -> Self:
        """Read every identity of the given files; comments and blank lines are skipped.

        Raises KeyFileMissing, KeyFileUnsafe or KeyFileUnreadable.
        """
        return cls(secret for path in paths for secret in _identity_lines(path))

    @property
    def recipients(self) -> Recipients:
        """The public halves."""
        return Recipients(str(identity.to_public()) for identity in self._parsed)

    @property
    def parsed(self) -> list[x25519.Identity]:
        """The identities as pyrage wants them, for streams that age itself decrypts."""
        return list(self._parsed)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return the key inside `wrapped`. Raises CannotUnwrap when none of these identities fits."""
        try:
            return cast("bytes", pyrage.decrypt(wrapped, self._parsed))
        except pyrage.DecryptError as error:
            raise CannotUnwrap(
                "This object's key is not wrapped to any identity at hand, or the wrapped key is damaged. "
                f"Identities tried: {', '.join(self.recipients.texts)}. "
                "Add the identity file that was in use when the object was sealed."
            ) from error


def create_identity(path: Path) -> str:
    """Write a new age identity to `path` (readable by its owner only) and return its recipient.

    Returns when the file is durable. Raises KeyFileExists rather than overwrite.
    """
    identity = x25519.Identity.generate()
    recipient = str(identity.to_public())
    _write_secret(path, f"# public key: {recipient}\n{identity}\n".encode())
    return recipient


def create_signing_key(path: Path) -> Ed25519PrivateKey:
    """Write a new Ed25519 key (PKCS 8, PEM) to `path`, readable by its owner only. Raises KeyFileExists."""
    key = Ed25519PrivateKey.generate()
    _write_secret(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key


def load_signing_key(path: Path) -> Ed25519PrivateKey:
    """Raises KeyFileMissing, KeyFileUnsafe or KeyFileUnreadable."""
    try:
        key = load_pem_private_key(_read_secret(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileUnreadable(f"{path} is not an unencrypted private key in PEM form.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileUnreadable(f"{path} holds a private key of another kind; an Ed25519 key is needed.")
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """Return the public half, to be kept at the second place from which the audit is verified."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def load_verifying_key(pem: bytes) -> Ed25519PublicKey:
    """Raises KeyFileUnreadable."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyFileUnreadable("The verifying key is not a public key in PEM form.") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyFileUnreadable("The verifying key is of another kind; an Ed25519 key is needed.")
    return key


def _parse_recipient(text: str) -> x25519.Recipient:
    if text.upper().startswith(_IDENTITY_PREFIX):
        # The secret itself stays out of the message: messages end in logs.
        raise RecipientInvalid(
            "A secret identity was given where a public key (age1...) belongs. Replace it."
        )
    try:
        return x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise RecipientInvalid(f"{text!r} is not an age public key (age1...).") from error


def _parse_identity(secret: str) -> x25519.Identity:
    try:
        return x25519.Identity.from_str(secret)
    except pyrage.IdentityError as error:
        raise KeyFileUnreadable("A line that should hold an age identity does not.") from error


def _identity_lines(path: Path) -> list[str]:
    text = _read_secret(path).decode("ascii", errors="replace")
    lines = [line.strip() for line in text.splitlines()]
    secrets = [line for line in lines if line and not line.startswith("#")]
    if not secrets or not all(line.startswith(_IDENTITY_PREFIX) for line in secrets):
        raise KeyFileUnreadable(
            f"{path} is not an age identity file (lines that begin with {_IDENTITY_PREFIX}). "
            "`age-keygen` writes one; a passphrase-protected one has to be opened first."
        )
    return secrets


def _read_secret(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            _refuse_unsafe(path, os.fstat(file.fileno()).st_mode)
            return file.read(_KEY_FILE_LIMIT)
    except FileNotFoundError as error:
        raise KeyFileMissing(
            f"There is no key file at {path}. Restore it from where your copies are kept, "
            "or correct the setting. A new key opens nothing that was sealed before."
        ) from error
    except OSError as error:
        raise KeyFileUnreadable(f"The key file {path} cannot be read: {error.strerror}.") from error


def _refuse_unsafe(path: Path, mode: int) -> None:
    # Group read is allowed: desk and worker may run under different accounts of one service group.
    if mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise KeyFileUnsafe(
            f"Other accounts may read or change the key file {path} (mode {stat.S_IMODE(mode):o}). "
            f"Run: chmod 600 {path}"
        )


def _write_secret(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError as error:
        raise KeyFileExists(
            f"{path} already exists and is left as it is: what was sealed to it would be lost. "
            "Choose another path, or move the old file to a safe place first."
        ) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
