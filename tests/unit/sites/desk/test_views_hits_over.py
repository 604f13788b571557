"""A hit that is over leaves the home page, and an old link says so; looking at a hit keeps nobody from settling it."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import factories
from cets.access.viewer import acting
from cets.domains.deconfliction import actions, matching
from cets.domains.deconfliction.models import Hit
from cets.domains.reports.models import Report
from cets.domains.sharing.levels import Level
from cets.kernel import clock
from unit.sites.desk.desk_nation import Nation, client, nation


@pytest.fixture
def made(db: str, as_process: Any) -> Nation:
    return nation(as_process)


def hit_of(made: Nation) -> Hit:
    with acting(factories.viewer(made.officers["analyst"])):
        return Hit.objects.get(kind="email")


def withdraw_theirs(made: Nation) -> None:
    _, viewer = factories.service("NMR")
    with acting(viewer):
        report = Report.objects.get(id=made.reports["nmr"])
    actions.set_sharing(report=report, level=Level.SILENT, reason="An operation is near", by=viewer)
    matching.match([report.id], at=clock.now())


def test_what_is_over_is_no_news_and_says_that_it_is_over(made: Nation) -> None:
    hit = hit_of(made)
    browser = client("analyst@esx.example")
    assert hit.reference in browser.get("/").content.decode()

    withdraw_theirs(made)

    assert hit.reference not in browser.get("/").content.decode()
    earlier = browser.get("/alerts/").content.decode()
    assert hit.reference in earlier
    assert "put aside: the hit is over" in earlier
    old_link = browser.get(f"/hits/{hit.id}/")
    assert old_link.status_code == 410
    assert "This hit is over" in old_link.content.decode()
    main = old_link.content.decode().partition("<main")[2]
    assert f'href="/reports/{made.reports["esx"]}/">Go to your report' in main
    assert 'href="/hits/">Go to the hits' in main
    assert "Quote this number" not in main
    assert "NMR" not in main
    settled = browser.post(f"/hits/{hit.id}/no-action/", {"reason": "Too late"})
    assert settled.status_code == 410


def test_the_search_finds_one_that_is_over_and_tells_nothing_more(made: Nation) -> None:
    hit, browser = hit_of(made), client("analyst@esx.example")
    browser.post("/purpose/", {"purpose": "inquiry", "reference": "ESX/2026/12"})
    withdraw_theirs(made)

    address = browser.post("/search/", {"query": hit.reference})["Location"]
    page = browser.get(f"{address}?see=hit:{hit.id}").content.decode()
    assert f'href="/hits/{hit.id}/">{hit.reference}</a>' in page
    assert "Over</strong>" in page
    assert "Open the hit" not in page
    assert f'href="/reports/{made.reports["esx"]}/"' in page.partition("Over</strong>")[2]
    assert "NMR Police" not in page


def test_to_others_one_that_is_over_is_not_there(made: Nation) -> None:
    hit = hit_of(made)
    withdraw_theirs(made)

    assert client("foreign@nmr.example").get(f"/hits/{hit.id}/").status_code == 404
    assert client("secondee@esx.example").get(f"/hits/{hit.id}/").status_code == 404


@pytest.mark.parametrize("question", ["", "not-same/", "no-action/"])
def test_looking_locks_nothing_and_settling_does(made: Nation, question: str) -> None:
    browser = client("analyst@esx.example")
    url = f"/hits/{hit_of(made).id}/"

    with CaptureQueriesContext(connection) as asked:
        assert browser.get(url + question).status_code == 200
    assert not [one["sql"] for one in asked if "FOR UPDATE" in one["sql"]]

    with CaptureQueriesContext(connection) as asked:
        browser.post(url + (question or "nobody/"), {"reason": "Another person"})
    assert [one["sql"] for one in asked if "FOR UPDATE" in one["sql"] and "deconfliction_hit" in one["sql"]]


@pytest.mark.parametrize("origin", ["http://localhost", "http://elsewhere.example"])
def test_a_form_that_came_too_late_leads_to_the_hit_and_gives_back_the_words(
    made: Nation, origin: str
) -> None:
    browser, url = client("analyst@esx.example"), f"/hits/{hit_of(made).id}/"
    assert browser.post(f"{url}no-action/", {"reason": "Nothing to act on"}).status_code == 302

    late = browser.post(
        f"{url}not-same/",
        urlencode({"reason": "Another man of this name"}),
        content_type="application/x-www-form-urlencoded",
        headers={"origin": origin},
    )
    page = late.content.decode()
    assert late.status_code == 409
    assert "This hit is settled" in page
    assert f'href="{url}">Go to the hit</a>' in page
    assert "Quote this number" not in page
    assert ("Another man of this name" in page) == (origin == "http://localhost")


def test_work_that_somebody_else_took_leads_home(made: Nation) -> None:
    with acting(factories.viewer(made.officers["analyst"])):
        entry = Report.objects.get(id=made.reports["esx"]).entry_id
    first, second = client("analyst@esx.example"), client("investigator@esx.example")
    assert first.post(f"/work/{entry}/take/").status_code == 302
    late = second.post(f"/work/{entry}/take/")
    assert late.status_code == 409
    assert 'href="/">Go to my work</a>' in late.content.decode()
