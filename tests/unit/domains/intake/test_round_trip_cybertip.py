"""What is written into CyberTipline reports, JSON of both shapes and XML valid by its schema, is read value for value."""

import json
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cets.domains.intake import sources
from cets.domains.intake.rows import AnyRow, Person, Sighting, Summary
from unit.domains.intake.round_trips import (
    ADDRESSES,
    EMAILS,
    MD5,
    NAMES,
    PHONES,
    TIMES,
    instant,
    read,
    unread,
)

SCHEMA = Path(sources.__file__).parent / "cybertip_xml" / "cyber_tipline.xsd"
INCIDENT = "Online Enticement of Children for Sexual Acts"


class Capture(NamedTuple):
    address: str
    event: str
    at: int
    port: int | None


class One(NamedTuple):
    """A person of a report: the account by name and number, and the rest of it."""

    first: str
    last: str
    screen: str
    number: int
    emails: list[str]
    phones: list[str]
    captures: list[Capture]


CAPTURES = st.builds(
    Capture,
    ADDRESSES,
    st.sampled_from(["Login", "Upload", "Registration"]),
    TIMES,
    st.none() | st.integers(1, 65_535),
)
PEOPLE = st.builds(
    One, NAMES.map(str.capitalize), NAMES.map(str.capitalize), NAMES, st.integers(10_000, 10**12),
    st.lists(EMAILS, max_size=2, unique=True), st.lists(PHONES, max_size=2, unique=True), st.lists(CAPTURES, max_size=3),
)  # fmt: skip
SUSPECTS, VICTIMS = st.lists(PEOPLE, min_size=1, max_size=2), st.lists(PEOPLE, max_size=2)
FILES = st.lists(st.tuples(NAMES.map("{}.jpg".format), MD5), max_size=3)
NUMBERS = st.integers(990_000_100, 990_999_998)

Found = tuple[str, str, str, object, int | None, str | None]


def stamp(at: int) -> str:
    return f"{instant(at):%Y-%m-%dT%H:%M:%SZ}"


def expected(one: One, role: str) -> list[Found]:
    """Return kind, value, role, time, port and event of all that is declared of a person."""
    plain = [
        *(("email", text) for text in one.emails),
        *(("phone", text) for text in one.phones),
        ("account", f"lanterntalk/{one.screen}"),
        ("account", f"lanterntalk/id:{one.number}"),
    ]
    return [
        *((kind, text, role, None, None, None) for kind, text in plain),
        *(
            ("ip", each.address, role, instant(each.at), each.port, each.event.upper())
            for each in one.captures
        ),
    ]


def held(rows: list[AnyRow], person: Person) -> list[Found]:
    return [
        (row.value.kind, row.value.value, row.role, row.seen_at and row.seen_at.instant, row.port, row.event and row.event.upper())
        for row in rows
        if isinstance(row, Sighting) and row.person == person.key and row.way == "declared" and row.value.kind != "display_name"
    ]  # fmt: skip


def compare(rows: list[AnyRow], suspects: list[One], victims: list[One]) -> None:
    for role, written in (("suspect", suspects), ("victim", victims)):
        people = [row for row in rows if isinstance(row, Person) and row.role == role]
        assert [one.names for one in people] == [(f"{one.first} {one.last}",) for one in written]
        for person, one in zip(people, written, strict=True):
            assert sorted(held(rows, person), key=str) == sorted(expected(one, role), key=str)


# --- JSON -----------------------------------------------------------------------------------------


def wrapped(name: str, entries: list[Any], *, is_flat: bool) -> Any:
    """Write a list as the one shape has it, or within the wrapper of its name and with each value in an object."""
    if is_flat:
        return entries
    return {name: [{"value": entry} if isinstance(entry, str) else entry for entry in entries]}


def json_person(one: One, *, is_flat: bool) -> dict[str, Any]:
    captures = [
        {
            "captureType": "IP Address",
            "value": each.address,
            "eventName": each.event,
            "dateTime": stamp(each.at),
            "port": each.port,
        }
        for each in one.captures
    ]
    return {
        "firstName": one.first, "middleName": "N/A", "lastName": one.last, "espUserId": str(one.number) if is_flat else one.number,
        "espService": "LanternTalk", "screenName": one.screen if is_flat else {"value": one.screen},
        "emails": wrapped("emails", list(one.emails), is_flat=is_flat), "phones": wrapped("phones", list(one.phones), is_flat=is_flat),
        **({"sourceCaptures": captures} if is_flat else {"sourceInformation": {"sourceCaptures": captures}}),
    }  # fmt: skip


def json_report(
    number: int, at: int, suspects: list[One], victims: list[One], files: list[tuple[str, str]], *, is_flat: bool
) -> dict[str, Any]:  # fmt: skip
    reported = [json_person(one, is_flat=is_flat) for one in suspects]
    children = [json_person(one, is_flat=is_flat) for one in victims]
    uploaded = [{"filename": name, "md5": md5} for name, md5 in files]
    return {
        "reportId": str(number) if is_flat else number,
        "dateReceived": stamp(at),
        "reportedInformation": {
            "reportingEsp": {"espName": "LanternTalk Ltd"},
            "incidentSummary": {
                "incidentType": INCIDENT,
                "platform": "LanternTalk",
                "incidentDateTime": stamp(at),
            },
            "reportedPersons" if is_flat else "reportedPeople": reported
            if is_flat
            else {"reportedPersons": reported},
            **({"childVictims": children if is_flat else {"childVictims": children}} if children else {}),
            "uploadedFiles": uploaded if is_flat else {"uploadedFiles": uploaded},
        },
    }


@pytest.mark.parametrize("is_flat", [False, True])
@settings(max_examples=40, deadline=None)
@given(
    number=NUMBERS, at=TIMES, suspects=SUSPECTS, victims=VICTIMS, files=FILES, code=st.sampled_from(["utf-8", "utf-8-sig"])
)  # fmt: skip
def test_reports_in_json_are_read(
    is_flat: bool, number: int, at: int, suspects: list[One], victims: list[One], files: list[tuple[str, str]], code: str
) -> None:  # fmt: skip
    report = json_report(number, at, suspects, victims, files, is_flat=is_flat)
    rows = read("cybertip_json", json.dumps(report).encode(code))

    (summary,) = [row for row in rows if isinstance(row, Summary)]
    assert (summary.external_number, summary.category, summary.platform) == (
        str(number),
        INCIDENT,
        "LanternTalk",
    )
    assert summary.incident_at
    assert summary.incident_at.instant == instant(at)
    compare(rows, suspects, victims)
    hashes = [row.value.value for row in rows if isinstance(row, Sighting) and row.value.kind == "hash"]
    assert hashes == [f"md5:{md5}" for _, md5 in files]
    assert not unread(rows)


# --- XML ------------------------------------------------------------------------------------------


def element(name: str, *content: str, **facts: str) -> str:
    told = "".join(f' {key}="{escape(text)}"' for key, text in facts.items())
    return f"<{name}{told}>{''.join(content)}</{name}>"


def xml_capture(each: Capture) -> str:
    return element(
        "ipCaptureEvent", element("ipAddress", each.address), element("eventName", each.event), element("dateTime", stamp(each.at)),
        element("port", str(each.port)) if each.port else "",
    )  # fmt: skip


def xml_person(one: One, outer: str, inner: str) -> str:
    own = element(
        inner, element("firstName", one.first), element("lastName", one.last), *(element("phone", phone) for phone in one.phones),
        *(element("email", email) for email in one.emails),
    )  # fmt: skip
    return element(
        outer, own, element("espIdentifier", str(one.number)), element("espService", "LanternTalk"), element("screenName", one.screen),
        *map(xml_capture, one.captures),
    )  # fmt: skip


def valid(text: str) -> bytes:
    """Return a file that the schema allows."""
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(etree.fromstring(text))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


@settings(max_examples=40, deadline=None)
@given(TIMES, SUSPECTS, VICTIMS, EMAILS)
def test_reports_in_xml_are_read(at: int, suspects: list[One], victims: list[One], desk: str) -> None:
    report = element(
        "report",
        element("incidentSummary", element("incidentType", INCIDENT), element("platform", "LanternTalk"), element("incidentDateTime", stamp(at))),
        element("reporter", element("reportingPerson", element("firstName", "Trust"), element("lastName", "Team"), element("email", desk))),
        *(xml_person(one, "personOrUserReported", "personOrUserReportedPerson") for one in suspects),
        *(xml_person(one, "victim", "victimPerson") for one in victims),
    )  # fmt: skip
    rows = read("cybertip_xml", valid(report))

    (summary,) = [row for row in rows if isinstance(row, Summary)]
    assert (summary.category, summary.platform) == (INCIDENT, "LanternTalk")
    assert summary.incident_at
    assert summary.incident_at.instant == instant(at)
    compare(rows, suspects, victims)
    (of_desk,) = [
        row
        for row in rows
        if isinstance(row, Sighting) and row.role == "reporter" and row.value.kind == "email"
    ]
    assert (of_desk.value.value, of_desk.pivot) == (desk, False)
    assert not unread(rows)


@settings(max_examples=40, deadline=None)
@given(NUMBERS, FILES.filter(bool), st.lists(CAPTURES, max_size=1))
def test_details_of_a_file_in_xml_are_read(
    number: int, files: list[tuple[str, str]], captures: list[Capture]
) -> None:
    (name, md5), *_ = files
    details = element(
        "fileDetails", element("reportId", str(number)), element("fileId", "f-1"), element("originalFileName", name),
        element("originalFileHash", md5, hashType="MD5"), *map(xml_capture, captures),
    )  # fmt: skip
    rows = read("cybertip_xml", valid(details))

    (summary,) = [row for row in rows if isinstance(row, Summary)]
    assert summary.external_number == str(number)
    assert [row.value.value for row in rows if isinstance(row, Sighting) and row.value.kind == "hash"] == [
        f"md5:{md5}"
    ]
    assert [
        (row.value.value, row.seen_at and row.seen_at.instant, row.port) for row in rows if isinstance(row, Sighting) and row.value.kind == "ip"
    ] == [(each.address, instant(each.at), each.port) for each in captures]  # fmt: skip
    assert not unread(rows)
