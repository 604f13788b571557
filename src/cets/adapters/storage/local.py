"""Blobs in a local folder.

Reading and listing go through obstore. Writing does not: traced, obstore's LocalStore writes a file and
renames it without any fsync, of file or of folder, so that an acknowledged original would not survive a loss
of power. Here the order is: write under a temporary name, fsync the file, rename, fsync every folder that
got a new entry, and only then return. Removing is done here too, because its folder has to be synced as well.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import obstore
from obstore.store import LocalStore

from cets.adapters.storage.faults import blob_exists, check_batch, check_key, telling
from cets.adapters.storage.incoming import Incoming

_INCOMING = ".incoming"
_READ_SIZE = 1024 * 1024
#: Threads that wait for the disk: the file system commits what waits together at once. Eight gave about
#: 1.7 times the rate of one on a two-core machine; sixteen no more.
_SYNC_THREADS = 8


class LocalBlobStore:
    """A BlobStore in one folder, which is made if need be, readable by its owner only.

    Several processes may use the same folder. Raises StorageFailed when the folder cannot be made.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._place = str(self._root)
        with telling(self._place):
            if not self._root.is_dir():  # the desk may open the store, but not the folder it stands in
                self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
                _sync_folder(self._root.parent)
        self._objects = LocalStore(self._root)
        self._incoming = Incoming(self._root / _INCOMING)
        #: Folders whose own entry is known to be durable. One found on disk may have been made by another
        #: process that has not synced it yet, so that it counts only once this process has done so.
        self._durable: set[Path] = set()

    def __repr__(self) -> str:
        return f"LocalBlobStore({self._place!r})"

    def put_durable(self, key: str, chunks: Iterable[bytes]) -> int:
        check_key(key)
        self._refuse_existing(key)
        temporary, size = self._write(chunks)
        try:
            with telling(self._place):
                self._sync(self._publish(temporary, key))
        except BaseException:
            # Not acknowledged, so not kept: the caller may try again under the same key.
            temporary.unlink(missing_ok=True)
            (self._root / key).unlink(missing_ok=True)
            raise
        return size

    def put_many_durable(self, items: Iterable[tuple[str, bytes]]) -> int:
        blobs = list(items)
        check_batch((key for key, _ in blobs), self._place)
        for key, _ in blobs:
            self._refuse_existing(key)
        with ThreadPoolExecutor(_SYNC_THREADS) as threads, telling(self._place):
            temporaries = [self._incoming.new_path() for _ in blobs]
            try:
                _each(threads, self._write_small, temporaries, [data for _, data in blobs])
                changed: set[Path] = set()
                for temporary, (key, _) in zip(temporaries, blobs, strict=True):
                    changed |= self._publish(temporary, key)
                self._sync(changed, threads)
            except BaseException:
                for temporary in temporaries:
                    temporary.unlink(missing_ok=True)
                raise
        return len(blobs)

    def get_stream(self, key: str) -> Iterator[bytes]:
        check_key(key)
        with telling(self._place, key):
            yield from obstore.get(self._objects, key).stream(min_chunk_size=_READ_SIZE)

    def exists(self, key: str) -> bool:
        check_key(key)
        with telling(self._place, key):
            return (self._root / key).is_file()

    def size(self, key: str) -> int:
        check_key(key)
        with telling(self._place, key):
            return obstore.head(self._objects, key)["size"]

    def list_keys(self, prefix: str = "") -> Iterator[str]:
        with telling(self._place):
            for page in obstore.list(self._objects, prefix or None):
                for found in page:
                    if not found["path"].startswith(f"{_INCOMING}/"):
                        yield found["path"]

    def list_keys_before(self, moment: datetime) -> Iterator[str]:
        with telling(self._place):
            for page in obstore.list(self._objects):
                for found in page:
                    if found["last_modified"] < moment and not found["path"].startswith(f"{_INCOMING}/"):
                        yield found["path"]

    def delete(self, key: str) -> None:
        check_key(key)
        path = self._root / key
        with telling(self._place, key):
            path.unlink()
            _sync_folder(path.parent)

    def delete_temp_files(self) -> int:
        with telling(self._place):
            return self._incoming.sweep()

    def close(self) -> None:
        """Let go of the lock that marks this object's writes as alive."""
        self._incoming.close()

    def _refuse_existing(self, key: str) -> None:
        # Between this look and the rename another writer could take the key; keys are random and each is
        # written by one process only, so the look is there for mistakes in the program, not for races.
        if self.exists(key):
            raise blob_exists(self._place, key)

    def _write(self, chunks: Iterable[bytes]) -> tuple[Path, int]:
        """Write and sync a temporary file. Errors of `chunks` itself are passed on as they are."""
        with telling(self._place):
            temporary = self._incoming.new_path()
            descriptor = _create(temporary)
        size = 0
        try:
            for chunk in chunks:
                with telling(self._place):
                    _write_all(descriptor, chunk)
                size += len(chunk)
            with telling(self._place):
                os.fsync(descriptor)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        return temporary, size

    def _write_small(self, temporary: Path, data: bytes) -> None:
        descriptor = _create(temporary)
        try:
            _write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _publish(self, temporary: Path, key: str) -> set[Path]:
        """Give the file its name and return the folders to sync."""
        target = self._root / key
        changed = self._make_folders(target.parent)
        temporary.rename(target)
        return changed | {target.parent}

    def _make_folders(self, folder: Path) -> set[Path]:
        """Make what is missing on the way to `folder`; return the folders whose entries are to sync."""
        missing: list[Path] = []
        while folder != self._root and folder not in self._durable:
            missing.append(folder)
            folder = folder.parent
        for one in reversed(missing):
            one.mkdir(mode=0o700, exist_ok=True)
        return {one.parent for one in missing}

    def _sync(self, folders: set[Path], threads: ThreadPoolExecutor | None = None) -> None:
        if threads is None:
            for folder in folders:
                _sync_folder(folder)
        else:
            _each(threads, _sync_folder, list(folders))
        self._durable |= folders


def _each(threads: ThreadPoolExecutor, action: Callable[..., None], *arguments: Sequence[Any]) -> None:
    """Do all, wait for all, then raise the first error: none may still write when its file is removed."""
    futures = [threads.submit(action, *one) for one in zip(*arguments, strict=True)]
    errors = [future.exception() for future in futures]
    for error in errors:
        if error is not None:
            raise error


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
