"""One line of a channel log: its stamp, and what stands behind it.

[21:14] <kea> text                          many programs; mode signs before the name: <@kea>
[2026-12-31T21:14:05.123Z] <kea> text       with its zone
21:14 -!- kea [~k@host.example] has joined #birds        irssi
2026-12-31 21:14:05 <tab> kea <tab> text                 WeeChat
Dec 31 21:14:05 <kea> text                  XChat, HexChat; the month in the language of the desktop
T 1798751645 <kea> text                     their scrollback
=== kea is now known as kea_away            lines without a stamp
"""

import re
from typing import Literal

import msgspec

from cets.domains.intake.time_words import MONTHS

Sort = Literal["chat", "action", "join", "part", "quit", "nick", "kick", "system"]

_COLOURS = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04[0-9A-Fa-f]{6}|[\x02\x08\x0f\x11\x16\x1d\x1e\x1f]")
_NICK = r"[^\s<>\[\](),:!@#\"\-*=][^\s<>(),:!@#\"]{0,63}"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_WHOLE = rf"\d{{4}}-\d{{2}}-\d{{2}}[ T]{_CLOCK}(?:\.\d{{1,9}})?\s?(?:Z|[+\-]\d{{2}}:?\d{{2}})"
_STAMPS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\[(?P<whole>{_WHOLE})\]\s+",
        rf"(?P<whole>{_WHOLE})(?:\t|\s+(?=[<*\-=]))",
        rf"\[(?P<day>\d{{4}}-\d{{2}}-\d{{2}})[ T](?P<clock>{_CLOCK})\]\s+",
        rf"(?P<day>\d{{4}}-\d{{2}}-\d{{2}})[ T](?P<clock>{_CLOCK})(?:\t|\s+(?=[<*\-=]))",
        rf"[\[(](?P<clock>{_CLOCK})[\])]\s+",
        rf"(?P<clock>{_CLOCK})\s+(?=[<*\-=]|\[\S)",
        rf"\s?(?P<month>[^\W\d_]{{2,10}})\.?\s(?P<mday>\d{{1,2}})\s(?P<clock>{_CLOCK})(?:\s|$)",
        r"T\s(?P<epoch>\d{1,12})(?:\s|$)",
    )
)
_SAID = re.compile(r"\s*<[\s~&@%+]?(?P<nick>[^\s<>]{1,64})>\s?(?P<text>.*)", re.DOTALL)
_TAB_SAID = re.compile(rf"(?P<mode>[~&@%+]?)(?P<nick>{_NICK})\t(?P<text>.*)", re.DOTALL)
_TAB_NOTICE = re.compile(r"(?P<sign>-->|<--|--|=!=| \*|\*)\t(?P<text>.*)", re.DOTALL)
#: "-wren- text", "-wren:#birds- text", and "Notice(wren): text" of WeeChat.
_NOTICED = re.compile(rf"-(?P<nick>{_NICK})(?:\([^()\s]*\)|:[#&+][^\s]*?)?-\s(?P<text>.*)", re.DOTALL)
_TOLD = re.compile(rf"Notice\((?P<nick>{_NICK})\):\s(?P<text>.*)", re.DOTALL)
_SIGN = re.compile(r"(?:-!-|-->|<--|---|--|<-|->|\*{1,3}|===?|!!!|Action:)\s*")
_ACTION = re.compile(rf"(?P<nick>{_NICK})\s(?=\S)")

_MASK = r"[(\[](?P<user>[^\s@()\[\]]{1,40})@(?P<host>[^\s()\[\]]{1,255})[)\]]"
_CHANNEL = r"(?P<channel>[#&+][^\s,\x07]{0,79}[^\s,\x07:.])"  # what ends a sentence is no part of it
_WORDS: tuple[tuple[Sort, str], ...] = (
    ("join", rf"(?:Joins:\s)?(?P<nick>{_NICK})\s{_MASK}(?:\s+(?:has\s)?joined(?:\s(?:the\schannel\s)?{_CHANNEL})?)?\.?\s*$"),
    ("quit", rf"(?P<nick>{_NICK})\s{_MASK}\sleft\sirc\b"),
    ("part", rf"(?:Parts:\s(?P<nick2>{_NICK})|(?P<nick>{_NICK})(?=\s\S+\s+(?:has\s)?left))\s{_MASK}(?:\s+(?:has\s)?left(?:\s{_CHANNEL})?)?"),
    ("quit", rf"(?:Quits:\s(?P<nick2>{_NICK})|(?P<nick>{_NICK})(?=\s\S+\s+(?:has\s)?quit))\s{_MASK}(?:\s+(?:has\s)?quit(?:\sIRC)?)?"),
    ("quit", rf"(?P<nick>{_NICK})\s+(?:has\s)?quit(?:\sIRC)?(?:\s[(\[]|\s*$)"),
    ("part", rf"(?P<nick>{_NICK})\s+has\sleft\s{_CHANNEL}"),
    ("join", rf"(?P<nick>{_NICK})\s+(?:has\s)?joined\s{_CHANNEL}"),
    ("nick", rf"(?P<nick>{_NICK})\sis\s(?:now\s)?known\sas\s(?P<other>{_NICK}?)\.?\s*$"),
    ("nick", rf"Nick\schange:\s(?P<nick>{_NICK})\s->\s(?P<other>{_NICK})\s*$"),
    ("kick", rf"(?P<other>{_NICK})\skicked\sfrom\s{_CHANNEL}\sby\s(?P<nick>{_NICK})"),
    ("kick", rf"(?P<other>{_NICK})\swas\skicked\s(?:from\s{_CHANNEL}\s)?by\s(?P<nick>{_NICK})"),
    ("kick", rf"(?P<nick>{_NICK})\shas\skicked\s(?P<other>{_NICK})\sfrom\s{_CHANNEL}"),
    ("system", rf"(?:You\sare\s)?(?:now\s)?(?:speaking|talking)\s(?:now\s)?on\s{_CHANNEL}"),
    ("system", rf"(?:Topic\s(?:for|of)|Irssi:|mode(?:/|\schange\s\S+\sfor))\s?{_CHANNEL}?"),
    ("system", rf"(?P<nick>{_NICK})\s(?:sets\s(?:channel\s)?mode|gives\s(?:voice|channel)|(?:has\s)?change[sd]\s(?:the\s)?topic)"),
)  # fmt: skip
_NOTICES = tuple((sort, re.compile(pattern, re.IGNORECASE)) for sort, pattern in _WORDS)
_BANNED = re.compile(r"[^\s!\[\]()]{1,64}![^\s@]{1,40}@[^\s\[\]()]{1,255}")

#: Lines that give the day: of irssi, XChat in any language, mIRC, Eggdrop.
_DAYS = re.compile(
    r"(?:---\s(?:Log\s(?:opened|closed)|Day\schanged(?:\sto)?)\s|\*{4}\s[^\d:]{3,60}?\s(?=[^\W\d_]{2,5}\.?\s[^\W\d_]{3,5}\.?\s+\d)"
    r"|Session\s(?:Start|Time|Close):\s|\[\d{2}:\d{2}(?::\d{2})?\]\s---\s(?=[^\W\d_]{3}\s[^\W\d_]{3}\s+\d{1,2}\s\d{4}\s*$))(?P<when>[^\n]{6,40}?)\s*$"
)
_IDENT = re.compile(r"Session\sIdent:\s(?P<channel>\S{1,80})\s*$")


class Stamp(msgspec.Struct, frozen=True):
    """When a line was written, as far as the line says."""

    raw: str
    day: str | None = None
    month_day: tuple[int, int] | None = None
    clock: str | None = None
    epoch: str | None = None
    whole: str | None = None  # day, time and zone


class Body(msgspec.Struct, frozen=True):
    """What a line says. `nick` may be no nick in an "action": only the rest of the log tells."""

    sort: Sort
    text: str
    nick: str | None = None
    other: str | None = None
    host: str | None = None
    channel: str | None = None
    masks: tuple[tuple[int, int], ...] = ()


class Line(msgspec.Struct, frozen=True):
    stamp: Stamp | None
    body: Body


def plain(line: str) -> str:
    """Return a line without the codes for colour and weight."""
    return _COLOURS.sub("", line)


def day_line(line: str) -> str | None:
    """Return the day and time in a line that opens, closes or parts a log by days."""
    found = _DAYS.match(line)
    return found["when"] if found else None


def ident_line(line: str) -> str | None:
    found = _IDENT.match(line)
    return found["channel"] if found else None


def parse(line: str) -> Line | None:
    """Read a line, or return None where it has neither stamp nor the sign of a notice."""
    for pattern in _STAMPS:
        found = pattern.match(line)
        if found:
            stamp = _stamp(found)
            return Line(stamp, _body(line[found.end() :])) if stamp else None
    if line.startswith("=== "):
        return Line(None, _body(line))
    return None


def _stamp(found: re.Match[str]) -> Stamp | None:
    parts = found.groupdict()
    raw = found[0].strip().strip("[]()")
    if parts.get("whole"):
        return Stamp(raw, whole=parts["whole"])
    if parts.get("epoch"):
        return Stamp(raw, epoch=parts["epoch"])
    if parts.get("month"):
        month = MONTHS.get(parts["month"].lower())
        return Stamp(raw, month_day=(month, int(parts["mday"])), clock=parts["clock"]) if month else None
    return Stamp(raw, day=parts.get("day"), clock=parts["clock"])


def _body(rest: str) -> Body:
    tabbed = _TAB_NOTICE.match(rest)
    said = _SAID.match(rest) or (_TOLD.match(tabbed["text"]) if tabbed else _TAB_SAID.fullmatch(rest))
    if said := said or _NOTICED.match(rest):
        return Body("chat", said["text"], nick=said["nick"])
    sign = _SIGN.match(rest)
    text = tabbed["text"] if tabbed else rest[sign.end() :] if sign else rest
    notice = _notice(text)
    if notice:
        return notice
    is_deed = tabbed["sign"].strip() == "*" if tabbed else bool(sign)
    if is_deed and (found := _ACTION.match(text)):
        return Body("action", text, nick=found["nick"], masks=_masks(text))
    return Body("system", text, masks=_masks(text))


def _notice(text: str) -> Body | None:
    for sort, pattern in _NOTICES:
        found = pattern.match(text)
        if found:
            parts = found.groupdict()
            masks = _masks(text)
            if parts.get("host"):
                masks = ((found.start("user"), found.end("host")), *masks)
            nick = parts.get("nick") or parts.get("nick2")
            return Body(sort, text, nick, parts.get("other"), parts.get("host"), parts.get("channel"), masks)
    return None


def _masks(text: str) -> tuple[tuple[int, int], ...]:
    """Return where hosts stand that look like mail addresses: name!user@host."""
    if "!" not in text:
        return ()
    return tuple(found.span() for found in _BANNED.finditer(text[:2_000]))
