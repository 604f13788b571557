"""What a verification found, and how two lists of leaves that ought to be one are told apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    ALTERED = "altered"  # an event's columns are not what was chained
    PAYLOAD = "payload"  # what the event said is not what it committed to
    MISSING = "missing"  # a chained event, or its link, is gone
    INSERTED = "inserted"  # a row that was never chained stands as if it had been
    MOVED = "moved"  # rows stand at other places of the chain
    LINK = "link"  # a link's hash is not the one that was signed
    REHASHED = "rehashed"  # heads were computed anew over a changed chain
    TRUNCATED = "truncated"  # the end is cut off, or an old copy of the database was put in place
    BROKEN = "broken"  # the chain does not continue, where no signed line says which row is right
    HEADS = "heads"  # a line of the heads file is cut, damaged, forged or gone


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `seq` to `last` are places in the chain; `line` is the heads file's, counted from 1."""

    kind: Kind
    text: str
    seq: int | None = None
    last: int | None = None
    event_id: UUID | None = None
    number: int | None = None
    line: int | None = None


@dataclass(slots=True)
class Report:
    """The state of the audit record."""

    chained: int = 0
    unchained: int = 0  # committed, waiting for the sequencer
    witnessed: int = 0  # compared with a signed line of the second place
    unwitnessed_before: int = 0  # older than this heads file
    unwitnessed_after: int = 0  # not yet in the heads file
    erased: int = 0  # payloads lawfully gone; the chain holds without them
    cut_lines: int = 0  # cut by a stop and written again
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        return not self.problems


Leaf = tuple[int, bytes]


@dataclass(slots=True)
class Difference:
    """Places where table and witness disagree: the table's leaves there, and the witness's."""

    table: list[Leaf] = field(default_factory=list)
    witness: list[Leaf] = field(default_factory=list)
    end: int = 0  # the last place that the witness knows

    def problems(self) -> list[Problem]:
        """Name each row that was put in, taken out, replaced or moved; a shift of many is one finding."""
        stood_at = {leaf: seq for seq, leaf in self.witness}
        stands_at = {leaf: seq for seq, leaf in self.table}
        gone = {seq for seq, leaf in self.witness if leaf not in stands_at}
        strange = [seq for seq, leaf in self.table if leaf not in stood_at and seq <= self.end]
        moves = [(seq, seq - stood_at[leaf]) for seq, leaf in self.table if leaf in stood_at]
        return [
            *(_replaced(seq) for seq in strange if seq in gone),
            *(_inserted(seq) for seq in strange if seq not in gone),
            *(self._missing(first, last) for first, last in ranges(sorted(gone.difference(strange)))),
            *_moved(sorted(move for move in moves if move[1])),
        ]

    def moved(self) -> set[int]:
        """Return the places where a signed row of another place stands."""
        stood_at = {leaf for _, leaf in self.witness}
        return {seq for seq, leaf in self.table if leaf in stood_at}

    def _missing(self, first: int, last: int) -> Problem:
        if last < self.end or self._is_followed(last):
            return Problem(
                Kind.MISSING,
                f"{_places(first, last)} signed in the heads file, gone from the table.",
                first,
                last,
            )
        return Problem(
            Kind.TRUNCATED,
            f"{_places(first, last)} signed in the heads file; the table ends before. Its end was cut off, or"
            " an old copy of the database was put in place.",
            first,
            last,
        )

    def _is_followed(self, seq: int) -> bool:
        return any(there >= seq for there, _ in self.table)


def _replaced(seq: int) -> Problem:
    return Problem(
        Kind.LINK, f"Chain number {seq}: the table's hash is not the one signed in the heads file.", seq, seq
    )


def _inserted(seq: int) -> Problem:
    return Problem(Kind.INSERTED, f"Chain number {seq}: a row that the heads file does not know.", seq, seq)


def _moved(moves: Sequence[tuple[int, int]]) -> Iterable[Problem]:
    runs: list[list[int]] = []
    for seq, shift in moves:
        if runs and runs[-1][1] == seq - 1 and runs[-1][2] == shift:
            runs[-1][1] = seq
        else:
            runs.append([seq, seq, shift])
    for first, last, shift in runs:
        yield Problem(
            Kind.MOVED,
            f"{_places(first, last)} in the table: signed at {first - shift} to {last - shift}.",
            first,
            last,
        )


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return runs of consecutive numbers as (first, last)."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _places(first: int, last: int) -> str:
    return f"Chain number {first}" if first == last else f"Chain numbers {first} to {last}"
