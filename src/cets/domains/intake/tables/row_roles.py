"""Whose the values of a row are: by its role column, the headings, and what stands above it."""

from collections import Counter
from collections.abc import Sequence

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.rows import ColumnMap, NotUnderstood
from cets.domains.intake.tables import words
from cets.domains.intake.tables.carried import Carried
from cets.domains.intake.tables.cells import Cell, Grid
from cets.domains.intake.tables.forms import Form
from cets.domains.intake.tables.people import NAME_PARTS
from cets.domains.intake.tables.plans import Plan
from cets.domains.intake.tables.repeats import Headings
from cets.domains.intake.tables.role_marks import exact_role, may_say_whose, name_and_role
from cets.domains.intake.tables.standing import Standing

_SEVERAL = 2
_ACCUSED: frozenset[Role] = frozenset({"suspect", "convicted"})


class RowRoles:
    """The roles in one table, or in one record of a form, while its rows are gone through in order."""

    def __init__(
        self, grid: Grid, column_map: ColumnMap, plans: Sequence[Plan], *, form: Form | None, above: Role
    ) -> None:
        self._map, self._plans, self._form, self._above = column_map, plans, form, above
        of_headings = {plan.column.role for plan in plans} - {"unknown"}
        is_by_another = not _ACCUSED.isdisjoint(of_headings) and _names_another_first(plans)
        self._anothers = _anothers(plans) | (_named_twice(plans) if column_map.shared else frozenset())
        self._role_at = [index for index, plan in enumerate(plans) if plan.read_as == "role"]
        self._name_at = [
            index
            for index, plan in enumerate(plans)
            if plan.read_as in NAME_PARTS and plan.column.role == "unknown"
        ]
        self._fact_at = [
            index
            for index, plan in enumerate(plans)
            if plan.read_as in ("fact", "text") and may_say_whose(plan.column.heading) and not self._role_at
        ]
        self._standing = Standing(grid.sheet, Headings.of(column_map), role_columns=self._role_at)
        self._last = Carried(self._role_at, dict(enumerate(plan.column.heading for plan in plans)))
        # Suspect and victim in one row: a value of neither is nobody's in particular.
        is_shared = len(of_headings) >= _SEVERAL or column_map.shared or is_by_another
        self.is_shared = is_shared and not self._role_at
        self._hers = _behind_a_victim(plans) if self.is_shared and not column_map.shared else frozenset()
        #: Whoever received is not who sent: beside a sender the role of the one is not the row's.
        self._of_row = of_headings - ({"recipient"} if _has_another_end(plans) else set())
        self._of_row -= _ACCUSED if is_by_another else frozenset()

    def above(self, number: int, cells: Sequence[Cell]) -> Role:
        """Take up a row above the headings, and return whose what stands in it is."""
        self._standing.take(number, cells)
        return self._standing.role

    def heading(self, number: int, cells: Sequence[Cell], place: str) -> NotUnderstood | None:
        """Take a row below the headings up, and return what is said of it when it heads those that follow."""
        said = self._standing.take(number, cells)
        if not said:
            return None
        self._last.end()
        return NotUnderstood(text=f"{place[:1].upper()}{place[1:]} {said}", place=place)

    @property
    def standing(self) -> Role:
        return self._standing.role

    def of_row(self, cells: Sequence[Cell]) -> Role:
        """Return the role of the row's person. What stands nearer to it counts first, but a victim's stays a victim's."""
        if self._form:
            return self.of_form
        standing = self._standing.role
        told = [
            self._told(i, cells[i].text) for i in self._role_at if i < len(cells) and cells[i].text.strip()
        ]
        told += self._last.role(cells, told)
        told += self._marked(cells)
        if told:
            return _first(told, "victim") or ("victim" if standing == "victim" else "unknown")
        if self._role_at or self._standing.later:
            return standing
        roles = {standing, *(() if self.is_shared else self._of_row)} - {"unknown"}
        return next(iter(roles)) if len(roles) == 1 else "victim" if "victim" in roles else "unknown"

    def _marked(self, cells: Sequence[Cell]) -> list[Role | None]:
        """Return the roles that names bear ("Kim Larch (victim)"), and a victim's where a cell of words is exactly that."""
        at = [index for index in self._name_at if index < len(cells)]
        borne = [role for index in at if (role := name_and_role(cells[index].text)[1]) is not None]
        facts = (cells[index].text.strip() for index in self._fact_at if index < len(cells))
        return [*borne, *(role for text in facts if (role := exact_role(text)) == "victim")]

    def of_value(self, plan: Plan, of_row: Role) -> Role:
        """Return the role of a value: that of its column, else the row's. "School e-mail" is no suspect's."""
        if plan.column.role != "unknown" and not self._is_outranked(plan):
            return plan.column.role
        if of_row == "unknown" and plan.column.index in self._hers and not self._standing.later:
            return "victim"
        return "unknown" if plan.anothers and of_row != "victim" else of_row

    def is_anothers(self, plan: Plan, role: Role) -> bool:
        """Say whether a value is of somebody beside the row's person and not the person's own: "Friend's user name"."""
        return role == "unknown" and plan.column.index in self._anothers

    def _is_outranked(self, plan: Plan) -> bool:
        """Say whether a later title or later headings count before the column's role.

        Not a title's before that of somebody beside the row's person ("Name, Email, Suspect's email").
        """
        if self._standing.later != "title":
            return bool(self._standing.later)
        return not self.is_shared and not any(
            other.column.role == "unknown" and other.read_as == plan.read_as for other in self._plans
        )

    @property
    def of_form(self) -> Role:
        """The role of a form's person; where its fields name several, nobody knows whose is whose: all is the victim's."""
        fields = self._form.fields if self._form else ()
        told = [(i, fields[i].value.text) for i in self._role_at if i < len(fields)]
        said = {role for index, text in told if (role := self._told(index, text))}
        said |= {role for role in self._marked([field.value for field in fields]) if role is not None}
        if self._above == "victim" and not said:
            return "victim"  # "Suspect | A. Heron" among her fields is of whom she knows
        roles = said or self._of_row
        if len(roles) == 1:
            return next(iter(roles))
        return "victim" if said and "victim" in roles else self._above

    def _told(self, index: int, text: str) -> Role | None:
        return words.role_told(self._plans[index].column.heading, text)[0]


def _behind_a_victim(plans: Sequence[Plan]) -> frozenset[int]:
    """Return the columns that follow a victim's before those of another role: "Victim, Phone, Suspect email"."""
    found: set[int] = set()
    after: set[int] | None = None  # behind a victim's column, until another role's comes
    for plan in plans:
        if plan.column.role != "unknown":
            found |= after or set()
            after = set() if plan.column.role == "victim" else None
        elif after is not None and not plan.anothers:
            after.add(plan.column.index)
    return frozenset(found)


def _names_another_first(plans: Sequence[Plan]) -> bool:
    """Say whether somebody stands before those whom headings accuse: "Name, Phone, Suspect" lists who told of one."""
    first = next((place for place, plan in enumerate(plans) if plan.column.role != "unknown"), 0)
    accused = {plan.read_as for plan in plans if plan.column.role in _ACCUSED and plan.read_as in kinds.KINDS}
    return any(plan.read_as in {*NAME_PARTS, *accused} for plan in plans[:first])


def _first(told: list[Role | None], before_all: Role) -> Role | None:
    """Return the first role that is known, or the one that goes before all others."""
    known = [role for role in told if role not in (None, "unknown")]
    return before_all if before_all in known else next(iter(known), None)


def _anothers(plans: Sequence[Plan]) -> frozenset[int]:
    """Return the columns of others than the row's person, where it has columns of that person, too."""
    of_persons = [plan for plan in plans if plan.read_as in _OF_PERSONS]
    found = {
        plan.column.index for plan in of_persons if words.is_of_another(plan.column.heading, also_own=False)
    }
    return frozenset(found) if len(found) < len(of_persons) else frozenset()


def _named_twice(plans: Sequence[Plan]) -> frozenset[int]:
    """Return the columns of names and ages that come again without a role, as of two parties: no one person has them all."""
    personal = [plan for plan in plans if plan.read_as in _PERSONAL and plan.column.role == "unknown"]
    count = Counter(plan.read_as for plan in personal)
    return frozenset(plan.column.index for plan in personal if count[plan.read_as] > 1)


def _has_another_end(plans: Sequence[Plan]) -> bool:
    """Say whether somebody stands beside a recipient: a sender, or another value of the same kind."""
    received = {plan.read_as for plan in plans if plan.column.role == "recipient"} - _OF_NOBODY
    others = [plan for plan in plans if plan.column.role == "unknown" and plan.read_as not in _OF_A_MESSAGE]
    return any(plan.read_as in received or words.has_direction(plan.column.heading) for plan in others)


_PERSONAL = frozenset({*NAME_PARTS, "birth_date", "age"})
_OF_A_MESSAGE = frozenset({"text", "time", "ignore", "line_number"})
_OF_NOBODY = _OF_A_MESSAGE | {"fact"}
_OF_PERSONS = frozenset({*kinds.KINDS, *NAME_PARTS, "user_id", "birth_date", "age"}) - {
    "hash",
    "report_number",
}
