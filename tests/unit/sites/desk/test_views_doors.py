"""Who gets in, what an answer carries, and that missing and forbidden are one: through the real stack as the desk's role."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver

import factories
from cets.access.viewer import acting
from cets.domains.agencies.models import Login
from unit.sites.desk.desk_nation import Nation, client, nation, process_switch

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}
ROLES = (
    "intake_officer", "analyst", "investigator", "supervisor", "secondee", "deconfliction_officer", "data_protection_officer",
    "administrator", "nobody",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(module_db: str, request: Any) -> Nation:
    return nation(process_switch(request))


@pytest.fixture(autouse=True)
def fresh_counts(made: Nation) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def address(route: str) -> str:
    """Fill a route with ids that nothing has."""
    filled = re.sub(r"<uuid:\w+>", lambda _: str(uuid4()), route)
    filled = re.sub(r"<slug:\w+>", "any-word", filled)
    return "/" + re.sub(r"<int:\w+>", "987654", filled)


OURS = [(route, entry.callback.screen) for route, entry in patterns() if hasattr(entry.callback, "screen")]


def test_every_address_is_ours_or_the_sign_in_librarys() -> None:
    unmarked = [route for route, entry in patterns() if not hasattr(entry.callback, "screen")]
    assert unmarked, "the sign-in library's pages are gone"
    assert [route for route in unmarked if not route.startswith("sign-in/") and route != "sign-out/"] == []


def test_no_address_takes_a_value_of_a_record() -> None:
    for route, _screen in OURS:
        # A word in the address of an officer's screen is the name of what is done, never of whom; in that of a grading, of
        # which kind of row is graded.
        may = route.startswith("admin/officers/") or "/grade/<slug:item>/" in route
        known = {"uuid", "int", "slug"} if may else {"uuid", "int"}
        assert set(re.findall(r"<(\w+):", route)) <= known, route


def test_whoever_is_not_signed_in_is_asked_to(made: Nation) -> None:
    browser = client()
    for route, screen in OURS:
        method = "get" if "GET" in screen.methods else "post"
        answer = getattr(browser, method)(address(route))
        if screen.public:
            assert answer.status_code in {200, 404}, route
        elif method == "get":
            assert answer.status_code == 302, route
            assert answer["Location"].startswith("/sign-in/?next="), route
        else:
            assert answer.status_code == 401, route
            assert "nothing was saved" in answer.content.decode(), route


def test_every_answer_forbids_what_a_browser_might_do_with_it(made: Nation) -> None:
    for browser in (client(), client("supervisor@esx.example")):
        for route, _entry in patterns():
            answer = browser.get(address(route))
            assert answer.status_code != 500, route
            for name, value in HEADERS.items():
                assert value in answer[name], (route, name, answer.get(name))
            policy = answer["Content-Security-Policy"]
            assert "default-src 'self'" in policy, route
            assert "frame-ancestors 'none'" in policy, route
            assert "unsafe" not in policy, route


class _Nesting(HTMLParser):
    VOID = frozenset(
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
    )

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.ids.extend(value for name, value in attrs if name == "id")
        self.faults.extend(
            f"style attribute on {tag}" for name, _ in attrs if name == "style" or name.startswith("on")
        )
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, _tag: str, attrs: Any) -> None:
        self.ids.extend(value for name, value in attrs if name == "id")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")


def check_html(text: str) -> None:
    """Assert that elements close as they opened, ids are unique, and nothing is inline."""
    nesting = _Nesting()
    nesting.feed(text)
    assert nesting.faults == []
    assert nesting.open == []
    assert sorted(nesting.ids) == sorted(set(nesting.ids))


def test_every_page_of_a_walk_is_well_formed_and_leads_somewhere(made: Nation) -> None:
    for login in ROLES:
        browser, todo, seen = client(f"{login}@esx.example"), ["/"], set()
        while todo:
            url = todo.pop()
            if url in seen or url.startswith(("/static", "/sign-out")):
                continue
            seen.add(url)
            answer = browser.get(url)
            if answer.status_code == 302:
                todo.append(answer["Location"])
                continue
            assert answer.status_code == 200, (login, url, answer.status_code)
            if not answer["Content-Type"].startswith("text/html"):
                continue
            text = answer.content.decode()
            check_html(text)
            links = (link.replace("&amp;", "&") for link in re.findall(r'href="([^"#]+)', text))
            todo.extend(
                url.partition("?")[0] + link if link.startswith("?") else link
                for link in links
                if link[0] in "/?"
            )
        assert "/recorded/" in seen


def test_a_role_without_the_permission_finds_nothing_there(made: Nation) -> None:
    from cets.access.roles import ROLES as KNOWN

    for login in ROLES:
        held = KNOWN[login].permissions if login in KNOWN else frozenset()
        browser = client(f"{login}@esx.example")
        for route, screen in OURS:
            if screen.see is not None and screen.see not in held:
                for method in ("get", "post"):
                    answer = getattr(browser, method)(address(route))
                    assert answer.status_code == 404, (login, route, method)


def _without_what_differs(text: str) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    text = re.sub(r"\d{2}:\d{2}(:\d{2})?", "", text)
    return re.sub(r"req-\w+", "", text)


def test_a_foreign_record_and_none_are_the_same_answer(made: Nation) -> None:
    browser = client("foreign@nmr.example")
    mine = client("analyst@esx.example").get("/hits/").content.decode()
    hit = re.findall(r"/hits/([0-9a-f-]{36})/", mine)[0]
    report = made.reports["esx"]
    compared = 0
    for route, screen in OURS:
        for name, known in (("report_id", report), ("hit_id", hit)):
            if f"<uuid:{name}>" not in route:
                continue
            foreign = re.sub(rf"<uuid:{name}>", str(known), route)
            for method in ("get", "post"):
                if method.upper() not in screen.methods:
                    continue
                first, second = (getattr(browser, method)(address(r)) for r in (foreign, route))
                assert first.status_code == second.status_code == 404, route
                assert _without_what_differs(first.content.decode()) == _without_what_differs(
                    second.content.decode()
                ), route
                assert {k: v for k, v in first.items() if k != "X-Request-ID"} == {
                    k: v for k, v in second.items() if k != "X-Request-ID"
                }
                compared += 1
    assert compared > 20


def test_a_method_that_a_screen_does_not_have_is_refused(made: Nation) -> None:
    browser = client("supervisor@esx.example")
    for route, screen in OURS:
        for method in {"get", "post", "put", "delete", "patch"} - {m.lower() for m in screen.methods}:
            if screen.public:
                continue
            assert getattr(browser, method)(address(route)).status_code in {404, 405}, (route, method)


def test_a_form_without_its_token_changes_nothing(made: Nation) -> None:
    browser = client("intake_officer@esx.example", enforce_csrf_checks=False)
    browser.handler.enforce_csrf_checks = True
    answer = browser.post(
        f"/reports/{made.reports['esx']}/grade/", {"source": "1", "information": "A", "handling": "P"}
    )
    assert answer.status_code == 403
    assert "the form was too old" in answer.content.decode()


# --- signing in -----------------------------------------------------------------------------------------------------


def sign_in(browser: Any, login: str, password: str) -> Any:
    return browser.post("/sign-in/", {"login": login, "password": password})


def test_an_unknown_login_and_a_wrong_password_look_alike(made: Nation) -> None:
    texts = []
    for login in ("analyst@esx.example", "someone@esx.example"):
        answer = sign_in(client(), login, "wrong")
        assert answer.status_code == 200
        texts.append(_without_what_differs(answer.content.decode()).replace(login, ""))
    assert texts[0] == texts[1]


def test_after_five_failures_even_the_right_password_waits(made: Nation) -> None:
    for login in ("analyst@esx.example", "someone@esx.example"):
        cache.clear()
        for _ in range(5):
            assert sign_in(client(), login, "wrong").status_code == 200
        answer = sign_in(client(), login, "demo")
        assert answer.status_code == 200
        assert "Too many failed login attempts" in answer.content.decode()


def test_who_has_left_or_is_off_gets_the_same_refusal(made: Nation, as_process: Any) -> None:
    login = Login.objects.get(name="nobody@esx.example")
    login.is_active = False
    login.save(update_fields=["is_active"])
    try:
        refused = sign_in(client(), "nobody@esx.example", "demo").content.decode()
        wrong = sign_in(client(), "nobody@esx.example", "wrong").content.decode()
        assert _without_what_differs(refused) == _without_what_differs(wrong)
    finally:
        login.is_active = True
        login.save(update_fields=["is_active"])


def test_signing_in_is_recorded_and_shown_to_oneself(made: Nation) -> None:
    page = client("investigator@esx.example").get("/recorded/").content.decode()
    assert "Signed in" in page
    assert "not its words" in page


def test_an_idle_session_ends_and_a_long_one_too(made: Nation) -> None:
    browser = client("analyst@esx.example")
    assert browser.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 15 * 60
    session = browser.session
    session["signed_in_at"] -= 12 * 3600 + 1
    session.save()
    assert browser.get("/").status_code == 302
    assert browser.get("/").status_code == 302


def test_the_sign_in_library_offers_no_way_to_make_or_reset_an_account(made: Nation) -> None:
    for name in ("signup", "set_password", "email"):
        assert client().get(f"/sign-in/none/{name}/").status_code == 404


@pytest.fixture
def real(made: Nation) -> Iterator[None]:
    """No demo, and every officer has chosen a password."""
    Login.objects.update(has_one_time_password=False)
    with override_settings(CETS=replace(settings.CETS, mode="real")):
        yield


def test_outside_the_demo_nothing_opens_before_a_second_factor(made: Nation, real: None) -> None:
    browser = client("intake_officer@esx.example")
    for route, screen in OURS:
        if screen.public:
            continue
        method = "get" if "GET" in screen.methods else "post"
        answer = getattr(browser, method)(address(route))
        assert (answer.status_code, answer.get("Location")) == (302, "/sign-in/second-step/"), route
    page = browser.get("/sign-in/second-step/")
    assert page.status_code == 200
    check_html(page.content.decode())


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def test_with_an_app_the_second_step_is_asked_and_opens_the_desk(made: Nation, real: None) -> None:
    secret = generate_totp_secret()
    with acting(factories.viewer(made.officers["foreign"])):
        TOTP.activate(Login.objects.get(name="foreign@nmr.example"), secret)
    browser = client("foreign@nmr.example")
    assert browser.get("/").status_code == 302, "the password alone opened the desk"
    answer = browser.post("/sign-in/second-step/authenticate/", {"code": "000000"})
    assert answer.status_code == 200
    answer = browser.post("/sign-in/second-step/authenticate/", {"code": _code(secret)})
    assert answer.status_code == 302
    assert browser.get("/").status_code == 200


# --- what was sent when nobody was signed in any more ----------------------------------------------------------------

OURSELVES = "http://localhost"
CONTACT = {"spoke_to": "Duty sergeant Brandt", "spoke_at": "21 Nov 2026, 14:05", "agreed": "together"}


def _send(browser: Any, place: str, fields: dict[str, str], **headers: str) -> Any:
    """Send a form as a browser sends one that has no files."""
    return browser.post(
        place, urlencode(fields), content_type="application/x-www-form-urlencoded", headers=headers
    )


def _hidden(text: str) -> dict[str, str]:
    form = re.search(r'<form method="post" action="(/hits[^"]+)">(.+?)</form>', text, re.DOTALL)
    assert form, text
    return {
        "action": form[1],
        **dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[2])),
    }


def test_what_was_typed_outlives_the_session(made: Nation) -> None:
    hit = f"/hits/{uuid4()}/"
    answer = _send(client(), f"{hit}contact/", CONTACT, origin=OURSELVES, referer=OURSELVES + hit)
    text = answer.content.decode()
    check_html(text)
    assert answer.status_code == 401
    sent = _hidden(text)
    assert {name: sent[name] for name in CONTACT} == CONTACT
    assert sent["action"] == f"{hit}contact/"
    assert "Duty sergeant Brandt\n21 Nov 2026, 14:05</textarea>" in text
    assert f'href="/sign-in/?next={hit.replace("/", "%2F")}" target="_blank"' in text
    assert answer["Cache-Control"] == "no-store"


def test_a_form_older_than_the_sign_in_asks_once_more_with_a_new_token(made: Nation) -> None:
    browser = client("analyst@esx.example", enforce_csrf_checks=False)
    browser.handler.enforce_csrf_checks = True
    hit = f"/hits/{uuid4()}/contact/"
    answer = _send(browser, hit, CONTACT | {"csrfmiddlewaretoken": "x" * 64}, origin=OURSELVES)
    assert answer.status_code == 403
    text = answer.content.decode()
    check_html(text)
    sent = _hidden(text)
    assert sent["spoke_to"] == CONTACT["spoke_to"]
    action = sent.pop("action")
    assert _send(browser, action, sent, origin=OURSELVES).status_code == 404, "the new token was refused"


def test_nothing_that_another_site_sent_comes_back_to_be_sent(made: Nation) -> None:
    for browser in (client(), client("analyst@esx.example")):
        browser.handler.enforce_csrf_checks = True
        for headers in ({"origin": "https://elsewhere.example"}, dict[str, str]()):
            answer = _send(browser, f"/hits/{uuid4()}/contact/", CONTACT, **headers)
            assert answer.status_code in {401, 403}
            assert "Brandt" not in answer.content.decode()


def test_no_password_comes_back(made: Nation) -> None:
    browser = client()
    browser.handler.enforce_csrf_checks = True
    given = {"login": "analyst@esx.example", "password": "kept-by-nobody", "new_password": "nor-this one"}
    for address_of in ("/sign-in/", "/upload/note/"):
        answer = _send(browser, address_of, given, origin=OURSELVES)
        assert answer.status_code in {401, 403}
        assert "kept-by-nobody" not in answer.content.decode()
        assert "nor-this" not in answer.content.decode()


def test_a_script_without_a_session_gets_words_and_no_page(made: Nation) -> None:
    for method in ("get", "post"):
        answer = getattr(client(), method)("/upload/", headers={"hx-request": "true"})
        assert (answer.status_code, answer["Content-Type"]) == (401, "text/plain")


def test_the_address_of_a_form_has_a_page_with_a_way_on(made: Nation) -> None:
    browser, hit = client("analyst@esx.example"), f"/hits/{uuid4()}/"
    for place, way_on in (
        (f"{hit}contact/", hit),
        ("/alerts/read/", "/alerts/"),
        (f"/work/{uuid4()}/take/", "/"),
    ):
        answer = browser.get(place)
        text = answer.content.decode()
        check_html(text)
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert f'href="{way_on}"' in text.partition("<main")[2]
    assert client().post("/accessibility/").status_code == 405


@pytest.mark.parametrize("role", ROLES)
def test_every_step_of_the_tour_leads_to_a_screen_that_the_role_has(made: Nation, role: str) -> None:
    browser = client(f"{role}@esx.example")
    steps, seen = int(tour_of(browser)[2]), []
    for number in range(1, steps + 1):
        way, done, _ = tour_of(browser)
        assert (way, done) == (f"/tour/{number}/", str(number - 1))
        led = browser.get(way)
        assert browser.get(led["Location"]).status_code == 200, (role, led["Location"])
        seen.append(led["Location"])
    assert len(set(seen)) == len(seen) >= 1
    assert "Guided tour" not in browser.get("/").content.decode()


def test_only_the_next_steps_own_link_counts(made: Nation) -> None:
    browser = client("intake_officer@esx.example")
    for number, status in ((3, 302), (2, 302), (99, 404), (0, 404)):
        assert browser.get(f"/tour/{number}/").status_code == status
    assert tour_of(browser)[1] == "0"
    assert [browser.get("/tour/1/").status_code for _ in range(3)] == [302] * 3
    assert tour_of(browser)[1] == "1"


def tour_of(browser: Any) -> tuple[str, ...]:
    """Return the way that the card offers, how many steps are done, and of how many."""
    page = browser.get("/").content.decode()
    done = re.search(r"(\d+) of (\d+) done", page)
    way = re.search(r'href="(/tour/\d+/)"', page)
    assert done
    assert way
    return way[1], done[1], done[2]
