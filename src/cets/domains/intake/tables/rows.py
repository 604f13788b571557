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
from cets.domains.intake.tables import words
from cets.domains.intake.tables.cells import Cell, Grid, TooLong, letters
from cets.domains.intake.tables.forms import Form
from cets.domains.intake.tables.hashes import hash_readings, settle, sorts_in
from cets.domains.intake.tables.headings import is_plainly_named
from cets.domains.intake.tables.mentions import WORTH_A_LOOK, mentioned_in
from cets.domains.intake.tables.people import NAME_PARTS, Row, person
from cets.domains.intake.tables.plans import Plan, not_known, plans_of
from cets.domains.intake.tables.repeats import AGAIN, ANOTHER, headings_again, role_again
from cets.domains.intake.tables.shapes import DIGITS
from cets.domains.intake.tables.standing import Standing
from cets.domains.intake.tables.values import ROUNDED, as_read, whole
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
        self._titles = set(sorts_in(grid.sheet))  # sorts of hash that stand above the table
        settle(self._plans, self._titles)
        self._roles = {plan.column.role for plan in self._plans} - {"unknown"}
        self._role_at = [index for index, plan in enumerate(self._plans) if plan.read_as == "role"]
        self._standing = Standing(
            grid.sheet, column_map.heading_row, len(self._plans), role_columns=self._role_at
        )
        # Suspect and victim in one row: a value of neither is nobody's in particular.
        self._is_shared = (len(self._roles) >= _SEVERAL or column_map.shared) and not self._role_at
        # A row about an exchange (calling, called) is about two people, and does not say who holds what.
        exchange = any(plan.directed and plan.read_as in kinds.KINDS for plan in self._plans)
        self._has_persons = not exchange or any(plan.read_as in _PERSONAL for plan in self._plans)
        self._where = "" if grid.alone else f"sheet “{grid.sheet}”, "
        self._doubts: set[tuple[str, str]] = set()
        self._said_beyond = False
        self._after: Role | None = None  # headings of another role, further down
        self._form, self._role_above = form, above
        if form and not form.is_of_one:
            self._has_persons = False

    def rows(self) -> Iterator[AnyRow]:
        yield from self._ignored()
        yield from not_known(self._plans, "Field" if self._form else "Column", self._where)
        if self._form:
            yield from self._as_form(self._form)
        else:
            yield from self._as_rows()
        yield from self._counted()

    def _as_form(self, form: Form) -> Iterator[AnyRow]:
        """The fields of a form are one row; what stands between them is text."""
        for number, text in form.others:
            yield from self._reader.free_text(text, place=f"{self._where}row {number}")
        yield from self._row(form.fields[0].row, [field.value for field in form.fields])

    def _as_rows(self) -> Iterator[AnyRow]:
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
                place = f"{self._where}row {number}"
                heading = self._standing.said(number, cells, place) or headings_again(
                    self._map, cells, place=place
                )
                if heading is not None:
                    self._take_up(heading, cells)
                    yield from self._counted_row(heading, self._plans[0], "headings again")
                else:
                    yield from self._row(number, cells)
        except TooLong as fault:
            yield Failed(reason=str(fault))

    def _take_up(self, heading: NotUnderstood, cells: list[Cell]) -> None:
        """Give what follows the headings of another table, or the first ones again, the role that they name."""
        if heading.text.endswith(ANOTHER):
            self._after = role_again(self._map, cells)
        elif heading.text.endswith(AGAIN):
            self._after = None

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
        self._standing.heads(number, cells)
        text = " ".join(cell.text.strip() for cell in cells if cell.text.strip())
        if text:
            self._titles |= set(sorts_in(text))
            settle(self._plans, self._titles)
            yield from self._reader.free_text(
                text, place=f"{self._where}row {number}", label="Above the table"
            )

    def _row(self, number: int, cells: list[Cell]) -> Iterator[AnyRow]:
        place = f"{self._where}row {number}"
        row = Row(cells, place, self._role(cells))
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
        """The role of the row's person: by its role column, else by what stands above it, else the one that the headings name."""
        if self._form:
            return self.role_of_all
        if self._role_at:
            told = [self._told(index, cells[index].text) for index in self._role_at if index < len(cells)]
            if "victim" in told:
                return "victim"
            return next((role for role in told if role not in (None, "unknown")), None) or self._standing.role
        if self._after is not None:
            return self._after
        if self._standing.role != "unknown":
            return self._standing.role
        return next(iter(self._roles)) if len(self._roles) == 1 and not self._is_shared else "unknown"

    def _told(self, index: int, text: str) -> Role | None:
        return words.role_told(self._plans[index].column.heading, text)[0]

    @property
    def role_of_all(self) -> Role:
        """The role of a form's person; where its fields name several, nobody knows whose is whose: all is the victim's."""
        fields = self._form.fields if self._form else ()
        told = [(i, fields[i].value.text) for i in self._role_at if i < len(fields)]
        said = {role for index, text in told if (role := self._told(index, text))}
        roles = said or self._roles
        if len(roles) == 1:
            return next(iter(roles))
        return "victim" if said and "victim" in roles else self._role_above

    def _cell(self, plan: Plan, cell: Cell, row: Row) -> Iterator[AnyRow]:
        place = self._place(plan, row)
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
            return f"{self._where}row {self._form.fields[plan.column.index].row}, field {plan.label}"
        return f"{row.place}, column {plan.label}"

    def _role_of(self, plan: Plan, row: Row) -> Role:
        is_row = plan.column.role == "unknown" or self._after is not None
        return row.role if is_row else plan.column.role

    def _identifier(self, plan: Plan, cell: Cell, row: Row, role: Role, place: str) -> Iterator[AnyRow]:
        doubt = self._number_doubt(plan, cell, place, role) or self._hash_doubt(plan, cell, row, place, role)
        if doubt is not None:
            yield from doubt
            return
        yield from self._as_number(plan, cell)
        kind, raw, platform = as_read(plan, cell, row)
        facts: dict[str, Any] = {}
        is_whose = role != "unknown" or not self._is_shared
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
            yield from self._of_another_kind(plan, self._search(plan, cell, row, role, place))

    def _of_another_kind(self, plan: Plan, found: Iterator[AnyRow]) -> Iterator[AnyRow]:
        """An e-mail address among telephone numbers is one; a part of what is misspelt ("a@b@post.example") is none."""
        for one in found:
            if isinstance(one, Sighting) and one.value.kind not in (
                plan.read_as,
                "domain",
                "handle",
                "account",
            ):
                yield one

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
        row.of(role).setdefault(plan.read_as, []).append(text)
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
            text = f"“{shorten(cell.text)}” at {row.place}, column {plan.label} is no role that is known."
            yield from self._counted_row(NotUnderstood(text=text, place=row.place), plan, "unknown roles")
        yield from self._search(plan, cell, row, role, place)

    def _search(self, plan: Plan, cell: Cell, row: Row, role: Role, place: str) -> Iterator[AnyRow]:
        """Look for identifiers in a cell that is none. What stands in a victim's is taken for the victim's."""
        if not WORTH_A_LOOK.search(cell.text):
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
        said = f"the time zone “{zone}” is not known" if zone else "the time zone is not stated"
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
        zone = stated or column.zone
        if clock:
            text = f"{text} {clock}"
        when = self._reader.time(text, day_first=column.column.day_first)
        if zone and has_no_zone(when):
            zoned = self._reader.time(f"{text} {zone}", day_first=column.column.day_first)
            if is_unread(zoned) or (stated and self._contradicts(column, text, zoned)):
                return when
            return msgspec.structs.replace(zoned, raw=text)
        return when

    def _contradicts(self, column: Plan, text: str, zoned: Moment) -> bool:
        """Say whether the heading names another zone than the row does: then neither is certain."""
        if not column.zone:
            return False
        other = self._reader.time(f"{text} {column.zone}", day_first=column.column.day_first)
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
        yield from self._reader.free_text(cell.text.strip(), place=place)

    def _people(self, row: Row, found: list[AnyRow]) -> Iterator[AnyRow]:
        """Yield a person where the row describes one, then what was found, tied to the persons that exist."""
        made: set[str] = set()
        told: set[Role] = set()
        tied = Counter(item.person for item in found if isinstance(item, Sighting) and item.person)
        of_facts = row.told() if self._has_persons else []
        for role in dict.fromkeys([*row.described(), *self._roles_found(found), *of_facts]):
            key = self._key(row, role)
            personal = row.of(role)
            if key not in made and (personal or role != "unknown" or tied[key] >= _SEVERAL):
                made.add(key)
                told |= {role} if self._is_shared else {role, "unknown"}
                yield person(key, role, row, personal, shared=self._is_shared)
        left = [fact for role in row.told() if role not in told for fact in row.facts(role)]
        if left:
            text = "; ".join(f"{label}: {text}" for label, text in left)
            yield FreeText(text=text, place=row.place)
        for item in found:
            loose = isinstance(item, Sighting) and item.person is not None and item.person not in made
            yield msgspec.structs.replace(item, person=None) if loose else item

    def _roles_found(self, found: list[AnyRow]) -> Iterator[Role]:
        return (item.role for item in found if isinstance(item, Sighting) and item.person)

    def _key(self, row: Row, role: Role) -> str:
        base = f"{self._where}row {row.place.rpartition(' ')[2]}"
        return f"{base}, {role}" if self._is_shared else base

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
                yield NotUnderstood(text=text, place=f"{self._where}column {label}")


_SEVERAL = 2
