"""Victims' values in running text, titles and file names: replaced by the pseudonym in what is shown, searched and told."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote
from uuid import UUID

from django.db.models import Model, Q

from cets.domains.identifiers import queries as identifiers
from cets.domains.identifiers.kinds.folding import skeleton
from cets.domains.identifiers.models import Holding, Sighting
from cets.domains.identifiers.queries import Victims
from cets.domains.intake.rows import Column, ColumnMap
from cets.domains.reports.models import Message, Part, Passage, Person, Remark, Report, Trace

#: Stands for a value of which only the role is known.
VICTIMS = "A victim's value"
#: Shorter words would blot out half of a text.
SHORTEST = 3
#: Fewer digits are no telephone number.
SHORTEST_NUMBER = 7
_SIGNS = ".,'’`-"  # noqa: RUF001 - apostrophes
#: Words of three letters and more that stand in many names and in every text of their language: alone they tell of nobody.
_PARTICLES = frozenset({
    "aan", "abd", "abu", "and", "auf", "aus", "aux", "bei", "bint", "binti", "bte", "con", "dall", "dalla", "degli", "dei", "del",
    "dell", "delle", "dello", "dem", "den", "der", "des", "dos", "het", "ibn", "las", "les", "lez", "los", "ould", "por", "sant", "sous",
    "sur", "ten", "ter", "the", "til", "tot", "uit", "umm", "und", "van", "vande", "vanden", "vander", "vom", "von", "vor", "zum", "zur",
    "dr", "frau", "herr", "miss", "mrs", "prof",
})  # fmt: skip
#: The same within a name; first or last they are somebody's ("Ben Larch").
_WITHIN = frozenset({"bar", "bat", "ben", "bin", "dal", "das", "della", "mac", "san", "santa"})
#: A report's own words that other agencies may be told (`cets_my_overlaps`): stored with victims' values masked.
TOLD = ("title", "category", "platform")


def mask_report(report_id: UUID) -> int:
    """Replace every victim's value and name in the report's texts, title and file names; return how many texts changed.

    In the caller's transaction. Run again after each further file: what it tells of a victim holds for all of them.
    """
    masker = masker_of(report_id)
    if not masker:
        return 0
    _mask_names(report_id, masker)
    found = Q()
    for word in masker.words:
        found |= Q(text__icontains=word)
    return sum(_mask_rows(model, report_id, found, masker) for model in (Message, Trace, Passage))


@dataclass(frozen=True)
class Masker:
    """Replaces victims' values and names in a report's texts: called with any text, `name` with a title or file's name."""

    words: Mapping[str, str]  # what must not be read, and the pseudonym that stands for it
    of_names: AbstractSet[str] = frozenset()  # of these: one word of a name, which others may bear, too

    def __bool__(self) -> bool:
        return bool(self.words)

    def __call__(self, text: str) -> str:
        return mask(text, self._pattern, self._pseudonyms) if self.words else text

    def name(self, text: str) -> str:
        """Mask it also as names of files spell it: `kimlarch`, a number with other blanks."""
        return _replaced(text, *self._words_alone) if self.words else text

    def label(self, text: str) -> str:
        """Mask what may be either, a text or a name: a place, a category."""
        return self.name(self(text))

    def value(self, text: str, *, is_anothers: bool = False) -> str:
        """Mask it in an identifier, which stays as it is but for what is a victim's.

        `is_anothers`: of another person who is known, such as a father: a word of her name is his as well.
        """
        if not self.words:
            return text
        plain = unquote(text)
        shown = _replaced(plain, *(self._values_alone if is_anothers else self._words_alone))
        return text if shown == plain else shown

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return _pattern(self.words)

    @cached_property
    def _pseudonyms(self) -> dict[str, str]:
        return {_look(word).lower(): pseudonym for word, pseudonym in self.words.items()}

    @cached_property
    def _words_alone(self) -> tuple[re.Pattern[str], list[str]]:
        return _alone(self.words)

    @cached_property
    def _values_alone(self) -> tuple[re.Pattern[str], list[str]]:
        return _alone({word: p for word, p in self.words.items() if word not in self.of_names})


def _alone(words: Mapping[str, str]) -> tuple[re.Pattern[str], list[str]]:
    """Return what matches the words where they stand alone, however they are spelled, and their pseudonyms in its order."""
    ordered = sorted(words, key=len, reverse=True)
    choices = "|".join(f"({_spelled(_look(word))})" for word in ordered) or r"(?!)"
    pattern = re.compile(rf"(?<![^\W_])(?:{choices})(?![^\W_])", re.IGNORECASE)
    return pattern, [words[word] for word in ordered]


def _replaced(text: str, pattern: re.Pattern[str], pseudonyms: list[str]) -> str:
    return _substituted(text, pattern, lambda found: pseudonyms[(found.lastindex or 1) - 1])


def _substituted(text: str, pattern: re.Pattern[str], pseudonym: Callable[[re.Match[str]], str]) -> str:
    """Put pseudonyms in place of what matches, also where a letter was changed for one that looks like it."""
    pieces, done = [], 0
    for found in pattern.finditer(_look(text)):
        start, end, said = *found.span(), pseudonym(found)
        if text[max(start - 1, 0) : end + 1] == f"[{said}]":
            continue  # it is the pseudonym already, and the source calls her so
        pieces += [text[done:start], f"[{said}]"]
        done = end
    return "".join((*pieces, text[done:]))


class _Looks(dict[int, int]):
    """By letter the Latin one that it looks like. Fills itself with the letters that really come."""

    def __missing__(self, code: int) -> int:
        digit = unicodedata.decimal(chr(code), None)
        seen = skeleton(chr(code).lower()) if digit is None else str(digit)
        self[code] = ord(seen) if len(seen) == 1 else code
        return self[code]


_LOOKS = _Looks()


def _look(text: str) -> str:
    """Return a text as the eye reads it, each letter in its place."""
    return text if text.isascii() else text.translate(_LOOKS)


#: Leaves every text as it came.
PLAIN = Masker({})


def masker_of(report_id: UUID) -> Masker:
    """Return what replaces victims' values and names in any text of this report (`maskers_of`)."""
    return maskers_of([report_id]).get(report_id, PLAIN)


def maskers_of(report_ids: Iterable[UUID]) -> dict[UUID, Masker]:
    """Return what masks the texts of those of the reports that hold something of a victim; the others need none.

    Masked are the values that are a victim's in any report of the agency, as they are written here, and the names of the
    report's own victims and of those with whom it shares an identifier that leads to one person. A name alone proves
    nothing: of a report that shares no identifier it stays. At most four statements for any number of reports.
    """
    ids = set(report_ids)
    if not ids:
        return {}
    words = _Words()
    victims = identifiers.victims_in(ids)
    # What comes later stands: the report's own victims.
    for report_id, pseudonym, names in _named(ids, victims):
        words.add_names(report_id, names, pseudonym)
    for report_id, text, pseudonym in _written(victims):
        words.add(report_id, text, pseudonym)
    return words.maskers()


def own_maskers_of(report_ids: Iterable[UUID]) -> dict[UUID, Masker]:
    """Return what masks the reports' own victims, as their identifiers are written first: two statements.

    For reports of which no text is shown, only a value that stands in them, too.
    """
    ids = set(report_ids)
    if not ids:
        return {}
    words = _Words()
    for person in Person.objects.filter(report_id__in=ids).exclude(pseudonym=""):
        words.add_names(person.report_id, person.names, person.pseudonym)
    for holding in Holding.objects.filter(report_id__in=ids).exclude(pseudonym=""):
        words.add(holding.report_id, _as_written(holding), holding.pseudonym)
        words.add(holding.report_id, holding.raw, holding.pseudonym)
    return words.maskers()


class _Words:
    """Gathers by report what must not be read."""

    def __init__(self) -> None:
        self._words: dict[UUID, dict[str, str]] = {}
        self._of_names: dict[UUID, set[str]] = {}

    def add(self, report_id: UUID, text: str, pseudonym: str) -> None:
        self._words.setdefault(report_id, {})[text.strip()] = pseudonym
        self._of_names.setdefault(report_id, set()).discard(text.strip())

    def add_names(self, report_id: UUID, names: Iterable[str], pseudonym: str) -> None:
        for name in names:
            self._words.setdefault(report_id, {})[name.strip()] = pseudonym
            for word in _telling(name):
                self._words[report_id][word] = pseudonym
                self._of_names.setdefault(report_id, set()).add(word)

    def maskers(self) -> dict[UUID, Masker]:
        readable = {
            report_id: {word: p for word, p in found.items() if len(word) >= SHORTEST}
            for report_id, found in self._words.items()
        }
        of_names = {report_id: frozenset(words) for report_id, words in self._of_names.items()}
        return {
            one: Masker(found, of_names.get(one, frozenset())) for one, found in readable.items() if found
        }


def _telling(name: str) -> Iterator[str]:
    """Yield the words of a name that are masked alone as well."""
    parts = name.split()
    for place, word in enumerate(parts):
        plain, is_within = word.strip(_SIGNS).casefold(), 0 < place < len(parts) - 1
        if plain not in _PARTICLES and not (plain in _WITHIN and (is_within or word.islower())):
            yield word


def _named(ids: set[UUID], victims: Iterable[Victims]) -> Iterator[tuple[UUID, str, list[str]]]:
    """Yield victims by the report in whose texts they are not to be named, its own last."""
    met: dict[tuple[UUID, str], set[UUID]] = {}
    for one in victims:
        if one.is_telling and one.of_report and one.of_report != one.report_id:
            met.setdefault((one.of_report, one.pseudonym), set()).add(one.report_id)
    elsewhere = Q(report_id__in={report for report, _ in met}, pseudonym__in={name for _, name in met})
    found = list(Person.objects.filter(Q(report_id__in=ids) | elsewhere).exclude(pseudonym=""))
    for person in found:
        for report_id in met.get((person.report_id, person.pseudonym), ()):
            yield report_id, person.pseudonym, person.names
    for person in found:
        if person.report_id in ids:
            yield person.report_id, person.pseudonym, person.names


def _written(victims: Iterable[Victims]) -> Iterator[tuple[UUID, str, str]]:
    """Yield by report how the values stand in it."""
    names: dict[UUID, str] = {}
    for one in victims:
        names.setdefault(one.holding_id, one.pseudonym)
    if not names:
        return
    for holding in Holding.objects.filter(id__in=names):
        yield holding.report_id, _as_written(holding), names[holding.id]
        yield holding.report_id, holding.raw, names[holding.id]
    rows = Sighting.objects.filter(holding_id__in=names).values_list("report_id", "holding_id", "raw")
    for report_id, holding_id, raw in rows.distinct():
        yield report_id, raw, names[holding_id]


def _as_written(holding: Holding) -> str:
    """Return a value without its platform, as it stands in a text."""
    if holding.kind == "url":  # its last word may be that of many: index.html
        return holding.value
    return holding.value.rsplit("/", 1)[-1].removeprefix("id:")


def shown(remark: Remark, masker: Masker) -> tuple[str, list[str]]:
    """Return a line of the receipt and its readings as they may be shown without a reveal.

    What can mean two things is no identifier yet, so that a victim's stands in no sighting that would name it.
    """
    if remark.role == "victim":
        return VICTIMS, [f"reading {number}" for number, _ in enumerate(remark.candidates, 1)]
    return masker(remark.text), list(map(masker, remark.candidates))


#: Of a row, not of its person.
_NOBODYS = frozenset({"role", "time", "clock", "zone", "event", "platform", "port", "line_number"})


def samples_of(column_map: ColumnMap, masker: Masker, *, is_read: bool) -> dict[int, list[str | None]]:
    """Return by column its first values as they may be shown without a reveal; None stands for a victim's.

    `is_read`: not since the officer's settling, of which only the reading says whose the rows are: then none is shown.
    """
    return {
        column.index: [
            None if _is_victims(column, number, column_map, is_read=is_read) else masker(sample)
            for number, sample in enumerate(column.samples)
        ]
        for column in column_map.columns
    }


def _is_victims(column: Column, number: int, column_map: ColumnMap, *, is_read: bool) -> bool:
    """Say whose a sample is as the table's reading does: by its column, the row's role, the one role of the headings."""
    if column.role != "unknown" or column.read_as in _NOBODYS:
        return column.role == "victim"
    if any(c.read_as == "role" for c in column_map.columns):
        return number in column.victims or not is_read
    named = {c.role for c in column_map.columns} - {"unknown"}
    return named == {"victim"} or number in column.victims


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Match any of the words, the longest first; what could be a part of other words only where it stands alone."""
    ordered = sorted(map(_look, words), key=len, reverse=True)
    telling = "|".join(_in_addresses(re.escape(word)) for word in ordered if _is_telling(word))
    others = "|".join(re.escape(word) for word in ordered if not _is_telling(word))
    alone = rf"(?<![^\W_])(?:{others})(?![^\W_])" if others else ""
    return re.compile("|".join(filter(None, (telling, alone))), re.IGNORECASE)


def _is_telling(word: str) -> bool:
    """Say whether a word is no word of a language: a number, an address. Letters may stand right beside it."""
    return len(word) >= _SHORTEST_TELLING and not word.replace(" ", "").isalpha()


_SHORTEST_TELLING = 6


def _in_addresses(escaped: str) -> str:
    """Return the pattern of a value as it is spelled, or as the address of a page has it."""
    return escaped.replace("@", "(?:@|%40)").replace(r"\+", r"(?:\+|%2B)")


def mask(text: str, pattern: re.Pattern[str], pseudonyms: Mapping[str, str]) -> str:
    return _substituted(text, pattern, lambda found: pseudonyms.get(unquote(found[0]).lower(), "Child"))


#: Between the digits of a number, and between the names of a person, as names of files have them.
_BETWEEN = r"[\W_]{0,4}"
#: As people write them who do not want a link of it: "(at)", "[dot]".
_AT, _DOT = r"[\W_]{0,3}(?:@|%40|at)[\W_]{0,3}", r"[\W_]{0,3}(?:\.|dot)[\W_]{0,3}"
#: A number is the same with and without its country's prefix: its last digits tell.
_TELLING, _PREFIX = 9, rf"\+?(?:\d{_BETWEEN}){{0,6}}"


def mask_titles(maskers: Mapping[UUID, Masker]) -> None:
    """Replace what must not be read in what lists and other agencies are told of the reports; the title is kept as it came."""
    fields = (*TOLD, "title_raw")
    changed = []
    for report in (
        Report.objects.select_for_update(no_key=True).filter(id__in=maskers).only(*fields).order_by("id")
    ):
        masker, raw = maskers[report.id], report.title_raw or report.title
        told = (masker.name(raw), masker.label(report.category), masker.label(report.platform))
        if told != (report.title, report.category, report.platform):
            report.title_raw = report.title_raw if told[0] == report.title else raw
            report.title, report.category, report.platform = told
            changed.append(report)
    Report.objects.bulk_update(changed, fields, batch_size=500)


def _mask_names(report_id: UUID, masker: Masker) -> None:
    """Replace what must not be read in what is told of the report, and in its files' names, of which is kept how they came."""
    mask_titles({report_id: masker})
    changed = []
    for part in Part.objects.filter(report_id=report_id).only("name", "name_raw").iterator(chunk_size=500):
        raw = part.name_raw or part.name
        if (shown := masker.name(raw)) != part.name:
            part.name, part.name_raw = shown, raw
            changed.append(part)
    Part.objects.bulk_update(changed, ["name", "name_raw"], batch_size=500)


def _spelled(word: str) -> str:
    """Return the pattern of a word as names of files spell it: `Kim_Larch`, `kimlarch`, a number with or without spaces."""
    digits = [sign for sign in word if sign.isdigit()]
    local, at, host = word.partition("@")
    if at:  # to one mailbox a letter may go by any tag
        return rf"{re.escape(local)}(?:\+[^\s@]{{0,64}})?{_AT}{_DOT.join(map(re.escape, host.split('.')))}"
    if len(digits) < SHORTEST_NUMBER or any(sign.isalpha() for sign in word):
        return _BETWEEN.join(map(re.escape, re.split(r"[\s_]+", word)))
    return _PREFIX + _BETWEEN.join(digits[-_TELLING:]) if len(digits) >= _TELLING else _BETWEEN.join(digits)


def _mask_rows(model: type[Model], report_id: UUID, found: Q, masker: Masker) -> int:
    changed = 0
    rows = model.objects.filter(found, report_id=report_id).iterator(chunk_size=500)  # type: ignore[attr-defined]
    batch = []
    for row in rows:
        masked = masker(row.text)
        if masked != row.masked:
            row.masked = masked
            batch.append(row)
            changed += 1
    model.objects.bulk_update(batch, ["masked"], batch_size=500)  # type: ignore[attr-defined]
    return changed
