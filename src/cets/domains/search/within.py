"""Words looked for within one report: every message or entry of activity that shows them.

What may not be read is not found either: of a report that holds something of a victim only the masked texts are
searched, and what stands beside them (a sender, a subject, an address) as it is shown.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q, QuerySet

from cets.access.viewer import Viewer
from cets.audit.recording import record
from cets.domains.intake.masking import Masker
from cets.domains.reports.models import Message, Report, Trace
from cets.domains.search import events

#: Of rows that show the words beside their text so many are looked at where something of them is masked.
MOST_MASKED = 5_000


def in_messages(found: QuerySet[Message], words: str, masker: Masker) -> QuerySet[Message]:
    """Return those of the messages that show the words, in any case: text, subject or sender."""
    return found.filter(Q(masked__icontains=words) | _beside(found, ("subject", "sender"), words, masker))


def in_traces(found: QuerySet[Trace], words: str, masker: Masker) -> QuerySet[Trace]:
    """Return those of the entries that show the words, in any case: text, address, with whom, further facts."""
    beside = _beside(found, ("url", "counterparts", "facts", "latitude", "longitude"), words, masker)
    return found.filter(Q(masked__icontains=words) | beside)


def note(viewer: Viewer, report: Report, *, found: int) -> None:
    """Record that words were looked for in a report; which, only their asker's own question holds."""
    record(events.WITHIN, by=viewer, subject=("report", report.id), found=found)


def _beside(found: QuerySet[Any], fields: Iterable[str], words: str, masker: Masker) -> Q:
    fields = tuple(fields)
    wanted = Q()
    for name in fields:
        wanted |= Q(**{f"{name}__icontains": words})
    if not masker:
        return wanted
    rows = found.filter(wanted).order_by().values_list("id", *fields)[:MOST_MASKED]
    sought = words.casefold()
    return Q(
        id__in=[
            row[0] for row in rows if any(sought in masker.label(text).casefold() for text in _texts(row[1:]))
        ]
    )


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple):
            yield from _texts(value)
