"""Backup and restore of a whole instance, and the proofs that audit and vault are what they were."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, Any

import psycopg

from cets.access.viewer import Right, acting, system
from cets.adapters.postgres import find_binaries
from cets.adapters.storage import open_store
from cets.audit.findings import Report
from cets.audit.verify import verify
from cets.domains.vault import keys
from cets.domains.vault.actions import Vault, check_originals
from cets.domains.vault.bundle import Contents, Restoring, read_bundle, write_bundle
from cets.domains.vault.fixity import Finding
from cets.domains.vault.models import Original
from cets.kernel.errors import CetsError
from cets.settings.connections import server
from cets.settings.types import Instance
from cets.sites.console import runtime

AUDITOR = system("verifier", Right.SEQUENCER)
#: What of the home folder a restored node needs beside database and blobs. Keys travel by another way.
SMALL_FILES = ("cets.toml", "secrets.json")


class DumpFailed(CetsError):
    """PostgreSQL's own program could not dump or restore the database."""


class NotEmpty(CetsError):
    """A backup is restored into an empty folder only. Nothing was changed."""


def verify_audit(instance: Instance) -> Report:
    """Compare the audit with its second place."""
    key = keys.load_verifying_key(runtime.Keys(instance.keys_dir).verifying.read_bytes())
    return verify(within=partial(acting, AUDITOR), heads=runtime.heads_of(instance), verifying_key=key)


def verify_vault(vault: Vault) -> Iterator[Finding]:
    """Re-hash every original, as the owner."""
    yield from check_originals(vault, Original.objects.order_by("id").iterator(chunk_size=500))


def program(instance: Instance, name: str) -> str:
    """Return a PostgreSQL client program: the embedded server's own, else the system's."""
    if instance.database_url:
        found = shutil.which(name)
        if found is None:
            raise DumpFailed(
                f"{name} is not installed. Install the PostgreSQL client programs of your server's version."
            )
        return found
    return find_binaries().program(name)


def backup(instance: Instance, target: IO[bytes], *, recipients: keys.Recipients, at: datetime) -> Contents:
    """Write the whole instance, encrypted to a key that is not on this machine, as a stream."""
    store = open_store(instance.store_url)
    signing = keys.load_signing_key(runtime.Keys(instance.keys_dir).signing)
    about = {"mode": instance.mode, "at": at.isoformat()} | {
        name: (instance.home / name).read_text() for name in SMALL_FILES
    }
    about["heads"] = instance.heads_path.read_text() if instance.heads_path.exists() else ""
    with _dump(instance) as database:
        contents = write_bundle(
            target,
            database=database,
            store=store,
            blob_keys=store.list_keys(),
            recipients=recipients,
            about=about,
            signing_key=signing,
        )
    target.flush()
    return contents


@contextmanager
def _dump(instance: Instance) -> Iterator[IO[bytes]]:
    command = [
        program(instance, "pg_dump"),
        "--format=custom",
        "--compress=0",
        "--no-owner",
        server(instance),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdout is not None
        assert process.stderr is not None
        yield process.stdout
        problem = process.stderr.read().decode(errors="replace")
    if process.returncode:
        raise DumpFailed(f"The database could not be dumped: {problem.strip()}")


def restore(
    home: Path, source: IO[bytes], *, identity: Path, keys_dir: Path | None, verifying: Path | None
) -> Contents:
    """Bring an instance back from a backup into an empty folder; the caller verifies it. Raises NotEmpty, BundleBroken."""
    from cets.sites.console import founding

    if home.exists() and any(home.iterdir()):
        raise NotEmpty(
            f"{home} is not empty. A backup is restored into an empty folder only. Nothing was changed."
        )
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = open_store((home / "blobs").as_uri())
    (home / "blobs").mkdir(mode=0o700, exist_ok=True)
    verifying_key = keys.load_verifying_key(verifying.read_bytes()) if verifying else None
    with tempfile.NamedTemporaryFile(dir=home, prefix="dump-") as dump:
        receiver = Restoring(database=dump, store=store)
        contents = read_bundle(
            source, identities=keys.Identities.load(identity), receiver=receiver, verifying_key=verifying_key
        )
        receiver.finish()
        dump.flush()
        instance = _settle_home(home, dict(contents.about), keys_dir)
        with runtime.database(instance):
            founding.make_empty_database(instance)
            _load(instance, Path(dump.name))
    return contents


def _settle_home(home: Path, about: dict[str, Any], keys_dir: Path | None) -> Instance:
    from cets.settings import types

    (home / "secrets.json").touch(mode=0o600)
    for name in SMALL_FILES:
        (home / name).write_text(about[name])
    lines = [
        line
        for line in about["cets.toml"].splitlines()
        if not line.startswith(("store_url", "keys_dir", "database_url"))
    ]
    lines += [
        f"store_url = {json.dumps((home / 'blobs').as_uri())}",
        f"keys_dir = {json.dumps(str(keys_dir) if keys_dir else 'keys')}",
    ]
    if os.environ.get("DATABASE_URL"):
        lines.append(f"database_url = {json.dumps(os.environ['DATABASE_URL'])}")
    (home / "cets.toml").write_text("\n".join(lines) + "\n")
    instance = types.load(home)
    instance.heads_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    instance.heads_path.write_text(about["heads"])
    instance.heads_path.chmod(0o600)
    return instance


def _load(instance: Instance, dump: Path) -> None:
    command = [
        program(instance, "pg_restore"), "--no-owner", "--exit-on-error", "--single-transaction", "--dbname", server(instance), str(dump),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise DumpFailed(
            f"The database could not be restored: {done.stderr.decode(errors='replace').strip()}"
        )
    with psycopg.connect(server(instance)) as conn:
        conn.execute("analyze")
