"""Delete the demo of a home folder, and nothing else that lies there. Usage: clean_demo.py HOME."""

import sys
from pathlib import Path

from cets.kernel.errors import CetsError
from cets.sites.console import homes


def main() -> int:
    """Delete the demo's home folder and what belongs to it elsewhere; return the exit status."""
    home = Path(sys.argv[1]).absolute()
    if not home.exists():
        sys.stderr.write(f"There is nothing in {home}.\n")
        return 0
    try:
        left = homes.delete_demo(home)
    except (CetsError, OSError) as error:
        sys.exit(str(error))
    sys.stderr.write(f"Deleted the demo in {home}.\n")
    for one in left:
        sys.stderr.write(f"Left: {one}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
