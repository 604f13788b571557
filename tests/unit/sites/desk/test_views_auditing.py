"""The audit view, as the desk's own database role."""

from datetime import timedelta

import pytest
from django.conf import settings

import factories
from cets.access.viewer import acting
from cets.audit.models import Event
from cets.domains.agencies.models import Officer
from cets.domains.ledger import absences
from cets.domains.reports.models import Report
from cets.kernel import clock
from cets.sites.console import runtime
from cets.sites.desk.views import lookups
from unit.sites.desk.desk_nation import client


@pytest.fixture
def keeper(db, as_process):
    """ESX with a data-protection officer and an analyst who took in and opened a report; NMR did the same."""
    esx, nmr = factories.agency("ESX"), factories.agency("NMR")
    analyst = factories.officer(esx, "finch@esx.example", "analyst")
    wren = factories.officer(nmr, "wren@nmr.example", "analyst")
    with as_process("worker"), factories.intake() as intake:
        for officer in (analyst, wren):
            intake.take((officer.agency, factories.viewer(officer)), f"Words of {officer.name}")
    browser = client("finch@esx.example")
    with acting(factories.viewer(analyst)):
        report = Report.objects.get()
    browser.get(f"/reports/{report.id}/")
    return factories.officer(esx, "owl@esx.example", "data_protection_officer")


@pytest.fixture
def browser(keeper):
    return client("owl@esx.example")


def text_of(answer):
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def rows_of(page):
    return page.partition("<tbody")[2].count("data-row")


def test_events_are_told_in_sentences_with_who_and_which(browser):
    page = text_of(browser.get("/audit/"))

    assert "Report opened" in page
    assert "Report CETS-ESX-" in page
    assert "finch" in page
    assert "reports:report:opened" in page


def test_nothing_of_another_agency_is_told(browser):
    page = text_of(browser.get("/audit/"))

    assert "CETS-NMR-" not in page
    assert "wren" not in page


def test_whoever_acted_from_another_agency_is_not_told_as_the_system(browser, keeper):
    sepia = factories.viewer(factories.officer(factories.agency("NDC"), "sepia@ndc.example", "administrator"))
    with acting(sepia):
        finch = Officer.objects.get(name__icontains="finch")
        absences.go_absent(officer=finch, by=sepia, at=clock.now())

    page = text_of(browser.get("/audit/"))
    row = next(part for part in page.split("data-row") if "Officer marked absent" in part)

    assert "An officer of NDC Police" in row
    assert "CETS<" not in row
    assert "sepia" not in page
    for words in ("NDC Police", "an officer of ndc police", "ndc", "An officer of"):
        browser.post("/audit/", {"who": words})
        found = text_of(browser.get("/audit/")).partition('id="chain"')[2].partition("</form>")[2]
        assert "Officer marked absent" in found, words
        assert "Report opened" not in found, words
    browser.post("/audit/", {"who": "sepia"})
    assert "Nothing was recorded that fits" in text_of(browser.get("/audit/"))


@pytest.mark.parametrize(
    ("kind", "name", "agency", "words"),
    [
        ("system", "", None, "CETS"),
        ("officer", "X. Sepia", None, "X. Sepia"),
        ("officer", "", "Northmoor Police", "An officer of Northmoor Police"),
        ("officer", "", None, "An officer of another agency"),
        ("service", "", None, "A service account of another agency"),
    ],
)
def test_only_the_system_is_told_as_the_system(kind, name, agency, words):
    assert lookups.actor_word(kind, name, agency) == words


def test_each_look_is_recorded(browser, keeper):
    browser.get("/audit/")
    browser.get("/audit/")

    with acting(factories.viewer(keeper)):
        assert Event.objects.filter(type="audit:record:looked", actor_id=keeper.id).count() == 2


@pytest.mark.parametrize(
    ("filters", "seen", "unseen"),
    [
        ({"action": "opened"}, "Report opened", "Signed in"),
        ({"who": "FINCH", "action": "signed_in"}, "Signed in", "Report opened"),
        ({"who": "nobody of this name"}, "Nothing was recorded that fits", "Report opened"),
    ],
)
def test_a_filter_is_posted_and_kept(browser, filters, seen, unseen):
    answer = browser.post("/audit/", filters)
    assert answer.url == "/audit/"

    table = text_of(browser.get("/audit/")).partition('id="chain"')[2].partition("</form>")[2]

    assert seen in table
    assert unseen not in table


def test_a_record_is_found_by_its_reference(browser, keeper):
    page = text_of(browser.get("/audit/"))
    reference = "CETS-ESX-" + page.partition("CETS-ESX-")[2][:11]

    browser.post("/audit/", {"record": reference.lower()})
    page = text_of(browser.get("/audit/"))

    assert "Report opened" in page
    assert "Officer added" not in page
    browser.post("/audit/", {"record": "CETS-ESX-1999-000001"})
    assert "Nothing was recorded that fits" in text_of(browser.get("/audit/"))


def test_days_are_filtered(browser):
    tomorrow = clock.now() + timedelta(days=1)
    since = {"since_day": tomorrow.day, "since_month": tomorrow.month, "since_year": tomorrow.year}
    browser.post("/audit/", since)

    assert "Nothing was recorded that fits" in text_of(browser.get("/audit/"))
    answer = browser.post("/audit/", {"since_day": "31", "since_month": "2", "since_year": "2026"})
    assert answer.status_code == 422
    assert "There is no such day" in answer.content.decode()


def test_pages_go_on(browser, keeper):
    for _ in range(30):
        browser.get("/audit/")

    first, second = text_of(browser.get("/audit/")), text_of(browser.get("/audit/?page=2"))

    assert rows_of(first) == 25
    assert rows_of(second) > 5
    assert rows_of(text_of(browser.get("/audit/?before=1"))) == 0


def test_a_flagged_search_stands_out(browser, keeper):
    analyst = client("finch@esx.example")
    analyst.post("/purpose/", {"purpose": "inquiry", "reference": "ESX/1"})
    analyst.post("/search/", {"query": "owl@esx.example"}, follow=True)

    page = text_of(browser.get("/audit/"))

    assert "Flagged: of a colleague" in page
    assert "Active inquiry, ESX/1" in page


def test_the_chain_is_compared_with_its_signed_head(browser, as_process, tmp_path, monkeypatch):
    heads_at(monkeypatch, tmp_path)
    assert "No head has been signed yet" in text_of(browser.get("/audit/"))

    with as_process("worker"):
        runtime.sequence(settings.CETS)
    page = text_of(browser.get("/audit/"))

    assert "the signed head agrees" in page
    assert "1 record of your agency waits to be chained" in text_of(browser.get("/audit/"))  # that look


def test_a_head_that_does_not_fit_is_said(browser, as_process, tmp_path, monkeypatch):
    heads_at(monkeypatch, tmp_path)
    with as_process("worker"):
        runtime.sequence(settings.CETS)
    path = settings.CETS.heads_path
    path.write_bytes(path.read_bytes().replace(b'"last":', b'"last": '))

    assert "not signed by this installation" in text_of(browser.get("/audit/"))


def heads_at(monkeypatch, folder):
    from dataclasses import replace

    monkeypatch.setattr(settings, "CETS", replace(settings.CETS, heads_path=folder / "heads.jsonl"))


def test_only_the_data_protection_officer_sees_it(keeper):
    for role in ("analyst", "supervisor", "administrator"):
        factories.officer(keeper.agency, f"{role}@esx.example", role)
        assert client(f"{role}@esx.example").get("/audit/").status_code == 404


@pytest.mark.parametrize(("day", "year"), [("31", "9999"), ("9" * 30, "2026"), ("1", "1")])
def test_a_day_beyond_the_calendar_is_said_and_the_page_stays(browser, day, year):
    asked = {
        f"{end}_{part}": value
        for end in ("since", "until")
        for part, value in (("day", day), ("month", "12"), ("year", year))
    }
    answer = browser.post("/audit/", asked)
    assert answer.status_code in {200, 422}
    assert "There is no such day" in answer.content.decode()
    assert "Report opened" in text_of(browser.get("/audit/"))
