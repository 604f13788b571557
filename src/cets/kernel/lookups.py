"""`in` over ids sends them as one array: a statement takes 65,535 values, and a file may hold a million identifiers."""

from typing import Any
from uuid import UUID

from django.db.models import ForeignKey, UUIDField
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In


class _OneArray(In):
    """Django's lookup gives each value a parameter of its own; that stays so for subqueries and for what is no id."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        rhs, values = super().process_rhs(compiler, connection)
        if self.rhs_is_direct_value() and all(isinstance(value, UUID) for value in values):
            return "any(%s)", [list(values)]
        return rhs, values

    def get_rhs_op(self, connection: Any, rhs: Any) -> str:
        return f"= {rhs}" if rhs.startswith("any(") else str(super().get_rhs_op(connection, rhs))


class IdIn(_OneArray):
    """Of a column of ids."""


class RelatedIdIn(_OneArray, RelatedIn):
    """Of a column that points to another table."""


def register() -> None:
    """Let every query use them; called once, at the start."""
    UUIDField.register_lookup(IdIn)
    ForeignKey.register_lookup(RelatedIdIn)
