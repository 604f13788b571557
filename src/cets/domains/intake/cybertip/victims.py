"""Whether a person block calls its person a victim, in whatever list it stands."""

import re
from collections.abc import Iterator

from cets.domains.intake.cybertip.record import Leaf, Node
from cets.domains.intake.tables.words import is_a_role, role_of_value, tells_a_role_column

#: Fields that tell what somebody is in the case; the second hold other things as well ("relationship": "child").
_ROLES = frozenset({
    "role", "roles", "personrole", "partyrole", "caserole", "subjectrole", "userrole", "persontype", "subjecttype", "partytype",
    "roletype", "involvement", "involvedas", "capacity",
})  # fmt: skip
_OFTEN_ROLES = frozenset({
    "type", "usertype", "relationship", "classification", "category", "status", "designation", "kind", "label", "description",
})  # fmt: skip
#: "isVictim", "childVictim": but not "knowsVictim" or "relationshipToVictim".
_FLAG = re.compile(
    r"(?:is)?(?:an?|the)?(?:child|minor|alleged|confirmed|identified|known|possible|potential|suspected)*victim"
    r"(?:flag|indicator|status)?"
)
_YES = frozenset({"true", "yes", "y", "1"})


def victim_words(node: Node) -> Iterator[Leaf]:
    """Take out and yield the texts in a person block that call the person a victim."""
    for name, leaf in list(node.peek()):
        if _calls_victim(name, leaf.text):
            node.take(name)
            yield leaf


def _calls_victim(name: str, text: str) -> bool:
    if _FLAG.fullmatch(name):
        return text.strip().casefold() in _YES or _is_victim(text)
    return (name in _ROLES and role_of_value(text) == "victim") or (name in _OFTEN_ROLES and _is_victim(text))


def _is_victim(text: str) -> bool:
    return role_of_value(text) == "victim" and is_a_role(text) and tells_a_role_column(text)
