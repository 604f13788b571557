"""Patterns that an agency added: compiled, looked for, and stopped when they cost too much.

The engine is RE2, whose time for one match grows with the text and never with the pattern's twists. Finding *all* matches can still
look at the same text again and again, so a text is looked through in windows, a match has a longest length, the matches of one
text a highest number, and all patterns together a share of time. Whatever is left out by one of these is told.
"""

import re
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from cets.domains.identifiers.kinds.base import Context
from cets.kernel.errors import CetsError

#: Characters of a pattern, and of one match: what is longer is no identifier.
MOST_PATTERN, LONGEST = 500, 512
#: Steps that a compiled pattern may have, and bytes that it and its automata may take.
MOST_STEPS, MEMORY = 2_000, 8 << 20
#: Matches of one pattern in one text that are looked at.
MOST_MATCHES = 2_000
_WINDOW = 4_096
#: Seconds for all patterns and a file: to begin with, for each text, and for each character of it.
_SECONDS, _A_TEXT, _A_CHARACTER = 5.0, 1e-4, 2e-6
#: The group that holds the value; without it the whole match does.
VALUE = "value"
_HALVES = re.compile("[\ud800-\udfff]")


class NotUsable(CetsError):
    """This pattern cannot be used."""


class OwnPattern(msgspec.Struct, frozen=True):
    """A pattern as the parser's process gets it. `platform`: of the accounts that it finds."""

    id: str
    name: str
    pattern: str
    kind: str
    platform: str | None = None


class Match(NamedTuple):
    """Where a value stands in a text; `number`: of its pattern, from 1."""

    number: int
    start: int
    end: int


class Engine:
    """One compiled pattern."""

    def __init__(self, pattern: str) -> None:
        """Compile a pattern. Raises NotUsable."""
        import re2  # noqa: PLC0415 - a library of C++, only for who has patterns of their own

        if len(pattern) > MOST_PATTERN:
            raise NotUsable(f"A pattern has at most {MOST_PATTERN} characters.")
        options = re2.Options()
        options.max_mem, options.log_errors = MEMORY, False  # the log would hold the pattern
        try:
            self._compiled = re2.compile(pattern, options)
        except (re2.error, UnicodeEncodeError) as error:
            raise NotUsable(f"It is no pattern of RE2: {_why(error)}.") from None
        if self._compiled.programsize > MOST_STEPS:
            raise NotUsable("It is too large: use fewer or smaller repetitions.")
        if self._compiled.search("") is not None:
            raise NotUsable("It also matches nothing at all, and so would match everywhere.")
        self._group: int = self._compiled.groupindex.get(VALUE, 0)

    def matches(self, text: str) -> Iterator[tuple[int, int] | None]:
        """Yield where values stand, and None for a match too long to be taken."""
        step, begin, at = _WINDOW - LONGEST, 0, 0
        while begin < len(text):
            is_last = begin + _WINDOW >= len(text)
            lead = 1 if begin else 0  # one character before, for what asks whether a word begins
            window = text[begin - lead : begin + _WINDOW]
            for match in self._compiled.finditer(window, max(at - begin, 0) + lead):
                start, end = (place + begin - lead for place in match.span())
                if start >= begin + step and not is_last:
                    break  # the next window sees all of it
                at = max(end, start + 1)
                yield self._value(match, begin - lead) if end - start <= LONGEST else None
            if is_last:
                return
            begin += step
            at = max(at, begin)

    def _value(self, match: Any, shift: int) -> tuple[int, int]:
        start, end = match.span(self._group)
        return (start + shift, end + shift) if start >= 0 else (shift, shift)


def _why(error: Exception) -> str:
    """Return what the engine says is wrong, in one line."""
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else "it holds characters that are none"
    return " ".join(text.split())[:200]


class Own:
    """The patterns of one agency while one file is read. Without patterns it costs nothing and finds nothing.

    `faults` are sentences on patterns that could not be used.
    """

    def __init__(self, patterns: Sequence[OwnPattern] = ()) -> None:
        self.patterns = tuple(patterns)
        self._engines, self.faults = _compiled(self.patterns) if patterns else ((), ())
        self._left = _SECONDS
        self.is_over = False

    def __bool__(self) -> bool:
        return bool(self._engines) and not self.is_over

    def context(self, number: int, context: Context) -> Context:
        """Return what the values of a pattern are read with."""
        platform = self.patterns[number - 1].platform
        return msgspec.structs.replace(context, platform=platform) if platform else context

    def kind(self, number: int) -> str:
        return self.patterns[number - 1].kind

    def find(self, text: str, told: list[str]) -> Iterator[Match]:
        """Yield the matches of every pattern; `told` gets a sentence for what was left out."""
        text = text if text.isascii() else _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)
        self._left += _A_TEXT + _A_CHARACTER * len(text)
        for number, engine in self._engines:
            began = time.thread_time()
            places = list(self._places(number, engine, text, told))
            self._left -= time.thread_time() - began
            yield from places
            if self._left < 0:
                self.is_over = True
                told.append(
                    "The agency's own patterns took more than their time; from here on they were not looked for in this file."
                )
                return

    def _places(self, number: int, engine: Engine, text: str, told: list[str]) -> Iterator[Match]:
        name, is_long = self.patterns[number - 1].name, False
        for count, place in enumerate(engine.matches(text)):
            if count == MOST_MATCHES:
                told.append(f"Own pattern “{name}”: only its first {MOST_MATCHES:,} matches were looked at.")
                break
            if place is None:
                is_long = True
            elif place[0] < place[1]:
                yield Match(number, *place)
        if is_long:
            told.append(f"Own pattern “{name}”: a match of more than {LONGEST} characters was passed over.")


@lru_cache(maxsize=16)
def _compiled(
    patterns: tuple[OwnPattern, ...],
) -> tuple[tuple[tuple[int, Engine], ...], tuple[str, ...]]:
    engines, faults = [], []
    for number, one in enumerate(patterns, 1):
        try:
            engines.append((number, Engine(one.pattern)))
        except NotUsable as fault:
            faults.append(f"Own pattern “{one.name}” was not looked for. {fault}")
    return tuple(engines), tuple(faults)
