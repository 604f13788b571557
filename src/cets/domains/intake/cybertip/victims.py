"""Whether a block calls its person a victim, in whatever list it stands, or is called after one itself."""

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
_MINOR_FLAG = re.compile(r"(?:is|an?)*(?:minor|child|juvenile|underaged?)(?:user)?(?:flag|indicator|status)?")
_YES = frozenset({"true", "yes", "y", "1"})
#: "minorUser", "knownVictims", "otherChildren": but not "childSafetyTeam" or "accessToChildren".
_BLOCK = re.compile(
    r"(?:alleged|associated|confirmed|female|first|further|identified|involved|known|male|more|other|possible|potential|reported"
    r"|second|suspected|underaged?|unidentified|unknown)*"
    r"(?:child(?:ren)?|minors?|juveniles?|kids?|pupils?|victims?|survivors?|underaged?(?=user|person|people|account))+"
    r"(?:accounts?|contacts?|data|details?|emails?|handles?|info|information|list|members?|names?|part(?:y|ies)|participants?|people"
    r"|persons?|phones?|profiles?|recipients?|subjects?|users?)*"
)
_LONGEST_NAME = 64


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


def names_a_child(name: str) -> bool:
    """Say whether a field of that name, without case and signs, holds children or victims and what is theirs."""
    return len(name) <= _LONGEST_NAME and _BLOCK.fullmatch(name) is not None


def calls_a_child(node: Node) -> bool:
    """Say whether a block in a field nobody knows calls its person a victim, or a child: nobody else has said what he is."""
    return any(_calls_victim(name, leaf.text) or _calls_child(name, leaf.text) for name, leaf in node.peek())


def _calls_child(name: str, text: str) -> bool:
    if _MINOR_FLAG.fullmatch(name):
        return text.strip().casefold() in _YES
    return name in _OFTEN_ROLES and role_of_value(text) == "victim" and is_a_role(text)
