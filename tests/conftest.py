"""One throw-away instance a test run; one fresh database a test, made from a migrated template."""

import atexit
import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

#: Databases and roles of one server must not meet those of another run.
WORKER = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
#: What two servers with a full log each may take.
MEMORY_BYTES = 6 * 1024**3
SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the options of this suite."""
    parser.addoption(
        "--on-a-server", action="store_true", help="only tests for which a PostgreSQL server is used"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what no server can make a difference to, where that was asked."""
    if config.getoption("on_a_server"):
        left_out = [item for item in items if "server" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if "server" in getattr(item, "fixturenames", ())]


def pytest_configure() -> None:
    """Make the instance's home folder and set Django up; no database is needed for that."""
    from cets.sites.console import founding

    # The instance under test must follow CETS_EMBEDDED_DSN, which moves from database to database.
    url = os.environ.pop("DATABASE_URL", None)
    if url:
        os.environ["CETS_TEST_SERVER"] = url
    folder = Path(tempfile.mkdtemp(prefix="cets-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    instance = founding.make_home(folder / "home", demo=True, keys_dir=None, database_url=None)
    _use_own_roles(instance.home)
    os.environ["CETS_HOME"] = str(instance.home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "cets.settings.test"
    os.environ.setdefault("CETS_EMBEDDED_DSN", "dbname=none")
    os.environ.pop("CETS_TEST_TEMPLATE", None)
    import django

    django.setup()


def _use_own_roles(home: Path) -> None:
    """Roles are shared by a whole server: each test process has its own."""
    import json

    path = home / "secrets/common.json"
    secrets = json.loads(path.read_text())
    secrets["role_prefix"] = f"cetstest_{WORKER}"
    path.write_text(json.dumps(secrets))


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """No test reaches beyond this machine: a connection elsewhere fails and names the address."""
    import socket

    real = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"  # else a socket in the file system
        if not (host in {"", "localhost", "::1"} or str(host).startswith("127.")):
            raise OutsideReached(
                f"A test tried to reach {host}. Only loopback is allowed: use a server that the test starts."
            )

    def connect(self: socket.socket, address: Any) -> Any:
        check(address)
        return real[0](self, address)

    def connect_ex(self: socket.socket, address: Any) -> Any:
        check(address)
        return real[1](self, address)

    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        check((host.decode() if isinstance(host, bytes) else host or "",))
        return real[2](host, *args, **kwargs)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    patch.setattr(socket.socket, "connect_ex", connect_ex)
    patch.setattr(socket, "getaddrinfo", look_up)
    yield
    patch.undo()


class OutsideReached(Exception):
    """A test tried to reach another machine."""


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server's owner connection string: DATABASE_URL, else one started for this run."""
    url = os.environ.get("CETS_TEST_SERVER")
    if url:
        yield url
        return
    from cets.adapters.postgres import Cluster

    folder = Path(tempfile.mkdtemp(prefix="cets-pg-", dir=_memory()))
    cluster = Cluster(folder)
    try:
        with cluster.use():
            yield cluster.dsn("postgres", "postgres")
    finally:
        cluster.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> str | None:
    """Return the folder that Linux keeps in memory, where a server that is thrown away waits for no disk, if it has room.

    What must survive a crash is proven on instances of their own, which lie on the disk.
    """
    folder = "/dev/shm"
    has_room = os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > MEMORY_BYTES
    return folder if has_room else None


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """The name of a migrated, founded database that no test changes."""
    import psycopg
    from django.conf import settings
    from psycopg import sql

    from cets.kernel import clock
    from cets.sites.console import founding

    name = f"cets_template_{WORKER}"
    with psycopg.connect(server, autocommit=True) as conn:
        _drop(conn, name)
        conn.execute(
            sql.SQL("create database {} template template0 encoding 'UTF8'").format(sql.Identifier(name))
        )
    _point_at(server, name)
    with psycopg.connect(_dsn(server, name)) as conn:
        secrets = settings.CETS.secrets
        founding.make_roles(conn, prefix=secrets["role_prefix"], passwords=secrets["role_passwords"])
    with _as_process("owner"):
        founding.migrate(settings.CETS)
        founding.found(
            at=clock.now(),
            centre="National centre",
            country="GB",
            administrators=(
                ("first@centre.example", "First Administrator", "demo"),
                ("second@centre.example", "Second Administrator", "demo"),
            ),
        )
    _close()
    gc.collect()
    gc.freeze()  # what is there by now stays, and need not be looked through after each test
    yield name
    _close()
    with psycopg.connect(server, autocommit=True) as conn:
        _drop(conn, name)
        for role in ("desk", "worker", "matcher", "definer"):
            conn.execute(
                sql.SQL("drop role if exists {}").format(sql.Identifier(f"cetstest_{WORKER}_{role}"))
            )


@pytest.fixture
def db(server: str, template: str) -> Iterator[str]:
    """A fresh database; `default` is the desk's role, `matcher` the matcher's, `owner` the owner's. Returns the owner's dsn."""
    yield from _fresh(server, template)


@pytest.fixture(scope="module")
def module_db(server: str, template: str) -> Iterator[str]:
    """The same, shared by the tests of a module."""
    yield from _fresh(server, template)


def _fresh(server: str, template: str) -> Iterator[str]:
    import psycopg
    from psycopg import sql

    name = f"cets_test_{WORKER}"
    make = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
    with psycopg.connect(server, autocommit=True) as conn:
        _drop(conn, name)
        conn.execute(make)
    _point_at(server, name)
    yield _dsn(server, name)
    _close()
    gc.collect()  # what a thread left behind is closed with it
    with psycopg.connect(server, autocommit=True) as conn:
        _drop(conn, name)


def _drop(conn: Any, name: str) -> None:
    """Drop a database once nobody is in it; an owner that is no superuser may not throw the others out at once."""
    import psycopg
    from psycopg import sql

    end = time.monotonic() + 10  # each try waits some seconds by itself
    while time.monotonic() < end:
        try:
            conn.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
        except psycopg.errors.ObjectInUse:
            time.sleep(0.1)
        else:
            return
    conn.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _dsn(server: str, name: str) -> str:
    from psycopg.conninfo import make_conninfo

    return make_conninfo(server, dbname=name)


def _point_at(server: str, name: str) -> None:
    """Let every connection go to this database from now on."""
    from django.conf import settings
    from django.db import connections

    from cets.settings.connections import connection as described

    _close()
    os.environ["CETS_EMBEDDED_DSN"] = _dsn(server, name)
    for alias, process in (("default", "desk"), ("matcher", "matcher"), ("owner", "owner")):
        fresh = described(settings.CETS, process)
        connections[alias].settings_dict.update(
            {k: fresh[k] for k in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
        )


def _close() -> None:
    from django.db import connections

    connections.close_all()


class _as_process:  # noqa: N801 - reads as a word at its use
    """Let `default` be another process's role for a block, in this thread alone: worker, owner.

    A page that is served by threads meanwhile may ask for itself: it stays the desk.
    """

    def __init__(self, process: str) -> None:
        self.process = process

    def __enter__(self) -> None:
        from django.conf import settings
        from django.db import connections

        from cets.settings.connections import connection as described

        chosen = connections["default"]
        chosen.close()
        self.chosen, self.before = chosen, chosen.settings_dict
        fresh = described(settings.CETS, self.process)
        chosen.settings_dict = {**self.before, **{k: fresh[k] for k in ("USER", "PASSWORD")}}

    def __exit__(self, *_: object) -> None:
        # The same connection as at the start: beside a running loop another one could be found.
        self.chosen.close()
        self.chosen.settings_dict = self.before


@pytest.fixture(scope="session")
def as_process() -> Any:
    """`with as_process("worker"):` for what another process than the desk does."""
    return _as_process


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of collected sample files, outside this repository."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the collected sample files (../shared/data) are not here")
    return SHARED_DATA
