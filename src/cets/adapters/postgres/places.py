"""Where a cluster's parts lie: in the home folder, unless the server could not reach it there."""

import hashlib
import os
import re
import secrets
import shutil
import stat
import tempfile
from pathlib import Path

from cets.adapters.postgres.binaries import Binaries
from cets.adapters.postgres.runner import CannotRun, Runner

# sun_path holds 104 bytes on macOS and 108 on Linux, the closing zero and PostgreSQL's ".lock" included.
LONGEST_SOCKET_PATH = 97
SOCKET_NAME = ".s.PGSQL.5432"
OUTSIDE = ("/var/lib", "/var/tmp")  # noqa: S108  # folders are made there by mkdtemp


class Places:
    """The files of one cluster. `root` is ours; data may have to lie elsewhere, and a note says where."""

    def __init__(self, home: Path) -> None:
        self.home = home.absolute()
        self.root = self.home / "postgres"

    @property
    def gate(self) -> Path:
        return self.root / "gate.lock"

    @property
    def users(self) -> Path:
        return self.root / "users.lock"

    @property
    def server(self) -> Path:
        return self.root / "server.lock"

    @property
    def log(self) -> Path:
        return self.root / "server.log"

    @property
    def base(self) -> Path:
        """The folder that holds the data: `root`, or the one noted by `settle`."""
        return _read(self.root / "place") or self.root

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def socket(self) -> Path:
        """The folder of the socket: beside the data when its path is short and plain enough."""
        return _read(self.root / "socket") or self._preferred_socket()

    def notes_of_a_server(self) -> list[Path]:
        """Return the files that a running server keeps and a killed one leaves behind."""
        return [self.data / "postmaster.pid", self.socket / f"{SOCKET_NAME}.lock", self.socket / SOCKET_NAME]

    def make(self) -> None:
        """Make the cluster's own folder."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def outside(self) -> list[Path]:
        """Return the folders that belong to this cluster and lie outside its home."""
        apart = [self.base] if self.socket.is_relative_to(self.base) else [self.base, self.socket]
        return [p for p in apart if p.exists() and not p.is_relative_to(self.home)]

    def settle(self, runner: Runner) -> None:
        """Choose where a new cluster's data lies: in the home, else where the runner's account can reach.

        Raises CannotRun when it was put elsewhere before and that folder is gone.
        """
        if not self.base.exists():
            raise CannotRun(f"The database of {self.home} was in {self.base}, and that folder is gone.")
        if self.base != self.root or runner.can("sh", "-c", 'cd "$1" && test -r .', "sh", str(self.root)):
            return
        folder = _folder_outside()
        runner.give(folder)
        _write(self.root / "place", folder)

    def open_socket_folder(self, runner: Runner) -> Path:
        """Return the socket's folder, made if need be; nobody but us may have it. Raises CannotRun."""
        folder = self.socket
        if not folder.is_relative_to(self.base):
            # Noted, for the next command may see another TMPDIR.
            _write(self.root / "socket", folder)
        try:
            folder.mkdir(mode=0o700)
            runner.give(folder)
        except FileExistsError:
            _check_ours(folder, runner)
        return folder

    def reachable(self, binaries: Binaries, runner: Runner) -> Binaries:
        """Return the binaries, or a copy of their tree where the runner's account cannot read them."""
        if runner.can(binaries.program("postgres"), "--version"):
            return binaries
        copy = self.base / f"postgresql-{binaries.major}"
        if not copy.exists():
            unfinished = Path(f"{copy}.new")
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(binaries.folder.parent, unfinished, symlinks=True)
            unfinished.rename(copy)
        copied = Binaries(copy / "bin", binaries.major)
        if not runner.can(copied.program("postgres"), "--version"):
            raise CannotRun(f"The account that runs the database cannot read {copied.folder}.")
        return copied

    def password(self, user: str) -> str:
        """Return a role's password, made at random when it is first asked for and kept in a 0600 file."""
        if not re.fullmatch(r"\w+", user):
            raise ValueError(f"{user!r} is no role name")
        folder = self.root / "passwords"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / user
        if not path.exists():
            # Two processes may ask first at once: the link is made by one, and both read what it made.
            with tempfile.NamedTemporaryFile("w", dir=folder, delete=False) as written:
                written.write(secrets.token_urlsafe(32))
                written.flush()
                os.fsync(written.fileno())
            try:
                os.link(written.name, path)
            except FileExistsError:
                pass
            finally:
                Path(written.name).unlink()
        return path.read_text()

    def _preferred_socket(self) -> Path:
        beside = self.base / "run"
        # A comma parts two folders in the server's setting and two hosts in the client's.
        plain = not set(str(beside)) & set(",'\"\\\n")
        if plain and len(os.fsencode(beside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return beside
        mark = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return _short_folder() / f"cets-{os.geteuid()}-{mark}"


def _short_folder() -> Path:
    wished = (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp")  # noqa: S108  # checked in _check_ours
    room = LONGEST_SOCKET_PATH - len(f"/cets-{os.geteuid()}-{'0' * 12}/{SOCKET_NAME}")
    return next(
        Path(f) for f in wished if f and len(os.fsencode(f)) <= room and os.access(f, os.W_OK | os.X_OK)
    )


def _check_ours(folder: Path, runner: Runner) -> None:
    found = folder.lstat()
    if (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == runner.owner
        and not stat.S_IMODE(found.st_mode) & 0o077
    ):
        return
    raise CannotRun(
        f"{folder} should be the folder of the database's socket, open to nobody else, but it belongs to "
        "another account or others may enter it. Remove it, or set TMPDIR to a folder of your own."
    )


def _folder_outside() -> Path:
    for parent in OUTSIDE:
        try:
            return Path(tempfile.mkdtemp(prefix="cets-", dir=parent))
        except OSError:
            continue
    raise CannotRun(f"No folder for the database could be made in {' or '.join(OUTSIDE)}.")


def _read(note: Path) -> Path | None:
    try:
        return Path(note.read_text())
    except FileNotFoundError:
        return None


def _write(note: Path, path: Path) -> None:
    unfinished = note.with_suffix(".new")
    unfinished.write_text(str(path))
    unfinished.replace(note)
