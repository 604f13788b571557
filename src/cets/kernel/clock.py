"""The clock is read at the edge and passed in."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
