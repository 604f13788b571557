"""What this machine can do: the figures that absolute aims scale with."""

import os
import tempfile
from collections.abc import Iterator
from typing import Any

import psycopg

from bench.instance import instance, median, percentile, timed

COPY_ROWS = 500_000


def run() -> Iterator[dict[str, Any]]:
    """Yield fdatasync, COPY and bare SELECT figures."""
    with tempfile.NamedTemporaryFile() as file:
        block = os.urandom(8192)

        def sync() -> None:
            os.pwrite(file.fileno(), block, 0)
            os.fdatasync(file.fileno())

        found = timed(sync, 300)
    yield {
        "what": "fdatasync of 8 kB",
        "p50_us": round(1e6 * median(found)),
        "p99_us": round(1e6 * percentile(found, 0.99)),
    }
    with instance() as (_, owner), psycopg.connect(owner, autocommit=True) as conn:
        conn.execute("create table calibration (id bigint, kind smallint, norm text, report int)")
        rows = "".join(f"{i}\t{i % 4}\tuser{i:012x}@post.example\t{i}\n" for i in range(COPY_ROWS))

        def copy() -> None:
            with conn.cursor() as cursor, cursor.copy("copy calibration from stdin") as pipe:
                pipe.write(rows)

        seconds = median(timed(copy, 3, warm=1))
        yield {"what": "COPY", "rows_per_s": round(COPY_ROWS / seconds)}
        found = timed(lambda: conn.execute("select 1", prepare=True).fetchone(), 3000, warm=200)
        yield {
            "what": "bare SELECT",
            "p50_us": round(1e6 * median(found)),
            "p99_us": round(1e6 * percentile(found, 0.99)),
        }
