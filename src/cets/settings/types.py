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


class NotSetUp(CetsError):
    """There is no CETS instance in this folder. Make one: cets init --home DIR."""


@dataclass(frozen=True)
class Instance:
    """One installation. Secrets lie in `secrets.json` (0600), keys where `keys_dir` says."""

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

    @cached_property
    def secrets(self) -> dict[str, Any]:
        return dict(json.loads((self.home / "secrets.json").read_text()))

    @property
    def viewer_key(self) -> bytes:
        """Signs viewer tokens."""
        return bytes.fromhex(self.secrets["viewer_key"])

    @property
    def match_key(self) -> bytes:
        """Keys the ids of identifiers, so that they mean nothing outside this instance."""
        return bytes.fromhex(self.secrets["match_key"])

    @property
    def is_demo(self) -> bool:
        return self.mode == "demo"


def load(home: Path, name: str = "cets.toml") -> Instance:
    """Read the settings of a home folder. Raises NotSetUp."""
    path = home / name
    if not path.is_file():
        raise NotSetUp(f"There is no CETS instance in {home}. Make one: cets init --home {home}")
    values = tomllib.loads(path.read_text())
    known = Instance.__dataclass_fields__
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise NotSetUp(
            f"{path} has settings nobody knows: {', '.join(unknown)}. Known are: {', '.join(known)}."
        )
    for setting in ("keys_dir", "heads_path"):
        values[setting] = home / values[setting]
    values["home"] = home
    values["hosts"] = tuple(values.get("hosts", ()))
    values.setdefault("database_url", os.environ.get("DATABASE_URL") or None)
    return Instance(**values)
