"""IRC logs: what is one, who speaks, who came from where, and what a log does not say of its times."""

import io
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cets.domains.intake.rows import (
    AnyRow,
    Failed,
    FreeText,
    Message,
    NotUnderstood,
    Person,
    Sighting,
    Summary,
)
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.irc.source import Irc

SHARED = Path(__file__).parents[5] / "shared/data/irc"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are not here")


def read(text: str | bytes, **options: int) -> list[AnyRow]:
    raw = text.encode() if isinstance(text, str) else text
    return list(Irc().read(io.BytesIO(raw), Options(country="GB", **options)))


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def found(rows: list[AnyRow]) -> list[tuple[str, str, str, str | None]]:
    return [
        (row.value.kind, row.value.value, row.way, row.event) for row in rows if isinstance(row, Sighting)
    ]


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


def times(rows: list[AnyRow]) -> list[list[str]]:
    return [
        [f"{each:%Y-%m-%d %H:%M}" for each in row.sent_at.candidates] for row in messages(rows) if row.sent_at
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[12:18] <kea> hello\n[12:19] <@robin> hello\n", "irc"),
        ("--- Log opened Thu Dec 31 23:50:02 2026\n23:50 < kea> hello\n", "irc"),
        (
            "2026-12-31 23:50:02\t-->\tkea (~k@isp.example) has joined #a\n2026-12-31 23:50:03\tkea\thi\n",
            "irc",
        ),
        ("2026-12-31T23:50:02  <kea> hello\n2026-12-31T23:51:02  <kea> hello\n", "irc"),
        ("[2026-12-31 23:50:02] <kea> hello\n[2026-12-31 23:51:02] <kea> hello\n", "irc"),
        ("Dec 31 23:50:02 <kea>\thello\nDec 31 23:51:02 <wren>\thi\n", "irc"),
        ("T 1798751645 <kea> hello\nT 1798751646 <kea> hello\n", "irc"),
        ("2026-12-31 23:50:02\tkea\thi\n2026-12-31 23:50:03\twren\tho\n", "csv"),
        ("Dec 31 21:11:58 mail postfix/smtp[1]: A1: to=<kea@mail.example>, sent\n" * 3, "text"),
        ("Dec 31 21:11:58 host sshd[12]: session opened for user kea\n" * 3, "text"),
        ("12:30 - lunch with robin\n13:30 - tea\n", "text"),
        ("[31/12/2026, 21:14:05] Robin: hi\n[31/12/2026, 21:14:06] Kea: hi\n", "whatsapp"),
        ("[12:18] <kea> hello\n", "text"),
        ("=== a title\nand prose under it\n=== another\nand more\n", "text"),
    ],
)
def test_what_is_a_log(text: str, name: str) -> None:
    source = recognise(text.encode(), len(text))
    assert source is not None
    assert source.name == name


@pytest.mark.parametrize(
    ("line", "sender", "text"),
    [
        ("[12:18] <@kea> hello", "kea", "hello"),
        ("[12:18:07] <kea[a]> hello", "kea[a]", "hello"),
        ("12:18 < kea> hello: <there>", "kea", "hello: <there>"),
        ("12:18 -kea(~k@isp.example)- a notice", "kea", "a notice"),
        ("2026-12-31 12:18:07\t+kea\tsaid\twith a tab", "kea", "said\twith a tab"),
        ("[12:18] <\x0304,01kea\x03> \x02bold\x0f", "kea", "bold"),
    ],
)
def test_who_says_what(line: str, sender: str, text: str) -> None:
    (message,) = messages(read(line))
    assert (message.kind, message.sender, message.text) == ("chat", sender, text)


@pytest.mark.parametrize(
    ("line", "event", "value"),
    [
        ("12:18 -!- kea [~k@198.51.100.7] has joined #a", "JOIN", ("ip", "198.51.100.7")),
        ('=== kea [~k@2001:db8::7]  has left #a ["bye"]', "PART", ("ip", "2001:db8::7")),
        ("[12:18] * kea (k@dsl-7.isp.example) Quit (bye)", "QUIT", ("domain", "dsl-7.isp.example")),
        ("[12:18:01] *** Joins: kea (k@dsl-7.isp.example)", "JOIN", ("domain", "dsl-7.isp.example")),
        (
            "[12:18:01] *** Quits: kea (k@dsl-7.isp.example) (Ping timeout)",
            "QUIT",
            ("domain", "dsl-7.isp.example"),
        ),
        (
            "2026-12-31 12:18:07\t<--\tkea (k@dsl-7.isp.example) has quit (Quit: bye)",
            "QUIT",
            ("domain", "dsl-7.isp.example"),
        ),
    ],
)
def test_who_came_and_went_from_where(line: str, event: str, value: tuple[str, str]) -> None:
    rows = read(line)
    (message,) = messages(rows)
    assert (message.kind, message.sender) == ("system", None)
    assert [row for row in found(rows) if row[0] != "group"] == [
        ("account", "irc/kea", "declared", event),
        (*value, "declared", event),
    ]
    assert all(
        row.person == "nick 1" for row in rows if isinstance(row, Sighting) and row.value.kind != "group"
    )


def test_hosts_are_no_mail_addresses_but_reasons_may_hold_one() -> None:
    rows = read(
        "12:18 -!- kea [kea@user/kea] has quit [write to kea@mail.example]\n"
        "12:19 -!- mode/#a [+b *!*@dsl-7.isp.example] by robin\n"
        "12:20 -!- wren [w@wren.supporter.pdpc] has joined #a\n"
    )
    values = [(kind, value) for kind, value, _, _ in found(rows)]
    assert values == [
        ("account", "irc/kea"), ("email", "kea@mail.example"), ("group", "irc/#a"), ("account", "irc/wren"),
    ]  # fmt: skip


def test_a_new_name_is_a_person_of_its_own_with_the_old_one_as_a_fact() -> None:
    rows = read("[12:18] <kea> hi\n=== kea is now known as wren\n[12:19] <wren> hi\n[12:20] <KEA> hi\n")
    people = [(row.key, row.names, row.facts) for row in rows if isinstance(row, Person)]
    assert people == [("nick 1", ("kea",), ()), ("nick 2", ("wren",), (("Before", "kea (line 2)"),))]
    assert [row.sender_person for row in messages(rows)] == ["nick 1", None, "nick 2", "nick 1"]


def test_actions_are_of_those_who_speak_elsewhere() -> None:
    rows = read("=== kea waves\n[12:18] <kea> hi\n[12:19] * wren waves\n")
    assert [(row.kind, row.sender, row.text) for row in messages(rows)] == [
        ("chat", "kea", "kea waves"),
        ("chat", "kea", "hi"),
        ("system", None, "wren waves"),
    ]


def test_days_come_from_the_lines_that_tell_them() -> None:
    rows = read(
        "--- Log opened Thu Dec 31 23:58:02 2026\n23:59 < kea> a\n--- Day changed Fri Jan 01 2027\n00:01 < kea> b\n"
    )
    assert times(rows) == [["2026-12-31 23:59"], ["2027-01-01 00:01"]]
    assert said(rows) == []
    assert [row.text for row in rows if isinstance(row, FreeText)] == [
        "--- Log opened Thu Dec 31 23:58:02 2026",
        "--- Day changed Fri Jan 01 2027",
    ]
    rows = read("Session Start: Thu Dec 31 23:58:02 2026\nSession Ident: #a\n[23:59] <kea> a\n")
    assert times(rows) == [["2026-12-31 23:59"]]
    assert messages(rows)[0].thread == "#a"


def test_a_clock_that_goes_back_without_a_new_day_has_no_day() -> None:
    rows = read("--- Log opened Thu Dec 31 23:58:02 2026\n23:59 < kea> a\n00:01 < kea> b\n00:02 < kea> c\n")
    assert times(rows) == [["2026-12-31 23:59"], [], []]
    assert said(rows) == [
        "Lines with a time of day, but no day anywhere before them: 2, the first is line 3."
    ]


def test_times_without_day_or_zone_are_not_guessed() -> None:
    rows = read("[12:18] <kea> hi\n[12:19] <kea> ho\n[25:99] <kea> ha\n")
    assert times(rows) == [[], [], []]
    assert [row.sent_at.raw for row in messages(rows) if row.sent_at] == ["12:18", "12:19", "25:99"]
    assert len(said(rows)) == 2
    assert all(row.sent_at and not row.sent_at.is_certain for row in messages(rows))


def test_the_year_of_xchat_is_that_of_the_line_that_opens_the_log() -> None:
    rows = read(
        "**** BEGIN LOGGING AT Thu Dec 31 23:00:00 2026\ndic 31 23:59:10 <kea> a\njan 01 00:01:10 <kea> b\n"
    )
    assert times(rows) == [["2026-12-31 23:59"], ["2027-01-01 00:01"]]
    assert times(read("feb 30 23:59:10 <kea> a\n")) == [[]]


def test_counted_seconds_are_certain_and_naught_is_none() -> None:
    rows = read("T 1798751645 <kea> a\nT 0 <kea> b\n")
    first, second = (row.sent_at for row in messages(rows))
    assert first
    assert first.instant == datetime.fromisoformat("2026-12-31T21:14:05+00:00")
    assert second
    assert second.instant is None
    assert not second.candidates


def test_lines_of_no_shape_are_kept_and_counted() -> None:
    rows = read("[12:18] <kea> a\nwrite to kea@mail.example\n[12:19] <kea> b\n")
    assert [row.text for row in rows if isinstance(row, FreeText)] == ["write to kea@mail.example"]
    assert ("email", "kea@mail.example", "mentioned", None) in found(rows)
    assert "Lines of no shape that a log has, kept as text: 1, the first is line 2." in said(rows)


def test_several_channels_leave_the_others_without_one() -> None:
    rows = read(
        "12:18 -!- kea [k@isp.example] has joined #a\n12:19 < kea> x\n12:20 -!- kea [k@isp.example] has joined #b\n"
    )
    assert [row.thread for row in messages(rows)] == ["#a", None, "#b"]
    assert [row.title for row in rows if isinstance(row, Summary)] == ["IRC log"]
    assert [value for kind, value, _, _ in found(rows) if kind == "group"] == ["irc/#a", "irc/#b"]


def test_a_cut_log_and_one_over_the_limit_keep_what_stands_before() -> None:
    rows = read("[12:18] <kea> a\n[12:19] <kea> b\n[12:2")
    assert [row.text for row in messages(rows)] == ["a", "b"]
    assert [row.text for row in rows if isinstance(row, FreeText)] == ["[12:2"]
    rows = read("[12:18] <kea> a\n" * 5, max_rows=2)
    assert len(messages(rows)) == 2
    assert any(isinstance(row, Failed) for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        "[12:18] " + "a!" * 200_000,
        "[12:18] <" + "a" * 300_000,
        "=== " + "[" * 300_000,
        "[12:18] * " + "a " * 200_000,
    ],
)
def test_hostile_lines_cost_little(text: str) -> None:
    before = time.process_time()
    Irc().recognises(text.encode()[:65_536], len(text))
    assert read(text)
    assert time.process_time() - before < 5


def test_other_encodings_and_nul() -> None:
    rows = read("[12:18] <kea> größe\n[12:19] <kea> ok\x00\n".encode("latin-1"))
    assert messages(rows)[0].text == "größe"
    assert messages(rows)[1].text == "ok\u2400"
    assert any("NUL" in text for text in said(rows))


@shared
def test_each_line_of_a_public_log_is_a_message() -> None:
    raw = (SHARED / "2004-11-15_03.raw.txt").read_bytes()
    rows = read(raw)
    assert len(messages(rows)) == raw.count(b"\n")
    joins = sum(b"  has joined #ubuntu" in line for line in raw.splitlines() if line.startswith(b"==="))
    assert (
        sum(row.text.endswith("has joined #ubuntu") and row.kind == "system" for row in messages(rows))
        == joins
    )


@pytest.mark.parametrize(
    "stamp", ["[2026-04-13T10:00:00.5Z]", "2026-04-13T11:00:00.5+01:00", "[2026-04-13 12:00:00.5 +0200]"]
)
def test_a_stamp_with_its_zone_is_certain(stamp: str) -> None:
    text = f"{stamp} <kea> hi\n{stamp} *** sam (~s@198.51.100.7) has joined #garden\n"
    rows = read(text)

    assert Irc().recognises(text.encode(), len(text)) > 0.9
    (first, _) = messages(rows)
    assert first.sent_at is not None
    assert first.sent_at.instant == datetime(2026, 4, 13, 10, 0, 0, 500_000, tzinfo=UTC)
    assert not said(rows)


def test_what_weechat_writes_beside_messages_is_told_apart() -> None:
    rows = messages(
        read(
            "2026-03-14 20:01:09\t@wren\thello\n"
            "2026-03-14 20:01:11\t *\twren waves\n"
            "2026-03-14 20:01:12\t--\tNotice(wren): write to me\n"
            '2026-03-14 20:01:13\t--\twren has changed topic for #birds from "a" to "b"\n'
            "2026-03-14 20:01:14\t--\twren is away\n"
        )
    )
    assert [(row.kind, row.sender, row.text) for row in rows] == [
        ("chat", "wren", "hello"),
        ("chat", "wren", "wren waves"),
        ("chat", "wren", "write to me"),
        ("system", None, 'wren has changed topic for #birds from "a" to "b"'),
        ("system", None, "wren is away"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "-!- Irssi: #birds: Total of 3 nicks [1 ops]",
        "--- kea (~kea@192.0.2.7) joined #birds.",
        "-!- mode/#birds [+o kea] by wren",
    ],
)
def test_the_name_of_a_room_ends_before_what_ends_a_sentence(line: str) -> None:
    rows = read(f"20:01 {line}\n20:01 -!- kea [~kea@192.0.2.7] has joined #birds\n20:02 <wren> hi\n")
    assert {value for kind, value, _, _ in found(rows) if kind == "group"} == {"irc/#birds"}
    assert {row.thread for row in messages(rows)} == {"#birds"}


def test_the_log_of_an_eggdrop_tells_its_days_and_deeds() -> None:
    rows = read(
        "[00:00] --- Sat Mar 14 2026\n[20:01] <wren> hi\n[20:01] Action: wren waves\n[20:02] Nick change: kea -> kea2\n"
        "[20:02] owl kicked from #birds by wren: spam\n[20:03] kea2 (~kea@192.0.2.7) left irc: Quit\n"
        "[00:00] --- Sun Mar 15 2026\n[00:01] <wren> morning\n"
    )
    said_by = [(row.kind, row.sender) for row in messages(rows)]
    assert said_by == [
        ("chat", "wren"),
        ("chat", "wren"),
        ("system", None),
        ("system", None),
        ("system", None),
        ("chat", "wren"),
    ]
    assert times(rows)[0] == ["2026-03-14 20:01"]
    assert times(rows)[-1] == ["2026-03-15 00:01"]
    assert {event for _, _, _, event in found(rows)} >= {"NICK", "KICK", "QUIT"}
    assert not said(rows)


def test_topics_and_notices_to_a_room_are_of_the_right_kind() -> None:
    rows = messages(
        read(
            "[20:01:05] <wren> hi\n[20:01:06] *** wren changes topic to 'nests'\n[20:01:07] -wren:#birds- all\n"
            "[20:01:08] *** kea is now known as kea2.\n[20:01:09] <kea2> hi\n"
        )
    )
    assert [(row.kind, row.sender) for row in rows] == [
        ("chat", "wren"), ("system", None), ("chat", "wren"), ("system", None), ("chat", "kea2")
    ]  # fmt: skip
