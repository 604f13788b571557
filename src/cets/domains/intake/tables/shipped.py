"""Column maps that ship with the product: how common tables are laid out, as data files in `layouts/`, each with its version.

One is used where a table has the headings that it asks for and no officer settled it otherwise. An agency's own map for a
table of this shape comes before it.
"""

from functools import cache
from pathlib import Path

import msgspec

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.rows import Column, ColumnMap

FOLDER = Path(__file__).with_name("layouts")
#: What is read beside a telephone number, and what it is read as for all that.
_BASE = {"calling": "phone", "called": "phone"}


class LayoutColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a column is read: as in `actions.READ_AS`, or a kind of identifier."""

    read_as: str
    role: Role = "unknown"


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One layout. `required`: the headings that a table must have; `columns`: by heading, without case, blanks and signs."""

    name: str
    version: int
    caption: str
    origin: str  # where the knowledge of it is from
    required: tuple[str, ...]
    columns: dict[str, LayoutColumn]

    @property
    def shown(self) -> str:
        """What an officer reads of it."""
        return f"{self.caption}, version {self.version}"


@cache
def layouts() -> tuple[Layout, ...]:
    """Return every layout that ships, in order of name."""
    files = sorted(FOLDER.glob("*.json"))
    return tuple(msgspec.json.decode(path.read_bytes(), type=Layout) for path in files)


def shipped_map(guess: ColumnMap) -> ColumnMap | None:
    """Return the map of the layout that a table has, or None. What its values contradict stays as it was guessed."""
    headings = {levelled(column.heading) for column in guess.columns}
    fitting = [one for one in layouts() if guess.heading_row and headings.issuperset(one.required)]
    if not fitting:
        return None
    best = max(fitting, key=lambda one: (len(one.required), len(headings & one.columns.keys())))
    columns = tuple(_column(column, best.columns.get(levelled(column.heading))) for column in guess.columns)
    return msgspec.structs.replace(guess, columns=columns, shipped=best.shown)


def levelled(heading: str) -> str:
    """Return a heading without case, blanks and signs."""
    return "".join(sign for sign in heading.casefold() if sign.isalnum())


def _column(column: Column, told: LayoutColumn | None) -> Column:
    if told is None or _contradicts(column, _BASE.get(told.read_as, told.read_as)):
        return column
    keeps_doubt = told.read_as in ("time", "birth_date")  # day before month, or after it
    return msgspec.structs.replace(
        column,
        read_as=told.read_as,
        role=told.role,
        sure=column.sure if keeps_doubt else True,
        kept_because="",
    )


def _contradicts(column: Column, read_as: str) -> bool:
    """Say whether the values are plainly of another kind than the layout says: then the layout is not this table's."""
    if column.kept_because == "disagrees":
        return read_as in kinds.KINDS or read_as == "time"
    return read_as in kinds.KINDS and column.read_as in kinds.KINDS and column.read_as != read_as
