"""An officer adds a passkey, signs out, and signs in with it alone: with a virtual key of the browser, outside the demo."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings
from playwright.sync_api import Browser, CDPSession, Page, expect

import factories
from cets.domains.agencies.models import Login
from journeys.desk_live import Visitor, browsing, served

LOGIN, GIVEN, OWN = "analyst@esx.example", "demo", "four lanterns on the quay"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def desk(module_db: str) -> Iterator[tuple[Browser, str]]:
    """A browser, and a desk that is no demo by the name `localhost`: a browser makes no key for a number."""
    factories.officer(factories.agency("ESX"), LOGIN, "analyst")
    real = replace(settings.CETS, mode="real")
    with (
        override_settings(CETS=real, MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN=True),
        served("localhost") as address,
        browsing() as browser,
    ):
        yield browser, address


@pytest.fixture
def visitor(desk: tuple[Browser, str]) -> Iterator[Visitor]:
    come = Visitor(*desk)
    come.page.set_default_timeout(8000)
    yield come
    come.close()
    assert [one for one in come.heard if "status of 4" not in one] == []


def plug_in(page: Page) -> tuple[CDPSession, str]:
    """Give the browser a key that says yes; return how to talk to it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made: Any = session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return session, made["authenticatorId"]


def fill_in(page: Page, **fields: str) -> None:
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)


def test_a_passkey_from_the_first_sign_in_to_the_last(visitor: Visitor, module_db: str) -> None:
    page = visitor.page
    key, key_id = plug_in(page)

    # The first sign-in, with a password that an administrator gave.
    page.goto("/")
    fill_in(page, Username=LOGIN, Password=GIVEN)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Choose your own password")).to_be_visible()
    fill_in(page, Current_Password=GIVEN, New_Password=OWN)
    page.locator("[name=password2]").fill(OWN)
    page.get_by_role("button", name="Change the password").click()

    # Nothing opens before a second factor is there: a passkey is.
    expect(page.get_by_role("heading", name="My sign-in")).to_be_visible()
    add_key(page, "Blue key")
    kept: Any = key.send("WebAuthn.getCredentials", {"authenticatorId": key_id})
    assert [one["rpId"] for one in kept["credentials"]] == ["localhost"]
    assert kept["credentials"][0]["isResidentCredential"]
    expect(page).to_have_url(f"{visitor.address}/")
    page.goto("/sign-in/second-step/webauthn/")
    expect(page.get_by_text("Blue key").first).to_be_visible()

    # Out, and in again with the key alone.
    page.get_by_role("button", name="Sign out").first.click()
    page.goto("/reports/")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{visitor.address}/reports/")

    with psycopg.connect(module_db) as conn:
        told = [
            row[0]
            for row in conn.execute(
                "select e.type from audit_event e join agencies_officer o on o.id = e.actor_id"
                " join agencies_login l on l.id = o.login_id where l.name = %s and e.type like 'agencies:%%' order by e.number",
                [LOGIN],
            )
        ]
    assert told == [
        "agencies:officer:signed-in",
        "agencies:officer:password-changed",
        "agencies:officer:second-factor-changed",
        "agencies:officer:signed-out",
        "agencies:officer:signed-in",
    ]


def test_failed_passwords_do_not_hold_a_passkey_up(visitor: Visitor) -> None:
    page = visitor.page
    plug_in(page)
    sign_in_with_new_key(page)
    page.get_by_role("button", name="Sign out").first.click()
    visitor.context.clear_cookies()
    for _ in range(6):
        page.goto("/sign-in/")
        fill_in(page, Username=LOGIN, Password="wrong")
        page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Too many failed login attempts").first).to_be_visible()

    page.goto("/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{visitor.address}/")


def test_a_key_that_does_not_answer_is_said_beside_the_button(visitor: Visitor) -> None:
    page = visitor.page
    key, key_id = plug_in(page)
    page.goto("/sign-in/")
    key.send("WebAuthn.setUserVerified", {"authenticatorId": key_id, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("The key did not answer")).to_be_visible()


def test_a_passkey_of_somebody_who_is_off_opens_nothing(visitor: Visitor) -> None:
    page = visitor.page
    plug_in(page)
    sign_in_with_new_key(page)
    page.get_by_role("button", name="Sign out").first.click()
    Login.objects.filter(name=LOGIN).update(is_active=False)
    try:
        page.goto("/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_text("This sign-in was not accepted")).to_be_visible()
        page.goto("/reports/")
        expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    finally:
        Login.objects.filter(name=LOGIN).update(is_active=True)


def sign_in_with_new_key(page: Page) -> None:
    """Sign in with the password, once the keys of before are gone, and add the one that is plugged in."""
    factories.no_second_factors()
    cache.clear()
    page.goto("/")
    fill_in(page, Username=LOGIN, Password=OWN)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="My sign-in")).to_be_visible()
    add_key(page, "Green key")


def add_key(page: Page, name: str) -> None:
    """Go from one's own sign-in page to a new key in the list."""
    page.get_by_role("link", name="Add a key").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    fill_in(page, Password=OWN)
    page.get_by_role("button", name="Confirm").click()
    page.locator("[name=name]").fill(name)
    page.locator("[name=passwordless]").check()
    page.get_by_role("button", name="Add the key").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
