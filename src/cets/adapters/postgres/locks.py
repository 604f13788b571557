"""Locks that the kernel frees when their holder dies, however it dies.

Three files in the cluster's folder carry them. `gate`: one process at a time starts or stops. `users`: held
shared by every command that uses the server. `server`: inherited by the server itself and all its children,
so that it is free exactly when nothing of the server is left, whatever numbers the system reuses.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

PAUSE_SECONDS = 0.005


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a file for oneself, waiting as long as it takes."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def share(path: Path) -> int:
    """Take a shared hold and return the descriptor that carries it; closing it lets go."""
    descriptor = _open(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def is_held(path: Path, *, shared_counts: bool = False) -> bool:
    """Say whether another holds the file exclusively, or at all when `shared_counts`."""
    kind = fcntl.LOCK_EX if shared_counts else fcntl.LOCK_SH
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def take(path: Path, *, seconds: float) -> int | None:
    """Take the file exclusively within some seconds and return the descriptor, or None."""
    descriptor = _open(path)
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                os.close(descriptor)
                return None
            time.sleep(PAUSE_SECONDS)
        else:
            return descriptor


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
