"""Small databases of Skype and Hangouts, with invented content: reserved names, numbers and addresses only."""

from unit.domains.intake.sqlite_samples import UNIX, database

Rows = list[tuple[str, tuple[object, ...]]]

SKYPE = """
create table Accounts(id integer not null primary key, skypename text, fullname text, emails text, phone_mobile text, country text, birthday integer, about text);
create table Contacts(id integer not null primary key, skypename text, pstnnumber text, fullname text, displayname text, given_displayname text, emails text,
  phone_mobile text, homepage text, about text, mood_text text, gender integer, country text, isblocked integer, lastonline_timestamp integer, birthday integer);
create table Conversations(id integer not null primary key, identity text, displayname text, given_displayname text, meta_topic text, type integer);
create table Participants(id integer not null primary key, convo_id integer, identity text);
create table Messages(id integer not null primary key, convo_id integer, chatname text, author text, from_dispname text, timestamp integer, type integer,
  body_xml text, identities text, edited_by text, edited_timestamp integer, dialog_partner text);
create table SMSes(id integer not null primary key, timestamp integer, target_numbers text, body text, chatmsg_id integer, reply_to_number text);
create table Calls(id integer not null primary key, begin_timestamp integer, duration integer, is_incoming integer, host_identity text, is_conference integer);
create table CallMembers(id integer not null primary key, identity text, dispname text, call_duration integer, call_db_id integer);
create table Transfers(id integer not null primary key, type integer, partner_handle text, partner_dispname text, status integer, starttime integer,
  finishtime integer, filepath text, filename text, filesize text);
create table DbMeta(key text not null primary key, value text);
"""
SKYPE_ROWS: Rows = [
    ("Accounts", (1, "kestrel.blue", "Kestrel Blue", "kestrel@mail.example other@mail.example", "+447700900100", "gb", 19900314, "")),
    ("Contacts", (2, "wren.grey", None, "Wren Grey", "Wren", None, "wren@mail.example", "+44 7700 900142", "https://wren.example/", "Ask otter@mail.example", None, 2, "gb", 1, UNIX, 0)),
    ("Contacts", (3, None, "+447700900188", None, "Robin", None, None, None, None, None, None, None, None, 0, None, None)),
    ("Conversations", (1, "wren.grey", "Wren Grey", None, None, 1)),
    ("Conversations", (2, "#kites", "ignored", "Kite club", None, 2)),
    ("Participants", (1, 1, "wren.grey")),
    ("Participants", (2, 1, "kestrel.blue")),
    ("Messages", (1, 1, "#a", "kestrel.blue", "Kestrel Blue", UNIX, 61, 'Write to <a href="mailto:kea@mail.example">kea@mail.example</a> &amp; wait', None, None, None, "wren.grey")),
    ("Messages", (2, 1, "#a", "8:wren.grey", "Wren", UNIX + 60, 61, '<quote author="kestrel.blue" timestamp="1"><legacyquote>[14:00] Kestrel: </legacyquote>wait<legacyquote>\n\n&lt;&lt;&lt; </legacyquote></quote>No', None, "wren.grey", UNIX + 90, "kestrel.blue")),
    ("Messages", (3, 2, "#b", "kestrel.blue", "Kestrel Blue", UNIX + 120, 10, None, "robin.two wren.grey", None, None, None)),
    ("Messages", (4, 1, "#a", "wren.grey", "Wren", UNIX + 180, 39, '<partlist type="ended"><part identity="wren.grey"><name>Wren</name><duration>30</duration></part></partlist>', None, None, None, None)),
    ("Messages", (5, 1, "#a", "wren.grey", "Wren", UNIX + 240, 68, '<files alt="sent"><file size="3" index="0">kite &amp; string.jpg</file></files>', None, None, None, None)),
    ("Messages", (6, 1, "#a", "wren.grey", "Wren", 13_773_410_400, 63, '<contacts alt="x"><c t="s" s="robin.two" f="Robin Two"/></contacts>', None, None, None, None)),
    ("Messages", (7, 1, "#a", "kestrel.blue", "Kestrel Blue", 1, 64, '<sms alt="x"><targets><target>+447700900199</target></targets><body><chunk id="0">On Friday</chunk></body></sms>', "+447700900199", None, None, None)),
    ("Messages", (8, 1, "#a", "wren.grey", "Wren", UNIX + 300, 777, None, None, None, None, None)),
    ("SMSes", (1, UNIX + 30, "+447700900199", "On Friday", 7, None)),
    ("Calls", (1, UNIX, 0, 0, "kestrel.blue", 0)),
    ("CallMembers", (1, "wren.grey", "Wren Grey", 646, 1)),
    ("CallMembers", (2, "4:+447700900177", "", 5, 99)),
    ("Transfers", (1, 2, "wren.grey", "Wren", 8, UNIX, UNIX + 5, "/home/kestrel/plan.pdf", "plan.pdf", "4096")),
    ("Transfers", (2, 1, "wren.grey", "Wren", 44, UNIX, None, "", "kite.png", "12")),
]  # fmt: skip


def skype(*more: tuple[str, tuple[object, ...]], rows: Rows | None = None) -> bytes:
    """Return `main.db`; `rows`: instead of those of the example."""
    return database(SKYPE, [*(SKYPE_ROWS if rows is None else rows), *more])


HANGOUTS = """
create table conversations(_id integer primary key, conversation_id text, conversation_type int, name text, generated_name text);
create table conversation_participants(_id integer primary key, participant_row_id int, conversation_id text, active int);
create table participants(_id integer primary key, gaia_id text, chat_id text, phone_id text, circle_id text, first_name text, full_name text,
  fallback_name text, blocked int default(0));
create table messages(_id integer primary key, message_id text, conversation_id text, author_chat_id text, author_gaia_id text, text text, timestamp int,
  status int, type int, remote_url text, attachment_content_type text, latitude double, longitude double, address text, sms_raw_sender text,
  new_conversation_name text);
create table blocked_people(_id integer primary key, gaia_id text, chat_id text, name text);
create table suggested_contacts(_id integer primary key, gaia_id text, chat_id text, name text, first_name text);
create table merged_contact_details(_id integer primary key, gaia_id text, lookup_data text, lookup_data_standardized text, display_name text);
create table android_metadata(locale text);
"""
HANGOUTS_ROWS: Rows = [
    ("conversations", (1, "talk-1", 1, None, "Wren Grey")),
    ("conversations", (2, "talk-2", 2, "Kite club", None)),
    ("participants", (1, "1001", "1001", None, None, "Kestrel", "Kestrel Blue", "kestrel@mail.example", 0)),
    ("participants", (2, "1002", "1002", None, None, "Wren", "Wren Grey", "Wren Grey", 1)),
    ("participants", (3, None, None, "+447700900142", None, None, None, "+447700900142", 0)),
    ("conversation_participants", (1, 1, "talk-1", 1)),
    ("conversation_participants", (2, 2, "talk-1", 1)),
    ("messages", (1, "m1", "talk-1", "1002", "1002", "It&#39;s kea@mail.example", UNIX * 1_000_000 + 375, 4, 2, None, None, None, None, None, None, None)),
    ("messages", (2, "m2", "talk-1", "1001", "1001", "A &lt;kite&gt;\nhere", UNIX * 1_000_000, 4, 1, "https://pic.example/kite.jpg", "image/jpeg", 51.5, -0.1, "1 Quay", "+44 7700 900177", None)),
    ("messages", (3, "m3", "talk-2", "1001", "1001", None, UNIX * 1_000_000, 4, 7, None, None, None, None, None, None, "Kite club")),
    ("blocked_people", (1, "1002", "1002", "Wren Grey")),
    ("suggested_contacts", (1, "1003", "1003", "Robin Placeholder", "Robin")),
    ("merged_contact_details", (1, "1003", "robin@mail.example", None, "Robin Placeholder")),
]  # fmt: skip


def hangouts(*more: tuple[str, tuple[object, ...]], rows: Rows | None = None) -> bytes:
    return database(HANGOUTS, [*(HANGOUTS_ROWS if rows is None else rows), *more])
