"""The same report told more than once: law enforcement gets it as JSON, XML and PDF together. It is counted once.

What a further form tells again is left out, and how much that was is said; what stands only there is kept. A value keeps
its sighting where the further form says more of it: that it is a victim's, or when else it was seen.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain

import msgspec

from cets.domains.intake.rows import (
    AmbiguousPart,
    AnyRow,
    FreeText,
    Message,
    NotUnderstood,
    Person,
    Sighting,
    Summary,
)

#: The forms of a report, the one that tells most first.
FORMS = ("cybertip_json", "cybertip_xml", "pdf")
#: Where forms are files by themselves, each keeps the number of its report, to be found by the others.
NUMBER_LABEL = "CyberTipline report"
_HEAD = 2_000  # rows in which a form says what report it is


class Told(msgspec.Struct):
    """What a report has told so far, and by which forms."""

    forms: set[str] = msgspec.field(default_factory=set)
    roles: dict[tuple[str, str], set[str]] = msgspec.field(default_factory=dict)
    times: set[tuple[str, str, datetime]] = msgspec.field(default_factory=set)
    texts: set[int] = msgspec.field(default_factory=set)
    doubts: set[tuple[str, tuple[str, ...]]] = msgspec.field(default_factory=set)

    def take(self, row: AnyRow) -> None:
        if isinstance(row, Sighting):
            at = row.seen_at.instant if row.seen_at else None
            self.take_value(row.value.kind, row.value.value, row.role, at)
        elif isinstance(row, FreeText | Message):
            self.take_text(row.text)
        elif isinstance(row, AmbiguousPart):
            self.doubts.add((row.raw, row.candidates))

    def take_value(self, kind: str, value: str, role: str, at: datetime | None) -> None:
        self.roles.setdefault((kind, value), set()).add(role)
        if at:
            self.times.add((kind, value, at))

    def take_text(self, text: str) -> None:
        self.texts.add(_levelled(text))

    def has(self, row: AnyRow, form: str) -> bool:
        """Say whether a row of a further form tells nothing new."""
        if isinstance(row, Sighting):
            return self._has_value(row, form)
        if isinstance(row, FreeText | Message):
            return _levelled(row.text) in self.texts
        return isinstance(row, AmbiguousPart) and (row.raw, row.candidates) in self.doubts

    def _has_value(self, row: Sighting, form: str) -> bool:
        key = (row.value.kind, row.value.value)
        roles = self.roles.get(key)
        if roles is None:
            return False
        if row.seen_at and row.seen_at.instant and (*key, row.seen_at.instant) not in self.times:
            return False
        # Whose a value is, a printed page tells by its headings only: a victim's is masked all the same.
        return row.role in roles or row.role == "unknown" or (form == "pdf" and row.role != "victim")


class Twins:
    """Made once for the files that came together; each form of a report goes through `rows`, the fullest one first.

    `before` adds what fuller forms of a report told that are not among these: its number, the form that comes, what is told.
    """

    def __init__(self, before: Callable[[str, str, Told], None] | None = None) -> None:
        self._before = before
        self._reports: dict[str, Told] = {}

    def rows(self, form: str | None, rows: Iterable[AnyRow]) -> Iterator[AnyRow]:
        """Yield the rows of one file, read by the source `form`, without what another form told."""
        if form not in FORMS:
            yield from rows
            return
        left = iter(rows)
        head, number = _head(left)
        if number is None:
            yield from chain(head, left)
            return
        told = self._reports.setdefault(number, Told())
        if self._before:
            self._before(number, form, told)
            yield FreeText(text=number, place="whole file", label=NUMBER_LABEL)
        if told.forms - {form}:
            yield from _Twin(told, form, number).rows(chain(head, left))
        else:
            for row in chain(head, left):
                told.take(row)
                yield row
        told.forms.add(form)


class _Twin:
    """A further form of a report: persons wait until something of theirs is new."""

    def __init__(self, told: Told, form: str, number: str) -> None:
        self._told, self._form, self._number = told, form, number
        self._persons: dict[str, Person] = {}
        self._needed: set[str] = set()
        self._messages: set[int] = set()
        self._again = self._new = 0

    def rows(self, rows: Iterator[AnyRow]) -> Iterator[AnyRow]:
        for row in rows:
            if isinstance(row, Person):
                yield from self._person(row)
            elif self._told.has(row, self._form):
                self._again += isinstance(row, Sighting)
            else:
                yield from self._kept(row)
        values = self._again + self._new
        yield NotUnderstood(
            text=f"This is report {self._number} in another form: {self._again} of its {values} values were told by a form read before and"
            f" are counted once; {self._new} are kept from here.",
            place="whole file",
        )

    def _person(self, row: Person) -> Iterator[AnyRow]:
        if row.key in self._needed:
            yield row
        else:
            self._persons[row.key] = row

    def _kept(self, row: AnyRow) -> Iterator[AnyRow]:
        self._new += isinstance(row, Sighting)
        person = (
            row.person
            if isinstance(row, Sighting)
            else row.sender_person
            if isinstance(row, Message)
            else None
        )
        if person:
            self._needed.add(person)
            if person in self._persons:
                yield self._persons.pop(person)
        # The same message was told already: the value stands by itself here.
        if isinstance(row, Sighting) and row.message is not None and row.message not in self._messages:
            row = msgspec.structs.replace(row, message=None, start=None, end=None)
        if isinstance(row, Message):
            self._messages.add(row.number)
        self._told.take(row)
        yield row


def _head(rows: Iterator[AnyRow]) -> tuple[list[AnyRow], str | None]:
    """Return the rows up to the summary, and the number of the report that it is of; a file's details are no report."""
    head: list[AnyRow] = []
    for row in rows:
        head.append(row)
        if isinstance(row, Summary):
            return (
                head,
                row.external_number if row.title == f"CyberTipline report {row.external_number}" else None,
            )
        if len(head) == _HEAD:
            break
    return head, None


def _levelled(text: str) -> int:
    return hash(" ".join(text.split()))
