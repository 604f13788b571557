"""A hit that is over leaves the home page, and an old link says so; looking at a hit keeps nobody from settling it."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import factories
from cets.access.viewer import acting
from cets.audit.models import Event
from cets.audit.presenting import describe
from cets.domains.agencies.actions import add_team
from cets.domains.deconfliction import actions, matching
from cets.domains.deconfliction.models import Hit
from cets.domains.reports.models import Report
from cets.domains.sharing.levels import Level
from cets.kernel import clock
from cets.sites.console.founding import founder
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


# --- nothing of it is told any more ---------------------------------------------------------------------------------


def events(made: Nation, *types: str) -> list[Event]:
    with acting(factories.service("ESX")[1]):
        return list(Event.objects.filter(type__in=types).order_by("number"))


def second_of(event: Event) -> str:
    return f"{timezone.localtime(event.at):%H:%M:%S}"


def test_one_that_is_over_tells_no_history_and_asks_another_team_why(made: Nation, as_process: Any) -> None:
    with as_process("owner"):
        other = add_team(agency=made.esx, name="Other team", by=founder())
        factories.officer(made.esx, "other@esx.example", "investigator", team=other)
    hit, browser = hit_of(made), client("other@esx.example")
    withdraw_theirs(made)
    (over,) = (e for e in events(made, "deconfliction:hit:withdrawn") if e.subject_id == str(hit.id))

    for answer in (
        browser.get(f"/hits/{hit.id}/"),
        browser.post(f"/hits/{hit.id}/not-same/", {"reason": "Another man"}),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/purpose/")
    assert not events(made, "deconfliction:hit:opened")

    browser.post("/purpose/", {"purpose": "inquiry", "reference": "ESX/26/9"})
    looks: tuple[Callable[[], Any], ...] = (
        lambda: browser.get(f"/hits/{hit.id}/"),
        lambda: browser.post(f"/hits/{hit.id}/not-same/", {"reason": "Another man"}),
    )
    for number, look in enumerate(looks, 1):
        answer = look()
        page = answer.content.decode()
        assert answer.status_code == 410
        assert "This hit is over" in page
        assert "What happened last" not in page
        assert hit.reference not in page
        assert second_of(over) not in page
        opened = events(made, "deconfliction:hit:opened")
        assert [e.purpose_reference for e in opened] == ["ESX/26/9"] * number


@pytest.mark.parametrize("what", ["hit", "report"])
def test_the_history_below_a_refusal_is_an_opening_like_any_other(made: Nation, what: str) -> None:
    browser, hit = client("analyst@esx.example"), hit_of(made)
    url, form, given = {
        "hit": (f"/hits/{hit.id}/", "not-same/", {"reason": "Another man"}),
        "report": (f"/reports/{made.reports['esx']}/", "close/", {"outcome": "Done"}),
    }[what]
    opened = {"hit": "deconfliction:hit:opened", "report": "reports:report:opened"}[what]
    assert browser.post(url + form, given).status_code == 302
    before = len(events(made, opened))

    late = browser.post(url + form, given)

    assert late.status_code == 409
    assert "What happened last" in late.content.decode()
    assert len(events(made, opened)) == before + 1


def test_a_found_one_that_is_over_tells_neither_kind_nor_strength(made: Nation) -> None:
    hit, browser = hit_of(made), client("analyst@esx.example")
    browser.post("/purpose/", {"purpose": "inquiry", "reference": "ESX/2026/12"})
    address = browser.post("/search/", {"query": hit.reference})["Location"]
    told = browser.get(address).content.decode().split('class="cets-resultlist"')[1]
    assert "E-mail" in told
    assert "bits" in told
    withdraw_theirs(made)

    found = browser.get(address).content.decode().split('class="cets-resultlist"')[1]
    assert "Over</strong>" in found
    before = len(events(made, "deconfliction:hit:opened"))
    beside = browser.get(f"{address}?see=hit:{hit.id}", headers={"HX-Request": "true"})
    assert len(events(made, "deconfliction:hit:opened")) == before + 1, "the preview is a look, too"
    for page in (found, beside.content.decode()):
        assert "E-mail" not in page
        assert "bits" not in page
        assert f"{hit.bits:.1f}" not in page


def test_officers_learn_no_second_at_which_another_agency_went_silent(made: Nation) -> None:
    hit, browser = hit_of(made), client("analyst@esx.example")
    withdraw_theirs(made)
    _, viewer = factories.service("NMR")
    with acting(viewer):
        report = Report.objects.get(id=made.reports["nmr"])
    actions.set_sharing(report=report, level=Level.CONTACT, reason="It is over", by=viewer)
    matching.match([report.id], at=clock.now())
    (over,) = (e for e in events(made, "deconfliction:hit:withdrawn") if e.subject_id == str(hit.id))

    page = browser.get(f"/hits/{hit.id}/").content.decode()
    line = page[: page.index("Hit over: nothing may be told of it any more")].rpartition("<tr")[2]
    assert f"{timezone.localtime(over.at):%Y-%m-%d}" in line
    assert re.search(r"\d:\d\d", line) is None
    earlier = browser.get("/alerts/").content.decode()
    row = earlier[: earlier.index("put aside: the hit is over")].rpartition("<td")[2]
    assert re.search(r"\d:\d\d", row) is None


def test_no_event_says_that_nobody_holds_it_any_more() -> None:
    """Another agency that went silent holds it still."""
    said = describe("deconfliction:hit:withdrawn", {})
    assert "holds" not in said
    assert "may be told" in said
