"""Files of no known form: searched all the same, and told by their fields, without a claim to understand them."""

import io
import json
import zipfile
from typing import Any

import pytest

from cets.domains.intake import sources
from cets.domains.intake.parser.client import Parser
from cets.domains.intake.rows import AnyRow, Failed, FreeText, MemberStart, NotUnderstood, Sighting
from cets.domains.intake.sources import unclaimed
from cets.domains.intake.sources.base import Options

GB = Options(country="GB")


def read(value: Any, options: Options = GB) -> list[AnyRow]:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    assert sources.recognise(sources.head_of(io.BytesIO(raw), len(raw)), len(raw)) is None
    return list(unclaimed.rows(io.BytesIO(raw), options))


def found(rows: list[AnyRow]) -> list[tuple[str, str]]:
    assert all(row.way == "mentioned" and row.role == "unknown" for row in rows if isinstance(row, Sighting))
    return [(row.value.value, row.place) for row in rows if isinstance(row, Sighting)]


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


def test_texts_of_unknown_json_are_searched_by_place_and_its_fields_named() -> None:
    rows = read({
        "app": {"users": {"kea@mail.example": {"tel": ["+447700900142"], "more": {"deep": [{"note": "moa@mail.example"}]}}}},
        "top": "kiwi@mail.example", "count": 3, "none": None,
    })  # fmt: skip
    above = "/app/users/kea@mail.example"
    assert found(rows) == [
        ("kea@mail.example", above),
        ("+447700900142", f"{above}/tel/0"),
        ("moa@mail.example", f"{above}/more/deep/0/note"),
        ("kiwi@mail.example", "/top"),
    ]
    told = said(rows)
    assert "The field /top (text) is not known: at /top." in told
    assert "The field /count (number) is not known: at /count." in told
    assert not any("kiwi" in text or "+44" in text for text in told)


def test_values_one_after_the_other_have_fields_in_common() -> None:
    rows = read(b'{"a": "kea@mail.example"}\n{"a": "moa@mail.example"}\n')
    assert found(rows) == [("kea@mail.example", "/a"), ("moa@mail.example", "value 2:/a")]
    assert "The field /a (text) is not known: 2 times, first at /a." in said(rows)


def test_texts_of_unknown_xml_are_searched_wherever_they_stand() -> None:
    rows = read(
        b'<?xml version="1.0"?><log><one by="kea@mail.example">to <b>moa@mail.example</b> or kiwi@mail.example</one>'
        b"<one><x><y>kaka@mail.example</y></x></one>and weka@mail.example</log>"
    )
    assert sorted(found(rows)) == [
        ("kaka@mail.example", "/log/one[2]/x[1]/y[1]"),
        ("kea@mail.example", "/log/one[1]/@by"),
        ("kiwi@mail.example", "/log/one[1]"),
        ("moa@mail.example", "/log/one[1]/b[1]"),
        ("weka@mail.example", "/log"),
    ]
    assert "The field /log/one[*]/@by (text) is not known: at /log/one[1]/@by." in said(rows)


def test_a_large_document_is_read_entry_by_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = b"<log>" + b"<one><to>kea@mail.example</to></one>" * 3 + b"</log>"
    whole = found(read(raw))
    monkeypatch.setattr(unclaimed, "SMALL", 10)
    assert found(read(raw)) == whole
    assert [place for _, place in whole] == [f"/log/one[{number}]/to[1]" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": "kea@mail.example", "b": ["x',
        b"<log><a>kea@mail.example</a><b>x",
    ],
)
def test_a_cut_file_keeps_what_stands_before_and_does_not_fail(raw: bytes) -> None:
    rows = read(raw)
    assert [value for value, _ in found(rows)] == ["kea@mail.example"]
    assert [row.sort for row in rows if isinstance(row, NotUnderstood)][-1] == "cut"
    assert not any(isinstance(row, Failed) for row in rows)


def test_what_is_no_text_or_declares_a_document_type_is_left_alone() -> None:
    assert read(b"\x00\x01\x02\xff" * 50) == []
    rows = read(b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x "y">]><r>kea@mail.example</r>')
    assert found(rows) == []
    assert "document type" in said(rows)[0]


def test_entries_are_limited() -> None:
    rows = read([{"a": str(number)} for number in range(50)], Options(country="GB", max_rows=10))
    assert len([row for row in rows if isinstance(row, FreeText)]) <= 11
    assert any("limit of 10" in text for text in said(rows))


def test_alone_and_in_an_archive_it_stays_of_no_source() -> None:
    raw = json.dumps({"top": "kea@mail.example"}).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.json", raw)
    packed.seek(0)
    with Parser() as parser:
        alone = list(parser.parse(io.BytesIO(raw), len(raw), GB))
        inside = list(parser.parse(packed, len(packed.getvalue()), GB))
    for rows in (alone, inside):
        assert found(rows) == [("kea@mail.example", "/top")]
        assert any("no format that is read here" in text for text in said(rows))
    assert [row.source for row in inside if isinstance(row, MemberStart)] == [None]
