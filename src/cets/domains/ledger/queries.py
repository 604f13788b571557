"""My work by due time, and what I must be told."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from cets.access.viewer import Viewer
from cets.domains.ledger.models import Alert, Entry


def open_for(viewer: Viewer, *, team: bool = False) -> QuerySet[Entry]:
    """Return the open entries of the viewer, or with `team` of the viewer's teams, the most urgent first."""
    owner = Q(owner_team__in=viewer.teams) if team else Q(owner_officer=viewer.actor_id)
    return (
        Entry.objects.filter(owner, closed_at=None)
        .select_related("owner_officer", "owner_team")
        .order_by("due_at", "id")
    )


def of_subject(subject_id: UUID) -> Entry | None:
    """Return the open entry of a record, if any."""
    return Entry.objects.filter(subject_id=subject_id, closed_at=None).first()


def counts(viewer: Viewer, *, at: datetime, today_ends: datetime) -> dict[str, int]:
    """Return how many of the viewer's entries are overdue, due today, later, and how many wait in the teams."""
    mine = Entry.objects.filter(owner_officer=viewer.actor_id, closed_at=None).aggregate(
        overdue=Count("id", filter=Q(due_at__lt=at)),
        today=Count("id", filter=Q(due_at__gte=at, due_at__lt=today_ends)),
        later=Count("id", filter=Q(due_at__gte=today_ends)),
    )
    team = Entry.objects.filter(owner_team__in=viewer.teams, closed_at=None).count()
    return {**mine, "team": team}


def told_to(viewer: Viewer) -> QuerySet[Alert]:
    """Return the alerts for the viewer, or for all of the viewer's teams, the newest first."""
    to = Q(officer=viewer.actor_id)
    return Alert.objects.filter(to if viewer.narrow else to | Q(team__in=viewer.teams)).order_by("-at", "id")


def alerts_for(viewer: Viewer, *, most: int = 10) -> QuerySet[Alert]:
    """Return the newest unread alerts."""
    return told_to(viewer).filter(read_at=None)[:most]


def earlier_alerts(viewer: Viewer) -> QuerySet[Alert]:
    """Return the alerts that were read."""
    return told_to(viewer).exclude(read_at=None)
