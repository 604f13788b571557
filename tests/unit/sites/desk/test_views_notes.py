"""A note whose form is sent twice is added once, and that is said; another one is added."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages

import factories
from cets.access.viewer import acting
from cets.domains.reports.models import Part, Report
from cets.kernel import clock
from unit.sites.desk.desk_nation import client

NEW = {"title": "Call from a school", "text": "They named kestrel.blue@mail.example.", "level": "contact"}
LATER = {"text": "Later: +44 7700 900123"}


@pytest.fixture
def officer(db):
    return factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")


@pytest.fixture
def browser(officer):
    return client("finch@esx.example")


@pytest.fixture
def moment(monkeypatch):
    """Return what lets the clock stand still, or go on by some seconds."""
    start = clock.now()

    def go(seconds=0.0):
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=seconds))

    go()
    return go


@pytest.fixture
def two(browser, officer, moment):
    """Two reports to which notes may be added."""
    for number in (1, 2):
        assert browser.post("/upload/note/", {**NEW, "text": f"Words {number}"}).status_code == 302
    with acting(factories.viewer(officer)):
        return list(Report.objects.order_by("reference"))


def parts(officer):
    with acting(factories.viewer(officer)):
        return list(
            Part.objects.order_by("report__reference", "number").values_list("report__reference", "number")
        )


def said(answer):
    return [str(one) for one in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize("seconds", [0, 1.2, 20])
def test_a_note_that_is_sent_twice_is_added_once(browser, officer, two, moment, seconds):
    url = f"/reports/{two[0].id}/note/"
    assert browser.post(url, LATER).status_code == 302
    moment(seconds)
    again = browser.post(url, LATER)

    assert again.status_code == 302
    assert said(again)[-1] == f"Nothing was added: {two[0].reference} holds the same note already."
    assert parts(officer) == [(two[0].reference, 1), (two[0].reference, 2), (two[1].reference, 1)]


def test_the_same_note_on_two_reports_in_one_second_is_told_of(browser, officer, two, moment):
    for report in two:
        answer = browser.post(f"/reports/{report.id}/note/", LATER)
        assert answer.status_code == 302
    assert said(answer)[-1] == f"Nothing was added: {two[0].reference} holds the same note already."
    assert len(parts(officer)) == 3

    moment(2)
    browser.post(f"/reports/{two[1].id}/note/", LATER)
    assert parts(officer)[-1] == (two[1].reference, 2)


@pytest.mark.parametrize(("seconds", "reports"), [(0, 1), (1.2, 1), (60, 2)])
def test_a_new_note_that_is_sent_twice_makes_one_report(browser, officer, moment, seconds, reports):
    first = browser.post("/upload/note/", NEW)
    moment(seconds)
    again = browser.post("/upload/note/", NEW)

    assert (first.url == again.url) == (reports == 1)
    assert len(parts(officer)) == reports


def test_other_words_at_the_same_moment_are_another_note(browser, officer, two):
    for words in ("Later.", "Later!"):
        browser.post(f"/reports/{two[0].id}/note/", {"text": words})

    assert len(parts(officer)) == 4


def test_a_note_that_is_too_long_is_refused_whole_and_stays_in_the_field(browser, officer, two):
    words = f"{'Reed bed. ' * 2_001}END OF NOTE"
    url = f"/reports/{two[0].id}/note/"
    page = browser.get(url).content.decode()
    answer = browser.post(url, {"text": words})

    assert (
        "maxlength" not in page.split("<textarea", 1)[1].split(">", 1)[0]
    )  # a browser would cut it without a word
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f"This has {len(words)} characters, and at most 20000 fit here. Nothing was saved" in shown
    assert "END OF NOTE" in shown.split("<textarea", 1)[1]
    assert len(parts(officer)) == 2
