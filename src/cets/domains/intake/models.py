"""Column maps that an officer settled and saved, to be used again for files of the same shape."""

from typing import ClassVar

from django.db import models

from cets.domains.agencies.models import Agency
from cets.kernel.ids import new_id


class SavedColumnMap(models.Model):
    sensitivity: ClassVar = {
        "id": "open",
        "agency": "open",
        "name": "open",
        "headings": "open",
        "column_map": "open",
        "saved_by": "personal",
        "saved_at": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    name = models.TextField()
    headings = models.TextField()  # the headings in order, by which a file of the same shape is known
    column_map = models.JSONField()  # without sample values
    saved_by = models.UUIDField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "headings"], name="column_map_once_per_shape")
        ]
