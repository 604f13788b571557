"""Who goes leaves nothing behind: an administrator, who sees no record, hands the work to the team."""

import pytest
from django.db import connection

import factories
from cets.access.viewer import acting
from cets.audit.models import Event
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


@pytest.mark.parametrize("goes", [absences.leave, absences.go_absent])
def test_the_work_falls_to_the_team_and_says_so(finch, admin, goes):
    colleague = factories.viewer(factories.officer(finch.agency, "wren@esx.example", "analyst"))

    assert goes(officer=finch, by=admin, at=clock.now()) == 2

    with acting(colleague):
        owners = [(entry.owner_officer_id, entry.owner_team_id) for entry in Entry.objects.all()]
        assert owners == [(None, finch.team_id)] * 2
        assert Alert.objects.filter(kind="fell_to_team", team_id=finch.team_id).count() == 2
        assert Event.objects.filter(type="ledger:entry:fell-to-team").count() == 2


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
        cursor.execute("select * from ledger_fall_to_team(%s, 'x', now())", [finch.id])
        assert cursor.fetchall() == []
    with connection.cursor() as cursor:  # no token at all
        cursor.execute("select * from ledger_fall_to_team(%s, 'x', now())", [finch.id])
        assert cursor.fetchall() == []

    assert owned(finch) == [(finch.id, None)] * 2
