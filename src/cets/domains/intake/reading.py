"""What every source does with a value: a declared field, a text, a time becomes rows. Nothing is dropped.

A `Reader` is made once per file. Each of its methods yields the rows for one thing found, so that a source
reads

    yield from reader.declared("email", text, place="/people/0/email", role="suspect", person="p1")
    yield from reader.mentioned(text, place="line 12")
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from cets.domains.identifiers import kinds
from cets.domains.identifiers.commons import is_carrier_nat
from cets.domains.identifiers.kinds.base import Ambiguous, Context, NotValid, Role, Way
from cets.domains.identifiers.kinds.profiles import led_to
from cets.domains.identifiers.own import Own
from cets.domains.intake.rows import AmbiguousPart, AnyRow, FreeText, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.times import (
    DayOrder,
    day_order,
    epoch,
    has_day_doubt,
    has_no_zone,
    is_unread,
    moment,
)
from cets.kernel.moments import Moment

__all__ = [
    "DayOrder",
    "Reader",
    "day_order",
    "epoch",
    "has_day_doubt",
    "has_no_zone",
    "is_empty",
    "is_unread",
    "moment",
    "shorten",
    "split_port",
]

_EMPTY = frozenset({"", "n/a", "null"})


# A record names the same file or account more than once, and the next one names it again.
_clean = lru_cache(maxsize=4096)(kinds.clean)

#: 203.0.113.24:51514 and [2001:db8::1]:443
_WITH_PORT = re.compile(r"(?:(?P<v4>(?:\d{1,3}\.){3}\d{1,3})|\[(?P<v6>[0-9A-Fa-f:.]+)\]):(?P<port>\d{1,5})")
_PORT_DIGITS = 5


def is_empty(text: str | None) -> bool:
    """Say whether a field holds one of the words by which providers mean "nothing"."""
    return text is None or text.strip().casefold() in _EMPTY


def shorten(text: str, length: int = 80) -> str:
    """Cut a text for a sentence on the receipt, without control characters."""
    if len(text) <= length and text.isprintable():
        return text
    clean = "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[: length + 1]
    )
    return clean if len(clean) <= length else clean[: length - 1] + "…"


class Reader:
    """Turns what a source finds into rows. Holds what the whole file is read with."""

    def __init__(self, options: Options, *, platform: str | None = None) -> None:
        self.options = options
        self.platform = platform
        self._own = Own(options.patterns)

    def context(self, platform: str | None = None) -> Context:
        return Context(country=self.options.country, platform=platform or self.platform)

    def declared(
        self,
        kind: str,
        raw: str,
        *,
        place: str,
        role: Role = "unknown",
        platform: str | None = None,
        way: Way = "declared",
        as_written: str | None = None,
        **facts: Any,
    ) -> Iterator[AnyRow]:
        """Yield the row for a value that stands in a field of its own: Sighting, or why it is none.

        A value that is one of few for certain is both: the doubt, and a Sighting of each.

        `raw` is what is read; `as_written` what the source shows, when several fields were joined for it.
        `facts`: further fields of the Sighting (person, seen_at, event, port, carrier_nat, pivot, message).
        """
        shown = raw if as_written is None else as_written
        if kind == "url" and (led := led_to(raw)):
            kind, raw = led  # somebody's profile, a room to which it invites
        try:
            value = _clean(kind, raw, self.context(platform))
        except Ambiguous as doubt:
            candidates = doubt.candidates or (str(doubt),)
            yield AmbiguousPart(raw=shown, candidates=tuple(candidates), place=place, role=role)
            for reading in doubt.readings:
                value = msgspec.structs.replace(reading, raw=shown)
                yield Sighting(value=value, way=way, role=role, place=place, **facts)
        except NotValid as fault:
            yield NotUnderstood(text=_fault(kind, shown, place, str(fault), role), place=place)
        else:
            if value.raw != shown:
                value = msgspec.structs.replace(value, raw=shown)
            if value.kind == "ip" and is_carrier_nat(value.value):
                facts["carrier_nat"] = True
            yield Sighting(value=value, way=way, role=role, place=place, **facts)

    def mentioned(
        self,
        text: str,
        *,
        place: str,
        role: Role = "unknown",
        platform: str | None = None,
        way: Way = "mentioned",
        **facts: Any,
    ) -> Iterator[AnyRow]:
        """Yield a Sighting with offsets for each identifier in a text, and what is doubtful there."""
        from cets.domains.identifiers.extract import find  # noqa: PLC0415 - heavy; only when there is text

        if len(text) > self.options.max_text:
            yield NotUnderstood(
                text=f"The text at {place} is {len(text)} characters long; identifiers were looked for"
                f" in the first {self.options.max_text} only.",
                place=place,
                sort="cut",
            )
        findings = find(text[: self.options.max_text], self.context(platform), own=self._own)
        for found in findings.found:
            yield Sighting(
                value=found.value,
                way=way,
                role=role,
                place=place,
                start=found.start,
                end=found.end,
                port=found.port,
                carrier_nat=found.value.kind == "ip" and is_carrier_nat(found.value.value),
                pattern=found.pattern,
                **facts,
            )
        for doubt in findings.ambiguous:
            candidates = tuple(doubt.candidates) or (doubt.reason,)
            yield AmbiguousPart(raw=doubt.raw, candidates=candidates, place=place, role=role)
            for value in doubt.readings:
                yield Sighting(
                    value=value, way=way, role=role, place=place, start=doubt.start, end=doubt.end,
                    pattern=doubt.pattern, **facts,
                )  # fmt: skip
        for fault in findings.not_valid:
            yield NotUnderstood(text=_fault(fault.kind, fault.raw, place, fault.reason, role), place=place)
        for sentence in findings.left_out:
            yield NotUnderstood(text=f"{sentence} ({place})", place=place, sort="limit")

    def named(self, name: str, *, place: str, role: Role = "unknown", **facts: Any) -> Iterator[AnyRow]:
        """Yield a displayed name, and what people put into theirs: a number, an address, an account elsewhere."""
        yield from self.declared("display_name", name, place=place, role=role, **facts)
        yield from self.beside(name, place=place, role=role, **facts)

    def beside(self, text: str, *, place: str, **facts: Any) -> Iterator[AnyRow]:
        """Yield what is mentioned in words that stand over or under a message: of its own text offsets would be."""
        for row in self.mentioned(text, place=place, **facts):
            yield msgspec.structs.replace(row, start=None, end=None) if isinstance(row, Sighting) else row

    def free_text(self, text: str, *, place: str, label: str | None = None, **facts: Any) -> Iterator[AnyRow]:
        """Yield a text that is searchable, then what is mentioned in it (`facts` as in `mentioned`); of a blank one nothing.

        "null" and "N/A" are kept: here they may be somebody's words. Where they mean nothing, `is_empty` tells the caller.
        """
        if not text.strip():
            return
        yield FreeText(text=text, place=place, label=label)
        yield from self.mentioned(text, place=place, **facts)

    def time(self, raw: str, *, day_first: bool | None = None) -> Moment:
        """Read a time; `day_first` falls back on what the officer said for the whole file."""
        return moment(raw, day_first=self.options.day_first if day_first is None else day_first)

    def time_doubts(self, when: Moment, *, place: str) -> Iterator[AnyRow]:
        """Yield what the receipt must say of a time: two readings, no zone, not readable. Often nothing."""
        if is_unread(when):
            yield NotUnderstood(text=f"“{shorten(when.raw)}” at {place} was not read as a time.", place=place)
        elif has_day_doubt(when) or (when.instant is None and when.precision != "day"):
            yield AmbiguousPart(raw=when.raw, candidates=readings(when), place=place)


def split_port(raw: str, given: str | None = None) -> tuple[str, int | None]:
    """Return an address without the port written after it, and the port, from there or from `given`."""
    own = _WITH_PORT.fullmatch(raw.strip())
    text = own["port"] if own else (given or "").strip().removesuffix(".0")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _PORT_DIGITS else 0
    address = (own["v4"] or own["v6"]) if own else raw
    return address, number if 0 < number < 1 << 16 else None


def readings(when: Moment) -> tuple[str, ...]:
    """Return the candidates of a Moment in words that an officer can choose from."""
    if when.precision == "day":
        return tuple(f"{candidate:%Y-%m-%d}" for candidate in when.candidates)
    return tuple(
        candidate.isoformat(sep=" ") + ("" if candidate.tzinfo else " (time zone not stated)")
        for candidate in when.candidates
    )


def _fault(kind: str, raw: str, place: str, reason: str, role: Role) -> str:
    # A victim's value stands nowhere but in its sighting; the receipt is read by more people than the report.
    shown = "A victim's value" if role == "victim" else f"“{shorten(raw)}”"
    return f"{shown} (given as {kind.replace('_', ' ')}) at {place}: {reason}"
