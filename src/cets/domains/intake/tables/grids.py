"""Read a table of any file: guess what its columns hold, then its rows or, of a form, its records."""

from collections.abc import Iterator

import msgspec

from cets.domains.intake.rows import AnyRow, ColumnMap, NotUnderstood
from cets.domains.intake.sources.base import Options
from cets.domains.intake.tables.cells import Grid
from cets.domains.intake.tables.forms import Form, form_of
from cets.domains.intake.tables.groups import said_of, with_groups
from cets.domains.intake.tables.guess import guess_map
from cets.domains.intake.tables.rows import Table
from cets.domains.intake.tables.shipped import shipped_map
from cets.domains.intake.tables.whose import mark_victims


def read_grid(grid: Grid, options: Options) -> Iterator[AnyRow]:
    """Yield the column map, then the rows read by it: the officer's map when there is one, else the guess."""
    grid = with_groups(grid)
    guessed = guess_map(grid, options)
    given = next((one for one in options.column_maps if one.sheet in (None, grid.sheet)), None)
    column_map = _adopted(given, guessed) if given is not None else shipped_map(guessed) or guessed
    column_map = mark_victims(column_map, grid)
    yield column_map
    if grid.doubt is not None:
        yield said_of(grid.doubt, grid)
    form = form_of(grid) if column_map.form else None
    if form and form.fields:
        yield from _read_form(grid, column_map, form, options, settled=given is not None)
    else:
        yield from Table(grid, column_map, options, settled=given is not None).rows()


def _read_form(
    grid: Grid, column_map: ColumnMap, form: Form, options: Options, *, settled: bool
) -> Iterator[AnyRow]:
    """Read each record of a form by its own fields. A role above them all is everybody's that has none of his own."""
    told: set[str] = set()
    for section, within in form.parts():
        above = form.role_of(section, grid.sheet)
        if section.said:
            yield section.said
        head, records = form.records(within)
        for places in (head, *records) if head else records:
            columns = tuple(
                msgspec.structs.replace(column, index=column.index - places.start)
                for column in column_map.columns
                if column.index in places
            )
            part = msgspec.structs.replace(column_map, columns=columns)
            table = Table(
                grid, part, options, settled=settled, form=form.part(places, first=places.start == 0), above=above
            )  # fmt: skip
            for row in table.rows():
                if not isinstance(row, NotUnderstood) or row.text not in told:
                    yield row
                if isinstance(row, NotUnderstood):
                    told.add(row.text)
            if places == head and above != "victim":
                above = table.role_of_all


def _adopted(given: ColumnMap, guessed: ColumnMap) -> ColumnMap:
    """The officer's columns, with the counts and the spare digits of this file."""
    spare = {column.index for column in guessed.columns if column.spare_digits}
    columns = tuple(
        msgspec.structs.replace(column, sure=True, spare_digits=column.index in spare)
        for column in given.columns
    )
    return msgspec.structs.replace(
        given,
        columns=columns,
        rows=guessed.rows,
        sheet=guessed.sheet,
        delimiter=guessed.delimiter,
        shared=guessed.shared,
    )
