"""A form that came too late, or whose right is gone: nothing is overwritten, nothing that was written is lost."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

import factories
from cets.access.viewer import acting
from cets.domains.agencies.actions import add_team
from cets.domains.agencies.models import Agency
from cets.domains.deconfliction import queries
from cets.domains.deconfliction.models import Hit
from cets.domains.ledger import absences
from cets.domains.reports.models import Part, Report
from cets.kernel import clock
from cets.sites.console.founding import founder
from unit.sites.desk.desk_nation import Nation, client, nation

OURSELVES = "http://localhost"
GRADES = {"source": "1", "information": "B", "handling": "P"}


@pytest.fixture
def made(db: str, as_process: Any) -> Nation:
    return nation(as_process)


def send(browser: Client, url: str, fields: dict[str, str]) -> Any:
    """Send a form as a browser sends one of our own pages."""
    body = urlencode(fields)
    return browser.post(
        url, body, content_type="application/x-www-form-urlencoded", headers={"origin": OURSELVES}
    )


def hidden(browser: Client, url: str) -> dict[str, str]:
    """Open a form and return the fields that its page carries unseen."""
    page = browser.get(url).content.decode()
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    found.pop("csrfmiddlewaretoken", None)
    return found


def report_of(made: Nation) -> Report:
    with acting(factories.viewer(made.officers["analyst"])):
        return Report.objects.select_related("entry__owner_officer").get(id=made.reports["esx"])


def refused(answer: Any, *said: str, status: int = 409) -> str:
    page: str = answer.content.decode()
    assert answer.status_code == status, page
    assert "Quote this number" not in page
    main = page.partition("<main")[2]
    assert [words for words in said if words not in main] == []
    return page


# --- what a colleague set meanwhile is not overwritten ----------------------------------------------------------------


def test_a_late_sharing_form_leaves_a_silent_report_silent(made: Nation) -> None:
    amber, cobalt = client("analyst@esx.example"), client("supervisor@esx.example")
    url = f"/reports/{made.reports['esx']}/sharing/"
    old = hidden(amber, url)
    now = {"level": "silent", "reason": "An operation is near"}
    assert send(cobalt, url, hidden(cobalt, url) | now).status_code == 302

    late = send(amber, url, old | {"level": "open", "reason": "They asked for the summary"})

    refused(
        late, "from contact to silent: An operation is near", "They asked for the summary", "Go to the report"
    )
    assert report_of(made).sharing == 0


def test_a_late_step_does_not_open_a_closed_report(made: Nation) -> None:
    amber, cobalt, url = (
        client("analyst@esx.example"),
        client("supervisor@esx.example"),
        f"/reports/{made.reports['esx']}/",
    )
    due = f"{clock.now() + timedelta(days=7):%d %b %Y, %H:%M}"
    old = hidden(amber, f"{url}step/")
    assert (
        send(cobalt, f"{url}close/", hidden(cobalt, f"{url}close/") | {"outcome": "Sent on"}).status_code
        == 302
    )

    late = send(amber, f"{url}step/", old | {"step": "Ask the school", "due_at": due})
    refused(late, "was closed meanwhile", "Work closed: Sent on", "Ask the school")
    assert report_of(made).entry.closed_at is not None

    first, second = hidden(amber, f"{url}step/"), hidden(cobalt, f"{url}step/")
    assert send(cobalt, f"{url}step/", second | {"step": "Call the bank", "due_at": due}).status_code == 302
    again = send(amber, f"{url}step/", first | {"step": "Ask the school", "due_at": due})
    refused(again, "was opened again meanwhile", "Call the bank", "Ask the school")
    assert report_of(made).entry.next_step == "Call the bank"


@pytest.mark.parametrize(
    ("name", "first", "then"),
    [
        ("step", {"step": "Call the bank"}, {"step": "Ask the school"}),
        ("grade", GRADES, GRADES | {"information": "E", "conditions": "Not for the press"}),
        (
            "assign",
            {"owner": "analyst", "reason": "Knows it"},
            {"owner": "investigator", "reason": "Is on duty"},
        ),
    ],
)
def test_of_two_forms_opened_at_once_the_second_overwrites_nothing(
    made: Nation, name: str, first: dict[str, str], then: dict[str, str]
) -> None:
    browser, url = client("supervisor@esx.example"), f"/reports/{made.reports['esx']}/{name}/"
    old = hidden(browser, url)
    due = {"due_at": f"{clock.now() + timedelta(days=7):%d %b %Y, %H:%M}"}

    def filled(fields: dict[str, str]) -> dict[str, str]:
        owner = {"owner": f"officer-{made.officers[fields['owner']].id}"} if "owner" in fields else {}
        return old | due | fields | owner

    assert send(browser, url, filled(first)).status_code == 302
    refused(send(browser, url, filled(then)), "changed the record since it was shown", then.get("reason", ""))

    report = report_of(made)
    if name == "step":
        assert report.entry.next_step == "Call the bank"
    elif name == "grade":
        assert report.grading_information == "B"
    else:
        assert report.entry.owner_officer == made.officers["analyst"]


def test_a_form_that_comes_back_with_an_error_keeps_what_it_showed_first(made: Nation) -> None:
    browser, url = client("analyst@esx.example"), f"/reports/{made.reports['esx']}/sharing/"
    old = hidden(browser, url)
    send(browser, url, old | {"level": "silent", "reason": "An operation is near"})

    page = send(browser, url, old | {"level": "open", "reason": ""}).content.decode()

    assert f'name="shown" value="{old["shown"]}"' in page


# --- people and roles -------------------------------------------------------------------------------------------------


def test_what_is_done_to_an_officer_is_done_once(made: Nation) -> None:
    by, at = factories.viewer(factories.officer(made.nmr, "heron@nmr.example", "administrator")), clock.now()
    officer = made.officers["analyst"]
    absences.go_absent(officer=officer, by=by, at=at)
    with pytest.raises(absences.AwayMeanwhile):
        absences.go_absent(officer=officer, by=by, at=at)
    absences.come_back(officer=officer, by=by)
    with pytest.raises(absences.BackMeanwhile):
        absences.come_back(officer=officer, by=by)
    with acting(by):
        grant = officer.grants.get()
    absences.end_role(grant=grant, by=by, at=at)
    with pytest.raises(absences.EndedMeanwhile):
        absences.end_role(grant=grant, by=by, at=at)
    absences.leave(officer=officer, by=by, at=at)
    with pytest.raises(absences.LeftMeanwhile):
        absences.leave(officer=officer, by=by, at=clock.now())
    with acting(by):
        officer.refresh_from_db()
    assert officer.left_at == at


def test_forms_about_an_officer_who_left_meanwhile_give_the_reason_back(made: Nation) -> None:
    browser, officer = client("administrator@esx.example"), made.officers["analyst"]
    url = f"/admin/officers/{officer.id}/"
    assert send(browser, f"{url}leave/", {"reason": "Retired in May"}).status_code == 302
    for name, more in (
        ("leave", {}), ("second-factor", {}), ("role", {"officer": f"{officer.id}", "role": "supervisor"}), ("away", {}),
    ):  # fmt: skip
        late = send(browser, f"{url}{name}/", more | {"reason": "Lost the key today"})
        refused(late, "gone for good meanwhile", "Lost the key today", f'href="{url}">Go to the officer')
    nowhere = send(browser, f"/admin/officers/{made.reports['esx']}/leave/", {"reason": "Lost the key today"})
    assert nowhere.status_code == 404


def test_ones_own_account_is_not_asked_about(made: Nation) -> None:
    own = made.officers["administrator"].id
    page = client("administrator@esx.example").get(f"/admin/officers/{own}/leave/").content.decode()
    assert "another administrator does that" in page
    assert "govuk-button--warning" not in page


def test_a_late_decision_is_told_that_it_was_not_taken(made: Nation) -> None:
    factories.officer(made.esx, "heron@esx.example", "administrator")
    factories.officer(made.esx, "finch@esx.example", "administrator")
    asker, officer = client("administrator@esx.example"), made.officers["nobody"]
    asked = {"officer": f"{officer.id}", "role": "analyst", "reason": "Needed"}
    assert send(asker, f"/admin/officers/{officer.id}/role/", asked).status_code == 302
    (url,) = set(
        re.findall(r"/admin/approvals/[0-9a-f-]{36}/", asker.get("/admin/approvals/").content.decode())
    )
    no = send(client("heron@esx.example"), url, {"decision": "refuse", "reason": "Not known here"})
    assert no.status_code == 302

    late = send(client("finch@esx.example"), url, {"decision": "approve", "reason": "I know her well"})

    refused(
        late, "decided this already", "Refused", "heron", "Not known here", "I know her well", f'href="{url}"'
    )


# --- a right that is gone, a doubt that is settled, a hit that is over --------------------------------------------------


@pytest.mark.parametrize("name", ["grade", "sharing", "step", "close", "assign", "secondees"])
def test_without_the_right_the_words_come_back_with_the_way_to_the_record(made: Nation, name: str) -> None:
    url = f"/reports/{made.reports['esx']}/"
    supervisor, secondee = client("supervisor@esx.example"), client("secondee@esx.example")
    supervisor.post(f"{url}secondees/", {"owner": f"{made.officers['secondee'].id}", "reason": "helps"})

    page = refused(
        send(secondee, f"{url}{name}/", {"reason": "Words of mine"}),
        "Words of mine", f'href="{url}">Go to the report', status=403,
    )  # fmt: skip

    assert "What happened last" not in page
    refused(secondee.get(f"{url}{name}/"), f'href="{url}">Go to the report', status=403)


def test_what_was_sent_to_nothing_comes_back_alike_for_missing_and_foreign(made: Nation) -> None:
    browser, pages = client("foreign@nmr.example"), []
    for one in (made.reports["esx"], made.reports["nmr"].int % 7):
        found = one if one == made.reports["esx"] else "6f1f2a52-58d4-4c3e-9c4e-000000000000"
        answer = send(browser, f"/reports/{found}/close/", {"outcome": "Words of mine"})
        assert answer.status_code == 404
        pages.append(re.sub(r'value="\w{64}"|\d\d:\d\d(:\d\d)?', "", answer.content.decode()))
    assert "Words of mine" in pages[0]
    assert pages[0] == pages[1]


def test_a_doubt_that_a_colleague_settled_gives_the_reason_back(made: Nation, as_process: Any) -> None:
    with as_process("worker"), factories.intake() as intake:
        chat = "[03/04/2026, 20:01:10] Heron: hello\n[03/04/2026, 20:02:00] Robin: hello\n"
        url = f"/reports/{intake.take('ESX', chat, name='doubtful')[0].report_id}/"
    browser = client("analyst@esx.example")
    (settle, *_) = re.findall(rf'href="({url}settle/[0-9a-f-]+/)"', browser.get(url).content.decode())
    assert send(browser, settle, {"reading": "0", "reason": "the provider said"}).status_code == 302

    late = send(browser, settle, {"reading": "1", "reason": "the mother said so"})

    refused(late, "settled this doubt meanwhile", "the mother said so", f'href="{url}">Go to the report')
    assert send(browser, f"{url}settle/{made.reports['esx']}/", {"reason": "x y"}).status_code == 404


def test_the_page_of_a_late_hit_form_says_why_a_colleague_decided(made: Nation) -> None:
    with acting(factories.viewer(made.officers["analyst"])):
        url = f"/hits/{Hit.objects.get(kind='email').id}/"
    first, second = client("analyst@esx.example"), client("investigator@esx.example")
    assert send(first, f"{url}not-same/", {"reason": "Two brothers share it"}).status_code == 302

    late = send(second, f"{url}no-action/", {"reason": "Nothing to act on"})

    refused(late, "Not the same. Two brothers share it.", "analyst", "Nothing to act on")


def test_a_decision_covers_no_record_that_came_after_its_form_was_opened(
    made: Nation, as_process: Any
) -> None:
    with acting(factories.viewer(made.officers["analyst"])):
        url = f"/hits/{Hit.objects.get(kind='email').id}/"
    browser = client("analyst@esx.example")
    why, called = (
        {"reason": "Two brothers share it"},
        {"spoke_to": "PC Heron of Northmoor", "agreed": "together"},
    )
    called["spoke_at"] = f"{clock.now():%d %b %Y, %H:%M}"
    old = {name: hidden(browser, url + name) for name in ("not-same/", "no-action/", "")}
    with as_process("owner"):
        factories.agency("KNT")
    with as_process("worker"), factories.intake() as intake:
        intake.take("KNT", "Seen at kestrel.blue@mail.example as well", name="note")

    for name in ("not-same/", "no-action/"):
        refused(
            send(browser, url + name, old[name] | why),
            "What meets here changed", "Two brothers share it", f'href="{url}">Go to the hit',
        )  # fmt: skip
    refused(
        send(browser, f"{url}contact/", old[""] | called), "What meets here changed", "PC Heron of Northmoor"
    )
    with acting(factories.viewer(made.officers["analyst"])):
        assert Hit.objects.get(kind="email").state == "open"

    assert "KNT" in browser.get(url).content.decode()
    assert send(browser, f"{url}contact/", hidden(browser, url) | called).status_code == 302


def test_a_late_answer_on_a_silent_pair_is_told_what_was_agreed(db: str, as_process: Any) -> None:
    for code in ("ESX", "NMR"):
        factories.agency(code)
    with as_process("worker"), factories.intake() as intake:
        for code in ("ESX", "NMR"):
            intake.take(code, f"{code} saw kestrel.blue@mail.example", sharing="silent")
    with acting(founder()):
        centre = Agency.objects.get(is_centre=True)
    desk = factories.viewer(factories.officer(centre, "linnet@centre.example", "deconfliction_officer"))
    with acting(desk):
        url = f"/silent-pairs/{queries.silent_pairs(desk).get().id}/"
    browser = client("linnet@centre.example")
    assert send(browser, url, {"agreed": "Each leads its own"}).status_code == 302

    late = send(browser, url, {"agreed": "They lead both of them"})

    page = refused(late, "pair was settled already", "Each leads its own", "They lead both of them")
    assert "hit is settled" not in page
    assert "<textarea" not in browser.get(url).content.decode()


# --- a purpose that is asked for in between ----------------------------------------------------------------------------


def test_a_note_sent_without_a_purpose_is_sent_on_with_one(made: Nation) -> None:
    team = add_team(agency=made.esx, name="Other team", by=founder())
    factories.officer(made.esx, "other@esx.example", "investigator", team=team)
    browser, url = client("other@esx.example"), f"/reports/{made.reports['esx']}/note/"

    asked = send(browser, url, {"text": "The aunt called: he has moved"})
    page = asked.content.decode()
    assert asked.status_code == 403
    assert "The aunt called: he has moved</textarea>" in page
    fields = dict(re.findall(r'<input[^>]* name="([\w-]+)"[^>]* value="([^"]*)"', page))
    fields.pop("csrfmiddlewaretoken", None)
    assert fields["text"] == "The aunt called: he has moved"

    wrong = send(browser, "/purpose/", fields | {"why-purpose": "inquiry", "why-reference": ""})
    assert (wrong.status_code, wrong.content.decode().count("The aunt called")) == (422, 2)
    answer = send(browser, "/purpose/", fields | {"why-purpose": "inquiry", "why-reference": "ESX/26/9"})
    assert (answer.status_code, answer["Location"]) == (307, url)
    with acting(factories.viewer(made.officers["analyst"])):
        before = Part.objects.filter(report=made.reports["esx"]).count()
    assert send(browser, url, fields).status_code == 302
    with acting(factories.viewer(made.officers["analyst"])):
        assert Part.objects.filter(report=made.reports["esx"]).count() == before + 1


def _asked_why(made: Nation) -> tuple[Client, str, dict[str, str]]:
    """Let an officer of another team send a note; return the browser, the address, and the answered page's fields."""
    team = add_team(agency=made.esx, name="Other team", by=founder())
    factories.officer(made.esx, "other@esx.example", "investigator", team=team)
    browser, url = client("other@esx.example"), f"/reports/{made.reports['esx']}/note/"
    page = send(browser, url, {"text": "The aunt called: he has moved"}).content.decode()
    return browser, url, fields_of(page) | {"why-purpose": "inquiry", "why-reference": "ESX/26/9"}


def fields_of(page: str) -> dict[str, str]:
    found = dict(re.findall(r'<input[^>]* name="([\w-]+)"[^>]* value="([^"]*)"', page))
    found.pop("csrfmiddlewaretoken", None)
    return found


def test_whoever_is_signed_out_on_the_page_that_asks_why_still_sends_the_note(made: Nation) -> None:
    browser, url, answered = _asked_why(made)
    browser.logout()

    ended = send(browser, "/purpose/", answered)
    page = ended.content.decode()
    assert ended.status_code == 401
    assert ">The aunt called: he has moved</textarea>" in page
    assert answered["why-go_on"] not in re.sub(r"<input[^>]*>", "", page)

    again = client("other@esx.example")
    answer = send(again, "/purpose/", fields_of(page))
    assert (answer.status_code, answer["Location"]) == (307, url)


def test_whoever_signed_in_anew_beside_the_page_that_asks_why_still_sends_the_note(made: Nation) -> None:
    browser, url, answered = _asked_why(made)
    strict = client("other@esx.example", enforce_csrf_checks=False)
    strict.handler.enforce_csrf_checks = True

    old = send(strict, "/purpose/", answered | {"csrfmiddlewaretoken": "a" * 64})
    page = old.content.decode()
    assert old.status_code == 403
    answer = send(browser, "/purpose/", fields_of(page))
    assert (answer.status_code, answer["Location"]) == (307, url)


def test_words_whose_way_is_not_known_any_more_come_back(made: Nation) -> None:
    browser, _url, answered = _asked_why(made)
    for token in ("", "too-old:or:forged"):
        refused(
            send(browser, "/purpose/", answered | {"why-go_on": token}),
            "open too long to be sent on", ">The aunt called: he has moved</textarea>",
        )  # fmt: skip


def test_what_another_site_sent_without_a_purpose_is_not_kept(made: Nation) -> None:
    team = add_team(agency=made.esx, name="Other team", by=founder())
    factories.officer(made.esx, "other@esx.example", "investigator", team=team)
    answer = client("other@esx.example").post(f"/reports/{made.reports['esx']}/note/", {"text": "Laid in"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/purpose/?to=")


# --- too long ----------------------------------------------------------------------------------------------------------


def test_a_text_that_is_too_long_stays_in_its_field_or_is_told_how_long_it_may_be(made: Nation) -> None:
    browser, url = client("analyst@esx.example"), f"/reports/{made.reports['esx']}/note/"
    long = send(browser, url, {"text": "w" * 3_000_000})
    assert long.status_code == 422
    assert "at most 20000 fit here" in long.content.decode()
    assert "w" * 3_000_000 in long.content.decode()

    browser = client("analyst@esx.example", raise_request_exception=False)
    longer = send(browser, url, {"text": "w" * 11_000_000})
    refused(longer, "takes at most 10.0", "Add it as a file", 'href="/upload/"', status=413)
