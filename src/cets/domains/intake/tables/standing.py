"""Whose the rows are by what stands above them: the name of the sheet, a title, a row of its own, roles over the headings."""

from collections.abc import Sequence

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.rows import NotUnderstood
from cets.domains.intake.tables import denials, vocabulary, words
from cets.domains.intake.tables.cells import Cell

_LONGEST_TITLE = 60  # characters
_SEVERAL = 2
_BESIDE = vocabulary.TITLES | (vocabulary.FILLER - denials.NEGATIONS)


def title_role(text: str) -> Role:
    """Return the role that a title gives to what stands under it: "List of victims". Of more words than that, none.

    "Accounts used to contact victims" are not theirs.
    """
    said = words.tokens(text) if len(text) <= _LONGEST_TITLE else []
    told = " ".join(word for word in said if word not in _BESIDE and len(word) > 1)
    return words.role_of(told) if words.is_only_a_role(told) and words.role_told("", told)[1] else "unknown"


def role_row(cells: Sequence[Cell]) -> Role:
    """Return the role that is all a row of several columns says: it heads the rows that follow."""
    filled = _filled(cells)
    return title_role(filled[0][1]) if len(filled) == 1 else "unknown"


def roles_over(rows: Sequence[Sequence[Cell]], width: int) -> list[Role]:
    """Return the role over each column, from the last of the rows above the headings that names roles over some of them.

    A role reaches to the right until the next filled cell, as that of joined cells does.
    """
    for cells in reversed(rows):
        filled = _filled(cells)
        told = [title_role(text) for _, text in filled]
        if any(role != "unknown" for role in told) and (len(filled) >= _SEVERAL or filled[0][0] > 0):
            over: list[Role] = ["unknown"] * width
            for (index, _), role in zip(filled, told, strict=True):
                over[index:] = [role] * len(over[index:])
            return over
    return ["unknown"] * width


class Standing:
    """The role under which the rows stand that are being gone through, first that of the sheet's name."""

    def __init__(
        self, sheet: str | None, heading_row: int, width: int, *, role_columns: Sequence[int] = ()
    ) -> None:
        self.role: Role = title_role(sheet or "")
        self._heading_row, self._is_list = heading_row, width < _SEVERAL
        self._role_columns = role_columns

    def heads(self, number: int, cells: Sequence[Cell]) -> bool:
        """Take a row up, and say whether it is one below the headings that names the role of those that follow."""
        role = role_row(cells)
        if role == "unknown":
            return False
        is_below = number > self._heading_row
        if is_below and (self._is_list or _filled(cells)[0][0] in self._role_columns):
            return False
        if is_below or _filled(cells)[0][0] == 0:
            self.role = role
        return is_below

    def said(self, number: int, cells: Sequence[Cell], place: str) -> NotUnderstood | None:
        """Take a row up as `heads` does, and return what is said of it if it is one that names a role."""
        if not self.heads(number, cells):
            return None
        what = f"names a role and nothing else: the rows that follow are read as of a {self.role}."
        return NotUnderstood(text=f"{place[:1].upper()}{place[1:]} {what}", place=place)


def _filled(cells: Sequence[Cell]) -> list[tuple[int, str]]:
    return [(index, text) for index, cell in enumerate(cells) if (text := cell.text.strip())]
