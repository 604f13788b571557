"""What waits for a second person, and what was decided."""

from uuid import UUID

from django.db.models import F, QuerySet

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.domains.approvals.models import Approval
from cets.kernel.errors import CetsError


class NotFound(CetsError):
    """There is no such request, or it is not yours to see."""


def visible_to(viewer: Viewer) -> QuerySet[Approval]:
    """Return the requests this viewer may see: all of them for who asks or approves, else none."""
    may = viewer.may(Permission.ROLE_REQUEST) or viewer.may(Permission.ROLE_APPROVE)
    return Approval.objects.select_related("agency") if may else Approval.objects.none()


def listed(viewer: Viewer) -> QuerySet[Approval]:
    """Return what waits, the oldest first, then what was decided, the newest first."""
    return visible_to(viewer).order_by(F("decided_at").desc(nulls_first=True), "asked_at", "id")


def waiting(viewer: Viewer) -> QuerySet[Approval]:
    """Return what waits for this viewer: not what the viewer asked for, or is for the viewer."""
    return (
        visible_to(viewer)
        .filter(decided_at=None)
        .exclude(asked_by=viewer.actor_id)
        .exclude(subject_id=viewer.actor_id)
    )


def get(viewer: Viewer, approval_id: UUID) -> Approval:
    """Return one request. Raises NotFound."""
    approval = visible_to(viewer).filter(id=approval_id).first()
    if approval is None:
        raise NotFound(str(NotFound.__doc__))
    return approval
