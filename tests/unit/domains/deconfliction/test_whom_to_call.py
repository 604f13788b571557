"""Whom another agency is told to call: who owns the report now, and one contact an agency at level contact."""

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.agencies.models import Officer, RoleGrant
from cets.domains.deconfliction import queries
from cets.domains.ledger import absences
from cets.domains.ledger import actions as ledger
from cets.domains.reports.models import Report
from cets.kernel import clock
from cets.sites.console.founding import founder

MAIL = "kestrel.blue@mail.example"


@pytest.fixture
def one(db, as_process):
    """Two agencies, two officers and a supervisor of the one, an intake; the other holds the value."""
    holder = factories.agency("ESX")
    factories.agency("NMR")
    for name, role in (("amber", "analyst"), ("russet", "investigator"), ("cobalt", "supervisor")):
        factories.officer(holder, f"{name}@esx.example", role, name=name)
    with as_process("worker"), factories.intake() as intake:
        intake.take("NMR", f"Heard of {MAIL}")
        yield intake


def officer(name):
    with acting(founder()):
        return Officer.objects.select_related("agency").get(name=name)


def by(name):
    found = officer(name)
    return found.agency, factories.viewer(found)


def sides():
    """Return what the other agency is told: level, reference and whom to call."""
    _, viewer = factories.service("NMR")
    with acting(viewer):
        (told,) = queries.tell(viewer, list(queries.listed(viewer)))
    return [(side.level.word, side.reference is not None, side.contact.name) for side in told.theirs]


def give_to(name):
    _, cobalt = by("cobalt")
    with acting(cobalt):
        entry = Report.objects.select_related("entry").get().entry
    ledger.assign(entry=entry, officer=officer(name), team=None, by=cobalt, at=clock.now())


def team_name():
    agency, viewer = factories.service("ESX")
    with acting(viewer):
        return agency.team_set.get(is_duty=True).name


def test_an_agency_is_one_line_however_many_officers_took_records_in(one):
    one.take(by("amber"), f"First words of {MAIL}")
    assert sides() == [("contact", False, "amber")]

    one.take(by("amber"), f"Second words of {MAIL}")
    assert sides() == [("contact", False, "amber")]

    one.take(by("russet"), f"Third words of {MAIL}")
    assert sides() == [("contact", False, team_name())]


def test_a_record_of_the_duty_team_beside_an_officers_leads_to_the_team(one):
    one.take(by("amber"), f"First words of {MAIL}")
    one.take("ESX", f"Second words of {MAIL}")

    assert sides() == [("contact", False, team_name())]


def test_open_records_are_named_each_with_its_own_officer(one):
    one.take(by("amber"), f"First words of {MAIL}", sharing="open")
    one.take(by("russet"), f"Second words of {MAIL}", sharing="open")
    one.take(by("russet"), f"Third words of {MAIL}")
    one.take(by("amber"), f"Fourth words of {MAIL}", sharing="silent")

    assert sides() == [("open", True, "amber"), ("open", True, "russet"), ("contact", False, "russet")]


def test_who_is_given_the_report_is_called(one):
    one.take(by("amber"), f"First words of {MAIL}")
    give_to("russet")

    assert sides() == [("contact", False, "russet")]


@pytest.mark.parametrize("goes", [absences.leave, absences.go_absent])
def test_the_duty_team_is_called_once_the_owner_is_gone(one, as_process, goes):
    one.take(by("amber"), f"First words of {MAIL}")
    give_to("russet")
    with as_process("desk"):
        goes(officer=officer("russet"), by=founder(), at=clock.now())

    assert sides() == [("contact", False, team_name())]


def test_the_duty_team_is_called_once_the_owner_has_no_role_for_it(one, as_process):
    one.take(by("amber"), f"First words of {MAIL}")
    with acting(founder()):
        grant = RoleGrant.objects.select_related("officer").get(officer__name="amber")
    with as_process("desk"):
        absences.end_role(grant=grant, by=founder(), at=clock.now())

    assert sides() == [("contact", False, team_name())]
