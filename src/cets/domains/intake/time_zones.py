"""What a text beside a time can mean as its zone: an offset, a name, a place."""

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cets.domains.intake.time_words import DOUBTFUL_ZONES, ZONES

_OFFSET = re.compile(
    r"(?:(?:UTC|GMT)\s?)?(?P<sign>[+\-\u2212])(?P<h>\d{1,2})(?::?(?P<m>\d{2}))?", re.IGNORECASE
)
_PLACE = re.compile(r"[A-Z][A-Za-z]{1,19}(?:/[A-Z][A-Za-z_\-]{1,29}){1,2}")  # Europe/Paris

#: Every zone in use lies within these; an offset beyond them is a slip of the source.
_LEAST, _MOST = -12 * 60, 14 * 60
_HOUR = 60  # minutes


def zones_of(text: str) -> list[tzinfo | None] | None:
    """Return every zone the text can mean, [None] for no zone stated, None when it is no zone at all."""
    name = text.lower()
    if not text:
        return [None]
    if name in ZONES:
        return [_fixed(ZONES[name])]
    if name in DOUBTFUL_ZONES:
        return [_fixed(minutes) for minutes in DOUBTFUL_ZONES[name]]
    if _PLACE.fullmatch(text):
        return _zone_of_a_place(text)
    found = _OFFSET.match(text)
    return _offset_zones(found, text[found.end() :].strip().lower()) if found else None


def _zone_of_a_place(name: str) -> list[tzinfo | None] | None:
    """Return the zone of "Europe/Paris" by the machine's own list, None when it has none of that name."""
    try:
        return [ZoneInfo(name)]
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _offset_zones(found: re.Match[str], rest: str) -> list[tzinfo | None] | None:
    past_hour = int(found["m"] or 0)
    minutes = int(found["h"]) * _HOUR + past_hour
    minutes = minutes if found["sign"] == "+" else -minutes
    if rest and rest not in ZONES:
        return None
    if not _LEAST <= minutes <= _MOST or past_hour >= _HOUR:
        return [None]  # no clock on earth shows it: as good as no zone
    if not rest or ZONES[rest] == minutes:
        return [_fixed(minutes)]
    return [_fixed(minutes), _fixed(ZONES[rest])]  # "+2:00Z" contradicts itself


def _fixed(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))
