"""Titles of groups over the titles of columns: "Calling party" over "Number, IMEI", and "Called party" over the same again.

Read by the lower row alone, both parties' numbers would be one person's. The title of each column is composed of both rows
before it is guessed what the columns hold; where nobody can tell which group a title is of, that is said.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice, pairwise

import msgspec

from cets.domains.identifiers import kinds
from cets.domains.intake.rows import NotUnderstood
from cets.domains.intake.tables import vocabulary, words
from cets.domains.intake.tables.cells import Cell, Grid, TooLong
from cets.domains.intake.tables.headings import HEADING_WITHIN, may_be_a_label
from cets.domains.intake.tables.people import NAME_PARTS
from cets.domains.intake.tables.shapes import value_kind
from cets.domains.intake.tables.titles import title_role

_TWO = 2
_WIDEST = 1_000  # columns
#: What somebody has or is called: under no group for certain, it is nobody's.
_OF_SOMEBODY = frozenset({*kinds.KINDS, *NAME_PARTS, "user_id", "birth_date", "age"})
#: What a title of a number says where a group tells whose telephone it is.
_NUMBERED = "Phone number"
_CELLS, _OF_THE_NETWORK = frozenset({"cell", "cells"}), "Cell ID"


class Groups(msgspec.Struct, frozen=True):
    """Both rows of the headings. `composed`: a title for each column; `own`: what the lower row calls it.

    `doubt` says why the groups are not certain. `is_of_several`: what stands under one group is not the other's.
    """

    above: int  # the numbers of the rows
    row: int
    over: tuple[str, ...]
    under: tuple[str, ...]
    composed: tuple[str, ...]
    own: tuple[str, ...]
    doubt: NotUnderstood | None = None
    is_of_several: bool = True


class Grouped(Grid):
    """A table whose headings stand in two rows, as one whose headings stand in the lower of them."""

    def __init__(self, grid: Grid, groups: Groups) -> None:
        self._grid, self._groups = grid, groups
        self._first = next(at for at, text in enumerate(groups.under) if text)
        self._above = next(at for at, text in enumerate(groups.over) if text)
        self.sheet, self.delimiter, self.alone = grid.sheet, grid.delimiter, grid.alone
        self.learning_rows = grid.learning_rows
        self.heading_row, self.titles = groups.row, groups.own
        self.is_of_several, self.doubt = groups.is_of_several, groups.doubt

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the rows; either row of the headings that comes again below is the headings again."""
        groups = self._groups
        headings = [Cell(text) for text in groups.composed]
        for number, cells in self._grid.rows():
            is_again = number > groups.row and (
                _is_row(cells, groups.under, self._first) or _is_row(cells, groups.over, self._above)
            )
            yield number, headings if number == groups.row or is_again else cells

    def across(self, number: int) -> Mapping[int, int]:
        return self._grid.across(number)


def said_of(doubt: NotUnderstood, grid: Grid) -> NotUnderstood:
    """Return what is said of a table's groups with its sheet in the place."""
    return (
        doubt if grid.alone else msgspec.structs.replace(doubt, place=f"sheet “{grid.sheet}”, {doubt.place}")
    )


def with_groups(grid: Grid) -> Grid:
    """Return a grid with one row of headings: the same one unless its headings stand in two."""
    first: list[tuple[int, list[Cell]]] = []
    with suppress(TooLong):  # said when the rows are read
        first.extend(islice(grid.rows(), HEADING_WITHIN + 2))
    for place, ((above, over), (row, under)) in enumerate(pairwise(first), 2):
        found = _found(above, row, _texts(over), _texts(under), grid.across(above))
        if found is not None and not _goes_on(found, [_texts(cells) for _, cells in first[place:]]):
            return Grouped(grid, found)
        if any(value_kind(cell.text) for cell in under) and _are_titles(_texts(over)):
            break  # rows of an ordinary table have begun
    return grid


def _found(
    above: int, row: int, over: list[str], under: list[str], across: Mapping[int, int]
) -> Groups | None:
    width = max(len(over), len(under))
    if width > _WIDEST:
        return None
    over += [""] * (width - len(over))
    under += [""] * (width - len(under))
    tops = [at for at, text in enumerate(over) if text and under[at]]
    if len({over[at] for at in tops}) < _TWO or not _are_titles(under) or not all(map(_is_label, over)):
        return None
    if any(title_role(over[at]) != "unknown" for at in tops):
        return None  # roles over the headings are heeded where those are read
    groups = _spread(over, under, across)
    again = {title for title, count in Counter(map(_plain, filter(None, under))).items() if count > 1}
    if not _are_groups(over, under, groups, tops, again):
        return None
    reaches = max(Counter(filter(None, groups)).values(), default=0) > 1
    if not reaches and not all(words.kind_of(text) for text in under if text):
        return None  # each has its own title: a row under headings
    bare = set() if across else _past_the_last(under, groups, again)
    groups = ["" if at in bare else group for at, group in enumerate(groups)]
    told = _doubtful(above, row, under, groups, again, is_spread=not across)
    composed = [_composed(group, title, top) for group, title, top in zip(groups, under, over, strict=True)]
    own = [_own(group, title, under, groups) for group, title in zip(groups, under, strict=True)]
    if told is not None:
        composed, own = [title or top for title, top in zip(under, over, strict=True)], [""] * width
    is_of_one = told is None and all(map(_is_of_one, {over[at] for at in tops}))
    return Groups(
        above, row, tuple(over), tuple(under), tuple(composed), tuple(own),
        doubt=told or _unsettled(above, under, bare), is_of_several=not is_of_one,
    )  # fmt: skip


def _goes_on(groups: Groups, below: list[list[str]]) -> bool:
    """Say whether the row taken for titles is the first of several: words for kinds in a column, "phone" above "email"."""
    titles = list(groups.under)
    return any(
        texts[at] != titles[at] and words.kind_of(texts[at])
        for texts in below
        for at in range(min(len(texts), len(titles)))
        if titles[at] and texts != list(groups.over)
    )


def _spread(over: list[str], under: list[str], across: Mapping[int, int]) -> list[str]:
    """Return the group over each column: as far as its cell is merged, else to the next title, of nothing without a title."""
    groups: list[str] = []
    last = ""
    until = -1
    for at, title in enumerate(under):
        if over[at]:
            last, until = over[at], across.get(at, at if across else len(under))
            last = last if title else ""  # a title of one column, over both rows
        groups.append(last if title and at <= until else "")
    return groups


def _are_groups(
    over: list[str], under: list[str], groups: list[str], tops: list[int], again: set[str]
) -> bool:
    """Say whether a row is of groups: titles come again below it, or its titles tell two ends and go over several."""
    if again:
        return any(words.kind_of(title) for title in again)
    ends = {over[at] for at in tops if words.has_direction(over[at])}
    reach = Counter(group for at, group in enumerate(groups) if group and under[at] and not over[at])
    return len(ends) >= _TWO and any(reach[end] for end in ends)


def _past_the_last(under: list[str], groups: list[str], again: set[str]) -> set[int]:
    """Return the columns that no group is certain to reach: what is of the record, and what follows all that comes again.

    Nothing but blanks tells how far a title goes. "Duration" is of no party; and behind the last party's number it may
    stand as well as an e-mail address.
    """
    ends = [at for at, title in enumerate(under) if _plain(title) in again]
    last = groups[ends[-1]] if ends else ""
    return {
        at
        for at, title in enumerate(under)
        if title
        and _plain(title) not in again
        and (words.kind_of(title) in _OF_RECORDS or (ends and at > ends[-1] and groups[at] == last))
    }


_OF_RECORDS = frozenset({"time", "clock", "zone", "event", "text", "line_number"})


def _doubtful(
    above: int, row: int, under: list[str], groups: list[str], again: set[str], *, is_spread: bool
) -> NotUnderstood | None:
    """Say why titles that come again are not certain to be of the groups over them; None where they are."""
    named = [(groups[at], _plain(title)) for at, title in enumerate(under) if _plain(title) in again]
    is_certain = all(group for group, _ in named) and len(set(named)) == len(named)
    if is_certain and is_spread and named:
        first = named[0][1]
        titles = {group: [title for of, title in named if of == group] for group, _ in named}
        # A title in the middle of its group would begin it too late: its first column were the one's before.
        is_certain = all(of[0] == first for of in titles.values() if first in of)
    if is_certain:
        return None
    said = (
        f"Rows {above} and {row} look like titles of groups over titles of columns, and nothing tells for certain which column"
        " is of which group: the titles are read as they stand, and what a row holds is nobody's in particular."
    )
    return NotUnderstood(text=said, place=f"row {above}")


def _unsettled(above: int, under: list[str], bare: set[int]) -> NotUnderstood | None:
    """Say which titles of what somebody has stand under no group for certain."""
    titles = [under[at] for at in sorted(bare) if words.kind_of(under[at]) in _OF_SOMEBODY]
    if not titles:
        return None
    named = ", ".join(f"“{title[:40]}”" for title in titles)
    said = f"Nothing tells for certain how far the last title in row {above} goes: read without it: {named}."
    return NotUnderstood(text=said, place=f"row {above}")


def _composed(group: str, title: str, top: str) -> str:
    if not title:
        return top
    return title if not group or _plain(title).startswith(_plain(group)) else f"{group} {title}"


def _own(group: str, title: str, under: list[str], groups: list[str]) -> str:
    """Return what a column is called within its group: a party's "Number" is a telephone's, "Cell" beside it is none."""
    if not group or not words.has_direction(group):
        return title if group else ""
    kind = words.kind_of(title)
    if kind == "line_number":
        return _NUMBERED
    beside = {
        words.kind_of(other)
        for other, of in zip(under, groups, strict=True)
        if of == group and other != title
    }
    is_of_the_network = _plain(title) in _CELLS and not beside.isdisjoint({"phone", "line_number"})
    return _OF_THE_NETWORK if is_of_the_network else title


def _is_of_one(group: str) -> bool:
    """Say whether a group is only one of several that a person has ("Home", "Work")."""
    told = words.tokens(group)
    return vocabulary.FILLER.issuperset(told) and not any(map(str.isdecimal, told))


def _are_titles(texts: list[str]) -> bool:
    filled = [text for text in texts if text]
    known = sum(1 for text in filled if words.kind_of(text) or words.within(text))
    return len(filled) >= _TWO and all(map(_is_label, filled)) and known * 2 >= len(filled)


def _is_label(text: str) -> bool:
    return not text or (may_be_a_label(text) and not value_kind(text) and not text.isdecimal())


def _texts(cells: Sequence[Cell]) -> list[str]:
    return [cell.text.strip() for cell in cells]


def _plain(text: str) -> str:
    return " ".join(words.tokens(text))


def _is_row(cells: Sequence[Cell], texts: Sequence[str], at: int) -> bool:
    if at >= len(cells) or cells[at].text.strip() != texts[at]:
        return False  # as of nearly every row
    return [text for text in _texts(cells) if text] == [text for text in texts if text]
