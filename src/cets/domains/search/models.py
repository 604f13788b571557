"""A search that was run, so that its result page has an address that tells nothing."""

from typing import ClassVar

from django.db import models

from cets.domains.agencies.models import Agency
from cets.kernel.ids import new_id


class Search(models.Model):
    sensitivity: ClassVar = {
        "id": "open",
        "agency": "open",
        "actor_id": "personal",
        "query": "victim",
        "any_of": "open",
        "at": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    actor_id = models.UUIDField()
    query = models.TextField()
    any_of = models.BooleanField(default=True)
    at = models.DateTimeField()
