"""Find a value or words, and see how the question was read."""

from dataclasses import dataclass
from typing import ClassVar

from django.forms import Form

from cets.sites.desk.pages.parts import Bits, Empty, Fact, Link, Paging, Tag, Value
from cets.sites.desk.pages.reading import Piece


@dataclass(frozen=True)
class Understood:
    """One part of the query as it was read. `term` is sent back to drop it (POST to `Search.form_url`)."""

    kind: str  # "E-mail", "Words", "Date"
    text: str
    term: str
    doubt: bool = False


@dataclass(frozen=True)
class Result:
    type: str  # "Hit", "Identifier", "Report", "Message", "Note"
    title: Link
    snippet: tuple[Piece, ...] = ()
    note: str = ""
    bits: Bits | None = None
    tag: Tag | None = None
    side: str = ""  # "2 of 4 terms"
    other: bool = False  # of another agency: plum
    see_url: str = ""  # this page with the result's preview beside the list
    seen: bool = False  # its preview stands there


@dataclass(frozen=True)
class PreviewPlace:
    report: Link
    text: str


@dataclass(frozen=True)
class Preview:
    """One result beside the list. `close` leads to the list alone."""

    kind: str
    open: Link
    close: Link
    title: str = ""
    value: Value | None = None
    bits: Bits | None = None
    facts: tuple[Fact, ...] = ()
    text: str = ""
    places: tuple[PreviewPlace, ...] = ()


@dataclass(frozen=True)
class PreviewPage:
    """The preview alone, for a script that puts it beside the list."""

    template: ClassVar[str] = "desk/search_preview.html"

    preview: Preview | None


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str
    count: int
    on: bool = False


@dataclass(frozen=True)
class Facet:
    name: str  # field name in the POST
    title: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Example:
    kind: str
    text: str


@dataclass(frozen=True)
class Search:
    """The query is a POST; the address of the results holds an opaque id."""

    template: ClassVar[str] = "desk/search.html"

    form: Form  # forms.SearchForm
    form_url: str
    asked: bool = False  # False: nothing was searched yet
    purpose: str = ""
    purpose_change: Link | None = None
    understood: tuple[Understood, ...] = ()
    understood_notes: tuple[str, ...] = ()
    all_of: bool = False
    results: tuple[Result, ...] = ()
    total: int = 0
    facets: tuple[Facet, ...] = ()
    paging: Paging | None = None
    as_of: str = ""
    examples: tuple[Example, ...] = ()
    nothing: Empty | None = None  # no result: what was searched, what could be dropped
    is_empty: bool = False  # asked, but there was nothing to search for
    preview: Preview | None = None
    flagged: str = ""  # "This search is of yourself; it has been flagged."
