"""The timeline that a phone keeps itself and exports (`Timeline.json`, `location-history.json`), of Android and of iOS."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec

from cets.domains.intake.json_fields import Fields
from cets.domains.intake.reading import is_unread
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.sources.takeout.places import metres
from cets.domains.intake.traces import Traces, fact
from cets.kernel.moments import Moment

_POINT = re.compile(r"(?:geo:)?\s*(-?\d{1,3}(?:\.\d+)?)\s*°?\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*°?")
_MOST_SCANNED = 200
_LONGEST_COUNT = 6  # digits of minutes


def _point(text: str) -> dict[str, Any]:
    """Return a position as both systems write it: "51.5°, -0.1°", "geo:51.5,-0.1"."""
    found = _POINT.fullmatch(text.strip())
    return {"latitude": found[1], "longitude": found[2]} if found else {"latitude": None, "longitude": None}


def _where(fields: Fields, key: str) -> str:
    """Take a position, which stands there or in an object under a name of its own."""
    inner = fields.object(key)
    return inner.text("latLng", "LatLng") or fields.text(key)


def _time(traces: Traces, text: str) -> Moment | None:
    return traces.reader.time(text) if text else None


def segment(fields: Fields, traces: Traces) -> Iterator[AnyRow]:
    """Yield one stretch of time: a visit, a way, or positions on one. Raises Full."""
    at, until = _time(traces, fields.text("startTime")), _time(traces, fields.text("endTime"))
    fields.ignore("startTimeTimezoneUtcOffsetMinutes", "endTimeTimezoneUtcOffsetMinutes")
    if "visit" in fields:
        yield from _visit(fields.object("visit"), traces, at, until)
    if "activity" in fields:
        yield from _activity(fields.object("activity"), traces, at, until)
    if "timelinePath" in fields:
        yield from _path(fields, traces, at)
    if "timelineMemory" in fields:
        memory = fields.object("timelineMemory")
        trip = memory.object("trip") or memory  # of Android, and of iOS
        facts = (
            *fact("what", "a journey, as the phone grouped it"),
            *fact("kilometres from home", trip.text("distanceFromOriginKms")),
        )
        memory.ignore("destinations")
        trip.ignore("destinations")
        yield from traces.add("event", place=memory.pointer, text="Journey", at=at, until=until, facts=facts)


def _visit(fields: Fields, traces: Traces, at: Moment | None, until: Moment | None) -> Iterator[AnyRow]:
    best = fields.object("topCandidate")
    facts = (
        *fact("kind of place", best.text("semanticType")), *fact("place id", best.text("placeId", "placeID")),
        *fact("sure", fields.text("probability")), *fact("sure of the place", best.text("probability")),
    )  # fmt: skip
    position = _point(_where(best, "placeLocation"))
    fields.ignore("hierarchyLevel", "isTimelessVisit")
    yield from traces.add(
        "location", place=fields.pointer, text="Visit", at=at, until=until, **position, facts=facts
    )


def _activity(fields: Fields, traces: Traces, at: Moment | None, until: Moment | None) -> Iterator[AnyRow]:
    best, parking = fields.object("topCandidate"), fields.object("parking")
    facts = (
        *fact("doing", best.text("type")), *fact("sure", best.text("probability")), *fact("metres", fields.text("distanceMeters")),
    )  # fmt: skip
    fields.ignore("probability")
    for key, text, when in (("start", "Way begins", at), ("end", "Way ends", until)):
        place, written = fields.place(key), _where(fields, key)
        if written:
            yield from traces.add(
                "location", place=place, text=text, at=when, **_point(written), facts=(*facts, *_odd(written))
            )
    if written := _where(parking, "location"):
        when = _time(traces, parking.text("startTime"))
        yield from traces.add(
            "location", place=parking.pointer, text="Parked", at=when, **_point(written), facts=_odd(written)
        )


def _odd(written: str) -> tuple[tuple[str, str], ...]:
    return () if _POINT.fullmatch(written.strip()) else fact("place as written", written)


def _path(fields: Fields, traces: Traces, at: Moment | None) -> Iterator[AnyRow]:
    for one in fields.objects("timelinePath"):
        written, minutes = one.text("point"), one.text("durationMinutesOffsetFromStartTime")
        when = _time(traces, one.text("time"))
        facts = (*fact("what", "on a way"), *fact("minutes after the beginning", minutes), *_odd(written))
        if when is None or is_unread(when):
            when = _after(at, minutes)
        yield from traces.add("location", place=one.pointer, at=when, **_point(written), facts=facts)


def _after(at: Moment | None, minutes: str) -> Moment | None:
    """Return the moment so many minutes after one that is certain."""
    if (
        at is None
        or at.instant is None
        or not (minutes.isascii() and minutes.isdigit() and len(minutes) <= _LONGEST_COUNT)
    ):
        return at
    later = at.instant + timedelta(minutes=int(minutes))
    return msgspec.structs.replace(at, raw=f"{at.raw} + {minutes} min", instant=later, precision="minute")


def signal(fields: Fields, traces: Traces) -> Iterator[AnyRow]:
    """Yield what the phone noted itself: a position, the networks around it, or a guess of what was done. Raises Full."""
    if "position" in fields:
        one = fields.object("position")
        at, written = _time(traces, one.text("timestamp")), one.text("LatLng", "latLng")
        facts = tuple(
            pair
            for key, label in (
                ("source", "by way of"),
                ("altitudeMeters", "altitude"),
                ("speedMetersPerSecond", "speed"),
            )
            for pair in fact(label, one.text(key))
        )
        accuracy = metres(one.text("accuracyMeters"))
        yield from traces.add(
            "location",
            place=one.pointer,
            at=at,
            **_point(written),
            accuracy=accuracy,
            facts=(*facts, *_odd(written)),
        )
    if "wifiScan" in fields:
        yield from _scan(fields.object("wifiScan"), traces)
    if "activityRecord" in fields:
        one = fields.object("activityRecord")
        guesses = [(each.text("type"), each.text("confidence")) for each in one.objects("probableActivities")]
        doing = ", ".join(f"{kind} {share}" for kind, share in guesses[:3])
        yield from traces.add(
            "event",
            place=one.pointer,
            text="Movement",
            at=_time(traces, one.text("timestamp")),
            facts=fact("doing", doing),
        )


def _scan(fields: Fields, traces: Traces) -> Iterator[AnyRow]:
    """Yield which networks were around: their addresses are those of routers, which belong to whoever lives there."""
    records = fields.objects("devicesRecords")
    for one in records:
        one.ignore("rawRssi")
    shown = ", ".join([mac for one in records if (mac := one.text("mac"))][:_MOST_SCANNED])
    fields.ignore("source")
    at = _time(traces, fields.text("deliveryTime"))
    yield from traces.add(
        "event", place=fields.pointer, text="Networks around", at=at, facts=fact("networks", shown)
    )


def profile(fields: Fields, traces: Traces) -> Iterator[AnyRow]:
    """Yield the places that the phone takes for its owner's home, work and habits."""
    for one in fields.objects("frequentPlaces"):
        facts = (*fact("label", one.text("label")), *fact("place id", one.text("placeId")))
        written = _where(one, "placeLocation")
        yield from traces.add(
            "location",
            place=one.pointer,
            text="Frequent place",
            **_point(written),
            facts=(*facts, *_odd(written)),
        )
    persona = fields.object("persona")
    affinities = persona.objects("travelModeAffinities")
    for one in affinities:
        one.ignore("mode", "affinity")
