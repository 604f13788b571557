"""VICS files: versions and regions, hashes and files by place, exporters' quirks, broken and large ones."""

import io
import json
import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

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
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.vics.source import Vics

EXAMPLES = Path(recognise.__code__.co_filename).parent / "vics" / "examples"
MODEL = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"
MD5, OTHER = "D35C785545392755E7E4164457657269", "69B0834FAC1477A4397A0BE6B6E55C1A"


def read(data: Any, **options: int) -> list[AnyRow]:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return list(Vics().read(io.BytesIO(raw), Options(country="GB", **options)))


def media(*entries: dict[str, Any], context: str = MODEL) -> list[AnyRow]:
    return read({"@odata.context": context, "value": list(entries)})


def found(rows: list[AnyRow], kind: str = "hash") -> list[tuple[str, str]]:
    return [
        (row.value.value, row.place) for row in rows if isinstance(row, Sighting) and row.value.kind == kind
    ]


def texts(rows: list[AnyRow]) -> list[tuple[str | None, str]]:
    return [(row.label, row.text) for row in rows if isinstance(row, FreeText)]


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"@odata.context": MODEL, "value": []}, "vics"),
        (
            {"odata.metadata": "http://github.com/ICMEC/ProjectVic/DataModels/1.1.xml#Cases", "value": []},
            "vics",
        ),
        ({"value": [{"MediaID": 1, "Category": 1, "MD5": MD5}]}, "vics"),
        ({"value": [{"CaseNumber": "1", "Media": []}]}, "vics"),
        ({"@odata.context": "https://graph.example/$metadata#users", "value": [{"id": 1}]}, None),
        ({"value": [{"MD5": MD5}]}, None),
        ([{"MD5": MD5, "Category": 1}], None),
        ([{"MD5": MD5, "Category": 1, "MediaID": 1, "VictimIdentified": None}], "vics"),
        ([{"CaseNumber": "1", "Media": []}], "vics"),
        ({"CaseNumber": "1", "Media": [{"MD5": MD5, "Category": 1}]}, "vics"),
        ({"VALUE": [{"md5": MD5, "CATEGORY": 1}]}, "vics"),
    ],
)
def test_recognised_by_its_model_or_its_keys(value: Any, name: str | None) -> None:
    raw = json.dumps(value).encode()
    source = recognise(raw, len(raw))
    assert (source.name if source else None) == name


def test_hashes_files_and_times_of_a_case() -> None:
    rows = read((EXAMPLES / "case20.json").read_bytes())
    assert found(rows) == [
        (f"md5:{MD5.lower()}", "/value/0/Media/0/MD5"),
        ("sha1:ea45d7166b30f98aac6af52f952193ce3083cb4c", "/value/0/Media/0/SHA1"),
        (
            "sha256:b5b0799616df52d475a3968dc7e54f1d0724c912244ffa6175bc786375dd7298",
            "/value/0/Media/0/AlternativeHashes/0/HashValue",
        ),
        (f"md5:{MD5.lower()}", "/value/0/Media/0/MediaFiles/0/MD5"),
        (f"md5:{MD5.lower()}", "/value/0/Media/0/MediaFiles/1/MD5"),
        (f"md5:{OTHER.lower()}", "/value/0/Media/1/MD5"),
        ("sha1:d2182bff558e1a3178bd5b8961803094bfd1dd89", "/value/0/Media/1/SHA1"),
    ]
    times = [
        row.seen_at.instant
        for row in rows
        if isinstance(row, Sighting) and row.event == "FILE_CREATED" and row.seen_at
    ]
    assert times == [datetime(2026, 1, 1, 10, 2, 3, 123456, tzinfo=UTC)]
    assert ("File path", "KB1\\Users\\kea\\bridge.jpg") in texts(rows)
    assert found(rows, "device") == [("device:ex-0012345", "/value/0/Media/0/Exifs/1/PropertyValue")]
    assert [row.value.value for row in rows if isinstance(row, Sighting) and row.way == "mentioned"] == [
        "kea@mail.example"
    ]
    assert said(rows) == []


def test_the_contact_is_an_officer_and_identifiers_come_with_their_events() -> None:
    rows = read((EXAMPLES / "case20.json").read_bytes())
    (person,) = [row for row in rows if isinstance(row, Person)]
    assert (person.role, person.names) == ("other", ("Test Officer",))
    contact = [(row.value.value, row.pivot) for row in rows if isinstance(row, Sighting) and row.person]
    assert contact == [("officer@police.example", False), ("+447700900199", False)]
    seen = [
        (row.value.value, row.event, row.seen_at.raw if row.seen_at else None)
        for row in rows
        if isinstance(row, Sighting) and row.value.kind in ("account", "ip")
    ]
    assert seen == [
        ("examplechat/bluebridge77", None, None),
        ("examplechat/bluebridge77", "Login", "2026-01-02T10:20:00Z"),
        ("203.0.113.24", "Login", "2026-01-02T10:20:00Z"),
    ]
    assert {row.role for row in rows if isinstance(row, Sighting)} == {"unknown", "other"}


@pytest.mark.parametrize(
    ("region", "words"),
    [
        ("US", "Project VIC's list for the US"),
        ("UK", "the UK's list (CAID)"),
        ("CUSTOM", "the list of region CUSTOM"),
    ],
)
def test_categories_are_numbers_of_the_region_s_list(region: str, words: str) -> None:
    rows = media({"MD5": MD5, "Category": 0}, context=MODEL.replace("/US/", f"/{region}/"))
    assert texts(rows) == [("Media", f"Category: 0 ({words})")]


def test_without_a_region_the_list_is_not_stated() -> None:
    rows = media(
        {"MD5": MD5, "Category": 5}, context="http://github.com/ICMEC/ProjectVic/DataModels/1.2.xml#Media"
    )
    assert texts(rows) == [
        ("Media", "Category: 5 (the file names no region, so that its list of categories is not stated)")
    ]
    assert len(said(rows)) == 1
    assert texts(media({"MD5": MD5, "Category": None, "MediaID": 1})) == [
        ("Media", "Category: none given; Media ID: 1")
    ]


def test_quirks_of_exporters() -> None:
    rows = read((EXAMPLES / "hashset20.json").read_bytes())
    assert [row.title for row in rows if isinstance(row, Summary)] == ["VICS hash set"]
    assert found(rows) == [
        (f"md5:{MD5.lower()}", "/value/0/MD5"),
        (f"md5:{OTHER.lower()}", "/value/1/MD5"),
        ("sha1:d2182bff558e1a3178bd5b8961803094bfd1dd89", "/value/1/SHA1"),
    ]
    assert texts(rows)[0][1].endswith("Victim identified: no; Distributed: yes; Media ID: 1")
    rows = read((EXAMPLES / "case13.json").read_bytes())
    assert ("File", "Name: river.jpg; Written: 2026-01-01T10:15:00.0000000Z") in texts(rows)
    assert not any("odata" in text for text in said(rows))


def test_photodna_other_hashes_and_wrong_ones() -> None:
    rows = media(
        {
            "MD5": "XYZ", "Category": 1, "PhotoDNA": "00" * 143 + "01",
            "AlternativeHashes": [{"MD5": "xyz", "HashName": "PDQ", "HashValue": "f0" * 32}, {"HashName": "TLSH", "HashValue": "T1"}],
        }
    )  # fmt: skip
    assert found(rows) == [
        ("photodna:" + "00" * 143 + "01", "/value/0/PhotoDNA"),
        ("pdq:" + "f0" * 32, "/value/0/AlternativeHashes/0/HashValue"),
    ]
    assert ("Hash of another sort", "TLSH: T1") in texts(rows)
    assert "“XYZ” (given as hash)" in said(rows)[0]


@pytest.mark.parametrize(
    ("sort", "app", "name", "kind", "value"),
    [
        ("Username", None, "bluebridge77", "handle", "bluebridge77"),
        ("User ID", "ExampleChat", "55501", "account", "examplechat/id:55501"),
        ("E-Mail", None, "kea@mail.example", "email", "kea@mail.example"),
        ("IP Address", None, "203.0.113.24:443", "ip", "203.0.113.24"),
        ("Shoe size", None, "to kea@mail.example", "email", "kea@mail.example"),
    ],
)
def test_sorts_of_identifiers(sort: str, app: str | None, name: str, kind: str, value: str) -> None:
    one = {"IdentifierType": sort, "Application": app, "Name": name}
    rows = read({"@odata.context": MODEL, "value": [{"CaseNumber": "1", "Identifiers": [one], "Media": []}]})
    assert [row.value.value for row in rows if isinstance(row, Sighting) and row.value.kind == kind] == [
        value
    ]


def test_times_that_cannot_be_are_no_certain_ones() -> None:
    events = [
        {"EventTime": text, "EventType": "Login"}
        for text in ("2026-01-02T10:20:00+2:00Z", "03/04/2026 10:00", "soon")
    ]
    one = {"IdentifierType": "Email", "Name": "kea@mail.example", "Events": events}
    rows = read({"@odata.context": MODEL, "value": [{"CaseNumber": "1", "Identifiers": [one], "Media": []}]})
    seen = [row.seen_at for row in rows if isinstance(row, Sighting) and row.event]
    assert all(when is None or when.instant is None for when in seen)
    assert len([row for row in rows if isinstance(row, AmbiguousPart)]) == 2
    assert any("“soon”" in text for text in said(rows))


CASE = {
    "CaseNumber": "K-1",
    "Media": [{"MD5": MD5, "MediaID": 1, "Category": 2}],
    "Identifiers": [{"IdentifierType": "Email", "Name": "kea@mail.example"}],
}
CASES = MODEL.replace("#Media", "#Cases")


@pytest.mark.parametrize(
    ("data", "base"),
    [
        ({"@odata.context": f"{CASES}/$entity", **CASE}, ""),
        ({"@odata.context": f"{CASES}(Media(),Identifiers())", "value": [CASE]}, "/value/0"),
        ({"@odata.context": CASES, "value": CASE}, "/value"),
        ({"@ODATA.CONTEXT": CASES, "VALUE": [CASE]}, "/VALUE/0"),
        ([CASE], "/0"),
    ],
)
def test_a_case_is_read_wherever_it_stands(data: Any, base: str) -> None:
    rows = read(data)
    assert found(rows) == [(f"md5:{MD5.lower()}", f"{base}/Media/0/MD5")]
    assert found(rows, "email") == [("kea@mail.example", f"{base}/Identifiers/0/Name")]
    assert [row.title for row in rows if isinstance(row, Summary)] == ["VICS case K-1"]
    whose = "Project VIC's list for the US" if isinstance(data, dict) else "the file names no region"
    assert f"Category: 2 ({whose}" in next(text for label, text in texts(rows) if label == "Media")
    assert not [text for text in said(rows) if "is not known" in text]


def test_media_of_which_only_hashes_are_told_are_media() -> None:
    rows = media({"MD5": MD5, "SHA1": "ea45d7166b30f98aac6af52f952193ce3083cb4c"})
    assert len(found(rows)) == 2
    assert said(rows) == []


def test_a_page_of_an_answer_says_that_there_are_others() -> None:
    whole = {"@odata.context": MODEL, "value": [{"MD5": MD5, "Category": 1}]}
    assert said(read(whole)) == []
    rows = read({**whole, "@odata.nextLink": "https://portal.example/Media?$skip=500"})
    assert ["one page" in text for text in said(rows)] == [True]


def test_names_beside_a_path_are_searched_too() -> None:
    file = {
        "FilePath": "C:\\kept\\",
        "FileName": "kea@mail.example 1.jpg",
        "ParentFileName": "for kiwi@mail.example 1.zip",
    }
    rows = media(
        {"MD5": MD5, "Category": 1, "MediaFiles": [file, {**file, "FilePath": f"C:\\{file['FileName']}"}]}
    )
    first, second = "/value/0/MediaFiles/0", "/value/0/MediaFiles/1"
    assert found(rows, "email") == [
        ("kea@mail.example", f"{first}/FileName"),
        ("kiwi@mail.example", f"{first}/ParentFileName"),
        ("kea@mail.example", f"{second}/FilePath"),
        ("kiwi@mail.example", f"{second}/ParentFileName"),
    ]


def test_unknown_keys_are_named_without_their_values_and_searched() -> None:
    rows = media({"MD5": MD5, "Category": 1, "Case No.": "ask kea@mail.example", "New": [{"Deep": 7}]})
    assert found(rows, "email") == [("kea@mail.example", "/value/0/Case No.")]
    told = " ".join(said(rows))
    assert "/value/*/Case No. (text)" in told
    assert "/value/*/New/*/Deep (number)" in told
    assert "kea" not in told


def test_cut_files_and_strange_values_end_in_rows() -> None:
    whole = (EXAMPLES / "case20.json").read_bytes()
    rows = read(whole[: whole.index(b'"MediaID": 2')])
    assert (f"md5:{MD5.lower()}", "/value/0/Media/0/MD5") in found(rows)
    assert len([row for row in rows if isinstance(row, Failed)]) == 1
    rows = media(
        {"MD5": [1], "Category": {"a": 1}, "MediaFiles": "x", "Exifs": [None, 3]},
        {"MD5": MD5, "Category": True},
    )
    assert (f"md5:{MD5.lower()}", "/value/1/MD5") in found(rows)
    rows = read({"@odata.context": MODEL, "value": [{"MD5": MD5, "Category": 1}] * 5}, max_rows=3)
    assert len(found(rows)) == 3
    assert any(isinstance(row, Failed) for row in rows)


def test_many_entries_need_little_memory() -> None:
    entry = json.dumps(
        {"MediaID": 1, "Category": 1, "MD5": MD5, "SHA1": "0" * 39 + "1", "IsDistributed": True}
    ).encode()
    data = b'{"@odata.context": "' + MODEL.encode() + b'", "value": [' + b",".join([entry] * 20_000) + b"]}"
    file = io.BytesIO(data)
    del data
    tracemalloc.start()
    before = time.process_time()
    assert sum(1 for _ in Vics().read(file, Options(country="GB"))) == 60_001
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000
    assert time.process_time() - before < 60


@pytest.mark.parametrize(
    "written", ["0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "1601-01-01T00:00:00Z", "1970-01-01T00:00:00"]
)
def test_the_zero_of_a_clock_is_no_time_at_which_anything_was_seen(written: str):
    rows = media({"MediaID": 1, "Category": 1, "MD5": MD5, "MediaFiles": [{"MD5": MD5, "Created": written}]})
    assert [row.seen_at for row in rows if isinstance(row, Sighting)] == [None, None]
    assert ("File", f"Created: {written}") in texts(rows)

    event = {"EventTime": written, "EventType": "Login"}
    name = {"IdentifierType": "Email", "Name": "kim@mail.example", "Events": [event]}
    rows = read({"@odata.context": MODEL, "value": [{"CaseID": "1", "Media": [], "Identifiers": [name]}]})
    assert [row.seen_at for row in rows if isinstance(row, Sighting)] == [None, None]
    assert ("EventTime", written) in texts(rows)


def test_a_time_beside_the_zero_of_a_clock_is_one():
    rows = media(
        {
            "MediaID": 1,
            "Category": 1,
            "MD5": MD5,
            "MediaFiles": [{"MD5": MD5, "Created": "1970-01-01T00:00:01Z"}],
        }
    )
    assert [bool(row.seen_at) for row in rows if isinstance(row, Sighting)] == [False, True]
