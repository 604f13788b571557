"""A victim's role that is written once for several rows, as joined cells are saved: the blank ones below are hers too."""

from collections.abc import Mapping, Sequence

from cets.domains.identifiers.kinds.base import Role
from cets.domains.intake.tables import words
from cets.domains.intake.tables.cells import Cell


class Carried:
    """The role columns of a table while its rows are gone through. A blank under "Victim?" is no answer, and none is carried."""

    def __init__(self, role_columns: Sequence[int], headings: Mapping[int, str]) -> None:
        self._at = [index for index in role_columns if words.asked_role(headings[index]) is None]
        self._is_victims = False

    def end(self) -> None:
        self._is_victims = False

    def role(self, cells: Sequence[Cell], told: Sequence[Role | None]) -> list[Role | None]:
        """Take a row up by what its role cells tell, and return the victim's role where they are blank below hers."""
        if any(index < len(cells) and cells[index].text.strip() for index in self._at):
            self._is_victims = "victim" in told
            return []
        return ["victim"] if self._is_victims else []
