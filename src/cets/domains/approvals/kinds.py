"""What needs two people. A later kind is one more class here and one more line in the registry."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cets.access.permissions import Permission
from cets.access.roles import ROLES
from cets.access.viewer import Viewer
from cets.domains.agencies import actions as agencies
from cets.domains.agencies import logins
from cets.domains.agencies.actions import UnknownRole
from cets.domains.agencies.models import Officer
from cets.domains.approvals.models import Approval
from cets.kernel.errors import CetsError


class NoSuchOfficer(CetsError):
    """There is no such officer, or the officer has left. Nothing was changed."""


class NotForAService(CetsError):
    """A service account gets no further role. Nothing was changed."""


class Kind:
    """One thing that takes effect when a second person agrees. Both methods run inside `acting`, in one transaction."""

    name: ClassVar[str]
    caption: ClassVar[Promise]
    asks: ClassVar[Permission]
    decides: ClassVar[Permission]

    def check(self, subject_id: UUID, params: dict[str, Any]) -> UUID:
        """Return the agency that it is about. Raises a CetsError when it can never be done."""
        raise NotImplementedError

    def carry_out(self, approval: Approval, *, by: Viewer, at: datetime) -> None:
        """Do it; called once, when the second person agreed."""
        raise NotImplementedError


class GrantRole(Kind):
    name = "grant_role"
    caption = _("Give a role")
    asks = Permission.ROLE_REQUEST
    decides = Permission.ROLE_APPROVE

    def check(self, subject_id: UUID, params: dict[str, Any]) -> UUID:
        if params.get("role") not in ROLES:
            raise UnknownRole(f"There is no role {params.get('role')}. Roles are: {', '.join(ROLES)}.")
        return _present(subject_id).agency_id

    def carry_out(self, approval: Approval, *, by: Viewer, at: datetime) -> None:
        officer = _present(approval.subject_id)
        agencies.grant_role(
            officer=officer, role=approval.params["role"], approval_id=approval.id, by=by, at=at
        )


class ResetSecondFactor(Kind):
    """Who can set a password and take the second factor away can be anybody: the two lie with two people."""

    name = "reset_second_factor"
    caption = _("Take the second factor away")
    asks = Permission.OFFICER_MANAGE
    decides = Permission.ROLE_APPROVE

    def check(self, subject_id: UUID, params: dict[str, Any]) -> UUID:  # noqa: ARG002 - the officer is all there is
        return _present(subject_id).agency_id

    def carry_out(self, approval: Approval, *, by: Viewer, at: datetime) -> None:  # noqa: ARG002 - nothing is dated
        logins.reset_second_factor(officer=_present(approval.subject_id), by=by)


def _present(officer_id: UUID) -> Officer:
    """Return the officer, who stays as he is until the end of the transaction."""
    officer = Officer.objects.select_for_update(no_key=True).filter(id=officer_id, left_at=None).first()
    if officer is None:
        raise NoSuchOfficer(str(NoSuchOfficer.__doc__))
    if officer.is_service:
        raise NotForAService(str(NotForAService.__doc__))
    return officer


KINDS: dict[str, Kind] = {kind.name: kind for kind in (GrantRole(), ResetSecondFactor())}
