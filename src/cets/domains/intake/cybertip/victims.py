"""Whether a block calls its person a victim, in whatever list it stands, or is called after one itself."""

import re
from collections.abc import Iterator

from cets.domains.intake.cybertip.record import Leaf, Node
from cets.domains.intake.tables.words import is_a_role, role_told, tells_a_role_column, tokens

#: Fields that tell what somebody is in the case; the second hold other things as well ("relationship": "child").
_ROLES = frozenset({
    "role", "roles", "personrole", "partyrole", "caserole", "subjectrole", "userrole", "persontype", "subjecttype", "partytype",
    "roletype", "involvement", "involvedas", "capacity",
})  # fmt: skip
_OFTEN_ROLES = frozenset({
    "type", "usertype", "relationship", "classification", "category", "status", "designation", "kind", "label", "description",
})  # fmt: skip
#: The same of somebody, under further names ("participantType", "involvementStatus").
_OFTEN_ROLE = re.compile(
    r"(?:account|actor|case|entity|incident|individual|involve(?:d|ment)|member|part(?:y|icipant|icipation)|people|person|profile|report"
    r"|subject|user)+(?:categor(?:y|ies)|classification|designation|kind|label|role|status|type)s?|involvements?|(?:victim|suspect)or\w+"
)
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
_LONGEST_NAME, _LONGEST_ROLE = 64, 200


#: Beside a role they tell how sure it is; masked is whoever may be a victim.
_PERHAPS = frozenset({
    "a", "an", "the", "alleged", "allegedly", "apparent", "confirmed", "identified", "known", "likely", "maybe", "possible", "possibly",
    "potential", "potentially", "presumed", "probable", "probably", "suspected", "unconfirmed", "unidentified", "moglich", "mogliche",
    "mogliches", "mutmasslich", "mutmassliche", "mutmassliches", "vermutlich", "vermutetes", "presume", "presumee", "potentielle", "presunto",
    "presunta", "posible", "supuesta", "possibile", "potenziale", "mogelijk", "vermoedelijk", "vermeend", "domniemana", "mozliwa",
})  # fmt: skip
_AGES = frozenset(
    {
        "age",
        "approximateage",
        "estimatedage",
        "agerange",
        "ageinyears",
        "statedage",
        "claimedage",
        "apparentage",
    }
)
_AGE = re.compile(
    r"(?P<under>under|below|less than|<|unter|moins de|menor de|onder)?(?:about|approx\w*|circa|ca|age[d]?|around|[~=. ])*(?P<least>\d{1,3})"
    r"(?P<more> ?(?:-|–|to|or|/|bis) ?\d{1,3})? ?(?:years?|yrs?|yr|y[./]?o|yo|y|jahre?|ans|anos|años|anni|jaar|lat)?(?: ?olds?)?\.?"  # noqa: RUF001 - a dash
)
_LONGEST_AGE, _OF_AGE = 40, 18


def victim_words(node: Node) -> Iterator[Leaf]:
    """Take out and yield the texts in a person block that call the person a victim."""
    for name, leaf in list(node.peek()):
        if calls_victim(name, leaf.text):
            node.take(name)
            yield leaf


def child_words(node: Node) -> Iterator[Leaf]:
    """Yield the texts in a person block that say that the person is a child; they are read all the same."""
    return (leaf for name, leaf in node.peek() if _calls_child(name, leaf.text) or _is_young(name, leaf.text))


def calls_victim(name: str, text: str) -> bool:
    """Say whether a text in a field of that levelled name calls the block's person a victim, for certain or perhaps."""
    if _FLAG.fullmatch(name):
        said = text.strip().casefold()
        return said in _YES or (said in _PERHAPS and len(said) > len("the")) or _is_victim(text)
    is_role = name in _ROLES and role_told("", text) == ("victim", True)
    is_often_one = name in _OFTEN_ROLES or _OFTEN_ROLE.fullmatch(name[:_LONGEST_NAME])
    return is_role or (bool(is_often_one) and _is_victim(text))


def _is_victim(text: str) -> bool:
    plain = _sure(text)
    return role_told("", plain) == ("victim", True) and is_a_role(plain) and tells_a_role_column(plain)


def _sure(text: str) -> str:
    return " ".join(word for word in tokens(text[:_LONGEST_ROLE]) if word not in _PERHAPS)


def names_a_child(name: str) -> bool:
    """Say whether a field of that name, without case and signs, holds children or victims and what is theirs."""
    return len(name) <= _LONGEST_NAME and _BLOCK.fullmatch(name) is not None


def calls_a_child(node: Node) -> bool:
    """Say whether a block in a field nobody knows calls its person a victim, or a child: nobody else has said what he is."""
    return any(calls_victim(name, leaf.text) or _calls_child(name, leaf.text) for name, leaf in node.peek())


def _calls_child(name: str, text: str) -> bool:
    if _MINOR_FLAG.fullmatch(name):
        return text.strip().casefold() in _YES
    plain = _sure(text)
    return name in _OFTEN_ROLES and role_told("", plain) == ("victim", True) and is_a_role(plain)


def is_young(node: Node) -> bool:
    """Say whether a block tells an age of a child."""
    return any(_is_young(name, leaf.text) for name, leaf in node.peek())


def _is_young(name: str, text: str) -> bool:
    """Say whether a field tells an age below 18, or one that may be; 0 is written where none is known."""
    found = _AGE.fullmatch(text.strip().casefold()) if name in _AGES and len(text) <= _LONGEST_AGE else None
    if found is None:
        return False
    return 0 < int(found["least"]) < _OF_AGE + bool(found["under"])
