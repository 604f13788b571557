"""Hits: that two records hold the same identifier, told to each side as the other's level allows."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cets.domains.agencies.models import Agency
from cets.domains.ledger.models import Entry
from cets.kernel.ids import new_id

#: The verdicts that settle a hit, as they are told. A call that nobody took is recorded and settles nothing.
SETTLED_AS = {
    "work_together": "We work together",
    "they_lead": "They lead",
    "we_lead": "We lead",
    "not_the_same": "Not the same",
    "no_action": "No action",
}


class Hit(models.Model):
    """One agency's side of an overlap on one identifier. Who else holds it is derived from match keys, never stored."""

    sensitivity: ClassVar = {
        "id": "open",
        "agency": "open",
        "reference": "open",
        "key": "open",
        "kind": "open",
        "bits": "open",
        "common": "open",
        "mine": "open",
        "theirs": "open",
        "found_at": "open",
        "matched_at": "open",
        "state": "open",
        "entry": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    reference = models.CharField(max_length=40)  # "CETS-ESX-H-000031"
    key = models.UUIDField()
    kind = models.TextField()
    bits = models.FloatField()
    common = models.TextField(default="")  # why it is down-weighted; such hits ask nobody for anything
    mine = models.IntegerField()
    theirs = models.IntegerField()
    found_at = models.DateTimeField()
    matched_at = models.DateTimeField()
    state = models.TextField(default="open")  # open, settled, withdrawn
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "key"], name="hit_once_per_agency"),
            models.UniqueConstraint(fields=["agency", "reference"], name="hit_reference_once"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "settled", "withdrawn"]), name="hit_state_known"
            ),
        ]
        indexes = [models.Index(fields=["agency", "state", "-bits"], name="hit_strongest")]

    @property
    def is_over(self) -> bool:
        """Whether nothing may be told of it any more: neither what meets nor how strongly, nor since which second."""
        return self.state == "withdrawn"


class Decision(models.Model):
    """What a side decided about a hit, and over which reports: a new report opens the question again."""

    sensitivity: ClassVar = {
        "id": "open",
        "hit": "open",
        "agency": "open",
        "verdict": "open",
        "spoke_to": "personal",
        "spoke_at": "open",
        "reason": "evidence",
        "by": "personal",
        "at": "open",
        "reports": "open",
        "withdrawn_at": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    hit = models.ForeignKey(Hit, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    verdict = models.TextField()
    spoke_to = models.TextField(default="", blank=True)
    spoke_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()
    reports = ArrayField(models.UUIDField())  # those this side knew of
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    verdict__in=[
                        "work_together",
                        "they_lead",
                        "we_lead",
                        "not_the_same",
                        "no_action",
                        "nobody_answered",
                    ]
                ),
                name="decision_verdict_known",
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=["not_the_same", "no_action"]) | ~Q(reason=""),
                name="decision_has_a_reason",
            ),
        ]


class SilentPair(models.Model):
    """Two silent records of different agencies hold the same identifier: only the centre's deconfliction desk is told."""

    sensitivity: ClassVar = {
        "id": "open",
        "key": "open",
        "kind": "open",
        "agency": "open",
        "first_agency": "open",
        "second_agency": "open",
        "found_at": "open",
        "entry": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.UUIDField()
    kind = models.TextField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")  # the centre
    first_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    second_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "first_agency", "second_agency"], name="silentpair_once")
        ]


class Limits(models.Model):
    """By which limits records meet, one row: the matcher's settings, laid down for what readers ask the database.

    A reader who chose them himself would learn by trying at which second another agency saw an address.
    """

    sensitivity: ClassVar = {"id": "open", "tolerance": "open", "reach": "open", "cap": "open"}

    id = models.SmallIntegerField(primary_key=True, default=1)
    tolerance = models.DurationField()
    reach = models.DurationField()
    cap = models.IntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="limits_once")]


class Hub(models.Model):
    """A value held by so many records that who holds it says nothing: it is matched once per agency and then left alone.

    Only the matcher reads it, for the count includes records that others may not know of. Never an address: its times tell.
    """

    sensitivity: ClassVar = {"key": "open", "found_at": "open"}

    key = models.UUIDField(primary_key=True)
    found_at = models.DateTimeField()
