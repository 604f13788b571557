"""What a device recorded: the table of it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left

from cets.domains.agencies.models import Agency
from cets.domains.reports.models.words import SimpleVector
from cets.kernel.ids import new_id

#: What a trace can be of, as `intake.rows.TraceKind` has it; in the order in which the desk names them.
TRACE_KINDS = ("call", "visit", "search", "download", "location", "contact", "event")


class Trace(models.Model):
    """One thing that a device or a service recorded and that is no message: a call, a page visited, a search, a place."""

    sensitivity: ClassVar = {
        "id": "open",
        "report": "open",
        "agency": "open",
        "part": "open",
        "number": "open",
        "kind": "open",
        "direction": "open",
        "at_raw": "evidence",
        "at": "evidence",
        "at_candidates": "evidence",
        "until_raw": "evidence",
        "until": "evidence",
        "until_candidates": "evidence",
        "seconds": "evidence",
        "text": "victim",
        "masked": "evidence",
        "url": "victim",
        "person": "evidence",
        "counterparts": "victim",
        "latitude": "victim",
        "longitude": "victim",
        "accuracy": "evidence",
        "facts": "victim",
        "place": "evidence",
        "words": "evidence",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    part = models.ForeignKey("reports.Part", on_delete=models.PROTECT, db_index=False)
    number = models.IntegerField()
    kind = models.TextField()  # intake.rows.TraceKind
    direction = models.TextField(default="")  # in, out
    at_raw = models.TextField(default="")
    at = models.DateTimeField(null=True)
    at_candidates = ArrayField(models.TextField(), default=list)
    until_raw = models.TextField(default="")
    until = models.DateTimeField(null=True)
    until_candidates = ArrayField(models.TextField(), default=list)
    seconds = models.FloatField(null=True)
    text = models.TextField()
    masked = models.TextField()  # the text with victims' values replaced: what is shown, searched and quoted
    url = models.TextField(default="")
    person = models.TextField(default="")
    counterparts = ArrayField(models.TextField(), default=list)
    latitude = models.TextField(default="")
    longitude = models.TextField(default="")
    accuracy = models.TextField(default="")
    facts = models.JSONField(default=list)
    place = models.TextField()
    words = models.GeneratedField(
        expression=SimpleVector(Left("masked", 200_000)), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=TRACE_KINDS),
                name="trace_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["", "in", "out"]), name="trace_direction_known"
            ),
        ]
        indexes = [
            models.Index(fields=["report", "at", "id"], name="trace_by_time"),
            models.Index(fields=["report", "kind", "at", "id"], name="trace_by_kind"),
            models.Index(fields=["part", "number"], name="trace_in_order"),
            GinIndex(fields=["words"], name="trace_words"),
        ]
