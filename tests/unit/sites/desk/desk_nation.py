"""What the tests of views share: a small nation, and a browser without a browser."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.test import Client

import factories
from cets.domains.agencies.models import Agency, Officer

NOTE_OF_TWO = """Officer's note
A parent told us of the account kestrel_blue on Kite Chat.
Mail: kestrel.blue@mail.example, telephone +44 7700 900142.
"""


@dataclass
class Nation:
    """Two forces that hold the same mail address, with one officer of each sort."""

    esx: Agency
    nmr: Agency
    officers: dict[str, Officer]
    reports: dict[str, UUID]


def client(login: str = "", password: str = "demo", **extra: Any) -> Client:
    """Return a test client, signed in through the sign-in page when a login is given."""
    browser = Client(headers={"host": "localhost"}, **extra)
    if login:
        cache.clear()  # or the many sign-ins of a test would be counted as one guesser's
        answer = browser.post("/sign-in/", {"login": login, "password": password})
        assert answer.status_code == 302, answer.content.decode()
    return browser


def nation(as_process: Any, *, sharing: str = "contact") -> Nation:
    """Make ESX with every role and NMR with an investigator; each takes in one note about the same address."""
    with as_process("owner"):
        esx, nmr = factories.agency("ESX"), factories.agency("NMR", phone="+44 7700 900188")
        officers = {
            name: factories.officer(esx, f"{name}@esx.example", name)
            for name in (
                "intake_officer", "analyst", "investigator", "supervisor", "secondee", "deconfliction_officer",
                "data_protection_officer", "administrator",
            )
        }  # fmt: skip
        officers["foreign"] = factories.officer(nmr, "foreign@nmr.example", "investigator")
        officers["nobody"] = factories.officer(esx, "nobody@esx.example")
    with as_process("worker"), factories.intake() as intake:
        mine = intake.take("ESX", NOTE_OF_TWO, name="note")
        theirs = intake.take("NMR", NOTE_OF_TWO + "Heard again.\n", sharing=sharing, name="note")
    return Nation(esx, nmr, officers, {"esx": mine[0].report_id, "nmr": theirs[0].report_id})


def root_conftest(request: Any) -> Any:
    """Return the root conftest, for fixtures of a wider scope than its own."""
    return next(p for p in request.config.pluginmanager.get_plugins() if hasattr(p, "_as_process"))


def process_switch(request: Any) -> Any:
    """Return what lets `default` be another process's role for a block."""
    return root_conftest(request)._as_process
