"""Cellebrite's report: messages with their ends and states, persons once, what is told, broken and hostile files."""

import io
import time
from pathlib import Path

import pytest
from lxml import etree

from cets.domains.intake.rows import (
    AmbiguousPart,
    AnyRow,
    Failed,
    FreeText,
    Message,
    NotUnderstood,
    Person,
    Sighting,
    Summary,
    Trace,
)
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.cellebrite_xml.source import CellebriteXml

EXAMPLE = Path(recognise.__code__.co_filename).parent / "cellebrite_xml" / "examples" / "report.xml"
SHARED = Path(__file__).parents[5] / "shared/data/mobile/ufed-model-chat.xml"
NAMESPACE = 'xmlns="http://pa.cellebrite.com/report/2.0"'


def read(data: bytes | str, **options: int) -> list[AnyRow]:
    raw = data.encode() if isinstance(data, str) else data
    return list(CellebriteXml().read(io.BytesIO(raw), Options(country="GB", **options)))


def report(*models: str) -> list[AnyRow]:
    return read(
        f'<project name="x" {NAMESPACE}><decodedData><modelType>{"".join(models)}</modelType></decodedData></project>'
    )


def field(name: str, text: str) -> str:
    return f'<field name="{name}" type="String"><value type="String"><![CDATA[{text}]]></value></field>'


def party(identifier: str, *, name: str = "", role: str = "") -> str:
    return f'<model type="Party">{field("Identifier", identifier)}{field("Name", name)}{field("Role", role)}</model>'


def sms(*fields: str, source: str = "") -> str:
    return f'<model type="SMS" id="s">{field("Source", source)}{"".join(fields)}</model>'


def parties(*models: str) -> str:
    return f'<multiModelField name="Parties" type="Party">{"".join(models)}</multiModelField>'


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def found(rows: list[AnyRow]) -> list[tuple[str, str]]:
    return [(row.value.kind, row.value.value) for row in rows if isinstance(row, Sighting)]


def traces(rows: list[AnyRow], kind: str) -> list[Trace]:
    return [row for row in rows if isinstance(row, Trace) and row.kind == kind]


def texts(rows: list[AnyRow], label: str) -> list[str]:
    return [row.text for row in rows if isinstance(row, FreeText) and row.label == label]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"<project id='1' {NAMESPACE}>", "cellebrite_xml"),
        (
            f'\ufeff<?xml version="1.0" encoding="utf-8"?>\n<project id="1" name="a" {NAMESPACE}></project>',
            "cellebrite_xml",
        ),
        ('<model type="Chat" id="1" deleted_state="Intact"></model>', "cellebrite_xml"),
        ("<project><name>Maven</name></project>", None),
        ("<model><deleted_state/></model>", None),
    ],
)
def test_recognised_by_namespace_or_model(text: str, name: str | None) -> None:
    source = recognise(text.encode(), len(text.encode()))
    assert (source.name if source else None) == name


def test_messages_with_their_ends_threads_and_states() -> None:
    rows = read(EXAMPLE.read_bytes())
    shown = [
        (row.kind, row.text, row.thread, row.sender, row.recipients, row.place) for row in messages(rows)
    ]
    assert shown == [
        (
            "chat",
            "write to wren@mail.example",
            "Bird boxes",
            "Kea (bluebridge77)",
            ("55501",),
            "InstantMessage m1",
        ),
        ("system", "Kea changed the name", "Bird boxes", None, (), "InstantMessage m2"),
        ("chat", "Hello", None, "+44 7700 900142", (), "SMS s1"),
        (
            "mail",
            "see https://bluebridge.example/box",
            None,
            "kea@mail.example",
            ("wren@mail.example",),
            "Email e1",
        ),
    ]
    first = messages(rows)[0]
    assert first.headers == (("Program", "ExampleChat"), ("Deleted state", "Deleted"), ("Status", "Read"))
    assert first.attachments == ("bridge.jpg",)
    assert texts(rows, "InstantMessage") == ["Transcript: a word"]
    assert texts(rows, "Attachment bridge.jpg") == ["URL: https://files.example/bridge"]


def test_times_are_certain_only_with_a_zone() -> None:
    rows = read(EXAMPLE.read_bytes())
    sent = [(row.sent_at.is_certain if row.sent_at else None) for row in messages(rows)]
    assert sent == [True, None, True, None]
    assert [row.at.is_certain for row in traces(rows, "call") if row.at] == [False]
    assert len([row for row in rows if isinstance(row, AmbiguousPart)]) == 1
    (first, *_) = messages(rows)
    assert first.sent_at
    assert f"{first.sent_at.instant:%H:%M}" == "09:00"


def test_persons_are_met_once_with_their_identifiers() -> None:
    rows = read(EXAMPLE.read_bytes())
    people = {row.key: (row.names, row.facts) for row in rows if isinstance(row, Person)}
    assert people["party 1"] == (("Kea",), (("Owner of the phone", "yes"),))
    assert people["contact 1"] == (
        ("Robin Example",),
        (("Program", "ExampleChat"), ("Deleted state", "Deleted")),
    )
    assert len(people) == 7
    owned = {
        (row.value.value, row.person)
        for row in rows
        if isinstance(row, Sighting) and row.person and row.way == "declared"
    }
    assert {
        ("examplechat/bluebridge77", "party 1"), ("examplechat/id:55501", "party 2"), ("+447700900142", "party 3"),
        ("+447700900144", "contact 1"), ("examplechat/robin77", "contact 1"),
    } <= owned  # fmt: skip
    assert {row.role for row in rows if isinstance(row, Sighting | Person)} == {"unknown"}


def test_device_files_pages_and_case() -> None:
    rows = read(EXAMPLE.read_bytes())
    assert ("device", "device:ex0012345") in found(rows)
    assert ("hash", "md5:d35c785545392755e7e4164457657269") in found(rows)
    (page,) = traces(rows, "visit")
    assert (page.text, page.url, page.place) == (
        "Bridges",
        "https://otherapp.example/bridges",
        "VisitedPage v1",
    )
    assert page.at
    (seen,) = [row for row in rows if isinstance(row, Sighting) and row.event == "visit"]
    assert (seen.value.value, seen.trace, seen.seen_at) == (page.url, page.number, page.at)
    assert [row.value.value for row in rows if isinstance(row, Sighting) and not row.pivot] == [
        "officer@police.example"
    ]
    assert [row.title for row in rows if isinstance(row, Summary)] == ["Cellebrite report KB1 phone"]


@pytest.mark.parametrize(
    ("source", "identifier", "expected"),
    [
        ("WhatsApp", "447700900142@s.whatsapp.net", ("phone", "+447700900142")),
        ("WhatsApp", "120363000000000001@g.us", ("group", "whatsapp/120363000000000001")),
        ("", "+44 7700 900142", ("phone", "+447700900142")),
        ("", "ExampleBank", ("display_name", "examplebank")),
        ("WhatsApp", "120000000000001@lid", ("account", "whatsapp/id:120000000000001")),
        ("Kik", "kea_blue_x9z@talk.kik.com", ("account", "kik/kea_blue")),
        ("Kik", "1100000000001_g@groups.kik.com", ("group", "kik/1100000000001_g")),
        ("Telegram", "55501", ("account", "telegram/id:55501")),
        ("ExampleChat", "Kea_1", ("account", "examplechat/kea_1")),
        ("ExampleChat", "Kea Blue", ("display_name", "kea blue")),
        ("iMessage", "kea@mail.example", ("email", "kea@mail.example")),
    ],
)
def test_identifiers_by_form_and_program(source: str, identifier: str, expected: tuple[str, str]) -> None:
    rows = report(sms(parties(party(identifier, role="From")), source=source))
    assert found(rows) == [expected]


def model(kind: str, *fields: str, state: str = "Intact", identity: str = "x1") -> str:
    return f'<model type="{kind}" id="{identity}" deleted_state="{state}">{"".join(fields)}</model>'


def inner(name: str, *models: str) -> str:
    return f'<multiModelField name="{name}">{"".join(models)}</multiModelField>'


def owner(identifier: str) -> str:
    return model("Party", field("Identifier", identifier), field("IsPhoneOwner", "True"))


def at(text: str, name: str = "TimeStamp") -> str:
    return f'<field name="{name}" type="TimeStamp"><value type="TimeStamp" formattedTimestamp="{text}">x</value></field>'


SPOT = model("Coordinate", field("Longitude", "-0.12"), field("Latitude", "51.5"), field("Elevation", "20"))


def test_other_models_are_told_and_searched() -> None:
    rows = report(
        model("Note", field("Title", "by kea@mail.example"), at("2026-01-01T09:00:00+00:00"), state="Trash")
    )
    assert texts(rows, "Note") == [
        "Time: 2026-01-01T09:00:00+00:00; Deleted state: Trash",
        "Title: by kea@mail.example",
    ]
    assert found(rows) == [("email", "kea@mail.example")]
    assert [row.seen_at and row.seen_at.is_certain for row in rows if isinstance(row, Sighting)] == [True]


def test_a_place_is_in_the_table_of_places() -> None:
    rows = report(
        model(
            "Location", field("Name", "Park"), inner("Position", SPOT), at("2026-01-01T09:00:00+00:00"), field("Precision", "12 m"),
            field("Source", "Maps"), state="Trash",
        )
    )  # fmt: skip
    (place,) = traces(rows, "location")
    assert (place.text, place.latitude, place.longitude, place.accuracy) == ("Park", "51.5", "-0.12", "12 m")
    assert place.at
    assert place.at.is_certain
    assert place.facts == (("program", "Maps"), ("on the spot", "Elevation: 20"), ("deleted state", "Trash"))


def test_the_places_of_a_journey_are_places_too() -> None:
    rows = report(
        model(
            "Journey", field("Source", "Maps"), at("2026-01-01T09:00:00+00:00"),
            inner("FromPoint", model("Location", inner("Position", SPOT))),
            inner("WayPoints", *[model("Location", inner("Position", SPOT), at(f"2026-01-01T09:0{n}:00+00:00")) for n in (1, 2)]),
        )
    )  # fmt: skip
    times = [
        f"{place.at.instant:%H:%M}" for place in traces(rows, "location") if place.at and place.at.instant
    ]
    assert times == ["09:00", "09:01", "09:02"]


@pytest.mark.parametrize(
    ("sort", "role", "way"),
    [
        ("Incoming", "From", "in"), ("Outgoing", "To", "out"), ("Missed", "", "in"), ("Rejected", "From", "in"),
        ("", "From", "in"), ("Unknown", "To", "out"), ("", "", None),
    ],
)  # fmt: skip
def test_which_way_a_call_went(sort: str, role: str, way: str | None) -> None:
    one = model(
        "Call", field("Type", sort), field("Source", "WhatsApp"), field("Duration", "01:02:03"), field("VideoCall", "True"),
        parties(owner("447700900222@s.whatsapp.net"), party("447700900143@s.whatsapp.net", name="Wren", role=role)),
    )  # fmt: skip
    rows = report(one, one)
    for call in traces(rows, "call"):
        assert (call.direction, call.seconds) == (way, 3723.0)
        assert call.counterparts == ("Wren (447700900143@s.whatsapp.net)",)
        seen = [row for row in rows if isinstance(row, Sighting) and row.trace == call.number]
        assert {
            row.value.value for row in seen if row.person == call.person and row.value.kind == "phone"
        } == {"+447700900143"}
    assert len(traces(rows, "call")) == 2


def test_without_a_role_the_folder_tells_who_wrote() -> None:
    for folder, sender in (("Inbox", "+44 7700 900142"), ("Sent", None), ("", None)):
        rows = report(sms(field("Folder", folder), field("Body", "x"), parties(party("+44 7700 900142"))))
        assert [row.sender for row in messages(rows)] == [sender]


def test_the_owners_account_is_not_the_contacts() -> None:
    rows = report(
        model(
            "Contact", field("Name", "Wren"), field("Account", "kea@mail.example"), field("Source", "Google"),
            inner("Entries", model("PhoneNumber", field("Value", "447700900302@s.whatsapp.net"))),
        ),
        model("UserAccount", field("Username", "kea_1"), field("ServiceType", "Instagram"), field("ServerAddress", "192.0.2.7")),
        model("Chat", field("Source", "Kik"), field("Account", "kea_kik")),
        model("Password", field("Account", "kea_snap"), field("Service", "Snapchat")),
    )  # fmt: skip
    people = {row.key: row for row in rows if isinstance(row, Person)}
    owned = {(row.value.value, row.person) for row in rows if isinstance(row, Sighting)}
    (wren,) = [key for key, row in people.items() if row.names == ("Wren",)]
    assert {value for value, person in owned if person == wren} == {"wren", "+447700900302"}
    (kea,) = [person for value, person in owned if value == "kea@mail.example"]
    assert kea
    assert ("Account on the device", "yes") in people[kea].facts
    assert {"kik/kea_kik", "snapchat/kea_snap"} <= {value for value, _ in owned}
    assert ("192.0.2.7", None) in owned


def test_people_within_other_models_are_people() -> None:
    author = f'<modelField name="Author" type="Party">{party("wren_1", name="Wren")}</modelField>'
    shared = model(
        "Contact", field("Name", "Robin"), inner("Entries", model("UserID", field("Value", "robin_1")))
    )
    rows = report(
        model("SocialMediaActivity", field("Source", "Instagram"), author, field("Body", "hello")),
        model(
            "InstantMessage", field("Source", "Kik"), field("Body", "see"), inner("SharedContacts", shared)
        ),
        model(
            "SMS",
            parties(
                model("Party", field("Identifier", "+44 7700 900142"), field("IPAddresses", "192.0.2.8"))
            ),
        ),
    )
    assert [one for one in found(rows) if one[0] in ("account", "ip")] == [
        ("account", "instagram/wren_1"),
        ("account", "kik/robin_1"),
        ("ip", "192.0.2.8"),
    ]
    assert texts(rows, "SocialMediaActivity: Author") == ["Wren (wren_1)"]


def test_what_is_no_address_is_not_taken_for_one() -> None:
    rows = report(
        model("InstalledApplication", field("Name", "Kik"), field("Identifier", "kik.android")),
        model("Email", field("Source", "Gmail"), f'<modelField name="From">{party("Wren")}</modelField>'),
        '<model type="DeviceInfoEntry"><field name="Name"><value>Unique Device ID</value></field>'
        f"<field name='Value'><value>{'ab12' * 10}</value></field></model>",
        '<model type="DeviceInfoEntry"><field name="Name"><value>IMEI 2</value></field>'
        "<field name='Value'><value>356938035643809</value></field></model>",
        '<model type="DeviceInfoEntry"><field name="Name"><value>MAC Address</value></field>'
        "<field name='Value'><value>N/A</value></field></model>",
    )
    assert found(rows) == [
        ("display_name", "wren"),
        ("device", f"device:{'ab12' * 10}"),
        ("imei", "356938035643809"),
    ]
    assert not [row for row in rows if isinstance(row, NotUnderstood)]


def test_fields_that_an_agency_made_for_suspect_and_victim_tell_whose_value_it_is() -> None:
    fields = (("Examiner", "dc@police.example"), ("Suspect phone", "+44 7700 900142"), ("Victim", "Wren Example"), ("Victim", "w@mail.example"))  # fmt: skip
    case = "".join(f'<field name="{name}" fieldType="None">{text}</field>' for name, text in fields)
    rows = read(f"<project {NAMESPACE}><caseInformation>{case}</caseInformation></project>")
    assert [(row.value.value, row.role, row.pivot) for row in rows if isinstance(row, Sighting)] == [
        ("dc@police.example", "unknown", False), ("+447700900142", "suspect", True), ("wren example", "victim", True),
        ("w@mail.example", "victim", True),
    ]  # fmt: skip
    assert [(row.names, row.role) for row in rows if isinstance(row, Person)] == [
        (("Wren Example",), "victim")
    ]


def test_two_chats_of_one_name_are_two_threads() -> None:
    one = model("InstantMessage", field("Body", "x"))
    rows = report(
        *[
            model("Chat", field("Name", name), field("Id", identity), inner("Messages", one))
            for name, identity in (("Family", "a1"), ("Family", "a2"), ("", "a3"), ("", ""), ("", ""))
        ]
    )
    threads = [row.thread for row in messages(rows)]
    assert threads[:3] == ["Family", "Family (a2)", "a3"]
    assert len(set(threads)) == 5 - 1  # of the last two the file gives one id


def test_a_name_that_changed_and_a_time_that_cannot_be_read() -> None:
    late = "<field name='TimeStamp'><value>soonish</value></field>"
    rows = report(
        *[sms(parties(party("+44 7700 900142", name=name, role="From")), late) for name in ("Kea", "Wren")]
    )
    assert [one for one in found(rows) if one[0] == "display_name"] == [
        ("display_name", "kea"),
        ("display_name", "wren"),
    ]
    assert len([row for row in rows if isinstance(row, NotUnderstood) and "soonish" in row.text]) == 2


def test_strange_models_are_rows() -> None:
    rows = report(
        "<model/>", '<model type="SMS"/>', '<model type="Call"><multiModelField name="Parties"/></model>',
        '<model type="InstantMessage"><field name="Body"/></model>', '<model type="Contact"><multiModelField name="Entries"><model/></multiModelField></model>',
        sms(field("TimeStamp", "soon"), parties(party(""), party("…"), party("!!", name="!!"))),
    )  # fmt: skip
    assert (len(messages(rows)), len(traces(rows, "call"))) == (3, 1)
    assert not any(isinstance(row, Failed) for row in rows)


def test_cut_hostile_and_limited_files() -> None:
    whole = EXAMPLE.read_bytes()
    rows = read(whole[: whole.index(b"from the club") + 4])
    assert (len(messages(rows)), len(traces(rows, "call"))) == (4, 1)
    assert len([row for row in rows if isinstance(row, Failed)]) == 1
    assert not any("from" in row.text for row in rows if isinstance(row, FreeText))
    rows = read(f"<!DOCTYPE a [<!ENTITY x 'y'>]><project {NAMESPACE}/>")
    assert any("document type" in row.reason for row in rows if isinstance(row, Failed))
    rows = read(f"<project {NAMESPACE}><d>{sms() * 5}</d></project>", max_rows=3)
    assert len(messages(rows)) == 3


def test_a_long_chat_is_read_message_by_message() -> None:
    one = f'<model type="InstantMessage">{field("Body", "Hello")}<modelField name="From">{party("kea1")}</modelField></model>'
    before = time.process_time()
    rows = report(
        f'<model type="Chat">{field("Name", "Birds")}<multiModelField name="Messages" type="InstantMessage">{one * 30_000}</multiModelField></model>'
    )
    assert len(messages(rows)) == 30_000
    assert {row.thread for row in messages(rows)} == {"Birds"}
    assert time.process_time() - before < 60


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared sample files are not here")
def test_the_shared_fragment() -> None:
    rows = read(SHARED.read_bytes())
    tree = etree.parse(str(SHARED))
    count = tree.xpath("count(/model/multiModelField[@name='Messages']/model)")
    assert len(messages(rows)) == count
    bodies = tree.xpath("/model/multiModelField[@name='Messages']/model/field[@name='Body']/value/text()")
    assert [row.text for row in messages(rows) if row.text] == [str(body).strip() for body in bodies]
    # A party's number and that of a shared contact: neither was ever given out.
    assert len([row for row in rows if isinstance(row, NotUnderstood)]) == 2
