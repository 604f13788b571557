"""What every source offers. One folder per source: `source.py`, `examples/`, `README.md`, quirks as tests."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import BinaryIO, ClassVar

import msgspec

from cets.domains.identifiers.own import OwnPattern
from cets.domains.intake.rows import AnyRow, ColumnMap


class Options(msgspec.Struct, frozen=True):
    """What a file is read with. `country`: of the reading agency.

    `column_maps`: of its tables, settled by an officer or saved earlier, each for the sheet it names; `inside`: the same
    for what an archive holds, by the names that its `MemberStart`s have. `told`: how many members of an archive, and rows
    of the last of them, came out before a process ended in it: they are not told again, and what comes behind is.
    `patterns`: the agency's own, of this version.
    """

    country: str | None = None
    column_maps: tuple[ColumnMap, ...] = ()
    inside: dict[str, tuple[ColumnMap, ...]] = {}
    told: tuple[int, int] = (0, 0)
    day_first: bool | None = None
    max_rows: int = 2_000_000
    max_text: int = 10_000_000  # characters of one value or message that are read
    patterns: tuple[OwnPattern, ...] = ()
    patterns_version: int = 0


class Source(ABC):
    """Reads one format. Stateless; the registry in `sources/__init__.py` holds one instance of each, in order of trial."""

    name: ClassVar[str]  # the contract's name: "cybertip_json"
    caption: ClassVar[str]  # "CyberTipline report (JSON)"
    version: ClassVar[str]  # of the parser; on every receipt

    @abstractmethod
    def recognises(self, head: bytes, size: int) -> float:
        """Return 0..1 from the first 64 KiB of content, never from the file's name. The highest wins."""

    @abstractmethod
    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        """Yield rows. `file` is seekable and at its start. Faults of the content become rows, not exceptions."""
