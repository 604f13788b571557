"""What the receipt of a report shows the beginning of, in pages: its lines, its doubts, its files with their tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cets.access.permissions import Permission
from cets.domains.intake import receipts
from cets.domains.intake.masking import Masker, masker_of
from cets.domains.intake.receipts import Counted
from cets.domains.reports import queries as reports
from cets.domains.reports.models import Part, Remark, Report
from cets.sites.desk import pages
from cets.sites.desk.paging import MOST_OF_ONE, page_of
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import report_parts, report_receipt, tables

#: Lines of a page.
MANY = 100
_LONGEST_NUMBER = 9


@dataclass(frozen=True)
class _Asked:
    """Which list, and of which file alone."""

    request: DeskRequest
    report: Report
    parts: Sequence[Part]
    masker: Masker
    counts: dict[str, int]
    sort: str
    part: Part | None

    @property
    def url(self) -> str:
        return reverse("report_receipt", args=[self.report.id])

    def at(self, sort: str, part: Part | None = None) -> str:
        asked = {"sort": sort} | ({"file": str(part.number)} if part else {})
        return f"{self.url}?{urlencode(asked)}"

    def remarks(self) -> QuerySet[Remark]:
        """Return the lines of the list, file by file in the order in which they were read."""
        found = reports.remarks_of(self.report, self.sort).order_by("part__number", "id")
        return found.filter(part=self.part) if self.part else found


@screen("GET", see=Permission.REPORT_VIEW)
def report_receipt_lists(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Show one list of the receipt as a whole."""
    report = report_parts.opened(request, report_id)
    asked = _asked(request, report)
    query = {"sort": asked.sort, "page": request.GET.get("page", "1")}
    if asked.part:
        query["file"] = str(asked.part.number)
    page = _files(asked, query) if asked.sort == "file" else _lines(asked, query)
    return show(
        request, page, current="reports", reference=report.reference, handling=report_parts.handling_of(report)
    )  # fmt: skip


def _asked(request: DeskRequest, report: Report) -> _Asked:
    parts = list(reports.parts_of(report))
    sort, number = request.GET.get("sort", ""), request.GET.get("file", "")
    sort = sort if sort in report_receipt.ALL_OF else "not_understood"
    is_number = number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER
    of_file = [part for part in parts if is_number and part.number == int(number) and sort != "file"]
    return _Asked(
        request=request,
        report=report,
        parts=parts,
        masker=masker_of(report.id),
        counts=_counts(report, receipts.counted(parts, in_full=False)),
        sort=sort,
        part=of_file[0] if of_file else None,
    )


def _counts(report: Report, numbers: Sequence[Counted]) -> dict[str, int]:
    return {
        "not_understood": sum(one.not_understood for one in numbers),
        "ambiguous": sum(one.ambiguous for one in numbers),
        "note": reports.remarks_of(report, "note").count(),
        "file": len(numbers),
    }


def _lines(asked: _Asked, query: dict[str, str]) -> pages.ReportReceipt:
    rows, paging = page_of(asked.remarks(), asked.url, query, size=MANY, most=MOST_OF_ONE)
    files = report_receipt.names_of(asked.parts, asked.masker)
    is_doubt = asked.sort == "ambiguous"
    viewer = asked.request.viewer
    return _page(
        asked,
        paging,
        lines=() if is_doubt else report_receipt.lines(rows, asked.masker, files),
        doubts=report_receipt.doubts(viewer, asked.report, rows, asked.masker, files) if is_doubt else (),
        first=paging.first if paging else 1,
    )


def _files(asked: _Asked, query: dict[str, str]) -> pages.ReportReceipt:
    rows, paging = page_of(reports.parts_of(asked.report), asked.url, query, most=MOST_OF_ONE)
    return _page(asked, paging, files=tuple(_file(asked, one) for one in receipts.counted(rows)))


def _file(asked: _Asked, one: Counted) -> pages.ReceiptFile:
    fact = report_receipt.file_of(one, asked.masker)
    return pages.ReceiptFile(
        name=fact.label,
        text=fact.text,
        error=asked.masker.label(one.part.error),
        ways=tuple(_ways(asked, one)),
    )


def _ways(asked: _Asked, one: Counted) -> Iterable[pages.Link]:
    """Yield the ways to the lines of one file, and to its tables."""
    for number, sort, singular, plural in (
        (
            one.not_understood,
            "not_understood",
            _("%(n)s line not understood"),
            _("%(n)s lines not understood"),
        ),
        (one.ambiguous, "ambiguous", _("%(n)s ambiguous value"), _("%(n)s ambiguous values")),
    ):
        if number:
            text = (singular if number == 1 else plural) % {"n": f"{number:,}"}
            yield pages.Link(text, asked.at(sort, one.part))
    if asked.request.viewer.may(Permission.REPORT_ADD):
        if one.part.state == "needs_map":
            yield from tables.links(one.part, asked.masker, named=True)
        if one.is_whole:
            yield from tables.read_links(one.part, asked.masker)


def _page(
    asked: _Asked,
    paging: pages.Paging | None,
    *,
    lines: tuple[str, ...] = (),
    doubts: tuple[pages.Doubt, ...] = (),
    files: tuple[pages.ReceiptFile, ...] = (),
    first: int = 1,
) -> pages.ReportReceipt:
    tab = "report" if asked.request.viewer.narrow else "report_custody"
    head = report_parts.head(asked.request, asked.report, tab, parts=asked.parts)
    return pages.ReportReceipt(
        head=head,
        title=_title(asked),
        lines=lines,
        first=first,
        doubts=doubts,
        files=files,
        sorts=tuple(
            pages.Thread(str(text), asked.at(sort), asked.counts[sort], sort == asked.sort)
            for sort, text in report_receipt.ALL_OF.items()
            if asked.counts[sort] or sort == asked.sort
        ),
        all_files=pages.Link(_("Of all files"), asked.at(asked.sort)) if asked.part else None,
        back=pages.Link(_("Back to the receipt"), reverse(tab, args=[asked.report.id])),
        paging=paging,
        empty=None if lines or doubts or files else _nothing(head),
    )


def _title(asked: _Asked) -> str:
    text = str(report_receipt.ALL_OF[asked.sort])
    if asked.part is None:
        return text
    name = report_receipt.names_of(asked.parts, asked.masker).get(asked.part.id, "")
    return _("%(list)s in %(file)s") % {"list": text, "file": name} if name else text


def _nothing(head: pages.ReportHead) -> pages.Empty:
    return pages.Empty(f"{head.waits}." if head.waits else _("Nothing"))
