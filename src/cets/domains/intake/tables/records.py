"""Rows of call records and the like as traces: who called whom, when, for how long, from where."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from cets.domains.intake.rows import AnyRow, FreeText, NotUnderstood, Sighting, Trace, TraceKind
from cets.domains.intake.tables.people import Row
from cets.domains.intake.tables.plans import Plan

#: What a column is read as that says something of the row as a whole.
OF_A_RECORD = ("calling", "called", "direction", "seconds", "latitude", "longitude")
_OUT = frozenset(
    {
        "mo",
        "moc",
        "out",
        "outgoing",
        "outbound",
        "originating",
        "originated",
        "o",
        "orig",
        "sent",
        "dialed",
        "dialled",
    }
)
_IN = frozenset(
    {"mt", "mtc", "in", "incoming", "inbound", "terminating", "terminated", "t", "term", "received", "i"}
)
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{2})(?:\.\d+)?")
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?")
_NO_CALL = re.compile(r"sms|mms|text|messag|data|gprs|internet|wap|ims\b", re.IGNORECASE)
_MOST_SAID = 200


class Records:
    """The rows of one table. `None` from `of` where it is no table of records."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._at = {plan.of_a_record: plan.column.index for plan in plans if plan.of_a_record}
        self._labels = {plan.label for plan in plans if plan.of_a_record}
        self._event = next((plan.column.index for plan in plans if plan.read_as == "event"), None)
        timed = [
            plan for plan in plans if plan.of_a_record in ("calling", "called") and plan.time_at is not None
        ]
        times = [plan for plan in plans if plan.read_as == "time"]
        self.timed = timed[0] if timed else None
        self.lone_time = times[0].column.index if len(times) == 1 else None
        self._number = 0
        self._odd: set[str] = set()

    @classmethod
    def of(cls, plans: Sequence[Plan]) -> "Records | None":
        return cls(plans) if any(plan.of_a_record for plan in plans) else None

    def told(self, row: Row, rows: Iterable[AnyRow], seen: dict[str, Any]) -> Iterator[AnyRow]:
        """Yield the trace of a row, then the rows that were found in it; `seen`: when it was."""
        self._number += 1
        direction = yield from self._direction(row)
        calling, called = row.text(self._at.get("calling")), row.text(self._at.get("called"))
        others = {"out": [called], "in": [calling]}.get(direction or "", [calling, called])
        facts = [fact for role in row.told() for fact in row.facts(role)]
        yield Trace(
            number=self._number, kind=self._kind(row), place=row.place, at=seen.get("seen_at"), until=seen.get("until"),
            seconds=_seconds(row.text(self._at.get("seconds"))), direction=direction,
            counterparts=tuple(filter(None, others)), latitude=row.text(self._at.get("latitude")),
            longitude=row.text(self._at.get("longitude")),
            facts=tuple((label, text) for label, text in facts if label not in self._told_elsewhere(direction)),
        )  # fmt: skip
        for one in rows:
            if isinstance(one, Sighting):
                yield msgspec.structs.replace(one, trace=self._number)
            elif not (isinstance(one, FreeText) and one.place == row.place and one.label is None):
                yield one

    def _told_elsewhere(self, direction: str | None) -> set[str]:
        """Return the labels whose text the trace has in a field; a direction that is not known stays a fact."""
        return self._labels if direction or "direction" not in self._at else set()

    def _kind(self, row: Row) -> TraceKind:
        if not self._at.keys() & {"calling", "called"}:
            return "location" if "latitude" in self._at else "event"
        return "event" if _NO_CALL.search(row.text(self._event) or "") else "call"

    def _direction(self, row: Row) -> "Any":
        text = row.text(self._at.get("direction"))
        word = "".join(sign for sign in (text or "").casefold() if sign.isalpha())
        if word in _OUT:
            return "out"
        if word in _IN:
            return "in"
        if text and text not in self._odd and len(self._odd) < _MOST_SAID:
            self._odd.add(text)
            said = f"“{text[:40]}” at {row.place} is no direction that is known: both numbers are told as they stand."
            yield NotUnderstood(text=said, place=row.place)
        return None


def _seconds(text: str | None) -> float | None:
    """Return a length in seconds: a number, or hours, minutes and seconds."""
    clock = _CLOCK.fullmatch(text or "")
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    return float((text or "").replace(",", ".")) if _NUMBER.fullmatch(text or "") else None
