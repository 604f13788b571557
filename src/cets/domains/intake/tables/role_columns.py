"""Which columns hold roles, and which role a heading has from the headings before it."""

from collections.abc import Sequence
from itertools import islice

import msgspec

from cets.domains.intake.rows import Column
from cets.domains.intake.tables import words

_SURE = 0.8
_ROUNDING = 1e-6
_FEW_WORDS = 3
_SEVERAL = 2
#: Headings of columns that may hold roles all the same.
_MAY_BE_ROLES = frozenset({None, "fact", "group", "text", "line_number"})


def holds_roles(heading: str, values: Sequence[str], tried: Sequence[str]) -> bool:
    """Say whether a heading asks for roles. One that is known is enough: the cells that are none are named one by one."""
    if words.kind_of(heading) != "role":
        return _are_answers(heading, tried)
    return not values or any(map(words.speaks_of_a_role, values))


def _are_answers(heading: str, tried: Sequence[str]) -> bool:
    """Yes and no under a role ("Victim?"). Under several ("Suspects") a number is a count."""
    if words.asked_role(heading) is None:
        return False
    if words.tokens(heading)[-1] in ("suspects", "offenders") and all(map(str.isdecimal, tried)):
        return False
    told = [text for text in tried if words.role_of_value(text) != "unknown"]
    return bool(told) and sum(words.answer_of(text) is not None for text in told) >= _SURE * len(told)


def are_roles(heading: str, tried: Sequence[str]) -> bool:
    """Say whether values are roles under any other heading: nearly all, and one such that it can be nothing else."""
    if words.kind_of(heading) not in _MAY_BE_ROLES or words.role_of(heading) != "unknown":
        return False
    # Of a table in which no heading was found the first value may be one.
    starts = int(not heading and bool(tried) and not words.is_a_role(tried[0]))
    told = tried[starts:]
    if told and all(map(_is_a_role_with_a_kind, told)):
        return True
    others = (text for text in told if not words.is_a_role(text))
    if next(islice(others, int(len(told) * (1 - _SURE) + _ROUNDING), None), None) is not None:
        return False  # found out before all are looked at, as it is for nearly every column
    return any(map(words.tells_a_role_column, told))


def _is_a_role_with_a_kind(text: str) -> bool:
    """Say whether a cell says whose the value beside it is, and what: "Victim email"."""
    return len(words.tokens(text)) <= _FEW_WORDS and words.tells_a_role_column(text)


def by_turns(columns: tuple[Column, ...], of_persons: frozenset[str]) -> tuple[Column, ...]:
    """Give headings that come again the role before them: "Suspect name, Email, Victim name, Email".

    Only where each comes once after each role: otherwise nobody knows whose is whose.
    """
    turns: list[tuple[Column, list[Column]]] = []
    for column in columns:
        if column.role != "unknown":
            turns.append((column, []))
        elif turns and column.heading and column.read_as in of_persons:
            turns[-1][1].append(column)
    named = [[_plain(c) for c in after] for _, after in turns]
    again = {
        name for after in named for name in after if sum(other.count(name) for other in named) >= _SEVERAL
    }
    if len({lead.role for lead, _ in turns}) < _SEVERAL or any(
        after.count(n) > 1 for after in named for n in again
    ):
        return columns
    told = {c.index: lead.role for lead, after in turns for c in after if _plain(c) in again}
    return tuple(msgspec.structs.replace(c, role=told.get(c.index, c.role)) for c in columns)


def _plain(column: Column) -> str:
    return " ".join(words.tokens(column.heading))
