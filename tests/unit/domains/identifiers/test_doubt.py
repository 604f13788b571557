"""A text that is one of two values for certain: both are kept, in doubt, and either may be met."""

from uuid import UUID

from cets.domains.identifiers.actions import Gathering, _match_rows
from cets.domains.identifiers.extract import find
from cets.domains.identifiers.kinds import clean
from cets.domains.identifiers.kinds.base import Context
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AmbiguousPart, Sighting
from cets.domains.intake.sources.base import Options

DE = Context(country="DE")
DIGITS, READINGS = "33612340077", ["+4933612340077", "+33612340077"]
KEY, IS_EXACT, IS_ASSUMED = 0, 2, 10


def _gathering() -> Gathering:
    return Gathering(UUID(int=1), UUID(int=2), b"k" * 32)


def test_declared_digits_are_told_as_ambiguous_and_seen_as_both() -> None:
    doubt, *seen = Reader(Options(country="DE")).declared("phone", DIGITS, place="row 2")
    assert isinstance(doubt, AmbiguousPart)
    assert list(doubt.candidates) == READINGS
    assert [(s.value.value, s.value.raw) for s in seen if isinstance(s, Sighting)] == [
        (value, DIGITS) for value in READINGS
    ]


def test_digits_in_text_are_one_doubt_with_both_numbers() -> None:
    findings = find(f"Rufnummer: {DIGITS} gestern", DE)
    assert findings.found == []
    [doubt] = findings.ambiguous
    assert [(value.value, value.raw) for value in doubt.readings] == [(value, DIGITS) for value in READINGS]
    sightings = [
        row
        for row in Reader(Options(country="DE")).mentioned(f"Rufnummer: {DIGITS}", place="line 1")
        if isinstance(row, Sighting)
    ]
    assert [(s.value.value, s.start, s.end) for s in sightings] == [(value, 11, 22) for value in READINGS]


def test_a_number_in_doubt_meets_another_only_as_assumed() -> None:
    gathering = _gathering()
    for row in Reader(Options(country="DE")).declared("phone", DIGITS, place="row 2"):
        if isinstance(row, Sighting):
            one = gathering.add(
                row.value,
                role="unknown",
                way="declared",
                moment=None,
                port=None,
                carrier_nat=False,
                pivot=True,
            )
            one.sources.add("csv")
    assert [(row[IS_EXACT], row[IS_ASSUMED]) for row in _match_rows(gathering, 1)] == [(True, True)] * 2


def test_the_same_number_written_in_full_elsewhere_ends_the_doubt() -> None:
    gathering = _gathering()
    facts = {"role": "unknown", "way": "declared", "moment": None, "port": None, "carrier_nat": False}
    for row in Reader(Options(country="DE")).declared("phone", DIGITS, place="row 2"):
        if isinstance(row, Sighting):
            gathering.add(row.value, pivot=True, **facts)
    whole = clean("phone", f"+{DIGITS}", DE)
    assert gathering.add(whole, pivot=True, **facts).key
    assert {one.value: one.in_doubt for one in gathering} == {READINGS[0]: True, READINGS[1]: False}
