"""Gather the sightings of one report into holdings and write them with their match keys; add and retire an agency's patterns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting, require
from cets.audit.recording import record
from cets.domains.identifiers import events
from cets.domains.identifiers.kinds import KINDS
from cets.domains.identifiers.kinds.base import Context, Value
from cets.domains.identifiers.models import AgencyPattern, Holding
from cets.kernel.errors import CetsError
from cets.kernel.ids import keyed_id
from cets.kernel.moments import Moment
from cets.kernel.rows import insert_rows

if TYPE_CHECKING:
    from cets.domains.identifiers.patterns import Draft

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


class Gathering:
    """Identifiers of one report. `match_key` keys their ids (see `kernel.ids.keyed_id`).

    What is written is let go: a report of a million identifiers is gathered by a few thousand, and each is written as often as
    it comes again.
    """

    def __init__(self, report_id: UUID, agency_id: UUID, match_key: bytes) -> None:
        self.report_id, self.agency_id, self.match_key = report_id, agency_id, match_key
        self.goes_on = False  # something of the report is written already
        self._by_value: dict[tuple[str, str], Gathered] = {}
        self._pseudonyms: dict[tuple[str, str], str] = {}

    def __iter__(self) -> Iterator[Gathered]:
        return iter(self._by_value.values())

    def __len__(self) -> int:
        return len(self._by_value)

    def go_on_from(self, victims: Iterable[Holding]) -> None:
        """Take up that earlier files of the report gave something, and which of it is a victim's."""
        self.goes_on = True
        self._pseudonyms.update({(h.kind, h.value): h.pseudonym for h in victims})

    def let_go(self) -> None:
        """Forget what is written; how its victims are called is kept."""
        self.goes_on = True
        self._pseudonyms.update(
            {value: one.pseudonym for value, one in self._by_value.items() if one.pseudonym}
        )
        self._by_value.clear()

    def add(
        self, value: Value, *, role: str, way: str, moment: Moment | None, port: int | None, carrier_nat: bool,
        pivot: bool, until: Moment | None = None, gaps: bool = False,
    ) -> Gathered:  # fmt: skip
        """Take up one sighting and return the identifier it is of."""
        known_by = (value.kind, value.value)
        one = self._by_value.get(known_by)
        if one is None:
            one = self._by_value[known_by] = self._first_of(value)
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

    def _first_of(self, value: Value) -> Gathered:
        key = keyed_id(self.match_key, value.kind, value.value)
        own = keyed_id(self.match_key, "holding", self.report_id.hex, key.hex)
        known_as = self._pseudonyms.get((value.kind, value.value), "")
        return Gathered(
            own,
            key,
            value.kind,
            value.value,
            value.raw,
            value.common or "",
            value.variants,
            pseudonym=known_as,
        )


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


#: What a report holds already is added to what comes of it.
_AND_BEFORE = """
on conflict (report_id, key, agency_id) do update set
  roles = array(select distinct one collate "C" from unnest(identifiers_holding.roles || excluded.roles) as one order by 1),
  ways = array(select distinct one collate "C" from unnest(identifiers_holding.ways || excluded.ways) as one order by 1),
  pseudonym = coalesce(nullif(identifiers_holding.pseudonym, ''), excluded.pseudonym),
  pivot = identifiers_holding.pivot or excluded.pivot,
  assumed = case when identifiers_holding.assumed = '' then '' else excluded.assumed end,
  places = identifiers_holding.places + excluded.places,
  first_at = least(identifiers_holding.first_at, excluded.first_at),
  last_at = greatest(identifiers_holding.last_at, excluded.last_at)
"""
#: A key without a time is written again only when it says more than one of its identifier that stands.
_SAID = """
r.from_at is null and r.to_at is null and exists (
  select 1 from identifiers_matchkey m
  where m.report_id = r.report_id and m.holding_id = r.holding_id and m.key = r.key and m.is_exact = r.is_exact
    and m.is_declared >= r.is_declared and m.is_assumed <= r.is_assumed
    and m.from_at is null and m.to_at is null and m.port is not distinct from r.port and m.carrier_nat = r.carrier_nat
)
"""


def write(gatherings: Sequence[tuple[Gathering, int]]) -> None:
    """Write holdings and match keys of reports, each with its sharing level, in the caller's transaction.

    Those that earlier files of a report gave are brought up to date. What is written is then let go.
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
        on_conflict=_AND_BEFORE,
    )  # fmt: skip
    for goes_on in (False, True):
        rows = (row for one, told in gatherings if one.goes_on == goes_on for row in _match_rows(one, told))
        insert_rows("identifiers_matchkey", _MATCHKEY, rows, unless=_SAID if goes_on else "")
    for one, _ in gatherings:
        one.let_go()


def _match_rows(gathering: Gathering, told: int) -> Iterator[tuple[object, ...]]:
    for g in gathering:
        if not g.pivot:
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
        for variant in g.variants:
            yield (keyed_id(gathering.match_key, "variant", variant), g.key, False, *tail, *NO_TIME)


class ExamplesDiffer(CetsError):
    """Not every example came out as it should. Nothing was changed."""


class PatternRetired(CetsError):
    """This pattern is retired already. Nothing was changed."""


def add_pattern(
    *, draft: "Draft", by: Viewer, at: datetime, country: str, replaces: AgencyPattern | None = None
) -> AgencyPattern:
    """Add a pattern to those of the own agency, its examples tried. Files read from now on are looked through by it.

    `replaces`: an older version, which is retired with it; it then keeps that name. Raises Refused, WrongPattern,
    ExamplesDiffer, PatternRetired.
    """
    from cets.domains.identifiers import patterns  # noqa: PLC0415 - the finders are heavy, and only this needs them here

    require(by, Permission.AGENCY_MANAGE)
    draft = patterns.checked(draft)
    if not all(one.is_right for one in patterns.try_out(draft, Context(country=country))):
        raise ExamplesDiffer(str(ExamplesDiffer.__doc__))
    try:
        with acting(by), transaction.atomic():
            if replaces is not None:
                retire_pattern(pattern=replaces, by=by, at=at)
            made = _kept(draft, by, at)
            record(
                events.PATTERN_ADDED, by=by, subject=("pattern", made.id), agency_id=made.agency_id, name=made.name, version=made.version
            )  # fmt: skip
    except IntegrityError as error:
        if "pattern_" not in str(error):
            raise
        raise patterns.WrongPattern("name", "A pattern of this name is in use already.") from error
    return made


def _kept(draft: "Draft", by: Viewer, at: datetime) -> AgencyPattern:
    from cets.domains.identifiers import patterns  # noqa: PLC0415 - see add_pattern

    mine = AgencyPattern.objects.filter(agency_id=by.own_agency)
    taken = set(mine.filter(retired_at=None).values_list("slot", flat=True))
    free = next((slot for slot in range(1, patterns.MOST_IN_USE + 1) if slot not in taken), None)
    if free is None:
        raise patterns.WrongPattern(
            "name", f"An agency has at most {patterns.MOST_IN_USE} patterns in use. Retire one first."
        )
    last = max(mine.filter(name=draft.name).values_list("version", flat=True), default=0)
    return AgencyPattern.objects.create(
        agency_id=by.own_agency, name=draft.name, version=last + 1, slot=free, pattern=draft.pattern, kind=draft.kind,
        platform=draft.platform, matching=[list(one) for one in draft.matching], not_matching=list(draft.not_matching),
        added_by=by.actor_id, added_at=at,
    )  # fmt: skip


def retire_pattern(*, pattern: AgencyPattern, by: Viewer, at: datetime) -> None:
    """Stop a pattern: what it found stays, files read from now on are not looked through by it. Raises Refused, PatternRetired."""
    require(by, Permission.AGENCY_MANAGE)
    with acting(by):
        mine = AgencyPattern.objects.filter(id=pattern.id, agency_id=by.own_agency, retired_at=None)
        if not mine.update(retired_at=at, retired_by=by.actor_id):
            raise PatternRetired(str(PatternRetired.__doc__))
        record(
            events.PATTERN_RETIRED, by=by, subject=("pattern", pattern.id), agency_id=by.own_agency, name=pattern.name,
            version=pattern.version,
        )  # fmt: skip
