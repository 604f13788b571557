"""What tests make: agencies, officers, reports taken in for real."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import UUID

from django.db import connections

from cets.access.viewer import Viewer, acting
from cets.domains.agencies import actions as agencies
from cets.domains.agencies import queries as agency_queries
from cets.domains.agencies.models import Agency, Officer, Team
from cets.domains.deconfliction import matching
from cets.domains.intake.actions import Incoming, Received, receive
from cets.domains.intake.parser.client import Parser
from cets.domains.intake.reader import Reading, read_parts
from cets.domains.sharing.levels import Level
from cets.kernel import clock
from cets.sites.console.founding import founder


def agency(code: str, *, country: str = "GB", phone: str = "+44 7700 900100") -> Agency:
    """Make an agency with its duty team."""
    return agencies.add_agency(
        code=code, name=f"{code} Police", country=country, phone=phone, by=founder(), at=clock.now()
    )


def officer(
    of: Agency, login: str, *roles: str, team: Team | None = None, password: str = "demo", name: str = ""
) -> Officer:
    """Make an officer with roles."""
    by = founder()
    with acting(by):
        duty = team or Team.objects.get(agency=of, is_duty=True)
    made = agencies.add_officer(
        agency=of,
        team=duty,
        login_name=login,
        name=name or login.split("@", maxsplit=1)[0],
        password=password,
        by=by,
        at=clock.now(),
    )
    with acting(by):
        for role in roles:
            agencies.grant_role(officer=made, role=role, approval_id=None, by=by, at=clock.now())
    return made


def viewer(of: Officer) -> Viewer:
    """Return the officer's viewer as a request would build it."""
    with acting(agency_queries.SIGN_IN):
        return agency_queries.viewer_of(of)


def no_second_factors() -> None:
    """Take everybody's second factor away, as only the owner of the tables can."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("truncate mfa_authenticator")


def service(code: str) -> tuple[Agency, Viewer]:
    return agency_queries.service_account(code)


@dataclass
class Intake:
    """Takes files in for agencies, as the console does."""

    reading: Reading

    def take(
        self,
        by: str | tuple[Agency, Viewer],
        *files: str | bytes | Path,
        sharing: str = "contact",
        name: str = "file",
    ) -> list[Received]:
        """Take files in for an agency (code) or a viewer; text and bytes are contents, paths are read. Matched on return."""
        chosen, who = service(by) if isinstance(by, str) else by
        incoming = []
        for index, one in enumerate(files):
            data = (
                one.read_bytes() if isinstance(one, Path) else one.encode() if isinstance(one, str) else one
            )
            label = one.name if isinstance(one, Path) else f"{name}-{index}"
            incoming.append(Incoming(label, BytesIO(data), len(data)))
        at = clock.now()
        received = receive(
            incoming, vault=self.reading.vault, agency=chosen, sharing=Level.of(sharing), by=who, at=at
        )
        self.read(chosen, who, [r.part_id for r in received if not r.duplicate_of])
        return received

    def read(self, chosen: Agency, who: Viewer, part_ids: list[UUID]) -> list[UUID]:
        reports = (
            read_parts(part_ids, reading=self.reading, country=chosen.country, by=who, at=clock.now())
            if part_ids
            else []
        )
        if reports:
            matching.match(reports, at=clock.now())
        return reports


@contextmanager
def intake() -> Iterator[Intake]:
    """An intake on the test instance's vault with a parser process of its own. `default` must be the worker's role."""
    from django.conf import settings

    from cets.sites.console import runtime

    with Parser() as parser:
        yield Intake(Reading(runtime.vault(settings.CETS), parser))
