"""All of a mail is read: long headers, headers of single programs, what stands outside its parts. Or it is said."""

import io
import time
from itertools import chain

import pytest

from cets.domains.intake.rows import AnyRow, FreeText, Message, NotUnderstood, Sighting
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.eml import addresses, html_text
from cets.domains.intake.sources.eml.mime import header_text
from cets.domains.intake.sources.eml.source import Eml
from cets.domains.intake.sources.mbox.source import Mbox

HEAD = b"From: robin@mail.example\r\nDate: Fri, 03 Apr 2026 21:16:04 +0100\r\n"
RECEIVERS = [f"k{number:05}@mailhouse.example" for number in range(20_000)]


def read(raw: bytes, source: Eml | Mbox | None = None) -> list[AnyRow]:
    return list((source or Eml()).read(io.BytesIO(raw), Options(country="GB")))


def said(rows: list[AnyRow]) -> str:
    return " ".join(row.text for row in rows if isinstance(row, NotUnderstood))


def values(rows: list[AnyRow], kind: str) -> list[str]:
    return [row.value.value for row in rows if isinstance(row, Sighting) and row.value.kind == kind]


@pytest.mark.parametrize("between", [", ", ",\r\n ", ",\r\n\t"])
@pytest.mark.parametrize("count", [1_000, 20_000])
def test_all_receivers_are_kept(count: int, between: str) -> None:
    rows = read(HEAD + f"To: {between.join(RECEIVERS[:count])}\r\n\r\nhi\r\n".encode())

    assert values(rows, "email") == ["robin@mail.example", *RECEIVERS[:count]]
    (mail,) = [row for row in rows if isinstance(row, Message)]
    assert mail.recipients == tuple(RECEIVERS[:count])
    assert not said(rows)


def test_all_receivers_are_kept_in_a_mailbox() -> None:
    mail = HEAD + f"To: {', '.join(RECEIVERS[:5_000])}\r\n\r\nhi\r\n\r\n".encode()
    rows = read((b"From robin@mail.example Fri Apr  3 21:16:04 2026\r\n" + mail) * 2, Mbox())

    assert values(rows, "email") == ["robin@mail.example", *RECEIVERS[:5_000]] * 2
    assert not said(rows)


@pytest.mark.parametrize("between", [", ", ",\r\n "])
def test_a_header_beyond_the_limit_ends_with_a_whole_address_and_it_is_said(between: str) -> None:
    many = [f"k{number:05}@mailhouse.example" for number in range(60_000)]
    rows = read(HEAD + f"To: {between.join(many)}\r\nSubject: x\r\n\r\nhi\r\n".encode())

    kept = values(rows, "email")[1:]
    assert kept == many[: len(kept)]
    assert len(kept) > 30_000
    assert "The headers go on beyond 1 MB" in said(rows)


def test_the_shown_header_ends_with_a_whole_address() -> None:
    (mail,) = [
        row
        for row in read(HEAD + f"To: {', '.join(RECEIVERS[:500])}\r\n\r\nhi\r\n".encode())
        if isinstance(row, Message)
    ]

    shown = dict(mail.headers)["To"]
    assert shown.endswith(" …")
    assert set(shown.removesuffix(" …").rstrip(",").split(", ")) <= set(RECEIVERS)


def test_long_encoded_words_are_decoded_whole() -> None:
    words = [f"=?utf-8?q?br=C3=BCcke{number}?=" for number in range(3_000)]

    assert header_text(" ".join(words).encode()) == "".join(f"brücke{number}" for number in range(3_000))
    assert header_text(b"x" * 50_000 + b" =?utf-8?q?y?=") == "x" * 50_000 + " y"


@pytest.mark.parametrize(
    "value",
    [
        '"\\' * 500_000,
        '"' * 1_000_000,
        "(" * 1_000_000,
        "<" * 1_000_000,
        '"a"@' * 250_000,
        "a@b.example," * 80_000,
    ],
)
def test_hostile_headers_are_read_in_time(value: str) -> None:
    start = time.process_time()
    found = [address for _, address in addresses.split(value)]
    addresses.beside(value, found)
    assert time.process_time() - start < 8


def test_hostile_lines_and_words_are_read_in_time() -> None:
    start = time.process_time()
    read(HEAD + b"X-Y: a\r\n" + b" b\r\n" * 250_000 + b"\r\nhi\r\n")
    header_text(b"=?utf-8?q?a?= " * 70_000)
    assert time.process_time() - start < 8


@pytest.mark.parametrize(
    ("header", "kind", "value"),
    [
        ("X-SenderIP: 203.0.113.24", "ip", "203.0.113.24"),
        ("X-Yahoo-Post-IP: 203.0.113.24", "ip", "203.0.113.24"),
        ("X-AOL-IP: 203.0.113.24", "ip", "203.0.113.24"),
        ("X-Originating-IP: [203.0.113.24]", "ip", "203.0.113.24"),
        ("Received-SPF: pass (mail.example: ok) client-ip=203.0.113.24; x=y", "ip", "203.0.113.24"),
        ('Received-SPF: pass client-ip="2001:db8::7:1";', "ip", "2001:db8::7:1"),
        (
            "Received-SPF: pass client-ip=203.0.113.24; envelope-from=kea@post.example;",
            "email",
            "kea@post.example",
        ),
        ('Received-SPF: pass envelope-from="kea@post.example"', "email", "kea@post.example"),
        ("X-Google-Original-From: Kea <kea@post.example>", "email", "kea@post.example"),
        ("X-Original-From: Kea <kea@post.example>", "email", "kea@post.example"),
        ("X-Authenticated-User: kea@post.example", "email", "kea@post.example"),
        ("X-Real-To: kea@post.example", "email", "kea@post.example"),
        ("Comments: ask kea@post.example", "email", "kea@post.example"),
        ("Comments: he rang +44 7700 900142", "phone", "+447700900142"),
    ],
)
def test_headers_of_single_programs_are_read(header: str, kind: str, value: str) -> None:
    rows = read(HEAD + header.encode() + b"\r\n\r\nhi\r\n")

    assert value in values(rows, kind)
    assert not said(rows)


@pytest.mark.parametrize(
    "header",
    ["X-Mailer: Post 1.2.3.4", "X-Report-Abuse-To: abuse@mail.example", "X-Ship: 1.2.3", "X-Zip: now"],
)
def test_headers_about_programs_are_none_of_it(header: str) -> None:
    rows = read(HEAD + header.encode() + b"\r\n\r\nhi\r\n")

    assert (values(rows, "ip"), values(rows, "email")) == ([], ["robin@mail.example"])


PARTS = (
    HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\nThis is in MIME format. %s\r\n"
    b"--b\r\n\r\nhello\r\n--b--\r\n%s\r\n"
)


@pytest.mark.parametrize(
    ("before", "after"), [(b"ask kea@post.example", b""), (b"", b"ask kea@post.example")]
)
def test_text_before_and_after_the_parts_is_searched(before: bytes, after: bytes) -> None:
    rows = read(PARTS % (before, after))

    assert values(rows, "email") == ["robin@mail.example", "kea@post.example"]
    [shown] = [row.text for row in rows if isinstance(row, FreeText)]
    assert "ask kea@post.example" in shown


def test_the_usual_words_before_the_parts_are_not_shown() -> None:
    rows = read(PARTS % (b"", b""))

    assert [row for row in rows if isinstance(row, FreeText)] == []
    assert not said(rows)


BASE64 = HEAD + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"


def test_text_that_claims_to_be_base64_is_read_and_said() -> None:
    rows = read(BASE64 + b"VGhlIGJyaWRnZQ==\r\n-- \r\nask kea@post.example\r\n")

    (mail,) = [row for row in rows if isinstance(row, Message)]
    assert mail.text == "The bridge"
    assert values(rows, "email") == ["robin@mail.example", "kea@post.example"]
    assert "not valid base64" in said(rows)


def test_several_pieces_of_base64_are_read_whole() -> None:
    rows = read(BASE64 + b"VGhlIGJyaWRnZQ==\r\nIHdyaXRlIHRvIGtlYUBwb3N0LmV4YW1wbGU=\r\n")

    (mail,) = [row for row in rows if isinstance(row, Message)]
    assert mail.text == "The bridge write to kea@post.example"


def test_a_name_in_quotes_is_an_address_and_no_user_name() -> None:
    rows = read(
        HEAD + b'Cc: "q uoted"@post.example, <"t wo"@post.example>, Kea <kea@post.example>\r\n\r\nhi\r\n'
    )

    assert values(rows, "handle") == []
    assert values(rows, "domain") == []
    assert "kea@post.example" in values(rows, "email")
    assert '"q uoted"@post.example' in said(rows) + " ".join(values(rows, "email"))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<a href='https://a.example/'>hi</a><span>al4@post.example</span>", "al4@post.example"),
        ("<span>hi</span><a href='mailto:al4@post.example'>al4@post.example</a>", "hi al4@post.example"),
        ("al<b>4</b>@post.example", "al4@post.example"),
        ("(<a>al4@post.example</a>)", "(al4@post.example)"),
    ],
)
def test_the_end_of_a_link_is_the_end_of_a_word(source: str, text: str) -> None:
    assert html_text.to_text(source).endswith(text)
    assert "hial4" not in html_text.to_text(source)


def named(lines: str) -> str | None:
    raw = lines.encode()
    source = recognise(raw, len(raw))
    return source.name if source else None


@pytest.mark.parametrize(
    "lines",
    [
        "Subject: hi\nDate: Fri, 03 Apr 2026 21:16:04 +0100\nTo: kea@post.example\n\nbody",
        "Date: 3 Apr 2026 21:16:04 GMT\r\nSubject: hi\r\n\r\nbody",
        "Date: Fri, 3 Apr 2026 21:16 +0100\nTo: kea@post.example\n\nbody",
    ],
)
def test_mail_without_a_sender_is_mail(lines: str) -> None:
    assert named(lines) == "eml"
    (mail,) = [row for row in read(lines.encode()) if isinstance(row, Message)]
    assert mail.sent_at is not None
    assert mail.sent_at.instant is not None
    assert mail.text == "body"


@pytest.mark.parametrize(
    "lines",
    [
        "To: shopping list\nmilk, eggs",
        "To: shopping list\nSubject: eggs\n\nmilk",
        "Date: 3 May 2026\nSubject: interview\n\nHe said nothing.",
        "Date: 03/05/2026 10:30\nTo: the duty sergeant\n\nNothing.",
        "Subject: x\n\nDate: 3 Apr 2026 21:16:04 GMT\n",
        "Date: 3 Apr 2026 21:16:04 GMT\n\nTo: x",
    ],
)
def test_notes_are_none(lines: str) -> None:
    assert named(lines) == "text"


def test_lines_of_old_macs_are_whole_however_long() -> None:
    long = b"To: " + b", ".join(address.encode() for address in RECEIVERS[:6_000])
    rows = read(b"\r".join(chain(HEAD.split(b"\r\n")[:2], [long, b"Subject: one", b"", b"hi"])))

    (mail,) = [row for row in rows if isinstance(row, Message)]
    assert (mail.subject, len(mail.recipients)) == ("one", 6_000)
