"""What is written into Android's databases of messages, calls and contacts is read from them value for value."""

from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake.rows import FreeText, Message, Person, Sighting
from unit.domains.intake.round_trips import (
    EMAILS,
    NAMES,
    PHONES,
    TEXTS,
    TIMES,
    URLS,
    instant,
    of_trace,
    read,
    texts,
    traces,
    unread,
)
from unit.domains.intake.sqlite_samples import CONTACTS, SMS, database

Rows = list[tuple[str, tuple[object, ...]]]
OWNER = "owner of the phone"
OWN = "insert-address-token"
STATES = {3: "draft, not sent", 4: "waiting to be sent", 5: "could not be sent", 6: "waiting to be sent"}


class Sms(NamedTuple):
    address: str
    at: int
    box: int
    text: str
    subject: str | None


class Mms(NamedTuple):
    others: list[str]
    at: int
    is_own: bool
    text: str
    subject: str
    picture: str


PEOPLE = st.one_of(PHONES, EMAILS)
SHORT = st.lists(st.builds(Sms, PEOPLE, TIMES, st.integers(1, 6), TEXTS, st.none() | TEXTS), max_size=6)
LONG = st.lists(
    st.builds(Mms, st.lists(PEOPLE, min_size=1, max_size=3, unique=True), TIMES, st.booleans(), TEXTS, TEXTS, NAMES.map("{}.jpg".format)),
    max_size=4,
)  # fmt: skip


def short_rows(messages: list[Sms], threads: list[str]) -> Rows:
    """Write SMS: the thread of each is that with its address; times are milliseconds."""
    return [
        ("sms", (number, threads.index(one.address) + 1, one.address, None, one.at * 1_000, 0, 0, 1, -1, one.box, 0, one.subject, one.text,
                 None, 0, 1, 0, "kite.app", 1))
        for number, one in enumerate(messages, 1)
    ]  # fmt: skip


def long_rows(messages: list[Mms], threads: list[str]) -> Rows:
    """Write MMS: times are seconds, a subject in UTF-8 stands byte by byte, parts lie in any order."""
    rows: Rows = []
    count = parts = 0
    for number, one in enumerate(messages, 1):
        box, sort = (2, 128) if one.is_own else (1, 132)
        subject = one.subject.encode().decode("latin-1")
        thread = threads.index(one.others[0]) + 1
        rows.append(
            ("pdu", (number, thread, one.at, 0, box, 1, f"m{number}", subject, 106, sort, "kite.app", 1))
        )
        sender, receivers = (OWN, one.others) if one.is_own else (one.others[0], [OWN, *one.others[1:]])
        for address, kind in ((sender, 137), *((receiver, 151) for receiver in receivers)):
            count += 1
            rows.append(("addr", (count, number, None, address, kind, 106)))
        for seq, sort_of, name, text in (
            (1, "text/plain", "t.txt", one.text),
            (0, "image/jpeg", one.picture, None),
            (-1, "application/smil", None, "<smil/>"),
        ):
            parts += 1
            rows.append(
                (
                    "part",
                    (parts, number, seq, sort_of, name, None, None, None, None, None, None, None, None, text),
                )
            )
    return rows


def store(short: list[Sms], long: list[Mms]) -> bytes:
    known = dict.fromkeys([*(one.address for one in short), *(other for one in long for other in one.others)])
    threads = list(known)
    rows: Rows = [("canonical_addresses", (number, address)) for number, address in enumerate(threads, 1)]
    rows += [("threads", (number, 0, str(number), "")) for number in range(1, len(threads) + 1)]
    return database(SMS, [*rows, *short_rows(short, threads), *long_rows(long, threads)])


@settings(max_examples=60, deadline=None)
@given(SHORT, LONG)
def test_messages_of_a_phone_are_read(short: list[Sms], long: list[Mms]) -> None:
    rows = read("android_messages", store(short, long))

    expected = [
        (one.text, OWNER if one.box > 1 else one.address, (one.address,) if one.box > 1 else (), one.subject, instant(one.at), one.address,
         f"row {number} of table sms", ())
        for number, one in enumerate(short, 1)
    ] + [
        (one.text, OWNER if one.is_own else one.others[0], tuple(one.others if one.is_own else one.others[1:]), one.subject,
         instant(one.at), one.others[0], f"row {number} of table pdu", (f"{one.picture} (image/jpeg)",))
        for number, one in enumerate(long, 1)
    ]  # fmt: skip
    found = [row for row in rows if isinstance(row, Message)]
    assert [
        (one.text, one.sender, one.recipients, one.subject, one.sent_at and one.sent_at.instant, one.thread, one.place, one.attachments)
        for one in found
    ] == expected  # fmt: skip
    assert [dict(one.headers).get("state") for one in found[: len(short)]] == [
        STATES.get(one.box) for one in short
    ]
    held = [[*([] if one.sender == OWNER else [one.sender]), *one.recipients] for one in found]
    sightings = [
        [row.value.value for row in rows if isinstance(row, Sighting) and row.message == number]
        for number in range(1, len(found) + 1)
    ]
    assert sightings == held
    assert {row.role for row in rows if isinstance(row, Sighting | Person)} <= {"unknown"}
    assert [text for text, _ in texts(rows, "subject of a message")] == [
        one.subject for one in found if one.subject
    ]
    assert not unread(rows)


# --- calls and contacts ---------------------------------------------------------------------------


class Call(NamedTuple):
    number: str
    is_whole: bool
    at: int
    seconds: int
    sort: int
    name: str | None
    said: str | None


class Contact(NamedTuple):
    name: str
    phones: list[str]
    emails: list[str]
    site: str
    note: str
    birth: str
    whatsapp: str
    last: int


CALLS = st.lists(
    st.builds(Call, PHONES, st.booleans(), TIMES, st.integers(0, 9_999), st.integers(1, 7), st.none() | TEXTS, st.none() | TEXTS), max_size=6
)  # fmt: skip
PERSONS = st.lists(
    st.builds(
        Contact, TEXTS, st.lists(PHONES, max_size=3, unique=True), st.lists(EMAILS, max_size=2, unique=True), URLS, TEXTS,
        st.dates().map(str), PHONES, TIMES,
    ),
    max_size=4,
)  # fmt: skip
SORTS = (
    "name",
    "phone_v2",
    "email_v2",
    "note",
    "website",
    "contact_event",
    "vnd.com.whatsapp.profile",
    "nickname",
)
INCOMING = {
    1: "",
    3: "missed",
    4: "left as voicemail",
    5: "rejected",
    6: "blocked",
    7: "answered on another device",
}
ALONE = """
create table android_metadata(locale text);
create table calls(_id integer primary key, number text, date integer, duration integer, type integer, name text, numbertype integer,
  normalized_number text, transcription text);
"""


def national(number: str) -> str:
    return "0" + number.removeprefix("+44")


def call_rows(calls: list[Call], *, is_alone: bool) -> Rows:
    rows: Rows = []
    for number, one in enumerate(calls, 1):
        dialled, at = one.number if one.is_whole else national(one.number), one.at * 1_000
        values: tuple[object, ...] = (
            (number, dialled, at, one.seconds, one.sort, one.name, 2, one.number, one.said)
            if is_alone
            else (number, dialled, 1, at, one.seconds, one.sort, one.name, 2, None, "GB", one.number, 0, None, one.said, "1", 1, 0)
        )  # fmt: skip
        rows.append(("calls", values))
    return rows


@settings(max_examples=50, deadline=None)
@given(CALLS, st.booleans())
def test_calls_of_a_phone_are_read(calls: list[Call], is_alone: bool) -> None:
    rows = read(
        "android_contacts", database(ALONE if is_alone else CONTACTS, call_rows(calls, is_alone=is_alone))
    )

    found = traces(rows, "call")
    assert [
        (one.text, one.counterparts, one.at and one.at.instant, one.seconds, one.direction, one.place) for one in found
    ] == [
        (one.name or "", (one.number if one.is_whole else national(one.number),), instant(one.at),
         float(one.seconds) if one.seconds else None, "out" if one.sort == 2 else "in", f"row {number} of table calls")
        for number, one in enumerate(calls, 1)
    ]  # fmt: skip
    assert [dict(one.facts).get("what became of it", "") for one in found] == [
        INCOMING.get(one.sort, "") for one in calls
    ]
    assert [of_trace(rows, one) for one in found] == [[one.number] for one in calls]
    assert [row.text for row in rows if isinstance(row, FreeText)] == [one.said for one in calls if one.said]
    assert not unread(rows)


def contact_rows(contacts: list[Contact]) -> Rows:
    rows: Rows = [("mimetypes", (n, f"vnd.android.cursor.item/{sort}")) for n, sort in enumerate(SORTS, 1)]
    rows.append(("accounts", (1, "kept@mail.example", "com.example", None)))
    count = 0
    for number, one in enumerate(contacts, 1):
        rows.append(("raw_contacts", (number, 1, one.name, 0, 2, one.last * 1_000, 0, number)))
        lines: list[tuple[object, ...]] = [
            ("name", one.name),
            *(("phone_v2", national(phone), "2", None, phone) for phone in one.phones),
            *(("email_v2", email) for email in one.emails),
            ("website", one.site), ("note", one.note), ("contact_event", one.birth, "3"),
            ("vnd.com.whatsapp.profile", f"{one.whatsapp[1:]}@s.whatsapp.net", "WhatsApp", "Message"),
        ]  # fmt: skip
        for sort, *given_ in lines:
            count += 1
            filled = (*given_, *([None] * (6 - len(given_))), None)
            rows.append(("data", (count, SORTS.index(str(sort)) + 1, number, *filled)))
    return rows


@settings(max_examples=50, deadline=None)
@given(PERSONS)
def test_contacts_of_a_phone_are_read(contacts: list[Contact]) -> None:
    rows = read("android_contacts", database(CONTACTS, contact_rows(contacts)))

    people = [row for row in rows if isinstance(row, Person)]
    assert [(one.names, one.birth_date, one.role) for one in people] == [
        ((one.name,), one.birth, "unknown") for one in contacts
    ]
    found = traces(rows, "contact")
    assert [(one.text, one.person, one.place) for one in found] == [
        (one.name, person.key, f"row {number} of table raw_contacts")
        for number, (one, person) in enumerate(zip(contacts, people, strict=True), 1)
    ]
    for trace, one in zip(found, contacts, strict=True):
        *held, name = of_trace(rows, trace)
        assert held == [*one.phones, *one.emails, one.site, one.whatsapp]
        assert name.casefold() == " ".join(one.name.casefold().split())
        facts = dict(trace.facts)
        assert facts["last contacted"] == f"{instant(one.last):%Y-%m-%d %H:%M:%S} UTC"
        assert (facts["times contacted"], facts["kept in"]) == ("2", "kept@mail.example")
    assert [text for text, _ in texts(rows, "note on a contact")] == [one.note for one in contacts]
    assert not unread(rows)
