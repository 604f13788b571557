"""`cets demo`: make the demo nation once, then start it and say how to get in and how to be rid of it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.progress import Progress

from cets.kernel import clock
from cets.kernel.errors import CetsError
from cets.settings import types
from cets.sites.console import child, founding, homes, runtime, upping
from cets.sites.console.nation import generate
from cets.sites.console.output import Printer, notes
from cets.sites.console.telling import told

SEED = 7


class NotLoaded(CetsError):
    """The demo nation could not be loaded; what went wrong stands above. Try again: what is in already stays."""


class Stopped(CetsError):
    """Stopped. What is in already stays; the next start goes on from here."""


def run(home: Path, *, port: int, only_load: bool, printer: Printer) -> None:
    """Load the nation if it is not there yet, then run until Ctrl-C.

    Raises homes.NotFree, upping.NotBuilt and what its steps raise.
    """
    homes.check_demo(home)
    if not only_load:
        upping.check_built()
    if not (home / homes.LOADED).exists():
        for step in STEPS:
            _do(step, home)
        (home / homes.LOADED).touch()
    if only_load:
        printer.state({"state": "loaded", "home": str(home)}, f"The nation is loaded. It lies in {home}")
        return
    instance = types.load(home)
    nation = json.loads((home / homes.NATION / "nation.json").read_text())
    address = upping.free_port(upping.Address(port=port))
    with runtime.database(instance) as database:
        upping.up(instance, address, ready=lambda: _say(home, nation, address, printer), database=database)
    printer.state({"state": "stopped", "desk": str(address), "home": str(home)}, "")


def _do(step: str, home: Path) -> None:
    """Run a step in a process of its own: it needs other rights than serving, and than the other. Raises NotLoaded, Stopped."""
    command = [sys.executable, "-m", "cets.sites.console.demonstrating", step, str(home), str(os.getpid())]
    with upping.signals_noted() as stopping, subprocess.Popen(command, start_new_session=True) as process:  # noqa: S603 - our own module
        told = False
        while process.poll() is None:
            if stopping and not told:
                process.terminate()
                told = True
            time.sleep(0.1)
    if stopping:
        raise Stopped(str(Stopped.__doc__))
    if process.returncode:
        raise NotLoaded(str(NotLoaded.__doc__))


def found(home: Path) -> None:
    """Make the instance and its people. Safe to run again after a stop half-way."""
    now = clock.now()
    there = (home / homes.SETTINGS).exists()
    if not there:
        homes.begin(home, demo=True)
    if not (home / homes.NATION / "nation.json").exists():
        generate(home / homes.NATION, seed=SEED, base=now - timedelta(minutes=5))
    instance = (
        types.load(home) if there else founding.make_home(home, demo=True, keys_dir=None, database_url=None)
    )
    nation = json.loads((home / homes.NATION / "nation.json").read_text())
    with runtime.database(instance):
        founding.make_database(instance)
        if not _has_people():
            _add_people(nation, at=now)
        runtime.close()


def _add_people(nation: dict[str, Any], *, at: datetime) -> None:
    from django.db import transaction

    from cets.sites.console import demo

    with transaction.atomic():
        founding.found(at=at, administrators=_administrators(nation["password"]), **demo.centre(nation))
        demo.add_people(nation, at=at)


def deliver(home: Path) -> None:
    """Take in the nation's post. What is in already is known by its hash and passed over."""
    nation = json.loads((home / homes.NATION / "nation.json").read_text())
    with runtime.started(home, "worker") as instance:
        _deliver(instance, nation, home)


def settle(home: Path) -> None:
    """Settle what is long past and hand out what is open."""
    nation = json.loads((home / homes.NATION / "nation.json").read_text())
    with runtime.started(home, "desk"):
        from cets.sites.console import demo

        now = clock.now()
        demo.settle_old_hits(nation, now=now)
        demo.hand_out(nation, now=now)


STEPS = {"found": found, "deliver": deliver, "settle": settle}


def _has_people() -> bool:
    from cets.access.viewer import acting
    from cets.domains.agencies.models import Agency

    with acting(founding.founder()):
        return Agency.objects.exists()


def _administrators(password: str) -> tuple[tuple[str, str, str], ...]:
    return (
        ("first@centre.example", "First Administrator", password),
        ("second@centre.example", "Second Administrator", password),
    )


def _deliver(instance: types.Instance, nation: dict[str, Any], home: Path) -> None:
    from cets.domains.intake.parser.client import Parser
    from cets.domains.intake.reader import Reading
    from cets.sites.console import demo

    with Parser() as parser, Progress(console=notes, transient=True) as progress:
        bar = progress.add_task("Taking in the nation's post", total=len(nation["deliveries"]))
        reading = Reading(runtime.vault(instance), parser)
        demo.deliver(
            nation,
            home / homes.NATION,
            reading,
            now=clock.now(),
            told=lambda done, _: progress.update(bar, completed=done),
        )
    runtime.sequence(instance)


def _say(home: Path, nation: dict[str, Any], address: upping.Address, printer: Printer) -> None:
    logins = [
        {"login": login, "agency": agency, "roles": roles.split(", ")}
        for login, agency, roles in _logins(nation)
    ]
    ready = {"state": "ready", "desk": str(address), "home": str(home)}
    printer.state(
        {**ready, "password": nation["password"], "logins": logins}, f"\nThe desk is at {address}\n"
    )
    notes.print(
        f"Sign in as one of these, all invented, with the password {nation['password']}", markup=False
    )
    for login, agency, roles in _logins(nation):
        notes.print(f"  {login:<26} {agency:<32} {roles}", markup=False)
    notes.print("\nCtrl-C stops everything. To delete it all: make clean-demo", markup=False)
    notes.print(f"Everything lies in {home}", markup=False)


def _logins(nation: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (login, agency, roles) of everybody: a secondee's is the agency he works in."""
    names = {agency["code"]: agency["name"] for agency in nation["agencies"]}
    for agency in nation["agencies"]:
        for one in agency["officers"]:
            works_in = names[one["seconded_to"] or agency["code"]]
            yield one["login"], works_in, ", ".join(role.replace("_", " ") for role in one["roles"])


if __name__ == "__main__":
    runtime.end_in_order()
    child.watch_parent(int(sys.argv[3]))
    with told():
        STEPS[sys.argv[1]](Path(sys.argv[2]))
