"""Signing in: what is counted and where, what lies in the database, and that a password somebody else knows opens nothing."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client, override_settings

import factories
from cets.access.viewer import acting
from cets.audit import presenting
from cets.domains.agencies import actions as agencies
from cets.domains.agencies import logins
from cets.domains.agencies.models import Attempt, Login, Officer
from cets.kernel import clock
from cets.sites.console.founding import founder
from unit.sites.desk.desk_nation import client, nation, process_switch

LOGIN, OTHER = "analyst@esx.example", "investigator@esx.example"
OWN = "four lanterns on the quay"


@pytest.fixture(scope="module")
def people(module_db: str, request: Any) -> dict[str, Officer]:
    return nation(process_switch(request)).officers


@pytest.fixture(autouse=True)
def fresh_counts(people: Any) -> Iterator[None]:
    cache.clear()
    factories.no_second_factors()
    yield
    cache.clear()


@pytest.fixture
def real() -> Iterator[None]:
    with override_settings(CETS=replace(settings.CETS, mode="real")):
        yield


def attempt(browser: Client, password: str, login: str = LOGIN, **extra: Any) -> bool:
    """Say whether the sign-in page let somebody in."""
    answer = browser.post("/sign-in/", {"login": login, "password": password}, **extra)
    return bool(answer.status_code == 302)


def stranger() -> Client:
    return Client(headers={"host": "localhost"})


def fail(times: int, **extra: Any) -> None:
    for _ in range(times):
        assert not attempt(stranger(), "wrong", **extra)


# --- counting ---------------------------------------------------------------------------------------------------------


ELSEWHERE = """
import django
django.setup()
from django.test import Client
answer = Client(headers={"host": "localhost"}).post("/sign-in/", {"login": "analyst@esx.example", "password": "demo"})
print(answer.status_code)
"""


def elsewhere() -> str:
    """Sign in at another desk process, started now; return the status of its answer."""
    done = subprocess.run([sys.executable, "-c", ELSEWHERE], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_another_process_and_a_restart_know_the_failures() -> None:
    assert elsewhere() == "302"
    fail(5)

    assert elsewhere() == "200"


def test_the_count_ends() -> None:
    fail(5)
    assert not attempt(stranger(), "demo")
    with connections["default"].cursor() as cursor:
        cursor.execute("update agencies_attempt set expires_at = clock_timestamp()")

    assert attempt(stranger(), "demo")
    assert not Attempt.objects.filter(value__contains=", ").exists(), "what ended was not swept"


def test_a_forged_address_evades_nothing() -> None:
    for number in range(5):
        assert not attempt(stranger(), "wrong", headers={"x-forwarded-for": f"192.0.2.{number}"})

    assert not attempt(stranger(), "demo", headers={"x-forwarded-for": "198.51.100.9"})


def _failures_of(address: str) -> None:
    """Fail with many logins until the address itself has to wait."""
    for number in range(3):
        fail(1, login=f"nobody{number}@esx.example", headers={"x-forwarded-for": address})


def test_an_address_is_counted_whatever_a_client_says_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ACCOUNT_RATE_LIMITS", {"login_failed": "3/m/ip"})
    _failures_of("192.0.2.1")

    assert not attempt(stranger(), "demo", headers={"x-forwarded-for": "198.51.100.9"})


def test_behind_a_proxy_each_client_is_counted_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ACCOUNT_RATE_LIMITS", {"login_failed": "3/m/ip"})
    monkeypatch.setattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 1)
    _failures_of("192.0.2.1")

    assert not attempt(stranger(), "demo", headers={"x-forwarded-for": "192.0.2.1"})
    # What a client writes itself stands before what the proxy adds.
    assert not attempt(stranger(), "demo", headers={"x-forwarded-for": "198.51.100.9, 192.0.2.1"})
    assert attempt(stranger(), "demo", headers={"x-forwarded-for": "192.0.2.1, 198.51.100.9"})


def test_strangers_do_not_lock_an_officer_out_of_a_known_browser() -> None:
    known = client(LOGIN)
    known.post("/sign-out/")
    fail(6)

    assert not attempt(stranger(), "demo")
    assert attempt(known, "demo")


def test_a_known_browser_is_counted_too() -> None:
    known = client(LOGIN)
    known.post("/sign-out/")
    for _ in range(5):
        assert not attempt(known, "wrong")

    assert not attempt(known, "demo")
    assert attempt(stranger(), "demo")


def test_a_browser_is_known_for_its_own_login_only() -> None:
    known = client(OTHER)
    known.post("/sign-out/")
    fail(5)

    assert not attempt(known, "demo")


def test_a_made_up_browser_is_nobodys() -> None:
    forger, known = stranger(), client(LOGIN)
    forger.cookies[settings.KNOWN_COOKIE_NAME] = known.cookies[settings.KNOWN_COOKIE_NAME].value[:-1]
    fail(5)

    assert not attempt(forger, "demo")


def test_the_table_of_counts_names_nobody(module_db: str) -> None:
    fail(2)
    with psycopg.connect(module_db) as conn:
        text = str(conn.execute("select * from agencies_attempt").fetchall())

    assert "analyst" not in text
    assert "127.0.0.1" not in text


def test_a_cached_value_is_kept_once_and_no_longer_than_it_counts() -> None:
    assert cache.add("one", [1.5], 60)
    assert not cache.add("one", [2.5], 60)
    assert cache.get("one") == [1.5]
    assert cache.delete("one")
    assert cache.get("one", "gone") == "gone"
    cache.set("two", True, 0)
    assert cache.get("two") is None
    assert cache.add("two", True, 60)


# --- where from -------------------------------------------------------------------------------------------------------


def test_the_audit_says_where_from(people: dict[str, Officer], module_db: str) -> None:
    assert attempt(stranger(), "demo", headers={"x-forwarded-for": "198.51.100.9"})

    with psycopg.connect(module_db) as conn:
        (body,) = conn.execute(
            "select p.body from audit_event e join audit_payload p on p.event_id = e.id"
            " where e.type = 'agencies:officer:signed-in' order by e.number desc limit 1"
        ).fetchone() or ("{}",)
    assert json.loads(body) == {"address": "127.0.0.1"}
    assert presenting.describe("agencies:officer:signed-in", json.loads(body)) == "Signed in from 127.0.0.1"


def test_who_signs_out_is_recorded_once(people: dict[str, Officer], module_db: str) -> None:
    browser = client(LOGIN)
    browser.post("/sign-out/")
    browser.post("/sign-out/")
    stranger().post("/sign-out/")

    with psycopg.connect(module_db) as conn:
        rows = conn.execute(
            "select type, actor_id, subject_id from audit_event"
            " where number > (select max(number) from audit_event where type = 'agencies:officer:signed-in')"
        ).fetchall()
    officer = people["analyst"].id
    assert rows == [("agencies:officer:signed-out", officer, str(officer))]


# --- second factors ---------------------------------------------------------------------------------------------------


def test_what_second_factors_are_checked_with_lies_encrypted(
    module_db: str, people: dict[str, Officer]
) -> None:
    login, secret = Login.objects.get(name=LOGIN), generate_totp_secret()
    with acting(factories.viewer(people["analyst"])):
        TOTP.activate(login, secret)
        codes = RecoveryCodes.activate(login).generate_codes()

    with psycopg.connect(module_db) as conn:
        rows = [data for (data,) in conn.execute("select data from mfa_authenticator").fetchall()]

    assert len(rows) == 2
    for data in rows:
        assert (data.get("secret") or data["seed"]).startswith("aes-256-gcm:")
    assert secret not in str(rows)
    assert len(set(codes)) == len(codes) > 5
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).validate_code(codes[0])
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code)


def test_another_key_opens_no_second_factor(people: dict[str, Officer]) -> None:
    with acting(factories.viewer(people["analyst"])):
        TOTP.activate(Login.objects.get(name=LOGIN), generate_totp_secret())
    other = replace(settings.CETS)
    other.secrets["second_factor_key"] = "11" * 32

    with override_settings(CETS=other), pytest.raises(InvalidTag):
        TOTP(Authenticator.objects.get(type="totp")).validate_code("000000")


def test_an_officer_sets_an_authenticator_app_up_and_signs_in_with_a_recovery_code(
    people: dict[str, Officer], real: None
) -> None:
    """Its pages act as the officer; a code is used up while nobody is known yet."""
    browser = own_password(people["analyst"])
    assert browser.get("/")["Location"] == "/sign-in/second-step/"
    browser.post("/sign-in/again/", {"password": OWN})
    page = browser.get("/sign-in/second-step/totp/activate/")
    secret = browser.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert page.status_code == 200
    assert browser.post("/sign-in/second-step/totp/activate/", {"code": code}).status_code == 302
    assert browser.get("/").status_code == 200
    recovery = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))

    again = stranger()
    assert attempt(again, OWN)
    answer = again.post("/sign-in/second-step/authenticate/", {"code": recovery.generate_codes()[0]})
    assert answer.status_code == 302
    assert again.get("/").status_code == 200
    assert Authenticator.objects.get(type="recovery_codes").data["used_mask"] == 1


def own_password(officer: Officer) -> Client:
    assert officer.login_id
    login = Login.objects.get(id=officer.login_id)
    logins.change_password(login=login, password=OWN, officer=officer, by=factories.viewer(officer))
    return client(login.name, OWN)


# --- a password that somebody else knows ------------------------------------------------------------------------------


def change(browser: Client, old: str, new: str) -> Any:
    return browser.post("/sign-in/password/", {"oldpassword": old, "password1": new, "password2": new})


def test_a_given_password_opens_nothing_until_it_is_changed(people: dict[str, Officer], real: None) -> None:
    officer = factories.officer(people["supervisor"].agency, "given@esx.example")
    given = logins.reset_password(officer=officer, by=founder())
    with acting(
        founder()
    ):  # a role comes after the password: who holds one gets none (`logins.WouldOpenRoles`)
        agencies.grant_role(
            officer=officer, role="supervisor", approval_id=None, by=founder(), at=clock.now()
        )
    browser = client("given@esx.example", given)

    for url in ("/", "/reports/", "/search/", "/recorded/"):
        answer = browser.get(url)
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/password/"), url
    assert "Choose your own password" in browser.get("/sign-in/password/").content.decode()

    same = change(browser, given, given)
    assert same.status_code == 200
    assert "This is the one-time password" in same.content.decode()
    assert browser.get("/")["Location"] == "/sign-in/password/"

    assert change(browser, given, OWN)["Location"] == "/"
    assert browser.get("/")["Location"] == "/sign-in/second-step/"
    assert "Change my password" in browser.get("/sign-in/password/").content.decode()
    assert attempt(stranger(), OWN, "given@esx.example")
    assert not attempt(stranger(), given, "given@esx.example")


def test_a_new_officers_password_is_a_given_one(real: None) -> None:
    assert client("secondee@esx.example").get("/")["Location"] == "/sign-in/password/"


def test_in_the_demo_nobody_is_made_to_choose() -> None:
    assert client("secondee@esx.example").get("/").status_code == 200


def test_the_change_is_recorded_or_does_not_happen(
    people: dict[str, Officer], module_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = people["intake_officer"]
    login = Login.objects.get(name="intake_officer@esx.example")

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(logins, "record", refuse)
        with pytest.raises(RuntimeError):
            logins.change_password(login=login, password=OWN, officer=officer, by=factories.viewer(officer))
    assert Login.objects.get(id=login.id).check_password("demo")

    logins.change_password(login=login, password=OWN, officer=officer, by=factories.viewer(officer))
    with psycopg.connect(module_db) as conn:
        count = conn.execute(
            "select count(*) from audit_event where type = 'agencies:officer:password-changed' and subject_id = %s",
            [str(officer.id)],
        ).fetchone()
    assert count == (1,)
