"""A text as the finders see it: folded, without invisible characters, with what is already read marked."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from cets.domains.identifiers.kinds.base import Context
from cets.domains.identifiers.kinds.folding import INVISIBLE_RE, fold

#: Letters that nobody takes for Latin ones: where they touch a value, it ends, though no blank is between.
OTHER_LETTERS = "\u0590-\u1cff\u2e80-\u2fff\u3005-\u3007\u3040-\u9fff\ua000-\ua4ff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
_TOUCHING = re.compile(
    # The looks to the left come second: patterns that begin with a set of characters are searched much faster.
    rf"[{OTHER_LETTERS}](?:(?<=[A-Za-z0-9].)[{OTHER_LETTERS}]*+|(?<!\w.)[{OTHER_LETTERS}]{{0,2}}-(?=[A-Za-z0-9])"
    # A part of an address or a name, joined by its sign, is left as it is.
    rf"|(?<![{OTHER_LETTERS}/=_&?#%+@~.].)[{OTHER_LETTERS}]*+(?=[A-Za-z0-9+]))",
    re.DOTALL,
)


#: What cannot be seen, and the half of a line's end that says nothing.
_LEFT_OUT = re.compile(f"{INVISIBLE_RE.pattern}|\r(?=\n)")


def _blank(touching: re.Match[str]) -> str:
    return " " * len(touching[0])


def detached(text: str) -> str:
    """Return a text of the same length in which letters of other scripts no longer touch a value in Latin ones."""
    return text if text.isascii() else _TOUCHING.sub(_blank, text)


class Candidate(NamedTuple):
    """A place that may hold a value of `kind`; a kind of None only keeps others from reading it.

    `text` is what the kind reads (the place itself when None). `announced`: the text says that a value of
    this kind follows, so that a failure is worth telling.
    """

    start: int
    end: int
    kind: str | None
    text: str | None = None
    announced: bool = False
    port: int | None = None


class Page:
    def __init__(self, original: str, context: Context) -> None:
        self.original = original
        self.context = context
        self._cuts: list[int] = []  # places in the folded text at which something was left out ...
        self._shifts: list[int] = []  # ... and how much had been left out by then
        self.cue_words: list[Any] | None = None  # kept by the finder that needs them first
        is_plain = original.isascii() and "\r" not in original
        self.hold(original if is_plain else self._folded(original))

    def hold(self, said: str) -> None:
        """Take a folded text. `said` is for the words around a value, `text` for the values themselves."""
        self.said = said
        self.text = detached(said)
        self._taken = bytearray(len(said))

    @cached_property
    def lower(self) -> str:
        """The text in small letters, of the same length."""
        lower = self.said.lower()
        if len(lower) == len(self.said):
            return lower
        return "".join(small if len(small := char.lower()) == 1 else char for char in self.said)

    def _folded(self, original: str) -> str:
        pieces, last, left_out = [], 0, 0
        for match in _LEFT_OUT.finditer(original):
            pieces.append(original[last : match.start()])
            self._cuts.append(match.start() - left_out)
            left_out += match.end() - match.start()
            self._shifts.append(left_out)
            last = match.end()
        pieces.append(original[last:])
        return fold("".join(pieces))

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the original text of a place in the folded one.

        `end` is after the last character.
        """
        return self._origin(start), self._origin(end - 1) + 1

    def _origin(self, place: int) -> int:
        index = bisect_right(self._cuts, place)
        return place + (self._shifts[index - 1] if index else 0)

    def take(self, start: int, end: int) -> None:
        self._taken[start:end] = b"\x01" * (end - start)

    def is_taken(self, start: int, end: int) -> bool:
        return self._taken.find(1, start, end) >= 0

    def free_from(self, place: int) -> int:
        """Return the first place from `place` on that nothing was read from."""
        free = self._taken.find(0, place)
        return free if free >= 0 else len(self.text)

    def taken_from(self, start: int, end: int) -> int:
        """Return the first place in a range that something was read from, its end if there is none."""
        taken = self._taken.find(1, start, end)
        return taken if taken >= 0 else end

    def said_before(self, place: int, length: int) -> str:
        """Return the words before a place in small letters."""
        return self.lower[max(0, place - length) : place]

    def before(self, place: int, length: int) -> str:
        return self.text[max(0, place - length) : place]


Finder = Callable[[Page], Iterator[Candidate]]
