"""The attack on the database: as a run-time role, every verb on every protected table, in every context.

`attack` returns what got through. The same function runs against the sound database, where nothing may, and against
databases with a planted fault, where something must.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from access.catalogue import protected_tables
from cets.access.viewer import Viewer, sign

#: Rows that every viewer may read by design, with the reason; they may not be changed all the same.
OPEN_TO_VIEWERS = {"agencies_agency": "the names of agencies are no secret to each other"}
INJECTED = "injected"


@dataclass(frozen=True, slots=True)
class Breach:
    """Foreign rows that were seen or changed."""

    role: str
    context: str
    table: str
    verb: str
    rows: int


@dataclass(frozen=True, slots=True)
class Table:
    """A protected table as the owner sees it, with some rows that are foreign to the attacker."""

    name: str
    key: str
    columns: tuple[str, ...]  # that can be written
    foreign: tuple[Any, ...]  # keys of the rows that are not the attacker's
    sample: Mapping[str, str | None]  # one of them, as text
    readable: tuple[
        str, ...
    ]  # what the role may read, change and add: a column of which it may is attacked by that
    changeable: str
    addable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What `cets.viewer` says. `statement` comes before each attack, in its transaction."""

    name: str
    token: str | None = None
    inject: str | None = None  # a token that the attacked statement itself tries to set


def contexts(viewer: Viewer, foreign_agency: UUID, key: bytes, *, now: datetime) -> list[Context]:
    """Return every context but a right one: none, the wrong agency's, expired, forged, malformed, injected."""
    valid = sign(viewer, key, at=now)
    target = replace(viewer, agency_id=foreign_agency)
    forged = sign(target, b"\\x01" * 32, at=now)
    body, _, mac = valid.rpartition("|")
    swapped = "|".join([*_swap(body.split("|"), 2, str(foreign_agency)), mac])
    every_right = "|".join([*_swap(body.split("|"), 3, "255"), mac])
    longer = "|".join([*_swap(body.split("|"), 4, "99999999999"), mac])
    return [
        Context("none"),
        Context("wrong agency", valid),
        Context("expired", sign(target, key, at=now - timedelta(hours=1))),
        Context("forged by another key", forged),
        Context("agency swapped under a true mac", swapped),
        Context("rights raised under a true mac", every_right),
        Context("life lengthened under a true mac", longer),
        Context("malformed", "v1|||||"),
        Context("no token at all", "open sesame"),
        Context("empty mac", f"v1|{uuid4()}|{foreign_agency}|1|99999999999|"),
        Context("other version", valid.replace("v1|", "v2|", 1)),
        Context(INJECTED, valid, inject=swapped),
    ]


def _swap(parts: list[str], index: int, value: str) -> list[str]:
    return [*parts[:index], value, *parts[index + 1 :]]


def tables(
    owner: psycopg.Connection[Any],
    conn: psycopg.Connection[Any],
    viewer: Viewer,
    *,
    without: Collection[str] = (),
) -> Iterator[Table]:
    """Yield what is foreign to this viewer in each protected table, with what the role of `conn` was granted.

    Raises AssertionError where the world holds no such row, but for tables that are the viewer's alone (`without`).
    """
    for name in protected_tables(owner):
        info = owner.execute(
            "select attname, attgenerated = '' and attidentity <> 'a' from pg_attribute"
            " where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum",
            [name],
        ).fetchall()
        columns = [column for column, _ in info]
        (key,) = owner.execute(_PRIMARY, [name]).fetchone() or ("id",)
        rows = owner.execute(
            sql.SQL(
                "select {key}, to_jsonb(t) from {table} t where {foreign} order by {key} limit 50"
            ).format(key=sql.Identifier(key), table=sql.Identifier(name), foreign=_foreign(name, columns)),
            {"agency": viewer.agency_id, "actor": viewer.actor_id},
        ).fetchall()
        if not rows and name in without:
            continue
        assert rows, f"The world holds no foreign row of {name}: the attack on it would prove nothing."
        as_text = owner.execute(
            sql.SQL("select {} from {} where {} = %s").format(
                sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(c)) for c in columns),
                sql.Identifier(name),
                sql.Identifier(key),
            ),
            [rows[0][0]],
        ).fetchone()
        assert as_text is not None
        held = {
            verb: tuple(c for (c,) in conn.execute(_GRANTED, [columns, name, verb]).fetchall())
            for verb in ("select", "update", "insert")
        }
        foreign = tuple(row[0] for row in rows)
        if key not in held["select"] and "agency_id" in held["select"]:
            # A row whose number counts all agencies' is told by whose it is.
            key, foreign = "agency_id", tuple({UUID(row[1]["agency_id"]) for row in rows})
        writable = tuple(c for c, may in info if may)
        yield Table(
            name, key, writable, foreign, dict(zip(columns, as_text, strict=True)), held["select"] or tuple(columns),
            next((c for c in held["update"] if c in writable), writable[-1]), tuple(c for c in held["insert"] if c in writable) or writable,
        )  # fmt: skip


_PRIMARY = (
    "select attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
    " where indisprimary and indrelid = %s::regclass"
)
_GRANTED = "select c from unnest(%s::text[]) c where has_column_privilege(%s, c, %s)"


def _foreign(name: str, columns: Sequence[str]) -> sql.Composable:
    """Say which rows are not the attacker's: the oracle, asked as the owner."""
    if name == "agencies_agency":
        return sql.SQL("id <> %(agency)s")
    if name == "audit_event":
        return sql.SQL("agency_id is distinct from %(agency)s and actor_id <> %(actor)s")
    if name == "audit_payload":
        return sql.SQL(
            "event_id in (select id from audit_event where agency_id is distinct from %(agency)s and actor_id <> %(actor)s)"
        )
    if "agency_id" in columns:
        return sql.SQL("agency_id <> %(agency)s")
    return sql.SQL("true")


Attempt = Callable[[psycopg.Cursor[Any], Table, str | None], int]


def attack(
    conn: psycopg.Connection[Any], role: str, found: Sequence[Table], context: Context
) -> list[Breach]:
    """Try every verb on every table as this connection's role; return what got through. Nothing is kept."""
    breaches = []
    for table in found:
        for verb, attempt in ATTEMPTS.items():
            if context.name == INJECTED and verb not in _WITH_INJECTION:
                continue
            rows = _try(conn, table, context, attempt)
            if rows and not (table.name in OPEN_TO_VIEWERS and verb in _READS and context.token):
                breaches.append(Breach(role, context.name, table.name, verb, rows))
    return breaches


def _try(conn: psycopg.Connection[Any], table: Table, context: Context, attempt: Attempt) -> int:
    try:
        with conn.transaction(force_rollback=True), conn.cursor() as cursor:
            if context.token is not None:
                cursor.execute("select set_config('cets.viewer', %s, true)", [context.token])
            return attempt(cursor, table, context.inject)
    except psycopg.Error:
        return 0


def _readable(table: Table) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in table.readable)


def _format(text: str, table: Table, **parts: sql.Composable) -> sql.Composed:
    return sql.SQL(text).format(t=sql.Identifier(table.name), k=sql.Identifier(table.key), **parts)


def _count(cursor: psycopg.Cursor[Any], table: Table) -> int:
    """Return how many of the rows just fetched are foreign."""
    columns = [d.name for d in cursor.description or ()]
    rows = cursor.fetchall()
    if table.key not in columns:
        return len(rows)
    index, foreign = columns.index(table.key), set(table.foreign)
    return sum(row[index] in foreign for row in rows)


def _select(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    if inject is None:
        cursor.execute(_format("select {c} from {t}", table, c=_readable(table)))
        return _count(cursor, table)
    most = 0
    for text in (
        "select set_config('cets.viewer', %(token)s, true), {c} from {t}",
        "select {c} from {t} where set_config('cets.viewer', %(token)s, true) is not null",
        "with s as materialized (select set_config('cets.viewer', %(token)s, true)) select {c} from s, {t}",
        "select {c} from {t} where {k} = any(%(keys)s) or (select set_config('cets.viewer', %(token)s, true)) is null",
    ):
        cursor.execute(
            _format(text, table, c=_readable(table)), {"token": inject, "keys": list(table.foreign)}
        )
        most = max(most, _count(cursor, table))
    return most


def _counted(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    cursor.execute(_format("select count(*) from {t} where {k} = any(%s)", table), [list(table.foreign)])
    return int((cursor.fetchone() or (0,))[0])


def _for_update(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    cursor.execute(
        _format("select {k} from {t} where {k} = any(%s) for update", table), [list(table.foreign)]
    )
    return len(cursor.fetchall())


def _cte(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    cursor.execute(_format("with w as materialized (select * from {t}) select * from w", table))
    return _count(cursor, table)


def _view(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    cursor.execute(_format("create temp view peep as select * from {t}", table))
    cursor.execute("select * from peep")
    return _count(cursor, table)


def _row_security_off(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    cursor.execute("set local row_security = off")
    cursor.execute(_format("select {c} from {t}", table, c=_readable(table)))
    return _count(cursor, table)


def _other_role(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    for statement in ("set local role none", "set local role {}", "set local session authorization default"):
        cursor.execute(sql.SQL(statement).format(sql.Identifier(f"{settings.CETS_ROLE_PREFIX}_definer")))
        cursor.execute(_format("select {c} from {t}", table, c=_readable(table)))
        if rows := _count(cursor, table):
            return rows
    return 0


def _copy_to(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    with cursor.copy(_format("copy {t} ({c}) to stdout", table, c=_readable(table))) as copy:
        lines = b"".join(bytes(block) for block in copy).decode().splitlines()
    if table.key not in table.readable:
        return len(lines)
    index, foreign = table.readable.index(table.key), {str(key) for key in table.foreign}
    return sum(line.split("\t")[index] in foreign for line in lines)


def _copy_query_to(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    with cursor.copy(_format("copy (select {k}::text from {t}) to stdout", table)) as copy:
        found = set(b"".join(bytes(block) for block in copy).decode().split())
    return len(found & {str(key) for key in table.foreign})


def _copy_from(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    columns, values = _insertable(table)
    with cursor.copy(_format("copy {t} ({c}) from stdin", table, c=columns)) as copy:
        copy.write_row(values)
    return max(cursor.rowcount, 0)


def _insertable(table: Table) -> tuple[sql.Composed, list[str | None]]:
    """Return the columns that the role may add, and a foreign row's values under keys of their own.

    A payload keeps its event's key: there is none without its event, and another's event has its payload already.
    """
    values = dict(table.sample)
    if table.name != "audit_payload" and table.key != "agency_id":
        values[table.key] = str(uuid4()) if "-" in str(table.sample[table.key]) else "987654321"
    for unique in {"reference", "entry_id", "sha256", "headings", "number"} & set(values):
        values[unique] = "987654" if unique == "number" else str(uuid4())
    return sql.SQL(", ").join(sql.Identifier(n) for n in table.addable), [values[n] for n in table.addable]


def _insert_text(cursor: psycopg.Cursor[Any], table: Table, tail: str) -> int:
    columns, values = _insertable(table)
    places = sql.SQL(", ").join(sql.Placeholder() * len(values))
    cursor.execute(_format("insert into {t} ({c}) values ({v}) " + tail, table, c=columns, v=places), values)
    return max(cursor.rowcount, 0)


def _insert(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    return _insert_text(cursor, table, "")


def _insert_returning(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    return _insert_text(cursor, table, "returning *")


def _on_conflict(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    columns, values = _insertable(table)
    values = [table.sample[n] if n == table.key else v for n, v in zip(table.addable, values, strict=True)]
    places = sql.SQL(", ").join(sql.Placeholder() * len(values))
    cursor.execute(
        _format("insert into {t} ({c}) values ({v}) on conflict ({k}) do update set {s} = excluded.{s}", table, c=columns, v=places,
                s=sql.Identifier(table.changeable)),
        values,
    )  # fmt: skip
    return max(cursor.rowcount, 0)


def _update(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    where = " or set_config('cets.viewer', %(token)s, true) is null" if inject else ""
    cursor.execute(
        _format(
            "update {t} set {s} = {s} where {k} = any(%(keys)s)" + where,
            table,
            s=sql.Identifier(table.changeable),
        ),
        {"keys": list(table.foreign), "token": inject},
    )
    return cursor.rowcount


def _blind_update(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    """Without a WHERE no right to read is needed: everything that the policy of changes lets through is hit."""
    cursor.execute(_format("update {t} set {s} = {s}", table, s=sql.Identifier(table.changeable)))
    touched = cursor.rowcount
    if inject or touched <= 0:
        return 0
    cursor.execute(_format("select count(*) from {t}", table))
    return max(0, touched - int((cursor.fetchone() or (0,))[0]))


def _delete(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    where = " or set_config('cets.viewer', %(token)s, true) is null" if inject else ""
    cursor.execute(
        _format("delete from {t} where {k} = any(%(keys)s)" + where, table),
        {"keys": list(table.foreign), "token": inject},
    )
    return cursor.rowcount


def _delete_returning(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    cursor.execute(_format("with d as (delete from {t} returning *) select * from d", table))
    return _count(cursor, table)


def _truncate(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    cursor.execute(_format("truncate {t} cascade", table))
    return len(table.foreign)


def _switch_off(cursor: psycopg.Cursor[Any], table: Table, inject: str | None) -> int:
    del inject
    cursor.execute(_format("alter table {t} disable row level security", table))
    return len(table.foreign)


ATTEMPTS: dict[str, Attempt] = {
    "select": _select,
    "select count": _counted,
    "select for update": _for_update,
    "cte": _cte,
    "view": _view,
    "row_security off": _row_security_off,
    "set role": _other_role,
    "copy to": _copy_to,
    "copy query to": _copy_query_to,
    "copy from": _copy_from,
    "insert": _insert,
    "insert returning": _insert_returning,
    "on conflict": _on_conflict,
    "update": _update,
    "update all": _blind_update,
    "delete": _delete,
    "delete returning": _delete_returning,
    "truncate": _truncate,
    "switch off": _switch_off,
}
_READS = {
    "select",
    "select count",
    "select for update",
    "cte",
    "view",
    "row_security off",
    "copy to",
    "copy query to",
    "set role",
}
_WITH_INJECTION = {"select", "update", "delete"}


def connect(owner_dsn: str, role: str) -> psycopg.Connection[Any]:
    """Connect as a run-time role, with its own password."""
    secrets = settings.CETS.secrets
    return psycopg.connect(
        make_conninfo(
            owner_dsn, user=f"{secrets['role_prefix']}_{role}", password=secrets["role_passwords"][role]
        ),
        autocommit=True,
    )


def now() -> datetime:
    return datetime.now(tz=UTC)
