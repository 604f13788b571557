"""Seccomp for the parser's process: the calls to the kernel that reading a file never needs fail, once for all.

Refused are sockets (a local database listens on one), processes and programs, signals to others, mounts and namespaces,
owners and modes of files (Landlock does not watch these), memory that outlives a process, and kernel interfaces with a
history of holes. A process that calls by another architecture's numbers is ended.
"""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable, Mapping

_PR_SET_SECCOMP, _FILTER = 22, 2
_CLONE_THREAD = 0x10000
_ALLOW, _REFUSE, _ABSENT, _END = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
_X32 = 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24
#: Of fcntl and ioctl: whom a descriptor tells by a signal, and by which. Older kernels' Landlock does not watch that.
_OWNERS = {"F_SETOWN": 8, "F_SETSIG": 10, "F_SETOWN_EX": 15, "FIOSETOWN": 0x8901, "SIOCSPGRP": 0x8902}

#: Numbers that are the same on every architecture.
_EVERYWHERE = {
    "pidfd_send_signal": 424, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "pidfd_open": 434, "pidfd_getfd": 438, "process_madvise": 440,
    "mount_setattr": 442, "quotactl_fd": 443, "memfd_secret": 447, "process_mrelease": 448, "fchmodat2": 452,
}  # fmt: skip
_X86_64 = {
    "socket": 41, "connect": 42, "accept": 43, "bind": 49, "listen": 50, "socketpair": 53, "accept4": 288,
    "fork": 57, "vfork": 58, "execve": 59, "execveat": 322, "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312,
    "rt_sigqueueinfo": 129, "tkill": 200, "rt_tgsigqueueinfo": 297, "setpriority": 141, "sched_setparam": 142, "sched_setscheduler": 144,
    "sched_setaffinity": 203, "ioprio_set": 251, "migrate_pages": 256, "move_pages": 279, "sched_setattr": 314,
    "pivot_root": 155, "chroot": 161, "mount": 165, "umount2": 166, "unshare": 272, "setns": 308, "acct": 163, "swapon": 167, "swapoff": 168,
    "reboot": 169, "sethostname": 170, "setdomainname": 171, "init_module": 175, "delete_module": 176, "finit_module": 313, "quotactl": 179,
    "kexec_load": 246, "kexec_file_load": 320, "syslog": 103, "settimeofday": 164, "adjtimex": 159, "clock_settime": 227, "clock_adjtime": 305,
    "iopl": 172, "ioperm": 173, "modify_ldt": 154, "personality": 135, "uselib": 134, "nfsservctl": 180, "lookup_dcookie": 212,
    "add_key": 248, "request_key": 249, "keyctl": 250, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323,
    "name_to_handle_at": 303, "open_by_handle_at": 304, "fanotify_init": 300, "memfd_create": 319, "shmget": 29, "semget": 64, "msgget": 68,
    "mq_open": 240, "mknod": 133, "mknodat": 259, "link": 86, "symlink": 88, "linkat": 265, "symlinkat": 266, "chmod": 90, "fchmod": 91,
    "chown": 92, "fchown": 93, "lchown": 94, "fchownat": 260, "fchmodat": 268, "utime": 132, "utimes": 235, "futimesat": 261, "utimensat": 280,
    "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190, "removexattr": 197, "lremovexattr": 198, "fremovexattr": 199,
}  # fmt: skip
_AARCH64 = {
    "socket": 198, "socketpair": 199, "bind": 200, "listen": 201, "accept": 202, "connect": 203, "accept4": 242,
    "execve": 221, "execveat": 281, "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
    "rt_sigqueueinfo": 138, "tkill": 130, "rt_tgsigqueueinfo": 240, "setpriority": 140, "sched_setparam": 118, "sched_setscheduler": 119,
    "sched_setaffinity": 122, "ioprio_set": 30, "migrate_pages": 238, "move_pages": 239, "sched_setattr": 274,
    "umount2": 39, "mount": 40, "pivot_root": 41, "chroot": 51, "unshare": 97, "setns": 268, "acct": 89, "swapon": 224, "swapoff": 225,
    "reboot": 142, "sethostname": 161, "setdomainname": 162, "init_module": 105, "delete_module": 106, "finit_module": 273, "quotactl": 60,
    "kexec_load": 104, "kexec_file_load": 294, "syslog": 116, "settimeofday": 170, "adjtimex": 171, "clock_settime": 112, "clock_adjtime": 266,
    "personality": 92, "nfsservctl": 42, "lookup_dcookie": 18, "add_key": 217, "request_key": 218, "keyctl": 219, "bpf": 280,
    "perf_event_open": 241, "userfaultfd": 282, "name_to_handle_at": 264, "open_by_handle_at": 265, "fanotify_init": 262, "memfd_create": 279,
    "shmget": 194, "semget": 190, "msgget": 186, "mq_open": 180, "mknodat": 33, "symlinkat": 36, "linkat": 37, "fchmod": 52, "fchmodat": 53,
    "fchownat": 54, "fchown": 55, "utimensat": 88, "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7, "removexattr": 14, "lremovexattr": 15,
    "fremovexattr": 16,
}  # fmt: skip
#: By machine: its AUDIT_ARCH, what is refused, and the calls that are looked at more closely.
_MACHINES: Mapping[str, tuple[int, dict[str, int], dict[str, int]]] = {
    "x86_64": (0xC000003E, _X86_64, {"clone": 56, "clone3": 435, "kill": 62, "tgkill": 234, "prlimit64": 302, "fcntl": 72, "ioctl": 16}),
    "aarch64": (0xC00000B7, _AARCH64, {"clone": 220, "clone3": 435, "kill": 129, "tgkill": 131, "prlimit64": 261, "fcntl": 25, "ioctl": 29}),
}  # fmt: skip

#: Where a jump leads: to the next line, or to the line of that name.
_Line = tuple[int, int, str | None, str | None]


def refuse_calls(libc: ctypes.CDLL) -> bool:
    """Let these calls fail from now on in this process; say whether that holds. `no new privileges` must be set."""
    known = _MACHINES.get(platform.machine())
    if known is None or sys.platform != "linux" or sys.maxsize < 2**32:
        return False
    architecture, refused, looked_at = known
    lines = _program(architecture, {*refused.values(), *_EVERYWHERE.values()}, looked_at, os.getpid())
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    program = Program(len(lines), ctypes.cast(code, ctypes.c_void_p))
    return bool(libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def _program(
    architecture: int, refused: Iterable[int], looked_at: Mapping[str, int], own: int
) -> list[tuple[int, int, int, int]]:
    labelled: list[tuple[str | None, _Line]] = [
        (None, (_LOAD, _ARCHITECTURE, None, None)),
        (None, (_EQUAL, architecture, None, "end")),
        (None, (_LOAD, _NUMBER, None, None)),
        (None, (_AT_LEAST, _X32, "refuse", None)),
        (None, (_EQUAL, looked_at["clone"], "clone", None)),
        # The C library then begins its threads by clone, whose flags can be seen here.
        (None, (_EQUAL, looked_at["clone3"], "absent", None)),
        (None, (_EQUAL, looked_at["kill"], "process", None)),
        (None, (_EQUAL, looked_at["tgkill"], "process", None)),
        (None, (_EQUAL, looked_at["prlimit64"], "limits", None)),
        (None, (_EQUAL, looked_at["fcntl"], "owner", None)),
        (None, (_EQUAL, looked_at["ioctl"], "owner", None)),
        *((None, (_EQUAL, call, "refuse", None)) for call in sorted(refused)),
        (None, (_ANSWER, _ALLOW, None, None)),
        ("clone", (_LOAD, _FIRST_ARGUMENT, None, None)),
        (None, (_ANY_BIT, _CLONE_THREAD, "allow", "refuse")),
        ("limits", (_LOAD, _FIRST_ARGUMENT, None, None)),
        (None, (_EQUAL, 0, "allow", "refuse")),
        ("owner", (_LOAD, _SECOND_ARGUMENT, None, None)),
        *((None, (_EQUAL, command, "refuse", None)) for command in sorted(_OWNERS.values())),
        (None, (_ANSWER, _ALLOW, None, None)),
        ("process", (_LOAD, _FIRST_ARGUMENT, None, None)),
        (None, (_EQUAL, own, "allow", "refuse")),
        ("allow", (_ANSWER, _ALLOW, None, None)),
        ("refuse", (_ANSWER, _REFUSE, None, None)),
        ("absent", (_ANSWER, _ABSENT, None, None)),
        ("end", (_ANSWER, _END, None, None)),
    ]
    places = {name: place for place, (name, _) in enumerate(labelled) if name}
    return [
        (code, *(places[to] - place - 1 if to else 0 for to in (hit, miss)), value)  # type: ignore[misc]
        for place, (_, (code, value, hit, miss)) in enumerate(labelled)
    ]
