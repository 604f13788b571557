"""Victims' values in running text, titles and file names: replaced by the pseudonym in what is shown, searched and told."""

import re
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db.models import Model, Q

from cets.domains.identifiers.models import Holding, Sighting
from cets.domains.reports.models import Message, Part, Passage, Person, Remark, Report

Masker = Callable[[str], str]

#: Stands for a value of which only the role is known.
VICTIMS = "A victim's value"
#: Shorter words would blot out half of a text.
SHORTEST = 3
#: Fewer digits are no telephone number.
SHORTEST_NUMBER = 7


def mask_report(report_id: UUID) -> int:
    """Replace every victim's value and name in the report's texts, title and file names; return how many texts changed.

    In the caller's transaction. Run again after each further file: what it tells of a victim holds for all of them.
    """
    words = _words(report_id)
    if not words:
        return 0
    _mask_names(report_id, words)
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


def masker_of(report_id: UUID) -> Masker:
    """Return what replaces victims' values and names in any text of this report."""
    words = _words(report_id)
    if not words:
        return str
    pattern, pseudonyms = _pattern(words), {word.lower(): pseudonym for word, pseudonym in words.items()}
    return lambda text: mask(text, pattern, pseudonyms)


def maskers_of(report_ids: Iterable[UUID]) -> dict[UUID, Masker]:
    """Return what `masker_of` does for those of many reports that know of a victim; the others need none."""
    ids = set(report_ids)
    known = {
        report_id
        for model in (Holding, Person)
        for report_id in model.objects.filter(report_id__in=ids)
        .exclude(pseudonym="")
        .values_list("report_id", flat=True)
        .distinct()
    }
    return {report_id: masker_of(report_id) for report_id in known}


def shown(remark: Remark, masker: Masker) -> tuple[str, list[str]]:
    """Return a line of the receipt and its readings as they may be shown without a reveal.

    What can mean two things is no identifier yet, so that a victim's stands in no sighting that would name it.
    """
    if remark.role == "victim":
        return VICTIMS, [f"reading {number}" for number, _ in enumerate(remark.candidates, 1)]
    return masker(remark.text), list(map(masker, remark.candidates))


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Match any of the words, the longest first; what could be a part of other words only where it stands alone."""
    ordered = sorted(words, key=len, reverse=True)
    telling = "|".join(re.escape(word) for word in ordered if _is_telling(word))
    others = "|".join(re.escape(word) for word in ordered if not _is_telling(word))
    alone = rf"(?<![^\W_])(?:{others})(?![^\W_])" if others else ""
    return re.compile("|".join(filter(None, (telling, alone))), re.IGNORECASE)


def _is_telling(word: str) -> bool:
    """Say whether a word is no word of a language: a number, an address. Letters may stand right beside it."""
    return len(word) >= _SHORTEST_TELLING and not word.replace(" ", "").isalpha()


_SHORTEST_TELLING = 6


def mask(text: str, pattern: re.Pattern[str], pseudonyms: dict[str, str]) -> str:
    return pattern.sub(lambda found: f"[{pseudonyms.get(found[0].lower(), 'Child')}]", text)


#: Between the digits of a number, and between the names of a person, as names of files have them.
_BETWEEN = r"[\s._()+-]*"
#: A number is the same with and without its country's prefix: its last digits tell.
_TELLING, _PREFIX = 9, rf"\+?(?:\d{_BETWEEN}){{0,6}}"


def _mask_names(report_id: UUID, words: dict[str, str]) -> None:
    """Replace what must not be read in the report's title and in its files' names; how they came is kept beside."""
    ordered = sorted(words, key=len, reverse=True)
    choices = "|".join(f"({_spelled(word)})" for word in ordered)
    pattern = re.compile(rf"(?<![^\W_])(?:{choices})(?![^\W_])", re.IGNORECASE)

    def masked(raw: str) -> str:
        return pattern.sub(lambda found: f"[{words[ordered[(found.lastindex or 1) - 1]]}]", raw)

    for report in Report.objects.filter(id=report_id).only("title", "title_raw"):
        raw = report.title_raw or report.title
        if (shown := masked(raw)) != report.title:
            report.title, report.title_raw = shown, raw
            report.save(update_fields=["title", "title_raw"])
    changed = []
    for part in Part.objects.filter(report_id=report_id).only("name", "name_raw").iterator(chunk_size=500):
        raw = part.name_raw or part.name
        if (shown := masked(raw)) != part.name:
            part.name, part.name_raw = shown, raw
            changed.append(part)
    Part.objects.bulk_update(changed, ["name", "name_raw"], batch_size=500)


def _spelled(word: str) -> str:
    """Return the pattern of a word as names of files spell it: `Kim_Larch`, `kimlarch`, a number with or without spaces."""
    digits = [sign for sign in word if sign.isdigit()]
    if len(digits) < SHORTEST_NUMBER or any(sign.isalpha() for sign in word):
        return _BETWEEN.join(map(re.escape, re.split(r"[\s_]+", word)))
    return _PREFIX + _BETWEEN.join(digits[-_TELLING:]) if len(digits) >= _TELLING else _BETWEEN.join(digits)


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
