"""Events of MISP as JSON: one, a list of them or an answer of the server. Templates and taxonomies are no reports."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake import json_leaves
from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import JsonFile, first_of, peek
from cets.domains.intake.reading import Reader, is_empty, is_unread
from cets.domains.intake.rows import AnyRow, FreeText, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.misp.attributes import AttributeReader, tag_names

_EVENTS = ("/Event", "/response/*/Event", "/response/Event", "/*/Event")
_LISTS = tuple(
    f"{event}/{name}/*"
    for event in (*_EVENTS, "")
    for name in ("Attribute", "ShadowAttribute", "Object", "EventReport")
)
_TOLD = {
    "id": "Number", "uuid": "UUID", "date": "Date", "threat_level_id": "Threat level", "analysis": "Analysis", "published": "Published",
    "distribution": "Distribution",
}  # fmt: skip
_IGNORED = (
    "timestamp", "publish_timestamp", "sighting_timestamp", "org_id", "orgc_id", "attribute_count", "proposal_email_lock", "locked",
    "sharing_group_id", "disable_correlation", "extends_uuid", "protected", "event_creator_email", "SharingGroup", "CryptographicKey",
    "Feed", "ThreatLevel", "Org",
)  # fmt: skip
_MARKS_OF_ONE = frozenset({"info", "Attribute", "Object", "Orgc", "threat_level_id", "Org", "orgc_id"})
_ENOUGH = 2


class Misp(Source):
    name = "misp"
    caption = "MISP event"
    version = "3"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        top = peek(head)
        if isinstance(top, dict) and "response" in top:
            top = first_of(top["response"]) or top["response"]
        top = first_of(top) if isinstance(top, list) else top
        event = top.get("Event") if isinstance(top, dict) else None
        if isinstance(event, dict) and (not event or not _MARKS_OF_ONE.isdisjoint(event)):
            return 0.97
        return 0.9 if isinstance(top, dict) and _is_bare_event(top) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        json_file, events = JsonFile(file), _Events(options)
        for found in json_file.walk(records=(*_LISTS, *_EVENTS), most=options.max_rows):
            fields = Fields.of(found)
            name = found.pattern.rsplit("/", 2)[-2] if found.pattern.endswith("/*") else ""
            if name in ("Attribute", "ShadowAttribute"):
                yield from events.attributes.attribute(fields, proposed=name == "ShadowAttribute")
            elif name == "Object":
                yield from events.attributes.object(fields)
            elif name == "EventReport":
                yield from events.report(fields)
            elif found.pattern or (isinstance(found.value, dict) and _is_bare_event(found.value)):
                yield from events.event(fields)
            else:
                yield from events.around(fields)
        yield from events.unread.rows()
        yield from json_file.remarks()


def _is_bare_event(value: dict[str, Any]) -> bool:
    """Say whether an object is an event without its wrapping. Templates of objects write their names small."""
    has_list = isinstance(value.get("Attribute"), list) or isinstance(value.get("Object"), list)
    return has_list and len(_MARKS_OF_ONE & value.keys()) >= _ENOUGH


class _Events:
    def __init__(self, options: Options) -> None:
        self._reader, self.unread = Reader(options), Unread()
        self.attributes = AttributeReader(self._reader, self.unread)
        self._count = 0

    def event(self, one: Fields) -> Iterator[AnyRow]:
        """Yield what stands of an event beside its attributes and objects."""
        self._count += 1
        info, maker = one.text("info"), one.object("Orgc")
        body, date = maker.text("name"), str(one.peek("date") or "")
        maker.ignore("id", "uuid", "local")
        when = self._reader.time(date) if date else None
        if self._count == 1:
            yield Summary(
                title="MISP event" if is_empty(info) else info[:200],
                reporting_body=None if is_empty(body) else body,
                incident_at=None if when is None or is_unread(when) else when,
            )
        yield from self._reader.free_text(info, place=one.place("info"), label="Event")
        told = [f"{label}: {text}" for key, label in _TOLD.items() if (text := one.text(key))]
        told += [f"Made by: {body}"] if body else []
        if told:
            yield FreeText(text="; ".join(told), place=one.place(""), label="Event")
        for name in tag_names(one):
            yield FreeText(text=name, place=one.place("Tag"), label="Tag")
        for key, label in (("RelatedEvent", "Related event"), ("Galaxy", "Galaxy")):
            for other in one.objects(key):
                yield FreeText(text=json_leaves.told(other.all()), place=other.place(""), label=label)
        one.ignore(*_IGNORED, "Attribute", "Object", "ShadowAttribute", "EventReport")
        yield from one.rest(self._reader, self.unread)

    def report(self, one: Fields) -> Iterator[AnyRow]:
        for key in ("name", "content"):
            for place, text in one.texts(key):
                yield from self._reader.free_text(text, place=place, label="Report")
        one.ignore("id", "uuid", "event_id", "distribution", "sharing_group_id", "timestamp", "deleted")
        yield from one.rest(self._reader, self.unread)

    def around(self, one: Fields) -> Iterator[AnyRow]:
        for key in ("response", "Event"):
            if not one.peek(key):
                one.ignore(key)
        if one.peek("response") is not None and all(not entry for entry in one.peek("response") or ()):
            one.ignore("response")
        yield from one.rest(self._reader, self.unread)
