"""Lets a user that is not root reach the program's code where it lies in folders that only root may enter.

In a mount namespace of this process alone, such a folder is covered by an empty one that anybody may enter, in which only
the code shows. Nothing changes for any other process.
"""

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

_CLONE_NEWNS = 0x00020000
_BIND, _RECURSIVE, _PRIVATE, _REMOUNT, _READ_ONLY, _NO_SETUID = 4096, 16384, 1 << 18, 32, 1, 2
_ENTER = stat.S_IXOTH
_DETACH = 2


def open_up(paths: Iterable[str], libc: ctypes.CDLL) -> bool:
    """Make these paths reachable by every user, for this process; say whether they are. Needs root."""
    shut: dict[Path, list[Path]] = {}
    for path in sorted({Path(path).resolve() for path in paths}):
        if (folder := _shut_folder(path)) is not None:
            shut.setdefault(folder, []).append(path)
    if not shut:
        return True
    if libc.unshare(_CLONE_NEWNS) != 0 or not _mount(libc, None, "/", _RECURSIVE | _PRIVATE):
        return False
    os.umask(0o022)
    return all(_cover(libc, folder, kept) for folder, kept in shut.items())


def _shut_folder(path: Path) -> Path | None:
    """Return the outermost folder on the way to a path that others may not enter."""
    return next((each for each in reversed(path.parents) if not each.stat().st_mode & _ENTER), None)


def _cover(libc: ctypes.CDLL, folder: Path, kept: list[Path]) -> bool:
    """Cover a folder by an empty one in which only what is kept shows; on failure leave it as it was."""
    opened = [(path, os.open(path, os.O_PATH | os.O_CLOEXEC)) for path in kept]
    try:
        if not _mount(libc, "tmpfs", str(folder), _NO_SETUID, kind="tmpfs", how="mode=755,size=64k"):
            return False
        if all(_show(libc, path, fd) for path, fd in opened):
            return _mount(libc, None, str(folder), _REMOUNT | _READ_ONLY | _NO_SETUID)
        libc.umount2(os.fsencode(folder), _DETACH)
        return False
    finally:
        for _, fd in opened:
            os.close(fd)


def _show(libc: ctypes.CDLL, path: Path, fd: int) -> bool:
    if path.exists():  # within one that shows already
        return True
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if stat.S_ISDIR(os.fstat(fd).st_mode):
        path.mkdir(mode=0o755)
    else:
        path.touch(mode=0o644)
    return _mount(libc, f"/proc/self/fd/{fd}", str(path), _BIND | _RECURSIVE)


def _mount(
    libc: ctypes.CDLL,
    what: str | None,
    where: str,
    flags: int,
    *,
    kind: str | None = None,
    how: str | None = None,
) -> bool:
    words = (None if word is None else os.fsencode(word) for word in (what, where, kind))
    source, target, filesystem = words
    done = libc.mount(
        source, target, filesystem, ctypes.c_ulong(flags), None if how is None else how.encode()
    )
    return bool(done == 0)
