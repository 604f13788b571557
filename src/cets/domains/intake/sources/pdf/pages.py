"""The text of a PDF, page by page, by PDFium. Nothing is drawn, no script runs, no form or embedded file is opened."""

import ctypes
import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from cets.domains.intake.sources.pdf.bombs import MOST_IN_A_STREAM, MOST_IN_ALL, grows_too_large

MOST_PAGES = 5_000
MOST_ON_A_PAGE = 1_000_000  # characters
MOST_LINKS = 1_000  # on a page
_LONGEST_LINK = 4_096  # bytes
_PASSWORD = 4  # PDFium's number of the fault
#: By these PDFium means a hyphen at the end of a line, which it joins with the next one.
_JOINED = re.compile("[\ufffe\x02]")
_BREAK = re.compile("[\n\ufffe\x02]")
_SHOWN = {0: 0x2400, 0xFFFE: ord("-"), 0x02: ord("-"), 0xFFFF: 0xFFFD}


class Unreadable(Exception):
    """The PDF cannot be read. The message says why, for the receipt."""


class Page(msgspec.Struct, frozen=True):
    """What is written on one page. `joined`: where a line ended with a hyphen, which may be part of a value or not."""

    number: int
    text: str
    joined: tuple[int, ...] = ()
    breaks: tuple[int, ...] = ()  # where lines end, those with such a hyphen included
    links: tuple[str, ...] = ()
    cut_at: int | None = None  # characters on the page, when not all of them were read

    def line(self, offset: int) -> int:
        """Return the number of the line in which a character stands."""
        return 1 + bisect_left(self.breaks, offset)


class Document:
    """An opened PDF. Close it."""

    def __init__(self, file: BinaryIO) -> None:
        if grows_too_large(file):
            raise Unreadable(
                f"Refused: what is packed in it grows to more than the limits of {MOST_IN_A_STREAM >> 20} MB each"
                f" or {MOST_IN_ALL >> 20} MB in all, as archive bombs do."
            )
        from pypdfium2 import PdfDocument, PdfiumError  # noqa: PLC0415 - heavy; only when there is a PDF

        file.seek(0)
        self._fault = PdfiumError
        try:
            self._document = PdfDocument(file)
        except PdfiumError as error:
            raise Unreadable(_why(error)) from None
        try:
            self.pages = len(self._document)
        except PdfiumError:
            self.pages = 0
        if not self.pages:
            self.close()
            raise Unreadable("The PDF holds no page that can be read; it may be damaged or cut short.")

    def close(self) -> None:
        self._document.close()

    def properties(self) -> dict[str, str]:
        """Return what the document says of itself: Title, Author, CreationDate..."""
        found = self._document.get_metadata_dict(skip_empty=True)
        return {name: _plain(text).strip() for name, text in found.items() if text.strip()}

    def unread(self) -> Iterator[str]:
        """Say what is in the file beside its pages."""
        if self._document.get_formtype():
            yield "The PDF is a form: what was filled in by keyboard may not be among its text, and was not read."
        embedded = self._document.count_attachments()
        if embedded:
            yield f"The PDF has embedded files ({embedded}), which were not opened."

    def page(self, number: int) -> Page | None:
        """Return the text of a page, counted from 1, or None when it cannot be read."""
        try:
            page = self._document[number - 1]
            written = page.get_textpage()
            count = written.count_chars()
            raw = written.get_text_range(0, min(count, MOST_ON_A_PAGE)) if count else ""
            links = tuple(self._links(page))
        except (self._fault, ValueError, IndexError):
            return None
        else:
            written.close()
            page.close()
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
        cut_at = count if count > MOST_ON_A_PAGE else None
        joined = tuple(found.start() for found in _JOINED.finditer(raw))
        breaks = tuple(found.start() for found in _BREAK.finditer(raw))
        return Page(number, _plain(raw), joined, breaks, links, cut_at)

    def _links(self, page: Any) -> Iterator[str]:
        """Yield the addresses to which a page links, which need not be those that it shows."""
        from pypdfium2 import raw  # noqa: PLC0415 - as above

        at, link = ctypes.c_int(0), raw.FPDF_LINK()
        for _ in range(MOST_LINKS):
            if not raw.FPDFLink_Enumerate(page.raw, ctypes.byref(at), ctypes.byref(link)):
                return
            action = raw.FPDFLink_GetAction(link)
            size = raw.FPDFAction_GetURIPath(self._document.raw, action, None, 0) if action else 0
            if 1 < size <= _LONGEST_LINK:
                held = ctypes.create_string_buffer(size)
                raw.FPDFAction_GetURIPath(self._document.raw, action, held, size)
                yield _plain(held.value.decode("utf-8", "replace"))


def _plain(text: str) -> str:
    return text.translate(_SHOWN)


def _why(error: Any) -> str:
    if getattr(error, "err_code", None) == _PASSWORD:
        return (
            "The PDF is encrypted and opens only with a password: ask for one without, or for the password."
        )
    return "The PDF is damaged or cut short: its pages could not be read."
