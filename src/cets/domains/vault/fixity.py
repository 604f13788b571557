"""Fixity: whether a kept original still is, byte for byte, what came in."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from cets.domains.vault.blobs import BlobMissing, BlobStore
from cets.domains.vault.keys import CannotUnwrap, Identities
from cets.domains.vault.sealing import Binding, Digests, Hasher, SealBroken, unseal

Problem = Literal["missing", "key", "seal", "different"]


class Held(msgspec.Struct, frozen=True):
    """What the records say of one object. The two about the ciphertext are checked where they are known."""

    binding: Binding
    key: str
    wrapped_key: bytes
    digests: Digests
    ciphertext_size: int | None = None
    ciphertext_sha256: bytes | None = None


class Finding(msgspec.Struct, frozen=True):
    """What checking one object found. `problem` is None when it is sound; `detail` is a sentence to show."""

    held: Held
    problem: Problem | None = None
    detail: str = ""
    found: Digests | None = None

    @property
    def is_sound(self) -> bool:
        return self.problem is None


def check(held: Held, *, store: BlobStore, identities: Identities) -> Finding:
    """Open one object as a stream and compare size and the three hashes with the record.

    An object that is not sound is a finding, not an error. Raises StorageFailed only when the store itself
    does not answer, since that says nothing about the object.
    """
    try:
        found = _rehash(held, store, identities)
    except BlobMissing as error:
        return Finding(held, "missing", str(error))
    except CannotUnwrap as error:
        return Finding(held, "key", str(error))
    except SealBroken as error:
        return Finding(held, "seal", str(error))
    differing = _differing(held.digests, found)
    if differing:
        return Finding(held, "different", _differing_sentence(held, differing), found)
    return Finding(held, found=found)


def check_many(held: Iterable[Held], *, store: BlobStore, identities: Identities) -> Iterator[Finding]:
    """Check one object after the other, giving each finding as it is made."""
    for one in held:
        yield check(one, store=store, identities=identities)


def check_stored(held: Held, *, store: BlobStore) -> Finding:
    """Check the ciphertext alone, for those who hold no identity: it shows damage, not what is inside.

    Raises ValueError when the record has no hash of the ciphertext, StorageFailed as `check` does.
    """
    if held.ciphertext_sha256 is None:
        raise ValueError(f"The record of object {held.binding.object_id} has no hash of its ciphertext.")
    digest = hashlib.sha256()
    try:
        for piece in store.get_stream(held.key):
            digest.update(piece)
    except BlobMissing as error:
        return Finding(held, "missing", str(error))
    if digest.digest() != held.ciphertext_sha256:
        return Finding(held, "different", _differing_sentence(held, ["stored bytes"]))
    return Finding(held)


def _rehash(held: Held, store: BlobStore, identities: Identities) -> Digests:
    key = identities.unwrap(held.wrapped_key)
    hasher = Hasher()
    stored = store.get_stream(held.key)
    for chunk in unseal(stored, binding=held.binding, key=key, ciphertext_size=held.ciphertext_size):
        hasher.update(chunk)
    return hasher.digests()


def _differing(recorded: Digests, found: Digests) -> list[str]:
    return [name for name in Digests.__struct_fields__ if getattr(recorded, name) != getattr(found, name)]


def _differing_sentence(held: Held, differing: list[str]) -> str:
    return f"Object {held.binding.object_id} is not what was recorded: {', '.join(differing)} differ."
