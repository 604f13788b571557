"""STIX bundles: observables with their times and ports, mails, markings, whose contacts link nothing, hostile files."""

import io
import json
import time
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
from cets.domains.intake.sources.stix.source import Stix

EXAMPLE = Path(recognise.__code__.co_filename).parent / "stix" / "examples" / "bundle.json"
SHARED = Path(__file__).parents[5] / "shared/data/stix"
UUID = "0d7b6e55-5b0e-4a39-9c5e-2a1f6b7c8d9"


def read(value: Any, **options: int) -> list[AnyRow]:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(Stix().read(io.BytesIO(raw), Options(country="GB", **options)))


def one(sort: str, number: int = 0, /, **fields: Any) -> dict[str, Any]:
    return {"type": sort, "spec_version": "2.1", "id": f"{sort}--{UUID}{number}", **fields}


def bundle(*objects: Any) -> list[AnyRow]:
    return read({"type": "bundle", "id": f"bundle--{UUID}f", "objects": list(objects)})


def found(rows: list[AnyRow]) -> list[tuple[str, str, str]]:
    return [(row.value.kind, row.value.value, row.place) for row in rows if isinstance(row, Sighting)]


def texts(rows: list[AnyRow]) -> dict[str, str]:
    return {row.label or "": row.text for row in rows if isinstance(row, FreeText)}


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"type": "bundle", "id": f"bundle--{UUID}f", "objects": []}, "stix"),
        ({"objects": [one("url", value="https://a.example")], "type": "bundle"}, "stix"),
        ([one("url", value="https://a.example")], "stix"),
        ({"more": False, "objects": [one("url", value="https://a.example")]}, "stix"),
        (one("campaign", name="Bridges"), "stix"),
        ({"type": "campaign", "id": f"campaign--{UUID}1"}, None),
        ({"type": "bundle", "id": "7", "objects": [{"type": "url"}]}, None),
        ([{"type": "url", "id": "file--1"}], None),
        ({"type": "FeatureCollection", "objects": []}, None),
    ],
)
def test_recognised_by_type_and_id(value: Any, name: str | None) -> None:
    raw = json.dumps(value).encode()
    source = recognise(raw, len(raw))
    assert (source.name if source else None) == name


def test_observables_are_declared_by_their_places() -> None:
    rows = read(EXAMPLE.read_bytes())
    declared = [
        (row.value.value, row.place) for row in rows if isinstance(row, Sighting) and row.way == "declared"
    ]
    assert ("examplechat/bluebridge77", "/objects/1/account_login") in declared
    assert ("examplechat/id:55501", "/objects/1/user_id") in declared
    assert ("md5:d35c785545392755e7e4164457657269", "/objects/6/hashes/MD5") in declared
    assert ("sha1:ea45d7166b30f98aac6af52f952193ce3083cb4c", "/objects/6/hashes/SHA-1") in declared
    mentioned = [row.value.value for row in rows if isinstance(row, Sighting) and row.way == "mentioned"]
    assert mentioned == [
        "desk@hotline.example",
        "https://bluebridge.example/box",
        "+447700900142",
        "otherapp.example",
    ]
    assert said(rows) == []


def test_times_and_ports() -> None:
    rows = read(EXAMPLE.read_bytes())
    ends = [
        (row.value.value, row.port, row.seen_at.raw, row.until.raw)
        for row in rows
        if isinstance(row, Sighting) and row.event == "NETWORK_TRAFFIC" and row.seen_at and row.until
    ]
    assert ends == [
        ("203.0.113.24", 51514, "2026-01-01T10:00:00Z", "2026-01-01T10:05:00Z"),
        ("2001:db8::24", 443, "2026-01-01T10:00:00Z", "2026-01-01T10:05:00Z"),
    ]
    (observed,) = [row for row in rows if isinstance(row, Sighting) and row.place == "/objects/2/value"]
    assert observed.seen_at
    assert observed.until
    assert observed.gaps
    assert observed.person == f"user-account--{UUID[:14]}5{UUID[15:]}2"


def test_who_made_the_objects_links_nothing_and_nobody_is_a_suspect() -> None:
    rows = read(EXAMPLE.read_bytes())
    assert [(row.names, row.role) for row in rows if isinstance(row, Person)] == [
        (("Example Hotline",), "other"),
        (("Blue Bridge",), "unknown"),
    ]
    assert [row.value.value for row in rows if isinstance(row, Sighting) and not row.pivot] == [
        "desk@hotline.example"
    ]
    assert {row.role for row in rows if isinstance(row, Sighting) and row.pivot} == {"unknown"}


def test_mails_are_messages_with_their_ends() -> None:
    rows = read(EXAMPLE.read_bytes())
    (mail,) = [row for row in rows if isinstance(row, Message)]
    assert (mail.kind, mail.sender, mail.recipients, mail.subject) == (
        "mail",
        "kea@mail.example",
        ("wren@mail.example",),
        "Bridges",
    )
    assert [(row.value.value, row.event) for row in rows if isinstance(row, Sighting) and row.message] == [
        ("kea@mail.example", "SENT"),
        ("wren@mail.example", "RECEIVED"),
        ("https://bluebridge.example/box", None),
    ]


def test_markings_are_told_with_their_number() -> None:
    amber = "marking-definition--f88d31f6-486b-44da-b317-01333bde0b82"
    own = one(
        "marking-definition", 3, definition_type="statement", definition={"statement": "For police only"}
    )
    rows = bundle(one("url", 1, value="https://a.example", object_marking_refs=[amber, own["id"]]), own)
    assert [row.text for row in rows if isinstance(row, FreeText) and row.label == "Marking"] == [
        "TLP:AMBER (1 objects)",
        "For police only (1 objects)",
    ]


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ({"account_type": "twitter", "user_id": "2244994945"}, ("account", "twitter/id:2244994945")),
        ({"account_type": "twitter", "account_login": "Kea_1"}, ("account", "twitter/kea_1")),
        ({"account_login": "Kea_1"}, ("handle", "kea_1")),
        ({"account_type": "unix", "account_login": "root"}, None),
    ],
)
def test_accounts(account: dict[str, Any], expected: tuple[str, str] | None) -> None:
    rows = bundle(one("user-account", **account))
    assert [(kind, value) for kind, value, _ in found(rows)] == ([expected] if expected else [])


def test_stix_20_holds_its_objects_within_observations() -> None:
    rows = read(
        {
            "type": "bundle", "id": f"bundle--{UUID}f", "spec_version": "2.0",
            "objects": [{
                "type": "observed-data", "id": f"observed-data--{UUID}1", "first_observed": "2026-01-01T09:00:00Z",
                "last_observed": "2026-01-01T09:00:00Z", "number_observed": 1,
                "objects": {"0": {"type": "ipv4-addr", "value": "203.0.113.24"}},
            }],
        }
    )  # fmt: skip
    (seen,) = [row for row in rows if isinstance(row, Sighting)]
    assert (seen.place, seen.until) == ("/objects/0/objects/0/value", None)
    assert seen.seen_at
    assert seen.seen_at.is_certain


def test_what_is_observed_twice_is_seen_at_both_times() -> None:
    address = one("ipv4-addr", 1, value="203.0.113.24")
    days = ("2026-01-01", "2026-02-01", "2026-02-01")
    observed = [
        one("observed-data", number, first_observed=f"{day}T00:00:00Z", last_observed=f"{day}T00:00:00Z",
            number_observed=1, object_refs=[address["id"]])
        for number, day in enumerate(days, 2)
    ]  # fmt: skip
    rows = bundle(address, *observed)
    seen = [row.seen_at and row.seen_at.raw for row in rows if isinstance(row, Sighting)]
    assert seen == ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"]


def test_references_within_an_observation_of_stix_20_are_resolved() -> None:
    inner = {
        "0": {"type": "email-addr", "value": "kea@mail.example"},
        "1": {
            "type": "email-message",
            "is_multipart": False,
            "from_ref": "0",
            "date": "2026-01-01T00:00:00Z",
            "body": "at noon",
        },
        "2": {"type": "ipv4-addr", "value": "203.0.113.24"},
        "3": {"type": "network-traffic", "src_ref": "2", "src_port": 51514, "protocols": ["tcp"]},
    }
    rows = bundle(one("observed-data", 1, first_observed="2026-01-01T00:00:00Z", objects=inner))
    assert [row.sender for row in rows if isinstance(row, Message)] == ["kea@mail.example"]
    ends = [(row.value.value, row.event, row.port) for row in rows if isinstance(row, Sighting) and row.event]
    assert ends == [("kea@mail.example", "SENT", None), ("203.0.113.24", "NETWORK_TRAFFIC", 51514)]


def identity(*roles: str, sort: str = "individual") -> list[AnyRow]:
    return bundle(
        one(
            "identity",
            1,
            name="Kea",
            identity_class=sort,
            roles=list(roles),
            contact_information="kea@mail.example",
        )
    )


@pytest.mark.parametrize(
    ("roles", "sort", "role"),
    [
        (("Victim",), "individual", "victim"),
        (("suspect",), "", "suspect"),
        (("ceo",), "individual", "unknown"),
        (("victim",), "organization", "unknown"),
        (("victim", "suspect"), "individual", "unknown"),
    ],
)
def test_an_identity_has_the_role_that_it_states(roles: tuple[str, ...], sort: str, role: str) -> None:
    rows = identity(*roles, sort=sort)
    (person,) = [row for row in rows if isinstance(row, Person)]
    assert person.role == role
    assert [(row.value.value, row.role, row.person) for row in rows if isinstance(row, Sighting)] == [
        ("kea@mail.example", role, person.key)
    ]
    assert len([row for row in rows if isinstance(row, AmbiguousPart)]) == (len(roles) > 1)


def test_a_page_of_a_servers_answer_says_that_there_are_others() -> None:
    url = one("url", value="https://a.example")
    assert said(read({"more": False, "objects": [url]})) == []
    rows = read({"more": True, "next": "5", "objects": [url]})
    assert found(rows) == [("url", "https://a.example/", "/objects/0/value")]
    assert ["one page" in text for text in said(rows)] == [True]


def test_hashes_of_own_lists_are_read() -> None:
    rows = bundle(
        one("file", hashes={"x_pdq": "f0" * 32, "SHA_1": "ea45d7166b30f98aac6af52f952193ce3083cb4c"})
    )
    assert [value.partition(":")[0] for _, value, _ in found(rows)] == ["pdq", "sha1"]


def test_unknown_types_are_searched_and_named() -> None:
    rows = bundle(one("x-phone", 1, number="+44 7700 900142", model={"year": 2026}))
    assert found(rows) == [("phone", "+447700900142", "/objects/0/number")]
    told = " ".join(said(rows))
    assert "/objects/*/number (text)" in told
    assert "/objects/*/model/year (number)" in told
    assert "7700" not in told


def test_ranges_wrong_values_and_the_same_object_twice() -> None:
    account = one("user-account", 1, account_type="examplechat", account_login="kea1")
    rows = bundle(
        one("ipv4-addr", 2, value="198.51.100.0/24"), account, account, one("file", 3, hashes={"MD5": "xyz"})
    )
    assert len([row for row in rows if isinstance(row, Person)]) == 1
    assert "range of addresses" in said(rows)[0]
    assert "“xyz”" in said(rows)[1]


@pytest.mark.parametrize(
    "objects",
    [
        [None, 7, "text", [], {}, {"type": 7, "id": []}, {"type": "file", "hashes": [1]}],
        [{"type": "email-message", "from_ref": 7, "to_refs": {"a": 1}, "body": ["x"], "date": "soon"}],
        [{"type": "network-traffic", "src_ref": "ipv4-addr--1", "src_port": 10**40, "start": True}],
        [{"type": "observed-data", "objects": [{"type": "url", "value": 3}]}],
        [
            {"type": "user-account", "id": None, "account_login": "kea"},
            {"type": "url", "value": "https://a.example"},
        ],
    ],
)
def test_strange_objects_are_rows(objects: list[Any]) -> None:
    rows = bundle(*objects)
    people = {row.key for row in rows if isinstance(row, Person)}
    assert {row.person for row in rows if isinstance(row, Sighting) and row.person is not None} <= people
    assert [row for row in rows if isinstance(row, Summary)]


def test_cut_deep_and_many() -> None:
    whole = EXAMPLE.read_bytes()
    rows = read(whole[: whole.index(b'"type": "note"')])
    assert ("email", "wren@mail.example", "/objects/9/value") in found(rows)
    assert len([row for row in rows if isinstance(row, Failed)]) == 1
    deep = b'{"type":"bundle","id":"bundle--1","objects":[' + b'{"a":' * 5_000
    assert any(isinstance(row, Failed) for row in read(deep))
    before = time.process_time()
    rows = bundle(*(one("ipv4-addr", number, value="203.0.113.24") for number in range(5_000)))
    assert len(found(rows)) == 5_000
    assert time.process_time() - before < 20


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are not here")
def test_every_observable_type_of_the_standard() -> None:
    raw = (SHARED / "sco-examples-bundle.json").read_bytes()
    rows = read(raw)
    values = [
        each["value"]
        for each in json.loads(raw)
        if each["type"] in ("email-addr", "url", "mac-addr", "domain-name")
    ]
    declared = [row for row in rows if isinstance(row, Sighting) and row.place.endswith("/value")]
    assert len([row for row in declared if row.value.kind != "ip"]) == len(values)
    assert not any("is not known" in text for text in said(rows))


def test_the_title_is_that_of_the_first_report() -> None:
    rows = bundle(
        one("url", 1, value="https://a.example"),
        one("report", 2, name="Bridges", published="2026-01-02T00:00:00Z"),
    )
    assert [row.title for row in rows if isinstance(row, Summary)] == ["Bridges"]
    assert texts(rows)["report, name"] == "Bridges"
    assert texts(rows)["report"] == "published: 2026-01-02T00:00:00Z"
