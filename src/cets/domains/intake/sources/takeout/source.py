"""Google Takeout: My Activity (JSON and HTML), Location History in its forms: records, semantic months, the phone's own timeline."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import Found, JsonFile, first_of, keys_of, peek
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Failed, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.takeout import activity_html, places, timeline
from cets.domains.intake.sources.takeout.activity import Activities
from cets.domains.intake.traces import Full, Traces

_RECORDS, _MONTHS, _SEGMENTS, _SIGNALS, _LIST = (
    "/locations/*",
    "/timelineObjects/*",
    "/semanticSegments/*",
    "/rawSignals/*",
    "/*",
)
_TITLES = {
    "activity": "Google: My Activity", "records": "Google: Location History", "months": "Google: Location History, places and ways",
    "timeline": "Google: Timeline of a phone",
}  # fmt: skip
_PATTERNS = {
    "activity": (_LIST,),
    "records": (_RECORDS,),
    "months": (_MONTHS,),
    "timeline": (_SEGMENTS, _SIGNALS),
}
_HEAD = 65_536


class Takeout(Source):
    name = "takeout"
    caption = "Google Takeout (activity, locations)"
    version = "3"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        seen = peek(head)
        if seen is None:
            return 0.95 if activity_html.is_activity(head) else 0.0
        return 0.95 if _form(seen) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        traces = Traces(Reader(options, platform="Google"))
        seen = peek(file.read(_HEAD))
        try:
            if seen is None:
                yield Summary(title=_TITLES["activity"], platform="Google")
                yield from activity_html.rows(file, Activities(traces))
            else:
                form = _form(seen) or "activity"
                yield from _json(
                    JsonFile(file), form, (_LIST,) if isinstance(seen, list) else _PATTERNS[form], traces
                )
        except Full:
            yield Failed(reason=f"Stopped at the limit of {options.max_rows} entries.")


def _form(seen: Any) -> str | None:
    """Return which of the forms a JSON value has, by the keys of its first entry."""
    if isinstance(seen, list):
        first = keys_of(first_of(seen))
        if {"header", "title", "time"} <= first and first & {
            "products",
            "titleUrl",
            "subtitles",
            "activityControls",
        }:
            return "activity"
        is_timeline = {"startTime", "endTime"} <= first and bool(
            first & {"visit", "activity", "timelinePath", "timelineMemory"}
        )
        return "timeline" if is_timeline else None
    first = keys_of(first_of(seen.get("locations"))) if isinstance(seen, dict) else frozenset()
    if {"latitudeE7", "longitudeE7"} & first or (first and first <= {"timestampMs", "timestamp"}):
        return "records"
    if keys_of(first_of(seen.get("timelineObjects") if isinstance(seen, dict) else None)) & {
        "placeVisit",
        "activitySegment",
    }:
        return "months"
    segment = keys_of(first_of(seen.get("semanticSegments") if isinstance(seen, dict) else None))
    return "timeline" if {"startTime", "endTime"} <= segment else None


def _json(json_file: JsonFile, form: str, patterns: tuple[str, ...], traces: Traces) -> Iterator[AnyRow]:
    unread, activities = Unread(), Activities(traces)
    yield Summary(title=_TITLES[form], platform="Google")
    for found in json_file.walk(patterns):
        fields = Fields.of(found)
        if isinstance(found.value, dict) and found.pattern:
            yield from _record(form, found, fields, traces, activities)
        if form == "timeline" and not found.pattern:
            yield from timeline.profile(fields.object("userLocationProfile"), traces)
        fields.ignore("locations", "timelineObjects", "semanticSegments", "rawSignals")
        if found.pattern or isinstance(found.value, dict):
            yield from fields.rest(traces.reader, unread)
    yield from unread.rows()
    yield from json_file.remarks()


def _record(
    form: str, found: Found, fields: Fields, traces: Traces, activities: Activities
) -> Iterator[AnyRow]:
    if form == "activity":
        yield from activities.of_json(fields)
    elif form == "records":
        yield from places.record(fields, traces)
    elif form == "months":
        yield from places.month(fields, traces)
    elif found.pattern == _SIGNALS:
        yield from timeline.signal(fields, traces)
    else:
        yield from timeline.segment(fields, traces)
