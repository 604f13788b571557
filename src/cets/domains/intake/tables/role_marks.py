"""Cells that say on their own whose the row is: "Victim 2" in any column of words, "Kim Larch (victim)" among names."""

import re
from collections.abc import Sequence
from functools import lru_cache

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.tables import words
from cets.domains.intake.tables.answers import answer_of, is_unsure

_LONGEST = 60  # characters
_MARKS = re.compile(r"(?<![^\W\d_])(?:[a-z]|i{1,3}|iv|vi{0,3})(?![^\W\d_])|[\d#]+", re.IGNORECASE)
_AT_END = re.compile(
    r"\s*(?:[(\[]([^()\[\]]{2,40})[)\]]|\s[\-\u2013\u2014]\s*([^\-\u2013\u2014]{2,40})|,\s*([^,]{2,40}))\s*$"
)
_AT_START = re.compile(r"^\s*(?:[(\[]([^()\[\]]{2,40})[)\]]|([^:\-\u2013\u2014]{2,40}):)\s*(?=\S)")
#: In a heading they say that its cells are those at the other end ("Told to", "Contacted by").
_TOWARDS = frozenset({
    "to", "by", "from", "with", "against", "told", "contacted", "sender", "receiver", "recipient", "an", "von", "mit", "gegen",
    "par", "avec", "contre", "por", "con", "contra", "da", "aan", "met", "tegen", "przez", "od", "do", "topic", "about",
})  # fmt: skip
_RELATION = frozenset({
    "relation", "relationship", "relations", "beziehung", "verhaltnis", "lien", "relacion", "relazione", "relatie", "relacja",
    "vinculo", "rapporto", "отношение",
})  # fmt: skip


@lru_cache(maxsize=4096)
def exact_role(text: str) -> Role | None:
    """Return the role of a text that is a role and nothing else but a number or mark ("Victim B", "Opfer #2"), else None.

    Words that mean something else as often ("minor", "reported") are none.
    """
    if not text or len(text) > _LONGEST:
        return None
    plain = _MARKS.sub(" ", text)
    if not words.is_a_role(plain) or not words.tells_a_role_column(plain):
        return None
    role, is_plain = words.role_told("", plain)
    return role if is_plain else None


@lru_cache(maxsize=4096)
def name_and_role(text: str) -> tuple[str, Role | None]:
    """Return a name without the role that stands beside it, and that role; of "Victim 1" no name is left."""
    role = exact_role(text)
    if role is not None:
        return "", role
    for pattern in (_AT_END, _AT_START):
        found = pattern.search(text) if len(text) <= _LONGEST * 2 else None
        said = next(filter(None, found.groups()), "") if found else ""
        role = exact_role(said.strip())
        if found and role is not None:
            return f"{text[: found.start()]}{text[found.end() :]}".strip(), role
    return text, None


def name_told(heading: str, text: str) -> str:
    """Return the name in a cell: none where the heading may be a question and the cell answers it ("No" under "Victim")."""
    if (answer_of(text) is not None or is_unsure(text)) and words.asked_role(heading) is not None:
        return ""
    return name_and_role(text)[0]


@lru_cache(maxsize=1024)
def may_say_whose(heading: str) -> bool:
    """Say whether a victim named in a column of facts is the row's person: not under "Told to" or "Reported by"."""
    said = words.tokens(heading)
    if not _RELATION.isdisjoint(said):
        return True
    return (
        words.role_of(heading) == "unknown" and _TOWARDS.isdisjoint(said) and not words.has_direction(heading)
    )


def names_a_victim(heading: str, values: Sequence[str]) -> bool:
    """Say whether one of the cells under a heading names a victim exactly: then the others may name roles, too."""
    if sum(len(text) <= _LONGEST for text in values) * 2 < len(values) or not may_say_whose(heading):
        return False
    return any(exact_role(text.strip()) == "victim" for text in values)
