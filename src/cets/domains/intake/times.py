"""Times as sources write them, read into `Moment` without a guess.

What is certain gets an instant. What has a zone but two readings gets aware candidates; what has no zone gets
naive ones. The country of the reading agency is not asked: only the text, another line of the same file
(`DayOrder`) or a person settles day against month.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from cets.domains.intake.time_forms import usual
from cets.domains.intake.time_words import LONG_WEEKDAYS, MONTHS, SHORT_WEEKDAYS, WEEKDAYS
from cets.domains.intake.time_zones import zones_of
from cets.kernel.moments import Moment, Precision

_SPACES = re.compile(r"[\s\u00a0\u202f\u2007\u2009]+")
_MARKS = dict.fromkeys(
    map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff")
)
_LONGEST = 80

_CLOCK = re.compile(
    r"(?P<h>\d{1,2})(?P<sep>[:.]|\s?h\s?)(?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"(?:\s?(?P<half>[ap]\.?\s?m\.?)(?![a-z])|\s(?:uhr|uur|hrs)\b)?",
    re.IGNORECASE,
)
#: Words of several languages that stand between a year and an hour: "2026 um 20:00", "2026 alle ore 20:00".
_BEFORE_CLOCK = re.compile(
    r"^(?:[Tt](?=\d)|(?:\s?[рг]\.(?=[\s,]|$))?(?:,?\s?(?:at|um|om|à|às|a las|alle ore|alle|klo|kl\.?|la|u|v|o|в|о|об|у)\s|[,\s]+)?)"  # noqa: RUF001 - of several languages
)
#: "24:00" ends the day: it is the first moment of the next.
_END_OF_DAY = re.compile(
    r"^(?P<before>[Tt,\s]*(?:(?:at|um|à|klo|kl\.?)\s)?)24(?=(?P<sep>[:.]|\s?h\s?)00(?:[:.]00(?:[.,]0{1,9})?)?(?![\d:.]))"
)
_COMPACT = re.compile(
    r"(?P<y>\d{4})(?P<mo>\d{2})(?P<d>\d{2})T(?P<h>\d{2})(?P<m>\d{2})(?P<s>\d{2})?(?=[Zz+\-\s]|$)"
)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})(?P<sep>[-/.])(?P<mo>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?P<a>\d{1,2})(?P<sep>[-/.])\s?(?P<b>\d{1,2})(?P=sep)\s?(?P<y>\d{4}|\d{2})(?!\d)")
_DAY_MONTH = re.compile(
    r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.)?[\s\-/]*(?:de\s|of\s)?(?P<name>[^\W\d_]{3,12})\.?,?[\s\-/]*(?:de\s)?(?P<y>\d{4}|\d{2})(?!\d)",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    r"(?P<name>[^\W\d_]{3,12})\.?\s(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s(?P<y>\d{4})(?!\d)", re.IGNORECASE
)
#: "Thu Dec 31 21:14:03 CET 2026": as C, Unix and some services write it.
_YEAR_LAST = re.compile(
    r"(?P<name>[^\W\d_]{3,12})\s(?P<d>\d{1,2})\s(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)\s"
    r"(?:(?P<zone>[A-Z]{1,5}|[+\-]\d{4})\s)?(?P<y>\d{4})(?!\d)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"^(?P<name>mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s", re.IGNORECASE)
#: A short name that is a month too ("mar") needs its comma.
_WEEKDAY_ELSEWHERE = re.compile(r"^(?P<name>[^\W\d_]{2,10})(?P<comma>\.?,|\.)?\s(?=\d)", re.IGNORECASE)
_DOTNET = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_COUNTED = re.compile(r"(?P<whole>\d{10}(?P<milli>\d{3})?)(?P<part>\.\d{1,9})?")
_COMMENT = re.compile(r"\s*\([^()]*\)\s*$")  # "+0000 (UTC)" in mail

_MONTHS_OF_YEAR, _DAYS_OF_MONTH, _NOON = 12, 31, 12
_FULL_YEAR = 4  # digits
#: What is later is a slip, or counted from another year than ours.
LAST_YEAR = 2100
_FIRST_YEAR, _BUDDHIST = 1900, 543
_CENTURY_TURNS = 70  # "69" is 2069, "70" is 1970, as the C library has it


def moment(raw: str, *, day_first: bool | None = None) -> Moment:
    """Read a time as a source wrote it. Never raises.

    `day_first` says what other lines of the file, or a person, settled for "03/04/2026". A Moment with
    neither instant nor candidates could not be read at all (`is_unread`).
    """
    # Logs repeat their times; what is too long to be one is not worth remembering.
    return (_known if len(raw) <= _LONGEST else _read)(raw, day_first)


def _read(raw: str, day_first: bool | None) -> Moment:  # noqa: FBT001 - called here only
    text = _tidy(raw)
    dotnet = _DOTNET.fullmatch(text)
    if dotnet:
        return _from_epoch(raw, int(dotnet[1]))
    days, rest, order_known = _days(text, day_first=day_first)
    if not days:
        return Moment(raw=raw)
    clock = _clock(_END_OF_DAY.sub(r"\g<before>00", rest, count=1))
    if clock is None:
        return Moment(raw=raw)
    if _END_OF_DAY.match(rest):
        days = [day + timedelta(days=1) for day in days if day < date.max]
    at, rest, precision = clock
    zone_text = _without_comment(rest)
    zones = zones_of(zone_text)
    if zones is None:
        return Moment(raw=raw)
    if at is None:
        return _whole_days(raw, days, zone_text)
    zones = _with_remark(zones, zone_text, rest)
    local = [datetime.combine(day, at) for day in days]
    return _settle(raw, local, zones, zone_text or None, precision, sure=order_known)


def _without_comment(rest: str) -> str:
    """Return what follows the time of day: a zone, without the same in words; or the zone that stands in brackets."""
    bare = _COMMENT.sub("", rest).strip(" ,")
    remark = rest.strip(" ,").strip("()")
    return remark if not bare and zones_of(remark) not in (None, [None]) else bare


def _with_remark(zones: list[tzinfo | None], zone: str, rest: str) -> list[tzinfo | None]:
    """Return what a zone can mean beside another in brackets: "UTC (+2)" is either; after an offset or a place a name is a comment."""
    remark = _COMMENT.search(rest)
    said = remark[0].strip(" (),") if remark and zone else ""
    others = zones_of(said)
    if others in (None, [None]) or ((zone[0] in "+-" or "/" in zone) and said[0] not in "+-"):
        return zones
    both = [one for one in zones if one in (others or ())]
    return both or [*zones, *(others or ())]


_known = lru_cache(maxsize=4096)(_read)


def epoch(raw: str, *, milliseconds: bool = False) -> Moment:
    """Read a count of seconds (or milliseconds) since 1970, for fields that are documented to hold one."""
    try:
        number = float(raw)
    except ValueError:
        return Moment(raw=raw)
    return _from_epoch(raw, number if milliseconds else number * 1000)


def microseconds(number: int, *, since: int = 1970) -> Moment:
    """Read a count of microseconds since the beginning of a year (1601 in Chromium's databases), in UTC."""
    return _since(number, timedelta(microseconds=1), since)


def milliseconds(number: int) -> Moment:
    """Read a count of milliseconds since 1970, in UTC."""
    return _since(number, timedelta(milliseconds=1), 1970)


def seconds(number: int) -> Moment:
    """Read a count of seconds since 1970, in UTC."""
    return _since(number, timedelta(seconds=1), 1970)


def _since(number: int, unit: timedelta, year: int) -> Moment:
    try:
        instant = datetime(year, 1, 1, tzinfo=UTC) + number * unit
    except (OverflowError, ValueError):
        return Moment(raw=str(number))
    return Moment(raw=str(number), instant=instant, zone="UTC")


def counted(raw: str) -> Moment | None:
    """Read a number in a field that holds times: seconds or milliseconds since 1970, of a year that can be meant.

    None for any other text. Ten digits are seconds, thirteen milliseconds, as every log of this century writes them.
    """
    found = _COUNTED.fullmatch(raw.strip())
    if not found:
        return None
    when = _from_epoch(raw, float(found["whole"] + (found["part"] or "")) * (1 if found["milli"] else 1000))
    return when if when.instant and when.instant.year <= LAST_YEAR else None


def is_unread(when: Moment) -> bool:
    """Say whether nothing of the text could be read as a time."""
    return when.instant is None and not when.candidates


def has_day_doubt(when: Moment) -> bool:
    """Say whether the text has more than one reading (day against month, or which of two zones)."""
    return when.instant is None and len(when.candidates) > 1


def is_zero(when: Moment) -> bool:
    """Say whether a time is the zero of a clock, which programs write where they have none: midnight of 1 January 1, 1601 or 1970."""
    read = [when.instant] if when.instant else when.candidates
    return bool(read) and all(one.replace(tzinfo=None) in _ZEROS for one in read)


def has_no_zone(when: Moment) -> bool:
    """Say whether a time of day is known, but not of which zone."""
    return (
        when.instant is None
        and when.precision != "day"
        and any(reading.tzinfo is None for reading in when.candidates)
    )


def day_order(raw: str) -> bool | None:
    """Return what this text alone says: True day first, False month first, None when it does not tell.

    Only a date that exists tells: "31/02/2026" is none in either order.
    """
    dated = _dated(raw)
    return dated[1] if dated else None


def _dated(raw: str) -> tuple[str, bool | None, bool] | None:
    """Return the shape of a date in numbers, the order that it tells, and whether that must come from other lines."""
    weekday, text = _weekday(_tidy(raw))
    found = _NUMBERS.match(text)
    if not found:
        return None
    shape = f"{found['sep']}{len(found['y'])}"
    year, first, second = _year(found["y"]), int(found["a"]), int(found["b"])
    fits = [
        order for order, m, d in ((True, second, first), (False, first, second)) for _ in _make(year, m, d)
    ]
    if len(fits) == 1:
        return shape, fits[0], False
    order = _order_by_weekday(found, weekday) if fits else None
    return shape, order, bool(fits) and order is None and first != second


class DayOrder:
    """What the dates of one file or column say together about day and month.

    Fed with every text; `day_first` is settled by any line that allows one reading only, for dates of its own shape
    (separator, digits of the year), and unsettled again when two lines contradict each other. A shape with open dates
    that no line of it settles leaves all of them open.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._says: dict[str, set[bool]] = {}
        self._open: set[str] = set()
        for text in texts:
            self.add(text)

    def add(self, raw: str) -> None:
        dated = _dated(raw)
        if dated is None:
            return
        shape, order, is_open = dated
        if order is not None:
            self._says.setdefault(shape, set()).add(order)
        if is_open:
            self._open.add(shape)

    @property
    def is_contradictory(self) -> bool:
        return any(len(said) > 1 for said in self._says.values())

    @property
    def day_first(self) -> bool | None:
        asked = self._open or self._says.keys()
        said = {frozenset(self._says.get(shape, ())) for shape in asked}
        if len(said) != 1:
            return None
        (only,) = said
        return next(iter(only)) if len(only) == 1 else None


def _tidy(raw: str) -> str:
    return usual(_SPACES.sub(" ", raw[: _LONGEST + 1].translate(_MARKS)).strip()[:_LONGEST])


def _weekday(text: str) -> tuple[int | None, str]:
    found = _WEEKDAY.match(text)
    if found:
        return WEEKDAYS.index(found["name"].lower()), text[found.end() :]
    found = _WEEKDAY_ELSEWHERE.match(text)
    name = found["name"].lower() if found else ""
    day = LONG_WEEKDAYS.get(name)
    if day is None and found and (found["comma"] or name not in MONTHS):
        day = SHORT_WEEKDAYS.get(name)
    return (day, text[found.end() :]) if found and day is not None else (None, text)


def _order_by_weekday(found: re.Match[str], weekday: int | None) -> bool | None:
    if weekday is None:
        return None
    year = _year(found["y"])
    fits = [
        order
        for order, day, month in ((True, found["a"], found["b"]), (False, found["b"], found["a"]))
        if any(made.weekday() == weekday for made in _make(year, int(month), int(day)))
    ]
    return fits[0] if len(fits) == 1 else None


def _year(text: str) -> int:
    number = int(text)
    if len(text) == _FULL_YEAR:
        return number
    return number + (2000 if number < _CENTURY_TURNS else 1900)


def in_our_count(year: int) -> int:
    """Return a year later than any that can be meant as counted elsewhere: 2569 in Thailand is 2026."""
    ours = year - _BUDDHIST
    return ours if year > LAST_YEAR and _FIRST_YEAR <= ours <= LAST_YEAR else year


def _make(year: int, month: int, day: int) -> Iterator[date]:
    """Yield the date, or both where the year may be counted from another than ours."""
    for one in dict.fromkeys((in_our_count(year), year)):
        with suppress(ValueError):
            yield date(one, month, day)


def _days(text: str, *, day_first: bool | None) -> tuple[list[date], str, bool]:
    """Return the days that the text's head can mean, what follows, and whether that is beyond doubt."""
    weekday, text = _weekday(text)
    compact = _COMPACT.match(text)
    if compact:
        made = _make(int(compact["y"]), int(compact["mo"]), int(compact["d"]))
        seconds = f":{compact['s']}" if compact["s"] else ""
        rest = f" {compact['h']}:{compact['m']}{seconds}{text[compact.end() :]}"
        return _checked(list(made), weekday, rest)
    found = _YEAR_FIRST.match(text)
    if found:
        made = _make(int(found["y"]), int(found["mo"]), int(found["d"]))
        return _checked(list(made), weekday, text[found.end() :])
    found = _NUMBERS.match(text)
    if found:
        return _checked(_both_orders(found, weekday, day_first=day_first), weekday, text[found.end() :])
    found = _YEAR_LAST.match(text)
    if found and (month := MONTHS.get(found["name"].lower())):
        made = _make(int(found["y"]), month, int(found["d"]))
        rest = f" {found['clock']} {found['zone'] or ''}{text[found.end() :]}"
        return _checked(list(made), weekday, rest)
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        found = pattern.match(text)
        month = MONTHS.get(found["name"].lower()) if found else None
        if found and month:
            made = _make(_year(found["y"]), month, int(found["d"]))
            return _checked(list(made), weekday, text[found.end() :])
    return [], text, False


def _checked(days: list[date], weekday: int | None, rest: str) -> tuple[list[date], str, bool]:
    """A day of the week that contradicts the date leaves the date in doubt."""
    agrees = weekday is None or any(day.weekday() == weekday for day in days)
    return days, rest, agrees and len(days) == 1


def _both_orders(found: re.Match[str], weekday: int | None, *, day_first: bool | None) -> list[date]:
    year, first, second = _year(found["y"]), int(found["a"]), int(found["b"])
    as_day_first = list(_make(year, second, first))
    as_month_first = list(_make(year, first, second))
    settled = _order_by_weekday(found, weekday)
    if settled is None:
        settled = day_first
    if settled is True and as_day_first:
        return as_day_first
    if settled is False and as_month_first:
        return as_month_first
    return list(dict.fromkeys(as_day_first + as_month_first))


def _clock(rest: str) -> tuple[time | None, str, Precision] | None:
    """Read the time of day at the head of `rest`. None when something stands there that is no time."""
    rest = _BEFORE_CLOCK.sub("", rest, count=1).lstrip(" ,")
    if not rest:
        return None, "", "day"
    found = _CLOCK.match(rest)
    if not found:
        return None, rest, "day"
    hour = _hour(int(found["h"]), found["half"])
    fraction = (found["f"] or "")[:6].ljust(6, "0")
    try:
        at = time(hour, int(found["m"]), int(found["s"] or 0), int(fraction))
    except ValueError:
        return None
    return at, rest[found.end() :].strip(), "second" if found["s"] else "minute"


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= _NOON:
        return 99  # "13:00 pm" is no time
    return hour % _NOON + (_NOON if half[0] in "pP" else 0)


def _settle(
    raw: str,
    local: list[datetime],
    zones: list[tzinfo | None],
    zone: str | None,
    precision: Precision,
    *,
    sure: bool,
) -> Moment:
    # Where a place puts its clocks back, an hour comes twice.
    readings = [
        _placed(reading.replace(fold=fold), tz) for reading in local for tz in zones for fold in (0, 1)
    ]
    kept = tuple(dict.fromkeys(reading for reading in readings if reading is not None))  # equal ones once
    if sure and len(kept) == 1 and kept[0].tzinfo is not None:
        return Moment(raw=raw, instant=kept[0], zone=zone, precision=precision)
    return Moment(raw=raw, candidates=kept, zone=zone, precision=precision)


def _placed(reading: datetime, tz: tzinfo | None) -> datetime | None:
    if tz is None:
        return reading.replace(fold=0)
    try:
        return reading.replace(tzinfo=tz).astimezone(UTC)
    except OverflowError:  # the first and last day of the calendar
        return None


def _whole_days(raw: str, days: list[date], zone_text: str) -> Moment:
    if zone_text and zones_of(zone_text) == [None]:
        return Moment(raw=raw)
    candidates = tuple(datetime.combine(day, time()) for day in days)
    return Moment(raw=raw, candidates=candidates, zone=zone_text or None, precision="day")


def _from_epoch(raw: str, milliseconds: float) -> Moment:
    try:
        instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    except (OverflowError, ValueError):
        return Moment(raw=raw)
    return Moment(raw=raw, instant=instant, zone="UTC")


_ZEROS = frozenset(datetime(year, 1, 1) for year in (1, 1601, 1970))  # noqa: DTZ001 - in whatever zone
