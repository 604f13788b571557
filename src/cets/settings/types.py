"""The instance's own settings: one frozen object, read once from its home folder."""

import json
import os
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from cets.kernel.errors import CetsError

PROCESSES = ("desk", "worker", "owner")
#: Which files of the folder `secrets` a process reads: what all need, and its own. The owner's commands read each one's.
SECRETS_OF = {
    "desk": ("common", "desk"),
    "worker": ("common", "worker"),
    "owner": ("common", "desk", "worker"),
}
SECRET_FILES = tuple(f"secrets/{name}.json" for name in SECRETS_OF["owner"])


class NotSetUp(CetsError):
    """There is no CETS instance in this folder. Make one: cets init --home DIR."""


class BadSettings(CetsError):
    """The settings file of an instance cannot be used. Nothing was changed."""


@dataclass(frozen=True)
class Instance:
    """One installation, as one of its processes knows it. Secrets lie in `secrets/` (0600), keys where `keys_dir` says."""

    home: Path
    mode: Literal["demo", "real"]
    database_url: str | None
    keys_dir: Path
    store_url: str
    heads_path: Path
    ip_tolerance_seconds: int = 120
    ip_reach_days: int = 180
    common_reports: int = 20
    common_agencies: int = 3
    max_file_bytes: int = 200 * 1024 * 1024
    time_zone: str = "UTC"
    hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    process: str = "owner"

    @cached_property
    def secrets(self) -> dict[str, Any]:
        """What this process was given, and nothing of the others."""
        found: dict[str, Any] = {"role_passwords": {}}
        for name in SECRETS_OF[self.process]:
            path = self.home / "secrets" / f"{name}.json"
            try:
                part = json.loads(path.read_text())
            except FileNotFoundError as error:
                raise NotSetUp(
                    f"{path} is missing. Bring it back from a backup; a demo is made anew."
                ) from error
            found["role_passwords"] |= part.pop("role_passwords", {})
            found |= part
        return found

    @property
    def viewer_key(self) -> bytes:
        """Signs viewer tokens."""
        return bytes.fromhex(self.secrets["viewer_key"])

    @property
    def match_key(self) -> bytes:
        """Keys the ids of identifiers, so that they mean nothing outside this instance."""
        return bytes.fromhex(self.secrets["match_key"])

    @property
    def second_factor_key(self) -> bytes:
        """Encrypts what second factors are checked with. The desk's alone."""
        return bytes.fromhex(self.secrets["second_factor_key"])

    @property
    def is_demo(self) -> bool:
        return self.mode == "demo"


def process_of(settings_module: str) -> str:
    """Return the process of a settings module; tests and tools see what the owner's commands see."""
    name = settings_module.rpartition(".")[2]
    return name if name in PROCESSES else "owner"


def load(home: Path, name: str = "cets.toml", *, process: str = "owner") -> Instance:
    """Read the settings of a home folder, for one process. Raises NotSetUp, BadSettings."""
    path = home / name
    if not path.is_file():
        raise NotSetUp(f"There is no CETS instance in {home}. Make one: cets init --home {home}")
    values = _read(path)
    known = [name for name in Instance.__dataclass_fields__ if name not in {"home", "process"}]
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise NotSetUp(
            f"{path} has settings nobody knows: {', '.join(unknown)}. Known are: {', '.join(known)}."
        )
    _check(values, path)
    for setting in ("keys_dir", "heads_path"):
        values[setting] = home / values[setting]
    values |= {"home": home, "process": process}
    values["hosts"] = tuple(values.get("hosts", ()))
    values.setdefault("database_url", os.environ.get("DATABASE_URL") or None)
    return Instance(**values)


_IS = {str: "a text in quotes", int: "a whole number, not below 0", list: "a list of texts in quotes"}
_OF_TEXT = ("mode", "keys_dir", "store_url", "heads_path", "database_url", "time_zone")
_NEEDED = _OF_TEXT[:4]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise BadSettings(f"{path} cannot be read: it is not UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{path} cannot be read: {error}.") from error


def _check(values: dict[str, Any], path: Path) -> None:
    """Raise BadSettings for what is missing or is of another kind than it should be."""
    for name in _NEEDED:
        if not values.get(name):
            raise BadSettings(f"{path} does not say {name}. Put the line back, from a backup for one.")
    for name, value in values.items():
        wanted = str if name in _OF_TEXT else list if name == "hosts" else int
        if not _is(value, wanted):
            raise BadSettings(f"{path} says {name} = {value!r}, and it is {_IS[wanted]}.")
    if values["mode"] not in {"demo", "real"}:
        raise BadSettings(f'{path} says mode = "{values["mode"]}", and it is "demo" or "real".')


def _is(value: Any, wanted: type) -> bool:
    if isinstance(value, bool) or not isinstance(value, wanted):
        return False
    if isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return not isinstance(value, int) or value >= 0
