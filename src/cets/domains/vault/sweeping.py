"""Sealed bytes that no record names: what a stop between sealing and recording leaves. They are removed after a day."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from cets.domains.vault.blobs import BlobMissing, BlobStore, blob_key
from cets.kernel.errors import CetsError
from cets.kernel.rows import chunks

#: A file is sealed and recorded within minutes. What is younger may still get its record.
OLD_AFTER = timedelta(days=1)
ASKED_TOGETHER = 1_000
#: A stop leaves a batch at most. So many look like a database that is older than its originals.
MOST = 1_000


class TooManyUnnamed(CetsError):
    """The store holds more than 1,000 files that no record names, as after going back to an older database. None was removed."""


def sweep(store: BlobStore, *, at: datetime) -> int:
    """Remove blobs that no record of any agency names and that are older than a day; return how many.

    Names that this vault does not give are left alone. Raises TooManyUnnamed before anything is removed.
    """
    unnamed: list[UUID] = []
    for some in chunks(([one] for one in _ids(store, before=at - OLD_AFTER)), ASKED_TOGETHER):
        ids = [one for (one,) in some]
        known = _known(ids)
        unnamed += [one for one in ids if one not in known]
        if len(unnamed) > MOST:
            raise TooManyUnnamed(str(TooManyUnnamed.__doc__))
    return sum(_remove(store, blob_key(one)) for one in unnamed)


def _ids(store: BlobStore, *, before: datetime) -> Iterator[UUID]:
    for key in store.list_keys_before(before):
        try:
            one = UUID(key.rsplit("/", 1)[-1])
        except ValueError:
            continue
        if blob_key(one) == key:
            yield one


def _known(ids: list[UUID]) -> set[UUID]:
    """Return which of these are recorded, whoever they belong to. A definer function: nobody sees every agency's rows."""
    with connection.cursor() as cursor:
        cursor.execute("select cets_known_originals(%s)", [ids])
        return set(cursor.fetchone()[0])


def _remove(store: BlobStore, key: str) -> int:
    try:
        store.delete(key)
    except BlobMissing:
        return 0
    return 1
