"""A report's receipt: what was found, what was not understood, what can mean two things, and by which reader."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cets.access.permissions import Permission
from cets.access.viewer import Viewer
from cets.domains.intake import receipts
from cets.domains.intake.masking import Masker
from cets.domains.intake.receipts import Counted
from cets.domains.reports import queries as reports
from cets.domains.reports.models import Part, Remark, Report
from cets.sites.desk import pages, wording
from cets.sites.desk.views import lookups, report_parts, tables

#: The receipt names so many lines of a sort on a screen; the rest is counted.
MOST_REMARKS = 100


def receipt(
    viewer: Viewer,
    report: Report,
    parts: Sequence[Part],
    masker: Masker,
    head: pages.ReportHead,
    *,
    full: bool = False,
) -> pages.Receipt:
    """Return, below the head of its page, what was found, what was not understood and what can mean two things."""
    numbers = receipts.counted(parts, in_full=full)
    files = names_of(parts, masker)
    not_understood, ambiguous = (
        sum(one.not_understood for one in numbers), sum(one.ambiguous for one in numbers),
    )  # fmt: skip
    doubtful = _first(report, "ambiguous", ambiguous)
    notes = list(reports.remarks_of(report, "note")[: MOST_REMARKS + 1])
    to_settle, tables_read = tuple(_tables(viewer, parts, masker)), tuple(_tables_read(viewer, parts, masker))
    own, members = [p for p in parts if not p.member], [p for p in parts if p.member]
    lists = (members, to_settle, tables_read, numbers if full else ())
    return pages.Receipt(
        found=_found(head, parts),
        not_understood=lines(_first(report, "not_understood", not_understood), masker, files),
        not_understood_total=not_understood,
        all_lines=_all(report, "not_understood", is_cut=not_understood > MOST_REMARKS),
        doubts=doubts(viewer, report, doubtful, masker, files),
        doubts_total=ambiguous,
        all_doubts=_all(report, "ambiguous", is_cut=ambiguous > MOST_REMARKS),
        to_settle=sum(one.ambiguous - one.settled for one in numbers),
        cut=sum(one.cut for one in numbers),
        skipped=sum(one.skipped for one in numbers),
        readers=(
            *dict.fromkeys(one.reader for one in numbers if one.reader),
            *dict.fromkeys(filter(None, map(_own_patterns, numbers))),
        ),
        files=tuple(file_of(one, masker) for one in numbers[:MOST_REMARKS]) if full else (),
        original=_original(own),
        waits=head.waits,
        full=None
        if full or viewer.narrow
        else pages.Link(_("Full receipt"), reverse("report_custody", args=[report.id])),
        shape=pages.Link(_("Shape report"), reverse("report_shape", args=[report.id]))
        if full and not viewer.narrow
        else None,
        tables=to_settle[:MOST_REMARKS],
        tables_read=tables_read[:MOST_REMARKS],
        members=tuple(pages.Fact(masker.name(p.name), _member(p, masker)) for p in members[:MOST_REMARKS]),
        all_files=_all(report, "file", is_cut=any(len(one) > MOST_REMARKS for one in lists)),
        notes=(
            *(f"{masker.name(p.name)}: {masker.label(p.error)}" for p in parts if p.error),
            *(masker(r.text) for r in notes[:MOST_REMARKS]),
        ),
        all_notes=_all(report, "note", is_cut=len(notes) > MOST_REMARKS),
    )


#: What the receipt lists, and how the way to all of it is worded.
ALL_OF = {
    "not_understood": gettext_lazy("All that was not understood"),
    "ambiguous": gettext_lazy("All that is ambiguous"),
    "note": gettext_lazy("All notes of the reading"),
    "file": gettext_lazy("All files"),
}


def _all(report: Report, sort: str, *, is_cut: bool) -> pages.Link | None:
    """Return the way to a whole list, of which the receipt shows the first lines."""
    if not is_cut:
        return None
    return pages.Link(str(ALL_OF[sort]), f"{reverse('report_receipt', args=[report.id])}?sort={sort}")


def names_of(parts: Sequence[Part], masker: Masker) -> dict[UUID, str]:
    """Return by part the name that its lines begin with: none where there is only one."""
    return {one.id: _name(one, masker) for one in parts} if len(parts) > 1 else {}


def lines(remarks: Iterable[Remark], masker: Masker, files: Mapping[UUID, str]) -> tuple[str, ...]:
    """Word lines of the receipt, each with the name of its file."""
    return tuple(_in_file(masker(r.text), files.get(r.part_id, "")) for r in remarks)


def doubts(
    viewer: Viewer, report: Report, remarks: Sequence[Remark], masker: Masker, files: Mapping[UUID, str]
) -> tuple[pages.Doubt, ...]:
    """Word what can mean two things, with its readings and the way to settle it, or who did."""
    settlers = lookups.names(r.settled_by for r in remarks if r.settled_by)
    return tuple(_doubt(viewer, report, r, settlers, masker, files) for r in remarks)


def _first(report: Report, kind: str, number: int) -> list[Remark]:
    """Return the first remarks of a sort, of many files some of each; where there is none, nobody is asked."""
    if not number:
        return []
    found = reports.remarks_of(report, kind)
    return receipts.first_of_each(found, MOST_REMARKS) if number > MOST_REMARKS else list(found)


def _name(part: Part, masker: Masker) -> str:
    return _("A file that was not read yet") if reports.is_name_hidden(part) else masker.name(part.name)


def _in_file(words: str, file: str) -> str:
    """Say in which of several files."""
    return _("%(file)s: %(words)s") % {"file": file, "words": words} if file else words


def file_of(one: Counted, masker: Masker) -> pages.Fact:
    """Say of one file by which reader it was read, and what was counted in it."""
    return pages.Fact(_name(one.part, masker), "; ".join(_numbers(one)))


def _own_patterns(one: Counted) -> str:
    if one.own_patterns is None:
        return ""
    number, version = one.own_patterns
    return _("own patterns: %(n)s, version %(version)s") % {"n": number, "version": version}


def _numbers(one: Counted) -> Iterable[str]:
    part = one.part
    yield one.reader or str(wording.PART_STATES[part.state])
    if own := _own_patterns(one):
        yield own
    for number, singular, plural in (
        (part.identifiers, _("%(n)s identifier"), _("%(n)s identifiers")),
        (part.messages, _("%(n)s message"), _("%(n)s messages")),
        (part.traces, _("%(n)s entry of activity"), _("%(n)s entries of activity")),
        (one.people, _("%(n)s person"), _("%(n)s people")),
        (one.passages, _("%(n)s text"), _("%(n)s texts")),
        (one.not_understood, _("%(n)s not understood"), _("%(n)s not understood")),
        (one.cut, _("%(n)s cut off"), _("%(n)s cut off")),
        (one.skipped, _("%(n)s passed over by a limit"), _("%(n)s passed over by a limit")),
        (one.ambiguous, _("%(n)s ambiguous"), _("%(n)s ambiguous")),
    ):
        if number:
            yield (singular if number == 1 else plural) % {"n": f"{number:,}"}


def _tables(viewer: Viewer, parts: Sequence[Part], masker: Masker) -> Iterable[pages.Link]:
    """Return the ways to the tables whose columns wait for an officer, in files and inside them."""
    if viewer.may(Permission.REPORT_ADD):
        for part in parts:
            if part.state == "needs_map":
                yield from tables.links(part, masker, named=True)


def _tables_read(viewer: Viewer, parts: Sequence[Part], masker: Masker) -> Iterable[pages.Link]:
    """Return the ways to the tables that were read, so that what was guessed can be seen and corrected."""
    if viewer.may(Permission.REPORT_ADD):
        for part in parts:
            if part.state in {"read", "needs_map"}:
                yield from tables.read_links(part, masker)


def _found(head: pages.ReportHead, parts: Sequence[Part]) -> str:
    """Count the identifiers of the report, each once though several of its files may hold it, and their places."""
    sightings, held = (
        sum(p.sightings for p in parts),
        head.tabs[report_parts.TABS.index("report_identifiers")].count or 0,
    )
    if head.waits and not held and not sightings:
        return head.waits
    first = ngettext("%(n)s identifier", "%(n)s identifiers", held) % {"n": f"{held:,}"}
    second = ngettext("%(n)s place", "%(n)s places", sightings) % {"n": f"{sightings:,}"}
    if not (traces := sum(p.traces for p in parts)):
        return f"{first}, {second}"
    third = ngettext("%(n)s entry of activity", "%(n)s entries of activity", traces) % {"n": f"{traces:,}"}
    return f"{first}, {second}, {third}"


def _original(own: Sequence[Part]) -> str:
    total = wording.size(sum(p.size for p in own))
    if len(own) == 1:
        return _("%(state)s, %(size)s, 3 hashes") % {
            "state": wording.PART_STATES[own[0].state],
            "size": total,
        }
    return _("%(n)s files sealed, %(size)s, 3 hashes each") % {"n": len(own), "size": total}


def _member(part: Part, masker: Masker) -> str:
    words = (str(wording.PART_STATES[part.state]), wording.source_word(part.source), masker.label(part.error))
    return ", ".join(filter(None, words))


def shown(remark: Remark, masker: Masker) -> tuple[str, list[str]]:
    """Return a doubtful value and its readings as they may be shown here: a victim's are counted, not told."""
    if remark.role == "victim":
        return _("A victim's value"), [
            _("reading %(n)s") % {"n": number} for number in range(1, len(remark.candidates) + 1)
        ]
    return masker(remark.text), [masker(text) for text in remark.candidates]


def _doubt(
    viewer: Viewer,
    report: Report,
    remark: Remark,
    settlers: dict[UUID, str],
    masker: Masker,
    files: Mapping[UUID, str],
) -> pages.Doubt:
    written, candidates = shown(remark, masker)
    readings = _(" or ").join(candidates)
    is_open = len(candidates) == 1 and receipts.is_reason(candidates[0])
    words = _("%(readings)s (%(place)s)") if is_open else _("could be %(readings)s (%(place)s).")
    text = words % {
        "readings": readings, "place": _in_file(masker.label(remark.place), files.get(remark.part_id, "")),
    }  # fmt: skip
    reveal = None
    if remark.role == "victim" and viewer.may(Permission.IDENTIFIER_REVEAL):
        reveal = pages.Link(_("Reveal"), reverse("reveal_doubt", args=[report.id, remark.pk]))
    if remark.settled_at:
        who = settlers.get(remark.settled_by, "") if remark.settled_by else ""
        words = _("Settled as %(reading)s by %(who)s, %(at)s.")
        if is_open:
            words = _("Settled: it cannot be told, by %(who)s, %(at)s.")
        settled = words % {
            "reading": candidates[remark.candidates.index(remark.settled_as)], "who": who, "at": wording.moment(remark.settled_at),
        }  # fmt: skip
        return pages.Doubt(written, text, settled=settled, reveal=reveal)
    may = viewer.may(Permission.REPORT_GRADE) and remark.candidates
    url = reverse("settle", args=[report.id, remark.pk])
    return pages.Doubt(written, text, pages.Link(_("Choose"), url) if may else None, reveal=reveal)
