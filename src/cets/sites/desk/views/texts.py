"""A text in pieces: identifiers marked where they stand, victims' values and names replaced, what was looked for marked."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.urls import reverse

from cets.access.viewer import Viewer
from cets.domains.identifiers.models import Holding, Sighting
from cets.domains.intake.masking import Masker
from cets.sites.desk.pages import Piece
from cets.sites.desk.views import report_parts

#: Signs of a script that is written from the right, or that turn what follows round.
_TURNING = frozenset({"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"})
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
#: A stretch of a text that is an identifier: from, to, and what it is.
_Mark = tuple[int, int, Holding]


def pieces(
    viewer: Viewer, text: str, sightings: Sequence[Sighting], masker: Masker, words: str = ""
) -> tuple[Piece, ...]:
    """Cut a text at the identifiers found in it. `sightings` with their holdings, these from `with_masks`.

    `words`: what the officer looks for, marked wherever it can be read.
    """
    return tuple(_looked_for(list(_cut(viewer, text, _placed(text, sightings), masker)), words))


def named(
    viewer: Viewer, text: str, known: Iterable[tuple[str, Holding]], masker: Masker, words: str = ""
) -> tuple[Piece, ...]:
    """Cut what stands in a field of its own (a header, a sender) at the identifiers that are written in it.

    `known`: how each is written, and its holding, from `with_masks`.
    """
    return tuple(_looked_for(list(_cut(viewer, text, _written(text, known), masker)), words))


def apart(text: str) -> str:
    """Return a text to stand in a sentence of ours, which it does not turn round, whichever way it is written."""
    turns = any(unicodedata.bidirectional(sign) in _TURNING for sign in text)
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}" if turns else text


def as_written(sightings: Iterable[Sighting]) -> Iterator[tuple[str, Holding]]:
    return ((sighting.raw, sighting.holding) for sighting in sightings)


def _placed(text: str, sightings: Sequence[Sighting]) -> Iterator[_Mark]:
    """Yield those that stand in this very text; the offsets of others are of another (a subject, a part in HTML)."""
    for sighting in sightings:
        start, end = sighting.start, sighting.end
        if start is not None and end is not None and _same(text[start:end], sighting.raw):
            yield start, end, sighting.holding


def _same(seen: str, raw: str) -> bool:
    """Say whether a stretch is how an identifier is written: line breaks, quotation marks and blanks within do not count."""
    return bool(seen) and (seen == raw or _signs(seen) == _signs(raw))


def _signs(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text))).casefold()


def _written(text: str, known: Iterable[tuple[str, Holding]]) -> Iterator[_Mark]:
    for raw, holding in {raw: holding for raw, holding in known if raw}.items():
        for found in re.finditer(rf"(?<!\w){re.escape(raw)}(?!\w)", text):
            yield found.start(), found.end(), holding


def _cut(viewer: Viewer, text: str, marks: Iterable[_Mark], masker: Masker) -> Iterator[Piece]:
    done = 0
    for start, end, holding in sorted(marks, key=lambda mark: (mark[0], -mark[1])):
        if start < done or end > len(text):
            continue  # it stands within one that is marked already, or the text was cut
        if start > done:
            yield Piece(masker(text[done:start]))
        if holding.is_masked:
            yield Piece(value=report_parts.value_of(viewer, holding))
        else:
            yield Piece(text[start:end], identifier=True, url=reverse("identifier", args=[holding.key]))
        done = end
    if done < len(text) or not text:
        yield Piece(masker(text[done:]))


def _looked_for(found: list[Piece], words: str) -> Iterator[Piece]:
    """Mark the words in what can be read; over the edges of pieces, too. Of an identifier the whole is marked."""
    if not words:
        yield from found
        return
    shown = [_readable(piece) for piece in found]
    spans = [one.span() for one in re.finditer(re.escape(words), "".join(shown), re.IGNORECASE)]
    at = 0
    for piece, text in zip(found, shown, strict=True):
        within = [(max(s - at, 0), min(e - at, len(text))) for s, e in spans if s < at + len(text) and e > at]
        at += len(text)
        if not within or piece.value or piece.identifier:
            yield replace(piece, found=bool(within))
        else:
            yield from _split(text, within)


def _readable(piece: Piece) -> str:
    if piece.value is None:
        return piece.text
    return f"[{piece.value.masked.pseudonym}]" if piece.value.masked else piece.value.text


def _split(text: str, within: Iterable[tuple[int, int]]) -> Iterator[Piece]:
    done = 0
    for start, end in within:
        if start > done:
            yield Piece(text[done:start])
        yield Piece(text[start:end], found=True)
        done = end
    if done < len(text):
        yield Piece(text[done:])
