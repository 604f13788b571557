"""`cets up`: it starts, stops and starts again, whatever was killed, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cets.sites.console import child
from resilience import harness

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks processes up in /proc")

WORDS = "Write to quayside@mail.example or call +44 7700 900123."


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            f"http://127.0.0.1:{port}/healthz", timeout=2
        ) as got:
            return bool(got.read() == b"ok")
    except OSError:
        return False


@contextmanager
def up(home: Path, port: int) -> "Iterator[subprocess.Popen[bytes]]":
    log = home.parent / "up.log"
    with harness.running("up", "--home", home, "--port", str(port), log=log) as process:
        harness.wait_until(
            lambda: process.poll() is not None or (answers(port) and "The desk is at" in log.read_text()),
            seconds=60,
            what="the desk answers",
        )
        assert process.poll() is None, log.read_text()
        yield process


def parts(home: Path) -> list[tuple[str, int]]:
    with harness.database(home) as conn:
        return list(conn.execute("select state, count(*) from reports_part group by state").fetchall())


def nothing_runs(home: Path) -> bool:
    return not harness.processes(home)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_in_order(home, number):
    port = free_port()
    with up(home, port) as process:
        names = " ".join(harness.processes(home).values())
        assert "postgres" in names
        assert "child worker" in names
        assert "child desk" in names
        process.send_signal(number)
        assert process.wait(30) == 0
    harness.wait_until(lambda: nothing_runs(home), seconds=5, what="nothing runs")
    said = (home.parent / "up.log").read_text()
    assert "Traceback" not in said
    assert said.count("\n") == 1, said  # where the desk is, and nothing else


def test_half_a_request_does_not_hold_up_the_end(home):
    port = free_port()
    with up(home, port) as process, socket.create_connection(("127.0.0.1", port)) as visitor:
        visitor.sendall(b"GET / HTTP/1.1\r\nHo")
        harness.wait_until(lambda: answers(port), seconds=5, what="the desk answers others")
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert time.monotonic() - began < child.DRAIN_SECONDS + 4
    assert (home.parent / "up.log").read_text().count(
        "\n"
    ) == 1  # where the desk is: nothing had to be killed


def test_no_process_knows_how_the_owner_signs_in(home):
    port = free_port()
    password = (home / "postgres/passwords/postgres").read_text().strip()
    with up(home, port) as process:
        children = {pid: words for pid, words in harness.processes(home).items() if pid != process.pid}
        assert len(children) >= 4
        for pid in children:
            told = Path(f"/proc/{pid}/environ").read_bytes() + Path(f"/proc/{pid}/cmdline").read_bytes()
            assert password.encode() not in told
            assert b"CETS_EMBEDDED_DSN" not in told
        process.terminate()
        process.wait(30)


@pytest.mark.parametrize("name", ["child worker", "child desk", "bin/postgres"])
def test_what_is_killed_is_started_again(home, name):
    port = free_port()
    with up(home, port) as process:
        before = {pid for pid, words in harness.processes(home).items() if name in words}
        for pid in before:
            os.kill(pid, signal.SIGKILL)

        def is_back() -> bool:
            now = {pid for pid, words in harness.processes(home).items() if name in words}
            return bool(now) and not now & before and answers(port)

        harness.wait_until(is_back, seconds=30, what=f"{name} is back")
        assert process.poll() is None
        (home.parent / "one.txt").write_text(WORDS)
        (line,) = harness.lines(
            harness.run("ingest", "--home", home, "--agency", "ESX", "--json", home.parent / "one.txt")
        )
        assert line["error"] is None
        assert line["sightings"] == 2
        process.terminate()
        assert process.wait(30) == 0
    harness.wait_until(lambda: nothing_runs(home), seconds=5, what="nothing runs")


def test_orphans_end_by_themselves(home):
    with up(home, free_port()) as process:
        process.kill()
        process.wait()
        harness.wait_until(
            lambda: nothing_runs(home), seconds=30, what="what the killed one started has ended"
        )


@pytest.mark.parametrize("name", ["child worker", "child desk"])
def test_orphans_end_while_they_are_only_starting(home, name):
    """Before any program in them listens to a signal, and also those that never saw the one that started them."""
    with harness.running("up", "--home", home, "--port", str(free_port()), log=home.parent / "up.log") as up:
        harness.wait_until(
            lambda: name in " ".join(harness.processes(home).values()), seconds=60, what=f"{name} is started"
        )
        up.kill()
        up.wait()
        harness.wait_until(
            lambda: nothing_runs(home), seconds=30, what="what the killed one started has ended"
        )


HANGS = """
import signal, sys, time
from pathlib import Path
from cets.adapters.postgres import Cluster
from cets.sites.console import child

child.GRACE_SECONDS = 0.5
signal.signal(signal.SIGTERM, lambda *_: print("asked", flush=True))
cluster = Cluster(Path(sys.argv[1]))
with cluster.use():
    child.watch_parent(0, at_last=cluster.leave)
    time.sleep(600)
"""


def test_an_orphan_that_hangs_is_ended_and_the_database_with_it(home):
    done = subprocess.run(
        [harness.COMMAND[0], "-c", HANGS, str(home)], env=harness.environment(), capture_output=True, timeout=60, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr) == (1, b"asked\n", b"")
    assert nothing_runs(home)


def test_all_killed_and_started_again(home):
    port = free_port()
    (home.parent / "one.txt").write_text(WORDS)
    with up(home, port):
        harness.run("ingest", "--home", home, "--agency", "ESX", home.parent / "one.txt")
        harness.kill_all(home)
    with up(home, port) as process:
        assert parts(home) == [("read", 1)]
        process.terminate()
        assert process.wait(30) == 0


def test_programs_are_told_on_standard_output_alone(home):
    told, log = home.parent / "told.jsonl", home.parent / "up.log"
    with told.open("wb") as output, log.open("wb") as errors:
        process = subprocess.Popen(
            [*harness.COMMAND, "up", "--home", str(home), "--port", str(free_port()), "--json"],
            stdin=subprocess.DEVNULL, stdout=output, stderr=errors, start_new_session=True, env=harness.environment(),
        )  # fmt: skip
        try:
            harness.wait_until(lambda: told.read_text().endswith("\n"), seconds=60, what="the desk answers")
            (ready,) = map(json.loads, told.read_text().splitlines())
            assert answers(int(ready["desk"].rsplit(":", 1)[1].strip("/")))
            process.terminate()
            assert process.wait(30) == 0
        finally:
            process.kill()
            process.wait()
    states = [json.loads(line)["state"] for line in told.read_text().splitlines()]
    assert states == ["ready", "stopped"]
    assert "The desk is at" in log.read_text()


def test_a_taken_port_gives_the_next(home):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        log = home.parent / "up.log"
        with harness.running("up", "--home", home, "--port", str(port), log=log) as process:
            harness.wait_until(
                lambda: "The desk is at" in log.read_text(), seconds=60, what="the desk says where it is"
            )
            assert f":{port}/" not in log.read_text()
            process.terminate()
            assert process.wait(30) == 0
