"""XML of any size, record by record: order, paths, what is outside, broken and hostile files."""

import io
import time

import pytest

from cets.domains.intake import xml_walk
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood
from cets.domains.intake.xml_walk import XmlFile


def walk(
    data: bytes | str, *, most: int | None = None
) -> tuple[list[tuple[str, bool, bool, str]], list[AnyRow]]:
    file = XmlFile(io.BytesIO(data.encode() if isinstance(data, str) else data))
    found = [
        (one.path, one.is_record, one.whole, "|".join(one.element.itertext()))
        for one in file.walk({"I"}, most=most)
    ]
    return found, list(file.remarks())


def test_records_come_with_their_paths_and_the_rest_beside() -> None:
    found, said = walk("<R><h>x</h><I><b>1</b><I><c>2</c></I></I><n:I xmlns:n='urn:n'><b>3</b></n:I></R>")
    assert found == [
        ("/R/h[1]", False, True, "x"),
        ("/R/I[1]/I[1]", True, True, "2"),
        ("/R/I[1]", True, True, "1"),
        ("/R/I[2]", True, True, "3"),
        ("/R", False, True, ""),
    ]
    assert said == []


def test_what_stands_before_a_record_in_the_outer_one_can_be_asked() -> None:
    file = XmlFile(io.BytesIO(b"<R><I><id>7</id><I>a</I><I>b</I></I></R>"))
    seen = [
        (one.element.text, one.element.getparent().findtext("id"))
        for one in file.walk({"I"})
        if one.path.count("/I") > 1
    ]
    assert seen == [("a", "7"), ("b", "7")]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ('<?xml version="1.0" encoding="utf-16"?><R><I>größe</I></R>'.encode(), "größe"),
        ('<?xml version="1.0" encoding="utf-8"?><R><I>größe</I></R>'.encode("utf-16"), "größe"),
        ('<?xml version="1.0" encoding="utf16"?><R><I>größe</I></R>'.encode("cp1252"), "größe"),
        ('<?xml version="1.0" encoding="undefined"?><R><I>größe</I></R>'.encode(), "größe"),
        ('\ufeff<?xml version="1.0"?>\n<R><I>größe</I></R>'.encode(), "größe"),
        ('<?xml version="1.0" encoding="windows-1251"?><R><I>привет</I></R>'.encode("cp1251"), "привет"),
    ],
)
def test_bytes_are_read_as_what_they_are(data: bytes, text: str) -> None:
    found, said = walk(data)
    assert found[0][3] == text
    assert not any(isinstance(row, Failed) for row in said)


def test_characters_that_no_xml_may_hold_are_shown_and_counted() -> None:
    found, said = walk(b"<R><I>a\x0bb&#0;c&#x1F;d&amp;&#x20;</I></R>")
    assert found[0][3] == "a\ufffdb\ufffdc\ufffdd& "
    assert [row.text for row in said if isinstance(row, NotUnderstood)] == [
        "The XML holds 3 characters that no XML may hold, each is shown as “\ufffd”."
    ]


def test_escapes_are_whole_wherever_the_file_is_cut_into_chunks() -> None:
    text = "".join(f"<I>{'x' * (number % 7)}&#38;&#0;</I>" for number in range(40_000))
    found, said = walk(f"<R>{text}</R>")
    assert len(found) == 40_001
    assert all(one[3].endswith("&\ufffd") for one in found[:-1])
    assert not any(isinstance(row, Failed) for row in said)


def test_a_broken_file_keeps_what_is_whole() -> None:
    found, said = walk("<R><I><b>1</b></I><I><b>2</b><c>hal")
    assert found == [("/R/I[1]", True, True, "1"), ("/R/I[2]", True, False, "2")]
    assert [row.reason for row in said if isinstance(row, Failed)] == [
        "The XML is broken at line 1; what stands before is read, but not the value in which it breaks off."
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><R>&x;</R>", "document type"),
        ("<R>" + "<a>" * 400, "nested deeper than the limit of 256"),
        ("<R><I>&x;</I></R>", "broken"),
        ("", "broken"),
        ("no xml", "broken"),
        ("<R><I>" + "<a/>" * (xml_walk.MOST_PARTS + 1) + "</I></R>", "in one record"),
    ],
)
def test_hostile_files_end_in_words(data: str, reason: str) -> None:
    _, said = walk(data)
    (failed,) = [row for row in said if isinstance(row, Failed)]
    assert reason in failed.reason


def test_a_limit_ends_the_walk() -> None:
    found, said = walk("<R><I/><I/><I/></R>", most=2)
    assert len(found) == 2
    assert [row.reason for row in said if isinstance(row, Failed)] == ["Stopped at the limit of 2 entries."]


def test_many_records_within_one_are_let_go_of() -> None:
    inner = b"<I><b>some text</b></I>" * 120_000
    before = time.process_time()
    file = XmlFile(io.BytesIO(b"<R><I>" + inner + b"</I></R>"))
    held = [len(found.element.getparent()) for found in file.walk({"I"}) if found.path != "/R"]
    assert len(held) == 120_001
    assert max(held) < 12_000, "no more than one chunk of the file"
    assert file.failure is None
    assert time.process_time() - before < 30
