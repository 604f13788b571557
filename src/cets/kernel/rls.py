"""Row-level security as migration operations: one call a table, so that none is forgotten."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

ROLES = ("desk", "worker", "matcher", "definer")

#: The row belongs to the viewer's agency and he may read its records, or it was given to him by name. Only the agency
#: whose record it is can give it: a giving written by another one, even into this table by injected SQL, gives nothing.
OF_THE_AGENCY = "agency_id = (select (cets_viewer()).case_agency)"
GIVEN_BY_NAME = (
    "exists (select 1 from reports_secondment s where s.report_id = {column} and s.agency_id = {table}.agency_id"
    " and s.officer_id = (select (cets_viewer()).narrow_actor))"
)

#: Any viewer with a valid token; no token, no row.
ANY_VIEWER = "(select (cets_viewer()).rights) is not null"
OWN_AGENCY = "agency_id = (select (cets_viewer()).agency)"


def right(bit: int) -> str:
    """Return the predicate that the viewer holds this right (`access.viewer.Right`)."""
    return f"(select (cets_viewer()).rights & {bit}) <> 0"


def role(name: str) -> str:
    """Return the database's name of one of our roles."""
    return f"{settings.CETS_ROLE_PREFIX}_{name}"


def of_the_agency(report_column: str | None = None) -> str:
    """Return the predicate of a record of an agency; with the column (`table.column`) that holds its report also for secondees."""
    if report_column is None:
        return OF_THE_AGENCY
    table = report_column.partition(".")[0]
    return f"{OF_THE_AGENCY} or {GIVEN_BY_NAME.format(column=report_column, table=table)}"


class _Sql(Operation):
    """An operation that changes the database and no model."""

    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models do not change."""

    def forwards(self) -> list[str]:
        raise NotImplementedError

    def backwards(self) -> list[str]:
        raise NotImplementedError

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for statement in self.forwards():
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for statement in self.backwards():
            schema_editor.execute(statement, params=None)


class Protect(_Sql):
    """Force row-level security on a table, say who sees which rows, and grant verbs to roles.

    `see`: predicate for reading; `add`: for new rows and `change` for changing them (default: `see`). `grants`: role
    to verbs ("select, insert", "select (key, kind)"). `extra`: more policies, (name, role, verb, using, check).
    """

    def __init__(
        self,
        table: str,
        *,
        see: str,
        add: str | None = None,
        change: str | None = None,
        grants: Mapping[str, str],
        extra: tuple[tuple[str, str | None, str, str | None, str | None], ...] = (),
    ) -> None:
        self.table, self.see, self.add, self.change = table, see, add or see, change or see
        self.grants, self.extra = grants, extra

    def describe(self) -> str:
        return f"Protect {self.table} by row-level security"

    def forwards(self) -> list[str]:
        table = self.table
        statements = [
            f"alter table {table} enable row level security",
            f"alter table {table} force row level security",
            f"revoke all on {table} from public",
            f"create policy see on {table} for select using ({self.see})",
            f"create policy add on {table} for insert with check ({self.add})",
            f"create policy change on {table} for update using ({self.change}) with check ({self.add})",
            f"create policy remove on {table} for delete using ({self.change})",
        ]
        for name, who, verb, using, check in self.extra:
            to = f" to {role(who)}" if who else ""
            parts = (f" using ({using})" if using else "") + (f" with check ({check})" if check else "")
            statements.append(f"create policy {name} on {table} for {verb}{to}{parts}")
        return statements + grant_statements(table, self.grants)

    def backwards(self) -> list[str]:
        names = ["see", "add", "change", "remove", *(name for name, *_ in self.extra)]
        drops = [f"drop policy if exists {name} on {self.table}" for name in names]
        return [*drops, f"alter table {self.table} disable row level security"]


class Parent(_Sql):
    """Let rows of other tables point to rows of this one together with what both have in common: at least the agency."""

    def __init__(self, table: str, *, common: tuple[str, ...] = ("agency_id",)) -> None:
        self.table, self.common = table, common

    def describe(self) -> str:
        return f"Rows of {self.table} are pointed to with {', '.join(self.common)}"

    def forwards(self) -> list[str]:
        columns = ", ".join(("id", *self.common))
        return [f"alter table {self.table} add constraint {self.table}_parent unique ({columns})"]

    def backwards(self) -> list[str]:
        return [f"alter table {self.table} drop constraint {self.table}_parent"]


class SameAgency(_Sql):
    """A row points to a row of its own agency only. Row-level security checks a row's agency, and never its parent's.

    Replaces the key of `column`, and those of the columns `implied`: what the parent has in common with the row needs no
    key of its own, which would be one more look-up for each row.
    """

    def __init__(
        self, table: str, column: str, parent: str, *, common: tuple[str, ...] = ("agency_id",), implied: tuple[str, ...] = ()
    ) -> None:  # fmt: skip
        self.table, self.column, self.parent, self.common, self.implied = (
            table,
            column,
            parent,
            common,
            implied,
        )

    def describe(self) -> str:
        return f"{self.table}.{self.column} points to {self.parent} of the same agency"

    @property
    def _name(self) -> str:
        return f"{self.table}_{self.column}_same"

    def forwards(self) -> list[str]:
        ours, theirs = ", ".join((self.column, *self.common)), ", ".join(("id", *self.common))
        add = f"alter table {self.table} add constraint {self._name} foreign key ({ours})"
        return [
            *(_drop_key(self.table, column) for column in (self.column, *self.implied)),
            f"{add} references {self.parent} ({theirs}) deferrable initially deferred",
        ]

    def backwards(self) -> list[str]:
        return [f"alter table {self.table} drop constraint {self._name}"]


def _drop_key(table: str, column: str) -> str:
    """Return what drops the foreign key that the framework made for one column, under whatever name."""
    found = (
        "select format('alter table %s drop constraint %I', conrelid::regclass, conname) from pg_constraint"
        " join pg_attribute on attrelid = conrelid and conkey = array[attnum]"
    )
    return f"do $$ begin execute ({found} where contype = 'f' and conrelid = '{table}'::regclass and attname = '{column}'); end $$"


class Grant(_Sql):
    """Grant verbs on a table that holds nothing about a case (the meta-test keeps the list of such tables)."""

    def __init__(self, table: str, **grants: str) -> None:
        self.table, self.grants = table, grants

    def describe(self) -> str:
        return f"Grant {self.table}"

    def forwards(self) -> list[str]:
        return [f"revoke all on {self.table} from public", *grant_statements(self.table, self.grants)]

    def backwards(self) -> list[str]:
        return [f"revoke all on {self.table} from {', '.join(map(role, self.grants))}"]


class Definer(_Sql):
    """A function that runs as the definer role: the only way over a policy. `signature` names it for grants.

    `body` makes it; where it alters one that is a library's, `undo` gives that back instead of dropping it.
    """

    def __init__(
        self, signature: str, body: str, *, execute: tuple[str, ...], undo: tuple[str, ...] = ()
    ) -> None:
        self.signature, self.body, self.execute = signature, body, execute
        self.undo = undo or (f"drop function {signature}",)

    def describe(self) -> str:
        return f"Definer function {self.signature}"

    def forwards(self) -> list[str]:
        statements = [
            self.body,
            f"alter function {self.signature} owner to {role('definer')}",
            f"revoke all on function {self.signature} from public",
        ]
        if self.execute:
            statements.append(
                f"grant execute on function {self.signature} to {', '.join(map(role, self.execute))}"
            )
        return statements

    def backwards(self) -> list[str]:
        return list(self.undo)


class AppendOnly(_Sql):
    """Rows of the table can be added and never changed or removed, by any role and in replica mode too."""

    def __init__(self, table: str, *, erasable: bool = False) -> None:
        self.table, self.erasable = table, erasable

    def describe(self) -> str:
        return f"Append-only {self.table}"

    def forwards(self) -> list[str]:
        verbs = "update or truncate" if self.erasable else "update or delete or truncate"
        each = "for each statement execute function cets_append_only()"
        return [
            f"create trigger append_only before {verbs} on {self.table} {each}",
            f"alter table {self.table} enable always trigger append_only",
        ]

    def backwards(self) -> list[str]:
        return [f"drop trigger append_only on {self.table}"]


def grant_statements(table: str, grants: Mapping[str, str]) -> list[str]:
    """Return the grants; identity and serial columns need no right of their own (identity) in our schema."""
    return [f"grant {verbs} on {table} to {role(name)}" for name, verbs in grants.items()]
