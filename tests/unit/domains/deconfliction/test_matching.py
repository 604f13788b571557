"""From new reports to hits: when two records meet, what changes a hit, what must leave no trace."""

import json
from datetime import UTC, datetime, timedelta

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.deconfliction import actions, matching, queries
from cets.domains.deconfliction.models import Hit
from cets.domains.reports.models import Report
from cets.domains.sharing.levels import Level
from cets.kernel import clock

AT = datetime(2026, 11, 2, 10, 20, tzinfo=UTC)


def login(ip, *, at=AT, port=None, number=1, raw=None):
    """A provider's report with one log-in."""
    moment = raw if raw is not None else at.isoformat().replace("+00:00", "Z") if at else None
    capture = {
        "captureType": "IP Address",
        "value": ip,
        "eventName": "LOGIN",
        "dateTime": moment,
        "port": port,
    }
    person = {
        "espUserId": f"user-{number}-{ip}",
        "espService": "Kite Chat",
        "sourceInformation": {"sourceCaptures": [capture]},
    }
    return json.dumps(
        {
            "reportId": 990000000 + number,
            "reportedInformation": {"reportedPeople": {"reportedPersons": [person]}},
        }
    )


def told(code, **options):
    _, viewer = factories.service(code)
    with acting(viewer):
        return queries.tell(viewer, list(queries.listed(viewer, **options)))


@pytest.fixture
def two(db, as_process):
    """Two agencies and an intake."""
    factories.agency("ESX")
    factories.agency("NMR")
    with as_process("worker"), factories.intake() as intake:
        yield intake


IP_CASES = [
    # ours, theirs, expected relation or None
    ({}, {"at": AT + timedelta(seconds=110)}, "ip_same_time"),
    ({}, {"at": AT + timedelta(seconds=130)}, "ip_apart"),
    ({}, {"at": AT + timedelta(days=179)}, "ip_apart"),
    ({}, {"at": AT + timedelta(days=181)}, None),
    ({}, {"at": None}, "ip_untimed"),
    ({"ip": "100.72.3.9", "port": 4000}, {"ip": "100.72.3.9", "port": 4000}, "ip_same_time"),
    ({"ip": "100.72.3.9", "port": 4000}, {"ip": "100.72.3.9", "port": 4001}, None),
    ({"ip": "100.72.3.9", "port": 4000}, {"ip": "100.72.3.9"}, "ip_nat_no_port"),
    ({"ip": "100.72.3.9", "port": 4000}, {"ip": "100.72.3.9", "port": 4001, "at": None}, None),
    ({"port": 4000}, {"port": 4001}, "ip_same_time"),
]


@pytest.mark.parametrize(("ours", "theirs", "relation"), IP_CASES)
def test_addresses_meet_only_when_their_times_and_ports_can(two, ours, theirs, relation):
    two.take("ESX", login(**{"ip": "203.0.113.24"} | ours, number=1))
    two.take("NMR", login(**{"ip": "203.0.113.24"} | theirs, number=2))

    for code in ("ESX", "NMR"):
        hits = [t for t in told(code) if t.kind == "ip"]
        assert [side.relation for t in hits for side in t.theirs] == ([relation] if relation else [])


def test_an_address_that_never_meets_leaves_no_hit_at_all(two):
    two.take("ESX", login("203.0.113.24", number=1))
    two.take("NMR", login("203.0.113.24", number=2, at=AT + timedelta(days=400)))

    assert told("ESX", with_common=True) == []


def test_a_common_value_asks_nobody_and_is_shown_only_on_request(two):
    two.take("ESX", "Seen at 8.8.8.8 today")
    two.take("NMR", "Also 8.8.8.8 here")

    assert told("ESX") == []
    (hit,) = told("ESX", with_common=True)
    assert "name server" in hit.strength.common
    with acting(factories.service("ESX")[1]):
        assert hit.hit.entry.closed_at is not None


PLACED = {"suspects": [{"screenName": "user", "espService": "Kite Chat", "deviceId": {"value": "deadbeef-dead-beef-dead-beefdeadbeef"}}],
    "uploadedFiles": [{"hash": "68b329da9893e34099c7d8ad5cb9c940"}]}  # fmt: skip


def test_what_people_type_to_fill_a_field_asks_nobody_and_says_why(two):
    two.take("ESX", json.dumps({"reportId": 990000001, "incidentSummary": {}, **PLACED}))
    two.take("NMR", json.dumps({"reportId": 990000002, "incidentSummary": {}, **PLACED}))

    assert told("ESX") == []
    assert sorted(hit.strength.common for hit in told("ESX", with_common=True)) == [
        "hash of a content that is everywhere: a blank, one word or picture point, a test",
        "placeholder that phones give when tracking is off, or that somebody made up",
        "placeholder, not an account of anybody",
    ]


def test_a_value_becomes_common_with_its_twenty_first_holder_and_the_hit_is_put_aside(db, as_process):
    codes = ("AAA", "BBB", "CCC")
    for code in codes:
        factories.agency(code)
    with as_process("worker"), factories.intake() as intake:
        for number in range(20):
            intake.take(codes[number % 3], f"note {number}: kestrel@mail.example")
        assert len(told("AAA")) == 1
        intake.take("AAA", "note 20: kestrel@mail.example")

    assert told("AAA") == []
    (hit,) = told("AAA", with_common=True)
    assert hit.strength.common == "Held by more than 20 reports of at least 3 agencies"


def test_silent_holders_do_not_make_a_value_common_for_others(db, as_process):
    for code in ("AAA", "BBB", "CCC"):
        factories.agency(code)
    with as_process("worker"), factories.intake() as intake:
        intake.take("AAA", "first: kestrel@mail.example")
        for number in range(24):
            intake.take(("BBB", "CCC")[number % 2], f"note {number}: kestrel@mail.example", sharing="silent")
        intake.take("BBB", "the only one that is told: kestrel@mail.example")

    (hit,) = told("AAA")
    assert hit.strength.common == ""
    assert hit.hit.theirs == 1
    assert told("BBB", with_common=True)[0].strength.common == ""


def test_a_silent_arrival_changes_nothing_that_the_other_side_can_read(two):
    two.take("ESX", "one: kestrel@mail.example")
    two.take("NMR", "two: kestrel@mail.example")
    _, viewer = factories.service("ESX")
    with acting(viewer):
        before = list(Hit.objects.values())

    two.take("NMR", "three: kestrel@mail.example", sharing="silent")

    with acting(viewer):
        assert list(Hit.objects.values()) == before


def test_not_the_same_is_remembered_until_a_new_record_comes(two, as_process):
    two.take("ESX", "one: kestrel@mail.example")
    two.take("NMR", "two: kestrel@mail.example")
    (hit,) = told("ESX")
    _, viewer = factories.service("ESX")
    with as_process("desk"):
        actions.decide(
            hit=hit.hit,
            verdict="not_the_same",
            reason="Another person, seen by the officer",
            by=viewer,
            at=clock.now(),
        )
    with acting(viewer):
        reports = list(Report.objects.values_list("id", flat=True))
    matching.match(reports, at=clock.now())
    assert [t.hit.state for t in told("ESX")] == ["settled"]

    two.take("NMR", "three: kestrel@mail.example")

    assert [t.hit.state for t in told("ESX")] == ["open"]


def test_a_level_lowered_to_silent_takes_the_hit_from_the_other_side(two, as_process):
    (ours,) = two.take("ESX", "one: kestrel@mail.example")
    two.take("NMR", "two: kestrel@mail.example")
    assert len(told("NMR")) == 1
    _, viewer = factories.service("ESX")
    with as_process("desk"):
        with acting(viewer):
            report = Report.objects.get(id=ours.report_id)
        actions.set_sharing(report=report, level=Level.SILENT, reason="An operation is near", by=viewer)
    matching.match([ours.report_id], at=clock.now())

    assert told("NMR") == []
    assert len(told("ESX")) == 1


def test_two_own_reports_hit_each_other_without_any_other_side(two):
    first, second = (two.take("ESX", f"{word}: kestrel@mail.example")[0].reference for word in ("one", "two"))

    (hit,) = told("ESX")
    assert [m.reference for m in hit.mine] == [first, second]
    assert hit.theirs == []
    assert told("NMR") == []


def test_alike_values_meet_weakly_and_equal_ones_strongly(two):
    two.take("ESX", "Sam.Placeholder+chat@mail.example")
    two.take("NMR", "samplaceholder@mail.example")

    (hit,) = told("ESX")
    assert hit.strength.word == "weak"
    assert hit.value == "sam.placeholder+chat@mail.example"


def test_contacts_of_provider_and_law_enforcement_link_nothing(two):
    report = {
        "reportId": 990000501,
        "reportedInformation": {
            "reportingEsp": {"espName": "Kite Chat", "emails": {"emails": [{"value": "le@kitechat.example"}]}}
        },
        "lawEnforcementContactInformation": {
            "lawEnforcementContacts": [
                {"officer": {"emails": {"emails": [{"value": "desk@police.example"}]}}}
            ]
        },
    }
    two.take("ESX", json.dumps(report))
    two.take("NMR", json.dumps(report | {"reportId": 990000502}))

    assert told("ESX", with_common=True) == []


def test_a_value_of_very_many_holders_is_matched_once_per_agency_and_then_left_alone(two, monkeypatch):
    monkeypatch.setattr(matching, "CAP", 5)
    for number in range(6):
        two.take("ESX", f"note {number}: kestrel@mail.example")
    two.take("NMR", "the first of theirs: kestrel@mail.example")

    def hits(code):
        with acting(factories.service(code)[1]):
            return list(Hit.objects.values_list("mine", "theirs", "matched_at"))

    before = hits("ESX")
    two.take("NMR", "the second of theirs: kestrel@mail.example")

    assert len(hits("NMR")) == 1
    assert hits("ESX") == before


def test_the_first_foreign_record_on_an_own_hit_asks_anew(two):
    two.take("ESX", "one: kestrel@mail.example", "two: kestrel@mail.example")
    (before,) = told("ESX")
    with acting(factories.service("ESX")[1]):
        assert before.hit.entry.next_step == matching.NEXT_MINE

    two.take("NMR", "three: kestrel@mail.example")

    (after,) = told("ESX")
    with acting(factories.service("ESX")[1]):
        assert after.hit.entry.next_step == matching.NEXT_THEIRS
        assert after.hit.entry.due_at > before.hit.entry.due_at


def test_both_sides_of_one_batch_meet(two):
    two.take("ESX", "one: kestrel@mail.example", "two: kestrel@mail.example", "three: grey@mail.example")

    (hit,) = told("ESX")
    assert len(hit.mine) == 2
