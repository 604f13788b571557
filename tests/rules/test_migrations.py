"""Migrations go up, down to nothing and up again, and what comes out is the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from access import catalogue

OURS = [config.label for config in apps.get_app_configs() if config.name.startswith("cets.")]
_SCHEMA = (
    "select 'table', relname::text, relrowsecurity::text || relforcerowsecurity::text || coalesce(relacl::text, '') from pg_class"
    " where relnamespace = 'public'::regnamespace and relkind in ('r', 'S', 'i')"
    " union all select 'column', attrelid::regclass::text || '.' || attname, format_type(atttypid, atttypmod) || attnotnull::text"
    " from pg_attribute where attnum > 0 and not attisdropped and attrelid in"
    " (select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r')"
    " union all select 'policy', tablename || '.' || policyname, coalesce(qual, '') || coalesce(with_check, '') || roles::text || cmd from pg_policies"
    " union all select 'function', oid::regprocedure::text, md5(prosrc) || proowner::text || coalesce(proacl::text, '') from pg_proc"
    " where pronamespace = 'public'::regnamespace"
    " union all select 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) || tgenabled::text from pg_trigger where not tgisinternal"
    " union all select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) from pg_constraint"
    " where connamespace = 'public'::regnamespace order by 1, 2, 3"
)


def schema(dsn: str) -> set[tuple[str, str, str]]:
    with psycopg.connect(dsn) as conn:
        return {tuple(row) for row in conn.execute(_SCHEMA).fetchall()}


@pytest.fixture
def emptied(db: str, as_process: Any) -> Iterator[str]:
    """The migrated database without a row, as the owner."""
    with psycopg.connect(db) as conn:
        names = [
            n
            for (n,) in conn.execute(
                "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
            )
        ]
        keep = {"django_migrations", "django_content_type", "auth_permission"}
        # Append-only tables refuse even their owner: their triggers go for a moment, and are put back as they were.
        always = conn.execute(
            "select tgrelid::regclass::text from pg_trigger where tgname = 'append_only'"
        ).fetchall()
        for (name,) in always:
            conn.execute(sql.SQL("alter table {} disable trigger append_only").format(sql.Identifier(name)))
        conn.execute(
            sql.SQL("truncate {}").format(
                sql.SQL(", ").join(sql.Identifier(n) for n in names if n not in keep)
            )
        )
        for (name,) in always:
            conn.execute(
                sql.SQL("alter table {} enable always trigger append_only").format(sql.Identifier(name))
            )
    with as_process("owner"):
        yield db


def test_down_to_nothing_and_up_again(emptied: str) -> None:
    before = schema(emptied)
    for label in OURS:
        call_command("migrate", label, "zero", verbosity=0, interactive=False)
    left = {(kind, name) for kind, name, _ in schema(emptied) if name.split("_")[0] in {*OURS, "cets"}}
    assert not left, f"Going down leaves these behind: {sorted(left)[:20]}"
    call_command("migrate", verbosity=0, interactive=False)
    after = schema(emptied)
    assert not before ^ after, f"Down and up again is not the same: {sorted(before ^ after)[:10]}"
    assert conninfo_to_dict(emptied)["dbname"]
    with psycopg.connect(emptied) as conn:
        assert not catalogue.all_faults(conn, str(settings.CETS_ROLE_PREFIX))


@pytest.mark.parametrize(
    "path",
    sorted((Path(apps.get_app_config("audit").path).parent).rglob("migrations/0*.py")),
    ids=lambda p: f"{p.parts[-3]}.{p.stem}",
)
def test_no_migration_grants_all_or_reads_other_code(path: Path) -> None:
    text = path.read_text().lower()
    assert "grant all" not in text, (
        f"{path.name}: grant verbs one by one; ALL holds TRUNCATE, which ignores policies."
    )
    assert "bypassrls" not in text
    assert "security definer" not in text or "rls.definer(" in text, (
        f"{path.name}: make definer functions with rls.Definer."
    )
