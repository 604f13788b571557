"""Victims that a CyberTipline report tells in lists which the reader does not know."""

import json
from io import BytesIO
from typing import Any

import pytest

import factories
from cets.domains.intake.rows import AnyRow, NotUnderstood, Person, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.cybertip_json.source import CybertipJson
from cets.domains.intake.sources.cybertip_xml.source import CybertipXml
from cets.sites.console import showing

KIM = {"email": "kim@mail.example", "screenName": "kim_larch"}
OWN = {"kim@mail.example", "kitechat/kim_larch"}


def text_of(**sections: Any) -> str:
    summary = {"incidentType": "Online Enticement", "platform": "Kite Chat"}
    return json.dumps({"reportId": 990000301, "incidentSummary": summary, **sections})


def read(**sections: Any) -> list[AnyRow]:
    return list(CybertipJson().read(BytesIO(text_of(**sections).encode()), Options(country="GB")))


def roles(rows: list[AnyRow]) -> dict[str, str]:
    return {row.value.value: row.role for row in rows if isinstance(row, Sighting)}


def said(rows: list[AnyRow]) -> str:
    return " ".join(row.text for row in rows if isinstance(row, NotUnderstood))


@pytest.mark.parametrize(
    "sections",
    [
        {"otherPersons": [{"type": "Victim", **KIM}]}, {"persons": [{"role": "Child", **KIM}]}, {"persons": [{"personType": "minor victim", **KIM}]},
        {"minorUser": KIM}, {"minorUsers": [KIM]}, {"knownVictims": [KIM]}, {"users": [{"isMinor": True, **KIM}]}, {"users": [{"type": "minor", **KIM}]},
        {"participants": {"list": [{"isVictim": "yes", **KIM}]}}, {"chatIncident": [{"participants": [{"role": "victim", **KIM}]}]},
        {"suspects": [{"email": "s@mail.example", "contacts": [{"role": "victim", **KIM}]}]}, {"child_account": {"user": KIM}},
        {"accounts": [{"type": "Child account", **KIM}]}, {"parties": [{"role": "victim", "user": KIM}]}, {"other": [[{"role": "victim", **KIM}]]},
    ],
)  # fmt: skip
def test_whoever_is_called_a_victim_is_one_in_whatever_list(sections: dict[str, Any]) -> None:
    rows = read(**sections)
    found = {value: role for value, role in roles(rows).items() if value != "s@mail.example"}
    assert found == dict.fromkeys(OWN, "victim")
    assert [row.role for row in rows if isinstance(row, Person)].count("victim") == 1
    assert "stands in a list that is not known, and is read as a victim" in said(rows)


@pytest.mark.parametrize(
    "sections",
    [
        {"otherPersons": [{"type": "Suspect", **KIM}]}, {"persons": [{"role": "teacher", **KIM}]}, {"users": [{"isMinor": False, **KIM}]},
        {"childSafetyTeam": KIM}, {"childProtectionUnit": KIM}, {"minorIncident": KIM}, {"adultUser": KIM},
    ],
)  # fmt: skip
def test_nobody_else_in_such_a_list_becomes_one(sections: dict[str, Any]) -> None:
    rows = read(**sections)
    assert roles(rows) == {"kim@mail.example": "unknown"}
    assert not [row for row in rows if isinstance(row, Person)]


def test_what_stands_beside_a_victim_is_named_as_before() -> None:
    rows = read(
        persons=[{"role": "Child", **KIM, "shoe": "4"}, {"role": "teacher", "email": "t@mail.example"}],
        colour="blue",
    )
    assert roles(rows)["t@mail.example"] == "unknown"
    for place in ("A number at /persons/0/shoe", "An object at /persons/1", "A text at /colour"):
        assert place in said(rows)
    assert "/persons/0/email" not in said(rows)
    assert "/persons/0/role" not in said(rows)


def test_a_victim_with_fields_that_nobody_knows_is_masked_all_the_same() -> None:
    rows = read(
        persons=[{"role": "Child", "reach": "kim@mail.example"}], minorUser={"reach": "bo@mail.example"}
    )
    assert roles(rows) == {"kim@mail.example": "victim", "bo@mail.example": "victim"}


def test_with_the_police_or_a_provider_it_still_links_nothing() -> None:
    rows = read(lawEnforcementDesk={"persons": [{"role": "victim", **KIM}]})
    assert {row.pivot for row in rows if isinstance(row, Sighting)} == {False}


def test_xml_is_read_alike() -> None:
    xml = """<report><incidentSummary><incidentType>Child Pornography</incidentType></incidentSummary><otherPerson><role>Child</role>
    <email>kim@mail.example</email></otherPerson><minorUser><email>bo@mail.example</email><screenName>bo_1</screenName></minorUser></report>"""
    rows = list(CybertipXml().read(BytesIO(xml.encode()), Options(country="GB")))
    assert set(roles(rows).values()) == {"victim"}
    assert {"kim@mail.example", "bo@mail.example"} < roles(rows).keys()


def test_they_are_not_shown(db: None, as_process: Any) -> None:
    text = text_of(
        otherPersons=[{"type": "Victim", **KIM}],
        minorUser={"email": "bo@mail.example"},
        childVictims=["jo@mail.example"],
    )
    factories.agency("ESX")
    _agency, service = factories.service("ESX")
    with as_process("worker"), factories.intake() as intake:
        (received,) = intake.take("ESX", text)
        shown = json.dumps(showing.report(service, received.reference, reveal=False))
    assert not [own for own in ("kim", "bo@", "jo@") if own in shown]
    assert "Child C" in shown
