"""What an agency can read of its own rows is the same, whatever others take in between two of its files."""

from typing import Any

import psycopg
import pytest
from django.conf import settings

import factories
from access import catalogue, statements
from access.statements import connect
from cets.access.viewer import sign
from cets.kernel.ids import ids_in_order

#: The parts of an id in order that belong to its writer alone: not the moment it began, not what is at random.
_COUNT = 0xFFFF_FFFF << 30


def chat(word: str, lines: int = 4) -> str:
    return "".join(
        f"13/03/2026, 14:{minute:02} - Alex {word}: see {word}{minute}@mail.example or {minute}\n"
        for minute in range(lines)
    )


def test_own_ids_do_not_count_what_others_took_in(db: str, as_process: Any) -> None:
    for code in ("ESX", "NMR"):
        factories.agency(code)
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", chat("one"))
        first = readable_numbers(db, "ESX")
        intake.take("ESX", chat("two"))
        second = readable_numbers(db, "ESX")
        intake.take("NMR", *(chat(f"other{n}", 30) for n in range(5)))
        intake.take("ESX", chat("six"))
        third = readable_numbers(db, "ESX")
    assert {"reports_message.id", "identifiers_sighting.id", "vault_custodyevent.id"} <= set(first)
    grown = {name: (second[name] - first[name], third[name] - second[name]) for name in first}
    told = {name: steps for name, steps in grown.items() if steps[0] != steps[1]}
    assert not told, "The same kind of file moved these further when another agency took files in."


def readable_numbers(dsn: str, code: str) -> dict[str, int]:
    """Return the highest of each number, and of each id's own count, that the desk reads as this agency."""
    found: dict[str, int] = {}
    with psycopg.connect(dsn, autocommit=True) as owner, connect(dsn, "desk") as conn, conn.transaction():
        _, viewer = factories.service(code)
        conn.execute(
            "select set_config('cets.viewer', %s, true)",
            [sign(viewer, settings.CETS.viewer_key, at=statements.now())],
        )
        for table in catalogue.protected_tables(owner):
            if table in catalogue.OPEN_TABLES or table.startswith("audit_"):
                continue  # one chain for all agencies: see SECURITY.md
            for column, kind in conn.execute(_COLUMNS, [table]).fetchall():
                values = [
                    v for (v,) in conn.execute(f"select {column} from {table}").fetchall() if v is not None
                ]
                if values:
                    found[f"{table}.{column}"] = max(v if kind != "uuid" else v.int & _COUNT for v in values)
    return found


_COLUMNS = """
select quote_ident(attname), format_type(atttypid, null) from pg_attribute
where attrelid = %s::regclass and attnum > 0 and not attisdropped and has_column_privilege(attrelid, attnum, 'select')
  and (atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
    or attname = 'id' and atttypid = 'uuid'::regtype and attrelid::regclass::text = any(array[
      'reports_message', 'reports_person', 'reports_passage', 'reports_remark', 'identifiers_sighting', 'vault_custodyevent']))
"""


@pytest.mark.parametrize("taken", [0, 1, 5_000])
def test_writers_know_nothing_of_each_other(taken: int) -> None:
    mine, others = ids_in_order(), ids_in_order()
    first = [next(mine) for _ in range(3)]
    for _ in range(taken):
        next(others)
    then = [next(mine) for _ in range(3)]
    assert first + then == sorted({*first, *then})
    assert {i.version for i in first} == {7}
    assert [(i.int & _COUNT) >> 30 for i in (*first, *then)] == list(range(6))
