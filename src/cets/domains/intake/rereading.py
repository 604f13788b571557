"""Read again what an officer settled, and use settled column maps by themselves for files of the same shape.

What the first reading wrote is replaced, never patched: its rows go and come in one transaction, so that nobody sees
half of either, and a reading that fails leaves the first one standing. What people decided is carried over, and what
came and went is told (`rereading_told`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from cets.access.viewer import Viewer, acting
from cets.domains.deconfliction.jobs import match_soon
from cets.domains.identifiers.models import Holding, MatchKey, Sighting
from cets.domains.intake.masked_told import beside, mask_anew
from cets.domains.intake.queries import is_settled, maps_of, members_of, saved_map_of, shipped_in, waiting_in
from cets.domains.intake.reader import Reading, read_parts
from cets.domains.intake.report_forms import tell_missing
from cets.domains.intake.rereading_told import reading_of, stopped_short, tell, tell_stopped
from cets.domains.intake.together import called_in
from cets.domains.reports.actions import hold_levels
from cets.domains.reports.models import Message, Part, Passage, Person, Remark, Trace

#: The reading that follows is in the same transaction; the matcher looks a little later.
AFTER_READING = timedelta(seconds=5)

#: Brings holdings that other files of the report also hold down to what those say.
_WITHOUT_THE_PART = """
update identifiers_holding h set roles = s.roles, ways = s.ways, places = s.places, first_at = s.first_at, last_at = s.last_at
from (
  select holding_id, array_agg(distinct role order by role) as roles, array_agg(distinct way order by way) as ways,
    count(*) as places, min(seen_at) as first_at, max(seen_at) as last_at
  from identifiers_sighting where holding_id = any(%s) group by holding_id
) s
where h.id = s.holding_id
"""


def read_again(
    part_ids: Sequence[UUID], *, reading: Reading, country: str, by: Viewer, at: datetime
) -> list[UUID]:
    """As `reader.read_parts`, also for parts that were read before, and with the maps the agency saved.

    Return the reports that now hold something new, for the matcher. Of a file whose further reading fails, what the one before
    gave stands, where not all of it came again; that is told.
    """
    try:
        return _read_again(part_ids, reading=reading, country=country, by=by, at=at)
    except _Stopped as stopped:
        _let_stand(stopped.why, by=by, at=at)
        rest = [part_id for part_id in part_ids if part_id not in stopped.why]
        return read_again(rest, reading=reading, country=country, by=by, at=at) if rest else []


class _Stopped(Exception):
    """Further readings failed and would take away what stands. `why`: by file. Nothing was changed."""

    def __init__(self, why: Mapping[UUID, str]) -> None:
        super().__init__()
        self.why = why


def _read_again(
    part_ids: Sequence[UUID], *, reading: Reading, country: str, by: Viewer, at: datetime
) -> list[UUID]:
    reading.stale.clear()  # of a reading that failed
    reading.called.clear()
    with acting(by):
        before = list(
            Part.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(id__in=part_ids, state="sealed", member=False)
            .exclude(read_at=None)
        )
        then = [reading_of(part) for part in before]
        decided = {part.id: _forget(part, reading) for part in before}
        reports = read_parts(part_ids, reading=reading, country=country, by=by, at=at)
        known = _take_saved(part_ids)
        if known:
            for part in known:
                _forget(part, reading)
            again = [part.id for part in known]
            reports = sorted({*reports, *read_parts(again, reading=reading, country=country, by=by, at=at)})
        while stale := _given_again(reading):
            then += [reading_of(part) for part in stale]
            for part in stale:
                decided.setdefault(part.id, []).extend(_forget(part, reading))
            Part.objects.filter(id__in=[part.id for part in stale]).update(state="sealed")
            again = [part.id for part in stale]
            reports = sorted({*reports, *read_parts(again, reading=reading, country=country, by=by, at=at)})
        if why := stopped_short(then[: len(before)]):  # of those that were asked for, once each
            raise _Stopped(why)
        tell_missing(reports)
        settled = {part_id: _decide_again(remarks) for part_id, remarks in decided.items()}
        tell(then, settled=settled, by=by, at=at)
    return reports


def _let_stand(why: Mapping[UUID, str], *, by: Viewer, at: datetime) -> None:
    """Leave files as their last reading left them, and say why the further one is not kept."""
    with acting(by):
        held = Part.objects.select_for_update(of=("self",)).select_related("report__entry")
        for part in held.filter(id__in=why, state="sealed"):
            for one in (part, *members_of(part).filter(state="sealed")):
                waits = not all(map(is_settled, maps_of(one)))
                one.state = "needs_map" if waits else "read" if one.source else "not_understood"
                one.save(update_fields=["state"])
            tell_stopped(part, why[part.id], by=by, at=at)


def _given_again(reading: Reading) -> list[Part]:
    """Return, once, the parts that others of their report now say more of, as they stand; who reads one keeps it."""
    ids = set(reading.stale)
    reading.stale.clear()
    return list(
        Part.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(id__in=ids, member=False)
        .exclude(Q(state="sealed") | Q(read_at=None))
    )


def _forget(part: Part, reading: Reading) -> list[Remark]:
    """Forget a part that is read again; its victims keep the names by which they are shown, in notes and decisions as well."""
    whole = [part.id, *members_of(part).values_list("id", flat=True)]
    reading.called.setdefault(part.report_id, {}).update(called_in(whole))
    return forget(part)


def forget(part: Part) -> list[Remark]:
    """Take away what was read from a part, in the caller's transaction; return the remarks that an officer settled.

    What an archive holds goes with it. Originals, custody and the parts' places in the report stay, and so do
    identifiers that other files of the report hold.
    """
    hold_levels([part.report_id])  # before its keys, as whoever changes the level does
    whole = [part.id, *members_of(part).values_list("id", flat=True)]
    decided = list(Remark.objects.filter(part__in=whole).exclude(settled_as=""))
    held = set(Sighting.objects.filter(part__in=whole).values_list("holding_id", flat=True))
    Sighting.objects.filter(part__in=whole).delete()
    elsewhere = set(Sighting.objects.filter(holding_id__in=held).values_list("holding_id", flat=True))
    told = {part.report_id, *beside([part.report_id])}
    gone = list(Holding.objects.filter(id__in=held - elsewhere, pivot=True).values_list("key", flat=True))
    if gone:
        match_soon(report_ids=[part.report_id], after=AFTER_READING, gone=gone)
    MatchKey.objects.filter(report_id=part.report_id, holding_id__in=held - elsewhere).delete()
    Holding.objects.filter(id__in=held - elsewhere).delete()
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_THE_PART, [list(elsewhere)])
    for model in (Message, Trace, Passage, Person):
        model.objects.filter(part__in=whole).delete()
    Remark.objects.filter(part__in=whole).exclude(kind="note").delete()
    mask_anew(told)
    return decided


def _take_saved(part_ids: Sequence[UUID]) -> list[Part]:
    """Give the tables of these parts, or inside them, the maps that their agency saved for the headings.

    Return the parts for which there was one; they are then sealed as before.
    """
    read = Part.objects.filter(id__in=part_ids, member=False).exclude(state="sealed")
    outer = {(part.report_id, part.original_id): part for part in read}
    found: dict[UUID, Part] = {}
    for one in (*waiting_in(outer.values()), *shipped_in(outer.values())):
        part = outer.get((one.report_id, one.original_id))
        given = [
            ((not is_settled(m) or m.get("shipped")) and saved_map_of(one.agency_id, m)) or m
            for m in maps_of(one)
        ]
        if part and given != one.column_maps:
            one.column_maps = given
            one.save(update_fields=["column_maps"])
            found[part.id] = part
    for part in found.values():
        part.refresh_from_db(fields=["column_maps"])
        part.state = "sealed"
        part.save(update_fields=["state"])
    return list(found.values())


def _decide_again(decided: Sequence[Remark]) -> tuple[int, int]:
    """Carry decisions over to the same remarks of the new reading; return how many found theirs, and how many did not.

    What it no longer asks needs none.
    """
    kept = 0
    for one in decided:
        same = Remark.objects.filter(
            part_id=one.part_id, kind=one.kind, text=one.text, place=one.place, candidates=one.candidates
        )
        answer = {"settled_as": one.settled_as, "settled_by": one.settled_by, "settled_at": one.settled_at}
        kept += bool(same.update(**answer))
    return kept, len(decided) - kept
