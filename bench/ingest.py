"""Small CyberTip files through all of it, with a million identifiers held; and one report's hits during that."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg

from bench.instance import instance, percentile
from bench.world import fill
from cets.sites.console.nation import stream_reports

FILES = int(os.environ.get("BENCH_FILES", "3000"))
HELD = int(os.environ.get("BENCH_HELD", "1000000"))
COPIED = (
    "identifiers_sighting",
    "identifiers_holding",
    "identifiers_matchkey",
    "reports_report",
    "reports_part",
    "ledger_entry",
    "audit_event",
)


def run() -> Iterator[dict[str, Any]]:
    """Yield reports per second, the share of bare COPY of the same rows, and how soon a hit is seen meanwhile."""
    with (
        tempfile.TemporaryDirectory() as text,  # what lies inside an instance is not taken in
        instance() as (made, owner),
        psycopg.connect(owner, autocommit=True) as conn,
    ):
        fill(conn, reports=HELD // 10, per_report=10)
        yield {"step": "held", "identifiers": HELD}
        folder = Path(text)
        for number, content in enumerate(islice(stream_reports(1, overlap=0.1), FILES)):
            (folder / f"{number:06d}.json").write_bytes(content)
        yield from _measure(made.home, folder, conn)


def _measure(home: Path, folder: Path, conn: psycopg.Connection[Any]) -> Iterator[dict[str, Any]]:
    before = counts(conn, COPIED)
    seen: list[float] = []
    stop = threading.Event()
    other = threading.Thread(target=_look_meanwhile, args=(home, seen, stop))
    began = time.perf_counter()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "cets.sites.console.main",
            "ingest",
            "--home",
            str(home),
            "--agency",
            "AG0",
            "--json",
            str(folder),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    other.start()
    assert process.stdout is not None
    first = None
    lines = 0
    for _ in process.stdout:
        first = first or time.perf_counter()
        lines += 1
    process.wait()
    ended = time.perf_counter()
    stop.set()
    other.join()
    assert first is not None
    rate = (lines - 64) / (ended - first)
    rows = {table: after - before[table] for table, after in counts(conn, COPIED).items()}
    copied = copy_again(conn, rows)
    yield {
        "step": "ingest",
        "files": lines,
        "seconds": round(ended - began, 1),
        "reports_per_s": round(rate, 1),
        "aim": 100,
    }
    yield {
        "step": "bare COPY of the same rows",
        "seconds": round(copied, 2),
        "share": round(copied / (ended - began), 3),
        "rows": rows,
    }
    if seen:
        yield {
            "step": "one report to its hits, meanwhile",
            "p50_s": round(percentile(seen, 0.5), 2),
            "worst_s": round(max(seen), 2),
            "aim_s": 1.0,
            "looks": len(seen),
        }


def counts(conn: psycopg.Connection[Any], tables: Iterable[str]) -> dict[str, int]:
    """Return how many rows each table holds."""
    return {table: conn.execute(f"select count(*) from {table}").fetchone()[0] for table in tables}  # type: ignore[index]


def copy_again(conn: psycopg.Connection[Any], rows: dict[str, int]) -> float:
    """Return how long bare COPY takes for as many rows of the same tables, into tables without index or rule."""
    total = 0.0
    for table, count in rows.items():
        with conn.cursor().copy(f"copy (select * from {table} limit {count}) to stdout") as pipe:
            data = b"".join(pipe)
        conn.execute(f"create temp table copied as select * from {table} limit 0")
        began = time.perf_counter()
        with conn.cursor().copy("copy copied from stdin") as pipe:
            pipe.write(data)
        total += time.perf_counter() - began
        conn.execute("drop table copied")
    return total


def _look_meanwhile(home: Path, seen: list[float], stop: threading.Event) -> None:
    """Take single reports in beside the large ingest and note how soon their hit is known."""
    script = (
        "import sys, time, io\n"
        "from pathlib import Path\n"
        "from bench.single import loop\n"
        "loop(Path(sys.argv[1]))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    while not stop.is_set():
        process.stdin.write("next\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            break
        seen.append(float(line))
        stop.wait(1.0)
    process.stdin.close()
    process.wait()
