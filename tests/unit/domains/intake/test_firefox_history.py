"""Firefox's places: visits, searches, what was typed, downloads and bookmarks, with their times."""

import io
from datetime import UTC, datetime

import pytest

from cets.domains.intake import sources
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood, Sighting, Trace
from cets.domains.intake.sources.base import Options
from unit.domains.intake.sqlite_samples import MOZILLA, NOON, chrome, database, firefox

OLD = """
create table moz_places(id integer primary key, url longvarchar, title longvarchar, visit_count integer, last_visit_date integer);
create table moz_historyvisits(id integer primary key, from_visit integer, place_id integer, visit_date integer, visit_type integer);
"""


def read(data: bytes, options: Options | None = None) -> list[AnyRow]:
    source = sources.all_sources()["firefox_history"]
    return list(source.read(io.BytesIO(data), options or Options(country="GB")))


def traces(rows: list[AnyRow], kind: str | None = None) -> list[Trace]:
    return [row for row in rows if isinstance(row, Trace) and kind in {None, row.kind}]


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


def recognised(data: bytes) -> str | None:
    found = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
    return found.name if found else None


def test_it_is_told_by_its_tables_and_takes_no_other() -> None:
    assert recognised(firefox()) == "firefox_history"
    assert recognised(database(OLD)) == "firefox_history"
    assert recognised(chrome()) != "firefox_history"
    assert recognised(database("create table places(id)")) != "firefox_history"


def test_visits_have_their_page_time_and_way() -> None:
    first, second, third, fourth, left = traces(read(firefox()), "visit")
    assert (first.text, first.url, first.place) == (
        "Kite makers, page 2", "https://forum.harbour.example/thread/17", "row 1 of table moz_historyvisits",
    )  # fmt: skip
    assert first.at is not None
    assert (first.at.instant, first.at.zone, first.at.raw) == (NOON, "UTC", str(MOZILLA))
    assert first.facts == (("how", "typed"),)
    assert ("from", "a bookmark") in second.facts
    assert {("how", "download"), ("shown in the history", "no")} <= set(third.facts)
    assert ("from", "a search") in fourth.facts
    assert (left.text, left.place) == ("Gone", "row 4 of table moz_places")
    assert ("visits", "4") in left.facts


def test_searches_and_what_was_typed_are_traces_of_their_own() -> None:
    searched, typed = traces(read(firefox()), "search")
    assert (searched.text, searched.url) == ("otters", "https://search.example/?q=otters")
    assert searched.at is not None
    assert searched.at.instant == datetime(2026, 3, 13, 14, 4, tzinfo=UTC)
    assert ("seconds looked at", "12") in searched.facts
    assert (typed.text, typed.at) == ("kite", None)
    assert ("how", "typed into the address bar") in typed.facts


def test_a_download_is_read_from_its_annotations() -> None:
    (download,) = traces(read(firefox()), "download")
    assert (download.text, download.url) == (
        "/home/kestrel/Downloads/kite (1).zip",
        "https://files.example/kite.zip",
    )
    assert download.at is not None
    assert download.until is not None
    assert download.at.instant == datetime(2026, 3, 13, 14, 2, 1, tzinfo=UTC)
    assert download.until.instant == datetime(2026, 3, 13, 14, 2, 3, tzinfo=UTC)
    assert download.facts == (("state", "complete"), ("bytes", "1000"))


def test_a_bookmark_has_its_folders_and_the_title_of_its_page() -> None:
    rows = read(firefox())
    (bookmark,) = traces(rows, "event")
    assert bookmark.text == "Club of kestrel.blue@mail.example"
    assert bookmark.facts == (("what", "bookmark"), ("folder", "menu / Birds"))
    (mail,) = [row for row in rows if isinstance(row, Sighting) and row.value.kind == "email"]
    assert mail.trace == bookmark.number
    assert bookmark.text[mail.start : mail.end] == "kestrel.blue@mail.example"


def test_nothing_is_said_of_a_usual_database_but_that_its_log_is_not_there() -> None:
    rows = read(firefox())
    assert said(rows) == [
        "The database was kept with a write-ahead log: what stood only in its -wal file is not in this one."
    ]
    assert not any(isinstance(row, Failed) for row in rows)


def test_folders_that_hold_each_other_end() -> None:
    ring = [
        ("moz_bookmarks", (21, 2, None, 22, 0, "a", None, None, 0, 0, "", 0, 1)),
        ("moz_bookmarks", (22, 2, None, 21, 0, "b", None, None, 0, 0, "", 0, 1)),
        ("moz_bookmarks", (23, 1, 1, 21, 0, "in a ring", None, None, 0, 0, "", 0, 1)),
    ]
    found = [trace for trace in traces(read(firefox(*ring))) if trace.text == "in a ring"]
    assert len(found) == 1
    assert found[0].at is None


@pytest.mark.parametrize(
    "note",
    [
        "",
        "[1]",
        "{",
        "[" * 10_000,
        '{"endTime": "x", "state": true, "fileSize": []}',
        '{"endTime": 99999999999999999999}',
    ],
)
def test_a_note_on_a_download_may_hold_anything(note: str) -> None:
    more = [
        ("moz_annos", (11, 1, 1, "file:///x", 0, 0, 0, MOZILLA, 0)),
        ("moz_annos", (12, 1, 2, note, 0, 0, 0, MOZILLA, 0)),
    ]
    downloads = traces(read(firefox(*more)), "download")
    assert [download.text for download in downloads] == ["/home/kestrel/Downloads/kite (1).zip", "/x"]


def test_an_annotation_of_another_sort_is_kept_as_its_text() -> None:
    more = [
        ("moz_anno_attributes", (9, "extension/note")),
        ("moz_annos", (11, 1, 9, "ring 07700 900142", 0, 0, 0, MOZILLA, 0)),
    ]
    rows = read(firefox(*more))
    (note,) = [trace for trace in traces(rows, "event") if ("what", "annotation of a page") in trace.facts]
    assert note.text == "ring 07700 900142"
    assert ("name", "extension/note") in note.facts
    assert "+447700900142" in [row.value.value for row in rows if isinstance(row, Sighting)]


def test_rows_without_their_page_new_columns_and_tables_are_said() -> None:
    more = [("moz_historyvisits", (9, 0, 99, MOZILLA, 1, 0, 0, None)), ("moz_new", ("x",))]
    rows = read(
        firefox(
            *more, script="create table moz_new(a);", after="alter table moz_places add column mood text;"
        )
    )
    assert said(rows)[1:] == [
        "row 9 of table moz_historyvisits: its page is not in table moz_places.",
        "Columns that are not read: mood.",
        "Tables that are not read: moz_new.",
    ]
