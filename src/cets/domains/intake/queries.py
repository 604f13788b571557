"""What came in lately, and the column maps that an agency saved."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Count, Q, QuerySet

from cets.access.viewer import Viewer
from cets.domains.intake.models import SavedColumnMap
from cets.domains.intake.rows import ColumnMap
from cets.domains.reports.models import Part
from cets.domains.reports.queries import NotFound, visible_to


def added_by(viewer: Viewer, *, since: datetime) -> QuerySet[Part]:
    """Return the files this officer took in since then, the newest first: whose report has the officer as contact."""
    return (
        _taken_in_by(viewer, since)
        .filter(member=False)
        .select_related("report", "report__joined_to")
        .annotate(doubts=Count("remark", filter=Q(remark__kind="ambiguous", remark__settled_as="")))
        .order_by("-received_at", "-report__reference", "-number")
    )


def tables_waiting_for(viewer: Viewer, *, since: datetime) -> QuerySet[Part]:
    """Return what of the files this officer took in, or inside them, holds a table with something to settle."""
    return (
        _taken_in_by(viewer, since)
        .filter(state="needs_map", column_maps__isnull=False)
        .order_by("-received_at", "-report__reference", "number")
    )


def _taken_in_by(viewer: Viewer, since: datetime) -> QuerySet[Part]:
    return Part.objects.filter(
        report__in=visible_to(viewer), report__contact_id=viewer.actor_id, received_at__gte=since
    )


def table_of(viewer: Viewer, part_id: UUID) -> Part:
    """Return a part that holds tables, with their maps; a member of an archive is one, too. Raises NotFound."""
    part = (
        Part.objects.filter(id=part_id, report__in=visible_to(viewer), column_maps__isnull=False)
        .select_related("report")
        .first()
    )
    if part is None:
        raise NotFound(str(NotFound.__doc__))
    return part


def waiting_in(parts: Iterable[Part]) -> QuerySet[Part]:
    """Return what of these files, or inside them, holds a table with something to settle."""
    originals = [part.original_id for part in parts]
    return Part.objects.filter(
        original_id__in=originals, state="needs_map", column_maps__isnull=False
    ).order_by("report_id", "number")


def shipped_in(parts: Iterable[Part]) -> list[Part]:
    """Return what of these files, or inside them, was read by a map that ships with the product."""
    originals = [part.original_id for part in parts]
    read = Part.objects.filter(original_id__in=originals, state="read", column_maps__isnull=False)
    return [
        part for part in read.order_by("report_id", "number") if any(m.get("shipped") for m in maps_of(part))
    ]


def members_of(part: Part) -> QuerySet[Part]:
    """Return what was found inside an archive."""
    return Part.objects.filter(report_id=part.report_id, original_id=part.original_id, member=True).order_by(
        "number"
    )


def maps_of(part: Part) -> list[dict[str, Any]]:
    """Return how each table of a part was, or would be, read."""
    return part.column_maps or []


def inner_name(outer: Part, member: Part) -> str:
    """Return what a member is called inside its archive, as it came."""
    return (member.name_raw or member.name).removeprefix(f"{outer.name_raw or outer.name}!/")


def headings_of(columns: Iterable[Mapping[str, Any]]) -> str:
    """Return the headings in order, by which a file of the same shape is known; empty when it has none."""
    headings = [" ".join(str(column.get("heading", "")).split()).casefold() for column in columns]
    return json.dumps(headings, ensure_ascii=False) if any(headings) else ""


def saved_map_for(agency_id: UUID, headings: str) -> SavedColumnMap | None:
    """Return the map an agency saved for these headings (`headings_of`)."""
    if not headings:
        return None
    return SavedColumnMap.objects.filter(agency_id=agency_id, headings=headings).first()


def saved_map_of(agency_id: UUID, guess: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the column map saved for a table's headings, as this one has them: its heading row, sheet and samples."""
    saved = saved_map_for(agency_id, headings_of(guess.get("columns", ())))
    if saved is None:
        return None
    columns = [
        {**column, **settled, "sure": True}
        for column, settled in zip(guess["columns"], saved.column_map["columns"], strict=True)
    ]
    return {**guess, "columns": columns, "shipped": ""}


def is_settled(column_map: Mapping[str, Any]) -> bool:
    """Say whether nothing of a map is left to ask."""
    return not unsure_in(column_map)


def unsure_in(column_map: Mapping[str, Any]) -> int:
    """Return how many columns of a map are left to ask."""
    return sum(not column.get("sure", True) for column in column_map.get("columns", ()))


def settled_maps(part: Part) -> tuple[ColumnMap, ...]:
    """Return the maps of a part by which its tables are to be read again; what is unsure is guessed anew."""
    return tuple(msgspec.convert(one, ColumnMap) for one in maps_of(part) if is_settled(one))
