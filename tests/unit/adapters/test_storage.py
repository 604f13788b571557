"""Both stores: one contract; and for each what only it can get wrong."""

import errno
import os
import stat
import subprocess
import sys
import textwrap
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from cets.adapters.storage import LocalBlobStore, RemoteBlobStore, open_store
from cets.adapters.storage import local as local_module
from cets.adapters.storage.incoming import Incoming
from cets.domains.vault.blobs import BlobExists, BlobMissing, BlobStore, StorageFailed, blob_key

MIB = 1024 * 1024


def new_key() -> str:
    return blob_key(uuid.uuid4())


def read(store: BlobStore, key: str) -> bytes:
    return b"".join(store.get_stream(key))


# --- the places -----------------------------------------------------------------------------------------------


class S3:
    """moto's server on the loopback address, and a client beside the one under test."""

    options = {"access_key_id": "invented", "secret_access_key": "invented", "retry_seconds": "1"}

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id="invented",
            aws_secret_access_key="invented",
            region_name="us-east-1",
        )

    def open(self, path: str) -> BlobStore:
        return open_store(f"s3://{path}?endpoint={self.endpoint}", **self.options)


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")  # a proxy of the machine has no business here
        yield from serve()


def serve() -> Iterator[S3]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    place = S3(f"http://{host}:{port}")
    place.client.create_bucket(Bucket="vault")
    yield place
    place.client.close()
    server.stop()


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalBlobStore]:
    store = LocalBlobStore(tmp_path / "vault")
    yield store
    store.close()


@pytest.fixture(params=["file", "s3"])
def store(request: pytest.FixtureRequest) -> BlobStore:
    if request.param == "file":
        opened: BlobStore = request.getfixturevalue("local")
        return opened
    place: S3 = request.getfixturevalue("s3")
    return place.open(f"vault/{uuid.uuid4().hex}")


# --- the contract ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chunks", [[], [b""], [b"one"], [b"one", b"", b"two"], [bytes(MIB)] * 3 + [b"end"]])
def test_what_is_put_comes_back(chunks: list[bytes], store: BlobStore) -> None:
    key = new_key()
    size = store.put_durable(key, iter(chunks))

    assert read(store, key) == b"".join(chunks)
    assert size == store.size(key) == len(b"".join(chunks))
    assert store.exists(key)


def test_a_large_blob_in_many_pieces_comes_back(store: BlobStore) -> None:
    key = new_key()
    chunks = [os.urandom(MIB) for _ in range(18)]

    assert store.put_durable(key, iter(chunks)) == 18 * MIB
    assert read(store, key) == b"".join(chunks)


def test_many_small_ones_come_back(store: BlobStore) -> None:
    blobs = {new_key(): os.urandom(100) for _ in range(40)}

    assert store.put_many_durable(iter(blobs.items())) == 40
    assert {key: read(store, key) for key in store.list_keys()} == blobs


def test_none_is_many_too(store: BlobStore) -> None:
    assert store.put_many_durable([]) == 0


def test_what_is_kept_is_never_overwritten(store: BlobStore) -> None:
    key = new_key()
    store.put_durable(key, [b"first"])

    with pytest.raises(BlobExists, match=key):
        store.put_durable(key, [b"second"])
    with pytest.raises(BlobExists, match=key):
        store.put_many_durable([(key, b"third")])
    with pytest.raises(BlobExists, match=key):
        store.put_durable(key, [bytes(MIB)] * 9)
    assert read(store, key) == b"first"


def test_a_key_given_twice_in_a_batch_is_refused(store: BlobStore) -> None:
    key = new_key()

    with pytest.raises(BlobExists, match=key):
        store.put_many_durable([(key, b"first"), (new_key(), b"other"), (key, b"second")])


def test_a_missing_blob_is_named(store: BlobStore) -> None:
    key = new_key()

    assert not store.exists(key)
    for ask in (store.size, store.delete, lambda key: list(store.get_stream(key))):
        with pytest.raises(BlobMissing, match=key):
            ask(key)


def test_a_deleted_blob_is_gone_and_the_others_stay(store: BlobStore) -> None:
    key, other = new_key(), new_key()
    store.put_many_durable([(key, b"one"), (other, b"two")])
    store.delete(key)

    assert list(store.list_keys()) == [other]


def test_listing_by_shard(store: BlobStore) -> None:
    keys = ["ab/cd/one", "ab/ce/two", "ff/cd/three"]
    store.put_many_durable((key, b"x") for key in keys)

    assert sorted(store.list_keys()) == keys
    assert sorted(store.list_keys("ab")) == keys[:2]
    assert sorted(store.list_keys("ab/ce")) == keys[1:2]
    assert sorted(store.list_keys("zz")) == []


@pytest.mark.parametrize("pieces", [2, 12])
def test_a_source_that_breaks_off_leaves_nothing(pieces: int, store: BlobStore) -> None:
    key = new_key()

    def breaking() -> Iterator[bytes]:
        for _ in range(pieces):
            yield bytes(MIB)
        raise ConnectionResetError("the upload broke off")

    with pytest.raises(ConnectionResetError, match="broke off"):
        store.put_durable(key, breaking())
    assert not store.exists(key)
    assert list(store.list_keys()) == []


@pytest.mark.parametrize(
    "key",
    ["", "/a", "a/", "a//b", "../a", "a/../b", "a/.b", ".incoming/x", "A/b", "a b", "a\x00b", "é", "a" * 600],
)
def test_a_key_of_another_form_is_a_mistake_of_the_program(key: str, store: BlobStore) -> None:
    asks: list[Callable[[], object]] = [
        lambda: store.put_durable(key, [b"x"]),
        lambda: store.put_many_durable([(key, b"x")]),
        lambda: list(store.get_stream(key)),
        lambda: store.exists(key),
        lambda: store.size(key),
        lambda: store.delete(key),
    ]
    for ask in asks:
        with pytest.raises(ValueError, match="not a blob key"):
            ask()


# --- the local folder: order of durability ---------------------------------------------------------------------


class Recorder:
    """Notes the calls that durability hangs on, in order, by path relative to the store."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.calls: list[tuple[str, str]] = []
        self.paths: dict[int, Path] = {}

    def name(self, path: Path) -> str:
        relative = path.relative_to(self.root)
        return "temporary" if relative.parts[:1] == (".incoming",) else relative.as_posix()

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        real_open, real_fsync, real_write = os.open, os.fsync, os.write
        real_mkdir, real_rename = Path.mkdir, Path.rename

        def opened(path: Path, flags: int, mode: int = 0o777) -> int:
            descriptor = real_open(path, flags, mode)
            self.paths[descriptor] = Path(path)
            return descriptor

        def written(descriptor: int, data: bytes) -> int:
            self.calls.append(("write", self.name(self.paths[descriptor])))
            return real_write(descriptor, data)

        def synced(descriptor: int) -> None:
            self.calls.append(("sync", self.name(self.paths[descriptor])))
            real_fsync(descriptor)

        def made(path: Path, *arguments: Any, **named: Any) -> None:
            self.calls.append(("mkdir", self.name(path)))
            real_mkdir(path, *arguments, **named)

        def renamed(path: Path, target: Path) -> Path:
            self.calls.append(("rename", self.name(target)))
            return real_rename(path, target)

        patch.setattr(os, "open", opened)
        patch.setattr(os, "write", written)
        patch.setattr(os, "fsync", synced)
        patch.setattr(Path, "mkdir", made)
        patch.setattr(Path, "rename", renamed)


@pytest.fixture
def recorder(local: LocalBlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    local.put_durable("00/00/before", [b"so that the folder for temporary files is there"])
    recorder = Recorder(tmp_path / "vault")
    recorder.watch(monkeypatch)
    return recorder


def test_file_then_name_then_folders_are_durable_before_the_return(
    local: LocalBlobStore, recorder: Recorder
) -> None:
    local.put_durable("ab/cd/one", [b"1", b"2"])

    assert recorder.calls[:3] == [("write", "temporary"), ("write", "temporary"), ("sync", "temporary")]
    assert recorder.calls[3:6] == [("mkdir", "ab"), ("mkdir", "ab/cd"), ("rename", "ab/cd/one")]
    assert sorted(recorder.calls[6:]) == [("sync", "."), ("sync", "ab"), ("sync", "ab/cd")]


def test_a_known_folder_needs_one_sync_only(local: LocalBlobStore, recorder: Recorder) -> None:
    local.put_durable("ab/cd/one", [b"1"])
    recorder.calls.clear()
    local.put_durable("ab/cd/two", [b"2"])

    assert recorder.calls == [
        ("write", "temporary"),
        ("sync", "temporary"),
        ("rename", "ab/cd/two"),
        ("sync", "ab/cd"),
    ]


def test_a_folder_made_by_another_process_is_not_taken_as_durable(
    local: LocalBlobStore, recorder: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "vault/ab/cd").mkdir(parents=True)
    recorder.calls.clear()
    local.put_durable("ab/cd/one", [b"1"])

    assert {("sync", "."), ("sync", "ab"), ("sync", "ab/cd")} <= set(recorder.calls)


def test_a_batch_syncs_every_file_before_any_name_and_each_folder_once(
    local: LocalBlobStore, recorder: Recorder
) -> None:
    keys = [f"ab/c{number % 3}/blob{number}" for number in range(30)]
    local.put_many_durable((key, b"x") for key in keys)
    verbs = [verb for verb, _ in recorder.calls]
    first_rename, last_rename = verbs.index("rename"), len(verbs) - 1 - verbs[::-1].index("rename")

    assert recorder.calls[:first_rename].count(("sync", "temporary")) == 30
    assert [name for verb, name in recorder.calls if verb == "rename"] == keys
    assert sorted(recorder.calls[last_rename + 1 :]) == [
        ("sync", folder) for folder in (".", "ab", "ab/c0", "ab/c1", "ab/c2")
    ]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_full_disk_is_said_and_leaves_nothing(
    number: int, call: str, local: LocalBlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, full)

    with pytest.raises(StorageFailed, match=r"no room left in the store at .*vault.*Free space"):
        local.put_durable("ab/cd/one", [b"1"])
    with pytest.raises(StorageFailed, match="no room left"):
        local.put_many_durable([("ab/cd/two", b"1"), ("ab/cd/three", b"1")])
    monkeypatch.undo()
    assert [
        path for path in (tmp_path / "vault").rglob("*") if path.is_file() and path.suffix != ".lock"
    ] == []


def test_a_folder_that_cannot_be_synced_is_no_success(
    local: LocalBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(folder: Path) -> None:
        raise OSError(errno.EIO, f"Input/output error at {folder.name}")

    monkeypatch.setattr(local_module, "_sync_folder", failing)

    with pytest.raises(StorageFailed, match="Input/output error"):
        local.put_durable("ab/cd/one", [b"1"])
    assert not local.exists("ab/cd/one")


def test_refused_access_says_what_to_check(local: LocalBlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(local_module, "_create", refused)

    with pytest.raises(StorageFailed, match="refused access"):
        local.put_durable("ab/cd/one", [b"1"])


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "vault").write_bytes(b"")

    with pytest.raises(StorageFailed, match="vault"):
        LocalBlobStore(tmp_path / "vault")


def test_only_the_owner_may_read(local: LocalBlobStore, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        local.put_durable("ab/cd/one", [b"1"])
        local.put_many_durable([("ab/ce/two", b"2")])
    finally:
        os.umask(old)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "vault").rglob("*")}

    assert modes == {0o700, 0o600}


# --- the local folder: leftovers -------------------------------------------------------------------------------


CRASHING = """
    import os, sys
    from pathlib import Path
    from cets.adapters.storage import LocalBlobStore

    store = LocalBlobStore(Path(sys.argv[1]))
    store.put_durable("aa/aa/whole", [b"kept"])

    def chunks():
        yield b"half of it"
        os._exit(9)

    store.put_durable("bb/bb/half", chunks())
"""


def test_leftovers_of_a_killed_process_are_swept_and_nothing_else(
    local: LocalBlobStore, tmp_path: Path
) -> None:
    source = Path(local_module.__file__).parents[3]
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CRASHING), str(tmp_path / "vault")],
        check=False,
        env={**os.environ, "PYTHONPATH": str(source)},
    )
    assert ended.returncode == 9
    assert len(list((tmp_path / "vault/.incoming").glob("*.part"))) == 1

    assert local.delete_temp_files() == 1
    assert list((tmp_path / "vault/.incoming").iterdir()) == []
    assert list(local.list_keys()) == ["aa/aa/whole"]
    assert local.delete_temp_files() == 0


def test_a_write_in_progress_is_left_alone(local: LocalBlobStore, tmp_path: Path) -> None:
    sweeper = LocalBlobStore(tmp_path / "vault")
    swept: list[int] = []

    def chunks() -> Iterator[bytes]:
        yield b"first half, "
        swept.append(sweeper.delete_temp_files())
        yield b"second half"

    local.put_durable("ab/cd/one", chunks())

    assert swept == [0]
    assert read(local, "ab/cd/one") == b"first half, second half"


def test_a_file_without_its_lock_is_swept(local: LocalBlobStore, tmp_path: Path) -> None:
    incoming = tmp_path / "vault/.incoming"
    incoming.mkdir()
    (incoming / "0123-4567.part").write_bytes(b"left")
    (incoming / "README").write_bytes(b"somebody else's")

    assert local.delete_temp_files() == 1
    assert [path.name for path in incoming.iterdir()] == ["README"]


def test_a_sweep_between_making_and_locking_a_session_costs_only_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, other = tmp_path / "incoming", Incoming(tmp_path / "incoming")
    real_open = os.open
    swept: list[Path] = []

    def open_then_sweep(path: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = real_open(path, flags, mode)
        if not swept:
            swept.append(path)
            other.sweep()
        return descriptor

    monkeypatch.setattr(os, "open", open_then_sweep)
    session = Incoming(folder)
    path = session.new_path()

    assert swept
    assert swept[0].stem != path.name.split("-")[0]
    assert [lock.stem for lock in folder.glob("*.lock")] == [path.name.split("-")[0]]
    session.close()


# --- S3 --------------------------------------------------------------------------------------------------------


def test_blobs_lie_under_the_prefix(s3: S3) -> None:
    prefix = uuid.uuid4().hex
    s3.open(f"vault/{prefix}/deep").put_durable("ab/cd/one", [b"1"])
    listed = s3.client.list_objects_v2(Bucket="vault", Prefix=prefix)["Contents"]

    assert [found["Key"] for found in listed] == [f"{prefix}/deep/ab/cd/one"]


def test_an_upload_that_broke_off_leaves_no_parts(s3: S3) -> None:
    store = s3.open("vault/parts")

    def breaking() -> Iterator[bytes]:
        for _ in range(20):
            yield bytes(MIB)
        raise RuntimeError("broke off")

    with pytest.raises(RuntimeError, match="broke off"):
        store.put_durable("ab/cd/one", breaking())
    assert s3.client.list_multipart_uploads(Bucket="vault").get("Uploads", []) == []


def test_a_missing_bucket_is_told_from_a_missing_blob(s3: S3) -> None:
    asks: list[Callable[[BlobStore], object]] = [
        lambda store: store.put_durable("ab/cd/one", [b"1"]),
        lambda store: store.put_durable("ab/cd/one", [bytes(MIB)] * 9),
        lambda store: store.put_many_durable([("ab/cd/one", b"1")]),
        lambda store: list(store.get_stream("ab/cd/one")),
        lambda store: store.exists("ab/cd/one"),
        lambda store: store.size("ab/cd/one"),
        lambda store: store.delete("ab/cd/one"),
        lambda store: list(store.list_keys()),
    ]
    for ask in asks:
        with pytest.raises(StorageFailed, match="bucket of s3://absent/x does not exist"):
            ask(s3.open("absent/x"))


def test_a_store_that_does_not_answer_says_so_without_secrets() -> None:
    store = open_store("s3://vault?endpoint=http://127.0.0.1:9", **S3.options)

    with pytest.raises(StorageFailed, match="Check that it is there and answers") as caught:
        store.put_durable("ab/cd/one", [b"1"])
    assert "invented" not in str(caught.value)
    assert "Debug" not in str(caught.value)


# --- addresses -------------------------------------------------------------------------------------------------


def test_a_file_address_opens_a_folder(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}/a%20folder")
    store.put_durable("ab/cd/one", [b"1"])

    assert isinstance(store, LocalBlobStore)
    assert (tmp_path / "a folder/ab/cd/one").read_bytes() == b"1"
    store.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("vault", "kind 'without a scheme'"),
        ("ftp://files.example/vault", "kind 'ftp'"),
        ("file://vault", "three slashes"),
        ("s3:///prefix", "needs a bucket"),
        ("s3://vault?access_key_id=x", "addresses end in logs"),
        ("s3://name:word@vault", "addresses end in logs"),
        ("s3://vault?endpoint=http://store.example", "no TLS"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(url: str, said: str) -> None:
    with pytest.raises(StorageFailed, match=said):
        open_store(url)


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(StorageFailed, match="colour"):
        open_store("s3://vault", colour="blue")


def test_a_network_one_trusts_may_go_without_tls() -> None:
    assert isinstance(
        open_store("s3://vault?endpoint=http://store.example", allow_http="true"), RemoteBlobStore
    )
