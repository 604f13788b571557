"""Everything the viewer may see about one value."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from cets.sites.desk.pages.parts import Alert, Bits, Fact, Link, Paging, Tag, Value


@dataclass(frozen=True)
class Appearance:
    """One place in one report of the viewer's reach."""

    report: Link
    place: Link | str
    way: str
    role: str
    seen: str
    written: str = ""
    person: str = ""
    reasons: tuple[str, ...] = ()  # why it is taken for one of its kind


@dataclass(frozen=True)
class Companion:
    """Another identifier that stands in the same reports."""

    kind: str
    value: Value
    reports: int
    bits: Bits


@dataclass(frozen=True)
class Holder:
    """Another agency's record, as far as its level allows."""

    text: str
    note: str
    hit: Link
    tag: Tag | None = None
    due: datetime | None = None


@dataclass(frozen=True)
class Identifier:
    """The address of this page holds an opaque id, its title the kind only."""

    template: ClassVar[str] = "desk/identifier.html"

    kind: str
    value: Value
    bits: Bits
    why: str
    facts: tuple[Fact, ...]
    appearances: tuple[Appearance, ...]
    appearances_total: int
    holders: tuple[Holder, ...] = ()
    companions: tuple[Companion, ...] = ()
    variants: tuple[Value, ...] = ()  # look-alikes: candidates, never the same
    alert: Alert | None = None
    paging: Paging | None = None
    back: Link | None = None
