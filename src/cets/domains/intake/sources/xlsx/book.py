"""Open a workbook for its cells alone: what else a package holds is not read, and cannot make it unreadable.

Reporting programs write styles, properties and charts that the library refuses, and with them the whole file.
"""

import zipfile
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, SubElement, tostring

from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import ARC_STYLE, SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring

_STRICT = b"http://purl.oclc.org/ooxml/"


class Book(ExcelReader):  # type: ignore[misc]  # the library has no types
    """A workbook's sheets, as a stream. `remarks` tells what was left out or could not be read."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file, read_only=True, keep_links=False)
        self.archive = _Package(file)
        self.remarks: list[str] = []
        self.read()
        if self.archive.broken_styles:
            self.remarks.append("The styles of the workbook are broken: its dates show as numbers.")
        if not self.wb.worksheets:
            self.remarks.append(_why_empty(self.archive))

    def read_properties(self) -> None:
        """Leave out who wrote it and when: often not as the standard has it."""

    read_custom = read_theme = read_properties

    def read_chartsheet(self, sheet: Any, rel: Any) -> None:  # noqa: ARG002 - the library's signature
        self.remarks.append(f"The sheet “{sheet.name}” is a chart: not read.")


def _why_empty(package: zipfile.ZipFile) -> str:
    if _STRICT in package.read("xl/workbook.xml"):
        return (
            "The workbook was saved as “Strict Open XML”, which is not read: save it as an ordinary workbook."
        )
    return "The workbook holds no sheet of cells."


class _Package(zipfile.ZipFile):
    """The parts of the file, the styles reduced to what tells a date from a number."""

    broken_styles = False

    def read(self, name: Any, pwd: bytes | None = None) -> bytes:
        part = super().read(name, pwd)
        return self._formats(part) if name == ARC_STYLE else part

    def _formats(self, part: bytes) -> bytes:
        try:
            found = fromstring(part)
        except (SyntaxError, ValueError):  # not well-formed, or entities that are not expanded
            self.broken_styles = True
            found = Element("styleSheet")
        styles = Element("styleSheet", xmlns=SHEET_MAIN_NS)
        formats = SubElement(styles, "numFmts")
        for one in found.iterfind("{*}numFmts/{*}numFmt"):
            if (one.get("numFmtId") or "").isdecimal() and one.get("formatCode"):
                SubElement(formats, "numFmt", numFmtId=one.get("numFmtId"), formatCode=one.get("formatCode"))
        SubElement(SubElement(styles, "fonts"), "font")
        SubElement(SubElement(SubElement(styles, "fills"), "fill"), "patternFill")
        SubElement(SubElement(styles, "borders"), "border")
        cells = SubElement(styles, "cellXfs")
        for one in [*found.iterfind("{*}cellXfs/{*}xf")] or [Element("xf")]:
            number = one.get("numFmtId") or ""
            SubElement(cells, "xf", numFmtId=number if number.isdecimal() else "0")
        return tostring(styles)
