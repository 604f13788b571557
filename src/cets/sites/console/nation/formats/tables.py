"""Tables: CSV in several dialects, and a small XLSX written by hand so that its bytes never vary."""

import csv
import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

from cets.sites.console.nation.formats.archive import fixed_zip
from cets.sites.console.nation.model import Document, Planted

Rows = Sequence[Sequence[str]]

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def csv_file(
    rows: Rows, planted: Sequence[Planted], *, delimiter: str = ",", encoding: str = "utf-8"
) -> Document:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return Document(out.getvalue().encode(encoding), ".csv", "csv", tuple(planted))


def xlsx_file(rows: Rows, planted: Sequence[Planted], *, sheet: str = "Sheet1") -> Document:
    """Return a workbook of one sheet; every cell is text, as in most hand-overs."""
    members = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": _workbook(sheet),
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": _worksheet(rows),
    }
    content = fixed_zip([(name, text.encode()) for name, text in members.items()])
    return Document(content, ".xlsx", "xlsx", tuple(planted))


def _content_types() -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return (
        f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>'
    )


def _relation(kind: str, target: str) -> str:
    return (
        f'{_XML}<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _workbook(sheet: str) -> str:
    return (
        f'{_XML}<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _worksheet(rows: Rows) -> str:
    lines = "".join(_row(number, row) for number, row in enumerate(rows, 1))
    return f'{_XML}<worksheet xmlns="{_SHEET}"><sheetData>{lines}</sheetData></worksheet>'


def _row(number: int, row: Sequence[str]) -> str:
    cells = "".join(
        f'<c r="{_letter(column)}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        for column, text in enumerate(row)
        if text
    )
    return f'<row r="{number}">{cells}</row>'


def _letter(column: int) -> str:
    return chr(ord("A") + column)
