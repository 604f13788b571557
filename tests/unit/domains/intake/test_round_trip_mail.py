"""Mails, mailboxes, plain texts and notes: whatever is written in any form is read again, value for value."""

import hashlib
import io
import re
from datetime import UTC, datetime, timedelta, timezone
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from cets.domains.intake import sources
from cets.domains.intake.rows import FreeText, Message, NotUnderstood, Summary
from cets.domains.intake.sources.base import Options
from unit.domains.intake.chat_round_trips import (
    LINES,
    NAMES,
    PARAGRAPHS,
    SECONDS,
    bounded,
    declared,
    messages,
    read,
    shown,
    times,
)


class Letter(NamedTuple):
    """One mail to write. `form`: "plain", "html" or "both"; `inner`: forwarded in it."""

    subject: str
    text: str
    who: int
    to: list[int]
    copies: list[int]
    at: int
    minutes: int
    charset: str
    encoding: str
    form: str
    files: list[tuple[str, bytes]]
    inner: "Letter | None" = None

    @property
    def address(self) -> str:
        return f"bird{self.who}@mail.example"

    @property
    def recipients(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(f"bird{who}@mail.example" for who in (*self.to, *self.copies)))

    @property
    def instant(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def all(self) -> "list[Letter]":
        """Return the mail, and those in it."""
        return [self, *(self.inner.all() if self.inner else ())]


_WHO = st.integers(0, len(NAMES) - 1)
#: Lines of prose that begin as a mailbox's own do.
_TEXTS = st.one_of(
    LINES, PARAGRAPHS, st.tuples(LINES, LINES).map(lambda two: f"{two[0]}\n\nFrom {two[1]}\n>From here")
)


def _file_name(line: str) -> str:
    kept = re.sub(r"[^\w ]", "", line[:20])
    return f"{' '.join(kept.split())}.jpg"


def _short(line: str) -> str:
    """Return as much of a line as the writer does not fold: it loses blanks where it does."""
    return line[:30].encode()[:36].decode("utf-8", "ignore").strip()


_LETTERS = st.builds(
    Letter,
    subject=LINES.map(_short),
    text=_TEXTS,
    who=_WHO,
    to=st.lists(_WHO, min_size=1, max_size=3, unique=True),
    copies=st.lists(_WHO, max_size=2, unique=True),
    at=SECONDS,
    minutes=st.sampled_from([-480, 0, 60, 330]),
    charset=st.sampled_from(["utf-8", "iso-8859-1", "windows-1251", "shift_jis", "big5"]),
    encoding=st.sampled_from(["quoted-printable", "base64", "8bit"]),
    form=st.sampled_from(["plain", "html", "both"]),
    files=st.lists(st.tuples(LINES.map(_file_name), st.binary(max_size=300)), max_size=2),
    inner=st.none(),
)
_FORWARDED = st.tuples(_LETTERS, st.one_of(st.none(), _LETTERS)).map(
    lambda two: two[0]._replace(inner=two[1])
)


def _charset(letter: Letter) -> tuple[str, str]:
    """Return the character set and the encoding in which a text can be sent."""
    try:
        letter.text.encode(letter.charset)
    except UnicodeEncodeError:
        return "utf-8", letter.encoding
    return letter.charset, letter.encoding


def _html(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<html><body><p>{escaped.replace(chr(10), '<br>')}</p></body></html>"


def _people(numbers: list[int]) -> list[Address]:
    return [Address(NAMES[who], addr_spec=f"bird{who}@mail.example") for who in numbers]


def _written(letter: Letter) -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = _people([letter.who])
    mail["To"] = _people(letter.to)
    if letter.copies:
        mail["Cc"] = _people(letter.copies)
    mail["Subject"] = letter.subject
    mail["Date"] = letter.instant.astimezone(timezone(timedelta(minutes=letter.minutes)))
    mail["Message-ID"] = f"<{letter.at}@mail.example>"
    charset, encoding = _charset(letter)
    if letter.form != "html":
        mail.set_content(letter.text, charset=charset, cte=encoding)
    if letter.form == "html":
        mail.set_content(_html(letter.text), subtype="html", charset=charset, cte=encoding)
    elif letter.form == "both":
        mail.add_alternative(_html(letter.text), subtype="html", charset=charset, cte=encoding)
    for name, content in letter.files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    if letter.inner:
        mail.add_attachment(_written(letter.inner))
    return mail


def _read_text(letter: Letter) -> str:
    """Return the text as it is read: of HTML, which knows no blank lines between two breaks, without those."""
    return re.sub(r"\n+", "\n", letter.text) if letter.form == "html" else letter.text


def _assert_read(found: list[Message], letters: list[Letter]) -> None:
    assert [(one.kind, one.subject, one.text) for one in found] == [
        ("mail", letter.subject, _read_text(letter)) for letter in letters
    ]
    assert [one.recipients for one in found] == [letter.recipients for letter in letters]
    assert times(found) == [letter.instant for letter in letters]
    assert [one.attachments for one in found] == [
        (
            *(f"{name} (application/octet-stream, {len(content)} bytes)" for name, content in letter.files),
            *([f"{letter.inner.subject} (message)"] if letter.inner else []),
        )
        for letter in letters
    ]
    for one, letter in zip(found, letters, strict=True):
        assert one.sender is not None
        assert one.sender.strip('"').startswith(NAMES[letter.who])
        assert letter.address in one.sender


def _identifiers(letters: list[Letter]) -> set[tuple[str, str]]:
    addresses = {("email", address) for one in letters for address in (one.address, *one.recipients)}
    return addresses | {
        ("hash", f"{name}:{made(content).hexdigest()}")
        for one in letters
        for _, content in one.files
        for name, made in (("md5", hashlib.md5), ("sha1", hashlib.sha1), ("sha256", hashlib.sha256))
    }


def _named(letters: list[Letter]) -> set[str]:
    return {NAMES[who] for one in letters for who in (one.who, *one.to, *one.copies)}


@bounded
@given(_FORWARDED, st.sampled_from([b"\r\n", b"\n"]))
def test_eml(letter: Letter, end: bytes) -> None:
    rows = read("eml", _written(letter).as_bytes().replace(b"\r\n", end))

    _assert_read(messages(rows), letter.all())
    assert declared(rows, "email", "hash") == _identifiers(letter.all())
    assert shown(rows) == _named(letter.all())


@bounded
@given(st.lists(_FORWARDED, min_size=2, max_size=4), st.sampled_from([b"\r\n", b"\n"]), st.booleans())
def test_mbox(letters: list[Letter], end: bytes, is_takeout: bool) -> None:
    box = b""
    for index, letter in enumerate(letters):
        first = (
            f"From 17{index}@xxx"
            if is_takeout
            else f"From {letter.address} {letter.instant:%a %b %d %H:%M:%S %Y}"
        )
        body = re.sub(
            rb"^(>*From )", rb">\1", _written(letter).as_bytes().replace(b"\r\n", b"\n"), flags=re.MULTILINE
        )
        box += first.encode() + b"\n" + body + b"\n"
    rows = read("mbox", box.replace(b"\n", end))

    written = [one for letter in letters for one in letter.all()]
    _assert_read(messages(rows), written)
    assert declared(rows, "email", "hash") == _identifiers(written)
    assert shown(rows) == _named(written)


@bounded
@given(
    st.lists(st.one_of(LINES, LINES, st.just(""), st.just("  ")), min_size=1, max_size=8),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_text(lines: list[str], encoding: str, end: str) -> None:
    raw = end.join(lines).encode(encoding)
    rows = list(sources.all_sources()["text"].read(io.BytesIO(raw), Options(country="GB")))

    assert [(row.place, row.text.removeprefix("\ufeff")) for row in rows if isinstance(row, FreeText)] == [
        (f"line {number}", line) for number, line in enumerate(lines, 1) if line.strip()
    ]
    assert not [row for row in rows if isinstance(row, NotUnderstood)]


@bounded
@given(
    st.lists(PARAGRAPHS.map(lambda text: re.sub(r"\n+", "\n", text)), min_size=1, max_size=4),
    st.sampled_from(NAMES),
    LINES,
    SECONDS,
    st.sampled_from(["\n", "\r\n"]),
)
def test_note(paragraphs: list[str], author: str, title: str, at: int, end: str) -> None:
    when = datetime.fromtimestamp(at, UTC)
    lines = ["CETS-NOTE 1", f"author: {author}", f"at: {when.isoformat()}", f"title: {title}"]
    rows = read("note", end.join([*lines, "", "\n\n".join(paragraphs).replace("\n", end)]).encode())

    (summary,) = [row for row in rows if isinstance(row, Summary)]
    assert summary.title == title
    assert summary.received_at is not None
    assert summary.received_at.instant == when
    found = [row for row in rows if isinstance(row, FreeText)]
    assert [(row.label, row.text) for row in found] == [
        ("author", author),
        *(("note", one) for one in paragraphs),
    ]
    number, places = 6, []
    for one in paragraphs:
        last = number + one.count("\n")
        places.append(f"line {number}" if last == number else f"lines {number} to {last}")
        number = last + 2
    assert [row.place for row in found[1:]] == places
