"""Tables of fields and values, one below the other ("IMEI, 490154203237518"): one record, read by its fields."""

from contextlib import suppress
from itertools import islice, pairwise

import msgspec

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.tables import words
from cets.domains.intake.tables.cells import Cell, Grid, TooLong
from cets.domains.intake.tables.standing import title_role

MOST_FIELDS = 200
_TWO = 2
#: What stands above the fields and the values, and is neither.
_ABOVE_FIELDS = frozenset({
    "field", "fields", "property", "attribute", "item", "key", "parameter", "feld", "merkmal", "champ", "campo",
    "pole", "veld", "поле", "alan", "type", "kind", "typ", "tipo", "art",
})  # fmt: skip
#: What one person has several of, each with its own fields.
_SEVERAL_OF_ONE = frozenset({"ip", "port", "time", "device", "imei", "imsi", "mac", "hash", "url", "event"})


class Field(msgspec.Struct, frozen=True):
    """One line of a form: where it stands, what it is called and what it says."""

    row: int
    name: str
    value: Cell


class Form(msgspec.Struct, frozen=True):
    """The fields of a form in order, and its lines that are none."""

    fields: tuple[Field, ...]
    others: tuple[tuple[int, str], ...]

    @property
    def is_of_one(self) -> bool:
        """Say whether no field comes twice: a list of several of a kind may be of several people."""
        return len({field.name.casefold() for field in self.fields}) == len(self.fields)

    def records(self) -> tuple[range, tuple[range, ...]]:
        """Return the fields above all records, and those of each.

        "Suspect" and "Victim" begin one where fields stand between them, else the first field that comes again does. A
        list of single values is one record, and so is one of what one person has several of.
        """
        names = [field.name.casefold() for field in self.fields]
        are_roles = [words.is_only_a_role(name) for name in names]
        starts = [
            n for n, is_role in enumerate(are_roles) if is_role and not any(are_roles[max(n - 1, 0) : n])
        ]
        if len(starts) >= _TWO:
            return range(starts[0]), self._from(starts)
        lead = next((name for name in names if names.count(name) > 1), None)
        starts = [place for place, name in enumerate(names) if name == lead]
        records = self._from(starts)
        if lead is None or words.kind_of(lead) in _SEVERAL_OF_ONE or any(len(one) == 1 for one in records):
            return range(0), (range(len(names)),)
        return range(starts[0]), records

    def _from(self, starts: list[int]) -> tuple[range, ...]:
        return tuple(range(*ends) for ends in pairwise([*starts, len(self.fields)]))

    def title_role(self, place: int, sheet: str | None) -> Role:
        """Return the role that the sheet's name, or the last title above a field, gives to it."""
        above = [text for number, text in self.others if number < self.fields[place].row]
        told = [role for text in above if (role := title_role(text)) != "unknown"]
        return told[-1] if told else title_role(sheet or "")

    def part(self, places: range, *, first: bool) -> "Form":
        return Form(self.fields[places.start : places.stop], self.others if first else ())


def form_of(grid: Grid) -> Form | None:
    """Return a table's fields, None when it is too long to be a form."""
    lines: list[tuple[int, list[Cell]]] = []
    with suppress(TooLong):  # said when the rows are read
        lines.extend(islice(grid.rows(), MOST_FIELDS + 1))
    if len(lines) > MOST_FIELDS:
        return None
    fields: list[Field] = []
    others: list[tuple[int, str]] = []
    for number, cells in lines:
        filled = [index for index, cell in enumerate(cells) if cell.text.strip()]
        name = cells[0].text.strip() if cells else ""
        if filled == [0, 1] and not (not fields and _ABOVE_FIELDS.issuperset(words.tokens(name))):
            fields.append(Field(number, name, cells[1]))
        elif filled:
            others.append((number, " ".join(cells[index].text.strip() for index in filled)))
    return Form(tuple(fields), tuple(others))
