"""Print the browser that the tests drive: the system's Chromium or Chrome, else one that is installed now.

With --no-install nothing is: the tests ask so when they were started without `make`.
Tests in a browser are never skipped for want of one: this fails with the line to type.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PLAYWRIGHTS = (
    "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
)


def main() -> int:
    """Print the path of a browser that runs; return the exit status."""
    found = chosen() or on_system() or (there() if "--no-install" in sys.argv else installed())
    if found:
        sys.stdout.write(f"{found}\n")
        return 0
    sys.stderr.write(
        "The tests need Chromium or Chrome; none was found or could be installed. Type one of these:\n"
        "  Debian, as root:  apt-get install chromium\n"
        "  anywhere:         .venv/bin/python -m playwright install --with-deps chromium\n"
        "  or name one:      make CETS_TEST_BROWSER=/path/to/chromium test\n"
    )
    return 1


def chosen() -> str | None:
    """Return the browser that was named, which must run."""
    named = os.environ.get("CETS_TEST_BROWSER")
    if named and not runs(named):
        sys.exit(f"CETS_TEST_BROWSER names {named}, which does not run.")
    return named


def on_system() -> str | None:
    """Return the system's browser."""
    candidates = [*(shutil.which(name) for name in NAMES), *MAC]
    return next((path for path in candidates if path and runs(path)), None)


def there() -> str | None:
    """Return Playwright's own browser, if it is there."""
    return playwrights_path(str(ROOT / ".venv" / "bin" / "python"))


def installed() -> str | None:
    """Return a browser that is installed now."""
    return from_debian() or from_playwright()


def from_debian() -> str | None:
    """Install Debian's package, where we are root there."""
    if os.geteuid() != 0 or not shutil.which("apt-get") or not Path("/etc/debian_version").exists():
        return None
    sys.stderr.write("Installing the package chromium for the tests\n")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (("update",), ("install", "--yes", "--no-install-recommends", "chromium")):
        done = subprocess.run(["apt-get", "--quiet", *words], env=quiet, stdout=sys.stderr, check=False)
        if done.returncode:
            return None
    return on_system()


def from_playwright() -> str | None:
    """Return Playwright's own browser, installed now if it is not there yet."""
    python = str(ROOT / ".venv" / "bin" / "python")
    if playwrights_path(python) is None:
        sys.stderr.write("Installing Playwright's own Chromium for the tests\n")
        subprocess.run([python, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=False)
    return playwrights_path(python)


def playwrights_path(python: str) -> str | None:
    """Return where Playwright's browser is, when it is there and runs."""
    done = subprocess.run([python, "-c", PLAYWRIGHTS], capture_output=True, text=True, check=False)
    path = done.stdout.strip()
    return path if path and runs(path) else None


def runs(path: str) -> bool:
    """Say whether a browser starts far enough to tell its version: a stand-in of some systems does not."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
