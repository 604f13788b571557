"""Identifiers that a platform writes into a text as its own mark-up ("<@123>"), beside those that people write."""

import bisect
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Sighting


class Call(msgspec.Struct, frozen=True):
    """Mark-up in a text, from `start` to `end`, that stands for the identifier `raw`; "" when it is for nothing."""

    start: int
    end: int
    kind: str
    raw: str


def by_name(text: str, kind: str, members: Mapping[str, str]) -> list[Call]:
    """Return where a text calls members by "@" and their name, which may have blanks. `members`: identifier by name."""
    names = sorted(filter(None, list(members)[:_MOST_MEMBERS]), key=len, reverse=True)
    if not names or "@" not in text:
        return []
    pattern = re.compile("@(" + "|".join(map(re.escape, names)) + r")(?!\w)")
    return [Call(*found.span(), kind, members[found[1]]) for found in pattern.finditer(text[:_LONGEST])]


#: Called by one message.
_MOST_MEMBERS = 200
#: Characters of a text in which they are looked for: no platform takes a message so long.
_LONGEST = 100_000


def mentioned(
    reader: Reader, text: str, calls: Sequence[Call], *, place: str, **seen: Any
) -> Iterator[AnyRow]:
    """Yield what is called, and what is mentioned elsewhere in the text. `calls`: in order, not overlapping."""
    for call in calls:
        if call.raw:
            yield from reader.declared(
                call.kind, call.raw, place=place, way="mentioned", as_written=text[call.start : call.end],
                start=call.start, end=call.end, **seen,
            )  # fmt: skip
    for row in reader.mentioned(text, place=place, **seen):
        if not (isinstance(row, Sighting) and _is_in_a_call(row, calls)):
            yield row


def _is_in_a_call(row: Sighting, calls: Sequence[Call]) -> bool:
    if row.start is None or row.end is None:
        return False
    before = bisect.bisect_left(calls, row.end, key=lambda call: call.start)
    return before > 0 and calls[before - 1].end > row.start
