"""The queue's side of intake: reading and matching, each queued in the transaction of what it follows."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from procrastinate.contrib.django import app


def read_soon(*, agency_code: str, part_ids: Sequence[UUID], after: timedelta) -> None:
    """Queue the reading of sealed parts, in the caller's transaction."""
    app.configure_task("cets.read_parts", queue="intake", schedule_in={"seconds": int(after.total_seconds())}).defer(
        agency_code=agency_code, part_ids=[str(i) for i in part_ids]
    )


def match_soon(*, report_ids: Sequence[UUID], after: timedelta) -> None:
    """Queue the matching of reports, in the caller's transaction."""
    app.configure_task("cets.match_reports", queue="match", schedule_in={"seconds": int(after.total_seconds())}).defer(
        report_ids=[str(i) for i in report_ids]
    )
