"""Every command that acts for an agency refuses one that is not there, and writes nothing for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import typer
from typer.testing import CliRunner

from cets.settings.types import Instance
from cets.sites.console import commands as console
from cets.sites.console import runtime

#: Those that act for no agency: the whole instance, its owner or its proofs.
OF_THE_INSTANCE = {
    "init": "makes the instance", "migrate": "brings the tables up to date", "agency add": "makes the agency", "verify-audit": "a proof over all",
    "verify-vault": "a proof over all", "backup": "the whole instance", "restore": "the whole instance", "doctor": "checks the machine",
    "explain": "reads the text it is given, and no instance",
    "up": "starts everything", "demo": "makes a nation of its own",
}  # fmt: skip
ARGUMENTS = {
    "ingest": ["-"],
    "hits": [],
    "search": ["anything"],
    "report show": ["CETS-ESX-2026-000001"],
    "report shape": ["CETS-ESX-2026-000001"],
    "watch": ["DROP", "--once"],
    "reread": ["--older-than-version"],
}


def commands() -> Iterator[tuple[str, typer.models.CommandInfo]]:
    def walk(app: typer.Typer, before: tuple[str, ...]) -> Iterator[tuple[str, typer.models.CommandInfo]]:
        for one in app.registered_commands:
            assert one.callback
            yield " ".join((*before, one.name or one.callback.__name__.strip("_").replace("_", "-"))), one
        for group in app.registered_groups:
            assert group.typer_instance
            yield from walk(group.typer_instance, (*before, str(group.name)))

    yield from walk(console.app, ())


COMMANDS = dict(commands())


def test_every_command_acts_for_an_agency_or_says_why_not() -> None:
    named = set(OF_THE_INSTANCE) | set(ARGUMENTS)
    assert not set(COMMANDS) - named, (
        f"Say in tests/rules/test_commands.py for whom these act: {sorted(set(COMMANDS) - named)}"
    )
    assert not named - set(COMMANDS), f"No longer commands: {sorted(named - set(COMMANDS))}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name: str) -> None:
    callback = COMMANDS[name].callback
    assert callback
    assert callback.__doc__, f"cets {name}: its docstring is its help."


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_a_home_and_tells_programs_what_it_does(name: str) -> None:
    callback = COMMANDS[name].callback
    assert callback
    assert {"home", "as_json"} <= set(callback.__annotations__), f"cets {name}: takes --home and --json."


@pytest.mark.parametrize("name", ARGUMENTS)
def test_every_command_for_an_agency_can_name_it(name: str) -> None:
    callback = COMMANDS[name].callback
    assert callback
    assert {"agency", "as_", "purpose", "ref"} <= set(callback.__annotations__), (
        f"cets {name}: takes --agency, --as, --purpose and --ref."
    )


@pytest.fixture
def run(module_db: str, as_process: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Run a command in this process, on the database at hand, as the worker."""
    from django.conf import settings

    @contextmanager
    def started(*_: object) -> Iterator[Instance]:
        yield settings.CETS

    monkeypatch.setattr(runtime, "started", started)
    monkeypatch.setattr(runtime, "sequence", lambda *_: None)
    with as_process("worker"):
        yield lambda *words: CliRunner().invoke(
            console.app, [*words, "--home", str(settings.CETS.home)], input="something"
        )


def _rows(dsn: str) -> tuple[Any, ...]:
    with psycopg.connect(dsn) as conn:
        row = conn.execute(
            "select (select count(*) from audit_event), (select count(*) from reports_report)"
        ).fetchone()
    assert row
    return tuple(row)


@pytest.mark.parametrize("name", ARGUMENTS)
@pytest.mark.parametrize(
    "who", [("--agency", "NOBODY"), ("--agency", "nobody'; --"), ("--as", "nobody@force.example")]
)
def test_an_agency_that_is_not_there_is_refused(
    run: Any, module_db: str, name: str, who: tuple[str, str]
) -> None:
    before = _rows(module_db)
    result = run(*name.split(), *ARGUMENTS[name], *who, "--json")
    assert result.exit_code == 2, result.output  # wrong use
    assert not result.stdout.strip(), "A refusal stands on standard error: standard output is for records."
    assert "There is no" in result.stderr
    assert _rows(module_db) == before


@pytest.mark.parametrize("name", ARGUMENTS)
def test_nobody_named_is_wrong_use(run: Any, name: str) -> None:
    assert run(*name.split(), *ARGUMENTS[name]).exit_code == 2
