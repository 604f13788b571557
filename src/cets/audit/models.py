"""The record of who saw and did what: append-only rows, what they said beside them, the chain over them."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Event(models.Model):
    """One thing that happened. Text references instead of foreign keys: it outlives what it speaks of."""

    sensitivity: ClassVar = {
        "id": "open",
        "number": "open",
        "xid": "open",
        "at": "open",
        "type": "open",
        "actor_kind": "open",
        "actor_id": "personal",
        "agency_id": "open",
        "subject_type": "open",
        "subject_id": "open",
        "purpose": "open",
        "purpose_reference": "personal",
        "request_id": "open",
        "commitment": "open",
    }

    id = models.UUIDField(primary_key=True)
    number = models.BigIntegerField(unique=True, editable=False)  # identity, set by the database
    xid = models.BigIntegerField(editable=False)  # the writing transaction, set by the database
    at = models.DateTimeField(db_default=Now())
    type = models.TextField()  # "reports:report:opened", see each domain's events.py
    actor_kind = models.TextField()
    actor_id = models.UUIDField()
    agency_id = models.UUIDField(null=True)
    subject_type = models.TextField()
    subject_id = models.TextField()
    purpose = models.TextField(default="")
    purpose_reference = models.TextField(default="")
    request_id = models.TextField(default="")
    commitment = models.BinaryField()  # SHA-256 over salt and payload

    class Meta:
        indexes = [
            models.Index(fields=["xid"]),
            models.Index(fields=["subject_id", "number"]),
            models.Index(fields=["agency_id", "number"]),
            models.Index(fields=["actor_id", "number"]),
        ]


class Payload(models.Model):
    """What the event said, salted, so that it can lawfully be erased while the chain still verifies."""

    sensitivity: ClassVar = {"event_id": "open", "salt": "secret", "body": "personal"}

    event_id = models.UUIDField(primary_key=True)
    salt = models.BinaryField()
    body = models.TextField()  # canonical JSON, exactly the text that was hashed


class Link(models.Model):
    """One chained event: its own hash and the chain's after it. Written by the sequencer alone."""

    sensitivity: ClassVar = {"seq": "open", "event_id": "open", "leaf": "open", "head": "open"}

    seq = models.BigIntegerField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    leaf = models.BinaryField()
    head = models.BinaryField()


class Batch(models.Model):
    """One run of the sequencer: what had committed when it looked, so that the next asks for the rest."""

    sensitivity: ClassVar = {"id": "open", "last_seq": "open", "cluster": "open", "snapshot": "open"}

    id = models.BigIntegerField(primary_key=True)  # identity, set by the database
    last_seq = models.BigIntegerField()
    cluster = models.TextField()  # a snapshot means nothing in another server or after a restore into one
    snapshot = models.TextField()  # pg_snapshot as text: xmin:xmax:in flight
