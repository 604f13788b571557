"""A search result beside the list: as a plain link, or put there by script; never more than opening it would show."""

import html
import re
from uuid import uuid4

import pytest

import factories
from cets.access.viewer import acting
from cets.audit.models import Event
from cets.domains.reports.models import Passage
from unit.sites.desk.desk_nation import client

VICTIM = "wren.small@mail.example"
TABLE = f"email,role,remarks\n{VICTIM},victim,seen at the marina\nkestrel.blue@mail.example,suspect,wrote to {VICTIM} of the marina\n"
NOTE = "The parent wrote: kestrel.blue@mail.example was seen at the marina."
SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def officer(db, as_process):
    made = factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")
    factories.officer(factories.agency("NMR"), "foreign@nmr.example", "analyst")
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", NOTE, TABLE)
        intake.take("NMR", "Their own words of a marina.")
    return made


@pytest.fixture
def browser(officer):
    signed = client("finch@esx.example")
    signed.post("/purpose/", {"purpose": "inquiry", "reference": "ESX/2026/12"})
    return signed


def ask(browser, query):
    return browser.post("/search/", {"query": query}).url


def links(page):
    return [
        html.unescape(url)
        for url in re.findall(r'href="([^"]+)" data-preview', page)
        if "see=" in html.unescape(url)
    ]


def events(officer, type_):
    with acting(factories.viewer(officer)):
        return Event.objects.filter(type=type_).count()


def test_a_result_stands_beside_the_list_without_a_script(browser, officer):
    address = ask(browser, "kestrel.blue@mail.example marina")
    page = browser.get(address).content.decode()
    assert "cets-see__card" not in page
    before = events(officer, "identifiers:identifier:opened")

    beside = browser.get(next(url for url in links(page) if "identifier" in url)).content.decode()

    assert "cets-see__card" in beside
    assert "Open the identifier" in beside
    assert beside.count('<li class="cets-result') == page.count('<li class="cets-result')
    assert f'href="{address}"' in beside, "the way back to the list alone"
    assert events(officer, "identifiers:identifier:opened") == before + 1


def test_every_sort_of_result_has_one(browser):
    page = browser.get(ask(browser, "CETS-ESX-2026-000001 kestrel.blue@mail.example marina")).content.decode()
    kinds = {re.search(r"see=(\w+)", url)[1]: url for url in links(page)}
    assert {"report", "identifier", "passage"} <= set(kinds)
    for kind, url in kinds.items():
        answer = browser.get(url, headers=SCRIPT)
        assert answer.status_code == 200, kind
        assert "cets-see__open" in answer.content.decode(), kind


def test_the_script_gets_the_preview_alone_and_nothing_is_searched_again(browser, officer):
    page = browser.get(ask(browser, "marina")).content.decode()
    searched = events(officer, "search:search:run")

    alone = browser.get(links(page)[0], headers=SCRIPT).content.decode()

    assert alone.startswith('<div class="cets-see"')
    assert "<html" not in alone
    assert events(officer, "search:search:run") == searched


def test_closing_leaves_the_empty_place(browser):
    address = ask(browser, "marina")
    closed = browser.get(address, headers=SCRIPT).content.decode()
    assert 'id="preview"' in closed
    assert "cets-see__card" not in closed


def test_a_victim_stays_masked(browser):
    page = browser.get(ask(browser, f"{VICTIM} marina")).content.decode()
    for url in links(page):
        assert VICTIM not in browser.get(url, headers=SCRIPT).content.decode(), url
        shown = browser.get(url).content.decode()
        assert VICTIM not in shown.split('id="preview"')[1], url


def test_another_agencys_row_is_as_if_it_were_not_there(browser, as_process):
    address = ask(browser, "marina")
    with acting(factories.service("NMR")[1]):
        foreign = Passage.objects.get()
    for token in (
        f"passage:{foreign.id}",
        f"report:{foreign.report_id}",
        f"passage:{uuid4()}",
        "passage:x",
        "nothing",
        f"hit:{uuid4()}",
    ):
        assert browser.get(f"{address}?see={token}", headers=SCRIPT).status_code == 404, token
        page = browser.get(f"{address}?see={token}")
        assert page.status_code == 200
        assert "cets-see__card" not in page.content.decode()


def test_somebody_elses_search_gives_no_preview(browser, officer):
    url = links(browser.get(ask(browser, "marina")).content.decode())[0]
    other = client("foreign@nmr.example")
    other.post("/purpose/", {"purpose": "inquiry", "reference": "x"})
    assert other.get(url, headers=SCRIPT).status_code == 404
