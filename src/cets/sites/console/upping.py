"""`cets up`: database, desk and worker on one machine, until Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from cets.kernel.errors import CetsError
from cets.settings.types import Instance

PROCESSES = ("worker", "desk")
STOP_SECONDS = 15.0
START_SECONDS = 60.0


class DidNotStart(CetsError):
    """One of the processes ended at once. What it said stands above."""


class PortTaken(CetsError):
    """Another program listens on this port."""


@dataclass(frozen=True)
class Address:
    """Where the desk listens."""

    host: str = "127.0.0.1"
    port: int = 8000

    def __str__(self) -> str:
        return f"http://{self.host}:{self.port}/"


def free_port(address: Address) -> Address:
    """Return the address, or with the next free port when that one is taken and only the default was asked for."""
    for port in range(address.port, address.port + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address.host, port))
            except OSError:
                continue
            return Address(address.host, port)
    raise PortTaken(f"Ports {address.port} to {address.port + 49} are all taken. Choose another: --port N")


def up(instance: Instance, address: Address, *, ready: Callable[[], None]) -> int:
    """Run desk and worker until a signal; call `ready` once the desk answers. Return the exit status."""
    environment = os.environ | {
        "CETS_HOME": str(instance.home), "CETS_DESK_ADDRESS": address.host, "CETS_DESK_PORT": str(address.port),
    }  # fmt: skip
    children = {
        name: subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "cets.sites.console.child", name],
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        for name in PROCESSES
    }
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: stopping.append(got))
    try:
        _wait_until_up(address, children, stopping)
        if not stopping:
            ready()
        while not stopping:
            _check(children)
            time.sleep(0.2)
    finally:
        _stop(children)
    return 0


def _wait_until_up(
    address: Address, children: dict[str, subprocess.Popen[bytes]], stopping: list[int]
) -> None:
    end = time.monotonic() + START_SECONDS
    while not stopping and time.monotonic() < end:
        _check(children)
        try:
            with urllib.request.urlopen(f"{address}healthz", timeout=2):  # noqa: S310 - our own loopback address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    if not stopping:
        raise DidNotStart(f"The desk did not answer at {address} within {START_SECONDS:.0f} seconds.")


def _check(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise DidNotStart(f"The {name} ended with status {child.returncode}. What it said stands above.")


def _stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """End the processes politely, and for good those that do not listen."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    end = time.monotonic() + STOP_SECONDS
    for child in children.values():
        try:
            child.wait(max(end - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
