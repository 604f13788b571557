"""What a CyberTipline report tells of a person, an incident or a file in words of its own is searched, whatever it is called."""

import io
import json
from typing import Any

import pytest

import factories
from cets.domains.intake.rows import AnyRow, FreeText, NotUnderstood, Person, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.cybertip_json.source import CybertipJson
from cets.domains.intake.sources.cybertip_xml.source import CybertipXml
from cets.sites.console import showing

NOTE = "Her other mail is kea_2@mail.example, zebrafinch."
XML = """<report><incidentSummary><incidentType>Child Pornography</incidentType>
<incidentDateTime>2026-03-04T10:11:12Z</incidentDateTime></incidentSummary>
<reporter><reportingPerson><firstName>Safety</firstName></reportingPerson></reporter>%s</report>"""


def read(text: str) -> list[AnyRow]:
    source = CybertipXml() if text.startswith("<") else CybertipJson()
    return list(source.read(io.BytesIO(text.encode()), Options(country="GB")))


def listed(**sections: Any) -> list[AnyRow]:
    return read(json.dumps({"reportId": 990000301, "incidentSummary": {}, **sections}))


def found(rows: list[AnyRow]) -> dict[str, tuple[str, str | None]]:
    return {row.value.value: (row.role, row.person) for row in rows if isinstance(row, Sighting)}


@pytest.mark.parametrize("name", ["notes", "note", "remarks", "comments", "additionalInfo"])
@pytest.mark.parametrize("given", [NOTE, [NOTE], [{"value": NOTE}], {"notes": [{"text": NOTE}]}])
def test_what_is_noted_at_a_person_is_a_text(name: str, given: Any) -> None:
    if isinstance(given, dict):
        given = {name: next(iter(given.values()))}
    victim = listed(victims=[{"id": "v", name: given}])
    assert found(victim) == {"kea_2@mail.example": ("victim", "v")}
    assert [row.text for row in victim if isinstance(row, FreeText)] == [NOTE]
    suspect = listed(suspects=[{"id": "s", name: given}])
    assert found(suspect) == {"kea_2@mail.example": ("unknown", None)}
    assert [row.text for row in suspect if isinstance(row, FreeText)] == [NOTE]
    assert not [row for row in [*victim, *suspect] if isinstance(row, NotUnderstood)]


@pytest.mark.parametrize(
    "told",
    [
        {"school": "Heron School, kea_2@mail.example"}, {"schoolName": {"value": "kea_2@mail.example"}}, {"occupation": "runs kea_2@mail.example"},
        {"vehicleDescription": "red, see kea_2@mail.example"}, {"relationshipToChild": "aunt (kea_2@mail.example)"},
        {"address": {"street1": "c/o kea_2@mail.example"}}, {"addresses": [{"value": "1 Quay, kea_2@mail.example"}]},
        {"estimatedLocation": {"value": "near kea_2@mail.example"}}, {"age": "13, says kea_2@mail.example"},
        {"email": {"value": "kea@mail.example", "type": "old one of kea_2@mail.example"}}, {"title": "Ms kea_2@mail.example"},
        {"role": "victim, kea_2@mail.example"}, {"displayName": "Kea kea_2@mail.example"},
        {"screenName": "write to kea_2@mail.example"}, {"accountStatus": {"value": "closed", "reason": "asked by kea_2@mail.example"}}, {"screenName": "kea_2@mail.example"},
    ],
)  # fmt: skip
def test_no_quality_of_a_person_hides_an_identifier(told: dict[str, Any]) -> None:
    assert found(listed(victims=[{"id": "v", **told}]))["kea_2@mail.example"] == ("victim", "v")
    assert "kea_2@mail.example" in found(listed(suspects=[{"id": "s", **told}]))


def test_what_is_told_of_a_suspect_in_words_is_a_text_and_of_a_victim_it_is_none() -> None:
    told = {
        "school": "Heron School",
        "gender": "male",
        "address": {"street1": "1 Quay", "city": "Exampleton"},
    }
    texts = {
        name: [row.text for row in listed(**{name: [told]}) if isinstance(row, FreeText)]
        for name in ("suspects", "victims", "witnesses")
    }
    said = ["school: Heron School; address: 1 Quay, Exampleton"]
    assert texts == {"suspects": said, "victims": [], "witnesses": said}


def test_a_number_plate_is_an_identifier() -> None:
    (plate,) = [row for row in listed(suspects=[{"licensePlate": "ab12 cde"}]) if isinstance(row, Sighting)]
    assert (plate.value.kind, plate.value.value, plate.role) == ("vehicle", "AB12CDE", "suspect")


def test_numbers_and_moments_of_a_person_are_no_telephones() -> None:
    rows = listed(
        suspects=[
            {
                "caseNumber": "07700900123", "ssn": "07700 900124", "badgeNumber": "07700900125", "registrationDate": "07700 900126",
                "driversLicense": "07700900127", "address": {"postalCode": "07700 900128"}, "dateOfBirth": "07700 900129",
            }
        ]
    )  # fmt: skip
    assert found(rows) == {}


@pytest.mark.parametrize("key", ["childVictims", "victims", "victim"])
def test_a_bare_text_in_a_list_of_victims_is_read(key: str) -> None:
    rows = listed(**{key: ["kea_2@mail.example", "Kim Larch (+44 7700 900913)", "Bo Finch"]})
    assert {value: role for value, (role, _) in found(rows).items()} == {
        "kea_2@mail.example": "victim",
        "+447700900913": "victim",
    }
    assert [row.names for row in rows if isinstance(row, Person)] == [(), ("Kim Larch",), ("Bo Finch",)]


def test_a_title_is_told_of_a_person_and_is_no_name() -> None:
    rows = listed(victims=[{"title": "Ms", "firstName": "Kim", "lastName": "Larch"}])
    assert [(row.names, row.facts) for row in rows if isinstance(row, Person)] == [
        (("Kim Larch",), (("title", "Ms"),))
    ]


def test_an_address_alone_in_a_list_of_suspects_is_the_suspects() -> None:
    (row,) = [row for row in listed(suspects=["kea_2@mail.example"]) if isinstance(row, Sighting)]
    assert (row.role, row.way, row.person) == ("suspect", "declared", "reported person 1")


@pytest.mark.parametrize(
    "section",
    [
        {"chatIncident": [{"description": NOTE}]}, {"webPageIncident": [{"thirdPartyHostedContent": NOTE}]},
        {"emailIncident": [{"subject": NOTE}]}, {"otherIncident": {"incidentAddress": {"value": NOTE}}},
        {"uploadedFiles": [{"fileName": "a.jpg", "locationOfFile": NOTE}]}, {"uploadedFiles": [{"fileAnnotations": {"said": NOTE}}]},
        {"uploadedFiles": [{"ncmecTags": {"groups": [{"tags": [NOTE]}]}}]}, {"uploadedFiles": [{"notes": NOTE}]},
        {"incidentSummary": {"incidentDateTimeDescription": NOTE}}, {"incidentSummary": {"reportAnnotations": {"said": NOTE}}},
        {"incidentSummary": {"espEscalation": NOTE}}, {"priority": {"value": NOTE}},
    ],
)  # fmt: skip
def test_what_is_told_of_an_incident_or_a_file_is_searched(section: dict[str, Any]) -> None:
    rows = listed(**section)
    assert found(rows) == {"kea_2@mail.example": ("unknown", None)}
    assert any("zebrafinch" in row.text for row in rows if isinstance(row, FreeText))


def test_what_a_provider_or_the_police_say_of_themselves_links_nothing() -> None:
    rows = listed(
        reportingEsp={"name": "Kite Chat", "contactPerson": {"title": "Safety, kea_2@mail.example"}},
        lawEnforcementContacts=[
            {"agency": "Unit of kea_3@mail.example", "officer": {"notes": "kea_4@mail.example"}}
        ],
    )
    assert {row.value.value: row.pivot for row in rows if isinstance(row, Sighting)} == {
        f"kea_{number}@mail.example": False for number in (2, 3, 4)
    }


def test_xml_is_read_alike() -> None:
    rows = read(XML % f"<victim><school>{NOTE}</school><notes>Or kea_3@mail.example.</notes></victim>")
    assert {value: role for value, (role, _) in found(rows).items()} == {
        "kea_2@mail.example": "victim",
        "kea_3@mail.example": "victim",
    }


def test_a_victims_note_is_masked_and_a_suspects_is_shown(db: None, as_process: Any) -> None:
    text = json.dumps(
        {
            "reportId": 990000301,
            "incidentSummary": {},
            "victims": [{"notes": NOTE, "school": "Heron School, kea_5@mail.example"}],
            "suspects": [{"notes": "also kea_3@mail.example, quetzalbird"}],
        }
    )
    factories.agency("ESX")
    _agency, service = factories.service("ESX")
    with as_process("worker"), factories.intake() as intake:
        (received,) = intake.take("ESX", text)
        shown = json.dumps(showing.report(service, received.reference, reveal=False))
    assert "kea_2" not in shown
    assert "kea_5" not in shown
    assert "kea_3@mail.example" in shown
