"""Home folders: where an instance may be made, and what of a demo may be deleted again."""

import json
import shutil
import tomllib
from collections.abc import Iterable
from pathlib import Path

from cets.adapters.postgres import Cluster
from cets.kernel.errors import CetsError
from cets.settings import types

SETTINGS = "cets.toml"
#: Marks a home from its first moment until all of it is there: what a stop leaves can be told from a stranger's files.
BEGUN = "cets.toml.begun"
NATION = "nation"
LOADED = "nation-loaded"
#: All that an instance keeps in its home folder; its settings last, so that a deletion can be taken up again.
NAMES = (
    "blobs", "heads", "keys", "postgres", "secrets", "tmp", NATION, LOADED, "cets.toml.unfinished", BEGUN, SETTINGS,
)  # fmt: skip
#: What an empty disk holds.
_OF_THE_DISK = {"lost+found"}
_MOST_NAMED = 5


class AlreadyAnInstance(CetsError):
    """There is an instance in this folder already. Nothing was changed."""


class NotFree(CetsError):
    """The folder is no place for a new instance: it holds somebody else's files. Nothing was changed."""


class NotADemo(CetsError):
    """The folder is not the home of a demo, so nothing was deleted."""


class StillRunning(CetsError):
    """The demo is running. Nothing was deleted."""


def begin(home: Path, *, demo: bool) -> None:
    """Take an empty folder, or one where making an instance was broken off. Raises AlreadyAnInstance, NotFree."""
    check_free(home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (home / BEGUN).exists():
        # Nobody has used these yet: there is no database before the settings are whole.
        _delete(home / name for name in ("secrets", "keys", "heads", "blobs"))
    mode = "demo" if demo else "real"
    (home / BEGUN).write_text(f"mode = {json.dumps(mode)}\n")


def check_free(home: Path) -> None:
    """See that an instance may be made in a folder, changing nothing. Raises AlreadyAnInstance, NotFree."""
    if (home / SETTINGS).exists():
        raise AlreadyAnInstance(f"There is an instance in {home} already. Nothing was changed.")
    if not home.exists():
        return
    if not home.is_dir():
        raise NotFree(f"{home} is not a folder. Name one that is empty, or not there yet.")
    found = _names(home)
    strange = found - set(NAMES) if BEGUN in found else found
    if strange:
        raise NotFree(
            f"{home} is not empty: it holds {_told(strange)}. An instance is made in a folder that is empty, or not there yet."
            " Nothing was changed."
        )


def check_demo(home: Path) -> None:
    """See that a demo may be made or gone on with in a folder. Raises NotFree."""
    if not (home / SETTINGS).exists():
        check_free(home)
    elif not types.load(home).is_demo or not (home / NATION).is_dir():
        raise NotFree(
            f"The instance in {home} was not made by the demo, so the invented nation is not put into it."
            " Choose another folder: cets demo --home DIR. Nothing was changed."
        )


def take_back(home: Path) -> bool:
    """Delete all that `begin` and what followed put into a home folder that was free before; say whether there was any."""
    was_begun = any((home / name).exists() for name in (BEGUN, SETTINGS))
    if was_begun:
        _delete(home / name for name in NAMES)
    return was_begun


def delete_demo(home: Path) -> list[str]:
    """Delete a demo's home, and nothing in it that is not the demo's; return what is left, in words.

    Raises NotADemo, StillRunning.
    """
    values = _settings(home)
    if values.get("mode") != "demo":
        raise NotADemo(f"{home} is not the home of a demo, so nothing was deleted.")
    cluster = Cluster(home)
    if cluster.is_in_use():
        raise StillRunning(f"The demo in {home} is running. Stop it first, with Ctrl-C. Nothing was deleted.")
    cluster.destroy()
    _delete(home / name for name in NAMES)
    left = sorted(home.iterdir())
    if not left:
        home.rmdir()
    return [*(f"{path}, which is not the demo's" for path in left), *_elsewhere(home, values)]


def _settings(home: Path) -> dict[str, str]:
    """Return the settings of a home, or the mark of one that was only begun. Raises NotADemo."""
    for name in (SETTINGS, BEGUN):
        try:
            return {key: str(value) for key, value in tomllib.loads((home / name).read_text()).items()}
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise NotADemo(f"{home / name} cannot be read, so nothing was deleted.") from error
    raise NotADemo(f"{home} is not the home of a demo, so nothing was deleted.")


def _elsewhere(home: Path, values: dict[str, str]) -> list[str]:
    """Say what belongs to the instance and lies outside its home folder."""
    told = []
    if not (home / values.get("keys_dir", "keys")).is_relative_to(home):
        told.append(f"the keys in {values['keys_dir']}")
    if values.get("store_url", "").removeprefix(home.as_uri()) not in {"", "/blobs"}:
        told.append(f"the originals in {values['store_url']}")
    if "database_url" in values:
        told.append("the tables in the database of its settings")
    return told


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _names(home: Path) -> set[str]:
    return {path.name for path in home.iterdir()} - _OF_THE_DISK


def _told(names: set[str]) -> str:
    some = sorted(names)[:_MOST_NAMED]
    more = len(names) - len(some)
    return ", ".join(some) + (f" and {more} more" if more else "")
