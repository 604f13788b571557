"""References, counted per agency: `CETS-ESX-2026-000123`, `CETS-ESX-H-000031`."""

from uuid import UUID

from django.db import connections

_TAKE = """
insert into reports_counter (agency_id, series, last) values (%s, %s, %s)
on conflict (agency_id, series) do update set last = reports_counter.last + excluded.last
returning last
"""


def take(
    *, agency_id: UUID, agency_code: str, series: str, how_many: int, using: str = "default"
) -> list[str]:
    """Return the next references of a series, in the caller's transaction (which holds the counter until it ends)."""
    with connections[using].cursor() as cursor:
        cursor.execute(_TAKE, [agency_id, series, how_many])
        last: int = cursor.fetchone()[0]
    return [f"CETS-{agency_code}-{series}-{number:06d}" for number in range(last - how_many + 1, last + 1)]
