"""The places database of Firefox and of the browsers built like it: pages visited, bookmarks, downloads, what was typed."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import unquote

from cets.domains.intake.rows import AnyRow
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sqlite_file import Database, Record, read_database
from cets.domains.intake.sqlite_head import has_tables
from cets.domains.intake.times import microseconds, milliseconds
from cets.domains.intake.traces import Traces, fact

_PLACES = ("id", "url", "title", "visit_count", "hidden", "last_visit_date", "description", "site_name")
_VISITS = ("id", "from_visit", "place_id", "visit_date", "visit_type", "source")
_BOOKMARKS = ("id", "type", "fk", "parent", "title", "dateadded", "lastmodified")
_ANNOS = ("id", "place_id", "anno_attribute_id", "content", "dateadded")
_TYPED = ("place_id", "input", "use_count")
_META = ("id", "place_id", "created_at", "total_view_time", "search_query_id")
_READ = {
    "moz_places": (
        *_PLACES, "rev_host", "typed", "favicon_id", "frecency", "guid", "foreign_count", "url_hash", "preview_image_url", "origin_id",
        "recalc_frecency", "alt_frecency", "recalc_alt_frecency",
    ),
    "moz_historyvisits": (*_VISITS, "session", "triggeringplaceid"),
    "moz_bookmarks": (
        *_BOOKMARKS, "position", "keyword_id", "folder_type", "guid", "syncstatus", "syncchangecounter",
    ),
    "moz_annos": (*_ANNOS, "mime_type", "flags", "expiration", "type", "lastmodified"),
    "moz_anno_attributes": ("id", "name"),
    "moz_inputhistory": _TYPED,
    "moz_places_metadata": (
        *_META, "referrer_place_id", "updated_at", "typing_time", "key_presses", "scrolling_time", "scrolling_distance", "document_type",
    ),
    "moz_places_metadata_search_queries": ("id", "terms"),
}  # fmt: skip
#: The browser's own book-keeping: what it computed from the rest, pictures of pages, annotations of its own folders.
_KNOWN = frozenset(
    {
        "moz_bookmarks_roots", "moz_bookmarks_deleted", "moz_favicons", "moz_hosts", "moz_origins", "moz_meta", "moz_items_annos",
        "moz_previews_tombstones", "sqlite_sequence", "sqlite_stat1", "moz_historyvisits_extra", "moz_places_extra",
    }
)  # fmt: skip

_WAYS = {
    1: "link", 2: "typed", 3: "bookmark", 4: "embedded in a page", 5: "redirect, permanent", 6: "redirect, temporary", 7: "download",
    8: "link in a frame", 9: "loaded again",
}  # fmt: skip
_SOURCES = {1: "a sponsored link", 2: "a bookmark", 3: "a search"}
_BOOKMARK, _FOLDER = 1, 2
_FILE, _DETAILS = "downloads/destinationfileuri", "downloads/metadata"
_STATES = {
    0: "not finished",
    1: "complete",
    2: "failed",
    3: "cancelled",
    4: "paused",
    6: "blocked",
    8: "blocked",
}
_MOST_FOLDERS, _DEEPEST = 20_000, 20
_MOST_DETAILS = 100_000
_LONGEST_DETAILS = 10_000


class FirefoxHistory(Source):
    name = "firefox_history"
    caption = "Firefox browsing history"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        return 0.95 if has_tables(head, "moz_places") else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield from read_database(file, options, _places)


def _places(database: Database, traces: Traces) -> Iterator[AnyRow]:
    seen: set[int] = set()
    for sort in (
        _visits(database, traces, seen),
        _pages(database, traces, seen),
        _searches(database, traces),
        _typed(database, traces),
        _downloads(database, traces),
        _bookmarks(database, traces),
    ):
        yield from sort
        yield from database.told()
    yield from database.rest(_READ, _KNOWN)


def _page(database: Database, row: Record, column: str) -> Record | None:
    page = database.get("moz_places", row.number(column), _PLACES, key="id")
    if page is None:
        text = f"{row.place}: its page is not in table moz_places."
        database.remark(f"rows without their page, {row.table}", row.place, text)
    return page


def _visits(database: Database, traces: Traces, seen: set[int]) -> Iterator[AnyRow]:
    for row in database.rows("moz_historyvisits", _VISITS):
        page = _page(database, row, "place_id")
        if page is not None:
            seen.add(page.row)
        yield from traces.add(
            "visit",
            place=row.place,
            text=page.text("title") if page else "",
            at=row.time("visit_date", microseconds),
            url=page.text("url") if page else None,
            facts=(
                *fact("how", _WAYS.get(row.number("visit_type") or 0, "")),
                *fact("from", _SOURCES.get(row.number("source") or 0, "")),
                *_of_page(page),
            ),
        )


def _of_page(page: Record | None) -> Iterator[tuple[str, str]]:
    if page:
        yield from fact("shown in the history", "no" if page.number("hidden") else "")
        yield from fact("description", page.text("description"))
        yield from fact("site", page.text("site_name"))


def _pages(database: Database, traces: Traces, seen: set[int]) -> Iterator[AnyRow]:
    """Yield pages of which no visit is left; those that were never visited stand here for a bookmark only."""
    for row in database.rows("moz_places", _PLACES):
        if row.row in seen or not (row.number("visit_count") or row.number("last_visit_date")):
            continue
        at = row.time("last_visit_date", microseconds)
        yield from traces.add(
            "visit",
            place=row.place,
            text=row.text("title"),
            at=at,
            url=row.text("url"),
            facts=(
                *fact("visits", row.number("visit_count")),
                *fact("time", "of the last visit" if at else ""),
                *_of_page(row),
            ),
        )


def _searches(database: Database, traces: Traces) -> Iterator[AnyRow]:
    for row in database.rows("moz_places_metadata", _META):
        query = database.get(
            "moz_places_metadata_search_queries", row.number("search_query_id"), ("terms",), key="id"
        )
        if query is None:
            continue
        page = _page(database, row, "place_id")
        yield from traces.add(
            "search",
            place=row.place,
            text=query.text("terms"),
            at=row.time("created_at", milliseconds),
            url=page.text("url") if page else None,
            facts=fact("seconds looked at", _seconds(row.number("total_view_time"))),
        )


def _seconds(length: int | None) -> int | None:
    return length // 1_000 if length else None


def _typed(database: Database, traces: Traces) -> Iterator[AnyRow]:
    """Yield what was typed into the address bar before a suggestion was chosen; when is not kept."""
    for row in database.rows("moz_inputhistory", _TYPED):
        page = _page(database, row, "place_id")
        yield from traces.add(
            "search",
            place=row.place,
            text=row.text("input"),
            url=page.text("url") if page else None,
            facts=(("how", "typed into the address bar"), *fact("weight of its use", row.text("use_count"))),
        )


def _downloads(database: Database, traces: Traces) -> Iterator[AnyRow]:
    names = {
        row.number("id"): row.text("name").lower()
        for row in database.rows("moz_anno_attributes", ("id", "name"))
    }
    details: dict[int | None, dict[str, Any]] = {}
    for row in database.rows("moz_annos", _ANNOS):
        if names.get(row.number("anno_attribute_id")) == _DETAILS and len(details) < _MOST_DETAILS:
            details[row.number("place_id")] = _details(row.text("content"))
    for row in database.rows("moz_annos", _ANNOS):
        name = names.get(row.number("anno_attribute_id"), "")
        if name == _DETAILS:
            continue
        page = _page(database, row, "place_id")
        if name != _FILE:
            yield from traces.add(
                "event", place=row.place, text=row.text("content"), at=row.time("dateadded", microseconds),
                url=page.text("url") if page else None, facts=(("what", "annotation of a page"), *fact("name", name)),
            )  # fmt: skip
            continue
        told = details.get(row.number("place_id"), {})
        end = told.get("endTime")
        yield from traces.add(
            "download",
            place=row.place,
            text=unquote(row.text("content").removeprefix("file://")),
            at=row.time("dateadded", microseconds),
            until=milliseconds(end) if isinstance(end, int) and end else None,
            url=page.text("url") if page else None,
            facts=tuple(_of_download(told)),
        )


def _details(text: str) -> dict[str, Any]:
    """Return what the browser noted of a download; nothing of a note that is not as it writes them."""
    try:
        found = json.loads(text[:_LONGEST_DETAILS])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _of_download(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    state, size = told.get("state"), told.get("fileSize")
    if isinstance(state, int):
        yield from fact("state", _STATES.get(state, str(state)))
    if isinstance(size, int):
        yield from fact("bytes", size)
    if told.get("deleted") is True:
        yield from fact("deleted", "yes")


def _bookmarks(database: Database, traces: Traces) -> Iterator[AnyRow]:
    folders: dict[int, tuple[str, int | None]] = {}
    for row in database.rows("moz_bookmarks", _BOOKMARKS):
        if row.number("type") == _FOLDER and len(folders) < _MOST_FOLDERS:
            folders[row.row] = (row.text("title"), row.number("parent"))
    for row in database.rows("moz_bookmarks", _BOOKMARKS):
        if row.number("type") != _BOOKMARK:
            continue
        page = _page(database, row, "fk")
        yield from traces.add(
            "event",
            place=row.place,
            text=row.text("title") or (page.text("title") if page else ""),
            at=row.time("dateadded", microseconds),
            url=page.text("url") if page else None,
            facts=(("what", "bookmark"), *fact("folder", _path(folders, row.number("parent")))),
        )


def _path(folders: dict[int, tuple[str, int | None]], number: int | None) -> str:
    names: list[str] = []
    while number in folders and len(names) < _DEEPEST:
        name, number = folders[number]
        names.insert(0, name)
    return " / ".join(filter(None, names))
