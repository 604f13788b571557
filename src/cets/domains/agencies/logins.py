"""What an officer signs in with: a new password, of one's own or when it is lost, and no more second factor."""

import secrets

from allauth.mfa.models import Authenticator

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting, require
from cets.audit.recording import record
from cets.domains.agencies import events
from cets.domains.agencies.models import Login, Officer

#: Neither look-alikes nor vowels: it is read out on the telephone, and spells no word.
_LETTERS = "bcdfghjkmnpqrstvwxz23456789"


def one_time_password() -> str:
    """Return a password to be read out once: 4 groups of 5, 95 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def reset_password(*, officer: Officer, by: Viewer) -> str:
    """Give the officer a new password and return it; it is kept nowhere and cannot be shown again.

    The old one, and every session that was opened with it, end at once.
    """
    require(by, Permission.OFFICER_MANAGE)
    assert officer.login is not None
    password = one_time_password()
    with acting(by):
        officer.login.set_password(password)
        officer.login.has_one_time_password = True
        officer.login.save(update_fields=["password", "has_one_time_password"])
        record(events.PASSWORD_RESET, by=by, subject=("officer", officer.id), agency_id=officer.agency_id)
    return password


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
