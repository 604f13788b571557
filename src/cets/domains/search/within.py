"""Words looked for within one report: every message or entry of activity that shows them.

What may not be read is not found either: of a report that holds something of a victim only the masked texts are
searched, and what stands beside them (a sender, a subject, an address) as it is shown.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import JSONField, Q, QuerySet, TextField, Transform

from cets.access.viewer import Viewer
from cets.audit.recording import record
from cets.domains.intake.masking import Masker
from cets.domains.reports.models import Message, Report, Trace
from cets.domains.search import events

#: Fields that hold several texts, and how these are reached: they stand there with quotation marks and backslashes escaped.
_OF_SEVERAL = {
    "recipients": "recipients", "attachments": "attachments", "counterparts": "counterparts",
    "headers": "headers__told", "facts": "facts__told",
}  # fmt: skip
#: Of rows that show the words beside their text so many are looked at where something of them is masked.
MOST_MASKED = 5_000


@JSONField.register_lookup
class _Told(Transform):
    """What stands beside the labels: "Received" is the name of a header in every mail, and no answer."""

    lookup_name = "told"
    template = "jsonb_path_query_array(%(expressions)s, '$[*][1]')::text"
    output_field = TextField()


def in_messages(found: QuerySet[Message], words: str, masker: Masker) -> QuerySet[Message]:
    """Return those of the messages that show the words, in any case: text, subject, people, headers, attachments' names."""
    beside = _beside(found, ("subject", "sender", "recipients", "headers", "attachments"), words, masker)
    return found.filter(Q(masked__icontains=words) | beside)


def in_traces(found: QuerySet[Trace], words: str, masker: Masker) -> QuerySet[Trace]:
    """Return those of the entries that show the words, in any case: text, address, with whom, further facts."""
    beside = _beside(found, ("url", "counterparts", "facts", "latitude", "longitude"), words, masker)
    return found.filter(Q(masked__icontains=words) | beside)


def note(viewer: Viewer, report: Report, *, found: int) -> None:
    """Record that words were looked for in a report; which, only their asker's own question holds."""
    record(events.WITHIN, by=viewer, subject=("report", report.id), found=found)


def _beside(found: QuerySet[Any], fields: Iterable[str], words: str, masker: Masker) -> Q:
    fields = tuple(fields)
    wanted, escaped = Q(), json.dumps(words, ensure_ascii=False)[1:-1]
    for name in fields:
        sought = escaped if name in _OF_SEVERAL else words
        wanted |= Q(**{f"{_OF_SEVERAL.get(name, name)}__icontains": sought})
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
