"""Victims' values in running text: replaced by the pseudonym in what is shown, searched and quoted."""

import re
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Model, Q

from cets.domains.identifiers.models import Holding, Sighting
from cets.domains.reports.models import Message, Passage, Person

#: Shorter words would blot out half of a text.
SHORTEST = 3


def mask_report(report_id: UUID) -> int:
    """Replace every victim's value and name in the report's messages and passages; return how many texts changed.

    In the caller's transaction. Run again after each further file: what it tells of a victim holds for all of them.
    """
    words = _words(report_id)
    if not words:
        return 0
    pattern = _pattern(words)
    lowered = {word.lower(): pseudonym for word, pseudonym in words.items()}
    found = Q()
    for word in words:
        found |= Q(text__icontains=word)
    return sum(_mask_rows(model, report_id, found, pattern, lowered) for model in (Message, Passage))


def _words(report_id: UUID) -> dict[str, str]:
    """Return what must not be read, and the pseudonym that stands for it."""
    words: dict[str, str] = {}
    holdings = list(Holding.objects.filter(report_id=report_id).exclude(pseudonym=""))
    names = {h.id: h.pseudonym for h in holdings}
    for holding in holdings:
        words[holding.value.rsplit("/", 1)[-1].removeprefix("id:")] = holding.pseudonym
        words[holding.raw] = holding.pseudonym
    for holding_id, raw in (
        Sighting.objects.filter(holding_id__in=names).values_list("holding_id", "raw").distinct()
    ):
        words[raw] = names[holding_id]
    for person in Person.objects.filter(report_id=report_id).exclude(pseudonym=""):
        for name in person.names:
            words[name] = person.pseudonym
            words |= dict.fromkeys(name.split(), person.pseudonym)
    return {word.strip(): pseudonym for word, pseudonym in words.items() if len(word.strip()) >= SHORTEST}


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Match any of the words where it stands alone; the longest first."""
    choices = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)


def mask(text: str, pattern: re.Pattern[str], pseudonyms: dict[str, str]) -> str:
    return pattern.sub(lambda found: f"[{pseudonyms.get(found[0].lower(), 'Child')}]", text)


def _mask_rows(
    model: type[Model], report_id: UUID, found: Q, pattern: re.Pattern[str], pseudonyms: dict[str, str]
) -> int:
    changed = 0
    rows = model.objects.filter(found, report_id=report_id).iterator(chunk_size=500)  # type: ignore[attr-defined]
    batch = []
    for row in rows:
        masked = mask(row.text, pattern, pseudonyms)
        if masked != row.masked:
            row.masked = masked
            batch.append(row)
            changed += 1
    model.objects.bulk_update(batch, ["masked"], batch_size=500)  # type: ignore[attr-defined]
    return changed
