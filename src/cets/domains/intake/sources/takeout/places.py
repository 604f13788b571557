"""Location History of the account: single positions (`Records.json`), and places and ways by the month."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from cets.domains.intake.json_fields import Fields
from cets.domains.intake.json_walk import text_of
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.times import epoch
from cets.domains.intake.traces import Traces, fact
from cets.kernel.moments import Moment

#: Some exports wrote a negative number as what 32 bits without a sign make of it.
_WRAPPED = 1 << 32
_MOST = {"latitude": 900_000_000, "longitude": 1_800_000_000}
_LONGEST = 20  # digits
_SHOWN_ACTIVITIES = 3
_MOST_SCANNED = 200
_DEEPEST = 5  # visits within visits
#: Guesses that were not chosen, and the inner numbers of the service.
_GUESSES = (
    "otherCandidateLocations",
    "activities",
    "transitPath",
    "roadSegment",
    "simplifiedRawPath",
    "waypointPath",
)
_INNER = (
    "visitConfidence", "placeVisitLevel", "placeVisitType", "placeVisitImportance", "editConfirmationStatus", "locationConfidence", "confidence",
    "editActionMetadata", "lastEditedTimestamp", "lastEditedTimestampMs", "checkin", "locationAssertionType", "calibratedProbability",
    "isCurrentLocation", "osLevel", "serverTimestamp", "deviceTimestamp", "deviceDesignation", "inferredLocation",
    "locationMetadata", "placeConfidence", "section6", "locationId",
)  # fmt: skip


def moment(fields: Fields, traces: Traces, name: str) -> Moment | None:
    """Return a time: in milliseconds since 1970 in the older form, as text in the newer."""
    counted, written = fields.text(f"{name}Ms"), fields.text(name)
    if counted:
        return epoch(counted, milliseconds=True)
    return traces.reader.time(written) if written else None


def degrees(value: Any, axis: str) -> str:
    """Return degrees from a count of ten millionths of them; what is none stays as it is written."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return text_of(value)
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST:
        return text_of(value)
    if _MOST[axis] < number <= _WRAPPED:
        number -= _WRAPPED
    return f"{number.scaleb(-7):f}" if abs(number) <= _WRAPPED else text_of(value)


def point(fields: Fields, latitude: str = "latitudeE7", longitude: str = "longitudeE7") -> dict[str, Any]:
    """Take a position out of an object: the fields of a trace."""
    return {
        "latitude": degrees(fields.take(latitude), "latitude") or None,
        "longitude": degrees(fields.take(longitude), "longitude") or None,
    }


def metres(text: str) -> str | None:
    return f"{text} m" if text else None


def record(fields: Fields, traces: Traces) -> Iterator[AnyRow]:
    """Yield one position. Raises Full."""
    at = moment(fields, traces, "timestamp")
    facts = [
        *fact("doing", _doing(fields)), *fact("by way of", fields.text("source")), *fact("device", fields.text("deviceTag")),
        *fact("platform", fields.text("platformType")), *fact("form", fields.text("formFactor")),
        *(pair for key in ("altitude", "verticalAccuracy", "velocity", "heading") for pair in fact(key, fields.text(key))),
        *fact("charging", fields.text("batteryCharging")), *fact("networks around", _networks(fields.object("activeWifiScan"))),
    ]  # fmt: skip
    fields.ignore(*_INNER)
    yield from traces.add(
        "location", place=fields.pointer, at=at, **point(fields), accuracy=metres(fields.text("accuracy")), facts=tuple(facts)
    )  # fmt: skip


def _networks(scan: Fields) -> str:
    """Return the networks around: their addresses are those of routers, which belong to whoever lives there."""
    points = scan.objects("accessPoints")
    for one in points:
        one.ignore("strength", "isConnected", "frequencyMhz")
    return ", ".join([mac for one in points if (mac := one.text("mac"))][:_MOST_SCANNED])


def _doing(fields: Fields) -> str:
    """Return what the device took its owner to be doing: the likeliest first, as it says itself."""
    guesses = []
    for one in fields.objects("activity"):
        one.ignore("timestampMs", "timestamp", "extra")
        guesses += [(text_of(each.take("confidence")), each.text("type")) for each in one.objects("activity")]
    guesses.sort(key=lambda guess: -int(guess[0]) if guess[0].isdigit() and len(guess[0]) < 4 else 0)  # noqa: PLR2004 - a percentage
    return ", ".join(f"{kind} {share} %" for share, kind in guesses[:_SHOWN_ACTIVITIES])


def month(fields: Fields, traces: Traces) -> Iterator[AnyRow]:
    """Yield a place where somebody was, or a way with what was noted on it. Raises Full."""
    if "placeVisit" in fields:
        yield from _visit(fields.object("placeVisit"), traces)
    if "activitySegment" in fields:
        yield from _way(fields.object("activitySegment"), traces)


def _visit(fields: Fields, traces: Traces, depth: int = 0) -> Iterator[AnyRow]:
    duration, where = fields.object("duration"), fields.object("location")
    at, until = (moment(duration, traces, name) for name in ("startTimestamp", "endTimestamp"))
    name, address = where.text("name"), where.text("address")
    source = where.object("sourceInfo")
    facts = (
        *fact("address", " ".join(address.split())), *fact("kind of place", where.text("semanticType")), *fact("place id",
        where.text("placeId")),
        *fact("device", source.text("deviceTag") or where.text("deviceTag")), *fact("sure", fields.text("placeConfidence")),
    )  # fmt: skip
    position = point(where)
    centre = {
        "latitude": degrees(fields.take("centerLatE7"), "latitude"),
        "longitude": degrees(fields.take("centerLngE7"), "longitude"),
    }
    if not position["latitude"]:
        position = {key: value or None for key, value in centre.items()}
    path = fields.object("simplifiedRawPath")
    where.ignore(*_INNER)
    yield from traces.add(
        "location", place=fields.pointer, text=name, at=at, until=until, **position, accuracy=metres(where.text("accuracyMetres")),
        facts=(*facts, *fact("time", "from when to when somebody was there")),
    )  # fmt: skip
    yield from _path(path, traces)
    for child in fields.objects("childVisits") if depth < _DEEPEST else ():
        yield from _visit(child, traces, depth + 1)
    fields.ignore(*_GUESSES, *_INNER)


def _parked(fields: Fields, traces: Traces) -> Iterator[AnyRow]:
    where = fields.object("location")
    at, position = moment(fields, traces, "timestamp"), point(where)
    if position["latitude"]:
        yield from traces.add(
            "location", place=fields.pointer, text="Parked", at=at, **position, accuracy=metres(where.text("accuracyMetres"))
        )  # fmt: skip
    fields.ignore("method", "locationSource")


def _way(fields: Fields, traces: Traces) -> Iterator[AnyRow]:
    duration = fields.object("duration")
    at, until = (moment(duration, traces, name) for name in ("startTimestamp", "endTimestamp"))
    path, waypoints = fields.object("simplifiedRawPath"), fields.object("waypointPath")
    facts = (
        *fact("doing", fields.text("activityType")), *fact("metres", fields.text("distance", "distanceMeters")),
        *fact("points of the way", len(waypoints.objects("waypoints")) or ""),
    )  # fmt: skip
    waypoints.ignore("source", "distanceMeters", "travelMode", "confidence", "roadSegment")
    waypoints.ignore_inside("latE7", "lngE7")
    for key, text, when in (("startLocation", "Way begins", at), ("endLocation", "Way ends", until)):
        end = fields.object(key)
        device = end.object("sourceInfo").text("deviceTag")
        name, address = end.text("name"), " ".join(end.text("address").split())
        position = point(end)
        end.ignore(*_INNER, "placeId", "accuracyMetres", "semanticType")
        if position["latitude"] or name or address:
            more = (*fact("place", name), *fact("address", address), *fact("device", device))
            yield from traces.add(
                "location", place=end.pointer, text=text, at=when, **position, facts=(*facts, *more)
            )
    yield from _path(path, traces)
    yield from _parked(fields.object("parkingEvent"), traces)
    fields.ignore(*_GUESSES, *_INNER)


def _path(path: Fields, traces: Traces) -> Iterator[AnyRow]:
    """Yield the positions that were taken on a way, each with its own time."""
    for one in path.objects("points"):
        at = moment(one, traces, "timestamp")
        yield from traces.add(
            "location", place=one.pointer, at=at, **point(one, "latE7", "lngE7"), accuracy=metres(one.text("accuracyMeters")),
            facts=fact("what", "on a way"),
        )  # fmt: skip
    path.ignore("source", "distanceMeters")
