"""An identifier at one place, as it is graded."""

from cets.domains.identifiers.models import Sighting
from cets.domains.reports.items import Item, mark_of


def of_sighting(sighting: Sighting) -> Item:
    """Return the item of a sighting, its holding loaded. Two of one identifier at one place are one item."""
    holding = sighting.holding
    mark = mark_of("sighting", holding.kind, holding.value, sighting.way)
    return Item("sighting", sighting.part_id, sighting.place, mark, holding.key)
