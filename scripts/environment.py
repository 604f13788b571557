"""Make `.venv` hold exactly what a lock file says, and this checkout; quick when it does already.

Usage: environment.py product|dev. Needs nothing but the standard library, since it runs before all else.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = VENV / "stamps.json"
LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("product", "dev")}
NEED_OF_VENV = ("venv", "ensurepip")


def main() -> int:
    """Bring the environment up to date; return the exit status."""
    lock = sys.argv[1]
    problem = missing_part()
    if problem:
        sys.stderr.write(problem)
        return 1
    with alone():
        if not has_sound_venv():
            say("Making the environment .venv")
            run(sys.executable, "-m", "venv", "--clear", str(VENV))
        wanted = stamps_for(lock)
        missing = {name: mark for name, mark in wanted.items() if stamps().get(name) != mark}
        if lock in missing:
            install_lock(lock)
        if missing:
            install_checkout()
            STAMPS.write_text(json.dumps({**stamps(), **wanted}))
    return 0


def missing_part() -> str | None:
    """Return how to get the part of Python that is missing, or None."""
    if all(importlib.util.find_spec(name) for name in NEED_OF_VENV):
        return None
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return (
        f"Python {version} is here without its part that makes environments. Install it and try again:\n"
        f"  Debian, Ubuntu:  apt-get install python{version}-venv\n"
        "  elsewhere:       a Python with venv and ensurepip, named by make PYTHON=/path/to/python3\n"
    )


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let one door work on the environment at a time."""
    descriptor = os.open(ROOT / "requirements", os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def has_sound_venv() -> bool:
    """Say whether `.venv` was made here, by a Python that is still there."""
    question = "import sys, pip; print(sys.prefix)"
    try:
        done = subprocess.run([python(), "-c", question], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    same_place = Path(done.stdout.strip()).resolve() == VENV.resolve()
    # The commands in bin/ name their place; in a tree that was moved or copied they would run another's.
    script = VENV / "bin" / "pip"
    return same_place and script.exists() and str(VENV) in script.read_text(errors="replace")[:400]


def stamps_for(lock: str) -> dict[str, str]:
    """Return what the stamps say when all is in place."""
    wanted = {lock: digest(LOCKS[lock]), "checkout": digest(ROOT / "pyproject.toml")}
    if lock == "dev" and pins(LOCKS["product"]) <= pins(LOCKS["dev"]):
        wanted["product"] = digest(LOCKS["product"])
    return wanted


def stamps() -> dict[str, str]:
    """Return what was put in place before."""
    try:
        return dict(json.loads(STAMPS.read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def pins(lock: Path) -> set[str]:
    """Return the lines of a lock that name a package and its version."""
    return set(re.findall(r"^([A-Za-z0-9][^ ;\\]*==[^ ;\\]+)", lock.read_text(), re.MULTILINE))


def install_lock(lock: str) -> None:
    """Install the packages of a lock, each only when its hash is one of those written down."""
    say(f"Installing the packages of requirements/{lock}.txt (a minute or two the first time)")
    pip("--require-hashes", "--only-binary=:all:", "-r", str(LOCKS[lock]))
    remove_surplus()


def remove_surplus() -> None:
    """Remove what no lock names: what is there by chance would be missed only on another machine."""
    kept = {named(pin.partition("==")[0]) for pin in pins(LOCKS["dev"])} | {"pip", "setuptools", "cets"}
    surplus = [name for name in installed() if named(name) not in kept]
    if surplus:
        run(python(), "-m", "pip", "uninstall", "--quiet", "--yes", *surplus)


def installed() -> list[str]:
    """Return the names of the packages that are there."""
    words = (python(), "-m", "pip", "list", "--format=json", "--disable-pip-version-check")
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return [each["name"] for each in json.loads(done.stdout)]


def named(package: str) -> str:
    """Return a package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", package).lower()


def install_checkout() -> None:
    """Put this checkout into the environment, built with the pinned tools and nothing fetched."""
    pip("--no-build-isolation", "--no-deps", "--no-index", "--force-reinstall", "-e", str(ROOT))


def pip(*words: str) -> None:
    run(python(), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", *words)


def python() -> str:
    return str(VENV / "bin" / "python")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def run(*words: str) -> None:
    """Run a command; when it fails its own words have said why, and we stop."""
    clean = {name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "PYTHONPATH"}}
    done = subprocess.run(words, check=False, cwd=ROOT, env=clean)
    if done.returncode:
        sys.exit(f"This failed, and the message is above: {' '.join(words)}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # stopped by whoever started it: nothing to explain
