"""One start for every command: find the instance, have its database running, set up Django for one process's rights."""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from psycopg.conninfo import conninfo_to_dict

from cets.adapters.postgres import Cluster
from cets.kernel import clock
from cets.kernel.errors import CetsError
from cets.settings import connections, types

if TYPE_CHECKING:
    from threading import Event

    from cets.audit.heads import HeadFile
    from cets.domains.vault.actions import Vault

Process = Literal["desk", "worker", "owner"]

SUPERUSER = "postgres"
DATABASE = "cets"


class EmbeddedRefused(CetsError):
    """The embedded database is for demo, tests and evaluation on invented data only."""


class NotAFolder(CetsError):
    """What is named as the home folder is a file."""


@dataclass(frozen=True)
class Keys:
    """Where an instance's keys lie."""

    folder: Path

    @property
    def identity(self) -> Path:
        return self.folder / "vault.age"

    @property
    def signing(self) -> Path:
        return self.folder / "audit-signing.pem"

    @property
    def verifying(self) -> Path:
        return self.folder / "audit-verifying.pem"

    @property
    def files(self) -> tuple[Path, ...]:
        return self.identity, self.signing, self.verifying


@contextmanager
def database(instance: types.Instance) -> Iterator[Cluster | None]:
    """Have the instance's database running for a block. Gives the embedded server, or None where there is another."""
    if instance.database_url:
        yield None
        return
    if not instance.is_demo:
        raise EmbeddedRefused(
            "This instance is not a demo and has no DATABASE_URL. The embedded database is for demo, tests and evaluation"
            " on invented data only. Set DATABASE_URL to a PostgreSQL 15 or newer (docs/operating/database.md)."
        )
    with Cluster(instance.home).use() as cluster:
        os.environ[connections.OWNER] = cluster.dsn(SUPERUSER, DATABASE)
        yield cluster


@contextmanager
def database_shared(instance: types.Instance, cluster: Cluster) -> Iterator[None]:
    """Hold the embedded server for a block without learning its owner's password; the last holder stops it."""
    if conninfo_to_dict(connections.place(instance)).get("host") != str(cluster.places.socket):
        yield
        return
    with cluster.use():
        yield


@contextmanager
def started(home: Path, process: Process) -> Iterator[types.Instance]:
    """Run a block with database and Django as one process of the instance in `home`. Once in a Python process."""
    instance = types.load(home, process=process)
    with ExitStack() as stack:
        stack.enter_context(database(instance))
        use_temporary_folder(instance)
        if process != "owner":
            stack.enter_context(as_nobody_special(instance))
        setup(home, process)
        stack.callback(close)
        yield instance


@contextmanager
def as_nobody_special(instance: types.Instance) -> Iterator[None]:
    """Know only where the database is, not its owner's password, for a block; also what this process starts."""
    before = {name: os.environ.get(name) for name in (connections.OWNER, connections.PLACE)}
    os.environ[connections.PLACE] = connections.place(instance)
    os.environ.pop(connections.OWNER, None)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def use_temporary_folder(instance: types.Instance) -> None:
    """Keep what has to lie somewhere for a moment inside the home folder, where nobody else may look."""
    folder = instance.home / "tmp"
    folder.mkdir(mode=0o700, exist_ok=True)
    tempfile.tempdir = str(folder)


def sweep_temporary_folder(instance: types.Instance) -> None:
    """Remove what processes that were killed left in the temporary folder a day ago or earlier."""
    yesterday = time.time() - 24 * 3600
    for path in (instance.home / "tmp").glob("*"):
        with suppress(FileNotFoundError):
            if path.lstat().st_mtime > yesterday:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()


def setup(home: Path, process: Process) -> None:
    """Set up Django for a process, whose database is there."""
    os.environ["CETS_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = f"cets.settings.{process}"
    import django

    django.setup()
    log_beside()


def log_beside() -> None:
    """Write what is logged to standard error: on standard output nothing stands but what a command finds."""
    import structlog

    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(file=sys.stderr))


def end_in_order() -> None:
    """Let SIGTERM leave every block in order, as Ctrl-C does, so that no database or parser is left running."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))


@contextmanager
def stopped_in_order(stop: "Event") -> Iterator[None]:
    """Let SIGTERM and the first Ctrl-C only set `stop` for a block, so that it can finish what is in hand."""

    def told(number: int, _: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def close() -> None:
    """End this process's database connections, if it came to that, so that the server can be stopped."""
    from django.conf import settings
    from django.db import connections

    if settings.configured:
        connections.close_all()


def vault(instance: types.Instance) -> "Vault":
    """Return the instance's vault: its store, and the keys of this process."""
    from cets.adapters.storage import open_store
    from cets.domains.vault.actions import Vault
    from cets.domains.vault.keys import Identities

    identities = Identities.load(Keys(instance.keys_dir).identity)
    return Vault(open_store(instance.store_url), identities.recipients, identities)


def heads_of(instance: types.Instance) -> "HeadFile":
    """Return the audit's second place."""
    from cets.audit.heads import HeadFile

    return HeadFile(instance.heads_path)


def sequence(instance: types.Instance) -> None:
    """Chain what was just recorded and sign the head."""
    from cets.access.viewer import Right, acting, system
    from cets.audit.sequencer import sequence as run
    from cets.domains.vault.keys import load_signing_key

    signer = load_signing_key(Keys(instance.keys_dir).signing)
    within = partial(acting, system("sequencer", Right.SEQUENCER))
    run(within=within, signer=signer, heads=heads_of(instance), at=clock.now())


def home_of(option: Path | None) -> Path:
    """Return the home folder: the option, else CETS_HOME. Exits with 2 when neither is given. Raises NotAFolder."""
    chosen = option or (Path(os.environ["CETS_HOME"]) if os.environ.get("CETS_HOME") else None)
    if chosen is None:
        sys.stderr.write("Say which instance: --home DIR, or set CETS_HOME.\n")
        raise SystemExit(2)
    home = chosen.expanduser().resolve()
    if home.is_file():
        folder = f": --home {home.parent}" if (home.parent / "cets.toml").is_file() else "."
        raise NotAFolder(f"{home} is a file. Name the folder of the instance{folder}")
    return home
