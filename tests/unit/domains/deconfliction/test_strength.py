"""A hit's strength comes from what the reader may know, and says so."""

from typing import Any

import pytest

from cets.domains.deconfliction.strength import RELATIONS, Known, weigh

LIMITS = {"common_reports": 20, "common_agencies": 3}


def known(**changes):
    values: dict[str, Any] = {
        "kind": "email",
        "relation": "exact",
        "is_declared": True,
        "reports": 2,
        "agencies": 2,
    }
    return Known(**(values | changes))


def test_an_exact_email_in_two_fields_is_strong_and_says_its_chance():
    found = weigh(known(), **LIMITS)

    assert found.word == "strong"
    assert f"1 chance in {round(2**found.bits):,}" in found.why


@pytest.mark.parametrize(
    "relation", [name for name, (ceiling, _) in RELATIONS.items() if ceiling is not None and ceiling < 5]
)
def test_every_doubtful_way_of_meeting_is_weak_whatever_the_kind(relation):
    kind = "ip" if relation.startswith("ip_") else "email"

    assert weigh(known(kind=kind, relation=relation), **LIMITS).word == "weak"


def test_a_value_that_stands_only_in_text_is_worth_less():
    assert weigh(known(is_declared=False), **LIMITS).bits < weigh(known(), **LIMITS).bits


def test_each_doubling_of_the_holders_costs_the_same():
    bits = [weigh(known(reports=n), **LIMITS).bits for n in (4, 8, 16)]

    assert bits[0] - bits[1] == pytest.approx(bits[1] - bits[2], abs=0.11)
    assert bits[0] > bits[1]


@pytest.mark.parametrize(
    ("reports", "agencies", "common"), [(21, 3, True), (20, 3, False), (21, 2, False), (500, 9, True)]
)
def test_a_value_of_too_many_holders_is_common(reports, agencies, common):
    found = weigh(known(reports=reports, agencies=agencies), **LIMITS)

    assert bool(found.common) is common
    assert (found.bits < 1) is common


def test_a_value_common_by_itself_keeps_its_reason():
    found = weigh(known(common="hash of an empty file"), **LIMITS)

    assert found.common == "hash of an empty file"
    assert "hash of an empty file" in found.why


def test_the_steps_add_up_to_the_bits():
    for one in (
        known(),
        known(reports=7, is_declared=False),
        known(reports=40, agencies=5),
        known(relation="similar"),
    ):
        found = weigh(one, **LIMITS)
        assert sum(bits for _, bits in found.steps) == pytest.approx(found.bits, abs=0.15)
