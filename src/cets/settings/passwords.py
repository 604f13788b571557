"""What a password has to be, at the desk and for the first administrators, who are asked before there are settings."""

from typing import Any

from django.contrib.auth.password_validation import get_password_validators
from django.core.exceptions import ImproperlyConfigured, ValidationError

from cets.kernel.errors import CetsError
from cets.kernel.texts import is_text

LEAST = 12
VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": LEAST},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]


class PasswordRefused(CetsError):
    """The password cannot be used. Nothing was changed."""


def check(password: str) -> None:
    """Raise PasswordRefused for a password that the desk would not take. Needs no settings."""
    if not is_text(password) or not all(
        _passes(one, password) for one in get_password_validators(VALIDATORS)
    ):
        raise PasswordRefused(
            f"A password has at least {LEAST} characters and is none of those that many people use. Nothing was changed."
        )


def _passes(validator: Any, password: str) -> bool:
    try:
        validator.validate(password)
    except (
        ValidationError,
        ImproperlyConfigured,
    ):  # it refuses; without settings it has no language to say so in
        return False
    return True
