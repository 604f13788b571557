"""Read the rows of a table by a column map."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.reading import Reader, is_empty, readings, shorten, split_port
from cets.domains.intake.rows import (
    AmbiguousPart,
    AnyRow,
    Column,
    ColumnMap,
    Failed,
    FreeText,
    NotUnderstood,
    Person,
    Sighting,
)
from cets.domains.intake.sources.base import Options
from cets.domains.intake.tables import words
from cets.domains.intake.tables.cells import Cell, Grid, TooLong, letters
from cets.domains.intake.tables.guess import DIGITS, guess_map
from cets.domains.intake.times import has_day_doubt, has_no_zone, is_unread
from cets.kernel.moments import Moment

_NAME_PARTS = ("name", "first_name", "middle_name", "last_name")
_PERSONAL = frozenset({*_NAME_PARTS, "birth_date", "age"})
#: Of a file or a report, not of a person.
_NOT_OF_A_PERSON = frozenset({"hash", "report_number"})
_NETWORK = frozenset({"ip", "device", "imei", "imsi", "mac"})
_TIED = frozenset({"port", "platform", "zone", "clock", "event", "role"})  # read with another column
#: A cell without any of these holds no identifier that stands for itself.
_WORTH_A_LOOK = re.compile(r"[@/:\[]|\w\.\w|\d{5}|\d[ \-()]\d{3}|\b(?:at|on|dot)\b", re.IGNORECASE)
_FORMULA = re.compile(r"\s*(?:=|[+\-@]\s*[A-Za-z]{2}[\w.]{0,60}\s?[(|])")
_QUOTED_TEXT = re.compile(r'="([^"]*)"')  # how programs keep a leading zero
_ROUNDED = re.compile(r"[+\-]?\d(?:[.,]\d+)?E\+?(\d{1,2})", re.IGNORECASE)
_EXACT = re.compile(r"\d+\.0+")
_LISTED = 1_000  # remarks of one sort per column that are listed singly
_LONGEST_FACT = 2_000
_SAFE_INTEGER = 15  # digits that a spreadsheet keeps exactly


def read_grid(grid: Grid, options: Options) -> Iterator[AnyRow]:
    """Yield the column map, then the rows read by it: the officer's map when there is one, else the guess."""
    guessed = guess_map(grid, options)
    given = options.column_map
    settled = given is not None and given.sheet in (None, grid.sheet)
    column_map = _adopted(given, guessed) if given is not None and settled else guessed
    yield column_map
    yield from _Table(grid, column_map, options, settled=settled).rows()


def _adopted(given: ColumnMap, guessed: ColumnMap) -> ColumnMap:
    """The officer's columns, with the counts of this file."""
    columns = tuple(msgspec.structs.replace(column, sure=True) for column in given.columns)
    return msgspec.structs.replace(
        given, columns=columns, rows=guessed.rows, sheet=guessed.sheet, delimiter=guessed.delimiter
    )


class _Plan(msgspec.Struct):
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

    @property
    def read_as(self) -> str:
        return self.column.read_as


class _Table:
    def __init__(self, grid: Grid, column_map: ColumnMap, options: Options, *, settled: bool) -> None:
        self._grid = grid
        self._map = column_map
        self._options = options
        self._reader = Reader(options)
        self._remarks: Counter[tuple[str, str]] = Counter()
        self._plans = _plans(column_map, settled=settled)
        self._roles = {plan.column.role for plan in self._plans} - {"unknown"}
        self._role_at = _first_at(self._plans, "role")
        # Suspect and victim in one row: a value of neither is nobody's in particular.
        self._is_shared = len(self._roles) >= _SEVERAL and self._role_at is None
        # A row about an exchange (calling, called) is about two people, and does not say who holds what.
        exchange = any(plan.directed and plan.read_as in kinds.KINDS for plan in self._plans)
        self._has_persons = not exchange or any(plan.read_as in _PERSONAL for plan in self._plans)
        self._where = "" if grid.alone else f"sheet “{grid.sheet}”, "
        self._doubts: set[tuple[str, str]] = set()
        self._said_beyond = False

    def rows(self) -> Iterator[AnyRow]:
        yield from self._ignored()
        done = 0
        try:
            for number, cells in self._grid.rows():
                if number <= self._map.heading_row:
                    yield from self._above(number, cells)
                    continue
                if done >= self._options.max_rows:
                    yield Failed(reason=f"Stopped at the limit of {self._options.max_rows} rows.")
                    break
                done += 1
                yield from self._row(number, cells)
        except TooLong as fault:
            yield Failed(reason=str(fault))
        yield from self._counted()

    def _ignored(self) -> Iterator[AnyRow]:
        for plan in self._plans:
            if plan.read_as == "ignore":
                yield NotUnderstood(
                    text=f"Column {plan.label} is left out, as its map says.", place=plan.label
                )

    def _above(self, number: int, cells: list[Cell]) -> Iterator[AnyRow]:
        """Lines above the heading say what the table is; they are text."""
        text = " ".join(cell.text.strip() for cell in cells if cell.text.strip())
        if number < self._map.heading_row and text:
            yield from self._reader.free_text(
                text, place=f"{self._where}row {number}", label="Above the table"
            )

    def _row(self, number: int, cells: list[Cell]) -> Iterator[AnyRow]:
        place = f"{self._where}row {number}"
        row = _Row(cells, place, self._role(cells))
        found: list[AnyRow] = []
        for plan in self._plans:
            cell = row.cell(plan.column.index)
            if cell is not None:
                found.extend(self._cell(plan, cell, row))
        for index in range(len(self._plans), len(cells)):
            if cells[index].text.strip():
                found.extend(self._beyond(index, cells[index], row))
        yield from self._people(row, found)

    def _role(self, cells: list[Cell]) -> Role:
        """The role of the row's person: by its role column, else the one role that the headings name."""
        if self._role_at is not None and self._role_at < len(cells):
            return words.role_of_value(cells[self._role_at].text) or "unknown"
        return next(iter(self._roles)) if len(self._roles) == 1 else "unknown"

    def _cell(self, plan: _Plan, cell: Cell, row: "_Row") -> Iterator[AnyRow]:
        place = f"{row.place}, column {plan.label}"
        role = self._role_of(plan, row)
        if cell.sort == "formula" or _FORMULA.match(cell.text):
            unwrapped = _QUOTED_TEXT.fullmatch(cell.text.strip())
            if not unwrapped:
                yield from self._formula(plan, cell, place, role, row)
                return
            cell = Cell(unwrapped[1])
        if plan.read_as in _PERSONAL:
            yield from self._personal(plan, cell, row, role, place)
        elif plan.read_as in ("ignore", *_TIED):
            yield from self._tied(plan, cell, row, role)
        elif plan.read_as == "time":
            yield from self._time_only(plan, cell, row, role, place)
        elif plan.read_as == "text":
            yield from self._reader.free_text(cell.text, place=place, label=plan.label)
        elif plan.read_as in kinds.KINDS or plan.read_as == "user_id":
            yield from self._identifier(plan, cell, row, role, place)
        else:
            yield from self._fact(plan, cell, row, role, place)

    def _role_of(self, plan: _Plan, row: "_Row") -> Role:
        return row.role if plan.column.role == "unknown" and not self._is_shared else plan.column.role

    def _identifier(self, plan: _Plan, cell: Cell, row: "_Row", role: Role, place: str) -> Iterator[AnyRow]:
        doubt = self._number_doubt(plan, cell, place, role)
        if doubt is not None:
            yield from doubt
            return
        yield from self._as_number(plan, cell)
        kind, raw, platform = _as_read(plan, cell, row)
        facts: dict[str, Any] = {}
        is_whose = role != "unknown" or not self._is_shared
        if self._has_persons and is_whose and plan.read_as not in _NOT_OF_A_PERSON:
            facts["person"] = self._key(row, role)
        if plan.time_at is not None:
            facts["seen_at"] = self._moment(plan, row)
        if plan.event_at is not None:
            event = row.text(plan.event_at)
            facts["event"] = shorten(event) if event else None
        if kind == "ip":
            raw, facts["port"] = split_port(raw, row.text(plan.port_at))
        for made in self._reader.declared(
            kind, raw, as_written=cell.text.strip(), place=place, role=role, platform=platform, **facts
        ):
            yield from self._counted_row(made, plan, "not understood")

    def _as_number(self, plan: _Plan, cell: Cell) -> Iterator[AnyRow]:
        """Say once for a column that a spreadsheet kept it as numbers."""
        if cell.sort == "number" and plan.read_as in DIGITS and not self._remarks[(plan.label, "as numbers")]:
            self._remarks[(plan.label, "as numbers")] = 1
            text = f"Column {plan.label} is kept as numbers: leading zeros or a plus, if any, are lost."
            yield NotUnderstood(text=text, place=f"{self._where}column {plan.label}")

    def _number_doubt(self, plan: _Plan, cell: Cell, place: str, role: Role) -> Iterator[AnyRow] | None:
        """A number of which digits are lost, or may be: kept as it stands, and said."""
        if plan.read_as not in DIGITS:
            return None
        text = cell.text.strip()
        rounded = _ROUNDED.fullmatch(text)
        if rounded or cell.sort == "rounded":
            candidates = _whole(text) or ("The digits are lost; ask for the file with this column as text.",)
            part = AmbiguousPart(raw=text, candidates=candidates, place=place, role=role)
            return self._counted_row(part, plan, "rounded numbers")
        return None

    def _personal(self, plan: _Plan, cell: Cell, row: "_Row", role: Role, place: str) -> Iterator[AnyRow]:
        text = cell.text.strip()
        row.of(role).setdefault(plan.read_as, []).append(text)
        if plan.read_as == "birth_date":
            when = self._reader.time(text, day_first=plan.column.day_first)
            if has_day_doubt(when):
                part = AmbiguousPart(raw=text, candidates=readings(when), place=place, role=role)
                yield from self._counted_row(part, plan, "dates with two readings")

    def _tied(self, plan: _Plan, cell: Cell, row: "_Row", role: Role) -> Iterator[AnyRow]:
        """Kept with the identifiers they belong to; shown as facts when there are none."""
        if plan.read_as in ("platform", "role", "event"):
            row.facts(role).append((plan.label, shorten(cell.text.strip(), _LONGEST_FACT)))
        if plan.read_as == "role" and words.role_of_value(cell.text) is None:
            text = f"“{shorten(cell.text)}” at {row.place}, column {plan.label} is no role that is known."
            yield from self._counted_row(NotUnderstood(text=text, place=row.place), plan, "unknown roles")

    def _time_only(self, plan: _Plan, cell: Cell, row: "_Row", role: Role, place: str) -> Iterator[AnyRow]:
        when = self._moment(msgspec.structs.replace(plan, time_at=plan.column.index), row)
        row.facts(role).append((plan.label, shorten(cell.text.strip(), _LONGEST_FACT)))
        if when is None:
            return
        if is_unread(when):
            text = f"“{shorten(when.raw)}” at {place} was not read as a time."
            yield from self._counted_row(NotUnderstood(text=text, place=place), plan, "unread times")
        elif has_day_doubt(when):
            if (plan.label, when.raw) not in self._doubts and len(self._doubts) < _LISTED:
                self._doubts.add((plan.label, when.raw))
                yield AmbiguousPart(raw=when.raw, candidates=readings(when), place=place)
        elif has_no_zone(when) and (plan.label, "") not in self._doubts:
            self._doubts.add((plan.label, ""))
            said = f"{place}, and all of this column: the time zone is not stated"
            yield AmbiguousPart(raw=when.raw, candidates=readings(when), place=said)

    def _moment(self, plan: _Plan, row: "_Row") -> Moment | None:
        text = row.text(plan.time_at)
        if text is None:
            return None
        column = self._plans[plan.time_at] if plan.time_at is not None else plan
        clock, zone = row.text(column.clock_at), row.text(column.zone_at) or column.zone
        if clock:
            text = f"{text} {clock}"
        when = self._reader.time(text, day_first=column.column.day_first)
        if zone and has_no_zone(when):
            zoned = self._reader.time(f"{text} {zone}", day_first=column.column.day_first)
            return when if is_unread(zoned) else msgspec.structs.replace(zoned, raw=text)
        return when

    def _fact(self, plan: _Plan, cell: Cell, row: "_Row", role: Role, place: str) -> Iterator[AnyRow]:
        text = cell.text.strip()
        if len(text) > _LONGEST_FACT:
            yield from self._reader.free_text(text, place=place, label=plan.label)
            return
        row.facts(role).append((plan.label, text))
        # A column whose heading is known to hold something else is not searched: no phone in it.
        if (words.kind_of(plan.column.heading) is None or not plan.column.sure) and _WORTH_A_LOOK.search(
            text
        ):
            yield from self._reader.mentioned(text, place=place, role="unknown")

    def _formula(self, plan: _Plan, cell: Cell, place: str, role: Role, row: "_Row") -> Iterator[AnyRow]:
        text = f"The cell at {place} is a formula: kept as text, not evaluated."
        yield from self._counted_row(NotUnderstood(text=text, place=place), plan, "formulas")
        row.facts(role).append((plan.label, shorten(cell.text.strip(), _LONGEST_FACT)))
        if plan.read_as != "ignore":
            yield from self._reader.mentioned(cell.text, place=place)

    def _beyond(self, index: int, cell: Cell, row: "_Row") -> Iterator[AnyRow]:
        """A cell to the right of the last heading."""
        label = letters(index)
        place = f"{row.place}, column {label}"
        if not self._said_beyond:
            self._said_beyond = True
            text = f"Row {row.place.rpartition(' ')[2]} has more cells than there are columns: read as text."
            yield NotUnderstood(text=text, place=place)
        yield from self._reader.free_text(cell.text.strip(), place=place)

    def _people(self, row: "_Row", found: list[AnyRow]) -> Iterator[AnyRow]:
        """Yield a person where the row describes one, then what was found, tied to the persons that exist."""
        made: set[str] = set()
        tied = Counter(item.person for item in found if isinstance(item, Sighting) and item.person)
        for role in dict.fromkeys([*row.described(), *self._roles_found(found)]):
            key = self._key(row, role)
            personal = row.of(role)
            if key not in made and (personal or role != "unknown" or tied[key] >= _SEVERAL):
                made.add(key)
                yield _person(key, role, row, personal, shared=self._is_shared)
        if row.facts("unknown") and (not made or self._is_shared):
            text = "; ".join(f"{label}: {text}" for label, text in row.facts("unknown"))
            yield FreeText(text=text, place=row.place)
        for item in found:
            loose = isinstance(item, Sighting) and item.person is not None and item.person not in made
            yield msgspec.structs.replace(item, person=None) if loose else item

    def _roles_found(self, found: list[AnyRow]) -> Iterator[Role]:
        return (item.role for item in found if isinstance(item, Sighting) and item.person)

    def _key(self, row: "_Row", role: Role) -> str:
        base = f"{self._where}row {row.place.rpartition(' ')[2]}"
        return f"{base}, {role}" if self._is_shared else base

    def _counted_row(self, made: AnyRow, plan: _Plan, sort: str) -> Iterator[AnyRow]:
        """Pass a row on; remarks beyond the first thousand of a sort are counted instead."""
        if isinstance(made, (NotUnderstood, AmbiguousPart)):
            self._remarks[(plan.label, sort)] += 1
            if self._remarks[(plan.label, sort)] > _LISTED:
                return
        yield made

    def _counted(self) -> Iterator[AnyRow]:
        for (label, sort), count in self._remarks.items():
            if count > _LISTED:
                text = f"Column {label}: {count - _LISTED} further cells with {sort}, not listed singly."
                yield NotUnderstood(text=text, place=f"{self._where}column {label}")


_SEVERAL = 2


class _Row:
    """One row while it is read: its cells, and what was gathered of the persons in it."""

    def __init__(self, cells: list[Cell], place: str, role: Role) -> None:
        self._cells = cells
        self.place = place
        self.role = role
        self._personal: dict[Role, dict[str, list[str]]] = {}
        self._facts: dict[Role, list[tuple[str, str]]] = {}

    def cell(self, index: int) -> Cell | None:
        if index >= len(self._cells) or is_empty(self._cells[index].text):
            return None
        return self._cells[index]

    def text(self, index: int | None) -> str | None:
        cell = self.cell(index) if index is not None else None
        return cell.text.strip() if cell else None

    def of(self, role: Role) -> dict[str, list[str]]:
        return self._personal.setdefault(role, {})

    def facts(self, role: Role) -> list[tuple[str, str]]:
        return self._facts.setdefault(role, [])

    def described(self) -> list[Role]:
        return [role for role, parts in self._personal.items() if parts]


def _person(key: str, role: Role, row: _Row, personal: dict[str, list[str]], *, shared: bool) -> Person:
    parts = [text for part in _NAME_PARTS[1:] for text in personal.get(part, [])]
    names = [*personal.get("name", []), *([" ".join(parts)] if parts else [])]
    facts = (
        list(row.facts(role)) if role == "unknown" or shared else [*row.facts(role), *row.facts("unknown")]
    )
    return Person(
        key=key,
        role=role,
        place=row.place,
        names=tuple(names),
        birth_date=next(iter(personal.get("birth_date", [])), None),
        age=next(iter(personal.get("age", [])), None),
        facts=tuple(facts),
    )


def _plans(column_map: ColumnMap, *, settled: bool) -> list[_Plan]:
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
        if plan.read_as in _NETWORK or (
            (plan.read_as in kinds.KINDS or plan.read_as == "user_id") and an_event
        ):
            plan.time_at, plan.event_at = _time_of(plans, plan), _nearest(plans, plan, "event")
    return plans


def _plan(column: Column | None, index: int, *, settled: bool) -> _Plan:
    if column is None:
        column = Column(index=index, heading="", samples=(), read_as="ignore")
    # What is unsure waits for the officer; meanwhile identifiers may be mentioned in its cells.
    # A date column is unsure for its day order alone, and carries both readings.
    if not (column.sure or settled or column.read_as in ("time", "birth_date")):
        column = msgspec.structs.replace(column, read_as="fact")
    return _Plan(
        column=column,
        label=column.heading or letters(column.index),
        platform=words.platform_of(column.heading),
        zone=words.zone_of(column.heading),
        directed=words.has_direction(column.heading),
    )


def _nearest(plans: list[_Plan], to: _Plan, read_as: str) -> int | None:
    """Return the column of a sort that belongs to another: sharing a word of its heading, else nearest."""
    own = set(words.tokens(to.column.heading))

    def distance(plan: _Plan) -> tuple[int, int, int]:
        shared = len(own & set(words.tokens(plan.column.heading)))
        away = plan.column.index - to.column.index
        return (-shared, abs(away), -away)

    found = [plan for plan in plans if plan.read_as == read_as]
    return min(found, key=distance).column.index if found else None


def _time_of(plans: list[_Plan], plan: _Plan) -> int | None:
    """Return the time column that tells when a value was seen; not that of another event (registered...)."""
    fitting = [
        other
        for other in plans
        if other.read_as != "time" or words.tells_when(plan.column.heading, other.column.heading)
    ]
    return _nearest(fitting, plan, "time")


def _first_at(plans: list[_Plan], read_as: str) -> int | None:
    return next((index for index, plan in enumerate(plans) if plan.read_as == read_as), None)


def _as_read(plan: _Plan, cell: Cell, row: _Row) -> tuple[str, str, str | None]:
    """Return kind, text to read and platform of an identifier's cell."""
    text = cell.text.strip()
    kind = plan.read_as
    if _EXACT.fullmatch(text) and kind in DIGITS:
        text = text.partition(".")[0]
    platform = row.text(plan.platform_at) or plan.platform
    if kind in ("account", "user_id", "handle"):
        if platform is None and "/" not in text:
            return "handle", text, None
        name = f"id:{text}" if kind == "user_id" else text
        return "account", f"{platform.replace('/', ' ')}/{name}" if platform else name, platform
    if kind == "hash":
        scheme = next((word for word in words.tokens(plan.column.heading) if word in _HASH_NAMES), None)
        return kind, f"{scheme}:{text}" if scheme and ":" not in text else text, None
    if kind == "device":
        scheme = next(
            (word for word in words.tokens(plan.column.heading) if word in ("idfa", "gaid", "aaid")), None
        )
        return kind, f"{scheme}:{text}" if scheme else text, None
    if kind == "report_number" and text.isdecimal():
        return kind, f"ncmec:{text}", None
    return kind, text, platform


_HASH_NAMES = frozenset({"md5", "sha1", "sha256", "sha512", "pdq", "photodna", "pdna"})


def _whole(text: str) -> tuple[str, ...]:
    """Return the number that an exponent form most likely stands for, when it keeps every digit."""
    found = _ROUNDED.fullmatch(text.strip())
    if not found:
        return (text,) if text.isdecimal() else ()
    mantissa, exponent = text.upper().split("E")
    head, _, tail = mantissa.replace(",", ".").lstrip("+").partition(".")
    power = int(exponent)
    if power > _SAFE_INTEGER or len(tail) > power:
        return ()
    return (head + tail.ljust(power, "0"),)
