"""Who the matcher is, and what all of its parts work with. It sees keys of every agency, never a value."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections

from cets.access.viewer import Right, system

MATCHER = system("matcher", Right.MATCHER)
USING = "matcher"

#: Of one identifier at most so many records are looked at; one held by more is a hub and long since common.
CAP = 3_000
DUE_IN = timedelta(hours=4)


def ask(statement: str, params: Any = None) -> list[tuple[Any, ...]]:
    """Run a statement on the matcher's connection and return its rows."""
    with connections[USING].cursor() as cursor:
        cursor.execute(statement, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def duty_team(agency_id: UUID) -> UUID:
    """Return the team that owns what nobody took yet."""
    ((team_id,),) = ask("select id from agencies_team where agency_id = %s and is_duty", [agency_id])
    return team_id  # type: ignore[no-any-return]


def lay_down_limits() -> None:
    """See to it that readers are told by the limits of the settings; in the matcher's transaction.

    Written only when it differs: the row would otherwise keep one matcher waiting for the other.
    """
    now = (*limits().values(), CAP)
    if ask("select tolerance, reach, cap from deconfliction_limits") != [now]:
        ask(
            "insert into deconfliction_limits (id, tolerance, reach, cap) values (1, %s, %s, %s) on conflict (id)"
            " do update set tolerance = excluded.tolerance, reach = excluded.reach, cap = excluded.cap returning id",
            now,
        )


def limits() -> dict[str, timedelta]:
    """Return within what time one IP address is one user, and beyond what it says nothing."""
    chosen = settings.CETS
    return {
        "tolerance": timedelta(seconds=chosen.ip_tolerance_seconds),
        "reach": timedelta(days=chosen.ip_reach_days),
    }
