"""Which columns of a table are read together: an address with its port and time, a user name with its platform."""

from collections.abc import Iterator, Sequence
from itertools import product

import msgspec

from cets.domains.identifiers import kinds
from cets.domains.intake.reading import shorten
from cets.domains.intake.rows import Column, ColumnMap, NotUnderstood
from cets.domains.intake.tables import vocabulary, words
from cets.domains.intake.tables.cells import letters
from cets.domains.intake.tables.ranges import Range, is_an_end, ranges_among

#: Why a guess left columns as text, of one and of several.
_KEPT_BECAUSE = (
    ("unknown", "is not known", "are not known"),
    ("disagrees", "does not hold what its heading says", "do not hold what their headings say"),
)
NETWORK = frozenset({"ip", "device", "imei", "imsi", "mac"})


#: What a column of call records is read as beside what it says of the row.
_READ_FOR_RECORDS = {
    "calling": "phone", "called": "phone", "direction": "fact", "seconds": "fact", "latitude": "fact", "longitude": "fact",
}  # fmt: skip


class Plan(msgspec.Struct):
    """One column and what it is read together with."""

    column: Column
    label: str
    platform: str | None = None
    platform_at: int | None = None
    port_at: int | None = None
    time_at: int | None = None
    until_at: int | None = None  # the end of what begins at `time_at`
    gaps: bool = False  # as of the range
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
    anothers: bool = False  # of somebody beside the row's person, as its heading says
    guessed: str = ""  # what an unsure column seems to hold
    of_a_record: str = ""  # "calling", "direction"...: what it says of a row of call records

    @property
    def read_as(self) -> str:
        return self.column.read_as

    @property
    def is_of_the_network(self) -> bool:
        """Say whether a fact's numbers are the network's, which all its subscribers share: none is looked for."""
        return "".join(words.tokens(self.column.heading)) in vocabulary.OF_THE_NETWORK


def plans_of(column_map: ColumnMap, *, settled: bool) -> list[Plan]:
    width = max((column.index for column in column_map.columns), default=-1) + 1
    by_index = {column.index: column for column in column_map.columns}
    plans = [_plan(by_index.get(index), index, settled=settled) for index in range(width)]
    ips = [plan for plan in plans if plan.read_as == "ip"]
    times = [plan for plan in plans if plan.read_as == "time"]
    ranges = ranges_among((plan.column.index, plan.column.heading) for plan in times)
    is_of_records = any(plan.of_a_record for plan in plans)
    _give_ports(plans, ips)
    for plan in plans:
        if plan.read_as in ("account", "user_id", "group", "handle"):
            plan.platform_at = _nearest(plans, plan, "platform")
        if plan.read_as == "time":
            plan.clock_at, plan.zone_at = _nearest(plans, plan, "clock"), _nearest(plans, plan, "zone")
        an_event = len(times) == 1 and (bool(ips) or plan.directed or is_of_records)
        if NETWORK.intersection((plan.read_as, plan.guessed)) or (
            (plan.read_as in kinds.KINDS or plan.read_as == "user_id") and an_event
        ):
            plan.event_at = _nearest(plans, plan, "event")
            _tell_when(plans, plan, ranges)
        fitting = [one for one in times if words.tells_when(plan.column.heading, one.column.heading)]
        if len(fitting) == 1:
            plan.row_time_at = fitting[0].column.index
    return plans


def about(plans: Sequence[Plan], word: str, where: str) -> Iterator[NotUnderstood]:
    """Yield what is said of whole columns (or fields: `word`) once, before the rows."""
    yield from _not_known(plans, word, where)
    yield from _spare_digits(plans, where)


def _not_known(plans: Sequence[Plan], word: str, where: str) -> Iterator[NotUnderstood]:
    """Name the columns (or fields: `word`) of which nobody knows what they hold; identifiers are looked for in their cells."""
    for why, one, many in _KEPT_BECAUSE:
        kept = [plan for plan in plans if plan.kept_because == why]
        if kept:
            names = ", ".join(f"“{shorten(plan.label, 40)}”" for plan in kept)
            said = f"{word} {names} {one}" if len(kept) == 1 else f"{word}s {names} {many}"
            yield NotUnderstood(text=f"{said}: read as text.", place=f"{where}headings")


def _spare_digits(plans: Sequence[Plan], where: str) -> Iterator[NotUnderstood]:
    """Name the columns of IMEIs that were written with a 0 in place of each check digit."""
    for plan in plans:
        if plan.column.spare_digits:
            text = f"Column {plan.label} has a 0 in place of the check digits, as networks write it: they were added."
            yield NotUnderstood(text=text, place=f"{where}column {plan.label}")


def _plan(column: Column | None, index: int, *, settled: bool) -> Plan:
    if column is None:
        column = Column(index=index, heading="", samples=(), read_as="ignore")
    guessed = ""
    # What is unsure waits for the officer; meanwhile identifiers may be mentioned in its cells.
    # A date column is unsure for its day order alone, and carries both readings.
    if not (column.sure or settled or column.read_as in ("time", "birth_date")):
        guessed, column = column.read_as, msgspec.structs.replace(column, read_as="fact")
    of_a_record = column.read_as if column.read_as in _READ_FOR_RECORDS else ""
    column = msgspec.structs.replace(column, read_as=_READ_FOR_RECORDS.get(column.read_as, column.read_as))
    return Plan(
        column=column,
        of_a_record=of_a_record,
        label=column.heading or letters(column.index),
        platform=words.platform_of(column.heading),
        zone=words.zone_of(column.heading),
        directed=words.has_direction(column.heading) or of_a_record in ("calling", "called"),
        anothers=words.is_of_another(column.heading),
        kept_because="" if settled else column.kept_because,
        guessed=guessed,
    )


def _give_ports(plans: list[Plan], ips: list[Plan]) -> None:
    """Set the port of each address: a column of ports is of one address, and tells nothing of the row's others."""
    ports = [plan for plan in plans if plan.read_as == "port"]
    given: set[int] = set()
    for ip, port in sorted(product(ips, ports), key=lambda pair: _distance(*pair)):
        if ip.port_at is None and port.column.index not in given:
            ip.port_at = port.column.index
            given.add(port.column.index)


def _distance(to: Plan, plan: Plan) -> tuple[int, int, int]:
    shared = set(words.tokens(to.column.heading)).intersection(words.tokens(plan.column.heading))
    away = plan.column.index - to.column.index
    return (-len(shared), abs(away), -away)


def _nearest(plans: list[Plan], to: Plan, read_as: str) -> int | None:
    """Return the column of a sort that belongs to another: sharing a word of its heading, else nearest."""
    found = [plan for plan in plans if plan.read_as == read_as]
    return min(found, key=lambda plan: _distance(to, plan)).column.index if found else None


def _tell_when(plans: list[Plan], plan: Plan, ranges: list[Range]) -> None:
    """Set when a value was seen: at a time of the row, else from one column to another, else at the one end that is told."""
    own = set(words.tokens(plan.column.heading))
    is_one_end = not own.isdisjoint(_ENDS)  # "last IP" was not seen first
    usable = [one for one in ranges if not (one.gaps and is_one_end)]
    ends = {index for one in usable for index in (one.start, one.end)}
    at = _time_of([other for other in plans if other.column.index not in ends], plan)
    if at is None and usable:

        def distance(one: Range) -> tuple[int, int]:
            shared = own.intersection(words.tokens(plans[one.start].column.heading))
            return -len(shared), abs(one.start - plan.column.index)

        best = min(usable, key=distance)
        plan.time_at, plan.until_at, plan.gaps = best.start, best.end, best.gaps
        return
    sides = [other for other in plans if other.read_as == "time" and is_an_end(other.column.heading)]
    plan.time_at = sides[0].column.index if at is None and len(sides) == 1 else at
    if plan.time_at is None and any(other.directed for other in plans):
        plan.time_at = _sent_at(plans)


def _sent_at(plans: list[Plan]) -> int | None:
    """Return when what the row is of was sent, where it names no other time: somebody's address then was the sender's."""
    times = [plan for plan in plans if plan.read_as == "time"]
    is_sent = len(times) == 1 and "sent" in words.tokens(times[0].column.heading)
    return times[0].column.index if is_sent else None


_ENDS = frozenset({"first", "last"})


def _time_of(plans: list[Plan], plan: Plan) -> int | None:
    """Return the time column that tells when a value was seen; not that of another event (registered...)."""
    fitting = [
        other
        for other in plans
        if other.read_as != "time" or words.tells_when(plan.column.heading, other.column.heading)
    ]
    return _nearest(fitting, plan, "time")
