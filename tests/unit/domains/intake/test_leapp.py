"""LEAPP output: what a row of an artefact is, is told by its columns; the same artefact reads alike in all its forms."""

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake import sources
from cets.domains.intake.rows import (
    AmbiguousPart,
    AnyRow,
    Failed,
    FreeText,
    Message,
    NotUnderstood,
    Person,
    Sighting,
    Trace,
)
from cets.domains.intake.sources.base import Options
from unit.domains.intake.leapp_samples import (
    ALL,
    CALLS,
    GROUP,
    PLACES,
    SMS,
    VISITS,
    WIFI,
    Table,
    lava,
    manifest,
    single,
    tsv,
)
from unit.domains.intake.sqlite_samples import NOON, UNIX, chrome, database


def read(data: bytes, options: Options | None = None) -> list[AnyRow]:
    return list(sources.all_sources()["leapp"].read(io.BytesIO(data), options or Options(country="GB")))


def recognised(data: bytes) -> str | None:
    found = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
    return found.name if found else None


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def traces(rows: list[AnyRow]) -> list[Trace]:
    return [row for row in rows if isinstance(row, Trace)]


def values(rows: list[AnyRow]) -> set[tuple[str, str]]:
    return {(row.value.kind, row.value.value) for row in rows if isinstance(row, Sighting)}


def test_each_form_is_told_by_its_content_and_nothing_else_is_taken() -> None:
    for data in (
        lava(),
        lava(*ALL),
        manifest(SMS),
        single(CALLS),
        tsv(SMS),
        tsv(GROUP, mark=""),
        tsv(VISITS),
        tsv(PLACES),
    ):
        assert recognised(data) == "leapp"
    others = (
        chrome(), database("create table sms(a)"), b'{"metadata": {"a": 1}, "headers": [], "data": []}', b"Name\tMail\tAge\tTown\nA\ta@mail.example\t3\tX\n",
        tsv(("Any", ["Timestamp", "CPU", "Memory", "State"], [[UNIX, "1", "2", "idle"]])),
    )  # fmt: skip
    for data in others:
        assert recognised(data) != "leapp"


def test_a_message_has_its_sender_by_the_way_it_went() -> None:
    rows = read(lava(SMS))
    first, second = messages(rows)
    assert (first.text, first.sender, first.thread) == (
        "Write to kea@mail.example",
        "+447700900142",
        "+447700900142",
    )
    assert first.sent_at is not None
    assert (first.sent_at.instant, first.sent_at.zone) == (NOON, "UTC")
    assert first.place == "row 1 of table smsimessagemessages"
    assert dict(first.headers)["read_timestamp"] == "2026-03-13 14:01:00 UTC"
    assert (second.sender, second.recipients) == ("owner of the device", ("+447700900142",))
    assert second.attachments == ("private/var/kite.jpg (image/jpeg)",)
    assert {("email", "kea@mail.example"), ("phone", "+447700900142")} <= values(rows)


def test_a_call_has_its_length_and_the_whole_number_counts_for_the_one_without_its_country() -> None:
    rows = read(lava(CALLS))
    (call,) = traces(rows)
    assert (call.kind, call.direction, call.seconds, call.text) == ("call", "out", 95.0, "Robin Placeholder")
    assert call.until is not None
    assert call.until.raw == str(UNIX + 95)
    phones = [row for row in rows if isinstance(row, Sighting) and row.value.kind == "phone"]
    assert {row.value.value for row in phones} == {"+12025550142"}, "a British one would be somebody else's"
    assert {("contact_id", "12025550142@s.whatsapp.net"), ("phone_number", "(202) 555-0142")} <= set(
        call.facts
    )
    assert [row.role for row in rows if isinstance(row, Person)] == ["unknown"]


def test_a_group_is_a_room_and_nobody() -> None:
    rows = read(single(GROUP))
    first, second = messages(rows)
    assert (first.thread, first.sender) == ("Kite club", None)
    assert (second.sender, second.sender_person) == ("Robin Placeholder", "phone +12025550142")
    assert {name for row in rows if isinstance(row, Person) for name in row.names} == {"Robin Placeholder"}
    assert ("phone", "+447700900123") in values(rows)


def test_visits_places_and_what_nobody_knows_are_traces() -> None:
    visit, place, wifi = traces(read(lava(VISITS, PLACES, WIFI)))
    assert (visit.kind, visit.url, visit.text) == ("visit", "https://forum.harbour.example/17", "Kite makers")
    assert (place.kind, place.latitude, place.longitude, place.accuracy) == (
        "location",
        "51.5007",
        "-0.1246",
        "12.5",
    )
    assert (wifi.kind, dict(wifi.facts)["ssid"]) == ("event", "harbour")
    assert ("ip", "192.0.2.7") in values(read(lava(WIFI)))


@pytest.mark.parametrize("order", [("Outgoing", "Incoming"), ("Incoming", "Outgoing")])
def test_whose_account_it_is_is_told_by_the_way_a_message_went(order: tuple[str, str]) -> None:
    """Who is named as the sender of what went out, or as the receiver of what came in, whichever stands first."""
    names = {"Outgoing": ("robin_blue", "wren_grey"), "Incoming": ("wren_grey", "robin_blue")}
    rows = [[UNIX + number, way, *names[way], "Hi"] for number, way in enumerate(order)]
    table: Table = ("Kite messages", ["Timestamp", "Direction", "Sender", "Receiver", "Message"], rows)
    people = {row.names or (row.key,): row for row in read(single(table)) if isinstance(row, Person)}
    owners = [row for row in people.values() if ("Role in the chats", "whose account this is") in row.facts]
    assert len(people) == 2
    assert ["robin_blue" in str(row) for row in owners] == [True]


def test_a_bare_number_tells_the_way_only_where_the_heading_asks_for_it() -> None:
    for heading, value, sender in (
        ("Type", "1", None),
        ("Is From Me", "1", "owner of the device"),
        ("From Me", "No", None),
        ("Type", "Sent", "owner of the device"),
    ):
        table: Table = (
            "SMS messages",
            ["Timestamp", heading, "Message", "Chat ID"],
            [[UNIX, value, "Hi", "17"]],
        )
        (message,) = messages(read(single(table)))
        assert message.sender == sender, "1 is “received” among Android's types"


def test_bare_digits_are_a_telephone_only_where_something_says_so() -> None:
    def phones(name: str, heading: str, text: str) -> set[str]:
        table: Table = (
            name,
            ["Timestamp", "Direction", heading, "Message"],
            [[UNIX, "Incoming", text, "Hi"]],
        )
        (found,) = {
            frozenset(value for kind, value in values(read(form(table))) if kind == "phone")
            for form in (single, lava)
        }
        return set(found)

    assert phones("Instagram Messages", "Sender ID", "447700900142") == set(), "the number of an account"
    assert phones("Instagram Messages", "Sender ID", "+447700900142") == {"+447700900142"}
    assert phones("SMS messages", "Sender ID", "07700900142") == {"+447700900142"}
    assert phones("Chats", "Sender Phone Number", "07700900142") == {"+447700900142"}


def test_a_platform_is_read_from_the_name_and_numbers_in_brackets_are_its_accounts() -> None:
    table: Table = (
        "Telegram Messages",
        ["Timestamp", "Direction", "Author ID", "Text"],
        [[UNIX, "Incoming", "Wren (55501)", "Hi"]],
    )
    assert {("account", "telegram/id:55501"), ("display_name", "wren")} <= values(read(single(table)))
    unnamed: Table = ("Messages", *table[1:])
    assert not [kind for kind, _ in values(read(single(unnamed))) if kind == "account"]


def test_times_without_a_zone_are_said_once_and_never_certain() -> None:
    rows = read(
        tsv(
            (
                "x",
                ["Timestamp", "Direction", "Sender", "Message"],
                [[f"2026-03-1{day} 14:00:00", "in", "Wren", "a"] for day in range(5)],
            )
        )
    )
    assert all(message.sent_at is not None and message.sent_at.instant is None for message in messages(rows))
    assert len([row for row in rows if isinstance(row, AmbiguousPart)]) == 1
    rows = read(
        tsv(
            (
                "x",
                ["Timestamp", "Direction", "Sender", "Message"],
                [["2026-03-13 14:00:00+00:00", "in", "Wren", "a"]],
            )
        )
    )
    (message,) = messages(rows)
    assert message.sent_at is not None
    assert message.sent_at.instant == NOON


def test_a_description_tells_what_was_found_and_which_module_failed() -> None:
    rows = read(
        manifest(
            SMS, modules=[{"module_name": "telegram", "module_status": "Error"}], new="mail kea@mail.example"
        )
    )
    said = " ".join(row.text for row in rows if isinstance(row, NotUnderstood))
    assert "telegram of the LEAPP ended as “Error”" in said
    assert "/new" in said
    assert "SMS & iMessage - Messages: 2 records from private/var/mobile/sms.db" in {
        row.text for row in rows if isinstance(row, FreeText)
    }


def test_rows_with_more_cells_than_headings_and_limits_are_said() -> None:
    rows = read(tsv(SMS) + b"a\t" * 12 + b"\n")
    assert any("under 7 headings" in row.text for row in rows if isinstance(row, NotUnderstood))
    for data in (lava(SMS), single(SMS), tsv(SMS)):
        rows = read(data, Options(max_rows=1))
        assert len(messages(rows)) == 1
        assert "limit of 1" in next(row.reason for row in rows if isinstance(row, Failed))


@pytest.mark.parametrize("table", ALL, ids=lambda table: table[0])
def test_an_artefact_reads_alike_in_its_forms(table: Table) -> None:
    def told(rows: list[AnyRow]) -> list[Any]:
        return [(row.sender, row.text, row.sent_at) for row in messages(rows)] + [
            (row.kind if kinds else "", row.text, row.url, row.latitude, row.seconds) for row in traces(rows)
        ]

    kinds = True
    assert told(read(lava(table))) == told(read(single(table)))
    assert values(read(lava(table))) == values(read(single(table)))


_WORDS = st.text(
    st.characters(min_codepoint=33, exclude_categories=("Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Cn", "N")),
    min_size=1,
    max_size=10,
)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=5).map(" ".join)
_ROWS = st.lists(
    st.tuples(
        st.integers(1_000_000_000, 4_000_000_000),
        st.sampled_from(["Incoming", "Outgoing"]),
        st.integers(100, 199),
        _TEXTS,
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(_ROWS, st.sampled_from(["db", "json", "tsv"]))
def test_what_is_written_is_read(rows: list[tuple[int, str, int, str]], form: str) -> None:
    table: Table = (
        "WhatsApp - Messages",
        [("Timestamp", "datetime"), "Direction", "Sender Name", "From ID", "Message"],
        [
            [at, way, f"Bird {number}", f"12025550{number}@s.whatsapp.net", text]
            for at, way, number, text in rows
        ],
    )
    if form == "tsv":
        rows = [(at, way, number, text.replace('"', "'")) for at, way, number, text in rows]
        table = (table[0], table[1], [[*row[:4], str(row[4]).replace('"', "'")] for row in table[2]])

    found = read(lava(table) if form == "db" else single(table) if form == "json" else tsv(table))

    assert [row for row in found if isinstance(row, Failed)] == []
    written = [(at, f"Bird {number}", text) for at, _, number, text in rows]
    assert [
        (
            int(one.sent_at.instant.timestamp()) if one.sent_at and one.sent_at.instant else 0,
            one.sender,
            one.text,
        )
        for one in messages(found)
    ] == written
    assert {value for kind, value in values(found) if kind == "phone"} == {
        f"+12025550{number}" for _, _, number, _ in rows
    }


# --- whose an address is, and what is none ---------------------------------------------------------------

IPHONE_SMS: Table = (
    "SMS - iMessage",
    ["Message Timestamp", "Message", "Message Direction", "Account", "Account Login", "Chat Contact ID", "Chat ID"],
    [
        ["2026-03-13 14:00:00+00:00", "hello", "Incoming", "P:+447700900222", "E:kea@mail.example", "+447700900333", "1"],
        ["2026-03-13 14:01:00+00:00", "hi", "Outgoing", "P:+447700900222", "E:kea@mail.example", "+447700900333", "1"],
    ],
)  # fmt: skip


@pytest.mark.parametrize("form", [tsv, single])
def test_the_account_of_the_device_is_not_the_other_side(form: Any) -> None:
    rows = read(form(IPHONE_SMS))
    first, second = messages(rows)
    assert (first.sender, first.recipients) == ("+447700900333", ())
    assert (second.sender, second.recipients) == ("owner of the device", ("+447700900333",))
    assert values(rows) == {
        ("phone", "+447700900222"),
        ("email", "kea@mail.example"),
        ("phone", "+447700900333"),
    }
    assert {
        row.person for row in rows if isinstance(row, Sighting) and row.value.value == "+447700900333"
    } == {first.sender_person}
    assert not [row for row in rows if isinstance(row, NotUnderstood)]


def test_addresses_within_a_program_are_no_mail_and_names_of_programs_no_hosts() -> None:
    kik: Table = (
        "Kik Users",
        ["Timestamp", "JID", "LID", "Room", "Bundle ID"],
        [
            ["2026-03-13 14:00:00+00:00", "fern_c_x9z@talk.kik.com", "120000000001@lid", "120363000000000001@g.us", "com.example.kik"]
        ],
    )  # fmt: skip
    assert values(read(single(kik))) == {
        ("account", "kik/fern_c"), ("account", "whatsapp/id:120000000001"), ("group", "whatsapp/120363000000000001"),
    }  # fmt: skip


def test_user_names_of_a_table_alone_are_user_names_of_an_unknown_platform() -> None:
    table: Table = (
        "Any",
        ["Timestamp", "Sender Username", "Sender Display Name", "Message", "Receiver Username"],
        [["2026-03-13 14:00:00+00:00", "robin_b", "Robin", "hi", "fern_c"]],
    )
    rows = read(tsv(table))
    assert {("handle", "robin_b"), ("handle", "fern_c"), ("display_name", "robin")} <= values(rows)
    (message,) = messages(rows)
    assert (message.sender, message.recipients) == ("Robin", ("fern_c",))
