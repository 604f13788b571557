"""Mail: what the standard asks, and what arrives instead. Nothing raises, nothing is dropped in silence."""

import hashlib
import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cets.domains.intake.rows import AmbiguousPart, AnyRow, FreeText, Message, NotUnderstood, Person, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.eml import addresses, html_text, mime
from cets.domains.intake.sources.eml.source import Eml

HEAD = b"From: Robin Larch <robin@mail.example>\r\nTo: desk@force.example\r\nDate: Fri, 03 Apr 2026 21:16:04 +0100\r\n"
SHARED = Path(__file__).parents[5] / "shared/data/email"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are not here")


def read(raw: bytes) -> list[AnyRow]:
    return list(Eml().read(io.BytesIO(raw), Options(country="GB")))


def mails(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def said(rows: list[AnyRow]) -> str:
    return " ".join(row.text for row in rows if isinstance(row, NotUnderstood))


def found(rows: list[AnyRow], kind: str) -> list[tuple[str, str, str]]:
    return [
        (row.value.value, row.way, row.place)
        for row in rows
        if isinstance(row, Sighting) and row.value.kind == kind
    ]


def body(content_type: str, text: bytes, more: bytes = b"") -> bytes:
    return HEAD + b"Content-Type: " + content_type.encode() + b"\r\n" + more + b"\r\n" + text


def test_a_plain_mail() -> None:
    rows = read(HEAD + b"Subject: hello\r\n\r\nRing +44 7700 900142.\r\n")

    (mail,) = mails(rows)
    assert (mail.kind, mail.subject, mail.text) == ("mail", "hello", "Ring +44 7700 900142.")
    assert mail.sent_at is not None
    assert mail.sent_at.instant == datetime(2026, 4, 3, 20, 16, 4, tzinfo=UTC)
    assert mail.recipients == ("desk@force.example",)
    assert [name for name, _ in mail.headers] == ["From", "To", "Date", "Subject"]
    people = [row for row in rows if isinstance(row, Person)]
    assert [(person.names, person.role) for person in people] == [
        (("Robin Larch",), "unknown"),
        ((), "unknown"),
    ]
    assert mail.sender_person == people[0].key
    assert found(rows, "email") == [
        ("robin@mail.example", "declared", "message 1, header From"),
        ("desk@force.example", "declared", "message 1, header To"),
    ]
    assert found(rows, "display_name") == [("robin larch", "declared", "message 1, header From")]
    assert found(rows, "phone") == [("+447700900142", "mentioned", "message 1")]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\r\r\n"])
def test_lines_end_in_any_way(end: bytes) -> None:
    boundary = body(
        "multipart/mixed; boundary=b",
        b"--b\r\nContent-Type: text/plain\r\n\r\nWrite to kestrel9@mail.example.\r\nSoon.\r\n"
        b"--b\r\nContent-Disposition: attachment; filename=a.bin\r\n\r\nquay\r\n--b--\r\n",
    )
    rows = read(boundary.replace(b"\r\n", end))

    (mail,) = mails(rows)
    assert mail.sent_at is not None
    assert mail.recipients == ("desk@force.example",)
    assert mail.text.split() == ["Write", "to", "kestrel9@mail.example.", "Soon."]
    assert [address for address, way, _ in found(rows, "email") if way == "mentioned"] == [
        "kestrel9@mail.example"
    ]
    size = len(b"quay" + end.removesuffix(b"\n").removesuffix(b"\r"))  # the line end belongs to the boundary
    assert mail.attachments == (f"a.bin (text/plain, {size} bytes)",)
    assert said(rows) == ""


def test_a_stray_return_ends_no_header() -> None:
    rows = read(b"Subject: a\rBcc: x@mail.example\r\n" + HEAD + b"\r\ntext")

    (mail,) = mails(rows)
    assert [name for name, _ in mail.headers] == ["Subject", "From", "To", "Date"]


@pytest.mark.parametrize("size", [100, 65_000, 65_535, 65_536, 140_000])
def test_long_lines_that_end_with_a_return_are_kept_whole(size: int) -> None:
    text = b"x" * size + b" kestrel9@mail.example\r\n"
    rows = read((HEAD + b"\r\n" + text).replace(b"\r\n", b"\r"))

    assert len(mails(rows)[0].text) == size + 22


def test_the_machines_on_the_way_are_declared_with_their_own_times() -> None:
    rows = read(
        b"Received: from a.example (a.example [198.51.100.7]) by b.example (8.14.3/8.14.3) with ESMTP id x1.2.3;\r\n"
        b"\tFri, 3 Apr 2026 21:20:00 +0100 (BST)\r\n"
        b"Received: from [192.168.1.20] (unknown [IPv6:2001:db8::24]) by a.example; Fri, 03 Apr 2026 20:18:00 +0000\r\n"
        b"X-Originating-IP: [203.0.113.24]\r\n" + HEAD + b"\r\ntext"
    )

    sightings = [row for row in rows if isinstance(row, Sighting) and row.value.kind == "ip"]
    assert [(row.value.value, row.way, row.seen_at and row.seen_at.instant) for row in sightings] == [
        ("198.51.100.7", "declared", datetime(2026, 4, 3, 20, 20, tzinfo=UTC)),
        ("192.168.1.20", "declared", datetime(2026, 4, 3, 20, 18, tzinfo=UTC)),
        ("2001:db8::24", "declared", datetime(2026, 4, 3, 20, 18, tzinfo=UTC)),
        ("203.0.113.24", "declared", datetime(2026, 4, 3, 20, 16, 4, tzinfo=UTC)),
    ]
    assert sightings[1].value.common


def test_message_ids_are_no_addresses() -> None:
    rows = read(
        b"Message-ID: <a1b2@mail.example>\r\nIn-Reply-To: <c3@mail.example>\r\nReferences: <d4@mail.example>\r\n"
        + HEAD
        + b"\r\ntext"
    )

    assert {value for value, _, _ in found(rows, "email")} == {"robin@mail.example", "desk@force.example"}


@pytest.mark.parametrize(
    ("raw", "candidates"),
    [
        ("Fri, 03 Apr 2026 21:16:04 +2:00Z", 2),
        ("Fri, 03 Apr 2026 21:16:04 EST", 2),
        ("03/04/2026 21:16 +0000", 2),
    ],
)
def test_doubtful_dates_are_kept_with_every_reading(raw: str, candidates: int) -> None:
    rows = read(b"From: a@mail.example\r\nTo: b@mail.example\r\nDate: " + raw.encode() + b"\r\n\r\ntext")

    (doubt,) = [row for row in rows if isinstance(row, AmbiguousPart)]
    assert len(doubt.candidates) == candidates
    sent_at = mails(rows)[0].sent_at
    assert sent_at is not None
    assert sent_at.instant is None


def test_a_date_that_is_none_is_said() -> None:
    rows = read(b"From: a@mail.example\r\nTo: b@mail.example\r\nDate: <HR>\r\n\r\ntext")

    assert "<HR>" in said(rows)


def test_a_mail_that_a_program_saved_as_text() -> None:
    rows = read(
        b"From: Kea Wing [mailto:kea@mail.example]\r\nSent: 13 April 2026 10:00 +0100\r\nTo: Sam [sam@mail.example]\r\nSubject: x\r\n\r\nhi\r\n"
    )

    (mail,) = mails(rows)
    assert found(rows, "email") == [
        ("kea@mail.example", "declared", "message 1, header From"),
        ("sam@mail.example", "declared", "message 1, header To"),
    ]
    (kea, _) = [row for row in rows if isinstance(row, Person)]
    assert (kea.names, mail.sender_person) == (("Kea Wing",), kea.key)
    assert mail.sent_at is not None
    assert mail.sent_at.instant == datetime(2026, 4, 13, 9, 0, tzinfo=UTC)
    assert not said(rows)


def test_names_of_attachments_are_searched() -> None:
    part = b'--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="kea_wing snap 07700 900142.png"\r\n\r\nx\r\n--b--\r\n'
    rows = read(body("multipart/mixed; boundary=b", part))

    assert found(rows, "phone") == [("+447700900142", "mentioned", "message 1, attachment 1")]


def test_two_from_headers() -> None:
    rows = read(b"From: a@mail.example\r\nFrom: b@mail.example\r\nTo: c@mail.example\r\n\r\ntext")

    assert mails(rows)[0].sender == "a@mail.example"
    assert "more than one From" in said(rows)
    assert len(found(rows, "email")) == 3


def test_the_signs_of_an_encoded_name_divide_nothing() -> None:
    """Else half of "Wing, Kea" is lost, and whoever writes an address into a name has its owner in the mail."""
    rows = read(
        b"From: =?utf-8?q?Wing=2C_Kea?= <kea@mail.example>\r\n"
        b"To: =?utf-8?q?other=40school=2Eexample=2C?= <tern@mail.example>,"
        b' =?utf-8?q?Gull_=22the_boat=22=2C?= =?utf-8?q?_Grey?= <gull@mail.example>, "=?utf-8?q?A=2C_B?=" <ab@mail.example>\r\n'
        b"Subject: =?utf-8?q?At_nine=2C?= <kea@mail.example>\r\n\r\ntext"
    )
    (mail,) = mails(rows)
    assert mail.subject == "At nine, <kea@mail.example>"
    seen = [(row.value.kind, row.way, row.value.raw) for row in rows if isinstance(row, Sighting)]
    assert {raw for kind, way, raw in seen if (kind, way) == ("email", "declared")} == {
        "kea@mail.example",
        "tern@mail.example",
        "gull@mail.example",
        "ab@mail.example",
    }
    assert {raw for kind, _, raw in seen if kind == "display_name"} >= {
        "Wing, Kea",
        'Gull "the boat", Grey',
        "A, B",
    }
    assert [way for _, way, raw in seen if raw == "other@school.example"] == ["mentioned"]


def test_encoded_words_and_raw_utf8_in_headers() -> None:
    rows = read(
        'From: =?iso-8859-1?Q?J=F6rg?= Larch <joerg@mail.example>\r\nTo: "Märy" <mary@mail.example>\r\n'.encode()
        + b"Subject: =?utf-8?B?R3LDvMOf?= =?utf-8?Q?e?=\r\n\r\ntext"
    )

    assert mails(rows)[0].subject == "Grüße"
    assert [person.names for person in rows if isinstance(person, Person)] == [("Jörg Larch",), ("Märy",)]


@pytest.mark.parametrize(
    ("content_type", "text", "expected"),
    [
        ("text/plain; charset=iso-8859-1", "Brücke".encode("latin-1"), ""),
        ("text/plain; charset=utf-8", "Brücke".encode("latin-1"), "does not fit"),
        ("text/plain; charset=klingon", "Brücke".encode(), "does not fit"),
        ("text/plain", "Brücke".encode(), ""),
        ("text/plain", "Brücke".encode("cp1252"), "states no encoding"),
        ("text/plain; charset=us-ascii", "Brücke".encode(), "does not fit"),
    ],
)
def test_charsets_that_lie(content_type: str, text: bytes, expected: str) -> None:
    rows = read(body(content_type, text))

    assert mails(rows)[0].text == "Brücke"
    assert expected in said(rows)
    assert bool(expected) == bool(said(rows))


@pytest.mark.parametrize(
    ("encoding", "raw"),
    [
        (b"quoted-printable", b"The br=C3=BC=\r\ncke"),
        (b"base64", b"VGhlIGJy\r\nw7xja2U=\r\n"),
        (b"8bit", "The brücke".encode()),
        (b"BASE64", b"VGhlIGJyw7xja2U"),
    ],
)
def test_transfer_encodings(encoding: bytes, raw: bytes) -> None:
    text = mails(
        read(body("text/plain; charset=utf-8", raw, b"Content-Transfer-Encoding: " + encoding + b"\r\n"))
    )[0].text

    assert text.startswith("The brüc")


MIXED = b"""--b
Content-Type: text/plain

See the text.
--b
Content-Type: image/png; name="x.png"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename*=utf-8''br%C3%BCcke.png

YnJpZGdl
--b
Content-Type: text/plain; name="notes.txt"
Content-Disposition: attachment

write to kestrel_blue@mail.example
--b--
after
"""


def test_attachments_are_listed_with_their_hashes_and_text_is_read() -> None:
    rows = read(body("multipart/mixed; boundary=b", MIXED))

    (mail,) = mails(rows)
    assert mail.text == "See the text."
    assert mail.attachments == ("brücke.png (image/png, 6 bytes)", "notes.txt (text/plain, 34 bytes)")
    digests = {value for value, way, place in found(rows, "hash") if place == "message 1, attachment 1"}
    assert digests == {
        f"{name}:{hashlib.new(name, b'bridge', usedforsecurity=False).hexdigest()}"
        for name in ("md5", "sha1", "sha256")
    }
    assert ("kestrel_blue@mail.example", "mentioned", "message 1, attachment 2") in found(rows, "email")
    assert [row.label for row in rows if isinstance(row, FreeText)] == ["notes.txt"]
    assert not said(rows)


def test_the_line_end_before_a_boundary_is_not_part_of_the_file() -> None:
    part = b"--b\r\nContent-Type: application/x\r\n\r\nabc\r\n\r\n--b--\r\n"
    rows = read(body("multipart/mixed; boundary=b", part))

    assert mails(rows)[0].attachments == ("unnamed application/x (application/x, 5 bytes)",)


def test_html_alone_is_read_for_its_text_and_links() -> None:
    rows = read(
        body(
            "text/html",
            b"<style>x@y.example</style><p>See <a href='https://bridges.example/a?b=1&amp;c=2'>it</a>",
        )
    )

    assert mails(rows)[0].text == "See it <https://bridges.example/a?b=1&c=2>"
    assert [value for value, _, _ in found(rows, "url")] == ["https://bridges.example/a?b=1&c=2"]
    assert len(found(rows, "email")) == 2


def test_what_only_the_html_twin_holds_is_found_too() -> None:
    parts = (
        b"--b\n\nSee robin@mail.example.\n--b\nContent-Type: text/html\n\n"
        b"<a href=https://bridges.example/album>see</a> robin@mail.example\n--b--\n"
    )
    rows = read(body("multipart/alternative; boundary=b", parts))

    assert mails(rows)[0].text == "See robin@mail.example."
    assert found(rows, "url") == [("https://bridges.example/album", "mentioned", "message 1, HTML part")]
    assert [place for _, way, place in found(rows, "email") if way == "mentioned"] == ["message 1"]


def test_an_attached_message_is_a_message() -> None:
    parts = (
        b"--b\n\nFwd\n--b\nContent-Type: message/rfc822\n\nFrom: sam@mail.example\nTo: a@mail.example\n"
        b"Subject: inner\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\ninner text\n--c--\n--b--\n"
    )
    rows = read(body("multipart/mixed; boundary=b", parts))

    assert [(mail.number, mail.place, mail.text) for mail in mails(rows)] == [
        (1, "whole file", "Fwd"),
        (2, "attached to message 1", "inner text"),
    ]
    assert mails(rows)[0].attachments == ("inner (message)",)
    assert ("sam@mail.example", "declared", "message 2, header From") in found(rows, "email")


@pytest.mark.parametrize(
    ("content_type", "text", "kept", "remark"),
    [
        ("multipart/mixed", b"--b\r\n\r\nhello", "hello", "states no boundary"),
        ("multipart/mixed; boundary=other", b"--b\r\n\r\nhello", "hello", "never occurs"),
        ("multipart/mixed; boundary=b", b"--b\r\n\r\nhello", "hello", "breaks off"),
        ("multipart/mixed; boundary=b", b"--b\r\nno header here\r\nhello\r\n--b--", "hello", "no header"),
        ("multipart/mixed; boundary=b", b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nhello\r\n--b--",
         "hello", "not closed"),
        ("nonsense", b"hello", "hello", ""),
        ('text/plain; charset="', b"hello", "hello", ""),
        ('multipart/mixed; boundary=""', b"hello", "hello", "states no boundary"),
    ],
)  # fmt: skip
def test_broken_structures(content_type: str, text: bytes, kept: str, remark: str) -> None:
    rows = read(body(content_type, text))

    assert kept in mails(rows)[0].text
    assert remark in said(rows)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a@x.example, b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
        ("a@x.example b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
        (", a@x.example,", [("", "a@x.example")]),
        ('"Larch, Robin" <a@x.example>', [("Larch, Robin", "a@x.example")]),
        ('"a \\"b\\" c" <a@x.example>', [('a "b" c', "a@x.example")]),
        ("a@x.example (Robin)", [("Robin", "a@x.example")]),
        ("Friends: a@x.example, b@x.example;", [("", "a@x.example"), ("", "b@x.example")]),
        ("undisclosed-recipients:;", []),
        ("<>", []),
        ("a@x.example <a@x.example>", [("", "a@x.example")]),
        ('"unclosed <a@x.example>', [("unclosed", "a@x.example")]),
        ("\"'A@x.example'\" <a@x.example>", [("", "a@x.example")]),
        ("Bob b@x.example <a@x.example>", [("Bob b@x.example", "a@x.example")]),
        ("mailto:a@x.example", [("", "a@x.example")]),
        ("< a@x.example >", [("", "a@x.example")]),
    ],
)
def test_addresses(value: str, expected: list[tuple[str, str]]) -> None:
    assert list(addresses.split(value)) == expected


@pytest.mark.parametrize(
    ("value", "kind", "mentioned", "names"),
    [
        ('"real.m1@mail.example" <a@mail.example>', "email", ["real.m1@mail.example"], []),
        ("Bob other.m1@mail.example <a@mail.example>", "email", ["other.m1@mail.example"], ["bob other.m1@mail.example"]),
        ('"WhatsApp +44 7700 900912" <a@mail.example>', "phone", ["+447700900912"], ["whatsapp +44 7700 900912"]),
        ("Bob <a@mail.example> (work 07700 900912)", "phone", ["+447700900912"], ["bob"]),
        ("=?utf-8?q?=2B44_7700_900912?= <a@mail.example>", "phone", ["+447700900912"], ["+44 7700 900912"]),
        ("a@mail.example (or b@mail.example)", "email", ["b@mail.example"], ["or b@mail.example"]),
        ("Bob <a@mail.example> Cy <c@mail.example>", "email", ["c@mail.example"], ["bob"]),
        ("\"'A@mail.example'\" <a@mail.example>", "email", [], []),
        ("Bob [mailto:a@mail.example] <a@mail.example>", "email", [], []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("header", ["From", "To", "Reply-To"])
def test_what_stands_beside_an_address_is_searched(
    header: str, value: str, kind: str, mentioned: list[str], names: list[str]
) -> None:
    rows = read(f"{header}: {value}\r\nSubject: x\r\n\r\ntext".encode())

    place = f"message 1, header {header}"
    assert [one for one in found(rows, kind) if one[1] == "mentioned"] == [
        (each, "mentioned", place) for each in mentioned
    ]
    assert ("a@mail.example", "declared", place) in found(rows, "email")
    assert found(rows, "display_name") == [(name, "declared", place) for name in names]
    assert {row.role for row in rows if isinstance(row, Sighting)} == {"unknown"}


def test_what_machines_note_beside_an_address_is_not_searched() -> None:
    rows = read(HEAD + b"X-Apparently-To: a@mail.example via 203.0.113.9; now\r\n\r\ntext")

    assert found(rows, "ip") == []


def test_a_header_without_an_address_is_searched() -> None:
    assert found(read(b"From: Bob 07700 900912\r\nSubject: x\r\n\r\ntext"), "phone") == [
        ("+447700900912", "mentioned", "message 1, header From")
    ]


@pytest.mark.parametrize("sign", ["a", "a@", "<", '"', "(", "<a@x.example "])
def test_an_address_header_of_any_make_is_split_at_once(sign: str) -> None:
    value = (sign * 50_000)[:50_000]
    began = time.process_time()
    addresses.beside(value, [address for _, address in addresses.split(value)])
    assert time.process_time() - began < 1


def test_a_from_without_an_address_is_said() -> None:
    rows = read(b"From: nobody at all\r\nTo: b@mail.example\r\nSubject: x\r\n\r\ntext")

    assert "holds no address" in said(rows)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>a<br>b</p><p>c", "a\nb\nc"),
        ("a <!-- hidden --> b", "a b"),
        ("a <!-- never closed", "a"),
        ("a <script>if (1<2) x()</script> b", "a b"),
        ("1 &lt; 2 &amp; &eacute;", "1 < 2 & é"),
        ('<a href="mailto:a@x.example">write</a>', "write <a@x.example>"),
        ('<a href="https://x.example/">https://x.example/</a>', "https://x.example/"),
        (
            "<a href=https://x.example/1>one <a href=https://x.example/2>two",
            "one <https://x.example/1> two <https://x.example/2>",
        ),
        ("<", ""),
        ("<a href=x", "<x>"),
    ],
)
def test_html(source: str, expected: str) -> None:
    assert html_text.to_text(source) == expected


@pytest.mark.parametrize("piece", ["<!--", "<a ", "<", "<a href='", "</", "<script>", "&amp", "<p>"])
def test_html_takes_time_in_proportion(piece: str) -> None:
    start = time.perf_counter()
    html_text.to_text(piece * 100_000)

    assert time.perf_counter() - start < 5


def test_a_large_attachment_costs_no_memory() -> None:
    def lines() -> Iterator[bytes]:
        yield from (HEAD + b"Content-Type: application/x\nContent-Transfer-Encoding: base64\n\n").splitlines(
            keepends=True
        )
        for _ in range(200_000):
            yield b"YWJj" * 19 + b"\n"

    mail = mime.Parts(lines(), budget=1000).read()

    assert mail.attachments[0].size == 200_000 * 57
    assert mail.attachments[0].md5 == hashlib.md5(b"abc" * 19 * 200_000, usedforsecurity=False).hexdigest()


def test_text_without_end_is_cut_and_said() -> None:
    mail = mime.Parts(
        iter([*HEAD.splitlines(keepends=True), b"\n", *[b"x" * 99 + b"\n"] * 50]), budget=1000
    ).read()

    assert len(mail.plain[0]) == 1000
    assert any("longer than is read" in remark for remark in mail.remarks)


def test_parts_and_depth_are_limited() -> None:
    many = b"--b\n\nx\n" * 6_000
    deep = b"".join(b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(60))

    assert "more or deeper parts" in said(read(body("multipart/mixed; boundary=b", many)))
    assert "more or deeper parts" in said(read(body("multipart/mixed; boundary=b0", deep)))


def test_headers_without_end_are_cut_and_said() -> None:
    rows = read(HEAD + b"X-Long: y\r\n" * 3_000 + b"\r\ntext")

    assert "headers go on" in said(rows)
    assert mails(rows)[0].text == "text"


def test_control_and_direction_characters_in_headers_are_shown() -> None:
    rows = read(
        "From: a@mail.example\r\nTo: b@mail.example\r\nSubject: a\u202eb\x00c \u0645\u200c\u0646\r\n\r\nt\x00xt".encode()
    )

    assert mails(rows)[0].subject == "a\ufffdb\ufffdc \u0645\u200c\u0646"
    assert mails(rows)[0].text == "t\u2400xt"


def test_no_nul_reaches_a_row_from_anywhere() -> None:
    parts = b"--b\nContent-Type: image/p\x00ng; name=a\x00b\n\nx\n--b\nContent-Type: text/plain; charset=u\x00\n\n\xfc\x00\n--b--"
    rows = read(b"X-A\x00: y\r\n" + body("multipart/mixed; boundary=b", parts, b"Subject: a\x00\r\n"))

    assert "\x00" not in repr(rows).replace("\\x00", "\x00")


@pytest.mark.parametrize("cut", range(1, 900, 53))
def test_cut_anywhere_it_still_ends(cut: int) -> None:
    raw = body(
        "multipart/mixed; boundary=b",
        MIXED,
        b"Received: from [198.51.100.7] by x; Fri, 03 Apr 2026 20:16:04 +0000\r\n",
    )

    read(raw[:cut])


@pytest.mark.parametrize(
    ("raw", "is_mail"),
    [
        (HEAD + b"\r\ntext", True),
        (b"From robin@mail.example Fri Apr  3 21:16:04 2026\n" + HEAD + b"\ntext", True),
        ("From: Jöhn <j@mail.example>\nSubject: x\n\nbody".encode(), True),
        (b"Subject: x\nnot a header\n", False),
        (b"name: Robin\nphone: 07700 900142\n", False),
        (b"03/04/2026, 21:14 - Robin: hi", False),
        (b"", False),
    ],
)
def test_recognition(raw: bytes, is_mail: bool) -> None:
    assert bool(Eml().recognises(raw, len(raw))) is is_mail


@shared
@pytest.mark.parametrize("path", sorted(SHARED.glob("*.eml")), ids=lambda path: path.name)
def test_shared_mails_are_recognised_and_read(path: Path) -> None:
    raw = path.read_bytes()

    assert Eml().recognises(raw[:65_536], len(raw)) > 0.8
    assert mails(read(raw))[0].sender
