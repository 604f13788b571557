"""What an officer signs in with: a new password, of one's own or when it is lost, and no more second factor."""

import secrets
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting, require
from cets.audit.recording import record
from cets.domains.agencies import events
from cets.domains.agencies.models import Login, Officer, RoleGrant
from cets.kernel.errors import CetsError

#: Neither look-alikes nor vowels: it is read out on the telephone, and spells no word.
_LETTERS = "bcdfghjkmnpqrstvwxz23456789"
#: What counts as a second factor of one's own: recovery codes come with one of these.
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class WouldOpenRoles(CetsError):
    """The officer holds a role and has no second factor yet: whoever knows the new password could sign in and use the role."""

    way_on = "Nothing was changed. End the roles first, give the password, then ask for the roles anew: a second person agrees."


@dataclass(frozen=True)
class Hands:
    """In whose hands an account is: what its owner has made an own secret of."""

    has_own_password: bool
    has_second_factor: bool


def one_time_password() -> str:
    """Return a password to be read out once: 4 groups of 5, 95 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def reset_password(*, officer: Officer, by: Viewer) -> str:
    """Give the officer a new password and return it; it is kept nowhere and cannot be shown again.

    The old one, and every session that was opened with it, end at once. Raises WouldOpenRoles.
    """
    require(by, Permission.OFFICER_MANAGE)
    assert officer.login is not None
    password = one_time_password()
    with acting(by):
        _check_opens_nothing(officer)
        officer.login.set_password(password)
        officer.login.has_one_time_password = True
        officer.login.save(update_fields=["password", "has_one_time_password"])
        record(events.PASSWORD_RESET, by=by, subject=("officer", officer.id), agency_id=officer.agency_id)
    return password


def _check_opens_nothing(officer: Officer) -> None:
    """One person alone gives nobody's role to himself. In the demo a password is all there is, and everybody knows it."""
    # Held until the end, so that no role comes while the password is given.
    Officer.objects.select_for_update(no_key=True).get(id=officer.id)
    if (
        not settings.CETS.is_demo
        and RoleGrant.objects.filter(officer=officer, ended_at=None).exists()
        and not hands_of(officer).has_second_factor
    ):
        raise WouldOpenRoles(f"{WouldOpenRoles.__doc__} {WouldOpenRoles.way_on}")


def hands_of(officer: Officer) -> Hands:
    """Say whether the account's owner has chosen an own password and has a second factor."""
    assert officer.login_id is not None
    login = Login.objects.get(id=officer.login_id)
    factors = Authenticator.objects.filter(user_id=login.id, type__in=SECOND_FACTORS)
    return Hands(
        has_own_password=not login.has_one_time_password and login.has_usable_password(),
        has_second_factor=factors.exists(),
    )


def change_password(*, login: Login, password: str, officer: Officer, by: Viewer) -> None:
    """Let an officer's own new password hold from now on; the caller has checked the old one and the rules for new ones."""
    with acting(by):
        login.set_password(password)
        login.has_one_time_password = False
        login.save(update_fields=["password", "has_one_time_password"])
        record(events.PASSWORD_CHANGED, by=by, subject=("officer", officer.id), agency_id=officer.agency_id)


def second_factor_changed(*, what: str, officer: Officer, by: Viewer) -> None:
    """Record that an officer added or removed an own second factor; the sign-in library has done it."""
    with acting(by):
        record(
            events.SECOND_FACTOR_CHANGED,
            by=by,
            subject=("officer", officer.id),
            agency_id=officer.agency_id,
            what=what,
        )


def reset_second_factor(*, officer: Officer, by: Viewer) -> int:
    """Take away passkeys, authenticator app and recovery codes, in the caller's transaction; return how many those were.

    Called by `approvals` once two people agreed. The next sign-in leads to the set-up pages.
    """
    removed = int(Authenticator.objects.filter(user_id=officer.login_id).delete()[0])
    record(
        events.SECOND_FACTOR_RESET,
        by=by,
        subject=("officer", officer.id),
        agency_id=officer.agency_id,
        removed=removed,
    )
    return removed
