"""Lines below the rows of a table that are none: totals, "End of report", who made it and when, who signed it.

Taken for rows they would be people called "End of report" and calls that nobody made, and a contact of whoever made the list
would be a party's. They are told, kept as text and searched; what is found there is nobody's in particular.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from cets.domains.intake.reading import Reader, shorten
from cets.domains.intake.rows import AnyRow, NotUnderstood
from cets.domains.intake.tables import words
from cets.domains.intake.tables.cells import Cell
from cets.domains.intake.tables.shapes import LONGEST_TRIED, fits
from cets.domains.intake.tables.titles import title_told

_TWO = 2
#: Lines that may follow the first of them; more are rows of something else.
_MOST = 50
_OF_ROWS = (
    r"records?|rows?|calls?|entries|events?|lines?|items?|results?|messages?|transactions?|sessions?|datens[äa]tze?|zeilen"
    r"|eintr[äa]ge|anrufe|verbindungen|enregistrements?|lignes?|appels?|registros?|filas|llamadas|righe|chiamate|record"
    r"|rijen|gesprekken|rekord[óo]w|wierszy|po[łl][ąa]cze[ńn]"
)
_TOTALS = (
    r"(?:(?:grand|sub|overall)[\s\-]?)?totals?|sum|count|number|gesamt(?:anzahl|summe)?|summe|anzahl|nombre(?:\stotal)?|totale?s?"
    r"|n[úu]mero(?:\stotal)?|numero(?:\stotale)?|totaal|aantal|razem|suma|liczba|всего|итого|разом|усього"
)
_TOTAL = re.compile(
    rf"\W*(?:(?:{_TOTALS})(?:\s(?:number\s)?(?:of|de|der|di|des|van)(?:\sthe)?)?(?:\s[^\W\d]+)?\s(?:d['’])?(?:{_OF_ROWS})"  # noqa: RUF001 - a French apostrophe
    rf"|(?:{_OF_ROWS})\s(?:found|returned|exported|in\stotal)|(?:{_OF_ROWS})(?=\s*[:=]\s*\d)|(?:{_TOTALS})(?=\s*(?:[:=]|$)))"
    rf"[\s:=]*(?:\d[\d.,\s:]*)?\W*|\W*\d[\d.,]*\s(?:{_OF_ROWS})(?:\s[^\W\d]+)?\W*",
    re.IGNORECASE,
)
_END = re.compile(
    r"\W*(?:end\sof\s(?:the\s)?[^\W\d]+(?:\s[^\W\d]+)?|end\sreport|eof|ende\sde[sr]\s[^\W\d]+|fin\sd(?:u|e|el|e\sla)\s[^\W\d]+"
    r"|fine\s(?:del\s)?(?:rapporto|file|report|elenco)|einde\s(?:van\s)?(?:het\s|de\s)?[^\W\d]+|koniec\s[^\W\d]+|конец\s[^\W\d]+"
    r"|кінець\s[^\W\d]+)\W*",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\W*(?:(?:this\s)?(?:report|file|list|document|extract|data)\s(?:was\s)?)?"
    r"(?:(?:generated|created|produced|exported|printed|prepared|extracted|compiled|certified|authori[sz]ed|approved|checked"
    r"|signed|issued|verified)\s(?:by|on|at|from|for|using)|report\s(?:date|id|run)\b|signed\s*:|signature|signatory"
    r"|i\s(?:hereby\s)?certify|yours\s(?:faithfully|sincerely)|erstellt\s(?:von|am|durch)|erzeugt\s(?:von|am)|unterschrift"
    r"|g[ée]n[ée]r[ée]\s(?:par|le)|[ée]dit[ée]\s(?:par|le)|sign[ée]\spar|generad[oa]\s(?:por|el)|generato\s(?:da|il)"
    r"|gegenereerd\s(?:door|op)|handtekening|wygenerowan[oa]|podpis)(?=\W|$).*",
    re.IGNORECASE | re.DOTALL,
)
#: Kinds of columns whose values nothing else looks like.
_PLAIN = frozenset({"time", "ip", "email", "phone", "imei", "imsi", "mac", "hash", "url"})

Rows = Iterable[tuple[int, list[Cell]]]


def parted(rows: Rows, headings: Sequence[str], heading_row: int) -> Iterator[tuple[int, list[Cell], bool]]:
    """Yield each row, and whether it closes the table; what follows its end does too, as a name below "Signed", unless rows go on."""
    columns = _Columns(headings)
    held: list[tuple[int, list[Cell], bool]] = []
    is_at_the_end = False
    for number, cells in rows:
        closes = columns.closed_by(cells) if number > heading_row else None
        is_at_the_end = is_at_the_end or closes == "end"
        if closes or (is_at_the_end and len(held) < _MOST and not columns.goes_on(cells)):
            held.append((number, cells, closes is not None))
            continue
        yield from held  # rows go on: between them only what is plainly a total or the like is none
        held.clear()
        is_at_the_end = False
        yield number, cells, False
    yield from ((number, cells, True) for number, cells, _ in held)


def told(reader: Reader, cells: Sequence[Cell], place: str) -> Iterator[AnyRow]:
    """Yield what is said of a line that closes a table, and what it says."""
    text = "; ".join(filter(None, (cell.text.strip() for cell in cells)))
    said = f"{place[:1].upper()}{place[1:]} closes the table and is no row: kept as text (“{shorten(text, 60)}”)."
    yield NotUnderstood(text=said, place=place)
    yield from reader.free_text(text, place=place, label="Below the table")


class _Columns:
    """The columns by their headings: which of them can tell a row from a line of words."""

    def __init__(self, headings: Sequence[str]) -> None:
        self._width = len(headings)
        named = {index: words.kind_of(text) for index, text in enumerate(headings)}
        self._words = {index for index, kind in named.items() if kind == "text"}  # where anything may be said
        self._plain = {index: kind for index, kind in named.items() if kind in _PLAIN}

    def closed_by(self, cells: Sequence[Cell]) -> Literal["total", "end"] | None:
        """Return as what a row closes a table: it begins as such lines do, and holds nothing that a row would."""
        if self._width < _TWO:
            return None  # in a list it may be somebody's name
        at, text = next(((n, one) for n, cell in enumerate(cells) if (one := cell.text.strip())), (0, ""))
        if len(text) > LONGEST_TRIED or not any(map(str.isalpha, text)) or at in self._words:
            return None
        is_end = bool(_END.fullmatch(text) or _MADE.fullmatch(text))
        if not is_end and not _TOTAL.fullmatch(text):
            return None
        is_refused = at in self._plain and not fits(self._plain[at], text)
        if not is_refused and self._has_a_row(cells):
            return None
        return "end" if is_end else "total"

    def goes_on(self, cells: Sequence[Cell]) -> bool:
        """Say whether a table goes on: with a row, or with a title over those that follow."""
        filled = [text for cell in cells if (text := cell.text.strip())]
        return self._has_a_row(cells) or (len(filled) == 1 and title_told(filled[0]) is not None)

    def _has_a_row(self, cells: Sequence[Cell]) -> bool:
        """Say whether cells are a row: one holds what its column does; where none can tell, several are filled."""
        filled = {n: text for n, cell in enumerate(cells) if (text := cell.text.strip())}
        if any(fits(kind, filled[n][:LONGEST_TRIED]) for n, kind in self._plain.items() if n in filled):
            return True
        return not self._plain and len(filled) >= _TWO
