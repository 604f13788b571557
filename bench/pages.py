"""A million reports under row-level security: the same statements with and without, and the home page."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from typing import Any

import psycopg

from bench.instance import instance, percentile, timed
from bench.world import fill

REPORTS = int(os.environ.get("BENCH_REPORTS", "1000000"))
LIST = "select id, reference, title, received_at from reports_report where agency_id = %s order by received_at desc, reference desc limit 25"
LOOK = "select id, report_id, value from identifiers_holding where agency_id = %s and key = %s"


def run() -> Iterator[dict[str, Any]]:
    """Yield p95 of a list page, p99 of a look-up, and p95 of the home page."""
    with instance("desk") as (_, owner), psycopg.connect(owner, autocommit=True) as conn:
        fill(conn, reports=REPORTS, per_report=1)
        from django.db import connection

        from cets.access.viewer import acting
        from cets.domains.agencies import queries

        _, viewer = queries.service_account("AG0")
        keys = [
            row[0]
            for row in conn.execute(
                "select key from identifiers_holding where agency_id = %s limit 400", [viewer.agency_id]
            )
        ]
        with (
            acting(viewer),
            conn.transaction(),
        ):  # the same driver, settings and statement: the policies differ
            conn.prepare_threshold = connection.connection.prepare_threshold
            bare, ruled = (partial(_rows, one, viewer.agency_id) for one in (conn, connection.connection))
            yield from _pair("list page of 25", 0.95, partial(bare, LIST), partial(ruled, LIST))
            turn = iter(keys * 20)
            yield from _pair(
                "identifier look-up", 0.99, lambda: bare(LOOK, next(turn)), lambda: ruled(LOOK, next(turn))
            )
        yield from _home(conn)


def _rows(conn: psycopg.Connection[Any], agency_id: Any, statement: str, *params: Any) -> list[Any]:
    return conn.execute(statement, [agency_id, *params]).fetchall()


def _pair(
    name: str, share: float, without: Callable[[], Any], under: Callable[[], Any]
) -> Iterator[dict[str, Any]]:
    bare, ruled = [], []
    for _ in range(60):
        bare += timed(without, 5, warm=0)
        ruled += timed(under, 5, warm=0)
    ratio = percentile(ruled, share) / percentile(bare, share)
    yield {
        "step": name,
        "percentile": share,
        "without_ms": round(1e3 * percentile(bare, share), 3),
        "under_rls_ms": round(1e3 * percentile(ruled, share), 3),
        "ratio": round(ratio, 2),
        "aim": 2.0,
    }


def _ask(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == HTTPStatus.OK, (answer.status_code, answer.content[:300], answer.headers)


def _home(conn: psycopg.Connection[Any]) -> Iterator[dict[str, Any]]:
    """Ask for pages through Django's whole stack, as a signed-in officer whose team has everything."""
    from django.test import Client

    from bench.officer import sign_in

    client: Client = sign_in(conn)
    for name, path in (("home page", "/"), ("reports list", "/reports/"), ("hits list", "/hits/")):
        found = timed(partial(_ask, client, path), 60)
        yield {
            "step": name,
            "p50_ms": round(1e3 * percentile(found, 0.5)),
            "p95_ms": round(1e3 * percentile(found, 0.95)),
            "aim_ms": 300,
        }
