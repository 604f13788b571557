"""The four forms in which a LEAPP hands out what it found, each read into artefacts and their rows."""

import csv
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import JsonFile, keys_of, text_of
from cets.domains.intake.reading import Reader, shorten
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.leapp.columns import artefact, plain
from cets.domains.intake.sources.leapp.records import Records
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.sqlite_file import Database
from cets.domains.intake.traces import Full, Traces

OF_LAVA = ("_lava_media_items", "_lava_media_references")
_ITEMS = ("id", "source_path", "extraction_path", "type")
_REFERENCES = ("id", "media_item_id", "name", "media_path")
_MOST_MEDIA = 200_000
_FINE = frozenset({"complete", "completed", "no files found", "not run", "success", ""})
_LONGEST_CELL, _LONGEST_LINE = 1 << 20, 4 << 20
_FEWEST_COLUMNS = 4
_TIMESTAMP = "timestamp"


def database(opened: Database, traces: Traces) -> Iterator[AnyRow]:
    yield Summary(title="LEAPP database")
    media = _media(opened)
    records = Records(traces, media)
    read = {
        table: columns
        for table, columns in opened.tables.items()
        if not table.startswith(("_lava", "sqlite_"))
    }
    for table, columns in read.items():
        found = artefact(table, columns)
        for row in opened.rows(table, columns):
            yield from records.add(found, [row[column] for column in columns], row.place)
        yield from opened.told()
    yield from opened.rest(read, [table for table in opened.tables if table not in read])


def _media(opened: Database) -> dict[str, str]:
    """Return which file each reference to a medium stands for."""
    files: dict[str, str] = {}
    for row in opened.rows(OF_LAVA[0], _ITEMS):
        if len(files) < _MOST_MEDIA:
            kind = row.text("type")
            files[row.text("id")] = row.text("source_path") + (f" ({kind})" if kind else "")
    found = dict(files)
    for row in opened.rows(OF_LAVA[1], _REFERENCES):
        if len(found) < 2 * _MOST_MEDIA:
            item = files.get(row.text("media_item_id"), "")
            found[row.text("id")] = item or row.text("name") or row.text("media_path")
    return found


def is_manifest(keys: Collection[str]) -> bool:
    return {"lava_db_name", "artifacts"} <= set(keys)


def manifest(file: BinaryIO, options: Options) -> Iterator[AnyRow]:
    """Yield what a run says of itself: what it read, what it found where, and what of it went wrong."""
    json_file, reader, unread = JsonFile(file), Reader(options), Unread()
    yield Summary(title="LEAPP run: what was found where")
    for found in json_file.walk():
        fields = Fields.of(found)
        for key in ("param_input", "param_type", "param_output"):
            place, path = fields.place(key), fields.text(key)
            yield from reader.free_text(path, place=place, label=key.replace("param_", "of the run: "))
        for module in fields.objects("modules"):
            name, status = module.text("module_name"), module.text("module_status")
            module.ignore("file_count", "files")
            if status.casefold() not in _FINE:
                yield NotUnderstood(
                    text=f"The module {shorten(name)} of the LEAPP ended as “{shorten(status)}”: what it should read may be missing.",
                    place=module.pointer,
                )
        yield from _listed(fields.take("artifacts"), fields.place("artifacts"), reader)
        fields.ignore("meta", "lava_db_name", "processing_status", "parser_info")
        yield from fields.rest(reader, unread)
    yield from unread.rows()
    yield from json_file.remarks()


def _listed(categories: Any, pointer: str, reader: Reader) -> Iterator[AnyRow]:
    for category, listed in categories.items() if isinstance(categories, dict) else ():
        for index, one in enumerate(listed if isinstance(listed, list) else ()):
            if not isinstance(one, dict):
                continue
            name, count, path = (text_of(one.get(key)) for key in ("name", "record_count", "source_path"))
            told = f"{name}: {count or 'unknown number of'} records" + (f" from {path}" if path else "")
            yield from reader.free_text(
                told, place=f"{pointer}/{category}/{index}", label=f"artefact, {category}"[:100]
            )


def is_single(seen: Any) -> bool:
    """Say whether this begins as one artefact in JSON does."""
    if not {"metadata", "headers", "data"} <= keys_of(seen):
        return False
    return isinstance(seen["headers"], list) and bool(
        {"module_name", "artifact_name"} & keys_of(seen["metadata"])
    )


def single(file: BinaryIO, options: Options) -> Iterator[AnyRow]:
    json_file = JsonFile(file)
    headings, name = [], ""
    for found in json_file.walk(skip=("/data/*",)):
        about = found.value if isinstance(found.value, dict) else {}
        headings = [
            text_of(one[0] if isinstance(one, list) and one else one) for one in about.get("headers") or []
        ]
        said = about.get("metadata")
        name = text_of(said.get("artifact_name") or said.get("module_name")) if isinstance(said, dict) else ""
    yield Summary(title=shorten(f"LEAPP: {name}" if name else "LEAPP artefact", 200))
    records, kind = Records(Traces(Reader(options))), artefact(name, headings)
    try:
        for found in json_file.walk(("/data/*",)):
            if found.pattern and isinstance(found.value, list):
                yield from records.add(kind, found.value, found.pointer)
    except Full:
        yield Failed(reason=f"Stopped at the limit of {options.max_rows} entries.")
        return
    yield from json_file.remarks()


def is_table(head: bytes) -> bool:
    """Say whether this begins as an artefact in a table does: tabs, times called "Timestamp", and columns of a message, call or visit."""
    text = decoding.decode_head(head)
    if text is None:
        return False
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()][:2]
    headings = lines[0].split("\t") if lines else []
    if len(headings) < _FEWEST_COLUMNS or len(lines) < 2 or len(set(headings)) < len(headings):  # noqa: PLR2004 - a row under the heading
        return False
    times = [one for one in headings if plain(one).endswith(_TIMESTAMP)]
    return (
        bool(times) and len(artefact("", headings).of("time")) > 0 and artefact("", headings).sort != "event"
    )


def table(file: BinaryIO, options: Options) -> Iterator[AnyRow]:
    csv.field_size_limit(_LONGEST_CELL)
    encoding = decoding.detect(file)
    yield Summary(title="LEAPP artefact (table)")
    yield from decoding.remarks(encoding)
    records, kind = Records(Traces(Reader(options))), None
    with decoding.reader(file, encoding) as text:
        lines = iter(lambda: text.readline(_LONGEST_LINE).replace("\0", " "), "")
        try:
            for number, row in enumerate(csv.reader(lines, delimiter="\t"), 1):
                if kind is None:
                    kind = artefact("", [cell.lstrip("\ufeff") for cell in row])
                elif any(row):
                    yield from _row(records, kind, row, number)
        except csv.Error:
            yield Failed(
                reason=f"Stopped: a cell is longer than the limit of {_LONGEST_CELL >> 20} MB, or a quotation mark is not closed."
            )
        except Full:
            yield Failed(reason=f"Stopped at the limit of {options.max_rows} entries.")


def _row(records: Records, kind: Any, row: list[str], number: int) -> Iterator[AnyRow]:
    if len(row) > len(kind.columns):
        text = f"Row {number} has {len(row)} cells under {len(kind.columns)} headings; the last ones were not read."
        yield NotUnderstood(text=text, place=f"row {number}")
    yield from records.add(kind, row, f"row {number}")
