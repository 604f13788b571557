"""`cets up`: database, desk and worker on one machine, until Ctrl-C."""

import errno
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cets.adapters.postgres import Cluster
from cets.kernel.errors import CetsError
from cets.settings import connections
from cets.settings.types import Instance
from cets.sites.console.output import notes
from cets.sites.console.telling import WrongUse

#: By this file the desk's pages find their styles and scripts.
FRONT_END = Path(__file__).parents[2] / "static" / "built" / ".vite" / "manifest.json"
PROCESSES = ("worker", "desk")
STOP_SECONDS = 15.0
START_SECONDS = 60.0
PAUSE_SECONDS = 0.2
#: Ports that are tried one after another.
MOST_TRIED, LAST_PORT = 50, 65_535
#: A process that dies so often within so many seconds is not started once more.
MOST_STARTS = 3
WITHIN_SECONDS = 60.0
#: What gives more rights than a process needs, or leads it to another database than ours.
WITHHELD = (connections.OWNER, "DATABASE_URL", "PGUSER", "PGPASSWORD", "PGPASSFILE", "PGSERVICE")


class DidNotStart(CetsError):
    """One of the processes ended at once. What it said stands above."""


class NotBuilt(CetsError):
    """The front end is not built, and without it the desk shows no page."""


class PortTaken(CetsError):
    """Another program listens on this port."""


class NotOurs(WrongUse):
    """The desk cannot listen there: no address of this machine, or a port for others."""


@dataclass(frozen=True)
class Address:
    """Where the desk listens."""

    host: str = "127.0.0.1"
    port: int = 8000

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"


def check_built() -> None:
    """See that the desk can show its pages. Raises NotBuilt."""
    if FRONT_END.is_file():
        return
    checkout = Path(__file__).parents[4]
    where = f"-C {shlex.quote(str(checkout))} " if (checkout / "Makefile").is_file() else ""
    raise NotBuilt(
        f"The front end is not built, and without it the desk shows no page. Build it: make {where}front-end"
    )


def free_port(address: Address) -> Address:
    """Return the address, with the next free port when that one is taken. Raises PortTaken, NotOurs."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    last = min(address.port + MOST_TRIED, LAST_PORT + 1) - 1
    for port in range(address.port, last + 1):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address.host, port))
        except OSError as error:
            _check_only_taken(error, address.host, port)
        else:
            return Address(address.host, port)
    taken = f"Ports {address.port} to {last} are all" if last > address.port else f"Port {last} is"
    raise PortTaken(f"{taken} taken. Choose another: --port N")


def _check_only_taken(error: OSError, host: str, port: int) -> None:
    """Let a port pass that another program has. Raises NotOurs: another port would not help."""
    if error.errno == errno.EADDRINUSE:
        return
    if error.errno == errno.EACCES:
        raise NotOurs(
            f"This account may not listen on port {port}. Choose one above 1023: --port N"
        ) from error
    raise NotOurs(
        f"The desk cannot listen on {host}: {error.strerror}. Give an address of this machine: --host ADDRESS"
    ) from error


@dataclass
class Process:
    """One of our processes: started again when it dies, unless it does so at once and again."""

    name: str
    environment: dict[str, str]
    starts: list[float] = field(default_factory=list)
    running: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        self.starts.append(time.monotonic())
        self.running = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "cets.sites.console.child", self.name, str(os.getpid())],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=2,  # standard error: standard output is for what programs read
            start_new_session=True,  # Ctrl-C in the terminal reaches us alone, and we stop it in order
        )

    def has_ended(self) -> bool:
        return self.running is not None and self.running.poll() is not None

    def start_again(self) -> None:
        """Start it once more. Raises DidNotStart when that was tried often enough."""
        self.end_group()
        recent = [at for at in self.starts if at > time.monotonic() - WITHIN_SECONDS]
        status = self.running.returncode if self.running else None
        if len(recent) >= MOST_STARTS:
            raise DidNotStart(
                f"The {self.name} ended with status {status}, not for the first time. What it said stands above."
            )
        notes.print(f"The {self.name} ended with status {status}. It is started again.", markup=False)
        self.start()

    def end_group(self) -> None:
        """End what the process itself started and left."""
        if self.running is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.running.pid, signal.SIGKILL)


@contextmanager
def signals_noted() -> Iterator[list[int]]:
    """Note Ctrl-C and SIGTERM for a block instead of breaking off."""
    noted: list[int] = []
    before = {
        number: signal.signal(number, lambda got, _: noted.append(got))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def up(instance: Instance, address: Address, *, ready: Callable[[], None], database: Cluster | None) -> int:
    """Run desk and worker until a signal; call `ready` once the desk answers. Return the exit status.

    A process that dies is started again, the embedded `database` too.
    """
    environment = _environment(instance, address)
    processes = [Process(name, environment) for name in PROCESSES]
    with signals_noted() as stopping:
        try:
            for process in processes:
                process.start()
            _wait_until_up(address, processes, stopping)
            if not stopping:
                ready()
            _watch(processes, database, stopping)
        finally:
            _stop(processes)
    return 0


def _environment(instance: Instance, address: Address) -> dict[str, str]:
    """Return what a process needs to know: where the database is, not how its owner signs in."""
    kept = {name: value for name, value in os.environ.items() if name not in WITHHELD}
    return kept | {
        "CETS_HOME": str(instance.home),
        "CETS_DESK_ADDRESS": address.host,
        "CETS_DESK_PORT": str(address.port),
        connections.PLACE: connections.place(instance),
    }


def _wait_until_up(address: Address, processes: list[Process], stopping: list[int]) -> None:
    end = time.monotonic() + START_SECONDS
    while not stopping and time.monotonic() < end:
        for process in processes:
            if process.has_ended():
                assert process.running is not None
                raise DidNotStart(
                    f"The {process.name} ended with status {process.running.returncode}. What it said stands above."
                )
        if _answers(address):
            return
        time.sleep(PAUSE_SECONDS / 2)
    if not stopping:
        raise DidNotStart(f"The desk did not answer at {address} within {START_SECONDS:.0f} seconds.")


def _answers(address: Address) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104 - asked, not bound
    # No proxy of the environment stands between us and ourselves.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{Address(host, address.port)}healthz", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _watch(processes: list[Process], database: Cluster | None, stopping: list[int]) -> None:
    while not stopping:
        if database is not None and not database.is_running():
            notes.print("The database ended. It is started again.", markup=False)
            database.start()
        for process in processes:
            if process.has_ended() and not stopping:
                process.start_again()
        time.sleep(PAUSE_SECONDS)


def _stop(processes: list[Process]) -> None:
    """End the processes politely, and for good those that do not listen."""
    for process in processes:
        if process.running is not None and process.running.poll() is None:
            process.running.terminate()
    end = time.monotonic() + STOP_SECONDS
    for process in processes:
        if process.running is None:
            continue
        try:
            process.running.wait(max(end - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.running.kill()
            process.running.wait()
        process.end_group()
