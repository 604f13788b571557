"""A message in pieces: identifiers marked where they stand, victims' values and names replaced."""

from collections.abc import Iterable, Sequence

from django.urls import reverse

from cets.access.viewer import Viewer
from cets.domains.identifiers.models import Sighting
from cets.domains.intake.masking import Masker
from cets.sites.desk.pages import Piece
from cets.sites.desk.views import report_parts


def pieces(viewer: Viewer, text: str, sightings: Sequence[Sighting], masker: Masker) -> tuple[Piece, ...]:
    """Cut a message's text at the identifiers found in it. `sightings` with their holdings, these from `with_masks`."""
    return tuple(_pieces(viewer, text, sightings, masker))


def _pieces(viewer: Viewer, text: str, sightings: Sequence[Sighting], masker: Masker) -> Iterable[Piece]:
    done = 0
    placed = [s for s in sightings if s.start is not None and s.end is not None]
    for sighting in sorted(placed, key=lambda s: (s.start or 0, -(s.end or 0))):
        start, end = sighting.start or 0, sighting.end or 0
        if start < done or end > len(text):
            continue  # it stands within one that is marked already, or the text was cut
        if start > done:
            yield Piece(masker(text[done:start]))
        holding = sighting.holding
        if holding.is_masked:
            yield Piece(value=report_parts.value_of(viewer, holding))
        else:
            yield Piece(text[start:end], identifier=True, url=reverse("identifier", args=[holding.key]))
        done = end
    if done < len(text) or not text:
        yield Piece(masker(text[done:]))
