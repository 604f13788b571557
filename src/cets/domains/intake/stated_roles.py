"""The role that a format of exchange states of a person, in the words of its open vocabulary."""

from collections.abc import Iterable
from typing import Final

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.rows import AmbiguousPart, AnyRow

WORDS: Final[dict[str, Role]] = {
    "suspect": "suspect", "accused": "suspect", "defendant": "suspect", "defendent": "suspect", "culprit": "suspect",
    "accomplice": "suspect", "offender": "suspect", "perpetrator": "suspect", "victim": "victim", "witness": "witness",
    "informant": "reporter", "reporter": "reporter", "complainant": "reporter",
}  # fmt: skip


def settled(stated: Iterable[str], place: str) -> tuple[Role, list[AnyRow]]:
    """Return the role that is stated, "unknown" where no word says one; of several that differ none, and the doubt."""
    told = list(dict.fromkeys(stated))
    roles = {WORDS.get(word.strip().casefold(), "unknown") for word in told} - {"unknown"}
    if len(roles) > 1:
        return "unknown", [AmbiguousPart(raw="; ".join(told), candidates=tuple(sorted(roles)), place=place)]
    return next(iter(roles), "unknown"), []
