"""The line that opens each message of an export, in all the shapes that phones write it.

    [15.01.20, 02:22:56] Name: text          iOS
    [14:22, 15/01/2020] Name: text           copied from a browser
    15/01/16 14:22:56: Name: text            iOS, of the first years
    1/15/20, 2:22 p. m. - Name: text         Android
    15/01/2020 à 14:22 - Name: text          Android, French; digits may be Arabic too

The shape depends on the phone's language, so day, month and year are told apart by the file as a whole.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache
from typing import Literal

import msgspec

from cets.domains.intake.day_parts import Part, hour_of, part_of
from cets.domains.intake.times import LAST_YEAR, in_our_count

Order = Literal["DMY", "MDY", "YMD", "YDM"]
#: What stands around or behind date and time.
Frame = Literal["[]", "-", ":"]

#: Direction marks that iOS strews about; they mean nothing for reading.
MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_SPACES = str.maketrans({"\u202f": " ", "\u00a0": " ", "\u2009": " ", "\u2007": " "})
_UNMARKED = dict.fromkeys(map(ord, MARKS))
_LONGEST_HEAD = 90

#: A word beside an hour: the half of the day in most languages.
_WORD = r"[^\W\d_][^\d:,;\[\]()<>/\"\-\u2013\u2014]{0,19}?"
_DATE = r"(?P<p1>\d{1,4})(?P<sep>[./-]\s?|[年년]\s?)(?P<p2>\d{1,2})(?:(?P=sep)|[月월]\s?)(?P<p3>\d{1,4})[日일]?\.?(?:\s?г\.)?"  # noqa: RUF001 - Bulgarian
_TIME = (
    rf"(?:(?P<before>{_WORD})\s?)?(?P<h>\d{{1,2}})(?:[:.\uff1a]|\sh\s)(?P<m>\d{{2}})"
    rf"(?:(?:[:.\uff1a]|\smin\s)(?P<s>\d{{2}})(?:\ss(?=\]))?)?(?:\s?(?P<after>{_WORD}))?"
)
_WHEN = rf"(?P<when>{_DATE}(?P<comma>[,\u060c]?)(?:\s{{1,2}}|(?<=[日일])){_TIME})"
#: As phones in Vietnam write it, and WhatsApp in a browser when messages are copied from it.
_TIME_FIRST = rf"(?P<when>{_TIME}(?P<comma>[,\u060c]?)\s{{1,2}}{_DATE})"
_SHAPES: dict[Frame, list[re.Pattern[str]]] = {
    "[]": [re.compile(rf"\[{when}\]\s?", re.IGNORECASE) for when in (_WHEN, _TIME_FIRST)],
    "-": [re.compile(rf"{when}\s[-\u2013]\s", re.IGNORECASE) for when in (_WHEN, _TIME_FIRST)],
    ":": [re.compile(rf"{_WHEN}:\s(?=[^:]{{1,60}}:)", re.IGNORECASE)],
}

#: What looks like a header to a reader, in any shape. It is said where such a line is not read as one.
_LIKE_ONE = re.compile(
    r"\[?(?:\d{1,4}\s?[./\-年년]\s?\d{1,2}\s?[./\-月월]\s?\d{1,4}|\d{1,2}\.?\s[^\W\d]{3,12}\.?\s\d{4})\D{0,15}?"
    r"\d{1,2}\s?[:.h時时시]\s?\d{2}(?:[:.]\d{2})?[^:]{0,30}?(?:\]|\s[-\u2013\u2014]\s|,\s)[^:]{1,60}:(?:\s|$)",
    re.IGNORECASE,
)
#: Words beside an hour in whose languages a date begins with the year, and the letters of one in which it may.
_OF_YEAR_FIRST, _OF_EITHER = ("오전", "오후", "午前", "午後"), re.compile(r"[\u4e00-\u9fff]")
#: The service began in 2009: a reading of the year before that is none.
_FIRST_YEAR, _CENTURY, _FULL_YEAR = 2009, 2000, 4
_NOON = 12
_DIGITS = 2  # of a day or month, at most


class Style(msgspec.Struct, frozen=True):
    """What stays the same in every header of one export; other lines that look like one are pasted text."""

    frame: Frame
    separator: str
    comma: bool
    year_first: bool
    long_year: bool
    seconds: bool
    time_first: bool = False
    half: bool = False  # of the day: every hour of an export has one, or none has
    eastern: bool = False  # the half is written in Chinese: a year of two digits may come first


class Header(msgspec.Struct, frozen=True):
    """One header: the three numbers of its date as they stand, the time of day, and where the rest begins."""

    raw: str
    parts: tuple[int, int, int]
    at: time
    style: Style
    end: int
    word: str = ""  # beside the hour, of which nobody knows whether it is of the morning

    def on(self, order: Order) -> datetime | None:
        day = _day(self.parts, order)
        return datetime.combine(day, self.at) if day else None


def parse(line: str) -> Header | None:
    """Read the header at the start of a line, or return None. `end` counts in the line as it was given."""
    # Most lines of a long message fail here, before anything is copied.
    skipped = len(line) - len(line.lstrip(MARKS))
    first = line[skipped : skipped + 1]
    if not (first == "[" or first.isdigit()):
        return None
    head = unmarked = line[skipped : skipped + _LONGEST_HEAD]
    if not head.isascii():
        head = head.translate(_SPACES)
        unmarked = head.translate(_UNMARKED)
    frame, found = _match(unmarked, is_bracket=first == "[")
    if not found:
        return None
    halves = f"{found['before'] or ''}{found['after'] or ''}"
    part, word = _beside(found["before"] or "", found["after"] or "")
    at = _clock(*found.group("h", "m", "s"), part)
    if at is None:
        return None
    when, first, second, third = found.group("when", "p1", "p2", "p3")
    return Header(
        raw=when,
        parts=(int(first), int(second), int(third)),
        at=at,
        style=_style(
            frame, found["sep"], found["comma"], len(first), len(third),
            seconds=found["s"] is not None, time_first=found.start("h") < found.start("p1"), half=halves if part != "none" else None,
        ),
        end=skipped + _before_marks(head, found.end()),
        word=word,
    )  # fmt: skip


def looks_like_one(line: str) -> bool:
    """Say whether a line would be taken for a header by a reader, whether or not it can be read."""
    head = line[: _LONGEST_HEAD * 2].translate(_UNMARKED).translate(_SPACES)
    return bool(_LIKE_ONE.match(head))


def _before_marks(head: str, count: int) -> int:
    """Return how far into `head` its first `count` characters reach when marks are not counted."""
    if head.isascii():
        return count
    for index, sign in enumerate(head):
        if sign not in MARKS:
            if count == 0:
                return index
            count -= 1
        elif count == 0:
            return index  # a mark after the header belongs to the text: it says that the app wrote it
    return len(head)


def _match(head: str, *, is_bracket: bool) -> tuple[Frame, re.Match[str] | None]:
    frames: tuple[Frame, ...] = ("[]",) if is_bracket else ("-", ":")
    for frame in frames:
        for shape in _SHAPES[frame]:
            found = shape.match(head)
            # Logs of programs have a colon behind the time too; their dates begin with the year and have dashes.
            if found and (
                frame != ":" or (found["s"] and found["sep"] in "/." and len(found["p1"]) <= _DIGITS)
            ):
                return frame, found
    return "-", None


# The headers of a chat are much alike, and a day has few minutes.
@lru_cache(maxsize=256)
def _style(
    frame: Frame, separator: str, comma: str, first: int, last: int, *, seconds: bool, time_first: bool, half: str | None
) -> Style:  # fmt: skip
    return Style(
        frame=frame,
        separator=separator.strip(),
        comma=bool(comma),
        year_first=first > _DIGITS or (half is not None and half.startswith(_OF_YEAR_FIRST)),
        long_year=max(first, last) == _FULL_YEAR,
        seconds=seconds,
        time_first=time_first,
        half=half is not None,
        eastern=half is not None and bool(_OF_EITHER.search(half)),
    )


@lru_cache(maxsize=256)
def _beside(before: str, after: str) -> tuple[Part, str]:
    """Return what the words before and after an hour say of it, and the one of which nobody knows."""
    words = {part_of(word): word for word in (before, after)}
    return next((one for one in words if one != "none"), "none"), words.get("unknown", "").casefold()


@lru_cache(maxsize=2_048)
def _clock(hour: str, minute: str, second: str | None, part: Part) -> time | None:
    try:
        return time(hour_of(int(hour), part), int(minute), int(second or 0))
    except ValueError:
        return None


@lru_cache(maxsize=2_048)
def _day(parts: tuple[int, int, int], order: Order) -> date | None:
    year, month, day = (parts[order.index(letter)] for letter in "YMD")
    year += _CENTURY if year < 100 else 0  # noqa: PLR2004 - two digits
    year = in_our_count(year)
    try:
        return date(year, month, day) if _FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


class Calendar:
    """Finds out from all headers of a file in which order its dates stand.

    A reading is out when one line is no date in it. Of those left, a reading in which the days never go back
    beats those in which they do, as an export is written in order. More than one left: nobody can know.
    """

    def __init__(self) -> None:
        self._possible: set[Order] = {"DMY", "MDY", "YMD", "YDM"}
        self._in_order: set[Order] = set(self._possible)
        self._last: dict[Order, date] = {}
        self._style: Style | None = None
        self._firsts: set[int] = set()
        self._lasts: set[int] = set()
        self._whole_day: set[str] = set()
        self.contradictory = False

    def add(self, header: Header) -> None:
        if header.at.hour > _NOON:
            self._whole_day.add(header.word)
        self._style = self._style or header.style
        self._firsts.add(header.parts[0])
        self._lasts.add(header.parts[2])
        left = {order for order in self._possible if _day(header.parts, order)}
        if not left:
            self.contradictory = True
            return
        self._possible = left
        for order in left & self._in_order:
            day = _day(header.parts, order)
            assert day is not None
            if day < self._last.get(order, day):
                self._in_order.discard(order)
            self._last[order] = day

    def orders(self, *, day_first: bool | None = None) -> tuple[Order, ...]:
        """Return the readings that remain, the likeliest first. One: settled."""
        if self._style is None:
            return ("DMY", "MDY")
        if self.contradictory:
            return self._usual(self._style)
        usual = [order for order in self._usual(self._style) if order in self._possible]
        rare = [order for order in self._rare(self._style) if order in self._possible]
        settled = [order for order in usual if order in self._in_order] or [
            order for order in rare if order in self._in_order
        ]
        left = settled or usual or rare
        if day_first is not None:
            left = [order for order in left if (order.index("D") < order.index("M")) == day_first] or left
        return tuple(left)

    def hours(self, header: Header) -> tuple[time, ...]:
        """Return the times of day that a header can mean: with a word that stands beside hours to twelve only, two."""
        at = header.at
        if not header.word or header.word in self._whole_day or at.hour > _NOON:
            return (at,)
        return at.replace(hour=at.hour % _NOON), at.replace(hour=at.hour % _NOON + _NOON)

    def _usual(self, style: Style) -> tuple[Order, ...]:
        if style.year_first:
            return ("YMD",)
        may_begin_with_year = style.separator == "-" or style.eastern
        if not style.long_year and len(self._firsts) < len(self._lasts) + may_begin_with_year:
            # "15-01-20": some put the year first; and years do not change while the day stands still.
            return ("DMY", "MDY", "YMD")
        return ("DMY", "MDY")

    @staticmethod
    def _rare(style: Style) -> tuple[Order, ...]:
        return ("YDM",) if style.year_first else () if style.long_year else ("YMD", "YDM")


def readings(header: Header, orders: tuple[Order, ...], hours: tuple[time, ...]) -> Iterator[datetime]:
    """Yield each different time that a header can mean in these orders and at these hours."""
    seen = set()
    for order in orders:
        reading = header.on(order)
        for day in (reading, _as_shown(header, order, reading)) if reading else ():
            for at in hours if day else ():
                assert day is not None
                one = datetime.combine(day, at)
                if one not in seen:
                    seen.add(one)
                    yield one


def _as_shown(header: Header, order: Order, reading: datetime) -> datetime | None:
    """Return the reading in the year that stands there, where another count was taken for it."""
    year = header.parts[order.index("Y")]
    if year <= LAST_YEAR:
        return None
    try:
        return reading.replace(year=year)
    except ValueError:  # the 29th of February of a year that has none
        return None
