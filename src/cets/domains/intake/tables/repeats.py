"""Headings that come again among the rows, as programs leave them that write one export below the other."""

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.rows import ColumnMap
from cets.domains.intake.tables import words
from cets.domains.intake.tables.cells import Cell
from cets.domains.intake.tables.shapes import SHAPES, fits

_SEVERAL = 2
AGAIN = "repeats the headings: not read as a row."
ANOTHER = (
    "looks like the headings of another table: not read as a row."
    " What follows is read under the headings of the first."
)


OF_OTHERS = "repeats the headings for other people: not read as a row."


class Headings(msgspec.Struct, frozen=True):
    """The headings of a table, and under which of them identifiers stand."""

    texts: tuple[str, ...]
    identifiers: frozenset[int]
    row: int = 1

    @classmethod
    def of(cls, column_map: ColumnMap) -> "Headings":
        texts = tuple(column.heading for column in column_map.columns)
        at = frozenset(column.index for column in column_map.columns if column.read_as in kinds.KINDS)
        return cls(texts, at, column_map.heading_row)

    @property
    def roles(self) -> set[Role]:
        return _roles_of(self.texts)

    def refuses(self, place: int, text: str) -> bool:
        """Say whether a text can be no value under a heading: "Victims of Ash" is no user name, and no telephone."""
        kind = words.kind_of(self.texts[place]) if place < len(self.texts) else None
        return kind in kinds.KINDS and kind in SHAPES and not fits(kind, text)

    def again(self, cells: Sequence[Cell], *, is_under_title: bool) -> str:
        """Return what is said of a row that holds headings, nothing of any other row."""
        if repeats(self.texts, cells):
            return AGAIN
        if _repeats_for_others(self.texts, cells):
            return OF_OTHERS
        at = frozenset(range(len(cells))) if is_under_title else self.identifiers
        return ANOTHER if self.row > 0 and _heads_another(at, cells) else ""


def repeats(headings: Sequence[str], cells: Sequence[Cell]) -> bool:
    """Say whether a row is the headings once more."""
    told, texts = _plain(headings), _plain([cell.text for cell in cells])
    return bool(told) and texts == told


@lru_cache(maxsize=64)
def _role_places(headings: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(place for place, text in enumerate(headings) if words.is_only_a_role(text))


def _repeats_for_others(headings: tuple[str, ...], cells: Sequence[Cell]) -> bool:
    """Say whether a row is the headings once more, of another role: "Victim, Username" below "Suspect, Username"."""
    places = _role_places(headings)
    if not any(at < len(cells) and words.is_only_a_role(cells[at].text) for at in places):
        return False  # as of nearly every row
    told, texts = _plain(headings), _plain([cell.text for cell in cells])
    if len(told) != len(texts):
        return False
    others = [place for place, text in enumerate(told) if text != texts[place]]
    are_roles = all(place in places and words.is_only_a_role(texts[place]) for place in others)
    return are_roles and len(others) < sum(map(bool, told))


def role_of_headings(cells: Sequence[Cell]) -> Role | None:
    """Return whose the rows are below headings in the middle of a table, None where these name nobody.

    Under "Victim email" no row is a suspect's; under "Name, Suspect email" nobody knows what the row's person is.
    """
    texts = [text for cell in cells if (text := cell.text.strip())]
    roles = _roles_of(texts)
    if not roles:
        return None
    if "victim" in roles:
        return "victim"
    return words.role_of(texts[0]) if len(roles) == 1 else "unknown"


def _roles_of(texts: Sequence[str]) -> set[Role]:
    return {words.role_of(text) for text in texts} - {"unknown"}


def _heads_another(identifiers: frozenset[int], cells: Sequence[Cell]) -> bool:
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
        len(set(told)) >= _SEVERAL
        and not any(map(words.platform_of, filled))
        and any(index < len(cells) and cells[index].text.strip() for index in identifiers)
    )


def _plain(texts: Sequence[str]) -> list[str]:
    plain = [" ".join(text.split()).casefold() for text in texts]
    while plain and not plain[-1]:
        plain.pop()
    return plain
