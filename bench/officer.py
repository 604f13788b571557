"""A made-up officer of the measured agency, signed in."""

from typing import Any

import psycopg
from django.test import Client

from cets.access.viewer import acting
from cets.kernel import clock

PASSWORD = "demo"  # noqa: S105 - made up


def sign_in(conn: psycopg.Connection[Any]) -> Client:
    """Return a client signed in as an intake officer of agency AG0."""
    from cets.domains.agencies import actions
    from cets.domains.agencies.models import Agency, Team
    from cets.sites.console.founding import founder

    by = founder()
    with acting(by):
        agency = Agency.objects.get(code="AG0")
        team = Team.objects.get(agency=agency, is_duty=True)
    officer = actions.add_officer(
        agency=agency,
        team=team,
        login_name="bench@ag0.example",
        name="Bench",
        password=PASSWORD,
        by=by,
        at=clock.now(),
    )
    # The rule of two people holds for the desk's role too: the grant is written by the owner, as `cets init` does.
    conn.execute(
        "insert into agencies_rolegrant (id, officer_id, agency_id, role, granted_at) values (gen_random_uuid(), %s, %s, 'intake_officer', now())",
        [officer.id, agency.id],
    )
    client = Client(SERVER_NAME="localhost")
    client.post("/sign-in/", {"login": "bench@ag0.example", "password": PASSWORD})
    return client
