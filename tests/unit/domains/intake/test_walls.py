"""Whether bubblewrap stands around the parser is looked at once, and what is missing is said in words."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cets.domains.intake.parser import walls
from cets.domains.intake.parser.client import Parser

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is for Linux alone")


@pytest.fixture(autouse=True)
def looked_at_anew() -> Iterator[None]:
    walls.walls.cache_clear()
    yield
    walls.walls.cache_clear()


def pretend(folder: Path, script: str) -> None:
    program = folder / "bwrap"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_where_it_is_not_installed_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert walls.walls() == walls.Walls(missing="bubblewrap is not installed")
    assert walls.command(["python", "-c", ""], "scratch") == ["python", "-c", ""]


def test_where_the_system_refuses_it_its_own_words_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(tmp_path, "echo 'bwrap: No permissions to create new namespace' >&2; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert walls.walls().missing == (
        "bubblewrap is installed, and this system refuses it (bwrap: No permissions to create new namespace)"
    )
    with Parser() as parser:
        assert parser.confined, "the process's own steps hold alone"


def test_a_smaller_set_of_walls_is_tried_where_proc_is_covered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(tmp_path, 'for word; do [ "$word" = --proc ] && exit 1; done; exit 0')
    monkeypatch.setenv("PATH", str(tmp_path))

    found = walls.walls()

    assert found.missing == ""
    assert "--proc" not in found.before
    assert {"--unshare-net", "--unshare-all"} & set(found.before)


def test_nothing_of_the_machine_shows_but_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))

    words = walls.command(["python"], "/srv/scratch")

    assert words[-2:] == ["--", "python"]
    shown = [words[at + 1] for at, word in enumerate(words) if word in {"--ro-bind", "--bind"}]
    writable = [words[at + 1] for at, word in enumerate(words) if word == "--bind"]
    assert writable == ["/srv/scratch"]
    assert not {"/", "/etc", "/home", "/srv", "/tmp", "/var", "/proc"} & set(shown)
