"""Agencies, teams, officers, roles and the second person, as the desk's own database role."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.conf import settings

import factories
from cets.access.viewer import acting
from cets.domains.agencies import logins
from cets.domains.agencies.models import Agency, Officer, RoleGrant, Team
from cets.domains.approvals.models import Approval
from cets.domains.ledger.models import Entry
from unit.sites.desk.desk_nation import client


@pytest.fixture
def people(db):
    """Two administrators and an analyst."""
    esx = factories.agency("ESX")
    made = {
        name: factories.officer(esx, f"{name}@esx.example", "administrator") for name in ("finch", "heron")
    }
    made["wren"] = factories.officer(esx, "wren@esx.example", "analyst")
    return made


@pytest.fixture
def finch(people):
    return client("finch@esx.example")


def text_of(answer, status=200):
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def as_admin(people):
    return acting(factories.viewer(people["finch"]))


AGENCY = {
    "name": "Westmark Police",
    "code": "WMK",
    "country": "GB",
    "duty_phone": "+44 7700 900200",
    "duty_mail": "duty@wmk.example",
}


def test_an_agency_is_added_with_its_duty_team(finch, people):
    answer = finch.post("/admin/agencies/add/", AGENCY)

    page = text_of(finch.get(answer.url))
    assert "Westmark Police" in page
    assert "+44 7700 900200" in page
    assert "Westmark Police" in text_of(finch.get("/admin/agencies/"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": "ESX"}, "An agency ESX exists already"),
        ({"code": "a1!"}, "capital letters"),
        ({"name": ""}, "Give the agency&#x27;s name"),
        ({"country": "UK"}, "UK is written GB"),
        ({"duty_phone": "call me"}, "call me is no telephone number"),
        ({"duty_mail": "nobody"}, "nobody is no e-mail address"),
    ],
)
def test_a_wrong_agency_is_an_error_of_the_form(finch, people, changed, said):
    page = text_of(finch.post("/admin/agencies/add/", AGENCY | changed), 422)

    assert said in page
    with as_admin(people):
        assert Agency.objects.filter(is_centre=False).count() == 1


def test_a_team_is_added_and_reached(finch, people):
    esx = people["finch"].agency
    finch.post(f"/admin/agencies/{esx.id}/teams/add/", {"name": "Night desk", "phone": "", "mail": ""})
    with as_admin(people):
        team = Team.objects.get(name="Night desk")

    finch.post(
        f"/admin/teams/{team.id}/",
        {"name": "Renamed", "phone": "+44 7700 900444", "mail": "night@esx.example"},
    )

    with as_admin(people):
        team.refresh_from_db()
        assert (team.name, team.phone, team.email) == ("Night desk", "+44 7700 900444", "night@esx.example")
    assert "Night desk" in text_of(finch.get(f"/admin/agencies/{esx.id}/"))


def test_the_code_may_be_as_long_as_at_the_command_line(finch, people):
    answer = finch.post("/admin/agencies/add/", AGENCY | {"code": "westmark2"})

    assert "WESTMARK2" in text_of(finch.get(answer.url))


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ({"phone": "call me", "mail": ""}, "call me is no telephone number"),
        ({"phone": "", "mail": "nobody"}, "nobody is no e-mail address"),
    ],
)
def test_a_team_that_could_not_be_reached_is_an_error_of_the_form(finch, people, contact, said):
    with as_admin(people):
        team = Team.objects.get(agency__code="ESX", is_duty=True)

    assert said in text_of(finch.post(f"/admin/teams/{team.id}/", {"name": team.name} | contact), 422)

    with as_admin(people):
        before = team.phone
        team.refresh_from_db()
        assert team.phone == before


def add_officer(finch, people, login="robin@esx.example", name="R. Robin"):
    with as_admin(people):
        team = Team.objects.get(agency__code="ESX", is_duty=True)
    return finch.post(
        f"/admin/agencies/{team.agency_id}/officers/add/",
        {"name": name, "login": login, "team": str(team.id)},
    )


def password_in(page):
    return re.search(r"[b-z2-9]{5}(?:-[b-z2-9]{5}){3}", page)[0]


def test_a_new_officer_signs_in_with_the_password_shown_once(finch, people):
    page = text_of(add_officer(finch, people))

    password = password_in(page)
    assert "No role yet" in page
    signed = client("robin@esx.example", password)
    assert signed.get("/").status_code == 200
    with as_admin(people):
        robin = Officer.objects.get(name="R. Robin")
        assert not RoleGrant.objects.filter(officer=robin).exists()
    assert password not in text_of(finch.get(f"/admin/officers/{robin.id}/"))


def test_a_login_is_given_once(finch, people):
    page = text_of(add_officer(finch, people, login="wren@esx.example"), 422)

    assert "A login wren@esx.example exists already" in page


def test_hostile_names_are_shown_as_text(finch, people):
    page = text_of(add_officer(finch, people, name="<script>alert(1)</script>"))

    assert "<script>alert" not in page
    assert "<script>alert" not in text_of(finch.get("/admin/officers/"))


def test_a_role_needs_a_second_person(finch, people):
    wren = people["wren"]
    finch.post(
        f"/admin/officers/{wren.id}/role/",
        {"officer": str(wren.id), "role": "supervisor", "reason": "Leads the team"},
    )
    with as_admin(people):
        (approval,) = Approval.objects.all()
        assert not RoleGrant.objects.filter(role="supervisor").exists()

    own = text_of(finch.get(f"/admin/approvals/{approval.id}/"))
    assert "another person has to decide" in own
    assert '<form method="post" action="/admin/approvals/' not in own
    finch.post(f"/admin/approvals/{approval.id}/", {"decision": "approve", "reason": "Myself"})
    with as_admin(people):
        assert not RoleGrant.objects.filter(role="supervisor").exists()

    heron = client("heron@esx.example")
    assert "Waits for you or another" in text_of(heron.get("/admin/approvals/"))
    assert "Leads the team" in text_of(heron.get(f"/admin/approvals/{approval.id}/"))
    heron.post(f"/admin/approvals/{approval.id}/", {"decision": "approve", "reason": "Known to me"})

    with as_admin(people):
        assert RoleGrant.objects.get(role="supervisor").officer == wren
    page = text_of(heron.get(f"/admin/approvals/{approval.id}/"))
    assert "Agreed" in page
    assert "Known to me" in page


def test_a_refusal_gives_nothing(finch, people):
    wren = people["wren"]
    finch.post(
        f"/admin/officers/{wren.id}/role/", {"officer": str(wren.id), "role": "supervisor", "reason": "Leads"}
    )
    with as_admin(people):
        approval = Approval.objects.get()

    client("heron@esx.example").post(
        f"/admin/approvals/{approval.id}/", {"decision": "refuse", "reason": "Too early"}
    )

    with as_admin(people):
        assert not RoleGrant.objects.filter(role="supervisor").exists()
        assert Approval.objects.get().agreed is False


def test_a_request_without_a_reason_or_asked_twice_is_an_error(finch, people):
    url, wren = f"/admin/officers/{people['wren'].id}/role/", str(people["wren"].id)

    assert "Say why it is needed" in text_of(
        finch.post(url, {"officer": wren, "role": "supervisor", "reason": ""}), 422
    )
    finch.post(url, {"officer": wren, "role": "supervisor", "reason": "Leads"})
    assert "waits for a second person already" in text_of(
        finch.post(url, {"officer": wren, "role": "supervisor", "reason": "x"}), 422
    )
    assert finch.post(url, {"officer": wren, "role": "command_line", "reason": "x"}).status_code == 422


def test_a_role_is_ended_by_one_person_and_at_once(finch, people):
    analyst = client("wren@esx.example")
    assert analyst.get("/reports/").status_code == 200
    with as_admin(people):
        grant = RoleGrant.objects.get(officer=people["wren"])

    assert "Take a role away" in text_of(finch.get(f"/admin/grants/{grant.id}/end/"))
    finch.post(f"/admin/grants/{grant.id}/end/")

    assert analyst.get("/reports/").status_code == 404


def test_a_new_password_ends_the_old_one_and_its_sessions(finch, people):
    analyst = client("wren@esx.example")

    page = text_of(finch.post(f"/admin/officers/{people['wren'].id}/password/"))

    assert analyst.get("/").status_code == 302
    assert client().post("/sign-in/", {"login": "wren@esx.example", "password": "demo"}).status_code == 200
    assert client("wren@esx.example", password_in(page)).get("/").status_code == 200


def test_the_second_factor_is_asked_for(finch, people):
    url = f"/admin/officers/{people['wren'].id}/second-factor/"

    finch.post(url, {"reason": "Lost the telephone"})

    with as_admin(people):
        assert Approval.objects.get().kind == "reset_second_factor"
    assert "Take the second factor away" in text_of(finch.get("/admin/approvals/"))


def test_who_goes_hands_over_the_work(finch, people, as_process):
    wren = people["wren"]
    with as_process("worker"), factories.intake() as intake:
        intake.take((wren.agency, factories.viewer(wren)), "Words that are somebody's work")
    colleague = factories.viewer(factories.officer(wren.agency, "jay@esx.example", "analyst"))

    answer = finch.post(f"/admin/officers/{wren.id}/leave/", {"reason": "Retired"}, follow=True)

    assert "1 record went to the team." in text_of(answer)
    assert "Left" in text_of(answer)
    with acting(colleague):
        assert Entry.objects.get().owner_team_id == wren.team_id
    assert client().post("/sign-in/", {"login": "wren@esx.example", "password": "demo"}).status_code == 200
    assert (
        finch.get(f"/admin/officers/{wren.id}/away/").status_code == 404
    )  # nothing more to do with who has left


def test_who_goes_for_good_goes_for_a_reason_that_is_kept(finch, people):
    wren = people["wren"]
    url = f"/admin/officers/{wren.id}/leave/"
    page = text_of(finch.get(url))
    button = re.search(r'<button[^>]*class="govuk-button[^>]*>\s*Mark as gone for good', page)

    assert button
    assert "govuk-button--warning" in button[0]
    assert "data-key" not in button[0]
    assert "Give the reason" in text_of(finch.post(url), 422)
    assert f"{url[:-7]}/leave/" in text_of(finch.get(f"/admin/officers/{wren.id}/"))

    finch.post(url, {"reason": "Left the force in May"})

    factories.officer(wren.agency, "owl@esx.example", "data_protection_officer")
    audit = text_of(client("owl@esx.example").get("/audit/"))
    assert "reason: Left the force in May" in audit


def test_nobody_marks_himself_as_gone_for_good(finch, people):
    own = people["finch"].id

    assert f"/admin/officers/{own}/leave/" not in text_of(finch.get(f"/admin/officers/{own}/"))
    page = text_of(finch.post(f"/admin/officers/{own}/leave/", {"reason": "Tired"}), 422)
    assert "another administrator does that" in page
    assert text_of(finch.get("/admin/agencies/"))


def test_how_much_work_somebody_of_another_agency_had_is_not_told(finch, as_process):
    jay = factories.officer(factories.agency("NMR"), "jay@nmr.example", "analyst")
    with as_process("worker"), factories.intake() as intake:
        intake.take((jay.agency, factories.viewer(jay)), "Words that are somebody's work")

    answer = finch.post(f"/admin/officers/{jay.id}/away/", follow=True)

    assert "jay: Open work went to the team." in text_of(answer)
    assert "1 record" not in text_of(answer)


def test_away_and_back(finch, people):
    wren = people["wren"]

    assert "Away" in text_of(finch.post(f"/admin/officers/{wren.id}/away/", follow=True))
    assert finch.get(f"/admin/officers/{wren.id}/away/").status_code == 404
    assert "is back" in text_of(finch.post(f"/admin/officers/{wren.id}/back/", follow=True))


def test_administrators_see_no_report(finch, people, as_process):
    with as_process("worker"), factories.intake() as intake:
        (received,) = intake.take("ESX", "Seen: kestrel.blue@mail.example")

    for url in ("/reports/", f"/reports/{received.report_id}/", "/hits/", "/search/", "/upload/", "/audit/"):
        assert finch.get(url).status_code == 404


SCREENS = (
    "/admin/agencies/", "/admin/agencies/add/", "/admin/agencies/{agency}/", "/admin/agencies/{agency}/teams/add/",
    "/admin/agencies/{agency}/officers/add/", "/admin/teams/{team}/", "/admin/officers/", "/admin/officers/{officer}/",
    "/admin/officers/{officer}/role/", "/admin/officers/{officer}/away/", "/admin/officers/{officer}/password/", "/admin/grants/{grant}/end/",
    "/admin/roles/", "/admin/approvals/", "/admin/approvals/{approval}/",
)  # fmt: skip


def addresses(finch, people):
    wren = people["wren"]
    finch.post(
        f"/admin/officers/{wren.id}/role/", {"officer": str(wren.id), "role": "supervisor", "reason": "Leads"}
    )
    with as_admin(people):
        ids = {
            "agency": wren.agency_id, "team": wren.team_id, "officer": wren.id, "grant": RoleGrant.objects.get(officer=wren).id,
            "approval": Approval.objects.get().id,
        }  # fmt: skip
    return [screen.format(**ids) for screen in SCREENS]


def test_every_screen_opens_for_an_administrator_and_for_nobody_else(finch, people):
    urls = addresses(finch, people)
    for url in urls:
        assert finch.get(url).status_code == 200, url
    for role in ("analyst", "supervisor", "data_protection_officer", "deconfliction_officer"):
        factories.officer(people["wren"].agency, f"{role}@esx.example", role)
        browser = client(f"{role}@esx.example")
        for url in urls:
            assert browser.get(url).status_code == 404, (role, url)
            assert browser.post(url, {}).status_code == 404, (role, url)


def test_what_is_not_there_is_not_found(finch, people):
    nobody = people["wren"].agency_id  # an id of something else
    for url in (
        f"/admin/officers/{nobody}/",
        f"/admin/approvals/{nobody}/",
        f"/admin/teams/{nobody}/",
        f"/admin/grants/{nobody}/end/",
    ):
        assert finch.get(url).status_code == 404
    assert finch.get(f"/admin/officers/{people['wren'].id}/dance/").status_code == 404
    assert finch.get("/admin/officers/?agency=x").status_code == 200


def test_lists_ask_the_same_however_long_they_are(finch, people):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements(url):
        with CaptureQueriesContext(connection) as asked:
            assert finch.get(url).status_code == 200
        return len(asked)

    urls = ("/admin/agencies/", "/admin/officers/", "/admin/approvals/")
    before = [statements(url) for url in urls]
    for number in range(5):
        factories.officer(factories.agency(f"AG{number}"), f"o{number}@ag.example", "analyst", "supervisor")

    assert [statements(url) for url in urls] == before


# --- one person alone, and what cannot be seen --------------------------------------------------------


def request_for(finch, people, role="supervisor"):
    wren = people["wren"]
    finch.post(f"/admin/officers/{wren.id}/role/", {"officer": str(wren.id), "role": role, "reason": "Leads"})
    with as_admin(people):
        return Approval.objects.get(decided_at=None)


def test_a_login_in_other_letters_is_the_same(finch, people):
    page = text_of(add_officer(finch, people, login="WREN@esx.example"), 422)

    assert "A login wren@esx.example exists already" in page
    assert client("Wren@ESX.example").get("/").status_code == 200


@pytest.mark.parametrize("login", ["no mail", "<b>", "\u200b", "аnа@esx.example"])
def test_what_is_no_login_is_an_error_of_the_form(finch, people, login):
    page = text_of(add_officer(finch, people, login=login), 422)

    assert "e-mail" in page
    with as_admin(people):
        assert not Officer.objects.filter(name="R. Robin").exists()


@pytest.mark.parametrize("name", ["\u200b", "\u202e\u200b", "Rob\u200bin"])
def test_a_name_that_hides_is_an_error_of_the_form(finch, people, name):
    assert "name" in text_of(add_officer(finch, people, name=name), 422)
    assert "name" in text_of(finch.post("/admin/agencies/add/", AGENCY | {"name": name}), 422)
    team = f"/admin/agencies/{people['finch'].agency_id}/teams/add/"
    assert "name" in text_of(finch.post(team, {"name": name, "phone": "", "mail": ""}), 422)


def test_another_agency_of_the_same_name_is_an_error_of_the_form(finch, people):
    said = text_of(finch.post("/admin/agencies/add/", AGENCY | {"name": "esx police"}), 422)

    assert "Another agency is called esx police" in said


def test_the_second_person_sees_in_whose_hands_the_account_is(finch, people):
    add_officer(finch, people)
    with as_admin(people):
        robin = Officer.objects.get(name="R. Robin")
    wanted = {"officer": str(robin.id), "role": "analyst", "reason": "Joins"}
    finch.post(f"/admin/officers/{robin.id}/role/", wanted)
    with as_admin(people):
        approval = Approval.objects.get()

    page = text_of(client("heron@esx.example").get(f"/admin/approvals/{approval.id}/"))

    assert "Speak with the officer before you agree" in page
    facts = re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", page))
    assert "Account added by finch Account added" in facts
    assert "Own password Not yet: somebody else knows it" in facts
    assert "Own second factor Not yet" in facts


def test_a_request_that_lapsed_says_so_and_waits_for_nobody(finch, people):
    approval = request_for(finch, people)
    finch.post(f"/admin/officers/{people['wren'].id}/leave/", {"reason": "Retired"})
    heron = client("heron@esx.example")
    url = f"/admin/approvals/{approval.id}/"

    assert "Waits for" not in text_of(heron.get("/admin/approvals/"))
    assert "Lapsed" in text_of(heron.get("/admin/approvals/"))
    assert "has lapsed" in text_of(heron.post(url, {"decision": "approve", "reason": "Known to me"}), 409)
    page = text_of(heron.get(url))
    assert "It has lapsed" in page
    assert f'action="{url}"' not in page
    assert "No request waits" in text_of(finch.get(f"/admin/officers/{people['wren'].id}/"))


def test_the_last_two_administrators_stay_and_the_page_says_how_to_go_on(finch, people):
    with as_admin(people):
        centre = Officer.objects.filter(login__name__endswith="@centre.example")
        ids = list(centre.values_list("id", flat=True))
        grant = RoleGrant.objects.get(officer=people["heron"])
    for one in ids:
        finch.post(f"/admin/officers/{one}/leave/", {"reason": "Retired"})

    for url in (f"/admin/officers/{people['heron'].id}/leave/", f"/admin/grants/{grant.id}/end/"):
        assert "First make somebody else administrator" in text_of(finch.post(url, {"reason": "x"}), 422)
    assert text_of(finch.get("/admin/agencies/"))


def test_a_password_that_would_open_a_role_is_refused(finch, people, monkeypatch):
    monkeypatch.setattr(logins, "settings", SimpleNamespace(CETS=replace(settings.CETS, mode="real")))

    page = text_of(finch.post(f"/admin/officers/{people['wren'].id}/password/"), 422)

    assert "End the roles first" in page
    assert client("wren@esx.example").get("/").status_code == 200
