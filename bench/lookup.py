"""10,000 identifiers of one file against 10 million held: beside a plain text B-tree on the same server, access applied."""

import os
import random
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg

from bench.instance import in_turn, instance, median, percentile
from cets.kernel.ids import keyed_id, new_id

BATCH = 10_000
#: The index of `identifiers/migrations/0002_protect.py`.
OURS = "btree (key) include (report_id, agency_id, told, own_key, is_exact)"
PER_REPORT = 10


def norm(i: int) -> tuple[str, str]:
    """The i-th identifier: four kinds in turn, as `shared/peers/d_lookup.py` makes them."""
    x = (i * 2654435761) & 0xFFFFFFFFFFFF
    return (
        ("email", f"user{x:012x}@post.example"),
        ("phone", f"+44{x % 10**10:010d}{i % 97:02d}"),
        ("handle", f"handle_{x:012x}"),
        ("device", f"device:{x:012x}{i:020x}"),
    )[i % 4]


def run(held: int = int(os.environ.get("BENCH_HELD", "10000000"))) -> Iterator[dict[str, Any]]:
    """Yield the figures."""
    with instance() as (made, owner), psycopg.connect(owner, autocommit=True) as conn:
        agencies = [
            row[0]
            for row in conn.execute("select id from agencies_agency where code like 'AG%' order by code")
        ]
        yield {"step": "load", "rows": held, **_load(conn, held, agencies, made.match_key)}
        yield from _measure(conn, owner, held, agencies, made)


def _load(conn: psycopg.Connection[Any], held: int, agencies: list[UUID], match_key: bytes) -> dict[str, Any]:
    conn.execute("create table peer_text (norm text not null, kind text not null, report int not null)")
    conn.execute("drop index matchkey_key")
    began = time.perf_counter()
    with conn.cursor() as cursor, cursor.copy("copy peer_text from stdin") as copy:
        for i in range(held):
            kind, value = norm(i)
            copy.write_row((value, kind, i // PER_REPORT))
    text = time.perf_counter() - began
    began = time.perf_counter()
    columns = "key, own_key, is_exact, holding_id, report_id, agency_id, told, kind, common, is_declared, is_assumed, is_certain, carrier_nat"
    with (
        conn.cursor() as cursor,
        cursor.copy(f"copy identifiers_matchkey ({columns}) from stdin (format binary)") as copy,
    ):
        copy.set_types(
            [
                "uuid",
                "uuid",
                "bool",
                "uuid",
                "uuid",
                "uuid",
                "int2",
                "text",
                "text",
                "bool",
                "bool",
                "bool",
                "bool",
            ]
        )
        report = new_id()
        for i in range(held):
            if i % PER_REPORT == 0:
                report = new_id()
            kind, value = norm(i)
            key = keyed_id(match_key, kind, value)
            copy.write_row(
                (
                    key,
                    key,
                    True,
                    new_id(),
                    report,
                    agencies[(i // PER_REPORT) % 5],
                    1,
                    kind,
                    "",
                    True,
                    False,
                    False,
                    False,
                )
            )
    keys = time.perf_counter() - began
    sizes: dict[str, Any] = {"peer_copy_s": round(text, 1), "matchkey_copy_s": round(keys, 1)}
    for name, statement in (
        ("peer_text_btree", "create index peer_text_norm on peer_text (norm, kind) include (report)"),
        ("matchkey", f"create index matchkey_key on identifiers_matchkey using {OURS}"),
    ):
        began = time.perf_counter()
        conn.execute(statement)
        sizes[f"{name}_index_s"] = round(time.perf_counter() - began, 1)
    for table in ("peer_text", "identifiers_matchkey"):
        conn.execute(f"vacuum analyze {table}")
    return sizes


def _measure(
    conn: psycopg.Connection[Any], owner: str, held: int, agencies: list[UUID], made: Any
) -> Iterator[dict[str, Any]]:
    draw = random.Random(3)  # noqa: S311 - figures, not secrets
    probes = [norm(draw.randrange(2 * held)) for _ in range(BATCH)]
    peer = "select p.o, i.report from unnest(%b::text[], %b::text[]) with ordinality p(n, k, o) join peer_text i on i.norm = p.n and i.kind = p.k"
    arrays = [[value for _, value in probes], [kind for kind, _ in probes]]
    report = _file_of_10k(conn, probes, agencies[5], made.match_key)
    from cets.access.viewer import acting
    from cets.domains.deconfliction import matcher, matching

    def theirs() -> None:
        conn.execute(peer, arrays, prepare=True, binary=True).fetchall()

    def ours() -> None:
        with acting(matcher.MATCHER, using=matcher.USING):
            matching._touched([report])  # noqa: SLF001 - the statement under measurement

    peer_times, our_times = in_turn(theirs, ours, 15)
    yield {"step": "peer: text B-tree, no access rules", "median_ms": round(1e3 * median(peer_times), 1)}
    yield {
        "step": "ours: covering B-tree on the keyed id, index-only, as the matcher's role",
        "median_ms": round(1e3 * median(our_times), 1),
        "times_faster": round(median(peer_times) / median(our_times), 2),
        "aim": 2.5,
    }
    for name, using in (
        ("a hash index", "hash (key)"),
        ("a plain B-tree", "btree (key)"),
    ):
        conn.execute("drop index matchkey_key")
        conn.execute(f"create index matchkey_key on identifiers_matchkey using {using}")
        conn.execute("vacuum analyze identifiers_matchkey")
        peer_again, other = in_turn(theirs, ours, 7)
        yield {
            "step": f"ours with {name} instead",
            "median_ms": round(1e3 * median(other), 1),
            "times_faster": round(median(peer_again) / median(other), 2),
        }
    yield {"step": "p99 of the batch", "ms": round(1e3 * percentile(our_times, 0.99), 1)}


def _file_of_10k(
    conn: psycopg.Connection[Any], probes: list[tuple[str, str]], agency: UUID, match_key: bytes
) -> UUID:
    """Put one report with these identifiers in, as intake would have written it."""
    report = new_id()
    columns = "key, own_key, is_exact, holding_id, report_id, agency_id, told, kind, common, is_declared, is_assumed, is_certain, carrier_nat"
    with conn.cursor() as cursor, cursor.copy(f"copy identifiers_matchkey ({columns}) from stdin") as copy:
        for kind, value in probes:
            key = keyed_id(match_key, kind, value)
            copy.write_row((key, key, True, new_id(), report, agency, 1, kind, "", True, False, False, False))
    conn.execute("analyze identifiers_matchkey")
    return report
