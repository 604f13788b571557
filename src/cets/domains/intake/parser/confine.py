"""What the parser's process gives up before it sees a foreign byte. Elsewhere than on Linux only limits hold.

Each step is tried on its own and reports whether it holds, as containers and older kernels refuse some. None
of them is needed for the parsers to work: a parser that breaks one of them is broken or taken over.
"""

import ctypes
import platform
import resource
import struct
import sys
import sysconfig
from pathlib import Path

from cets.kernel import landlock

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 38, 22
_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000

#: Calls that reading a file never needs: sockets (a local database listens on one), other processes,
#: programs, kernel interfaces with a history of holes. By machine: (AUDIT_ARCH, numbers).
_REFUSED_CALLS = {
    "x86_64": (
        0xC000003E,
        (41, 42, 43, 49, 50, 53, 57, 58, 59, 101, 165, 166, 246, 250, 272, 288, 298, 308, 310, 311, 321,
         322, 323, 425, 438),
    ),
    "aarch64": (
        0xC00000B7,
        (39, 40, 97, 104, 117, 198, 199, 200, 201, 202, 203, 219, 221, 241, 242, 268, 270, 271, 280, 281, 282,
         425, 438),
    ),
}  # fmt: skip


def limit(*, memory: int) -> None:
    """Set the limits that hold for the whole life of the process. The memory limit cannot be raised again."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def confine(scratch: str) -> tuple[str, ...]:
    """Give up what can be given up; return the names of the protections that hold."""
    libc = ctypes.CDLL(None, use_errno=True)
    steps = (
        ("no new privileges", lambda: libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0),
        ("no network", lambda: _leave_network(libc)),
        ("no foreign files", lambda: _close_files(scratch)),
        ("no foreign calls", lambda: _refuse_calls(libc)),
    )
    if sys.platform != "linux":
        return ()
    return tuple(name for name, step in steps if step())


def _leave_network(libc: ctypes.CDLL) -> bool:
    alone = _CLONE_NEWNET | _CLONE_NEWIPC
    # With a user namespace even root keeps no right over the machine; some containers allow only the second.
    return bool(libc.unshare(_CLONE_NEWUSER | alone) == 0 or libc.unshare(alone) == 0)


def _close_files(scratch: str) -> bool:
    """Nothing can be opened but the program's own code, and written only in the scratch folder."""
    code = [(Path(path), landlock.READ) for path in _own_code()]
    return landlock.restrict([*code, (Path(scratch), landlock.WRITE_FILES)], network=False)


def _own_code() -> set[str]:
    paths = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), sys.prefix, *sys.path}
    paths |= {"/usr/lib", "/usr/local/lib", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/localtime"}
    paths |= {"/etc/ld.so.cache", "/dev/null", "/dev/urandom"}
    return {path for path in paths if path and Path(path).exists()}


def _refuse_calls(libc: ctypes.CDLL) -> bool:
    """Seccomp: the calls above fail; another architecture's numbering ends the process."""
    known = _REFUSED_CALLS.get(platform.machine())
    if known is None or sys.maxsize < 2**32:
        return False
    arch, calls = known
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    refuse, allow, kill = 0x00050001, 0x7FFF0000, 0x80000000
    count = len(calls)
    program = [
        (load, 0, 0, 4),  # the architecture
        (equal, 1, 0, arch),
        (answer, 0, 0, kill),
        (load, 0, 0, 0),  # the number of the call
        # A hit jumps to the last line, past "allow"; distances count from the next instruction.
        (at_least, count + 1, 0, 0x40000000),  # the x32 numbering
        *((equal, count - index, 0, call) for index, call in enumerate(calls)),
        (answer, 0, 0, allow),
        (answer, 0, 0, refuse),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in program))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    filter_program = Program(len(program), ctypes.cast(code, ctypes.c_void_p))
    return bool(libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(filter_program), 0, 0) == 0)
