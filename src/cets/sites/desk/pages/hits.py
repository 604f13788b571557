"""Two agencies hold the same thing, and one must call the other."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from django.forms import Form

from cets.sites.desk.pages.parts import Alert, Bits, Empty, Event, Fact, Link, Paging, Tag, Value


@dataclass(frozen=True)
class HitRow:
    record: Link
    holders: str  # agencies the viewer may know of, or "your own reports"
    kind: str
    value: Value
    bits: Bits
    mine: str  # "in 2 of your reports"
    due: datetime | None
    owner: str
    step: str
    tag: Tag | None = None


@dataclass(frozen=True)
class HitList:
    template: ClassVar[str] = "desk/hit_list.html"

    rows: tuple[HitRow, ...]
    filters: Form
    filter_url: str
    paging: Paging | None = None
    empty: Empty | None = None


@dataclass(frozen=True)
class Contact:
    """Whom to call. Where the duty team has no number, the centre's deconfliction desk stands here."""

    name: str  # "Duty team, day and night"
    phone: str
    mail: str
    quote: str  # the reference to name; nothing of the child


@dataclass(frozen=True)
class Weight:
    """One line of the sum: what was compared and what it adds, or why it is not used."""

    text: str
    bits: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Side:
    """One of the two records. Theirs holds only what its level allows; the rest says so."""

    title: str  # "Yours, Eastshire Police"
    level: Tag
    facts: tuple[Fact, ...]
    whose: Literal["mine", "theirs"] = "mine"
    more: Link | None = None


@dataclass(frozen=True)
class Hit:
    """`form` is None when nothing is to be recorded (settled, or not the viewer's to settle).

    At level contact `why` and `weights` use the value and the viewer's own record only. Theirs silent: there
    is no such page at all.
    """

    template: ClassVar[str] = "desk/hit.html"

    reference: str
    title: str  # "You and Northmoor Police hold the same account"
    list_link: Link
    tags: tuple[Tag, ...]
    owner_line: str  # "Next step, owner: you"
    step: str  # "Call the duty team of Northmoor Police"
    due: datetime | None
    contacts: tuple[Contact, ...]
    form: Form | None
    form_url: str
    why: str
    bits: Bits
    weights: tuple[Weight, ...]
    matched: str
    kind: str
    value: Value
    mine: tuple[Side, ...]
    theirs: tuple[Side, ...]
    history: tuple[Event, ...]
    alert: Alert | None = None
    escalates: str = ""  # "goes to your supervisor at 16:00 GMT"
    read: Link | None = None  # level open: "Read their summary"
    button: Link | None = None  # the green button where there is no form: "Join the two reports"
    nobody_url: str = ""  # POST: nobody answered, try again in an hour
    not_same: Link | None = None
    no_action: Link | None = None
    undo: Link | None = None
    go_on: Link | None = None  # a settled hit: where the work goes on
    outcome: str = ""  # a settled hit: what, who, when, why
    told: str = ""  # what the other side was told: "They have not been told, and will not be."
    all_history: Link | None = None
    more_mine: Link | None = None
    shown: str = ""  # mark of what meets here: it comes back with the answer


@dataclass(frozen=True)
class TheirSummary:
    """Level open: the summary of the other agency's record, and nothing beyond it."""

    template: ClassVar[str] = "desk/their_summary.html"

    reference: str
    title: str
    hit: Link
    tags: tuple[Tag, ...]
    facts: tuple[Fact, ...]
    summary: str
    contact: Contact | None = None
