"""The History database of Chrome and of the browsers built like it: pages visited, searches, downloads."""

from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.rows import AnyRow, NotUnderstood
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sqlite_file import Database, Record, read_database
from cets.domains.intake.sqlite_head import has_tables
from cets.domains.intake.times import microseconds, seconds
from cets.domains.intake.traces import Traces, fact, leads_out
from cets.kernel.moments import Moment

#: Columns by table that are read, then those that say nothing beside them.
_URLS = ("id", "url", "title", "visit_count", "typed_count", "last_visit_time", "hidden")
_VISITS = (
    "id",
    "url",
    "visit_time",
    "from_visit",
    "transition",
    "visit_duration",
    "external_referrer_url",
    "app_id",
)
_TERMS = ("url_id", "term")
_DOWNLOADS = (
    "id", "full_path", "url", "current_path", "target_path", "start_time", "end_time", "received_bytes", "total_bytes", "state",
    "danger_type", "opened", "last_access_time", "referrer", "site_url", "tab_url", "tab_referrer_url", "mime_type", "by_ext_name", "hash",
)  # fmt: skip
_CHAINS = ("id", "chain_index", "url")
_READ = {
    "urls": (*_URLS, "favicon_id"),
    "visits": (
        *_VISITS, "segment_id", "is_indexed", "incremented_omnibox_typed_score", "opener_visit", "originator_cache_guid",
        "originator_visit_id", "originator_from_visit", "originator_opener_visit", "is_known_to_sync",
        "consider_for_ntp_most_visited", "publicly_routable", "visited_link_id",
    ),
    "visit_source": ("id", "source"),
    "keyword_search_terms": (*_TERMS, "keyword_id", "lower_term", "normalized_term"),
    "downloads": (
        *_DOWNLOADS, "guid", "interrupt_reason", "transient", "http_method", "by_ext_id", "by_web_app_id", "etag", "last_modified",
        "original_mime_type", "embedder_download_data",
    ),
    "downloads_url_chains": _CHAINS,
}  # fmt: skip
#: The browser's own book-keeping.
_KNOWN = frozenset(
    {
        "meta", "sqlite_sequence", "segments", "segment_usage", "presentation", "typed_url_sync_metadata", "downloads_slices",
        "downloads_reroute_info", "history_sync_metadata", "sqlite_stat1",
    }
)  # fmt: skip

_WAYS = {
    0: "link", 1: "typed", 2: "bookmark", 3: "frame, by itself", 4: "frame, asked for", 5: "chosen from suggestions", 6: "start page",
    7: "form sent", 8: "loaded again", 9: "search keyword typed", 10: "search keyword",
}  # fmt: skip
_CORE = 0xFF  # of a transition: the rest are qualifiers
_FROM = {
    0: "another device (synchronised)", 2: "an extension", 3: "imported from Firefox", 4: "imported from Internet Explorer",
    5: "imported from Safari",
}  # fmt: skip
_STATES = {0: "not finished", 1: "complete", 2: "cancelled", 3: "interrupted", 4: "interrupted"}
_MOST_CHAINS = 200_000
_SHA256_BYTES = 32


class ChromeHistory(Source):
    name = "chrome_history"
    caption = "Chrome browsing history"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        if not has_tables(head, "urls", "visits"):
            return 0.0
        is_whole = has_tables(head, "keyword_search_terms") or has_tables(head, "downloads")
        return 0.95 if is_whole else 0.8

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield from read_database(file, options, _history)


def _history(database: Database, traces: Traces) -> Iterator[AnyRow]:
    seen: set[int] = set()
    for sort in (
        _visits(database, traces, seen),
        _pages(database, traces, seen),
        _searches(database, traces),
    ):
        yield from sort
        yield from database.told()
    yield from _downloads(database, traces)
    yield from database.rest(_READ, _KNOWN)


def _webkit(number: int) -> Moment:
    """Read a time of this database: microseconds since 1601, in UTC."""
    return microseconds(number, since=1601)


def _visits(database: Database, traces: Traces, seen: set[int]) -> Iterator[AnyRow]:
    for row in database.rows("visits", _VISITS):
        page = database.get("urls", row.number("url"), _URLS, key="id")
        if page is None:
            database.remark(
                "visits without their page",
                row.place,
                f"{row.place}: the page that was visited is not in table urls.",
            )
        else:
            seen.add(page.row)
        length = row.number("visit_duration")
        yield from traces.add(
            "visit",
            place=row.place,
            text=page.text("title") if page else "",
            at=row.time("visit_time", _webkit),
            url=page.text("url") if page else None,
            seconds=length / 1_000_000 if length and length > 0 else None,
            facts=(*_how(database, row), *_hidden(page)),
        )


def _how(database: Database, row: Record) -> tuple[tuple[str, str], ...]:
    way = row.number("transition")
    source = database.get("visit_source", row.row, ("source",), key="id")
    origin = _FROM.get(source.number("source") or 0, "") if source else ""
    return (
        *fact("how", _WAYS.get(way & _CORE, "") if way is not None else ""),
        *fact("from", origin),
        *fact("referrer", row.text("external_referrer_url")),
        *fact("app", row.text("app_id")),
    )


def _hidden(page: Record | None) -> tuple[tuple[str, str], ...]:
    return fact("shown in the history", "no") if page and page.number("hidden") else ()


def _pages(database: Database, traces: Traces, seen: set[int]) -> Iterator[AnyRow]:
    """Yield pages of which no visit is left: the browser forgets visits before it forgets pages."""
    for row in database.rows("urls", _URLS):
        if row.row in seen:
            continue
        yield from traces.add(
            "visit",
            place=row.place,
            text=row.text("title"),
            at=row.time("last_visit_time", _webkit),
            url=row.text("url"),
            facts=(
                *fact("visits", row.number("visit_count")),
                *fact("time", "of the last visit"),
                *_hidden(row),
            ),
        )


def _searches(database: Database, traces: Traces) -> Iterator[AnyRow]:
    for row in database.rows("keyword_search_terms", _TERMS):
        page = database.get("urls", row.number("url_id"), _URLS, key="id")
        yield from traces.add(
            "search",
            place=row.place,
            text=row.text("term"),
            at=page.time("last_visit_time", _webkit) if page else None,
            url=page.text("url") if page else None,
            facts=fact("time", "of the last visit to its results") if page else (),
        )


def _downloads(database: Database, traces: Traces) -> Iterator[AnyRow]:
    chains = _chains(database)
    yield from database.told()
    for row in database.rows("downloads", _DOWNLOADS, blobs=("hash",)):
        # Until 2013 a download had one path, and its time was a count of seconds since 1970.
        is_old = "full_path" in row.cells
        came_by = chains.get(row.number("id") or 0, [row.text("url")] if is_old else [])
        file_hash = row["hash"]
        digest = file_hash.hex() if isinstance(file_hash, bytes) and len(file_hash) == _SHA256_BYTES else ""
        if isinstance(file_hash, bytes) and file_hash and not digest:
            text = f"{row.place}, column hash: {len(file_hash)} bytes that are no SHA-256."
            database.remark("hashes of no known sort, downloads", row.place, text)
        yield from traces.add(
            "download",
            place=row.place,
            text=row.text("target_path") or row.text("current_path") or row.text("full_path"),
            at=row.time("start_time", seconds if is_old else _webkit),
            until=row.time("end_time", _webkit),
            url=came_by[-1] if came_by else None,
            declared=[
                *(("url", url) for url in _beside(row, came_by)),
                *([("hash", digest)] if digest else []),
            ],
            facts=tuple(_facts_of(row, came_by, digest)),
        )


def _beside(row: Record, came_by: list[str]) -> Iterator[str]:
    """Yield further addresses of a download: the way to it, and the pages on which it was asked for."""
    yield from came_by[:-1]
    for column in ("referrer", "site_url", "tab_url", "tab_referrer_url"):
        if leads_out(row.text(column)):
            yield row.text(column)


def _facts_of(row: Record, came_by: list[str], digest: str) -> Iterator[tuple[str, str]]:
    state = row.number("state")
    yield from fact("state", _STATES.get(state, str(state)) if state is not None else "")
    yield from fact("bytes", row.number("total_bytes"))
    if row.number("received_bytes") != row.number("total_bytes"):
        yield from fact("bytes received", row.number("received_bytes"))
    if "opened" in row.cells:
        yield from fact("opened", "yes" if row.number("opened") else "no")
    if opened := row.time("last_access_time", _webkit):
        yield from fact(
            "last opened", f"{opened.instant:%Y-%m-%d %H:%M:%S} UTC" if opened.instant else opened.raw
        )
    if row.text("current_path") != row.text("target_path"):
        yield from fact("path", row.text("current_path"))
    for label, column in (
        ("type", "mime_type"), ("referrer", "referrer"), ("site", "site_url"), ("page", "tab_url"), ("page's referrer", "tab_referrer_url"),
        ("extension", "by_ext_name"),
    ):  # fmt: skip
        yield from fact(label, row.text(column))
    for url in came_by[:-1]:
        yield from fact("came by", url)
    yield from fact("SHA-256", digest)


def _chains(database: Database) -> dict[int, list[str]]:
    """Return by download the addresses that led to it, in order."""
    found: dict[int, list[tuple[int, str]]] = {}
    for count, row in enumerate(database.rows("downloads_url_chains", _CHAINS)):
        if count >= _MOST_CHAINS:
            database.remarks.append(
                NotUnderstood(
                    text=f"Of the addresses of downloads the first {_MOST_CHAINS} are read.",
                    place=row.place,
                    sort="limit",
                )
            )
            break
        found.setdefault(row.number("id") or 0, []).append((row.number("chain_index") or 0, row.text("url")))
    return {key: [url for _index, url in sorted(links)] for key, links in found.items()}
