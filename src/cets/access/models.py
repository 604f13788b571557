"""The key with which the database checks a viewer token. No run-time role may read it."""

from typing import ClassVar

from django.db import models


class ViewerKey(models.Model):
    """HMAC-SHA-256 key, as its two padded halves (`viewer.pads`)."""

    sensitivity: ClassVar = {"id": "open", "inner_pad": "secret", "outer_pad": "secret"}

    inner_pad = models.BinaryField()
    outer_pad = models.BinaryField()
