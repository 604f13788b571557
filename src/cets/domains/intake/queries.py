"""What came in lately, and the column maps that an agency saved."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from cets.access.viewer import Viewer
from cets.domains.intake.models import SavedColumnMap
from cets.domains.reports.models import Part
from cets.domains.reports.queries import NotFound, visible_to


def added_by(viewer: Viewer, *, since: datetime) -> QuerySet[Part]:
    """Return the files this officer took in since then, the newest first: whose report has the officer as contact."""
    return (
        Part.objects.filter(
            report__in=visible_to(viewer),
            report__contact_id=viewer.actor_id,
            member=False,
            received_at__gte=since,
        )
        .select_related("report", "report__joined_to")
        .annotate(doubts=Count("remark", filter=Q(remark__kind="ambiguous", remark__settled_as="")))
        .order_by("-received_at", "-report__reference", "-number")
    )


def table_of(viewer: Viewer, part_id: UUID) -> Part:
    """Return a part that is a table, with its map. Raises NotFound."""
    part = (
        Part.objects.filter(id=part_id, report__in=visible_to(viewer), column_map__isnull=False)
        .select_related("report")
        .first()
    )
    if part is None:
        raise NotFound(str(NotFound.__doc__))
    return part


def headings_of(columns: Iterable[Mapping[str, Any]]) -> str:
    """Return the headings in order, by which a file of the same shape is known; empty when it has none."""
    headings = [" ".join(str(column.get("heading", "")).split()).casefold() for column in columns]
    return json.dumps(headings, ensure_ascii=False) if any(headings) else ""


def saved_map_for(agency_id: UUID, headings: str) -> SavedColumnMap | None:
    """Return the map an agency saved for these headings (`headings_of`)."""
    if not headings:
        return None
    return SavedColumnMap.objects.filter(agency_id=agency_id, headings=headings).first()


def saved_map_of(part: Part) -> dict[str, Any] | None:
    """Return the column map saved for a part's headings, as this file has them: its heading row, sheet and samples."""
    guess = part.column_map or {}
    saved = saved_map_for(part.agency_id, headings_of(guess.get("columns", ())))
    if saved is None:
        return None
    columns = [
        {**column, **settled, "sure": True}
        for column, settled in zip(guess["columns"], saved.column_map["columns"], strict=True)
    ]
    return {**guess, "columns": columns}


def is_settled(column_map: Mapping[str, Any] | None) -> bool:
    """Say whether nothing of a map is left to ask."""
    return bool(column_map) and all(
        column.get("sure", True) for column in (column_map or {}).get("columns", ())
    )
