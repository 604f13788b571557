"""Which of a table's first values are a victim's, as the role column of their row says: who settles the columns does not see them.

What stands above the rows says it, too: that is heeded where the values are gathered.
"""

from contextlib import suppress
from itertools import islice

import msgspec

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.reading import is_empty
from cets.domains.intake.rows import Column, ColumnMap
from cets.domains.intake.tables import words
from cets.domains.intake.tables.carried import Carried
from cets.domains.intake.tables.cells import Cell, Grid, TooLong
from cets.domains.intake.tables.closings import parted
from cets.domains.intake.tables.people import NAME_PARTS
from cets.domains.intake.tables.repeats import Headings
from cets.domains.intake.tables.role_marks import exact_role, may_say_whose, name_and_role
from cets.domains.intake.tables.standing import Standing

_LOOKED_AT = 20_000  # rows, where no column is one of roles


def mark_victims(column_map: ColumnMap, grid: Grid) -> ColumnMap:
    """Return the map with `victims` of each column filled in. Goes through the rows as far as the samples reach.

    A column counts that is read as a role, and one that is headed as such though its values were not taken for roles.
    """
    telling = [
        c
        for c in column_map.columns
        if c.read_as in ("role", "fact", "text", *NAME_PARTS) or words.kind_of(c.heading) == "role"
    ]
    if not telling:
        return column_map
    found = _of_form(column_map, telling) if column_map.form else _of_rows(column_map, telling, grid)
    columns = tuple(
        msgspec.structs.replace(c, victims=tuple(sorted({*c.victims, *found[c.index]})))
        for c in column_map.columns
    )
    return msgspec.structs.replace(column_map, columns=columns)


def _of_form(column_map: ColumnMap, telling: list[Column]) -> dict[int, list[int]]:
    """A form is one row: its role is that of every field."""
    is_victims = any(_says_victim(c, sample) for c in telling for sample in c.samples)
    return {c.index: list(range(len(c.samples))) if is_victims else [] for c in column_map.columns}


def _of_rows(column_map: ColumnMap, telling: list[Column], grid: Grid) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {c.index: [] for c in column_map.columns}
    seen = dict.fromkeys(found, 0)
    waiting = {c.index: len(c.samples) for c in column_map.columns if c.samples}
    role_columns = [column.index for column in telling]
    standing = Standing(grid.sheet, Headings.of(column_map), role_columns=role_columns)
    of_roles = [column for column in telling if column.read_as == "role"]
    carried = Carried([c.index for c in of_roles], {c.index: c.heading for c in column_map.columns})
    limit = None if any(column.read_as == "role" for column in telling) else _LOOKED_AT
    with suppress(TooLong):  # said when the rows are read
        headings = [column.heading for column in column_map.columns]
        for number, cells, closes in parted(islice(grid.rows(), limit), headings, column_map.heading_row):
            if not waiting:
                break
            if closes or standing.take(number, cells) or number <= column_map.heading_row:
                carried.end()
                continue
            told: list[Role | None] = ["victim" for c in of_roles if _is_victims(cells, [c])]
            is_victims = bool(carried.role(cells, told)) or _is_victims(cells, telling)
            for index in [i for i in waiting if i < len(cells) and not is_empty(cells[i].text.strip())]:
                if is_victims:
                    found[index].append(seen[index])
                seen[index] += 1
                if seen[index] == waiting[index]:
                    del waiting[index]
    return found


def _is_victims(cells: list[Cell], telling: list[Column]) -> bool:
    return any(_says_victim(c, cells[c.index].text) for c in telling if c.index < len(cells))


def _says_victim(column: Column, text: str) -> bool:
    if column.read_as == "role" or words.kind_of(column.heading) == "role":
        return words.role_told(column.heading, text)[0] == "victim"
    if column.read_as in NAME_PARTS:
        return column.role == "unknown" and name_and_role(text)[1] == "victim"
    return may_say_whose(column.heading) and exact_role(text.strip()) == "victim"
