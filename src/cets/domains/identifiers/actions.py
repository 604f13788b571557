"""Gather the sightings of one report into holdings, and write both with the keys by which they meet others."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cets.domains.identifiers.kinds import KINDS
from cets.domains.identifiers.kinds.base import Value
from cets.domains.identifiers.models import Holding
from cets.kernel.ids import keyed_id, new_id
from cets.kernel.moments import Moment
from cets.kernel.rows import insert_rows

#: The wall clocks of the world differ from UTC by 12 hours behind to 14 ahead.
_AHEAD, _BEHIND = timedelta(hours=14), timedelta(hours=12)

#: (from, to, certain, port, carrier NAT): when an IP address was seen.
Window = tuple[datetime | None, datetime | None, bool, int | None, bool]
NO_TIME: Window = (None, None, False, None, False)

#: A provider's field that holds a number without a country may mean any country; an agency's own notes and tables, and
#: people who write to each other, mean their own.
PROVIDERS = frozenset(
    {"cybertip_json", "cybertip_xml", "pdf", "provider_return", "snap_return", "kik_return"}
)

_HOLDING = {
    "id": "uuid",
    "report_id": "uuid",
    "agency_id": "uuid",
    "key": "uuid",
    "kind": "text",
    "value": "text",
    "raw": "text",
    "roles": "text[]",
    "ways": "text[]",
    "pseudonym": "text",
    "pivot": "boolean",
    "common": "text",
    "assumed": "text",
    "places": "int",
    "first_at": "timestamptz",
    "last_at": "timestamptz",
}
_MATCHKEY = {
    "key": "uuid",
    "own_key": "uuid",
    "is_exact": "boolean",
    "holding_id": "uuid",
    "report_id": "uuid",
    "agency_id": "uuid",
    "told": "smallint",
    "kind": "text",
    "common": "text",
    "is_declared": "boolean",
    "is_assumed": "boolean",
    "from_at": "timestamptz",
    "to_at": "timestamptz",
    "is_certain": "boolean",
    "port": "int",
    "carrier_nat": "boolean",
}


@dataclass(slots=True)
class Gathered:
    """One identifier of a report while its files are read."""

    id: UUID
    key: UUID
    kind: str
    value: str
    raw: str
    common: str
    variants: tuple[str, ...] = ()
    roles: set[str] = field(default_factory=set)
    ways: set[str] = field(default_factory=set)
    pseudonym: str = ""
    pivot: bool = False
    assumed: str | None = None  # None: not seen yet; "": at least once written in full
    in_doubt: bool = True  # wherever it stands, the text can as well be another value
    places: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    windows: set[Window] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    is_new: bool = True


class Gathering:
    """The identifiers of one report. `match_key` keys their ids (see `kernel.ids.keyed_id`)."""

    def __init__(self, report_id: UUID, agency_id: UUID, match_key: bytes) -> None:
        self.report_id, self.agency_id, self.match_key = report_id, agency_id, match_key
        self._by_value: dict[tuple[str, str], Gathered] = {}

    def __iter__(self) -> Iterator[Gathered]:
        return iter(self._by_value.values())

    def __len__(self) -> int:
        return len(self._by_value)

    def load(self, holdings: Iterable[Holding]) -> None:
        """Take up what earlier files of the report gave."""
        for h in holdings:
            self._by_value[h.kind, h.value] = Gathered(
                id=h.id, key=h.key, kind=h.kind, value=h.value, raw=h.raw, common=h.common, roles=set(h.roles), ways=set(h.ways),
                pseudonym=h.pseudonym, pivot=h.pivot, assumed=h.assumed, places=h.places, first_at=h.first_at, last_at=h.last_at,
                is_new=False,
            )  # fmt: skip

    def add(
        self, value: Value, *, role: str, way: str, moment: Moment | None, port: int | None, carrier_nat: bool,
        pivot: bool, until: Moment | None = None, gaps: bool = False,
    ) -> Gathered:  # fmt: skip
        """Take up one sighting and return the identifier it is of."""
        one = self._by_value.get((value.kind, value.value))
        if one is None:
            key = keyed_id(self.match_key, value.kind, value.value)
            one = Gathered(
                new_id(), key, value.kind, value.value, value.raw, value.common or "", value.variants
            )
            self._by_value[value.kind, value.value] = one
        one.variants = one.variants or value.variants
        one.roles.add(role)
        one.ways.add(way)
        one.pivot = one.pivot or (pivot and KINDS[value.kind].pivot)
        one.assumed = (
            (value.assumed or "") if one.assumed is None else (one.assumed and (value.assumed or ""))
        )
        one.in_doubt = one.in_doubt and value.in_doubt
        one.places += 1
        for when in (one.instant for one in (moment, until) if one and one.instant):
            one.first_at = min(filter(None, (one.first_at, when)))
            one.last_at = max(filter(None, (one.last_at, when)))
        if value.kind == "ip":
            one.windows.update(windows_of(moment, port, carrier_nat=carrier_nat, until=until, gaps=gaps))
        return one


def windows_of(
    moment: Moment | None,
    port: int | None,
    *,
    carrier_nat: bool,
    until: Moment | None = None,
    gaps: bool = False,
) -> list[Window]:
    """Return every stretch of time that a moment can mean, in UTC.

    `until`: the moment is the start of what was held till then. With `gaps` it is only known to be seen at both, so that
    what lies in between is in doubt. An end that comes before its start is another moment.
    """
    starts, ends = _stretches(moment), _stretches(until)
    found = [*starts, *ends]
    pairs = (
        zip(starts, ends, strict=True) if len(starts) == len(ends) else ((s, e) for s in starts for e in ends)
    )
    held = [(s[0], e[1], s[2] and e[2] and not gaps) for s, e in pairs if s[0] <= e[1]]
    if held:
        found = [*found, *held] if gaps else held
    return [(*one, port, carrier_nat) for one in found] or [(None, None, False, port, carrier_nat)]


def _stretches(moment: Moment | None) -> list[tuple[datetime, datetime, bool]]:
    """Return from when to when each reading of a moment lasts, and whether it is certain."""
    if moment is None:
        return []
    length = timedelta(days=1) if moment.precision == "day" else timedelta(0)
    if moment.instant:
        return [(moment.instant, _later(moment.instant, length), not length)]
    return [(*_bounds(candidate, length), False) for candidate in moment.candidates]


def _bounds(candidate: datetime, length: timedelta) -> tuple[datetime, datetime]:
    if candidate.tzinfo is not None:
        return candidate, _later(candidate, length)
    # A wall clock of an unknown zone: somewhere in these 26 hours.
    clock = candidate.replace(tzinfo=UTC)
    return _later(clock, -_AHEAD), _later(clock, _BEHIND + length)


def _later(at: datetime, by: timedelta) -> datetime:
    """Return a time moved, at most to the ends of the calendar ("9999-12-31" is how programs write "for ever")."""
    try:
        return at + by
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if by > timedelta(0) else datetime.min.replace(tzinfo=UTC)


def write(gatherings: Sequence[tuple[Gathering, int]]) -> None:
    """Write holdings and match keys of reports, each with its sharing level, in the caller's transaction.

    Those that earlier files of a report gave are brought up to date.
    """
    insert_rows(
        "identifiers_holding",
        _HOLDING,
        (
            (g.id, one.report_id, one.agency_id, g.key, g.kind, g.value, g.raw, sorted(g.roles), sorted(g.ways), g.pseudonym, g.pivot,
             g.common, g.assumed or "", g.places, g.first_at, g.last_at)
            for one, _ in gatherings
            for g in one
        ),
        on_conflict="on conflict (report_id, key, agency_id) do update set roles = excluded.roles,"
        " ways = excluded.ways, pseudonym = excluded.pseudonym, pivot = excluded.pivot,"
        " assumed = excluded.assumed, places = excluded.places, first_at = excluded.first_at, last_at = excluded.last_at",
    )  # fmt: skip
    insert_rows(
        "identifiers_matchkey", _MATCHKEY, (row for one, told in gatherings for row in _match_rows(one, told))
    )


def _match_rows(gathering: Gathering, told: int) -> Iterator[tuple[object, ...]]:
    for g in gathering:
        if not g.pivot or not (g.is_new or g.windows):
            continue
        tail = (
            g.id,
            gathering.report_id,
            gathering.agency_id,
            told,
            g.kind,
            g.common,
            "declared" in g.ways,
            g.in_doubt or (bool(g.assumed) and "declared" in g.ways and g.sources <= PROVIDERS),
        )
        for window in g.windows or {NO_TIME}:
            yield (g.key, g.key, True, *tail, *window)
        if g.is_new:
            for variant in g.variants:
                yield (keyed_id(gathering.match_key, "variant", variant), g.key, False, *tail, *NO_TIME)
