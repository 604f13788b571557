"""What the files of one report share while they are written: its identifiers, its victims' names, and what comes next."""

from collections.abc import Collection, Iterable, Mapping
from itertools import count
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q

from cets.domains.identifiers import actions as identifiers
from cets.domains.identifiers.models import Holding, MatchKey, Sighting
from cets.domains.reports.actions import hold_levels
from cets.domains.reports.models import Part, Remark, Report
from cets.domains.reports.models import Person as PersonRow

_ALPHABET = 26


def called_in(parts: Collection[UUID]) -> dict[str, str]:
    """Return how the victims of these files are shown, by file and person (`Together.pseudonym`): asked before they are forgotten."""
    by_value = (
        Sighting.objects.filter(part__in=parts, role="victim").exclude(holding__pseudonym="").distinct()
    )
    of_values = {
        f"{part_id} {person}": called
        for part_id, person, called in by_value.values_list("part_id", "person", "holding__pseudonym")
    }
    return of_values | _of_people(Q(part__in=parts))


def _of_people(which: Q) -> dict[str, str]:
    rows = PersonRow.objects.filter(which).exclude(pseudonym="")
    return {
        f"{part_id} {key}": called for part_id, key, called in rows.values_list("part_id", "key", "pseudonym")
    }


def _name(number: int) -> str:
    return f"Child {chr(ord('A') + number) if number < _ALPHABET else number + 1}"


class Together:
    """Made once for each report of a batch; each `PartWriter` of one of its files adds to it."""

    def __init__(self, report: Report, called: Mapping[str, str] | None = None) -> None:
        """`called`: how the victims of files that are now read again were shown; each keeps that name, and nobody else gets it."""
        self.report = report
        self._called = called or {}
        self._names = set(self._called.values())
        self.gathering = identifiers.Gathering(report.id, report.agency_id, settings.CETS.match_key)
        self._victims: dict[str, str] = {}
        self._is_loaded = False
        self._number = 0
        self._written_with: int | None = None
        self._states: dict[UUID, str] = {}
        self._doubts: dict[UUID, int] = {}

    @property
    def has_victims(self) -> bool:
        return bool(self._victims)

    def load(self) -> None:
        """Take up what earlier files of the report gave, or an earlier reading of one."""
        if self._is_loaded:
            return
        self._is_loaded = True
        victims = list(Holding.objects.filter(report=self.report).exclude(pseudonym=""))
        self.gathering.go_on_from(victims)
        self._victims = _of_people(Q(report=self.report))
        self._names |= {*self._victims.values(), *(one.pseudonym for one in victims)}

    def write_gathered(self) -> None:
        """Write the identifiers gathered so far, in the caller's transaction, with the level known when reading began.

        Whoever ends the reading asks `hold_levels` and `settle_level`: until then it may be changed.
        """
        self._written_with = self.report.sharing
        identifiers.write([(self.gathering, self.report.sharing)])

    def settle_level(self, level: int) -> None:
        """Bring what was written on the way to the level that counts."""
        if self._written_with not in (None, level):
            MatchKey.objects.filter(report_id=self.report.id).update(told=level)

    def pseudonym(self, key: str) -> str:
        """Return the name by which a victim is shown: Child A to Child Z, then Child 27."""
        if key not in self._victims:
            self._victims[key] = self._called.get(key) or self._further_name()
        return self._victims[key]

    def _further_name(self) -> str:
        """Return one that no victim of the report has, or had before a file was read again."""
        numbers = count(len(self._names))
        found = next(name for name in map(_name, numbers) if name not in self._names)
        self._names.add(found)
        return found

    def next_number(self) -> int:
        """Return the number of a further part. Nobody else gives one until the transaction ends."""
        if not self._number:
            hold_levels([self.report.id])  # a note, or another file, may come at this moment
            self._number = Part.objects.filter(report=self.report).aggregate(last=Max("number"))["last"] or 0
        self._number += 1
        return self._number

    def settle(self, parts: Iterable[Part], doubts: int) -> None:
        """Take up how the reading of a file, and of what is inside it, went."""
        for part in parts:
            self._states[part.id] = part.state
            self._doubts[part.id] = doubts
            doubts = 0

    def states(self) -> set[str]:
        """Return how the reading of the report's files went, of those that were read before, too."""
        found = set(self._states.values())
        if self._is_loaded:
            others = Part.objects.filter(report=self.report).exclude(id__in=self._states)
            found |= set(others.order_by().values_list("state", flat=True).distinct())
        return found

    def unread(self) -> tuple[int, int]:
        """Return how many files, and files inside them, could not be read to their end, and how many there are."""
        failed, count = list(self._states.values()).count("failed"), len(self._states)
        if self._is_loaded:
            others = Part.objects.filter(report=self.report).exclude(id__in=self._states)
            failed += others.filter(state="failed").count()
            count += others.count()
        return failed, count

    def doubts(self) -> int:
        """Return how many doubts wait to be settled."""
        found = sum(self._doubts.values())
        if self._is_loaded:
            waiting = Remark.objects.filter(report=self.report, kind="ambiguous", settled_as="")
            found += waiting.exclude(part__in=list(self._states)).count()
        return found
