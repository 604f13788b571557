"""Files of no known form: searched all the same, and told by their fields, without a claim to understand them."""

import io
import json
import time
import tracemalloc
import zipfile
from pathlib import Path
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


def test_what_is_no_text_is_left_alone() -> None:
    assert read(b"\x00\x01\x02\xff" * 50) == []


@pytest.mark.parametrize(
    "declared",
    [
        "<!DOCTYPE r>",
        '<!DOCTYPE plist PUBLIC "-//Maker//DTD PLIST 1.0//EN" "http://maker.example/list.dtd">',
        "<!DOCTYPE r [<!ENTITY x 'y'>]>",
        "<!-- > --><!DOCTYPE r [<!-- it's ]> --><!ENTITY x \"]><r>\"><?do ]> ?><!ATTLIST r a CDATA 'b'>]  >\n<!-- -->",
        "<!doctype r>",
        "<!DOCTYPE r><!DOCTYPE r [<!ENTITY x 'y'>]>",
        f"<!DOCTYPE r [<!-- {'long ' * 30_000}-->]>",
        f"<!-- {'long ' * 30_000}--><!DOCTYPE r [<!ENTITY x 'y'>]>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_declares_a_document_type_is_searched_without_it(declared: str, encoding: str) -> None:
    text = f'<?xml version="1.0"?>\n{declared}<r by="kea@mail.example"><b>moa@mail.example &x; &amp; &#64;</b></r>'
    rows = read(text.encode(encoding))
    assert [one for one in found(rows) if "mail.example" in one[0]] == [
        ("kea@mail.example", "/r/@by"),
        ("moa@mail.example", "/r/b[1]"),
    ]
    assert "moa@mail.example &x; & @" in [row.text for row in rows if isinstance(row, FreeText)]
    assert any("document type" in line for line in said(rows))
    assert not any("broken" in line for line in said(rows))


def test_what_a_document_type_says_is_searched_as_text() -> None:
    rows = read(b'<!DOCTYPE r [<!ENTITY x "kea@mail.example">]><r>&x;</r>')
    assert found(rows) == [("kea@mail.example", "document type")]
    assert next(row.text for row in rows if isinstance(row, FreeText)) == "&x;"


SECRET = "a line of the reading machine 4711"


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "{url}">]>',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "{url}"> %p; <!ENTITY x "y">]>',
        '<!DOCTYPE r SYSTEM "{url}">',
        '<!DOCTYPE r PUBLIC "-//A//B" "{url}" [<!ENTITY x SYSTEM "{url}">]>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "{url}">',
        "<?xml version='1.0'?><!-- " + "long " * 300_000 + '--><!DOCTYPE r [<!ENTITY x SYSTEM "{url}">]>',
    ],
)
def test_no_file_of_the_machine_is_read_into_the_report(declared: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.dtd"
    secret.write_text(SECRET, encoding="utf-8")
    rows = read(f'{declared.format(url=secret.as_uri())}<r a="&x;">&x; kea@mail.example</r>'.encode())
    assert [value for value, _ in found(rows) if "kea@" in value] == ["kea@mail.example"]
    assert SECRET not in repr(rows)


@pytest.mark.parametrize("before", ["", "<?xml version='1.0'?><!-- " + "long " * 300_000 + "-->"])
@pytest.mark.parametrize("body", ["&l9;", '<b a="&l9;"/>'])
def test_a_billion_laughs_are_a_few_words(before: str, body: str) -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    started = time.monotonic()
    tracemalloc.start()
    rows = read(f'{before}<!DOCTYPE r [<!ENTITY l0 "ha">{laughs}]><r>{body} kea@mail.example</r>'.encode())
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [value for value, _ in found(rows)] == ["kea@mail.example"]
    assert most < 50_000_000
    assert time.monotonic() - started < 60
    assert "haha" not in repr(rows)


@pytest.mark.parametrize("sign", ["<!DOCTYPE a>", "<!-- -->", "<!DOCTYPE a [", "<!DOCTYPE a '", "<!--", "<"])
def test_a_hostile_prologue_costs_little(sign: str) -> None:
    started = time.monotonic()
    text = "<?xml version='1.0'?>" + sign * (2_000_000 // len(sign))
    list(unclaimed.rows(io.BytesIO(text.encode()), GB))
    assert time.monotonic() - started < 60


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
