"""Bundles: what goes in comes out, only to the right identity, and nothing else is accepted."""

# ruff: noqa: ARG002 - stand-ins keep the signature of what they stand for

import hashlib
import io
import itertools
import shutil
import subprocess
import tarfile
import threading
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.vault import bundle
from cets.domains.vault.blobs import BlobMissing, StorageFailed
from cets.domains.vault.bundle import (
    BackupFailed,
    BundleBroken,
    BundleLocked,
    BundleUnsigned,
    Contents,
    Restoring,
    read_bundle,
    verify_bundle,
    write_bundle,
)
from cets.domains.vault.keys import Identities

MIB = 1024 * 1024
ABOUT = {"node": "Esbridge", "made_at": "2026-11-21T20:00:00Z"}


class MemoryStore:
    """A BlobStore of what it is given; notes how blobs were put."""

    def __init__(self, blobs: dict[str, bytes] | None = None) -> None:
        self.blobs = blobs or {}
        self.batches: list[int] = []

    def put_durable(self, key: str, chunks: Iterable[bytes]) -> int:
        self.blobs[key] = b"".join(chunks)
        return len(self.blobs[key])

    def put_many_durable(self, items: Iterable[tuple[str, bytes]]) -> int:
        batch = dict(items)
        self.blobs |= batch
        self.batches.append(len(batch))
        return len(batch)

    def get_stream(self, key: str) -> Iterator[bytes]:
        yield self.blobs[key]

    def exists(self, key: str) -> bool:
        return key in self.blobs

    def size(self, key: str) -> int:
        if key not in self.blobs:
            raise BlobMissing(f"nothing under {key}")
        return len(self.blobs[key])

    def list_keys_before(self, moment: datetime) -> Iterator[str]:
        raise NotImplementedError

    def list_keys(self, prefix: str = "") -> Iterator[str]:
        return iter([key for key in self.blobs if key.startswith(prefix)])

    def delete(self, key: str) -> None:
        del self.blobs[key]

    def delete_temp_files(self) -> int:
        return 0


def make(
    identities: Identities,
    *,
    dump: bytes = b"-- a dump",
    blobs: dict[str, bytes] | None = None,
    signing_key: Ed25519PrivateKey | None = None,
) -> bytes:
    store = MemoryStore({"ab/cd/one": b"sealed one"} if blobs is None else blobs)
    target = io.BytesIO()
    write_bundle(
        target,
        database=io.BytesIO(dump),
        store=store,
        blob_keys=store.list_keys(),
        recipients=identities.recipients,
        about=ABOUT,
        signing_key=signing_key,
    )
    return target.getvalue()


def restore(made: bytes, identities: Identities) -> tuple[bytes, dict[str, bytes], Contents]:
    database, store = io.BytesIO(), MemoryStore()
    receiver = Restoring(database=database, store=store)
    contents = read_bundle(io.BytesIO(made), identities=identities, receiver=receiver)
    receiver.finish()
    return database.getvalue(), store.blobs, contents


def verify(made: bytes, identities: Identities, **named: Any) -> Contents:
    return verify_bundle(io.BytesIO(made), identities=identities, **named)


def plain_of(made: bytes, identities: Identities) -> bytes:
    return pyrage.decrypt(made, identities.parsed)  # type: ignore[no-any-return]


def locked(plain: bytes, identities: Identities) -> bytes:
    """A bundle as anybody can make one who knows the recipient."""
    return pyrage.encrypt(plain, identities.recipients.parsed)  # type: ignore[no-any-return]


def tar_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for info, data in members:
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return target.getvalue()


def member(name: str, **fields: Any) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.mode = 0o600
    for field, value in fields.items():
        setattr(info, field, value)
    return info


HEAD = (member("bundle.json"), b'{"format":"cets-backup","version":1,"about":{}}')


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    assert [thread.name for thread in threading.enumerate() if thread.name == "age"] == []


@settings(deadline=None, max_examples=25)
@given(
    dump=st.binary(max_size=2000),
    blobs=st.dictionaries(
        st.from_regex(r"[a-f0-9]{2}/[a-f0-9]{2}/[a-f0-9-]{1,36}", fullmatch=True),
        st.binary(max_size=1500),
        max_size=6,
    ),
)
def test_what_is_backed_up_is_restored(dump: bytes, blobs: dict[str, bytes], identities: Identities) -> None:
    restored = restore(make(identities, dump=dump, blobs=blobs), identities)

    assert restored[:2] == (dump, blobs)
    assert restored[2] == Contents(
        about=ABOUT,
        database_size=len(dump),
        blobs=len(blobs),
        blobs_size=sum(map(len, blobs.values())),
        signed=False,
    )


@pytest.mark.parametrize("size", [0, 1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 17 * MIB])
def test_a_dump_of_any_size_comes_back(size: int, identities: Identities) -> None:
    dump = (bytes(range(251)) * (size // 251 + 1))[:size]

    assert restore(make(identities, dump=dump), identities)[0] == dump


def test_a_large_blob_goes_through_in_bounded_memory(identities: Identities, tmp_path: Path) -> None:
    chunk, count = bytes(range(256)) * 4096, 50
    seen = hashlib.sha256()

    class Large(MemoryStore):
        def size(self, key: str) -> int:
            return count * len(chunk)

        def get_stream(self, key: str) -> Iterator[bytes]:
            return itertools.repeat(chunk, count)

    class Hashing(bundle.Discarding):
        def take_blob(self, key: str, size: int, chunks: Iterator[bytes]) -> None:
            for one in chunks:
                seen.update(one)

    tracemalloc.start()
    with (tmp_path / "bundle.age").open("w+b") as file:
        write_bundle(
            file,
            database=io.BytesIO(b"-- a dump"),
            store=Large(),
            blob_keys=["ab/cd/large"],
            recipients=identities.recipients,
            about=ABOUT,
        )
        file.seek(0)
        contents = read_bundle(file, identities=identities, receiver=Hashing())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert contents.blobs_size == 50 * MIB
    assert seen.digest() == hashlib.sha256(chunk * count).digest()
    assert peak < 24 * MIB


def test_small_blobs_are_restored_in_batches_and_large_ones_as_streams(identities: Identities) -> None:
    blobs = {f"ab/cd/{number:03d}": bytes([number % 256]) for number in range(450)}
    blobs["ff/ff/large"] = bytes(100_000)
    store = MemoryStore()
    receiver = Restoring(database=io.BytesIO(), store=store)
    read_bundle(io.BytesIO(make(identities, blobs=blobs)), identities=identities, receiver=receiver)
    receiver.finish()

    assert store.blobs == blobs
    assert store.batches == [200, 200, 50]


def test_only_the_recipient_opens_it(identities: Identities, stranger: Identities) -> None:
    made = make(identities, dump=b"-- nothing of this shows")

    assert b"nothing of this" not in made
    with pytest.raises(BundleLocked, match="does not open with the identities at hand"):
        verify(made, stranger)


def test_every_altered_byte_is_refused(identities: Identities) -> None:
    made = make(identities)
    for position in range(0, len(made), 7):
        altered = bytearray(made)
        altered[position] ^= 1
        with pytest.raises(BundleBroken):
            verify(bytes(altered), identities)


def test_every_truncation_is_refused(identities: Identities) -> None:
    made = make(identities)
    for length in range(0, len(made), 7):
        with pytest.raises(BundleBroken):
            verify(made[:length], identities)


def test_a_tar_cut_before_it_was_locked_is_refused(identities: Identities) -> None:
    plain = plain_of(make(identities), identities)
    for length in range(0, len(plain), 101):
        with pytest.raises(BundleBroken):
            verify(locked(plain[:length], identities), identities)


def test_something_behind_the_end_is_refused(identities: Identities) -> None:
    plain = plain_of(make(identities), identities)

    with pytest.raises(BundleBroken, match="behind the end"):
        verify(locked(plain + b"\0", identities), identities)


def test_an_exchanged_blob_is_found_by_the_manifest(identities: Identities) -> None:
    plain = plain_of(make(identities), identities)
    exchanged = plain.replace(b"sealed one", b"sealed two")

    with pytest.raises(BundleBroken, match="manifest does not tell"):
        verify(locked(exchanged, identities), identities)


def test_a_blob_left_out_is_found_by_the_manifest(identities: Identities) -> None:
    plain = plain_of(make(identities), identities)
    start = plain.index(b"blobs/ab/cd/one")

    with pytest.raises(BundleBroken, match="manifest does not tell"):
        verify(locked(plain[:start] + plain[start + 1024 :], identities), identities)


def test_a_manifest_that_ends_early_is_found(identities: Identities) -> None:
    with pytest.raises(BundleBroken, match="members that its manifest does not name"):
        verify(locked(tar_of(HEAD, (member("manifest.jsonl"), b"")), identities), identities)


@pytest.mark.parametrize(
    "trick",
    [
        member("blobs/../../outside"),
        member("blobs/ab/../cd"),
        member("/absolute"),
        member("../climbing"),
        member("blobs//double"),
        member("blobs/.hidden"),
        member("blobs/UPPER"),
        member("database/../0"),
        member("database/0"),
        member("else"),
        member("manifest.sig"),
        member("blobs/ab", type=tarfile.SYMTYPE, linkname="elsewhere"),
        member("blobs/ab", type=tarfile.LNKTYPE, linkname="blobs/cd"),
        member("blobs/ab", type=tarfile.DIRTYPE),
        member("blobs/ab", type=tarfile.CHRTYPE),
        member("blobs/ab", type=tarfile.FIFOTYPE),
        member("blobs/ab", mode=0o4755),
        member("blobs/ab", uid=12),
        member("blobs/ab", mtime=1),
        member("blobs/" + "a" * 200),
    ],
    ids=lambda info: f"{info.name[:24]}-{info.type.decode()}-{info.mode:o}",
)
def test_path_tricks_are_refused_before_anything_is_taken(
    trick: tarfile.TarInfo, identities: Identities
) -> None:
    taken: list[str] = []

    class Noting(bundle.Discarding):
        def take_blob(self, key: str, size: int, chunks: Iterator[bytes]) -> None:
            taken.append(key)

    made = locked(tar_of(HEAD, (trick, b"")), identities)
    with pytest.raises(BundleBroken):
        read_bundle(io.BytesIO(made), identities=identities, receiver=Noting())
    assert taken == []


@pytest.mark.parametrize(
    "names",
    [
        ["database/000001"],
        ["database/000000", "database/000000"],
        ["blobs/ab", "database/000000"],
        ["bundle.json"],
    ],
)
def test_members_out_of_their_order_are_refused(names: list[str], identities: Identities) -> None:
    made = locked(tar_of(HEAD, *((member(name), b"x") for name in names)), identities)

    with pytest.raises(BundleBroken, match="not where it belongs"):
        verify(made, identities)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b'{"format":"cets-backup","version":2,"about":{}}', "reads cets-backup 1"),
        (b'{"format":"other","version":1,"about":{}}', "format other"),
        (b"{", "head cannot be read"),
        (b"x" * 70_000, "not a CETS backup"),
    ],
)
def test_another_format_is_said(head: bytes, said: str, identities: Identities) -> None:
    with pytest.raises(BundleBroken, match=said):
        verify(locked(tar_of((member("bundle.json"), head)), identities), identities)


def test_an_age_file_of_something_else_is_refused(identities: Identities) -> None:
    with pytest.raises(BundleBroken, match="not a member"):
        verify(locked(b"a letter" * 200, identities), identities)


# --- the signature


def test_a_signed_bundle_is_accepted_from_its_maker_only(identities: Identities) -> None:
    maker, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    made = make(identities, signing_key=maker)

    assert verify(made, identities, verifying_key=maker.public_key()).signed
    assert verify(made, identities).signed
    with pytest.raises(BundleUnsigned, match="not signed by the expected key"):
        verify(made, identities, verifying_key=other.public_key())


def test_a_forged_bundle_is_refused_where_a_signature_is_expected(identities: Identities) -> None:
    maker = Ed25519PrivateKey.generate()

    with pytest.raises(BundleUnsigned, match="not signed"):
        verify(make(identities), identities, verifying_key=maker.public_key())


def test_the_signature_of_another_bundle_does_not_fit(identities: Identities) -> None:
    maker = Ed25519PrivateKey.generate()
    signed = plain_of(make(identities, signing_key=maker), identities)
    forged = plain_of(make(identities, blobs={"ab/cd/one": b"forged one"}, signing_key=maker), identities)
    grafted = forged[: forged.index(b"manifest.sig")] + signed[signed.index(b"manifest.sig") :]

    with pytest.raises(BundleUnsigned):
        verify(locked(grafted, identities), identities, verifying_key=maker.public_key())


# --- errors of the others


def test_a_blob_that_changes_its_size_stops_the_backup(identities: Identities) -> None:
    class Growing(MemoryStore):
        def get_stream(self, key: str) -> Iterator[bytes]:
            yield self.blobs[key] + b"!"

    with pytest.raises(BackupFailed, match="blobs/ab/cd/one changed"):
        write_bundle(
            io.BytesIO(),
            database=io.BytesIO(b""),
            store=Growing({"ab/cd/one": b"1"}),
            blob_keys=["ab/cd/one"],
            recipients=identities.recipients,
            about=ABOUT,
        )


def test_a_missing_blob_stops_the_backup_by_name(identities: Identities) -> None:
    with pytest.raises(BlobMissing, match="ab/cd/one"):
        write_bundle(
            io.BytesIO(),
            database=io.BytesIO(b""),
            store=MemoryStore(),
            blob_keys=["ab/cd/one"],
            recipients=identities.recipients,
            about=ABOUT,
        )


class Failing(io.RawIOBase):
    """A file on a disk that gives way."""

    def write(self, data: Any, /) -> int:
        raise OSError(28, "No space left on device")

    def read(self, size: int = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize("dump", [b"", bytes(MIB)])
def test_the_error_of_the_target_is_passed_on(dump: bytes, identities: Identities) -> None:
    with pytest.raises(OSError, match="No space left"):
        write_bundle(
            Failing(),
            database=io.BytesIO(dump),
            store=MemoryStore(),
            blob_keys=[],
            recipients=identities.recipients,
            about=ABOUT,
        )


def test_the_error_of_the_source_is_passed_on(identities: Identities) -> None:
    with pytest.raises(OSError, match="Input/output error"):
        verify_bundle(Failing(), identities=identities)


def test_the_error_of_the_receiver_is_passed_on(identities: Identities) -> None:
    class Full(bundle.Discarding):
        def take_blob(self, key: str, size: int, chunks: Iterator[bytes]) -> None:
            raise StorageFailed("no room")

    made = make(identities, blobs={f"ab/cd/{number}": bytes(MIB) for number in range(12)})
    with pytest.raises(StorageFailed, match="no room"):
        read_bundle(io.BytesIO(made), identities=identities, receiver=Full())


# --- without this program


def test_tar_alone_recovers_what_is_inside(identities: Identities, tmp_path: Path) -> None:
    tar = shutil.which("tar")
    if tar is None:
        pytest.skip("there is no tar on this machine")
    made = make(identities, dump=b"-- a dump", signing_key=Ed25519PrivateKey.generate())
    ended = subprocess.run(
        [tar, "--extract", "--directory", str(tmp_path)],
        input=plain_of(made, identities),
        capture_output=True,
        check=True,
    )

    assert ended.stderr == b""
    assert (tmp_path / "database/000000").read_bytes() == b"-- a dump"
    assert (tmp_path / "blobs/ab/cd/one").read_bytes() == b"sealed one"
    assert hashlib.sha256(b"sealed one").hexdigest() in (tmp_path / "manifest.jsonl").read_text()
