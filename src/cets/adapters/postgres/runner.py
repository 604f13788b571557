"""As whom the server runs. PostgreSQL refuses root, and for good reason.

An ordinary user runs it directly. Root runs it inside a user namespace, where root's own number shows as
1000 and carries no privilege: the files stay root's, no account is made and no folder is opened up. Where
namespaces are switched off, root steps down to an account that is there already.
"""

import functools
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cets.kernel.errors import CetsError

ACCOUNTS = ("nobody", "daemon")


class CannotRun(CetsError):
    """This account cannot start the database."""


@dataclass(frozen=True)
class Runner:
    """How a program is started so that it is not root: words before it, or an account to become."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    @property
    def owner(self) -> int:
        """The number, seen from outside, of whoever owns the data."""
        return os.geteuid() if self.uid is None else self.uid

    def command(self, *words: str) -> list[str]:
        return [*self.prefix, *words]

    def becoming(self) -> dict[str, Any]:
        """Return the arguments of `subprocess` that change the account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, *words: str) -> bool:
        """Say whether a short command succeeds as this runner: asks the system instead of reading modes."""
        try:
            subprocess.run(  # noqa: S603  # our own fixed commands
                self.command(*words),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=True,
                cwd="/",
                timeout=20,
                **self.becoming(),
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return True

    def give(self, path: Path) -> None:
        """Hand a file or folder that we have just made to the runner's account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def choose(data: Path) -> Runner:
    """Return how to run a server over `data`, which need not exist yet. Raises CannotRun."""
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise CannotRun(
                f"The database in {data} belongs to {_name(owner)}: run the command as that account."
            )
        return Runner()
    if owner:
        return _account(pwd.getpwuid(owner))
    if namespaces_work():
        return namespace()
    if owner == 0:
        raise CannotRun(
            f"The database in {data} was made in a user namespace, and this machine no longer allows those. "
            "Allow them (sysctl user.max_user_namespaces), or run CETS as an ordinary user."
        )
    return existing_account()


def namespace() -> Runner:
    """Return the runner that hides root inside a user namespace."""
    return Runner(
        (shutil.which("unshare") or "unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
    )


@functools.cache
def namespaces_work() -> bool:
    """Say whether a user namespace can be made here."""
    return namespace().can("true")


def existing_account() -> Runner:
    """Return the runner that steps down to an unprivileged account of the system. Raises CannotRun."""
    for name in ACCOUNTS:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise CannotRun(
        "PostgreSQL does not run as root, user namespaces are switched off, and there is no account "
        f"{' or '.join(ACCOUNTS)} to run it as. Run CETS as an ordinary user, or set DATABASE_URL."
    )


def _account(entry: pwd.struct_passwd) -> Runner:
    return Runner(uid=entry.pw_uid, gid=entry.pw_gid)


def _name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return f"number {uid}"
