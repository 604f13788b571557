"""Who goes leaves nothing behind: an administrator, who sees no record, hands the work to the team."""

import json
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

import factories
from cets.access.viewer import acting
from cets.audit.models import Event, Payload
from cets.audit.presenting import describe
from cets.audit.recording import commitment
from cets.domains.agencies.models import Officer, RoleGrant
from cets.domains.ledger import absences
from cets.domains.ledger.models import Alert, Entry
from cets.kernel import clock


@pytest.fixture
def finch(db, as_process):
    """An analyst who owns two reports."""
    made = factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")
    with as_process("worker"), factories.intake() as intake:
        intake.take((made.agency, factories.viewer(made)), "First words", "Second words")
    return made


@pytest.fixture
def admin(finch):
    other = factories.agency("ADM")
    return factories.viewer(factories.officer(other, "heron@adm.example", "administrator"))


def owned(finch):
    with acting(factories.viewer(finch)):
        return list(Entry.objects.values_list("owner_officer_id", "owner_team_id"))


@pytest.fixture
def own_admin(finch):
    return factories.viewer(factories.officer(finch.agency, "owl@esx.example", "administrator"))


@pytest.mark.parametrize("goes", [absences.leave, absences.go_absent])
def test_the_work_falls_to_the_team_and_says_so(finch, admin, goes):
    colleague = factories.viewer(factories.officer(finch.agency, "wren@esx.example", "analyst"))

    goes(officer=finch, by=admin, at=clock.now())

    with acting(colleague):
        owners = [(entry.owner_officer_id, entry.owner_team_id) for entry in Entry.objects.all()]
        assert owners == [(None, finch.team_id)] * 2
        alerts = Alert.objects.filter(kind="fell_to_team", team_id=finch.team_id)
        assert alerts.count() == 2
        assert all(" fell to the team: finch " in one.text for one in alerts)
        events = Event.objects.filter(type="ledger:entry:fell-to-team")
        assert {event.agency_id for event in events} == {finch.agency_id}
        bodies = Payload.objects.in_bulk([event.id for event in events])
        for event in events:
            payload = bodies[event.id]
            assert commitment(bytes(payload.salt), payload.body) == bytes(event.commitment)
            details = json.loads(payload.body)
            assert details["by"] == str(admin.actor_id)
            assert describe(event.type, details).startswith("Work fell to the team: the officer ")
        assert len(events) == 2


@pytest.mark.parametrize("goes", [absences.leave, absences.go_absent])
def test_how_many_records_fell_is_told_to_the_own_agency_alone(finch, admin, own_admin, goes):
    """An administrator looks after people of all agencies, and reads what he did himself."""
    colleague = factories.officer(finch.agency, "kite@esx.example", "analyst")

    assert goes(officer=finch, by=admin, at=clock.now()) is None
    assert goes(officer=colleague, by=own_admin, at=clock.now()) == 0

    with acting(admin):
        told = {event.id: event.type for event in Event.objects.filter(agency_id=finch.agency_id)}
        assert set(told.values()) <= {"agencies:officer:left", "agencies:officer:absent"}
        assert not [p for p in Payload.objects.filter(event_id__in=list(told)) if "fallen" in p.body]
    with acting(own_admin):
        mine = Event.objects.filter(actor_id=own_admin.actor_id).latest("number")
        assert json.loads(Payload.objects.get(event_id=mine.id).body)["fallen"] == 0


def test_who_left_holds_no_role_and_no_login(finch, admin):
    absences.leave(officer=finch, by=admin, at=clock.now())

    with acting(admin):
        gone = Officer.objects.select_related("login").get(id=finch.id)
        assert gone.left_at is not None
        assert not gone.login.is_active
        assert not RoleGrant.objects.filter(officer=finch, ended_at=None).exists()


def test_who_is_back_is_there_again(finch, admin):
    absences.go_absent(officer=finch, by=admin, at=clock.now())
    absences.come_back(officer=finch, by=admin)

    with acting(admin):
        assert Officer.objects.get(id=finch.id).absent_at is None


def test_nobody_of_another_agency_takes_work_away(finch):
    stranger = factories.viewer(factories.officer(factories.agency("NMR"), "jay@nmr.example", "supervisor"))

    with acting(stranger), connection.cursor() as cursor:
        cursor.execute("select ledger_fall_to_team(%s, 'x', now())", [finch.id])
        assert cursor.fetchall() == [(None,)]
    with connection.cursor() as cursor:  # no token at all
        cursor.execute("select ledger_fall_to_team(%s, 'x', now())", [finch.id])
        assert cursor.fetchall() == [(None,)]

    assert owned(finch) == [(finch.id, None)] * 2


# --- the last two administrators ----------------------------------------------------------------------


@pytest.fixture
def administrators(db):
    """Three who are present: two of the centre, one of an agency."""
    made = factories.officer(factories.agency("ESX"), "sable@esx.example", "administrator")
    with acting(factories.viewer(made)):
        others = Officer.objects.filter(grants__role="administrator").exclude(id=made.id).order_by("name")
        return {"sable": made, "first": others[0], "second": others[1]}


def end(administrators, name, by="sable"):
    viewer = factories.viewer(administrators[by])
    with acting(viewer):
        grant = RoleGrant.objects.get(officer=administrators[name], role="administrator")
    absences.end_role(grant=grant, by=viewer, at=clock.now())


def leave(administrators, name, by=""):
    by = by or ("first" if name == "sable" else "sable")  # nobody marks himself
    absences.leave(officer=administrators[name], by=factories.viewer(administrators[by]), at=clock.now())


def present(administrators):
    with acting(factories.viewer(administrators["first"])):
        held = RoleGrant.objects.filter(role="administrator", ended_at=None, officer__left_at=None)
        return set(held.values_list("officer__login__name", flat=True))


BOTH = {"first@centre.example", "second@centre.example"}


@pytest.mark.parametrize("first", [end, leave])
@pytest.mark.parametrize("then", [end, leave])
@pytest.mark.parametrize("whom", ["first", "second"])
def test_two_administrators_stay(administrators, first, then, whom):
    first(administrators, "sable")
    assert present(administrators) == BOTH

    with pytest.raises(absences.TooFewAdministrators, match="First make somebody else administrator"):
        then(administrators, whom, by="first")

    assert present(administrators) == BOTH


def test_who_is_away_is_not_counted_and_may_always_go_away(administrators):
    viewer = factories.viewer(administrators["sable"])
    for name in ("first", "second", "sable"):
        absences.go_absent(officer=administrators[name], by=viewer, at=clock.now())
    with pytest.raises(absences.TooFewAdministrators):
        leave(administrators, "second")

    for name in ("first", "sable"):
        absences.come_back(officer=administrators[name], by=viewer)
    leave(administrators, "second")  # two are present without this one


def test_other_roles_and_people_may_always_go(administrators):
    leave(administrators, "sable")
    jay = factories.officer(administrators["sable"].agency, "jay@esx.example", "analyst")
    viewer = factories.viewer(administrators["first"])
    with acting(viewer):
        grant = RoleGrant.objects.get(officer=jay)

    absences.end_role(grant=grant, by=viewer, at=clock.now())
    absences.leave(officer=jay, by=viewer, at=clock.now())


def test_nobody_marks_himself_as_gone_for_good(administrators):
    with pytest.raises(absences.NotOneself, match="another administrator does that"):
        leave(administrators, "sable", by="sable")

    assert present(administrators) == {*BOTH, "sable@esx.example"}


def test_two_who_go_at_once_do_not_both_go(administrators):
    """Each asks the other away in the same moment: the second waits for the first, and counts again."""
    gate, told = Barrier(2), []
    askers = {name: factories.viewer(administrators[name]) for name in ("first", "second")}  # both in office

    def go(name, by):
        gate.wait()
        try:
            absences.leave(officer=administrators[name], by=askers[by], at=clock.now())
            told.append("gone")
        except absences.TooFewAdministrators:
            told.append("stays")
        finally:
            connections.close_all()

    threads = [Thread(target=go, args=pair) for pair in (("first", "second"), ("second", "first"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["gone", "stays"]
