"""What waits for a second person, and what was decided."""

from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.domains.agencies.models import Officer, RoleGrant
from cets.domains.agencies.queries import roles_that
from cets.domains.approvals.kinds import KINDS
from cets.domains.approvals.models import Approval
from cets.kernel.errors import CetsError


class NotFound(CetsError):
    """There is no such request, or it is not yours to see."""


def visible_to(viewer: Viewer) -> QuerySet[Approval]:
    """Return the requests this viewer may see: all of them for who asks or approves, else none."""
    may = viewer.may(Permission.ROLE_REQUEST) or viewer.may(Permission.ROLE_APPROVE)
    asked: Any = Approval.objects.select_related("agency")
    found: QuerySet[Approval] = asked.annotate(
        stands=ExpressionWrapper(_stands(), output_field=BooleanField())
    )
    return found if may else found.none()


def standing(viewer: Viewer) -> QuerySet[Approval]:
    """Return what can still be decided on. A request lapses with the officer, and with the role of whoever asked."""
    return visible_to(viewer).filter(_stands())


def _stands() -> Any:
    """Undecided, its officer still here, and whoever asked has held a role that may ask ever since."""
    asked_as = RoleGrant.objects.filter(
        officer_id=OuterRef("asked_by"),
        officer__left_at=None,
        ended_at=None,
        granted_at__lte=OuterRef("asked_at"),
    )
    may_ask: Any = Q()
    for name, kind in KINDS.items():
        may_ask |= Q(kind=name) & Exists(asked_as.filter(role__in=roles_that(kind.asks)))
    return (
        Q(decided_at=None) & Exists(Officer.objects.filter(id=OuterRef("subject_id"), left_at=None)) & may_ask
    )


def listed(viewer: Viewer) -> QuerySet[Approval]:
    """Return what waits, the oldest first, then what was decided, the newest first."""
    return visible_to(viewer).order_by(F("decided_at").desc(nulls_first=True), "asked_at", "id")


def waiting(viewer: Viewer) -> QuerySet[Approval]:
    """Return what waits for this viewer: not what the viewer asked for, or is for the viewer."""
    return standing(viewer).exclude(asked_by=viewer.actor_id).exclude(subject_id=viewer.actor_id)


def get(viewer: Viewer, approval_id: UUID) -> Approval:
    """Return one request. Raises NotFound."""
    approval = visible_to(viewer).filter(id=approval_id).first()
    if approval is None:
        raise NotFound(str(NotFound.__doc__))
    return approval
