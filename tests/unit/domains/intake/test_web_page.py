"""Web pages that nothing else knows: words and links at their lines, what a reader does not see, and pages from hell."""

import io
import time

import pytest

from cets.domains.intake.rows import AnyRow, FreeText, NotUnderstood, Sighting, Summary
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.web_page.source import WebPage


def read(page: str | bytes, **options: int) -> list[AnyRow]:
    raw = page.encode() if isinstance(page, str) else page
    return list(WebPage().read(io.BytesIO(raw), Options(country="GB", **options)))


def texts(rows: list[AnyRow]) -> list[tuple[str, str]]:
    return [(row.place, row.text) for row in rows if isinstance(row, FreeText)]


def values(rows: list[AnyRow]) -> list[tuple[str, str, str]]:
    return [(row.value.kind, row.value.value, row.place) for row in rows if isinstance(row, Sighting)]


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<!DOCTYPE html><p>hi</p>", "web_page"),
        ("\ufeff\n<HTML lang='de'><body>hi</body></HTML>", "web_page"),
        ("<!-- saved --><html><body>hi</body></html>", "web_page"),
        ('<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN"><html/>', "web_page"),
        ('<?xml version="1.0"?><report/>', None),
        ("<html_like>a@mail.example</html_like>", None),
        ("they wrote <html> to kea@mail.example\n", "text"),
    ],
)
def test_what_is_a_page(head: str, name: str | None) -> None:
    found = recognise(head.encode(), len(head.encode()))

    assert (found.name if found else None) == name


def test_words_stand_at_the_line_of_their_block_and_the_receipt_says_what_is_missing() -> None:
    rows = read(
        "<html><title>Garden &amp; more</title>\n<body>\n<script>\nlet x = '<div>not this</div>';\n</script>\n"
        "<div class=name>Kea</div>\n<div>ring 07700\n<b>900</b>142<br>or kea@<i>mail</i>.example</div></body></html>"
    )

    assert [row.title for row in rows if isinstance(row, Summary)] == ["Web page “Garden & more”"]
    assert texts(rows) == [
        ("line 1", "Garden & more"),
        ("line 6", "Kea"),
        ("lines 7 to 8", "ring 07700 900142\nor kea@mail.example"),
    ]
    assert values(rows) == [
        ("phone", "+447700900142", "lines 7 to 8"),
        ("email", "kea@mail.example", "lines 7 to 8"),
    ]
    assert ["who wrote what" in one for one in said(rows)] == [True, False]
    assert said(rows)[1] == "Scripts and styles of the page were not read: 1."


def test_links_remarks_and_names_in_tags_are_words() -> None:
    rows = read(
        "<html><!-- saved from https://a.example/x --><p title='kea@mail.example'><a href='https://b.example/y'>here</a></p>"
        "<span data-author='snap: kea_wing'>Kea</span><span>07700 900142</span><span>hi</span></html>"
    )

    assert {value for _, value, _ in values(rows)} == {
        "https://a.example/x", "https://b.example/y", "kea@mail.example", "snapchat/kea_wing", "+447700900142",
    }  # fmt: skip


def test_the_encoding_that_a_page_states_counts_where_its_bytes_do_not_tell() -> None:
    rows = read("<html><meta charset='windows-1251'><p>Привет</p></html>".encode("cp1251"))

    assert ("line 1", "Привет") in texts(rows)
    assert not [one for one in said(rows) if "encoding" in one]


@pytest.mark.parametrize("shift", range(0, 60, 7))
def test_nothing_is_lost_where_a_chunk_ends(shift: int) -> None:
    filler = "<p>" + "x" * 990 + "</p>\n"
    page = (
        "<html>"
        + " " * shift
        + filler * 65
        + "<script>y</script><p>kea@mail.example</p><!-- sam@mail.example -->"
    )
    page = page + filler * 70 + "<style>z</style><p>end 07700 900142</p></html>"
    rows = read(page)

    assert [value for _, value, _ in values(rows)] == [
        "kea@mail.example",
        "sam@mail.example",
        "+447700900142",
    ]
    assert values(rows)[-1][2] == f"line {page.count(chr(10)) + 1}"
    assert not [text for _, text in texts(rows) if set(text) & set("yz<>")]


@pytest.mark.parametrize(
    "piece",
    ["<", "<!--", "<p", "<p title='", "<script>", "</", "<a href=", "<div>" * 10, "x" * 100, "</b><b>", "&"],
)
def test_pages_from_hell_take_little_time(piece: str) -> None:
    page = f"<html>{piece * (300_000 // len(piece))}".encode()
    began = time.process_time()
    for row in WebPage().read(io.BytesIO(page), Options()):
        assert row is not None

    assert time.process_time() - began < 5


def test_pieces_are_limited() -> None:
    rows = read("<html>" + "<p>hi</p>" * 10, max_rows=3)

    assert "limit of 3 pieces" in str(rows[-1])
