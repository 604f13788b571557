"""Whose the rows are by what stands above them: the name of the sheet, a title, a row of its own, roles over the headings."""

import re
from collections.abc import Sequence
from typing import Literal

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.tables import words
from cets.domains.intake.tables.cells import Cell
from cets.domains.intake.tables.repeats import AGAIN, Headings, role_of_headings
from cets.domains.intake.tables.titles import title_role, title_told

_COUNT_OR_DATE = re.compile(r"\d{1,4}|\d{1,4}([./\-])\d{1,2}\1\d{1,4}")
_LIKE_A_NAME = re.compile(r"\w_|[^\W\d]\d|\d[^\W\d]")  # "victim_1" is a user
_SEVERAL = 2


def roles_over(rows: Sequence[Sequence[Cell]], headings: Sequence[str]) -> list[Role]:
    """Return the role over each column, from the last of the rows above the headings that names roles over some of them.

    A role reaches to the right until the next filled cell, as that of joined cells does. One alone in its row is the
    title of all columns, in whichever cell it stands, unless the headings come again below it.
    """
    for cells in reversed(rows):
        filled = [one for one in _filled(cells) if not _COUNT_OR_DATE.fullmatch(one[1])]
        told = [title_role(text) for _, text in filled]
        if all(role == "unknown" for role in told):
            continue
        if len(filled) == 1 and not _come_again(headings, filled[0][0]):
            break  # nearer than roles further up
        over: list[Role] = ["unknown"] * len(headings)
        for (index, _), role in zip(filled, told, strict=True):
            over[index:] = [role] * len(over[index:])
        return over
    return ["unknown"] * len(headings)


def _come_again(headings: Sequence[str], place: int) -> bool:
    plain = [" ".join(words.tokens(text)) for text in headings]
    return not set(filter(None, plain[:place])).isdisjoint(plain[place:])


class Standing:
    """The role under which the rows stand that are being gone through: of the sheet's name, then of titles and headings.

    What comes later counts. A victim's rows stay hers until a title or headings plainly give those that follow to others.
    """

    def __init__(self, sheet: str | None, headings: Headings, *, role_columns: Sequence[int] = ()) -> None:
        self.role = self._of_sheet = self._first = title_role(sheet or "")
        #: What outranks the roles of the columns since the first headings.
        self.later: Literal["", "title", "headings"] = ""
        self._headings, self._is_list = headings, len(headings.texts) < _SEVERAL
        self._role_columns = role_columns
        self._has_blocks = self._is_under_title = False

    @property
    def is_victims(self) -> bool:
        return self.role == "victim" or (not self.later and "victim" in self._headings.roles)

    def take(self, number: int, cells: Sequence[Cell]) -> str:
        """Take a row up, and return what is said of it if it is none but a title or headings below the first headings."""
        if number == self._headings.row:
            return ""
        if self._is_title(number, cells):
            self._is_under_title = True
            whose = "nobody in particular" if self.role == "unknown" else f"a {self.role}"
            return f"names a role and is no row: the rows that follow are read as of {whose}."
        if number < self._headings.row:
            return ""
        said = self._headings.again(cells, is_under_title=self._is_under_title)
        if said:
            self._head(cells, is_first=said == AGAIN)
        self._is_under_title = False
        return said

    def _head(self, cells: Sequence[Cell], *, is_first: bool) -> None:
        """Take headings up that stand below the first."""
        role = role_of_headings(cells)
        if self._is_under_title:
            # The title's own headings: they may say more, and take nothing from a victim.
            if role == "victim" or self.role == "unknown":
                self.role = role or self.role
        elif is_first and role is not None:
            self.role, self.later = self._first, ""
        elif role is not None:
            self.role, self.later = role, "headings"
        elif not is_first and not self.later and self._headings.roles:
            self.role, self.later = ("victim" if self.is_victims else "unknown"), "headings"

    def _is_title(self, number: int, cells: Sequence[Cell]) -> bool:
        titled = _titled(cells)
        is_below = number > self._headings.row
        told = title_told(titled[1], among_rows=is_below) if titled else None
        if titled is None or told is None:
            self._end_block(titled)
            return False
        role, is_plain, place = told.role, told.is_plain, titled[0]
        may_be_a_value = not self._headings.refuses(place, titled[1])
        is_beside = place in self._role_columns or (
            not is_plain and may_be_a_value and (self._is_list or place > 0)
        )
        is_value = place in self._headings.identifiers and (
            (not is_plain and may_be_a_value) or _LIKE_A_NAME.search(titled[1])
        )
        if is_below and self.is_victims and not told.ends_victims:
            return False
        if is_below and (is_beside or (is_value and not self._is_list)):
            return False
        if is_below:
            self.role = self._of_sheet if role == "unknown" else role
            self._has_blocks, self.later = True, "title"
        elif role == "victim" or (role != "unknown" and not _come_again(self._headings.texts, place)):
            self.role = self._first = role
        return is_below

    def _end_block(self, titled: tuple[int, str] | None) -> None:
        """Where blocks are headed by rows of one cell, another such row may head the next: nobody below it is a suspect for sure."""
        if (
            self._has_blocks
            and titled is not None
            and titled[0] == 0
            and not self._is_list
            and self.role != "victim"
        ):
            self.role = self._of_sheet


def _titled(cells: Sequence[Cell]) -> tuple[int, str] | None:
    """Return the one text of a row and where it stands: alone, in all cells as joined ones leave it, or beside a count or a date."""
    filled = _filled(cells)
    telling = [one for one in filled if not _COUNT_OR_DATE.fullmatch(one[1])]
    return telling[0] if len({text for _, text in telling}) == 1 else None


def _filled(cells: Sequence[Cell]) -> list[tuple[int, str]]:
    return [(index, text) for index, cell in enumerate(cells) if (text := cell.text.strip())]
