"""Which sort of hash a cell holds. 64 digits are a SHA-256 or a PDQ hash, and only the source can say which."""

import re
from collections.abc import Collection, Sequence

from cets.domains.intake.tables import words
from cets.domains.intake.tables.people import Row
from cets.domains.intake.tables.plans import Plan

_SORTS = re.compile(r"md5|sha1(?!\d)|sha256|sha512|pdq|photodna|pdna")
_DIGITS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128, "pdq": 64}
_BOTH = ("sha256", "pdq")
_PERCEPTUAL = re.compile(r"percept|p-?hash|wahrnehmung|\bvisual", re.IGNORECASE)
_OF_ANOTHER_SORT = "a perceptual hash of another sort"
_SORT_WORDS = frozenset({
    "type", "algorithm", "algo", "kind", "scheme", "method", "sort", "typ", "art", "algorithmus", "verfahren",
    "tipo", "algoritmo", "algorithme", "hashname",
})  # fmt: skip


def sorts_in(text: str | None) -> tuple[str, ...]:
    """Return the sorts of hash that a heading, a cell or a title names: "SHA-256", "pdqHashValue"."""
    named = (word for word in words.tokens(text or "") if word != "pdqf")  # of films; another sort
    return tuple(dict.fromkeys(_SORTS.findall("".join(named))))


def settle(plans: Sequence[Plan], said: Collection[str]) -> None:
    """Tell each hash column the sorts it may hold, by its heading, else by what the rest of the file says.

    `said`: sorts that a title or a sheet's name gives. A file that speaks of PDQ and has no column named so
    ("Hash", "PDQ quality") holds them in the column without a name; one that names both leaves it open.
    """
    named = {plan.column.index: sorts_in(plan.column.heading) for plan in plans}
    everywhere = {*said, *(sort for sorts in named.values() for sort in sorts)}
    columns = [plan for plan in plans if plan.read_as == "hash"]
    has_own = any("pdq" in named[plan.column.index] for plan in columns)
    for plan in columns:
        own = named[plan.column.index]
        plan.is_named, plan.sort_at = bool(own), None if own else _sort_column(plans, plan)
        plan.sorts = own
        if not own and everywhere.issuperset(_BOTH):
            plan.sorts = _BOTH
        elif not own and "pdq" in everywhere and not has_own:
            plan.sorts = ("pdq",)
        elif not own and _PERCEPTUAL.search(plan.column.heading):
            plan.sorts = ("pdq", _OF_ANOTHER_SORT)


def _sort_column(plans: Sequence[Plan], to: Plan) -> int | None:
    """Return the nearest column that tells the sort of each row's hash."""
    telling = [
        plan.column.index
        for plan in plans
        if plan.read_as == "fact" and not _SORT_WORDS.isdisjoint(words.tokens(plan.column.heading))
    ]
    return min(telling, key=lambda index: abs(index - to.column.index), default=None)


def hash_readings(plan: Plan, text: str, row: Row) -> tuple[str, ...]:
    """Return what a hash column's cell may be read as: one text for the kind to read, or several to choose from."""
    if ":" in text:
        return (text,)  # it names its own sort
    told = sorts_in(row.text(plan.sort_at))
    possible = told or plan.sorts
    fitting = [sort for sort in possible if _DIGITS.get(sort, _DIGITS["pdq"]) == len(text)]
    if len(fitting) > 1:
        return tuple(sort if sort == _OF_ANOTHER_SORT else f"{sort}:{text}" for sort in fitting)
    if fitting or (possible and (told or plan.is_named)):
        return (f"{(fitting or possible)[0]}:{text}",)
    return (text,)
