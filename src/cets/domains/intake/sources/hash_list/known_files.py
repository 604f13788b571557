"""NSRL's list of known files as text (RDS version 2): what software makers publish, which says nothing of anybody."""

import csv
from collections.abc import Iterable, Iterator

from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options

LONGEST_FIELD = 65_536
_HASHES = {"SHA-1": "sha1", "MD5": "md5", "SHA-256": "sha256"}
_MARKS_OF_IT = frozenset({"SHA-1", "FileName", "FileSize", "ProductCode", "SpecialCode"})
_MALICIOUS = "M"


def columns(line: str) -> list[str] | None:
    """Return the names in the list's first line, None when it is another file's."""
    try:
        names = next(csv.reader([line.lstrip("\ufeff")]), [])
    except csv.Error:
        return None
    return names if _MARKS_OF_IT.issubset(names) else None


def read(lines: Iterable[tuple[int, str]], options: Options) -> Iterator[AnyRow]:
    """Yield the hashes of each line, none of which links anything."""
    yield Summary(title="NSRL list of known files")
    reader, tally = Reader(options), _Tally()
    names: list[str] = []
    for number, line in lines:
        if number > options.max_rows:
            yield Failed(reason=f"Stopped at the limit of {options.max_rows} lines.")
            break
        if not names:
            names = columns(line) or []
        elif line.strip():
            yield from _row(reader, names, line, number, tally)
    yield from tally.rows()


class _Tally:
    """What is counted over the file and said once."""

    def __init__(self) -> None:
        self.rows_read = self.odd = self.first_odd = self.malicious = 0

    def rows(self) -> Iterator[AnyRow]:
        if self.odd:
            yield NotUnderstood(
                text=f"Lines with another number of fields than the first: {self.odd}, the first is line"
                f" {self.first_odd}; not read.",
                place=f"line {self.first_odd}",
            )
        if self.malicious:
            yield NotUnderstood(
                text=f"Files that the list marks as malicious: {self.malicious}; they link nothing either.",
                place="whole file",
            )
        yield NotUnderstood(
            text=f"Names, sizes and product codes of {self.rows_read} known files were not taken over.",
            place="whole file",
        )


def _row(reader: Reader, names: list[str], line: str, number: int, tally: _Tally) -> Iterator[AnyRow]:
    try:
        cells = next(csv.reader([line]), [])
    except csv.Error:
        cells = []
    if len(cells) != len(names):
        tally.odd += 1
        tally.first_odd = tally.first_odd or number
        return
    tally.rows_read += 1
    fields = dict(zip(names, cells, strict=True))
    tally.malicious += fields["SpecialCode"].strip() == _MALICIOUS
    for name, sort in _HASHES.items():
        if text := fields.get(name, "").strip():
            yield from reader.declared(
                "hash", f"{sort}:{text}", as_written=text, place=f"line {number}, {name}", pivot=False
            )
