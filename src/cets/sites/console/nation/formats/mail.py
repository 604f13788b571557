"""Mail: single messages (EML) and mailboxes (mbox), with line ends and boundaries that never vary."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from cets.sites.console.nation.model import Document, Planted

_FROM_LINE = re.compile(rb"^(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mail:
    """`sender` is (name, address). `headers` come after the usual ones, in their order."""

    sender: tuple[str, str]
    to: str
    subject: str
    text: str
    at: datetime
    number: int
    headers: tuple[tuple[str, str], ...] = ()
    attachment: tuple[str, bytes] | None = None


def eml(mail: Mail, planted: Sequence[Planted]) -> Document:
    return Document(_bytes(mail), ".eml", "eml", tuple(planted))


def mbox(mails: Sequence[Mail], planted: Sequence[Planted]) -> Document:
    parts = []
    for mail in mails:
        body = _FROM_LINE.sub(rb">\1", _bytes(mail).replace(b"\r\n", b"\n"))
        parts.append(f"From {mail.sender[1]} {mail.at:%a %b %d %H:%M:%S %Y}\n".encode() + body + b"\n")
    return Document(b"".join(parts), ".mbox", "mbox", tuple(planted))


def _bytes(mail: Mail) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = f'"{mail.sender[0]}" <{mail.sender[1]}>'
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.number:08d}.{mail.at:%Y%m%d%H%M%S}@mta.example>"
    for name, value in mail.headers:
        message[name] = value
    message.set_content(mail.text, cte="8bit")
    if mail.attachment:
        name, content = mail.attachment
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        message.set_boundary(f"=={mail.number:08d}==")
    return message.as_bytes()
