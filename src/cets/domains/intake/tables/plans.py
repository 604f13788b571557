"""Which columns of a table are read together: an address with its port and time, a user name with its platform."""

import msgspec

from cets.domains.identifiers import kinds
from cets.domains.intake.rows import Column, ColumnMap
from cets.domains.intake.tables import words
from cets.domains.intake.tables.cells import letters

NETWORK = frozenset({"ip", "device", "imei", "imsi", "mac"})


class Plan(msgspec.Struct):
    """One column and what it is read together with."""

    column: Column
    label: str
    platform: str | None = None
    platform_at: int | None = None
    port_at: int | None = None
    time_at: int | None = None
    event_at: int | None = None
    clock_at: int | None = None
    zone_at: int | None = None
    zone: str | None = None
    directed: bool = False
    sorts: tuple[str, ...] = ()  # of a hash, as `hashes.settle` finds them
    is_named: bool = False
    sort_at: int | None = None
    kept_because: str = ""  # as the column's
    row_time_at: int | None = None  # when the row happened, if it has one time
    guessed: str = ""  # what an unsure column seems to hold

    @property
    def read_as(self) -> str:
        return self.column.read_as


def plans_of(column_map: ColumnMap, *, settled: bool) -> list[Plan]:
    width = max((column.index for column in column_map.columns), default=-1) + 1
    by_index = {column.index: column for column in column_map.columns}
    plans = [_plan(by_index.get(index), index, settled=settled) for index in range(width)]
    ips = [plan for plan in plans if plan.read_as == "ip"]
    times = [plan for plan in plans if plan.read_as == "time"]
    for plan in plans:
        if plan.read_as in ("account", "user_id", "group", "handle"):
            plan.platform_at = _nearest(plans, plan, "platform")
        if plan.read_as == "ip":
            plan.port_at = _nearest(plans, plan, "port")
        if plan.read_as == "time":
            plan.clock_at, plan.zone_at = _nearest(plans, plan, "clock"), _nearest(plans, plan, "zone")
        an_event = len(times) == 1 and (bool(ips) or plan.directed)
        if NETWORK.intersection((plan.read_as, plan.guessed)) or (
            (plan.read_as in kinds.KINDS or plan.read_as == "user_id") and an_event
        ):
            plan.time_at, plan.event_at = _time_of(plans, plan), _nearest(plans, plan, "event")
        fitting = [one for one in times if words.tells_when(plan.column.heading, one.column.heading)]
        if len(fitting) == 1:
            plan.row_time_at = fitting[0].column.index
    return plans


def _plan(column: Column | None, index: int, *, settled: bool) -> Plan:
    if column is None:
        column = Column(index=index, heading="", samples=(), read_as="ignore")
    guessed = ""
    # What is unsure waits for the officer; meanwhile identifiers may be mentioned in its cells.
    # A date column is unsure for its day order alone, and carries both readings.
    if not (column.sure or settled or column.read_as in ("time", "birth_date")):
        guessed, column = column.read_as, msgspec.structs.replace(column, read_as="fact")
    return Plan(
        column=column,
        label=column.heading or letters(column.index),
        platform=words.platform_of(column.heading),
        zone=words.zone_of(column.heading),
        directed=words.has_direction(column.heading),
        kept_because="" if settled else column.kept_because,
        guessed=guessed,
    )


def _nearest(plans: list[Plan], to: Plan, read_as: str) -> int | None:
    """Return the column of a sort that belongs to another: sharing a word of its heading, else nearest."""
    own = set(words.tokens(to.column.heading))

    def distance(plan: Plan) -> tuple[int, int, int]:
        shared = len(own & set(words.tokens(plan.column.heading)))
        away = plan.column.index - to.column.index
        return (-shared, abs(away), -away)

    found = [plan for plan in plans if plan.read_as == read_as]
    return min(found, key=distance).column.index if found else None


def _time_of(plans: list[Plan], plan: Plan) -> int | None:
    """Return the time column that tells when a value was seen; not that of another event (registered...)."""
    fitting = [
        other
        for other in plans
        if other.read_as != "time" or words.tells_when(plan.column.heading, other.column.heading)
    ]
    return _nearest(fitting, plan, "time")
