"""Fixity: every way in which a kept object can be wrong is a finding with a name."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import uuid4

import msgspec
import pytest

from cets.domains.vault.blobs import BlobExists, BlobMissing, BlobStore, StorageFailed, blob_key
from cets.domains.vault.fixity import Held, check, check_many, check_stored
from cets.domains.vault.keys import Identities
from cets.domains.vault.sealing import Binding, seal_bytes


class MemoryStore:
    """A BlobStore for tests of what lies above it."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}

    def put_durable(self, key: str, chunks: Iterable[bytes]) -> int:
        if key in self.blobs:
            raise BlobExists(key)
        self.blobs[key] = b"".join(chunks)
        return len(self.blobs[key])

    def put_many_durable(self, items: Iterable[tuple[str, bytes]]) -> int:
        return sum(1 for key, data in items if self.put_durable(key, [data]) >= 0)

    def get_stream(self, key: str) -> Iterator[bytes]:
        if key not in self.blobs:
            raise BlobMissing(key)
        yield self.blobs[key]

    def exists(self, key: str) -> bool:
        return key in self.blobs

    def size(self, key: str) -> int:
        return len(self.blobs[key])

    def list_keys_before(self, moment: datetime) -> Iterator[str]:
        raise NotImplementedError

    def list_keys(self, prefix: str = "") -> Iterator[str]:
        return iter([key for key in self.blobs if key.startswith(prefix)])

    def delete(self, key: str) -> None:
        del self.blobs[key]

    def delete_temp_files(self) -> int:
        return 0


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def keep(store: BlobStore, identities: Identities, data: bytes) -> Held:
    binding = Binding(object_id=uuid4(), agency_id=uuid4())
    ciphertext, sealed = seal_bytes(data, binding=binding, recipients=identities.recipients)
    key = blob_key(binding.object_id)
    store.put_durable(key, [ciphertext])
    return Held(
        binding=binding,
        key=key,
        wrapped_key=sealed.wrapped_key,
        digests=sealed.digests,
        ciphertext_size=sealed.ciphertext_size,
        ciphertext_sha256=sealed.ciphertext_sha256,
    )


def test_a_sound_object_is_sound(store: MemoryStore, identities: Identities) -> None:
    held = keep(store, identities, b"an original")
    finding = check(held, store=store, identities=identities)

    assert finding.is_sound
    assert finding.found == held.digests


def test_a_flipped_bit_is_found_in_each_of_many(store: MemoryStore, identities: Identities) -> None:
    everything = [keep(store, identities, bytes([number]) * 50) for number in range(60)]
    for number, held in enumerate(everything):
        if number % 3 == 0:
            altered = bytearray(store.blobs[held.key])
            altered[number % len(altered)] ^= 1 << number % 8
            store.blobs[held.key] = bytes(altered)

    findings = list(check_many(everything, store=store, identities=identities))
    stored = [check_stored(held, store=store) for held in everything]

    assert [not finding.is_sound for finding in findings] == [number % 3 == 0 for number in range(60)]
    assert [finding.problem for finding in stored] == [
        "different" if number % 3 == 0 else None for number in range(60)
    ]


def test_a_missing_object_is_a_finding(store: MemoryStore, identities: Identities) -> None:
    held = keep(store, identities, b"an original")
    store.delete(held.key)

    assert check(held, store=store, identities=identities).problem == "missing"
    assert check_stored(held, store=store).problem == "missing"


def test_two_swapped_objects_are_findings(store: MemoryStore, identities: Identities) -> None:
    first, second = (keep(store, identities, data) for data in (b"one", b"two"))
    store.blobs[first.key], store.blobs[second.key] = store.blobs[second.key], store.blobs[first.key]

    findings = list(check_many([first, second], store=store, identities=identities))

    assert [finding.problem for finding in findings] == ["seal", "seal"]
    assert str(second.binding.object_id) in findings[0].detail


def test_a_cut_object_says_how_much_is_left(store: MemoryStore, identities: Identities) -> None:
    held = keep(store, identities, b"an original")
    store.blobs[held.key] = store.blobs[held.key][:-1]

    assert "cut short: 106 of 107 bytes" in check(held, store=store, identities=identities).detail


def test_without_the_identity_it_is_a_matter_of_the_key(
    store: MemoryStore, identities: Identities, stranger: Identities
) -> None:
    held = keep(store, identities, b"an original")

    assert check(held, store=store, identities=stranger).problem == "key"
    assert check_stored(held, store=store).is_sound


@pytest.mark.parametrize("name", ["size", "md5", "sha1", "sha256"])
def test_a_record_that_says_otherwise_is_named(name: str, store: MemoryStore, identities: Identities) -> None:
    held = keep(store, identities, b"an original")
    wrong = msgspec.structs.replace(held.digests, **{name: 0 if name == "size" else b"?"})
    finding = check(msgspec.structs.replace(held, digests=wrong), store=store, identities=identities)

    assert finding.problem == "different"
    assert finding.detail.endswith(f"not what was recorded: {name} differ.")


def test_a_store_that_is_down_is_an_error_not_a_finding(identities: Identities) -> None:
    class Down(MemoryStore):
        def get_stream(self, key: str) -> Iterator[bytes]:
            raise StorageFailed(f"The store does not answer for {key}.")

    held = keep(MemoryStore(), identities, b"an original")

    with pytest.raises(StorageFailed):
        check(held, store=Down(), identities=identities)


def test_stored_bytes_cannot_be_checked_without_their_hash(
    store: MemoryStore, identities: Identities
) -> None:
    held = msgspec.structs.replace(keep(store, identities, b"x"), ciphertext_sha256=None)

    with pytest.raises(ValueError, match="no hash of its ciphertext"):
        check_stored(held, store=store)
