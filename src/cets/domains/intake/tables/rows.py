"""Read the rows of a table by a column map."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.reading import Reader, readings, shorten, split_port
from cets.domains.intake.rows import (
    AmbiguousPart,
    AnyRow,
    ColumnMap,
    Failed,
    FreeText,
    NotUnderstood,
    Sighting,
)
from cets.domains.intake.sources.base import Options
from cets.domains.intake.tables import closings, words
from cets.domains.intake.tables.cells import Cell, Grid, TooLong, letters
from cets.domains.intake.tables.forms import Form
from cets.domains.intake.tables.hashes import hash_readings, settle, sorts_in
from cets.domains.intake.tables.headings import is_plainly_named
from cets.domains.intake.tables.mentions import WORTH_A_LOOK, mentioned_in, named_by_title, said_by_title
from cets.domains.intake.tables.people import NAME_PARTS, Row, person
from cets.domains.intake.tables.plans import Plan, about, plans_of
from cets.domains.intake.tables.records import Records
from cets.domains.intake.tables.role_marks import name_told
from cets.domains.intake.tables.row_roles import RowRoles
from cets.domains.intake.tables.shapes import DIGITS
from cets.domains.intake.tables.values import ROUNDED, as_read, several, stands_alone, whole
from cets.domains.intake.times import counted, has_day_doubt, has_no_zone, is_unread
from cets.kernel.moments import Moment, is_backwards

_PERSONAL = frozenset({*NAME_PARTS, "birth_date", "age"})
#: Of a file or a report, not of a person.
_NOT_OF_A_PERSON = frozenset({"hash", "report_number"})
_TIED = frozenset({"port", "platform", "zone", "clock", "event", "role"})  # read with another column
_FORMULA = re.compile(r"\s*(?:=|[+\-@]\s*[A-Za-z]{2}[\w.]{0,60}\s?[(|])")
_QUOTED_TEXT = re.compile(r'="([^"]*)"')  # how programs keep a leading zero
_LISTED = 1_000  # remarks of one sort per column that are listed singly
_LONGEST_FACT = 2_000


class Table:
    """The rows of one table, or the fields of one record of a form, read by a column map."""

    def __init__(
        self,
        grid: Grid,
        column_map: ColumnMap,
        options: Options,
        *,
        settled: bool,
        form: Form | None = None,
        above: Role = "unknown",
    ) -> None:
        self._grid = grid
        self._map = column_map
        self._options = options
        self._reader = Reader(options)
        self._remarks: Counter[tuple[str, str]] = Counter()
        self._plans = plans_of(column_map, settled=settled)
        self._records = Records.of(self._plans)
        self._titles = set(sorts_in(grid.sheet))  # sorts of hash that stand above the table
        settle(self._plans, self._titles)
        self._roles = RowRoles(grid, column_map, self._plans, form=form, above=above)
        # A row about an exchange (calling, called) is about two people, and does not say who holds what.
        exchange = any(plan.directed and plan.read_as in kinds.KINDS for plan in self._plans)
        self._has_persons = not exchange or any(plan.read_as in _PERSONAL for plan in self._plans)
        self._where = "" if grid.alone else f"sheet “{grid.sheet}”, "
        self._doubts: set[tuple[str, str]] = set()
        self._said_beyond = False
        self._form = form
        if form and not form.is_of_one:
            self._has_persons = False

    def rows(self) -> Iterator[AnyRow]:
        yield from self._ignored()
        yield from about(self._plans, "Field" if self._form else "Column", self._where)
        if self._form:
            yield from self._as_form(self._form)
        else:
            yield from self._as_rows()
        yield from self._counted()

    def _as_form(self, form: Form) -> Iterator[AnyRow]:
        """The fields of a form are one row; what stands between them is text."""
        for number, text, role in form.others:
            of: Role = "victim" if role == "victim" else "unknown"
            yield from self._reader.free_text(text, place=f"{self._where}row {number}", role=of)
        yield from self._row(form.fields[0].row, [field.value for field in form.fields])

    def _as_rows(self) -> Iterator[AnyRow]:
        done = 0
        try:
            headings = [column.heading for column in self._map.columns]
            for number, cells, closes in closings.parted(self._grid.rows(), headings, self._map.heading_row):
                if number <= self._map.heading_row:
                    yield from self._above(number, cells)
                    continue
                if done >= self._options.max_rows:
                    yield Failed(reason=f"Stopped at the limit of {self._options.max_rows} rows.")
                    break
                done += 1
                place = f"{self._where}row {number}"
                if closes:
                    for one in closings.told(self._reader, cells, place):
                        yield from self._counted_row(one, self._plans[0], "closing lines")
                elif (heading := self._roles.heading(number, cells, place)) is not None:
                    yield from self._counted_row(heading, self._plans[0], "headings again")
                    yield from said_by_title(self._reader, cells, place=place, role=self._roles.standing)
                else:
                    yield from self._row(number, cells)
        except TooLong as fault:
            yield Failed(reason=str(fault))

    def _ignored(self) -> Iterator[AnyRow]:
        for plan in self._plans:
            if plan.read_as == "ignore":
                yield NotUnderstood(
                    text=f"Column {plan.label} is left out, as its map says.", place=plan.label
                )

    def _above(self, number: int, cells: list[Cell]) -> Iterator[AnyRow]:
        """Lines above the heading say what the table is; they are text. So is a heading that is not plainly one."""
        if number == self._map.heading_row:
            doubtful = [cell.text.strip() for cell in cells if not is_plainly_named(cell.text)]
            if any(map(WORTH_A_LOOK.search, doubtful)):
                text = "; ".join(filter(None, doubtful))
                yield from self._reader.free_text(text, place=f"{self._where}row {number}", label="Headings")
            return
        role = self._roles.above(number, cells)
        of: Role = "victim" if role == "victim" else "unknown"
        text = " ".join(cell.text.strip() for cell in cells if cell.text.strip())
        if text:
            self._titles |= set(sorts_in(text))
            settle(self._plans, self._titles)
            yield from self._reader.free_text(
                text, place=f"{self._where}row {number}", label="Above the table", role=of
            )
            yield from named_by_title(text, f"{self._where}row {number}")

    def _row(self, number: int, cells: list[Cell]) -> Iterator[AnyRow]:
        place = f"{self._where}row {number}"
        row = Row(cells, place, self._roles.of_row(cells))
        found: list[AnyRow] = []
        for plan in self._plans:
            cell = row.cell(plan.column.index)
            if cell is not None:
                found.extend(self._cell(plan, cell, row))
        for index in range(len(self._plans), len(cells)):
            if cells[index].text.strip():
                found.extend(self._beyond(index, cells[index], row))
        told = self._people(row, found)
        yield from self._records.told(row, told, self._seen_in(row)) if self._records else told

    def _seen_in(self, row: Row) -> dict[str, Any]:
        """Return when a row of call records was."""
        records = self._records
        plan = records.timed if records else None
        if plan is None and records and records.lone_time is not None:
            plan = msgspec.structs.replace(self._plans[0], time_at=records.lone_time, until_at=None)
        return self._seen(plan, row) if plan else {}

    @property
    def role_of_all(self) -> Role:
        """The role of a form's person."""
        return self._roles.of_form

    def _cell(self, plan: Plan, cell: Cell, row: Row) -> Iterator[AnyRow]:
        place = self._place(plan, row)
        role = self._roles.of_value(plan, row.role)
        if cell.sort == "formula" or _FORMULA.match(cell.text):
            unwrapped = _QUOTED_TEXT.fullmatch(cell.text.strip())
            if not unwrapped:
                yield from self._formula(plan, cell, place, role, row)
                return
            cell = Cell(unwrapped[1])
        if plan.read_as in _PERSONAL and not self._roles.is_anothers(plan, role):
            yield from self._personal(plan, cell, row, role, place)
        elif plan.read_as in ("ignore", *_TIED):
            yield from self._tied(plan, cell, row, role, place)
        elif plan.read_as == "time":
            yield from self._time_only(plan, cell, row, role, place)
        elif plan.read_as == "text":
            yield from self._reader.free_text(cell.text, place=place, label=plan.label)
        elif plan.read_as in kinds.KINDS or plan.read_as == "user_id":
            yield from self._identifier(plan, cell, row, role, place)
        else:
            yield from self._fact(plan, cell, row, role, place)

    def _place(self, plan: Plan, row: Row) -> str:
        if self._form:
            return f"{self._where}{self._form.fields[plan.column.index].place}"
        return f"{row.place}, column {plan.label}"

    def _identifier(self, plan: Plan, cell: Cell, row: Row, role: Role, place: str) -> Iterator[AnyRow]:
        doubt = self._number_doubt(plan, cell, place, role) or self._hash_doubt(plan, cell, row, place, role)
        if doubt is not None:
            yield from doubt
            return
        for one in several(plan, cell, self._options.country) or [cell]:
            yield from self._one(plan, one, row, role, place)

    def _one(self, plan: Plan, cell: Cell, row: Row, role: Role, place: str) -> Iterator[AnyRow]:
        yield from self._as_number(plan, cell)
        kind, raw, platform = as_read(plan, cell, row)
        facts: dict[str, Any] = {}
        is_whose = role != "unknown" or not (self._roles.is_shared or self._roles.is_anothers(plan, role))
        if self._has_persons and is_whose and plan.read_as not in _NOT_OF_A_PERSON:
            facts["person"] = self._key(row, role)
        if plan.time_at is not None:
            facts.update(self._seen(plan, row))
        if is_backwards(facts.get("seen_at"), facts.get("until")):
            text = f"At {row.place} the end is before the start: read as two times."
            yield from self._counted_row(NotUnderstood(text=text, place=place), plan, "ends before starts")
        if plan.event_at is not None:
            event = row.text(plan.event_at)
            facts["event"] = shorten(event) if event else None
        if kind == "ip":
            raw, facts["port"] = split_port(raw, row.text(plan.port_at))
        is_read = False
        for made in self._reader.declared(
            kind, raw, as_written=cell.text.strip(), place=place, role=role, platform=platform, **facts
        ):
            is_read = is_read or isinstance(made, Sighting)
            yield from self._counted_row(made, plan, "not understood")
        if not is_read or plan.read_as == "display_name":
            found = self._search(plan, cell, row, role, place)
            text = cell.text.strip()
            yield from (
                one for one in found if isinstance(one, Sighting) and stands_alone(one, text, plan.read_as)
            )

    def _as_number(self, plan: Plan, cell: Cell) -> Iterator[AnyRow]:
        """Say once for a column that a spreadsheet kept it as numbers."""
        if cell.sort == "number" and plan.read_as in DIGITS and not self._remarks[(plan.label, "as numbers")]:
            self._remarks[(plan.label, "as numbers")] = 1
            text = f"Column {plan.label} is kept as numbers: leading zeros or a plus, if any, are lost."
            yield NotUnderstood(text=text, place=f"{self._where}column {plan.label}")

    def _number_doubt(self, plan: Plan, cell: Cell, place: str, role: Role) -> Iterator[AnyRow] | None:
        """A number of which digits are lost, or may be: kept as it stands, and said."""
        if plan.read_as not in DIGITS:
            return None
        text = cell.text.strip()
        rounded = ROUNDED.fullmatch(text)
        if rounded or cell.sort == "rounded":
            candidates = whole(text) or ("The digits are lost; ask for the file with this column as text.",)
            part = AmbiguousPart(raw=text, candidates=candidates, place=place, role=role)
            return self._counted_row(part, plan, "rounded numbers")
        return None

    def _hash_doubt(
        self, plan: Plan, cell: Cell, row: Row, place: str, role: Role
    ) -> Iterator[AnyRow] | None:
        """A hash of which the file does not say what sort it is, and names several that it may be."""
        text = cell.text.strip()
        candidates = hash_readings(plan, text, row) if plan.read_as == "hash" else ()
        if len(candidates) > 1:
            part = AmbiguousPart(raw=text, candidates=candidates, place=place, role=role)
            return self._counted_row(part, plan, "hashes of one of several sorts")
        return None

    def _personal(self, plan: Plan, cell: Cell, row: Row, role: Role, place: str) -> Iterator[AnyRow]:
        text = cell.text.strip()
        name = name_told(plan.column.heading, text) if plan.read_as in NAME_PARTS else text
        if name != text:
            row.facts(role).append((plan.label, text))
        if name:
            row.of(role).setdefault(plan.read_as, []).append(name)
        if plan.read_as == "birth_date":
            when = self._reader.time(text, day_first=plan.column.day_first)
            if has_day_doubt(when):
                part = AmbiguousPart(raw=text, candidates=readings(when), place=place, role=role)
                yield from self._counted_row(part, plan, "dates with two readings")
        else:
            yield from self._search(plan, cell, row, role, place)

    def _tied(self, plan: Plan, cell: Cell, row: Row, role: Role, place: str) -> Iterator[AnyRow]:
        """Kept with the identifiers they belong to; shown as facts when there are none."""
        if plan.read_as in ("platform", "role", "event"):
            row.facts(role).append((plan.label, shorten(cell.text.strip(), _LONGEST_FACT)))
        if plan.read_as == "ignore":
            return
        if plan.read_as != "role":
            yield from self._search(plan, cell, row, role, place)
            return
        role_told, is_plain = words.role_told(plan.column.heading, cell.text)
        if role_told is None or not is_plain:
            read = ": the row is read as a victim's" if role_told == "victim" else ""
            text = (
                f"“{shorten(cell.text)}” at {row.place}, column {plan.label} is no role that is known{read}."
            )
            yield from self._counted_row(NotUnderstood(text=text, place=row.place), plan, "unknown roles")
        yield from self._search(plan, cell, row, role, place)

    def _search(self, plan: Plan, cell: Cell, row: Row, role: Role, place: str) -> Iterator[AnyRow]:
        """Look for identifiers in a cell that is none. What stands in a victim's is taken for the victim's."""
        if plan.is_of_the_network or not WORTH_A_LOOK.search(cell.text):
            return
        at = plan.row_time_at if plan.time_at is None else plan.time_at
        when = self._seen(msgspec.structs.replace(plan, time_at=at), row) if at is not None else {}
        of: Role = "victim" if role == "victim" else "unknown"
        yield from mentioned_in(self._reader, plan, cell.text.strip(), place=place, role=of, seen=when)

    def _time_only(self, plan: Plan, cell: Cell, row: Row, role: Role, place: str) -> Iterator[AnyRow]:
        when = self._moment(msgspec.structs.replace(plan, time_at=plan.column.index), row)
        row.facts(role).append((plan.label, shorten(cell.text.strip(), _LONGEST_FACT)))
        if when is None:
            return
        if is_unread(when):
            text = f"“{shorten(when.raw)}” at {place} was not read as a time."
            yield from self._counted_row(NotUnderstood(text=text, place=place), plan, "unread times")
            yield from self._search(plan, cell, row, role, place)
        elif has_day_doubt(when):
            if (plan.label, when.raw) not in self._doubts and len(self._doubts) < _LISTED:
                self._doubts.add((plan.label, when.raw))
                yield AmbiguousPart(raw=when.raw, candidates=readings(when), place=place)
        elif has_no_zone(when):
            yield from self._zone_doubt(plan, row, when, place)

    def _zone_doubt(self, plan: Plan, row: Row, when: Moment, place: str) -> Iterator[AnyRow]:
        """Say once for each zone that is not known, and once for a column, that the hour may be another."""
        zone = shorten(row.text(plan.zone_at) or "", 40)
        if (plan.label, f"zone {zone}") in self._doubts or len(self._doubts) >= _LISTED:
            return
        self._doubts.add((plan.label, f"zone {zone}"))
        heading = self._zone_in_heading(plan)
        said = f"the time zone “{zone}” is not known" if zone else "the time zone is not stated"
        if zone and heading:
            said = f"the row names the time zone “{zone}” and the heading “{heading}”"
        reach = (
            ", and all of this column" if plan.zone_at is None else ", and wherever it is so in this column"
        )
        yield AmbiguousPart(raw=when.raw, candidates=readings(when), place=f"{place}{reach}: {said}")

    def _seen(self, plan: Plan, row: Row) -> dict[str, Any]:
        """Return when a value was seen, as fields of a Sighting."""
        when = self._moment(plan, row)
        if plan.until_at is None:
            return {"seen_at": when}
        until = self._moment(msgspec.structs.replace(plan, time_at=plan.until_at), row)
        if when is None:
            return {"seen_at": until}
        return {"seen_at": when, "until": until, "gaps": plan.gaps}

    def _moment(self, plan: Plan, row: Row) -> Moment | None:
        text = row.text(plan.time_at)
        if text is None:
            return None
        if count := counted(text):
            return count
        column = self._plans[plan.time_at] if plan.time_at is not None else plan
        clock, stated = row.text(column.clock_at), row.text(column.zone_at)
        named = self._zone_in_heading(column)
        zone = stated or named
        if clock:
            text = f"{text} {clock}"
        when = self._reader.time(text, day_first=column.column.day_first)
        if zone and has_no_zone(when):
            zoned = self._reader.time(f"{text} {zone}", day_first=column.column.day_first)
            if is_unread(zoned) or (stated and named and self._contradicts(column, text, named, zoned)):
                return when
            return msgspec.structs.replace(zoned, raw=text)
        return when

    def _zone_in_heading(self, column: Plan) -> str | None:
        return column.zone or (self._plans[column.clock_at].zone if column.clock_at is not None else None)

    def _contradicts(self, column: Plan, text: str, named: str, zoned: Moment) -> bool:
        """Say whether the heading names another zone than the row does: then neither is certain."""
        other = self._reader.time(f"{text} {named}", day_first=column.column.day_first)
        return (other.instant, other.candidates) != (zoned.instant, zoned.candidates)

    def _fact(self, plan: Plan, cell: Cell, row: Row, role: Role, place: str) -> Iterator[AnyRow]:
        text = cell.text.strip()
        if len(text) > _LONGEST_FACT:
            yield from self._reader.free_text(text, place=place, label=plan.label)
            return
        row.facts(role).append((plan.label, text))
        yield from self._search(plan, cell, row, role, place)

    def _formula(self, plan: Plan, cell: Cell, place: str, role: Role, row: Row) -> Iterator[AnyRow]:
        text = f"The cell at {place} is a formula: kept as text, not evaluated."
        yield from self._counted_row(NotUnderstood(text=text, place=place), plan, "formulas")
        row.facts(role).append((plan.label, shorten(cell.text.strip(), _LONGEST_FACT)))
        if plan.read_as != "ignore":
            yield from self._reader.mentioned(cell.text, place=place)

    def _beyond(self, index: int, cell: Cell, row: Row) -> Iterator[AnyRow]:
        """A cell to the right of the last heading."""
        label = letters(index)
        place = f"{row.place}, column {label}"
        if not self._said_beyond:
            self._said_beyond = True
            text = f"Row {row.place.rpartition(' ')[2]} has more cells than there are columns: read as text."
            yield NotUnderstood(text=text, place=place)
        of: Role = "victim" if row.role == "victim" else "unknown"
        yield from self._reader.free_text(cell.text.strip(), place=place, role=of)

    def _people(self, row: Row, found: list[AnyRow]) -> Iterator[AnyRow]:
        """Yield a person where the row describes one, then what was found, tied to the persons that exist."""
        made: set[str] = set()
        told: set[Role] = set()
        tied = Counter(item.person for item in found if isinstance(item, Sighting) and item.person)
        of_facts = row.told() if self._has_persons else []
        of_found = (item.role for item in found if isinstance(item, Sighting) and item.person)
        for role in dict.fromkeys([*row.described(), *of_found, *of_facts]):
            key = self._key(row, role)
            personal = row.of(role)
            if key not in made and (personal or role != "unknown" or tied[key] >= _SEVERAL):
                made.add(key)
                told |= {role} if self._roles.is_shared else {role, "unknown"}
                yield person(key, role, row, personal, shared=self._roles.is_shared)
        left = [fact for role in row.told() if role not in told for fact in row.facts(role)]
        if left:
            text = "; ".join(f"{label}: {text}" for label, text in left)
            yield FreeText(text=text, place=row.place)
        for item in found:
            loose = isinstance(item, Sighting) and item.person is not None and item.person not in made
            yield msgspec.structs.replace(item, person=None) if loose else item

    def _key(self, row: Row, role: Role) -> str:
        base = f"{self._where}row {row.place.rpartition(' ')[2]}"
        if self._form and self._form.fields[0].column:
            base = f"{base}, column {self._form.fields[0].column}"
        return f"{base}, {role}" if self._roles.is_shared else base

    def _counted_row(self, made: AnyRow, plan: Plan, sort: str) -> Iterator[AnyRow]:
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
                yield NotUnderstood(text=text, place=f"{self._where}column {label}", sort="limit")


_SEVERAL = 2
