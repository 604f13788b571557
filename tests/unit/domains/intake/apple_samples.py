"""Small databases of iPhones and Macs, with invented content: reserved names, numbers and addresses only."""

from unit.domains.intake.sqlite_samples import UNIX, database

#: Seconds since 2001 of 2026-03-13 14:00:00 UTC, and nanoseconds.
APPLE = UNIX - 978_307_200
NANO = APPLE * 1_000_000_000
Rows = list[tuple[str, tuple[object, ...]]]

SMS = """
create table message(ROWID integer primary key autoincrement, guid text unique not null, text text, replace integer default 0,
  service_center text, handle_id integer default 0, subject text, country text, attributedBody blob, version integer default 0,
  service text, account text, error integer default 0, date integer, date_read integer, date_delivered integer, is_from_me integer default 0,
  is_read integer default 0, item_type integer default 0, other_handle integer default 0, group_title text, group_action_type integer default 0,
  share_status integer default 0, associated_message_guid text, associated_message_type integer default 0, balloon_bundle_id text,
  destination_caller_id text, date_edited integer default 0, date_retracted integer default 0, is_spam integer default 0);
create table handle(ROWID integer primary key autoincrement unique, id text not null, country text, service text not null, uncanonicalized_id text);
create table chat(ROWID integer primary key autoincrement, guid text unique not null, style integer, chat_identifier text, room_name text,
  display_name text, account_login text, last_addressed_handle text, service_name text);
create table chat_message_join(chat_id integer, message_id integer, message_date integer default 0, primary key(chat_id, message_id));
create table chat_handle_join(chat_id integer, handle_id integer, unique(chat_id, handle_id));
create table attachment(ROWID integer primary key autoincrement, guid text unique not null, filename text, uti text, mime_type text,
  transfer_name text, total_bytes integer default 0);
create table message_attachment_join(message_id integer, attachment_id integer, unique(message_id, attachment_id));
create table deleted_messages(ROWID integer primary key autoincrement unique, guid text not null);
create table chat_recoverable_message_join(chat_id integer, message_id integer, delete_date integer, ck_sync_state integer default 0);
create table kvtable(ROWID integer primary key autoincrement unique, key text unique not null, value blob not null);
"""
_COLUMNS = (
    "ROWID", "guid", "text", "handle_id", "subject", "attributedBody", "service", "account", "error", "date", "date_read", "is_from_me", "is_read",
    "item_type", "other_handle", "group_title", "group_action_type", "associated_message_guid", "associated_message_type", "destination_caller_id",
    "date_edited",
)  # fmt: skip


def message(number: int, text: str | None = None, **more: object) -> tuple[str, tuple[object, ...]]:
    """Return a row of `message`, by its columns in lower case."""
    given = {
        "rowid": number,
        "guid": f"guid-{number}",
        "text": text,
        "service": "iMessage",
        "date": NANO + number,
        "is_read": 1,
        **more,
    }
    defaults = {
        "handle_id": 0,
        "error": 0,
        "is_from_me": 0,
        "item_type": 0,
        "other_handle": 0,
        "group_action_type": 0,
        "associated_message_type": 0,
    }
    return (
        f"message({', '.join(_COLUMNS)})",
        tuple(given.get(name.lower(), defaults.get(name.lower())) for name in _COLUMNS),
    )


def streamtyped(text: str, *, mutable: bool = False) -> bytes:
    """Return an attributed string as Apple's archiver writes it."""
    raw = text.encode()
    width = 0 if len(raw) < 0x80 else 2 if len(raw) <= 0x7FFF else 4
    size = {0: b"", 2: b"\x81", 4: b"\x82"}[width] + len(raw).to_bytes(width or 1, "little")
    outer = b"\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85\x92"
    inner = (
        b"\x84\x84\x84\x0fNSMutableString\x01\x84\x84\x08NSString\x01\x95"
        if mutable
        else b"\x84\x84\x84\x08NSString\x01\x94"
    )
    end = (
        b"\x86\x84\x02iI\x01"
        + bytes([len(text) & 0x7F])
        + b"\x92\x84\x84\x84\x0cNSDictionary\x00\x94\x84\x01i\x01\x92\x84\x96\x96\x1d__kIMMessagePartAttributeName\x86"
    )
    return b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@" + outer + inner + b"\x84\x01+" + size + raw + end


SMS_ROWS: Rows = [
    ("handle", (1, "+447700900142", "gb", "iMessage", None)),
    ("handle", (2, "wren@mail.example", "gb", "iMessage", None)),
    ("handle", (3, "+447700900199", "gb", "SMS", None)),
    ("chat", (1, "iMessage;-;+447700900142", 45, "+447700900142", None, "", "P:+447700900100", "+447700900100", "iMessage")),
    ("chat", (2, "iMessage;+;chat17", 43, "chat17", "chat17", "Kite club", "P:+447700900100", "", "iMessage")),
    ("chat_handle_join", (1, 1)),
    ("chat_handle_join", (2, 1)),
    ("chat_handle_join", (2, 2)),
    message(1, "Write to kea@mail.example", handle_id=1, account="P:+447700900100", date_read=NANO + 60_000_000_000),
    message(2, None, attributedbody=streamtyped("I will, on Friday. \ufffcRing +44 7700 900177"), handle_id=1, is_from_me=1, account="E:kestrel@mail.example"),
    message(3, "With a picture \ufffc", handle_id=2, subject="Plans", is_read=0, date_edited=NANO + 5_000_000_000),
    message(4, None, item_type=2, group_title="Kite club", handle_id=2),
    message(5, None, item_type=1, group_action_type=0, other_handle=1, is_from_me=1),
    message(6, "Loved “Write to…”", associated_message_type=2000, associated_message_guid="p:0/guid-1", handle_id=2),
    message(7, "Of seconds", date=APPLE, service="SMS", handle_id=3, error=4),
    *(("chat_message_join", (1 if number < 3 else 2, number, 0)) for number in range(1, 7)),
    ("attachment", (1, "att-1", "~/Library/SMS/Attachments/kite.heic", "public.heic", "image/heic", "kite.heic", 4096)),
    ("message_attachment_join", (3, 1)),
    ("deleted_messages", (1, "gone-1")),
    ("chat_recoverable_message_join", (1, 7, NANO, 0)),
]  # fmt: skip


def sms(*more: tuple[str, tuple[object, ...]], rows: Rows | None = None) -> bytes:
    """Return `sms.db`; `rows`: instead of those of the example."""
    return database(SMS, [*(SMS_ROWS if rows is None else rows), *more])


CALLS = """
create table ZCALLRECORD(Z_PK integer primary key, Z_ENT integer, Z_OPT integer, ZANSWERED integer, ZCALLTYPE integer, ZORIGINATED integer,
  ZREAD integer, ZDISCONNECTED_CAUSE integer, ZJUNKCONFIDENCE integer, ZDATE timestamp, ZDURATION float, ZADDRESS varchar, ZNAME varchar,
  ZLOCATION varchar, ZISO_COUNTRY_CODE varchar, ZSERVICE_PROVIDER varchar);
create table ZHANDLE(Z_PK integer primary key, Z_ENT integer, Z_OPT integer, ZTYPE integer, ZNORMALIZEDVALUE varchar, ZVALUE varchar);
create table Z_2REMOTEPARTICIPANTHANDLES(Z_2REMOTEPARTICIPANTCALLS integer, Z_4REMOTEPARTICIPANTHANDLES integer,
  primary key(Z_2REMOTEPARTICIPANTCALLS, Z_4REMOTEPARTICIPANTHANDLES));
create table Z_METADATA(Z_VERSION integer primary key, Z_UUID varchar(255), Z_PLIST blob);
"""
_TEL = "com.apple.Telephony"
CALLS_ROWS: Rows = [
    (
        "ZCALLRECORD",
        (
            1,
            2,
            1,
            1,
            1,
            1,
            1,
            6,
            0,
            APPLE + 0.25,
            125.5,
            "07700 900142",
            "Robin Placeholder",
            "England",
            "gb",
            _TEL,
        ),
    ),
    (
        "ZCALLRECORD",
        (
            2,
            2,
            1,
            0,
            8,
            0,
            0,
            None,
            0,
            APPLE + 60,
            0,
            b"wren@mail.example",
            None,
            None,
            "gb",
            "com.apple.FaceTime",
        ),
    ),
    ("ZCALLRECORD", (3, 2, 1, 1, 1, 0, 1, None, 1, APPLE + 120, 5, None, None, None, "gb", _TEL)),
    (
        "ZCALLRECORD",
        (4, 2, 1, 1, 16, 1, 1, None, 0, APPLE + 180, 30, None, None, None, "gb", "net.whatsapp.WhatsApp"),
    ),
    ("ZHANDLE", (1, 4, 1, 2, "+447700900142", "07700 900142")),
    ("ZHANDLE", (2, 4, 1, 3, "wren@mail.example", "wren@mail.example")),
    ("Z_2REMOTEPARTICIPANTHANDLES", (1, 1)),
    ("Z_2REMOTEPARTICIPANTHANDLES", (4, 1)),
    ("Z_2REMOTEPARTICIPANTHANDLES", (4, 2)),
]


def calls(*more: tuple[str, tuple[object, ...]], rows: Rows | None = None) -> bytes:
    return database(CALLS, [*(CALLS_ROWS if rows is None else rows), *more])


OLD_CALLS = """
create table _SqliteDatabaseProperties(key text, value text, unique(key));
create table call(ROWID integer primary key autoincrement, address text, date integer, duration integer, flags integer, id integer, name text,
  country_code text, network_code text, read integer, assisted integer, face_time_data blob, originalAddress text, answered integer);
"""


def old_calls() -> bytes:
    rows: Rows = [
        ("call", (1, "+447700900142", UNIX, 12, 5, -1, "Robin", "234", "15", 1, 0, None, "", 1)),
        ("call", (2, "wren@mail.example", UNIX + 60, 0, 20, -1, "", "234", "15", 0, 0, None, "", 0)),
    ]
    return database(OLD_CALLS, rows)


CONTACTS = """
create table ABPerson(ROWID integer primary key autoincrement, First text, Last text, Middle text, Organization text, Department text, Note text,
  Birthday text, JobTitle text, Nickname text, Prefix text, Suffix text, CreationDate integer, ModificationDate integer, DisplayName text);
create table ABMultiValue(UID integer primary key, record_id integer, property integer, identifier integer, label integer, value text, guid text);
create table ABMultiValueLabel(value text, unique(value));
create table ABMultiValueEntry(parent_id integer, key integer, value text, unique(parent_id, key));
create table ABMultiValueEntryKey(value text, unique(value));
create table ABStore(ROWID integer primary key autoincrement, Name text);
"""
CONTACTS_ROWS: Rows = [
    ("ABPerson", (1, "Robin", "Placeholder", None, "Harbour", "Sails", "Knows wren@mail.example", str(APPLE), "Rigger", "Rob", None, None, APPLE, APPLE + 60, None)),
    ("ABPerson", (2, None, None, None, "Kite shop", None, None, "-12525451200", None, None, None, None, APPLE, APPLE, None)),
    ("ABMultiValueLabel", ("_$!<Mobile>!$_",)),
    ("ABMultiValueEntryKey", ("service",)),
    ("ABMultiValueEntryKey", ("username",)),
    ("ABMultiValueEntryKey", ("Street",)),
    ("ABMultiValueEntryKey", ("City",)),
    ("ABMultiValue", (1, 1, 3, 0, 1, "+44 7700 900142", None)),
    ("ABMultiValue", (2, 1, 4, 0, None, "robin@mail.example", None)),
    ("ABMultiValue", (3, 1, 22, 0, None, "https://robin.example/", None)),
    ("ABMultiValue", (4, 1, 46, 0, None, None, None)),
    ("ABMultiValue", (5, 1, 5, 0, None, None, None)),
    ("ABMultiValue", (6, 1, 3, 1, None, "121", None)),
    ("ABMultiValue", (7, 1, 12, 0, None, str(APPLE), None)),
    ("ABMultiValue", (8, 99, 3, 0, None, "+44 7700 900188", None)),
    ("ABMultiValueEntry", (4, 1, "Telegram")),
    ("ABMultiValueEntry", (4, 2, "robinkite")),
    ("ABMultiValueEntry", (5, 3, "1 Quay")),
    ("ABMultiValueEntry", (5, 4, "Harbourtown")),
]  # fmt: skip


def contacts(*more: tuple[str, tuple[object, ...]], rows: Rows | None = None) -> bytes:
    return database(CONTACTS, [*(CONTACTS_ROWS if rows is None else rows), *more])


SAFARI = """
create table history_items(id integer primary key autoincrement, url text not null unique, domain_expansion text, visit_count integer not null);
create table history_visits(id integer primary key autoincrement, history_item integer not null, visit_time real not null, title text,
  load_successful boolean not null default 1, http_non_get boolean not null default 0, synthesized boolean not null default 0,
  redirect_source integer, redirect_destination integer, origin integer not null default 0);
create table history_tombstones(id integer primary key autoincrement, start_time real not null, end_time real not null, url text);
create table metadata(key text not null unique, value);
"""
SAFARI_ROWS: Rows = [
    ("history_items", (1, "https://forum.harbour.example/17", "forum.harbour", 2)),
    ("history_items", (2, "https://old.example/gone", "old", 9)),
    ("history_visits", (1, 1, APPLE + 0.5, "Kite makers, ask kea@mail.example", 1, 0, 0, None, None, 0)),
    ("history_visits", (2, 1, APPLE + 60, "Kite makers", 0, 1, 0, 1, None, 1)),
    ("history_visits", (3, 77, APPLE + 120, "Lost", 1, 0, 0, None, None, 0)),
    ("history_tombstones", (1, APPLE, APPLE + 3600, "https://secret.example/")),
    ("history_tombstones", (2, APPLE, APPLE + 7200, None)),
    ("metadata", ("version", 1)),
]


def safari(*more: tuple[str, tuple[object, ...]], rows: Rows | None = None) -> bytes:
    return database(SAFARI, [*(SAFARI_ROWS if rows is None else rows), *more])
