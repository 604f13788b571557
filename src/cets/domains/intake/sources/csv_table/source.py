"""Tables as text: comma, semicolon, tab or bar, with or without a heading. Formulas are data."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, Literal

from cets.domains.intake.rows import AnyRow, NotUnderstood
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.tables import Cell, Grid, TooLong, looks_like_a_list, looks_like_a_table, read_grid
from cets.domains.intake.tables.form_shapes import is_a_form
from cets.domains.intake.tables.titles import title_told
from cets.domains.intake.tables.words import kind_of

LONGEST_CELL = 1 << 20
LONGEST_LINE = 4 << 20
_DELIMITERS = ",;\t|"
_HEAD = 65_536
_TRIED_ROWS = 60
_SEP_LINE = re.compile(r"\ufeff?\s*\"?sep=(.)\"?\s*$", re.IGNORECASE)
_REGULAR = 0.9
_MARKDOWN_RULE = re.compile(r"[\s|:]*-[\s|:\-]*")
_TWO = 2
_FOOTER = 3  # lines
_SWALLOWED = 3  # lines
_OF_SENTENCES, _MOSTLY, _LOOKED_AT = ",;", 0.8, 16_384


class CsvTable(Source):
    name = "csv"
    caption = "Table (CSV)"
    version = "4"

    def recognises(self, head: bytes, size: int) -> float:
        text = decoding.decode_head(head)
        if text is None:
            return 0.0
        found = _best_delimiter(text.lstrip("\ufeff"), whole=size <= len(head))
        if found is None:
            return 0.7 if looks_like_a_list(text.lstrip("\ufeff").splitlines()[:_TRIED_ROWS]) else 0.0
        delimiter, rows = found
        return looks_like_a_table(rows, spaced=_is_spaced(text, delimiter))

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        encoding = decoding.detect(file)
        grid = Lines(file, encoding)
        rows = read_grid(grid, options)
        yield next(rows)  # the column map stands first
        yield from decoding.remarks(encoding)
        if grid.nuls:
            yield NotUnderstood(
                text=f"The text holds {grid.nuls} NUL characters, read as blanks.", place="whole file"
            )
        if grid.unclosed:
            yield NotUnderstood(
                text="A quotation mark is never closed; quotation marks are read as plain characters.",
                place="whole file",
            )
        yield from rows


class Lines(Grid):
    """The rows of the file, decoded afresh each time they are gone through."""

    def __init__(self, file: BinaryIO, encoding: decoding.Encoding) -> None:
        csv.field_size_limit(LONGEST_CELL)
        self._file = file
        self._encoding = encoding
        with decoding.reader(file, encoding) as text:
            head = text.read(_HEAD).lstrip("\ufeff")
            whole = not text.read(1)
        stated = _SEP_LINE.match(head.partition("\n")[0])
        found = _best_delimiter(head, whole=whole)
        self._skipped = 1 if stated else 0
        self.delimiter = stated[1] if stated and stated[1] in _DELIMITERS else found[0] if found else ","
        self.nuls = 0  # counted while the quotation marks are
        self._quoting: Literal[0, 3] = csv.QUOTE_MINIMAL
        self.unclosed = self._is_unclosed()
        if self.unclosed:
            self._quoting = csv.QUOTE_NONE

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        assert self.delimiter is not None
        number = 0
        reader = csv.reader(
            (line.replace("\x00", " ") for line in self._text()),  # neither part of a value nor nothing
            delimiter=self.delimiter,
            quoting=self._quoting,
            skipinitialspace=True,
        )
        try:
            for number, row in enumerate(reader, 1):
                if number > self._skipped and any(row):
                    yield number, [Cell(text) for text in row]
        except csv.Error as fault:
            limit = LONGEST_CELL >> 20
            raise TooLong(
                f"Stopped after row {number}: the next cell is longer than the limit of {limit} MB,"
                " or a quotation mark is not closed."
            ) from fault

    def _text(self) -> Iterator[str]:
        number = 0
        with decoding.reader(self._file, self._encoding) as text:
            while line := text.readline(LONGEST_LINE):
                number += 1
                if len(line) >= LONGEST_LINE:
                    raise TooLong(
                        f"Stopped at line {number}: it is longer than the limit of {LONGEST_LINE >> 20} MB."
                    )
                yield line.lstrip("\ufeff") if number == 1 else line

    def _is_unclosed(self) -> bool:
        """Say whether a quotation mark was never closed: they are odd in number and the last row swallowed lines.

        Of an even number two may be: then a cell holds rows of the table.
        """
        marks, lines, last_lines = 0, 0, 0
        try:
            for line in self._text():
                marks += line.count('"')
                self.nuls += line.count("\x00")
                lines += 1
            if marks % 2 == 0:
                return marks > 0 and any(self._holds_rows(cells) for _, cells in self.rows())
            for _, cells in self.rows():
                last_lines = sum(cell.text.count("\n") for cell in cells)
        except TooLong:
            return marks % 2 == 1 and lines > 1
        return last_lines > 0

    def _holds_rows(self, cells: list[Cell]) -> bool:
        """Say whether one of the cells has swallowed some rows: every line within it has as many delimiters as they."""
        between = max(len(cells) - 1, _TWO)
        for cell in cells:
            inner = cell.text.split("\n")[1:-1]
            if len(inner) >= _SWALLOWED and all(
                line.count(self.delimiter or ",") == between for line in inner
            ):
                return True
        return False


def _best_delimiter(head: str, *, whole: bool) -> tuple[str, list[list[str]]] | None:
    """Return the delimiter that splits most regularly, with the first rows; None when none does."""
    lines = head.splitlines(keepends=True)
    if not whole and len(lines) > 1:
        lines = lines[:-1]
    stated = _SEP_LINE.match(lines[0]) if lines else None
    if stated:
        lines = lines[1:]
    best: tuple[float, int, str, list[list[str]]] | None = None
    for delimiter in _DELIMITERS:
        rows = _split(lines, delimiter)
        regular, width = _regularity(rows)
        if regular < _REGULAR and is_a_form(
            [(n, [Cell(text) for text in row]) for n, row in enumerate(rows, 1)]
        ):
            regular, width = _REGULAR, _TWO  # titles of its sections stand alone in their lines
        if width >= _TWO and regular >= _REGULAR and (best is None or (regular, width) > best[:2]):
            best = (regular, width, delimiter, rows)
    return (best[2], best[3]) if best else None


def _is_spaced(text: str, delimiter: str) -> bool:
    """Say whether a blank follows the delimiter nearly everywhere, as it does in sentences and seldom in tables."""
    within = [text[at + 1 : at + 2] for at, sign in enumerate(text[:_LOOKED_AT]) if sign == delimiter]
    blanks = sum(1 for sign in within if sign.isspace() or not sign)
    return delimiter in _OF_SENTENCES and blanks >= len(within) * _MOSTLY


def _split(lines: list[str], delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True):
            if any(row):
                rows.append(row)
            if len(rows) >= _TRIED_ROWS:
                break
    except csv.Error:
        pass
    return rows


def _regularity(rows: list[list[str]]) -> tuple[float, int]:
    """Return the share of rows with the usual number of cells, and that number. Lines above may differ."""
    rows = [row for row in rows if not _heads_a_block(row)]
    if len(rows) < _TWO:
        return 0.0, 0
    widths = [len(row) for row in rows]
    usual, _ = (
        Counter(width for width in widths if width > 1).most_common(1)[0] if max(widths) > 1 else (0, 0)
    )
    start = widths.index(usual) if usual else 0
    rest = widths[start:] if start <= len(widths) // 2 or start <= 10 else widths  # noqa: PLR2004 - a few lines above
    table = [row for row in rows if len(row) == usual]
    filled = sum(1 for column in zip(*table, strict=True) if sum(map(bool, column)) * 2 >= len(table))
    if len(rest) < _TWO or filled < _TWO or any(_MARKDOWN_RULE.fullmatch("|".join(row)) for row in table[:3]):
        return 0.0, 0
    if sum(1 for text in table[0] if kind_of(text)) <= usual / 2:
        return sum(1 for width in rest if width == usual) / len(rest), usual
    # Under plain headings a row may be short, or have a comma too many; and below the last there may be words.
    end = next((at for at in range(len(rest), 0, -1) if rest[at - 1] > 1), 1)
    rest = rest[: max(end, len(rest) - _FOOTER)]
    return sum(1 for width in rest if width > 1) / len(rest), usual


def _heads_a_block(row: list[str]) -> bool:
    filled = [text for text in row if text.strip()]
    return len(filled) == 1 and title_told(filled[0]) is not None
