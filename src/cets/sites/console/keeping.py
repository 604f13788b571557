"""Backup and restore of a whole instance. Works without Django, for what is restored has no settings yet."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from cets.adapters.postgres import Cluster, find_binaries
from cets.adapters.storage import open_store
from cets.domains.vault import keys
from cets.domains.vault.bundle import Contents, Restoring, read_bundle, write_bundle
from cets.kernel.errors import CetsError
from cets.settings import types
from cets.settings.connections import server
from cets.settings.types import Instance
from cets.sites.console import runtime

#: What of the home folder a restored node needs beside database and blobs. Keys travel by another way.
SMALL_FILES = ("cets.toml", *types.SECRET_FILES)
#: Settings that belong to a machine, not to an instance.
OF_THE_MACHINE = ("store_url", "keys_dir", "heads_path", "database_url")
#: A restored instance bears its name only when all of it is there.
UNFINISHED = "cets.toml.unfinished"


class DumpFailed(CetsError):
    """PostgreSQL's own program could not dump or restore the database."""


class MayNotDump(CetsError):
    """This database role sees only what row-level security lets it see, so that its dump would be no backup."""


class NotEmpty(CetsError):
    """A backup is restored into an empty folder and an empty database only. Nothing was changed."""


class AlreadyThere(CetsError):
    """There is a file where the backup should go. It was left as it is."""


class KeysMissing(CetsError):
    """The folder does not hold the instance's own keys, which no backup holds. Nothing was changed."""


# --- backup ---------------------------------------------------------------------------------------


def sees_all(instance: Instance) -> bool:
    """Say whether the owner of this database passes by row-level security."""
    with psycopg.connect(server(instance)) as conn:
        row = conn.execute(
            "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
        ).fetchone()
    return bool(row and row[0])


def backup_to_file(instance: Instance, path: Path, *, recipients: keys.Recipients, at: datetime) -> Contents:
    """Write a backup to a new file, which has its name only once it is whole and on the disk. Raises AlreadyThere."""
    if path.exists():
        raise AlreadyThere(f"{path} is there already and was left as it is. Choose another name.")
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            contents = backup(instance, target, recipients=recipients, at=at)
            os.fsync(target.fileno())
        unfinished.rename(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise DumpFailed(f"The backup could not be written to {path}: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return contents


def backup(instance: Instance, target: IO[bytes], *, recipients: keys.Recipients, at: datetime) -> Contents:
    """Write the whole instance, encrypted to a key that is not on this machine, as a stream.

    Raises DumpFailed and MayNotDump; then what was written is of no use, and does not open as a backup.
    """
    if not sees_all(instance):
        raise MayNotDump(
            f"{MayNotDump.__doc__} Give it the right: ALTER ROLE ... BYPASSRLS (docs/operating/backup.md)."
        )
    store = open_store(instance.store_url)
    signing = keys.load_signing_key(runtime.Keys(instance.keys_dir).signing)
    about = {"mode": instance.mode, "at": at.isoformat()} | {
        name: (instance.home / name).read_text() for name in SMALL_FILES
    }
    # The heads before the dump: behind, a chain catches up; ahead, it would say that the database was rolled back.
    with _heads(instance) as heads, _dump(instance) as database:
        contents = write_bundle(
            target,
            database=database,
            store=store,
            blob_keys=store.list_keys(),
            recipients=recipients,
            about=about,
            signing_key=signing,
            heads=heads,
        )
    target.flush()
    return contents


class _Bounded:
    """A file as long as it was when it was opened, though somebody goes on writing to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._left = os.fstat(file.fileno()).st_size

    def read(self, size: int, /) -> bytes:
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data


@contextmanager
def _heads(instance: Instance) -> Iterator[_Bounded | None]:
    try:
        file = instance.heads_path.open("rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        yield _Bounded(file)


class _Dump:
    """The output of a dumping program. Its end is only given out once the program says that all went well."""

    def __init__(self, process: "subprocess.Popen[bytes]", complaints: IO[bytes]) -> None:
        self._process, self._complaints = process, complaints

    def read(self, size: int, /) -> bytes:
        assert self._process.stdout is not None
        data = self._process.stdout.read(size)
        if not data and self._process.wait():
            raise DumpFailed(f"The database could not be dumped: {_said(self._complaints)}")
        return data


@contextmanager
def _dump(instance: Instance) -> Iterator[_Dump]:
    address, environment = _signing_in(instance)
    command = [_program(instance, "pg_dump"), "--format=custom", "--compress=0", "--no-owner", address]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, env=environment) as process,  # noqa: S603
    ):
        try:
            yield _Dump(process, complaints)
        finally:
            process.kill()  # when the backup was given up; else it has ended


def _said(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    return complaints.read(4_000).decode(errors="replace").strip()


def _program(instance: Instance, name: str) -> str:
    """Return a PostgreSQL client program: the embedded server's own, else the system's."""
    if not instance.database_url:
        return find_binaries().program(name)
    found = shutil.which(name)
    if found is None:
        raise DumpFailed(
            f"{name} is not installed. Install the PostgreSQL client programs of your server's version."
        )
    return found


def _signing_in(instance: Instance) -> tuple[str, dict[str, str]]:
    """Return address and environment for a client program: a password on a command line is seen by every account."""
    parts = {name: str(value) for name, value in conninfo_to_dict(server(instance)).items()}
    password = parts.pop("password", None)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CETS_")}
    return make_conninfo(**parts), environment | ({"PGPASSWORD": password} if password else {})


# --- restore --------------------------------------------------------------------------------------


def restore(home: Path, source: IO[bytes], *, identity: Path, keys_dir: Path) -> Contents:
    """Bring an instance back from a backup into an empty folder; the caller verifies it.

    `keys_dir` holds the instance's own keys, which are in no backup: without them nothing can be opened or verified.
    Raises NotEmpty, KeysMissing, DumpFailed and what the bundle raises; then the folder is as it was.
    """
    existed = home.exists()
    if existed and (not home.is_dir() or any(home.iterdir())):
        raise NotEmpty(
            f"{home} is not empty. A backup is restored into an empty folder only. Nothing was changed."
        )
    verifying_key = _check_keys(keys_dir)
    identities = keys.Identities.load(identity)
    _check_database_is_empty()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with (home / "dump").open("w+b") as dump, (home / "heads.received").open("w+b") as heads:
            receiver = Restoring(database=dump, store=open_store((home / "blobs").as_uri()), heads=heads)
            contents = read_bundle(
                source, identities=identities, receiver=receiver, verifying_key=verifying_key
            )
            receiver.finish()
        instance = _settle_home(home, contents.about, keys_dir.resolve())
        _fill_database(instance, home / "dump")
        (home / "dump").unlink()
        (home / UNFINISHED).rename(home / "cets.toml")
        _sync_folder(home)
    except BaseException:
        _take_away(home, existed=existed)
        raise
    return contents


def _check_keys(keys_dir: Path) -> Ed25519PublicKey:
    """Return the key that signed the backup's manifest. Raises KeysMissing and what bad key files raise."""
    at = runtime.Keys(keys_dir)
    missing = [path.name for path in (at.identity, at.signing, at.verifying) if not path.is_file()]
    if missing:
        raise KeysMissing(
            f"{keys_dir} does not hold {', '.join(missing)}. The instance's own keys are in no backup: bring them from where"
            " you keep their copies, and name the folder with --keys. Nothing was changed."
        )
    keys.Identities.load(at.identity)
    keys.load_signing_key(at.signing)
    return keys.load_verifying_key(at.verifying.read_bytes())


def _check_database_is_empty() -> None:
    url = os.environ.get("DATABASE_URL")
    if not url:
        return
    with psycopg.connect(url) as conn:
        row = conn.execute(
            "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')"
        ).fetchone()
    if row and row[0]:
        raise NotEmpty(
            "The database of DATABASE_URL holds tables already. Make an empty one. Nothing was changed."
        )


def _settle_home(home: Path, about: Mapping[str, str], keys_dir: Path) -> Instance:
    """Write the settings of the restored instance for this machine; they get their name at the very end."""
    from cets.sites.console.founding import write_secrets

    write_secrets(home, {name: about[name] for name in types.SECRET_FILES})
    settings = {
        "store_url": (home / "blobs").as_uri(),
        "keys_dir": str(keys_dir),
        "heads_path": "heads/audit-heads.jsonl",
        "database_url": os.environ.get("DATABASE_URL"),
    }
    kept = [line for line in about["cets.toml"].splitlines() if not line.startswith(OF_THE_MACHINE)]
    kept += [f"{name} = {json.dumps(value)}" for name, value in settings.items() if value]
    (home / UNFINISHED).write_text("\n".join(kept) + "\n")
    instance = types.load(home, UNFINISHED)
    instance.heads_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "heads.received").chmod(0o600)
    (home / "heads.received").rename(instance.heads_path)
    return instance


def _fill_database(instance: Instance, dump: Path) -> None:
    from cets.sites.console import founding

    with runtime.database(instance):
        founding.make_empty_database(instance)
        address, environment = _signing_in(instance)
        command = [
            _program(instance, "pg_restore"), "--no-owner", "--exit-on-error", "--single-transaction", "--dbname", address, str(dump),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, check=False, env=environment)  # noqa: S603
        if done.returncode:
            raise DumpFailed(
                f"The database could not be restored: {done.stderr.decode(errors='replace').strip()}"
            )
        with psycopg.connect(server(instance)) as conn:
            _give_back_to_definer(conn, f"{instance.secrets['role_prefix']}_definer")
        with psycopg.connect(server(instance), autocommit=True) as conn:
            conn.execute("analyze")


def _give_back_to_definer(conn: "psycopg.Connection[tuple[object, ...]]", definer: str) -> None:
    """Let every definer function run as the definer role again: the dump names no owners, and the restorer may do too much."""
    functions = conn.execute(
        "select p.oid::regprocedure::text from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace"
        " and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')"
    ).fetchall()
    for (signature,) in functions:
        # The name comes quoted from the server's own catalogue.
        conn.execute(
            sql.SQL("alter function {} owner to {}").format(sql.SQL(str(signature)), sql.Identifier(definer))
        )


def _take_away(home: Path, *, existed: bool) -> None:
    """Leave nothing half-restored: no database, no file, and the folder only if it was there before."""
    Cluster(home).destroy()
    for path in home.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    if not existed:
        home.rmdir()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
