"""DiscordChatExporter's web pages: who wrote, when by the message's number, answers, files, cards, and the app's own lines."""

import io
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cets.domains.intake import sources
from cets.domains.intake.rows import (
    AmbiguousPart,
    AnyRow,
    Failed,
    FreeText,
    Message,
    NotUnderstood,
    Person,
    Sighting,
    Summary,
)
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.discord.snowflakes import moment_of
from cets.domains.intake.sources.discord.source import Discord

EXAMPLES = Path(sources.__file__).parent / "discord/examples"
NUMBER = 1482453260697600000  # 2026-03-14 19:00 UTC
ROBIN = '<span class="chatlog__author" title="robin_larch_01" data-user-id="700000000000000201">Robin</span>'


def page(*messages: str, title: str = "Garden friends - general", preamble: str = "") -> bytes:
    body = "".join(messages)
    return (
        f"<!DOCTYPE html><html lang=en><head><title>{title}</title></head><body>{preamble}"
        f"<div class=chatlog><div class=chatlog__message-group>{body}</div></div></body></html>"
    ).encode()


def message(
    *parts: str, number: int | str = NUMBER, author: str = ROBIN, when: str = "14/03/2026 20:00"
) -> str:
    return (
        f'<div id="chatlog__message-container-{number}" class="chatlog__message-container" data-message-id="{number}">'
        f'<div class="chatlog__message"><div class="chatlog__message-aside"></div><div class="chatlog__message-primary">'
        f'<div class="chatlog__header">{author} <span class="chatlog__timestamp"><a href="#{number}">{when}</a></span></div>'
        f"{''.join(parts)}</div></div></div>"
    )


def text(said: str) -> str:
    return f'<div class="chatlog__content chatlog__markdown"><span class="chatlog__markdown-preserve">{said}</span></div>'


def read(data: bytes, **options: Any) -> list[AnyRow]:
    head = sources.head_of(io.BytesIO(data), len(data))
    best = sources.recognise(head, len(data))
    assert best is not None
    assert best.name == "discord"
    return list(Discord().read(io.BytesIO(data), Options(country="GB", **options)))


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def values(rows: list[AnyRow], kind: str) -> set[str]:
    return {row.value.value for row in rows if isinstance(row, Sighting) and row.value.kind == kind}


def not_understood(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


def test_a_number_tells_when_it_was_given() -> None:
    when = moment_of("175928847299117063")  # the example of Discord's API reference
    assert when is not None
    assert when.instant == datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)
    assert moment_of("42") is None
    assert moment_of("") is None
    assert moment_of("9" * 40) is None


def test_the_page_of_today() -> None:
    rows = read((EXAMPLES / "channel.html").read_bytes())
    joined, first, second, answer, feed, removed = messages(rows)
    assert [row.title for row in rows if isinstance(row, Summary)] == [
        "Discord channel “Garden friends / Talk / general”"
    ]
    assert (joined.kind, joined.text, joined.sender) == ("system", "Robin joined the server.", "Robin")
    assert first.text == "@Sam A write to robin@mail.example,\n@Kestrel knows the place 👍"
    assert first.sent_at is not None
    assert first.sent_at.instant == datetime(2026, 3, 14, 19, 1, tzinfo=UTC)
    headers = dict(first.headers)
    assert headers["Time shown"] == "14/03/2026 20:01"
    assert headers["Pinned"] == "yes"
    assert headers["Edited"] == "14/03/2026 20:02"
    assert headers["Reaction"] == "👍 2"
    assert first.attachments == ("plan.pdf (1.2 KB)",)
    assert (second.sender, second.sender_person) == ("Robin", "user 700000000000000201")
    assert second.attachments == ("tower.png",)
    assert dict(answer.headers)["Reply to message"] == "1482454518988800000"
    assert dict(answer.headers)["Reply to"] == "Robin: my number is +44 7700 900123"
    assert (feed.sender, feed.kind) == ("Feed", "chat")
    assert removed.text == "Robin removed kim_rowan_02 from the group."
    assert {
        "discord/id:700000000000000201", "discord/robin_larch_01", "discord/kestrel_blue", "discord/kim_rowan_02",
    } <= values(rows, "account")  # fmt: skip
    assert {
        "https://cdn.example/attachments/1/plan.pdf",
        "https://bridges.example/one",
        "https://towers.example/two",
    } <= values(rows, "url")
    assert values(rows, "email") == {"help@garden.example", "robin@mail.example", "kim@mail.example"}
    assert values(rows, "phone") == {"+447700900123"}
    bots = [row.names for row in rows if isinstance(row, Person) and ("Bot", "yes") in row.facts]
    assert bots == [("Feed",)]
    assert not_understood(rows) == ["Scripts and styles of the page were not read: 2."]


def test_a_page_of_2019_where_author_and_messages_stand_apart() -> None:
    rows = read((EXAMPLES / "channel_2019.html").read_bytes())
    first, second, third = messages(rows)
    assert [one.sender for one in (first, second, third)] == ["Robin", "Robin", "Sam A"]
    assert first.text == "first & @Kestrel"
    assert second.sent_at is not None
    assert second.sent_at.instant == datetime(2026, 3, 14, 19, 1, tzinfo=UTC)
    assert ("Pinned", "yes") in second.headers
    assert third.attachments == ("map.png",)
    assert {"discord/robin_larch_01#2345", "discord/kestrel_blue#0007"} <= values(rows, "account")
    assert first.place == f"#message-{NUMBER}"


def test_a_mention_is_the_account_behind_the_name_and_no_handle() -> None:
    call = '<span class="chatlog__markdown-mention" title="sam_rowan_02">@Sam</span> and @kestrel'
    rows = read(page(message(text(call))))
    called = [row for row in rows if isinstance(row, Sighting) and row.way == "mentioned"]
    assert {(row.value.kind, row.value.value) for row in called} >= {("account", "discord/sam_rowan_02")}
    assert "sam" not in values(rows, "handle")


def test_who_called_somebody_met_already_calls_his_number() -> None:
    call = text('<span class="chatlog__markdown-mention" title="robin_larch_01">@Robin</span>')
    rows = read(page(message(text("one")), message(call, number=NUMBER + (60_000 << 22))))
    assert [row.key for row in rows if isinstance(row, Person)] == ["user 700000000000000201"]


def test_nobody_stands_behind_an_account_that_the_exporter_could_not_ask_for() -> None:
    call = text('<span class="chatlog__markdown-mention" title="Unknown">@Unknown</span>')
    rows = read(page(message(call)))
    assert values(rows, "account") == {"discord/id:700000000000000201", "discord/robin_larch_01"}


def test_accounts_that_are_gone_link_nothing() -> None:
    gone = '<span class="chatlog__author" title="Deleted User#0000" data-user-id="456226577798135808">Deleted User</span>'
    rows = read(page(message(text("hello"), author=gone)))
    told = [row for row in rows if isinstance(row, Sighting) and row.person]
    assert told
    assert not any(row.pivot for row in told)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("14/03/2026 20:00", 0),
        ("3/14/2026 7:00 PM", 0),
        ("15/03/2026 09:30", 0),
        ("17/03/2026 20:00", 1),
        ("03/04/2026 20:00", 1),
    ],
)
def test_a_time_that_the_number_denies_is_said_once(shown: str, said: int) -> None:
    many = [message(text("a"), when=shown, number=NUMBER + at) for at in range(3)]
    rows = read(page(*many))
    assert (
        len([one for one in not_understood(rows) if "its number tells 2026-03-14 19:00 UTC" in one]) == said
    )
    assert all(one.sent_at and one.sent_at.instant for one in messages(rows))


def test_without_a_number_the_time_is_what_is_shown_and_doubtful() -> None:
    rows = read(page(message(text("a"), number="", when="03/04/2026 20:00")))
    (only,) = messages(rows)
    assert only.sent_at is not None
    assert only.sent_at.instant is None
    assert len(only.sent_at.candidates) == 2
    assert [row.raw for row in rows if isinstance(row, AmbiguousPart)] == ["03/04/2026 20:00"]


def test_a_part_of_the_layout_that_is_not_known_is_kept_searched_and_said() -> None:
    odd = (
        '<div class="chatlog__poll"><div class="chatlog__poll-question">Meet at kim@mail.example?</div></div>'
    )
    rows = read(page(message(text("a"), odd)))
    assert "kim@mail.example" in values(rows, "email")
    assert [row.text for row in rows if isinstance(row, FreeText)] == ["Meet at kim@mail.example?"]
    assert any("div.chatlog__poll-question" in one for one in not_understood(rows))


def test_a_spoiler_and_what_is_shown_when_pointed_at_are_kept() -> None:
    hidden = (
        '<div class="chatlog__attachment chatlog__attachment--hidden"><div class="chatlog__attachment-spoiler-caption">SPOILER</div>'
        '<a href="media/a.png"><img class="chatlog__attachment-media" src="media/a.png" alt="From kim@mail.example" '
        'title="Image: tower (2).png (80 KB)"></a></div>'
    )
    when = text(
        'At <span class="chatlog__markdown-timestamp" title="Saturday, 14 March 2026 20:00">20:00</span>'
    )
    rows = read(page(message(when, hidden)))
    (only,) = messages(rows)
    assert only.attachments == ("tower (2).png (spoiler)",)
    assert ("Description of the file", "From kim@mail.example") in only.headers
    assert "Saturday, 14 March 2026 20:00" in {row.text for row in rows if isinstance(row, FreeText)}


def test_direct_chats_are_of_no_server() -> None:
    preamble = (
        "<div class=preamble><div class=preamble__entry>Direct Messages</div><div class=preamble__entry>Private / sam_rowan_02</div>"
        '<div class="preamble__entry preamble__entry--small">Between 01/03/2026 and 31/03/2026</div></div>'
    )
    rows = read(page(message(text("a")), preamble=preamble))
    assert messages(rows)[0].thread == "Private / sam_rowan_02"
    assert "Between 01/03/2026 and 31/03/2026" in {row.text for row in rows if isinstance(row, FreeText)}


def test_a_page_that_breaks_off_keeps_what_is_there() -> None:
    data = page(message(text("one")), message(text("two, kim@mail.example"), number=NUMBER + (1 << 22)))
    cut = data[: data.index(b"kim@mail.example") + len(b"kim@mail.example")]
    rows = read(cut)
    assert [one.text for one in messages(rows)] == ["one", "two, kim@mail.example"]
    assert any("break off" in one for one in not_understood(rows))


def test_the_limit_of_messages_is_said() -> None:
    rows = read(page(*(message(text("a"), number=NUMBER + at) for at in range(5))), max_rows=3)
    assert len(messages(rows)) == 3
    assert [row.reason for row in rows if isinstance(row, Failed)] == ["Stopped at the limit of 3 messages."]


def test_memory_does_not_grow_with_the_page() -> None:
    def peak(count: int) -> int:
        data = page(*(message(text(f"line {at}"), number=NUMBER + (at << 22)) for at in range(count)))
        tracemalloc.start()
        for _ in Discord().read(io.BytesIO(data), Options(country="GB")):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(6000) < peak(2000) * 1.5


def test_roles_everybody_and_who_is_called_in_an_answer_or_a_card_are_no_handles() -> None:
    kestrel = '<span class="chatlog__markdown-mention" title="kestrel_blue">@Kestrel</span>'
    kim = '<span class="chatlog__markdown-mention" title="kim_rowan_02">@Kimmy</span>'
    answer = (
        '<div class="chatlog__reply"><div class="chatlog__reply-author" title="sam_rowan_02">Sam</div>'
        f'<div class="chatlog__reply-content">ask {kestrel}, kim@mail.example</div></div>'
    )
    card = f'<div class="chatlog__embed"><div class="chatlog__embed-description">by {kim}</div></div>'
    many = "".join(
        f'<span class="chatlog__markdown-mention">@{name}</span> ' for name in ("Moderators", "everyone")
    )
    rows = read(page(message(answer, text(f"hi {many} @heron_grey"), card)))
    assert values(rows, "handle") == {"heron_grey"}
    called = {
        row.value.value: (row.start, row.end)
        for row in rows
        if isinstance(row, Sighting) and row.way == "mentioned" and row.value.kind == "account"
    }
    assert called == {"discord/kestrel_blue": (None, None), "discord/kim_rowan_02": (3, 9)}
    assert "kim@mail.example" in values(rows, "email")


def test_two_whom_a_message_calls_by_one_name_are_both_called() -> None:
    two = "".join(
        f'<span class="chatlog__markdown-mention" title="{name}">@Alex</span> '
        for name in ("alex_one_01", "alex_two_02")
    )
    rows = read(page(message(text(two))))
    called = [
        (row.value.value, row.start, row.value.raw)
        for row in rows
        if isinstance(row, Sighting) and row.way == "mentioned"
    ]
    assert called == [("discord/alex_one_01", None, "@Alex"), ("discord/alex_two_02", None, "@Alex")]


HOOK = (
    '<span class="chatlog__author" title="robin_larch_01" data-user-id="700000000000000999">robin_larch_01</span>'
    '<span class="chatlog__author-tag">BOT</span>'
)
SAM = '<span class="chatlog__author" title="sam_rowan_02" data-user-id="700000000000000202">Sam</span>'


def test_a_hook_under_the_name_of_an_account_is_not_that_account() -> None:
    call = text('<span class="chatlog__markdown-mention" title="robin_larch_01">@Robin</span>')
    rows = read(page(message(text("a"), author=HOOK), message(call, author=SAM)))
    called = [
        row for row in rows if isinstance(row, Sighting) and row.message == 2 and row.way == "mentioned"
    ]
    assert [row.value.value for row in called] == ["discord/robin_larch_01"]
    assert {
        row.person for row in rows if isinstance(row, Sighting) and row.event == "called in a message"
    } == {"name robin_larch_01"}


@pytest.mark.parametrize("others", [(), (message(text("b")),)])
def test_an_answer_to_a_hook_is_to_no_account(others: tuple[str, ...]) -> None:
    answer = '<div class="chatlog__reply"><div class="chatlog__reply-author" title="robin_larch_01">robin_larch_01</div></div>'
    rows = read(page(message(text("a"), author=HOOK), *others, message(answer, text("c"), author=SAM)))
    answered = [row for row in rows if isinstance(row, Sighting) and row.event == "answered"]
    assert "account" not in {row.value.kind for row in answered}
    told = {
        row.value.value
        for row in rows
        if isinstance(row, Sighting) and row.person == "user 700000000000000201"
    }
    assert told == ({"discord/id:700000000000000201", "discord/robin_larch_01", "robin"} if others else set())


def test_what_no_name_stands_over_is_nobodys() -> None:
    line = '<span class="chatlog__system-notification-content">Alex started a call.</span>'
    bare = '<div class="chatlog__message-container" data-message-id="1482453260697600009"><div class="chatlog__message">{}</div></div>'
    groups = (bare.format(line), bare.format(text("whose?")))
    rows = read(
        page(message(text("a")), *(f'</div><div class="chatlog__message-group">{one}' for one in groups))
    )
    assert [(one.kind, one.sender, one.sender_person) for one in messages(rows)] == [
        ("chat", "Robin", "user 700000000000000201"),
        ("system", None, None),
        ("chat", None, None),
    ]


def test_who_has_no_user_name_shown_is_not_another_who_has_none() -> None:
    bare = '<span class="chatlog__author" data-user-id="700000000000000201">Robin</span>'
    answer = '<div class="chatlog__reply"><div class="chatlog__reply-author">Kim</div>b</div>'
    rows = read(page(message(text("a"), author=bare), message(answer, text("c"), author=SAM)))
    assert {row.key: row.names for row in rows if isinstance(row, Person)} == {
        "user 700000000000000201": ("Robin",),
        "name Kim": ("Kim",),
        "user 700000000000000202": ("Sam", "sam_rowan_02"),
    }


def group_of_2018(name: str, title: str, when: str, *parts: str) -> str:
    return (
        '<div class="chatlog__message-group"><div class="chatlog__author-avatar-container"><img class="chatlog__author-avatar" src="a" /></div>'
        f'<div class="chatlog__messages"><span class="chatlog__author-name" title="{title}">{name}</span>'
        f'<span class="chatlog__timestamp">{when}</span>{"".join(parts)}</div></div>'
    )


def page_of_2018(*groups: str) -> bytes:
    head = "<title>Garden friends - general</title><style>.chatlog__message-group{}.chatlog__author-name{}</style>"
    return f'<!DOCTYPE html><html><head>{head}</head><body><div class="chatlog">{"".join(groups)}</div></body></html>'.encode()


def test_a_page_of_2018_where_messages_have_no_boxes() -> None:
    parts = (
        '<div class="chatlog__content">hello robin@mail.example</div>',
        '<div class="chatlog__content">second <span class="chatlog__edited-timestamp" title="14-Mar-18 08:03 PM">(edited)</span></div>',
        '<div class="chatlog__attachment"><a href="https://cdn.example/a/map.png"><img src="https://cdn.example/a/map.png" /></a></div>',
        '<div class="chatlog__reactions"><div class="chatlog__reaction">x<span class="chatlog__reaction-count">2</span></div></div>',
    )
    rows = read(
        page_of_2018(
            group_of_2018("Robin", "robin_larch_01#2345", "14-Mar-18 08:00 PM", *parts),
            group_of_2018(
                "Sam", "sam_rowan_02#1234", "14-Mar-18 09:00 PM", '<div class="chatlog__content">ok</div>'
            ),
        )
    )
    first, second, third = messages(rows)
    assert [(one.sender, one.text) for one in messages(rows)] == [
        ("Robin", "hello robin@mail.example"),
        ("Robin", "second"),
        ("Sam", "ok"),
    ]
    assert [one.sent_at.raw if one.sent_at else None for one in messages(rows)] == [
        "14-Mar-18 08:00 PM",
        None,
        "14-Mar-18 09:00 PM",
    ]
    assert second.headers == (
        ("Time of the first in the group", "14-Mar-18 08:00 PM"),
        ("Reaction", "x 2"),
        ("Edited", "14-Mar-18 08:03 PM"),
    )
    assert second.attachments == ("map.png",)
    assert len({first.place, second.place, third.place}) == 3
    assert values(rows, "account") == {"discord/robin_larch_01#2345", "discord/sam_rowan_02#1234"}
    assert [one for one in rows if isinstance(one, FreeText)] == []


def test_a_page_of_2018_of_any_size_keeps_its_senders() -> None:
    groups = [
        group_of_2018(
            "Robin", "robin_larch_01#2345", "14-Mar-18 08:00 PM", f'<div class="chatlog__content">{at}</div>'
        )
        for at in range(2000)
    ]
    rows = read(page_of_2018(*groups))
    assert {(one.sender, bool(one.sent_at)) for one in messages(rows)} == {("Robin", True)}
    assert len(messages(rows)) == 2000


def test_a_line_of_a_message_costs_little_memory() -> None:
    def peak(count: int) -> int:
        data = page(message(text("a\n" * count)))
        tracemalloc.start()
        for _ in Discord().read(io.BytesIO(data), Options(country="GB")):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)
    assert (peak(40_000) - peak(10_000)) / 30_000 < 120
