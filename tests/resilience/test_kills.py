"""kill -9 at random moments, again and again: nothing acknowledged is lost, nothing is read by half."""

import json
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cets.sites.console.nation import generate
from resilience import harness

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks processes up in /proc")

SEED = int(os.environ.get("CETS_TEST_SEED", "20261121"))

#: What one part must have led to, whichever process read it and however often it was begun. Which of two forms of one report
#: came first, and so does not repeat its number, is the order in which the kills let them in.
ROWS_OF_A_PART = """
select o.sha256, p.member, p.name, p.state, p.error, p.source, p.sightings, p.identifiers, p.messages, p.traces,
  (select count(*) from identifiers_sighting s where s.part_id = p.id),
  (select count(distinct s.holding_id) from identifiers_sighting s where s.part_id = p.id),
  (select count(*) from identifiers_sighting s join identifiers_matchkey k on k.holding_id = s.holding_id where s.part_id = p.id),
  (select count(*) from reports_message m where m.part_id = p.id),
  (select count(*) from reports_trace m where m.part_id = p.id),
  (select count(*) from reports_person m where m.part_id = p.id),
  (select count(*) from reports_passage m where m.part_id = p.id and m.label <> 'CyberTipline report'),
  (select count(*) from reports_remark m where m.part_id = p.id)
from reports_part p join vault_original o on o.id = p.original_id
"""
#: Each must give no row.
MUST_BE_EMPTY = {
    "a report without its ledger entry": "select r.id from reports_report r left join ledger_entry e on e.id = r.entry_id where e.id is null",
    "a report without a part": "select r.id from reports_report r where r.state <> 'joined' and not exists (select from reports_part p where p.report_id = r.id)",
    "a part without its original": "select p.id from reports_part p left join vault_original o on o.id = p.original_id where o.id is null",
    "an original without its custody": """
        select o.id from vault_original o where not (array['received', 'sealed', 'read'] <@ (
          select coalesce(array_agg(c.what), '{}') from vault_custodyevent c where c.original_id = o.id))""",
    "an original that was read twice": """
        select original_id from vault_custodyevent where what = 'read' group by 1 having count(*) > 1""",
    "a report without its audit": """
        select r.id from reports_report r where not exists (
          select from audit_event e where e.subject_id = r.id::text and e.type like '%received%')""",
    "a holding without its match key": """
        select h.id from identifiers_holding h where h.pivot and not exists (
          select from identifiers_matchkey k where k.holding_id = h.id)""",
    "an original held twice": "select agency_id, sha256 from vault_original group by 1, 2 having count(*) > 1",
    "a reference given twice": "select agency_id, reference from reports_report group by 1, 2 having count(*) > 1",
    "a job left": "select id from procrastinate_jobs where status in ('doing', 'failed')",
    "a further form that does not say its report's number": """
        select p.id from reports_part p where p.source like 'cybertip%' and p.number > 1 and not p.member and not exists (
          select from reports_passage m where m.part_id = p.id and m.label = 'CyberTipline report')""",
    "something sealed and not read": "select id from reports_part where state = 'sealed'",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Small files of every format, from the invented nation, and many plain ones."""
    folder = tmp_path_factory.mktemp("files")
    generate(folder / "nation", seed=7, base=datetime(2026, 11, 1, tzinfo=UTC))
    found = [
        p
        for p in sorted((folder / "nation").rglob("*"))
        if p.is_file() and p.name not in {"nation.json", "truth.json"}
    ]
    chosen = [p for p in found if p.stat().st_size < 60_000][:50]
    for number in range(400):
        path = folder / f"note-{number:04}.txt"
        path.write_text(
            f"Number {number}: quayside{number % 50}@mail.example, +44 7700 900{number % 1000:03}, 198.51.100.{number % 250}"
        )
        chosen.append(path)
    random.Random(SEED).shuffle(chosen)
    return chosen


class Killing:
    """One instance under fire: what was acknowledged, and what became of it."""

    def __init__(self, home: Path, files: list[Path]) -> None:
        self.home, self.random = home, random.Random(SEED)
        self.acknowledged: dict[str, str] = {}
        self.kills = 0
        self._files: Iterator[Path] = iter(files * 20)
        self._seconds = 2.5
        self._guard = threading.Lock()

    def some(self, how_many: int) -> list[Path]:
        return [next(self._files) for _ in range(how_many)]

    def ingest_and_kill(self, name: str) -> None:
        """Start the command and kill it at a moment between its start and its usual end."""
        output = self.home.parent / f"{name}.jsonl"
        with self._guard:
            words = self.some(self.random.randint(1, 6))
            moment = self.random.uniform(0.35, 1.0) * self._seconds
        began = time.monotonic()
        process = self.start_ingest(words, output)
        try:
            status = process.wait(moment)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            self.kills += 1
        else:
            assert status in (0, 1), (self.home.parent / "err.log").read_text()[-3000:]
            self._seconds = 0.9 * self._seconds + 0.1 * (time.monotonic() - began)
        self.note(output.read_bytes())

    def start_ingest(self, files: list[Path], output: Path) -> "subprocess.Popen[bytes]":
        words = ["ingest", "--home", self.home, "--agency", "ESX", "--json", *files]
        with output.open("wb") as out, (self.home.parent / "err.log").open("ab") as err:
            return subprocess.Popen(
                [*harness.COMMAND, *map(str, words)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=harness.environment(),
            )

    def note(self, output: bytes) -> None:
        """Take up what was acknowledged: whole lines with a reference. A line that was cut was not said."""
        for line in output.splitlines(keepends=True):
            if line.endswith(b"\n") and (said := json.loads(line))["report"]:
                self.acknowledged[said["file"].split("!/")[0]] = said["report"]

    def settle(self) -> None:
        """Start worker and desk again, until nothing is left to do."""
        log = self.home.parent / "up.log"
        with (
            harness.running("up", "--home", self.home, "--port", "8300", log=log) as process,
            harness.database(self.home) as conn,
        ):

            def at_rest() -> bool:
                assert process.poll() is None, log.read_text()[-3000:]
                return not conn.execute(
                    "select 1 from reports_part where state = 'sealed' union all select 1 from procrastinate_jobs limit 1"
                ).fetchone()

            harness.wait_until(at_rest, seconds=120, what="all is read and matched")
            # Before that it loads, and nothing there heeds a request to stop.
            harness.wait_until(lambda: "The desk is at" in log.read_text(), seconds=60, what="the desk is up")
            process.terminate()
            assert process.wait(30) == 0

    def firsts(self) -> dict[str, str]:
        """By reference: the report itself, or the one that it joined once it was read; what was sealed was acknowledged before."""
        with harness.database(self.home) as conn:
            return dict(
                conn.execute(
                    "select r.reference, coalesce(f.reference, r.reference) from reports_report r"
                    " left join reports_report f on f.id = r.joined_to_id"
                ).fetchall()
            )

    def check(self, undisturbed: Path) -> None:
        """Compare all of it with an instance that nobody disturbed."""
        with harness.database(self.home) as conn:
            for what, statement in MUST_BE_EMPTY.items():
                assert conn.execute(statement).fetchall() == [], what
            kept = {r for (r,) in conn.execute("select reference from reports_report").fetchall()}
            lost = set(self.acknowledged.values()) - kept
            assert not lost, lost
            mine = rows_of_parts(conn)
        with harness.database(undisturbed) as conn:
            theirs = rows_of_parts(conn)
        for sha256, rows in mine.items():
            assert rows == theirs[sha256], sha256
        (last,) = harness.lines(harness.run("verify-audit", "--home", self.home, "--json"))
        assert last["intact"] is True
        assert last["unchained"] == 0
        assert harness.lines(harness.run("verify-vault", "--home", self.home, "--json"))[-1]["bad"] == 0


def rows_of_parts(conn: Any) -> dict[str, Counter[Any]]:
    """By the original's hash: how many rows of each kind its parts led to. Names of outer parts are the caller's."""
    found: dict[str, Counter[Any]] = {}
    for sha256, member, name, *counts in conn.execute(ROWS_OF_A_PART).fetchall():
        inner = name.split("!/", 1)[1] if member else ""
        found.setdefault(sha256, Counter())[(inner, *counts)] += 1
    return found


@pytest.fixture(scope="module")
def undisturbed(founded: Path, files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same files taken in by nobody's leave but ours."""
    home = harness.copy_home(founded, tmp_path_factory.mktemp("undisturbed") / "home")
    harness.run("ingest", "--home", home, "--agency", "ESX", *files, status=None, seconds=300)
    return home


def fire(
    home: Path, files: list[Path], undisturbed: Path, *, commands: int, workers: int, databases: int
) -> None:
    killing = Killing(home, files)
    with harness.database(home):  # it stays up between commands, as under `cets up`
        kill_commands(killing, commands)
        kill_workers(killing, workers)
    for _ in range(databases):
        kill_the_database(killing)
    assert killing.kills >= commands + workers + databases
    killing.settle()
    # Whoever was cut off hands everything in once more: what is in already is known, the rest comes in.
    again = harness.lines(
        harness.run("ingest", "--home", home, "--agency", "ESX", "--json", *files, status=None, seconds=300)
    )
    firsts = killing.firsts()
    for line in again:
        told = killing.acknowledged.get(line["file"].split("!/")[0])
        assert told is None or line["duplicate_of"] == firsts[told], line
    killing.check(undisturbed)
    assert len(killing.acknowledged) > commands // 4  # a run in which little was said proves little


def kill_commands(killing: Killing, how_many: int) -> None:
    """Kill commands at work, two at a time."""

    def go_on(name: str) -> None:
        while killing.kills < how_many:
            killing.ingest_and_kill(name)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(go_on, ("first", "second")))


def kill_workers(killing: Killing, how_many: int) -> None:
    """Leave sealed files to the worker, and kill it while it reads them."""
    files = [str(path) for path in killing.some(6 * how_many)]
    env = harness.environment()
    env["PYTHONPATH"] += f":{Path(__file__).resolve().parents[1]}"
    sealed = subprocess.run(
        [harness.COMMAND[0], "-m", "resilience.sealing", str(killing.home), *files],
        capture_output=True,
        env=env,
        check=True,
    )
    killing.acknowledged |= dict(line.split("\t") for line in sealed.stdout.decode().splitlines())
    for _ in range(how_many):
        with (killing.home.parent / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [harness.COMMAND[0], "-m", "cets.sites.console.child", "worker", str(os.getpid())],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env=harness.environment(CETS_HOME=str(killing.home), CETS_DATABASE_PLACE=place(killing.home)),
            )  # fmt: skip
        time.sleep(killing.random.uniform(0.8, 2.5))
        assert worker.poll() is None, (killing.home.parent / "worker.log").read_text()[-3000:]
        worker.kill()
        worker.wait()
        killing.kills += 1


def place(home: Path) -> str:
    from cets.adapters.postgres import Cluster

    parameters = Cluster(home).parameters("nobody", "cets").items()
    return " ".join(f"{name}={value}" for name, value in parameters if name not in {"user", "password"})


def kill_the_database(killing: Killing) -> None:
    """Kill the whole server while a command is at work: the command says so and ends, and the next one goes on."""
    output = killing.home.parent / "out.jsonl"
    process = killing.start_ingest(killing.some(20), output)
    harness.wait_until(
        lambda: server_pids(killing.home) or process.poll() is not None, seconds=20, what="the server runs"
    )
    time.sleep(killing.random.uniform(0.5, 2.0))
    for pid in server_pids(killing.home):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert process.wait(60) in (0, 1)
    killing.kills += 1
    killing.note(output.read_bytes())


def server_pids(home: Path) -> list[int]:
    return [pid for pid, words in harness.processes(home).items() if "bin/postgres" in words]


def test_sixty_kills(home, files, undisturbed):
    fire(home, files, undisturbed, commands=50, workers=7, databases=3)


@pytest.mark.long
def test_two_hundred_kills(home, files, undisturbed):
    fire(home, files, undisturbed, commands=175, workers=20, databases=5)


@pytest.mark.long
def test_a_thousand_kills(home, files, undisturbed):
    fire(home, files, undisturbed, commands=850, workers=100, databases=50)


def test_a_supply_of_space_that_ends_is_told(home, tmp_path):
    """A store that keeps nothing refuses each file with the reason, and the command goes on."""
    (tmp_path / "one.txt").write_text("quayside@mail.example")
    shutil.rmtree(home / "blobs")
    (home / "blobs").write_text("not a folder")

    done = harness.run("ingest", "--home", home, "--agency", "ESX", "--json", tmp_path / "one.txt", status=1)

    assert b"Traceback" not in done.stderr
