"""`cets watch`, the real command: killed again and again while files and folders are dropped, and told to end in order."""

import json
import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from resilience import harness

ROUNDS = 6
SEED = 20261123


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return harness.make_home(tmp_path_factory.mktemp("watch") / "home", "ESX")


def command(home: Path, drop: Path, *more: str) -> tuple[Any, ...]:
    return ("watch", drop, "--home", home, "--agency", "ESX", "--rest", "0.2", "--json", *more)


def fill(drop: Path, chance: random.Random, number: int) -> None:
    """Drop files and folders of round `number` as people do: a copy grows in its place."""
    for n in range(6):
        path = drop / f"{number}-{n}.txt"
        path.write_text(f"quayside{number}x{n}@mail.example")
    folder = drop / f"{number}-seized"
    folder.mkdir()
    for n in range(chance.randint(2, 6)):
        (folder / f"{n}.txt").write_text(f"heron{number}x{n}@mail.example")


def dropped_files(drop: Path) -> dict[str, str]:
    """Return content and name of everything that was dropped, wherever it lies now."""
    found = [p for p in drop.rglob("*") if p.is_file() and p.suffix == ".txt"]
    assert len(found) == len({p.read_text() for p in found}), "something lies at two places"
    return {p.read_text(): p.name for p in found}


def test_killed_at_any_moment_nothing_is_lost_and_nothing_comes_in_twice(home: Path, tmp_path: Path) -> None:
    drop, chance = tmp_path / "post", random.Random(SEED)
    drop.mkdir()
    wanted: set[str] = set()
    for number in range(ROUNDS):
        fill(drop, chance, number)
        wanted = set(dropped_files(drop))
        with harness.running(*command(home, drop), log=tmp_path / f"log-{number}") as process:
            time.sleep(chance.uniform(0.8, 3.0))
            process.kill()
            process.wait()
        assert set(dropped_files(drop)) == wanted
    harness.run(*command(home, drop, "--once"))

    assert set(dropped_files(drop)) == wanted
    assert not [p for p in drop.iterdir() if p.name not in {"done", "refused"} and not p.name.startswith(".")]
    assert not list((drop / "refused").iterdir())
    slots = list((drop / "done").iterdir())
    assert all(len(list(slot.glob("*.receipt.json"))) == 1 for slot in slots), "each with one receipt"
    assert len(slots) == ROUNDS * 7
    with harness.database(home) as database:
        rows = database.execute(
            "select r.reference, p.name from reports_report r join reports_part p on p.report_id = r.id"
        ).fetchall()
        unread = database.execute("select count(*) from reports_part where state <> 'read'").fetchone()
    assert len(rows) == len(wanted)
    assert unread == (0,)
    by_report = Counter(reference for reference, _ in rows)
    folders = [number for number in by_report.values() if number > 1]
    assert len(folders) == ROUNDS, "each folder is one report, however often it was broken off"
    told = {
        line["report"]
        for slot in slots
        for path in slot.glob("*.receipt.json")
        for line in json.loads(path.read_text())["files"]
    }
    assert told == set(by_report)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(home: Path, tmp_path: Path, number: signal.Signals) -> None:
    drop, log = tmp_path / "post", tmp_path / "log"
    with harness.running(*command(home, drop), log=log) as process:
        harness.wait_until(lambda: "watching" in states(log), seconds=60, what="it watches")
        (drop / "a.txt").write_text(f"linnet{number}@mail.example")
        harness.wait_until(lambda: "done" in states(log), seconds=60, what="the file is in")
        process.send_signal(number)
        assert process.wait(timeout=30) == 0
    assert states(log) == ["watching", "done", "stopped"]
    assert b"Traceback" not in log.read_bytes()


def states(log: Path) -> list[str]:
    """Return what the command told so far, as far as its lines are whole."""
    told = [line for line in log.read_text().splitlines() if line.startswith("{") and line.endswith("}")]
    return [json.loads(line)["state"] for line in told]


def test_once_tells_by_its_status_what_was_refused(home: Path, tmp_path: Path) -> None:
    drop = tmp_path / "post"
    drop.mkdir()
    (drop / "empty.txt").touch()
    done = harness.run(*command(home, drop, "--once"), status=1)
    lines = harness.lines(done)
    assert [line["state"] for line in lines] == ["watching", "refused", "stopped"]
    assert harness.run(*command(home, drop, "--once"), status=0)


def test_a_file_as_the_folder_is_wrong(home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = harness.run(*command(home, tmp_path / "file", "--once"), status=None)
    assert done.returncode in {1, 2}
    assert b"Traceback" not in done.stderr
