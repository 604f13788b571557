"""Values that only the heading of their column tells: a table within a text, drawn with bars, tabs, commas or blanks."""

import re
from collections.abc import Iterator

from cets.domains.identifiers.extract.cues import cue_words
from cets.domains.identifiers.extract.page import Candidate, Page
from cets.domains.identifiers.extract.vocabulary import HEADINGS

#: What divides cells, the surest first.
_DIVIDERS = (
    re.compile(r"\t"), re.compile(r" ?\| ?"), re.compile(r"; ?"), re.compile(r" {2,}"), re.compile(r", ?"),
)  # fmt: skip
_RULE = re.compile(r"[\s\-+|=:]*\Z")
_LONGEST_LINE = 2_000
_LONGEST_HEADING = 40
_LONGEST_CELL = 120
_EMPTY = frozenset({"", "-", "--", "n/a", "none", "null", "unknown", "?"})
_SHAPES = {
    "bank_account": re.compile(r"\d[\d \-]{4,22}\d"),
    "handle": re.compile(r"@?\w(?:[\w.\-]{0,38}\w)?"),
    "vehicle": re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9 \-]{1,10}[A-Za-z0-9]"),
    "pgp": re.compile(r"[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{4}(?: {1,2}[0-9A-Fa-f]{4}){9}"),
    "device": re.compile(r"[0-9A-Fa-f\-]{16,40}"),
    "report_number": re.compile(r"\d{6,12}"),
}
_Cell = tuple[int, str]


def columns(page: Page) -> Iterator[Candidate]:
    """Yield the cells below a heading that names a kind."""
    place = 0
    for word in cue_words(page):
        if (
            word.start < place
            or word.text not in HEADINGS
            or not _fills_a_cell(page.said, word.start, word.end)
        ):
            continue
        start = page.said.rfind("\n", max(0, word.start - _LONGEST_LINE), word.start) + 1
        if not start and word.start > _LONGEST_LINE:
            continue
        line, after = _line(page.said, start)
        for divider in _DIVIDERS:
            heads = [HEADINGS.get(cell.lower()) for _, cell in _cells(line, start, divider)]
            if len(heads) > 1 and any(heads) and _are_headings(line, divider):
                place = max(place, after)
                yield from _below(page, heads, after, divider)
                break


_CELL_BEGINS = re.compile(r"(?:[\t|;,\n]| {2}|\A) ?\Z")
_CELL_ENDS = re.compile(r" *(?:[\t|;,\n]|\Z)| {2}")


def _fills_a_cell(text: str, start: int, end: int) -> bool:
    return bool(_CELL_ENDS.match(text, end) and _CELL_BEGINS.search(text[max(0, start - 3) : start]))


def _are_headings(line: str, divider: re.Pattern[str]) -> bool:
    return all(len(cell) <= _LONGEST_HEADING for cell in divider.split(line.strip()))


def _below(
    page: Page, heads: list[tuple[str, str] | None], place: int, divider: re.Pattern[str]
) -> Iterator[Candidate]:
    is_first = True
    while place < len(page.said):
        line, after = _line(page.said, place)
        cells = list(_cells(line, place, divider))
        if len(cells) == len(heads):
            for head, (start, cell) in zip(heads, cells, strict=True):
                if head:
                    yield from _cell(*head, start, cell)
        elif not (is_first and line and _RULE.match(line)):
            return
        is_first, place = False, after


def _cell(kind: str, prefix: str, start: int, cell: str) -> Iterator[Candidate]:
    shape = _SHAPES.get(kind)
    if cell.lower() in _EMPTY or len(cell) > _LONGEST_CELL or (shape and not shape.fullmatch(cell)):
        return
    yield Candidate(start, start + len(cell), kind, prefix + cell if prefix else None)


def _line(text: str, start: int) -> tuple[str, int]:
    """Return a line without its end, and where the next one begins. A line too long for a table is empty."""
    end = text.find("\n", start, start + _LONGEST_LINE)
    if end < 0:
        return (text[start:], len(text)) if len(text) - start <= _LONGEST_LINE else ("", len(text))
    return text[start:end].rstrip("\r"), end + 1


def _cells(line: str, start: int, divider: re.Pattern[str]) -> Iterator[_Cell]:
    """Yield place and text of each cell. Blanks at the end of a line are no cell."""
    place, line = 0, line.rstrip()
    for match in divider.finditer(line):
        if match.start() or line[: match.end()].strip() != "|":
            yield _stripped(line, place, match.start(), start)
        place = match.end()
    if place < len(line):
        yield _stripped(line, place, len(line), start)


def _stripped(line: str, start: int, end: int, base: int) -> _Cell:
    cell = line[start:end]
    return base + start + len(cell) - len(cell.lstrip()), cell.strip()
