"""Headings that come again among the rows, as programs leave them that write one export below the other."""

from collections.abc import Sequence

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.rows import ColumnMap, NotUnderstood
from cets.domains.intake.tables import words
from cets.domains.intake.tables.cells import Cell

_SEVERAL = 2
AGAIN = "repeats the headings: not read as a row."
ANOTHER = (
    "looks like the headings of another table: not read as a row."
    " What follows is read under the headings of the first."
)


def repeats(headings: Sequence[str], cells: Sequence[Cell]) -> bool:
    """Say whether a row is the headings once more."""
    told, texts = _plain(headings), _plain([cell.text for cell in cells])
    return bool(told) and texts == told


def headings_again(column_map: ColumnMap, cells: Sequence[Cell], *, place: str) -> NotUnderstood | None:
    """Return what is said of a row that holds headings, None for any other row."""
    if repeats([column.heading for column in column_map.columns], cells):
        what = AGAIN
    elif _heads_another(column_map, cells):
        what = ANOTHER
    else:
        return None
    return NotUnderstood(text=f"{place[:1].upper()}{place[1:]} {what}", place=place)


def role_again(column_map: ColumnMap, cells: Sequence[Cell]) -> Role | None:
    """Return the role of what follows headings in the middle of a table: None, that of the first headings, if they name the same.

    Under "Victim email" no row is a suspect's any more, whatever the first headings said.
    """
    first = {words.role_of(column.heading) for column in column_map.columns} - {"unknown"}
    roles = {words.role_of(cell.text) for cell in cells} - {"unknown"}
    if roles == first:
        return None
    return "victim" if "victim" in roles else "unknown"


def _heads_another(column_map: ColumnMap, cells: Sequence[Cell]) -> bool:
    """Say whether a row holds headings only, of several kinds, and one of them where an identifier would stand.

    A platform's name is a heading and a value; with a user called "alias" on it the row is still of somebody.
    """
    filled = [cell.text for cell in cells if cell.text.strip()]
    told: list[str | None] = []
    for text in filled:
        told.append(words.kind_of(text))
        if told[-1] is None:
            return False  # as in nearly every row, by its first cell
    return (
        column_map.heading_row > 0
        and len(set(told)) >= _SEVERAL
        and not any(map(words.platform_of, filled))
        and any(
            column.index < len(cells) and cells[column.index].text.strip()
            for column in column_map.columns
            if column.read_as in kinds.KINDS
        )
    )


def _plain(texts: Sequence[str]) -> list[str]:
    plain = [" ".join(text.split()).casefold() for text in texts]
    while plain and not plain[-1]:
        plain.pop()
    return plain
