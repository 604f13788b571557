"""The folder in which blobs are written before they get their name, and how leftovers are told from work."""

import fcntl
import os
import threading
import uuid
from pathlib import Path

_LOCK = ".lock"
_PART = ".part"


class Incoming:
    """Names for files in writing, `SESSION-NUMBER.part`.

    Each store object holds a lock on `SESSION.lock` for as long as it (or a process forked from it) lives;
    the system lets go of it however the process ends. A sweep may remove the files of any session whose lock
    is free, so it needs no guess about age and never touches the work of another living process.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._guard = threading.Lock()
        self._session: str | None = None
        self._descriptor: int | None = None

    def new_path(self) -> Path:
        """Return a path that nobody else uses, in a session of this object."""
        with self._guard:
            if self._session is None:
                self._open_session()
            return self.folder / f"{self._session}-{uuid.uuid4().hex}{_PART}"

    def sweep(self) -> int:
        """Remove the files of dead sessions and return how many there were."""
        if not self.folder.is_dir():
            return 0
        return sum(self._sweep_session(session) for session in self._found_sessions())

    def close(self) -> None:
        """Let go of the session; for tests and orderly ends. A later `new_path` opens another."""
        with self._guard:
            if self._descriptor is not None:
                (self.folder / f"{self._session}{_LOCK}").unlink(missing_ok=True)
                os.close(self._descriptor)
            self._session = self._descriptor = None

    def _open_session(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        while self._session is None:
            session = uuid.uuid4().hex
            descriptor = _try_lock(self.folder / f"{session}{_LOCK}", os.O_CREAT | os.O_EXCL)
            # None: a sweep came between making and locking the file. Take another name.
            if descriptor is not None:
                self._session, self._descriptor = session, descriptor

    def _found_sessions(self) -> set[str]:
        names = [path.name for path in self.folder.iterdir()]
        return {name.split("-")[0].removesuffix(_LOCK) for name in names if name.endswith((_LOCK, _PART))}

    def _sweep_session(self, session: str) -> int:
        lock = self.folder / f"{session}{_LOCK}"
        descriptor = _try_lock(lock, os.O_CREAT)
        if descriptor is None:
            return 0
        try:
            leftovers = list(self.folder.glob(f"{session}-*{_PART}"))
            for leftover in leftovers:
                leftover.unlink(missing_ok=True)
            lock.unlink(missing_ok=True)
            return len(leftovers)
        finally:
            os.close(descriptor)


def _try_lock(path: Path, flags: int) -> int | None:
    """Return a descriptor that holds the lock of `path`, or None when another holds it or removed it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(descriptor), path.stat()):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None
