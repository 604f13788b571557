"""How the parser's process is started: under bubblewrap where that is installed and works, and never as root.

Under bubblewrap the process sees nothing but the program's own code, one scratch folder and its own processes; what it
gives up by itself (`confine`) holds beside that, and alone where bubblewrap does not work, as in most containers.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import msgspec

from cets.domains.intake.parser import confine

#: Nobody's own: on every Linux the user that owns no file. Processes started as root go on as this one.
NOBODY = 65534
PROGRAM = "bubblewrap"
FIX = "Install bubblewrap (apt install bubblewrap); it needs user namespaces, which containers and some systems shut off."
_COMMAND = "bwrap"
_TRY_SECONDS = 10.0
#: `--unshare-all` would take a user namespace where root starts it, and leave the process as root outside of it.
_AS_ROOT = (
    "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--cap-drop", "ALL",
    "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_CHOWN",
)  # fmt: skip
_AS_USER = ("--unshare-all", "--unshare-user", "--cap-drop", "ALL")
_DEVICES = ("/dev/null", "/dev/urandom")


class Walls(msgspec.Struct, frozen=True):
    """What stands around the process: words before its command; `missing`: why there are none."""

    before: tuple[str, ...] = ()
    missing: str = ""


def user_of_parsers() -> int | None:
    """Return as whom a parser goes on; None where we are no root, and it stays who we are."""
    return NOBODY if sys.platform == "linux" and os.geteuid() == 0 else None


@cache
def walls() -> Walls:
    """Look once whether bubblewrap is there and works; a machine does not change that under a running process."""
    if sys.platform != "linux":
        return Walls(missing=f"{PROGRAM} is for Linux alone")
    found = shutil.which(_COMMAND)
    if found is None:
        return Walls(missing=f"{PROGRAM} is not installed")
    rights = _AS_USER if user_of_parsers() is None else _AS_ROOT
    missing = ""
    # Where parts of /proc are covered, as by a service manager, neither can be had; `confine` refuses further namespaces, too.
    more = ("--proc", "/proc", *(("--disable-userns",) if rights is _AS_USER else ()))
    for beside in (more, ()):
        before = (found, *rights, *beside, *_mounts())
        missing = _tried(before)
        if not missing:
            return Walls(before)
    return Walls(missing=missing)


def _tried(before: Sequence[str]) -> str:
    """Start an interpreter within these walls that does nothing; return why that fails."""
    words = [*before, "--remount-ro", "/", "--", sys.executable, "-I", "-S", "-c", ""]
    try:
        done = subprocess.run(  # noqa: S603 - fixed words
            words, capture_output=True, check=False, timeout=_TRY_SECONDS, env={}, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{PROGRAM} does not start here ({type(error).__name__})"
    said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    return (
        f"{PROGRAM} is installed, and this system refuses it ({said or done.returncode})"
        if done.returncode
        else ""
    )


def command(words: Sequence[str], scratch: str) -> list[str]:
    """Return the words by which a program is started within the walls; without any, its own."""
    before = walls().before
    if not before:
        return list(words)
    shown = ["--bind", scratch, scratch, "--chdir", scratch, "--remount-ro", "/"]
    return [*before, *_way_to([scratch]), *shown, "--", *words]


def _mounts() -> tuple[str, ...]:
    shown = {*confine.own_code(), *_interpreter()} - set(_DEVICES)
    words = ["--new-session", "--die-with-parent", *_way_to([*shown, *_DEVICES])]
    for path in sorted(shown):
        if any(str(parent) in shown for parent in Path(path).parents):
            continue  # it shows within that
        words += ["--ro-bind", path, path]
    for path in _DEVICES:
        words += ["--dev-bind", path, path]
    return tuple(words)


def _interpreter() -> Iterator[str]:
    """Yield the interpreter, by every name on the way from ours to the real one."""
    path = Path(sys.executable)
    while path.is_symlink():
        yield str(path)
        path = path.parent / path.readlink()
    yield str(path.resolve())


def _way_to(paths: Iterable[str]) -> Iterator[str]:
    """Make the folders that lead there: by itself, bubblewrap lets only root enter them."""
    for folder in sorted({parent for path in paths for parent in Path(path).parents} - {Path("/")}):
        yield from ("--perms", "0755", "--dir", str(folder))
