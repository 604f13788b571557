"""Sealed originals and their custody chain."""

from typing import ClassVar

from django.db import models

from cets.domains.agencies.models import Agency
from cets.kernel.ids import new_id


class Original(models.Model):
    """One file as it came: its hashes, and the key under which its ciphertext lies in the blob store."""

    sensitivity: ClassVar = {
        "id": "open",
        "agency": "open",
        "size": "open",
        "md5": "evidence",
        "sha1": "evidence",
        "sha256": "evidence",
        "wrapped_key": "secret",
        "stored_size": "open",
        "stored_sha256": "open",
        "sealed_at": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    size = models.BigIntegerField()
    md5 = models.CharField(max_length=32)
    sha1 = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    wrapped_key = models.BinaryField()
    stored_size = models.BigIntegerField()  # of the ciphertext
    stored_sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "sha256"], name="original_once_per_agency")]


class CustodyEvent(models.Model):
    """One thing that was done to an original: received, sealed, read, opened, checked. Append-only."""

    sensitivity: ClassVar = {
        "id": "open",
        "original": "open",
        "agency": "open",
        "at": "open",
        "what": "open",
        "by_kind": "open",
        "by": "personal",
        "note": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    original = models.ForeignKey(Original, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    at = models.DateTimeField()
    what = models.TextField()
    by_kind = models.TextField()
    by = models.UUIDField()
    note = models.TextField(default="")
