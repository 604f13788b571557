"""Logs hold no personal data: canaries go through intake, matching, search and every screen, and none comes out beside."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import psycopg
import pytest
import structlog
from django.conf import settings
from django.test import Client

import factories
from cets.access.viewer import acting
from cets.domains.search import queries as search
from cets.kernel import clock

MAIL, VICTIM, NAME, WORD = (
    "canaryloga@mail.example",
    "canarylogb@mail.example",
    "Canarylogc Placeholder",
    "canarylogd",
)
QUERY, FILE, LOGIN = "canaryloge", "canarylogf.csv", "canarylogg@force.example"
PHONE = "+447700900173"
TABLE = f"No,Suspect name,Suspect email,Suspect phone,Victim email,Notes\n1,{NAME},{MAIL},{PHONE},{VICTIM},{WORD} wrote\n"
CANARIES = ("canarylog", "7700900173", "7700 900173")


@pytest.fixture
def written(
    db: str, as_process: Any, capfd: pytest.CaptureFixture[str]
) -> Iterator[tuple[io.StringIO, list[Any], str]]:
    """Everything that is logged while a record lives: the root logger at INFO, structlog, both output streams."""
    stream, events = io.StringIO(), []
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    before, names = root.level, ("django", "procrastinate", "cets", "allauth", "obstore")
    levels = {name: logging.getLogger(name).level for name in names}
    root.addHandler(handler)
    root.setLevel(logging.INFO)  # DEBUG of the framework dumps whole contexts; nothing of ours switches it on
    configured = structlog.get_config()

    def hear(_: Any, __: str, event: Any) -> str:
        events.append(dict(event))
        return ""

    structlog.configure(processors=[hear])
    try:
        yield stream, events, db
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        structlog.configure(**configured)


def live(db: str, as_process: Any) -> None:
    """Let one record live: come in twice, be refused, matched, found, opened on every screen, decided."""
    esx = factories.agency("ESX")
    factories.agency("NMR", phone="+44 7700 900188")
    analyst = factories.officer(esx, LOGIN, "analyst")
    with as_process("worker"), factories.intake() as intake:
        (first,) = intake.take("ESX", TABLE, name=FILE)
        intake.take("NMR", TABLE + "2,,,,,again\n", name=FILE)
        intake.take("ESX", b"\x00\xff" + f"{WORD} not readable".encode(), name=FILE)
        intake.take("ESX", '{"reportId": 1, "' + WORD, name=FILE)
    viewer = factories.viewer(analyst)
    with acting(viewer):
        search.run(viewer, search.understand(f"{QUERY} {MAIL} {PHONE}", country="GB"))
    kept = search.remember(viewer, f"{QUERY} {VICTIM}", at=clock.now())
    browser = Client(headers={"host": "localhost"}, raise_request_exception=False)
    browser.post("/sign-in/", {"login": LOGIN, "password": f"wrong {WORD}"})
    browser.post("/sign-in/", {"login": LOGIN, "password": "demo"})
    with psycopg.connect(db) as conn:
        hit = conn.execute(
            "select id from deconfliction_hit where agency_id = %s limit 1", [esx.id]
        ).fetchone()
        key = conn.execute(
            "select key from identifiers_holding where value = %s limit 1", [VICTIM]
        ).fetchone()
    assert hit
    assert key
    for path in (
        "/", "/reports/", f"/reports/{first.report_id}/", f"/reports/{first.report_id}/identifiers/", f"/reports/{first.report_id}/history/",
        f"/hits/{hit[0]}/", f"/identifiers/{key[0]}/", f"/search/{kept.id}/", f"/reports/{key[0]}/", "/upload/",
    ):  # fmt: skip
        assert browser.get(path).status_code < 500, path
    browser.post("/search/", {"query": f"{QUERY} {MAIL}"})
    browser.post(f"/hits/{hit[0]}/not-same/", {"reason": WORD})


def test_no_log_line_holds_personal_data(
    written: Any, as_process: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    stream, events, db = written
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        live(db, as_process)
    streams = capfd.readouterr()
    everything = "\n".join(
        [
            stream.getvalue(),
            json.dumps(events, default=str),
            out.getvalue(),
            err.getvalue(),
            streams.out,
            streams.err,
        ]
    )
    for canary in CANARIES:
        lines = [line for line in everything.splitlines() if canary in line.lower()]
        assert not lines, f"A log line holds what a record holds: {lines[:3]}"


def test_the_ear_hears(written: Any) -> None:
    """Or silence would prove nothing."""
    stream, events, _ = written
    logging.getLogger("cets.anything").info("canarylog %s", "heard")
    structlog.get_logger().info("canarylog heard too")
    assert "canarylog heard" in stream.getvalue()
    assert any("canarylog" in str(event) for event in events)


def test_audit_and_queue_hold_no_value(written: Any, as_process: Any) -> None:
    """What is chained for ever, and what waits as a job, names records by id; a victim's value is in neither."""
    _, _, db = written
    live(db, as_process)
    with psycopg.connect(db) as conn:
        chained = conn.execute(
            "select coalesce(string_agg(e::text, ' '), '') || coalesce((select string_agg(p.body, ' ') from audit_payload p), '') from audit_event e"
        ).fetchone()
        jobs = conn.execute(
            "select coalesce(string_agg(args::text, ' '), '') from procrastinate_jobs"
        ).fetchone()
        titles = conn.execute(
            "select string_agg(title || next_step || why || coalesce(outcome, ''), ' ') || (select coalesce(string_agg(text, ' '), '') from ledger_alert) from ledger_entry"
        ).fetchone()
    assert chained
    assert jobs
    assert titles
    for text, what in ((chained[0], "the audit"), (jobs[0], "the queue"), (titles[0], "the ledger")):
        for canary in ("canaryloga", "canarylogb", "canarylogc", "canaryloge", "canarylogf", "7700900173"):
            assert canary not in text.lower(), f"{what} holds {canary}"


def test_nothing_of_a_request_is_logged_by_settings_of_ours() -> None:
    assert settings.LOGGING_CONFIG is None
    assert not settings.DEBUG
