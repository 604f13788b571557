"""The folder that `cets watch` looks after: what lies in it, whether it is at rest, and where it goes with its receipt.

Whatever moves is renamed, inside this folder, into a new folder of its own; so nothing is copied, overwritten or removed,
and whoever kills the command finds each thing at one of its two places.
"""

import fcntl
import hashlib
import itertools
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cets.kernel.errors import CetsError

Where = Literal["done", "refused"]
PLACES: tuple[Where, ...] = ("done", "refused")
_LOCK = ".cets-watch.lock"
_UNFINISHED = ".receipt.tmp"
_RECEIPT = ".receipt.json"
#: Of a name, so that what is added to it still fits into one.
_LONGEST = 200


class Busy(CetsError):
    """Another `cets watch` looks after this folder."""


class NotMoved(CetsError):
    """What was taken in could not be moved: it stays where it was dropped, its receipt lies where it should be."""


@dataclass(frozen=True)
class Item:
    """What somebody dropped. `mark` tells whether it is still the same: it changes with any file in it."""

    path: Path
    kind: Literal["file", "folder", "other"]
    mark: str


@contextmanager
def looked_after(folder: Path) -> Iterator[None]:
    """Have the folder, and its two places, for ourselves. Raises Busy."""
    for one in (folder, *(folder / place for place in PLACES)):
        one.mkdir(exist_ok=True)
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(str(Busy.__doc__)) from None
        yield
    finally:
        os.close(descriptor)


def items(folder: Path) -> list[Item]:
    """Return what lies in the folder, in the order of names; what begins with a dot is somebody's unfinished work."""
    with os.scandir(folder) as found:
        names = sorted(entry.name for entry in found)
    wanted = (name for name in names if name not in PLACES and not name.startswith("."))
    return [one for name in wanted if (one := item(folder / name)) is not None]


def item(path: Path) -> Item | None:
    """Return what lies at a path, None when nothing does."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return None
    kind: Literal["file", "folder", "other"] = (
        "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"
    )
    return Item(path, kind, _mark(os.fspath(path)))


def _mark(root: str) -> str:
    """Return a hash over names, kinds, sizes and times of a file, or of a folder with all that is in it."""
    digest = hashlib.sha256()
    waiting = [root]
    while waiting:
        one = waiting.pop()
        try:
            found = os.lstat(one)
            inside = sorted(os.listdir(one)) if stat.S_ISDIR(found.st_mode) else []  # noqa: PTH208 - names are enough
        except OSError as error:  # said when it is to be taken in
            digest.update(repr((one[len(root) :], error.errno)).encode())
            continue
        facts = (found.st_mode, found.st_ino, found.st_mtime_ns, 0 if inside else found.st_size)
        digest.update(repr((one[len(root) :], *facts)).encode())
        waiting += [os.path.join(one, name) for name in inside]  # noqa: PTH118 - many
    return digest.hexdigest()


def put_away(one: Item, where: Where, receipt: dict[str, Any]) -> Path:
    """Move what was dropped into a new folder in `where`, its receipt beside it; return where it lies now.

    The receipt is on the disk before the move: killed between the two, `finish` makes the move good. Raises NotMoved.
    """
    folder = one.path.parent / where
    slot = _new_folder(folder, one.path.name)
    name = _short(one.path.name) + _RECEIPT
    name = f"_{name}" if name == one.path.name else name
    words = json.dumps({**receipt, "dropped": one.path.name, "mark": one.mark}, default=str, indent=1)
    with open(slot / _UNFINISHED, "x", encoding="ascii") as file:  # noqa: PTH123 - beside the descriptors below
        file.write(words + "\n")
        file.flush()
        os.fsync(file.fileno())
    (slot / _UNFINISHED).rename(slot / name)
    _sync(slot)
    _sync(folder)
    return _move(one.path, slot)


def _new_folder(folder: Path, name: str) -> Path:
    for number in itertools.count(1):
        slot = folder / (_short(name) if number == 1 else f"{_short(name)} ({number})")
        try:
            slot.mkdir()
        except FileExistsError:
            continue
        return slot
    raise AssertionError


def _short(name: str) -> str:
    return os.fsdecode(os.fsencode(name)[:_LONGEST])


def _move(path: Path, slot: Path) -> Path:
    target = slot / path.name
    try:
        path.rename(target)
    except OSError as error:
        # As of a folder in which only its owner may write.
        raise NotMoved(f"{NotMoved.__doc__} ({error.strerror})") from error
    _sync(slot)
    _sync(path.parent)
    return target


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def finish(folder: Path) -> Iterator[tuple[Item, Path | None]]:
    """Make good what a killed command left: move what has its receipt already.

    Yield each such thing and where it lies now, None when it could not be moved.
    """
    for place in PLACES:
        for slot in sorted(
            one for one in (folder / place).iterdir() if one.is_dir() and not one.is_symlink()
        ):
            names = os.listdir(slot)  # noqa: PTH208 - names are enough
            if names in ([], [_UNFINISHED]):
                _clear(slot)
            elif (
                len(names) == 1
                and names[0].endswith(_RECEIPT)
                and (one := _of_receipt(folder, slot / names[0]))
            ):
                try:
                    yield one, _move(one.path, slot)
                except NotMoved:
                    yield one, None


def _clear(slot: Path) -> None:
    """Take away a folder of ours in which nothing is yet: the receipt was not written to its end."""
    with suppress(OSError):
        (slot / _UNFINISHED).unlink(missing_ok=True)
        slot.rmdir()


def _of_receipt(folder: Path, receipt: Path) -> Item | None:
    """Return what a receipt is of, if it still lies where it was dropped, unchanged."""
    try:
        told = json.loads(receipt.read_text(encoding="ascii"))
        name, mark = str(told["dropped"]), told["mark"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not name or "/" in name or name in {".", ".."}:
        return None
    found = item(folder / name)
    return found if found and found.mark == mark else None
