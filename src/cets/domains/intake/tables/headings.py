"""Where a table names its columns, and whether rows are a table at all: prose has commas, too.

A first row is only taken for headings when its words are known, or when it differs from what stands under it. Taking
headings for a row costs a label; taking a row for headings would cost what stands in it.
"""

import re
from collections.abc import Callable, Sequence

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.platforms import KNOWN
from cets.domains.intake.reading import is_empty
from cets.domains.intake.tables import vocabulary, words
from cets.domains.intake.tables.cells import Cell
from cets.domains.intake.tables.form_shapes import is_a_form
from cets.domains.intake.tables.shapes import SHAPES, fits, value_kind
from cets.domains.intake.tables.titles import title_role, title_told

HEADING_WITHIN = 20  # rows from the top in which a heading is looked for
_MOST = 0.6
_LONGEST, _MOST_WORDS = 80, 6
_SHORT_CELL = 60
_TWO = 2
#: What no label holds: it would be lost as one.
_HOLDS_A_VALUE = re.compile(r"[^\s@]@[^\s@]|://")
_HOLDS_DIGITS = re.compile(r"\d{6}|(?:\d[ \-().]?){9}")
_DIGIT, _SIGN = re.compile(r"\d"), re.compile(r"[_@]")
_DIGIT_OR_SIGN = re.compile(r"\d|[_@.]")

Rows = Sequence[tuple[int, Sequence[Cell]]]


def find_heading(first: Rows) -> int:
    """Return the number of the row that names the columns, 0 when none does."""
    rows = [(number, [cell.text.strip() for cell in cells]) for number, cells in first]
    if is_a_form(first):
        return 0
    width = max((_filled(texts) for _, texts in rows), default=0)
    best, best_score = 0, 0.0
    is_below_the_top = False
    for place, (number, texts) in enumerate(rows[:HEADING_WITHIN]):
        if _stands_among_roles(texts, rows):
            is_below_the_top = is_below_the_top or _filled(texts) >= max(_TWO, width)
            continue
        under = [row for row in rows[place + 1 :] if any(row[1])]
        below = [texts for _, texts in under]
        if _stands_over_headings(texts, below):
            return under[0][0]
        if best and _begins_another(texts, rows[:place], best):
            break
        score = _score(texts, below, width, is_below_the_top=is_below_the_top)
        if score > best_score:
            best, best_score = number, score
        is_below_the_top = is_below_the_top or _filled(texts) >= max(_TWO, width)
    return best


def _begins_another(texts: list[str], above: list[tuple[int, list[str]]], best: int) -> bool:
    """Say whether a row heads another table below a first that has rows: under a title, or with no more headings."""
    if _filled(texts) < _TWO or not all(map(_is_known, filter(None, texts))):
        return False
    first = next(row for number, row in above if number == best)
    between = [filled for number, row in above if number > best and (filled := [t for t in row if t])]
    titles = [n for n, filled in enumerate(between) if len(set(filled)) == 1 and title_told(filled[0])]
    is_first_known = sum(map(_is_known, filter(None, first))) * 2 > _filled(first)
    has_rows = any(n not in titles for n in range(len(between)))
    if not is_first_known or not has_rows:
        return False
    is_under_title = bool(titles) and titles[-1] == len(between) - 1
    return is_under_title or _filled(texts) <= _filled(first)


def looks_like_a_table(rows: Sequence[Sequence[str]], *, spaced: bool = False) -> float:
    """Return how sure it is that rows split by a delimiter are a table, and not prose that happens to hold it.

    `spaced`: a blank follows the delimiter nearly everywhere, as in sentences. Then more is asked for.
    """
    grid = [(number, [Cell(text) for text in row]) for number, row in enumerate(rows, 1)]
    heading = find_heading(grid)
    named = [text for text in rows[heading - 1] if text.strip()] if heading else []
    known = sum(1 for text in named if _is_known(text, strictly=spaced))
    if is_a_form(grid) or _has_a_column_of_values(rows):
        return _SURE
    if spaced:
        return _SURE if known >= _TWO and known * 2 >= len(named) else 0.0
    if known or any(value_kind(text) for row in rows[:5] for text in row):
        return _SURE
    return _REGULAR if len(rows) > _TWO and (len(rows[0]) > _TWO or _are_short(rows)) else 0.0


_SURE, _REGULAR = 0.7, 0.4


def looks_like_a_list(lines: Sequence[str]) -> bool:
    """Say whether lines are a table of one column: a heading that is known, and under it values of its kind.

    A word alone may be a name and may be prose: names are all in one word, and no line of them is a heading.
    """
    listed = [line.strip().strip('"') for line in lines if line.strip()] or [""]
    if title_role(listed[0]) != "unknown":
        return _are_values_under_titles(listed)
    heading, *values = listed
    kind = words.kind_of(heading)
    if not values or kind not in {*kinds.KINDS, "user_id"} or value_kind(heading):
        return False
    found = {value_kind(text) for text in values}
    if len(found) == 1 and None not in found:
        return True
    told = [text for text in values if not is_empty(text) and text.casefold() != heading.casefold()]
    if not told or kind not in SHAPES:
        return False
    if kind not in _IN_ONE_WORD:
        return _share(told, lambda text: fits(kind, text) and not _is_underlined(text)) >= _MOST
    return len(told) >= _TWO and _are_names(kind, heading, told)


def _are_values_under_titles(lines: Sequence[str]) -> bool:
    """Say whether lines are values and nothing else, below "Victims", "Suspects" and the like."""
    values = [line for line in lines if title_told(line) is None]
    return bool(values) and all(value_kind(line) or fits("phone", line) for line in values)


#: Kinds whose shape a word of prose has, too.
_IN_ONE_WORD = frozenset({"handle", "account", "user_id", "device", "vehicle", "wallet", "domain"})
_NAMED_BY_A_WORD = frozenset({"handle", "account"})
_SENTENCE_ENDS = (".", ",", ";", ":", "!", "?")
_NEARLY_ALL = 0.8


def _are_names(kind: str, heading: str, told: Sequence[str]) -> bool:
    """Say whether words are names: by a heading that means nothing else, or by the digits and signs in them."""
    if any(words.kind_of(text) or text.endswith(_SENTENCE_ENDS) for text in told):
        return False
    if _share(told, lambda text: fits(kind, text) and not _is_underlined(text)) < _NEARLY_ALL:
        return False
    is_plain = any(
        word not in vocabulary.WEAK and word not in KNOWN and words.kind_of(word) != "platform"
        for word in words.tokens(heading)
    )
    if kind == "domain" or (kind in _NAMED_BY_A_WORD and is_plain):
        return True
    signs = _DIGIT_OR_SIGN if kind in _NAMED_BY_A_WORD else _DIGIT
    return _share(told, lambda text: bool(signs.search(text))) >= (
        _MOST if kind in _NAMED_BY_A_WORD else _NEARLY_ALL
    )


def _is_underlined(text: str) -> bool:
    return not any(map(str.isalnum, text))


def is_plainly_named(text: str) -> bool:
    """Say whether a heading is one of known words, in which nothing else needs to be looked for."""
    return bool(words.kind_of(text)) and not _HOLDS_A_VALUE.search(text) and not _HOLDS_DIGITS.search(text)


def _score(texts: list[str], below: list[list[str]], width: int, *, is_below_the_top: bool) -> float:
    filled = [text for text in texts if text]
    if len(filled) < min(_TWO, width) or any(map(value_kind, filled)):
        return 0.0
    labels = [text for text in filled if may_be_a_label(text)]
    known = sum(1 for text in labels if _is_known(text))
    if len(labels) < len(filled) and (is_below_the_top or known * 2 < len(filled)):
        return 0.0
    numbers = sum(1 for text in filled if text.replace(".", "", 1).isdecimal())
    repeated = len({text.casefold() for text in filled}) < len(filled) * 0.7
    if numbers > len(filled) // 3 or (repeated and known < len(filled)):
        return 0.0
    if is_below_the_top and known * 2 < len(filled):
        return 0.0  # a row like those above it, one of whose words happens to be known
    if not known and not _stands_out(texts, below):
        return 0.0
    has_values = bool(below) and any(value_kind(text) for text in below[0])
    return 2.0 * known + len(filled) / width + has_values


def _is_known(text: str, *, strictly: bool = False) -> bool:
    named = words.kind_of(text) or words.is_only_a_role(text)
    return bool(named or (not strictly and (words.within(text) or words.role_of(text) != "unknown")))


def may_be_a_label(text: str) -> bool:
    if len(text) > _LONGEST or _HOLDS_A_VALUE.search(text):
        return False
    return not _HOLDS_DIGITS.search(text) or bool(words.kind_of(text) or words.within(text))


def _stands_out(texts: list[str], below: list[list[str]]) -> bool:
    """Say whether a row of unknown words differs from the column under it: a word above numbers, names with signs."""
    for index, text in enumerate(texts):
        column = [row[index] for row in below if index < len(row) and row[index]]
        if not text or not column:
            continue
        for pattern in (_DIGIT, _SIGN):
            if not pattern.search(text) and _share(column, lambda v, p=pattern: bool(p.search(v))) >= _MOST:  # type: ignore[misc]
                return True
    return False


def _stands_among_roles(texts: list[str], rows: list[tuple[int, list[str]]]) -> bool:
    """Say whether a row names a role in a column of roles: "victim" above "suspect" is a person, no heading.

    Beside words that head columns it is one: "reported by, e-mail" above "victim".
    """
    is_beside_headings: bool | None = None
    for index, text in enumerate(texts):
        if not text[:1].isalpha() or len(text) > _SHORT_CELL or not words.is_only_a_role(text):
            continue
        if is_beside_headings is None:
            is_beside_headings = any(_heads(place, cell, rows) for place, cell in enumerate(texts))
        if is_beside_headings:
            return False
        others = [row[index] for _, row in rows if row != texts and index < len(row)]
        if any(
            words.is_only_a_role(other)
            and (words.role_of(other) != words.role_of(text) or other.casefold() == text.casefold())
            for other in others
        ):
            return True
    return False


def _heads(index: int, text: str, rows: list[tuple[int, list[str]]]) -> bool:
    """Say whether a word is a heading, and not one of several such words in its column ("email", "phone" under "Type")."""
    column = (row[index] for _, row in rows if index < len(row))
    return bool(words.kind_of(text)) and not any(other != text and words.kind_of(other) for other in column)


def _stands_over_headings(texts: list[str], below: list[list[str]]) -> bool:
    """Say whether a row names roles only, over one that names what the columns hold."""
    under = [text for text in below[0] if text] if below else []
    named = sum(1 for text in under if words.kind_of(text) not in (None, "role"))
    is_over = _filled(texts) >= _TWO and all(map(words.is_only_a_role, filter(None, texts)))
    return is_over and named >= _TWO and named * 2 > len(under) and not any(map(value_kind, under))


def _has_a_column_of_values(rows: Sequence[Sequence[str]]) -> bool:
    for index in range(max(map(len, rows), default=0)):
        column = [row[index] for row in rows if index < len(row) and row[index].strip()]
        if len(column) >= _TWO and _share(column, lambda text: value_kind(text) is not None) >= _MOST:
            return True
    return False


def _are_short(rows: Sequence[Sequence[str]]) -> bool:
    return all(len(text) <= _SHORT_CELL and len(text.split()) <= _MOST_WORDS for row in rows for text in row)


def _filled(texts: Sequence[str]) -> int:
    return sum(map(bool, texts))


def _share(values: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, values)) / len(values)
