"""What the invented nation is made of: agencies, people, deliveries, and the values planted in them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

Level = Literal["open", "contact", "silent"]
_MONTHS = 12
LEVELS: tuple[Level, ...] = ("open", "contact", "silent")
PersonaRole = Literal["suspect", "victim", "recipient"]


@dataclass(frozen=True, slots=True)
class Team:
    code: str
    name: str
    phone: str
    mail: str
    duty: bool = True


@dataclass(frozen=True, slots=True)
class Officer:
    """`login` is made up; `seconded_to` names the agency a secondee works in."""

    login: str
    name: str
    roles: tuple[str, ...]
    team: str
    seconded_to: str | None = None


@dataclass(frozen=True, slots=True)
class Agency:
    code: str
    name: str
    country: str
    mailbox: str
    teams: tuple[Team, ...]
    officers: tuple[Officer, ...]


@dataclass(frozen=True, slots=True)
class Planted:
    """One identifier that was written into a file on purpose.

    `value` is the canonical form, `raw` how the file has it. `at` holds the instants that its time can mean:
    none when no time stands by it, two when day and month may be swapped.
    """

    kind: str
    value: str
    raw: str
    role: str = "unknown"
    way: str = "declared"
    at: tuple[datetime, ...] = ()
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """An IP address that a provider logged. `at_raw` overrides how the time is written."""

    address: str
    event: str = "Login"
    at: datetime | None = None
    port: int | None = None
    at_raw: str | None = None


@dataclass(frozen=True, slots=True)
class Persona:
    """One account on one platform, and what its provider knows of the person behind it."""

    platform: str
    handle: str | None = None
    account_id: str | None = None
    role: PersonaRole = "suspect"
    name: tuple[str, str] | None = None
    display: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    captures: tuple[Capture, ...] = ()
    devices: tuple[tuple[str, str], ...] = ()
    url: str | None = None
    bio: str | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a provider found. Only its hashes exist: no media anywhere in the nation."""

    name: str
    md5: str
    sha1: str | None = None
    sha256: str | None = None
    viewed: bool | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of talk. `who` is 0 for the first persona of a tip, 1 for the second."""

    who: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tip:
    """A provider's report, before it is written in one of the three layouts."""

    number: int
    platform: str
    category: str
    incident_at: datetime
    received_at: datetime
    personas: tuple[Persona, ...]
    uploads: tuple[Upload, ...] = ()
    lines: tuple[Line, ...] = ()
    room: str | None = None
    pages: tuple[str, ...] = ()
    remark: str = "Invented record of the demonstration."
    mentioned: tuple[Planted, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A file as written: its bytes, its ending, the source that should read it, what was planted in it."""

    content: bytes
    suffix: str
    source: str | None
    planted: tuple[Planted, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file that reaches one agency.

    `report` is the id of the delivery whose report this file ends in: its own, unless it is the same file
    again or a supplement. `expects` says what a receipt must hold, in the words of `cets ingest --json`.
    """

    id: str
    agency: str
    sharing: Level
    received: datetime
    about: str
    document: Document
    officer: str | None = None
    channel: str | None = None
    story: str = "background"
    report: str = ""
    expects: dict[str, Any] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return f"files/{self.agency}/{self.id}{self.document.suffix}"

    @property
    def joined_report(self) -> str:
        return self.report or self.id


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table of sharing levels, with the two deliveries that show it."""

    mine: Level
    theirs: Level
    kind: str
    value: str
    my_delivery: str
    their_delivery: str


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Two deliveries that must not be linked by this value (`b` None: nothing at all may be linked by it)."""

    kind: str
    value: str
    why: str
    a: str | None = None
    b: str | None = None


@dataclass(slots=True)
class Story:
    """What one story adds to the nation."""

    deliveries: list[Delivery] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    forbidden: list[Forbidden] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The one clock of the nation: everything lies before its base instant."""

    base: datetime

    def ago(self, days: float = 0, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Return a whole second before the base."""
        moment = self.base - timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return moment.replace(microsecond=0)

    def plain_day(self, days: float) -> datetime:
        """Return a day at least so long ago whose number is above 12: its day and month cannot be swapped."""
        moment = self.ago(days)
        while moment.day <= _MONTHS:
            moment -= timedelta(days=1)
        return moment

    def swappable_day(self) -> tuple[datetime, datetime]:
        """Return 3 April and 4 March, midnight, of the last year in which both have passed."""
        year = self.base.year
        april = datetime(year, 4, 3, tzinfo=self.base.tzinfo)
        if april > self.ago(2):
            year -= 1
        return (
            datetime(year, 4, 3, tzinfo=self.base.tzinfo),
            datetime(year, 3, 4, tzinfo=self.base.tzinfo),
        )
