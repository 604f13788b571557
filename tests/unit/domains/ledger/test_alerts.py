"""What somebody was told is read by whom it was told, and by nobody else; it leaves the list and stays findable."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

import factories
from cets.access.viewer import acting
from cets.audit.models import Event
from cets.domains.agencies.models import Team
from cets.domains.ledger import actions, queries
from cets.domains.ledger.models import Alert, Entry
from cets.kernel import clock


@pytest.fixture
def told(db, as_process):
    """An analyst and a colleague of another team; one report, told to the analyst and to the analyst's team."""
    made = factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")
    with (
        as_process("owner"),
        acting(factories.viewer(factories.officer(made.agency, "heron@esx.example", "administrator"))),
    ):
        other = Team.objects.create(agency=made.agency, name="Other team")
    with as_process("worker"), factories.intake() as intake:
        intake.take((made.agency, factories.viewer(made)), "First words")
    with acting(factories.viewer(made)):
        entry = Entry.objects.get()
        subject = ("report", entry.subject_id)
        for to in ({"officer_id": made.id}, {"team_id": made.team_id}):
            actions.alert(
                agency_id=made.agency_id, kind="joined", text=f"{entry.title} got a supplement", subject=subject, at=clock.now(), **to
            )  # fmt: skip
    return made, factories.officer(made.agency, "wren@esx.example", "analyst", team=other)


def ids(viewer):
    with acting(viewer):
        return [one.id for one in queries.alerts_for(viewer)]


def test_a_read_alert_leaves_the_list_and_stands_among_the_earlier_ones(told):
    viewer = factories.viewer(told[0])
    first, second = ids(viewer)

    assert actions.mark_read(alert_ids=[first], by=viewer, at=clock.now()) == 1

    assert ids(viewer) == [second]
    with acting(viewer):
        (earlier,) = queries.earlier_alerts(viewer)
        assert (earlier.id, earlier.read_by) == (first, viewer.actor_id)


def test_reading_is_recorded_once_with_the_record_it_is_about(told):
    viewer = factories.viewer(told[0])
    unread = ids(viewer)

    actions.mark_read(alert_ids=unread, by=viewer, at=clock.now())
    assert actions.mark_read(alert_ids=unread, by=viewer, at=clock.now()) == 0

    with acting(viewer):
        events = Event.objects.filter(type="ledger:alert:read", subject_type="report")
        assert events.count() == len(unread)
        assert {one.subject_id for one in events} == {str(Entry.objects.get().subject_id)}


def test_no_record_no_reading(told, monkeypatch):
    viewer = factories.viewer(told[0])
    unread = ids(viewer)

    def refuse(*_args, **_kwargs):
        raise psycopg.OperationalError("no audit")

    monkeypatch.setattr(actions, "record_many", refuse)
    with pytest.raises(psycopg.OperationalError):
        actions.mark_read(alert_ids=unread, by=viewer, at=clock.now())

    assert ids(viewer) == unread


def test_an_alert_of_a_team_is_read_for_all_of_it(told):
    colleague = factories.viewer(factories.officer(told[0].agency, "robin@esx.example", "analyst"))
    (of_team,) = ids(colleague)

    actions.mark_read(alert_ids=[of_team], by=colleague, at=clock.now())

    assert len(ids(factories.viewer(told[0]))) == 1


def test_who_is_of_another_team_neither_sees_nor_reads(told):
    mine, other = (factories.viewer(officer) for officer in told)
    unread = ids(mine)

    assert ids(other) == []
    assert actions.mark_read(alert_ids=unread, by=other, at=clock.now()) == 0
    with acting(other):
        assert Alert.objects.count() == 0  # the database says so too, whatever is asked
        assert Alert.objects.update(read_at=clock.now(), read_by=other.actor_id) == 0
    assert ids(mine) == unread


def test_a_secondee_reads_what_is_for_him_alone(told):
    secondee = factories.officer(told[0].agency, "crane@esx.example", "secondee")
    viewer = factories.viewer(secondee)
    with acting(factories.viewer(told[0])):
        subject = ("report", Entry.objects.get().subject_id)
        actions.alert(
            agency_id=secondee.agency_id, kind="assigned", text="for you", subject=subject, at=clock.now(), officer_id=secondee.id
        )  # fmt: skip

    (only,) = ids(viewer)
    assert actions.mark_read(alert_ids=[only], by=viewer, at=clock.now()) == 1
    assert ids(viewer) == []


def test_the_words_of_an_alert_cannot_be_changed(told, as_process):
    with as_process("desk"), acting(factories.viewer(told[0])):
        with pytest.raises(DatabaseError), transaction.atomic():
            Alert.objects.update(text="other words")
        with pytest.raises(DatabaseError), transaction.atomic():
            Alert.objects.update(read_at=clock.now())  # read by nobody
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from ledger_alert")
            assert cursor.fetchone() == (2,)
