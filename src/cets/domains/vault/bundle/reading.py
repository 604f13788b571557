"""Reading a bundle: strict, streaming, and not to be relied on before its end."""

import hashlib
import re
import tarfile
from collections.abc import Callable, Iterator
from typing import IO, Protocol

import msgspec
import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cets.domains.vault.blobs import BLOB_KEY, BlobStore
from cets.domains.vault.bundle.format import (
    BLOBS,
    BLOCK,
    DATABASE,
    END,
    FORMAT,
    HEAD,
    HEADS,
    MANIFEST,
    SIGNATURE,
    VERSION,
    BundleBroken,
    BundleLocked,
    BundleUnsigned,
    Contents,
    Head,
    Ledger,
    padding,
    tar_header,
)
from cets.domains.vault.bundle.piping import ByteReader, decrypted
from cets.domains.vault.keys import Identities
from cets.domains.vault.sealing import Readable

_NAME = re.compile(rf"bundle\.json|manifest\.jsonl|heads/[0-9]{{6,}}|database/[0-9]{{6,}}|blobs/({BLOB_KEY})")
_HEAD_LIMIT = 64 * 1024
_SIGNATURE_SIZE = 64


class Receiver(Protocol):
    """Takes what comes out of a bundle, in order. It may rely on none of it before `read_bundle` returns."""

    def take_heads(self, chunk: bytes) -> None: ...

    def take_database(self, chunk: bytes) -> None: ...

    def take_blob(self, key: str, size: int, chunks: Iterator[bytes]) -> None:
        """Take one blob; chunks that are left over are read and verified all the same."""
        ...


class Discarding:
    """A receiver for verifying only."""

    def take_heads(self, chunk: bytes) -> None:
        """Drop it."""

    def take_database(self, chunk: bytes) -> None:
        """Drop it."""

    def take_blob(self, key: str, size: int, chunks: Iterator[bytes]) -> None:
        """Drop it."""


class Restoring:
    """A receiver that writes the dump and the heads to files and the blobs, durably, to an empty store.

    Call `finish` when `read_bundle` has returned: the last small blobs are kept by it.
    """

    _SMALL = 64 * 1024
    _BATCH = 200

    def __init__(self, *, database: IO[bytes], store: BlobStore, heads: IO[bytes] | None = None) -> None:
        self._database = database
        self._heads = heads
        self._store = store
        self._batch: list[tuple[str, bytes]] = []

    def take_heads(self, chunk: bytes) -> None:
        if self._heads is not None:
            self._heads.write(chunk)

    def take_database(self, chunk: bytes) -> None:
        self._database.write(chunk)

    def take_blob(self, key: str, size: int, chunks: Iterator[bytes]) -> None:
        if size > self._SMALL:
            self._store.put_durable(key, chunks)
            return
        self._batch.append((key, b"".join(chunks)))
        if len(self._batch) >= self._BATCH:
            self.finish()

    def finish(self) -> None:
        self._store.put_many_durable(self._batch)
        self._batch = []


def read_bundle(
    source: Readable,
    *,
    identities: Identities,
    receiver: Receiver,
    verifying_key: Ed25519PublicKey | None = None,
) -> Contents:
    """Read a bundle as a stream, hand its content to `receiver` and return what it held once all is verified.

    With a `verifying_key`, a bundle that this key has not signed is refused; give one whenever a bundle was
    out of your hands. Raises BundleBroken and what `source` and `receiver` raise; then nothing received may
    be used.
    """
    plain = decrypted(source, identities, _unreadable)
    try:
        return _Reading(ByteReader(plain), receiver, verifying_key).run()
    finally:
        plain.close()


def verify_bundle(
    source: Readable, *, identities: Identities, verifying_key: Ed25519PublicKey | None = None
) -> Contents:
    """Read a whole bundle, keep nothing, and return what it holds. Raises as `read_bundle`."""
    return read_bundle(source, identities=identities, receiver=Discarding(), verifying_key=verifying_key)


class _Reading:
    def __init__(
        self, stream: ByteReader, receiver: Receiver, verifying_key: Ed25519PublicKey | None
    ) -> None:
        self._stream = stream
        self._receiver = receiver
        self._verifying_key = verifying_key
        self._ledger = Ledger()
        self._parts = {HEADS: 0, DATABASE: 0}

    def run(self) -> Contents:
        try:
            about = self._read_head()
            following = self._next_header()
            while following[0] != MANIFEST:
                self._read_content(*following)
                following = self._next_header()
            self._check_manifest(following[1])
            signed = self._read_end()
            return self._ledger.contents(about, signed=signed)
        finally:
            self._ledger.lines.close()

    def _read_head(self) -> dict[str, str]:
        name, size = self._next_header()
        if name != HEAD or size > _HEAD_LIMIT:
            raise BundleBroken(f"This is not a CETS backup: it begins with {name}.")
        try:
            head = msgspec.json.decode(b"".join(self._member(name, size)), type=Head)
        except msgspec.MsgspecError as error:
            raise BundleBroken("The backup's head cannot be read.") from error
        if (head.format, head.version) != (FORMAT, VERSION):
            raise BundleBroken(
                f"The backup is of format {head.format} {head.version}; "
                f"this program reads {FORMAT} {VERSION}."
            )
        return head.about

    def _next_header(self) -> tuple[str, int]:
        block = self._stream.take(BLOCK)
        if not block.strip(b"\0"):
            raise BundleBroken("The backup ends without its manifest.")
        try:
            info = tarfile.TarInfo.frombuf(block, "ascii", "strict")
        except (tarfile.HeaderError, UnicodeDecodeError) as error:
            raise BundleBroken("The backup holds something that is not a member of a backup.") from error
        if not _NAME.fullmatch(info.name) or tar_header(info.name, info.size) != block:
            raise BundleBroken(f"The backup holds a member that no backup has: {info.name!r}.")
        return info.name, info.size

    def _read_content(self, name: str, size: int) -> None:
        if name.startswith(BLOBS):
            chunks = self._member(name, size)
            self._receiver.take_blob(name.removeprefix(BLOBS), size, chunks)
            for _ in chunks:  # what the receiver left
                pass
        elif (
            name == f"{HEADS}{self._parts[HEADS]:06d}"
            and not self._parts[DATABASE]
            and not self._ledger.blobs
        ):
            self._take(HEADS, name, size, self._receiver.take_heads)
        elif name == f"{DATABASE}{self._parts[DATABASE]:06d}" and not self._ledger.blobs:
            self._take(DATABASE, name, size, self._receiver.take_database)
        else:
            raise BundleBroken(f"{name} is not where it belongs in the backup.")

    def _take(self, kind: str, name: str, size: int, take: Callable[[bytes], None]) -> None:
        self._parts[kind] += 1
        for chunk in self._member(name, size):
            take(chunk)

    def _member(self, name: str, size: int) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for chunk in self._chunks(name, size):
            digest.update(chunk)
            yield chunk
        self._ledger.add(name, size, digest.hexdigest())

    def _chunks(self, name: str, size: int) -> Iterator[bytes]:
        left = size
        while left:
            chunk = self._stream.take_some(left)
            if not chunk:
                raise BundleBroken(f"The backup is cut short within {name}.")
            left -= len(chunk)
            yield chunk
        filling = padding(size)
        if self._stream.take(len(filling)) != filling:
            raise BundleBroken(f"The backup is damaged behind {name}.")

    def _check_manifest(self, size: int) -> None:
        self._ledger.lines.seek(0)
        for chunk in self._chunks(MANIFEST, size):
            if self._ledger.lines.read(len(chunk)) != chunk:
                raise BundleBroken("The backup's manifest does not tell what the backup holds.")
        if self._ledger.lines.read(1):
            raise BundleBroken("The backup holds members that its manifest does not name.")

    def _read_end(self) -> bool:
        block = self._stream.take(BLOCK)
        signed = block == tar_header(SIGNATURE, _SIGNATURE_SIZE)
        if signed:
            self._check_signature(b"".join(self._chunks(SIGNATURE, _SIGNATURE_SIZE)))
            block = self._stream.take(BLOCK)
        elif self._verifying_key is not None:
            raise BundleUnsigned("The backup is not signed, so that anybody may have made it.")
        if block + self._stream.take(BLOCK) != END or self._stream.take_some(1):
            raise BundleBroken("There is something behind the end of the backup.")
        return signed

    def _check_signature(self, signature: bytes) -> None:
        if self._verifying_key is None:
            return
        try:
            self._verifying_key.verify(signature, self._ledger.to_sign())
        except InvalidSignature:
            raise BundleUnsigned(
                "The backup was not signed by the expected key, or was altered since."
            ) from None


def _unreadable(error: BaseException) -> BundleBroken:
    if isinstance(error, pyrage.DecryptError):
        return BundleLocked(
            "The backup does not open with the identities at hand, is not a backup, or its head is damaged. "
            f"Give the identity that belongs to the backup's recipient. (It said: {error})"
        )
    return BundleBroken("The backup is damaged or cut short.")
