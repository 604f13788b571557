"""STIX 2.1 (and 2.0) bundles, and lists of their objects: observables, observations, notes, mails, indicators."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import JsonFile, first_of, peek
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, FreeText, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.stix.index import Index
from cets.domains.intake.sources.stix.objects import ObjectReader

_ID = re.compile(r"[a-z][a-z0-9\-]{2,250}--[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_HEAD = 65_536
_PATTERNS: dict[type, tuple[str, ...]] = {dict: ("/objects/*",), list: ("/*",)}


class Stix(Source):
    name = "stix"
    caption = "STIX bundle"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        top = peek(head)
        if isinstance(top, dict) and top.get("type") == "bundle":
            return 0.97 if _has_id(top, "bundle") or _is_object(first_of(top.get("objects"))) else 0.0
        if isinstance(top, dict) and _is_object(first_of(top.get("objects"))):
            return 0.95  # a server's answer, without the bundle around it
        if isinstance(top, dict):
            return 0.95 if _is_object(top) and str(top.get("spec_version")).startswith("2") else 0.0
        return 0.95 if _is_object(first_of(top)) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        top = peek(file.read(_HEAD))
        file.seek(0)
        records = _PATTERNS.get(type(top), ())
        json_file, index, unread = JsonFile(file), Index(), Unread()
        for found in json_file.walk(records=records, most=options.max_rows):
            index.add(found)
        reader = Reader(options)
        objects = ObjectReader(reader, unread, index)
        yield Summary(title=index.title or "STIX bundle")
        yield from _markings(index)
        for found in json_file.walk(records=records, most=options.max_rows):
            fields = Fields.of(found)
            if found.pattern or (_is_object(found.value) and found.value["type"] != "bundle"):
                yield from objects.rows(fields)
            elif isinstance(found.value, dict):
                if fields.text("more") == "yes":
                    yield NotUnderstood(
                        text="The file is one page of an answer that goes on elsewhere: what the other pages hold is not in it.",
                        place="/more",
                    )
                fields.ignore("type", "id", "spec_version", "objects", "next")
                yield from fields.rest(reader, unread)
        yield from unread.rows()
        yield from json_file.remarks()


def _has_id(value: dict[str, Any], sort: str) -> bool:
    identity = value.get("id")
    return isinstance(identity, str) and identity.startswith(f"{sort}--") and bool(_ID.fullmatch(identity))


def _is_object(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    sort = value.get("type")
    return isinstance(sort, str) and _has_id(value, sort)


def _markings(index: Index) -> Iterator[AnyRow]:
    """Say under which markings the objects stand: who may be told of them is for people to keep to."""
    for ref, count in index.marked.items():
        name = index.markings.get(ref) or ref
        yield FreeText(text=f"{name} ({count} objects)", place="whole file", label="Marking")
