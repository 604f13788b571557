"""Build the front end when its sources changed since the last time. Needs Node 20.19 or later, and npm.

With `--check` it only says whether what it would need is there.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "src" / "cets" / "static" / "built"
MODULES = FRONTEND / "node_modules"
LEAST_NODE = (20, 19)
LOCKED = ("package.json", "package-lock.json")


def main() -> int:
    """Install and build what is out of date; return the exit status."""
    packages = digest([FRONTEND / name for name in LOCKED])
    sources = digest(source_files())
    installed, built = MODULES / ".installed", MODULES / ".built"
    fresh = read(installed) == packages
    if fresh and read(built) == sources and has_result():
        return 0
    problem = missing_node()
    if problem:
        sys.stderr.write(problem)
        return 1
    if "--check" in sys.argv:
        return 0
    if not fresh:
        say("Installing the front end's packages")
        run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
        installed.write_text(packages)
    say("Building the front end")
    run("npm", "run", "--silent", "build")
    built.write_text(sources)
    return 0


def missing_node() -> str | None:
    """Return how to get a Node that will do, or None."""
    found = node_version()
    if found and found >= LEAST_NODE and shutil.which("npm"):
        return None
    seen = f"Node {found[0]}.{found[1]} is here" if found else "no Node is here"
    if found and found >= LEAST_NODE:
        seen = "npm is not here"
    return (
        f"The front end is built with Node 20.19 or later and npm, and {seen}. Install it and try again:\n"
        "  Debian 13+, Ubuntu 25.10+:  apt-get install nodejs npm\n"
        "  macOS:                      brew install node\n"
        "  elsewhere:                  the packages of the Node project, version 20.19, 22.12 or later\n"
    )


def node_version() -> tuple[int, int] | None:
    """Return the version of the Node that would run, or None."""
    try:
        done = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    number = re.match(r"v(\d+)\.(\d+)", done.stdout)
    return (int(number[1]), int(number[2])) if number else None


def source_files() -> list[Path]:
    """Return every file that the build reads."""
    files = (path for path in FRONTEND.rglob("*") if MODULES not in path.parents)
    return sorted(path for path in files if path.is_file())


def has_result() -> bool:
    return (BUILT / ".vite" / "manifest.json").is_file()


def digest(paths: list[Path]) -> str:
    """Return one hash over names and contents."""
    total = hashlib.sha256()
    for path in paths:
        total.update(str(path.relative_to(FRONTEND)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def read(path: Path) -> str | None:
    return path.read_text() if path.is_file() else None


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def run(*words: str) -> None:
    """Run a command in the front end's folder; its words go to standard error."""
    done = subprocess.run(words, check=False, cwd=FRONTEND, stdout=sys.stderr, stdin=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(f"This failed in {FRONTEND}, and the message is above: {' '.join(words)}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # stopped by whoever started it: nothing to explain
