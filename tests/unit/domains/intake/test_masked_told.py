"""What another agency is told of an open report holds nothing of a victim, whichever of the reports came first."""

import json
import re
from email.message import EmailMessage
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import factories
from cets.access.viewer import acting
from cets.domains.deconfliction import queries as hits
from cets.domains.identifiers.models import Holding
from cets.domains.intake import masked_told, masked_values
from cets.domains.intake.masked_told import mask_beside
from cets.domains.intake.masking import TOLD
from cets.domains.intake.rereading import forget
from cets.domains.reports.models import Part, Report
from cets.sites.console import showing
from unit.sites.desk.desk_nation import client

MAIL, PHONE, MET = "mira.plover@mail.example", "+44 7700 900799", "meet.kite@mail.example"
CHILD = f"role,name,email,phone\nvictim,Mira Plover,{MAIL},{PHONE}\n"
SUBJECT = f"Mira Plover, {MAIL} and {PHONE}"
THEIRS = f"role,email\nsuspect,{MET}\n"
MASKED = "[Child A], [Child A] and [Child A]"


def letter(subject=SUBJECT):
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "desk@force.example", "intake@force.example"
    mail.set_content(f"see {MET}")
    return mail.as_string()


GIVEN = {
    "child": ("ESX", CHILD, "contact"),
    "letter": ("ESX", letter(), "open"),
    "silent letter": ("ESX", letter("A call").replace("see", f"write to {MAIL}, see"), "contact"),
    "theirs": ("NMR", THEIRS, "contact"),
}


@pytest.fixture
def taken(db, as_process):
    """Take the named files in, each by itself; return what was received by name."""
    esx, nmr = factories.agency("ESX"), factories.agency("NMR")
    factories.officer(esx, "finch@force.example", "analyst")
    factories.officer(nmr, "wren@force.example", "analyst")

    def take(*order):
        with as_process("worker"), factories.intake() as intake:
            return {
                name: intake.take(code, text, sharing=level)[0]
                for name in order
                for code, text, level in (GIVEN[name],)
            }

    return take


def told_to_nmr():
    """Return what the database's own function tells the other agency of open reports."""
    _agency, viewer = factories.service("NMR")
    with acting(viewer):
        keys = list(Holding.objects.values_list("key", flat=True))
        return [row for row in hits.overlaps(keys) if row["told"] == 2 and not row["is_mine"]]


def titles():
    _agency, viewer = factories.service("ESX")
    with acting(viewer):
        return sorted((r.title, r.title_raw) for r in Report.objects.filter(sharing=2))


@pytest.mark.parametrize("order", list(permutations(GIVEN)), ids="-".join)
def test_in_any_order_the_summary_is_masked_by_every_door(taken, as_process, order):
    taken(*order)

    (row,) = told_to_nmr()
    assert row["summary"] == MASKED

    browser = client("wren@force.example")
    browser.post("/purpose/", {"purpose": "inquiry", "reference": "NMR/2026/12"})
    _agency, theirs = factories.service("NMR")
    with acting(theirs):
        (hit,) = hits.listed(theirs)
    page = browser.get(f"/hits/{hit.id}/theirs/{row['other_report']}/")
    assert page.status_code == 200
    assert MASKED in page.content.decode()
    with as_process("worker"):
        lines = json.dumps(list(showing.hits(theirs, with_common=True)))
    for text in (page.content.decode(), lines):
        assert not re.search(r"plover|900799", text, re.IGNORECASE)


def test_category_and_platform_are_masked_as_the_title_is(taken):
    given = taken("letter", "theirs")
    _agency, viewer = factories.service("ESX")
    with acting(viewer):
        Report.objects.filter(id=given["letter"].report_id).update(
            category=f"Contact with {MAIL}", platform=f"mail of {MAIL}"
        )
    taken("child")

    with acting(viewer):
        report = Report.objects.get(id=given["letter"].report_id)
    assert (report.category, report.platform) == ("Contact with [Child A]", "mail of [Child A]")


def test_the_title_is_kept_as_it_came_and_stands_again_when_nobody_is_a_victim(taken, as_process):
    given = taken("letter", "child")
    assert titles() == [(MASKED, SUBJECT)]
    _agency, viewer = factories.service("ESX")
    with as_process("worker"), acting(viewer):
        forget(Part.objects.get(report_id=given["child"].report_id))

    assert titles() == [(SUBJECT, "")]


def test_of_a_value_that_very_many_hold_only_the_reports_that_tell_it_are_looked_up(taken, monkeypatch):
    monkeypatch.setattr(masked_values, "MOST_BESIDE", 1)
    given = taken("letter", "silent letter", "child")

    assert titles() == [(MASKED, SUBJECT)]
    _agency, viewer = factories.service("ESX")
    with acting(viewer):
        assert masked_told.beside([given["child"].report_id]) == {given["letter"].report_id}


def test_a_batch_without_victims_costs_two_statements(taken):
    given = taken("theirs")
    _agency, viewer = factories.service("NMR")
    with acting(viewer), CaptureQueriesContext(connection) as ran:
        mask_beside([given["theirs"].report_id], with_victims=[])
        assert len(ran) == 2


def test_other_agencies_are_told_only_columns_that_are_masked(db):
    """A further column of a report that is told across agencies must be one that is stored masked."""
    kinds = {f.name: f.get_internal_type() for f in Report._meta.concrete_fields}
    free = {"reference", "state"}  # our own words
    with connection.cursor() as cursor:
        cursor.execute(
            "select proname, prosrc from pg_proc where prosecdef and pronamespace = current_schema::regnamespace"
            " and prosrc ~ 'reports_report\\M'"
        )
        sources = dict(cursor.fetchall())
    assert "cets_my_overlaps" in sources
    for name, source in sources.items():
        for alias in re.findall(r"reports_report\s+(?:as\s+)?(\w+)", source):
            read = set(re.findall(rf"\b{alias}\.(\w+)", source))
            texts = {one for one in read if kinds.get(one) in {"TextField", "CharField"}}
            assert texts <= {*TOLD, *free}, name
            assert not re.search(rf"\b{alias}\.\*", source), name
