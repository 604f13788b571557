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


FIREFOX = """
create table moz_places(id integer primary key, url longvarchar, title longvarchar, rev_host longvarchar, visit_count integer default 0,
  hidden integer default 0 not null, typed integer default 0 not null, frecency integer default -1 not null, last_visit_date integer,
  guid text, foreign_count integer default 0 not null, url_hash integer default 0 not null, description text,
  preview_image_url text, site_name text, origin_id integer);
create table moz_historyvisits(id integer primary key, from_visit integer, place_id integer, visit_date integer, visit_type integer,
  session integer, source integer default 0 not null, triggeringPlaceId integer);
create table moz_bookmarks(id integer primary key, type integer, fk integer default null, parent integer, position integer,
  title longvarchar, keyword_id integer, folder_type text, dateAdded integer, lastModified integer, guid text,
  syncStatus integer not null default 0, syncChangeCounter integer not null default 1);
create table moz_annos(id integer primary key, place_id integer not null, anno_attribute_id integer, content longvarchar,
  flags integer default 0, expiration integer default 0, type integer default 0, dateAdded integer default 0,
  lastModified integer default 0);
create table moz_anno_attributes(id integer primary key, name varchar(32) unique not null);
create table moz_inputhistory(place_id integer not null, input longvarchar not null, use_count integer, primary key (place_id, input));
create table moz_places_metadata(id integer primary key, place_id integer not null, referrer_place_id integer,
  created_at integer not null default 0, updated_at integer not null default 0, total_view_time integer not null default 0,
  typing_time integer not null default 0, key_presses integer not null default 0, scrolling_time integer not null default 0,
  scrolling_distance integer not null default 0, document_type integer not null default 0, search_query_id integer);
create table moz_places_metadata_search_queries(id integer primary key, terms text not null unique);
"""


def _place(
    number: int, url: str, title: str, visits: int, last: int | None, hidden: int = 0
) -> tuple[str, tuple[object, ...]]:
    return "moz_places", (number, url, title, "", visits, hidden, 0, 0, last, "", 0, 0, "", "", "", 1)


FIREFOX_ROWS: list[tuple[str, tuple[object, ...]]] = [
    _place(1, "https://forum.harbour.example/thread/17", "Kite makers, page 2", 2, MOZILLA + 60_000_000),
    _place(2, "https://files.example/kite.zip", "", 1, MOZILLA + 120_000_000, hidden=1),
    _place(3, "https://club.example/", "Club of kestrel.blue@mail.example", 0, None),
    _place(4, "https://old.example/gone", "Gone", 4, MOZILLA - 86_400_000_000),
    _place(5, "https://search.example/?q=otters", "otters", 1, MOZILLA + 240_000_000),
    ("moz_historyvisits", (1, 0, 1, MOZILLA, 2, 0, 0, None)),
    ("moz_historyvisits", (2, 1, 1, MOZILLA + 60_000_000, 1, 0, 2, None)),
    ("moz_historyvisits", (3, 2, 2, MOZILLA + 120_000_000, 7, 0, 0, None)),
    ("moz_historyvisits", (4, 0, 5, MOZILLA + 240_000_000, 2, 0, 3, None)),
    ("moz_anno_attributes", (1, "downloads/destinationFileURI")),
    ("moz_anno_attributes", (2, "downloads/metaData")),
    (
        "moz_annos",
        (1, 2, 1, "file:///home/kestrel/Downloads/kite%20(1).zip", 0, 4, 3, MOZILLA + 121_000_000, 0),
    ),
    (
        "moz_annos",
        (
            2,
            2,
            2,
            f'{{"state":1,"endTime":{JAVA + 123_000},"fileSize":1000}}',
            0,
            4,
            3,
            MOZILLA + 123_000_000,
            0,
        ),
    ),
    ("moz_inputhistory", (1, "kite", 0.97)),
    ("moz_places_metadata", (1, 5, None, JAVA + 240_000, 0, 12_000, 0, 0, 0, 0, 0, 1)),
    ("moz_places_metadata", (2, 1, None, JAVA, 0, 12_000, 0, 0, 0, 0, 0, None)),
    ("moz_places_metadata_search_queries", (1, "otters")),
    ("moz_bookmarks", (1, 2, None, 0, 0, "", None, None, MOZILLA, MOZILLA, "root", 0, 1)),
    ("moz_bookmarks", (2, 2, None, 1, 0, "menu", None, None, MOZILLA, MOZILLA, "menu", 0, 1)),
    ("moz_bookmarks", (3, 2, None, 2, 0, "Birds", None, None, MOZILLA, MOZILLA, "x", 0, 1)),
    ("moz_bookmarks", (4, 1, 3, 3, 0, "", None, None, MOZILLA + 300_000_000, MOZILLA, "y", 0, 1)),
    ("moz_bookmarks", (5, 3, None, 3, 1, "", None, None, MOZILLA, MOZILLA, "z", 0, 1)),
]


def firefox(*more: tuple[str, tuple[object, ...]], script: str = "", after: str = "") -> bytes:
    """Return a places database, kept with a write-ahead log as the browser does."""
    data = bytearray(database(FIREFOX + script, [*FIREFOX_ROWS, *more], after=after, page_size=2048))
    data[18] = data[19] = 2
    return bytes(data)


SMS = """
create table android_metadata(locale text);
create table sms(_id integer primary key, thread_id integer, address text, person integer, date integer, date_sent integer default 0,
  protocol integer, read integer default 0, status integer default -1, type integer, reply_path_present integer, subject text, body text,
  service_center text, locked integer default 0, sub_id integer default -1, error_code integer default 0, creator text,
  seen integer default 0);
create table pdu(_id integer primary key autoincrement, thread_id integer, date integer, date_sent integer default 0, msg_box integer,
  read integer default 0, m_id text, sub text, sub_cs integer, m_type integer, creator text, sub_id integer default -1);
create table addr(_id integer primary key, msg_id integer, contact_id integer, address text, type integer, charset integer);
create table part(_id integer primary key autoincrement, mid integer, seq integer default 0, ct text, name text, chset integer, cd text,
  fn text, cid text, cl text, ctt_s integer, ctt_t text, _data text, text text);
create table threads(_id integer primary key autoincrement, date integer default 0, recipient_ids text, snippet text);
create table canonical_addresses(_id integer primary key autoincrement, address text);
"""


def _sms(
    number: int, address: str | None, at: int, kind: int, body: object, **more: object
) -> tuple[str, tuple[object, ...]]:
    one = {"thread": 1, "sent": 0, "read": 1, "subject": None, "centre": None, "error": 0} | more
    return "sms", (
        number, one["thread"], address, None, at, one["sent"], 0, one["read"], -1, kind, 0, one["subject"], body, one["centre"], 0, 1,
        one["error"], "com.android.mms", 1,
    )  # fmt: skip


SMS_ROWS: list[tuple[str, tuple[object, ...]]] = [
    ("canonical_addresses", (1, "+447700900142")),
    ("canonical_addresses", (2, "+44 7700 900155")),
    ("canonical_addresses", (3, "+447700900166")),
    ("threads", (1, JAVA, "1", "see you")),
    ("threads", (2, JAVA, "1 2", "group")),
    _sms(1, "+447700900142", JAVA, 1, "my mail is kestrel.blue@mail.example", sent=JAVA - 2_000, read=0, centre="+447700900999"),
    _sms(2, "+447700900142", JAVA + 60_000, 2, "see you at the kite shop"),
    _sms(3, "+447700900142", JAVA + 120_000, 3, "I never sent this"),
    _sms(4, "KITECLUB", JAVA + 180_000, 1, "Your code is 123456", thread=9, centre="+447700900999"),
    _sms(5, "+44 7700 900155", JAVA + 240_000, 5, "did not go", thread=3, error=21),
    ("pdu", (1, 2, UNIX + 300, UNIX + 299, 1, 1, "m1", "Gr\u00c3\u00bcn", 106, 132, "com.android.mms", 1)),
    ("addr", (1, 1, None, "+447700900142", 137, 106)),
    ("addr", (2, 1, None, "insert-address-token", 151, 106)),
    ("addr", (3, 1, None, "+44 7700 900155", 151, 106)),
    ("part", (1, 1, -1, "application/smil", None, None, None, None, "<s>", "s.xml", None, None, None, "<smil/>")),
    ("part", (2, 1, 0, "image/jpeg", "kite.jpg", None, None, None, "<1>", "kite.jpg", None, None, "/data/parts/1.jpg", None)),
    ("part", (3, 1, 0, "text/plain", None, 106, None, None, "<2>", "t.txt", None, None, None, "the green one")),
    ("pdu", (2, 1, UNIX + 360, 0, 2, 1, "m2", None, None, 128, "com.android.mms", 1)),
    ("addr", (4, 2, None, "insert-address-token", 137, 106)),
    ("addr", (5, 2, None, "+447700900142", 151, 106)),
    ("part", (4, 2, 0, "text/plain", None, 106, None, None, "<3>", "t.txt", None, None, None, "mine")),
    ("pdu", (3, 1, UNIX + 420, 0, 1, 0, "m3", None, None, 130, "com.android.mms", 1)),
    ("addr", (6, 3, None, "+447700900142", 137, 106)),
]  # fmt: skip


def sms(*more: tuple[str, tuple[object, ...]], script: str = "", after: str = "") -> bytes:
    """Return Android's database of messages; `more`: further rows, `script` and `after`: further statements."""
    return database(SMS + script, [*SMS_ROWS, *more], after=after)


CONTACTS = """
create table android_metadata(locale text);
create table accounts(_id integer primary key autoincrement, account_name text, account_type text, data_set text);
create table mimetypes(_id integer primary key autoincrement, mimetype text not null);
create table raw_contacts(_id integer primary key autoincrement, account_id integer, display_name text, deleted integer not null default 0,
  times_contacted integer not null default 0, last_time_contacted integer, starred integer not null default 0, contact_id integer);
create table data(_id integer primary key autoincrement, mimetype_id integer, raw_contact_id integer, data1 text, data2 text, data3 text,
  data4 text, data5 text, data6 text, data15 blob);
create table calls(_id integer primary key autoincrement, number text, presentation integer not null default 1, date integer,
  duration integer, type integer, name text, numbertype integer, numberlabel text, countryiso text, normalized_number text,
  features integer, geocoded_location text, transcription text, subscription_id text, is_read integer, new integer);
"""
_SORTS = ("name", "phone_v2", "email_v2", "note", "website", "contact_event", "im", "photo", "vnd.com.whatsapp.profile", "organization", "vnd.kite.thing")  # fmt: skip


def _line(number: int, sort: str, contact: int, *values: str | None) -> tuple[str, tuple[object, ...]]:
    filled = [*values, *([None] * (6 - len(values)))]
    return "data", (
        number,
        _SORTS.index(sort) + 1,
        contact,
        *filled,
        b"\xff\xd8" if sort == "photo" else None,
    )


def _call(
    number: int, dialled: object, at: object, seconds: int, sort: int, **more: object
) -> tuple[str, tuple[object, ...]]:
    one = {"presentation": 1, "name": None, "whole": None, "features": 0, "voicemail": None, "read": 1} | more
    return "calls", (
        number, dialled, one["presentation"], at, seconds, sort, one["name"], 2, None, "GB", one["whole"], one["features"], "England",
        one["voicemail"], "1", one["read"], 0,
    )  # fmt: skip


CONTACTS_ROWS: list[tuple[str, tuple[object, ...]]] = [
    *(("mimetypes", (n, f"vnd.android.cursor.item/{sort}")) for n, sort in enumerate(_SORTS, 1)),
    ("accounts", (1, "kestrel.blue@mail.example", "com.example", None)),
    ("raw_contacts", (1, 1, "Robin Placeholder", 0, 3, JAVA, 1, 1)),
    ("raw_contacts", (2, 1, "Wren", 1, 0, None, 0, 2)),
    _line(1, "name", 1, "Robin Placeholder", "Robin", "Placeholder"),
    _line(2, "phone_v2", 1, "+44 7700 900142", "2", None, "+447700900142"),
    _line(3, "email_v2", 1, "robin@mail.example"),
    _line(4, "note", 1, "met at the kite club, also robin.two@mail.example"),
    _line(5, "website", 1, "https://robin.example/kites"),
    _line(6, "contact_event", 1, "1990-02-28", "3"),
    _line(7, "im", 1, "robin_kites", None, None, None, "3"),
    _line(8, "photo", 1),
    _line(
        9, "vnd.com.whatsapp.profile", 1, "447700900155@s.whatsapp.net", "WhatsApp", "Message +44 7700 900155"
    ),
    _line(10, "organization", 1, "Kite Makers", None, None, "clerk"),
    _line(11, "vnd.kite.thing", 2, "wren_77", "Kite Chat", None),
    _line(12, "phone_v2", 9, "+44 7700 900166"),
    _call(1, "+447700900142", JAVA, 125, 2, name="Robin Placeholder", whole="+447700900142", features=1),
    _call(2, "+44 7700 900155", JAVA + 60_000, 0, 3, read=0),
    _call(3, "-2", JAVA + 120_000, 30, 1),
    _call(4, "", JAVA + 180_000, 30, 1, presentation=2),
    _call(5, "121", JAVA + 240_000, 12, 4, voicemail="ring me on +44 7700 900177"),
    _call(6, "+447700900142", JAVA + 300_000, 1, 88),
]


def contacts(*more: tuple[str, tuple[object, ...]], script: str = "", after: str = "") -> bytes:
    """Return Android's database of contacts and calls; `more`: further rows, `script` and `after`: further statements."""
    return database(CONTACTS + script, [*CONTACTS_ROWS, *more], after=after)


APP = """
create table android_metadata(locale text);
create table chat_lines(id integer primary key, who text, body text, at integer, picture blob);
create table seen_segments(a text);
create view all_lines as select body from chat_lines;
"""


def app() -> bytes:
    """Return the database of an app that nobody knows."""
    return database(APP, [
        ("android_metadata", ("en_GB",)),
        ("chat_lines", (1, "kestrel_blue", "write to kestrel.blue@mail.example", JAVA, b"\xff\xd8\xff")),
        ("chat_lines", (2, "wren", "or ring +44 7700 900142", JAVA, b"a note that is text")),
        ("chat_lines", (3, None, "  ", None, None)),
        ("seen_segments", ("inner",)),
    ])  # fmt: skip
