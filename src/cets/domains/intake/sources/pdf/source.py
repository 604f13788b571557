"""PDF: the text of each page, and what is found in it. A CyberTipline report as PDF is read by its labels."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO

import msgspec

from cets.domains.intake.cybertip import printed
from cets.domains.intake.cybertip.printed import CHECK, Between
from cets.domains.intake.cybertip.report import ReportReader
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AmbiguousPart, AnyRow, Failed, FreeText, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sources.pdf.pages import MOST_ON_A_PAGE, MOST_PAGES, Document, Page, Unreadable

MOST_TEXT = 20_000_000  # characters of all pages
_MARK = b"%PDF-"
_WITHIN = 1_024  # bytes before the mark that readers forgive
_NAMED = 20  # pages that are named one by one
_TRIED_PAGES = 3
_MAIL = "mailto:"
_LEADS_OUT = re.compile(r"(?:https?|ftps?)://", re.IGNORECASE)


class Pdf(Source):
    name = "pdf"
    caption = "PDF document"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        if head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\0\t\n\f\r ").startswith(_MARK):
            return 0.95
        return 0.05 if _MARK in head[:_WITHIN] else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        try:
            document = Document(file)
        except Unreadable as fault:
            yield Failed(reason=str(fault))
            return
        try:
            yield from _Reading(document, options).rows()
        finally:
            document.close()


class _Reading:
    """One document on its way to rows."""

    def __init__(self, document: Document, options: Options) -> None:
        self._document, self._options = document, options
        self._reader = Reader(options)
        self._blank: list[int] = []
        self._broken: list[int] = []
        self._done = 0
        self._stopped: Failed | None = None

    def rows(self) -> Iterator[AnyRow]:
        pages = self._pages()
        first = list(islice(pages, _TRIED_PAGES))
        if printed.is_report(page.text for page in first):
            yield from self._report([*first, *pages])
        else:
            for page in chain(first, pages):
                yield from self._page(page, [Between(0, len(page.text))])
        yield from self._about()
        if self._stopped:
            yield self._stopped

    def _pages(self) -> Iterator[Page]:
        for number in range(1, self._document.pages + 1):
            if number > MOST_PAGES:
                self._stopped = Failed(reason=f"Stopped at the limit of {MOST_PAGES} pages.")
                return
            page = self._document.page(number)
            if page is None:
                self._broken.append(number)
                continue
            self._done += len(page.text)
            if self._done > MOST_TEXT:
                self._stopped = Failed(
                    reason=f"Stopped at the limit of {MOST_TEXT} characters, on page {number}."
                )
                return
            if not page.text.strip():
                self._blank.append(number)
            yield page

    def _report(self, pages: list[Page]) -> Iterator[AnyRow]:
        """Read the fields of a report first, then search what stands between them."""
        report = printed.report_of(pages)
        yield from ReportReader(self._options).read(report.root)
        yield from report.doubts
        for page in pages:
            yield from self._page(page, report.between[page.number])

    def _page(self, page: Page, between: Sequence[Between]) -> Iterator[AnyRow]:
        place = f"page {page.number}"
        if page.text.strip():
            yield FreeText(text=page.text, place=f"{place} {CHECK}", label=f"Page {page.number}")
        for part in between:
            text = page.text[part.start : part.end]
            for row in self._reader.mentioned(text, place=f"{place} {CHECK}", role=part.role):
                yield _placed(row, page, part.start)
        if page.cut_at:
            text = f"Page {page.number} holds {page.cut_at} characters; {MOST_ON_A_PAGE} of them were read."
            yield NotUnderstood(text=text, place=place)
        for number, link in enumerate(dict.fromkeys(page.links), 1):
            yield from self._link(link, f"{place}, link {number} {CHECK}")

    def _link(self, link: str, place: str) -> Iterator[AnyRow]:
        """Where a page leads to need not be what it shows: an identifier that nobody reads on it."""
        if link.casefold().startswith(_MAIL):
            address = link[len(_MAIL) :].partition("?")[0]
            yield from self._reader.declared("email", address, place=place, way="mentioned", as_written=link)
        elif _LEADS_OUT.match(link):
            yield from self._reader.declared("url", link, place=place, way="mentioned")

    def _about(self) -> Iterator[AnyRow]:
        properties = self._document.properties()
        if properties:
            text = "; ".join(f"{name}: {value}" for name, value in properties.items())
            yield from self._reader.free_text(text, place="properties of the PDF", label="Properties")
        for text in self._document.unread():
            yield NotUnderstood(text=text, place="whole file")
        for numbers, what in (
            (self._blank, "no text, perhaps a picture of it (a scan): nothing was read there"),
            (self._broken, "nothing that could be read: damaged"),
        ):
            if numbers:
                yield NotUnderstood(text=f"{_named(numbers)} of the PDF: {what}.", place=f"page {numbers[0]}")


def _placed(row: AnyRow, page: Page, start: int) -> AnyRow:
    """Say on which line of the page a value stands; one that goes over a hyphen at the end of a line can be two."""
    if not isinstance(row, Sighting) or row.start is None or row.end is None:
        return row
    first, end = row.start + start, row.end + start
    place = f"page {page.number}, line {page.line(first)} {CHECK}"
    readings = printed.joined_readings(page, first, end)
    if readings:
        return AmbiguousPart(raw=page.text[first:end], candidates=readings, place=place, role=row.role)
    return msgspec.structs.replace(row, place=place, start=first, end=end)


def _named(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:_NAMED]))
    more = len(numbers) - _NAMED
    return (
        f"Page {shown}" if len(numbers) == 1 else f"Pages {shown}" + (f" and {more} more" if more > 0 else "")
    )
