"""WhatsApp text exports as an iPhone, Android, and Android in the United States write them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cets.sites.console.nation.model import Document, Planted

Style = Literal["ios", "android", "android_us"]

_NOTICE = "Messages and calls are end-to-end encrypted. Only people in this chat can read them."
_MARK = "\u200e"  # stands before system lines and attachments on an iPhone
_NARROW = "\u202f"  # stands before AM and PM since 2023


@dataclass(frozen=True, slots=True)
class Said:
    """One message; without a sender it is a line of the system."""

    at: datetime
    text: str
    sender: str | None = None


def export(
    style: Style, said: Sequence[Said], planted: Sequence[Planted], *, notice: bool = True
) -> Document:
    lines = [Said(said[0].at, _NOTICE), *said] if notice else list(said)
    text = "\n".join(_line(style, one) for one in lines) + "\n"
    return Document(text.encode(), ".txt", "whatsapp", tuple(planted))


def _line(style: Style, one: Said) -> str:
    body = f"{one.sender}: {one.text}" if one.sender else one.text
    if style == "ios":
        mark = "" if one.sender else _MARK
        return f"{mark}[{one.at:%d/%m/%Y, %H:%M:%S}] {mark}{body}"
    if style == "android":
        return f"{one.at:%d/%m/%Y, %H:%M} - {body}"
    afternoon, hour = divmod(one.at.hour, 12)
    date = f"{one.at.month}/{one.at.day}/{one.at:%y}"
    return f"{date}, {hour or 12}:{one.at:%M}{_NARROW}{'PM' if afternoon else 'AM'} - {body}"
