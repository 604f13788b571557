"""A table as cells of text, with what is lost when a cell becomes text."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from cets.domains.intake.rows import NotUnderstood

Sort = Literal["text", "number", "rounded", "date", "formula", "error"]


class Cell(msgspec.Struct, frozen=True):
    """One cell. `number`: may have lost leading zeros; `rounded`: its digits themselves are in doubt."""

    text: str
    sort: Sort = "text"


class TooLong(Exception):
    """A line or cell is longer than is read; the message says where and what the limit is."""


class Grid(ABC):
    """Rows of one sheet or file, which can be gone through more than once."""

    sheet: str | None = None
    delimiter: str | None = None
    #: Is this the only sheet? Then places need not name it.
    alone: bool = True
    #: How many rows are looked at before the first is read.
    learning_rows: int = 2_000_000
    #: The row of the headings where it is known beforehand, and what each is called without the title of its group.
    heading_row: int = 0
    titles: tuple[str, ...] = ()
    #: Are its groups of columns of several people? And what is not certain of them.
    is_of_several: bool = False
    doubt: "NotUnderstood | None" = None

    @abstractmethod
    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield (row number from 1, cells). Raises TooLong; what came before stands."""

    def across(self, number: int) -> Mapping[int, int]:  # noqa: ARG002 - only some files tell
        """Return the last column, by the first, of each cell of a row that reaches over several."""
        return {}


def letters(index: int) -> str:
    """Return the name of a column that has no heading, as a spreadsheet shows it."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
