"""What `make bench` fills an instance with fits the tables as they are."""

from bench import world
from django.db import connections

import factories
from cets.domains.agencies import actions
from cets.kernel import clock
from cets.sites.console import founding


def test_the_bench_fills_the_tables_as_they_are(db: str) -> None:
    factories.agency("ESX")
    actions.add_agency(code="AG0", name="Agency 0", country="GB", by=founding.founder(), at=clock.now())
    owner = connections["owner"]
    owner.ensure_connection()
    world.fill(owner.connection, reports=12, per_report=3, agencies=6)
    with owner.cursor() as cursor:
        cursor.execute("select count(distinct report_id), count(*) from identifiers_holding")
        assert cursor.fetchone() == (2, 6)
