"""Who asks what may be known of the others does not say how exactly their times must meet."""

import json
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, connections

import factories
from cets.access.viewer import acting
from cets.domains.deconfliction import matcher, matching
from cets.domains.deconfliction.models import Limits
from cets.domains.identifiers.models import Holding
from cets.kernel import clock


def login(number, minute):
    """Return a provider's report with one log-in, in this minute."""
    capture = {
        "captureType": "IP Address",
        "value": "203.0.113.24",
        "eventName": "LOGIN",
        "dateTime": f"2026-11-02T10:{minute}:00Z",
    }
    person = {"espUserId": f"user-{number}", "sourceInformation": {"sourceCaptures": [capture]}}
    return json.dumps(
        {
            "reportId": 990000900 + number,
            "reportedInformation": {"reportedPeople": {"reportedPersons": [person]}},
        }
    )


@pytest.fixture
def nmr(db, as_process):
    """NMR, which saw an address a minute after ESX did."""
    for code in ("ESX", "NMR"):
        factories.agency(code)
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", login(1, 20))
        intake.take("NMR", login(2, 21))
    return factories.service("NMR")[1]


def relations(viewer):
    with acting(viewer), connection.cursor() as cursor:
        keys = list(Holding.objects.filter(kind="ip").values_list("key", flat=True))
        cursor.execute("select relation from cets_my_overlaps(%s::uuid[]) where not is_mine", [keys])
        return [relation for (relation,) in cursor.fetchall()]


def test_a_reader_cannot_narrow_the_limits(nmr):
    assert relations(nmr) == ["ip_same_time"]
    tries = (
        "select cets_my_overlaps('{}'::uuid[], '59 seconds'::interval, '59 seconds'::interval, 10)",
        "select cets_overlaps(gen_random_uuid(), '{}'::uuid[], '59 seconds'::interval, '59 seconds'::interval, 10)",
        "update deconfliction_limits set tolerance = '59 seconds'",
        "insert into deconfliction_limits values (1, '59 seconds', '59 seconds', 10)",
        "select * from deconfliction_limits",
    )
    for statement in tries:
        with pytest.raises(ProgrammingError), acting(nmr), connection.cursor() as cursor:
            cursor.execute(statement)
    assert relations(nmr) == ["ip_same_time"]


def test_a_changed_setting_counts_for_readers_from_the_next_matching_on(nmr, monkeypatch):
    monkeypatch.setattr(settings, "CETS", replace(settings.CETS, ip_tolerance_seconds=59))

    matching.match([], at=clock.now())

    assert relations(nmr) == ["ip_apart"]
    with acting(matcher.MATCHER, using="matcher"):
        assert Limits.objects.using("matcher").get().cap == matcher.CAP


def test_limits_that_did_not_change_are_not_written(nmr):
    def mark():
        with acting(matcher.MATCHER, using="matcher"), connections["matcher"].cursor() as cursor:
            cursor.execute("select xmin::text, xmax::text from deconfliction_limits")
            return cursor.fetchall()

    before = mark()

    matching.match([], at=clock.now())

    assert mark() == before
