"""What the device recorded and is no message: calls, places, pages, searches, downloads."""

import re
from collections.abc import Iterator
from typing import Any, Literal

from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, FreeText
from cets.domains.intake.sources.cellebrite_xml.model import Model, told
from cets.domains.intake.sources.cellebrite_xml.people import People
from cets.domains.intake.traces import Traces, fact
from cets.kernel.moments import Moment

_CLOCK = re.compile(r"(?:(?P<d>\d{1,4})\.)?(?P<h>\d{1,4}):(?P<m>\d{2}):(?P<s>\d{2}(?:\.\d{1,9})?)")
_OUT, _IN = frozenset({"outgoing", "sent", "outbox", "drafts"}), frozenset({"incoming", "inbox"})
#: Which way a call went whose other end is the one who called, or was called.
_BY_ROLE: dict[str, Literal["in", "out"]] = {"from": "in", "to": "out"}
#: Calls that nobody took came in.
_NOT_TAKEN = frozenset({"missed", "rejected", "blocked", "unanswered", "voicemail"})


class Times:
    """Times of one report; of one that cannot be read the receipt says so."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def of(self, one: Model, *names: str) -> Moment | None:
        """Return the first time that these fields give."""
        return next((self.reader.time(text) for name in names if (text := one.time(name))), None)


def way_of(*words: str) -> Literal["in", "out"] | None:
    """Return which way something went by its type, status or folder; None where none of them says."""
    for word in (word.casefold() for word in words):
        if word in _OUT:
            return "out"
        if word in _IN or word in _NOT_TAKEN:
            return "in"
    return None


def ends_of(parties: list[Model], way: Literal["in", "out"] | None) -> tuple[list[Model], list[Model]]:
    """Split parties into senders and receivers, by the role that each states; without one by which way it went."""
    senders, receivers = list[Model](), list[Model]()
    for party in parties:
        role = party.text("Role").casefold()
        is_owner = party.peek("IsPhoneOwner").casefold() == "true"
        is_sender = role == "from" or (role != "to" and way is not None and is_owner == (way == "out"))
        (senders if is_sender else receivers).append(party)
    return senders, receivers


class RecordReader:
    def __init__(self, reader: Reader, people: People) -> None:
        self._reader, self._people, self._times = reader, people, Times(reader)
        self._traces = Traces(reader)

    def call(self, one: Model) -> Iterator[AnyRow]:
        """Yield a call with those at its other end; the owner of the phone is known as a person."""
        source, sort, status = one.text("Source"), one.text("Type"), one.text("Status")
        way = way_of(sort, status)
        at, length = self._times.of(one, "TimeStamp"), one.text("Duration")
        parties = one.models("Parties", "Party", "From", "To")
        others = [party for party in parties if party.peek("IsPhoneOwner").casefold() != "true"]
        roles = {party.peek("Role").casefold() for party in others}
        if way is None and len(roles) == 1:
            way = _BY_ROLE.get(roles.pop())
        seen: dict[str, Any] = {"seen_at": at, "event": "call", "trace": self._traces.number + 1}
        known = [self._people.party(party, source, again=True, **seen) for party in others]
        for party in parties:
            if party not in others:
                yield from self._people.party(party, source, **seen)[2]
        for _, _, rows in known:
            yield from rows
        yield from self._traces.add(
            "call", place=one.place, at=at, direction=way, seconds=seconds_of(length),
            person=known[0][0] if len(known) == 1 else None,
            counterparts=tuple(shown for _, shown, _ in known if shown),
            facts=(
                *fact("sort", sort), *fact("what became of it", status), *fact("program", source),
                *(fact("with", "video") if one.text("VideoCall").casefold() == "true" else ()),
                *(fact("duration", length) if seconds_of(length) is None else ()), *_state(one),
            ),
        )  # fmt: skip
        yield from self._beside(one, source, at)

    def location(self, one: Model, at: Moment | None = None) -> Iterator[AnyRow]:
        """Yield a place; `at`: of what it stands in, where it states no time of its own."""
        spots = one.models("Position")
        latitude, longitude = (
            next(filter(None, [spot.text(name) for spot in spots]), None)
            for name in ("Latitude", "Longitude")
        )
        when = self._times.of(one, "TimeStamp", "StartTime") or at
        source, texts = one.text("Source"), [one.text(name) for name in ("Name", "Description")]
        yield from self._traces.add(
            "location", place=one.place, at=when, until=self._times.of(one, "EndTime"),
            text="; ".join(filter(None, texts)), latitude=latitude, longitude=longitude, accuracy=one.text("Precision") or None,
            facts=(
                *fact("program", source), *fact("sort", one.text("Category")), *fact("type", one.text("Type")),
                *fact("certainty", one.text("Confidence")),
                *fact("on the spot", "; ".join(filter(None, (spot.told() for spot in spots)))),
                *_state(one),
            ),
        )  # fmt: skip
        yield from self._beside(one, source, when)

    def page(self, one: Model) -> Iterator[AnyRow]:
        source, at = one.text("Source"), self._times.of(one, "LastVisited", "TimeStamp")
        yield from self._traces.add(
            "visit", place=one.place, text=one.text("Title"), at=at, url=one.text("Url"),
            facts=(*fact("program", source), *fact("visits", one.text("VisitCount")), *_state(one)),
        )  # fmt: skip
        yield from self._beside(one, source, at)

    def search(self, one: Model) -> Iterator[AnyRow]:
        source, at = one.text("Source"), self._times.of(one, "TimeStamp")
        yield from self._traces.add(
            "search", place=one.place, text=one.text("Value"), at=at, facts=(*fact("program", source), *_state(one))
        )  # fmt: skip
        yield from self._beside(one, source, at)

    def download(self, one: Model) -> Iterator[AnyRow]:
        source, at = one.text("Source"), self._times.of(one, "StartTime", "TimeStamp")
        yield from self._traces.add(
            "download", place=one.place, text=one.text("TargetPath"), at=at, url=one.text("Url"),
            until=self._times.of(one, "EndTime"),
            facts=(
                *fact("program", source), *fact("bytes", one.text("BytesReceived", "FileSize")),
                *fact("what became of it", one.text("DownloadState", "State")), *_state(one),
            ),
        )  # fmt: skip
        yield from self._beside(one, source, at)

    def _beside(self, one: Model, source: str, at: Moment | None) -> Iterator[AnyRow]:
        yield from self._people.account(one.text("Account"), source, one.place, seen_at=at)
        yield from self.left(one, source, at)

    def left(self, one: Model, source: str, at: Moment | None) -> Iterator[AnyRow]:
        """Yield what nobody asked for: the people and places within, then all else as one text."""
        for label, inner in one.inner(_WITHIN):
            if inner.type == "Party":
                _, shown, rows = self._people.party(inner, source, seen_at=at)
                yield from rows
                yield FreeText(text=shown, place=inner.place, label=f"{one.type}: {label}"[:100])
            elif inner.type == "Location":
                yield from self.location(inner, at)
            else:
                yield from self._people.contact(inner, source)
        yield from told(self._reader, one, label=one.type, seen_at=at)


_WITHIN = frozenset({"Party", "Contact", "UserAccount", "Location"})


def seconds_of(text: str) -> float | None:
    """Return how long "1.02:03:04" is; a number alone is of seconds."""
    if found := _CLOCK.fullmatch(text):
        hours = int(found["d"] or 0) * 24 + int(found["h"])
        return hours * 3600 + int(found["m"]) * 60 + float(found["s"])
    return float(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_COUNT else None


_LONGEST_COUNT = 9


def _state(one: Model) -> tuple[tuple[str, str], ...]:
    return fact("deleted state", one.state)
