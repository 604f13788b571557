"""What is written into a report of Cellebrite, in the spellings of its versions, is read from it value for value."""

from collections.abc import Callable
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake.rows import AnyRow, Message, Person
from unit.domains.intake.round_trips import (
    EMAILS,
    MD5,
    NAMES,
    PHONES,
    SHA256,
    TEXTS,
    TIMES,
    URLS,
    declared,
    instant,
    read,
    texts,
    traces,
    unread,
)

#: Zones in which a report may have been made, in hours.
ZONES = st.integers(-11, 13)
WAYS = st.sampled_from(["in", "out"])
DEGREES = st.integers(-890_000, 890_000).map(lambda count: f"{count / 10_000:.4f}")


class Form(NamedTuple):
    """How a version writes: "" or a prefix of names, a mark before the text, line ends, texts as they are or as CDATA."""

    prefix: str
    encoding: str
    line_end: str
    is_raw: bool


FORMS = [
    Form("", "utf-8", "\n", True),
    Form("", "utf-8-sig", "\r\n", True),
    Form("ns0:", "utf-8", "", False),
    Form("", "utf-16", "\r\n", False),
]


class Sent(NamedTuple):
    """A message of a chat or an SMS."""

    body: str
    at: int
    zone: int
    ends: tuple[str, str]
    file: str


class Called(NamedTuple):
    number: str
    name: str
    way: str
    at: int
    seconds: int


class Spot(NamedTuple):
    name: str
    latitude: str
    longitude: str
    at: int


class Page(NamedTuple):
    url: str
    title: str
    at: int


class Known(NamedTuple):
    name: str
    phone: str
    mail: str
    user: str
    note: str


class File(NamedTuple):
    path: str
    md5: str
    sha256: str


PAIRS = st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1])
CHATS = st.lists(
    st.tuples(NAMES, st.lists(st.builds(Sent, TEXTS, TIMES, ZONES, PAIRS, NAMES), min_size=1, max_size=4)), max_size=3
)  # fmt: skip
SHORT = st.lists(st.builds(Sent, TEXTS, TIMES, ZONES, st.tuples(PHONES, WAYS), NAMES), max_size=4)
MAILS = st.lists(
    st.builds(Sent, TEXTS, TIMES, ZONES, st.tuples(EMAILS, EMAILS).filter(lambda pair: pair[0] != pair[1]), TEXTS), max_size=3
)  # fmt: skip
CALLS = st.lists(st.builds(Called, PHONES, NAMES, WAYS, TIMES, st.integers(1, 90_000)), max_size=4)
SPOTS = st.lists(st.builds(Spot, TEXTS, DEGREES, DEGREES, TIMES), max_size=4)
PAGES = st.lists(st.builds(Page, URLS, TEXTS, TIMES), max_size=4)
CONTACTS = st.lists(st.builds(Known, NAMES, PHONES, EMAILS, NAMES, TEXTS), max_size=3)
FILES = st.lists(st.builds(File, TEXTS, MD5, SHA256), max_size=3)


# --- writing ----------------------------------------------------------------------------------------------


class Writer:
    """Writes models, each with an id of its own."""

    def __init__(self, form: Form) -> None:
        self.form, self.count = form, 0

    def element(self, tag: str, inner: str = "", /, **attributes: str) -> str:
        given_ = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        full = f"{self.form.prefix}{tag}"
        return f"<{full}{given_}>{inner}</{full}>{self.form.line_end}"

    def text(self, text: str) -> str:
        return f"<![CDATA[{text}]]>" if self.form.is_raw else escape(text)

    def field(self, name: str, text: str, kind: str = "String") -> str:
        value = self.element("value", self.text(text), type=kind) if text else self.element("empty")
        return self.element("field", value, name=name, type=kind)

    def time(self, at: int, zone: int = 0, name: str = "TimeStamp") -> str:
        shown = f"{instant(at + zone * 3600):%Y-%m-%dT%H:%M:%S}{'+' if zone >= 0 else '-'}{abs(zone):02}:00"
        value = self.element(
            "value", shown, type="TimeStamp", format="TimeStampKnown", formattedTimestamp=shown
        )
        return self.element("field", value, name=name, type="TimeStamp")

    def model(self, kind: str, *fields: str) -> str:
        self.count += 1
        head = self.field("UserMapping", "Decoding")
        return self.element(
            "model", head + "".join(fields), type=kind, id=f"m{self.count}", deleted_state="Intact"
        )

    def party(self, identifier: str, *, name: str = "", role: str = "", owner: str = "False") -> str:
        told = {"Identifier": identifier, "Name": name, "Role": role, "IsPhoneOwner": owner}
        return self.model("Party", *(self.field(key, text) for key, text in told.items()))

    def one(self, name: str, model: str) -> str:
        return self.element("modelField", model, name=name)

    def several(self, name: str, *models: str) -> str:
        return self.element("multiModelField", "".join(models), name=name)

    def report(self, *models: str, files: str = "") -> bytes:
        sort = ":" + self.form.prefix.rstrip(":") if self.form.prefix else ""
        decoded = self.element("decodedData", self.element("modelType", "".join(models)))
        inner = self.element("taggedFiles", files) + decoded
        attributes = {
            "name": "A1",
            "reportVersion": "7.1",
            f"xmlns{sort}": "http://pa.cellebrite.com/report/2.0",
        }
        return f'<?xml version="1.0"?>{self.element("project", inner, **attributes)}'.encode(
            self.form.encoding
        )


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def in_all(function: Callable[..., None]) -> Callable[..., None]:
    """Try a test in every form."""
    tried: Callable[..., None] = settings(max_examples=12, deadline=None)(function)
    marked: Callable[..., None] = pytest.mark.parametrize("form", FORMS)(tried)
    return marked


# --- reading ----------------------------------------------------------------------------------------------


@in_all
@given(chats=CHATS)
def test_chats_are_read(form: Form, chats: list[tuple[str, list[Sent]]]) -> None:
    write, models, places = Writer(form), [], []
    for number, (name, sent) in enumerate(chats):
        inner = []
        for one in sent:
            sender, receiver = one.ends
            attached = write.model("Attachment", write.field("Filename", one.file))
            inner.append(
                write.model(
                    "InstantMessage", write.field("Source", "Telegram"), write.one("From", write.party(sender)),
                    write.several("To", write.party(receiver)), write.field("Body", one.body), write.time(one.at, one.zone),
                    write.several("Attachments", attached),
                )
            )  # fmt: skip
            places.append(f"InstantMessage m{write.count}")
        models.append(
            write.model(
                "Chat", write.field("Source", "Telegram"), write.field("Id", f"room-{number}"), write.field("Name", name),
                write.several("Messages", *inner),
            )
        )  # fmt: skip
    rows = read("cellebrite_xml", write.report(*models))

    written = [(name, one) for name, sent in chats for one in sent]
    found = messages(rows)
    assert [row.place for row in found] == places
    assert [(row.text, row.sender, row.recipients, row.sent_at and row.sent_at.instant, row.attachments) for row in found] == [
        (one.body, one.ends[0], (one.ends[1],), instant(one.at), (one.file,)) for _, one in written
    ]  # fmt: skip
    assert all(
        row.thread and row.thread.startswith(name) for row, (name, _) in zip(found, written, strict=True)
    )
    assert len({row.thread for row in found}) == len(chats)
    people = {row.key: row for row in rows if isinstance(row, Person)}
    accounts = {f"telegram/{end}" for _, one in written for end in one.ends}
    assert {value for value, _ in declared(rows, "account")} == accounts
    assert len(people) == len(accounts)
    assert not unread(rows)


@in_all
@given(short=SHORT, mails=MAILS)
def test_short_messages_and_mails_are_read(form: Form, short: list[Sent], mails: list[Sent]) -> None:
    write, models = Writer(form), []
    for one in short:
        number, way = one.ends
        end = write.party(number, role="From" if way == "in" else "To")
        models.append(
            write.model(
                "SMS", write.field("Body", one.body), write.time(one.at, one.zone), write.several("Parties", end)
            )
        )  # fmt: skip
    models += [
        write.model(
            "Email", write.field("Source", "Gmail"), write.one("From", write.party(one.ends[0])),
            write.several("To", write.party(one.ends[1])), write.field("Subject", one.file), write.field("Body", one.body),
            write.time(one.at, one.zone),
        )
        for one in mails
    ]  # fmt: skip
    rows = read("cellebrite_xml", write.report(*models))

    found = messages(rows)
    assert [(row.kind, row.text, row.sent_at and row.sent_at.instant) for row in found] == [
        *(("chat", one.body, instant(one.at)) for one in short), *(("mail", one.body, instant(one.at)) for one in mails),
    ]  # fmt: skip
    assert [(row.sender, row.recipients) for row in found] == [
        *((one.ends[0], ()) if one.ends[1] == "in" else (None, (one.ends[0],)) for one in short),
        *((one.ends[0], (one.ends[1],)) for one in mails),
    ]
    assert [row.subject for row in found[len(short) :]] == [one.file for one in mails]
    assert {value for value, _ in declared(rows, "phone")} == {one.ends[0] for one in short}
    assert {value for value, _ in declared(rows, "email")} == {end for one in mails for end in one.ends}
    assert not unread(rows)


@in_all
@given(calls=CALLS, spots=SPOTS, pages=PAGES, searches=PAGES)
def test_what_the_device_recorded_is_read(
    form: Form, calls: list[Called], spots: list[Spot], pages: list[Page], searches: list[Page]
) -> None:
    write, models = Writer(form), []
    for call in calls:
        minutes, rest = divmod(call.seconds, 60)
        length = f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"
        end = write.party(call.number, name=call.name, role="From" if call.way == "in" else "To")
        own = write.party("+12025550123", role="To" if call.way == "in" else "From", owner="True")
        models.append(
            write.model(
                "Call", write.field("Type", "Incoming" if call.way == "in" else "Outgoing"), write.time(call.at),
                write.field("Duration", length, "TimeSpan"), write.several("Parties", own, end),
            )
        )  # fmt: skip
    for spot in spots:
        where = write.model(
            "Coordinate", write.field("Longitude", spot.longitude), write.field("Latitude", spot.latitude)
        )
        models.append(
            write.model(
                "Location", write.field("Name", spot.name), write.one("Position", where), write.time(spot.at)
            )
        )
    models += [
        write.model(
            "VisitedPage", write.field("Url", page.url), write.field("Title", page.title), write.time(page.at, name="LastVisited")
        )
        for page in pages
    ]  # fmt: skip
    models += [
        write.model("SearchedItem", write.field("Value", one.title), write.time(one.at)) for one in searches
    ]
    rows = read("cellebrite_xml", write.report(*models))

    assert [
        (one.direction, one.seconds, one.counterparts, one.at and one.at.instant) for one in traces(rows, "call")
    ] == [
        (call.way, float(call.seconds), (f"{call.name} ({call.number})",), instant(call.at)) for call in calls
    ]  # fmt: skip
    assert [value for value, _ in declared(rows, "phone") if value != "+12025550123"] == [
        call.number for call in calls
    ]
    assert [
        (one.text, one.latitude, one.longitude, one.at and one.at.instant) for one in traces(rows, "location")
    ] == [(spot.name, spot.latitude, spot.longitude, instant(spot.at)) for spot in spots]
    assert [(one.url, one.text, one.at and one.at.instant) for one in traces(rows, "visit")] == [
        (page.url, page.title, instant(page.at)) for page in pages
    ]
    assert [value for value, _ in declared(rows, "url")] == [page.url for page in pages]
    assert [(one.text, one.at and one.at.instant) for one in traces(rows, "search")] == [
        (one.title, instant(one.at)) for one in searches
    ]
    assert not unread(rows)


@in_all
@given(contacts=CONTACTS, files=FILES)
def test_contacts_and_files_are_read(form: Form, contacts: list[Known], files: list[File]) -> None:
    write, models = Writer(form), []
    for one in contacts:
        entries = [
            write.model(kind, write.field("Value", value))
            for kind, value in (("PhoneNumber", one.phone), ("EmailAddress", one.mail), ("UserID", one.user))
        ]
        models.append(
            write.model(
                "Contact", write.field("Source", "Telegram"), write.field("Name", one.name), write.several("Entries", *entries),
                write.element("multiField", write.element("value", write.text(one.note)), name="Notes"),
            )
        )  # fmt: skip
    tagged = "".join(
        write.element(
            "file",
            write.element(
                "metadata", write.element("item", one.md5, name="MD5") + write.element("item", one.sha256, name="SHA256")
            ),
            path=one.path,
        )
        for one in files
    )  # fmt: skip
    rows = read("cellebrite_xml", write.report(*models, files=tagged))

    assert [value for value, _ in declared(rows, "phone", "email", "account", "display_name")] == [
        value for one in contacts for value in (one.name, one.phone, one.mail, f"telegram/{one.user}")
    ]
    assert [row.names for row in rows if isinstance(row, Person)] == [(one.name,) for one in contacts]
    assert [text for text, _ in texts(rows, "Contact")] == [f"Notes: {one.note}" for one in contacts]
    assert [value for value, _ in declared(rows, "hash")] == [
        value for one in files for value in (f"md5:{one.md5}", f"sha256:{one.sha256}")
    ]
    assert [text for text, _ in texts(rows, "File")] == [one.path for one in files]
    assert not unread(rows)
