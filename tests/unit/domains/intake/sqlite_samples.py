"""Small databases of the formats over SQLite, with invented content: reserved names, numbers and addresses only."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

#: 2026-03-13 14:00:00 UTC
NOON = datetime(2026, 3, 13, 14, 0, tzinfo=UTC)
UNIX = int(NOON.timestamp())
WEBKIT = (UNIX + 11_644_473_600) * 1_000_000
MOZILLA = UNIX * 1_000_000
JAVA = UNIX * 1_000


def database(
    script: str,
    rows: Iterable[tuple[str, tuple[object, ...]]] = (),
    *,
    page_size: int = 1024,
    after: str = "",
) -> bytes:
    """Return a database with these tables, and these rows: (table, values); `after`: statements that come last."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"pragma page_size = {page_size}")
    connection.executescript(script)
    for table, values in rows:
        connection.execute(f"insert into {table} values ({', '.join('?' * len(values))})", values)
    connection.executescript(after)
    connection.commit()
    data = connection.serialize()
    connection.close()
    return data


CHROME = """
create table meta(key longvarchar not null unique primary key, value longvarchar);
create table urls(id integer primary key autoincrement, url longvarchar, title longvarchar, visit_count integer default 0 not null,
  typed_count integer default 0 not null, last_visit_time integer not null, hidden integer default 0 not null);
create table visits(id integer primary key autoincrement, url integer not null, visit_time integer not null, from_visit integer,
  external_referrer_url text, transition integer default 0 not null, segment_id integer, visit_duration integer default 0 not null);
create table visit_source(id integer primary key, source integer not null);
create table keyword_search_terms(keyword_id integer not null, url_id integer not null, term longvarchar not null,
  normalized_term longvarchar not null);
create table downloads(id integer primary key, guid varchar not null, current_path longvarchar not null, target_path longvarchar not null,
  start_time integer not null, received_bytes integer not null, total_bytes integer not null, state integer not null,
  danger_type integer not null, interrupt_reason integer not null, hash blob not null, end_time integer not null,
  opened integer not null, last_access_time integer not null, referrer varchar not null, tab_url varchar not null,
  mime_type varchar(255) not null);
create table downloads_url_chains(id integer not null, chain_index integer not null, url longvarchar not null,
  primary key (id, chain_index));
"""
CHROME_ROWS: list[tuple[str, tuple[object, ...]]] = [
    ("meta", ("version", "70")),
    ("urls", (1, "https://forum.harbour.example/thread/17", "Kite makers, page 2", 2, 0, WEBKIT + 60_000_000, 0)),
    ("urls", (2, "https://search.example/?q=otter+pictures", "otter pictures", 1, 1, WEBKIT + 120_000_000, 0)),
    ("urls", (3, "https://mail.example/inbox", "Inbox (2) kestrel.blue@mail.example", 1, 0, WEBKIT + 180_000_000, 0)),
    ("urls", (4, "https://old.example/gone", "Gone", 9, 0, WEBKIT - 90 * 86_400_000_000, 0)),
    ("urls", (5, "chrome://settings/", "Settings", 1, 0, WEBKIT + 240_000_000, 1)),
    ("visits", (1, 1, WEBKIT, 0, "", 805306369, 0, 45_500_000)),
    ("visits", (2, 1, WEBKIT + 60_000_000, 1, "https://home.example/", 805306368, 0, 0)),
    ("visits", (3, 2, WEBKIT + 120_000_000, 0, "", 5, 0, 0)),
    ("visits", (4, 3, WEBKIT + 180_000_000, 0, "", 0, 0, 0)),
    ("visits", (5, 5, WEBKIT + 240_000_000, 0, "", 1, 0, 0)),
    ("visit_source", (4, 0)),
    ("keyword_search_terms", (2, 2, "Otter Pictures", "otter pictures")),
    ("downloads", (1, "g1", "C:\\Users\\kestrel\\Downloads\\kite (1).zip", "C:\\Users\\kestrel\\Downloads\\kite (1).zip",
                   WEBKIT + 300_000_000, 1000, 1000, 1, 0, 0, bytes(range(32)), WEBKIT + 302_000_000, 1, WEBKIT + 400_000_000,
                   "https://files.example/list", "https://files.example/list", "application/zip")),
    ("downloads_url_chains", (1, 0, "https://short.example/k")),
    ("downloads_url_chains", (1, 1, "https://files.example/kite.zip")),
]  # fmt: skip


def chrome(*more: tuple[str, tuple[object, ...]], script: str = "", after: str = "") -> bytes:
    """Return a History database; `more`: further rows, `script` and `after`: further statements."""
    return database(CHROME + script, [*CHROME_ROWS, *more], after=after)
