"""What one row tells of the people in it, gathered while its cells are read."""

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.reading import is_empty
from cets.domains.intake.rows import Person
from cets.domains.intake.tables.cells import Cell

NAME_PARTS = ("name", "first_name", "middle_name", "last_name")


class Row:
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

    def told(self) -> list[Role]:
        """Return the roles of whom the row holds facts."""
        return [role for role, facts in self._facts.items() if facts]


def person(key: str, role: Role, row: Row, personal: dict[str, list[str]], *, shared: bool) -> Person:
    parts = [text for part in NAME_PARTS[1:] for text in personal.get(part, [])]
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
