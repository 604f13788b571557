"""Sealing: what goes in comes out, and nothing else does."""

import hashlib
import io
import itertools
import tracemalloc
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.vault import sealing
from cets.domains.vault.keys import Identities
from cets.domains.vault.sealing import (
    HEADER_SIZE,
    TAG_SIZE,
    Binding,
    CutShort,
    Damaged,
    Extended,
    NotSealed,
    SealBroken,
    Sealed,
    Sealer,
    WrongKey,
    WrongObject,
    seal_bytes,
    unseal,
)

MIB = 1024 * 1024


def seal_in_chunks(
    source: sealing.Source, binding: Binding, identities: Identities, chunk_size: int
) -> tuple[bytes, Sealed]:
    sealer = Sealer(source, binding=binding, recipients=identities.recipients, chunk_size=chunk_size)
    ciphertext = b"".join(sealer)
    return ciphertext, sealer.sealed


def open_whole(ciphertext: bytes, sealed: Sealed, binding: Binding, identities: Identities) -> bytes:
    return b"".join(unseal([ciphertext], binding=binding, key=identities.unwrap(sealed.wrapped_key)))


def in_pieces(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    """Cut pieces of the given sizes (also empty ones) off `data`, then give the rest."""
    file = io.BytesIO(data)
    for size in sizes:
        yield file.read(size)
    yield file.read()


class Trickle:
    """A file that gives fewer bytes than it is asked for, as a pipe does."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    def read(self, size: int, /) -> bytes:
        return self._file.read(min(size, 3))


@settings(deadline=None, max_examples=150)
@given(
    data=st.binary(max_size=400), chunk_size=st.integers(1, 64), cuts=st.lists(st.integers(0, 90), max_size=5)
)
def test_what_is_sealed_opens_to_the_same_bytes_and_hashes(
    data: bytes, chunk_size: int, cuts: list[int], identities: Identities
) -> None:
    binding = Binding(object_id=uuid4(), agency_id=uuid4())

    ciphertext, sealed = seal_in_chunks(in_pieces(data, cuts), binding, identities, chunk_size)
    opened = b"".join(
        unseal(
            in_pieces(ciphertext, cuts),
            binding=binding,
            key=identities.unwrap(sealed.wrapped_key),
            ciphertext_size=sealed.ciphertext_size,
        )
    )

    assert opened == data
    assert sealed.size == len(data)
    assert sealed.md5 == hashlib.md5(data).digest()
    assert sealed.sha1 == hashlib.sha1(data).digest()
    assert sealed.sha256 == hashlib.sha256(data).digest()
    assert sealed.ciphertext_size == len(ciphertext)
    assert sealed.ciphertext_sha256 == hashlib.sha256(ciphertext).digest()


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB])
def test_sizes_around_the_chunk_border(size: int, binding: Binding, identities: Identities) -> None:
    data = bytes(size)
    ciphertext, sealed = seal_bytes(data, binding=binding, recipients=identities.recipients)

    assert open_whole(ciphertext, sealed, binding, identities) == data
    chunks = max(1, -(-size // MIB))
    assert len(ciphertext) == HEADER_SIZE + size + chunks * TAG_SIZE


@pytest.mark.parametrize("wrap", [io.BytesIO, Trickle])
def test_a_file_is_read_to_its_end_even_in_short_reads(
    wrap: Callable[[bytes], sealing.Readable], binding: Binding, identities: Identities
) -> None:
    data = bytes(range(256)) * 3
    ciphertext, sealed = seal_in_chunks(wrap(data), binding, identities, chunk_size=100)

    assert open_whole(ciphertext, sealed, binding, identities) == data


def test_the_plain_bytes_do_not_show(binding: Binding, identities: Identities) -> None:
    data = b"a line that must not be legible in the store"
    ciphertext, sealed = seal_bytes(data, binding=binding, recipients=identities.recipients)

    assert data not in ciphertext
    assert data[:8] not in ciphertext
    assert identities.unwrap(sealed.wrapped_key) not in ciphertext


def test_every_flipped_bit_of_a_small_object_is_refused(binding: Binding, identities: Identities) -> None:
    ciphertext, sealed = seal_in_chunks([b"twelve bytes"], binding, identities, chunk_size=8)
    key = identities.unwrap(sealed.wrapped_key)
    accepted = []
    for bit in range(8 * len(ciphertext)):
        altered = bytearray(ciphertext)
        altered[bit // 8] ^= 1 << bit % 8
        try:
            list(unseal([bytes(altered)], binding=binding, key=key))
        except SealBroken:
            continue
        accepted.append(bit)

    assert accepted == []


@pytest.mark.parametrize("with_size", [True, False])
def test_every_truncation_of_a_small_object_is_refused(
    *, with_size: bool, binding: Binding, identities: Identities
) -> None:
    ciphertext, sealed = seal_in_chunks([b"twenty-four bytes of it!"], binding, identities, chunk_size=8)
    key = identities.unwrap(sealed.wrapped_key)
    size = sealed.ciphertext_size if with_size else None
    for length in range(len(ciphertext)):
        expected = CutShort if with_size else (CutShort, Damaged)
        with pytest.raises(expected):
            list(unseal([ciphertext[:length]], binding=binding, key=key, ciphertext_size=size))


def test_cut_at_a_chunk_border_is_named_without_knowing_the_size(
    binding: Binding, identities: Identities
) -> None:
    ciphertext, sealed = seal_in_chunks([bytes(24)], binding, identities, chunk_size=8)
    key = identities.unwrap(sealed.wrapped_key)

    with pytest.raises(CutShort, match=r"chunk 1 is the last stored, but not its last"):
        list(unseal([ciphertext[: -8 - TAG_SIZE]], binding=binding, key=key))


def test_bytes_behind_a_full_last_chunk_are_named(binding: Binding, identities: Identities) -> None:
    ciphertext, sealed = seal_in_chunks([bytes(16)], binding, identities, chunk_size=8)
    key = identities.unwrap(sealed.wrapped_key)

    with pytest.raises(Extended, match="behind its end, which is in chunk 1"):
        list(unseal([ciphertext, b"x"], binding=binding, key=key))


@pytest.mark.parametrize("extra", [1, 7, 24, 100])
def test_bytes_behind_the_end_are_counted_when_the_size_is_known(
    extra: int, binding: Binding, identities: Identities
) -> None:
    ciphertext, sealed = seal_in_chunks([bytes(13)], binding, identities, chunk_size=8)
    key = identities.unwrap(sealed.wrapped_key)

    with pytest.raises(Extended, match=f"{extra} bytes behind its end"):
        list(
            unseal(
                [ciphertext, bytes(extra)], binding=binding, key=key, ciphertext_size=sealed.ciphertext_size
            )
        )


@pytest.mark.parametrize(("by", "error"), [(1, CutShort), (-1, Extended)])
def test_a_whole_object_that_is_not_of_the_recorded_size_is_refused(
    by: int, error: type[SealBroken], binding: Binding, identities: Identities
) -> None:
    ciphertext, sealed = seal_in_chunks([bytes(13)], binding, identities, chunk_size=8)
    key = identities.unwrap(sealed.wrapped_key)

    with pytest.raises(error):
        list(unseal([ciphertext], binding=binding, key=key, ciphertext_size=sealed.ciphertext_size + by))


def test_an_altered_chunk_is_named(binding: Binding, identities: Identities) -> None:
    ciphertext, sealed = seal_in_chunks([bytes(24)], binding, identities, chunk_size=8)
    altered = bytearray(ciphertext)
    altered[HEADER_SIZE + 8 + TAG_SIZE] ^= 1
    opening = unseal(
        [bytes(altered)],
        binding=binding,
        key=identities.unwrap(sealed.wrapped_key),
        ciphertext_size=sealed.ciphertext_size,
    )

    assert next(opening) == bytes(8)
    with pytest.raises(Damaged, match="chunk 1 does not verify"):
        next(opening)


def test_all_pairs_of_swaps_are_refused(identities: Identities) -> None:
    agencies = [uuid4(), uuid4()]
    held = []
    for number in range(8):
        binding = Binding(object_id=uuid4(), agency_id=agencies[number % 2])
        held.append((binding, *seal_bytes(b"the same", binding=binding, recipients=identities.recipients)))
    for mine, other in itertools.permutations(held, 2):
        mine_key = identities.unwrap(mine[2].wrapped_key)
        other_key = identities.unwrap(other[2].wrapped_key)
        with pytest.raises(WrongObject):
            list(unseal([other[1]], binding=mine[0], key=other_key))
        with pytest.raises(WrongObject):
            list(unseal([other[1]], binding=mine[0], key=mine_key))
        with pytest.raises(WrongKey):
            list(unseal([mine[1]], binding=mine[0], key=other_key))


def test_a_blob_with_the_head_of_another_is_refused(identities: Identities) -> None:
    first = Binding(object_id=uuid4(), agency_id=uuid4())
    second = Binding(object_id=uuid4(), agency_id=first.agency_id)
    first_blob, first_sealed = seal_bytes(b"first", binding=first, recipients=identities.recipients)
    second_blob, _ = seal_bytes(b"other", binding=second, recipients=identities.recipients)
    grafted = first_blob[:HEADER_SIZE] + second_blob[HEADER_SIZE:]

    with pytest.raises(Damaged):
        open_whole(grafted, first_sealed, first, identities)


def test_chunks_cannot_change_places(binding: Binding, identities: Identities) -> None:
    ciphertext, sealed = seal_in_chunks([bytes(24)], binding, identities, chunk_size=8)
    head, body = ciphertext[:HEADER_SIZE], ciphertext[HEADER_SIZE:]
    block = 8 + TAG_SIZE
    blocks = [body[start : start + block] for start in range(0, len(body), block)]
    for order in itertools.permutations(range(3)):
        if order == (0, 1, 2):
            continue
        moved = head + b"".join(blocks[index] for index in order)
        with pytest.raises(SealBroken):
            open_whole(moved, sealed, binding, identities)


def test_another_agency_is_refused_by_name(binding: Binding, identities: Identities) -> None:
    ciphertext, sealed = seal_bytes(b"x", binding=binding, recipients=identities.recipients)
    foreign = Binding(object_id=binding.object_id, agency_id=uuid4())

    with pytest.raises(WrongObject, match="another agency"):
        open_whole(ciphertext, sealed, foreign, identities)


@pytest.mark.parametrize("stored", [b"%PDF-1.7 not sealed" + bytes(100), b"{", b"CETSSEAL\x02" + bytes(100)])
def test_what_is_not_sealed_is_told_apart(stored: bytes, binding: Binding) -> None:
    with pytest.raises(NotSealed):
        list(unseal([stored], binding=binding, key=bytes(32)))


def test_a_forged_head_cannot_make_us_hold_much(binding: Binding, identities: Identities) -> None:
    ciphertext, sealed = seal_bytes(b"x", binding=binding, recipients=identities.recipients)
    forged = ciphertext[:12] + b"\xff\xff\xff\xff" + ciphertext[16:]

    with pytest.raises(NotSealed, match="claims chunks of 4294967295 bytes"):
        open_whole(forged, sealed, binding, identities)


def test_no_key_meets_a_nonce_twice(monkeypatch: pytest.MonkeyPatch, identities: Identities) -> None:
    seen: set[tuple[bytes, bytes]] = set()
    count = 0

    class Recording:
        generate_key = staticmethod(AESGCM.generate_key)

        def __init__(self, key: bytes) -> None:
            self._key = key

        def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
            nonlocal count
            count += 1
            seen.add((self._key, nonce))
            return AESGCM(self._key).encrypt(nonce, data, associated_data)

    monkeypatch.setattr(sealing, "AESGCM", Recording)
    same_object = Binding(object_id=uuid4(), agency_id=uuid4())
    for chunks in range(300):
        # The same object sealed again and again, also with the same content.
        seal_in_chunks([bytes(chunks % 40)], same_object, identities, chunk_size=1)

    assert count > 5000
    assert len(seen) == count


def test_a_sealer_runs_once(binding: Binding, identities: Identities) -> None:
    sealer = Sealer([b"x"], binding=binding, recipients=identities.recipients)
    list(sealer)

    with pytest.raises(RuntimeError, match="once"):
        list(sealer)


def test_the_result_waits_for_the_end(binding: Binding, identities: Identities) -> None:
    sealer = Sealer([b"x"], binding=binding, recipients=identities.recipients)
    next(iter(sealer))

    with pytest.raises(RuntimeError, match="not finished"):
        _ = sealer.sealed


def test_a_source_that_fails_gives_no_result(binding: Binding, identities: Identities) -> None:
    def failing() -> Iterator[bytes]:
        yield b"some"
        raise OSError("the upload broke off")

    sealer = Sealer(failing(), binding=binding, recipients=identities.recipients)

    with pytest.raises(OSError, match="broke off"):
        list(sealer)
    with pytest.raises(RuntimeError):
        _ = sealer.sealed


def test_a_large_original_is_never_held(binding: Binding, identities: Identities) -> None:
    chunk = bytes(MIB)
    sealer = Sealer(itertools.repeat(chunk, 24), binding=binding, recipients=identities.recipients)
    key_holder: list[Sealed] = []

    def ciphertext() -> Iterator[bytes]:
        yield from sealer
        key_holder.append(sealer.sealed)

    tracemalloc.start()
    size = sum(len(piece) for piece in unseal(ciphertext(), binding=binding, key=sealer._key))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size == key_holder[0].size == 24 * MIB
    assert peak < 12 * MIB


def test_recorded_form_of_version_1_still_opens(identities: Identities) -> None:
    """The format is a promise: what was sealed must open with every later version."""
    binding = Binding(object_id=UUID(int=1), agency_id=UUID(int=2))
    stored = bytes.fromhex(
        "434554535345414c010100000000000a000000000000000000000000000000010000000000000000"
        "0000000000000002193df8b44b023e9838504c7912f4360b8beeab584720cd3aa39009bd4646efc5"
        "4fd295b7db5ae6d37ccd35c572bf30f42cafc7fefacfea7eddca0c2dec1fa4df94b0977194a1a1b0"
        "a0a6e6cbaae4c8e6a3"
    )

    assert b"".join(unseal([stored], binding=binding, key=bytes(range(32)))) == b"An invented line."
