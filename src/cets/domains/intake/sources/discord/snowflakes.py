"""Discord's numbers tell when they were given: their upper 42 bits count milliseconds since 2015 began ("Snowflakes" in its API reference)."""

from cets.domains.intake.sources.discord.people import is_number
from cets.domains.intake.times import milliseconds
from cets.kernel.moments import Moment

_FIRST = 1_420_070_400_000
_SHIFT = 22


def moment_of(number: str) -> Moment | None:
    """Return when a number was given, in UTC; None for what is no number of Discord's. `raw` is the number."""
    if not is_number(number):
        return None
    when = milliseconds((int(number) >> _SHIFT) + _FIRST)
    return Moment(raw=number, instant=when.instant, zone=when.zone) if when.instant else None
