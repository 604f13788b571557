"""What a file's receipt counts: what was found, what was not understood, cut off or passed over, by which reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from cets.domains.reports.models import Part, Passage, Person, Remark


@dataclass(frozen=True, slots=True)
class Counted:
    """The numbers of one file's receipt."""

    part: Part
    people: int = 0
    passages: int = 0
    not_understood: int = 0  # all of them, also what was cut or passed over
    cut: int = 0  # of which only the beginning was read
    skipped: int = 0  # passed over because there was too much
    ambiguous: int = 0
    settled: int = 0

    @property
    def reader(self) -> str:
        """The source and its version: "telegram 3"."""
        return f"{self.part.source} {self.part.parser_version}".strip()

    @property
    def own_patterns(self) -> tuple[int, int] | None:
        """How many of the agency's own patterns were looked for, and their version; None where it never had any."""
        part = self.part
        return (part.patterns, part.patterns_version) if part.patterns_version else None

    @property
    def is_whole(self) -> bool:
        return self.part.state in {"read", "needs_map"}


def counted(parts: Iterable[Part], *, in_full: bool = True) -> list[Counted]:
    """Return the numbers of each file's receipt, in their order: three statements for any number of them.

    Not `in_full`: without those of people and texts, in one.
    """
    parts = list(parts)
    ids = [part.id for part in parts]
    people = _by_part(Person, ids) if in_full else {}
    passages = _by_part(Passage, ids) if in_full else {}
    remarks: dict[UUID, dict[str, int]] = {}
    rows = Remark.objects.filter(part__in=ids).order_by().values_list("part_id", "kind", "sort", "settled_as")
    for part_id, kind, sort, settled, number in rows.annotate(n=Count("id")):
        of_part = remarks.setdefault(part_id, {})
        for name in (kind, sort, "settled" if settled else ""):
            of_part[name] = of_part.get(name, 0) + number
    return [
        Counted(
            part,
            people=people.get(part.id, 0),
            passages=passages.get(part.id, 0),
            not_understood=(of_part := remarks.get(part.id, {})).get("not_understood", 0),
            cut=of_part.get("cut", 0),
            skipped=of_part.get("limit", 0),
            ambiguous=of_part.get("ambiguous", 0),
            settled=of_part.get("settled", 0),
        )
        for part in parts
    ]


def is_reason(candidate: str) -> bool:
    """Say whether it is no reading but the sentence in its place: why nobody can say what was meant."""
    return candidate.endswith(".") and " " in candidate


def first_of_each(remarks: QuerySet[Remark], most: int) -> list[Remark]:
    """Return the first remarks of every file, what was cut off or passed over before others; in the order of the files.

    Of one file with thousands all the others would else be hidden.
    """
    in_turn = Window(RowNumber(), partition_by=[F("part_id"), F("sort")], order_by=F("id").asc())
    chosen = remarks.annotate(is_plain=ExpressionWrapper(Q(sort=""), BooleanField()), turn=in_turn)
    ids = chosen.order_by("is_plain", "turn", "id").values_list("id", flat=True)[:most]
    return list(remarks.filter(id__in=list(ids)).order_by("part__number", "id"))


def _by_part(model: type[Person | Passage], ids: Iterable[UUID]) -> dict[UUID, int]:
    rows = model.objects.filter(part__in=ids).order_by().values_list("part_id")
    return dict(rows.annotate(n=Count("id")))
