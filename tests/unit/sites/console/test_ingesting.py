"""What `cets ingest` tells when reading breaks off: each file that was sealed, with its reference."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError

import factories
from cets.domains.intake import ahead
from cets.domains.intake.ahead import parse_ahead
from cets.domains.intake.parser import process
from cets.domains.intake.parser.client import Limits, Parser, ParserUnavailable
from cets.domains.sharing.levels import Level
from cets.sites.console import ingesting, walking
from cets.sites.console.ingesting import NOT_READ_YET, Session, ingest


@pytest.fixture
def session(db: str, as_process: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """Whoever takes in at Essex, a file at a time."""
    factories.agency("ESX")
    agency, viewer = factories.service("ESX")
    monkeypatch.setattr(ingesting, "BATCH_FILES", 1)
    with as_process("worker"), factories.intake() as intake:
        yield Session(intake.reading, agency, viewer, Level.CONTACT, 1_000_000)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    paths = [tmp_path / f"{n}.txt" for n in range(4)]
    for n, path in enumerate(paths):
        path.write_text(f"Write to quayside{n}@mail.example.")
    return list(map(str, paths))


def taken(session: Session, files: list[str], error: type[Exception]) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    with pytest.raises(error):
        lines.extend(ingest(session, files))  # extend keeps what came before the error
    return lines


def test_what_was_sealed_ahead_is_told_when_no_parser_starts(
    session: Session, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(process, "_COMMAND", ("-c", "raise SystemExit(3)"))
        lines = taken(session, files, ParserUnavailable)

    assert [line["file"] for line in lines] == files[: ingesting.AHEAD + 1]
    assert all(line["report"] and line["not_understood"] == [NOT_READ_YET] for line in lines)
    again = list(ingest(session, files[:2]))
    assert [line["identifiers"] for line in again] == [1, 1]
    assert not any(line["not_understood"] for line in again)


def test_what_was_sealed_is_told_when_the_database_goes(
    session: Session, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(ingesting, "read_each", gone)
    monkeypatch.setattr(ingesting, "Lines", gone)
    lines = taken(session, [*files[:1], files[0] + ".missing", *files[1:]], OperationalError)

    told = [(bool(line["report"]), bool(line["error"])) for line in lines]
    assert told == [(True, False), (False, True), (True, False)]
    assert lines[0]["not_understood"] == [NOT_READ_YET]


def test_the_instance_itself_is_not_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, home = tmp_path / "folder", tmp_path / "folder" / "home"
    (home / "nation").mkdir(parents=True)
    (home / "secrets").mkdir()
    (home / "secrets" / "desk.json").write_text("{}")
    (home / "nation" / "post.txt").write_text("Write to quayside@mail.example.")
    monkeypatch.setattr(settings, "CETS", replace(settings.CETS, home=home, keys_dir=tmp_path / "keys"))
    (tmp_path / "link").symlink_to(home)
    named = [home, home / "secrets" / "desk.json", tmp_path / "link", tmp_path / "keys"]

    refused = {one.label: one.refused for one in walking.walk([*map(str, named), ""])}
    assert refused == {**dict.fromkeys(map(str, named), walking.OUR_OWN), "": "The path is empty."}
    assert [(one.label, one.refused) for one in walking.walk([str(folder)])] == [(str(home), walking.OUR_OWN)]
    (post,) = walking.walk([str(home / "nation")])
    assert (post.path, post.refused) == (home / "nation" / "post.txt", "")


def test_stopping_waits_for_no_batch(
    session: Session, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while one batch is read ends the parsing of the next after the file in hand."""
    monkeypatch.setattr(ingesting, "BATCH_FILES", 2)
    parsed, begun = list[bool](), threading.Event()
    real = ahead._parse

    def slow(*arguments: Any) -> bool:
        begun.set()
        time.sleep(0.3)
        parsed.append(True)
        return real(*arguments)

    def interrupted(*_: Any, **__: Any) -> None:
        begun.wait(20)
        raise KeyboardInterrupt

    monkeypatch.setattr(ahead, "_parse", slow)
    monkeypatch.setattr(ingesting, "read_each", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(ingest(session, files))
    assert len(parsed) == 1


def test_an_empty_folder_is_told_and_is_no_refusal(
    session: Session, files: list[str], tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    (empty / "inner" / "most").mkdir(parents=True)
    lines = list(ingest(session, [files[0], str(empty), files[1]]))

    assert [line["file"] for line in lines] == [files[0], str(empty), files[1]]
    assert (lines[1]["report"], lines[1]["error"]) == (None, None)
    assert lines[1]["not_understood"] == [walking.EMPTY_FOLDER]
    assert lines[1].keys() == lines[0].keys()


def test_a_folder_with_a_file_deep_in_it_is_not_empty(session: Session, tmp_path: Path) -> None:
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "outer" / "bare").mkdir()
    (inner / "note.txt").write_text("Write to quayside@mail.example.")
    lines = list(ingest(session, [str(tmp_path / "outer")]))

    assert [line["file"] for line in lines] == [str(inner / "note.txt")]


def test_small_files_are_parsed_while_those_before_them_are_read(
    session: Session, files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "large.txt"
    large.write_text("Write to quayside@mail.example." + " " * ahead.MOST_BYTES)
    parse, in_turn = Parser.parse, list[int]()

    def counted(self: Parser, file: Any, size: int, *rest: Any, **named: Any) -> Any:
        if self is session.reading.parser:
            in_turn.append(size)
        return parse(self, file, size, *rest, **named)

    monkeypatch.setattr(Parser, "parse", counted)
    lines = list(ingest(session, [*files, files[1], files[3], str(large)]))

    assert in_turn == [Path(files[0]).stat().st_size, large.stat().st_size]
    assert [line["identifiers"] for line in lines] == [1] * 7
    assert not session.reading.ahead


def test_a_file_that_cannot_be_parsed_ahead_is_parsed_in_its_turn(
    session: Session, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "LIMITS", Limits(rows=0))
    lines = list(ingest(session, files))
    assert [(line["identifiers"], line["not_understood"]) for line in lines] == [(1, [])] * 4


def test_what_was_parsed_by_other_options_is_parsed_anew(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Call 07700 900123.")

    def in_france(*ids: Any, **named: Any) -> None:
        parse_ahead(*ids, **{**named, "country": "FR"})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingesting, "parse_ahead", in_france)
        _, line = ingest(session, [str(tmp_path / "no.txt"), str(path)])
    assert (line["identifiers"], line["ambiguous"]) == (1, [])


def test_an_empty_folder_is_told_when_the_database_goes(
    session: Session, tmp_path: Path, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> None:
        raise OperationalError

    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setattr(ingesting, "BATCH_FILES", 2)
    monkeypatch.setattr(ingesting, "read_each", gone)
    monkeypatch.setattr(ingesting, "Lines", gone)
    lines = taken(session, [str(empty), files[0]], OperationalError)

    assert [line["not_understood"] for line in lines] == [[walking.EMPTY_FOLDER], [NOT_READ_YET]]


def test_a_command_that_is_stopped_does_not_wait_for_standard_input(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = os.pipe()
    os.write(target, b"Write to quayside@mail.example.")
    with os.fdopen(source) as standard_input, os.fdopen(target, "wb") as other_end:
        monkeypatch.setattr(sys, "stdin", standard_input)
        threading.Timer(0.5, session.stop.set).start()
        (line,) = ingest(session, ["-"])
        assert line["error"] == "The command was stopped before standard input ended."
        assert not other_end.closed
