"""Stop the demo of a home folder and delete all of it. Usage: clean_demo.py HOME."""

import shutil
import sys
from pathlib import Path

from cets.adapters.postgres import Cluster

MARKS = ("cets.toml", "postgres")


def main() -> int:
    """Delete the home folder and what belongs to it elsewhere; return the exit status."""
    home = Path(sys.argv[1]).absolute()
    if not home.exists():
        sys.stderr.write(f"There is nothing in {home}.\n")
        return 0
    if not any((home / mark).exists() for mark in MARKS):
        sys.exit(f"{home} does not look like a CETS home folder, so nothing was deleted.")
    Cluster(home).destroy()
    shutil.rmtree(home)
    sys.stderr.write(f"Deleted {home}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
