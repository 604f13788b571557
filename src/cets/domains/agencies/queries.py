"""Who somebody is, and what he may do."""

from dataclasses import replace
from uuid import UUID

from cets.access.permissions import Permission
from cets.access.roles import ROLES
from cets.access.viewer import Purpose, Right, Viewer, acting, system
from cets.domains.agencies import shapes
from cets.domains.agencies.models import Agency, Officer, RoleGrant
from cets.kernel.errors import CetsError

SIGN_IN = system("sign-in", Right.SIGN_IN)


class NobodyThere(CetsError):
    """There is no such agency or officer, or it has left."""


def viewer_of(
    officer: Officer, *, purpose: Purpose | None = None, request_id: str = "", using: str = "default"
) -> Viewer:
    """Build the viewer of an officer from the roles held now. Call inside `acting(SIGN_IN)`."""
    names = (
        RoleGrant.objects.using(using).filter(officer=officer, ended_at=None).values_list("role", flat=True)
    )
    roles = [ROLES[name] for name in names if name in ROLES]
    wide = [role for role in roles if not role.narrow]
    return Viewer(
        kind="service" if officer.is_service else "officer",
        actor_id=officer.id,
        name=officer.name,
        agency_id=officer.agency_id,
        permissions=frozenset().union(*(role.permissions for role in wide or roles)),
        teams=frozenset({officer.team_id}),
        narrow=bool(roles) and not wide,
        purpose=purpose,
        request_id=request_id,
    )


def sign_in(
    login_id: UUID, *, purpose: Purpose | None = None, request_id: str = ""
) -> tuple[Officer, Viewer] | None:
    """Return officer and viewer of a login, or None when nobody who is still here has it."""
    with acting(SIGN_IN):
        officer = (
            Officer.objects.select_related("agency", "team").filter(login_id=login_id, left_at=None).first()
        )
        return (officer, viewer_of(officer, purpose=purpose, request_id=request_id)) if officer else None


def service_account(code: str, *, purpose: Purpose | None = None) -> tuple[Agency, Viewer]:
    """Return an agency and the viewer of its command-line service account, whatever the code's case. Raises NobodyThere."""
    code = code.strip().upper()
    with acting(SIGN_IN):
        officer = (
            Officer.objects.select_related("agency")
            .filter(agency__code=code, is_service=True, left_at=None)
            .first()
        )
        if officer is None:
            raise NobodyThere(
                f"There is no agency {code}. Make one: cets agency add {code} --name NAME --country XX"
            )
        return officer.agency, viewer_of(officer, purpose=purpose)


def officer_by_login(name: str, *, purpose: Purpose | None = None) -> tuple[Agency, Viewer]:
    """Return the agency and viewer of a named officer, whatever the login's case. Raises NobodyThere."""
    name = shapes.as_login(name)
    with acting(SIGN_IN):
        officer = Officer.objects.select_related("agency").filter(login__name=name, left_at=None).first()
        if officer is None:
            raise NobodyThere(f"There is no officer with the login {name}.")
        return officer.agency, viewer_of(officer, purpose=purpose)


def who_can(agency_id: UUID, permission: Permission) -> frozenset[UUID]:
    """Return the officers of an agency who hold a role with this permission over all of its records."""
    held = RoleGrant.objects.filter(agency_id=agency_id, role__in=roles_that(permission), ended_at=None)
    return frozenset(held.values_list("officer_id", flat=True))


def roles_that(permission: Permission) -> list[str]:
    """Return the roles that allow it over all records of an agency."""
    return [name for name, role in ROLES.items() if permission in role.permissions and not role.narrow]


def with_purpose(viewer: Viewer, code: str, reference: str) -> Viewer:
    return replace(viewer, purpose=Purpose(code, reference))
