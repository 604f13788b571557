"""The real commands in processes of their own, on a home folder of their own, with every process reaped."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "cets.sites.console.main"]
SOURCES = str(Path(__file__).resolve().parents[2] / "src")


def environment(**more: str) -> dict[str, str]:
    """What a command started by hand would have: nothing of the test run's own instance."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("CETS_", "DJANGO_", "PG"))
    }
    kept.pop("DATABASE_URL", None)
    return kept | {"PYTHONPATH": SOURCES, "PYTHONUNBUFFERED": "1"} | more


def run(
    *words: str | Path, status: int | None = 0, seconds: float = 120, **how: Any
) -> "subprocess.CompletedProcess[bytes]":
    """Run a command to its end; `status` is what it must end with, None for any."""
    how.setdefault("stdin", subprocess.DEVNULL)
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        capture_output=True,
        timeout=seconds,
        env=how.pop("env", environment()),
        check=False,
        **how,
    )
    if status is not None:
        assert done.returncode == status, (
            done.stdout.decode(errors="replace")[-2000:] + done.stderr.decode(errors="replace")[-4000:]
        )
    return done


def lines(done: "subprocess.CompletedProcess[bytes] | bytes") -> list[dict[str, Any]]:
    """The JSON objects that a command printed."""
    output = done if isinstance(done, bytes) else done.stdout
    return [json.loads(line) for line in output.splitlines()]


def make_home(home: Path, *agencies: str) -> Path:
    """An instance on the embedded database, with agencies."""
    run("init", "--home", home, "--demo-keys")
    for code in agencies or ("ESX",):
        run(
            "agency",
            "add",
            code,
            "--name",
            f"{code} Police",
            "--country",
            "GB",
            "--phone",
            "+44 1632 960001",
            "--home",
            home,
        )
    return home


def copy_home(source: Path, target: Path) -> Path:
    """The same instance once more, its database stopped: cheaper than making one."""
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("run"))
    settings = target / "cets.toml"
    settings.write_text(settings.read_text().replace(source.as_uri(), target.as_uri()))
    return target


@contextmanager
def database(home: Path) -> Iterator[Any]:
    """A connection as the owner, past every policy: to compare, never to change."""
    import psycopg

    from cets.adapters.postgres import Cluster

    with (
        Cluster(home).use() as cluster,
        psycopg.connect(cluster.dsn("postgres", "cets"), autocommit=True) as conn,
    ):
        yield conn


def processes(home: Path) -> dict[int, str]:
    """Every process that has to do with this home folder: by its words, its environment or its working folder."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            about = (
                words
                + (folder / "environ").read_bytes().decode(errors="replace")
                + str((folder / "cwd").readlink())
            )
        except OSError:
            continue
        if words and str(home) in about:
            found[int(folder.name)] = words.strip()
    return found


def wait_until(holds: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """Wait for something, and fail with its name when it does not come."""
    end = time.monotonic() + seconds
    while not (value := holds()):
        if time.monotonic() > end:
            raise AssertionError(f"Not within {seconds} seconds: {what}")
        time.sleep(0.05)
    return value


def kill_all(home: Path) -> None:
    """kill -9 to everything of this home, and again until nothing is left."""

    def none_left() -> bool:
        for pid in processes(home):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return not processes(home)

    wait_until(none_left, seconds=20, what="everything killed is gone")


@contextmanager
def running(*words: str | Path, log: Path, **how: Any) -> "Iterator[subprocess.Popen[bytes]]":
    """A command that goes on by itself; killed and reaped at the end of the block if it still runs."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*COMMAND, *map(str, words)], stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            env=how.pop("env", environment()), **how,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            process.wait()
