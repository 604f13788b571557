"""Reports and home through the real stack: what an officer reads and does, and what it costs the database."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import factories
from cets.access.viewer import acting
from cets.audit.models import Event
from cets.domains.deconfliction.models import Hit
from cets.domains.ledger.models import Entry
from cets.domains.reports.models import Report
from cets.kernel import clock
from unit.sites.desk.desk_nation import Nation, client, nation, process_switch

VICTIM = "wren.small@mail.example"
CHAT = """[03/04/2026, 20:01:10] Kestrel: are you there
[03/04/2026, 20:02:00] Wren: my mail is other.person@mail.example
[28/04/2026, 21:30:00] Kestrel: <script>alert(1)</script> call +44 7700 900142
"""
LINES = f"email,role,seen\n{VICTIM},victim,2026-04-03T20:00:00Z\nkestrel.blue@mail.example,suspect,03/04/2026 21:10\n"


@pytest.fixture(scope="module")
def made(module_db: str, request: Any) -> Nation:
    switch = process_switch(request)
    found = nation(switch)
    with switch("worker"), factories.intake() as intake:
        found.reports["chat"] = intake.take("ESX", CHAT, name="chat")[0].report_id
        found.reports["lines"] = intake.take("ESX", LINES, name="lines")[0].report_id
    return found


def get(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def report(made: Nation, login: str, name: str = "esx") -> Report:
    with acting(factories.viewer(made.officers[login])):
        return Report.objects.select_related("entry").get(id=made.reports[name])


def events(made: Nation, login: str, subject: object) -> list[str]:
    with acting(factories.viewer(made.officers[login])):
        return list(
            Event.objects.filter(subject_id=str(subject)).order_by("number").values_list("type", flat=True)
        )


def test_the_list_filters_and_orders(made: Nation) -> None:
    browser = client("supervisor@esx.example")
    page = get(browser, "/reports/")
    assert page.count("data-row") == 3
    assert "CETS-NMR" not in page
    for query, number in (
        ("state=open", 3), ("state=closed", 0), ("state=late", 0), ("state=ungraded", 3), ("sharing=silent", 0), ("hits=on", 3),
        ("order=due", 3), ("source=whatsapp", 1), ("owner=me", 0), ("state=doubt", 1), ("state=nonsense", 3), ("page=x", 3), ("page=9", 3),
        ("after=2020-01-01T00:00:00%2B00:00/x", 0), ("after=nonsense", 3),
    ):  # fmt: skip
        assert get(browser, f"/reports/?{query}").count("data-row") == number, query


def test_the_first_tab_says_what_was_found_and_records_the_opening(made: Nation) -> None:
    browser = client("intake_officer@esx.example")
    page = get(browser, f"/reports/{made.reports['esx']}/")
    assert "kestrel.blue@mail.example" in page
    assert "+44 7700 900142" in page
    assert "NMR Police" in page, "the hit with the other force"
    assert "Take the report, due" in page, "beside the hit that is more urgent"
    assert events(made, "intake_officer", made.reports["esx"])[-1] == "reports:report:opened"


def test_taking_work_from_the_team_makes_it_ones_own_once(made: Nation) -> None:
    entry = report(made, "analyst", "lines").entry
    first, second = client("analyst@esx.example"), client("investigator@esx.example")
    assert first.get(f"/work/{entry.id}/take/").status_code == 405
    assert first.post(f"/work/{entry.id}/take/").status_code == 302
    assert "CETS-ESX-2" in get(first, "/")
    answer = second.post(f"/work/{entry.id}/take/")
    assert answer.status_code == 409
    assert "Somebody else took it" in answer.content.decode()
    with acting(factories.viewer(made.officers["analyst"])):
        assert Entry.objects.get(id=entry.id).owner_officer_id == made.officers["analyst"].id
    history = get(first, f"/reports/{entry.subject_id}/history/")
    assert f"Work assigned to {made.officers['analyst'].name}" in history
    assert "File read as CSV table" in history
    assert "officer " + str(made.officers["analyst"].id) not in history


def test_a_victim_stands_as_a_pseudonym_until_revealed_with_a_purpose(made: Nation) -> None:
    browser = client("analyst@esx.example")
    for tab in ("", "identifiers/", "hits/", "custody/", "history/", "messages/", "notes/"):
        assert VICTIM not in get(browser, f"/reports/{made.reports['lines']}/{tab}"), tab
    page = get(browser, f"/reports/{made.reports['lines']}/identifiers/?role=victim")
    (url,) = set(re.findall(r'href="(/identifiers/[0-9a-f-]+/reveal/)"', page))
    assert VICTIM not in get(browser, url.removesuffix("reveal/"))
    assert VICTIM not in get(browser, url)
    refused = browser.post(url, {"purpose": "", "reference": ""})
    assert VICTIM not in refused.content.decode()
    answer = browser.post(url, {"purpose": "safeguarding", "reference": "ESX/26/1"})
    text = answer.content.decode()
    assert VICTIM in text
    assert VICTIM not in text.partition("</title>")[0]
    with acting(factories.viewer(made.officers["analyst"])):
        event = Event.objects.filter(type="identifiers:identifier:revealed").get()
    assert (event.purpose, event.purpose_reference) == ("safeguarding", "ESX/26/1")
    assert VICTIM not in get(browser, f"/reports/{made.reports['lines']}/identifiers/"), (
        "it was for one page only"
    )


def test_a_value_says_why_it_is_taken_for_one(made: Nation) -> None:
    browser = client("analyst@esx.example")
    chat = get(browser, f"/reports/{made.reports['chat']}/messages/")
    (url,) = re.findall(r'href="(/identifiers/[0-9a-f-]+/)">\+44 7700 900142</a>', chat)[:1]

    page = get(browser, url)

    assert "Why “Phone number”?" in page
    assert "Its country gives out such numbers, or keeps them for examples." in page


def test_a_masked_value_is_not_explained(made: Nation) -> None:
    browser = client("analyst@esx.example")
    page = get(browser, f"/reports/{made.reports['lines']}/identifiers/?role=victim")
    (url,) = set(re.findall(r'href="(/identifiers/[0-9a-f-]+/reveal/)"', page))

    assert "cets-why" not in get(browser, url.removesuffix("reveal/"))


def test_who_may_not_reveal_is_told_so(made: Nation) -> None:
    browser = client("intake_officer@esx.example")
    page = get(browser, f"/reports/{made.reports['lines']}/identifiers/")
    assert "/reveal/" not in page
    analyst = get(client("analyst@esx.example"), f"/reports/{made.reports['lines']}/identifiers/")
    (url,) = set(re.findall(r'href="(/identifiers/[0-9a-f-]+/reveal/)"', analyst))
    answer = browser.post(url, {"purpose": "safeguarding", "reference": "x"})
    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.content.decode()


def test_messages_read_as_a_conversation_with_identifiers_marked(made: Nation) -> None:
    page = get(client("intake_officer@esx.example"), f"/reports/{made.reports['chat']}/messages/")
    assert page.count("cets-message__head") == 3
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert re.search(
        r'<a class="cets-mark" dir="auto" href="/identifiers/[0-9a-f-]+/">\+44 7700 900142</a>', page
    )
    page = get(client("intake_officer@esx.example"), f"/reports/{made.reports['chat']}/messages/?at=1-3")
    assert "cets-message--here" in page


def test_grading_is_kept_and_wrong_answers_are_said(made: Nation) -> None:
    browser = client("intake_officer@esx.example")
    url = f"/reports/{made.reports['esx']}/grade/"
    answer = browser.post(url, {"source": "1", "information": "B", "handling": "C", "conditions": ""})
    assert "Write the conditions" in answer.content.decode()
    assert browser.post(url, {"source": "1", "information": "B", "handling": "P"}).status_code == 302
    assert "Grading 1-B-P" in get(browser, f"/reports/{made.reports['esx']}/")


def test_only_who_assigns_may_assign(made: Nation) -> None:
    officer = made.officers["investigator"]
    url = f"/reports/{made.reports['chat']}/assign/"
    data = {"owner": f"officer-{officer.id}", "reason": "knows the platform"}
    assert client("analyst@esx.example").post(url, data).status_code == 403
    assert client("supervisor@esx.example").post(url, data).status_code == 302
    assert report(made, "supervisor", "chat").entry.owner_officer_id == officer.id
    foreign = {"owner": f"officer-{made.officers['foreign'].id}", "reason": "x"}
    answer = client("supervisor@esx.example").post(url, foreign)
    assert answer.status_code == 200
    assert report(made, "supervisor", "chat").entry.owner_officer_id == officer.id


def test_a_report_is_given_only_to_who_can_work_on_it(made: Nation) -> None:
    browser = client("supervisor@esx.example")
    url = f"/reports/{made.reports['chat']}/assign/"
    offered = get(browser, url)
    assert f"officer-{made.officers['analyst'].id}" in offered
    before = report(made, "supervisor", "chat").entry.owner_officer_id
    for blind in ("secondee", "administrator", "data_protection_officer"):
        if officer := made.officers.get(blind):
            assert f"officer-{officer.id}" not in offered, blind
            assert browser.post(url, {"owner": f"officer-{officer.id}", "reason": "x"}).status_code == 200
    assert report(made, "supervisor", "chat").entry.owner_officer_id == before


def test_a_report_goes_on_after_grading_is_closed_and_opened_again(made: Nation, as_process: Any) -> None:
    with as_process("worker"), factories.intake() as intake:
        fresh = intake.take("ESX", "Words about nobody", name="fresh")[0].report_id
    browser, url = client("intake_officer@esx.example"), f"/reports/{fresh}/"
    assert "Read and grade the report" in get(browser, url)
    browser.post(f"{url}grade/", {"source": "1", "information": "B", "handling": "P"})
    page = get(browser, url)
    assert "Decide what is done with it" in page
    assert "Read and grade the report" not in page

    late = browser.post(f"{url}step/", {"step": "Ask the school", "due_at": "1 Jan 2020, 09:00"})
    assert "This time is over" in late.content.decode()
    assert browser.post(f"{url}step/", {"step": "", "due_at": ""}).status_code == 200
    next_week = f"{clock.now() + timedelta(days=7):%d %b %Y, %H:%M}"
    assert browser.post(f"{url}step/", {"step": "Ask the school", "due_at": next_week}).status_code == 302
    browser.post(f"{url}grade/", {"source": "2", "information": "D", "handling": "P"})
    assert "Ask the school" in get(browser, url), "grading again leaves what somebody set"

    assert "Say what came of it" in browser.post(f"{url}close/", {"outcome": ""}).content.decode()
    assert browser.post(f"{url}close/", {"outcome": "Nothing to act on"}).status_code == 302
    twice = browser.post(f"{url}close/", {"outcome": "Something else"})
    assert twice.status_code == 409
    assert "was closed meanwhile" in twice.content.decode()
    assert f'href="{url}">Go to the report' in twice.content.decode()
    assert "Work closed: Nothing to act on" in twice.content.decode()
    page = get(browser, url)
    assert "Open again" in page
    assert f"{url}close/" not in page

    again = browser.post(f"{url}step/", {"step": "Read the supplement", "due_at": next_week})
    assert again.status_code == 302
    page = get(browser, url)
    assert "Read the supplement" in page
    assert "owner: Duty team" in page
    assert events_of_ledger(made, fresh) == ["step-set", "step-set", "closed", "reopened"]


def test_who_may_not_work_on_it_sets_no_step_and_closes_nothing(made: Nation) -> None:
    url, officer = f"/reports/{made.reports['esx']}/", made.officers["secondee"]
    client("supervisor@esx.example").post(f"{url}secondees/", {"owner": f"{officer.id}", "reason": "helps"})
    secondee = client("secondee@esx.example")
    assert secondee.post(f"{url}close/", {"outcome": "x"}).status_code == 403
    assert secondee.post(f"{url}step/", {"step": "x", "due_at": "x"}).status_code == 403
    assert client("foreign@nmr.example").post(f"{url}close/", {"outcome": "x"}).status_code == 404
    assert report(made, "analyst").entry.closed_at is None
    client("supervisor@esx.example").post(f"{url}secondees/{officer.id}/")


def events_of_ledger(made: Nation, subject: object) -> list[str]:
    types = events(made, "intake_officer", subject)
    return [one.rsplit(":", 1)[1] for one in types if one.startswith("ledger:entry:")]


def test_a_secondee_sees_a_report_while_it_is_given(made: Nation) -> None:
    secondee, supervisor = client("secondee@esx.example"), client("supervisor@esx.example")
    url, officer = f"/reports/{made.reports['esx']}/", made.officers["secondee"]
    assert secondee.get(url).status_code == 404
    assert (
        supervisor.post(f"{url}secondees/", {"owner": f"{officer.id}", "reason": "helps"}).status_code == 302
    )
    page = get(secondee, url)
    assert "NMR" not in page, "a secondee is told of no other agency"
    for tab in ("hits/", "custody/"):
        assert secondee.get(url + tab).status_code == 404
    reports = get(secondee, "/reports/")
    assert reports.count("data-row") == 1
    assert "officer-" not in reports, "a secondee is told who is in the agency"
    assert f"team-{officer.team_id}" in reports
    supervisor.post(f"{url}assign/", {"owner": f"officer-{made.officers['analyst'].id}", "reason": "hers"})
    assert f"officer-{made.officers['analyst'].id}" in get(secondee, "/reports/")
    assert get(secondee, "/reports/").count("officer-") == 1
    assert supervisor.post(f"{url}secondees/{officer.id}/").status_code == 302
    assert secondee.get(url).status_code == 404


def test_a_doubt_is_settled_once_and_stays_beside_what_was_written(made: Nation) -> None:
    browser = client("intake_officer@esx.example")
    page = get(browser, "/reports/?state=doubt")
    (url,) = re.findall(r'href="(/reports/[0-9a-f-]+/)"', page)
    (settle,) = set(re.findall(r'href="(/reports/[0-9a-f-]+/settle/[0-9a-f-]+/)"', get(browser, url)))
    assert browser.post(settle, {"reading": "0", "reason": ""}).status_code == 200
    assert browser.post(settle, {"reading": "0", "reason": "the provider said so"}).status_code == 302
    assert "Settled as" in get(browser, url)
    assert browser.get(settle).status_code == 404


def test_what_was_settled_is_not_the_next_step_any_more(made: Nation, as_process: Any) -> None:
    chat = "[03/04/2026, 20:01:10] Heron: hello\n[03/04/2026, 20:02:00] Robin: hello\n"
    with as_process("worker"), factories.intake() as intake:
        url = f"/reports/{intake.take('ESX', chat, name='doubtful')[0].report_id}/"
    browser = client("intake_officer@esx.example")
    page = get(browser, url)
    assert "Settle 1 ambiguous entry" in page
    (entry,) = re.findall(r'action="(/work/[0-9a-f-]+/take/)"', page)
    browser.post(entry)
    bar = get(browser, url).partition('class="cets-next')[2].partition("</section>")[0]
    (settle,) = re.findall(r'href="(/reports/[0-9a-f-]+/settle/[0-9a-f-]+/)"', bar)
    browser.post(settle, {"reading": "0", "reason": "the provider said so"})
    page = get(browser, url)
    assert "Read and grade the report" in page
    assert "Settle 1 ambiguous entry" not in page.partition(">History")[0]


def test_sharing_changes_with_a_reason(made: Nation) -> None:
    browser = client("intake_officer@esx.example")
    url = f"/reports/{made.reports['lines']}/sharing/"
    assert browser.post(url, {"level": "silent", "reason": ""}).status_code == 200
    assert report(made, "analyst", "lines").sharing == 1
    assert browser.post(url, {"level": "silent", "reason": "a covert inquiry"}).status_code == 302
    assert report(made, "analyst", "lines").sharing == 0
    assert client("investigator@esx.example").post(url, {"level": "open", "reason": "x"}).status_code == 403


def test_the_original_leaves_as_it_came_with_a_purpose(made: Nation) -> None:
    browser = client("investigator@esx.example")
    page = get(browser, f"/reports/{made.reports['chat']}/custody/")
    (url,) = set(re.findall(r'href="(/reports/[0-9a-f-]+/originals/[0-9a-f-]+/)"', page))
    assert browser.post(url, {"purpose": "", "reference": ""}).status_code == 200
    answer = browser.post(url, {"purpose": "inquiry", "reference": "ESX/26/7"})
    assert answer.getvalue() == CHAT.encode()
    answer.close()
    assert answer["Content-Type"] == "application/octet-stream"
    assert re.fullmatch(r'attachment; filename="CETS-ESX-\d+-\d+-1\.bin"', answer["Content-Disposition"])
    assert answer["Cache-Control"] == "no-store"
    page = get(browser, f"/reports/{made.reports['chat']}/custody/")
    assert "Downloaded" in page
    assert "ESX/26/7" in get(browser, f"/reports/{made.reports['chat']}/history/") or "Original" in page


def test_another_teams_report_asks_why_first(made: Nation, as_process: Any) -> None:
    from cets.domains.agencies import actions
    from cets.kernel import clock
    from cets.sites.console.founding import founder

    with as_process("owner"):
        team = actions.add_team(agency=made.esx, name="Second team", by=founder())
        officer = actions.add_officer(
            agency=made.esx,
            team=team,
            login_name="far@esx.example",
            name="Far",
            password="demo",
            by=founder(),
            at=clock.now(),
        )
        with acting(founder()):
            actions.grant_role(
                officer=officer, role="analyst", approval_id=None, by=founder(), at=clock.now()
            )
    browser, url = client("far@esx.example"), f"/reports/{made.reports['esx']}/history/"
    before = len(events(made, "analyst", made.reports["esx"]))
    answer = browser.get(url)
    assert answer.status_code == 302
    asked = answer["Location"]
    assert str(made.reports["esx"]) not in asked
    assert len(events(made, "analyst", made.reports["esx"])) == before, "nothing was opened"
    token = re.search(r'name="go_on"[^>]* value="([^"]+)"', get(browser, asked))
    assert token
    answer = browser.post("/purpose/", {"purpose": "inquiry", "reference": "ESX/26/9", "go_on": token[1]})
    assert answer["Location"] == url
    assert "ESX/26/9" in get(browser, url)
    assert (
        browser.post("/purpose/", {"purpose": "intake", "reference": "x", "go_on": "//elsewhere.example"})[
            "Location"
        ]
        == "/"
    )


def test_a_failing_view_leaves_nothing_behind(made: Nation, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib import messages

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("after the grading was written")

    monkeypatch.setattr(messages, "success", fail)
    browser = client("intake_officer@esx.example", raise_request_exception=False)
    before = events(made, "analyst", made.reports["chat"])
    answer = browser.post(
        f"/reports/{made.reports['chat']}/grade/", {"source": "3", "information": "E", "handling": "P"}
    )
    assert answer.status_code == 500
    assert "Nothing was saved" in answer.content.decode()
    assert report(made, "analyst", "chat").graded_by is None
    assert events(made, "analyst", made.reports["chat"]) == before


# --- cost -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def counted() -> Any:
    def count(browser: Client, url: str) -> int:
        browser.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url).status_code == 200
        return len(queries)

    return count


def test_pages_cost_the_same_statements_for_more_rows(made: Nation, counted: Any, as_process: Any) -> None:
    browser = client("supervisor@esx.example")
    urls = (
        "/",
        "/?team=1",
        "/reports/",
        "/hits/",
        f"/reports/{made.reports['esx']}/",
        f"/reports/{made.reports['esx']}/identifiers/",
    )
    before = {url: counted(browser, url) for url in urls}
    with as_process("worker"), factories.intake() as intake:
        for number in range(6):
            note = f"Further note {number}. kestrel.blue@mail.example, p{number}@mail.example, +44 7700 90020{number}"
            intake.take("ESX", note, name=f"more-{number}")
            intake.take("NMR", f"{note} too", name=f"more-{number}")
    after = {url: counted(browser, url) for url in urls}
    assert {url: n for url, n in after.items() if n > before[url] + 2} == {}
    assert after["/"] <= 30
    assert max(after.values()) <= 45
    with acting(factories.viewer(made.officers["analyst"])):
        assert Hit.objects.count() >= 12


def test_a_sentence_is_shown_before_fields_and_a_report_without_identifiers_says_so(
    made: Nation, as_process: Any
) -> None:
    tip = {
        "reportId": "990001299",
        "reportedInformation": {
            "incidentSummary": {"incidentType": "Unconfirmed", "platform": "Kite Chat"},
            "childVictims": [{"emails": [{"value": "robin.small@mail.example"}]}],
        },
        "additionalNcmecInformation": {
            "priority": {"value": "Priority Level 2"},
            "executiveSummary": {
                "value": "The account was closed. Its owner wrote to robin.small@mail.example."
            },
        },
    }
    with as_process("worker"), factories.intake() as intake:
        told, empty = intake.take(
            "NMR", json.dumps(tip), "Nothing that anybody could be found by.", name="tip"
        )
    browser = client("foreign@nmr.example")
    page = get(browser, f"/reports/{told.report_id}/")
    assert "The account was closed. Its owner wrote to [Child A" in page
    assert "robin.small" not in page
    assert "priority: " not in page

    page = get(browser, f"/reports/{empty.report_id}/identifiers/")
    assert "No identifier was found in it." in page
    assert "No identifier fits this filter." in get(
        browser, f"/reports/{empty.report_id}/identifiers/?kind=email"
    )
