"""Time as a source states it. It is never guessed: in doubt all candidates are kept."""

from datetime import datetime
from typing import Literal

import msgspec

Precision = Literal["second", "minute", "day"]


class Moment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A time in a source: as written, and what it can mean.

    `instant` is aware (UTC) and set only when the text leaves no doubt. Otherwise `candidates` holds every
    reading, aware where the source names a zone, naive (wall clock of an unknown zone) where it does not.
    `zone` is the zone as the source wrote it, or None.
    """

    raw: str
    instant: datetime | None = None
    candidates: tuple[datetime, ...] = ()
    zone: str | None = None
    precision: Precision = "second"

    @property
    def is_certain(self) -> bool:
        return self.instant is not None


def is_backwards(start: Moment | None, end: Moment | None) -> bool:
    """Say whether an end is certainly before its start."""
    return bool(start and end and start.instant and end.instant and end.instant < start.instant)
