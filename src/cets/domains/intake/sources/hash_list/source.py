"""Lists of file hashes: one per line, alone or as the usual programs write them beside a name; NSRL's known files."""

from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO

from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.hash_list import known_files, lines
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.sources.text.source import pieces

_TRIED = 400
_NEARLY_ALL = 0.9
#: 64 digits are a SHA-256 or a PDQ hash.
_OF_TWO_SORTS = 64


class HashList(Source):
    name = "hash_list"
    caption = "List of file hashes"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:
        text = decoding.decode_head(head)
        if text is None:
            return 0.0
        first = text.lstrip("\ufeff").splitlines()
        if size > len(head):
            first = first[:-1]
        first = [line for line in first if line.strip()][:_TRIED]
        if first and known_files.columns(first[0]):
            return 0.98
        told = [line for line in first if not lines.is_comment(line)]
        if any(line.startswith(lines.CERTUTIL) for line in told):
            return 0.92 if _announced(told) * 2 >= len(told) else 0.0
        hashes = sum(lines.parse(line) is not None for line in told)
        return 0.92 if hashes and hashes >= len(told) * _NEARLY_ALL else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        encoding = decoding.detect(file)
        yield from decoding.remarks(encoding)
        with decoding.reader(file, encoding) as text:
            first = text.readline(known_files.LONGEST_FIELD)
        if known_files.columns(first):
            yield from known_files.read(_whole(file, encoding), options)
        else:
            yield Summary(title="List of file hashes")
            yield from _List(options).rows(file, encoding)


def _announced(told: list[str]) -> int:
    """Return how many lines CertUtil wrote: hashes with the lines that announce them, and its last words with the prompt before."""
    count, found = sum("certutil" in line.casefold() for line in told), 0
    for above, below in pairwise(told):
        sort = lines.sort_below(above)
        found += 2 * (sort is not None and lines.announced(below, sort) is not None)
    return count + found if found else 0


def _whole(file: BinaryIO, encoding: decoding.Encoding) -> Iterator[tuple[int, str]]:
    return ((number, decoding.clean(line)) for number, _, line in pieces(file, encoding))


class _List:
    """Reads a plain list, and counts what its receipt says once."""

    def __init__(self, options: Options) -> None:
        self._options, self._reader = options, Reader(options)
        self._is_of_pdq = False
        self._announced: str | None = None  # the sort of the hash on the next line
        self._unnamed = self._others = self._first_other = 0

    def rows(self, file: BinaryIO, encoding: decoding.Encoding) -> Iterator[AnyRow]:
        for number, start, piece in pieces(file, encoding):
            if number > self._options.max_rows:
                yield Failed(reason=f"Stopped at the limit of {self._options.max_rows} lines.")
                break
            if piece.strip("\ufeff \t\r"):
                yield from self._line(decoding.clean(piece).lstrip("\ufeff"), number, start)
        yield from self._said_once()

    def _line(self, text: str, number: int, start: int) -> Iterator[AnyRow]:
        place = f"line {number}" if not start else f"line {number}, from character {start + 1}"
        if lines.is_comment(text):
            said = text.casefold()
            self._is_of_pdq = self._is_of_pdq or ("pdq" in said and "sha" not in said)
            yield from self._reader.free_text(text, place=place, label="Comment")
            return
        found = lines.announced(text, self._announced) if self._announced else None
        found = found or lines.parse(text)
        self._announced = lines.sort_below(text) if found is None else None
        if self._announced or text.startswith(lines.CERTUTIL):
            yield from self._reader.free_text(text, place=place)
            return
        if found is None:
            self._others += 1
            self._first_other = self._first_other or number
            yield from self._reader.free_text(text, place=place)
            return
        for raw, sort in found.hashes:
            yield from self._hash(raw, sort, place, written=found.written or raw, is_bare=not found.beside)
        if found.beside:
            yield from self._reader.free_text(found.beside, place=place, label="Beside the hash")

    def _hash(
        self, raw: str, sort: str | None, place: str, *, written: str, is_bare: bool
    ) -> Iterator[AnyRow]:
        if sort is None and len(raw) == _OF_TWO_SORTS and is_bare:
            sort = "pdq" if self._is_of_pdq else None
            self._unnamed += sort is None
        named = f"{sort}:{raw}" if sort else raw
        yield from self._reader.declared("hash", named, as_written=written, place=place)

    def _said_once(self) -> Iterator[AnyRow]:
        if self._unnamed:
            yield NotUnderstood(
                text=f"Nothing says whether {self._unnamed} hashes of 64 digits are SHA-256 or PDQ hashes; they"
                " were read as SHA-256.",
                place="whole file",
            )
        if self._others:
            yield NotUnderstood(
                text=f"Lines of no shape that a list of hashes has: {self._others}, the first is line"
                f" {self._first_other}. They were kept as text.",
                place=f"line {self._first_other}",
            )
