"""`cets doctor`: what CETS stands on, and how to mend what is not right."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psycopg

from cets.access.viewer import Right, sign, system
from cets.adapters.postgres import check_server
from cets.kernel import clock, landlock
from cets.kernel.errors import CetsError
from cets.settings import types
from cets.settings.connections import server
from cets.sites.console import runtime

FREE_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Check:
    """One thing looked at."""

    name: str
    state: Literal["good", "failed", "note"]
    found: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.state:<7} {self.name}: {self.found}" + (f"\n        {self.fix}" if self.fix else "")


def run(home: Path) -> Iterator[Check]:
    """Yield one check after another; those that need an instance only where there is one."""
    yield _python()
    yield from _parsers()
    yield _closing()
    try:
        instance = types.load(home)
    except CetsError as error:
        fix = (
            f"cets init --home {home}" if isinstance(error, types.NotSetUp) else "docs/operating/settings.md"
        )
        yield Check("instance", "failed", str(error), fix)
        return
    yield Check("instance", "good", f"{instance.mode}, in {home}")
    for check in (_home_mode, _keys, _space, _database):
        yield from _safely(check, instance)


def _safely(check: Callable[[types.Instance], Iterator[Check]], instance: types.Instance) -> Iterator[Check]:
    try:
        yield from check(instance)
    except (CetsError, OSError, psycopg.Error) as error:
        yield Check(check.__name__.strip("_"), "failed", str(error).strip(), "See docs/operating/.")


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check("python", "good", f"{found}, SQLite {sqlite3.sqlite_version}")


def _parsers() -> Iterator[Check]:
    """Say what holds in the process that reads foreign files, a line for each protection."""
    from cets.domains.intake.parser import confine, walls
    from cets.domains.intake.parser.client import Limits, Parser

    with Parser() as parser:
        held, user = set(parser.confined), parser.user
    name = "reading foreign files"
    if not held:
        yield Check(
            name,
            "failed",
            "nothing but limits protects this machine from them",
            "Run CETS on Linux 5.13 or later.",
        )
        return
    limits = Limits()
    told = f"{limits.memory // 1_000_000} MB, {limits.seconds:.0f} s and {limits.seconds_per_megabyte:.0f} s a megabyte"
    yield Check(name, "good", f"in a process of its own, with limits: {told}")
    yield _user_of_parsers(user)
    missing = walls.walls().missing
    yield _one(
        f"{name}: bubblewrap",
        not missing,
        "around it",
        f"{missing}; the other protections hold alone",
        walls.FIX,
    )
    for step, (meaning, lack, fix) in confine.MEANINGS.items():
        yield _one(f"{name}: {step}", step in held, meaning, lack, fix)


def _user_of_parsers(user: int | None) -> Check:
    name = "reading foreign files: user"
    if user == 0:
        return Check(
            name,
            "failed",
            "root, as this system does not let it become another",
            "Start CETS as a user of its own, or from a folder that every user may enter.",
        )
    if user == os.geteuid():
        return Check(name, "good", f"{user}, as CETS itself, which is not root")
    return Check(
        name, "good", f"{user}, which owns no file" if user is not None else "not told by this system"
    )


def _one(name: str, holds: bool, meaning: str, lack: str, fix: str) -> Check:
    return Check(name, "good", meaning) if holds else Check(name, "note", lack, fix)


def _closing() -> Check:
    """Say whether the desk can be kept from what is another process's (`child.close_others_files`)."""
    if landlock.version():
        return Check("desk's files", "good", "its own only, by Landlock")
    return Check(
        "desk's files",
        "note",
        "this kernel has no Landlock: a desk taken over reads all files",
        "Linux 5.13 or later",
    )


def _home_mode(instance: types.Instance) -> Iterator[Check]:
    mode = instance.home.stat().st_mode & 0o777
    if mode & 0o077:
        yield Check(
            "home folder", "failed", f"others may read it (mode {mode:o})", f"chmod 700 {instance.home}"
        )
    else:
        yield Check("home folder", "good", "only its owner may read it")


def _keys(instance: types.Instance) -> Iterator[Check]:
    paths = runtime.Keys(instance.keys_dir)
    missing = [p.name for p in (paths.identity, paths.signing, paths.verifying) if not p.exists()]
    if missing:
        yield Check(
            "keys",
            "failed",
            f"missing in {paths.folder}: {', '.join(missing)}",
            "Put the keys back; without them nothing opens.",
        )
    elif not instance.is_demo and paths.folder.resolve().is_relative_to(instance.home.resolve()):
        yield Check(
            "keys",
            "failed",
            "they lie in the home folder",
            "Move them elsewhere and set keys_dir in cets.toml.",
        )
    else:
        yield Check("keys", "good", str(paths.folder))


def _space(instance: types.Instance) -> Iterator[Check]:
    free = shutil.disk_usage(instance.home).free
    state: Literal["good", "failed"] = "good" if free > FREE_BYTES else "failed"
    yield Check(
        "disk", state, f"{free / 1e9:.1f} GB free", "" if state == "good" else "Make room: sealing needs it."
    )


def _database(instance: types.Instance) -> Iterator[Check]:
    with runtime.database(instance), psycopg.connect(server(instance)) as conn:
        check_server(conn)
        version = conn.execute("show server_version").fetchone()
        yield Check(
            "database", "good", f"PostgreSQL {version[0] if version else '?'}, trigrams see every script"
        )
        prefix = instance.secrets["role_prefix"]
        strong = conn.execute(
            "select rolname from pg_roles where rolname like %s and (rolsuper or rolbypassrls)",
            [f"{prefix}\\_%"],
        ).fetchall()
        if strong:
            yield Check(
                "database roles",
                "failed",
                f"these see everything: {', '.join(r[0] for r in strong)}",
                "alter role ... nosuperuser nobypassrls",
            )
        else:
            yield Check(
                "database roles", "good", "no run-time role is superuser or passes by row-level security"
            )
        open_tables = conn.execute(
            "select count(*) from pg_class c join pg_policy p on p.polrelid = c.oid where not (c.relrowsecurity and c.relforcerowsecurity)"
        ).fetchone()
        if open_tables and open_tables[0]:
            yield Check(
                "row-level security", "failed", f"switched off on {open_tables[0]} tables", "cets migrate"
            )
        else:
            yield Check("row-level security", "good", "forced on every protected table")
        yield _duty_teams(conn, instance)


def _duty_teams(conn: psycopg.Connection[Any], instance: types.Instance) -> Check:
    """Name the agencies whose hits tell others nobody to call."""
    token = sign(system("doctor", Right.SIGN_IN), instance.viewer_key, at=clock.now())
    conn.execute("select set_config('cets.viewer', %s, true)", [token])
    rows = conn.execute(
        "select code from agencies_agency a join agencies_team t on t.agency_id = a.id"
        " where t.is_duty and t.phone = '' and t.email = '' order by 1"
    ).fetchall()
    if not rows:
        return Check("duty teams", "good", "each can be called or written to")
    return Check(
        "duty teams",
        "note",
        f"nobody can reach that of {', '.join(code for (code,) in rows)}: others who learn of a hit are told neither telephone nor e-mail",
        "Give both at the desk, on the page of the agency.",
    )
