"""My work by due time, the hits that wait for a call, what came back."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from cets.sites.desk.pages.parts import Bits, Empty, Link, NextStep, Paging, Tag


@dataclass(frozen=True)
class WorkRow:
    due: datetime
    record: Link
    about: str
    step: Link
    owner: str
    risk: Tag | None = None
    take_url: str = ""  # POST: a team's entry becomes the viewer's own


@dataclass(frozen=True)
class WorkGroup:
    """`title` holds its count: "Overdue (1)"."""

    title: str
    rows: tuple[WorkRow, ...]
    late: bool = False


@dataclass(frozen=True)
class WaitingHit:
    holder: Link
    about: str
    due: datetime
    bits: Bits


@dataclass(frozen=True)
class HomeAlert:
    """`url` takes a POST: what is opened is read."""

    id: str
    tag: Tag
    text: str
    url: str
    at: datetime


@dataclass(frozen=True)
class AlertCard:
    """What is new. `read_url` takes a POST with the ids of those that are put aside."""

    alerts: tuple[HomeAlert, ...]
    read_url: str
    earlier: Link
    read_all: str = ""  # "Mark all read"; empty where there is one or none
    has_more: bool = False


@dataclass(frozen=True)
class Tour:
    """The guided tour of the demonstration."""

    done: int
    steps: int
    next: str
    link: Link
    hide_url: str  # POST


@dataclass(frozen=True)
class Home:
    template: ClassVar[str] = "desk/home.html"

    overdue: int
    today: int
    later: int
    team: Link | None  # "Duty team: 17 without a person"
    mine_link: Link
    team_link: Link
    groups: tuple[WorkGroup, ...]
    next: NextStep | None = None
    showing_team: bool = False
    hits: tuple[WaitingHit, ...] = ()
    all_hits: Link | None = None
    alerts: AlertCard | None = None
    tour: Tour | None = None
    paging: Paging | None = None
    empty: Empty | None = None
    stale_since: datetime | None = None  # the list could not be read anew

    @property
    def has_risk(self) -> bool:
        return any(row.risk for group in self.groups for row in group.rows)
