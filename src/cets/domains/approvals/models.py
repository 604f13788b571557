"""The two-person rule: one mechanism for everything that one person alone must not do."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from cets.domains.agencies.models import Agency
from cets.kernel.ids import new_id


class Approval(models.Model):
    """A request by one person that takes effect when a second one agrees."""

    sensitivity: ClassVar = {
        "id": "open",
        "agency": "open",
        "kind": "open",
        "subject_id": "open",
        "params": "open",
        "reason": "open",
        "asked_by": "open",
        "asked_at": "open",
        "decided_by": "open",
        "decided_at": "open",
        "agreed": "open",
        "answer": "open",
    }

    #: Whether it can still be decided on; said by `queries` only.
    stands: bool

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    kind = models.TextField()  # "grant_role"
    subject_id = models.UUIDField()
    params = models.JSONField()
    reason = models.TextField()
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)
    answer = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="approval_needs_two"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, agreed__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, agreed__isnull=False),
                name="approval_decided_whole",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="approval_has_a_reason"),
        ]
