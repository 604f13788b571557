"""IRC logs and Signal chats as text: whatever is written in any of their forms is read again, value for value."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from cets.domains.intake.rows import Person
from unit.domains.intake.chat_round_trips import (
    LINES,
    NAMES,
    PARAGRAPHS,
    Told,
    bounded,
    declared,
    messages,
    read,
    shown,
    times,
    told,
)

_NICKS = ("kea", "robin_1", "zoe-larch", "Olegs", "wren2", "kea_away")
_BEGAN, _PERIOD = 1_422_738_840, 300 * 86_400  # from the last day of January 2015, within one year
#: In bounds of one year, as some programs write none; said, or of the server.
_TALKS = told(LINES).map(
    lambda talk: sorted(
        (one._replace(at=_BEGAN + one.at % _PERIOD, file=None) for one in talk), key=lambda one: one.at
    )
)


class Program(NamedTuple):
    """How one program writes: a stamp, what is said, what the server tells, and what opens the log or a new day."""

    stamp: Callable[[Told], str]
    said: str
    told: str
    opened: Callable[[datetime], str] | None = None
    is_each_day: bool = False
    seconds: bool = True
    mask: str = "[{}]"


PROGRAMS = {
    "irssi": Program(
        lambda one: f"{one.clock:%H:%M} ", "< {}> ", "-!- ",
        lambda at: f"--- Day changed {at:%a %b %d %Y}", is_each_day=True, seconds=False,
    ),
    "WeeChat": Program(lambda one: f"{one.clock:%Y-%m-%d %H:%M:%S}\t", "{}\t", "-->\t", mask="({})"),
    "XChat": Program(
        lambda one: f"{one.clock:%b %d %H:%M:%S} ", "<{}>\t", "*\t",
        lambda at: f"**** BEGIN LOGGING AT {at:%a %b %d %H:%M:%S %Y}", mask="({})",
    ),
    "HexChat's scrollback": Program(lambda one: f"T {one.at} ", "<{}> ", "* ", mask="({})"),
    "mIRC": Program(
        lambda one: f"[{one.clock:%H:%M}] ", "<@{}> ", "* ",
        lambda at: f"Session Start: {at:%a %b %d %H:%M:%S %Y}", is_each_day=True, seconds=False, mask="({})",
    ),
    "dated": Program(lambda one: f"[{one.clock:%Y-%m-%d %H:%M:%S}] ", "<{}> ", "*** ", mask="({})"),
}  # fmt: skip


def _joined(one: Told, program: Program) -> str:
    return f"{_NICKS[one.who]} {program.mask.format(f'~u@h{one.who}.host.example')} has joined #birds"


def _log(talk: list[Told], program: Program) -> str:
    lines, last = [], None
    for one in talk:
        is_new = last is None or (program.is_each_day and one.clock.date() != last)
        if program.opened and is_new:
            lines.append(program.opened(one.clock))
        last = one.clock.date()
        rest = (
            program.told + _joined(one, program)
            if one.is_line
            else program.said.format(_NICKS[one.who]) + one.text
        )
        lines.append(program.stamp(one) + rest)
    return "\n".join(lines)


_ARRIVED = Told("", 0, _BEGAN, is_line=True)


@bounded
@given(_TALKS, st.sampled_from(list(PROGRAMS)), st.sampled_from(["\n", "\r\n"]))
def test_irc(talk: list[Told], name: str, end: str) -> None:
    program = PROGRAMS[name]
    # Enough that only a log of this network holds: somebody comes in between all that is said.
    talk = [_ARRIVED, *(each for one in talk for each in (one, one._replace(is_line=True)))]
    rows = read("irc", _log(talk, program).replace("\n", end).encode())

    found = messages(rows)
    assert [(one.kind, one.sender, one.text, one.thread) for one in found] == [
        ("system", None, _joined(one, program), "#birds")
        if one.is_line
        else ("chat", _NICKS[one.who], one.text, "#birds")
        for one in talk
    ]
    if name.startswith("HexChat"):
        assert times(found) == [one.instant for one in talk]
    else:
        assert times(found) == [one.clock if program.seconds else one.clock.replace(second=0) for one in talk]
    nicks = {one.who for one in talk}
    assert declared(rows, "account") == {("account", f"irc/{_NICKS[who].lower()}") for who in nicks}
    assert declared(rows, "domain") == {("domain", f"h{who}.host.example") for who in nicks}
    assert declared(rows, "group") == {("group", "irc/#birds")}


_SPEAKERS = (*NAMES[:4], "Me", "+44 7700 900142")
_CALLS = ("Incoming voice call", "Missed video call", "(This message was deleted)")
_SIGNAL = {
    "older": (lambda at: f"[{at:%Y-%m-%d, %H:%M}]", ""),
    "newer": (lambda at: f"[{at:%Y-%m-%d %H:%M:%S}]", "  "),
}


def _signal(one: Told, reacted: bool) -> str:
    if one.is_line:
        return _CALLS[one.at % len(_CALLS)]
    file = f"\n![{one.file}](./media/{one.file})" if one.file else ""
    return one.text + file + ("\n(- Robin Larch: 👍 -)" if reacted else "")


@bounded
@given(told(st.one_of(LINES, PARAGRAPHS)), st.sampled_from(list(_SIGNAL)), st.booleans())
def test_signal(talk: list[Told], form: str, reacted: bool) -> None:
    stamp, end = _SIGNAL[form]
    lines = [f"{stamp(one.clock)} {_SPEAKERS[one.who]}: {_signal(one, reacted)}{end}\n" for one in talk]
    rows = read("signal", "\n".join(lines).encode())

    found = messages(rows)
    assert [(one.kind, one.sender, one.text) for one in found] == [
        ("system" if one.is_line else "chat", _SPEAKERS[one.who], _signal(one, reacted)) for one in talk
    ]
    assert [one.attachments for one in found] == [
        (one.file,) if one.file and not one.is_line else () for one in talk
    ]
    assert [one.headers for one in found] == [
        (("Reactions", "Robin Larch: 👍"),) if reacted and not one.is_line else () for one in talk
    ]
    assert times(found) == [one.clock if form == "newer" else one.clock.replace(second=0) for one in talk]
    writers = {_SPEAKERS[one.who] for one in talk}
    assert {name for row in rows if isinstance(row, Person) for name in row.names} == writers
    assert shown(rows) == writers - {"Me", "+44 7700 900142"}
    assert declared(rows, "phone") == {
        ("phone", one.replace(" ", "")) for one in writers if one.startswith("+")
    }
