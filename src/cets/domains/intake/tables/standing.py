"""Whose the rows are by what stands above them: the name of the sheet, a title, a row of its own, roles over the headings."""

from collections.abc import Sequence

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.rows import NotUnderstood
from cets.domains.intake.tables import denials, vocabulary, words
from cets.domains.intake.tables.cells import Cell

_LONGEST_TITLE = 60  # characters
_LONGEST_COUNT = 4  # digits
_SEVERAL = 2
_BESIDE = vocabulary.TITLES | (vocabulary.FILLER - denials.NEGATIONS)

#: Between a role and what is somebody else's ("Accounts used to contact victims", "Nachrichten an Opfer").
_RELATIONS = frozenset({
    "to", "by", "from", "with", "against", "near", "who", "whom", "which", "that", "towards", "contact", "contacted",
    "mit", "gegen", "durch", "bei", "par", "avec", "contre", "aux", "au", "con", "contra", "por", "ai", "com",
    "aan", "met", "tegen", "door", "z", "ze", "przez", "till", "med", "mot", "til",
})  # fmt: skip
#: Beside a role they are the name of a place of work ("Victim support", "Victim identification unit").
_OFFICES = frozenset({
    "support", "unit", "team", "service", "services", "office", "centre", "center", "charity", "helpline", "identification",
    "opferschutz", "opferhilfe", "aide", "oficina", "assistenza", "slachtofferhulp",
})  # fmt: skip


def title_told(text: str) -> tuple[Role, bool] | None:
    """Return the role that a title gives to what stands under it, and whether it is all it says. None: it speaks of none.

    "Potential victims" and "Victims and witnesses" give the victims', as a cell of a role column would: who is masked
    without need is found again. "Possible suspects" give none, and "Accounts used to contact victims" are not theirs.
    """
    said = words.tokens(text) if len(text) <= _LONGEST_TITLE else []
    told = " ".join(word for word in said if word not in _BESIDE and len(word) > 1)
    if words.is_only_a_role(told) and words.role_told("", told)[1]:
        return words.role_of(told), True
    roles = words.roles_spoken_of(said)
    if not roles:
        return None
    is_of_others = not (denials.NEGATIONS | _RELATIONS | _OFFICES).isdisjoint(said)
    return ("victim" if "victim" in roles and not is_of_others else "unknown"), False


def title_role(text: str) -> Role:
    """Return the role that a title gives to what stands under it, "unknown" if none."""
    return (title_told(text) or ("unknown", True))[0]


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
        self.role = self._of_sheet = title_role(sheet or "")
        self._heading_row, self._is_list = heading_row, width < _SEVERAL
        self._role_columns = role_columns
        self._has_blocks = False

    def heads(self, number: int, cells: Sequence[Cell]) -> bool:
        """Take a row up, and say whether it is one below the headings that speaks of the role of those that follow."""
        titled = _titled(cells)
        told = title_told(titled[1]) if titled else None
        if titled is None or told is None:
            self._end_block(titled)
            return False
        (role, is_plain), place = told, titled[0]
        is_below = number > self._heading_row
        is_beside = place in self._role_columns or (not is_plain and (self._is_list or place > 0))
        if is_below and is_beside:
            return False
        if is_below:
            self.role = self._of_sheet if role == "unknown" else role
            self._has_blocks = True
        elif place == 0 and role != "unknown":
            self.role = role
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

    def said(self, number: int, cells: Sequence[Cell], place: str) -> NotUnderstood | None:
        """Take a row up as `heads` does, and return what is said of it if it is one that speaks of a role."""
        if not self.heads(number, cells):
            return None
        whose = "nobody in particular" if self.role == "unknown" else f"a {self.role}"
        what = f"names a role and is no row: the rows that follow are read as of {whose}."
        return NotUnderstood(text=f"{place[:1].upper()}{place[1:]} {what}", place=place)


def _titled(cells: Sequence[Cell]) -> tuple[int, str] | None:
    """Return the one text of a row and where it stands: alone, in all cells as joined ones leave it, or beside a count."""
    filled = _filled(cells)
    telling = [one for one in filled if not (one[1].isdecimal() and len(one[1]) <= _LONGEST_COUNT)]
    return telling[0] if len({text for _, text in telling}) == 1 else None


def _filled(cells: Sequence[Cell]) -> list[tuple[int, str]]:
    return [(index, text) for index, cell in enumerate(cells) if (text := cell.text.strip())]
