"""CASE and UCO graphs as JSON-LD: what forensic tools hand on of devices, accounts, messages and files."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from cets.domains.intake.json_walk import JsonFile, peek
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.case_uco import layout
from cets.domains.intake.sources.case_uco.index import Index
from cets.domains.intake.sources.case_uco.node import Node
from cets.domains.intake.sources.case_uco.objects import ObjectReader

_HEAD = 65_536


class CaseUco(Source):
    name = "case_uco"
    caption = "CASE/UCO graph (JSON-LD)"
    version = "3"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        return 0.97 if layout.is_ours(peek(head)) else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        records = layout.records(peek(file.read(_HEAD)))
        file.seek(0)
        json_file, index = JsonFile(file), Index()
        for found in json_file.walk(records=records, most=options.max_rows):
            for value, _ in layout.objects(found.value, found.pointer):
                index.add(value)
        objects = ObjectReader(Reader(options), index)
        yield Summary(title="CASE graph")
        for found in json_file.walk(records=records, most=options.max_rows):
            value = found.value if found.pattern else _top(found.value)
            for one, pointer in layout.objects(value, found.pointer):
                yield from objects.rows(Node(one, pointer))
        yield from json_file.remarks()


def _top(value: Any) -> Any:
    """Return what stands at the top besides the graph: a bundle's own properties, or the one object of the file."""
    if not isinstance(value, dict):
        return value or {}
    return {key: each for key, each in value.items() if key != "@context" and each not in ([], {})}
