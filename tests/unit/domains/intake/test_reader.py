"""What becomes of a file when the process that reads it is not there, or goes: the file is not to blame."""

import os
import signal
import time
from typing import Any

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.intake.parser import client
from cets.domains.intake.parser.client import Parser, ParserUnavailable
from cets.domains.intake.steady import read_each
from cets.domains.reports.models import Part
from cets.kernel import clock

WORDS = "Write to quayside@mail.example or call +44 7700 900123."


@pytest.fixture
def esx(db: str) -> Any:
    return factories.agency("ESX")


def states(viewer: Any) -> list[tuple[str, str]]:
    with acting(viewer):
        return list(Part.objects.values_list("state", "error"))


def test_without_a_parser_a_file_stays_sealed_and_is_read_later(
    esx: Any, as_process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency, viewer = factories.service("ESX")
    with as_process("worker"), factories.intake() as intake:
        with monkeypatch.context() as patch:
            patch.setattr(client, "_COMMAND", ("-c", "raise SystemExit(3)"))
            with pytest.raises(ParserUnavailable):
                intake.take("ESX", WORDS)
        assert states(viewer) == [("sealed", "")]

        with acting(viewer):
            waiting = list(Part.objects.values_list("id", flat=True))
        read_each(waiting, reading=intake.reading, country=agency.country, by=viewer, at=clock.now())

        assert states(viewer) == [("read", "")]


def test_a_process_ended_from_outside_costs_no_file(
    esx: Any, as_process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, viewer = factories.service("ESX")
    begun = Parser.parse
    killed: list[int] = []

    def parse_and_be_killed(self: Parser, *arguments: Any, **named: Any) -> Any:
        parsing = begun(self, *arguments, **named)
        if not killed and self.pid:
            killed.append(self.pid)
            os.kill(self.pid, signal.SIGSTOP)
            os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.05)
        return parsing

    monkeypatch.setattr(Parser, "parse", parse_and_be_killed)
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", "x" * 400_000 + " " + WORDS)

    assert killed
    assert states(viewer) == [("read", "")]


def test_a_file_that_kills_its_reader_each_time_fails_and_says_so(
    esx: Any, as_process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, viewer = factories.service("ESX")
    begun = Parser.parse

    def parse_and_be_killed(self: Parser, *arguments: Any, **named: Any) -> Any:
        parsing = begun(self, *arguments, **named)
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
        return parsing

    monkeypatch.setattr(Parser, "parse", parse_and_be_killed)
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", "x" * 400_000 + " " + WORDS)

    ((state, error),) = states(viewer)
    assert state == "failed"
    assert "killed by the system" in error
