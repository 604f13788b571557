"""How single items of a report are graded: the table of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cets.domains.agencies.models import Agency
from cets.kernel.ids import new_id

#: What of a report can be graded by itself: a message, an entry of activity, an identifier at one place.
ITEMS = ("message", "trace", "sighting")


class ItemGrading(models.Model):
    """What somebody thought of one item. A further grading is a further row: none is changed, none is taken away.

    The item is named by its place in the original and by what stood there (`mark`), so that a file that is read again
    never puts a grading beside something else.
    """

    sensitivity: ClassVar = {
        "id": "open",
        "report": "open",
        "agency": "open",
        "part": "open",
        "item": "open",
        "place": "evidence",
        "key": "open",
        "mark": "open",
        "source": "open",
        "information": "open",
        "handling": "open",
        "conditions": "evidence",
        "graded_by": "personal",
        "graded_at": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    part = models.ForeignKey("reports.Part", on_delete=models.PROTECT, db_index=False)
    item = models.TextField()
    place = models.TextField()
    key = models.UUIDField(null=True)  # of a sighting: whose identifier
    mark = models.UUIDField()  # keyed digest of what was graded
    source = models.SmallIntegerField()  # 1-3
    information = models.CharField(max_length=1)  # A-E
    handling = models.CharField(max_length=1)  # P or C
    conditions = models.TextField(default="", blank=True)
    graded_by = models.UUIDField()
    graded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(item__in=ITEMS), name="item_grading_item_known"),
            models.CheckConstraint(
                condition=Q(item="sighting", key__isnull=False) | (~Q(item="sighting") & Q(key__isnull=True)),
                name="item_grading_of_an_identifier",
            ),
            models.CheckConstraint(
                condition=Q(source__in=[1, 2, 3])
                & Q(information__in=list("ABCDE"))
                & Q(handling__in=list("PC")),
                name="item_grading_is_3x5x2",
            ),
            models.CheckConstraint(
                condition=Q(handling="P") | ~Q(conditions=""), name="item_grading_conditions_given"
            ),
        ]
        indexes = [models.Index(fields=["report", "part", "place"], name="item_grading_of_report")]

    def __str__(self) -> str:
        return f"{self.source}-{self.information}-{self.handling}"
