"""Pieces that several screens share. Plain values only: what is here is what is shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Colour = Literal["red", "amber", "green", "blue", "grey", "plum"]


@dataclass(frozen=True)
class Link:
    text: str
    url: str


@dataclass(frozen=True)
class Tag:
    """A state in words. Red: late, refused. Amber: needs a decision. Green: done. Plum: the other agency."""

    text: str
    colour: Colour = "grey"


@dataclass(frozen=True)
class Bits:
    """Strength of an identifier. `common`: why it counts for less; it is then shown instead of "weak"."""

    value: float
    common: str = ""

    @property
    def word(self) -> Literal["weak", "fair", "strong"]:
        if self.value < 5:  # noqa: PLR2004 - the steps that every screen names
            return "weak"
        return "fair" if self.value < 10 else "strong"  # noqa: PLR2004


@dataclass(frozen=True)
class Masked:
    """Stands for a victim's value: pseudonym and kind, and the way to a recorded reveal."""

    pseudonym: str  # "Child A"
    kind: str  # "e-mail"
    reveal_url: str = ""  # empty: this viewer may not reveal it


@dataclass(frozen=True)
class Value:
    """An identifier's value as this viewer may see it: `text`, or `masked`."""

    text: str = ""
    url: str = ""
    masked: Masked | None = None
    written: str = ""  # how the source wrote it, when that differs
    after: str = ""  # follows in plain face: "port 50122"
    doubt: str = ""  # amber tag: "2 candidate times"
    note: str = ""  # "held by 31 reports of 4 agencies"


@dataclass(frozen=True)
class NextStep:
    """The bar under a title. `step` is one sentence with a verb; the only green button is here."""

    lead: str  # "Next step, owner: you"
    step: str
    why: str = ""
    due: datetime | None = None
    button: Link | None = None
    post: bool = False  # the button changes something: it is then a form
    then: Link | None = None  # the step after this one
    then_post: bool = False  # it changes something, too
    mine: bool = False  # the viewer himself is the owner
    figure: str = ""  # instead of the clock: "8 of 9 sure"
    figure_note: str = ""
    submits: str = ""  # id of a form on the same page that the button sends


@dataclass(frozen=True)
class Alert:
    """At most one red one a page; first what to do, then why."""

    title: str
    text: str = ""
    kind: Literal["error", "warning", "success", "information"] = "error"


@dataclass(frozen=True)
class Fact:
    """A row of a summary list: text, or a link, or a moment, or a value."""

    label: str
    text: str = ""
    url: str = ""
    at: datetime | None = None
    value: bool = False  # set in the face of values
    quiet: bool = False  # "Not shown at this level"
    shown: Value | None = None  # a value that may be masked (a victim's address in a mail header)


@dataclass(frozen=True)
class Event:
    """A line of history or custody."""

    at: datetime
    what: str
    detail: str = ""
    by: str = ""
    value: str = ""  # a hash or such
    is_day: bool = False  # on which day is told, not at which second


@dataclass(frozen=True)
class PageLink:
    number: int | None  # None: an ellipsis
    url: str = ""
    current: bool = False


@dataclass(frozen=True)
class Paging:
    """`first` to `last` of `total` (or of more). Addresses hold page numbers and filters, never a value."""

    first: int
    last: int
    total: int
    more: bool = False
    previous_url: str = ""
    next_url: str = ""
    pages: tuple[PageLink, ...] = ()


@dataclass(frozen=True)
class Tab:
    text: str
    url: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Column:
    heading: str
    numeric: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell of a plain table. The first cell of a row names the record."""

    text: str = ""
    url: str = ""
    sub: str = ""
    tag: Tag | None = None
    at: datetime | None = None
    value: bool = False


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    empty: str = ""  # what is said when there is no row


@dataclass(frozen=True)
class Empty:
    """What an empty screen says, and the way on."""

    text: str
    link: Link | None = None
    main: bool = False  # the way on is what this page is for: its one green button
