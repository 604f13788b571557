"""CASE graphs: local names, whose account is whose, messages and calls with their ends, officers, open vocabulary."""

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
)
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.case_uco.node import Node, local, plain
from cets.domains.intake.sources.case_uco.source import CaseUco

EXAMPLE = Path(recognise.__code__.co_filename).parent / "case_uco" / "examples" / "graph.json"
SHARED = Path(__file__).parents[5] / "shared/data/case-uco"
CORE = {"uco-core": "https://ontology.unifiedcyberontology.org/uco/core/"}


def read(value: Any, **options: int) -> list[AnyRow]:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(CaseUco().read(io.BytesIO(raw), Options(country="GB", **options)))


def graph(*objects: Any) -> list[AnyRow]:
    return read({"@context": CORE, "@graph": list(objects)})


def thing(sort: str, facet: str, identity: str = "kb:1", **properties: Any) -> dict[str, Any]:
    inner = {
        "@type": f"uco-observable:{facet}",
        **{f"uco-observable:{key}": value for key, value in properties.items()},
    }
    return {"@id": identity, "@type": f"uco-observable:{sort}", "uco-core:hasFacet": [inner]}


def found(rows: list[AnyRow]) -> list[tuple[str, str, str | None]]:
    return [(row.value.kind, row.value.value, row.person) for row in rows if isinstance(row, Sighting)]


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"@context": CORE, "@graph": []}, "case_uco"),
        (
            {
                "@context": [
                    "https://x.example",
                    {"c": "https://ontology.caseontology.org/case/investigation/"},
                ],
                "@id": "a",
            },
            "case_uco",
        ),
        ({"@context": {"o": {"@id": "https://unifiedcyberontology.org/core#x", "@type": "@id"}}}, "case_uco"),
        ({"@context": "https://schema.org", "@graph": []}, None),
        ({"@graph": [{"uco-core:name": "x"}]}, None),
        ([{f"{CORE['uco-core']}name": [{"@value": "x"}]}], "case_uco"),
        ({"@graph": [{"@type": [f"{CORE['uco-core']}Bundle"]}]}, "case_uco"),
        ([{"@id": f"{CORE['uco-core']}name", "@type": ["http://www.w3.org/2002/07/owl#Class"]}], None),
        ({"context": CORE}, None),
    ],
)
def test_recognised_by_the_address_of_the_ontology(value: Any, name: str | None) -> None:
    raw = json.dumps(value).encode()
    source = recognise(raw, len(raw))
    assert (source.name if source else None) == name


def test_local_names_and_plain_values() -> None:
    assert [
        local(text)
        for text in ("uco-core:name", "https://a.example/core/name", "https://a.example/core#name", "name")
    ] == ["name"] * 4
    assert plain({"@type": "x", "a:b": {"@type": "xsd:int", "@value": 3}, "c": {"@id": "kb:1"}, "d": [{"t:key": "K", "t:value": "V"}]}) == {
        "b": 3, "c": "kb:1", "d": [{"K": "V"}],
    }  # fmt: skip
    node = Node({"a:x": [{"@value": "1"}, {"@id": "kb:2"}], "b:x": "other"}, "/p")
    assert list(node.texts("x")) == [("/p/a:x", "1")]
    assert node.refs("x") == ["kb:2"]
    assert node.left() == {"x": "other"}


def test_what_is_declared_and_whose_it_is() -> None:
    rows = read(EXAMPLE.read_bytes())
    declared = {
        (row.value.value, row.person)
        for row in rows
        if isinstance(row, Sighting) and row.way == "declared" and not row.message
    }
    assert declared == {
        ("test officer", "kb:officer-1"),
        ("robin example", "kb:person-1"),
        ("examplechat/id:55501", "kb:person-1"),
        ("bluebridge77", "kb:person-1"),
        ("blue bridge", "kb:person-1"),
        ("+447700900142", "kb:person-1"),
        ("+447700900143", None),
        ("device:ex0012345", None),
        ("00:53:00:12:34:56", None),
        ("sha1:ea45d7166b30f98aac6af52f952193ce3083cb4c", None),
    }
    places = {row.value.kind: row.place for row in rows if isinstance(row, Sighting)}
    assert places["hash"] == "/@graph/11/uco-core:hasFacet/1/uco-observable:hash/0/uco-types:hashValue"
    assert said(rows) == []


def test_officers_link_nothing_and_nobody_is_a_suspect() -> None:
    rows = read(EXAMPLE.read_bytes())
    people = {row.key: (row.role, row.names, row.birth_date) for row in rows if isinstance(row, Person)}
    assert people == {
        "kb:officer-1": ("other", ("Test Officer",), None),
        "kb:person-1": ("unknown", ("Robin Example",), "1990-01-01T00:00:00Z"),
    }
    assert [row.value.value for row in rows if isinstance(row, Sighting) and not row.pivot] == [
        "test officer"
    ]


def test_messages_and_calls_with_their_ends() -> None:
    rows = read(EXAMPLE.read_bytes())
    sms, call = [row for row in rows if isinstance(row, Message)]
    assert (sms.kind, sms.sender, sms.sender_person, sms.recipients, sms.text) == (
        "chat", "+44 7700 900142", "kb:person-1", ("+44 7700 900143",), "write to wren@mail.example",
    )  # fmt: skip
    assert sms.sent_at
    assert sms.sent_at.is_certain
    assert (call.kind, call.text) == ("system", "Call, outgoing; duration: 65")
    assert call.sent_at
    assert not call.sent_at.is_certain
    ends = [
        (row.value.value, row.event, row.message) for row in rows if isinstance(row, Sighting) and row.event
    ]
    assert ends == [
        ("+447700900142", "SENT", 1), ("+447700900143", "RECEIVED", 1),
        ("+447700900142", "SENT", 2), ("+447700900143", "RECEIVED", 2),
    ]  # fmt: skip
    assert len([row for row in rows if isinstance(row, AmbiguousPart)]) == 1


def test_connections_have_ports_and_times() -> None:
    address = {
        "@id": "kb:ip",
        "uco-core:hasFacet": {"@type": "o:IPv4AddressFacet", "o:addressValue": "203.0.113.24"},
    }
    link = thing(
        "NetworkConnection",
        "NetworkConnectionFacet",
        "kb:n",
        src={"@id": "kb:ip"},
        sourcePort=51514,
        startTime="2026-01-01T10:00:00Z",
    )
    rows = graph(address, link)
    (end,) = [row for row in rows if isinstance(row, Sighting) and row.event]
    assert (end.value.value, end.port, end.place) == (
        "203.0.113.24",
        51514,
        "/@graph/1/uco-core:hasFacet/0/uco-observable:src",
    )
    assert end.seen_at
    assert end.seen_at.is_certain


def test_accounts_of_bodies_without_a_name_are_text() -> None:
    account = thing(
        "DigitalAccount", "AccountFacet", accountIdentifier="55501", accountIssuer={"@id": "kb:body"}
    )
    rows = graph(account, {"@id": "kb:body", "@type": "uco-identity:Organization"})
    assert found(rows) == []
    assert any("accountIdentifier: 55501" in row.text for row in rows if isinstance(row, FreeText))


def test_a_contact_owns_what_it_names() -> None:
    contact = thing("Contact", "ContactFacet", "kb:c", displayName="Kea", phoneNumber=[{"@id": "kb:p"}])
    phone = thing("PhoneAccount", "PhoneAccountFacet", "kb:p", phoneNumber="+44 7700 900142")
    rows = [row for row in graph(contact, phone) if isinstance(row, Sighting) and row.way == "declared"]
    assert [(row.value.value, row.person) for row in rows] == [("kea", "kb:c"), ("+447700900142", "kb:c")]


EMAIL = thing("EmailAddress", "EmailAddressFacet", "kb:mail", addressValue="kea@mail.example")
OBSERVABLE = "https://ontology.unifiedcyberontology.org/uco/observable/"
EXPANDED = {
    "@id": "http://kb.example/1",
    "@type": [f"{OBSERVABLE}EmailAddress"],
    f"{CORE['uco-core']}hasFacet": [
        {
            "@type": [f"{OBSERVABLE}EmailAddressFacet"],
            f"{OBSERVABLE}addressValue": [{"@value": "kea@mail.example"}],
        }
    ],
}
STEP = "/uco-core:hasFacet/0/uco-observable:addressValue"
LONG = f"/{OBSERVABLE}addressValue".replace("/", "~1").replace("~1", "/", 1)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"@context": CORE, "@graph": EMAIL}, f"/@graph{STEP}"),
        ({"@context": CORE, "@id": "kb:b", "uco-core:object": EMAIL}, f"/uco-core:object{STEP}"),
        ({"@context": CORE, "@graph": [{"@id": "kb:b", "uco-core:object": [EMAIL]}]}, f"/@graph/0/uco-core:object/0{STEP}"),
        ({"@context": CORE, "@graph": [thing("Note", "NoteFacet", about=EMAIL)]},
         f"/@graph/0/uco-core:hasFacet/0/uco-observable:about{STEP}"),
        ({"@context": CORE, "x:object": [EMAIL]}, f"/x:object/0{STEP}"),
        ([EXPANDED], None),
        ({"@graph": [EXPANDED]}, None),
        ([{"@graph": [EXPANDED]}], None),
    ],
)  # fmt: skip
def test_an_object_is_read_wherever_it_stands(value: Any, place: str | None) -> None:
    rows = read(value)
    (sighting,) = [row for row in rows if isinstance(row, Sighting) and row.way == "declared"]
    assert sighting.value.value == "kea@mail.example"
    assert sighting.place == place or (place is None and sighting.place.endswith(LONG))


def test_an_object_within_another_is_what_the_other_refers_to() -> None:
    rows = graph(
        thing("SMSMessage", "MessageFacet", "kb:m", messageText="at noon", sentTime="2026-01-01T10:00:00Z",
              **{"from": {key: value for key, value in EMAIL.items() if key != "@id"}})
    )  # fmt: skip
    (message,) = [row for row in rows if isinstance(row, Message)]
    assert message.sender == "kea@mail.example"
    assert [(row.event, row.way) for row in rows if isinstance(row, Sighting)] == [
        ("SENT", "declared"),
        (None, "declared"),
    ]


def role(kind: str, name: str, *, turned: bool = False, types: str = "Role") -> list[AnyRow]:
    person, played = {"@id": "kb:p"}, {"@id": "kb:r"}
    return graph(
        {"@id": "kb:p", "@type": "uco-identity:Person", "uco-core:name": "Kea Moa"},
        {"@id": "kb:r", "@type": f"uco-role:{types}", "uco-core:name": name},
        {"@id": "kb:x", "@type": "uco-core:Relationship", "uco-core:kindOfRelationship": kind,
         "uco-core:source": played if turned else person, "uco-core:target": person if turned else played},
        {"@id": "kb:y", "@type": "uco-core:Relationship", "uco-core:kindOfRelationship": "Has_Account",
         "uco-core:source": person, "uco-core:target": {"@id": "kb:mail"}},
        EMAIL,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (role("Has_Role", "Victim"), "victim"),
        (role("Is_Role_Of", "suspect", turned=True), "suspect"),
        (role("Has_Role", "V1", types="Victim"), "victim"),
        (role("Has_Role", "Neighbour"), "unknown"),
        (role("Knows", "Victim"), "unknown"),
        (role("Has_Role", "Suspect", types="Victim"), "unknown"),
    ],
)
def test_a_person_has_the_role_that_the_graph_states(rows: list[AnyRow], expected: str) -> None:
    assert [row.role for row in rows if isinstance(row, Person)] == [expected]
    assert {row.role for row in rows if isinstance(row, Sighting)} == {expected}


def test_roles_that_exclude_each_other_are_for_a_person_to_settle() -> None:
    rows = role("Has_Role", "Suspect", types="Victim")
    assert [row.candidates for row in rows if isinstance(row, AmbiguousPart)] == [("suspect", "victim")]


def test_accounts_are_of_their_program_and_stand_at_the_ends_of_messages() -> None:
    rows = graph(
        thing("Application", "ApplicationFacet", "kb:app", name="Kitechat"),
        {
            "@id": "kb:acc",
            "uco-core:hasFacet": [
                {"@type": "uco-observable:AccountFacet", "uco-observable:accountIdentifier": "kea1"},
                {
                    "@type": "uco-observable:ApplicationAccountFacet",
                    "uco-observable:application": {"@id": "kb:app"},
                },
            ],
        },
        thing("Message", "MessageFacet", "kb:m", messageText="x", **{"from": {"@id": "kb:acc"}}),
    )
    assert [(row.value.value, row.event) for row in rows if isinstance(row, Sighting)] == [
        ("kitechat/kea1", None),
        ("kitechat/kea1", "SENT"),
    ]


def test_numbers_of_accounts_of_a_contact_are_phones_and_the_contacts() -> None:
    phone = {"@id": "kb:tel", "@type": "uco-observable:PhoneAccount",
             "uco-core:hasFacet": {"@type": "AccountFacet", "accountIdentifier": "+447700900142"}}  # fmt: skip
    contact = thing(
        "Contact",
        "ContactFacet",
        "kb:c",
        displayName="Moa",
        contactPhone={"contactPhoneNumber": {"@id": "kb:tel"}},
    )
    rows = graph(phone, contact)
    assert ("phone", "+447700900142", "kb:c") in found(rows)


def test_hashes_of_other_methods_unread_times_and_subjects() -> None:
    other = thing("File", "ContentDataFacet", hash={"hashMethod": "SHA3-256", "hashValue": "ab" * 32})
    mail = thing("EmailMessage", "EmailMessageFacet", "kb:2", subject="of kea@mail.example", sentTime="soon")
    rows = graph(other, mail)
    assert found(rows) == [("email", "kea@mail.example", None)]
    assert [text for text in said(rows) if "“soon”" in text]
    assert any("SHA3-256: abab" in row.text for row in rows if isinstance(row, FreeText))


def test_a_short_message_in_two_facets_is_one() -> None:
    one = thing("SMSMessage", "MessageFacet", messageText="at noon")
    one["uco-core:hasFacet"].append(
        {"@type": "uco-observable:SMSMessageFacet", "uco-observable:isRead": True}
    )
    assert [row.text for row in graph(one) if isinstance(row, Message)] == ["at noon"]
    alone = thing("SMSMessage", "SMSMessageFacet", messageText="at one")
    assert [row.text for row in graph(alone) if isinstance(row, Message)] == ["at one"]


def test_all_else_is_told_and_searched() -> None:
    rows = graph(
        {
            "@id": "kb:1",
            "@type": "acme:Note",
            "acme:text": {"@value": "to kea@mail.example"},
            "acme:inner": [{"acme:floor": 3}],
        }
    )
    assert [row.text for row in rows if isinstance(row, FreeText)] == [
        "text: to kea@mail.example; inner.floor: 3"
    ]
    assert found(rows) == [("email", "kea@mail.example", None)]


@pytest.mark.parametrize(
    "objects",
    [
        [None, 7, "text", [], {}, {"@id": 7, "@type": {"a": 1}, "uco-core:hasFacet": "x"}],
        [{"@id": "kb:1", "@type": "Person"}, {"@id": "kb:1", "@type": "Person", "uco-core:name": ["a", "b"]}],
        [
            {
                "@id": "kb:1",
                "a:hasFacet": [{"@type": ["a:MessageFacet", "a:CallFacet"], "a:from": "kb:1", "a:to": [[1]]}],
            }
        ],
        [
            {
                "@id": "kb:1",
                "a:hasFacet": {
                    "@type": "a:ContentDataFacet",
                    "a:hash": {"a:hashMethod": 3, "a:hashValue": "xyz"},
                },
            }
        ],
    ],
)
def test_strange_objects_are_rows(objects: list[Any]) -> None:
    rows = graph(*objects)
    keys = [row.key for row in rows if isinstance(row, Person)]
    assert len(keys) == len(set(keys))


def test_bundles_single_objects_cut_files_and_many() -> None:
    phone = thing("PhoneAccount", "PhoneAccountFacet", phoneNumber="+44 7700 900142")
    assert len(found(read({"@context": CORE, "@type": "uco-core:Bundle", "uco-core:object": [phone]}))) == 1
    assert len(found(read({"@context": CORE, **phone}))) == 1
    whole = EXAMPLE.read_bytes()
    rows = read(whole[: whole.index(b'"kb:device-1"')])
    assert len([row for row in rows if isinstance(row, Message)]) == 2
    assert len([row for row in rows if isinstance(row, Failed)]) == 1
    before = time.process_time()
    assert (
        len(
            found(
                graph(
                    *(
                        thing("PhoneAccount", "PhoneAccountFacet", f"kb:{n}", phoneNumber="+44 7700 900142")
                        for n in range(3_000)
                    )
                )
            )
        )
        == 3_000
    )
    assert time.process_time() - before < 20


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are not here")
def test_the_illustrations_of_the_ontology() -> None:
    for path in sorted(SHARED.glob("*.json")):
        raw = path.read_bytes()
        source = recognise(raw[:65_536], len(raw))
        assert source is not None
        assert source.name == "case_uco", path.name
        rows = read(raw)
        assert not any(isinstance(row, Failed) for row in rows)
        facets = raw.count(b'MessageFacet"') + raw.count(b'CallFacet"')
        assert len([row for row in rows if isinstance(row, Message)]) == facets, path.name
