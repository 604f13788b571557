"""What a report tells of somebody or something in fields of their own: kept as facts, none of it lost to the search."""

from collections.abc import Iterable, Iterator

from cets.domains.intake.cybertip import vocabulary
from cets.domains.intake.cybertip.record import Field, Leaf, Node

#: Last words of fields that hold a number, a measure or a moment: digits in them are no telephone.
_COUNTS = frozenset({
    "id", "guid", "number", "code", "zip", "ssn", "license", "licence", "size", "timestamp", "date", "time", "at", "created",
    "available", "latitude", "longitude", "height", "weight", "version", "verified", "port",
})  # fmt: skip
_ATTRIBUTES = (
    ("verified", "verified"), ("reason", "because of"), ("fleaCountry", "in"), ("disabledDate", "on"), ("userNotified", "user notified"),
    ("userNotifiedDate", "user notified on"), ("reenabledDate", "enabled again on"),
)  # fmt: skip


class Facts:
    """Takes texts out of nodes as facts, and holds them until somebody has looked for identifiers in them."""

    def __init__(self) -> None:
        self._unsearched: list[Leaf] = []

    def of(self, node: Node, names: Iterable[str]) -> list[tuple[str, str]]:
        """Take the named texts out of a node as (label, text), in that order."""
        return [(words(name), text) for name in names for text in self.texts(node, name)]

    def texts(self, node: Node, name: str) -> Iterator[str]:
        """Take the texts of one name out of a node, each with what its attributes say."""
        for field in node.fields(name):
            self.hold(name, field)
            yield field.text + self._attributes(field)

    def flags(self, pairs: Iterable[tuple[str, Field | Leaf]]) -> Iterator[tuple[str, str]]:
        """Return named texts as facts."""
        for name, leaf in pairs:
            self.hold(name, leaf)
            yield name, leaf.text

    def address(self, node: Node) -> str:
        """Take the parts of a postal address out of a node, as one line."""
        return self.joined(node, vocabulary.ADDRESS)

    def joined(self, node: Node, names: tuple[str, ...]) -> str:
        parts = []
        for name in names:
            for field in node.fields(name):
                self.hold(name, field)
                parts.append(f"{name} {field.text}" if name in ("verified", "timestamp") else field.text)
        return ", ".join(parts)

    def hold(self, name: str, text: Field | Leaf) -> None:
        """Have a text searched, unless its field is one of numbers or moments."""
        if _COUNTS.isdisjoint(words(name).split()[-1:]):
            self._unsearched.append(Leaf(text.text, text.place))

    def unsearched(self) -> list[Leaf]:
        """Return the texts nobody has searched yet, once."""
        texts, self._unsearched = self._unsearched, []
        return texts

    def _attributes(self, field: Field) -> str:
        extra = []
        for name, label in _ATTRIBUTES:
            for given in field.attributes.fields(name):
                self.hold(name, given)
                extra.append(f"{label} {given.text}")
        return f" ({', '.join(extra)})" if extra else ""


def words(name: str) -> str:
    """Return the name of a field as people would write it."""
    spaced = "".join(f" {char.lower()}" if char.isupper() else char for char in name)
    return spaced.strip().replace("_", " ")
