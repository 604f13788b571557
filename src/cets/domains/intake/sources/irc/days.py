"""The day of a line, where only the lines before say it. What nothing says stays open."""

from datetime import date, datetime, time
from typing import Literal

from cets.domains.intake.sources.irc.lines import Stamp
from cets.domains.intake.times import epoch, is_unread, moment
from cets.kernel.moments import Moment, Precision

Fault = Literal["", "no day", "no time"]
_SECONDS_GIVEN = 2  # colons


class Days:
    """Follows a log from line to line. A wall clock that goes back without a line for the new day loses the day."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._last: time | None = None

    def opened(self, when: str) -> None:
        """Take the day from a line that tells it."""
        read = moment(when)
        found = read.candidates[0] if len(read.candidates) == 1 else None
        self._day = found.date() if found else None
        self._last = None

    def moment(self, stamp: Stamp) -> tuple[Moment, Fault]:
        """Return when a line was written: where no zone is stated there are candidates only."""
        if stamp.whole is not None:
            read = moment(stamp.whole)
            return read, "no time" if is_unread(read) else ""
        if stamp.epoch is not None:
            if int(stamp.epoch) == 0:
                return Moment(raw=stamp.raw), "no time"
            return epoch(stamp.epoch), ""
        at = _clock(stamp.clock or "")
        if at is None:
            return Moment(raw=stamp.raw), "no time"
        precision: Precision = "second" if (stamp.clock or "").count(":") == _SECONDS_GIVEN else "minute"
        day = self._day_of(stamp, at)
        if day is None:
            is_date_wrong = stamp.day or (stamp.month_day and self._day)
            return Moment(raw=stamp.raw, precision=precision), "no time" if is_date_wrong else "no day"
        return Moment(raw=stamp.raw, candidates=(datetime.combine(day, at),), precision=precision), ""

    def _day_of(self, stamp: Stamp, at: time) -> date | None:
        if stamp.day:
            return _date(*map(int, stamp.day.split("-")))
        if stamp.month_day:
            return self._in_its_year(*stamp.month_day)
        if self._last is not None and at < self._last.replace(second=0):
            self._day = None
        self._last = at
        return self._day

    def _in_its_year(self, month: int, day: int) -> date | None:
        """The year stands in the line that opens the log; a day before that one is of the year after."""
        if self._day is None:
            return None
        later = (month, day) < (self._day.month, self._day.day)
        found = _date(self._day.year + later, month, day)
        self._day = found or self._day
        return found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(":".join(part.zfill(2) for part in text.split(":")))
    except ValueError:
        return None
