"""Safari's `History.db`, of iPhones and Macs: pages visited, and what the history says was deleted from it."""

from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.apple_times import apple_time
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sqlite_file import Database, Record, read_database
from cets.domains.intake.sqlite_head import has_tables
from cets.domains.intake.traces import Traces, fact, leads_out

_ITEMS = ("id", "url", "visit_count", "domain_expansion")
_VISITS = (
    "id", "history_item", "visit_time", "title", "load_successful", "http_non_get", "synthesized", "redirect_source", "redirect_destination",
    "origin",
)  # fmt: skip
_TOMBSTONES = ("id", "start_time", "end_time", "url")
_READ = {
    "history_items": (
        *_ITEMS, "daily_visit_counts", "weekly_visit_counts", "autocomplete_triggers", "should_recompute_derived_visit_counts",
        "visit_count_score", "status_code",
    ),
    "history_visits": (*_VISITS, "generation", "attributes", "score"),
    "history_tombstones": (*_TOMBSTONES, "generation"),
}  # fmt: skip
_KNOWN = frozenset(
    {
        "metadata", "sqlite_sequence", "sqlite_stat1", "history_clients", "history_event_listeners", "history_events", "history_tags",
        "history_items_to_tags",
    }
)  # fmt: skip
_OTHER_DEVICE = 1


class SafariHistory(Source):
    name = "safari_history"
    caption = "Safari browsing history"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        return 0.95 if has_tables(head, "history_items", "history_visits") else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield from read_database(file, options, _history)


def _history(database: Database, traces: Traces) -> Iterator[AnyRow]:
    seen: set[int] = set()
    for sort in (_visits(database, traces, seen), _pages(database, traces, seen), _deleted(database, traces)):
        yield from sort
        yield from database.told()
    yield from database.rest(_READ, _KNOWN)


def _visits(database: Database, traces: Traces, seen: set[int]) -> Iterator[AnyRow]:
    for row in database.rows("history_visits", _VISITS):
        page = database.get("history_items", row.number("history_item"), _ITEMS, key="id")
        if page is None:
            text = f"{row.place}: the page that was visited is not in table history_items."
            database.remark("visits without their page", row.place, text)
        else:
            seen.add(page.row)
        url = page.text("url") if page else ""
        yield from traces.add(
            "visit", place=row.place, text=row.text("title"), at=apple_time(row, "visit_time"), url=url, facts=tuple(_how(row))
        )  # fmt: skip


def _how(row: Record) -> Iterator[tuple[str, str]]:
    if row.number("origin") == _OTHER_DEVICE:
        yield ("from", "another device (synchronised)")
    if row.number("load_successful") == 0:
        yield ("loaded", "no")
    if row.number("http_non_get"):
        yield ("how", "form sent")
    if row.number("synthesized"):
        yield ("how", "made by the browser")
    yield from fact("led here from visit", row.number("redirect_source"))
    yield from fact("led on to visit", row.number("redirect_destination"))


def _pages(database: Database, traces: Traces, seen: set[int]) -> Iterator[AnyRow]:
    """Yield pages of which no visit is left."""
    for row in database.rows("history_items", _ITEMS):
        if row.row not in seen:
            facts = fact("visits", row.number("visit_count"))
            yield from traces.add("visit", place=row.place, url=row.text("url"), facts=facts)


def _deleted(database: Database, traces: Traces) -> Iterator[AnyRow]:
    """Yield what the browser remembers as deleted, so that other devices delete it too."""
    for row in database.rows("history_tombstones", _TOMBSTONES):
        url = row.text("url")
        yield from traces.add(
            "event", place=row.place, text="Deleted from the history", at=apple_time(row, "start_time"), until=apple_time(row, "end_time"),
            url=url if leads_out(url) else None, facts=fact("what", "" if leads_out(url) else url or "everything of that time"),
        )  # fmt: skip
