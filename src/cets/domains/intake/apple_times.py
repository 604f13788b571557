"""Times as Apple's databases keep them: seconds or nanoseconds since the beginning of 2001, in UTC, whole or with a fraction."""

import math
from datetime import UTC, datetime, timedelta

from cets.domains.intake.reading import shorten
from cets.domains.intake.sqlite_file import Cell, Record, as_text
from cets.kernel.moments import Moment

_BEGIN = datetime(2001, 1, 1, tzinfo=UTC)
#: Seconds of the year 5138: what is larger counts nanoseconds.
_MOST_SECONDS = 100_000_000_000
_NANO = 1_000


def since_2001(count: float, raw: str = "") -> Moment:
    """Read a count of seconds, or of nanoseconds where it is too large for seconds; `raw`: as it is written. Never raises."""
    raw = raw or str(count)
    try:
        if abs(count) < _MOST_SECONDS:
            instant = _BEGIN + timedelta(microseconds=round(count * 1_000_000))
        else:
            instant = _BEGIN + timedelta(microseconds=int(count) // _NANO)
    except (OverflowError, ValueError):
        return Moment(raw=raw)
    return Moment(raw=raw, instant=instant, zone="UTC")


def apple_time(row: Record, column: str) -> Moment | None:
    """Return a column as a time; 0 and nothing are none."""
    return read_cell(row[column])


def read_cell(cell: Cell) -> Moment | None:
    if cell is None or cell in {"", 0}:
        return None
    if isinstance(cell, int | float):
        return since_2001(cell) if math.isfinite(cell) else Moment(raw=str(cell))
    text = as_text(cell).strip()
    try:
        number = float(text)
    except ValueError:
        return Moment(raw=shorten(text or "bytes"))
    if number == 0:
        return None
    return since_2001(number, text) if math.isfinite(number) else Moment(raw=shorten(text))


def shown(row: Record, column: str) -> str:
    """Return a time as it is told beside others: in UTC, "" where there is none."""
    when = apple_time(row, column)
    if when is None:
        return ""
    return f"{when.instant:%Y-%m-%d %H:%M:%S} UTC" if when.instant else when.raw
