"""Google Takeout: activity as JSON and as a page reads alike; positions in all their forms."""

import html
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake import sources
from cets.domains.intake.rows import AmbiguousPart, AnyRow, Failed, NotUnderstood, Sighting, Trace
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.takeout.places import degrees

NOON = datetime(2026, 3, 13, 14, 0, tzinfo=UTC)
MILLI = int(NOON.timestamp() * 1000)
EXAMPLES = Path(sources.__file__).parent / "takeout/examples"

SEARCH = {
    "header": "Search", "title": "Searched for otter pictures", "titleUrl": "https://www.google.com/search?q=otter+pictures",
    "time": "2026-03-13T14:00:00.123Z", "products": ["Search"],
    "locationInfos": [{"name": "At this general area", "url": "https://www.google.com/maps/@?api=1&map_action=map&center=51.5007,-0.1246&zoom=12",
                       "source": "From your device", "sourceUrl": "https://support.google.com/maps/answer/6258979"}],
}  # fmt: skip
VISIT = {
    "header": "Search", "title": "Visited Kite makers", "time": "2026-03-13T14:01:00Z", "products": ["Search"],
    "titleUrl": "https://www.google.com/url?q=https://forum.harbour.example/17&usg=x",
}  # fmt: skip
WATCHED = {
    "header": "YouTube", "title": "Watched Kites over the harbour", "titleUrl": "https://www.youtube.com/watch?v=kite17", "time": "2026-03-13T14:02:00Z",
    "products": ["YouTube"], "subtitles": [{"name": "Robin, ask robin@mail.example", "url": "https://www.youtube.com/channel/UCkite"}],
    "details": [{"name": "From Google Ads"}], "activityControls": ["YouTube watch history"],
}  # fmt: skip
MAPS = {
    "header": "Maps",
    "title": "Used Maps",
    "time": "2026-03-13T14:03:00Z",
    "products": ["Maps"],
    "description": "call +44 7700 900177",
}


def activity(*lines: dict[str, Any]) -> bytes:
    return json.dumps(list(lines)).encode()


def page(*lines: dict[str, Any], zone: str = "UTC") -> bytes:
    """Return the same as Google's page of activities."""
    cells = []
    for line in lines:
        at = datetime.fromisoformat(line["time"])
        time = f"{at:%b} {at.day}, {at.year}, {at.hour % 12 or 12}:{at:%M:%S}\u202f{'PM' if at.hour > 11 else 'AM'} {zone}"
        title = html.escape(line["title"])
        for begins in ("Searched for ", "Visited ", "Watched "):
            if line.get("titleUrl") and line["title"].startswith(begins):
                words = html.escape(line["title"].removeprefix(begins))
                title = f'{begins.strip()}\u00a0<a href="{html.escape(line["titleUrl"])}">{words}</a>'
        beside = "".join(
            f'<br><a href="{html.escape(one["url"])}">{html.escape(one["name"])}</a>'
            for one in line.get("subtitles", [])
        )
        where = "".join(
            f'<br>&emsp;{html.escape(one["name"])} - <a href="{html.escape(one["url"])}">{html.escape(one["source"])}</a>'
            for one in line.get("locationInfos", [])
        )
        caption = f"<b>Products:</b><br>&emsp;{line['products'][0]}<br>" + (
            f"<b>Locations:</b>{where}<br>" if where else ""
        )
        caption += "".join(
            f"<b>Details:</b><br>&emsp;{html.escape(one['name'])}<br>" for one in line.get("details", [])
        )
        cells.append(
            '<div class="outer-cell mdl-cell mdl-cell--12-col mdl-shadow--2dp"><div class="mdl-grid">'
            f'<div class="header-cell mdl-cell mdl-cell--12-col"><p class="mdl-typography--title">{line["header"]}<br></p></div>'
            f'<div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1">{title}{beside}<br>{time}<br></div>'
            '<div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1 mdl-typography--text-right"></div>'
            f'<div class="content-cell mdl-cell mdl-cell--12-col mdl-typography--caption">{caption}</div></div></div>'
        )
    return (
        f"<html><head><title>My Activity History</title></head><body>{''.join(cells)}</body></html>".encode()
    )


def read(data: bytes, options: Options | None = None) -> list[AnyRow]:
    return list(sources.all_sources()["takeout"].read(io.BytesIO(data), options or Options(country="GB")))


def traces(rows: list[AnyRow]) -> list[Trace]:
    return [row for row in rows if isinstance(row, Trace)]


def values(rows: list[AnyRow]) -> set[tuple[str, str]]:
    return {(row.value.kind, row.value.value) for row in rows if isinstance(row, Sighting)}


def said(rows: list[AnyRow]) -> str:
    return " ".join(row.text for row in rows if isinstance(row, NotUnderstood))


RECORDS = {
    "locations": [
        {"timestampMs": str(MILLI), "latitudeE7": 515007000, "longitudeE7": -1246000, "accuracy": 20, "deviceTag": 17,
         "activity": [{"timestampMs": str(MILLI), "activity": [{"type": "STILL", "confidence": 10}, {"type": "ON_FOOT", "confidence": 90}]}]},
        {"timestamp": "2026-03-13T14:00:00Z", "latitudeE7": 515007000, "longitudeE7": 4293721296, "source": "WIFI", "newField": "kea@mail.example"},
    ]
}  # fmt: skip
MONTHS = {
    "timelineObjects": [
        {"placeVisit": {"location": {"latitudeE7": 515007000, "longitudeE7": -1246000, "placeId": "kite", "address": "1 Quay\nHarbourtown",
                                     "name": "Kite shop", "semanticType": "TYPE_HOME", "sourceInfo": {"deviceTag": 17}},
                        "duration": {"startTimestampMs": str(MILLI), "endTimestampMs": str(MILLI + 60_000)}, "placeConfidence": "HIGH_CONFIDENCE",
                        "otherCandidateLocations": [{"placeId": "x", "latitudeE7": 1}]}},
        {"activitySegment": {"startLocation": {"latitudeE7": 515007000, "longitudeE7": -1246000}, "endLocation": {"latitudeE7": 515008000, "longitudeE7": -1246000},
                             "duration": {"startTimestamp": "2026-03-13T14:00:00Z", "endTimestamp": "2026-03-13T14:05:00Z"}, "distance": 300,
                             "activityType": "WALKING", "waypointPath": {"waypoints": [{"latE7": 1, "lngE7": 2}]},
                             "simplifiedRawPath": {"points": [{"latE7": 515007500, "lngE7": -1246000, "timestamp": "2026-03-13T14:02:00Z", "accuracyMeters": 9}]}}},
    ]
}  # fmt: skip
ANDROID = {
    "semanticSegments": [
        {"startTime": "2026-03-13T14:00:00.000Z", "endTime": "2026-03-13T15:00:00.000Z", "startTimeTimezoneUtcOffsetMinutes": 0,
         "visit": {"hierarchyLevel": 0, "probability": 0.9, "topCandidate": {"placeId": "kite", "semanticType": "HOME", "probability": 0.5,
                                                                            "placeLocation": {"latLng": "51.5007°, -0.1246°"}}}},
        {"startTime": "2026-03-13T15:00:00.000Z", "endTime": "2026-03-13T15:10:00.000Z",
         "activity": {"start": {"latLng": "51.5007°, -0.1246°"}, "end": {"latLng": "51.6°, -0.1°"}, "distanceMeters": 300.5, "topCandidate": {"type": "IN_BUS", "probability": 0.4}}},
        {"startTime": "2026-03-13T15:00:00.000Z", "endTime": "2026-03-13T16:00:00.000Z",
         "timelinePath": [{"point": "51.51°, -0.11°", "time": "2026-03-13T15:05:00.000+01:00"}]},
    ],
    "rawSignals": [
        {"position": {"LatLng": "51.5°, -0.1°", "accuracyMeters": 12, "altitudeMeters": 3.5, "source": "GPS", "timestamp": "2026-03-13T14:00:00.000Z"}},
        {"wifiScan": {"deliveryTime": "2026-03-13T14:00:00.000Z", "devicesRecords": [{"mac": 17, "rawRssi": -60}]}},
        {"activityRecord": {"probableActivities": [{"type": "STILL", "confidence": 0.9}], "timestamp": "2026-03-13T14:00:00.000Z"}},
    ],
    "userLocationProfile": {"frequentPlaces": [{"placeId": "kite", "placeLocation": "51.5007°, -0.1246°", "label": "HOME"}]},
}  # fmt: skip
IOS = [
    {"startTime": "2026-03-13T14:00:00.000+00:00", "endTime": "2026-03-13T15:00:00.000+00:00",
     "visit": {"hierarchyLevel": "0", "probability": "0.9", "topCandidate": {"placeID": "kite", "semanticType": "Home", "probability": "0.5", "placeLocation": "geo:51.5007,-0.1246"}}},
    {"startTime": "2026-03-13T15:00:00.000+00:00", "endTime": "2026-03-13T16:00:00.000+00:00",
     "timelinePath": [{"point": "geo:51.51,-0.11", "durationMinutesOffsetFromStartTime": "5"}]},
]  # fmt: skip


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


def test_each_form_is_told_by_its_content_and_nothing_else_is_taken() -> None:
    forms = (activity(SEARCH), page(SEARCH), *map(encoded, (RECORDS, MONTHS, ANDROID, IOS)))
    for data in forms:
        found = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
        assert found is not None
        assert found.name == "takeout"
    others = (
        b'[{"header": 1, "title": 2, "time": 3}]',
        b'{"locations": [{"a": 1}]}',
        b'{"timelineObjects": []}',
        b"<html><p>mdl-typography--title</p></html>",
    )
    for data in others:
        found = sources.recognise(data, len(data))
        assert found is None or found.name != "takeout"


def test_a_search_a_visit_and_what_was_watched() -> None:
    rows = read(activity(SEARCH, VISIT, WATCHED, MAPS))
    search, visit, watched, maps = traces(rows)
    assert (search.kind, search.text, search.latitude, search.longitude) == (
        "search",
        "otter pictures",
        "51.5007",
        "-0.1246",
    )
    assert search.at is not None
    assert search.at.instant == NOON + timedelta(milliseconds=123)
    assert ("place", "At this general area, From your device") in search.facts
    assert (visit.kind, visit.url) == ("visit", "https://forum.harbour.example/17")
    assert ("link as written", VISIT["titleUrl"]) in visit.facts
    assert (watched.kind, watched.url) == ("visit", "https://www.youtube.com/watch?v=kite17")
    assert {
        ("beside it", "Robin, ask robin@mail.example"),
        ("detail", "From Google Ads"),
        ("kept by the setting", "YouTube watch history"),
    } <= set(watched.facts)
    assert (maps.kind, maps.text) == ("event", "Used Maps")
    assert {
        ("email", "robin@mail.example"),
        ("phone", "+447700900177"),
        ("url", "https://www.youtube.com/channel/UCkite"),
    } <= values(rows)
    assert not said(rows)


def test_a_search_is_read_from_its_address_whatever_language_its_title_is_in() -> None:
    german = {**SEARCH, "title": "Gesucht nach: otter pictures", "products": ["Google Suche"]}
    youtube = {
        **SEARCH,
        "title": "Gesucht nach: kites",
        "titleUrl": "https://www.youtube.com/results?search_query=kites",
    }
    first, second = traces(read(activity(german, youtube)))
    assert (first.kind, first.text) == ("search", "otter pictures")
    assert ("what", "Gesucht nach: otter pictures") in first.facts
    assert (second.kind, second.text) == ("search", "kites")
    (other,) = traces(
        read(activity({**SEARCH, "title": "Seen", "titleUrl": "https://www.google.example/search?q=no"}))
    )
    assert other.kind == "event", "another's site is not Google's"


def test_the_page_reads_as_the_json_does() -> None:
    lines = (SEARCH, VISIT, WATCHED, MAPS)
    whole = [
        {key: value for key, value in line.items() if key not in ("description", "activityControls")}
        for line in lines
    ]
    own, others = traces(read(page(*whole))), traces(read(activity(*whole)))

    def told(one: Trace) -> tuple[Any, ...]:
        return (
            one.kind,
            one.text,
            one.url,
            one.latitude,
            one.longitude,
            one.at and one.at.instant and one.at.instant.replace(microsecond=0),
        )

    assert [told(one) for one in own] == [told(one) for one in others]
    assert dict(own[0].facts)["product"] == "Search"
    assert ("detail", "From Google Ads") in {(label.removesuffix("s"), text) for label, text in own[2].facts}
    assert ("email", "robin@mail.example") in values(read(page(*whole)))


def test_a_time_of_a_page_that_is_not_read_is_said_and_one_of_another_language_is_read() -> None:
    written = "Mar 13, 2026, 2:00:00\u202fPM UTC".encode()
    odd = page(SEARCH).replace(written, "14 Ventôse CCXXXIV 21:14:05 CET".encode())
    (trace,) = traces(read(odd))
    assert trace.at is not None
    assert (trace.at.raw, trace.at.candidates) == ("14 Ventôse CCXXXIV 21:14:05 CET", ())
    assert "was not read as a time" in said(read(odd))
    (korean,) = traces(read(page(SEARCH).replace(written, "2026. 3. 14. 오후 8:01:23 KST".encode())))
    assert korean.at is not None
    assert korean.at.instant == datetime(2026, 3, 14, 11, 1, 23, tzinfo=UTC)


def test_a_zone_that_may_be_of_several_leaves_the_time_open() -> None:
    rows = read(page(SEARCH, zone="IST"))
    (search,) = traces(rows)
    assert search.at is not None
    assert search.at.instant is None
    assert [row for row in rows if isinstance(row, AmbiguousPart)]


def test_a_cell_of_another_form_is_said_and_searched() -> None:
    rows = read(
        page(SEARCH).replace(b"</body>", b'<div class="outer-cell">write to kea@mail.example</div></body>')
    )
    assert "Entry 2 has not the form of an activity" in said(rows)
    assert ("email", "kea@mail.example") in values(rows)


def test_positions_are_ten_millionths_of_degrees_in_both_forms_of_time() -> None:
    rows = read(encoded(RECORDS))
    first, second = traces(rows)
    assert (first.kind, first.latitude, first.longitude, first.accuracy) == (
        "location",
        "51.5007000",
        "-0.1246000",
        "20 m",
    )
    assert (first.at and first.at.instant, second.at and second.at.instant) == (NOON, NOON)
    assert dict(first.facts)["doing"] == "ON_FOOT 90 %, STILL 10 %"
    assert second.longitude == "-0.1246000", "written as 32 bits without a sign"
    assert "/locations/*/newField (text) is not known" in said(rows)
    assert ("email", "kea@mail.example") in values(rows)


def test_months_tell_places_and_ways() -> None:
    rows = read(encoded(MONTHS))
    place, begins, ends, between = traces(rows)
    assert (place.text, place.latitude, place.at and place.at.instant, place.until and place.until.instant) == (
        "Kite shop", "51.5007000", NOON, NOON + timedelta(minutes=1)
    )  # fmt: skip
    assert {
        ("address", "1 Quay Harbourtown"),
        ("kind of place", "TYPE_HOME"),
        ("sure", "HIGH_CONFIDENCE"),
    } <= set(place.facts)
    assert (begins.text, ends.text, ends.latitude) == ("Way begins", "Way ends", "51.5008000")
    assert {("doing", "WALKING"), ("metres", "300"), ("points of the way", "1")} <= set(begins.facts)
    assert (between.latitude, between.at and between.at.instant, between.accuracy) == (
        "51.5007500",
        NOON + timedelta(minutes=2),
        "9 m",
    )
    assert not said(rows)


def test_visits_within_visits_parked_cars_and_networks_around_are_told() -> None:
    spot = {"latitudeE7": 515007000, "longitudeE7": -1246000}
    lasted = {"startTimestamp": "2026-03-13T14:00:00Z", "endTimestamp": "2026-03-13T14:05:00Z"}
    inner = {"location": {**spot, "name": "Stall 7"}, "duration": lasted}
    parked = {"location": spot, "timestamp": "2026-03-13T14:04:00Z", "method": "END_OF_ACTIVITY_SEGMENT"}
    months = [
        {"placeVisit": {"location": spot, "duration": lasted, "childVisits": [{**inner, "childVisits": [inner]}]}},
        {"activitySegment": {"duration": lasted, "parkingEvent": parked}},
    ]  # fmt: skip
    rows = read(encoded({"timelineObjects": months}))
    assert [one.text for one in traces(rows)] == ["", "Stall 7", "Stall 7", "Parked"]
    assert [one.at.instant.minute for one in traces(rows) if one.at and one.at.instant] == [0, 0, 0, 4]
    assert not said(rows)
    scan = {"accessPoints": [{"mac": "17", "strength": -40}, {"mac": "18", "isConnected": True}]}
    rows = read(
        encoded({"locations": [{**spot, "timestamp": "2026-03-13T14:00:00Z", "activeWifiScan": scan}]})
    )
    assert dict(traces(rows)[0].facts)["networks around"] == "17, 18"
    assert not said(rows)


def test_the_timeline_of_phones_reads_in_both_systems() -> None:
    rows = read(encoded(ANDROID))
    visit, begins, ends, path, position, networks, movement, home = traces(rows)
    assert (visit.text, visit.latitude, visit.longitude) == ("Visit", "51.5007", "-0.1246")
    assert {("kind of place", "HOME"), ("sure", "0.9")} <= set(visit.facts)
    assert (begins.latitude, ends.latitude, dict(ends.facts)["doing"]) == ("51.5007", "51.6", "IN_BUS")
    assert (path.latitude, path.at and path.at.instant) == ("51.51", NOON + timedelta(minutes=5))
    assert (position.accuracy, dict(position.facts)["by way of"]) == ("12 m", "GPS")
    assert (networks.text, dict(networks.facts)["networks"], dict(movement.facts)["doing"]) == (
        "Networks around",
        "17",
        "STILL 0.9",
    )
    assert (home.text, dict(home.facts)["label"]) == ("Frequent place", "HOME")
    assert not said(rows)
    visit, path = traces(read(encoded(IOS)))
    assert (visit.latitude, visit.longitude) == ("51.5007", "-0.1246")
    assert dict(path.facts)["minutes after the beginning"] == "5"
    assert path.at
    assert (path.at.instant, path.at.precision) == (NOON + timedelta(minutes=5, hours=1), "minute")
    assert not said(read(encoded(IOS)))


@given(st.integers(-1_800_000_000, 1_800_000_000))
def test_degrees_are_exact_and_wrapped_ones_come_back(number: int) -> None:
    assert Decimal(degrees(number, "longitude")) == Decimal(number) / 10**7
    if number < 0:
        assert degrees(number + (1 << 32), "longitude") == degrees(number, "longitude")


@pytest.mark.parametrize(
    "value", [True, None, "north", Decimal("1e-9999999"), Decimal("1e9999999"), 1 << 70, [], {}]
)
def test_what_is_no_number_of_degrees_stays_as_it_is(value: Any) -> None:
    assert len(degrees(value, "latitude")) < 40


_WORDS = st.text(
    st.characters(min_codepoint=33, exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp")),
    min_size=1,
    max_size=12,
)
_LINES = st.lists(
    st.tuples(_WORDS, st.integers(0, 2_000_000_000), st.integers(-900_000_000, 900_000_000)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(_LINES, st.sampled_from(["json", "html"]))
def test_activity_that_is_written_is_read(lines: list[tuple[str, int, int]], form: str) -> None:
    written = [
        {"header": "Search", "title": f"Searched for {term}", "products": ["Search"], "time": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}",
         "titleUrl": f"https://www.google.com/search?hl=en#{index}"}
        for index, (term, at, _) in enumerate(lines)
    ]  # fmt: skip
    rows = traces(read(activity(*written) if form == "json" else page(*written)))
    assert [(row.kind, row.text, row.at and row.at.instant) for row in rows] == [
        ("search", term, datetime.fromtimestamp(at, UTC)) for term, at, _ in lines
    ]


@settings(max_examples=60, deadline=None)
@given(_LINES, st.booleans())
def test_positions_that_are_written_are_read(lines: list[tuple[str, int, int]], old: bool) -> None:
    made = [
        {"timestampMs": str(at * 1000)}
        if old
        else {"timestamp": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"}
        for _, at, _ in lines
    ]
    records = [
        {**one, "latitudeE7": degree, "longitudeE7": -degree}
        for one, (_, _, degree) in zip(made, lines, strict=True)
    ]
    rows = traces(read(encoded({"locations": records})))
    assert [
        (row.at and row.at.instant, Decimal(row.latitude or "x"), Decimal(row.longitude or "x"))
        for row in rows
    ] == [
        (datetime.fromtimestamp(at, UTC), Decimal(degree) / 10**7, -Decimal(degree) / 10**7)
        for _, at, degree in lines
    ]


def test_limits_are_said() -> None:
    for data in (
        activity(SEARCH, VISIT),
        page(SEARCH, VISIT),
        encoded(RECORDS),
        encoded(MONTHS),
        encoded(ANDROID),
    ):
        rows = read(data, Options(max_rows=1))
        assert len(traces(rows)) == 1
        assert any(isinstance(row, Failed) and "limit of 1" in row.reason for row in rows)


def test_the_examples_are_those_of_this_test() -> None:
    written = {
        "MyActivity.json": activity(SEARCH, VISIT, WATCHED, MAPS), "MyActivity.html": page(SEARCH, VISIT), "Records.json": encoded(RECORDS),
        "2026_MARCH.json": encoded(MONTHS), "Timeline.json": encoded(ANDROID), "location-history.json": encoded(IOS),
    }  # fmt: skip
    assert {path.name: path.read_bytes() for path in EXAMPLES.iterdir()} == written
