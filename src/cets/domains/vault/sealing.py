"""Sealing: an original becomes ciphertext, its hashes and a wrapped key, in one pass and bounded memory.

Format, version 1. A header of 80 bytes, then chunks of AES-256-GCM, each `chunk_size` bytes of the original
(the last one may be shorter; of an empty original it is empty) and a tag of 16 bytes:

    offset  size
         0     8  "CETSSEAL"
         8     1  format version, 1
         9     1  cipher, 1 = AES-256-GCM
        10     2  zero
        12     4  chunk size, big-endian
        16    16  object id
        32    16  agency id
        48    32  key check: HMAC-SHA-256 of the 48 bytes above under the object key

- Each object has a fresh random key, so the nonce may count: three zero bytes, the chunk number in eight
  bytes, one byte that is 1 for the last chunk. Nonce and key never meet twice, and a stream cut at a chunk
  border ends in a chunk that does not say it is the last.
- The whole header, the chunk number and the last-chunk byte are authenticated with every chunk: it cannot be
  moved within an object, to another object, to another agency or to another version of this format.
- GCM alone cannot tell a wrong key from a damaged chunk, nor does it commit to its key; the key check does.
"""

import hashlib
import hmac
import struct
from collections.abc import Iterable, Iterator
from typing import Protocol
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cets.domains.vault.keys import Recipients
from cets.kernel.errors import CetsError

MAGIC = b"CETSSEAL"
VERSION = 1
CHUNK_SIZE = 1024 * 1024
HEADER_SIZE = 80
TAG_SIZE = 16
KEY_SIZE = 32

#: A header is read before it can be verified; this bounds what a forged one makes us hold in memory.
_CHUNK_SIZE_LIMIT = 16 * 1024 * 1024
_CIPHER_AES_256_GCM = 1
_HEADER = struct.Struct(">8sBBHI16s16s")
_NONCE = struct.Struct(">3xQB")
_PLACE = struct.Struct(">QB")


class SealBroken(CetsError):
    """A sealed object cannot be opened as what it should be. Base of the errors of opening."""


class NotSealed(SealBroken):
    """The bytes do not begin as a sealed object of a version that this program knows."""


class WrongObject(SealBroken):
    """The bytes are a sealed object, but another one than the record says: two were swapped."""


class WrongKey(SealBroken):
    """The key does not fit this object, or the head of the object was altered."""


class Damaged(SealBroken):
    """Bytes were altered."""


class CutShort(SealBroken):
    """The end is missing."""


class Extended(SealBroken):
    """There are bytes behind the end."""


class Binding(msgspec.Struct, frozen=True):
    """What a sealed object is bound to: opened as any other object or for any other agency, it is refused."""

    object_id: UUID
    agency_id: UUID


class Digests(msgspec.Struct, frozen=True):
    """Size and hashes (raw bytes) of an original."""

    size: int
    md5: bytes
    sha1: bytes
    sha256: bytes


class Sealed(msgspec.Struct, frozen=True):
    """What is known once an object is sealed. Hashes are raw bytes.

    That of the ciphertext lets anybody check what is stored without being able to open it.
    """

    size: int
    md5: bytes
    sha1: bytes
    sha256: bytes
    wrapped_key: bytes
    ciphertext_size: int
    ciphertext_sha256: bytes

    @property
    def digests(self) -> Digests:
        return Digests(size=self.size, md5=self.md5, sha1=self.sha1, sha256=self.sha256)


class Readable(Protocol):
    """An open binary file, as far as sealing needs it."""

    def read(self, size: int, /) -> bytes: ...


Source = Readable | Iterable[bytes]


class Hasher:
    """MD5, SHA-1, SHA-256 and size of what it is fed. MD5 and SHA-1 are there to be matched, not trusted."""

    def __init__(self) -> None:
        self._size = 0
        self._hashes = (
            hashlib.md5(usedforsecurity=False),
            hashlib.sha1(usedforsecurity=False),
            hashlib.sha256(),
        )

    def update(self, data: bytes | memoryview) -> None:
        self._size += len(data)
        for one in self._hashes:
            one.update(data)

    def digests(self) -> Digests:
        md5, sha1, sha256 = (one.digest() for one in self._hashes)
        return Digests(size=self._size, md5=md5, sha1=sha1, sha256=sha256)


class Sealer:
    """The ciphertext of `source`, to be iterated once (by the store); `sealed` tells the rest afterwards.

    `source` is read once and never held as a whole: an open binary file, or any iterable of bytes.
    """

    def __init__(
        self, source: Source, *, binding: Binding, recipients: Recipients, chunk_size: int = CHUNK_SIZE
    ) -> None:
        _check_chunk_size(chunk_size)
        self._source = source
        self._chunk_size = chunk_size
        self._key = AESGCM.generate_key(bit_length=8 * KEY_SIZE)
        self._wrapped_key = recipients.wrap(self._key)
        self._header = _build_header(binding, chunk_size, self._key)
        self._started = False
        self._sealed: Sealed | None = None

    @property
    def sealed(self) -> Sealed:
        """Raises RuntimeError while the ciphertext has not been taken to its end."""
        if self._sealed is None:
            raise RuntimeError("Sealing is not finished: the ciphertext has not been read to its end.")
        return self._sealed

    def __iter__(self) -> Iterator[bytes]:
        if self._started:
            # A second pass would use the nonces of the first again, over a source that may have changed.
            raise RuntimeError("A Sealer gives its ciphertext once; seal again with a new one.")
        self._started = True
        return self._run()

    def _run(self) -> Iterator[bytes]:
        plain, outer, ciphertext_size = Hasher(), hashlib.sha256(), 0
        for piece in self._pieces(plain):
            outer.update(piece)
            ciphertext_size += len(piece)
            yield piece
        digests = plain.digests()
        self._sealed = Sealed(
            size=digests.size,
            md5=digests.md5,
            sha1=digests.sha1,
            sha256=digests.sha256,
            wrapped_key=self._wrapped_key,
            ciphertext_size=ciphertext_size,
            ciphertext_sha256=outer.digest(),
        )

    def _pieces(self, plain: Hasher) -> Iterator[bytes]:
        yield self._header
        cipher = AESGCM(self._key)
        for number, chunk, last in _numbered(_blocks(self._source, self._chunk_size)):
            plain.update(chunk)
            yield cipher.encrypt(_NONCE.pack(number, last), chunk, self._header + _PLACE.pack(number, last))


def seal_bytes(data: bytes, *, binding: Binding, recipients: Recipients) -> tuple[bytes, Sealed]:
    """Seal an original that is in memory already and return its whole ciphertext."""
    sealer = Sealer((data,), binding=binding, recipients=recipients)
    ciphertext = b"".join(sealer)
    return ciphertext, sealer.sealed


def unseal(
    ciphertext: Iterable[bytes], *, binding: Binding, key: bytes, ciphertext_size: int | None = None
) -> Iterator[bytes]:
    """Return the original in chunks, each of them verified before it is given out.

    The whole is known to be complete only when the iteration ends without an error: a caller that acts on the
    first chunks acts on a part. `ciphertext_size`, where the record has it, makes the errors more exact.
    Raises the subclasses of SealBroken.
    """
    return _Opening(ciphertext, binding=binding, key=key, ciphertext_size=ciphertext_size).run()


class _Opening:
    def __init__(
        self, ciphertext: Iterable[bytes], *, binding: Binding, key: bytes, ciphertext_size: int | None
    ) -> None:
        self._reader = _Reader(ciphertext)
        self._binding = binding
        self._key = key
        self._expected_size = ciphertext_size
        self._header = b""

    def run(self) -> Iterator[bytes]:
        self._header = self._reader.take(HEADER_SIZE)
        chunk_size = self._check_header()
        cipher = AESGCM(self._key)
        for number, block, last in _numbered(self._reader.blocks(chunk_size + TAG_SIZE)):
            try:
                plain = self._decrypt(cipher, number, block, last=last)
            except InvalidTag:
                raise self._explain(cipher, number, block, last=last) from None
            yield plain
        self._check_size()

    def _check_header(self) -> int:
        header, name = self._header, self._binding.object_id
        if not header.startswith(MAGIC[: len(header)]):
            raise NotSealed(f"What is stored for object {name} is not a sealed object.")
        if len(header) < HEADER_SIZE:
            raise CutShort(f"Object {name} is cut short: only {len(header)} bytes are stored.")
        _, version, cipher, zero, chunk_size, object_id, agency_id = _HEADER.unpack_from(header)
        if (version, cipher, zero) != (VERSION, _CIPHER_AES_256_GCM, 0):
            raise NotSealed(
                f"Object {name} has a seal of version {version}.{cipher}, unknown to this program."
            )
        if not 0 < chunk_size <= _CHUNK_SIZE_LIMIT:
            raise NotSealed(f"The head of object {name} is altered: it claims chunks of {chunk_size} bytes.")
        self._check_binding(UUID(bytes=object_id), UUID(bytes=agency_id))
        if not hmac.compare_digest(header[_HEADER.size :], _key_check(header[: _HEADER.size], self._key)):
            raise WrongKey(f"The key does not open object {name}, or the head of the object was altered.")
        return int(chunk_size)

    def _check_binding(self, object_id: UUID, agency_id: UUID) -> None:
        if object_id != self._binding.object_id:
            raise WrongObject(f"What is stored for object {self._binding.object_id} is object {object_id}.")
        if agency_id != self._binding.agency_id:
            raise WrongObject(f"Object {object_id} was sealed for another agency than the record says.")

    def _decrypt(self, cipher: AESGCM, number: int, block: bytes, *, last: bool) -> bytes:
        if len(block) < TAG_SIZE:
            raise InvalidTag
        return cipher.decrypt(_NONCE.pack(number, last), block, self._header + _PLACE.pack(number, last))

    def _explain(self, cipher: AESGCM, number: int, block: bytes, *, last: bool) -> SealBroken:
        """Say what is wrong with a chunk that does not verify."""
        name = self._binding.object_id
        if self._verifies(cipher, number, block, last=not last):
            if last:
                return CutShort(
                    f"Object {name} is cut short: chunk {number} is the last stored, but not its last."
                )
            return Extended(f"Object {name} has bytes behind its end, which is in chunk {number}.")
        by_size = self._explain_by_size()
        return by_size or Damaged(f"Object {name} is damaged: chunk {number} does not verify.")

    def _verifies(self, cipher: AESGCM, number: int, block: bytes, *, last: bool) -> bool:
        try:
            self._decrypt(cipher, number, block, last=last)
        except InvalidTag:
            return False
        return True

    def _check_size(self) -> None:
        wrong = self._explain_by_size()
        if wrong:
            raise wrong

    def _explain_by_size(self) -> SealBroken | None:
        if self._expected_size is None:
            return None
        stored, name = self._reader.count_all(), self._binding.object_id
        if stored < self._expected_size:
            return CutShort(
                f"Object {name} is cut short: {stored} of {self._expected_size} bytes are stored."
            )
        if stored > self._expected_size:
            return Extended(f"Object {name} has {stored - self._expected_size} bytes behind its end.")
        return None


class _Reader:
    """Takes exact amounts from pieces of any size, and counts."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = bytearray()
        self._count = 0

    def take(self, size: int) -> bytes:
        """Return `size` bytes, fewer only at the end."""
        if not self._held:
            piece = self._next()
            if len(piece) == size:
                # The usual case, a file read in chunks: nothing is copied.
                return piece
            self._held += piece
        while len(self._held) < size:
            piece = self._next()
            if not piece:
                break
            self._held += piece
        taken = bytes(memoryview(self._held)[:size])
        del self._held[:size]
        return taken

    def _next(self) -> bytes:
        """Return the next piece that is not empty; empty means the end."""
        for piece in self._pieces:
            if piece:
                self._count += len(piece)
                return piece
        return b""

    def blocks(self, size: int) -> Iterator[bytes]:
        while block := self.take(size):
            yield block

    def count_all(self) -> int:
        self._count += sum(len(piece) for piece in self._pieces)
        return self._count


def _numbered(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """Return number, block and whether it is the last; at least one block, empty if there are none."""
    iterator = iter(blocks)
    block, number = next(iterator, b""), 0
    for following in iterator:
        yield number, block, False
        block, number = following, number + 1
    yield number, block, True


def _blocks(source: Source, size: int) -> Iterator[bytes]:
    if isinstance(source, Iterable) and not hasattr(source, "read"):
        return _Reader(source).blocks(size)
    return _Reader(_reads(source, size)).blocks(size)  # type: ignore[arg-type]


def _reads(source: Readable, size: int) -> Iterator[bytes]:
    # An unbuffered file or a pipe may give fewer bytes than asked for; only none at all is the end.
    while data := source.read(size):
        yield data


def _check_chunk_size(chunk_size: int) -> None:
    if not 0 < chunk_size <= _CHUNK_SIZE_LIMIT:
        raise ValueError(f"A chunk of {chunk_size} bytes is outside 1 to {_CHUNK_SIZE_LIMIT}.")


def _build_header(binding: Binding, chunk_size: int, key: bytes) -> bytes:
    fields = _HEADER.pack(
        MAGIC, VERSION, _CIPHER_AES_256_GCM, 0, chunk_size, binding.object_id.bytes, binding.agency_id.bytes
    )
    return fields + _key_check(fields, key)


def _key_check(fields: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"CETS key check" + fields, "sha256")
