"""Hits that go away and come back with a record's level; what a silent record and a decision at the same moment leave alone."""

import pytest
from django.db import connection

import factories
from cets.access.viewer import acting
from cets.audit.models import Event
from cets.domains.agencies.models import Agency
from cets.domains.deconfliction import actions, events, matching, queries, silent
from cets.domains.deconfliction.models import Decision, Hit
from cets.domains.ledger import queries as work
from cets.domains.reports.models import Report
from cets.domains.sharing.levels import Level
from cets.kernel import clock
from cets.sites.console.founding import founder

MAIL = "kestrel@mail.example"


@pytest.fixture
def officer(db):
    factories.agency("ESX")
    return factories.officer(factories.agency("NMR"), "brandt@nmr.example", "analyst")


@pytest.fixture
def nmr(officer):
    return factories.viewer(officer)


@pytest.fixture
def two(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        yield intake


@pytest.fixture
def at_desk(as_process):
    """Do on the desk what is the desk's to do: the intake runs as the worker."""

    def do(action, **given):
        with as_process("desk"):
            return action(**given, at=clock.now())

    return do


def hit_of(viewer):
    with acting(viewer):
        return Hit.objects.select_related("entry").get()


def unread(viewer):
    with acting(viewer):
        return [one.text for one in work.alerts_for(viewer)]


def set_level(received, level):
    _, viewer = factories.service("ESX")
    with acting(viewer):
        report = Report.objects.get(id=received.report_id)
    actions.set_sharing(report=report, level=level, reason="The operation", by=viewer)
    matching.match([received.report_id], at=clock.now())


def away_and_back(*received):
    for level in (Level.SILENT, Level.CONTACT):
        for one in received:
            set_level(one, level)


def test_one_on_which_nobody_answered_comes_back_open_and_is_told_anew(two, nmr, at_desk):
    (theirs,) = two.take("ESX", f"one: {MAIL}")
    two.take("NMR", f"two: {MAIL}")
    at_desk(actions.nobody_answered, hit=hit_of(nmr), by=nmr)
    set_level(theirs, Level.SILENT)
    assert hit_of(nmr).entry.outcome == matching.OVER

    set_level(theirs, Level.CONTACT)

    hit = hit_of(nmr)
    assert (hit.state, hit.entry.closed_at, hit.entry.next_step) == ("open", None, matching.NEXT_THEIRS)
    assert unread(nmr) == [f"{hit.reference}: a new record holds it"]
    with acting(nmr):
        assert [t.theirs[0].agency_code for t in queries.tell(nmr, list(queries.listed(nmr)))] == ["ESX"]
        assert Event.objects.filter(type=events.REOPENED, subject_id=str(hit.id)).exists()


def test_one_that_was_decided_comes_back_as_it_was_decided_and_asks_nobody(two, nmr, at_desk):
    (theirs,) = two.take("ESX", f"one: {MAIL}")
    two.take("NMR", f"two: {MAIL}")
    at_desk(actions.decide, hit=hit_of(nmr), verdict="not_the_same", reason="Another person", by=nmr)
    closed_at = hit_of(nmr).entry.closed_at

    away_and_back(theirs)

    hit = hit_of(nmr)
    assert (hit.state, hit.entry.outcome, hit.entry.closed_at) == ("settled", "Not the same", closed_at)
    assert unread(nmr) == []
    with acting(nmr):
        assert queries.get(nmr, hit.id).hit.state == "settled"
        assert Event.objects.filter(type=events.RETURNED, subject_id=str(hit.id)).count() == 1


def test_one_that_was_opened_again_comes_back_with_what_is_left_and_as_that_was_decided(two, nmr, at_desk):
    (first,) = two.take("ESX", f"one: {MAIL}")
    two.take("NMR", f"two: {MAIL}")
    at_desk(actions.decide, hit=hit_of(nmr), verdict="not_the_same", reason="Another person", by=nmr)
    (second,) = two.take("ESX", f"three: {MAIL}")
    assert hit_of(nmr).state == "open"
    set_level(second, Level.SILENT)
    set_level(first, Level.SILENT)
    assert hit_of(nmr).entry.outcome == matching.OVER

    set_level(first, Level.CONTACT)
    assert (hit_of(nmr).state, hit_of(nmr).entry.outcome) == ("settled", "Not the same")

    set_level(second, Level.CONTACT)
    assert (hit_of(nmr).state, hit_of(nmr).entry.closed_at) == ("open", None)


def test_the_alert_of_one_that_is_over_is_put_aside_and_the_hit_says_that_it_is_over(two, nmr, at_desk):
    (theirs,) = two.take("ESX", f"one: {MAIL}")
    two.take("NMR", f"two: {MAIL}")
    assert len(unread(nmr)) == 1

    set_level(theirs, Level.SILENT)

    assert unread(nmr) == []
    with acting(nmr):
        assert [one.read_by.int for one in work.earlier_alerts(nmr)] == [0]
        hit = Hit.objects.get()
        with pytest.raises(queries.HitOver):
            queries.get(nmr, hit.id)
    with pytest.raises(queries.HitOver):
        at_desk(actions.decide, hit=hit, verdict="no_action", reason="Too late", by=nmr)


def test_only_the_matcher_puts_alerts_aside(two, nmr, as_process):
    from django.db import ProgrammingError, connections

    two.take("ESX", f"one: {MAIL}")
    two.take("NMR", f"two: {MAIL}")
    hit = hit_of(nmr)
    statement, params = "select ledger_put_aside(%s::uuid[], now())", [[hit.id]]

    with pytest.raises(ProgrammingError, match="permission denied"), acting(nmr):  # noqa: SIM117
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
    with acting(nmr, using="matcher"), connections["matcher"].cursor() as cursor:
        cursor.execute(statement, params)

    assert len(unread(nmr)) == 1


def test_a_silent_arrival_leaves_no_mark_on_any_row_of_the_other_side(two, nmr):
    two.take("ESX", f"one: {MAIL}")
    two.take("NMR", f"two: {MAIL}", f"other: linnet@mail.example {MAIL}")

    def marks():
        found = {}
        with acting(nmr), connection.cursor() as cursor:
            for table in ("deconfliction_hit", "ledger_entry", "ledger_alert"):
                cursor.execute(f"select id, xmin::text, xmax::text, ctid::text from {table} order by id")
                found[table] = cursor.fetchall()
        return found

    before = marks()
    assert all(before.values())

    two.take("ESX", f"three: {MAIL}", sharing="silent")

    assert marks() == before


def test_a_decision_made_while_the_matcher_works_stands(two, nmr, at_desk, monkeypatch):
    two.take("ESX", f"one: {MAIL}")
    two.take("NMR", f"two: {MAIL}")
    read = matching._held
    decided: list[Decision] = []

    def read_and_decide(agency_id, keys):
        held = read(agency_id, keys)
        if agency_id == nmr.agency_id and not decided:
            decided.append(
                at_desk(actions.decide, hit=hit_of(nmr), verdict="not_the_same", reason="Another", by=nmr)
            )
        return held

    monkeypatch.setattr(matching, "_held", read_and_decide)

    two.take("ESX", f"three: {MAIL}")

    hit = hit_of(nmr)
    assert len(decided) == 1
    assert (hit.state, hit.theirs, hit.entry.outcome) == ("settled", 2, "Not the same")


def test_a_decision_is_taken_back_once(two, nmr, at_desk):
    two.take("ESX", f"one: {MAIL}")
    two.take("NMR", f"two: {MAIL}")
    at_desk(actions.decide, hit=hit_of(nmr), verdict="we_lead", by=nmr)
    with acting(nmr):
        first, again = (Decision.objects.select_related("hit__entry").get() for _ in range(2))
    at_desk(actions.take_back, decision=first, by=nmr)
    at_desk(actions.decide, hit=hit_of(nmr), verdict="they_lead", by=nmr)

    with pytest.raises(actions.NotStanding):
        at_desk(actions.take_back, decision=again, by=nmr)
    with pytest.raises(actions.AlreadySettled):
        at_desk(actions.nobody_answered, hit=hit_of(nmr), by=nmr)

    assert (hit_of(nmr).state, hit_of(nmr).entry.outcome) == ("settled", "They lead")


@pytest.fixture
def pair(two):
    """Two silent records of ESX and NMR, and how the centre's desk reads the one pair that they are."""
    taken = [two.take(code, f"{code}: {MAIL}", sharing="silent")[0] for code in ("ESX", "NMR")]
    with acting(founder()):
        centre = Agency.objects.get(is_centre=True)
    return taken, centre


def read_pair(pair, as_process):
    _, centre = pair
    with as_process("owner"), connection.cursor() as cursor:
        cursor.execute(
            "select closed_at is null, outcome from ledger_entry where subject_type = 'silent_pair' and agency_id = %s",
            [centre.id],
        )
        return cursor.fetchall()


def test_a_silent_pair_is_over_with_a_raised_level_and_stands_again_with_a_lowered_one(pair, as_process):
    (ours, _), _ = pair
    assert read_pair(pair, as_process) == [(True, "")]

    set_level(ours, Level.CONTACT)
    assert read_pair(pair, as_process) == [(False, silent.OVER)]

    set_level(ours, Level.SILENT)
    assert read_pair(pair, as_process) == [(True, "")]


def test_another_silent_record_of_the_same_agency_keeps_the_pair(pair, two, as_process):
    (ours, _), _ = pair
    two.take("ESX", f"another: {MAIL}", sharing="silent")

    set_level(ours, Level.OPEN)

    assert read_pair(pair, as_process) == [(True, "")]


def test_what_the_desk_agreed_is_not_opened_again(pair, as_process):
    (ours, _), centre = pair
    with as_process("owner"):
        desk = factories.viewer(factories.officer(centre, "linnet@centre.example", "deconfliction_officer"))
    with as_process("desk"):
        with acting(desk):
            (one,) = queries.silent_pairs(desk)
        actions.settle_pair(pair=one, outcome="Each leads its own", by=desk, at=clock.now())

    for level in (Level.CONTACT, Level.SILENT):
        set_level(ours, level)

    assert read_pair(pair, as_process) == [(False, "Each leads its own")]
