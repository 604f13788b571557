"""A long chat and a large VICS file through all of it: the memory of the reading processes, and rows/s beside bare COPY of the same rows."""

import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from bench.ingest import COPIED, copy_again, counts
from bench.instance import instance

CHAT_MEGABYTES = float(os.environ.get("BENCH_CHAT_MB", "100"))
VICS_ENTRIES = int(os.environ.get("BENCH_VICS_ENTRIES", "500000"))
SEED = int(os.environ.get("BENCH_STREAMS_SEED", "7003"))
TABLES = (*COPIED, "reports_message", "reports_passage", "reports_person", "reports_trace", "reports_remark")
_AIM_MB, _AIM_SHARE = 256, 0.25
_EVERY = 0.2
_WORDS = [
    "the",
    "train",
    "was",
    "late",
    "again",
    "and",
    "we",
    "had",
    "to",
    "wait",
    "at",
    "the",
    "harbour",
    "until",
    "somebody",
    "opened",
    "the",
    "hall",
    "so",
    "that",
    "all",
    "could",
    "see",
    "where",
    "our",
    "kites",
    "hang",
    "before",
    "next",
    "week",
    "starts",
    "with",
    "rain",
    "as",
    "usual",
    "but",
    "nobody",
    "minds",
]


def run() -> Iterator[dict[str, Any]]:
    """Yield for each of the two files the most memory that each process took, and the share of bare COPY."""
    with (
        tempfile.TemporaryDirectory() as text,  # what lies inside an instance is not taken in
        instance() as (made, owner),
        psycopg.connect(owner, autocommit=True) as conn,
    ):
        for name, write in (("chat.txt", _write_chat), ("case.json", _write_vics)):
            path = Path(text) / name
            write(path)
            yield _measure(made.home, path, conn)
            path.unlink()


def _write_chat(path: Path) -> None:
    """Write a WhatsApp export of so many megabytes; one message in 40 holds an address, a tenth of them new."""
    draw = random.Random(SEED)  # noqa: S311 - nothing secret
    at, size = datetime(2024, 1, 1, 8), 0  # noqa: DTZ001 - the wall clock of an export
    with path.open("w", encoding="utf-8", newline="") as file:
        for number in count():
            at += timedelta(seconds=draw.randrange(90))
            said = " ".join(draw.choices(_WORDS, k=draw.randrange(3, 18)))
            if number % 40 == 0:
                said += f" write to kite{draw.randrange(number // 400 + 1)}@mail.example"
            size += file.write(f"{at:%d/%m/%Y, %H:%M} - {('Wren', 'Larch')[draw.random() < 0.5]}: {said}\n")  # noqa: PLR2004
            if size >= CHAT_MEGABYTES * 1_000_000:
                return


def _write_vics(path: Path) -> None:
    """Write a VICS 2.0 case of so many media, each with two hashes and one file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(
            '{"@odata.context":"http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/UK/$metadata#Cases",'
        )
        file.write(
            '"value":[{"CaseID":"6f1c3b52-6a33-4a51-9d6e-3a57c1f0a001","CaseNumber":"BENCH-1","Media":['
        )
        for number in range(VICS_ENTRIES):
            md5 = hashlib.md5(b"%d" % number, usedforsecurity=False).hexdigest()
            sha1 = hashlib.sha1(b"%d" % number, usedforsecurity=False).hexdigest()
            file.write(
                f'{"," if number else ""}{{"MediaID":{number + 1},"Category":{number % 5},"MD5":"{md5}","SHA1":"{sha1}",'
                f'"MediaSize":{number * 37 % 5_000_000},"MimeType":"image/jpeg","MediaFiles":[{{"MD5":"{md5}",'
                f'"FileName":"kite_{number}.jpg","FilePath":"Pictures/{number // 1000}","Created":"2024-03-01T10:00:00Z"}}]}}'
            )
        file.write("]}]}")


def _measure(home: Path, path: Path, conn: psycopg.Connection[Any]) -> dict[str, Any]:
    before, began = counts(conn, TABLES), time.perf_counter()
    command = (
        sys.executable,
        "-m",
        "cets.sites.console.main",
        "ingest",
        "--home",
        str(home),
        "--agency",
        "AG0",
        "--json",
        str(path),
    )
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    most = _watched(process)
    seconds = time.perf_counter() - began
    rows = {table: after - before[table] for table, after in counts(conn, TABLES).items()}
    copied = copy_again(conn, rows)
    return {
        "file": path.name,
        "MB": round(path.stat().st_size / 1e6, 1),
        "exit": process.returncode,
        "seconds": round(seconds, 1),
        "rows_per_s": round(sum(rows.values()) / seconds),
        "rows": {table: number for table, number in rows.items() if number},
        "most_MB": {name: round(size / 1e6, 1) for name, size in most.items()},
        "aim_MB": _AIM_MB,
        "copy_seconds": round(copied, 2),
        "share_of_copy": round(copied / seconds, 3),
        "aim_share": _AIM_SHARE,
    }


def _watched(process: "subprocess.Popen[bytes]") -> dict[str, int]:
    """Wait for a process and return the most bytes that it, and any one process below it, held in memory at once."""
    most = {"command": 0, "parser": 0}
    while process.poll() is None:
        most["command"] = max(most["command"], _resident(process.pid))
        for child in _below(process.pid):
            most["parser"] = max(most["parser"], _resident(child))
        time.sleep(_EVERY)
    return most


def _below(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(one) for one in path.read_text().split()]
        except OSError:
            continue
        found += [one for child in children for one in (child, *_below(child))]
    return found


def _resident(pid: int) -> int:
    """Return the bytes of a process that are its own: what PostgreSQL's processes and others share is not counted."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    sizes = {
        line.split(":")[0]: int(line.split()[1]) for line in text.splitlines()[1:] if line.endswith("kB")
    }
    return (sizes.get("Private_Clean", 0) + sizes.get("Private_Dirty", 0)) * 1024
