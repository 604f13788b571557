"""Quirks of the JSON that law enforcement downloads; each once broke somebody's importer."""

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
from cets.domains.intake.sources.cybertip_json import source as module
from cets.domains.intake.sources.cybertip_json.source import CybertipJson

SHARED = Path(__file__).parents[5] / "shared" / "data" / "cybertip"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared sample files are not here")


def read(data: Any, country: str | None = "GB") -> list[AnyRow]:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return list(CybertipJson().read(io.BytesIO(raw), Options(country=country)))


def report(person: dict[str, Any] | None = None, **information: Any) -> dict[str, Any]:
    people = {"reportedPersons": [person]} if person else None
    return {"reportId": 990000301, "reportedInformation": {"reportedPeople": people, **information}}


def sightings(rows: list[AnyRow]) -> dict[str, Sighting]:
    return {f"{row.value.kind} {row.value.value}": row for row in rows if isinstance(row, Sighting)}


def not_understood(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


@pytest.mark.parametrize(
    "emails",
    [
        "a@mail.example",
        ["a@mail.example"],
        {"value": "a@mail.example"},
        [{"value": "a@mail.example", "verified": True}],
        {"emails": [{"value": "a@mail.example", "verified": None}]},
        {"emails": {"emails": ["a@mail.example", "N/A", None]}},
        {"email": "a@mail.example"},
    ],
)
@pytest.mark.parametrize("key", ["emails", "Emails", "EMAILS", "e_mails"])
def test_a_field_is_read_nested_or_flat_list_or_text_in_any_case(key: str, emails: Any) -> None:
    rows = read(report({key: emails}))
    assert list(sightings(rows)) == ["email a@mail.example"]
    assert not_understood(rows) == []


@pytest.mark.parametrize("nothing", [None, "N/A", "n/a", "", [], {}, {"emails": None}, {"emails": []}])
def test_every_word_for_nothing_is_nothing(nothing: Any) -> None:
    rows = read(report({"emails": nothing, "phones": nothing, "screenName": nothing, "espUserId": nothing}))
    assert sightings(rows) == {}
    assert not_understood(rows) == []


def test_ids_are_numbers_or_texts() -> None:
    for given in (55501, "55501"):
        rows = read({**report({"espUserId": given, "espService": "ExampleChat"}), "reportId": given})
        assert "account examplechat/id:55501" in sightings(rows)
        assert next(row for row in rows if isinstance(row, Summary)).external_number == "55501"


@pytest.mark.parametrize(
    "given",
    [
        " 990000301 ",
        "990000301\t",
        "\N{NO-BREAK SPACE}990000301",
        "\N{ZERO WIDTH SPACE}990000301",
        "#990000301",
        "990 000 301",
        "\uff19\uff19\uff10\uff10\uff10\uff10\uff13\uff10\uff11",
        990000301.0,
    ],
)
def test_the_number_of_a_report_is_the_same_however_it_is_padded(given: Any) -> None:
    summary = next(
        row for row in read({**report(screenName="x"), "reportId": given}) if isinstance(row, Summary)
    )
    assert (summary.external_number, summary.title) == ("990000301", "CyberTipline report 990000301")


def test_the_number_of_a_report_keeps_its_letters() -> None:
    summary = next(row for row in read({**report(), "reportId": " EX-12 "}) if isinstance(row, Summary))
    assert summary.external_number == "EX-12"


@pytest.mark.parametrize(
    "given",
    [
        0, "0", "TBD", "unknown", "pending", "-", "--", "-1", -1, "00000000", "test", "test-12", "{reportId}", "${id1234567}", "see cover",
        "see cover 12345", "1", "#1", "report 1", 1.0, "0000012", "1234", "99999999", "12345678", "987654321", "v2", "xxx-12345", "2026-01-01",
        "00000000-0000-0000-0000-000000000000", "A-00",
    ],
)  # fmt: skip
def test_what_only_stands_for_a_number_is_said_and_joins_nothing(given: Any) -> None:
    details = {"reportId": given, "fileId": "f1"}
    for rows in (read({**report(), "reportId": given}), read(details)):
        summary = next(row for row in rows if isinstance(row, Summary))
        assert summary.external_number is None
        assert "report number: nothing is joined by it" in " ".join(not_understood(rows))


@pytest.mark.parametrize(
    "given", ["10023", "CT-2026-001", "ABC/12", "2026/01417", "123456788", "000990000301", "EX 12349"]
)
def test_a_real_number_stays_one(given: str) -> None:
    rows = read({**report(), "reportId": given})
    assert next(row for row in rows if isinstance(row, Summary)).external_number == given
    assert not_understood(rows) == []


def test_a_number_counts_beside_a_placeholder() -> None:
    rows = read({**report(), "reportId": 0, "cybertipReportId": "CyberTip Report #990000301"})
    assert next(row for row in rows if isinstance(row, Summary)).external_number == "990000301"
    assert len(not_understood(rows)) == 1


def test_roles_follow_the_block_a_person_stands_in() -> None:
    rows = read({
        "reportId": 990000301,
        "reportedInformation": {
            "reportedPeople": {"reportedPersons": [{"emails": ["s@mail.example"]}]},
            "childVictims": {"childVictims": [{"emails": ["v@mail.example"]}]},
            "intendedRecipients": {"intendedRecipients": [{"emails": ["r@mail.example"]}]},
            "reportingEsp": {"espName": "ExampleChat", "emails": ["esp@provider.example"]},
        },
        "lawEnforcementContactInformation": {
            "lawEnforcementContacts": [{"agency": "Example Unit", "officer": {"emails": ["o@police.example"]}}]
        },
    })  # fmt: skip
    found = {row.value.value: (row.role, row.pivot) for row in rows if isinstance(row, Sighting)}
    assert found == {
        "s@mail.example": ("suspect", True),
        "v@mail.example": ("victim", True),
        "r@mail.example": ("recipient", True),
        "esp@provider.example": ("reporter", False),
        "o@police.example": ("other", False),
    }
    assert {row.role for row in rows if isinstance(row, Person)} == {
        "suspect",
        "victim",
        "recipient",
        "reporter",
        "other",
    }


def test_a_contact_links_nothing_where_text_mentions_it_either() -> None:
    rows = read({
        **report(additionalInformations=[{"value": "questions to o@police.example, seen by a@mail.example"}]),
        "lawEnforcementContactInformation": {
            "lawEnforcementContacts": [{"officer": {"emails": ["o@police.example"]}}]
        },
    })  # fmt: skip
    pivots = {(row.value.value, row.way): row.pivot for row in rows if isinstance(row, Sighting)}
    assert pivots[("o@police.example", "mentioned")] is False
    assert pivots[("a@mail.example", "mentioned")] is True


def test_an_account_takes_its_service_then_the_platform_and_is_else_a_bare_handle() -> None:
    with_service = read(report({"screenName": "kestrel_1", "espService": "OtherApp"}))
    with_platform = read(report({"screenName": "kestrel_1"}, incidentSummary={"platform": "ExampleChat"}))
    with_neither = read(report({"screenName": "kestrel_1", "espUserId": 77}))
    assert list(sightings(with_service)) == ["account otherapp/kestrel_1"]
    assert list(sightings(with_platform)) == ["account examplechat/kestrel_1"]
    assert list(sightings(with_neither)) == ["handle 77", "handle kestrel_1"]


def test_captures_keep_time_event_port_and_the_shared_address() -> None:
    captures = [
        {
            "captureType": "IP Address",
            "value": "203.0.113.24",
            "eventName": "LOGIN",
            "dateTime": "2025-11-02T10:19:58Z",
            "port": "51514",
        },
        {"captureType": "IP Address", "value": "100.72.3.9", "eventName": "REGISTRATION"},
        {"captureType": "ip address", "value": "198.51.100.4", "possibleProxy": True},
        {"captureType": "Device ID", "valueType": "IDFA", "value": "A1B2C3D4-0000-4E5F-8A9B-001122334455"},
        {"captureType": "Profile URL", "value": "https://examplechat.example/u/x"},
        {"captureType": "Email", "value": "c@mail.example"},
        {"captureType": "Phone Number", "value": "+44 7700 900123"},
    ]
    found = sightings(read(report({"sourceInformation": {"sourceCaptures": captures}})))
    login = found["ip 203.0.113.24"]
    assert (login.event, login.port, login.carrier_nat) == ("LOGIN", 51514, False)
    assert login.seen_at is not None
    assert login.seen_at.instant is not None
    assert found["ip 100.72.3.9"].carrier_nat
    assert found["ip 198.51.100.4"].carrier_nat
    assert "device idfa:a1b2c3d4-0000-4e5f-8a9b-001122334455" in found
    assert {"url https://examplechat.example/u/x", "email c@mail.example", "phone +447700900123"} <= set(
        found
    )


def test_an_unknown_capture_is_said_and_not_guessed() -> None:
    rows = read(
        report(
            {"sourceInformation": {"sourceCaptures": [{"captureType": "Retina", "value": "a@mail.example"}]}}
        )
    )
    assert [(key, row.way) for key, row in sightings(rows).items()] == [("email a@mail.example", "mentioned")]
    (said,) = not_understood(rows)
    assert "Retina" in said
    assert "/sourceCaptures/0/value" in said


def test_a_bogus_zone_is_ambiguous() -> None:
    capture = {"captureType": "IP Address", "value": "203.0.113.24", "dateTime": "2025-11-02T10:00:00+2:00Z"}
    rows = read(report({"sourceCaptures": [capture]}))
    (doubt,) = [row for row in rows if isinstance(row, AmbiguousPart)]
    assert doubt.raw == "2025-11-02T10:00:00+2:00Z"
    assert len(doubt.candidates) == 2
    seen_at = sightings(rows)["ip 203.0.113.24"].seen_at
    assert seen_at is not None
    assert seen_at.instant is None


def test_chat_lines_become_messages_tied_to_persons() -> None:
    note = (
        "preamble\n[2025-11-02 10:20:00 UTC] Reported User (Profile 1): [omitted]\n"
        "[2025-11-02 10:21:00 UTC] Other User (Profile 2): first\nsecond +44 7700 900123\n"
        "Other User (Profile 40017): third"
    )
    rows = read(
        report(
            {"id": "p1", "espUserId": 1, "espService": "ExampleChat"},
            intendedRecipients=[{"id": "r1", "espUserId": "2"}],
            incidentSummary={"platform": "ExampleChat"},
            incidentDetails={"chatIncident": [{"chatRoomName": "room-1", "notes": [{"value": note}]}]},
        )
    )
    messages = [row for row in rows if isinstance(row, Message)]
    assert [(row.number, row.sender, row.sender_person) for row in messages] == [
        (1, "Reported User (Profile 1)", "p1"),
        (2, "Other User (Profile 2)", "r1"),
        (3, "Other User (Profile 40017)", None),
    ]
    assert messages[1].text == "first\nsecond +44 7700 900123"
    assert messages[2].sent_at is None
    phone = sightings(rows)["phone +447700900123"]
    assert (phone.way, phone.role, phone.person, phone.message) == ("mentioned", "unknown", None, 2)
    assert messages[1].text[phone.start : phone.end] == phone.value.raw
    roles = {row.value.value: row.role for row in rows if isinstance(row, Sighting) and row.message}
    assert roles["examplechat/id:1"] == "suspect"
    assert roles["examplechat/id:2"] == "recipient"
    assert roles["examplechat/id:40017"] == "unknown"
    assert "preamble" in [row.text for row in rows if isinstance(row, FreeText)]
    assert "group examplechat/room-1" in sightings(rows)


@pytest.mark.parametrize(
    ("profile", "is_account"),
    [
        ("1", False),
        ("02", False),
        ("#3", False),
        ("999", False),
        ("P4", False),
        ("A", False),
        ("40017", True),
        ("kestrel_1", True),
        ("1000", True),
    ],
)
def test_a_profile_that_is_only_counted_is_no_account(profile: str, is_account: bool) -> None:
    note = f"[2025-11-02 10:20:00 UTC] Reported User (Profile {profile}): hello\nOther User (Profile 77016): hello"
    rows = read(
        report(
            incidentSummary={"platform": "ExampleChat"},
            incidentDetails={"chatIncident": [{"notes": [{"value": note}]}]},
        )
    )
    assert (f"account examplechat/id:{profile.lower()}" in sightings(rows)) is is_account
    assert len(sightings(rows)) == 1 + is_account
    senders = [row.sender for row in rows if isinstance(row, Message)]
    assert senders == [f"Reported User (Profile {profile})", "Other User (Profile 77016)"]


def test_a_counted_profile_that_a_person_declares_is_his_account() -> None:
    rows = read(
        report(
            {"espUserId": "7", "espService": "ExampleChat"},
            incidentDetails={"chatIncident": [{"notes": ["Reported User (Profile 7): hello"]}]},
        )
    )
    assert [row.message for row in rows if isinstance(row, Sighting)] == [None, 1]


@pytest.mark.parametrize(
    "files",
    [
        {
            "uploadedFiles": [
                {
                    "filename": "a.jpg",
                    "verificationHash": "d35c785545392755e7e4164457657269",
                    "viewedByEsp": None,
                }
            ]
        },
        [{"fileName": "a.jpg", "md5": "D35C785545392755E7E4164457657269"}],
    ],
)
def test_files_give_hashes_of_no_person_and_three_states(files: Any) -> None:
    rows = read(report(uploadedFiles=files))
    found = sightings(rows)["hash md5:d35c785545392755e7e4164457657269"]
    assert (found.role, found.person) == ("unknown", None)
    (text,) = [row.text for row in rows if isinstance(row, FreeText) and row.label == "Uploaded file 1"]
    assert "viewed by provider: not stated" in text
    assert not_understood(rows) == []


def test_look_ups_are_marked_as_such() -> None:
    rows = read({
        **report(),
        "automatedInformation": {"autoGeneratedNotes": {"geoLookups": {
            "reportedPersonGeoLookups": [{"ipAddress": "203.0.113.24", "country": "US", "types": ["residential"]}],
            "childVictimGeoLookups": [{"ipAddress": "198.51.100.9"}],
        }}},
    })  # fmt: skip
    found = sightings(rows)
    assert (found["ip 203.0.113.24"].way, found["ip 203.0.113.24"].role) == ("looked_up", "suspect")
    assert found["ip 198.51.100.9"].role == "victim"


def test_prior_reports_are_numbers_of_another_body_and_no_pivot_by_kind() -> None:
    for prior in (
        [990000102],
        {"priorCybertipReports": [{"reportId": 990000102}]},
        "990000102",
        [{"value": "990000102"}],
    ):
        assert "report_number ncmec:990000102" in sightings(read(report({"priorCybertipReports": prior})))


def test_risk_fields_are_facts() -> None:
    rows = read(report({"accessToChildren": "yes", "accessToFirearms": False, "convictedSexOffender": None}))
    (person,) = [row for row in rows if isinstance(row, Person)]
    assert ("access to children", "yes") in person.facts
    assert ("access to firearms", "false") in person.facts
    assert not_understood(rows) == []


def test_what_nobody_took_is_named_without_its_value() -> None:
    rows = read(
        {**report({"shoeSize": 44, "secret": {"deep": ["hidden@mail.example"]}}), "moonPhase": "full"}
    )
    said = not_understood(rows)
    assert len(said) == 3
    assert any("/moonPhase" in text for text in said)
    assert any(
        "A number at /reportedInformation/reportedPeople/reportedPersons/0/shoeSize" in text for text in said
    )
    assert not any("hidden@" in text or "full" in text for text in said)


def test_what_nobody_took_is_searched_all_the_same() -> None:
    rows = read(
        {
            **report({"secret": {"deep": ["hidden@mail.example"]}, "shoeSize": 44}),
            "moonPhase": "ring +44 7700 900123",
        }
    )
    found = {
        key: (row.way, row.role, row.person, row.place, row.pivot) for key, row in sightings(rows).items()
    }
    within = "/reportedInformation/reportedPeople/reportedPersons/0/secret/deep/0"
    assert found == {
        "email hidden@mail.example": ("mentioned", "unknown", None, within, True),
        "phone +447700900123": ("mentioned", "unknown", None, "/moonPhase", True),
    }


def test_what_nobody_took_keeps_whose_block_it_stands_in() -> None:
    """A victim's is masked; what is a provider's or the police's links nothing."""
    unknown = {"quirk": {"said": "%s@mail.example"}}

    def block(name: str) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(json.dumps(unknown) % name)
        return made

    rows = read({
        "reportId": 990000301,
        "reportedInformation": {
            "reportedPeople": {"reportedPersons": [block("suspect")]},
            "childVictims": {"childVictims": [{"id": "v1", **block("child")}], **block("children")},
            "reportingEsp": block("provider"),
        },
        "lawEnforcementContactInformation": {
            "lawEnforcementContacts": [{"agency": "Example Unit", "officer": block("officer"), **block("unit")}],
            **block("office"),
        },
    })  # fmt: skip
    found = {
        row.value.value.partition("@")[0]: (row.role, row.person, row.pivot)
        for row in rows
        if isinstance(row, Sighting)
    }
    assert found == {
        "suspect": ("unknown", None, True),
        "child": ("victim", "v1", True),
        "children": ("victim", None, True),
        "provider": ("unknown", None, False),
        "officer": ("unknown", None, False),
        "unit": ("unknown", None, False),
        "office": ("unknown", None, False),
    }


def test_a_contact_links_nothing_where_an_unknown_field_holds_it_either() -> None:
    rows = read({
        **report({"secret": "o@police.example"}),
        "lawEnforcementContactInformation": {
            "lawEnforcementContacts": [{"officer": {"emails": ["o@police.example"]}}]
        },
    })  # fmt: skip
    assert [row.pivot for row in rows if isinstance(row, Sighting)] == [False, False]


def test_beyond_the_fields_that_are_named_the_rest_is_searched() -> None:
    rows = read({**report(), "odd": [f"quay{n}@mail.example" for n in range(1_100)]})
    assert len(not_understood(rows)) == 1_001
    assert len(sightings(rows)) == 1_100


def test_what_stands_beside_a_wrapped_report_is_searched() -> None:
    rows = read({"data": {"report": report()}, "status": {"by": "kestrel9@mail.example"}})
    [found] = sightings(rows).values()
    assert (found.value.value, found.way, found.place) == ("kestrel9@mail.example", "mentioned", "/status/by")


@pytest.mark.parametrize(
    "listed", [list, lambda people: people[0], lambda people: {"reportedPersons": people}]
)
def test_persons_may_stand_where_others_have_their_section(listed: Any) -> None:
    person = {
        "screenName": "quay_lad",
        "espService": "Kite Chat",
        "ipAddress": "203.0.113.24",
        "email": "a@mail.example",
        "displayName": "Quay Lad",
    }
    rows = read({"reportId": 990000301, "reportedInformation": {"reportedPeople": listed([person])}})
    assert {(key, row.way, row.role, row.person) for key, row in sightings(rows).items()} == {
        (key, "declared", "suspect", "reported person 1")
        for key in (
            "account kitechat/quay_lad",
            "ip 203.0.113.24",
            "email a@mail.example",
            "display_name quay lad",
        )
    }
    assert not_understood(rows) == []


def test_a_key_given_twice_keeps_both_values() -> None:
    raw = b'{"reportId": 990000301, "reportedInformation": {"reportedPersons": [{"emails": "a@mail.example", "emails": "b@mail.example"}]}}'
    assert set(sightings(read(raw))) == {"email a@mail.example", "email b@mail.example"}


def test_urgency() -> None:
    def is_urgent(**parts: Any) -> bool:
        return next(row for row in read({"reportId": 990000301, **parts}) if isinstance(row, Summary)).urgent

    assert is_urgent(additionalNcmecInformation={"priority": {"priorityId": "E"}})
    assert is_urgent(reportedInformation={"incidentSummary": {"espEscalation": "a child may be in danger"}})
    assert not is_urgent(additionalNcmecInformation={"priority": {"priorityId": "3"}})
    assert not is_urgent(reportedInformation={"incidentSummary": {"espEscalation": "No"}})


def test_the_country_of_the_reader_reads_national_numbers() -> None:
    person = {"phones": {"phones": [{"value": "07700 900123"}]}}
    assert "phone +447700900123" in sightings(read(report(person), "GB"))
    assert any(isinstance(row, AmbiguousPart) for row in read(report(person), None))


def test_broken_json_is_read_up_to_the_fault() -> None:
    whole = json.dumps(report({"emails": ["a@mail.example"], "phones": ["+44 7700 900123"]})).encode()
    rows = read(whole[: whole.index(b"phones") + 3])
    assert "email a@mail.example" in sightings(rows)
    assert isinstance(rows[-1], Failed)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b'"text"',
        b"null",
        b"{}",
        b"[[1]]",
        b"\xff\xfe",
        b'{"a":' + b"[" * 100_000,
        b'{"reportId":"\\ud800"}',
    ],
)
def test_nothing_raises(raw: bytes) -> None:
    read(raw)


def test_limits_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 100)
    (row,) = read(b'{"reportId": 990000301, "x": "' + b"a" * 200 + b'"}')
    assert isinstance(row, Failed)
    assert "limit" in row.reason
    monkeypatch.undo()
    (row,) = read(b'{"reportId": 990000301, "x": [' + b"1," * 1_000_001 + b"1]}")
    assert isinstance(row, Failed)
    assert "1000000" in row.reason


def test_several_reports_in_one_file_are_read_and_said() -> None:
    rows = read(
        [
            report({"id": "p1", "emails": ["a@mail.example"]}),
            report({"id": "p1", "emails": ["b@mail.example"]}),
        ]
    )
    assert set(sightings(rows)) == {"email a@mail.example", "email b@mail.example"}
    assert sum(isinstance(row, Summary) for row in rows) == 1
    keys = [row.key for row in rows if isinstance(row, Person)]
    assert len(keys) == len(set(keys)) == 2


@pytest.mark.parametrize(
    "raw",
    [
        b'{"@graph": [], "@context": {}}',
        b'{"name": "chat", "type": "personal_chat", "messages": []}',
        b'{"odata.metadata": "x", "value": [{"Media": []}]}',
        b"{}",
        b"[1, 2, 3]",
        b"not json at all",
    ],
)
def test_other_json_is_not_taken_for_a_report(raw: bytes) -> None:
    found = recognise(raw, len(raw))
    assert found is None or found.name != "cybertip_json"


def test_json_that_nobody_knows_is_not_read_as_lines() -> None:
    raw = b'{"mail": "a@mail.example",\n "phone": "x",\n "c": 1}'
    assert recognise(raw, len(raw)) is None


def test_utf16_and_a_byte_order_mark_are_read() -> None:
    text = json.dumps(report({"emails": ["a@mail.example"], "firstName": "Zoë"}))
    for raw in (text.encode("utf-16"), b"\xef\xbb\xbf" + text.encode()):
        found = recognise(raw, len(raw))
        assert found is not None
        assert found.name == "cybertip_json"
        assert "email a@mail.example" in sightings(read(raw))


@needs_shared
def test_the_authored_links_can_be_made() -> None:
    first, second = (
        sightings(read((SHARED / f"authored_le_report_{letter}.json").read_bytes())) for letter in "AB"
    )
    shared = set(first) & set(second)
    assert shared == {
        "ip 203.0.113.24",
        "device idfa:a1b2c3d4-0000-4e5f-8a9b-001122334455",
        "hash md5:d35c785545392755e7e4164457657269",
        "phone +447700900123",
        "email test.officer@police.example",
    } | ({"account otherapp/bluebridge77"} & set(first))
    assert not first["email test.officer@police.example"].pivot
    assert first["ip 100.72.3.9"].carrier_nat
    assert first["ip 100.72.3.9"].port is None
    weak = {key for row in first.values() for key in row.value.variants} & {
        key for row in second.values() for key in row.value.variants
    }
    assert weak >= {"alias:bluebridge77"}
    assert any(key.startswith("email:samplaceholder@") for key in weak)


@needs_shared
@pytest.mark.parametrize("letter", ["A", "B"])
def test_every_key_of_the_authored_samples_is_understood(letter: str) -> None:
    assert not_understood(read((SHARED / f"authored_le_report_{letter}.json").read_bytes())) == []


def test_flatter_siblings_of_the_two_shapes_are_read_too() -> None:
    rows = read({
        **report({"sourceInformation": [{"sourceCaptures": [{"captureType": "IP Address", "value": "203.0.113.24:4444"}]}]}),
        "automatedInformation": {"autoGeneratedNotes": {"geoLookups": [{"ipAddress": "198.51.100.7", "country": "US"}]}},
        "additionalNcmecInformation": {"priority": "E"},
        "lawEnforcementContactInformation": [{"agency": "Example Unit", "officer": "Test Officer"}],
    })  # fmt: skip
    found = sightings(rows)
    assert found["ip 203.0.113.24"].port == 4444
    assert (found["ip 198.51.100.7"].way, found["ip 198.51.100.7"].role) == ("looked_up", "unknown")
    assert next(row for row in rows if isinstance(row, Summary)).urgent
    assert ("Test Officer",) in [row.names for row in rows if isinstance(row, Person)]
    assert not_understood(rows) == []


def test_a_screen_name_with_spaces_is_the_name_that_is_shown() -> None:
    rows = read(report({"screenName": "Blue Bridge", "espService": "OtherApp"}))
    assert list(sightings(rows)) == ["display_name blue bridge"]
    assert not_understood(rows) == []


_PERSON = {"screenName": "kestrel_9", "espService": "Kite Chat"}


@pytest.mark.parametrize(
    ("made", "pointer"),
    [
        ({"CyberTipReport": report(_PERSON)}, "/CyberTipReport"),
        ({"data": {"report": report(_PERSON)}, "status": "ok"}, "/data/report"),
        ({"reports": [report(_PERSON)]}, "/reports/0"),
        ({"a/b": report(_PERSON)}, "/a~1b"),
    ],
)
def test_what_merely_wraps_a_report_is_unwrapped(made: dict[str, Any], pointer: str) -> None:
    rows = read(made)
    [found] = [row for row in rows if isinstance(row, Sighting)]
    assert found.value.value == "kitechat/kestrel_9"
    assert found.place == f"{pointer}/reportedInformation/reportedPeople/reportedPersons/0/screenName"
    [summary] = [row for row in rows if isinstance(row, Summary)]
    assert summary.external_number == "990000301"
    beside = ["A text at /status is in a field that is not known."] if "status" in made else []
    assert not_understood(rows) == beside


def test_two_wrapped_reports_are_not_chosen_between() -> None:
    rows = read({"first": report(_PERSON), "second": report(_PERSON)})
    assert sightings(rows) == {}
    assert len(not_understood(rows)) == 2


@pytest.mark.parametrize("name", ["GAID", "idfa", "IDFV"])
def test_a_device_captured_under_the_name_of_its_sort_is_a_device(name: str) -> None:
    device = "A1B2C3D4-0000-4E5F-8A9B-001122334455"
    rows = read(report({"sourceCaptures": [{"captureType": name, "value": device, "valueType": None}]}))
    [found] = sightings(rows)
    assert found.startswith("device ")
    assert found.endswith(device.lower())
    assert not_understood(rows) == []


def test_numbers_as_texts_texts_as_numbers_and_null_lists() -> None:
    rows = read(
        {
            "lawEnforcementContactInformation": None,
            "reportId": "990000301",
            "reportedInformation": {
                "uploadedFiles": None,
                "reportedPeople": {
                    "reportedPersons": [
                        {
                            "phones": [{"value": 447700900123}, None],
                            "espUserId": 123456789012345678901,
                            "espService": "Kite Chat",
                            "sourceCaptures": [
                                {
                                    "captureType": "ip",
                                    "value": "203.0.113.24",
                                    "port": "51514",
                                    "eventName": None,
                                }
                            ],
                        }
                    ]
                },
                "childVictims": [{"phones": "07700 900124", "screenName": {"value": None}}],
            },
        }
    )
    found = sightings(rows)
    assert set(found) == {
        "phone +447700900123",
        "account kitechat/id:123456789012345678901",
        "ip 203.0.113.24",
        "phone +447700900124",
    }
    assert found["ip 203.0.113.24"].port == 51514
    assert found["phone +447700900124"].role == "victim"
    assert not_understood(rows) == []


# --- siblings nobody has published: the same content under other names and in other nesting ---


def declared(rows: list[AnyRow]) -> set[tuple[str, str]]:
    return {
        (f"{row.value.kind} {row.value.value}", row.role)
        for row in rows
        if isinstance(row, Sighting) and row.way == "declared"
    }


@pytest.mark.parametrize(
    "person",
    [
        {"emailAddresses": ["a@mail.example"], "mobilePhone": "+447700900123", "accountId": "70001"},
        {"emails": [{"address": "a@mail.example"}], "phones": [{"number": "+447700900123"}], "userID": 70001},
        {
            "personInformation": {"email": "a@mail.example"},
            "contactInformation": {"phoneNumbers": {"phoneNumber": ["+447700900123"]}},
            "accountInformation": {"espUserId": {"id": "70001"}},
        },
        {"user": {"uid": "70001", "mail": "a@mail.example", "telephoneNumber": "+447700900123"}},
        {"emails": [{"email": "a@mail.example", "verified": True}], "phone": {"phone": "7700900123", "countryCode": "44"}, "userIdentifier": "70001"},
    ],
)  # fmt: skip
def test_a_person_is_read_under_other_names_and_in_other_nesting(person: dict[str, Any]) -> None:
    rows = read(report({**person, "serviceName": "Kite Chat"}))
    assert declared(rows) == {
        ("email a@mail.example", "suspect"),
        ("phone +447700900123", "suspect"),
        ("account kitechat/id:70001", "suspect"),
    }
    assert not_understood(rows) == []


def test_a_text_under_the_name_of_a_part_is_no_name() -> None:
    rows = read(report({"profile": "writes a@mail.example", "screenName": "quay_9"}))
    assert [row.names for row in rows if isinstance(row, Person)] == [()]
    assert ("email a@mail.example", "suspect") not in declared(rows)


def test_who_cares_for_a_child_is_not_the_child() -> None:
    rows = read({
        "reportId": 990000301,
        "reportedInformation": {
            "childVictims": [{"id": "v1", "screenName": "kid_9", "guardian": {"email": "care@mail.example"}}]
        },
    })  # fmt: skip
    found = sightings(rows)["email care@mail.example"]
    assert (found.way, found.role, found.person) == ("mentioned", "victim", "v1"), "masked, but not declared"


def test_a_country_that_is_no_calling_code_does_not_spoil_the_number() -> None:
    rows = read(report({"phones": [{"value": "07700 900123", "countryCode": "GB"}]}))
    assert "phone +447700900123" in sightings(rows)
    (person,) = [row for row in rows if isinstance(row, Person)]
    assert any(label == "country code" and text.startswith("GB ") for label, text in person.facts)


@pytest.mark.parametrize(
    "where",
    [
        {"sourceCaptures": [{"captureType": "IPv4 Address", "value": "203.0.113.24", "dateTime": 1772619072, "port": 4444}]},
        {"sourceInformation": [{"captureType": "Login IP", "value": "203.0.113.24:4444", "timestamp": "1772619072000"}]},
        {"ipAddresses": [{"ipAddress": "203.0.113.24", "dateTime": "2026-03-04T10:11:12Z", "port": "4444"}]},
        {"ipCaptureEvents": {"ipCaptureEvent": {"ip": "203.0.113.24:4444", "eventDateTime": "2026-03-04T10:11:12Z"}}},
        {"loginEvents": [{"ipAddress": "203.0.113.24", "eventTime": "2026-03-04T11:11:12+01:00", "port": 4444}]},
    ],
)  # fmt: skip
def test_captures_are_read_under_other_names(where: dict[str, Any]) -> None:
    rows = read(report(where))
    found = sightings(rows)["ip 203.0.113.24"]
    assert (found.way, found.role, found.port) == ("declared", "suspect", 4444)
    assert found.seen_at is not None
    assert found.seen_at.instant is not None
    assert found.seen_at.instant.isoformat() == "2026-03-04T10:11:12+00:00"
    assert not_understood(rows) == []


def test_the_port_behind_a_bare_address_is_kept() -> None:
    found = sightings(read(report({"ipAddress": "203.0.113.24:4444"})))["ip 203.0.113.24"]
    assert (found.port, found.value.raw) == (4444, "203.0.113.24:4444")


@pytest.mark.parametrize("word", ["Zip", "Membership", "Postcode"])
def test_not_every_word_that_ends_like_an_address_is_one(word: str) -> None:
    rows = read(report({"sourceCaptures": [{"captureType": word, "value": "203.0.113.24"}]}))
    assert declared(rows) == set()
    assert len(not_understood(rows)) == 1


def test_devices_are_read_under_other_names() -> None:
    device = "A1B2C3D4-0000-4E5F-8A9B-001122334455"
    rows = read(
        report({
            "deviceIds": [
                {"deviceIdType": "IMEI", "deviceIdValue": "490154203237518"},
                {"type": "IDFA", "id": device},
            ]
        })
    )  # fmt: skip
    assert declared(rows) == {
        ("imei 490154203237518", "suspect"),
        (f"device idfa:{device.lower()}", "suspect"),
    }
    assert not_understood(rows) == []


@pytest.mark.parametrize(
    "given",
    [
        {"hashes": {"md5": "d35c785545392755e7e4164457657269", "sha1": "b" * 40}},
        {
            "hashes": [
                {"type": "MD5", "value": "d35c785545392755e7e4164457657269"},
                {"algorithm": "SHA-1", "hash": "b" * 40},
            ]
        },
        {"hashes": ["d35c785545392755e7e4164457657269", "b" * 40]},
        {"hashValue": "d35c785545392755e7e4164457657269", "originalFileHashes": {"sha1Hash": "b" * 40}},
        {"fileHashes": {"fileHashes": [{"hashType": "MD5", "hashValue": "d35c785545392755e7e4164457657269"}, "b" * 40]}},
    ],
)  # fmt: skip
def test_hashes_are_read_under_other_names(given: dict[str, Any]) -> None:
    rows = read(report(uploadedFiles=[{"fileName": "a.jpg", **given}]))
    assert declared(rows) == {
        ("hash md5:d35c785545392755e7e4164457657269", "unknown"),
        (f"hash sha1:{'b' * 40}", "unknown"),
    }
    assert not_understood(rows) == []


def test_every_contact_of_a_provider_links_nothing() -> None:
    rows = read(
        report(
            reportingEsp={
                "espName": "Kite Chat",
                "contactPerson": {"email": "a@provider.example"},
                "legalContact": {"emails": ["b@provider.example"]},
                "website": "https://provider.example/law",
                "hotline": "+447700900123",
            }
        )
    )
    assert {(row.value.kind, row.pivot) for row in rows if isinstance(row, Sighting)} == {
        ("email", False),
        ("phone", False),
    }


def test_lists_where_others_have_an_object_and_people_under_other_names() -> None:
    rows = read([
        {
            "reportId": "880007",
            "reportedInformation": [{
                "reportingEsp": [{"espName": "Kite Chat"}],
                "incidentSummary": [{"incidentType": "Other", "platform": "Kite Chat"}],
                "suspects": [{"screenName": ["n1_a", "n2_a"]}],
                "victimList": {"victim": {"screenName": "kid_9"}},
                "intendedRecipients": {"intendedRecipient": [{"screenName": "r_1"}, {"screenName": "r_2"}]},
            }],
            "automatedInformation": [{
                "geoLookups": {
                    "reportedPersonGeoLookup": [{"ip": "203.0.113.52"}],
                    "childVictimGeoLookups": {"childVictimGeoLookup": {"ipAddress": "203.0.113.53"}},
                }
            }],
        }
    ])  # fmt: skip
    assert {(row.value.value, row.role, row.way) for row in rows if isinstance(row, Sighting)} == {
        ("kitechat/n1_a", "suspect", "declared"),
        ("kitechat/n2_a", "suspect", "declared"),
        ("kitechat/kid_9", "victim", "declared"),
        ("kitechat/r_1", "recipient", "declared"),
        ("kitechat/r_2", "recipient", "declared"),
        ("203.0.113.52", "suspect", "looked_up"),
        ("203.0.113.53", "victim", "looked_up"),
    }
    assert not any(row.text == "" for row in rows if isinstance(row, FreeText))
    assert not_understood(rows) == []


def test_an_associated_account_keeps_its_sort() -> None:
    rows = read(
        report({
            "screenName": "quay_9",
            "espService": "Kite Chat",
            "associatedAccounts": [
                {"accountType": "Linked Account", "platform": "OtherApp", "userName": "own_1", "accountEmail": "own@mail.example"},
                {"accountType": "Parent/Guardian", "platform": "OtherApp", "userName": "care_1"},
            ],
        })
    )  # fmt: skip
    assert declared(rows) == {
        ("account kitechat/quay_9", "suspect"),
        ("account otherapp/own_1", "suspect"),
        ("email own@mail.example", "suspect"),
        ("account otherapp/care_1", "unknown"),
    }


def test_a_field_into_which_several_were_written_holds_several() -> None:
    rows = read(
        report({
            "emails": [{"value": "a@mail.example; b@mail.example"}],
            "phones": "+44 7700 900123, +44 7700 900124",
            "sourceCaptures": [{"captureType": "IP Address", "value": "203.0.113.24, 198.51.100.7", "dateTime": "2026-03-04T10:11:12Z"}],
        })
    )  # fmt: skip
    found = sightings(rows)
    assert {key: row.value.raw for key, row in found.items()} == {
        "email a@mail.example": "a@mail.example",
        "email b@mail.example": "b@mail.example",
        "phone +447700900123": "+44 7700 900123",
        "phone +447700900124": "+44 7700 900124",
        "ip 203.0.113.24": "203.0.113.24",
        "ip 198.51.100.7": "198.51.100.7",
    }
    assert all(found[key].seen_at is not None for key in found if key.startswith("ip "))
    assert not_understood(rows) == []


@pytest.mark.parametrize(
    "text", ["a@mail.example, call me", "+1 202 555 0143,12", "x" * 3_000 + ";a@mail.example"]
)
def test_a_field_that_is_no_list_is_read_as_it_is(text: str) -> None:
    rows = read(report({"emails": [text]}))
    assert [row.value.raw for row in rows if isinstance(row, Sighting)] in ([], [text])
    assert len(not_understood(rows)) <= 1


def test_the_port_beside_a_bare_address_is_its_port() -> None:
    rows = read(report(incidentDetails={"peerToPeerIncident": {"ipAddress": "203.0.113.24", "port": 6881}}))
    assert sightings(rows)["ip 203.0.113.24"].port == 6881
    assert not_understood(rows) == []
    two = read(report({"ipAddresses": ["203.0.113.24", "203.0.113.25"], "port": 6881}))
    assert {row.port for row in sightings(two).values()} == {None}, "of which of them nobody says"


def test_numbers_of_mails_are_no_addresses() -> None:
    rows = read(
        report(
            {"messageId": "<x.1@mail.example>"},
            uploadedFiles=[
                {"espMetadata": {"metadatas": [{"name": "Message-ID", "value": "<x.2@mail.example>"}]}}
            ],
        )
    )
    assert sightings(rows) == {}
    assert "<x.2@mail.example>" in [row.text for row in rows if isinstance(row, FreeText)]


@pytest.mark.parametrize("between", ["\n", "\r\n\r\n", ",\n", ""])
def test_reports_one_after_the_other_are_read_like_a_list(between: str) -> None:
    one, two = report({"emails": "a@mail.example"}), report({"emails": "b@mail.example"})
    rows = read((json.dumps(one) + between + json.dumps(two) + "\n").encode())
    assert [row.place[:3] for row in sightings(rows).values()] == ["/0/", "/1/"]
    assert any("holds 2 entries" in text for text in not_understood(rows))
    assert not [row for row in rows if isinstance(row, Failed)]


def test_of_reports_one_after_the_other_those_before_the_fault_are_read() -> None:
    text = json.dumps(report({"emails": "a@mail.example"}))
    rows = read((text + "\n" + text.replace("a@", "b@")[:-4]).encode())
    assert set(sightings(rows)) == {"email a@mail.example", "email b@mail.example"}
    assert isinstance(rows[-1], Failed)
    assert "line 2" in rows[-1].reason


@pytest.mark.parametrize("nul", [rb"\u0000", b"\x00"])
def test_a_nul_joins_nothing_and_is_said(nul: bytes) -> None:
    given = json.dumps(report({"emails": ["c07~@mail.example", "a@mail.example~b@mail.example"]})).encode()
    rows = read(given.replace(b"~", nul))
    assert set(sightings(rows)) == {"email a@mail.example", "email b@mail.example"}
    assert "The report holds 2 NUL characters, read as blanks." in not_understood(rows)
    assert any("c07 @mail.example" in text for text in not_understood(rows))


def test_a_backslash_before_digits_is_no_nul() -> None:
    rows = read(report({"emails": "a@mail.example"}, additionalInformation="path \\u0000"))
    assert not any("NUL" in text for text in not_understood(rows))


@pytest.mark.parametrize("between", [" / ", "/", " and ", "; ", " ", "\n", " & ", " | "])
def test_two_numbers_in_one_field_are_two(between: str) -> None:
    rows = read(report({"phones": f"+44 7700 900306{between}+44 7700 900307"}))
    assert list(sightings(rows)) == ["phone +447700900306", "phone +447700900307"]
    assert not_understood(rows) == []


@pytest.mark.parametrize("between", [" / ", "/", " and ", ", ", " "])
def test_two_addresses_in_one_field_are_two(between: str) -> None:
    rows = read(report({"emails": f"kea1@mail.example{between}kea2@mail.example"}))
    assert list(sightings(rows)) == ["email kea1@mail.example", "email kea2@mail.example"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("01632 / 960 123", "+441632960123"),
        ("07700/900306", "+447700900306"),
        ("0 7700 900 306", "+447700900306"),
    ],
)
def test_a_stroke_within_a_number_parts_nothing(written: str, number: str) -> None:
    assert list(sightings(read(report({"phones": written})))) == [f"phone {number}"]


@pytest.mark.parametrize(
    "name",
    [
        "leContact",
        "assignedOfficer",
        "ncmecAnalyst",
        "le_contact_information",
        "analyst",
        "specialAgentInCharge",
        "policeLiaison",
    ],
)
@pytest.mark.parametrize("section", ["", "additionalNcmecInformation", "reportedInformation"])
@pytest.mark.parametrize(
    "held",
    [
        {"name": "Jo Finch", "email": "jo@police.example", "phone": "+44 1632 960123"},
        "Jo Finch, jo@police.example, +44 1632 960123",
        [{"contact": {"email": "jo@police.example", "phones": ["+44 1632 960123"]}}],
    ],
)  # fmt: skip
def test_contacts_of_the_police_and_of_ncmec_link_nothing_in_any_layout(
    name: str, section: str, held: Any
) -> None:
    data = report(executiveSummary="An officer read it.")
    within = data.setdefault(section, {}) if section else data
    within[name] = held
    rows = [row for row in read(data) if isinstance(row, Sighting)]
    assert {row.value.value for row in rows} >= {"jo@police.example", "+441632960123"}
    assert not [row.value.value for row in rows if row.pivot]


def test_a_contact_links_nothing_in_the_notes_of_ncmec_either() -> None:
    rows = read({
        **report(),
        "ncmecAnalyst": "Jo Finch, jo@post.example",
        "additionalNcmecInformation": {"notes": ["Ask jo@post.example about kea_1@mail.example."]},
    })  # fmt: skip
    assert {row.value.value: row.pivot for row in rows if isinstance(row, Sighting)} == {
        "jo@post.example": False,
        "kea_1@mail.example": True,
    }


@pytest.mark.parametrize(
    ("name", "role", "pivot"),
    [
        ("reportingPerson", "reporter", False),
        ("reportedBy", "reporter", False),
        ("complainant", "reporter", False),
        ("witnesses", "witness", True),
    ],
)
@pytest.mark.parametrize("section", ["", "reportedInformation"])
def test_those_who_report_and_who_saw_have_their_role(
    name: str, role: str, pivot: bool, section: str
) -> None:
    data = report()
    (data[section] if section else data)[name] = [{"email": "kea@mail.example", "phone": "+44 7700 900306"}]
    rows = read(data)
    assert {(row.role, row.way, row.pivot) for row in rows if isinstance(row, Sighting)} == {
        (role, "declared", pivot)
    }
    assert not_understood(rows) == []


@pytest.mark.parametrize("name", ["analystNotes", "officer_comments", "policeReport", "investigatorFindings"])
def test_what_the_police_wrote_of_others_links(name: str) -> None:
    (found,) = sightings(read({**report(), name: "He writes as kea_1@mail.example."})).values()
    assert found.pivot


@pytest.mark.parametrize(
    "comment", ["// taken out for kea_1@mail.example\n", "\ufeff\n  // a\n// kea_1@mail.example\n", "# kea_1@mail.example\r\n",
        "/* kea_1@mail.example\n * { */ "],
)  # fmt: skip
def test_a_comment_before_the_report_takes_no_role_away(comment: str) -> None:
    raw = (comment + json.dumps(report({"email": "s@mail.example"}))).encode()
    assert isinstance(recognise(raw, len(raw)), CybertipJson)
    rows = read(raw)
    assert {key: (row.role, row.way) for key, row in sightings(rows).items()} == {
        "email kea_1@mail.example": ("unknown", "mentioned"),
        "email s@mail.example": ("suspect", "declared"),
    }
    assert "begins with a comment" in " ".join(not_understood(rows))
    assert not any(isinstance(row, Failed) for row in rows)


def test_a_comment_alone_or_without_end_is_no_report() -> None:
    for raw in (
        b"// a@mail.example\n",
        b"/* " + b"*" * 60_000 + json.dumps(report()).encode(),
        b"#" * 60_000,
    ):
        assert not isinstance(recognise(raw, len(raw)), CybertipJson)
