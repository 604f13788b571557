"""Legal returns: pages of Meta and Google, tables of Snap, logs of Kik, told by their content."""

import html
import io
import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake import sources
from cets.domains.intake.rows import (
    AnyRow,
    ColumnMap,
    FreeText,
    Message,
    NotUnderstood,
    Person,
    Sighting,
    Summary,
    Trace,
)
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.provider_return.fields import fields

US = Options(country="US")


def read(text: str, expected: str) -> list[AnyRow]:
    data = text.encode()
    source = sources.recognise(data, len(data))
    assert source.name == expected
    return list(source.read(io.BytesIO(data), US))


def sightings(rows: list[AnyRow]) -> list[Sighting]:
    return [row for row in rows if isinstance(row, Sighting)]


def values(rows: list[AnyRow]) -> list[str]:
    return [row.value.value for row in sightings(rows)]


def only(rows: list[AnyRow], value: str) -> Sighting:
    (one,) = [row for row in sightings(rows) if row.value.value == value]
    return one


def as_tables(*pairs: tuple[str, str]) -> str:
    return "".join(f"<table><tr><th>{label}</th><td>{value}</td></tr></table>" for label, value in pairs)


def as_boxes(*pairs: tuple[str, str]) -> str:
    cell = '<div style="display:table-cell"><div>{}</div></div>'
    return "".join(
        f'<div class="div_table" style="display:table">{label}{cell.format(value)}</div>'
        for label, value in pairs
    )


def page(laid_out, *sections: tuple[str, str], service: str = "Instagram") -> str:
    first = f'<div id="property-request_parameters">{laid_out(("Service", service))}</div>'
    return (
        "<html><body>"
        + first
        + "".join(f'<div id="property-{name}">{body}</div>' for name, body in sections)
        + "</body></html>"
    )


def as_boxes_with_breaks(*pairs: tuple[str, str]) -> str:
    """Where a page may break there is a box with nothing in it, behind every value."""
    box = '<div class="t o"><div class="t i">{}<div class="m"><div>{}<div class="p"></div></div></div></div></div>'
    return "".join(box.format(label, value) for label, value in pairs)


LAYOUTS = pytest.mark.parametrize("laid_out", [as_tables, as_boxes, as_boxes_with_breaks])


# --- pages ----------------------------------------------------------------------------------------


@LAYOUTS
def test_an_address_is_seen_at_the_time_beside_it(laid_out) -> None:
    body = laid_out(
        ("IP Address", "203.0.113.24"),
        ("Time", "2026-02-14 09:15:22 UTC"),
        ("IP Address", "203.0.113.25"),
        ("Time", "2026-02-15 00:00:00 UTC"),
    )
    rows = read(page(laid_out, ("ip_addresses", body)), "provider_return")

    assert [(row.value.value, row.seen_at.instant.day, row.person, row.role) for row in sightings(rows)] == [
        ("203.0.113.24", 14, "account holder", "unknown"),
        ("203.0.113.25", 15, "account holder", "unknown"),
    ]


@LAYOUTS
def test_a_message_has_its_author_thread_time_and_files(laid_out) -> None:
    inner = laid_out(
        ("Author", "Kim Larch (Facebook: 100000000000001)"), ("Sent", "2026-02-14 09:20:00 UTC"), ("Body", "one &lt;b&gt; two"),
        ("Linked Media File:", "linked_media/a.jpg"), ("Linked Media File:", "linked_media/b.jpg"),
        ("Author", "Robin (Facebook: 100000000000002)"), ("Sent", "2026-02-14 09:21:00 UTC"), ("Body", "three"),
    )  # fmt: skip
    rows = read(
        page(laid_out, ("unified_messages", laid_out(("Thread", f"(340282){inner}"))), service="Facebook"),
        "provider_return",
    )

    first, second = [row for row in rows if isinstance(row, Message)]
    assert (first.text, first.thread, first.attachments) == (
        "one <b> two",
        "340282",
        ("linked_media/a.jpg", "linked_media/b.jpg"),
    )
    assert first.sent_at.instant.isoformat() == "2026-02-14T09:20:00+00:00"
    assert (second.text, second.sender_person) == ("three", "Facebook 100000000000002")
    assert {row.key: row.names for row in rows if isinstance(row, Person)} == {
        "Facebook 100000000000001": ("Kim Larch",), "Facebook 100000000000002": ("Robin",),
    }  # fmt: skip


@LAYOUTS
def test_everybody_who_is_named_is_met(laid_out) -> None:
    friends = "Kim Larch (Facebook: 100000000000001)<br/>robin_b (Instagram: 17841400000001) [Robin Birch]"
    body = laid_out(
        ("Friends", friends), ("Bio", "ask me (anything)"), ("Current Participants", "2026-02-14 09:20:00 UTC<br/>wren_b<br/>4real_fern"),
    )  # fmt: skip
    rows = read(page(laid_out, ("friends", body), ("name", laid_out(("First", "Fern")))), "provider_return")
    met = {row.value.value for row in sightings(rows)}
    assert met >= {
        "facebook/id:100000000000001", "instagram/id:17841400000001", "kim larch", "robin_b", "wren_b", "4real_fern", "fern",
    }  # fmt: skip
    assert only(rows, "fern").person == "account holder"
    assert not [row for row in rows if isinstance(row, NotUnderstood)]


@LAYOUTS
def test_a_report_to_ncmec_is_told_by_its_number_and_of_no_person(laid_out) -> None:
    body = laid_out(
        ("CyberTip ID", "990000301"),
        ("Time", "2026-02-14 09:15:22 UTC"),
        ("Responsible Id", "17841400000001"),
    )
    rows = read(page(laid_out, ("ncmec_reports", body)), "provider_return")

    assert only(rows, "ncmec:990000301").value.kind == "report_number"
    assert only(rows, "instagram/id:17841400000001").person is None


@LAYOUTS
def test_a_label_that_is_not_known_is_counted_and_its_text_searched(laid_out) -> None:
    body = laid_out(("Favourite Mailbox", "kim.larch@post.example"))
    rows = read(page(laid_out, ("extras", body)), "provider_return")

    assert only(rows, "kim.larch@post.example").way == "mentioned"
    assert [
        "Favourite Mailbox" in row.text and "(1 times)" in row.text
        for row in rows
        if isinstance(row, NotUnderstood)
    ] == [True]


def test_what_a_provider_explains_is_no_evidence() -> None:
    body = as_boxes(("Ip Addresses Definition", "such as 192.0.2.1")) + as_boxes(
        ("IP Addresses", "No responsive records located")
    )
    assert not sightings(read(page(as_boxes, ("ip_addresses", body)), "provider_return"))


def test_words_beside_a_number_are_no_part_of_it() -> None:
    body = as_tables(
        ("Phone Numbers", "+12025550143 Cell Verified on 2025-11-02 08:15:00 UTC<br>+12025550144 [US]")
    )
    assert values(read(page(as_tables, ("phone_numbers", body)), "provider_return")) == [
        "+12025550143",
        "+12025550144",
    ]


def test_other_peoples_addresses_are_not_the_holders() -> None:
    body = as_tables(("Email", "rowan@post.example"))
    assert (
        only(
            read(page(as_tables, ("address_book_info", body)), "provider_return"), "rowan@post.example"
        ).person
        is None
    )


def test_googles_table_of_activity_is_read_by_its_headings() -> None:
    rows = read(
        "<h2>GOOGLE SUBSCRIBER INFORMATION</h2><ul><li>Google Account ID: 533350449</li><li>Created on: 2024-05-01 06:07:08 Z</li></ul>"
        "<h2>IP ACTIVITY</h2><table><tr><th>Timestamp</th><th>IP Address</th><th>Activity Type</th></tr>"
        "<tr><td>2026-02-25 04:34:32 Z</td><td>203.0.113.32</td><td>Login</td></tr>"
        "<tr><td>2026-02-26 04:34:32 Z</td><td></td><td>Logout</td></tr></table>",
        "provider_return",
    )

    login = only(rows, "203.0.113.32")
    assert (login.event, login.seen_at.instant.isoformat()) == ("Login", "2026-02-25T04:34:32+00:00")
    assert only(rows, "google/id:533350449").seen_at is None
    assert [row.platform for row in rows if isinstance(row, Summary)] == ["Google"]


def test_a_page_of_anything_else_is_not_claimed() -> None:
    data = b"<html><body><table><tr><th>IP Address</th><td>203.0.113.1</td></tr></table></body></html>"
    source = sources.recognise(data, len(data))
    assert source is None or source.name != "provider_return"


LABELS = st.text(string.ascii_letters, min_size=1, max_size=12)
TEXTS = st.text(string.ascii_letters + string.digits + " <>&\"'é.", min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
PAIRS = st.lists(st.tuples(LABELS, TEXTS.filter(bool)), min_size=1, max_size=12)


@LAYOUTS
@settings(max_examples=80, deadline=None)
@given(pairs=PAIRS)
def test_labels_and_values_are_found_again_at_their_places(laid_out, pairs: list[tuple[str, str]]) -> None:
    written = page(laid_out, ("any", laid_out(*((label, html.escape(text)) for label, text in pairs))))
    found = [field for field in fields(io.StringIO(written)) if field.section == "any"]

    assert [(field.label, field.value) for field in found] == pairs
    for field in found:
        assert html.unescape(written[field.at :]).startswith(field.value[0])


# --- Snap -----------------------------------------------------------------------------------------

SNAP = (
    '"Legend\nusername: the name"\n==========\nusername,user_id,email_address,created,creation_ip\n'
    "kim_larch7,9f6b1c4e-1d2a-4c55-8a64-0d9f1e2b3c4d,kim.larch@post.example,2025-11-02 08:15:00 UTC,203.0.113.24\n"
    '"Legend\nip: the address"\n==========\nip,type,timestamp\n203.0.113.25,login,2026-02-14 09:15:22 UTC\n'
)


def test_each_table_of_a_file_of_snap_has_its_map_and_the_lines_of_the_file() -> None:
    rows = read(SNAP, "snap_return")

    assert [(row.sheet, row.heading_row) for row in rows if isinstance(row, ColumnMap)] == [
        ("username (1)", 4),
        ("ip (2)", 9),
    ]
    assert only(rows, "snapchat/kim_larch7").place == "sheet “username (1)”, row 5, column Snapchat username"
    assert only(rows, "203.0.113.25").seen_at.instant.isoformat() == "2026-02-14T09:15:22+00:00"
    assert "snapchat/id:9f6b1c4e-1d2a-4c55-8a64-0d9f1e2b3c4d" in values(rows)
    assert any(isinstance(row, FreeText) and "the address" in row.text for row in rows)


@pytest.mark.parametrize(
    ("headings", "cells", "account"),
    [
        ("id,email,phone_status,creation_ip", "kim.larch7,kim.larch@post.example,verified,203.0.113.24", "kim.larch7"),
        ("id,email,phone_status,creation_ip", "9f6b1c4e-1d2a-4c55-8a64-0d9f1e2b3c4d,,verified,203.0.113.24", "id:9f6b1c4e-1d2a-4c55-8a64-0d9f1e2b3c4d"),
        ("username,id,creation_ip", "rowan,kim7,203.0.113.24", "id:kim7"),
    ],
)  # fmt: skip
def test_the_id_of_an_account_of_snap_is_no_number_of_a_row(headings: str, cells: str, account: str) -> None:
    rows = read(f'"Legend"\n==========\n{headings}\n{cells}\n', "snap_return")

    assert only(rows, f"snapchat/{account}").way == "declared"
    assert only(rows, f"snapchat/{account}").person == only(rows, "203.0.113.24").person
    assert "kim.larch7" not in values(rows), "no site of that name"


def test_the_id_of_a_thing_of_snap_is_no_account() -> None:
    rows = read('"Legend"\n==========\nid,latitude,latitude_accuracy\nkim7,1.0,2.0\n', "snap_return")

    assert not [value for value in values(rows) if value.startswith("snapchat/")]


def test_a_conversation_of_snap_is_messages() -> None:
    rows = read(
        '"Target username kim_larch7"\n=====\nsender_username,recipient_username,text,timestamp,conversation_id,is_saved\n'
        'kim_larch7,rowan_t,"hello, you",2026-02-14 09:20:00 UTC,c1,true\n',
        "snap_return",
    )

    (message,) = [row for row in rows if isinstance(row, Message)]
    assert (message.text, message.sender, message.recipients, message.thread) == (
        "hello, you",
        "kim_larch7",
        ("rowan_t",),
        "c1",
    )
    assert message.headers == (("is_saved", "true"),)
    assert values(rows) == ["kim_larch7", "snapchat/kim_larch7", "snapchat/rowan_t"]


CONVERSATION = (
    '"Target username kim_larch7"\n=====\nconversation_id,conversation_title,sender_username,sender_user_id,recipient_username,'
    "recipient_user_id,text,media_id,group_member_usernames,group_member_user_ids,upload_ip,source_port_number,timestamp\n"
)
SENT = "2026-02-14 09:20:00 UTC"


def test_where_a_message_of_snap_was_sent_from_is_its_senders_address() -> None:
    rows = read(
        f"{CONVERSATION}c1,ask at fern@post.example,kim_larch7,u-1,rowan_t,u-2,hello,b~1;b~2,,,203.0.113.24,51514,{SENT}\n",
        "snap_return",
    )

    address = only(rows, "203.0.113.24")
    assert (address.person, address.port, address.message) == ("kim_larch7", 51514, 1)
    assert address.seen_at.instant.isoformat() == "2026-02-14T09:20:00+00:00"
    assert only(rows, "fern@post.example").place == "row 4, column conversation_title"
    (message,) = [row for row in rows if isinstance(row, Message)]
    assert message.attachments == ("b~1", "b~2")
    assert ("conversation_title", "ask at fern@post.example") in message.headers


@pytest.mark.parametrize("sign", [";", "; ", ","])
def test_several_receivers_of_snap_are_several_people(sign: str) -> None:
    names, ids = sign.join(("rowan_t", "fern_b")), sign.join(("u-2", "u-3"))
    rows = read(
        f'{CONVERSATION}c1,,kim_larch7,u-1,"{names}","{ids}",hello,,,,,,{SENT}\nc1,,fern_b,u-3,kim_larch7,u-1,hi,,,,,,{SENT}\n',
        "snap_return",
    )

    whose = {(row.value.value, row.person) for row in sightings(rows) if row.value.kind == "account"}
    assert {
        ("snapchat/rowan_t", "rowan_t"),
        ("snapchat/fern_b", "fern_b"),
        ("snapchat/id:u-3", "fern_b"),
    } <= whose
    assert (
        not {("snapchat/id:u-2", "rowan_t"), ("snapchat/id:u-2", "fern_b")} & whose
    )  # nobody says whose it is
    assert next(row for row in rows if isinstance(row, Message)).recipients == ("rowan_t", "fern_b")
    assert not any(isinstance(row, NotUnderstood) for row in rows)


def test_a_group_of_snap_and_whoever_has_but_a_number_are_met() -> None:
    rows = read(
        f"{CONVERSATION}c1,,,u-9,,u-8,hello,,rowan_t;fern_b,u-2;u-3,,,{SENT}\n",
        "snap_return",
    )

    (message,) = [row for row in rows if isinstance(row, Message)]
    assert (message.sender, message.sender_person, message.recipients) == ("u-9", "u-9", ("u-8",))
    accounts = {f"snapchat/{one}" for one in ("rowan_t", "fern_b", "id:u-2", "id:u-3", "id:u-8", "id:u-9")}
    assert accounts <= set(values(rows))


def test_a_friend_of_snaps_is_not_the_account_in_whose_list_he_is() -> None:
    rows = read(
        '"Legend"\n=====\n\nusername,user_id,friend_username,friend_user_id,status\nkim_larch7,u-1,rowan_t,u-2,ADDED\n',
        "snap_return",
    )

    assert only(rows, "snapchat/kim_larch7").person == only(rows, "snapchat/id:u-1").person
    assert only(rows, "snapchat/kim_larch7").person is not None
    assert only(rows, "snapchat/rowan_t").person is only(rows, "snapchat/id:u-2").person is None


def test_a_table_under_a_line_of_equals_signs_is_not_snaps_by_that_alone() -> None:
    data = b"Sales\n=====\nitem,price\nbridge,12\nriver,14\n"
    source = sources.recognise(data, len(data))
    assert source is None or source.name != "snap_return"


# --- Kik ------------------------------------------------------------------------------------------


def test_a_line_of_kik_is_told_by_the_look_of_its_cells() -> None:
    rows = read(
        "1771060522000\tkim_larch7_abc\t203.0.113.24\t51514\t2026/02/14 09:15:22 UTC\tbind\n" * 2,
        "kik_return",
    )

    address = sightings(rows)[1]
    assert (address.value.value, address.port, address.person) == ("203.0.113.24", 51514, "kim_larch7_abc")
    assert address.seen_at.instant.isoformat() == "2026-02-14T09:15:22+00:00"
    assert any(isinstance(row, NotUnderstood) and "no headings" in row.text for row in rows)


def test_an_address_beside_another_user_is_nobodys() -> None:
    rows = read(
        "1771060522000\tkim_larch7_abc\trowan_t_xyz\t3\t203.0.113.24\t2026/02/14 09:15:22 UTC\n", "kik_return"
    )

    (trace,) = [row for row in rows if isinstance(row, Trace)]
    assert trace.counterparts == ("rowan_t_xyz",)
    assert only(rows, "203.0.113.24").person is None
    assert only(rows, "kik/rowan_t_xyz").person is None
    assert {row.role for row in sightings(rows)} == {"unknown"}


@pytest.mark.parametrize("program", ["com.kik.ext.gallery", "image", "com.kik.ext.video-camera"])
def test_the_program_of_a_platform_message_is_no_user(program: str) -> None:
    rows = read(
        f"1771060522000\tkim_larch7_abc\trowan_t_xyz\t{program}\t4a1c0bdc-3ceb-41c0-989d-afe622eacc42\t203.0.113.24\t2026/02/14 09:15:22 UTC\n",
        "kik_return",
    )
    assert values(rows) == ["kik/kim_larch7_abc", "kik/rowan_t_xyz", "203.0.113.24"]
    (trace,) = [row for row in rows if isinstance(row, Trace)]
    assert trace.counterparts == ("rowan_t_xyz",)
    assert ("cell 4", program) in trace.facts


def test_behind_a_group_of_kik_stands_who_got_the_message() -> None:
    rows = read(
        "1771060522000\tkim_larch7_abc\t1100214678912_g\trowan_t_xyz\tcom.kik.ext.gallery\t4a1c0bdc-3ceb-41c0-989d-afe622eacc42\tREDACTED\t2026/02/14 09:15:22 UTC\n",
        "kik_return",
    )
    assert values(rows) == ["kik/kim_larch7_abc", "kik/1100214678912_g", "kik/rowan_t_xyz"]


def test_a_line_that_is_not_like_the_others_is_kept_and_said() -> None:
    line = "1771060522000\tkim_larch7_abc\t203.0.113.24\t51514\t2026/02/14 09:15:22 UTC\tbind\n"
    rows = read(line * 20 + "see kim.larch@post.example\n", "kik_return")

    assert only(rows, "kim.larch@post.example").place == "line 21"
    assert any(isinstance(row, NotUnderstood) and "line 21" in row.text for row in rows)


def test_a_table_with_tabs_is_not_kiks() -> None:
    data = b"1771060522000\tone\ttwo\tthree\n" * 5
    source = sources.recognise(data, len(data))
    assert source is None or source.name != "kik_return"


@pytest.mark.parametrize("part", ["<br>", "<div>", "<td>x", "<", "<!--", "<a b='", "</div>"])
def test_a_page_made_to_be_slow_is_not(part: str) -> None:
    text = page(as_tables) + part * 100_000
    started = time.process_time()
    list(fields(io.StringIO(text)))
    assert time.process_time() - started < 10
