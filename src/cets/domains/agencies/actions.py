"""Make agencies, teams and officers, and say what an officer may do."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from cets.access.permissions import Permission
from cets.access.roles import ROLES, CommandLine
from cets.access.viewer import Viewer, acting, require
from cets.audit.recording import record
from cets.domains.agencies import events, shapes
from cets.domains.agencies.models import Agency, Login, Officer, RoleGrant, Team
from cets.kernel.errors import CetsError

COMMAND_LINE = "command line"


class AlreadyThere(CetsError):
    """Something of this name exists already. Nothing was changed."""


class UnknownRole(CetsError):
    """There is no such role. Nothing was changed."""


def add_agency(
    *, code: str, name: str, country: str, by: Viewer, at: datetime, phone: str = "", email: str = "", is_centre: bool = False,
    using: str = "default",
) -> Agency:  # fmt: skip
    """Make an agency with its duty team and its command-line service account. Raises AlreadyThere, shapes.WrongShape."""
    require(by, Permission.AGENCY_MANAGE)
    agency = Agency(
        code=shapes.code(code),
        name=shapes.agency_name(name),
        country=shapes.country(country),
        is_centre=is_centre,
        created_at=at,
    )
    team = Team(agency=agency, name="Duty team", is_duty=True, **_contact(phone, email, agency.country))
    try:
        with acting(by, using=using):
            agency.save(using=using, force_insert=True)
            team.save(using=using, force_insert=True)
            service = Officer(agency=agency, team=team, name=COMMAND_LINE, is_service=True, joined_at=at)
            service.save(using=using, force_insert=True)
            _grant(service, CommandLine.name, at=at, approval_id=None, by=by, using=using)
            record(
                events.AGENCY_ADDED, by=by, subject=("agency", agency.id), agency_id=agency.id, using=using,
                code=agency.code, country=agency.country,
            )  # fmt: skip
    except IntegrityError as error:
        raise _explain(error, f"An agency {agency.code} exists already.", agency.name) from error
    return agency


def _contact(phone: str, email: str, country: str) -> dict[str, str]:
    """Check how a team is reached: others rely on it when they learn of a hit."""
    return {"phone": shapes.phone(phone, country), "email": shapes.email(email)}


def _explain(error: IntegrityError, taken: str, name: str = "") -> CetsError:
    if "agency_name_once" in str(error):
        return AlreadyThere(
            f"Another agency is called {name}. Give a name that others can tell from it. Nothing was changed."
        )
    if "duplicate key" in str(error):
        return AlreadyThere(f"{taken} Nothing was changed.")
    raise error


def add_team(*, agency: Agency, name: str, by: Viewer, phone: str = "", email: str = "") -> Team:
    """Make a further team of an agency. Raises AlreadyThere, shapes.WrongShape."""
    require(by, Permission.AGENCY_MANAGE)
    team = Team(agency=agency, name=shapes.team_name(name), **_contact(phone, email, agency.country))
    try:
        with acting(by):
            team.save(force_insert=True)
            record(events.TEAM_ADDED, by=by, subject=("team", team.id), agency_id=agency.id, name=team.name)
    except IntegrityError as error:
        raise _explain(error, f"A team {team.name} exists already.") from error
    return team


def set_contact(*, team: Team, phone: str, email: str, by: Viewer, using: str = "default") -> None:
    """Say how a team is reached: the duty team's is what other agencies are told in a hit. Raises shapes.WrongShape."""
    require(by, Permission.AGENCY_MANAGE)
    with acting(by, using=using):
        contact = _contact(phone, email, team.agency.country)
        team.phone, team.email = contact["phone"], contact["email"]
        team.save(using=using, update_fields=["phone", "email"])
        record(events.TEAM_CHANGED, by=by, subject=("team", team.id), agency_id=team.agency_id, using=using)


def add_officer(
    *, agency: Agency, team: Team, login_name: str, name: str, by: Viewer, at: datetime, password: str | None = None,
    phone: str = "", email: str = "", home_agency: Agency | None = None, using: str = "default",
) -> Officer:  # fmt: skip
    """Make an officer with a login. No role yet: that needs two people. Raises AlreadyThere, shapes.WrongShape.

    The password is the officer's to change at the first sign-in: somebody else chose it.
    """
    require(by, Permission.OFFICER_MANAGE)
    login_name, name = shapes.login(login_name), shapes.officer_name(name)
    contact = _contact(phone, email, agency.country)
    login = Login(
        name=login_name, email=contact["email"] or login_name, has_one_time_password=password is not None
    )
    login.set_password(password)
    try:
        with acting(by, using=using):
            login.save(using=using, force_insert=True)
            officer = Officer(
                agency=agency,
                team=team,
                login=login,
                name=name,
                home_agency=home_agency,
                joined_at=at,
                added_by=by.actor_id if by.agency_id else None,
                **contact,
            )
            officer.save(using=using, force_insert=True)
            record(
                events.OFFICER_ADDED, by=by, subject=("officer", officer.id), agency_id=agency.id, using=using
            )
    except IntegrityError as error:
        raise _explain(error, f"A login {login_name} exists already.") from error
    return officer


def grant_role(
    *, officer: Officer, role: str, approval_id: UUID | None, by: Viewer, at: datetime, using: str = "default"
) -> RoleGrant:
    """Give a role, in the caller's transaction. Called by `approvals` once two people agreed, and by `cets init`.

    Raises UnknownRole. A role already held stays as it is.
    """
    if role not in ROLES:
        raise UnknownRole(f"There is no role {role}. Roles are: {', '.join(ROLES)}.")
    return _grant(officer, role, at=at, approval_id=approval_id, by=by, using=using)


def _grant(
    officer: Officer, role: str, *, at: datetime, approval_id: UUID | None, by: Viewer, using: str
) -> RoleGrant:
    held = RoleGrant.objects.using(using).filter(officer=officer, role=role, ended_at=None).first()
    if held:
        return held
    grant = RoleGrant(
        officer=officer, agency_id=officer.agency_id, role=role, granted_at=at, approval_id=approval_id
    )
    grant.save(using=using, force_insert=True)
    record(
        events.ROLE_GRANTED, by=by, subject=("officer", officer.id), agency_id=officer.agency_id, using=using, role=role, approval=approval_id,
    )  # fmt: skip
    return grant
