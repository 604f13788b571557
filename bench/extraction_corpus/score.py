"""How findings are counted against the labels."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bench.extraction_corpus.labels import Decoy, Label, Labels


class Found(NamedTuple):
    """What an extractor says stands there."""

    kind: str
    value: str
    start: int
    end: int


#: Found within a label of the first kind, the second is as true: neither asked for nor wrong.
IMPLIED = frozenset(
    {
        ("email", "domain"), ("url", "domain"), ("url", "ip"), ("url", "onion"), ("onion", "url"), ("onion", "domain"), ("domain", "url"),
        ("account", "handle"), ("handle", "account"), ("group", "handle"), ("account", "group"),
    }
)  # fmt: skip
#: What a finding counts as that touches neither a label nor a decoy.
BACKGROUND = "background"


@dataclass(slots=True)
class Score:
    """Counts by kind and form (recall), and by class of what was taken for an identifier (precision)."""

    labelled: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    right: int = 0
    implied: int = 0
    doubtful: int = 0
    wrong: Counter[tuple[str, str]] = field(
        default_factory=Counter
    )  # class of the place, kind that was claimed
    decoys: Counter[str] = field(default_factory=Counter)
    decoys_taken: Counter[str] = field(default_factory=Counter)

    def recall(self, kind: str | None = None) -> float:
        """Return the share of labels found, of one kind or of all."""
        ours = [one for one in self.labelled if kind in {None, one[0]}]
        return sum(self.found[one] for one in ours) / (sum(self.labelled[one] for one in ours) or 1)

    def precision(self) -> float:
        """Return the share of right findings among those counted."""
        wrong = sum(self.wrong.values())
        return self.right / (self.right + wrong) if self.right + wrong else 1.0


def score(labels: Labels, findings: Iterable[Found]) -> Score:
    """Count findings in any order.

    A label is found when a finding of its kind with its normal form touches its place. Every finding is then right
    (so many may be, for one label), implied, doubtful, or wrong by the class of what it touches, in this order.
    """
    counted = Score(Counter((one.kind, one.form) for one in labels.identifiers))
    counted.decoys.update(one.sort for one in labels.decoys)
    at, lures, doubts = _Places(labels.identifiers), _Places(labels.decoys), _Places(labels.doubtful)
    met: set[Label] = set()
    taken: set[Decoy] = set()
    for one in dict.fromkeys(findings):
        here: list[Label] = at.touched(one)
        hits = [label for label in here if (label.kind, label.value) == (one.kind, one.value)]
        if hits:
            met.update(hits)
            counted.right += 1
        elif any((label.kind, one.kind) in IMPLIED for label in here):
            counted.implied += 1
        elif here:
            counted.wrong[f"in {here[0].kind} {here[0].form}", one.kind] += 1
        elif lured := lures.touched(one):
            taken.update(lured)
            counted.wrong[lured[0].sort, one.kind] += 1
        elif doubts.touched(one):
            counted.doubtful += 1
        else:
            counted.wrong[BACKGROUND, one.kind] += 1
    counted.found.update((label.kind, label.form) for label in met)
    counted.decoys_taken.update(decoy.sort for decoy in taken)
    return counted


class _Places:
    """Places in the order of the text, none over another."""

    def __init__(self, places: list[Any]) -> None:
        self._places = places
        self._starts = [place.start for place in places]
        self._ends = [place.end for place in places]

    def touched(self, found: Found) -> list[Any]:
        return self._places[bisect_right(self._ends, found.start) : bisect_left(self._starts, found.end)]
