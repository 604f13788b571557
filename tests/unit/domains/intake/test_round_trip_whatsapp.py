"""WhatsApp: whatever is written, in the words of any telephone, is read again, value for value."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cets.domains.intake.rows import AmbiguousPart, Person
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


def _half(at: datetime, am: str = "AM", pm: str = "PM") -> str:
    return am if at.hour < 12 else pm


def _hour(at: datetime) -> int:
    return at.hour % 12 or 12


class Phone(NamedTuple):
    """How one phone writes: its header, and a file that it attached. `bracket`: around it, with seconds in it."""

    header: Callable[[datetime], str]
    attached: str
    bracket: bool = False

    def line(self, at: datetime, rest: str) -> str:
        return f"[{self.header(at)}] {rest}" if self.bracket else f"{self.header(at)} - {rest}"


_SPANISH = ("a.\u00a0m.", "p.\u00a0m.")
_ANDROID, _APPLE = "{} (file attached)", "\u200e<attached: {}>"
PHONES = {
    "Android, British": Phone(lambda at: f"{at:%d/%m/%Y, %H:%M}", _ANDROID),
    "Android, American": Phone(
        lambda at: f"{at.month}/{at.day}/{at:%y}, {_hour(at)}:{at:%M}\u202f{_half(at)}", _ANDROID
    ),
    "Android, Indian": Phone(
        lambda at: f"{at:%d/%m/%y}, {_hour(at)}:{at:%M} {_half(at, 'am', 'pm')}", _ANDROID
    ),
    "Android, German": Phone(lambda at: f"{at:%d.%m.%y, %H:%M}", "{} (Datei angehängt)"),
    "Android, Mexican": Phone(
        lambda at: f"{at.day}/{at.month}/{at.year}, {_hour(at)}:{at:%M} {_half(at, *_SPANISH)}",
        "{} (archivo adjunto)",
    ),
    "Android, French": Phone(lambda at: f"{at:%d/%m/%Y à %H:%M}", "{} (fichier joint)"),
    "Android, Chinese": Phone(
        lambda at: f"{at.year}/{at.month}/{at.day} {_half(at, '上午', '下午')}{_hour(at)}:{at:%M}", _ANDROID
    ),
    "Android, Hungarian": Phone(lambda at: f"{at:%Y. %m. %d., %H:%M}", _ANDROID),
    "iOS, German": Phone(lambda at: f"{at:%d.%m.%y, %H:%M:%S}", "\u200e<Anhang: {}>", bracket=True),
    "iOS, British": Phone(lambda at: f"{at:%d/%m/%Y, %H:%M:%S}", _APPLE, bracket=True),
    "iOS, American": Phone(
        lambda at: f"{at.month}/{at.day}/{at:%y}, {_hour(at)}:{at:%M:%S}\u202f{_half(at)}",
        _APPLE,
        bracket=True,
    ),
    "iOS, Swedish": Phone(lambda at: f"{at:%Y-%m-%d, %H:%M:%S}", _APPLE, bracket=True),
}
#: The app's own lines; every sentence is of the app, the people in them are the chat's.
_OWN_LINES = (
    "Robin Larch left", "Zoë added 김민준", "+44 7700 900142 joined using this group's invite link",
    "Messages and calls are end-to-end encrypted. No one outside of this chat, not even WhatsApp, can read or listen to them.",
)  # fmt: skip
_SPEAKERS = (*NAMES[:5], "+44 7700 900142")
_FIRST = Told("first", 0, int(datetime(2015, 1, 31, 21, 14, tzinfo=UTC).timestamp()))
_TEXTS = st.one_of(LINES, PARAGRAPHS)


def _chat(talk: list[Told], phone: Phone) -> tuple[bytes, list[Told]]:
    """Return the file, and its messages as they stand there: in order of time, the first on a day that settles all."""
    talk = [_FIRST, *sorted(talk, key=lambda one: one.at)]
    lines = []
    for one in talk:
        if one.is_line:
            lines.append(phone.line(one.clock, _own(one)))
        else:
            files = f"{phone.attached.format(one.file)}\n" if one.file else ""
            lines.append(phone.line(one.clock, f"{_SPEAKERS[one.who]}: {files}{one.text}"))
    return "\n".join(lines).encode(), talk


def _own(one: Told) -> str:
    return _OWN_LINES[one.at % len(_OWN_LINES)]


@bounded
@given(told(_TEXTS), st.sampled_from(list(PHONES)), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_whatsapp(talk: list[Told], phone_name: str, marked: bool, end: str) -> None:
    phone = PHONES[phone_name]
    raw, talk = _chat([one._replace(at=max(one.at, 1_430_000_000)) for one in talk], phone)
    if marked:
        raw = b"\xef\xbb\xbf" + raw
    rows = read("whatsapp", raw.replace(b"\n", end.encode()))

    found = messages(rows)
    assert [(one.kind, one.sender) for one in found] == [
        ("system", None) if one.is_line else ("chat", _SPEAKERS[one.who]) for one in talk
    ]
    for read_, one in zip(found, talk, strict=True):
        file = phone.attached.format(one.file) + "\n" if one.file else ""
        assert read_.text == (_own(one) if one.is_line else file + one.text)
        assert read_.attachments == ((one.file,) if one.file and not one.is_line else ())
    assert times(found) == [one.clock if phone.bracket else one.clock.replace(second=0) for one in talk]
    writers = {_SPEAKERS[one.who] for one in talk if not one.is_line}
    assert shown(rows) == {name for name in writers if not name.startswith("+")}
    assert declared(rows, "phone") == {("phone", "+447700900142")} & {
        ("phone", name.replace(" ", "")) for name in writers
    }
    assert {name for row in rows if isinstance(row, Person) for name in row.names} == writers
    assert not [row for row in rows if isinstance(row, AmbiguousPart) and row.place == "message 1"]


@bounded
@given(st.lists(_TEXTS, min_size=2, max_size=5), st.sampled_from(list(PHONES)))
def test_a_name_with_a_colon(said: list[str], phone_name: str) -> None:
    phone = PHONES[phone_name]
    lines = [phone.line(_FIRST.clock, f"Team: Blue: {text}") for text in said]
    rows = read("whatsapp", "\n".join(lines).encode())

    assert [(one.sender, one.text) for one in messages(rows)] == [("Team: Blue", text) for text in said]
    assert shown(rows) == {"Team: Blue"}


@bounded
@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), min_size=1, max_size=4),
    st.integers(2010, 2099),
)
def test_days_that_nothing_settles_keep_both_readings(days: list[tuple[int, int]], year: int) -> None:
    ordered = all(one == days[0] for one in days)
    raw = "\n".join(f"{first:02}/{second:02}/{year}, 21:14 - Robin: hi" for first, second in days)
    found = times(messages(read("whatsapp", raw.encode())))

    for when, (first, second) in zip(found, days, strict=True):
        both = {datetime(year, second, first, 21, 14), datetime(year, first, second, 21, 14)}  # noqa: DTZ001 - of no zone
        readings = set(when) if isinstance(when, tuple) else {when}
        assert readings <= both
        assert not ordered or readings == both


@pytest.mark.parametrize("phone_name", list(PHONES))
def test_every_phone_is_read_to_the_end_of_its_day(phone_name: str) -> None:
    hours = [Told(f"text {hour}", 1, _FIRST.at + hour * 3600) for hour in range(30)]
    raw, talk = _chat(hours, PHONES[phone_name])
    assert times(messages(read("whatsapp", raw))) == [one.clock for one in talk]
