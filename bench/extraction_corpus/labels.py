"""What the corpus says about its text."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Label(NamedTuple):
    """An identifier that must be found. `start` and `end` count characters of the decoded text."""

    kind: str
    value: str
    start: int
    end: int
    form: str


class Decoy(NamedTuple):
    """A place where nothing must be found, or (doubtful) where a finding is not counted."""

    sort: str
    start: int
    end: int


@dataclass(slots=True)
class Labels:
    """All labels of a text, each list in the order of its places."""

    identifiers: list[Label] = field(default_factory=list)
    decoys: list[Decoy] = field(default_factory=list)
    doubtful: list[Decoy] = field(default_factory=list)
    documents: int = 0
    characters: int = 0
    size: int = 0  # bytes of UTF-8

    def add(self, other: "Labels") -> None:
        """Take in the labels of the text that comes next."""
        begin = self.characters
        self.identifiers += [
            Label(one.kind, one.value, one.start + begin, one.end + begin, one.form)
            for one in other.identifiers
        ]
        for mine, theirs in ((self.decoys, other.decoys), (self.doubtful, other.doubtful)):
            mine += [Decoy(one.sort, one.start + begin, one.end + begin) for one in theirs]
        self.documents += other.documents
        self.characters += other.characters
        self.size += other.size
