"""Make an instance: home folder, keys, database roles, tables, the centre and its first two administrators."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from cets.access.roles import Administrator
from cets.access.viewer import Right, Viewer, acting, system
from cets.adapters.postgres import Cluster, check_server
from cets.domains.vault import keys
from cets.kernel.errors import CetsError
from cets.settings import types
from cets.settings.connections import server
from cets.sites.console import homes
from cets.sites.console.output import notes
from cets.sites.console.runtime import DATABASE, SUPERUSER, Keys, setup

RUN_TIME_ROLES = ("desk", "worker", "matcher")


class RoleTooStrong(CetsError):
    """A role that CETS runs as may do more than its grants say. Take superuser, BYPASSRLS, CREATEROLE, CREATEDB from it."""


class NotFit(CetsError):
    """Keys or database are not fit for a new instance. Nothing was changed."""


def check_places(keys_dir: Path | None, database_url: str | None) -> None:
    """See that keys and tables of a new instance can be made, changing nothing. Raises NotFit, UnfitServer."""
    if keys_dir:
        there = [str(path) for path in Keys(keys_dir.resolve()).files if path.exists()]
        if there:
            raise NotFit(
                f"{' and '.join(there)} is there already: name a folder without keys. Nothing was changed."
            )
    if not database_url:
        return
    with psycopg.connect(database_url) as conn:
        check_server(conn)
        if conn.execute("select to_regclass('public.django_migrations')").fetchone() != (None,):
            raise NotFit(
                "The database of DATABASE_URL holds the tables of an instance already. Give it an empty one. Nothing was changed."
            )
        may = conn.execute(
            "select rolsuper or rolcreaterole from pg_roles where rolname = current_user"
        ).fetchone()
        if may != (True,):
            raise NotFit(
                "The role of DATABASE_URL may not make roles (docs/operating/database.md). Nothing was changed."
            )


@contextmanager
def whole_or_nothing(home: Path, *, keys_dir: Path | None, database_url: str | None) -> Iterator[None]:
    """Take back what a block made of a new instance when it fails, and say what of it remains. After `check_places`."""
    folders = [home, *([keys_dir.resolve()] if keys_dir else [])]
    new_folders = [folder for folder in folders if not folder.exists()]
    new_keys = [path for folder in folders[1:] for path in Keys(folder).files if not path.exists()]
    try:
        yield
    except (homes.AlreadyAnInstance, homes.NotFree):  # somebody else's, and untouched
        raise
    except BaseException:
        roles = _prefix(home)
        Cluster(home).destroy()
        was_begun = homes.take_back(home)
        for path in new_keys:
            path.unlink(missing_ok=True)
        for folder in new_folders:
            with suppress(OSError):  # not there, or somebody put something into it
                folder.rmdir()
        if was_begun:
            _tell_what_remains(roles if database_url else "")
        raise


def _tell_what_remains(roles: str) -> None:
    told = "The instance was not made; its home folder and its keys are taken away again."
    if roles:
        told += (
            f" In the database of DATABASE_URL its tables and the roles {roles}_... may remain:"
            " drop the database and those roles and make the database anew before you try again."
        )
    notes.print(told, markup=False)


def _prefix(home: Path) -> str:
    """Return what the roles of a new instance are called, or nothing when it did not come that far."""
    try:
        return str(json.loads((home / "secrets/common.json").read_text())["role_prefix"])
    except (OSError, ValueError):
        return ""


def make_home(home: Path, *, demo: bool, keys_dir: Path | None, database_url: str | None) -> types.Instance:
    """Write settings, secrets and keys of a new instance. Raises what `homes.begin` does."""
    homes.begin(home, demo=demo)
    chosen = keys_dir.resolve() if keys_dir else home / "keys"
    chosen.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = Keys(chosen)
    keys.create_identity(paths.identity)
    paths.verifying.write_bytes(keys.public_pem(keys.create_signing_key(paths.signing)))
    write_secrets(
        home,
        {
            f"secrets/{name}.json": json.dumps(drawn, indent=1)
            for name, drawn in _draw_secrets(database_url).items()
        },
    )
    lines = [
        f"mode = {json.dumps('demo' if demo else 'real')}",
        f"keys_dir = {json.dumps('keys' if chosen == home / 'keys' else str(chosen))}",
        f"store_url = {json.dumps((home / 'blobs').as_uri())}",
        'heads_path = "heads/audit-heads.jsonl"  # better on another machine',
    ]
    if database_url:
        lines.append(f"database_url = {json.dumps(database_url)}")
    (home / "heads").mkdir(mode=0o700, exist_ok=True)
    (home / "blobs").mkdir(mode=0o700, exist_ok=True)
    (home / homes.BEGUN).write_text("\n".join(lines) + "\n")
    (home / homes.BEGUN).rename(home / homes.SETTINGS)
    return types.load(home)


def _draw_secrets(database_url: str | None) -> dict[str, dict[str, Any]]:
    """Draw the secrets of a new instance, by the process that they are for."""
    passwords = {role: secrets.token_urlsafe(24) for role in RUN_TIME_ROLES}
    return {
        "common": {
            "viewer_key": secrets.token_hex(32),
            "match_key": secrets.token_hex(32),
            "role_prefix": "cets" if database_url is None else f"cets_{secrets.token_hex(3)}",
        },
        "desk": {
            "django_key": secrets.token_hex(32),
            "second_factor_key": secrets.token_hex(32),
            "role_passwords": {"desk": passwords["desk"]},
        },
        "worker": {"role_passwords": {role: passwords[role] for role in ("worker", "matcher")}},
    }


def write_secrets(home: Path, texts: Mapping[str, str]) -> None:
    """Write the files of secrets of a new home folder, each for its owner alone."""
    (home / "secrets").mkdir(mode=0o700)
    for name, text in texts.items():
        descriptor = os.open(home / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)


def make_database(instance: types.Instance) -> None:
    """Make database and roles, migrate, and lay down the key that checks viewer tokens. Inside `database(instance)`."""
    make_empty_database(instance)
    setup(instance.home, "owner")
    migrate(instance)


def make_empty_database(instance: types.Instance) -> None:
    """Make the database, where it is the embedded one, and the roles. Inside `database(instance)`."""
    if not instance.database_url:
        with psycopg.connect(Cluster(instance.home).dsn(SUPERUSER, "postgres"), autocommit=True) as conn:
            if not conn.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                conn.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
    with psycopg.connect(server(instance)) as conn:
        check_server(conn)
        make_roles(conn, prefix=instance.secrets["role_prefix"], passwords=instance.secrets["role_passwords"])


def make_roles(conn: psycopg.Connection[Any], *, prefix: str, passwords: dict[str, str]) -> None:
    """Make the restricted roles, or bring their passwords up to date. None may do more than its grants."""
    for role in RUN_TIME_ROLES:
        name = sql.Identifier(f"{prefix}_{role}")
        _make_role(conn, f"{prefix}_{role}")
        conn.execute(sql.SQL("alter role {} login password {}").format(name, sql.Literal(passwords[role])))
        conn.execute(sql.SQL("grant usage on schema public to {}").format(name))
    _make_role(conn, f"{prefix}_definer")
    definer = sql.Identifier(f"{prefix}_definer")
    conn.execute(sql.SQL("alter role {} nologin").format(definer))
    conn.execute(sql.SQL("grant usage, create on schema public to {}").format(definer))
    conn.execute(sql.SQL("grant {} to current_user").format(definer))
    conn.execute("revoke create on schema public from public")
    strong = conn.execute(
        "select rolname from pg_roles where rolname like %s and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)",
        [prefix.replace("_", "\\_") + "\\_%"],
    ).fetchall()
    if strong:
        raise RoleTooStrong(f"{RoleTooStrong.__doc__} It is about: {', '.join(name for (name,) in strong)}.")


def _make_role(conn: psycopg.Connection[Any], name: str) -> None:
    if not conn.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone():
        conn.execute(sql.SQL("create role {}").format(sql.Identifier(name)))


def migrate(instance: types.Instance) -> None:
    """Bring the tables up to date, as the owner."""
    from django.core.management import call_command
    from django.db import connection

    from cets.access.models import ViewerKey
    from cets.access.viewer import pads

    call_command("migrate", verbosity=0, interactive=False)
    inner, outer = pads(instance.viewer_key)
    with connection.cursor() as cursor:
        cursor.execute("delete from access_viewerkey")
    ViewerKey.objects.create(inner_pad=inner, outer_pad=outer)


def found(
    *, at: datetime, centre: str, country: str, administrators: tuple[tuple[str, str, str], ...], code: str = "CENTRE",
    phone: str = "", email: str = "",
) -> None:  # fmt: skip
    """Make the centre and the first two administrators (login, name, password), whom nobody can approve yet: all or nothing.

    Audited. Raises what `add_agency` and `add_officer` do.
    """
    from cets.domains.agencies import actions
    from cets.domains.agencies.models import Team

    by = founder()
    with acting(by):
        agency = actions.add_agency(
            code=code, name=centre, country=country, phone=phone, email=email, is_centre=True, by=by, at=at
        )
        team = Team.objects.get(agency=agency, is_duty=True)
        for login, name, password in administrators:
            officer = actions.add_officer(
                agency=agency, team=team, login_name=login, name=name, password=password, by=by, at=at
            )
            actions.grant_role(officer=officer, role=Administrator.name, approval_id=None, by=by, at=at)


def founder() -> Viewer:
    """Return the part of the system that makes agencies and the first administrators, on the owner's machine."""
    return replace(system("founding", Right.SIGN_IN), permissions=Administrator.permissions)
