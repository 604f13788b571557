"""One ledger for everything that must not be lost: owner, due time, next step."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cets.domains.agencies.models import Agency, Officer, Team
from cets.kernel.ids import new_id


class Entry(models.Model):
    """Who does what next with one record, by when. Open until closed with an outcome.

    The database refuses an orphan: exactly one owner, a due time, a next step; a team or officer of the same
    agency; an officer who has not left. Every report and hit points to an entry of its own.
    """

    sensitivity: ClassVar = {
        "id": "open",
        "agency": "open",
        "subject_type": "open",
        "subject_id": "open",
        "title": "open",
        "owner_officer": "open",
        "owner_team": "open",
        "due_at": "open",
        "next_step": "open",
        "why": "open",
        "opened_at": "open",
        "closed_at": "open",
        "outcome": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    subject_type = models.TextField()  # "report", "hit"
    subject_id = models.UUIDField()
    title = models.TextField()  # the record's own name, without any value
    owner_officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True)
    owner_team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True)
    due_at = models.DateTimeField()
    next_step = models.TextField()
    why = models.TextField(default="")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner_officer__isnull=False, owner_team__isnull=True)
                | Q(owner_officer__isnull=True, owner_team__isnull=False),
                name="entry_has_one_owner",
            ),
            models.CheckConstraint(condition=~Q(next_step=""), name="entry_has_a_next_step"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(outcome=""), name="entry_closes_with_an_outcome"
            ),
            models.UniqueConstraint(
                fields=["subject_id", "agency"], condition=Q(closed_at__isnull=True), name="entry_open_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner_officer", "due_at"],
                condition=Q(closed_at__isnull=True),
                name="entry_of_officer",
            ),
            models.Index(
                fields=["owner_team", "due_at"], condition=Q(closed_at__isnull=True), name="entry_of_team"
            ),
            models.Index(
                # The late reports, the late hits: either among many of the other.
                fields=["agency", "subject_type", "due_at"],
                condition=Q(closed_at__isnull=True),
                name="entry_of_agency",
            ),
        ]


class Alert(models.Model):
    """Something an owner or team must be told: work that fell to them, a supplement, a new side of a hit.

    Unread until the officer, or for a team's alert any of the team, has read it; then kept among the earlier ones.
    """

    sensitivity: ClassVar = {
        "id": "open",
        "agency": "open",
        "team": "open",
        "officer": "open",
        "kind": "open",
        "text": "open",
        "subject_type": "open",
        "subject_id": "open",
        "at": "open",
        "read_at": "open",
        "read_by": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True)
    kind = models.TextField()
    text = models.TextField()
    subject_type = models.TextField()
    subject_id = models.UUIDField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False),
                name="alert_is_read_by_somebody",
            )
        ]
        indexes = [
            models.Index(fields=["agency", "-at"]),
            models.Index(fields=["agency", "-at"], condition=Q(read_at__isnull=True), name="alert_unread"),
        ]
