"""CASE and UCO graphs as JSON-LD: what forensic tools hand on of devices, accounts, messages and files."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.json_walk import JsonFile, peek, text_of
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.case_uco.index import Index
from cets.domains.intake.sources.case_uco.node import Node
from cets.domains.intake.sources.case_uco.objects import ObjectReader

_OBJECTS = ("/@graph/*", "/uco-core:object/*", "/core:object/*")
_MARKS = ("unifiedcyberontology.org", "caseontology.org")
_MOST_TERMS = 400


class CaseUco(Source):
    name = "case_uco"
    caption = "CASE/UCO graph (JSON-LD)"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        top = peek(head)
        return 0.97 if isinstance(top, dict) and any(map(_is_ours, _terms(top.get("@context")))) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        json_file, index = JsonFile(file), Index()
        for found in json_file.walk(records=_OBJECTS, most=options.max_rows):
            index.add(found.value)
        objects = ObjectReader(Reader(options), index)
        yield Summary(title="CASE graph")
        for found in json_file.walk(records=_OBJECTS, most=options.max_rows):
            if isinstance(found.value, dict):
                value = found.value if found.pattern else _top(found.value)
                yield from objects.rows(Node(value, found.pointer))
        yield from json_file.remarks()


def _top(value: dict[str, Any]) -> dict[str, Any]:
    """Return what stands at the top besides the graph: a bundle's own properties, or the one object of the file."""
    return {key: each for key, each in value.items() if key != "@context" and each != []}


def _terms(context: Any) -> Iterator[str]:
    """Yield the addresses that a context names."""
    entries = context if isinstance(context, list) else [context]
    for entry in entries[:_MOST_TERMS]:
        yield text_of(entry)
        for each in list(entry.values())[:_MOST_TERMS] if isinstance(entry, dict) else ():
            yield text_of(each.get("@id")) if isinstance(each, dict) else text_of(each)


def _is_ours(address: str) -> bool:
    return any(mark in address for mark in _MARKS)
