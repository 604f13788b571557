"""Screens of one form, one table or plain words: most of administration is made of these."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.forms import Form

from cets.sites.desk.pages.parts import Alert, Event, Fact, Link, Paging, Table, Tag


@dataclass(frozen=True)
class FormPage:
    """One question to answer: grade, share, note, assign, settle, not the same, ask for a role."""

    template: ClassVar[str] = "desk/form_page.html"

    title: str
    form: Form
    form_url: str
    button: str  # a verb and its object
    cancel: Link
    crumbs: tuple[Link, ...] = ()
    lead: str = ""
    facts: tuple[Fact, ...] = ()
    alert: Alert | None = None
    after: str = ""  # what happens next
    cards: bool = False  # radios side by side, all of the same weight
    tag: Tag | None = None
    final: bool = False  # cannot be undone: a red button, and no key that presses it
    shown: str = ""  # mark of the state that the form shows: it comes back with the answer


@dataclass(frozen=True)
class PurposePage(FormPage):
    """Asked before another team's record opens, before a search, before an original is downloaded."""

    template: ClassVar[str] = "desk/purpose.html"

    fields: tuple[tuple[str, str], ...] = ()  # of what was sent without a purpose, to be sent on with one
    typed: str = ""  # what of it somebody wrote, to copy


@dataclass(frozen=True)
class RevealPage(FormPage):
    """Asked before a victim's value is shown: on this page only, and recorded."""

    template: ClassVar[str] = "desk/reveal.html"


@dataclass(frozen=True)
class TablePage:
    """A list of things: agencies, teams, officers, roles, approvals."""

    template: ClassVar[str] = "desk/table_page.html"

    title: str
    table: Table
    lead: str = ""
    crumbs: tuple[Link, ...] = ()
    add: Link | None = None
    filters: Form | None = None
    filter_url: str = ""
    paging: Paging | None = None
    tabs: tuple[Link, ...] = ()
    current: str = ""  # the url among `tabs` that is this page


@dataclass(frozen=True)
class DetailPage:
    """One agency, team, officer or role: facts, tables, history."""

    template: ClassVar[str] = "desk/detail_page.html"

    title: str
    facts: tuple[Fact, ...]
    crumbs: tuple[Link, ...] = ()
    tags: tuple[Tag, ...] = ()
    lead: str = ""
    tables: tuple[Table, ...] = ()
    actions: tuple[Link, ...] = ()
    history: tuple[Event, ...] = ()
    alert: Alert | None = None


@dataclass(frozen=True)
class AuditPage:
    """For the data-protection officer: who did what to which record, and whether the chain holds."""

    template: ClassVar[str] = "desk/audit.html"

    table: Table
    filters: Form
    filter_url: str
    verified: str  # "4,211 rows chained, head signed"
    verified_ok: bool
    verified_at: datetime | None
    tail: str = ""  # "3 rows wait for the sequencer"
    verify_url: str = ""  # POST: verify now
    paging: Paging | None = None


@dataclass(frozen=True)
class NotFound:
    """The same for what is missing and what is forbidden."""

    template: ClassVar[str] = "desk/not_found.html"

    home: Link
    typed: str = ""  # what somebody sent there, to copy


@dataclass(frozen=True)
class Problem:
    """500, 403 of a form token, 409, 413, 429: first what to do, then why."""

    template: ClassVar[str] = "desk/problem.html"

    title: str
    text: str
    way_on: Link
    reference: str = ""  # request id, to quote
    meanwhile: tuple[Event, ...] = ()  # what others did to the record since its form was opened
    typed: str = ""  # what of a refused form somebody wrote, to copy
    facts: tuple[Fact, ...] = ()  # how it stands with the record now
    ways: tuple[Link, ...] = ()  # further ways on


@dataclass(frozen=True)
class Unsent:
    """What was sent and not taken, because the session had ended or the form was too old.

    It stays on this page alone, to be sent once more: nothing of it is kept anywhere else.
    """

    template: ClassVar[str] = "desk/unsent.html"

    title: str
    text: str
    sign_in: Link | None = None  # where the session ended; a page that keeps something opens it beside itself
    leave: Link | None = None
    send_url: str = ""  # POST; empty: nothing could be kept
    fields: tuple[tuple[str, str], ...] = ()
    typed: str = ""  # what of it somebody wrote, to copy


@dataclass(frozen=True)
class SignedOut:
    template: ClassVar[str] = "desk/signed_out.html"

    sign_in: Link


@dataclass(frozen=True)
class RecordedPage:
    """What is recorded about the viewer's own work."""

    template: ClassVar[str] = "desk/recorded.html"

    kept_for: str  # "6 years"
    officer: str  # whom to ask: the data-protection officer's address
    mine: Table | None = None


@dataclass(frozen=True)
class AccessibilityPage:
    template: ClassVar[str] = "desk/accessibility.html"

    contact: str


@dataclass(frozen=True)
class ShortcutsPage:
    template: ClassVar[str] = "desk/shortcuts.html"
