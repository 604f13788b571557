"""Whether a server is fit for CETS: new enough, in UTF-8, able to see letters that are not Latin."""

from typing import Any

import psycopg
from psycopg import sql

from cets.kernel.errors import CetsError

# Earlier minors let a role read, through the planner's statistics, values of rows it may not see
# (CVE-2025-8713 and its forerunners), which row-level security is there to prevent.
FLOORS = {15: 150014, 16: 160010, 17: 170006}
OLDEST = min(FLOORS)


class UnfitServer(CetsError):
    """This PostgreSQL cannot hold CETS as it is."""


def check_server(conn: psycopg.Connection[Any]) -> None:
    """Raise UnfitServer, naming the fix, when the connected database is not fit. Leaves nothing behind."""
    _check_version(conn.info.server_version)
    encoding = _one(conn, "SHOW server_encoding")
    if encoding != "UTF8":
        raise UnfitServer(
            f"The database is in {encoding}, and names of the world need UTF8. "
            "Make it anew: CREATE DATABASE ... ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0."
        )
    _check_trigrams(conn)


def _check_version(version: int) -> None:
    major, minor = divmod(version, 10000)
    if major < OLDEST:
        raise UnfitServer(f"PostgreSQL {major} is too old: version {OLDEST} or later is needed.")
    floor = FLOORS.get(major, 0)
    if version < floor:
        raise UnfitServer(
            f"PostgreSQL {major}.{minor} lets roles learn values of rows they may not see (CVE-2025-8713). "
            f"Update it to {major}.{floor % 10000} or later."
        )


def _check_trigrams(conn: psycopg.Connection[Any]) -> None:
    """Under a plain C locale trigrams find no Cyrillic, and searches miss in silence."""
    if _sees_cyrillic(conn):
        return
    raise UnfitServer(
        "Trigrams of this database see no Cyrillic or Arabic letters, so searches would miss names. "
        "Make it anew: CREATE DATABASE ... ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0."
    )


def _sees_cyrillic(conn: psycopg.Connection[Any]) -> bool:
    schema = _trigram_schema(conn)
    if schema:
        return _has_trigrams(conn, schema)
    try:
        with conn.transaction(force_rollback=True):
            conn.execute("CREATE EXTENSION pg_trgm")
            return _has_trigrams(conn, _trigram_schema(conn))
    except psycopg.errors.InsufficientPrivilege:
        # A run-time role may not try it out; the locale tells nearly as much.
        ctype = _one(conn, "SELECT datctype FROM pg_database WHERE datname = current_database()")
        return ctype not in ("C", "POSIX")
    except (psycopg.errors.UndefinedFile, psycopg.errors.FeatureNotSupported) as error:
        raise UnfitServer(
            "The server lacks the extension pg_trgm. Install PostgreSQL's contrib modules "
            "(Debian: they are in the package postgresql)."
        ) from error


def _trigram_schema(conn: psycopg.Connection[Any]) -> str:
    return str(
        _one(
            conn,
            "SELECT coalesce(max(n.nspname), '') FROM pg_extension e "
            "JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'",
        )
    )


def _has_trigrams(conn: psycopg.Connection[Any], schema: str) -> bool:
    query = sql.SQL("SELECT {}('Жук') <> '{{}}'").format(sql.Identifier(schema, "show_trgm"))
    row = conn.execute(query).fetchone()
    return bool(row and row[0])


def _one(conn: psycopg.Connection[Any], query: str) -> Any:
    row = conn.execute(query.encode()).fetchone()
    return row[0] if row else None
