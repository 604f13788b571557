"""Who goes leaves nothing behind: an administrator, who sees no record, hands the work to the team."""

import json

import pytest
from django.db import connection

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
