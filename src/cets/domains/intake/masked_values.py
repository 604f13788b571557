"""Identifiers that hold something of a victim: a link to her page, a room called by her address, her name as a sender's.

They match by their own value like any other; only what is shown of them is changed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from cets.domains.deconfliction.queries import Told
from cets.domains.identifiers import queries as identifiers
from cets.domains.identifiers.models import Holding
from cets.domains.intake.masking import Masker, maskers_of, own_maskers_of
from cets.domains.reports.models import Person

#: What people choose a name for, and what leads somewhere. Numbers and hashes hold nothing but themselves.
_CAN_HOLD = ("account", "display_name", "domain", "email", "group", "handle", "url")
_NOBODYS_IN_PARTICULAR = {"victim", "other", "unknown"}
#: In so many other reports of the agency a value is looked up at most.
MOST_BESIDE = 50
_HELD_BY_FEW = """
select k.key from unnest(%s::uuid[]) k(key) where (
  select count(*) from (
    select from identifiers_holding h where h.agency_id = any(%s::uuid[]) and h.key = k.key limit %s
  ) held
) <= %s
"""
_WHOLE = re.compile(r"\[([^\[\]]+)\]")


def with_masks(
    holdings: Sequence[Holding], known: Mapping[UUID, Masker] | None = None, *, everywhere: bool = False
) -> Sequence[Holding]:
    """Give each holding its pseudonym (`identifiers.with_pseudonyms`), or `instead` where a part of it is a victim's.

    Of its own report, and where it leads to one person of any report of the agency; `everywhere`, for a door that shows
    one value for all its reports, of any. `known`: what masks the reports of which it was asked already. At most eight
    statements for any number of holdings, and `MOST_BESIDE` other reports for each value: what more hold leads to nobody.
    """
    open_ = [h for h in identifiers.with_pseudonyms(holdings) if not h.pseudonym and h.kind in _CAN_HOLD]
    if not open_:
        return holdings
    held: dict[UUID, list[Holding]] = {}
    for one in _beside_victims(open_):
        held.setdefault(one.key, []).append(one)
    maskers = dict(known or {})
    own = {h.report_id for h in open_}
    maskers |= maskers_of(own - maskers.keys())
    maskers |= own_maskers_of({one.report_id for group in held.values() for one in group} - own)
    for holding in open_:
        elsewhere = held.get(holding.key, []) if everywhere or holding.pivot else []
        _mask(holding, [holding, *elsewhere], maskers)
    return holdings


def mask_told(told: Sequence[Told]) -> Sequence[Told]:
    """Mask the values of hits for whom they are told, as `with_masks` does those of reports."""
    wanted = {one.hit.key: one.hit.agency_id for one in told if not one.pseudonym and one.kind in _CAN_HOLD}
    if not wanted:
        return told
    found = Holding.objects.filter(agency_id__in=set(wanted.values()), key__in=wanted)
    firsts = list(found.order_by("agency_id", "key", "id").distinct("agency_id", "key"))
    shown = {h.key: identifiers.shown(h) for h in with_masks(firsts, everywhere=True) if h.is_masked}
    for one in told:
        if one.hit.key in shown:
            one.pseudonym = shown[one.hit.key]
    return told


def held_by_few(keys: Iterable[UUID], agencies: Sequence[UUID]) -> RawSQL:
    """Return which of these values `MOST_BESIDE` reports of the agencies hold at most, for a query."""
    return RawSQL(_HELD_BY_FEW, [list(keys), list(agencies), MOST_BESIDE + 1, MOST_BESIDE])  # noqa: S611 - a constant


def _beside_victims(holdings: Sequence[Holding]) -> QuerySet[Holding]:
    """Return where these values stand in reports of which somebody is a victim; of those that many hold, nothing."""
    agencies = list({h.agency_id for h in holdings})
    people = Person.objects.filter(report_id=OuterRef("report_id")).exclude(pseudonym="")
    values = Holding.objects.filter(report_id=OuterRef("report_id")).exclude(pseudonym="")
    return Holding.objects.filter(
        Exists(people) | Exists(values),
        agency_id__in=agencies,
        key__in=held_by_few({h.key for h in holdings}, agencies),
    ).only("key", "report_id", "roles")


def _mask(holding: Holding, places: Iterable[Holding], maskers: dict[UUID, Masker]) -> None:
    """Set what is shown of a holding by the first of its places where something of it is a victim's."""
    for one in places:
        masker = maskers.get(one.report_id)
        if not masker:
            continue
        is_anothers = not _NOBODYS_IN_PARTICULAR.issuperset(one.roles)
        shown = masker.value(holding.value, is_anothers=is_anothers)
        raw = masker.value(holding.raw, is_anothers=is_anothers)
        if (shown, raw) == (holding.value, holding.raw):
            continue
        whole = _WHOLE.fullmatch(shown) if shown != holding.value else None
        if whole:
            holding.pseudonym = whole[1]
        else:
            holding.instead = shown
        return
