"""What somebody would try who has taken over the parser: run in its place, in its process, after all that it gives up.

`ATTEMPTS` by name: each returns what it reached, or raises. They are run by `child.main` with `read_rows` replaced, so
that nothing of the way there differs from that of a real file.
"""

# The bare calls are what is tried:
# ruff: noqa: PTH101, PTH104, PTH108, PTH115, PTH208, PTH211
import contextlib
import ctypes
import errno
import json
import mmap
import os
import resource
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Facts = dict[str, Any]
Attempt = Callable[[Facts], object]
#: None: raised here, where looking found nothing.
REFUSALS = {
    errno.EPERM,
    errno.EACCES,
    errno.EROFS,
    errno.ENOSYS,
    errno.EMFILE,
    errno.EFBIG,
    errno.ENOMEM,
    errno.EAGAIN,
    errno.ENOSPC,
    None,
}
_NR = {"x86_64": {"mount": 165, "unshare": 272, "bpf": 321, "io_uring_setup": 425, "memfd_create": 319, "process_vm_readv": 310},
       "aarch64": {"mount": 40, "unshare": 97, "bpf": 280, "io_uring_setup": 425, "memfd_create": 279, "process_vm_readv": 270}}  # fmt: skip


def call(name: str, *arguments: Any) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    done = int(libc.syscall(_NR[os.uname().machine][name], *arguments))
    if done < 0:
        raise OSError(ctypes.get_errno(), name)
    return done


def connect(family: int, address: Any) -> str:
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.settimeout(2)
        sock.connect(address)
    return "connected"


def begin(what: Callable[[], int]) -> str:
    child = what()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return "a process began"


def trace(pid: int) -> str:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(16, pid, 0, 0) != 0:  # attach
        raise OSError(ctypes.get_errno(), "ptrace")
    libc.ptrace(17, pid, 0, 0)
    return "traced"


def send(pid: int, number: int = signal.SIGTERM) -> str:
    os.kill(pid, number)
    return "signalled"


def write(path: str) -> str:
    Path(path).write_text("owned")
    return "written"


def reopen_to_write(_: Facts) -> str:
    for name in range(64):
        with contextlib.suppress(OSError):
            target = os.readlink(f"/proc/self/fd/{name}")
            if "memfd" in target or "cets" in target:
                fd = os.open(f"/proc/self/fd/{name}", os.O_RDWR)
                os.pwrite(fd, b"forged", 0)
                return f"wrote to {target}"
    raise PermissionError


def names_of_others(facts: Facts) -> str:
    for other in (os.getppid(), facts["victim"], 1):
        if other != os.getpid():
            with contextlib.suppress(OSError):
                return Path(f"/proc/{other}/environ").read_bytes().decode() or "environment read"
            with contextlib.suppress(OSError):
                return Path(f"/proc/{other}/cmdline").read_bytes().decode() or "words read"
    raise PermissionError


def secrets_in_environment(_: Facts) -> str:
    known = {"PYTHONPATH", "LANG", "MALLOC_ARENA_MAX", "TMPDIR", "PWD", "LC_CTYPE"}
    if left := set(os.environ) - known:
        return f"environment: {sorted(left)}"
    raise PermissionError


def open_descriptors(_: Facts) -> str:
    """Nothing but /dev/null, its socket, its own status and the file that it was given may be open."""
    left = []
    for name in range(64):
        with contextlib.suppress(OSError):
            target = os.readlink(f"/proc/self/fd/{name}")
            known = ("/dev/null", "socket:", "/memfd:", "/proc/", "anon_inode:")
            if not target.startswith(known) and "(deleted)" not in target:
                left.append(target)
    if left:
        return f"open: {left}"
    raise PermissionError


def swell(_facts: Facts) -> str:
    held = []
    for _ in range(40):
        held.append(mmap.mmap(-1, 64 << 20))
        held[-1][::4096] = b"x" * len(range(0, 64 << 20, 4096))
    return f"{len(held) * 64} MB of memory"


def raise_limits(_: Facts) -> str:
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    return "more memory allowed"


def limits_of_others(facts: Facts) -> str:
    resource.prlimit(facts["victim"], resource.RLIMIT_NOFILE, (1, 1))
    return "limits of another process set"


def open_without_end(_: Facts) -> str:
    held: list[int] = []
    try:
        held.extend(os.open("/dev/null", os.O_RDONLY) for _ in range(200))
    finally:
        for fd in held:
            os.close(fd)
    return f"{len(held)} files open"


def fill_one_file(_: Facts) -> str:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with tempfile.TemporaryFile() as file:
        os.posix_fallocate(file.fileno(), 0, 1 << 40)
    return "a terabyte reserved"


def many_threads(_: Facts) -> str:
    done = threading.Event()
    threads = [threading.Thread(target=done.wait, daemon=True) for _ in range(8)]
    try:
        for thread in threads:
            thread.start()
    except RuntimeError as error:
        raise PermissionError from error
    finally:
        done.set()
    return "threads began"


def become_root(_: Facts) -> str:
    if os.getuid() == 0:
        return "is root"
    try:
        os.setuid(0)
    except OSError as error:  # in a namespace of its own there is no such user
        raise PermissionError from error
    return "became root"


ATTEMPTS: dict[str, Attempt] = {
    "be root": become_root,
    "read the passwords": lambda _: Path("/etc/shadow").read_text(),
    "read a key": lambda facts: Path(facts["key"]).read_text(),
    "list the instance": lambda facts: os.listdir(facts["home"]),
    "list the temporary folder": lambda _: os.listdir("/tmp"),
    "list the root": lambda _: sorted(set(os.listdir("/")) & {"home", "srv", "var"}) or 1 / 0,
    "write beside": lambda facts: write(facts["home"] + "/owned"),
    "write to the temporary folder": lambda _: write("/tmp/cets-owned"),
    "write to its own program": lambda facts: write(facts["code"] + "/owned.py"),
    "change a key's mode": lambda facts: os.chmod(facts["key"], 0o777),
    "change a key's times": lambda facts: os.utime(facts["key"], (1, 1)),
    "cut a key": lambda facts: os.truncate(facts["key"], 0),
    "remove a key": lambda facts: os.unlink(facts["key"]),
    "move a key": lambda facts: os.rename(facts["key"], "here"),
    "link to a key": lambda facts: os.link(facts["key"], "here"),
    "make a link": lambda _: os.symlink("/etc/shadow", "there"),
    "make a device": lambda _: os.mknod("device", 0o20600, os.makedev(1, 1)),
    "make a pipe": lambda _: os.mkfifo("pipe"),
    "write to the file in hand": reopen_to_write,
    "connect by IPv4": lambda facts: connect(socket.AF_INET, ("127.0.0.1", facts["port"])),
    "connect by IPv6": lambda facts: connect(socket.AF_INET6, ("::1", facts["port"])),
    "connect by a file": lambda facts: connect(socket.AF_UNIX, facts["socket"]),
    "connect by an abstract name": lambda facts: connect(socket.AF_UNIX, "\0" + facts["abstract"]),
    "connect to the database": lambda facts: connect(socket.AF_UNIX, facts["database"]),
    "listen": lambda _: socket.create_server(("127.0.0.1", 0)) and "listens",
    "send a datagram": lambda _: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
    "speak to the kernel's network": lambda _: socket.socket(16, socket.SOCK_RAW, 0) and "netlink",
    "fork": lambda _: begin(os.fork),
    "spawn": lambda _: os.posix_spawn("/bin/true", ["true"], {}),
    "run a program": lambda _: os.execv("/bin/sh", ["sh", "-c", "exit 7"]),
    "run its own interpreter": lambda _: os.execv(sys.executable, ["python", "-c", ""]),
    "begin threads": many_threads,
    "signal its parent": lambda _: send(os.getppid(), signal.SIGCONT),
    "signal another": lambda facts: send(facts["victim"]),
    "signal all": lambda _: send(-1, signal.SIGCONT),
    "trace its parent": lambda _: trace(os.getppid()),
    "trace another": lambda facts: trace(facts["victim"]),
    "read another's memory": lambda facts: call("process_vm_readv", facts["victim"], None, 0, None, 0, 0) + 1,
    "hold another process": lambda facts: os.pidfd_open(facts["victim"]),
    "set another's limits": limits_of_others,
    "slow another down": lambda facts: os.setpriority(os.PRIO_PROCESS, facts["victim"], 19),
    "read of other processes": names_of_others,
    "find a secret in the environment": secrets_in_environment,
    "find an open file": open_descriptors,
    "mount": lambda _: call("mount", b"tmpfs", b"/tmp", b"tmpfs", 0, None) + 1,
    "leave its namespaces": lambda _: call("unshare", 0x10000000) + 1,
    "load a program into the kernel": lambda _: call("bpf", 0, None, 0),
    "open a ring": lambda _: call("io_uring_setup", 1, None),
    "take memory without a name": lambda _: call("memfd_create", b"x", 0),
    "change the root": lambda _: os.chroot("."),
    "take all memory": swell,
    "lift its own limits": raise_limits,
    "open files without end": open_without_end,
    "fill the disk with one file": fill_one_file,
}  # fmt: skip


def tried(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the name of each attempt and what it reached: nothing where it was denied."""
    for name, attempt in ATTEMPTS.items():
        try:
            reached = attempt(facts)
        except (MemoryError, ZeroDivisionError):
            yield name, ""
        except OSError as error:
            # What fails for another reason than a refusal would prove nothing.
            is_hidden = facts["walled"] and error.errno in {errno.ENOENT, errno.ESRCH}
            yield name, "" if is_hidden or error.errno in REFUSALS else f"failed otherwise: {error!r}"
        except ValueError as error:
            yield name, "" if "limit" in str(error) else repr(error)
        else:
            yield name, f"reached {reached!r}"[:200]


def main(words: list[str]) -> None:
    """Be the parser's process, but for what it makes of a file."""
    from cets.domains.intake.parser import child
    from cets.domains.intake.rows import FreeText

    def read_rows(_source: object, file: Any, _request: object) -> Iterator[FreeText]:
        facts = json.loads(file.read())
        for name, reached in tried(facts):
            yield FreeText(text=json.dumps([name, reached]), place="attempt")

    child.read_rows = read_rows  # type: ignore[assignment]
    child.main(words)


if __name__ == "__main__":
    main(sys.argv[1:])
