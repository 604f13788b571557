"""The local store on a disk that loses, at any moment, everything that was not synced.

The calls of the store are recorded and replayed on a model of a disk; the power fails after each of them. Two
disks are tried: one that loses every name and byte that was not synced, and one that keeps all names but loses the
bytes. Then the same with mistakes planted in the order of calls, to know that the model would see them.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cets.adapters.storage import LocalBlobStore
from cets.adapters.storage import local as local_module

Call = tuple[str, ...]
Put = list[tuple[str, int]]


def split(path: str) -> tuple[str, str]:
    return str(Path(path).parent), Path(path).name


@dataclass
class File:
    written: int = 0
    synced: int = 0


@dataclass
class Disk:
    """Folders with the entries one sees, and those that would be there after a loss of power."""

    seen: dict[str, dict[str, File | None]] = field(default_factory=lambda: {".": {}})
    durable: dict[str, dict[str, File | None]] = field(default_factory=lambda: {".": {}})

    def play(self, call: Call) -> None:
        verb, path = call[0], call[1]
        folder, name = split(path)
        if verb == "mkdir":
            self.seen.setdefault(path, {})
            self.seen[folder].setdefault(name, None)
        elif verb == "create":
            self.seen.setdefault(folder, {})[name] = File()
        elif verb == "write":
            self.file(folder, name).written += int(call[2])
        elif verb == "rename":
            target_folder, target_name = split(call[2])
            self.seen[target_folder][target_name] = self.seen[folder].pop(name)
        elif verb == "sync" and path in self.seen:
            self.durable[path] = dict(self.seen[path])
        elif verb == "sync":
            file = self.file(folder, name)
            file.synced = file.written

    def file(self, folder: str, name: str) -> File:
        file = self.seen[folder][name]
        assert file is not None
        return file

    def left(self, entries: dict[str, dict[str, File | None]]) -> dict[str, int]:
        """Blobs and their sizes after the loss of power, when `entries` are the names that survive."""
        return dict(self._walk(entries, "."))

    def _walk(self, entries: dict[str, dict[str, File | None]], folder: str) -> Iterator[tuple[str, int]]:
        for name, file in entries.get(folder, {}).items():
            path = name if folder == "." else f"{folder}/{name}"
            if file is not None:
                yield path, file.synced
            elif path != ".incoming":
                yield from self._walk(entries, path)


def violations(calls: list[Call], sizes: dict[str, int]) -> list[str]:
    """Let the power fail after every call; name each acknowledged blob that is lost and each that is torn."""
    disk, acknowledged, found = Disk(), set[str](), []
    for number, call in enumerate(calls):
        if call[0] == "acknowledge":
            acknowledged.add(call[1])
        else:
            disk.play(call)
        strict, lenient = disk.left(disk.durable), disk.left(disk.seen)
        found += [f"{number}: {key} lost" for key in acknowledged if key not in strict]
        for left in (strict, lenient):
            found += [f"{number}: {key} torn" for key, size in left.items() if size != sizes[key]]
    return found


class Recording:
    """Runs puts on a real store in a folder and notes its calls."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.calls: list[Call] = []
        self.open: dict[int, str] = {}

    def name(self, path: Path | str) -> str:
        return Path(path).relative_to(self.root).as_posix()

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        self._watch_bytes(patch)
        self._watch_names(patch)

    def _watch_bytes(self, patch: pytest.MonkeyPatch) -> None:
        real_fsync, real_write = os.fsync, os.write

        def written(descriptor: int, data: Any) -> int:
            size = real_write(descriptor, data)
            if descriptor in self.open:
                self.calls.append(("write", self.open[descriptor], str(size)))
            return size

        def synced(descriptor: int) -> None:
            real_fsync(descriptor)
            if descriptor in self.open:
                self.calls.append(("sync", self.open[descriptor]))

        patch.setattr(os, "write", written)
        patch.setattr(os, "fsync", synced)

    def _watch_names(self, patch: pytest.MonkeyPatch) -> None:
        real_open, real_mkdir, real_rename = os.open, Path.mkdir, Path.rename

        def opened(path: Any, flags: int, mode: int = 0o777) -> int:
            descriptor = real_open(path, flags, mode)
            self.open.pop(descriptor, None)
            if Path(path).is_relative_to(self.root):
                self.open[descriptor] = self.name(path)
                if flags & os.O_CREAT:
                    self.calls.append(("create", self.name(path)))
            return descriptor

        def made(path: Path, *arguments: Any, **named: Any) -> None:
            real_mkdir(path, *arguments, **named)
            if self.root in path.parents:
                self.calls.append(("mkdir", self.name(path)))

        def renamed(path: Path, target: Path) -> Path:
            self.calls.append(("rename", self.name(path), self.name(target)))
            return real_rename(path, target)

        patch.setattr(os, "open", opened)
        patch.setattr(Path, "mkdir", made)
        patch.setattr(Path, "rename", renamed)

    def run(self, puts: list[Put]) -> dict[str, int]:
        # Two stores on one folder, as two processes have them: neither may lean on what the other knows.
        stores = [LocalBlobStore(self.root), LocalBlobStore(self.root)]
        sizes = {key: size for put in puts for key, size in put}
        for number, put in enumerate(puts):
            store = stores[number % 2]
            if len(put) == 1:
                key, size = put[0]
                store.put_durable(key, [bytes(size // 2), bytes(size - size // 2)])
            else:
                store.put_many_durable((key, bytes(size)) for key, size in put)
            self.calls += [("acknowledge", key) for key, _ in put]
        for store in stores:
            store.close()
        return sizes


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    return lambda: tmp_path_factory.mktemp("vault")


def record(root: Path, puts: list[Put]) -> tuple[list[Call], dict[str, int]]:
    recording = Recording(root)
    with pytest.MonkeyPatch.context() as patch:
        recording.watch(patch)
        sizes = recording.run(puts)
    return recording.calls, sizes


def puts_of(shapes: list[list[int]]) -> list[Put]:
    """Puts of blobs in few shards, so that folders are shared and new ones are made."""
    puts: list[Put] = []
    for number, shape in enumerate(shapes):
        puts.append(
            [(f"a{size % 3}/b{size % 5}/blob{number}-{index}", size) for index, size in enumerate(shape)]
        )
    return puts


FIXED = puts_of([[1], [7, 8, 9], [5], [11, 3, 4, 6], [2]])


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(shapes=st.lists(st.lists(st.integers(1, 40), min_size=1, max_size=6), min_size=1, max_size=6))
def test_no_acknowledged_blob_is_lost_and_none_is_torn(
    shapes: list[list[int]], fresh: Callable[[], Path]
) -> None:
    calls, sizes = record(fresh(), puts_of(shapes))

    assert violations(calls, sizes) == []


def test_the_recording_is_not_empty(tmp_path: Path) -> None:
    calls, sizes = record(tmp_path, FIXED)

    assert {call[0] for call in calls} == {"create", "write", "sync", "mkdir", "rename", "acknowledge"}
    assert len(sizes) == 10


def without(calls: list[Call], drop: Callable[[Call], bool]) -> list[Call]:
    return [call for call in calls if not drop(call)]


def names_first(calls: list[Call]) -> list[Call]:
    """Move each sync of a file behind its rename, onto its new name."""
    moved: list[Call] = []
    for call in calls:
        if call[0] == "sync" and call[1].startswith(".incoming/"):
            continue
        moved.append(call)
        if call[0] == "rename":
            moved.append(("sync", call[2]))
    return moved


def acknowledged_early(calls: list[Call]) -> list[Call]:
    """Move each acknowledgement before the call that precedes it."""
    moved = list(calls)
    for number, call in enumerate(calls):
        if call[0] == "acknowledge" and moved[number - 1][0] != "acknowledge":
            moved[number - 1], moved[number] = moved[number], moved[number - 1]
    return moved


@pytest.mark.parametrize(
    "mistake",
    [
        lambda calls: without(calls, lambda call: call[0] == "sync" and call[1].startswith(".incoming/")),
        lambda calls: without(
            calls, lambda call: call[0] == "sync" and call[1].count("/") == 1 and call[1][0] == "a"
        ),
        lambda calls: without(calls, lambda call: call[0] == "sync" and call[1] in {"a0", "a1", "a2"}),
        lambda calls: without(calls, lambda call: call == ("sync", ".")),
        names_first,
        acknowledged_early,
    ],
    ids=["no file sync", "no leaf sync", "no shard sync", "no root sync", "rename before sync", "early word"],
)
def test_a_planted_mistake_is_seen(mistake: Callable[[list[Call]], list[Call]], tmp_path: Path) -> None:
    calls, sizes = record(tmp_path, FIXED)

    assert violations(mistake(calls), sizes) != []


def test_a_folder_left_by_a_dying_process_is_synced_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process makes a folder and dies before the sync; the next finds it and must not lean on it."""

    def dying(folder: Path) -> None:
        raise OSError(5, f"Input/output error at {folder.name}")

    recording = Recording(tmp_path)
    first, second = LocalBlobStore(tmp_path), LocalBlobStore(tmp_path)
    recording.watch(monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(local_module, "_sync_folder", dying)
        with pytest.raises(Exception, match="Input/output error"):
            first.put_durable("a0/b0/lost", [b"1"])
    second.put_durable("a0/b0/kept", [b"22"])
    recording.calls.append(("acknowledge", "a0/b0/kept"))

    assert violations(recording.calls, {"a0/b0/kept": 2, "a0/b0/lost": 1}) == []
    first.close()
    second.close()
