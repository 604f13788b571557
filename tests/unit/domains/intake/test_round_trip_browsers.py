"""What is written into the histories of browsers, of old versions and new, is read from them value for value."""

import json
from typing import NamedTuple
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake.rows import NotUnderstood
from unit.domains.intake.round_trips import (
    SHA256,
    TEXTS,
    TIMES,
    URLS,
    instant,
    of_trace,
    read,
    traces,
    unread,
)
from unit.domains.intake.sqlite_samples import CHROME, FIREFOX, database

Rows = list[tuple[str, tuple[object, ...]]]


class Visit(NamedTuple):
    url: str
    title: str
    at: int
    way: int
    seconds: int


class Download(NamedTuple):
    path: str
    chain: list[str]
    at: int
    seconds: int
    digest: str
    size: int


VISITS = st.lists(st.builds(Visit, URLS, TEXTS, TIMES, st.integers(0, 8), st.integers(0, 5_000)), max_size=5)
PATHS = st.lists(TEXTS, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))
DOWNLOADS = st.lists(
    st.builds(
        Download, PATHS, st.lists(URLS, min_size=1, max_size=3, unique=True), TIMES, st.integers(1, 5_000), SHA256, st.integers(0, 10**12)
    ),
    max_size=4,
)  # fmt: skip
SEARCHES = st.lists(st.tuples(TEXTS, URLS, TIMES), max_size=4, unique_by=lambda one: one[0])
SIZES = st.sampled_from([512, 1024, 4096])


# --- Chrome ---------------------------------------------------------------------------------------

OLD_CHROME = """
create table urls(id integer primary key, url longvarchar, title longvarchar, visit_count integer, typed_count integer,
  last_visit_time integer, hidden integer, favicon_id integer);
create table visits(id integer primary key, url integer, visit_time integer, from_visit integer, transition integer,
  segment_id integer, is_indexed boolean);
create table keyword_search_terms(keyword_id integer, url_id integer, lower_term longvarchar, term longvarchar);
create table downloads(id integer primary key, full_path longvarchar, url longvarchar, start_time integer, received_bytes integer,
  total_bytes integer, state integer);
"""
WAYS = (
    "link", "typed", "bookmark", "frame, by itself", "frame, asked for", "chosen from suggestions", "start page", "form sent",
    "loaded again",
)  # fmt: skip


def webkit(at: int) -> int:
    """Return microseconds since 1601."""
    return (at + 11_644_473_600) * 1_000_000


def chrome_rows(
    visits: list[Visit], gone: list[Visit], searches: list[tuple[str, str, int]], downloads: list[Download], *, is_old: bool
) -> Rows:  # fmt: skip
    rows: Rows = []
    pages = [*((v.url, v.title, v.at) for v in (*visits, *gone)), *((u, t, at) for t, u, at in searches)]
    for number, (url, title, at) in enumerate(pages, 1):
        rows.append(("urls", (number, url, title, 3, 0, webkit(at), 0, *((0,) if is_old else ()))))
    for number, one in enumerate(visits, 1):
        rest = (0, 0) if is_old else (0, one.seconds * 1_000_000)
        way = one.way | 0x30000000
        before = (number, number, webkit(one.at), 0)
        rows.append(("visits", (*before, *(() if is_old else ("",)), way, *rest)))
    for number, (term, _, _) in enumerate(searches, 1 + len(visits) + len(gone)):
        rows.append(("keyword_search_terms", (2, number, term, term)))
    for number, load in enumerate(downloads, 1):
        if is_old:
            rows.append(("downloads", (number, load.path, load.chain[-1], load.at, load.size, load.size, 1)))
            continue
        end = webkit(load.at + load.seconds)
        rows.append(
            ("downloads", (number, "g", load.path, load.path, webkit(load.at), load.size, load.size, 1, 0, 0, bytes.fromhex(load.digest), end,
                           0, 0, "", "", ""))
        )  # fmt: skip
        rows += [("downloads_url_chains", (number, index, url)) for index, url in enumerate(load.chain)]
    return rows


@pytest.mark.parametrize("is_old", [False, True])
@settings(max_examples=40, deadline=None)
@given(visits=VISITS, gone=VISITS, searches=SEARCHES, downloads=DOWNLOADS, size=SIZES)
def test_a_history_of_chrome_is_read(
    is_old: bool, visits: list[Visit], gone: list[Visit], searches: list[tuple[str, str, int]], downloads: list[Download], size: int
) -> None:  # fmt: skip
    written = chrome_rows(visits, gone, searches, downloads, is_old=is_old)
    rows = read("chrome_history", database(OLD_CHROME if is_old else CHROME, written, page_size=size))

    found = traces(rows, "visit")
    seen = found[: len(visits)]
    assert [(one.text, one.url, one.at and one.at.instant, one.place) for one in seen] == [
        (one.title, one.url, instant(one.at), f"row {number} of table visits") for number, one in enumerate(visits, 1)
    ]  # fmt: skip
    assert [dict(one.facts)["how"] for one in seen] == [WAYS[one.way] for one in visits]
    assert [one.seconds for one in seen] == [
        None if is_old or not one.seconds else float(one.seconds) for one in visits
    ]
    # Pages of which no visit is left: those of the searches are such, too.
    left = [*((one.title, one.url, one.at) for one in gone), *searches]
    assert [(one.text, one.url, one.at and one.at.instant) for one in found[len(visits) :]] == [
        (title, url, instant(at)) for title, url, at in left
    ]
    assert [(one.text, one.url, one.at and one.at.instant) for one in traces(rows, "search")] == [
        (term, url, instant(at)) for term, url, at in searches
    ]
    loads = traces(rows, "download")
    assert [(one.text, one.url, one.at and one.at.instant) for one in loads] == [
        (one.path, one.chain[-1], instant(one.at)) for one in downloads
    ]
    assert [one.until and one.until.instant for one in loads] == [
        None if is_old else instant(one.at + one.seconds) for one in downloads
    ]
    assert [dict(one.facts)["bytes"] for one in loads] == [str(one.size) for one in downloads]
    for trace, one in zip(loads, downloads, strict=True):
        beside = [] if is_old else [*one.chain[:-1], f"sha256:{one.digest}"]
        assert of_trace(rows, trace) == [one.chain[-1], *beside]
    for trace in (*found, *traces(rows, "search")):
        assert of_trace(rows, trace) == [trace.url]
    assert not unread(rows)


# --- Firefox --------------------------------------------------------------------------------------

OLD_FIREFOX = """
create table moz_places(id integer primary key, url longvarchar, title longvarchar, rev_host longvarchar, visit_count integer default 0,
  hidden integer default 0 not null, typed integer default 0 not null, favicon_id integer, frecency integer default -1 not null,
  last_visit_date integer);
create table moz_historyvisits(id integer primary key, from_visit integer, place_id integer, visit_date integer, visit_type integer,
  session integer);
create table moz_bookmarks(id integer primary key, type integer, fk integer, parent integer, position integer, title longvarchar,
  keyword_id integer, folder_type text, dateAdded integer, lastModified integer);
create table moz_annos(id integer primary key, place_id integer not null, anno_attribute_id integer, mime_type varchar(32),
  content longvarchar, flags integer default 0, expiration integer default 0, type integer default 0, dateAdded integer default 0,
  lastModified integer default 0);
create table moz_anno_attributes(id integer primary key, name varchar(32) unique not null);
create table moz_inputhistory(place_id integer not null, input longvarchar not null, use_count integer);
"""
KINDS = ("link", "typed", "bookmark", "embedded in a page", "redirect, permanent", "redirect, temporary", "download", "link in a frame", "loaded again")  # fmt: skip
MICRO = 1_000_000


def firefox_rows(
    visits: list[Visit], marks: list[tuple[str, str, int]], searches: list[tuple[str, str, int]], downloads: list[Download], *, is_old: bool
) -> Rows:  # fmt: skip
    rows: Rows = [
        ("moz_anno_attributes", (1, "downloads/destinationFileURI")),
        ("moz_anno_attributes", (2, "downloads/metaData")),
    ]
    folder = (1, 2, None, 0, 0, "Kites", None, None, 0, 0)
    rows.append(("moz_bookmarks", folder if is_old else (*folder, "g", 0, 1)))
    places = 0

    def place(url: str, title: str, visited: int = 0) -> int:
        nonlocal places
        places += 1
        end: tuple[object, ...] = (0, None) if is_old else (None, "", 0, 0, "", "", "", 1)
        rows.append(("moz_places", (places, url, title, "", visited, 0, 0, 0, *end)))
        return places

    for number, one in enumerate(visits, 1):
        visit = (number, 0, place(one.url, one.title, 1), one.at * MICRO, one.way + 1, 0)
        rows.append(("moz_historyvisits", visit if is_old else (*visit, 0, None)))
    for number, (title, url, at) in enumerate(marks, 2):
        mark = (number, 1, place(url, "page"), 1, 0, title, None, None, at * MICRO, at * MICRO)
        rows.append(("moz_bookmarks", mark if is_old else (*mark, "g", 0, 1)))
    for number, (term, url, at) in enumerate(searches, 1):
        if is_old:
            rows.append(("moz_inputhistory", (place(url, term), term, 1)))
            continue
        rows.append(("moz_places_metadata_search_queries", (number, term)))
        rows.append(
            ("moz_places_metadata", (number, place(url, term), None, at * 1_000, 0, 0, 0, 0, 0, 0, 0, number))
        )
    for number, load in enumerate(downloads):
        page = place(load.chain[-1], "")
        told = json.dumps({"state": 1, "endTime": (load.at + load.seconds) * 1_000, "fileSize": load.size})
        for attribute, content in ((1, f"file://{quote(load.path)}"), (2, told)):
            before, after = (2 * number + attribute, page, attribute), (content, 0, 4, 3, load.at * MICRO, 0)
            rows.append(("moz_annos", (*before, "", *after) if is_old else (*before, *after)))
    return rows


@pytest.mark.parametrize("is_old", [False, True])
@settings(max_examples=40, deadline=None)
@given(
    visits=VISITS, marks=st.lists(st.tuples(TEXTS, URLS, TIMES), max_size=4), searches=SEARCHES, downloads=DOWNLOADS, size=SIZES,
    is_logged=st.booleans(),
)  # fmt: skip
def test_places_of_firefox_are_read(
    is_old: bool, visits: list[Visit], marks: list[tuple[str, str, int]], searches: list[tuple[str, str, int]], downloads: list[Download],
    size: int, is_logged: bool,
) -> None:  # fmt: skip
    written = firefox_rows(visits, marks, searches, downloads, is_old=is_old)
    data = bytearray(database(OLD_FIREFOX if is_old else FIREFOX, written, page_size=size))
    data[18] = data[19] = 2 if is_logged else 1
    rows = read("firefox_history", bytes(data))

    found = traces(rows, "visit")
    assert [(one.text, one.url, one.at and one.at.instant, dict(one.facts)["how"]) for one in found] == [
        (one.title, one.url, instant(one.at), KINDS[one.way]) for one in visits
    ]
    assert [(one.text, one.url, one.at and one.at.instant) for one in traces(rows, "search")] == [
        (term, url, None if is_old else instant(at)) for term, url, at in searches
    ]
    held = traces(rows, "event")
    assert [(one.text, one.url, one.at and one.at.instant) for one in held] == [
        (title, url, instant(at)) for title, url, at in marks
    ]
    assert all(one.facts == (("what", "bookmark"), ("folder", "Kites")) for one in held)
    loads = traces(rows, "download")
    assert [
        (one.text, one.url, one.at and one.at.instant, one.until and one.until.instant) for one in loads
    ] == [(one.path, one.chain[-1], instant(one.at), instant(one.at + one.seconds)) for one in downloads]
    assert [dict(one.facts) for one in loads] == [
        {"state": "complete", "bytes": str(one.size)} for one in downloads
    ]
    for trace in traces(rows):
        assert of_trace(rows, trace) == [trace.url]
    said = unread(rows)
    assert len(said) == is_logged
    assert all(isinstance(row, NotUnderstood) and "write-ahead" in row.text for row in said)


# --- Safari ---------------------------------------------------------------------------------------

SAFARI = """
create table history_items(id integer primary key autoincrement, url text not null unique, domain_expansion text, visit_count integer not null,
  daily_visit_counts blob, weekly_visit_counts blob, autocomplete_triggers blob, should_recompute_derived_visit_counts integer,
  visit_count_score integer);
create table history_visits(id integer primary key autoincrement, history_item integer not null, visit_time real not null, title text,
  load_successful boolean not null default 1, http_non_get boolean not null default 0, synthesized boolean not null default 0,
  redirect_source integer, redirect_destination integer, origin integer not null default 0, generation integer not null default 0);
create table history_tombstones(id integer primary key autoincrement, start_time real not null, end_time real not null, url text,
  generation integer not null default 0);
"""
SINCE_2001 = 978_307_200
PAGES = st.lists(
    st.tuples(URLS, st.lists(st.tuples(TEXTS, TIMES, st.booleans(), st.booleans()), max_size=3)), max_size=4, unique_by=lambda page: page[0]
)  # fmt: skip
DELETED = st.lists(st.tuples(st.none() | URLS, TIMES, st.integers(0, 10_000)), max_size=3)


@settings(max_examples=60, deadline=None)
@given(PAGES, DELETED, SIZES)
def test_a_history_of_safari_is_read(
    pages: list[tuple[str, list[tuple[str, int, bool, bool]]]], deleted: list[tuple[str | None, int, int]], size: int
) -> None:  # fmt: skip
    written: Rows = []
    expected: list[tuple[object, ...]] = []
    for item, (url, visits) in enumerate(pages, 1):
        written.append(("history_items", (item, url, None, len(visits), None, None, None, 0, 100)))
        for title, at, is_others, is_loaded in visits:
            number = len(expected) + 1
            values = (
                number,
                item,
                at - SINCE_2001 + 0.5,
                title,
                int(is_loaded),
                0,
                0,
                None,
                None,
                int(is_others),
                0,
            )
            written.append(("history_visits", values))
            facts = [("from", "another device (synchronised)")] * is_others + [("loaded", "no")] * (
                not is_loaded
            )
            expected.append((title, url, at, tuple(facts), f"row {number} of table history_visits"))
    for number, (address, start, length) in enumerate(deleted, 1):
        span = (start - SINCE_2001, start + length - SINCE_2001)
        written.append(("history_tombstones", (number, *span, address, 0)))
    rows = read("safari_history", database(SAFARI, written, page_size=size))

    found = traces(rows, "visit")
    seen = found[: len(expected)]
    assert [
        (one.text, one.url, one.at and one.at.instant and int(one.at.instant.timestamp()), one.facts, one.place) for one in seen
    ] == expected  # fmt: skip
    assert [(one.url, one.at) for one in found[len(expected) :]] == [
        (url, None) for url, visits in pages if not visits
    ]
    gone = traces(rows, "event")
    assert [(one.url, one.at and one.at.instant, one.until and one.until.instant) for one in gone] == [
        (address, instant(start), instant(start + length)) for address, start, length in deleted
    ]
    for trace in traces(rows):
        assert of_trace(rows, trace) == ([trace.url] if trace.url else [])
    assert not unread(rows)
