"""A victim of one report is masked in every report of the agency that holds the same identifier, and in no other agency's."""

import json
import re

import pytest
from django.db import connection

import factories
from cets.access.viewer import acting
from cets.audit.models import Event
from cets.domains.identifiers import queries as identifiers
from cets.domains.identifiers.models import Holding
from cets.domains.intake.masking import maskers_of
from cets.domains.reports import actions as reports
from cets.domains.reports.models import Report
from cets.domains.search import queries as search
from cets.kernel import clock
from cets.sites.console import ingesting, showing
from unit.sites.desk.desk_nation import client

MAIL = "kim.larch@mail.example"
TABLE = f"email,role,name\n{MAIL},victim,Kim Larch\nkestrel.blue@mail.example,suspect,Sam Rook\n"
MENTION = f"The caller wrote to {MAIL} at the marina. Kim Larch answered; Sam Rook did not."
CHAT = f"[01/02/2026, 10:00:00] Rook: is {MAIL} yours?\n[01/02/2026, 10:01:00] Lark: ask Kim Larch at the marina\n"
SECRETS = (MAIL, "larch")
REVEALED = "identifiers:identifier:revealed"


@pytest.fixture(params=["victim first", "victim last"])
def told(db, as_process, request):
    """ESX holds a child as a victim in one report and by the same address in two others; NMR only has the mention."""
    esx, nmr = factories.agency("ESX"), factories.agency("NMR")
    officers = {
        name: factories.officer(agency, f"{name}@force.example", role)
        for name, agency, role in (
            ("finch", esx, "analyst"), ("robin", esx, "secondee"), ("wren", nmr, "analyst"), ("heron", esx, "supervisor"),
        )
    }  # fmt: skip
    with as_process("worker"), factories.intake() as intake:
        if request.param == "victim first":
            intake.take("ESX", TABLE)
        mention, chat = intake.take("ESX", MENTION, CHAT, name=f"mail of {MAIL}")
        if request.param == "victim last":
            intake.take("ESX", TABLE)
        intake.take("NMR", MENTION)
    return officers, mention, chat


@pytest.fixture
def browser(told):
    signed = client("finch@force.example")
    signed.post("/purpose/", {"purpose": "inquiry", "reference": "ESX/2026/12"})
    return signed


def free(text):
    """Say whether nothing of the child stands in a text."""
    return not any(secret in str(text).lower() for secret in SECRETS)


def body(answer):
    """Return what a page tells, without what the reader typed himself and without the random words of its forms."""
    page = answer.content.decode()
    assert answer.status_code == 200
    return re.sub(r'="[\w+/=-]{22,}"', '=""', page)


def test_the_command_line_masks_value_raw_names_and_files(told, as_process):
    _officers, *received = told
    _agency, service = factories.service("ESX")
    with as_process("worker"):
        for one in received:
            shown = showing.report(service, one.reference, reveal=False)
            assert free(json.dumps(shown)), shown
            held = next(i for i in shown["identifiers"] if i["kind"] == "email")
            assert held["value"] == held["raw"] == "Child A · e-mail address"
            (line,) = ingesting.Lines(service, [one]).of("given", one, 0.0)
            assert free(json.dumps(line))


def test_it_is_opened_by_a_reveal_that_is_recorded(told, as_process):
    _officers, mention, _chat = told
    _agency, service = factories.service("ESX")
    with as_process("worker"):
        opened = showing.report(service, mention.reference, reveal=True)
        with acting(service):
            recorded = Event.objects.filter(type=REVEALED, subject_type="identifier").count()
    held = next(i for i in opened["identifiers"] if i["kind"] == "email")
    assert held["value"] == held["raw"] == MAIL
    assert recorded >= 1


def test_no_page_of_the_other_reports_shows_it(told, browser):
    _officers, *received = told
    for one in received:
        for tab in ("", "identifiers/", "messages/", "notes/", "hits/", "custody/", "history/"):
            address = f"/reports/{one.report_id}/{tab}"
            assert free(body(browser.get(address))), address
    assert "[Child A]" in body(browser.get(f"/reports/{received[1].report_id}/messages/"))


def test_search_and_its_previews_do_not_show_it(told, browser):
    found = browser.post("/search/", {"query": "marina"}).url
    page = body(browser.get(found))
    assert free(page)
    assert page.count("Child A") >= 2
    for url in re.findall(r'href="([^"]+)" data-preview', page):
        assert free(body(browser.get(url.replace("&amp;", "&"), headers={"HX-Request": "true"}))), url
    assert free(body(browser.get("/hits/")))


@pytest.mark.parametrize("query", [MAIL, '"kim larch"', "larch"])
def test_a_search_for_it_shows_no_more_than_was_asked(told, query):
    officers, *_ = told
    viewer = factories.viewer(officers["finch"])
    with acting(viewer):
        found = search.run(viewer, search.understand(query, country="GB"))
    assert found
    for one in found:
        assert free(one.snippet.replace("\ue000", "").replace("\ue001", "")), one
        assert free(one.identifier), one


def test_a_secondee_who_was_given_only_the_mention_does_not_see_it(told):
    officers, mention, _chat = told
    supervisor, secondee = factories.viewer(officers["heron"]), officers["robin"]
    with acting(supervisor):
        report = Report.objects.get(id=mention.report_id)
        reports.give(report=report, officer=secondee, by=supervisor, at=clock.now())
    signed = client("robin@force.example")
    for tab in ("", "identifiers/"):
        assert MAIL not in body(signed.get(f"/reports/{mention.report_id}/{tab}"))
    with acting(factories.viewer(secondee)):
        key = Holding.objects.get(kind="email").key
    assert MAIL not in body(signed.get(f"/identifiers/{key}/"))


def test_another_agency_sees_what_it_holds(told, as_process):
    officers, *_ = told
    _agency, service = factories.service("NMR")
    viewer = factories.viewer(officers["wren"])
    with acting(viewer):
        reference = Report.objects.get().reference
    with as_process("worker"):
        shown = json.dumps(showing.report(service, reference, reveal=False))
    assert MAIL in shown
    with acting(viewer):
        found = search.run(viewer, search.understand("marina", country="GB"))
    assert "Larch" in found[0].snippet


def test_who_is_no_victim_stays_to_be_read(told, browser):
    _officers, mention, _chat = told
    assert "Sam Rook" in body(browser.get(f"/reports/{mention.report_id}/"))


def test_a_page_of_many_reports_asks_as_often_as_one(told):
    officers, mention, chat = told
    viewer = factories.viewer(officers["finch"])
    counts = []
    with acting(viewer):
        for ids in ([mention.report_id], [mention.report_id, chat.report_id]):
            with connection.execute_wrapper(counted := _Counted()):
                assert len(maskers_of(ids)) == len(ids)
            counts.append(counted.number)
        held = list(Holding.objects.filter(value=MAIL))
        assert [h.pseudonym for h in identifiers.with_pseudonyms(held)] == ["Child A"] * 3
    assert counts[0] == counts[1] <= 4


class _Counted:
    def __init__(self):
        self.number = 0

    def __call__(self, execute, *given):
        self.number += 1
        return execute(*given)
