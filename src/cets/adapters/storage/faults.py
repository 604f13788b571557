"""What went wrong in a store, in words for an operator."""

import errno
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from obstore import exceptions

from cets.domains.vault.blobs import BLOB_KEY, BlobExists, BlobMissing, StorageFailed

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_KEY = re.compile(BLOB_KEY)
_KEY_LIMIT = 512


def check_key(key: str) -> None:
    """Raise ValueError unless `key` has the form of a blob key, which cannot lead out of the store."""
    if len(key) > _KEY_LIMIT or not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is not a blob key.")


def check_batch(keys: Iterable[str], place: str) -> None:
    """Check every key, and raise BlobExists when one comes twice: one of the two would be lost."""
    seen: set[str] = set()
    for key in keys:
        check_key(key)
        if key in seen:
            raise blob_exists(place, key)
        seen.add(key)


@contextmanager
def telling(place: str, key: str | None = None) -> Iterator[None]:
    """Turn errors of the system and of obstore into StorageFailed, BlobMissing or BlobExists."""
    try:
        yield
    except (OSError, exceptions.BaseError) as error:
        raise explain(error, place, key) from error


def explain(error: Exception, place: str, key: str | None) -> StorageFailed:
    if isinstance(error, exceptions.AlreadyExistsError):
        return blob_exists(place, key)
    if "NoSuchBucket" in str(error):
        return StorageFailed(
            f"The bucket of {place} does not exist. Create it, or correct the address of the store."
        )
    # obstore raises Python's own class where nothing is found, whatever its documentation says.
    if isinstance(error, FileNotFoundError | exceptions.NotFoundError):
        return _not_found(place, key)
    number = _errno_of(error)
    if number in _FULL:
        return StorageFailed(
            f"There is no room left in the store at {place}. Nothing of this write was kept. "
            "Free space or enlarge the disk or quota, then repeat it."
        )
    if number in _REFUSED or isinstance(
        error, exceptions.PermissionDeniedError | exceptions.UnauthenticatedError
    ):
        return StorageFailed(
            f"The store at {place} refused access. Check that this process's account (local folder) or "
            f"its access key (S3) may read and write there. {_detail(error)}"
        )
    return StorageFailed(f"The store at {place} failed. Check that it is there and answers. {_detail(error)}")


def blob_exists(place: str, key: str | None) -> BlobExists:
    return BlobExists(f"{key} is already kept in the store at {place}; what is kept is never overwritten.")


def _not_found(place: str, key: str | None) -> StorageFailed:
    if key is None:
        return StorageFailed(f"The store at {place} is not there. Create it, or correct its address.")
    return BlobMissing(f"The store at {place} holds nothing under {key}.")


def _errno_of(error: Exception) -> int | None:
    if isinstance(error, OSError):
        return error.errno
    # obstore passes on what the system said only as text.
    found = re.search(r"os error (\d+)", str(error))
    return int(found[1]) if found else None


def _detail(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    # obstore adds a dump of its own structures, which helps no operator.
    words = text.partition("Debug source:")[0].split()
    return f"(It said: {' '.join(words)[:400]})"
