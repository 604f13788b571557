"""One start for every command: find the instance, have its database running, set up Django for one process's rights."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cets.adapters.postgres import Cluster
from cets.kernel import clock
from cets.kernel.errors import CetsError
from cets.settings import types

if TYPE_CHECKING:
    from cets.audit.heads import HeadFile
    from cets.domains.vault.actions import Vault

Process = Literal["desk", "worker", "owner"]

SUPERUSER = "postgres"
DATABASE = "cets"


class EmbeddedRefused(CetsError):
    """The embedded database is for demo, tests and evaluation on invented data only."""


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


@contextmanager
def database(instance: types.Instance) -> Iterator[None]:
    """Have the instance's database running for a block."""
    if instance.database_url:
        yield
        return
    if not instance.is_demo:
        raise EmbeddedRefused(
            "This instance is not a demo and has no DATABASE_URL. The embedded database is for demo, tests and evaluation"
            " on invented data only. Set DATABASE_URL to a PostgreSQL 15 or newer (docs/operating/database.md)."
        )
    with Cluster(instance.home).use() as cluster:
        os.environ["CETS_EMBEDDED_DSN"] = cluster.dsn(SUPERUSER, DATABASE)
        yield


@contextmanager
def started(home: Path, process: Process) -> Iterator[types.Instance]:
    """Run a block with database and Django as one process of the instance in `home`. Once in a Python process."""
    instance = types.load(home)
    with ExitStack() as stack:
        stack.enter_context(database(instance))
        setup(home, process)
        stack.callback(close)
        yield instance


def setup(home: Path, process: Process) -> None:
    """Set up Django for a process, whose database is there."""
    os.environ["CETS_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = f"cets.settings.{process}"
    import django

    django.setup()


def close() -> None:
    """End this process's database connections, so that the server can be stopped."""
    from django.db import connections

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
    """Return the home folder: the option, else CETS_HOME. Exits with 2 when neither is given."""
    chosen = option or (Path(os.environ["CETS_HOME"]) if os.environ.get("CETS_HOME") else None)
    if chosen is None:
        sys.stderr.write("Say which instance: --home DIR, or set CETS_HOME.\n")
        raise SystemExit(2)
    return chosen.expanduser().resolve()
