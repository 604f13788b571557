"""MISP events: types of attributes, objects as persons and messages, tags, what links nothing, templates that are none."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from cets.domains.intake.rows import (
    AmbiguousPart,
    AnyRow,
    Failed,
    FreeText,
    Message,
    NotUnderstood,
    Person,
    Sighting,
    Summary,
)
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.misp.source import Misp

EXAMPLE = Path(recognise.__code__.co_filename).parent / "misp" / "examples" / "event.json"
SHARED = Path(__file__).parents[5] / "shared/data"
MD5 = "d35c785545392755e7e4164457657269"


def read(value: Any, **options: int) -> list[AnyRow]:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(Misp().read(io.BytesIO(raw), Options(country="GB", **options)))


def attributes(*entries: dict[str, Any]) -> list[AnyRow]:
    return read({"Event": {"info": "x", "Attribute": list(entries)}})


def found(rows: list[AnyRow]) -> list[tuple[str, str, str, str]]:
    return [
        (row.value.kind, row.value.value, row.way, row.place) for row in rows if isinstance(row, Sighting)
    ]


def texts(rows: list[AnyRow], label: str) -> list[str]:
    return [row.text for row in rows if isinstance(row, FreeText) and row.label == label]


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"Event": {"info": "x"}}, "misp"),
        ({"response": [{"Event": {"info": "x", "Attribute": []}}]}, "misp"),
        ([{"Event": {"info": "x"}}], "misp"),
        ({"Attribute": [], "Orgc": {}, "info": "x"}, "misp"),
        ({"attributes": {"a": {}}, "name": "person", "meta-category": "misc", "uuid": "1"}, None),
        ({"namespace": "tlp", "predicates": [], "version": 1}, None),
        ({"list": ["10.0.0.0/8"], "name": "rfc1918", "matching_attributes": []}, None),
        ({"Event": {"EventID": 4624}}, None),
        ({"Event": "party"}, None),
    ],
)
def test_only_events_are_claimed(value: Any, name: str | None) -> None:
    raw = json.dumps(value).encode()
    source = recognise(raw, len(raw))
    assert (source.name if source else None) == name


@pytest.mark.parametrize(
    ("sort", "value", "expected"),
    [
        ("md5", MD5, [("hash", f"md5:{MD5}", "declared")]),
        ("filename|md5", f"a|b.jpg|{MD5}", [("hash", f"md5:{MD5}", "declared")]),
        ("ip-dst|port", "203.0.113.24|443", [("ip", "203.0.113.24", "declared")]),
        (
            "domain|ip",
            "files.example|203.0.113.24",
            [("domain", "files.example", "declared"), ("ip", "203.0.113.24", "declared")],
        ),
        ("email-src", "kea@mail.example", [("email", "kea@mail.example", "declared")]),
        ("twitter-id", "Kea_1", [("account", "twitter/kea_1", "declared")]),
        ("phone-number", "+44 7700 900142", [("phone", "+447700900142", "declared")]),
        ("text", "to kea@mail.example", [("email", "kea@mail.example", "mentioned")]),
        ("imphash", MD5, []),
        ("ja3-fingerprint-md5", MD5, []),
        ("email-message-id", "<1.kea@mail.example>", []),
        (
            "malware-sample",
            f"kea@mail.example.jpg|{MD5}",
            [("email", "kea@mail.example", "mentioned"), ("hash", f"md5:{MD5}", "declared")],
        ),
        ("attachment", "of kea@mail.example.jpg", [("email", "kea@mail.example", "mentioned")]),
    ],
)
def test_types_of_attributes(sort: str, value: str, expected: list[tuple[str, str, str]]) -> None:
    rows = attributes({"type": sort, "value": value, "category": "Other", "to_ids": False})
    assert [(kind, text, way) for kind, text, way, _ in found(rows)] == expected
    assert expected or texts(rows, sort) == [value]
    assert texts(rows, "Attribute") == [f"Type: {sort}; Category: Other; For detection: no"]


def test_times_ports_and_places() -> None:
    rows = read(EXAMPLE.read_bytes())
    (address,) = [row for row in rows if isinstance(row, Sighting) and row.value.kind == "ip"]
    assert (address.port, address.gaps, address.place) == (51514, True, "/Event/Attribute/2/value")
    assert address.seen_at
    assert address.until
    assert address.until.raw == "2026-01-01T11:00:00+00:00"
    assert said(rows) == []


def test_objects_are_persons_with_the_role_that_they_state() -> None:
    rows = read(EXAMPLE.read_bytes())
    assert [(row.key, row.role, row.names) for row in rows if isinstance(row, Person)] == [
        ("object 1", "unknown", ("Blue Bridge",)),
        ("object 2", "suspect", ("Robin Example",)),
    ]
    owned = [
        (row.value.value, row.person, row.role) for row in rows if isinstance(row, Sighting) and row.person
    ]
    assert owned == [
        ("examplechat/bluebridge77", "object 1", "unknown"),
        ("examplechat/id:55501", "object 1", "unknown"),
        ("robin example", "object 2", "suspect"),
        ("+447700900143", "object 2", "suspect"),
    ]


def test_a_victim_s_texts_are_facts_of_hers() -> None:
    victim = {
        "name": "victim", "meta-category": "misc",
        "Attribute": [
            {"type": "target-email", "object_relation": "email", "value": "wren@mail.example"},
            {"type": "target-location", "object_relation": "regions", "value": "Exampleshire"},
        ],
    }  # fmt: skip
    rows = read({"Event": {"info": "x", "Object": [victim]}})
    (person,) = [row for row in rows if isinstance(row, Person)]
    assert person.role == "victim"
    assert ("regions", "Exampleshire") in person.facts
    assert not any("Exampleshire" in row.text for row in rows if isinstance(row, FreeText))
    assert [row.role for row in rows if isinstance(row, Sighting)] == ["victim"]


def person(*stated: tuple[str, str]) -> list[AnyRow]:
    listed = [{"type": "text", "object_relation": relation, "value": text} for relation, text in stated]
    return read({"Event": {"info": "x", "Object": [{"name": "person", "Attribute": listed}]}})


def test_every_name_counts_and_roles_that_exclude_each_other_are_none() -> None:
    rows = person(
        ("role", "Suspect"), ("role", "Victim"), ("alias", "Kea"), ("alias", "Moa"), ("full-name", "null")
    )
    (one,) = [row for row in rows if isinstance(row, Person)]
    assert (one.role, one.names) == ("unknown", ("Kea", "Moa"))
    (doubt,) = [row for row in rows if isinstance(row, AmbiguousPart)]
    assert (doubt.raw, doubt.candidates) == ("Suspect; Victim", ("suspect", "victim"))
    assert [
        row.role for row in person(("role", "Suspect"), ("role", "Accused")) if isinstance(row, Person)
    ] == ["suspect"]
    hers = person(("role", "Victim"), ("alias", "Kea"), ("alias", "Moa"))
    assert [row.facts for row in hers if isinstance(row, Person)] == [
        (("role", "Victim"), ("alias", "Kea"), ("alias", "Moa"))
    ]


def test_texts_of_objects_are_what_their_relation_says() -> None:
    stated = {
        "imei": "490154203237518",
        "imsi": "001010123456789",
        "msisdn": "+44 7700 900142",
        "serial-number": "EX-0012345",
    }
    listed = [
        {"type": "text", "object_relation": relation, "value": text} for relation, text in stated.items()
    ]
    rows = read({"Event": {"info": "x", "Object": [{"name": "phone", "Attribute": listed}]}})
    assert [(kind, way) for kind, _, way, _ in found(rows)] == [
        (kind, "declared") for kind in ("imei", "imsi", "phone", "device")
    ]


def test_instant_messages_are_messages_and_odd_times_are_said() -> None:
    stated = {
        "body": "at noon",
        "from-number": "+44 7700 900142",
        "to-user": "kea",
        "sent-date": "03/04/2026 10:00",
        "app-used": "Kite",
    }
    listed = [
        {"type": "text", "object_relation": relation, "value": text} for relation, text in stated.items()
    ]
    rows = read({"Event": {"info": "x", "Object": [{"name": "instant-message", "Attribute": listed}]}})
    (message,) = [row for row in rows if isinstance(row, Message)]
    assert (message.kind, message.text, message.sender, message.recipients, message.headers) == (
        "chat", "at noon", "+44 7700 900142", ("kea",), (("Program", "Kite"),),
    )  # fmt: skip
    assert [row.raw for row in rows if isinstance(row, AmbiguousPart)] == ["03/04/2026 10:00"]


def test_mails_are_messages() -> None:
    (mail,) = [row for row in read(EXAMPLE.read_bytes()) if isinstance(row, Message)]
    assert (mail.kind, mail.sender, mail.recipients, mail.subject, mail.text) == (
        "mail", "kea@mail.example", ("wren@mail.example",), "Bridges", "Hello",
    )  # fmt: skip
    assert mail.sent_at
    assert mail.sent_at.is_certain


def test_tags_of_event_and_attribute_are_told() -> None:
    rows = read(EXAMPLE.read_bytes())
    assert texts(rows, "Tag") == ["tlp:amber", 'admiralty-scale:source-reliability="b"']
    assert any(text.endswith("Tags: tlp:red") for text in texts(rows, "Attribute"))


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "email", "value": "kea@mail.example", "deleted": True},
        {"type": "link", "value": "https://news.example/a"},
        {
            "type": "url",
            "value": "https://a.example",
            "deleted": "1",
            "ShadowAttribute": [{"type": "email", "value": "kea@mail.example"}],
        },
    ],
)
def test_deleted_proposed_and_linked_things_link_nothing(entry: dict[str, Any]) -> None:
    rows = attributes(entry)
    pivots = {row.value.kind: row.pivot for row in rows if isinstance(row, Sighting)}
    assert pivots
    assert not pivots.get("email", False)
    assert entry["type"] == "url" or not any(pivots.values())


def test_the_maker_and_the_day_of_the_event() -> None:
    (summary,) = [row for row in read(EXAMPLE.read_bytes()) if isinstance(row, Summary)]
    assert (summary.title, summary.reporting_body) == (
        "Accounts that offered pictures of bridges",
        "Example Hotline",
    )
    assert summary.incident_at
    assert not summary.incident_at.is_certain


def test_several_events_and_events_without_wrapping() -> None:
    one = {"Event": {"info": "x", "Attribute": [{"type": "md5", "value": MD5}]}}
    assert [place for *_, place in found(read({"response": [one, one]}))] == [
        "/response/0/Event/Attribute/0/value",
        "/response/1/Event/Attribute/0/value",
    ]
    assert [place for *_, place in found(read([one]))] == ["/0/Event/Attribute/0/value"]
    bare = {"Orgc": {"name": "Example"}, "info": "x", "Attribute": [{"type": "md5", "value": MD5}]}
    assert [place for *_, place in found(read(bare))] == ["/Attribute/0/value"]


def test_unknown_keys_strange_values_cut_files_and_limits() -> None:
    rows = attributes({"type": "md5", "value": MD5, "new_key": "ask kea@mail.example"})
    assert "/Event/Attribute/*/new_key (text)" in said(rows)[0]
    assert ("email", "kea@mail.example", "mentioned", "/Event/Attribute/0/new_key") in found(rows)
    assert read(
        {
            "Event": {
                "info": 7,
                "Attribute": [None, 1, {"type": [], "value": {}}],
                "Object": [{"Attribute": "x"}],
                "Tag": "x",
            }
        }
    )
    assert read({"response": [[], None, {"Event": []}]})
    whole = EXAMPLE.read_bytes()
    rows = read(whole[: whole.index(b'"type": "link"')])
    assert len([row for row in rows if isinstance(row, Failed)]) == 1
    assert any(kind == "ip" for kind, *_ in found(rows))
    rows = read({"Event": {"Attribute": [{"type": "md5", "value": MD5}] * 5}}, max_rows=3)
    assert len(found(rows)) == 3


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are not here")
def test_templates_taxonomies_and_lists_are_nobodys() -> None:
    for path in [
        *(SHARED / "misp").glob("object_*.json"),
        *(SHARED / "misp").glob("taxonomy_*.json"),
        *(SHARED / "identifiers").glob("warninglist_*.json"),
    ]:
        raw = path.read_bytes()
        assert recognise(raw[:65_536], len(raw)) is None, path.name
