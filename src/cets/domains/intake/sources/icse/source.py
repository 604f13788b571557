"""Lists of hashes of Interpol's ICSE database, with the baseline: a table with semicolons and names that are known."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from cets.domains.intake.reading import Reader, is_empty
from cets.domains.intake.rows import AnyRow, Failed, FreeText, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.sources.text.source import pieces

_HASHES = {
    "md5": "md5:",
    "sha1": "sha1:",
    "sha-1": "sha1:",
    "sha256": "sha256:",
    "sha-256": "sha256:",
    "photodna": "photodna:",
}
_TOLD = frozenset({
    "image id", "is distributed", "victim identified", "offender identified", "number of submissions", "file available",
    "media type", "baseline",
})  # fmt: skip
_SERIES = "series name"
_TELLING = frozenset(
    {"victim identified", "offender identified", "number of submissions", "baseline", "image id", _SERIES}
)
_ENOUGH = 4
_LONGEST_LINE = 65_536


class Icse(Source):
    name = "icse"
    caption = "ICSE hash list (CSV)"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        text = decoding.decode_head(head)
        if text is None:
            return 0.0
        first = next((line for line in text.lstrip("\ufeff").splitlines() if line.strip()), "")
        names = {name.strip().casefold() for name in _cells(first)}
        is_list = len(_TELLING & names) >= _ENOUGH and not names.isdisjoint(_HASHES)
        return 0.97 if is_list else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        encoding = decoding.detect(file)
        yield from decoding.remarks(encoding)
        yield Summary(title="ICSE list of hashes", reporting_body="Interpol ICSE")
        yield from _List(options).rows(file, encoding)


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line[:_LONGEST_LINE]], delimiter=";"), [])
    except csv.Error:
        return line.split(";")


class _Column(msgspec.Struct, frozen=True):
    name: str  # as written
    key: str


class _List:
    """Reads line by line: no field of such a list goes over two."""

    def __init__(self, options: Options) -> None:
        self._options, self._reader = options, Reader(options)
        self._columns: list[_Column] = []
        self._odd = self._first_odd = self._nuls = 0

    def rows(self, file: BinaryIO, encoding: decoding.Encoding) -> Iterator[AnyRow]:
        for number, start, piece in pieces(file, encoding):
            if number > self._options.max_rows:
                yield Failed(reason=f"Stopped at the limit of {self._options.max_rows} lines.")
                break
            self._nuls += piece.count("\x00")
            line = decoding.clean(piece).lstrip("\ufeff")
            if not line.strip():
                continue
            if start:
                yield from self._reader.free_text(line, place=f"line {number}, from character {start + 1}")
            elif not self._columns:
                yield from self._headings(line)
            else:
                yield from self._line(line, number)
        yield from self._said_once()

    def _headings(self, line: str) -> Iterator[AnyRow]:
        self._columns = [_Column(name.strip(), name.strip().casefold()) for name in _cells(line)]
        for column in self._columns:
            if column.key and column.key not in {*_HASHES, *_TOLD, _SERIES}:
                yield NotUnderstood(
                    text=f"Column “{column.name[:100]}” is not known: read as text.", place="line 1"
                )

    def _line(self, line: str, number: int) -> Iterator[AnyRow]:
        cells = _cells(line)
        if len(cells) != len(self._columns):
            self._odd += 1
            self._first_odd = self._first_odd or number
        told = []
        for index, cell in enumerate(cells):
            text = cell.strip()
            column = (
                self._columns[index] if index < len(self._columns) else _Column(f"column {index + 1}", "")
            )
            if is_empty(text):
                continue
            place = f"line {number}, {column.name[:100]}"
            if column.key in _HASHES:
                raw = _HASHES[column.key] + text
                yield from self._reader.declared("hash", raw, as_written=text, place=place)
            elif column.key in _TOLD:
                told.append(f"{column.name}: {text}")
            else:
                yield from self._reader.free_text(text, place=place, label=column.name[:100])
        if told:
            yield FreeText(text="; ".join(told), place=f"line {number}", label="As the list tells it")

    def _said_once(self) -> Iterator[AnyRow]:
        if self._odd:
            yield NotUnderstood(
                text=f"Lines with another number of fields than the first: {self._odd}, the first is line {self._first_odd}.",
                place=f"line {self._first_odd}",
            )
        if self._nuls:
            yield NotUnderstood(
                text=f"The list holds {self._nuls} NUL characters, shown as “{decoding.SHOWN_NUL}”.",
                place="whole file",
            )
