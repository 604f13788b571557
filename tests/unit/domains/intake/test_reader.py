"""What becomes of a file when the process that reads it is not there, or goes: the file is not to blame."""

import os
import signal
import time
from typing import Any

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.identifiers.models import Holding
from cets.domains.intake import reader
from cets.domains.intake.parser import client, process
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
            patch.setattr(process, "_COMMAND", ("-c", "raise SystemExit(3)"))
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


def test_a_long_file_whose_reader_is_ended_midway_is_read_from_the_start(
    esx: Any, as_process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, viewer = factories.service("ESX")
    take, frames = client.Parsing._take_frame, 0

    def take_and_kill(self: client.Parsing) -> str | None:
        nonlocal frames
        frames += 1
        if frames == 8:
            self._child.process.kill()
            self._child.process.wait()
            while self._child.sock.recv(1 << 20):
                pass
        return take(self)

    monkeypatch.setattr(client.Parsing, "_take_frame", take_and_kill)
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", "".join(f"Write to quayside{number}@mail.example.\n" for number in range(6_000)))

    assert frames > 8
    assert states(viewer) == [("read", "")]
    with acting(viewer):
        (part,) = Part.objects.all()
        assert part.identifiers == 6_000 == Holding.objects.count()


def test_no_more_than_so_many_bytes_wait_to_be_written(
    esx: Any, as_process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MOST_WAITING_BYTES", 10_000)
    waiting, write = list[int](), reader.Batch._write

    def counted(self: reader.Batch, parts: Any) -> None:
        waiting.append(len(parts))
        write(self, parts)

    monkeypatch.setattr(reader.Batch, "_write", counted)
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", *(f"{n} {WORDS} " + "x" * 6_000 for n in range(6)))
    assert waiting == [2, 2, 2]
