"""Writing a bundle."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import IO

import msgspec
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cets.domains.vault.blobs import BlobStore
from cets.domains.vault.bundle.format import (
    BLOBS,
    DATABASE,
    END,
    FORMAT,
    HEAD,
    HEADS,
    MANIFEST,
    PART_SIZE,
    SIGNATURE,
    VERSION,
    BackupFailed,
    Contents,
    Head,
    Ledger,
    padding,
    tar_header,
)
from cets.domains.vault.bundle.piping import InnerReader, Outlet
from cets.domains.vault.keys import Recipients
from cets.domains.vault.sealing import Readable


def write_bundle(
    target: IO[bytes],
    *,
    database: Readable,
    store: BlobStore,
    blob_keys: Iterable[str],
    recipients: Recipients,
    about: Mapping[str, str],
    signing_key: Ed25519PrivateKey | None = None,
    heads: Readable | None = None,
) -> Contents:
    """Write a bundle to `target` as a stream and return what is in it.

    `heads` is the audit's second place, as it was before the dump was taken.
    Take the dump before listing the blobs: a blob too many does no harm, a record without its blob does.
    Making `target` durable is the caller's. Raises BackupFailed when a blob changes its size meanwhile,
    StorageFailed, and whatever `database` and `target` raise.
    """
    writing = _Writing(signing_key)
    members = chain(
        writing.head(about),
        writing.parts(HEADS, heads) if heads is not None else (),
        writing.parts(DATABASE, database),
        writing.blobs(store, blob_keys),
        writing.manifest(),
        (END,),
    )
    source, outlet = InnerReader(members), Outlet(target)
    try:
        _encrypt(source, outlet, recipients)
    finally:
        writing.ledger.lines.close()
    return writing.ledger.contents(about, signed=signing_key is not None)


def _encrypt(source: InnerReader, outlet: Outlet, recipients: Recipients) -> None:
    try:
        pyrage.encrypt_io(source, outlet, recipients.parsed)
    except Exception as error:
        raise (
            source.error or outlet.error or BackupFailed(f"The backup could not be written: {error}")
        ) from error
    # Of an error while its last buffer is written, the library says nothing at all.
    if outlet.error is not None:
        raise outlet.error


class _Writing:
    def __init__(self, signing_key: Ed25519PrivateKey | None) -> None:
        self.ledger = Ledger()
        self._signing_key = signing_key

    def head(self, about: Mapping[str, str]) -> Iterator[bytes]:
        yield from self._whole(HEAD, msgspec.json.encode(Head(FORMAT, VERSION, dict(about))))

    def parts(self, name: str, source: Readable) -> Iterator[bytes]:
        for number, part in enumerate(_parts(source)):
            yield from self._whole(f"{name}{number:06d}", part)

    def blobs(self, store: BlobStore, keys: Iterable[str]) -> Iterator[bytes]:
        for key in keys:
            yield from self._member(f"{BLOBS}{key}", store.size(key), store.get_stream(key))

    def manifest(self) -> Iterator[bytes]:
        ledger = self.ledger
        ledger.lines.seek(0)
        yield tar_header(MANIFEST, ledger.size)
        while chunk := ledger.lines.read(PART_SIZE):
            yield chunk
        yield padding(ledger.size)
        if self._signing_key is not None:
            signature = self._signing_key.sign(ledger.to_sign())
            yield tar_header(SIGNATURE, len(signature)) + signature + padding(len(signature))

    def _whole(self, name: str, data: bytes) -> Iterator[bytes]:
        return self._member(name, len(data), iter((data,)))

    def _member(self, name: str, size: int, chunks: Iterator[bytes]) -> Iterator[bytes]:
        yield tar_header(name, size)
        digest, seen = hashlib.sha256(), 0
        for chunk in chunks:
            digest.update(chunk)
            seen += len(chunk)
            if seen > size:
                break
            yield chunk
        if seen != size:
            raise BackupFailed(f"{name} changed while it was read: {seen} bytes came instead of {size}.")
        yield padding(size)
        self.ledger.add(name, size, digest.hexdigest())


def _parts(dump: Readable) -> Iterator[bytes]:
    held: list[bytes] = []
    missing = PART_SIZE
    while data := dump.read(missing):
        held.append(data)
        missing -= len(data)
        if not missing:
            yield b"".join(held)
            held, missing = [], PART_SIZE
    if held:
        yield b"".join(held)
