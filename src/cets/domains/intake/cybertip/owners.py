"""Whom a block of a report is about, for what in it nobody reads."""

import re

import msgspec

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.cybertip.record import Node
from cets.domains.intake.cybertip.victims import names_a_child

#: Blocks whose content is somebody's though no person in them is read, by name without case and signs.
#: What they wrote of others ("analystNotes") is no contact of theirs.
_CONTACT_BLOCKS = re.compile(
    r"(?!.*(?:notes?|comments?|remarks?|findings?|summary|summaries|reports?|narratives?|analysis|observations?)$)(?:"
    r"reporting(?:esp|person)s?|reporters?|reportedby|submitte[dr](?:by)?|complainants?|(?:case)?prosecutors?"
    r"|.*(?:lawenforcement|police|officer|detective|investigator|analyst|caseagent|specialagent|casemanager|caseworker).*"
    r"|le(?:contact|agency|agencies).*|(?:ncmec|esp|provider|legal|abuse|agency)(?:contact|staff|employee|reviewer)s?(?:information|info)?)"
)


class Subject(msgspec.Struct, frozen=True):
    """Whom rows are about: role, key of the person, platform of the account, and whether values may link."""

    role: Role
    person: str | None = None
    platform: str | None = None
    pivot: bool = True


class Owners:
    """The blocks read so far, by place."""

    def __init__(self) -> None:
        self._by_place: dict[str, Subject] = {}

    def add(self, node: Node, subject: Subject) -> None:
        """Note whom a block is about."""
        self._by_place[node.place] = subject

    def of(self, place: str) -> Subject:
        """Return whose a text at a place must be taken to be.

        Nobody says it of an unknown field. What stands at a victim is kept as hers, so that it is masked; what
        stands at a provider or with the police links nothing; all else is nobody's in particular.
        """
        role: Role = "unknown"
        person, pivot = None, True
        while place:
            owner, name = self._by_place.get(place), block_name(place)
            if owner and owner.role == "victim":
                person = person or owner.person
            if (owner and owner.role == "victim") or "victim" in name or names_a_child(name):
                role = "victim"
            if (owner and not owner.pivot) or _CONTACT_BLOCKS.fullmatch(name):
                pivot = False
            place = place.rpartition("/")[0]
        return Subject(role, person, pivot=pivot)


def block_name(place: str) -> str:
    """Return the last name of a JSON pointer or XML path, without its number."""
    last = place.rpartition("/")[2].partition("[")[0]
    return "".join(filter(str.isalnum, last.casefold()))
