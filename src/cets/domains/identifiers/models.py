"""Identifiers as an agency's reports hold them, every place where one stands, and the keys by which they meet."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cets.domains.agencies.models import Agency
from cets.domains.reports.models import Part, Report
from cets.kernel.ids import new_id


class Holding(models.Model):
    """One identifier in one report. Its `key` is the same wherever the same identifier is held."""

    sensitivity: ClassVar = {
        "id": "open",
        "report": "open",
        "agency": "open",
        "key": "open",
        "kind": "open",
        "value": "victim",
        "raw": "victim",
        "roles": "open",
        "ways": "open",
        "pseudonym": "open",
        "pivot": "open",
        "common": "open",
        "assumed": "open",
        "places": "open",
        "first_at": "evidence",
        "last_at": "evidence",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    key = models.UUIDField()
    kind = models.TextField()
    value = models.TextField()
    raw = models.TextField()
    roles = ArrayField(models.TextField())
    ways = ArrayField(models.TextField())
    pseudonym = models.TextField(default="")  # set when a victim's: "Child A"
    pivot = models.BooleanField()
    common = models.TextField(default="")  # why the value alone links nothing
    assumed = models.TextField(default="")
    places = models.IntegerField()
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)

    #: What is shown where only a part of the value is a victim's. No column: whoever shows it asks `intake.masked_values`.
    instead = ""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "key", "agency"], name="holding_once_per_report")
        ]
        indexes = [
            models.Index(fields=["agency", "key"], name="holding_of_agency"),
            # "Is it a victim's anywhere?" is asked of every value that is shown, also of one that thousands of reports hold.
            models.Index(
                fields=["agency", "key"],
                include=["report", "pseudonym"],
                condition=~models.Q(pseudonym=""),
                name="holding_of_victim",
            ),
        ]

    @property
    def is_masked(self) -> bool:
        """Whether something of it may not be shown without a reveal."""
        return bool(self.pseudonym or self.instead)


class AgencyPattern(models.Model):
    """A pattern that an agency added, by which its reports are looked through. Never changed: another version replaces it."""

    sensitivity: ClassVar = {
        "id": "open",
        "agency": "open",
        "name": "personal",
        "version": "open",
        "slot": "open",
        "pattern": "evidence",
        "kind": "open",
        "platform": "open",
        "matching": "evidence",
        "not_matching": "evidence",
        "added_by": "personal",
        "added_at": "open",
        "retired_by": "personal",
        "retired_at": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    name = models.TextField()
    version = models.SmallIntegerField()  # of this name, from 1
    slot = models.SmallIntegerField()  # its place among those in use
    pattern = models.TextField()
    kind = models.TextField()
    platform = models.TextField(default="")
    matching = models.JSONField()  # [text, expected value]
    not_matching = ArrayField(models.TextField())
    added_by = models.UUIDField()
    added_at = models.DateTimeField()
    retired_by = models.UUIDField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "name", "version"], name="pattern_version_once"),
            models.UniqueConstraint(
                fields=["agency", "name"], condition=Q(retired_at=None), name="pattern_name_once"
            ),
            models.UniqueConstraint(
                fields=["agency", "slot"], condition=Q(retired_at=None), name="pattern_slot_once"
            ),
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=20), name="pattern_slots"),
            models.CheckConstraint(condition=Q(version__gte=1), name="pattern_version_counts"),
            models.CheckConstraint(
                condition=Q(retired_at=None, retired_by=None)
                | Q(retired_at__isnull=False, retired_by__isnull=False),
                name="pattern_retired_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Sighting(models.Model):
    """One place where an identifier stands in a source, as whose, and when."""

    sensitivity: ClassVar = {
        "id": "open",
        "report": "open",
        "agency": "open",
        "part": "open",
        "holding": "open",
        "place": "evidence",
        "way": "open",
        "role": "open",
        "person": "evidence",
        "raw": "victim",
        "seen_raw": "evidence",
        "seen_at": "evidence",
        "seen_candidates": "evidence",
        "event": "open",
        "port": "evidence",
        "carrier_nat": "open",
        "message": "open",
        "trace": "open",
        "start": "open",
        "end": "open",
        "pattern": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, db_index=False)
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT)
    place = models.TextField()
    way = models.TextField()
    role = models.TextField()
    person = models.TextField(default="")
    raw = models.TextField()
    seen_raw = models.TextField(default="")
    seen_at = models.DateTimeField(null=True)
    seen_candidates = ArrayField(models.TextField(), default=list)
    event = models.TextField(default="")
    port = models.IntegerField(null=True)
    carrier_nat = models.BooleanField(default=False)
    message = models.IntegerField(null=True)
    trace = models.IntegerField(null=True)
    start = models.IntegerField(null=True)
    end = models.IntegerField(null=True)
    #: The agency's own pattern that found it.
    pattern = models.ForeignKey(AgencyPattern, on_delete=models.PROTECT, null=True, db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["part", "message"], name="sighting_in_message"),
            models.Index(
                fields=["part", "trace"], condition=Q(trace__isnull=False), name="sighting_in_trace"
            ),
            models.Index(fields=["pattern"], condition=Q(pattern__isnull=False), name="sighting_by_pattern"),
        ]


class MatchKey(models.Model):
    """What the matcher sees of a holding: keyed digests, times and the report's level; no value.

    `key` is the holding's own (`is_exact`) or that of a weaker variant. An IP address has a row for each time it was seen.
    """

    sensitivity: ClassVar = {
        "id": "open",
        "key": "open",
        "own_key": "open",
        "is_exact": "open",
        "holding_id": "open",
        "report_id": "open",
        "agency_id": "open",
        "told": "open",
        "kind": "open",
        "is_assumed": "open",
        "from_at": "evidence",
        "to_at": "evidence",
        "is_certain": "open",
        "port": "evidence",
        "carrier_nat": "open",
        "common": "open",
        "is_declared": "open",
    }

    id = models.BigAutoField(primary_key=True)  # counts all agencies' rows: only the matcher may read it
    key = models.UUIDField()
    own_key = models.UUIDField()
    is_exact = models.BooleanField()
    holding_id = models.UUIDField()
    report_id = models.UUIDField()
    agency_id = models.UUIDField()
    told = models.SmallIntegerField()  # the report's sharing level
    kind = models.TextField()
    common = models.TextField(default="")  # why the value alone links nothing
    is_declared = models.BooleanField(default=True)  # stands in a field, not only in text
    is_assumed = models.BooleanField(default=False)
    from_at = models.DateTimeField(null=True)
    to_at = models.DateTimeField(null=True)
    is_certain = models.BooleanField(default=False)
    port = models.IntegerField(null=True)
    carrier_nat = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["report_id", "holding_id"], name="matchkey_of_report")]
