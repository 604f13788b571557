"""Another team's hit, and a note on its report, ask why; a list of hits is recorded once with what it showed."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

import factories
from cets.access.viewer import Purpose, acting
from cets.audit.models import Event, Payload
from cets.domains.agencies.actions import add_team
from cets.domains.deconfliction.models import Decision
from cets.domains.reports.models import Report
from cets.kernel import clock
from cets.sites.console import showing
from cets.sites.console.founding import founder
from unit.sites.desk.desk_nation import client

MAIL = "kestrel.blue@mail.example"
SPOKEN = {"spoke_to": "D. Rook", "spoke_at": f"{clock.now():%d %b %Y, %H:%M}", "agreed": "they_lead"}


def get(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


@pytest.fixture
def teams(db: Any, as_process: Any) -> dict[str, Client]:
    """ESX holds a hit that is its duty team's; browsers of that team and of another one."""
    esx = factories.agency("ESX")
    factories.agency("NMR")
    other = add_team(agency=esx, name="Other team", by=founder())
    factories.officer(esx, "ours@esx.example", "investigator")
    factories.officer(esx, "other@esx.example", "investigator", team=other)
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", f"Seen with {MAIL}.")
        intake.take("NMR", f"Written by {MAIL}.", sharing="open")
    return {name: client(f"{name}@esx.example") for name in ("ours", "other")}


def events_of(type_: str) -> list[Event]:
    with acting(factories.service("ESX")[1]):
        return list(Event.objects.filter(type=type_).order_by("number"))


def addresses(browser: Client) -> list[str]:
    """Return every address of the one hit that the list shows."""
    (hit,) = set(re.findall(r"/hits/([0-9a-f-]{36})/", get(browser, "/hits/")))
    (theirs,) = set(re.findall(rf'href="(/hits/{hit}/theirs/[0-9a-f-]+/)"', get(browser, f"/hits/{hit}/")))
    return [f"/hits/{hit}/{tail}" for tail in ("", "not-same/", "no-action/", "join/")] + [theirs]


def test_another_teams_hit_asks_why_before_anything_is_opened(teams: dict[str, Client]) -> None:
    asked = addresses(teams["ours"])
    before = len(events_of("deconfliction:hit:opened"))
    for address in asked:
        answer = teams["other"].get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/purpose/"), address
    hit = asked[0]
    posts = {"contact/": SPOKEN, "nobody/": {}, "not-same/": {"reason": "x"}, "take-back/": {"reason": "x"}}
    for tail, given in posts.items():
        assert teams["other"].post(hit + tail, given)["Location"].startswith("/purpose/"), tail
    assert len(events_of("deconfliction:hit:opened")) == before
    with acting(factories.service("ESX")[1]):
        assert not Decision.objects.exists()

    teams["other"].post("/purpose/", {"purpose": "inquiry", "reference": "ESX/26/9"})
    for address in asked:
        answer = teams["other"].get(address)
        # Another agency holds it: it is spoken about, not joined.
        assert answer.status_code == (302 if address.endswith("/join/") else 200), address
        assert answer.get("Location", hit) == hit, address
    assert teams["other"].post(f"{hit}not-same/", {"reason": "x"})["Location"] == hit
    opened = events_of("deconfliction:hit:opened")[before:]
    assert {(e.purpose, e.purpose_reference) for e in opened} == {("inquiry", "ESX/26/9")}


def test_a_note_on_another_teams_report_asks_why(teams: dict[str, Client]) -> None:
    with acting(factories.service("ESX")[1]):
        note = f"/reports/{Report.objects.get().id}/note/"
    assert teams["other"].get(note)["Location"].startswith("/purpose/")
    assert teams["other"].post(note, {"text": "Later."})["Location"].startswith("/purpose/")
    assert teams["ours"].get(note).status_code == 200
    assert len(events_of("reports:report:opened")) == 1


def test_a_list_of_hits_is_recorded_once_with_what_it_showed(
    teams: dict[str, Client], as_process: Any
) -> None:
    listed = "deconfliction:hit:listed"
    (hit,) = set(re.findall(r"/hits/([0-9a-f-]{36})/", get(teams["ours"], "/hits/")))
    (event,) = events_of(listed)
    _agency, service = factories.service("ESX")
    purpose = Purpose("attack", "R-9")
    with as_process("worker"):
        lines = showing.hits(replace(service, purpose=purpose), with_common=True)
        next(lines)
        del lines  # a reader who goes away early has seen it all the same
    _, second = events_of(listed)
    assert (second.purpose, second.purpose_reference) == ("attack", "R-9")
    with acting(service):
        bodies = Payload.objects.filter(event_id__in=[event.id, second.id]).values_list("body", flat=True)
        assert [json.loads(body) for body in bodies] == [{"hits": [hit]}] * 2


def test_one_look_at_a_question_of_a_hit_is_recorded_once(db: Any, as_process: Any) -> None:
    factories.officer(factories.agency("ESX"), "ours@esx.example", "analyst")
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", f"Seen with {MAIL}.", f"Heard of {MAIL}.")
    browser = client("ours@esx.example")
    (hit,) = set(re.findall(r"/hits/([0-9a-f-]{36})/", get(browser, "/hits/")))
    for tail in ("not-same/", "no-action/", "join/"):
        before = len(events_of("deconfliction:hit:opened"))
        assert browser.get(f"/hits/{hit}/{tail}").status_code == 200, tail
        assert len(events_of("deconfliction:hit:opened")) == before + 1, tail
