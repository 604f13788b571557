"""Workbooks: formulas and lost digits are said, hidden sheets are read, bombs and broken files end in words."""

import io
import re
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from cets.domains.intake.rows import AmbiguousPart, AnyRow, ColumnMap, Failed, NotUnderstood, Person, Sighting
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.xlsx import around
from cets.domains.intake.sources.xlsx import source as module
from cets.domains.intake.sources.xlsx.source import Xlsx


def workbook(*rows: list[Any], **sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for name, content in sheets.items():
        other = book.create_sheet(name)
        for row in content:
            other.append(row)
    return saved(book)


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return the workbook with a part written as another program would."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, content.replace(old, new) if name == part else content)
    return out.getvalue()


def read(data: bytes, country: str = "GB") -> list[AnyRow]:
    return list(Xlsx().read(io.BytesIO(data), Options(country=country)))


def sightings(rows: list[AnyRow]) -> dict[str, Sighting]:
    return {f"{row.value.kind} {row.value.value}": row for row in rows if isinstance(row, Sighting)}


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


def test_a_single_sheet_is_read_like_any_table() -> None:
    rows = read(workbook(["name", "mail"], ["A", "a@mail.example"]))
    assert isinstance(rows[0], ColumnMap)
    assert rows[0].sheet == "Sheet"
    assert sightings(rows)["email a@mail.example"].place == "row 2, column mail"
    assert [row.key for row in rows if isinstance(row, Person)] == ["row 2"]


def test_of_several_sheets_each_is_named_in_its_places() -> None:
    rows = read(
        workbook(["name", "mail"], ["A", "a@mail.example"], Two=[["name", "mail"], ["A", "b@mail.example"]])
    )
    assert sightings(rows)["email b@mail.example"].place == "sheet “Two”, row 2, column mail"
    keys = [row.key for row in rows if isinstance(row, Person)]
    assert len(keys) == len(set(keys)) == 2


def test_hidden_sheets_are_read_and_said() -> None:
    book = openpyxl.Workbook()
    book.active.append(["name", "mail"])
    hidden = book.create_sheet("Old")
    hidden.sheet_state = "veryHidden"
    hidden.append(["name", "mail"])
    hidden.append(["A", "a@mail.example"])
    rows = read(saved(book))
    assert "email a@mail.example" in sightings(rows)
    assert any("“Old” is hidden" in text for text in said(rows))


def test_formulas_are_kept_as_text() -> None:
    rows = read(
        workbook(
            ["name", "mail"],
            ["A", '=HYPERLINK("http://x.example/a","b@mail.example")'],
            ["B", "c@mail.example"],
        )
    )
    assert any("formula" in text for text in said(rows))
    assert sightings(rows)["url http://x.example/a"].way == "mentioned"


def test_a_phone_number_in_exponent_form_is_ambiguous_and_one_kept_as_number_is_said() -> None:
    data = workbook(["name", "phone"], ["A", 2025550143], ["B", 7700900123])
    data = changed(data, "xl/worksheets/sheet1.xml", b"<v>2025550143</v>", b"<v>2.025550143E9</v>")
    rows = read(data)
    (doubt,) = [row for row in rows if isinstance(row, AmbiguousPart)]
    assert doubt.candidates == ("2025550143",)
    assert set(sightings(rows)) == {"phone +447700900123"}
    assert any("leading zeros" in text for text in said(rows))


def test_a_number_of_more_digits_than_are_kept_is_ambiguous() -> None:
    rows = read(workbook(["name", "account number"], ["A", 12345678901234567890]))
    assert any(isinstance(row, AmbiguousPart) for row in rows)


def test_dates_of_a_workbook_have_no_zone() -> None:
    clock, midnight = datetime(2026, 4, 3, 10, 0), datetime(2026, 4, 3)  # noqa: DTZ001
    rows = read(workbook(["ip", "seen"], ["203.0.113.5", clock], ["203.0.113.6", midnight]))
    seen_at = sightings(rows)["ip 203.0.113.5"].seen_at
    assert seen_at is not None
    assert seen_at.instant is None
    assert seen_at.candidates == (clock,)
    assert sum(isinstance(row, AmbiguousPart) for row in rows) == 1


def test_merged_areas_are_said() -> None:
    book = openpyxl.Workbook()
    book.active.append(["name", "mail"])
    book.active.append(["A", "a@mail.example"])
    book.active.merge_cells("A2:A3")
    assert any("1 merged" in text for text in said(read(saved(book))))


def test_rows_beyond_the_size_that_a_sheet_states_are_not_hidden() -> None:
    data = workbook(["name", "mail"], ["A", "a@mail.example"], ["B", "b@mail.example"])
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    stated = re.search(rb'<dimension ref="[^"]+"', sheet)
    assert stated
    rows = read(changed(data, "xl/worksheets/sheet1.xml", stated[0], b'<dimension ref="A1:B2"'))
    assert "email b@mail.example" in sightings(rows)


def test_a_row_number_beyond_any_sheet_ends_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 1_000)
    data = workbook(["name", "mail"], ["A", "a@mail.example"])
    rows = read(changed(data, "xl/worksheets/sheet1.xml", b'r="2"', b'r="99999999"'))
    assert any(isinstance(row, Failed) and "1000" in row.reason for row in rows)


def test_entities_in_a_sheet_are_not_expanded() -> None:
    data = workbook(["name", "mail"], ["A", "a@mail.example"])
    bomb = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet'
    rows = read(changed(data, "xl/worksheets/sheet1.xml", b"<worksheet", bomb))
    assert any(isinstance(row, Failed) for row in rows)


def test_a_bomb_is_refused_with_its_limit() -> None:
    data = workbook(["name", "mail"])
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet9.xml", b" " * 30_000_000)
    (row,) = read(out.getvalue())
    assert isinstance(row, Failed)
    assert "limit" in row.reason


def test_a_part_that_is_said_to_be_longer_than_the_file_is_not_asked_for() -> None:
    data = bytearray(workbook(["email"], ["kestrel@mail.example"]))
    packed_size = data.index(b"PK\x01\x02") + 20
    data[packed_size : packed_size + 4] = (3 << 30).to_bytes(4, "little")

    (row,) = read(bytes(data))

    assert isinstance(row, Failed)
    assert row.reason == "The workbook is damaged: one of its parts is said to be longer than all of it."


def test_parts_that_are_not_read_are_said() -> None:
    out = io.BytesIO(workbook(["name", "mail"], ["A", "a@mail.example"]))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")
        package.writestr("xl/media/image1.png", b"x")
    texts = said(read(out.getvalue()))
    assert any("macros (1)" in text for text in texts)
    assert any("pictures (1)" in text for text in texts)


@pytest.mark.parametrize("end", [0, 4, 100, 1000, -30])
def test_a_cut_workbook_ends_in_words(end: int) -> None:
    (row,) = read(workbook(["name", "mail"], ["A", "a@mail.example"])[:end])
    assert isinstance(row, Failed)


def test_a_zip_that_holds_a_workbook_is_not_one() -> None:
    book = workbook(["name", "mail"])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("book.xlsx", book)
    data = out.getvalue()
    assert Xlsx().recognises(data[:65_536], len(data)) == 0
    found = recognise(book[:65_536], len(book))
    assert found is not None
    assert found.name == "xlsx"


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _text(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


#: A sheet as programs write it that are not Excel: texts within the cells, gaps, a date as a count of days.
SHEET = (
    f'<worksheet xmlns="{_MAIN}"><sheetData><row r="3">{_text("B3", "Email")}{_text("C3", "Login time")}{_text("D3", "IP")}</row>'
    '<row r="5"><c r="B5" t="inlineStr"><is><r><t>kestrel@</t></r><r><t>post.example</t></r></is></c>'
    f'<c r="C5" s="1"><v>44925.88475694445</v></c>{_text("D5", "203.0.113.24")}</row></sheetData></worksheet>'
)
STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="DD.MM.YYYY\\ HH:MM:SS"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)


def package(*, sheet: str = SHEET, styles: str = STYLES, before: str = "", first: str = "") -> bytes:
    """Return a workbook written by hand; `first` names the part that stands first."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{before}'
        '<sheets><sheet name="Tabelle1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
        "xl/styles.xml": styles,
        "docProps/core.xml": "<coreProperties><created>some day</created></coreProperties>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in sorted(parts, key=lambda name: (name != first, name)):
            file.writestr(name, parts[name])
    return out.getvalue()


def login(rows: list[AnyRow]) -> tuple[datetime, ...]:
    found = sightings(rows)
    assert set(found) == {"email kestrel@post.example", "ip 203.0.113.24"}
    ip = found["ip 203.0.113.24"]
    assert ip.place == "row 5, column IP"
    return ip.seen_at.candidates if ip.seen_at else ()


@pytest.mark.parametrize(
    "first", ["_rels/.rels", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "docProps/core.xml"]
)
def test_a_workbook_of_another_program_is_read_with_its_odd_styles_and_properties(first: str) -> None:
    data = package(first=first)
    source = recognise(data, len(data))
    assert source is not None
    assert source.name == "xlsx"
    assert login(read(data)) == (datetime(2022, 12, 30, 21, 14, 3),)  # noqa: DTZ001 - a workbook names no zone


@pytest.mark.parametrize("says", ["1", "true"])
def test_dates_counted_from_1904_are_read_so(says: str) -> None:
    rows = read(package(before=f'<workbookPr date1904="{says}"/>'))
    assert login(rows) == (datetime(2026, 12, 31, 21, 14, 3),)  # noqa: DTZ001 - a workbook names no zone


def test_a_date_in_words_of_the_standard_is_read() -> None:
    sheet = SHEET.replace('s="1"><v>44925.88475694445', 't="d"><v>2026-12-31T21:14:03')
    assert login(read(package(sheet=sheet))) == (datetime(2026, 12, 31, 21, 14, 3),)  # noqa: DTZ001 - no zone


def test_a_sheet_with_a_prefix_for_its_names_is_read() -> None:
    sheet = re.sub(r"<(/?)(?=\w)", r"<\1x:", SHEET).replace("xmlns=", "xmlns:x=")
    assert login(read(package(sheet=sheet)))


def test_broken_styles_are_said_and_the_cells_read() -> None:
    rows = read(package(styles="<styleSheet"))
    assert login(rows) == ()
    assert "The styles of the workbook are broken: its dates show as numbers." in said(rows)


def test_the_strict_form_is_said_not_passed_over() -> None:
    strict = package()
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "_rels/.rels"):
        for old, new in ((_MAIN, "spreadsheetml/main"), (_OFFICE, "officeDocument/relationships")):
            strict = changed(strict, part, old.encode(), f"http://purl.oclc.org/ooxml/{new}".encode())
    assert ["Strict Open XML" in text for text in said(read(strict))] == [True]


def test_a_chart_sheet_is_said_and_the_others_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Email"])
    book.active.append(["kestrel@post.example"])
    book.create_chartsheet("Figures")
    rows = read(saved(book))
    assert set(sightings(rows)) == {"email kestrel@post.example"}
    assert "The sheet “Figures” is a chart: not read." in said(rows)


@pytest.mark.parametrize("area", ["A2:A3", "A2:B3"])
def test_a_role_merged_over_rows_is_that_of_each(area: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Role", None, "E-mail"])
    for role, address in (("Victim", "v1"), (None, "v2"), ("Suspect", "s1"), (None, "n1")):
        book.active.append([role, None, f"{address}@post.example"])
    book.active.merge_cells(area)
    rows = read(saved(book))
    assert {key.removeprefix("email "): row.role for key, row in sightings(rows).items()} == {
        "v1@post.example": "victim",
        "v2@post.example": "victim",
        "s1@post.example": "suspect",
        "n1@post.example": "unknown",  # nothing says that the empty cell means the same
    }


def test_nothing_else_that_is_merged_is_taken_for_all_rows() -> None:
    book = openpyxl.Workbook()
    for line in (["Role", "E-mail"], ["Victim", "v1@post.example"], ["Suspect", None]):
        book.active.append(line)
    book.active.merge_cells("B2:B3")
    assert len(sightings(read(saved(book)))) == 1


def test_targets_of_links_and_printed_headers_are_searched() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["note", "role"], ["open", "suspect"], ["mail", "victim"], ["see", "suspect"]):
        sheet.append(row)
    sheet["A2"].hyperlink = "https://otherapp.example/u/hyper1?a=1&copy=2"
    sheet["A3"].hyperlink = "mailto:hyper1@post.example"
    sheet["A4"].hyperlink = "#Sheet!A1"
    sheet.oddHeader.left.text = "header1@post.example"
    sheet.oddFooter.center.text = "Page &P of footer1@post.example"
    found = sightings(rows := read(saved(book)))

    url = found["url https://otherapp.example/u/hyper1?a=1&copy=2"]
    assert (url.place, url.role, url.way) == ("row 2, link in column A", "suspect", "mentioned")
    assert found["email hyper1@post.example"].role == "victim"
    assert found["email header1@post.example"].place == "header"
    assert found["email footer1@post.example"].place == "footer"
    assert not any(isinstance(row, Failed) for row in rows)


def test_of_very_many_links_the_rest_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(around, "MOST_LINKS", 2)
    book = openpyxl.Workbook()
    for number in range(1, 5):
        book.active.append(["open"])
        book.active[f"A{number}"].hyperlink = f"https://otherapp.example/u/hyper{number}"
    rows = read(saved(book))
    assert len(sightings(rows)) == 2
    assert any("2 further links: not read" in text for text in said(rows))
