"""A victim of a CyberTipline report is one in whatever list, layout or field the report tells it."""

import io
import json
from typing import Any

import pytest

import factories
from cets.domains.intake.rows import AnyRow, NotUnderstood, Person, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.cybertip_json.source import CybertipJson
from cets.domains.intake.sources.cybertip_xml.source import CybertipXml
from cets.sites.console import showing

XML = """<report><incidentSummary><incidentType>Online Enticement of Children for Sexual Acts</incidentType>
<incidentDateTime>2026-03-04T10:11:12Z</incidentDateTime></incidentSummary>
<reporter><reportingPerson><firstName>Safety</firstName></reportingPerson></reporter>
<victim><associatedAccount type="%s"><platform>Lantern Talk</platform><espIdentifier>kid15snap</espIdentifier>
<screenName>kid15sn</screenName></associatedAccount>
<additionalInfo>Her own phone is +44 7700 900913, mail kid15own@mail.example.</additionalInfo></victim></report>"""
OWN = ["+447700900913", "kid15own@mail.example", "lanterntalk/id:kid15snap", "lanterntalk/kid15sn"]
JSON: dict[str, Any] = {
    "reportId": 990000301,
    "reportedInformation": {
        "childVictims": [
            {
                "associatedAccounts": [
                    {"platform": "Lantern Talk", "espIdentifier": "kid15snap", "screenName": "kid15sn"}
                ],
                "additionalInformations": [
                    {"value": "Her own phone is +44 7700 900913, mail kid15own@mail.example."}
                ],
            }
        ]
    },
}
WHOLE = [*(XML % kind for kind in ("Other", "Parent/Guardian", "Linked")), json.dumps(JSON)]


def read(text: str) -> list[AnyRow]:
    source = CybertipXml() if text.startswith("<") else CybertipJson()
    return list(source.read(io.BytesIO(text.encode()), Options(country="GB")))


def person(**fields: Any) -> list[AnyRow]:
    listed = {"screenName": "quay_9", "espService": "Kite Chat", **fields}
    return read(
        json.dumps(
            {"reportId": 990000301, "reportedInformation": {"reportedPeople": {"reportedPersons": [listed]}}}
        )
    )


def roles(rows: list[AnyRow]) -> set[str]:
    return {row.role for row in rows if isinstance(row, Sighting | Person)}


@pytest.mark.parametrize("text", WHOLE)
def test_what_stands_at_a_victim_is_the_victims(text: str) -> None:
    found = [row for row in read(text) if isinstance(row, Sighting)]
    assert sorted(row.value.value for row in found) == OWN
    assert {row.role for row in found} == {"victim"}


@pytest.mark.parametrize("text", WHOLE)
def test_it_is_not_shown(db: None, as_process: Any, text: str) -> None:
    factories.agency("ESX")
    _agency, service = factories.service("ESX")
    with as_process("worker"), factories.intake() as intake:
        (received,) = intake.take("ESX", text)
        shown = json.dumps(showing.report(service, received.reference, reveal=False))
    assert not [own for own in ("kid15", "900913", "900 913") if own in shown]
    assert shown.count("Child A") >= len(OWN)


def test_what_is_noted_at_a_suspect_or_linked_to_him_is_still_nobodys() -> None:
    rows = person(
        additionalInfo="ask kea@mail.example", associatedAccounts=[{"type": "Other", "userName": "kea_1"}]
    )
    assert {row.value.value: row.role for row in rows if isinstance(row, Sighting)} == {
        "kitechat/quay_9": "suspect", "kea_1": "unknown", "kea@mail.example": "unknown",
    }  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        {"role": "victim"}, {"role": "Child"}, {"personType": "Child Victim"}, {"isVictim": True}, {"type": "VICTIM"}, {"relationship": "victim"},
        {"childVictim": "yes"}, {"person": {"role": "Victim"}}, {"roles": ["user", "victim"]}, {"person_role": {"value": "victim"}},
        {"status": "Victim 1"}, {"role": "suspect / victim"},
    ],
)  # fmt: skip
def test_who_is_called_a_victim_among_the_reported_is_one_and_it_is_said(said: dict[str, Any]) -> None:
    rows = person(**said)
    assert roles(rows) == {"victim"}
    assert ["called a victim" in row.text for row in rows if isinstance(row, NotUnderstood)].count(True) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"role": "suspect"}, {"isVictim": False}, {"isVictim": "no"}, {"relationshipToVictim": "teacher"}, {"knowsVictim": True},
        {"relationship": "father of the victim"}, {"type": "Child account"}, {"relationship": "child"}, {"personType": "Adult"},
        {"victim": "unknown"}, {"description": "wrote to a victim"},
    ],
)  # fmt: skip
def test_who_is_not_called_a_victim_stays_what_he_is(said: dict[str, Any]) -> None:
    assert roles(person(**said)) == {"suspect"}


@pytest.mark.parametrize("said", ["suspect", "Reported User", "offender"])
def test_nothing_makes_a_victim_a_suspect(said: str) -> None:
    listed = {"screenName": "quay_9", "role": said, "type": said, "isVictim": False, "isSuspect": True}
    rows = read(json.dumps({"reportId": 990000301, "reportedInformation": {"childVictims": [listed]}}))
    assert roles(rows) == {"victim"}


def listed(name: str, **fields: Any) -> list[AnyRow]:
    """A report that lists one person with these fields under a name."""
    who = {"screenName": "quay_9", "espService": "Kite Chat", **fields}
    return read(json.dumps({"reportId": 990000301, name: [who]}))


@pytest.mark.parametrize(
    "said",
    [
        {"type": "Possible victim"}, {"relationship": "alleged victim"}, {"role": "suspected minor victim"}, {"status": "mutmaßliches Opfer"},
        {"role": "potential victim"}, {"isVictim": "possible"}, {"category": "victime présumée"},
    ],
)  # fmt: skip
def test_who_may_be_a_victim_is_one_in_every_list(said: dict[str, Any]) -> None:
    for name in ("reportedPersons", "intendedRecipients", "witnesses", "otherParticipants"):
        assert roles(listed(name, **said)) == {"victim"}


@pytest.mark.parametrize(
    "said",
    [
        {"role": "Child sex offender"}, {"role": "Sent images to victim"}, {"role": "father of victim"}, {"role": "Adult who contacted victim"},
        {"role": "not a victim"}, {"personType": "Kindesmissbraucher"}, {"age": 15}, {"isMinor": True, "age": "16"}, {"role": "victim's uncle"},
    ],
)  # fmt: skip
def test_who_is_reported_and_only_young_or_near_a_victim_stays_so(said: dict[str, Any]) -> None:
    rows = listed("reportedPersons", **said)
    assert roles(rows) == {"suspect"}
    assert not [row for row in rows if isinstance(row, NotUnderstood) and "called a victim" in row.text]


@pytest.mark.parametrize(
    "said",
    [
        {"age": "12"},
        {"age": 17},
        {"isMinor": "true"},
        {"approximateAge": "approx. 13-14 years"},
        {"ageRange": "under 18"},
        {"type": "minor"},
    ],
)
@pytest.mark.parametrize("name", ["intendedRecipients", "witnesses", "otherParticipants", "friends"])
def test_a_child_who_is_not_reported_is_masked(name: str, said: dict[str, Any]) -> None:
    assert roles(listed(name, **said)) == {"victim"}


@pytest.mark.parametrize(
    "said", [{"age": "18"}, {"age": 0}, {"age": "over 18"}, {"isMinor": False}, {"age": "unknown"}]
)
def test_a_recipient_of_age_stays_one(said: dict[str, Any]) -> None:
    assert roles(listed("intendedRecipients", **said)) == {"recipient"}


@pytest.mark.parametrize(
    "said",
    [{"type": "victim"}, {"type": "Possible victim"}, {"accountType": "minor"}, {"type": "Other", "age": 13}],
)
def test_a_victims_account_beside_a_suspects_is_the_victims(said: dict[str, Any]) -> None:
    rows = person(associatedAccounts=[{"userName": "una_11", **said}])
    assert {row.value.value: row.role for row in rows if isinstance(row, Sighting)} == {
        "kitechat/quay_9": "suspect",
        "una_11": "victim",
    }


@pytest.mark.parametrize(
    "empty",
    [
        {"childVictims": {"childVictims": []}}, {"reportedPeople": {"reportedPersons": []}}, {"intendedRecipients": [{"intendedRecipients": [{}]}]},
        {"victims": {"victim": {"emails": []}}}, {"witnesses": {"witness": [None]}},
    ],
)  # fmt: skip
def test_an_empty_list_in_its_section_is_no_person(empty: dict[str, Any]) -> None:
    for data in (empty, {"reportedInformation": empty}):
        assert roles(read(json.dumps({"reportId": 990000301, **data}))) == set()


@pytest.mark.parametrize(
    "field",
    [
        "participantType",
        "involvementType",
        "userStatus",
        "partyClassification",
        "victimOrSuspect",
        "involvement",
    ],
)
def test_a_field_that_tells_what_somebody_is_may_have_another_name(field: str) -> None:
    assert roles(person(**{field: "Victim"})) == {"victim"}
    assert roles(person(**{field: "Suspect"})) == {"suspect"}
    assert roles(person(**{field: "Contacted a victim"})) == {"suspect"}


@pytest.mark.parametrize("field", ["contactedWith", "relationshipToVictim", "messageTo"])
def test_a_field_of_the_other_end_masks_nobody(field: str) -> None:
    assert roles(person(**{field: "victim"})) == {"suspect"}
