"""What every source does with what a device recorded: a trace with its number, its values and what its text mentions."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Ambiguous, Context, NotValid
from cets.domains.intake.jids import jid_of
from cets.domains.intake.reading import Reader, shorten
from cets.domains.intake.rows import AnyRow, NotUnderstood, Trace, TraceKind
from cets.kernel.moments import Moment

_LEADS_OUT = re.compile(r"(?:https?|ftps?|wss?)://", re.IGNORECASE)


def leads_out(url: str) -> bool:
    """Say whether an address is one of the world outside, not of the browser, the device or the page itself."""
    return bool(_LEADS_OUT.match(url))


class Full(Exception):
    """As many rows as are read from one file."""


class Traces:
    """Numbers the traces of one file. Made once per file."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.number = 0

    def add(
        self,
        kind: TraceKind,
        *,
        place: str,
        text: str = "",
        at: Moment | None = None,
        url: str | None = None,
        declared: Sequence[tuple[str, str] | tuple[str, str, str]] = (),
        **more: Any,
    ) -> Iterator[AnyRow]:
        """Yield a trace, the identifiers in its fields and those that its text mentions. Raises Full.

        `declared`: kind and text of further values, and how each is written where that differs; `more`: further fields of the Trace.
        """
        options = self.reader.options
        if self.number >= options.max_rows:
            raise Full
        self.number += 1
        if len(text) > options.max_text:
            yield NotUnderstood(
                text=f"The text at {place} is longer than {options.max_text} characters; the rest was not read.",
                place=place,
                sort="cut",
            )
            text = text[: options.max_text]
        if at is not None:
            yield from self.reader.time_doubts(at, place=place)
        yield Trace(number=self.number, kind=kind, place=place, text=text, at=at, url=url or None, **more)
        facts: dict[str, Any] = {
            "seen_at": at,
            "event": kind,
            "trace": self.number,
            "person": more.get("person"),
        }
        values = [*([("url", url)] if url and leads_out(url) else ()), *declared]
        for name, raw, *written in dict.fromkeys(values):
            yield from self.reader.declared(
                name, raw, place=place, as_written=written[0] if written else None, **facts
            )
        if text:
            yield from self.reader.mentioned(text, place=place, **facts)


def fact(label: str, text: str | int | None) -> tuple[tuple[str, str], ...]:
    """Return a fact where there is one to tell."""
    return () if text is None or text == "" else ((label, shorten(str(text), 2_000)),)


_NUMBER = re.compile(r"[+(]?[\d\s().\-/]{6,40}")
_FEWEST_DIGITS = 7
_COUNTRY = re.compile(r"[A-Za-z]{2}")


def is_number(address: str) -> bool:
    """Say whether an address of calls and messages is a telephone number: no short code, no name, none withheld."""
    return bool(_NUMBER.fullmatch(address)) and sum(map(str.isdigit, address)) >= _FEWEST_DIGITS


def number_or_mail(reader: Reader, address: str, *, place: str, **facts: Any) -> Iterator[AnyRow]:
    """Yield the identifier that an address of calls and messages is. A short code or a sender's name identifies nobody."""
    for kind, raw in identifier_of(address):
        yield from reader.declared(kind, raw, place=place, as_written=address, **facts)


def identifier_of(address: str, *, whole: str = "", country: str = "") -> list[tuple[str, str]]:
    """Return kind and text of the identifier that an address of calls and messages is; none of what identifies nobody.

    `whole`: the number with its country, where the phone itself knew that; `country`: in which the phone was, by two
    letters. Both are surer than where the reader is.
    """
    if jid := jid_of(address):
        return [(jid.kind, jid.raw)] if jid.kind else []
    if "@" in address:
        return [("email", address)]
    if whole.startswith("+") and is_number(whole):
        return [("phone", whole)]
    return [("phone", _in_country(address, country))] if is_number(address) else []


def _in_country(number: str, country: str) -> str:
    """Return a number as it is dialled from anywhere; as it is written, where its country does not tell that."""
    if number.lstrip().startswith("+") or not _COUNTRY.fullmatch(country):
        return number
    try:
        return kinds.clean("phone", number, Context(country=country.upper())).value
    except (Ambiguous, NotValid):
        return number
