"""Blobs in an S3-compatible store. A completed put is durable there: the store answers only when it is."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import chain

import obstore
from obstore.store import ObjectStore

from cets.adapters.storage.faults import blob_exists, check_batch, check_key, telling
from cets.domains.vault.blobs import BlobMissing

#: Below this size one request carries the whole blob; above, parts of this size do, two on the way at once.
_PART_SIZE = 8 * 1024 * 1024
_PARTS_AT_ONCE = 2
_READ_SIZE = 1024 * 1024
_PUTS_AT_ONCE = 8


class RemoteBlobStore:
    """A BlobStore over an obstore store; `place` names it to an operator (no secrets)."""

    def __init__(self, objects: ObjectStore, place: str) -> None:
        self._objects = objects
        self._place = place
        self._bucket_seen = False

    def __repr__(self) -> str:
        return f"RemoteBlobStore({self._place!r})"

    def put_durable(self, key: str, chunks: Iterable[bytes]) -> int:
        check_key(key)
        rest = iter(chunks)
        head = _read_head(rest)
        if sum(map(len, head)) < _PART_SIZE:
            return self._put_whole(key, b"".join(head))
        return self._put_parts(key, chain(head, rest))

    def put_many_durable(self, items: Iterable[tuple[str, bytes]]) -> int:
        blobs = list(items)
        check_batch((key for key, _ in blobs), self._place)
        with ThreadPoolExecutor(_PUTS_AT_ONCE) as threads:
            futures = [threads.submit(self._put_whole, key, data) for key, data in blobs]
        for future in futures:
            future.result()
        return len(blobs)

    def get_stream(self, key: str) -> Iterator[bytes]:
        check_key(key)
        with telling(self._place, key):
            yield from obstore.get(self._objects, key).stream(min_chunk_size=_READ_SIZE)

    def exists(self, key: str) -> bool:
        try:
            self.size(key)
        except BlobMissing:
            return False
        return True

    def size(self, key: str) -> int:
        check_key(key)
        try:
            with telling(self._place, key):
                return obstore.head(self._objects, key)["size"]
        except BlobMissing:
            self._confirm_bucket()
            raise

    def list_keys(self, prefix: str = "") -> Iterator[str]:
        with telling(self._place):
            for page in obstore.list(self._objects, prefix or None):
                yield from (found["path"] for found in page)

    def list_keys_before(self, moment: datetime) -> Iterator[str]:
        with telling(self._place):
            for page in obstore.list(self._objects):
                yield from (found["path"] for found in page if found["last_modified"] < moment)

    def delete(self, key: str) -> None:
        self.size(key)  # S3 itself is silent about a key that is not there
        with telling(self._place, key):
            obstore.delete(self._objects, key)

    def delete_temp_files(self) -> int:
        """Return 0: nothing of an interrupted upload shows under any key.

        Its parts are removed by the store's own life-cycle rule (AbortIncompleteMultipartUpload).
        """
        return 0

    def _put_whole(self, key: str, data: bytes) -> int:
        with telling(self._place, key):
            # The store itself refuses a key that is taken (If-None-Match), so that no race can overwrite.
            obstore.put(self._objects, key, data, mode="create", use_multipart=False)
        return len(data)

    def _put_parts(self, key: str, chunks: Iterable[bytes]) -> int:
        # A put in parts knows no condition, so a look has to do.
        if self.exists(key):
            raise blob_exists(self._place, key)
        counted = _Counted(chunks)
        try:
            with telling(self._place, key):
                obstore.put(
                    self._objects,
                    key,
                    counted,
                    use_multipart=True,
                    chunk_size=_PART_SIZE,
                    max_concurrency=_PARTS_AT_ONCE,
                )
        except Exception:
            if counted.error is not None:
                raise counted.error from None
            raise
        return counted.size

    def _confirm_bucket(self) -> None:
        """Tell a missing bucket from a missing blob, which look alike in the answer to a HEAD request."""
        if not self._bucket_seen:
            with telling(self._place):
                next(iter(obstore.list(self._objects, chunk_size=1)), None)
            self._bucket_seen = True


class _Counted:
    """Counts what passes, and remembers an error of the source, which obstore passes on only as text."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self.size = 0
        self.error: BaseException | None = None

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            chunk = next(self._chunks)
        except StopIteration:
            raise
        except BaseException as error:
            self.error = error
            raise
        self.size += len(chunk)
        return chunk


def _read_head(chunks: Iterator[bytes]) -> list[bytes]:
    head: list[bytes] = []
    size = 0
    for chunk in chunks:
        head.append(chunk)
        size += len(chunk)
        if size >= _PART_SIZE:
            break
    return head
