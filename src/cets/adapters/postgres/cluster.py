"""One embedded server, started when the first command needs it and stopped when the last one ends."""

import contextlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from cets.adapters.postgres import configuration, locks
from cets.adapters.postgres.binaries import Binaries, find_binaries
from cets.adapters.postgres.check import check_server
from cets.adapters.postgres.places import SOCKET_NAME, Places
from cets.adapters.postgres.runner import Runner, choose
from cets.kernel.errors import CetsError

READY_SECONDS = 300.0  # after a kill the server may have a long log to replay
STOP_SECONDS = 60.0
FREE_SECONDS = 10.0
ANSWER_SECONDS = 5.0
# The protocol's shortest question, answered by one letter without signing in: "may we encrypt?"
ENCRYPTION_REQUEST = struct.pack("!II", 8, 80877103)
LARGEST_LOG_BYTES = 5 * 1024 * 1024
STATUS_LINE = 7


class ServerFailed(CetsError):
    """The embedded database did not start or stop."""


class _Server(subprocess.Popen[bytes]):
    """The server's process, which is meant to outlive us: being forgotten is not worth a warning."""

    def __del__(self, *_: object) -> None:
        self.poll()


class Cluster:
    """The embedded PostgreSQL of one home folder. Any number of processes may hold one each.

    `runner` is for tests; it is chosen by who we are and what the machine allows.
    """

    def __init__(self, home: Path, *, runner: Runner | None = None) -> None:
        self.places = Places(home)
        self._chosen_runner = runner
        self._child: _Server | None = None
        self._shares: list[int] = []

    @contextlib.contextmanager
    def use(self) -> Iterator["Cluster"]:
        """Have the server running for the length of a block, shared with others that do the same.

        The last to leave stops it. When a process is killed, the kernel gives up its share; the server goes
        on, and the next command to leave as the last one stops it.
        """
        self.places.make()
        with locks.exclusive(self.places.gate):
            self._start()
            share = locks.share(self.places.users)
            self._shares.append(share)
        try:
            yield self
        finally:
            self._leave([share])

    def leave(self) -> None:
        """Leave every `use` at once, from any thread: for a process that cannot come to the end of its blocks.

        Where another thread is leaving, this waits until it has.
        """
        if self.places.root.exists():
            self._leave(self._shares)

    def ensure(self) -> None:
        """Make the cluster if there is none yet."""
        self.places.make()
        with locks.exclusive(self.places.gate):
            self._ensure()

    def start(self) -> None:
        """Start the server if it is not running; it runs until `stop`, or until the last `use` ends."""
        self.places.make()
        with locks.exclusive(self.places.gate):
            self._start()

    def stop(self) -> None:
        """Stop the server cleanly, whoever still uses it."""
        if not self.places.root.exists():
            return
        with locks.exclusive(self.places.gate):
            self._stop()

    def destroy(self) -> None:
        """Stop the server and delete all its data, wherever it lies."""
        if not self.places.root.exists():
            return
        with locks.exclusive(self.places.gate):
            self._stop()
            for folder in [*self.places.outside(), self.places.root]:
                shutil.rmtree(folder)

    def is_running(self) -> bool:
        return self.places.root.exists() and locks.is_held(self.places.server) and self._is_ready()

    def is_in_use(self) -> bool:
        """Say whether a command holds the server right now; one that was killed does not."""
        return self.places.root.exists() and locks.is_held(self.places.users, shared_counts=True)

    def outside(self) -> list[Path]:
        """Return the folders of this cluster that are not in the home folder, for who wants to delete all."""
        return self.places.outside()

    def password(self, user: str) -> str:
        """Return a role's password; made at random and kept (0600) when first asked for."""
        self.places.make()
        return self.places.password(user)

    def parameters(self, user: str, dbname: str) -> dict[str, str]:
        """Return libpq's connection parameters, whatever PGPORT and the like say."""
        return {
            "host": str(self.places.socket),
            "port": "5432",
            "user": user,
            "password": self.password(user),
            "dbname": dbname,
            "sslmode": "disable",
            "gssencmode": "disable",
        }

    def dsn(self, user: str, dbname: str) -> str:
        """Return the same as one connection string. The superuser is `postgres`."""
        return make_conninfo(**self.parameters(user, dbname))

    def _leave(self, shares: list[int]) -> None:
        with locks.exclusive(self.places.gate):
            for share in [share for share in shares if share in self._shares]:
                self._shares.remove(share)
                os.close(share)
            if not locks.is_held(self.places.users, shared_counts=True):
                self._stop()

    # Everything below is called by whoever holds the gate.

    def _start(self) -> None:
        if self._has_lost_its_socket():
            self._stop()
        if locks.is_held(self.places.server) and self._becomes_ready():
            return
        binaries, runner = self._ensure()
        self._spawn(binaries, runner)
        if not self._becomes_ready():
            status = self._child.wait() if self._child else None
            raise ServerFailed(
                f"The database did not start: it {_end_of(status)}. "
                f"Its log, {self.places.log}, ends:\n{self._log_tail()}"
            )
        self._check()

    def _ensure(self) -> tuple[Binaries, Runner]:
        runner = self._chosen_runner or choose(self.places.data)
        made = self.places.data / "PG_VERSION"
        if self.places.data.exists():
            return self.places.reachable(find_binaries(int(made.read_text())), runner), runner
        self.places.settle(runner)
        binaries = self.places.reachable(find_binaries(), runner)
        self._initialise(binaries, runner)
        return binaries, runner

    def _initialise(self, binaries: Binaries, runner: Runner) -> None:
        """Make the cluster beside its place and move it there whole, so that a kill leaves no half of one."""
        unfinished = self.places.data.with_name("data.new")
        lock = self._take_server_lock()
        try:
            shutil.rmtree(unfinished, ignore_errors=True)
            password = self._password_file(runner)
            try:
                _run_initdb(
                    runner.command(
                        binaries.program("initdb"),
                        f"--pgdata={unfinished}",
                        f"--pwfile={password}",
                        *configuration.initdb_arguments(binaries.major),
                    ),
                    pass_fds=(lock,),
                    **runner.becoming(),
                )
            finally:
                password.unlink()
            with (unfinished / "postgresql.conf").open("a") as settings:
                settings.write("\ninclude 'cets.conf'\n")
            unfinished.rename(self.places.data)
            _sync_folder(self.places.base)
        finally:
            os.close(lock)

    def _password_file(self, runner: Runner) -> Path:
        """Write the superuser's password where initdb, under its own account, can read it."""
        descriptor, name = tempfile.mkstemp(dir=self.places.base, prefix="first-")
        with os.fdopen(descriptor, "w") as file:
            file.write(self.places.password("postgres"))
        runner.give(Path(name))
        return Path(name)

    def _spawn(self, binaries: Binaries, runner: Runner) -> None:
        lock = self._take_server_lock()
        try:
            # We hold the lock that every process of the server inherits, so none is left: notes of an
            # earlier one are stale, even where its number is in use again or was never reaped.
            for stale in self.places.notes_of_a_server():
                stale.unlink(missing_ok=True)
            self._configure(runner)
            with self._open_log() as log:
                self._child = _Server(
                    runner.command(binaries.program("postgres"), "-D", str(self.places.data)),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd="/",
                    env=_environment(),
                    start_new_session=True,  # Ctrl-C in the command's terminal must not reach it
                    pass_fds=(lock,),
                    **runner.becoming(),
                )
        finally:
            os.close(lock)

    def _configure(self, runner: Runner) -> None:
        files = {
            "cets.conf": configuration.render(self.places.open_socket_folder(runner)),
            "pg_hba.conf": configuration.ACCESS_RULES,
        }
        for name, text in files.items():
            path = self.places.data / name
            path.write_text(text)
            runner.give(path)

    def _check(self) -> None:
        try:
            with psycopg.connect(self.dsn("postgres", "postgres"), autocommit=True) as conn:
                check_server(conn)
        except BaseException:
            self._stop()
            raise

    def _stop(self) -> None:
        for kind, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, FREE_SECONDS)):
            if not locks.is_held(self.places.server):
                break
            self._signal(kind)
            self._wait_until_gone(seconds)
        else:
            if locks.is_held(self.places.server):
                raise ServerFailed(f"The database did not stop. Its log is {self.places.log}.")
        if self._child is not None:
            self._child.wait()
            self._child = None

    def _signal(self, kind: signal.Signals) -> None:
        pid = self._server_pid()
        if pid is not None and _is_postgres(pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, kind)

    def _wait_until_gone(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while locks.is_held(self.places.server) and time.monotonic() < until:
            if self._child is not None:
                self._child.poll()
            time.sleep(locks.PAUSE_SECONDS)

    def _becomes_ready(self) -> bool:
        """Wait until a server is ready, or is gone; say whether it is ready."""
        until = time.monotonic() + READY_SECONDS
        while locks.is_held(self.places.server):
            if self._is_ready():
                return True
            if time.monotonic() > until:
                raise ServerFailed(
                    f"The database has been neither ready nor gone for {READY_SECONDS:.0f} seconds. "
                    f"Its log is {self.places.log}."
                )
            time.sleep(locks.PAUSE_SECONDS)
        return False

    def _is_ready(self) -> bool:
        """Ask the note and then the server: after a kill the note still says "ready"."""
        return self._says_ready() and _answers(str(self.places.socket / SOCKET_NAME))

    def _says_ready(self) -> bool:
        lines = self._note()
        return len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"

    def _has_lost_its_socket(self) -> bool:
        """Say whether a cleaner of temporary folders took the socket, so that nobody can come in any more."""
        running = locks.is_held(self.places.server) and self._says_ready()
        return running and not (self.places.socket / SOCKET_NAME).exists()

    def _server_pid(self) -> int | None:
        lines = self._note()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else None

    def _note(self) -> list[str]:
        try:
            return (self.places.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _take_server_lock(self) -> int:
        descriptor = locks.take(self.places.server, seconds=FREE_SECONDS)
        if descriptor is None:
            raise ServerFailed(
                f"Another process holds {self.places.server}, and it is no database that answers."
            )
        return descriptor

    def _open_log(self) -> Any:
        path = self.places.log
        if path.exists() and path.stat().st_size > LARGEST_LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")

    def _log_tail(self) -> str:
        lines = self.places.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-8:])


def _answers(path: str) -> bool:
    """Say whether a server on this socket answers; a connection alone may still wait for one that is dead."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(ANSWER_SECONDS)
        try:
            probe.connect(path)
            probe.sendall(ENCRYPTION_REQUEST)
            return probe.recv(1) != b""
        except OSError:
            return False


def _run_initdb(command: list[str], **how: Any) -> None:
    done = subprocess.run(  # noqa: S603  # PostgreSQL's own program
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_environment(),
        start_new_session=True,
        **how,
    )
    if done.returncode:
        raise ServerFailed(f"The database could not be made: {done.stderr.strip() or done.stdout.strip()}")


def _environment() -> dict[str, str]:
    """Give the server nothing of ours: its locale and settings come from its own files."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _is_postgres(pid: int) -> bool:
    """Guard against a number that the system has given to another program since."""
    command = Path(f"/proc/{pid}/cmdline")
    try:
        return b"postgres" in command.read_bytes() if Path("/proc/self").exists() else True
    except OSError:
        return False


def _end_of(status: int | None) -> str:
    if status is not None and status < 0:
        return f"was ended by signal {-status}"
    return f"ended with status {status}"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
