"""Hits through the real stack: what each level lets an officer see, and what is recorded of the call."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client

import factories
from cets.access.viewer import acting
from cets.domains.deconfliction import actions, matching
from cets.domains.deconfliction.models import Decision, Hit
from cets.domains.ledger.models import Entry
from cets.domains.reports.models import Report
from cets.domains.sharing.levels import Level
from cets.kernel import clock
from unit.sites.desk.desk_nation import Nation, client, nation, process_switch, root_conftest

MAIL = "kestrel.blue@mail.example"


def get(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def history_of(page: str) -> str:
    return page.partition('aria-labelledby="history"')[2].partition("</section>")[0]


def hit_of(made: Nation, login: str, kind: str = "email") -> Hit:
    with acting(factories.viewer(made.officers[login])):
        return Hit.objects.select_related("entry").get(kind=kind)


@pytest.fixture(scope="module", params=["contact", "open", "silent"])
def level(request: Any) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def made(server: str, template: str, level: str, request: Any) -> Iterator[Nation]:
    """One nation and one database for each level."""
    fresh = root_conftest(request)._fresh(server, template)
    next(fresh)
    yield nation(process_switch(request), sharing=level)
    next(fresh, None)


SPOKEN = {"spoke_to": "D. Rook", "spoke_at": f"{clock.now():%d %b %Y, %H:%M}", "agreed": "they_lead"}


def test_the_list_and_the_page_tell_what_the_level_allows(made: Nation, level: str) -> None:
    browser = client("analyst@esx.example")
    listed = get(browser, "/hits/")
    if level == "silent":
        assert "data-row" not in listed
        assert "NMR" not in listed
        assert "NMR" not in get(browser, f"/reports/{made.reports['esx']}/")
        return
    assert listed.count("data-row") == 3
    assert "NMR Police" in listed
    hit = hit_of(made, "analyst")
    page = get(browser, f"/hits/{hit.id}/")
    assert MAIL in page
    assert "+44 7700 900188" in page, "whom to call"
    assert hit.reference in page
    is_told = "CETS-NMR-" in page
    assert is_told == (level == "open")
    theirs = re.findall(r'href="(/hits/[0-9a-f-]+/theirs/[0-9a-f-]+/)"', page)
    assert bool(theirs) == (level == "open")
    if theirs:
        summary = get(browser, theirs[0])
        assert "CETS-NMR-" in summary
        assert MAIL not in summary
    foreign = f"/hits/{hit.id}/theirs/{made.reports['nmr']}/"
    assert browser.get(foreign).status_code == (200 if level == "open" else 404)
    assert browser.get(f"/hits/{hit.id}/theirs/{uuid4()}/").status_code == 404
    assert browser.get(f"/reports/{made.reports['nmr']}/").status_code == 404


def test_a_hit_with_another_agency_is_not_joined_without_a_contact(made: Nation, level: str) -> None:
    if level == "silent":
        return
    browser, hit = client("analyst@esx.example"), hit_of(made, "analyst")
    for send in (browser.get, browser.post):
        answer = send(f"/hits/{hit.id}/join/", {"reason": "x"}, follow=True)
        assert "Speak with them, and record the contact" in answer.content.decode()
    assert hit_of(made, "analyst").state == "open"


def bar_of(page: str) -> str:
    return page.partition('class="cets-next')[2].partition("</section>")[0]


def test_the_reports_bar_is_the_most_urgent_of_the_report_and_its_hits(
    made: Nation, level: str, as_process: Any
) -> None:
    browser, url = client("analyst@esx.example"), f"/reports/{made.reports['esx']}/"
    with as_process("owner"):
        Entry.objects.filter(subject_id=made.reports["esx"]).update(due_at=clock.now() + timedelta(hours=6))
        Entry.objects.filter(subject_type="hit").update(due_at=clock.now() - timedelta(hours=3))
    bar = bar_of(get(browser, url))
    if level == "silent":
        assert "NMR" not in bar
        assert "5 h 59 min left" in bar
        return
    assert "Contact NMR Police about hit CETS-ESX-H-" in bar
    assert "3 h 00 min late" in bar
    assert "Contact the holder" in bar
    assert re.search(r'action="/work/[0-9a-f-]+/take/".+Then:.+Take the report, due', bar, re.DOTALL)
    with as_process("owner"):
        Entry.objects.filter(subject_type="hit").update(due_at=clock.now() + timedelta(hours=9))
    bar = bar_of(get(browser, f"{url}history/"))
    assert "5 h 59 min left" in bar
    assert re.search(r'Then:\s+<a class="govuk-link" href="/hits/[^>]+>Contact NMR Police about hit', bar)


def test_a_contact_is_recorded_and_can_be_taken_back(made: Nation, level: str) -> None:
    if level == "silent":
        pytest.skip("there is no hit to settle")
    browser, hit = client("investigator@esx.example"), hit_of(made, "analyst")
    url = f"/hits/{hit.id}/"
    refused = browser.post(f"{url}contact/", {"spoke_to": "", "spoke_at": "99 Nov", "agreed": ""})
    assert refused.status_code == 422
    assert "Choose what you agreed" in refused.content.decode()
    too_early = browser.post(f"{url}contact/", SPOKEN | {"spoke_at": "1 Jan 1900, 00:00"})
    assert too_early.status_code == 422
    assert "The hit was found" in too_early.content.decode()
    for _ in range(2):  # the form is sent twice: one call
        assert browser.post(f"{url}nobody/").status_code == 302
    assert "Hit decided: Nobody answered" in get(browser, url)
    assert browser.post(f"{url}contact/", SPOKEN).status_code == 302
    page = get(browser, url)
    assert "They lead." in page
    assert "Hold your own steps: they lead and keep you told" in page
    assert f'href="/reports/{made.reports["esx"]}/">Go on in your report' in page
    assert "Hit decided: They lead" in page
    assert re.search(r"due \w{3} \d{1,2} \w{3} \d{4}, \d\d:\d\d UTC", history_of(page))
    assert not re.search(r"nobody_answered|they_lead|\.\d{6}", history_of(page))
    assert "Spoken to D. Rook" in page
    assert "Record the contact" not in page
    again = browser.post(f"{url}contact/", SPOKEN)
    assert again.status_code == 409
    assert "is settled" in again.content.decode()
    assert browser.post(f"{url}take-back/", {"reason": ""}).status_code == 200
    assert browser.post(f"{url}take-back/", {"reason": "it was another desk"}).status_code == 302
    assert "Record the contact" in get(browser, url)
    with acting(factories.viewer(made.officers["analyst"])):
        verdicts = list(Decision.objects.order_by("at").values_list("verdict", "withdrawn_at"))
    assert [verdict for verdict, _ in verdicts] == ["nobody_answered", "they_lead"]
    assert verdicts[1][1] is not None


def test_not_the_same_needs_a_reason_and_is_remembered(made: Nation, level: str) -> None:
    if level == "silent":
        pytest.skip("there is no hit to settle")
    browser, hit = client("analyst@esx.example"), hit_of(made, "analyst", "phone")
    url = f"/hits/{hit.id}/"
    assert "Give the reason" in browser.post(f"{url}not-same/", {"reason": " "}).content.decode()
    assert browser.post(f"{url}not-same/", {"reason": "the number was passed on"}).status_code == 302
    page = get(browser, url)
    assert "Not the same." in page
    assert "the number was passed on." in page
    assert get(browser, "/hits/?state=settled").count("data-row") == 1


def sent(browser: Client, url: str, reason: str, origin: str) -> Any:
    """Send a reason as a browser does that stands on a page of this origin."""
    kind = "application/x-www-form-urlencoded"
    return browser.post(url, urlencode({"reason": reason}), content_type=kind, headers={"origin": origin})


def test_a_form_that_comes_too_late_leads_back_says_why_and_keeps_the_words(made: Nation, level: str) -> None:
    if level == "silent":
        pytest.skip("there is no hit to settle")
    browser, hit = client("analyst@esx.example"), hit_of(made, "analyst", "phone")
    url, words, ours = f"/hits/{hit.id}/", "Somebody else writes there. " * 8, "http://localhost"
    assert browser.post(f"{url}take-back/", {"reason": "asked again"}).status_code == 302
    assert client("supervisor@esx.example").post(f"{url}contact/", SPOKEN).status_code == 302

    for address in ("not-same/", "no-action/"):
        late = sent(browser, url + address, words, ours)
        page = late.content.decode()
        assert late.status_code == 409
        assert f'href="{url}"' in page
        assert "Hit decided: They lead" in page
        assert "supervisor" in page.partition("What happened last")[2], "who did it"
        assert words.strip() in page.partition("<textarea")[2]
        assert "Quote this number" not in page
    foreign = sent(browser, f"{url}not-same/", words, "http://other.example")
    assert words.strip() not in foreign.content.decode(), (
        "another site's words are not laid into a page of ours"
    )

    assert browser.post(f"{url}take-back/", {"reason": "twice"}).status_code == 302
    again = sent(browser, f"{url}take-back/", "Redone", ours)
    assert again.status_code == 409
    assert "Redone" in again.content.decode().partition("<textarea")[2]
    assert browser.post(f"{url}not-same/", {"reason": "the number was passed on"}).status_code == 302


def test_the_identifier_page_brings_everything_of_one_value_together(made: Nation, level: str) -> None:
    browser = client("analyst@esx.example")
    page = get(browser, f"/reports/{made.reports['esx']}/identifiers/?kind=email")
    (url,) = set(re.findall(r'href="(/identifiers/[0-9a-f-]+/)"', page))
    shown = get(browser, url)
    assert MAIL in shown
    assert MAIL not in shown.partition("</title>")[0]
    assert "+44 7700 900142" in shown, "what stands beside it"
    assert ("NMR Police" in shown) == (level != "silent")
    assert client("foreign@nmr.example").get(url).status_code == 200, "the same value in a report of theirs"
    assert "CETS-ESX" not in get(client("foreign@nmr.example"), f"/reports/{made.reports['nmr']}/")
    assert browser.get(f"/identifiers/{uuid4()}/").status_code == 404


def test_a_secondee_is_told_of_no_hit(made: Nation, level: str) -> None:
    browser = client("secondee@esx.example")
    assert browser.get("/hits/").status_code == 404
    if level != "silent":
        assert browser.get(f"/hits/{hit_of(made, 'analyst').id}/").status_code == 404


def test_two_silent_records_are_told_to_the_deconfliction_desk_alone(made: Nation, request: Any) -> None:
    switch = process_switch(request)
    with switch("owner"):
        from cets.domains.agencies.models import Agency
        from cets.sites.console.founding import founder

        with acting(founder()):
            centre = Agency.objects.get(is_centre=True)
        for code in ("AAA", "BBB"):
            factories.agency(code)
        login = f"desk-{uuid4().hex[:6]}@centre.example"
        factories.officer(centre, login, "deconfliction_officer")
    with switch("worker"), factories.intake() as intake:
        for code in ("AAA", "BBB"):
            (taken,) = intake.take(
                code, f"Note of {code}. silent.pair@mail.example", sharing="silent", name=f"note-{code}"
            )
    page = get(client(login), "/silent-pairs/")
    assert "AAA Police, BBB Police" in page or "BBB Police, AAA Police" in page
    assert "silent.pair" not in page
    with switch("owner"):
        Entry.objects.filter(subject_type="silent_pair").update(due_at=clock.now() - timedelta(days=4))
    assert re.search(r"govuk-tag--red[^>]*>4 days late", get(client(login), "/silent-pairs/"))
    assert "1 waits in your team. 1 is overdue." in get(client(login), "/")
    assert "CETS-AAA" not in page
    assert client(login).get("/hits/").status_code == 404
    (link,) = re.findall(r"/silent-pairs/[0-9a-f-]{36}/", page)
    assert "Neither agency knows of the other" in get(client(login), link)

    _, viewer = factories.service("BBB")
    with acting(viewer):
        report = Report.objects.get(id=taken.report_id)
    actions.set_sharing(report=report, level=Level.CONTACT, reason="The operation is over", by=viewer)
    matching.match([report.id], at=clock.now())

    after = get(client(login), link)
    assert "Closed: No two silent records meet here any more." in after
    assert "Neither agency knows of the other" not in after
