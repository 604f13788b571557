"""Databases as they come from a phone: Android's list of calls, and the history of its browser."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cets.sites.console.nation.model import Document, Planted

_WEBKIT_EPOCH = 11_644_473_600  # seconds from 1601 to 1970
_TYPED, _LINK = 805306369, 805306368
_CALLS = """
create table android_metadata(locale text);
create table calls(_id integer primary key autoincrement, number text, presentation integer not null default 1, date integer,
  duration integer, type integer, name text, normalized_number text, features integer, countryiso text, is_read integer, new integer);
create table raw_contacts(_id integer primary key autoincrement, account_id integer, display_name text, deleted integer not null default 0,
  contact_id integer);
create table mimetypes(_id integer primary key autoincrement, mimetype text not null);
create table data(_id integer primary key autoincrement, mimetype_id integer, raw_contact_id integer, data1 text, data2 text, data3 text,
  data4 text, data15 blob);
"""
_HISTORY = """
create table meta(key longvarchar not null unique primary key, value longvarchar);
create table urls(id integer primary key autoincrement, url longvarchar, title longvarchar, visit_count integer default 0 not null,
  typed_count integer default 0 not null, last_visit_time integer not null, hidden integer default 0 not null);
create table visits(id integer primary key autoincrement, url integer not null, visit_time integer not null, from_visit integer,
  transition integer default 0 not null, segment_id integer, visit_duration integer default 0 not null);
create table keyword_search_terms(keyword_id integer not null, url_id integer not null, term longvarchar not null,
  normalized_term longvarchar not null);
"""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a phone. `way`: 1 incoming, 2 outgoing, 3 missed, as Android numbers them."""

    number: str
    at: datetime
    seconds: int
    way: int
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One page that was opened; `term` where it is the page of a search."""

    url: str
    title: str
    at: datetime
    seconds: int = 0
    term: str | None = None


def calls(made: Sequence[Call], planted: Sequence[Planted]) -> Document:
    rows: list[tuple[str, tuple[object, ...]]] = [
        ("mimetypes", (1, "vnd.android.cursor.item/phone_v2")),
        *(
            ("calls", (number, one.number, 1, _milliseconds(one.at), one.seconds, one.way, one.name, None, 0, "GB", 1, 0))
            for number, one in enumerate(made, 1)
        ),
    ]  # fmt: skip
    return Document(_database(_CALLS, rows), ".db", "android_contacts", tuple(planted))


def history(opened: Sequence[Visit], planted: Sequence[Planted]) -> Document:
    rows: list[tuple[str, tuple[object, ...]]] = [("meta", ("version", "70"))]
    for number, one in enumerate(opened, 1):
        at = int((one.at.timestamp() + _WEBKIT_EPOCH) * 1_000_000)
        rows.append(("urls", (number, one.url, one.title, 1, int(one.term is None), at, 0)))
        how = _LINK if one.term else _TYPED
        rows.append(("visits", (number, number, at, 0, how, 0, one.seconds * 1_000_000)))
        if one.term:
            rows.append(("keyword_search_terms", (2, number, one.term, one.term.lower())))
    return Document(_database(_HISTORY, rows), "", "chrome_history", tuple(planted))


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1_000)


def _database(script: str, rows: Iterable[tuple[str, tuple[object, ...]]]) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("pragma page_size = 1024")
    connection.executescript(script)
    for table, values in rows:
        connection.execute(f"insert into {table} values ({', '.join('?' * len(values))})", values)  # noqa: S608 - names of ours
    connection.commit()
    content = connection.serialize()
    connection.close()
    return content
