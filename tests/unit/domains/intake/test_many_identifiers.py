"""A report of more identifiers than are gathered at once: written as often as they come again, it is as if written once."""

from types import SimpleNamespace
from typing import Any

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.identifiers import actions as identifiers
from cets.domains.identifiers.models import Holding, MatchKey, Sighting
from cets.domains.intake import writing
from cets.domains.reports.models import Part, Report

#: Each value comes several times, far apart: in text and in fields, as nobody's and as a victim's, in full and without a country.
TABLE = "Role,Name,Email,Phone,IP address,Time,Comments\n" + "".join(
    f"{'Victim' if number % 5 == 0 else 'Suspect'},Heron {number % 7},heron{number % 7}@mail.example,07700 9001{number % 4:02},"
    f"192.0.2.{number % 3},2026-04-{number % 9 + 10}T08:00:00Z,write to wren{number % 11}@mail.example\n"
    for number in range(60)
)
OF_HOLDING = (
    "kind",
    "value",
    "raw",
    "roles",
    "ways",
    "pivot",
    "common",
    "assumed",
    "places",
    "first_at",
    "last_at",
)
OF_KEY = (
    "key",
    "own_key",
    "is_exact",
    "kind",
    "common",
    "from_at",
    "to_at",
    "is_certain",
    "port",
    "carrier_nat",
    "told",
)
OF_ONE = ("holding_id", "is_declared", "is_assumed")


@pytest.fixture
def take(db, as_process):
    """Take files in and return what is then held of their report, and of the first file."""
    factories.agency("ESX")

    def held(file):
        with as_process("worker"), factories.intake() as intake:
            _, viewer = factories.service("ESX")
            (one,) = intake.take("ESX", file)
            with acting(viewer):
                part = Part.objects.get(id=one.part_id)
                return SimpleNamespace(
                    holdings={(h.kind, h.value): h for h in Holding.objects.filter(report_id=part.report_id)},
                    keys=list(
                        MatchKey.objects.filter(report_id=part.report_id).values_list(
                            *OF_KEY, *OF_ONE, named=True
                        )
                    ),
                    sightings=Sighting.objects.filter(report_id=part.report_id).count(),
                    part=part,
                    report=part.report_id,
                )

    return held


def said(keys):
    """What the keys say together: by key and time whether it is declared anywhere, and in full anywhere."""
    found: dict[tuple[Any, ...], tuple[bool, bool]] = {}
    for one in keys:
        known_by = tuple(getattr(one, name) for name in OF_KEY)
        declared, assumed = found.get(known_by, (False, True))
        found[known_by] = declared or one.is_declared, assumed and one.is_assumed
    return found


@pytest.mark.parametrize("at_once", [1, 4])
def test_what_is_written_on_the_way_is_what_would_be_written_at_the_end(take, monkeypatch, at_once):
    whole = take(TABLE)
    monkeypatch.setattr(writing, "MOST_GATHERED", at_once)
    bit_by_bit = take(TABLE + "\n")
    assert bit_by_bit.report != whole.report
    assert len(whole.holdings) > 20
    assert {one.pseudonym for one in whole.holdings.values()} > {""}
    for value, one in whole.holdings.items():
        other = bit_by_bit.holdings[value]
        assert [getattr(other, name) for name in OF_HOLDING] == [getattr(one, name) for name in OF_HOLDING]
        assert bool(other.pseudonym) == bool(one.pseudonym)
    assert len(bit_by_bit.holdings) == len(whole.holdings)
    assert bit_by_bit.sightings == whole.sightings == sum(one.places for one in bit_by_bit.holdings.values())
    assert said(bit_by_bit.keys) == said(whole.keys)
    assert bit_by_bit.part.identifiers == whole.part.identifiers == len(whole.holdings)


def test_a_later_file_that_says_more_of_an_identifier_is_met_by_it(take):
    number = '{{"reportId": 90909090, "reportedInformation": {0}}}'
    mentioned = number.format('{"additionalInformations": [{"value": "wrote to wren@mail.example"}]}')
    declared = number.format(
        '{"reportedPeople": {"reportedPersons": [{"emails": {"emails": [{"value": "wren@mail.example"}]}}]}}'
    )
    first = take(mentioned)
    assert {one.is_declared for one in first.keys if one.is_exact} == {False}
    both = take(declared)
    assert both.report == first.report
    own = both.holdings["email", "wren@mail.example"]
    assert own.ways == ["declared", "mentioned"]
    assert own.places == first.holdings["email", "wren@mail.example"].places + 1
    assert {one.is_declared for one in both.keys if one.is_exact and one.holding_id == own.id} == {
        False,
        True,
    }


def test_the_level_that_counts_is_that_of_the_end(take, monkeypatch):
    monkeypatch.setattr(writing, "MOST_GATHERED", 4)
    monkeypatch.setattr(
        "cets.domains.intake.reader.hold_levels", lambda ids: dict.fromkeys(ids, 0)
    )  # changed meanwhile
    changed = take(TABLE)
    assert {one.told for one in changed.keys} == {0}


def test_identifiers_that_are_written_are_let_go(take, monkeypatch):
    waiting = []
    write = identifiers.write

    def looked_at(gatherings):
        waiting.append(sum(len(one) for one, _ in gatherings))
        write(gatherings)
        assert not any(len(one) for one, _ in gatherings)

    monkeypatch.setattr(writing, "MOST_GATHERED", 10)
    monkeypatch.setattr(identifiers, "write", looked_at)
    assert len(take(TABLE).holdings) > 20
    assert len(waiting) > 2
    assert max(waiting) <= 10
    with acting(factories.service("ESX")[1]):
        assert Report.objects.count() == 1
