"""Addresses within a chat network ("447700900142@s.whatsapp.net"): they look like mail addresses and are none."""

import re
from typing import NamedTuple

_PERSON = re.compile(r"(?P<number>\d{7,15})(?:[.:_]\d+)*@(?:s\.whatsapp\.net|c\.us)", re.IGNORECASE)
_HIDDEN = re.compile(r"(?P<number>\d{5,20})(?:[.:]\d+)*@(?:hosted\.)?lid", re.IGNORECASE)
_ROOM = re.compile(r"(?P<room>[\w\-]+)@g\.us|(?P<channel>\d{8,20})@newsletter", re.IGNORECASE)
#: What WhatsApp calls everybody's own, or a list that only the owner of a device has.
_OF_THE_DEVICE = re.compile(r"[\w.\-]+@broadcast", re.IGNORECASE)
#: Kik adds three signs to the user name, which its users never see.
_KIK = re.compile(
    r"(?P<name>[a-z0-9._]{2,60}?)(?:_[a-z0-9]{3})?@talk\.kik\.com|(?P<room>\d{6,20}_g)@groups\.kik\.com",
    re.IGNORECASE,
)


class Jid(NamedTuple):
    """What such an address is of: kind of identifier and text to read; kind "" where it identifies nobody."""

    kind: str
    raw: str


def jid_of(text: str) -> Jid | None:
    """Return what a whole text is as an address within WhatsApp or Kik, None where it is none."""
    if "@" not in text:
        return None
    if found := _PERSON.fullmatch(text):
        return Jid("phone", f"+{found['number']}")
    if found := _HIDDEN.fullmatch(text):
        return Jid("account", f"whatsapp/id:{found['number']}")
    if found := _ROOM.fullmatch(text):
        return Jid("group", f"whatsapp/{found['room'] or found['channel']}")
    if found := _KIK.fullmatch(text):
        return (
            Jid("account", f"kik/{found['name']}") if found["name"] else Jid("group", f"kik/{found['room']}")
        )
    return Jid("", text) if _OF_THE_DEVICE.fullmatch(text) else None
