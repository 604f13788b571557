"""PDFs: text by page, values with their line and the mark to check them, and files that are hostile or broken."""

import io
import string
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake import sources
from cets.domains.intake.parser.client import Limits, Parser
from cets.domains.intake.rows import (
    AmbiguousPart,
    AnyRow,
    Failed,
    FreeText,
    NotUnderstood,
    Person,
    Sighting,
    Summary,
)
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.pdf import bombs, pages
from cets.domains.intake.sources.pdf.source import Pdf
from unit.domains.intake.pdf_writing import REPORT, STATEMENT, pdf

US = Options(country="US")
CHECK = "(read from PDF, check)"


def read(data: bytes) -> list[AnyRow]:
    return list(Pdf().read(io.BytesIO(data), US))


def sightings(rows: list[AnyRow]) -> list[Sighting]:
    return [row for row in rows if isinstance(row, Sighting)]


def found(rows: list[AnyRow], value: str) -> Sighting:
    (one,) = [row for row in sightings(rows) if row.value.value == value]
    return one


def reason(rows: list[AnyRow]) -> str:
    (failed,) = [row for row in rows if isinstance(row, Failed)]
    return failed.reason


def test_text_by_page_and_values_with_line_offset_and_mark() -> None:
    rows = read(pdf(STATEMENT))

    texts = [row for row in rows if isinstance(row, FreeText)]
    assert [text.text for text in texts] == ["\n".join(lines) for lines in STATEMENT]
    mail = found(rows, "kim.larch@post.example")
    assert (mail.place, mail.way, mail.role) == (f"page 1, line 2 {CHECK}", "mentioned", "unknown")
    assert texts[0].text[mail.start : mail.end] == "kim.larch@post.example"
    assert found(rows, "https://chat.example/u/77").place == f"page 2, line 1 {CHECK}"
    assert all(CHECK in row.place for row in sightings(rows))


WORDS = st.text(string.ascii_letters + string.digits + "äé(),.:;/@+", min_size=1, max_size=12)
#: Of lines of a few signs PDFium makes one.
LINES = st.lists(WORDS, min_size=1, max_size=6).map(lambda words: " ".join(["Line of words", *words]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(LINES, min_size=1, max_size=8), min_size=1, max_size=4))
def test_what_is_written_on_the_pages_is_read_from_them(written: list[list[str]]) -> None:
    rows = read(pdf(written))

    texts = {
        row.place: row.text for row in rows if isinstance(row, FreeText) and row.place.startswith("page")
    }
    assert [texts[f"page {number} {CHECK}"] for number in range(1, len(written) + 1)] == [
        "\n".join(lines) for lines in written
    ]
    for row in sightings(rows):
        if row.start is not None:
            page, line = row.place.removesuffix(f" {CHECK}").removeprefix("page ").split(", line ")
            assert texts[f"page {page} {CHECK}"][row.start : row.end] == row.value.raw
            assert row.value.raw.split("\n")[0] in written[int(page) - 1][int(line) - 1]


def test_a_value_over_a_hyphen_at_the_end_of_a_line_can_be_two() -> None:
    rows = read(pdf([["Write to kim-", "larch@post.example soon"]]))

    (doubt,) = [row for row in rows if isinstance(row, AmbiguousPart)]
    assert doubt.candidates == ("kim-larch@post.example", "kimlarch@post.example")
    assert doubt.place == f"page 1, line 1 {CHECK}"
    assert not sightings(rows)


def test_where_a_page_leads_to_is_told_beside_what_it_shows() -> None:
    rows = read(
        pdf(
            [["click here"]],
            links=["https://files.example/a", "mailto:rowan@post.example?subject=x", "x.doc"],
        )
    )

    assert found(rows, "https://files.example/a").place == f"page 1, link 1 {CHECK}"
    assert found(rows, "rowan@post.example").value.kind == "email"
    assert len(sightings(rows)) == 2


def test_pages_without_text_are_named() -> None:
    (said,) = [row for row in read(pdf([["words"], [], []])) if isinstance(row, NotUnderstood)]

    assert (
        said.text
        == "Pages 2, 3 of the PDF: no text, perhaps a picture of it (a scan): nothing was read there."
    )


def test_an_encrypted_file_is_said_to_be_one() -> None:
    assert "opens only with a password" in reason(read(pdf(STATEMENT, encrypted=True)))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_file_cut_short_is_said_to_be_one(share: float) -> None:
    data = pdf(STATEMENT)
    assert "damaged or cut short" in reason(read(data[: int(len(data) * share)]))


@pytest.mark.parametrize("times", [1, 2])
def test_a_bomb_is_refused_before_it_is_unpacked(times: int) -> None:
    packed = b" " * (bombs.MOST_IN_A_STREAM + 1)
    for _ in range(times):
        packed = zlib.compress(packed, 9)

    rows = read(pdf([["x"]], contents=packed, filters=b"[%s]" % (b"/FlateDecode " * times)))

    assert reason(rows).startswith("Refused: what is packed in it grows")


def test_streams_that_are_large_only_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bombs, "MOST_IN_ALL", 1_000)
    assert "Refused" in reason(read(pdf([["a" * 80] * 10] * 2)))
    assert sightings(read(pdf([["kim.larch@post.example"]])))


def test_a_bomb_in_disguise_ends_the_reading_and_not_the_reader() -> None:
    packed = zlib.compress(b" " * (200 << 20), 1)
    bomb = pdf([["x"]], contents=packed).replace(b"/Filter", b"/Subtype /Image /Filter", 1)
    good = pdf(STATEMENT)

    with Parser(Limits(memory=256_000_000)) as parser:
        rows = list(parser.parse(io.BytesIO(bomb), len(bomb), US))
        after = list(parser.parse(io.BytesIO(good), len(good), US))

    assert any(isinstance(row, Failed | FreeText | NotUnderstood) for row in rows)
    assert after == read(good)


def test_too_many_pages_are_read_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cets.domains.intake.sources.pdf.source.MOST_PAGES", 2)
    rows = read(pdf([["one"], ["two"], ["three"]]))

    assert reason(rows) == "Stopped at the limit of 2 pages."
    assert len([row for row in rows if isinstance(row, FreeText)]) == 2


def test_a_long_page_is_read_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_ON_A_PAGE", 10)
    rows = read(pdf([["kim.larch@post.example"]]))

    assert not [row for row in sightings(rows) if row.value.value == "kim.larch@post.example"]
    assert any(isinstance(row, NotUnderstood) and "holds 22 characters" in row.text for row in rows)


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\n"])
def test_it_is_recognised_by_its_mark(before: bytes) -> None:
    data = before + pdf(STATEMENT)
    assert sources.recognise(data, len(data)).name == "pdf"


def test_a_text_that_speaks_of_pdf_is_none() -> None:
    data = b"The file begins with %PDF-1.4 and was sent by kim.larch@post.example\n"
    assert sources.recognise(data, len(data)).name == "text"


# --- a CyberTipline report as it is printed ----------------------------------------------------------


def test_the_labels_of_a_report_are_declared_fields() -> None:
    rows = read(pdf(REPORT))

    (summary,) = [row for row in rows if isinstance(row, Summary)]
    assert (summary.external_body, summary.external_number) == ("NCMEC", "990000301")
    assert (summary.reporting_body, summary.category) == ("Chat Example", "Online enticement")
    assert summary.incident_at.instant.isoformat() == "2026-02-14T09:15:22+00:00"
    login = [row for row in sightings(rows) if row.value.value == "203.0.113.24" and row.way == "declared"]
    assert [(row.event, row.role, row.place) for row in login] == [
        ("Login", "suspect", f"Suspect 1/page 1, line 21 {CHECK}")
    ]
    assert found(rows, "198.51.100.7").place == f"Suspect 1/page 1, line 23 {CHECK}"
    assert found(rows, "snapchat/kim_l").role == "suspect"
    assert (
        found(rows, "md5:0cc175b9c0f1b6a831c399e269772661").place == f"Uploaded file 1/page 2, line 9 {CHECK}"
    )
    assert all(CHECK in row.place for row in sightings(rows))


def test_every_value_of_a_report_has_the_role_of_its_block() -> None:
    rows = read(pdf(REPORT))

    assert {row.role for row in rows if isinstance(row, Person)} == {
        "suspect",
        "victim",
        "recipient",
        "reporter",
    }
    assert found(rows, "pine.cone@post.example").role == "victim"
    assert found(rows, "rowan@post.example").role == "recipient"
    assert found(rows, "203.0.113.99").role == "unknown"
    legal, officer = found(rows, "legal@chat.example"), found(rows, "officer@police.example")
    assert (legal.role, legal.pivot, officer.role, officer.pivot) == ("reporter", False, "other", False)
    looked_up = [row for row in sightings(rows) if row.way == "looked_up"]
    assert [row.value.value for row in looked_up] == ["203.0.113.24"]


def test_no_value_of_a_report_is_told_twice() -> None:
    rows = read(pdf(REPORT))
    places = [(row.value.kind, row.value.value, row.place) for row in sightings(rows)]

    assert len(places) == len(set(places))
    assert len([row for row in sightings(rows) if row.value.value == "kim.larch@post.example"]) == 1


def report_with(*lines: str) -> list[AnyRow]:
    return read(
        pdf(
            [
                [
                    "CyberTipline Report 990000301",
                    "Section A: Reported Information",
                    "Executive Summary",
                    *lines,
                ]
            ]
        )
    )


def test_a_heading_that_nobody_knows_ends_the_suspects_block_and_not_the_victims() -> None:
    rows = report_with(
        "Suspect", "Name: Kim Larch", "Other People Nearby", "Email Address: rowan@post.example", "Child Victim",
        "School Details", "Email Address: pine.cone@post.example",
    )  # fmt: skip

    assert found(rows, "rowan@post.example").role == "unknown"
    assert found(rows, "pine.cone@post.example").role == "victim"


def test_a_name_that_comes_again_begins_another_person() -> None:
    rows = report_with("Suspect", "Name: Kim Larch", "Name: Robin Rowan", "Email Address: rowan@post.example")

    assert [row.names for row in rows if isinstance(row, Person)] == [("Kim Larch",), ("Robin Rowan",)]
    assert found(rows, "rowan@post.example").person == "reported person 2"


def test_a_long_value_that_may_go_on_in_the_next_line_is_a_doubt() -> None:
    start = "https://chat.example/profiles/with/a/very/long/path"
    rows = report_with("Suspect", f"Profile URL: {start}", "/kim", "Name: Kim Larch")

    (doubt,) = [row for row in rows if isinstance(row, AmbiguousPart)]
    assert doubt.candidates == (start, f"{start}/kim")


def test_what_is_written_about_a_victim_is_hers() -> None:
    rows = report_with(
        "Child Victim", "Name: A B", "Additional Information", "writes from pine.cone@post.example"
    )
    assert found(rows, "pine.cone@post.example").role == "victim"


def test_files_that_are_stated_and_not_there_are_said() -> None:
    rows = report_with("Uploaded File Information", "Number of uploaded files: 3", "Filename: bridge.jpg")
    assert any(isinstance(row, NotUnderstood) and "states 3 uploaded files" in row.text for row in rows)


def test_a_label_that_nobody_knows_is_said_and_searched() -> None:
    rows = report_with("Suspect", "Name: Kim Larch", "Favourite Mailbox: kim.larch@post.example")

    assert any(isinstance(row, NotUnderstood) and "a field that is not known" in row.text for row in rows)
    assert found(rows, "kim.larch@post.example").way == "mentioned"


def test_a_report_of_many_lines_is_read_in_time() -> None:
    lines = [
        "CyberTipline Report 990000301",
        "Section A: Reported Information",
        "Executive Summary",
        "Suspect",
    ]
    lines += [f"Label {number}: did view {'view ' * 20}" for number in range(4_000)]
    started = time.process_time()
    assert read(pdf([lines]))
    assert time.process_time() - started < 30
