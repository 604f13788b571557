"""Mailboxes: where one mail ends and the next begins."""

import io
from pathlib import Path

import pytest

from cets.domains.intake import sources
from cets.domains.intake.rows import AnyRow, Failed, Message, Person, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.mbox.source import Mbox

SHARED = Path(__file__).parents[5] / "shared/data/email"
ONE = b"From robin@mail.example Fri Apr  3 21:16:04 2026\n"
HEAD = b"From: Robin <robin@mail.example>\nTo: desk@force.example\nSubject: s\n\n"


def read(raw: bytes, **options: object) -> list[AnyRow]:
    return list(Mbox().read(io.BytesIO(raw), Options(country="GB", **options)))


def mails(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def test_mails_are_numbered_through_and_placed_by_line() -> None:
    rows = read(ONE + HEAD + b"one\n\n" + ONE + HEAD + b"two\n")

    assert [(mail.number, mail.place, mail.text) for mail in mails(rows)] == [
        (1, "line 1", "one"),
        (2, "line 8", "two"),
    ]
    assert len([row for row in rows if isinstance(row, Person)]) == 2


def test_what_stands_beside_an_address_is_searched_once() -> None:
    head = b'From: "Robin +44 7700 900912" <robin@mail.example>\n\n'
    rows = read((ONE + head + b"one\n\n") * 2)

    phones = [row for row in rows if isinstance(row, Sighting) and row.value.kind == "phone"]
    assert [(row.value.value, row.way, row.place) for row in phones] == [
        ("+447700900912", "mentioned", "message 1, header From")
    ]


def test_lines_that_end_with_a_return_alone_are_lines() -> None:
    raw = (ONE + HEAD + b"one\n\n" + ONE + HEAD + b"two\n").replace(b"\n", b"\r")
    source = sources.recognise(raw, len(raw))

    assert source is not None
    assert source.name == "mbox"
    assert [(mail.place, mail.text) for mail in mails(read(raw))] == [("line 1", "one"), ("line 8", "two")]


@pytest.mark.parametrize(
    "text",
    [
        b"From here on it is prose of 2026.\nmore\n",
        b"\nFrom here on it is prose of 2026.\n\nmore\n",
        b"\nFrom time to time.\nA: header\n",
        b"no blank line before\nFrom robin@mail.example Fri Apr  3 21:16:04 2026\nX: y\n",
    ],
)
def test_prose_is_no_new_mail(text: bytes) -> None:
    assert len(mails(read(ONE + HEAD + text))) == 1


@pytest.mark.parametrize(
    "line",
    [
        b"From robin@mail.example Fri Apr  3 21:16:04 2026\n",
        b"From - Fri Apr 03 21:16:04 2026\r\n",
        b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011\n",
        b"From 1844347792267117879@xxx\n",
        b'From "robin larch"@mail.example Fri Apr  3 21:16:04 2026\n',
    ],
)
def test_ways_of_announcing_a_mail(line: bytes) -> None:
    raw = line + HEAD + b"one\n\n" + line + HEAD + b"two\n"

    assert Mbox().recognises(raw, len(raw)) > 0.9
    assert [mail.text for mail in mails(read(raw))] == ["one", "two"]


def test_escaped_lines_lose_one_sign() -> None:
    (mail,) = mails(read(ONE + HEAD + b">From me\n>>From you\n> From us\n"))

    assert mail.text == "From me\n>From you\n> From us"


def test_an_announcement_inside_an_open_part_still_ends_the_mail() -> None:
    open_part = b"From: a@mail.example\nTo: b@mail.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ncut\n\n"

    assert [mail.text for mail in mails(read(ONE + open_part + ONE + HEAD + b"two\n"))] == ["cut", "two"]


def test_one_mail_with_the_line_left_on_is_a_mail() -> None:
    raw = ONE + HEAD + b"one\n"
    chosen = sources.recognise(raw, len(raw))

    assert chosen is not None
    assert chosen.name == "eml"


def test_mails_are_limited() -> None:
    rows = read((ONE + HEAD + b"x\n\n") * 5, max_rows=2)

    assert len(mails(rows)) == 2
    assert rows[-1] == Failed(reason="Stopped at the limit of 2 messages.")


@pytest.mark.parametrize("cut", range(1, 330, 23))
def test_cut_anywhere_it_still_ends(cut: int) -> None:
    read((ONE + HEAD + b"one\n\n" + ONE + HEAD + b"two\n")[:cut])


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are not here")
def test_a_takeout() -> None:
    raw = (SHARED / "issue1189.mbox.txt").read_bytes()
    rows = read(raw)

    assert Mbox().recognises(raw, len(raw)) > 0.9
    assert [mail.subject for mail in mails(rows)] == ["Message 1", "Message 2", "Message 3", "Message 4"]
    assert [len(mail.attachments) for mail in mails(rows)] == [0, 1, 0, 0]
