"""Chrome's History: visits, searches and downloads with their times, of every version; and what its receipt says."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest

from cets.domains.intake import sources
from cets.domains.intake.rows import AmbiguousPart, AnyRow, Failed, NotUnderstood, Sighting, Trace
from cets.domains.intake.sources.base import Options
from unit.domains.intake.sqlite_samples import CHROME, MOZILLA, NOON, UNIX, WEBKIT, chrome, database

OLD = """
create table urls(id integer primary key, url longvarchar, title longvarchar, visit_count integer, typed_count integer,
  last_visit_time integer, hidden integer, favicon_id integer);
create table visits(id integer primary key, url integer, visit_time integer, from_visit integer, transition integer,
  segment_id integer, is_indexed boolean);
create table downloads(id integer primary key, full_path longvarchar, url longvarchar, start_time integer, received_bytes integer,
  total_bytes integer, state integer);
"""


def read(data: bytes, options: Options | None = None) -> list[AnyRow]:
    source = sources.all_sources()["chrome_history"]
    return list(source.read(io.BytesIO(data), options or Options(country="GB")))


def traces(rows: list[AnyRow], kind: str | None = None) -> list[Trace]:
    return [row for row in rows if isinstance(row, Trace) and kind in {None, row.kind}]


def values(rows: list[AnyRow], kind: str) -> list[str]:
    return [row.value.value for row in rows if isinstance(row, Sighting) and row.value.kind == kind]


def recognised(data: bytes) -> str | None:
    found = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
    return found.name if found else None


def test_it_is_told_by_its_tables_wherever_their_list_lies() -> None:
    assert recognised(chrome()) == "chrome_history"
    assert recognised(database(OLD)) == "chrome_history"
    filler = "".join(f"create table filler{n}(a, b, c);" for n in range(300))
    assert recognised(database(filler + CHROME, page_size=512)) == "chrome_history"


@pytest.mark.parametrize(
    "script",
    [
        "create table urls(id, url)",
        "create table visits(id)",
        "create table moz_places(id); create table moz_historyvisits(id)",
    ],
)
def test_other_databases_are_not_taken_for_it(script: str) -> None:
    assert recognised(database(script)) != "chrome_history"


def test_a_visit_has_its_page_its_time_and_how_long_it_was() -> None:
    first, second = traces(read(chrome()), "visit")[:2]
    assert (first.text, first.url) == ("Kite makers, page 2", "https://forum.harbour.example/thread/17")
    assert first.place == "row 1 of table visits"
    assert first.seconds == 45.5
    assert first.at is not None
    assert (first.at.instant, first.at.zone, first.at.raw) == (NOON, "UTC", str(WEBKIT))
    assert ("how", "typed") in first.facts
    assert second.seconds is None
    assert ("referrer", "https://home.example/") in second.facts


def test_a_visit_of_another_device_and_a_page_never_shown_say_so() -> None:
    by_place = {trace.place: trace for trace in traces(read(chrome()))}
    assert ("from", "another device (synchronised)") in by_place["row 4 of table visits"].facts
    assert ("shown in the history", "no") in by_place["row 5 of table visits"].facts
    assert not any(label == "from" for label, _ in by_place["row 1 of table visits"].facts)


def test_a_page_of_which_no_visit_is_left_is_not_lost() -> None:
    (page,) = [trace for trace in traces(read(chrome())) if trace.place == "row 4 of table urls"]
    assert page.text == "Gone"
    assert page.facts == (("visits", "9"), ("time", "of the last visit"))


def test_what_was_searched_for_is_a_trace_of_its_own() -> None:
    (search,) = traces(read(chrome()), "search")
    assert search.text == "Otter Pictures"
    assert search.url == "https://search.example/?q=otter+pictures"
    assert search.at is not None
    assert search.at.instant == datetime(2026, 3, 13, 14, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("digest", "found", "said"),
    [
        (
            b"\xff" * 32,
            [f"sha256:{'ff' * 32}"],
            [],
        ),  # bytes that are no text either, as nearly all hashes are
        (b"", [], []),
        (b"\xff" * 20, [], ["row 1 of table downloads, column hash: 20 bytes that are no SHA-256."]),
    ],
)
def test_a_hash_of_a_download_is_bytes(digest: bytes, found: list[str], said: list[str]) -> None:
    rows = read(chrome(after=f"update downloads set hash = x'{digest.hex()}'"))
    assert values(rows, "hash") == found
    assert [row.text for row in rows if isinstance(row, NotUnderstood)] == said


def test_a_download_has_its_path_its_way_its_hash_and_its_end() -> None:
    rows = read(chrome())
    (download,) = traces(rows, "download")
    assert download.text == "C:\\Users\\kestrel\\Downloads\\kite (1).zip"
    assert download.url == "https://files.example/kite.zip"
    assert download.until is not None
    assert download.until.instant == datetime(2026, 3, 13, 14, 5, 2, tzinfo=UTC)
    assert {
        ("state", "complete"),
        ("bytes", "1000"),
        ("opened", "yes"),
        ("came by", "https://short.example/k"),
    } <= set(download.facts)
    assert ("last opened", "2026-03-13 14:06:40 UTC") in download.facts
    assert values(rows, "hash") == [f"sha256:{bytes(range(32)).hex()}"]
    of_it = {r.value.raw for r in rows if isinstance(r, Sighting) and r.trace == download.number}
    assert {
        "https://files.example/kite.zip",
        "https://short.example/k",
        "https://files.example/list",
    } <= of_it


def test_a_download_of_the_first_versions_has_its_time_in_seconds() -> None:
    data = database(
        OLD, [("downloads", (1, "/home/k/kite.zip", "https://files.example/kite.zip", UNIX, 5, 9, 2))]
    )
    (download,) = traces(read(data))
    assert download.at is not None
    assert download.at.instant == NOON
    assert download.url == "https://files.example/kite.zip"
    assert {("state", "cancelled"), ("bytes", "9"), ("bytes received", "5")} <= set(download.facts)


def test_identifiers_stand_in_addresses_and_titles() -> None:
    rows = read(chrome())
    (mail,) = [r for r in rows if isinstance(r, Sighting) and r.value.kind == "email"]
    assert (mail.value.value, mail.way, mail.role) == ("kestrel.blue@mail.example", "mentioned", "unknown")
    (visit,) = [t for t in traces(rows) if t.number == mail.trace]
    assert visit.text[mail.start : mail.end] == mail.value.raw
    assert mail.seen_at == visit.at
    assert "chrome://settings/" not in values(rows, "url")
    assert not [r for r in rows if isinstance(r, NotUnderstood)], "a page of the browser itself is no fault"


@pytest.mark.parametrize("number", [0, None])
def test_a_time_that_is_none_is_none(number: int | None) -> None:
    data = database(
        OLD, [("urls", (1, "https://a.example/", "t", 1, 0, 0, 0, 0)), ("visits", (1, 1, number, 0, 0, 0, 0))]
    )
    assert [trace.at for trace in traces(read(data))] == [None]


@pytest.mark.parametrize("number", [1 << 62, -(1 << 62), "yesterday", MOZILLA, 2.5, b"\xff"])
def test_a_time_that_cannot_be_is_no_exception(number: Any) -> None:
    data = database(
        OLD, [("urls", (1, "https://a.example/", "t", 1, 0, 0, 0, 0)), ("visits", (1, 1, number, 0, 0, 0, 0))]
    )
    (visit,) = traces(read(data))
    assert visit.at is not None
    assert visit.at.instant is None or visit.at.instant.year < 2026
    is_said = any(
        isinstance(row, NotUnderstood) and "was not read as a time" in row.text for row in read(data)
    )
    assert is_said == (visit.at.instant is None)


def test_a_visit_without_its_page_and_columns_and_tables_nobody_knows_are_said() -> None:
    more = [("visits", (9, 99, WEBKIT, 0, "", 0, 0, 0)), ("secrets", ("x",))]
    rows = read(
        chrome(*more, script="create table secrets(words);", after="alter table urls add column colour text;")
    )
    said = [row.text for row in rows if isinstance(row, NotUnderstood)]
    assert said == [
        "row 9 of table visits: the page that was visited is not in table urls.",
        "Columns that are not read: colour.",
        "Tables that are not read: secrets.",
    ]
    assert [t.url for t in traces(rows) if t.place == "row 9 of table visits"] == [None]


def test_a_limit_of_rows_is_kept_and_said() -> None:
    rows = read(chrome(), Options(country="GB", max_rows=3))
    assert len(traces(rows)) == 3
    assert isinstance(rows[-1], Failed)
    assert "3" in rows[-1].reason


def test_a_long_title_is_cut_and_said() -> None:
    rows = read(chrome(), Options(country="GB", max_text=10))
    assert {len(trace.text) for trace in traces(rows)} <= set(range(11))
    assert any(isinstance(row, NotUnderstood) and "longer than 10 characters" in row.text for row in rows)


def test_a_history_without_most_of_its_tables_is_read_for_the_rest() -> None:
    data = database("create table urls(id integer primary key, url); create table visits(id integer primary key, url);", [
        ("urls", (1, "https://a.example/x")), ("visits", (1, 1)), ("visits", (2, 1)),
    ])  # fmt: skip
    rows = read(data)
    assert [trace.url for trace in traces(rows)] == ["https://a.example/x"] * 2
    assert not any(isinstance(row, AmbiguousPart | Failed) for row in rows)
