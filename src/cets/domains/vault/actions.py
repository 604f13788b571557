"""Seal originals, open them again, and write down every hand they pass through."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from cets.access.viewer import Viewer
from cets.audit.recording import record
from cets.domains.vault import events
from cets.domains.vault.blobs import BlobStore, blob_key
from cets.domains.vault.fixity import Finding, Held, check_many
from cets.domains.vault.keys import Identities, Recipients
from cets.domains.vault.models import Original
from cets.domains.vault.sealing import Binding, Digests, Sealed, Sealer, seal_bytes, unseal
from cets.kernel.ids import ids_in_order, new_id
from cets.kernel.rows import insert_rows

#: Files up to this size are sealed in memory and made durable together.
SMALL = 4 * 1024 * 1024

_ORIGINAL = {
    "id": "uuid",
    "agency_id": "uuid",
    "size": "bigint",
    "md5": "text",
    "sha1": "text",
    "sha256": "text",
    "wrapped_key": "bytea",
    "stored_size": "bigint",
    "stored_sha256": "text",
    "sealed_at": "timestamptz",
}
_CUSTODY = {
    "id": "uuid",
    "original_id": "uuid",
    "agency_id": "uuid",
    "at": "timestamptz",
    "what": "text",
    "by_kind": "text",
    "by": "uuid",
    "note": "text",
}


@dataclass(frozen=True)
class Vault:
    """Where sealed bytes lie and with which keys: made once per process and passed in.

    `identities` is None where the process may seal and not open.
    """

    store: BlobStore
    recipients: Recipients
    identities: Identities | None


@dataclass(frozen=True)
class SealedFile:
    """A file whose ciphertext is durable; no row names it yet."""

    id: UUID
    sealed: Sealed

    @property
    def sha256(self) -> str:
        return self.sealed.sha256.hex()


def seal_files(vault: Vault, agency_id: UUID, files: Sequence[tuple[BinaryIO, int]]) -> list[SealedFile]:
    """Seal files (open, with size) and return once all are durable. Nothing is recorded yet: see `record_sealed`.

    Raises StorageFailed; then no row may name any of them, and what lies in the store is swept later.
    """
    done: dict[int, SealedFile] = {}
    small: list[tuple[str, bytes]] = []
    for index, (file, size) in enumerate(files):
        file_id = new_id()
        binding = Binding(object_id=file_id, agency_id=agency_id)
        if size <= SMALL:
            ciphertext, sealed = seal_bytes(file.read(), binding=binding, recipients=vault.recipients)
            small.append((blob_key(file_id), ciphertext))
        else:
            sealer = Sealer(file, binding=binding, recipients=vault.recipients)
            vault.store.put_durable(blob_key(file_id), sealer)
            sealed = sealer.sealed
        done[index] = SealedFile(file_id, sealed)
    if small:
        vault.store.put_many_durable(small)
    return [done[index] for index in range(len(files))]


def record_sealed(files: Sequence[SealedFile], *, received_at: datetime, at: datetime, by: Viewer) -> None:
    """Write the rows of sealed files with their first two custody events, in the caller's transaction."""
    agency = by.agency_id
    insert_rows(
        "vault_original",
        _ORIGINAL,
        (
            (f.id, agency, f.sealed.size, f.sealed.md5.hex(), f.sealed.sha1.hex(), f.sealed.sha256.hex(), f.sealed.wrapped_key,
             f.sealed.ciphertext_size, f.sealed.ciphertext_sha256.hex(), at)
            for f in files
        ),
    )  # fmt: skip
    steps = [(f.id, when, what) for f in files for when, what in ((received_at, "received"), (at, "sealed"))]
    _write_custody(
        [(original, agency, when, what, by.kind, by.actor_id, "") for original, when, what in steps]
    )


def forget_sealed(vault: Vault, files: Iterable[SealedFile]) -> None:
    """Take away ciphertext that no row names, because the same file was already held."""
    for file in files:
        vault.store.delete(blob_key(file.id))


def note_custody(
    original_ids: Iterable[UUID], what: str, *, at: datetime, by: Viewer, note: str = ""
) -> None:
    """Write one more custody event for each original, in the caller's transaction."""
    _write_custody(
        [(original, by.agency_id, at, what, by.kind, by.actor_id, note) for original in original_ids]
    )


def _write_custody(rows: Iterable[Sequence[object]]) -> None:
    ids = ids_in_order()
    insert_rows("vault_custodyevent", _CUSTODY, ((next(ids), *row) for row in rows))


def read_original(vault: Vault, original: Original) -> Iterator[bytes]:
    """Return the original's bytes, each chunk verified. Raises SealBroken, CannotUnwrap, BlobMissing."""
    if vault.identities is None:
        raise PermissionError("This process may seal originals and not open them.")
    key = vault.identities.unwrap(bytes(original.wrapped_key))
    binding = Binding(object_id=original.id, agency_id=original.agency_id)
    return unseal(
        vault.store.get_stream(blob_key(original.id)),
        binding=binding,
        key=key,
        ciphertext_size=original.stored_size,
    )


def open_original(vault: Vault, original: Original, *, at: datetime, by: Viewer) -> Iterator[bytes]:
    """Record that a person takes a copy of the original, then return its bytes."""
    note_custody([original.id], "opened", at=at, by=by)
    record(events.OPENED, by=by, subject=("original", original.id))
    return read_original(vault, original)


def check_originals(vault: Vault, originals: Iterable[Original]) -> Iterator[Finding]:
    """Re-hash originals one after another. Raises StorageFailed when the store does not answer."""
    if vault.identities is None:
        raise PermissionError("This process may seal originals and not open them.")
    return check_many(map(_held, originals), store=vault.store, identities=vault.identities)


def _held(original: Original) -> Held:
    return Held(
        binding=Binding(object_id=original.id, agency_id=original.agency_id),
        key=blob_key(original.id),
        wrapped_key=bytes(original.wrapped_key),
        digests=Digests(
            size=original.size,
            md5=bytes.fromhex(original.md5),
            sha1=bytes.fromhex(original.sha1),
            sha256=bytes.fromhex(original.sha256),
        ),
        ciphertext_size=original.stored_size,
        ciphertext_sha256=bytes.fromhex(original.stored_sha256),
    )
