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
        ("system", "Call, Outgoing; duration: 00:01:05", None, None, ("+44 7700 900143",), "Call k1"),
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
    assert sent == [True, None, True, False, None]
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
    (page,) = [row for row in rows if isinstance(row, Sighting) and row.event == "VisitedPage"]
    assert page.value.value == "https://otherapp.example/bridges"
    assert page.seen_at
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
        ("Telegram", "55501", ("account", "telegram/id:55501")),
        ("ExampleChat", "Kea_1", ("account", "examplechat/kea_1")),
        ("ExampleChat", "Kea Blue", ("display_name", "kea blue")),
        ("iMessage", "kea@mail.example", ("email", "kea@mail.example")),
    ],
)
def test_identifiers_by_form_and_program(source: str, identifier: str, expected: tuple[str, str]) -> None:
    rows = report(sms(parties(party(identifier, role="From")), source=source))
    assert found(rows) == [expected]


def test_other_models_are_told_and_searched() -> None:
    inner = f'<modelField name="Position" type="Coordinate"><model type="Coordinate">{field("Latitude", "51.5")}</model></modelField>'
    rows = report(
        f'<model type="Location" id="l" deleted_state="Trash">{field("Name", "by kea@mail.example")}{inner}</model>'
    )
    assert texts(rows, "Location") == [
        "Name: by kea@mail.example; Position.Latitude: 51.5; Deleted state: Trash"
    ]
    assert found(rows) == [("email", "kea@mail.example")]


def test_strange_models_are_rows() -> None:
    rows = report(
        "<model/>", '<model type="SMS"/>', '<model type="Call"><multiModelField name="Parties"/></model>',
        '<model type="InstantMessage"><field name="Body"/></model>', '<model type="Contact"><multiModelField name="Entries"><model/></multiModelField></model>',
        sms(field("TimeStamp", "soon"), parties(party(""), party("…"), party("!!", name="!!"))),
    )  # fmt: skip
    assert len(messages(rows)) == 4
    assert not any(isinstance(row, Failed) for row in rows)


def test_cut_hostile_and_limited_files() -> None:
    whole = EXAMPLE.read_bytes()
    rows = read(whole[: whole.index(b"from the club") + 4])
    assert len(messages(rows)) == 5
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
    assert len([row for row in rows if isinstance(row, NotUnderstood)]) == 1
