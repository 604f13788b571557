"""Outlook's MSG: the same rows as of the same mail in EML, in Unicode and in single bytes, with what only Outlook keeps."""

import hashlib
import io
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake import sources
from cets.domains.intake.rows import (
    AnyRow,
    Failed,
    FreeText,
    Message,
    NotUnderstood,
    Person,
    Sighting,
    Summary,
)
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.msg import rtf
from unit.domains.intake.compound_samples import compound
from unit.domains.intake.msg_samples import KESTREL, LETTER, PLAIN_RTF, SENT, letter, message, to

EML = """\
From: "Kestrel Blue" <kestrel.blue@mail.example>
To: "Heron Grey" <heron@mail.example>
Cc: "Wren" <wren@mail.example>
Subject: Kites on Friday
Date: 2026-03-13 14:00:05 UTC

Call +44 7700 900123 or write to otter@mail.example.
"""


def read(data: bytes, options: Options | None = None, name: str = "msg") -> list[AnyRow]:
    return list(sources.all_sources()[name].read(io.BytesIO(data), options or Options(country="GB")))


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def said(rows: list[AnyRow]) -> str:
    return " ".join(row.text for row in rows if isinstance(row, NotUnderstood))


def values(rows: list[AnyRow], kind: str = "email") -> set[str]:
    return {row.value.raw for row in rows if isinstance(row, Sighting) and row.value.kind == kind}


def rich(text: str) -> bytes:
    raw = text.encode("latin-1")
    return struct.pack("<II4sI", len(raw) + 12, len(raw), PLAIN_RTF, 0) + raw


def test_it_is_told_from_other_compound_files() -> None:
    for data, name in (
        (letter(), "msg"),
        (letter(shift=12), "msg"),
        (compound({"WordDocument": b"x"}), None),
    ):
        found = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
        assert (found.name if found else None) == name
    # A document with a mail inside it is a document.
    other = compound({"WordDocument": b"x", "ObjectPool": message(LETTER)})
    assert sources.recognise(sources.head_of(io.BytesIO(other), len(other)), len(other)) is None


@pytest.mark.parametrize("shift", [9, 12])
def test_the_rows_are_those_of_the_same_mail_as_eml(shift: int) -> None:
    own, others = (
        [row for row in rows if not isinstance(row, Message)]
        for rows in (read(letter(shift=shift)), read(EML.encode(), name="eml"))
    )
    assert own == others
    (mail,) = messages(read(letter()))
    (twin,) = messages(read(EML.encode(), name="eml"))
    assert (mail.text, mail.sender, mail.recipients, mail.sent_at) == (
        twin.text,
        twin.sender,
        twin.recipients,
        twin.sent_at,
    )
    assert set(twin.headers) < set(mail.headers)
    assert ("Message class", "IPM.Note") in mail.headers
    assert {row.role for row in own if isinstance(row, Person)} == {"unknown"}


@pytest.mark.parametrize(
    ("page", "codec", "text"),
    [
        (1252, "cp1252", "Grüße, kea@mail.example"), (1251, "cp1251", "Змей kea@mail.example"), (932, "cp932", "凧 kea@mail.example"),
        (65001, "utf-8", "凧 Змей kea@mail.example"), (28592, "iso8859-2", "Łódź kea@mail.example"), (20866, "koi8_r", "Змей kea@mail.example"),
    ],
)  # fmt: skip
def test_single_bytes_are_read_in_the_code_page_that_the_message_names(
    page: int, codec: str, text: str
) -> None:
    rows = read(letter(codec=codec, more={0x3FFD: page, 0x1000: text, 0x0037: text[:4]}))
    (mail,) = messages(rows)
    assert (mail.text, mail.subject) == (text, text[:4].strip())
    assert "kea@mail.example" in values(rows)
    assert not said(rows)


def test_a_code_page_that_is_not_named_or_does_not_fit_is_guessed_and_said() -> None:
    rows = read(letter(codec="cp1252", more={0x1000: "Grüße"}))
    assert messages(rows)[0].text == "Grüße"
    assert "states no encoding for its text; read as Windows-1252" in said(rows)
    rows = read(letter(codec="cp1252", more={0x3FFD: 65001, 0x1000: "Grüße"}))
    assert messages(rows)[0].text == "Grüße"
    assert "does not fit its text" in said(rows)


def test_internet_headers_stand_before_what_outlook_made_of_them() -> None:
    headers = (
        "Received: from relay.example ([192.0.2.7]) by mx.example; Fri, 13 Mar 2026 15:00:00 +0100\r\n"
        "From: =?utf-8?q?K=C3=A9strel?= <kestrel.blue@mail.example>\r\nTo: heron@mail.example\r\n"
        "Content-Type: multipart/mixed;\r\n boundary=x\r\nDate: Fri, 13 Mar 2026 15:00:01 +0100\r\n\r\n"
    )
    rows = read(letter(more={0x007D: headers}))
    (mail,) = messages(rows)
    assert mail.sender == "Késtrel <kestrel.blue@mail.example>"
    assert mail.sent_at is not None
    assert mail.sent_at.raw == "Fri, 13 Mar 2026 15:00:01 +0100"
    assert dict(mail.headers)["Submitted (Outlook)"] == "2026-03-13 14:00:05 UTC"
    assert values(rows, "ip") == {"192.0.2.7"}
    assert mail.recipients == ("heron@mail.example", "wren@mail.example"), "the copy stands in no header"
    assert not said(rows)


def test_an_author_whom_the_headers_do_not_name_is_kept_beside_theirs() -> None:
    rows = read(letter(more={0x007D: "From: otter@mail.example\r\n\r\n", 0x0076: "heron.box@mail.example"}))
    (mail,) = messages(rows)
    assert mail.sender == "otter@mail.example"
    assert ("X-Sender", '"Kestrel Blue" <kestrel.blue@mail.example>') in mail.headers
    assert ("Delivered-To", "<heron.box@mail.example>") in mail.headers
    assert {"kestrel.blue@mail.example", "otter@mail.example", "heron.box@mail.example"} <= values(rows)


def test_who_sent_for_another_and_hidden_copies_are_told_apart() -> None:
    more = {0x0C1A: "Office", 0x0C1F: "office@mail.example"}
    rows = read(letter(more=more, recipients=[to("A", "a@mail.example", 3), to("B", "b@mail.example", 9)]))
    headers = dict(messages(rows)[0].headers)
    assert headers["From"] == '"Kestrel Blue" <kestrel.blue@mail.example>'
    assert headers["Sender"] == '"Office" <office@mail.example>'
    assert (headers["Bcc"], headers["To"]) == ('"A" <a@mail.example>', '"B" <b@mail.example>')


def test_an_address_of_a_directory_gives_way_to_that_of_the_mail_and_is_said_alone() -> None:
    exchange = "/O=HARBOUR/OU=GROUP/CN=RECIPIENTS/CN=WREN"
    with_mail = {**to("Wren", exchange), 0x3002: "EX", 0x39FE: "wren@mail.example"}
    rows = read(letter(recipients=[with_mail]))
    assert dict(messages(rows)[0].headers)["To"] == '"Wren" <wren@mail.example>'
    assert not said(rows)
    rows = read(letter(recipients=[{**to("Wren", exchange), 0x3002: "EX"}]))
    assert dict(messages(rows)[0].headers)["To"] == f'"Wren" <{exchange}>'
    assert "one of the sender's own directory" in said(rows)
    assert values(rows) == {"kestrel.blue@mail.example", "otter@mail.example"}


def test_a_draft_says_so_and_has_no_time_of_sending() -> None:
    values = {number: value for number, value in LETTER.items() if number != 0x0039}
    rows = read(compound(message({**values, 0x0E07: 8, 0x3007: SENT})))
    (mail,) = messages(rows)
    assert mail.sent_at is None
    assert {("State", "draft, not sent"), ("Created (Outlook)", "2026-03-13 14:00:05 UTC")} <= set(
        mail.headers
    )
    rows = read(compound(message({**values, 0x0E06: SENT})))
    assert "the time is that of its delivery" in said(rows)


def test_html_in_its_own_code_page_is_read_for_its_links() -> None:
    html = '<p>Grüße, <a href="mailto:kea@mail.example">write</a></p>'.encode("cp1252")
    rows = read(letter(more={0x1013: html, 0x3FDE: 1252, 0x1000: ""}))
    assert messages(rows)[0].text == "Grüße, write <kea@mail.example>"
    rows = read(letter(more={0x1013: html, 0x3FDE: 1252}))
    assert "kea@mail.example" in values(rows), "also where the plain text says less"


def test_rich_text_is_read_where_nothing_else_is() -> None:
    body = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}{\info{\author nobody@mail.example}}"
        r"\pard Gr\'fc\'dfe \{kea@mail.example\}\par {\f1 \'c7\'ec\'e5\'e9}\tab\u20977?\u-10179?\u-8704?\line end}"
    )
    rows = read(letter(more={0x1009: rich(body), 0x1000: ""}))
    assert messages(rows)[0].text == "Grüße {kea@mail.example}\nЗмей\t凱\U0001f600\nend"
    assert "nobody@mail.example" not in values(rows)


def test_html_inside_rich_text_comes_out_as_it_went_in() -> None:
    body = (
        r"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Write to "
        r"{\*\htmltag84 <a href=" + '"mailto:kea@mail.example">' + r"}\htmlrtf {\field\htmlrtf0 me\htmlrtf }\htmlrtf0 {\*\htmltag92 </a>}"
        r"{\*\htmltag84 &amp;}\htmlrtf &\htmlrtf0  more{\*\mhtmltag64 <p>}}"
    )  # fmt: skip
    rows = read(letter(more={0x1009: rich(body), 0x1000: ""}))
    assert messages(rows)[0].text == "Write to me <kea@mail.example> & more"


def test_packed_rich_text_is_unpacked() -> None:
    # The example of the format's documentation: a reference that repeats what it writes itself.
    raw = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert rtf.unpacked(raw, 1000) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    twice = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert rtf.unpacked(twice, 1000) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    for broken in (b"", b"LZFu", raw[:8] + b"ABCD" + raw[12:]):
        with pytest.raises(rtf.NotRichText):
            rtf.unpacked(broken, 1000)
    assert "rich text is damaged" in said(read(letter(more={0x1009: b"nothing of the sort", 0x1000: ""})))


def test_attachments_have_size_and_hashes_and_texts_their_words() -> None:
    large, text = bytes(range(256)) * 40, b"ring +44 7700 900177"
    attachments: list[dict[int, Any]] = [
        {0x3705: 1, 0x3707: "kite plan.bin", 0x3704: "KITEPL~1.BIN", 0x3701: large},
        {0x3705: 1, 0x3704: "NOTE.TXT", 0x3701: text},
        {0x3705: 7, 0x3707: "shared.docx", 0x370D: "https://files.example/shared.docx"},
        {0x3705: 6, 0x3001: "Sheet", 0x3701: {"CONTENTS": b"x"}},
    ]
    rows = read(letter(attachments=attachments))
    (mail,) = messages(rows)
    assert mail.attachments == (
        "kite plan.bin (application/octet-stream, 10240 bytes)",
        "NOTE.TXT (text/plain, 20 bytes)",
    )
    assert values(rows, "hash") == {
        hashlib.new(name, data).hexdigest() for name in ("md5", "sha1", "sha256") for data in (large, text)
    }
    assert [row.text for row in rows if isinstance(row, FreeText)] == [text.decode()]
    assert "+44 7700 900177" in values(rows, "phone")
    assert ("Attached by a link", "shared.docx https://files.example/shared.docx") in mail.headers
    assert ("Object inside", "Sheet") in mail.headers
    assert "only a link" in said(rows)
    assert "object of another program" in said(rows)


def test_messages_inside_are_messages_however_they_are_attached() -> None:
    inner = message(
        {**LETTER, 0x0037: "Inner", 0x1000: "inner@mail.example"},
        head=24,
        recipients=[to("Kea", "kea@mail.example")],
    )
    attachments: list[dict[int, Any]] = [
        {0x3705: 5, 0x3701: inner},
        {0x3705: 1, 0x3707: "saved.msg", 0x3701: letter(more={0x0037: "As a file"})},
        {0x3705: 1, 0x3707: "saved.eml", 0x3701: EML.replace("Kites on Friday", "As mail").encode()},
    ]
    found = messages(read(letter(attachments=attachments)))
    assert [mail.subject for mail in found] == ["Kites on Friday", "Inner", "As a file", "As mail"]
    assert found[1].recipients == ("kea@mail.example",)
    assert found[1].place == "attached to message 1"
    assert found[0].attachments[-3:] == ("Inner (message)", "As a file (message)", "As mail (message)")


def test_messages_deeper_than_is_read_are_said() -> None:
    inner = message({**LETTER, 0x0037: "level 15"}, head=24)
    for level in range(14, 0, -1):
        inner = message(
            {**LETTER, 0x0037: f"level {level}"}, head=24, attachments=[{0x3705: 5, 0x3701: inner}]
        )
    rows = read(letter(attachments=[{0x3705: 5, 0x3701: inner}]))
    assert len(messages(rows)) == 13
    assert "deeper parts than are read" in said(rows)


def test_further_properties_are_searched_and_an_item_that_is_no_mail_says_so() -> None:
    rows = read(
        letter(
            more={0x001A: "IPM.Contact", 0x8083: "wren@mail.example", 0x3A1C: "+44 7700 900188"},
            recipients=[],
        )
    )
    assert "wren@mail.example" in values(rows)
    assert "+44 7700 900188" in values(rows, "phone")
    assert "of the class “IPM.Contact”" in said(rows)


def test_signs_that_count_a_prefix_or_turn_the_text_do_not_stay_in_a_subject() -> None:
    rows = read(letter(more={0x0037: "\x01\x04RE: Kites\u202e now"}))
    (mail,) = messages(rows)
    assert mail.subject == "RE: Kites\ufffd now"
    assert isinstance(rows[0], Summary)
    assert rows[0].title == mail.subject


def test_a_text_longer_than_is_read_is_cut_and_said() -> None:
    rows = read(letter(more={0x1000: "k" * 500}), Options(country="GB", max_text=100))
    assert messages(rows)[0].text == "k" * 100
    assert "longer than is read" in said(rows)


def test_a_file_without_its_table_of_properties_ends_in_rows() -> None:
    rows = read(compound({"__substg1.0_0037001F": "Alone".encode("utf-16-le")}))
    assert messages(rows)[0].subject == "Alone"
    assert "no table of properties" in said(rows)
    assert isinstance(read(b"no compound file")[0], Failed)


_WORDS = st.text(
    st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Cn")),
    min_size=1,
    max_size=12,
)
_BODIES = st.lists(_WORDS, min_size=1, max_size=6).map(" ".join)
_ADDRESSES = st.text("abcdefgh0123", min_size=1, max_size=8).map(lambda name: f"{name}@mail.example")
_PEOPLE = st.lists(
    st.tuples(_ADDRESSES, st.sampled_from([1, 2, 3])), max_size=4, unique_by=lambda one: one[0]
)


@settings(max_examples=60, deadline=None)
@given(
    _BODIES,
    st.text("kite QZ", max_size=8).map(lambda text: " ".join(text.split())),
    _PEOPLE,
    st.lists(st.binary(max_size=6000), max_size=3),
    st.integers(0, 3),
    st.sampled_from([None, "utf-8"]),
)
def test_what_is_written_is_read(
    body: str, subject: str, people: list[tuple[str, int]], files: list[bytes], depth: int, codec: str | None
) -> None:
    values_ = {**KESTREL, 0x1000: body, 0x0037: subject, 0x0039: SENT, 0x001A: "IPM.Note", 0x3FFD: 65001}
    recipients = [to("", address, kind) for address, kind in people]
    attached: list[dict[int, Any]] = [
        {0x3705: 1, 0x3707: f"f{index}.bin", 0x3701: data} for index, data in enumerate(files)
    ]
    inner = None
    for level in range(depth, 0, -1):
        more: list[dict[int, Any]] = [{0x3705: 5, 0x3701: inner}] if inner else []
        inner = message({**values_, 0x0037: f"in {level}"}, head=24, codec=codec, attachments=more)
    data = compound(
        message(
            values_,
            recipients=recipients,
            codec=codec,
            attachments=[*attached, *([{0x3705: 5, 0x3701: inner}] if inner else [])],
        )
    )

    rows = read(data)

    found = messages(rows)
    assert [mail.subject for mail in found] == [
        subject or None,
        *(f"in {level + 1}" for level in range(depth)),
    ]
    assert all(mail.text == body and mail.sent_at and mail.sent_at.instant == SENT for mail in found)
    assert set(found[0].recipients) == {address for address, _ in people}
    assert values(rows, "hash") == {
        hashlib.new(name, one).hexdigest() for name in ("md5", "sha1", "sha256") for one in files
    }
    headers = dict(found[0].headers)
    assert {kind for _, kind in people} == {
        kind for kind, name in ((1, "To"), (2, "Cc"), (3, "Bcc")) if name in headers
    }
