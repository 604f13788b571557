"""What is written into a graph of CASE is read from it value for value, in whatever form of JSON-LD it stands."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake.rows import AnyRow, Message, Person, Sighting
from unit.domains.intake.round_trips import (
    ADDRESSES,
    EMAILS,
    MD5,
    NAMES,
    PHONES,
    SHA1,
    SHA256,
    TEXTS,
    TIMES,
    URLS,
    instant,
    read,
    unread,
)

UCO = "https://ontology.unifiedcyberontology.org/uco/"
PREFIXES = {
    name: f"{UCO}{name.removeprefix('uco-')}/"
    for name in ("uco-core", "uco-identity", "uco-observable", "uco-types")
}
FACET = "uco-core:hasFacet"
SHOWN = TEXTS.filter(lambda text: any(map(str.isalnum, text)))
PORTS = st.integers(1, 65_535)

OBSERVABLES = st.lists(
    st.one_of(
        EMAILS.map(lambda text: ("EmailAddress", "addressValue", text)),
        URLS.map(lambda text: ("URL", "fullValue", text)),
        NAMES.map(lambda name: ("DomainName", "value", f"{name}.example")),
        ADDRESSES.map(lambda text: (f"IPv{6 if ':' in text else 4}Address", "addressValue", text)),
    ),
    max_size=5,
)
FILES = st.lists(st.tuples(TEXTS, MD5, SHA1, SHA256), max_size=3)
#: A person: given and family name, the account and program, who knows its number.
PEOPLE = st.lists(st.tuples(NAMES, NAMES, NAMES, PHONES), max_size=3)
CHATS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), TEXTS, TIMES, st.booleans()), max_size=4)
LETTERS = st.lists(st.tuples(EMAILS, EMAILS, TEXTS, TEXTS, TIMES), max_size=3)
CONNECTIONS = st.lists(st.tuples(ADDRESSES, PORTS, ADDRESSES, PORTS, TIMES), max_size=3)


class Seen(NamedTuple):
    """A value as it is expected: what, where, whose, when, as what and at which port."""

    value: str
    place: str
    person: str | None = None
    at: datetime | None = None
    event: str | None = None
    port: int | None = None


class Graph:
    """Writes objects; each gets an id by its number."""

    def __init__(self) -> None:
        self.objects: list[dict[str, Any]] = []

    @property
    def last(self) -> str:
        return f"/{len(self.objects) - 1}"

    def add(self, sort: str, *facets: dict[str, Any], **properties: Any) -> dict[str, str]:
        identity = f"kb:{sort.rpartition(':')[2].lower()}-{len(self.objects)}"
        self.objects.append(
            {"@id": identity, "@type": sort, **({FACET: list(facets)} if facets else {}), **properties}
        )
        return {"@id": identity}

    def observable(self, sort: str, field: str, text: str) -> dict[str, str]:
        return self.add(f"uco-observable:{sort}", facet(f"{sort}Facet", **{field: text}))


def facet(sort: str, **fields: Any) -> dict[str, Any]:
    return {
        "@type": f"uco-observable:{sort}",
        **{f"uco-observable:{name}": each for name, each in fields.items()},
    }


def at(count: int) -> dict[str, str]:
    return {
        "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        "@value": f"{instant(count):%Y-%m-%dT%H:%M:%SZ}",
    }


# --- The forms of JSON-LD -------------------------------------------------------------------------


def compact(objects: list[dict[str, Any]]) -> tuple[Any, str]:
    return {"@context": PREFIXES, "@graph": objects}, "/@graph"


def bundle(objects: list[dict[str, Any]]) -> tuple[Any, str]:
    whole = {"@context": PREFIXES, "@id": "kb:bundle", "@type": "uco-core:Bundle", "uco-core:object": objects}
    return whole, "/uco-core:object"


def bundle_in_graph(objects: list[dict[str, Any]]) -> tuple[Any, str]:
    inner = {"@id": "kb:bundle", "@type": "uco-core:Bundle", "uco-core:object": objects}
    return {"@context": PREFIXES, "@graph": [inner]}, "/@graph/0/uco-core:object"


def expanded(objects: list[dict[str, Any]]) -> tuple[Any, str]:
    return [_expanded(each) for each in objects], ""


def _expanded(value: Any) -> Any:
    if isinstance(value, list):
        return [_expanded(each) for each in value]
    if not isinstance(value, dict):
        return {"@value": value}
    return {
        _long(key): [_long(each)]
        if key == "@type" and "@value" not in value
        else each
        if key.startswith("@")
        else [_expanded(one) for one in (each if isinstance(each, list) else [each])]
        for key, each in value.items()
    }


def _long(name: str) -> str:
    prefix, colon, rest = name.partition(":")
    return f"{PREFIXES[prefix]}{rest}" if colon and prefix in PREFIXES else name


FORMS: dict[str, Callable[[list[dict[str, Any]]], tuple[Any, str]]] = {
    "compact": compact,
    "bundle": bundle,
    "bundle in graph": bundle_in_graph,
    "expanded": expanded,
}


def parsed(form: str, graph: Graph) -> list[AnyRow]:
    """Write the graph in this form, and read it."""
    return read("case_uco", json.dumps(FORMS[form](graph.objects)[0]).encode())


def seen(rows: list[AnyRow], form: str) -> list[Seen]:
    """Return what is declared; in the long form by the places' local names, without the lists that it has everywhere."""
    return [
        Seen(
            row.value.value,
            _short(row.place) if form == "expanded" else row.place,
            row.person,
            row.seen_at and row.seen_at.instant,
            row.event,
            row.port,
        )
        for row in rows
        if isinstance(row, Sighting) and row.way == "declared"
    ]


def _short(place: str) -> str:
    for prefix, address in PREFIXES.items():
        place = place.replace(address.replace("/", "~1"), f"{prefix}:")
    return place


def started() -> Graph:
    """A graph is told by its first object: an organisation, of which no form leaves anything out."""
    graph = Graph()
    graph.add("uco-identity:Organization", **{"uco-core:name": "Kitechat"})
    return graph


# --- What stands in it ----------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25, deadline=None)
@given(observables=OBSERVABLES, files=FILES)
def test_observables_and_files_are_read(
    form: str, observables: list[tuple[str, str, str]], files: list[tuple[str, str, str, str]]
) -> None:
    graph, expected = started(), []
    base = FORMS[form]([])[1]
    for sort, field, text in observables:
        graph.observable(sort, field, text)
        expected.append(Seen(text, f"{base}{graph.last}/{FACET}/0/uco-observable:{field}"))
    for name, *digits in files:
        hashes = [
            {"@type": "uco-types:Hash", "uco-types:hashMethod": method, "uco-types:hashValue": text}
            for method, text in zip(("MD5", "SHA1", "SHA256"), digits, strict=True)
        ]
        graph.add(
            "uco-observable:File", facet("FileFacet", fileName=name), facet("ContentDataFacet", hash=hashes)
        )
        place = f"{base}{graph.last}/{FACET}/1/uco-observable:hash"
        expected += [
            Seen(f"{method}:{text}", f"{place}/{index}/uco-types:hashValue")
            for index, (method, text) in enumerate(zip(("md5", "sha1", "sha256"), digits, strict=True))
        ]
    rows = parsed(form, graph)
    assert seen(rows, form) == expected
    assert not unread(rows)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25, deadline=None)
@given(people=PEOPLE, chats=CHATS)
def test_people_accounts_and_what_they_write_are_read(
    form: str, people: list[tuple[str, str, str, str]], chats: list[tuple[int, int, str, int, bool]]
) -> None:
    graph, base, expected = started(), FORMS[form]([])[1], []
    ends: list[tuple[str, str, str, str, str]] = []  # account, number: reference and value of each; whose
    for given_name, family_name, login, number in people:
        names = {"uco-identity:givenName": given_name, "uco-identity:familyName": family_name}
        person = graph.add("uco-identity:Person", {"@type": "uco-identity:SimpleNameFacet", **names})["@id"]
        shown = f"{given_name} {family_name}"
        expected.append(Seen(shown, f"{base}{graph.last}", person))
        account = graph.add(
            "uco-observable:ApplicationAccount",
            facet("AccountFacet", accountIdentifier=login, accountIssuer={"@id": graph.objects[0]["@id"]}),
        )["@id"]
        expected.append(
            Seen(
                f"kitechat/{login}", f"{base}{graph.last}/{FACET}/0/uco-observable:accountIdentifier", person
            )
        )
        phone = graph.add("uco-observable:PhoneAccount", facet("PhoneAccountFacet", phoneNumber=number))[
            "@id"
        ]
        expected.append(Seen(number, f"{base}{graph.last}/{FACET}/0/uco-observable:phoneNumber", person))
        for target in (account, phone):
            graph.add(
                "uco-observable:ObservableRelationship",
                **{
                    "uco-core:source": {"@id": person},
                    "uco-core:target": {"@id": target},
                    "uco-core:kindOfRelationship": "Has_Account",
                },
            )
        ends.append((account, f"kitechat/{login}", phone, number, person))
    told: list[tuple[str, datetime, str | None]] = []
    for first, second, text, sent, is_short in chats if ends else ():
        writer, reader = ends[first % len(ends)], ends[second % len(ends)]
        of, value = (2, 3) if is_short else (0, 1)
        sort = "SMSMessage" if is_short else "Message"
        fields = {
            "messageText": text,
            "sentTime": at(sent),
            "from": {"@id": writer[of]},
            "to": [{"@id": reader[of]}],
        }
        graph.add(f"uco-observable:{sort}", facet("MessageFacet", **fields))
        told.append((text, instant(sent), writer[4]))
        place = f"{base}{graph.last}/{FACET}/0"
        expected += [
            Seen(writer[value], place, writer[4], instant(sent), "SENT"),
            Seen(reader[value], place, reader[4], instant(sent), "RECEIVED"),
        ]
    rows = parsed(form, graph)
    assert sorted(seen(rows, form), key=str) == sorted(expected, key=str)
    assert [(row.key, row.names) for row in rows if isinstance(row, Person)] == [
        (whose, (f"{one[0]} {one[1]}",)) for one, (*_, whose) in zip(people, ends, strict=True)
    ]
    messages = [row for row in rows if isinstance(row, Message)]
    assert [(one.text, one.sent_at and one.sent_at.instant, one.sender_person) for one in messages] == told
    assert not unread(rows)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25, deadline=None)
@given(letters=LETTERS, connections=CONNECTIONS)
def test_mails_and_connections_are_read(
    form: str,
    letters: list[tuple[str, str, str, str, int]],
    connections: list[tuple[str, int, str, int, int]],
) -> None:
    graph, base, expected = started(), FORMS[form]([])[1], []

    def address(sort: str, text: str) -> dict[str, str]:
        made = graph.observable(sort, "addressValue", text)
        expected.append(Seen(text, f"{base}{graph.last}/{FACET}/0/uco-observable:addressValue"))
        return made

    for sender, receiver, subject, body, sent in letters:
        ends = address("EmailAddress", sender), address("EmailAddress", receiver)
        fields = {"subject": subject, "body": body, "sentTime": at(sent), "from": ends[0], "to": [ends[1]]}
        graph.add("uco-observable:EmailMessage", facet("EmailMessageFacet", **fields))
        place = f"{base}{graph.last}/{FACET}/0"
        expected.append(Seen(sender, place, None, instant(sent), "SENT"))
        expected.append(Seen(receiver, place, None, instant(sent), "RECEIVED"))
    for source, out, target, into, start in connections:
        refs = [address(f"IPv{6 if ':' in text else 4}Address", text) for text in (source, target)]
        ports: dict[str, Any] = {
            "src": [refs[0]],
            "dst": [refs[1]],
            "sourcePort": out,
            "destinationPort": into,
            "startTime": at(start),
        }
        graph.add("uco-observable:NetworkConnection", facet("NetworkConnectionFacet", **ports))
        place = f"{base}{graph.last}/{FACET}/0/uco-observable:"
        event = "NETWORK_CONNECTION"
        expected.append(Seen(source, f"{place}src", None, instant(start), event, out))
        expected.append(Seen(target, f"{place}dst", None, instant(start), event, into))
    rows = parsed(form, graph)
    assert seen(rows, form) == expected
    mails = [row for row in rows if isinstance(row, Message)]
    assert [
        (one.kind, one.sender, one.recipients, one.subject, one.text, one.sent_at and one.sent_at.instant)
        for one in mails
    ] == [
        ("mail", sender, (receiver,), subject, body, instant(sent))
        for sender, receiver, subject, body, sent in letters
    ]
    assert not unread(rows)
