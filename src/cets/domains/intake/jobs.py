"""The queue's side of intake: reading is queued in the transaction of what was received."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from procrastinate.contrib.django import app

TASK = "cets.read_parts"


def read_soon(*, agency_code: str, part_ids: Sequence[UUID], after: timedelta) -> None:
    """Queue the reading of sealed parts, in the caller's transaction."""
    app.configure_task(TASK, queue="intake", schedule_in={"seconds": int(after.total_seconds())}).defer(
        agency_code=agency_code, part_ids=[str(i) for i in part_ids]
    )
