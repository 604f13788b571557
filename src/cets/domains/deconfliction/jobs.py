"""The queue's side of matching: queued in the transaction of what it follows."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from procrastinate.contrib.django import app

TASK = "cets.match_reports"


def match_soon(*, report_ids: Sequence[UUID], after: timedelta, gone: Sequence[UUID] = ()) -> None:
    """Queue the matching of reports, in the caller's transaction; `gone` as for `matching.match`."""
    app.configure_task(TASK, queue="match", schedule_in={"seconds": int(after.total_seconds())}).defer(
        report_ids=[str(i) for i in report_ids], gone=[str(i) for i in gone]
    )
