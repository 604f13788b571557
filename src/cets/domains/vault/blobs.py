"""What the vault needs of a place that keeps sealed bytes; the storage adapter fulfils it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol
from uuid import UUID

from cets.kernel.errors import CetsError

#: The form of a key, as a regular expression.
BLOB_KEY = r"[a-z0-9_-][a-z0-9._-]*(?:/[a-z0-9_-][a-z0-9._-]*)*"


class StorageFailed(CetsError):
    """The store could not do what was asked. The message tells an operator what is wrong and what to do."""


class BlobMissing(StorageFailed):
    """The store holds nothing under this key."""


class BlobExists(StorageFailed):
    """Something is already kept under this key. What is kept is never overwritten."""


def blob_key(object_id: UUID) -> str:
    """Return where an object lies: sharded by its (random) id, so that no folder swells."""
    text = str(object_id)
    return f"{text[:2]}/{text[2:4]}/{text}"


class BlobStore(Protocol):
    """A place for sealed bytes. Every method may raise StorageFailed.

    Keys are lower-case letters, digits, dots, underscores and hyphens in parts separated by single slashes;
    other keys raise ValueError, for they come from a mistake in the program.
    """

    def put_durable(self, key: str, chunks: Iterable[bytes]) -> int:
        """Keep the bytes and return their number, only once they survive a loss of power.

        Nothing is visible under `key` before all of it is, also when `chunks` raises half-way (the error is
        passed on). Raises BlobExists when the key is taken.
        """
        ...

    def put_many_durable(self, items: Iterable[tuple[str, bytes]]) -> int:
        """Keep many small blobs, all of them in memory at once, and return their number once all are durable.

        Much cheaper than one call for each. When it raises, any number of them may have been kept; the
        caller sweeps what no record names.
        """
        ...

    def get_stream(self, key: str) -> Iterator[bytes]:
        """Return the bytes in pieces of any size. Raises BlobMissing, at the latest with the first piece."""
        ...

    def exists(self, key: str) -> bool: ...

    def size(self, key: str) -> int:
        """Raises BlobMissing."""
        ...

    def list_keys(self, prefix: str = "") -> Iterator[str]:
        """Return the keys of whole blobs, in any order; `prefix` is whole parts of a key ("ab", "ab/cd")."""
        ...

    def list_keys_before(self, moment: datetime) -> Iterator[str]:
        """Return the keys of whole blobs that were kept before `moment`, in any order."""
        ...

    def delete(self, key: str) -> None:
        """Take the blob away, durably. Raises BlobMissing."""
        ...

    def delete_temp_files(self) -> int:
        """Remove what interrupted writes left and return how many; writes in progress are left alone."""
        ...
