"""What iLEAPP, ALEAPP and RLEAPP write: their database, its description, single artefacts as JSON, and tables (TSV)."""

from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.json_walk import keys_of, peek
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.leapp import inputs
from cets.domains.intake.sqlite_file import read_database
from cets.domains.intake.sqlite_head import MAGIC, has_tables

_HEAD = 65_536


class Leapp(Source):
    name = "leapp"
    caption = "LEAPP output"
    version = "4"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        if head.startswith(MAGIC):
            return 0.96 if has_tables(head, *inputs.OF_LAVA) else 0.0
        seen = peek(head)
        if seen is None:
            return 0.95 if inputs.is_table(head) else 0.0
        is_known = inputs.is_manifest(keys_of(seen)) or inputs.is_single(seen)
        return 0.95 if is_known else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        head = file.read(_HEAD)
        seen = peek(head)
        if head.startswith(MAGIC):
            yield from read_database(file, options, inputs.database)
        elif seen is None:
            yield from inputs.table(file, options)
        elif inputs.is_manifest(keys_of(seen)):
            yield from inputs.manifest(file, options)
        else:
            yield from inputs.single(file, options)
