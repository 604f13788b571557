"""An officer is away, gone, or has no role for it any more: the work falls to the team, and says so."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cets.access.permissions import Permission
from cets.access.roles import ROLES
from cets.access.viewer import Viewer, acting, require
from cets.audit.recording import record
from cets.domains.agencies import events
from cets.domains.agencies.models import Officer, RoleGrant
from cets.domains.agencies.queries import roles_that, who_can
from cets.domains.ledger.actions import NEEDS, fall_to_team
from cets.kernel.errors import CetsError, Meanwhile

#: Fewer cannot do anything that needs two people, and so never become more.
FEWEST_ADMINISTRATORS = 2


class TooFewAdministrators(CetsError):
    """Fewer than two administrators who are present would be left, and nobody could ever agree to a new one."""

    way_on = "Nothing was changed. First make somebody else administrator, which two people do, or mark one who is away as back."


class LeftMeanwhile(Meanwhile):
    """The officer was marked as gone for good meanwhile. Nothing was changed: roles and sign-in have ended already."""


class AwayMeanwhile(Meanwhile):
    """The officer was marked as away meanwhile. Nothing was changed."""


class BackMeanwhile(Meanwhile):
    """The officer was marked as back meanwhile. Nothing was changed."""


class EndedMeanwhile(Meanwhile):
    """This role was ended meanwhile. Nothing was changed."""


class NotOneself(CetsError):
    """Nobody marks their own account as gone for good: another administrator does that. Nothing was changed."""


def leave(*, officer: Officer, by: Viewer, at: datetime, reason: str = "") -> int | None:
    """The officer leaves for good: work to the team, roles end, login off. Return how many records fell to the team.

    None where `by` is of another agency: how many records somebody there had is not told, on no screen and in no event.
    Raises NotOneself, TooFewAdministrators, LeftMeanwhile.
    """
    require(by, Permission.OFFICER_MANAGE)
    with acting(by):
        _keep_administrators(RoleGrant.objects.filter(officer=officer, ended_at=None))
        if officer.id == by.actor_id:
            raise NotOneself(str(NotOneself.__doc__))
        _hold(officer)
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
            **({"reason": reason} if reason else {}),
        )
    return fallen


def _hold(officer: Officer) -> Officer:
    """Hold an officer, and return how it stands with them now. Raises LeftMeanwhile."""
    held = Officer.objects.select_for_update(no_key=True).get(id=officer.id)
    if held.left_at is not None:
        raise LeftMeanwhile(str(LeftMeanwhile.__doc__))
    return held


def _keep_administrators(ending: QuerySet[RoleGrant]) -> None:
    """Refuse to end roles without which fewer than two present administrators are left; one after another gets to ask."""
    held = RoleGrant.objects.filter(role__in=roles_that(Permission.ROLE_APPROVE), ended_at=None)
    if not ending.filter(id__in=held.values("id")).exists():
        return
    list(held.select_for_update(of=("self",), no_key=True).order_by("id"))
    left = held.exclude(id__in=ending.values("id")).filter(officer__left_at=None, officer__absent_at=None)
    if left.values("officer_id").distinct().count() < FEWEST_ADMINISTRATORS:
        raise TooFewAdministrators(f"{TooFewAdministrators.__doc__} {TooFewAdministrators.way_on}")


def _require_say(by: Viewer, officer: Officer) -> None:
    """Raise Refused unless it is the officer's own absence, a supervisor's word or an administrator's."""
    if by.actor_id != officer.id and not by.may(Permission.WORK_ASSIGN):
        require(by, Permission.OFFICER_MANAGE)


def go_absent(*, officer: Officer, by: Viewer, at: datetime) -> int | None:
    """The officer is away: open work falls to the team. Return how many records that were, as `leave` does.

    Raises LeftMeanwhile, AwayMeanwhile.
    """
    _require_say(by, officer)
    with acting(by):
        if _hold(officer).absent_at is not None:
            raise AwayMeanwhile(str(AwayMeanwhile.__doc__))
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
    """The officer is back and may be given work again. Raises LeftMeanwhile, BackMeanwhile."""
    _require_say(by, officer)
    with acting(by):
        if _hold(officer).absent_at is None:
            raise BackMeanwhile(str(BackMeanwhile.__doc__))
        officer.absent_at = None
        officer.save(update_fields=["absent_at"])
        record(events.OFFICER_BACK, by=by, subject=("officer", officer.id), agency_id=officer.agency_id)


def end_role(*, grant: RoleGrant, by: Viewer, at: datetime) -> int | None:
    """Take a role away at once; one person is enough for less. Return how many records fell to the team, as `leave` does.

    They fall where no other role of the officer allows to work on them. Raises TooFewAdministrators, EndedMeanwhile.
    """
    require(by, Permission.OFFICER_MANAGE)
    with acting(by):
        _keep_administrators(RoleGrant.objects.filter(id=grant.id))
        if RoleGrant.objects.select_for_update(no_key=True).get(id=grant.id).ended_at is not None:
            raise EndedMeanwhile(str(EndedMeanwhile.__doc__))
        grant.ended_at = at
        grant.save(update_fields=["ended_at"])
        record(
            events.ROLE_ENDED,
            by=by,
            subject=("officer", grant.officer_id),
            agency_id=grant.agency_id,
            role=grant.role,
        )
        if not _can_still(grant):
            return fall_to_team(officer=grant.officer, why="has no role for it any more", at=at)
    return 0 if by.own_agency == grant.agency_id else None


def _can_still(ended: RoleGrant) -> bool:
    """Say whether the officer's other roles allow all the work that the ended one allowed."""
    role = ROLES.get(ended.role)
    if role is None or role.narrow:
        return True
    lost = role.permissions & frozenset(NEEDS.values())
    return all(ended.officer_id in who_can(ended.agency_id, permission) for permission in lost)
