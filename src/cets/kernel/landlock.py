"""Linux's Landlock: a process says which files it will open from now on, and cannot take that back. Elsewhere nothing holds.

It binds the calling thread and every thread and process that begins after it; so call it before any other thread begins.
"""

import contextlib
import ctypes
import os
import struct
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

_CREATE, _ADD, _RESTRICT, _PR_SET_NO_NEW_PRIVS = 444, 445, 446, 38
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_NEWEST_RIGHTS = 16
_WITH_NETWORK, _WITH_SCOPES = 4, 6  # versions of the interface
_FOR_FILES = 0b111 | 0b11 << 14  # run, write, read, cut, control a device: the others are of folders

READ = 1 << 2 | 1 << 3  # read a file, list a folder
RUN = 1 << 0
WRITE_FILES = READ | 1 << 1 | 1 << 5 | 1 << 8 | 1 << 14  # and write, remove, make and cut regular files
EVERYTHING = (1 << _NEWEST_RIGHTS) - 1


def version() -> int:
    """Return the version of the kernel's interface; 0 when there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(ctypes.CDLL(None, use_errno=True).syscall(_CREATE, None, 0, 1)))


def restrict(allowed: Iterable[tuple[Path, int]], *, network: bool) -> bool:
    """Open nothing from now on but what is allowed, and signal no process of another kind; say whether that holds.

    Without `network` neither TCP nor abstract sockets, as far as the kernel knows how.
    """
    known = version()
    if not known:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    handled = (1 << _RIGHTS.get(known, _NEWEST_RIGHTS)) - 1
    ruleset = struct.pack("=Q", handled)
    if known >= _WITH_NETWORK:
        ruleset += struct.pack("=Q", 0 if network else 0b11)  # bind and connect TCP
    if known >= _WITH_SCOPES:
        ruleset += struct.pack("=Q", 0b10 if network else 0b11)  # abstract sockets, signals to others
    rules = libc.syscall(_CREATE, ruleset, len(ruleset), 0)
    if rules < 0:
        return False
    try:
        for path, access in allowed:
            _allow(libc, rules, path, access & handled)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: Path, access: int) -> None:
    with contextlib.suppress(OSError):
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not path.is_dir():
                access &= _FOR_FILES
            libc.syscall(_ADD, rules, 1, struct.pack("=Qi", access, fd), 0)
        finally:
            os.close(fd)


def all_but(withheld: Collection[Path]) -> Iterator[Path]:
    """Yield paths that together hold everything on this machine but these. What is made beside these later is not held."""
    kept_out = {path.resolve() for path in withheld}
    above = {folder for path in kept_out for folder in path.parents} - kept_out
    for folder in sorted(above):
        with contextlib.suppress(OSError):
            for path in folder.iterdir():
                # A link's end is held by its own path, or is kept out.
                if path not in kept_out and path not in above and not path.is_symlink():
                    yield path
