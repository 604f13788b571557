"""Victims in lists that nobody knows: told by what their block says of them, or by the name of its field."""

from collections.abc import Iterator

from cets.domains.intake.cybertip import vocabulary
from cets.domains.intake.cybertip.owners import Subject
from cets.domains.intake.cybertip.people import People
from cets.domains.intake.cybertip.record import Node
from cets.domains.intake.cybertip.victims import calls_a_child, is_young, names_a_child
from cets.domains.intake.rows import AnyRow, NotUnderstood

_OF_A_PERSON = (
    *vocabulary.NAMES, "fullName", "name", "displayName", "displayNames", "alias", "aliases", *vocabulary.EMAILS, *vocabulary.PHONES,
    *vocabulary.USER_IDS, *vocabulary.HANDLES, *vocabulary.URLS, *vocabulary.IPS, *vocabulary.CAPTURES, *vocabulary.PROSE,
    *vocabulary.PERSON_WRAPPERS, *vocabulary.PERSON_PARTS, "associatedAccount", "associatedAccounts", "address", "addresses",
)  # fmt: skip


def read(root: Node, people: People, platform: str | None) -> Iterator[AnyRow]:
    """Yield the rows of every victim whose block nobody has taken, however deep, and say where each was found."""
    for number, node in enumerate(_blocks(root), 1):
        if not node.has(*_OF_A_PERSON):
            people.owners.add(node, Subject("victim"))  # what is found in it is masked
            continue
        text = f"The person at {node.place} stands in a list that is not known, and is read as a victim."
        yield NotUnderstood(text=text, place=node.place)
        pivot = people.owners.of(node.place).pivot
        yield from people.read(node, "victim", f"child elsewhere {number}", platform=platform, pivot=pivot)


def _blocks(root: Node) -> Iterator[Node]:
    """Yield the outermost block of each victim, then those within it that were not read with it."""
    for name, node, is_taken in root.objects():
        is_child = calls_a_child(node) or names_a_child(name) or (is_young(node) and node.has(*_OF_A_PERSON))
        if not is_taken and is_child:
            node.open()
            yield node
        for inner in _blocks(node):
            node.open()
            yield inner
