"""Many ids in one query: one array, through every way of writing `in`."""

from uuid import uuid4

import factories
from cets.access.viewer import acting
from cets.domains.agencies.models import Agency, Team
from cets.sites.console.founding import founder

#: One more than a statement takes parameters.
TOO_MANY = 65_536


def test_more_ids_than_a_statement_takes_values(db: str) -> None:
    agency = factories.agency("ESX")
    many = [uuid4() for _ in range(TOO_MANY)]
    with acting(founder()):
        assert list(Agency.objects.filter(id__in=[*many, agency.id])) == [agency]
        assert Team.objects.filter(agency_id__in=[*many, agency.id]).count() == 1
        assert Team.objects.filter(agency__in=[*many, agency.id]).count() == 1
        assert Team.objects.filter(agency__id__in=[*many, agency.id]).count() == 1
        assert Agency.objects.exclude(id__in=[*many, agency.id]).filter(code="ESX").count() == 0


def test_what_is_no_list_of_ids_stays_as_it_was(db: str) -> None:
    agency = factories.agency("ESX")
    with acting(founder()):
        mine = Agency.objects.filter(code__in=["ESX", "NMR"])
        assert list(mine) == [agency]
        assert Team.objects.filter(agency__in=mine).count() == 1
        assert Team.objects.filter(agency__in=mine.values("id")).count() == 1
        assert Team.objects.filter(agency__in=[agency]).count() == 1
        assert list(Agency.objects.filter(id__in=[])) == []
        assert list(Agency.objects.filter(id__in=[None, agency.id])) == [agency]
