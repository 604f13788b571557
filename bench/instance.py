"""A throw-away instance with the real schema, roles and policies, tuned as docs/operating/database.md says."""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from cets.adapters.postgres import Cluster
from cets.kernel import clock
from cets.sites.console import founding, runtime

BULK = {
    "shared_buffers": "2GB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
}


@contextmanager
def instance(process: str = "worker") -> Iterator[tuple[Any, str]]:
    """Yield a founded instance, set up as `process`, and the owner's connection string."""
    folder = Path(tempfile.mkdtemp(prefix="cets-bench-"))
    home = founding.make_home(folder / "home", demo=True, keys_dir=None, database_url=None).home
    try:
        with Cluster(home).use() as cluster:
            _tune(cluster.dsn(runtime.SUPERUSER, "postgres"))
        _found(home)
        with runtime.started(home, process) as made:  # type: ignore[arg-type]
            yield made, Cluster(home).dsn(runtime.SUPERUSER, runtime.DATABASE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tune(owner: str) -> None:
    with psycopg.connect(owner, autocommit=True) as conn:
        for name, value in BULK.items():
            conn.execute(f"alter system set {name} = '{value}'")


def _found(home: Path) -> None:
    """Found the instance in a process of its own: this one will set Django up for another role."""
    import subprocess
    import sys

    subprocess.run([sys.executable, "-m", "bench.instance", str(home)], check=True)


def _found_here(home: Path) -> None:
    from cets.settings import types

    made = types.load(home)
    with runtime.database(made):
        founding.make_database(made)
        founding.found(
            at=clock.now(),
            centre="National centre",
            country="GB",
            administrators=(
                ("first@centre.example", "First", "demo"),
                ("second@centre.example", "Second", "demo"),
            ),
        )
        from cets.domains.agencies import actions

        for number in range(6):
            actions.add_agency(
                code=f"AG{number}",
                name=f"Agency {number}",
                country="GB",
                by=founding.founder(),
                at=clock.now(),
            )
        runtime.close()


def timed(action: Callable[[], Any], times: int, *, warm: int = 2) -> list[float]:
    """Return how long each call took, in seconds, after a few that do not count."""
    for _ in range(warm):
        action()
    found = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        found.append(time.perf_counter() - began)
    return found


def in_turn(
    one: Callable[[], Any], other: Callable[[], Any], times: int, *, warm: int = 2
) -> tuple[list[float], list[float]]:
    """As `timed`, of two that are compared: each call of one is followed by one of the other."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(warm + times):
        for action, seconds in zip((one, other), found, strict=True):
            seconds.extend(timed(action, 1, warm=0))
    return found[0][warm:], found[1][warm:]


def percentile(found: list[float], share: float) -> float:
    return sorted(found)[min(int(len(found) * share), len(found) - 1)]


def median(found: list[float]) -> float:
    return statistics.median(found)


if __name__ == "__main__":
    import sys

    _found_here(Path(sys.argv[1]))
