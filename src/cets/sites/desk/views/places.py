"""Where something stands in a report: the address of a message or an entry, and when something was seen."""

from typing import Literal
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from cets.domains.identifiers.models import Sighting
from cets.domains.intake.masking import Masker
from cets.sites.desk import pages, wording

#: A part and a number as the addresses hold them fit a database integer.
_DIGITS, _LARGEST = 18, 2**31 - 1


def address(
    what: Literal["message", "trace"],
    report_id: UUID,
    part: int,
    number: int,
    *,
    find: str = "",
    every: bool = False,
) -> str:
    """Return the address of a message or an entry of activity, on the page of the report on which it stands.

    It stays the same however the pages are cut. `find`: the question whose words are marked there, `every`: in all conversations.
    """
    asked = f"{'&every=1' if every else ''}&find={find}" if find else ""
    if what == "message":
        return f"{reverse('report_messages', args=[report_id])}?at={part}-{number}{asked}#message-{number}"
    return f"{reverse('report_traces', args=[report_id])}?at={part}-{number}{asked}#trace-{part}-{number}"


def asked_for(at: str) -> tuple[int, int] | None:
    """Return the part and the number that an address names, or None."""
    part, _dash, number = at.partition("-")
    if not (part.isdecimal() and number.isdecimal() and len(part + number) < _DIGITS):
        return None
    return min(int(part), _LARGEST), min(int(number), _LARGEST)


def link(sighting: Sighting, masker: Masker) -> pages.Link | str:
    """Return where it stands, as a link when that is a message or an entry of activity."""
    part = sighting.part.number
    if sighting.message is not None:
        url = address("message", sighting.report_id, part, sighting.message)
        return pages.Link(_("message %(n)s") % {"n": sighting.message}, url)
    if sighting.trace is not None:
        return pages.Link(
            masker.label(sighting.place), address("trace", sighting.report_id, part, sighting.trace)
        )
    return masker.label(sighting.place)


def seen(sighting: Sighting, masker: Masker) -> str:
    """Word when it was seen; what could not be read as a time may be anything."""
    return wording.seen(sighting.seen_at, masker.label(sighting.seen_raw), sighting.seen_candidates)
