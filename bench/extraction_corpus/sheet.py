"""One document as it is written: text, and where in it the values and the decoys stand."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from bench.extraction_corpus.labels import Decoy, Label, Labels

_MOST_FILLERS = 40
_NAME = re.compile(r"\[\[(.+?)\]\]")


class Placed(NamedTuple):
    """Something with a label. `kind` is empty for a decoy, whose class is the `form` then."""

    raw: str
    kind: str
    value: str
    form: str
    is_counted: bool = True
    breaks: tuple[int, ...] = ()


Piece = str | Placed


def framed(frame: str, placed: Placed, around: tuple[str, str] = ("", "")) -> list[Piece]:
    """Return the pieces of a frame with the value in its place. "[[Name]]" is a name of which nobody could decide."""
    before, _, after = frame.partition("{}")
    pieces: list[Piece] = []
    if name := _NAME.match(before):
        pieces.append(Placed(name[1], "", "", "name_beside_address", is_counted=False))
        before = before[name.end() :]
    return [*pieces, before + around[0], placed, around[1] + after]


class Sheet:
    """Collects text and labels. Lines end with `eol`."""

    def __init__(self, eol: str = "\n") -> None:
        self.eol = eol
        self.labels = Labels(documents=1)
        self._parts: list[str] = []
        self._column = 0

    def text(self) -> str:
        """Return all that was written."""
        return "".join(self._parts)

    def write(self, *pieces: Piece) -> None:
        """Append the pieces as they are."""
        for piece in pieces:
            if isinstance(piece, str):
                self._append(piece.replace("\n", self.eol))
            else:
                self._place(piece, piece.raw)

    def wrap(
        self, sentences: Iterable[list[Piece]], *, width: int, prefix: str, filler: Callable[[], str]
    ) -> None:
        """Append a paragraph of lines that begin with `prefix`; values with breaks go over a line's end.

        Before a sentence with such a value come as many `filler` words as it takes until the value stands at the end.
        """
        self._append(prefix)
        for sentence in sentences:
            for _ in range(_MOST_FILLERS):
                if self._stands_well(sentence, width):
                    break
                self._word([filler()], width, prefix)
            for atom in _atoms(sentence):
                self._word(atom, width, prefix)
        self._append(self.eol)

    def _stands_well(self, sentence: list[Piece], width: int) -> bool:
        """Say whether the sentence has nothing to break, or would be broken where lines end anyway."""
        start = self._column + 1
        for piece in sentence:
            if isinstance(piece, Placed) and piece.breaks:
                return start + min(piece.breaks) <= width < start + len(piece.raw)
            start += len(piece.raw if isinstance(piece, Placed) else piece)
        return True

    def _word(self, atom: list[Piece], width: int, prefix: str) -> None:
        size = sum(len(one.raw if isinstance(one, Placed) else one) for one in atom)
        is_broken = any(isinstance(one, Placed) and one.breaks for one in atom)
        if self._column > len(prefix):
            fits = is_broken or self._column + 1 + size <= width
            self._append(" " if fits else self.eol + prefix)
        for one in atom:
            if isinstance(one, str):
                self._append(one)
            elif one.breaks:
                room = max(
                    [place for place in one.breaks if place <= width - self._column], default=min(one.breaks)
                )
                head, tail = one.raw[:room].rstrip(" "), one.raw[room:].lstrip(" ")
                self._place(one, f"{head}{self.eol}{prefix}{tail}")
            else:
                self._place(one, one.raw)

    def _place(self, placed: Placed, raw: str) -> None:
        start, end = self.labels.characters, self.labels.characters + len(raw)
        if placed.kind and placed.is_counted:
            self.labels.identifiers.append(Label(placed.kind, placed.value, start, end, placed.form))
        else:
            rest = self.labels.decoys if placed.is_counted else self.labels.doubtful
            rest.append(Decoy(placed.form, start, end))
        self._append(raw)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self.labels.characters += len(text)
        line = text.rpartition("\n")
        self._column = len(line[2]) + (0 if line[1] else self._column)


def _atoms(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Return what stands between blanks, values with the signs that touch them."""
    atoms: list[list[Piece]] = [[]]
    for piece in pieces:
        if isinstance(piece, Placed):
            atoms[-1].append(piece)
            continue
        first, *others = piece.replace("\n", " ").split(" ")
        atoms[-1].append(first)
        atoms += [[one] for one in others]
    return [[one for one in atom if one] for atom in atoms if any(atom)]
