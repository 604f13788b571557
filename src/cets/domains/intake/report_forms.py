"""The forms and files of a CyberTipline report that came as files of one report, in however many batches they were read.

What an archive knows while it is read (`cybertip.bundle`) is here taken from what stands written. A form is told beside the
fuller ones; where a lesser form, or a file of which the report tells, was read before, it is read again.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from django.db.models import Q

from cets.domains.identifiers.models import Sighting
from cets.domains.intake.cybertip.bundle import UPLOADED, Bundle, Member, computed, last_of
from cets.domains.intake.cybertip.files import Upload, facts_in
from cets.domains.intake.cybertip.twins import FORMS, NUMBER_LABEL, Told, Twins
from cets.domains.intake.rows import AnyRow, FreeText, NotUnderstood
from cets.domains.intake.rows import Sighting as SightingRow
from cets.domains.intake.sources.base import Options
from cets.domains.reports.models import Message, Part, Passage, Remark

#: The forms that tell of files.
REPORTS = FORMS[:2]
_LABEL = re.compile(r"Uploaded file \d+")
_FOUND = "Uploaded file"
_MISSING = "files of the report"  # the place of what is said of those that did not come


class Beside:
    """Made once for a report of several files and a batch. `stale`: takes the parts that have to be read again."""

    def __init__(self, report_id: UUID, stale: set[UUID]) -> None:
        self._report_id, self._stale = report_id, stale
        self._bundle = Bundle()
        self._is_loaded = False
        self._found: set[UUID] = set()
        self.twins = Twins(self._told)

    def rows(self, part: Part, source: str | None, rows: Iterable[AnyRow]) -> Iterator[AnyRow]:
        """Yield the rows of one file, with which file of the report it is, and without what another form told."""
        rows = self.twins.rows(source, rows)
        if source in REPORTS:
            watched = _Uploads()
            for row in rows:
                watched.take(row)
                yield row
            self._know(part, watched.uploads())
        elif source in FORMS or not self._has_uploads():
            yield from rows
        else:
            yield from self._file(part, source, rows)

    def source_of(self, part: Part, source: str | None) -> str | None:
        """Return as what a file counts whose rows were taken: one that nobody reads may be a file of the report."""
        return UPLOADED if source is None and part.id in self._found else source

    def _file(self, part: Part, source: str | None, rows: Iterable[AnyRow]) -> Iterator[AnyRow]:
        member = Member(part.name_raw or part.name, part.original.md5)
        found = self._bundle.uploaded(member) if part.size else None
        if found:
            self._found.add(part.id)
            yield from found.rows(member, Options())
        elif source is None and part.size:
            yield from computed(member, Options())
        for row in rows:
            if not (found and source is None and isinstance(row, NotUnderstood)):
                yield row

    def _has_uploads(self) -> bool:
        if not self._is_loaded:
            self._is_loaded = True
            for part_id, number in _forms_of(self._report_id, REPORTS):
                self._bundle.know(_written_uploads(part_id, number))
        return self._bundle.has_uploads

    def _told(self, number: str, form: str, told: Told) -> None:
        """Add what fuller forms told that were written before; lesser ones are read again, beside this one."""
        rank = FORMS.index(form)
        self._stale.update(one for one, of in _forms_of(self._report_id, FORMS[rank + 1 :]) if of == number)
        fuller = [one for one, of in _forms_of(self._report_id, FORMS[:rank]) if of == number]
        if not fuller:
            return
        told.forms.update(Part.objects.filter(id__in=fuller).values_list("source", flat=True))
        seen = Sighting.objects.filter(part__in=fuller)
        for kind, value, role, at in seen.values_list("holding__kind", "holding__value", "role", "seen_at"):
            told.take_value(kind, value, role, at)
        for model in (Passage, Message):
            for text in model.objects.filter(part__in=fuller).values_list("text", flat=True):
                told.take_text(text)
        doubts = Remark.objects.filter(part__in=fuller, kind="ambiguous")
        told.doubts.update((raw, tuple(given)) for raw, given in doubts.values_list("text", "candidates"))

    def _know(self, part: Part, uploads: list[Upload]) -> None:
        """Take up the files that a form tells of; those read before that may be one of them are read again."""
        self._has_uploads()
        self._bundle.know(uploads)
        if not uploads:
            return
        hashes = {value for one in uploads for value in one.hashes}
        names = {last_of(name) for one in uploads for name in one.names}
        # What no report tells of is said with its MD5, too.
        of_report = {"report": self._report_id}
        hashed = Sighting.objects.filter(way="looked_up", holding__kind="hash", **of_report)
        told = set(hashed.values_list("part_id", flat=True))
        found = Passage.objects.filter(label=_FOUND, **of_report)
        files = (
            Part.objects.filter(member=False, size__gt=0, **of_report)
            .exclude(Q(id=part.id) | Q(read_at=None) | Q(state="sealed") | Q(source__in=FORMS))
            .exclude(id__in=found.values("part_id"))
        )
        for one in files.select_related("original"):
            is_named = last_of(one.name_raw or one.name) in names
            is_untold = not one.source and one.id not in told
            if is_named or is_untold or f"md5:{one.original.md5}" in hashes:
                self._stale.add(one.id)


def tell_missing(report_ids: Iterable[UUID]) -> None:
    """Say on the receipt which files a report tells of did not come with it, once all that came is read; in the caller's transaction.

    Said anew each time: what comes in later takes it away.
    """
    told = Passage.objects.filter(report__in=list(report_ids), label=NUMBER_LABEL)
    for report_id in sorted(set(told.values_list("report_id", flat=True))):
        Remark.objects.filter(report=report_id, kind="not_understood", place=_MISSING).delete()
        files = Part.objects.filter(report=report_id, member=False).select_related("original")
        forms = dict(_forms_of(report_id, REPORTS))
        others = files.exclude(source__in=FORMS)
        if forms and others.exists() and not files.filter(state="sealed").exists():
            _say_missing(files.get(id=next(iter(forms))), forms, others)


def _say_missing(form: Part, forms: Mapping[UUID, str], others: Iterable[Part]) -> None:
    bundle = Bundle()
    for part_id, number in forms.items():
        bundle.know(_written_uploads(part_id, number))
    for one in others:
        bundle.uploaded(Member(one.name_raw or one.name, one.original.md5))
    for row in bundle.missing("among the files that came with it"):
        Remark.objects.create(
            report_id=form.report_id, agency_id=form.agency_id, part=form, kind="not_understood", text=row.text, place=_MISSING, candidates=[],
        )  # fmt: skip


def _forms_of(report_id: UUID, sources: Iterable[str]) -> list[tuple[UUID, str]]:
    """Return the parts of a report that were read as a form, each with the number that it states."""
    told = Passage.objects.filter(
        report=report_id, label=NUMBER_LABEL, part__member=False, part__source__in=list(sources)
    )
    return list(told.order_by("part__number").values_list("part_id", "text"))


class _Uploads:
    """Picks the uploaded files out of what a report tells, row by row or as it is written."""

    def __init__(self, number: str = "") -> None:
        self._number = number
        self._found: list[tuple[str, str, str]] = []  # label, place, facts
        self._hashes: defaultdict[int, set[str]] = defaultdict(set)

    def take(self, row: AnyRow) -> None:
        if isinstance(row, FreeText):
            self.text(row.label or "", row.place, row.text)
        elif isinstance(row, SightingRow) and row.value.kind == "hash":
            self.hash(row.place, row.value.value)

    def text(self, label: str, place: str, text: str) -> None:
        if label == NUMBER_LABEL:
            self._number = text
        elif _LABEL.fullmatch(label):
            self._found.append((label, place, text))

    def hash(self, place: str, value: str) -> None:
        for index in range(len(self._found) - 1, -1, -1):
            if place.startswith(self._found[index][1] + "/"):
                self._hashes[index].add(value)
                return

    def uploads(self) -> list[Upload]:
        report = f"report {self._number}" if self._number else "the report"
        found = []
        for index, (label, place, text) in enumerate(self._found):
            names, viewed = facts_in(text)
            found.append(Upload(label, place, report, names, frozenset(self._hashes[index]), viewed))
        return found


def _written_uploads(part_id: UUID, number: str) -> list[Upload]:
    written = _Uploads(number)
    passages = Passage.objects.filter(part=part_id, label__startswith=_FOUND).order_by("number")
    for label, place, text in passages.values_list("label", "place", "text"):
        written.text(label, place, text)
    hashes = Sighting.objects.filter(part=part_id, holding__kind="hash").order_by("id")
    for place, value in hashes.values_list("place", "holding__value"):
        written.hash(place, value)
    return written.uploads()
