"""An officer is away or gone: the work falls to the team first, and says so."""

from datetime import datetime
from typing import Any

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting, require
from cets.audit.recording import record
from cets.domains.agencies import events
from cets.domains.agencies.models import Officer, RoleGrant
from cets.domains.ledger.actions import fall_to_team


def leave(*, officer: Officer, by: Viewer, at: datetime) -> int | None:
    """The officer leaves for good: work to the team, roles end, login off. Return how many records fell to the team.

    None where `by` is of another agency: how many records somebody there had is not told, on no screen and in no event.
    """
    require(by, Permission.OFFICER_MANAGE)
    with acting(by):
        fallen = fall_to_team(officer=officer, why="has left", at=at)
        RoleGrant.objects.filter(officer=officer, ended_at=None).update(ended_at=at)
        officer.left_at = at
        officer.save(update_fields=["left_at"])
        if officer.login:
            officer.login.is_active = False
            officer.login.save(update_fields=["is_active"])
        record(
            events.OFFICER_LEFT,
            by=by,
            subject=("officer", officer.id),
            agency_id=officer.agency_id,
            **_counted(fallen),
        )
    return fallen


def _require_say(by: Viewer, officer: Officer) -> None:
    """Raise Refused unless it is the officer's own absence, a supervisor's word or an administrator's."""
    if by.actor_id != officer.id and not by.may(Permission.WORK_ASSIGN):
        require(by, Permission.OFFICER_MANAGE)


def go_absent(*, officer: Officer, by: Viewer, at: datetime) -> int | None:
    """The officer is away: open work falls to the team. Return how many records that were, as `leave` does."""
    _require_say(by, officer)
    with acting(by):
        fallen = fall_to_team(officer=officer, why="is away", at=at)
        officer.absent_at = at
        officer.save(update_fields=["absent_at"])
        record(
            events.OFFICER_ABSENT,
            by=by,
            subject=("officer", officer.id),
            agency_id=officer.agency_id,
            **_counted(fallen),
        )
    return fallen


def _counted(fallen: int | None) -> dict[str, Any]:
    return {} if fallen is None else {"fallen": fallen}


def come_back(*, officer: Officer, by: Viewer) -> None:
    """The officer is back and may be given work again."""
    _require_say(by, officer)
    with acting(by):
        officer.absent_at = None
        officer.save(update_fields=["absent_at"])
        record(events.OFFICER_BACK, by=by, subject=("officer", officer.id), agency_id=officer.agency_id)
