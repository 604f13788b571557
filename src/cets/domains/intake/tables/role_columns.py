"""Which columns hold roles, and which role a heading has from the headings before it."""

from collections.abc import Sequence
from itertools import islice

import msgspec

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.rows import Column
from cets.domains.intake.tables import denials, words
from cets.domains.intake.tables.abbreviations import is_unmistakable, role_of_short
from cets.domains.intake.tables.answers import answer_of, is_unsure
from cets.domains.intake.tables.role_marks import names_a_victim

_SURE, _MOST = 0.8, 0.5
_ROUNDING = 1e-6
_FEW_WORDS = 3
_SEVERAL = 2
#: Headings of things, whose kinds and sizes have such letters, too.
_OF_THINGS = frozenset(
    {"model", "modell", "version", "size", "brand", "make", "device", "file", "grade", "rank", "zone"}
)
#: Headings of columns that may hold roles all the same.
_MAY_BE_ROLES = frozenset({None, "fact", "group", "text", "line_number"})


def holds_roles(heading: str, values: Sequence[str], tried: Sequence[str]) -> bool:
    """Say whether a heading asks for roles. One that is known is enough: the cells that are none are named one by one."""
    if words.kind_of(heading) != "role":
        return _are_answers(heading, tried) or _are_short(heading, values)
    return not values or any(map(words.speaks_of_a_role, values)) or _are_short(heading, values)


def _are_short(heading: str, values: Sequence[str]) -> bool:
    """Say whether values are abbreviations of roles ("V", "S"): of a single letter only where those of another role stand, too."""
    if words.kind_of(heading) not in _MAY_BE_ROLES | {"role"}:
        return False
    short = {text: role for text in values if (role := role_of_short(text)) is not None}
    full = {role for text in values if words.is_a_role(text) and (role := words.role_of_value(text))}
    asked = {
        role for word in words.tokens(heading) if (role := words.role_of_value(word) or role_of_short(word))
    }
    told = {*short.values(), *full} - {"unknown"}
    if words.kind_of(heading) == "role":
        return bool(short) and (len(told) >= _SEVERAL or "victim" in told or any(map(_is_long, short)))
    if len(asked) >= _SEVERAL:
        return bool(told)
    # Under any other heading two letters may be anything: a victim's and another's in full, or with numbers.
    is_plain = full or any(is_unmistakable(text) for text in short)
    is_about = not _OF_THINGS.isdisjoint(words.tokens(heading))
    if not short or not is_plain or is_about:
        return False
    return "victim" in told and len(told) >= _SEVERAL and _are_mostly(values, short)


def _is_long(text: str) -> bool:
    return sum(map(str.isalnum, text)) >= _SEVERAL


def _are_mostly(values: Sequence[str], short: dict[str, Role]) -> bool:
    known = sum(1 for text in values if text in short or words.is_a_role(text))
    return known >= _SURE * len(values)


def _are_answers(heading: str, tried: Sequence[str]) -> bool:
    """Yes and no under a role ("Victim?"), some of them not certain. Under several ("Suspects") a number is a count."""
    if words.asked_role(heading) is None:
        return False
    if all(map(str.isdecimal, tried)) and (
        words.tokens(heading)[-1] in ("suspects", "offenders") or not {"0", "1"}.issuperset(tried)
    ):
        return False
    told = [text for text in tried if words.role_of_value(text) != "unknown"]
    answers = sum(answer_of(text) is not None for text in told)
    unsure = sum(is_unsure(text) for text in tried)
    if _asks(heading):
        return answers + unsure > 0
    return answers > 0 and answers + unsure >= _MOST * len(tried)


def _asks(heading: str) -> bool:
    """Say whether a heading that names a role is a question ("Victim?", "Is suspect", "Child Y/N")."""
    said = words.tokens(heading)
    return "?" in heading or not (denials.ASKING | denials.ANSWERS).isdisjoint([*said[:1], *said[-1:]])


def are_roles(heading: str, values: Sequence[str], tried: Sequence[str]) -> bool:
    """Say whether values are roles under any other heading: nearly all, and one such that it can be nothing else.

    Or one of them is exactly a victim: whatever else stands in the column, hers is the row.
    """
    if words.kind_of(heading) not in _MAY_BE_ROLES:
        return False
    if words.kind_of(heading) != "text" and names_a_victim(heading, values):
        return True  # among notes it is said of its row alone
    if words.role_of(heading) != "unknown":
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
