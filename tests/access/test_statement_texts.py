"""What a run-time role reads of its other sessions: the text of their statements, and nothing that they were asked with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections

from access.statements import connect, now
from access.world import World, canary, cell
from cets.access.viewer import acting, sign
from cets.domains.agencies.models import Login
from cets.kernel.rows import insert_rows
from unit.sites.desk.desk_nation import client

PASSWORD = "demo"


@contextmanager
def overheard(dsn: str, role: str = "desk", alias: str = "default") -> Iterator[list[str]]:
    """Give what another session of the same role sees after each statement of a block."""
    texts: list[str] = []
    with connect(dsn, role) as other:

        def listen(run: Callable[..., Any], *call: Any) -> Any:
            try:
                return run(*call)
            finally:
                texts.extend(peek(other))

        with connections[alias].execute_wrapper(listen):
            yield texts
        texts.extend(peek(other))


def peek(other: psycopg.Connection[Any]) -> list[str]:
    rows = other.execute(
        "select query from pg_stat_activity where usename = current_user and pid <> pg_backend_pid()"
    )
    return [text for (text,) in rows.fetchall()]


@pytest.mark.parametrize(("role", "alias"), [("desk", "default"), ("matcher", "matcher")])
def test_a_token_stands_in_no_statement(module_db: str, world: World, role: str, alias: str) -> None:
    viewer, inner = world.viewer("ESX", "supervisor"), world.viewer("NMR", "analyst")
    with overheard(module_db, role, alias) as texts, acting(viewer, using=alias), acting(inner, using=alias):
        pass
    assert any("set_config('cets.viewer', " in text for text in texts), "nothing was overheard"
    for text in texts:
        assert "v1|" not in text
        assert str(viewer.actor_id) not in text


def test_a_stolen_text_opens_nothing(module_db: str, world: World) -> None:
    """As it was done: take every literal of the text that another officer's session ran last for a token."""
    with acting(world.viewer("ESX", "supervisor")), connect(module_db, "desk") as thief:
        for text in peek(thief):
            for literal in text.split("'"):
                with thief.transaction(force_rollback=True):
                    thief.execute("select set_config('cets.viewer', %s, true)", [literal])
                    assert thief.execute("select count(*) from reports_report").fetchone() == (0,), text


def test_a_request_leaves_no_value_in_a_statement(module_db: str, world: World) -> None:
    """Signing in, second factors, a search and an identifier's page: neither session nor secret nor what was asked."""
    officer = world.officers["ESX", "analyst"]
    assert officer.login_id
    login = Login.objects.get(id=officer.login_id)
    login.set_password(PASSWORD)
    login.save()
    asked, shown = cell(("ESX", "open"), ("NMR", "open")), canary("ESX", "open", "note")
    with overheard(module_db) as texts:
        browser = client(login.name, PASSWORD)
        browser.post("/purpose/", {"purpose": "inquiry", "reference": "ESX/2026/12"})
        for question in (asked, shown):
            browser.post("/search/", {"query": question}, follow=True)
        browser.get("/reports/")
        with acting(world.viewer("ESX", "analyst")):
            codes = RecoveryCodes.activate(login)
            Authenticator.objects.filter(user=login).delete()
    session = Session.objects.latest("expire_date")
    assert len(texts) > 50, "nothing was overheard"
    assert any("django_session" in text for text in texts)
    assert any("mfa_authenticator" in text for text in texts)
    secret = {
        "session": browser.session.session_key, "data of the session": session.session_data, "seed": codes.instance.data["seed"],
        "question": asked, "words": shown, "password": login.password, "reference": "ESX/2026/12", "token": "v1|",
        "officer": str(officer.id), "login": login.name,
    }  # fmt: skip
    for what, value in secret.items():
        assert not [text for text in texts if value in text], what


def test_bulk_rows_stand_in_no_statement(module_db: str, world: World) -> None:
    viewer = world.viewer("ESX", "service")
    with overheard(module_db) as texts, acting(viewer):
        insert_rows(
            "agencies_attempt",
            {"key": "text", "value": "text", "expires_at": "timestamptz"},
            [("k", "heard", now())],
        )
    assert not [text for text in texts if "heard" in text]


def test_the_listener_hears_a_value_that_is_written_into_a_statement(module_db: str, world: World) -> None:
    """Or the tests above would pass with nobody listening."""
    token = sign(world.viewer("ESX", "analyst"), settings.CETS.viewer_key, at=now())
    with overheard(module_db) as texts, connections["default"].cursor() as cursor:
        cursor.execute(f"select '{token}'")
    assert [text for text in texts if token in text]
