"""Tables of fields and values, one below the other ("IMEI, 490154203237518"): one record, read by its fields."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice, pairwise

import msgspec

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.rows import NotUnderstood
from cets.domains.intake.tables import denials, vocabulary, words
from cets.domains.intake.tables.answers import answer_of
from cets.domains.intake.tables.cells import Cell, Grid, TooLong, letters
from cets.domains.intake.tables.form_shapes import (
    ABOVE_FIELDS,
    LOOKED_AT,
    Line,
    column_roles,
    lines_of,
    roles_across,
    short_roles,
)
from cets.domains.intake.tables.people import NAME_PARTS
from cets.domains.intake.tables.titles import title_role, title_told

MOST_FIELDS = 200
_TWO = 2
#: What one person has several of, each with its own fields.
_SEVERAL_OF_ONE = frozenset({"ip", "port", "time", "device", "imei", "imsi", "mac", "hash", "url", "event"})
#: Beside the words of headings: titles over more fields of the same person.
_SAME_PERSON = vocabulary.TITLES | vocabulary.FILLER | {
    "contact", "personal", "online", "social", "media", "network", "networks", "technical", "profiles", "usernames", "emails",
    "logins", "addresses", "konten", "konto", "kontakt", "kontaktdaten", "gerate", "personalien", "comptes", "coordonnees",
    "appareils", "cuentas", "contacto", "dispositivos", "conti", "contatti", "contatto", "dispositivi", "contas", "contatos",
    "contacten", "apparaten", "konta", "urzadzenia", "контакты", "аккаунты", "устройства", "контакти",
}  # fmt: skip


#: In a title they begin another person ("Person 2").
_PERSONS = frozenset(
    {
        "person",
        "subject",
        "individual",
        "party",
        "user",
        "personne",
        "persona",
        "pessoa",
        "persoon",
        "osoba",
        "лицо",
    }
)


class Field(msgspec.Struct, frozen=True):
    """One line of a form: where it stands, what it is called and what it says."""

    row: int
    name: str
    value: Cell
    column: str = ""  # of a form with a column for each person

    @property
    def place(self) -> str:
        return f"row {self.row}, field {self.name}" + (f", column {self.column}" if self.column else "")


class Section(msgspec.Struct):
    """From which field on the fields are another person's, and whose. No role: that of the sheet."""

    start: int
    role: Role | None = None
    said: NotUnderstood | None = None


class Form(msgspec.Struct, frozen=True):
    """The fields of a form in order, its sections, and its lines that are no fields, each with the role it stands under."""

    fields: tuple[Field, ...]
    others: tuple[tuple[int, str, Role], ...]
    sections: tuple[Section, ...] = ()

    @property
    def is_of_one(self) -> bool:
        """Say whether no field comes twice: a list of several of a kind may be of several people."""
        return len({field.name.casefold() for field in self.fields}) == len(self.fields)

    def parts(self) -> Iterator[tuple[Section, range]]:
        """Yield each section and the places of its fields."""
        ends = [section.start for section in self.sections[1:]]
        for section, end in zip(self.sections, [*ends, len(self.fields)], strict=True):
            if end > section.start:
                yield section, range(section.start, end)

    def records(self, places: range) -> tuple[range, tuple[range, ...]]:
        """Return the fields of a section that stand above all its records, and those of each.

        "Suspect" and "Victim" begin one where fields stand between them, and one alone does below another's name; else the
        first field that comes again does, and "Person 2" is "Person 1" again. A list of single values is one record, and so
        is one of what one person has several of.
        """
        fields = self.fields[places.start : places.stop]
        are_roles = [_names_by_role(field) for field in fields]
        starts = [
            n for n, is_role in enumerate(are_roles) if is_role and not any(are_roles[max(n - 1, 0) : n])
        ]
        if len(starts) >= _TWO:
            return _from(places, [0, starts[0]])[0], _from(places, starts)
        if starts and any(words.kind_of(field.name) in NAME_PARTS for field in fields[: starts[0]]):
            return range(0), _from(places, [0, *starts])
        names = [_called(field) for field in fields]
        lead = next((name for name in names if names.count(name) > 1), None)
        starts = [place for place, name in enumerate(names) if name == lead]
        records = _from(places, starts)
        if lead is None or words.kind_of(lead) in _SEVERAL_OF_ONE or any(len(one) == 1 for one in records):
            return range(0), (places,)
        return _from(places, [0, starts[0]])[0], records

    def role_of(self, section: Section, sheet: str | None) -> Role:
        """Return the role that a section's title, or else the sheet's name, gives to its fields."""
        return title_role(sheet or "") if section.role is None else section.role

    def victims(self, sheet: str | None) -> set[int]:
        """Return the places of the fields that stand under a victim's title."""
        return {
            place
            for section, places in self.parts()
            if self.role_of(section, sheet) == "victim"
            for place in places
        }

    def part(self, places: range, *, first: bool) -> "Form":
        return Form(self.fields[places.start : places.stop], self.others if first else ())


def _names_by_role(field: Field) -> bool:
    """Say whether a field names somebody by what he is ("Suspect | A. Heron"), and is no question that is answered."""
    return words.is_only_a_role(field.name) and answer_of(field.value.text) is None


def _called(field: Field) -> str:
    """Return what a field is called, without the number of the person where it tells one."""
    name = field.name.casefold()
    said = words.tokens(name)
    is_persons = words.kind_of(name) in ("role", *NAME_PARTS) or not _PERSONS.isdisjoint(said)
    return " ".join(word for word in said if not word.isdecimal()) if is_persons else name


def _from(places: range, starts: list[int]) -> tuple[range, ...]:
    return tuple(range(*ends) for ends in pairwise([*(places.start + at for at in starts), places.stop]))


def form_of(grid: Grid) -> Form | None:
    """Return a table's fields, None when it is too long to be a form."""
    rows: list[tuple[int, list[Cell]]] = []
    with suppress(TooLong):  # said when the rows are read
        rows.extend(islice(grid.rows(), MOST_FIELDS + 1))
    if len(rows) > MOST_FIELDS:
        return None
    across = roles_across(rows[:LOOKED_AT])
    return _side_by_side(rows, across) if across is not None else _below(lines_of(rows))


def _below(lines: Sequence[Line]) -> Form:
    fields: list[Field] = []
    others: list[tuple[int, str, Role]] = []
    sections = [Section(0)]
    short = short_roles(line.title for line in lines)
    for line in lines:
        is_above = not fields and bool(line.name) and ABOVE_FIELDS.issuperset(words.tokens(line.name))
        if line.title or is_above:
            title = line.text if is_above else line.title
            section = _section(title, line.row, sections[-1].role, len(fields), short.get(title))
            if section is not None:
                sections.append(section)
        if is_above or not line.values:
            others.append((line.row, line.text, sections[-1].role or "unknown"))
            continue
        if line.title:
            others.append((line.row, line.title, sections[-1].role or "unknown"))
        name = line.name or fields[-1].name
        fields.extend(Field(line.row, name, value, line.column) for value in line.values)
    return Form(tuple(fields), tuple(others), tuple(sections))


def _section(text: str, row: int, before: Role | None, start: int, short: Role | None) -> Section | None:
    """Return what a title begins, None where more of the same person stands below it.

    Below a title that is not known nobody is a suspect for sure; a victim's remain hers, but for an officer's or a school's.
    """
    kind = words.kind_of(text)
    if kind not in (None, "role", "fact", "text"):
        return None  # "Victim name", of which nothing is said
    told = title_told(text)
    role = short if told is None or (short and told.role == "unknown") else told.role
    if role not in (None, "unknown"):
        return Section(start, role)
    said = words.tokens(text)
    is_person = not _PERSONS.isdisjoint(said)
    is_more = not is_person and (kind is not None or _SAME_PERSON.issuperset(said))
    if before is None and is_person:
        return Section(start)
    if before is None or (role is None and is_more):
        return None
    keeps = before == "victim" and denials.OFFICES.isdisjoint(said)
    if not keeps and before == "unknown":
        return Section(start, "unknown")
    whose = "still as a victim's" if keeps else "as of nobody in particular"
    remark = f"Row {row} is a title that names no role that is known: the fields below it are read {whose}."
    return Section(start, "victim" if keeps else "unknown", NotUnderstood(text=remark, place=f"row {row}"))


def _side_by_side(rows: Sequence[tuple[int, Sequence[Cell]]], across: int) -> Form:
    """A form for each column but the first, which names the fields."""
    head = next([cell.text.strip() for cell in cells] for number, cells in rows if number == across)
    told = column_roles(head[1:])
    fields: list[Field] = []
    sections: list[Section] = []
    for column in range(1, max(len(cells) for _, cells in rows)):
        heading = head[column] if column < len(head) else ""
        if not heading or head.count(heading) > 1:
            heading = f"{heading} {letters(column)}".strip()  # two people are not one
        sections.append(Section(len(fields), told[column - 1] if column < len(head) else "unknown"))
        name = ""
        for number, cells in rows:
            name = (cells[0].text.strip() if cells else "") or name
            if number != across and name and column < len(cells) and cells[column].text.strip():
                fields.append(Field(number, name, cells[column], heading))
    return Form(tuple(fields), _not_across(rows, across), tuple(sections))


def _not_across(rows: Sequence[tuple[int, Sequence[Cell]]], across: int) -> tuple[tuple[int, str, Role], ...]:
    """Return the lines that are no values: the one of the roles, and those of a single cell in the first column."""
    return tuple(
        (number, " ".join(texts), "unknown")
        for number, cells in rows
        if (texts := [text for cell in cells if (text := cell.text.strip())])
        and (number == across or texts == [cells[0].text.strip()])
    )
