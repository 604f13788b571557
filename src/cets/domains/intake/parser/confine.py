"""What the parser's process gives up before it sees a foreign byte. Elsewhere than on Linux only limits hold.

Each step is tried on its own and reports whether it holds, as containers and older kernels refuse some. None
of them is needed for the parsers to work: a parser that breaks one of them is broken or taken over.
"""

import ctypes
import os
import resource
import signal
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

from cets.domains.intake.parser import reach
from cets.domains.intake.parser.refused_calls import refuse_calls
from cets.kernel import landlock

OWN_USER, NO_PRIVILEGES, NO_NETWORK, NO_FILES, NO_CALLS = (
    "own user", "no new privileges", "no network", "no foreign files", "no foreign calls",
)  # fmt: skip

#: Of each step: what it means, what is so without it, and the way to it.
MEANINGS = {
    NO_PRIVILEGES: ("it cannot gain rights", "a program with rights of its own could give them to it", "Run CETS on Linux."),
    NO_NETWORK: (
        "it has none, not even that of this machine", "it could reach servers of this machine, as far as its calls are not refused",
        "Allow user namespaces (sysctl user.max_user_namespaces), or give the container CAP_SYS_ADMIN.",
    ),
    NO_FILES: (
        "it opens its own program, its scratch folder and the file in hand (Landlock)", "it could open whatever its user may open",
        "Linux 5.13 or later with Landlock switched on (lsm=landlock,...).",
    ),
    NO_CALLS: (
        "it makes no socket, process or mount, and signals nobody (seccomp)", "it could make sockets and processes",
        "Linux with seccomp, on x86-64 or ARM64.",
    ),
}  # fmt: skip

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000


def limit(*, memory: int) -> None:
    """Set the limits that hold for the whole life of the process. The memory limit cannot be raised again."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def confine(scratch: str, *, user: int | None = None, is_walled: bool = False) -> tuple[str, ...]:
    """Give up what can be given up; return the names of the protections that hold.

    `user`: as whom to go on, where the process was started as root. `is_walled`: it runs under bubblewrap, in namespaces
    of its own, and could make no further ones.
    """
    if sys.platform != "linux":
        return ()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # no parser outlives whoever started it
    has_left = is_walled or libc.unshare(_CLONE_NEWNET | _CLONE_NEWIPC) == 0
    is_own = user is not None and _become(user, scratch, libc)
    if is_own:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # a change of user cleared it
    steps: tuple[tuple[str, Callable[[], bool]], ...] = (
        (OWN_USER, lambda: is_own),
        (NO_PRIVILEGES, lambda: bool(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)),
        (NO_NETWORK, lambda: has_left or _leave_network(libc)),
        (NO_FILES, lambda: _close_files(scratch)),
        (NO_CALLS, lambda: refuse_calls(libc)),
    )
    held = tuple(name for name, step in steps if step())
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))  # root alone could begin processes all the same
    return held


def _become(user: int, scratch: str, libc: ctypes.CDLL) -> bool:
    """Go on as another user than root, for good; say whether that holds.

    Where the program's code cannot be brought into that user's reach, the process stays as it is: a parser that cannot
    load its own modules would read nothing.
    """
    if not reach.open_up({*own_code(), scratch}, libc):
        return False
    try:
        os.chown(scratch, user, user)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError:
        return False
    return True


def _leave_network(libc: ctypes.CDLL) -> bool:
    return bool(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC) == 0)


def _close_files(scratch: str) -> bool:
    """Nothing can be opened but the program's own code, and written only in the scratch folder."""
    code = [(Path(path), landlock.READ) for path in own_code()]
    return landlock.restrict([*code, (Path(scratch), landlock.WRITE_FILES)], network=False)


def own_code() -> set[str]:
    """Return the files and folders that the program itself consists of, by which it runs."""
    paths = {sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")}
    paths |= {sys.prefix, str(Path(__file__).parents[4])}
    paths |= {"/usr/lib", "/usr/local/lib", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/localtime"}
    paths |= {"/etc/ld.so.cache", "/dev/null", "/dev/urandom"}
    return {path for path in paths if path and Path(path).exists()}
