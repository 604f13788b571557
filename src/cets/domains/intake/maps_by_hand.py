"""Column maps that an officer picks by hand for a table: those that ship, and those that the agency saved for other shapes.

What is picked settles nothing: it is what the screen starts from, and the officer confirms it or changes it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.models import SavedColumnMap
from cets.domains.intake.rows import Column, ColumnMap
from cets.domains.intake.tables.shipped import layouts, levelled


class Told(msgspec.Struct, frozen=True):
    """How a map reads one column. `day_first` is told by an agency's own map only."""

    read_as: str
    role: Role = "unknown"
    day_first: bool | None = None


@dataclass(frozen=True)
class Offered:
    """A map that may be picked. `key` names it in an address; `fits`: how many of the table's columns it knows."""

    key: str
    name: str
    is_shipped: bool
    fits: int
    columns: Mapping[str, Told]  # by heading, levelled


def offered(agency_id: UUID, guess: ColumnMap) -> list[Offered]:
    """Return the maps that know a column of this table: the agency's own first, then the one that knows most."""
    headings = {levelled(column.heading) for column in guess.columns} - {""}
    found = []
    for key, name, is_shipped, columns in (*_saved(agency_id), *_shipped()):
        known = {heading: told for heading, told in columns.items() if heading in headings}
        if known:
            fits = sum(levelled(column.heading) in known for column in guess.columns)
            found.append(Offered(key, name, is_shipped, fits, known))
    return sorted(found, key=lambda one: (one.is_shipped, -one.fits, one.name))


def applied(guess: ColumnMap, picked: Offered) -> ColumnMap:
    """Return the table as a map would have it read; columns that the map does not know stay as they were.

    An officer chose it, so it is taken at its word; where the values were seen to be of another kind, or a date can still
    be read in two ways, the column is left to ask.
    """
    columns = (_told(column, picked.columns.get(levelled(column.heading))) for column in guess.columns)
    return msgspec.structs.replace(guess, columns=tuple(columns), shipped="")


def _told(column: Column, told: Told | None) -> Column:
    if told is None:
        return column
    is_same = told.read_as == column.read_as
    is_other = told.read_as in kinds.KINDS and column.read_as in kinds.KINDS and not is_same
    return msgspec.structs.replace(
        column,
        read_as=told.read_as,
        role=told.role,
        day_first=column.day_first if told.day_first is None else told.day_first,
        sure=not is_other and column.kept_because != "disagrees" and (column.sure or not is_same),
        kept_because="",
    )


_Map = tuple[str, str, bool, Mapping[str, Told]]


def _shipped() -> Iterator[_Map]:
    for one in layouts():
        columns = {heading: Told(told.read_as, told.role) for heading, told in one.columns.items()}
        yield f"shipped-{one.name}", one.shown, True, columns


def _saved(agency_id: UUID) -> Iterator[_Map]:
    for one in SavedColumnMap.objects.filter(agency_id=agency_id).order_by("name", "id"):
        headings = json.loads(one.headings)
        columns = {
            levelled(heading): Told(told["read_as"], told["role"], told["day_first"])
            for heading, told in zip(headings, one.column_map["columns"], strict=False)
            if levelled(heading)
        }
        yield f"saved-{one.id}", one.name, False, columns
