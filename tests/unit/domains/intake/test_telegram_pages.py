"""Telegram Desktop's export as web pages: who wrote, when, what was forwarded and answered, files, and the app's own lines."""

import io
import time
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
from cets.domains.intake.sources.telegram.source import Telegram
from cets.domains.intake.sources.web_page.source import WebPage

EXAMPLES = Path(sources.__file__).parent / "telegram/examples"
WHEN = "14.03.2026 20:00:00 UTC+01:00"


def page(*messages: str, header: str = "Garden club") -> str:
    top = f'<div class="page_header"><div class="content"><div class="text bold">\n{header} \n</div></div></div>'
    body = "\n".join(messages)
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"/><title>Exported Data</title>'
        '<script src="js/script.js">\n</script></head><body><div class="page_wrap">'
        f'{top}<div class="page_body chat_page"><div class="history">{body}</div></div></div></body></html>'
    )


def message(
    *body: str,
    number: int = 1,
    name: str | None = "Robin Larch",
    when: str = WHEN,
    colour: int = 3,
    joined: bool = False,
) -> str:
    picture = f'<div class="pull_left userpic_wrap"><div class="userpic userpic{colour}"><div class="initials">RL</div></div></div>'
    named = "" if name is None else f'<div class="from_name">\n{name} \n</div>'
    return (
        f'<div class="message default clearfix{" joined" if joined else ""}" id="message{number}">'
        f'{"" if joined else picture}<div class="body"><div class="pull_right date details" title="{when}">\n20:00\n</div>'
        f"{'' if joined else named}{''.join(body)}</div></div>"
    )


def text(said: str) -> str:
    return f'<div class="text">\n{said}\n</div>'


def service(said: str, number: int = -1) -> str:
    return (
        f'<div class="message service" id="message{number}"><div class="body details">\n{said}\n</div></div>'
    )


def media(sort: str, title: str = "", status: str = "", description: str = "", target: str = "") -> str:
    tag = f'a href="{target}"' if target else "div"
    parts = (("title bold", title), ("description", description), ("status details", status))
    inner = "".join(f'<div class="{classes}">\n{said}\n</div>' for classes, said in parts if said)
    return (
        f'<div class="media_wrap clearfix"><{tag} class="media clearfix pull_left {sort}"><div class="fill pull_left"></div>'
        f'<div class="body">{inner}</div></{tag[:1] if target else "div"}></div>'
    )


def read(data: str | bytes, **options: Any) -> list[AnyRow]:
    raw = data.encode() if isinstance(data, str) else data
    return list(Telegram().read(io.BytesIO(raw), Options(country="GB", **options)))


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def values(rows: list[AnyRow], **asked: Any) -> set[tuple[str, str]]:
    found = [row for row in rows if isinstance(row, Sighting)]
    return {
        (row.value.kind, row.value.value)
        for row in found
        if all(getattr(row, key) == wanted for key, wanted in asked.items())
    }


def said(rows: list[AnyRow], kind: type[NotUnderstood | FreeText] = NotUnderstood) -> list[str]:
    return [row.text for row in rows if isinstance(row, kind)]


def test_a_message_tells_who_wrote_what_when() -> None:
    rows = read(page(message(text("hello"), number=17)))

    assert isinstance(rows[0], Summary)
    assert rows[0].title == "Telegram chat “Garden club”"
    (one,) = messages(rows)
    assert (one.number, one.text, one.place, one.kind, one.thread) == (
        1,
        "hello",
        "#message17",
        "chat",
        "Garden club",
    )
    assert one.sender == "Robin Larch"
    assert one.sent_at.instant == datetime(2026, 3, 14, 19, 0, tzinfo=UTC)
    (person,) = [row for row in rows if isinstance(row, Person)]
    assert (person.key, person.names, person.role) == (one.sender_person, ("Robin Larch",), "unknown")
    assert not said(rows)


def test_a_joined_message_is_of_the_one_before() -> None:
    rows = read(
        page(
            message(text("one")), message(text("two"), number=2, joined=True),
            message(text("three"), number=3, name="Kea Wing", colour=6), message(text("four"), number=4, joined=True),
        )
    )  # fmt: skip

    assert [one.sender for one in messages(rows)] == ["Robin Larch", "Robin Larch", "Kea Wing", "Kea Wing"]
    assert len({one.sender_person for one in messages(rows)}) == 2


def test_what_joins_a_message_of_another_page_has_no_sender_and_it_is_said_once() -> None:
    rows = read(page(message(text("one"), joined=True), message(text("two"), number=2, joined=True)))

    assert [(one.sender, one.sender_person) for one in messages(rows)] == [(None, None), (None, None)]
    assert [one for one in said(rows) if "not before it on this page" in one] == said(rows)
    assert len(said(rows)) == 1


def test_a_line_of_the_app_ends_what_is_joined() -> None:
    rows = read(
        page(
            message(text("one")),
            service("Kea Wing pinned a message", 2),
            message(text("x"), number=3, joined=True),
        )
    )

    assert [one.sender for one in messages(rows)] == ["Robin Larch", None, None]


def test_two_of_one_name_are_told_apart_by_the_colour_of_their_accounts() -> None:
    rows = read(page(message(text("one"), name="Sam"), message(text("two"), number=2, name="Sam", colour=5)))

    assert [one.sender for one in messages(rows)] == ["Sam", "Sam"]
    assert len({one.sender_person for one in messages(rows)}) == 2


@pytest.mark.parametrize(
    ("when", "instant", "candidates"),
    [
        ("03.04.2019 17:33:07 UTC+01:00", datetime(2019, 4, 3, 16, 33, 7, tzinfo=UTC), ()),
        ("03.04.2019 17:33:07 UTC-03:30", datetime(2019, 4, 3, 21, 3, 7, tzinfo=UTC), ()),
        ("03.04.2019 17:33:07 UTC", datetime(2019, 4, 3, 17, 33, 7, tzinfo=UTC), ()),
        ("03.04.2019 17:33:07", None, (datetime.fromisoformat("2019-04-03T17:33:07"),)),
    ],
)
def test_the_day_comes_first_and_only_an_offset_makes_a_time_certain(
    when: str, instant: Any, candidates: Any
) -> None:
    rows = read(page(message(text("one"), when=when), message(text("two"), number=2, when=when)))

    for one in messages(rows):
        assert (one.sent_at.instant, one.sent_at.candidates) == (instant, candidates)
    doubts = [row for row in rows if isinstance(row, AmbiguousPart)]
    assert len(doubts) == (0 if instant else 1), "the missing zone is said once"
    assert all("time zone not stated" in row.candidates[0] for row in doubts)


def test_a_time_that_cannot_be_read_is_said() -> None:
    rows = read(page(message(text("one"), when="yesterday")))

    assert "“yesterday”" in " ".join(said(rows))


def test_a_day_between_messages_dates_the_lines_of_the_app_behind_it_and_is_no_message() -> None:
    rows = read(page(service("14 March 2026"), service("Robin Larch invited Kea Wing", 2)))

    (one,) = messages(rows)
    assert (one.kind, one.text, one.sender) == ("system", "Robin Larch invited Kea Wing", None)
    assert (one.sent_at.instant, one.sent_at.candidates, one.sent_at.precision) == (
        None,
        (datetime.fromisoformat("2026-03-14"),),
        "day",
    )
    assert not [row for row in rows if isinstance(row, AmbiguousPart)]


def test_a_day_in_a_language_that_is_not_known_is_kept_as_a_line() -> None:
    rows = read(page(service("14 Maaliskuuta"), service("Robin loi ryhmän", 2)))

    assert [(one.kind, one.text, one.sent_at) for one in messages(rows)] == [
        ("system", "14 Maaliskuuta", None), ("system", "Robin loi ryhmän", None),
    ]  # fmt: skip


def test_a_line_without_a_body_of_its_own_is_read_too() -> None:
    rows = read(page('<div class="message service">14 March 2026</div>', service("Kea joined", 2)))

    assert [(one.text, one.sent_at.precision) for one in messages(rows)] == [("Kea joined", "day")]
    assert not said(rows)


def test_lines_of_the_app_keep_their_pictures_and_what_they_are_about() -> None:
    line = (
        '<div class="message service" id="message9"><div class="body details">Kea pinned '
        '<a href="#go_to_message4" onclick="return GoToMessage(4)">this message</a></div>'
        '<div class="userpic_wrap"><a class="userpic_link" href="photos/p.jpg"><img class="userpic" src="photos/p_thumb.jpg"/></a></div></div>'
    )
    (one,) = messages(read(page(line)))

    assert (one.text, one.headers, one.attachments) == (
        "Kea pinned this message", (("Reply to message", "4"),), ("photos/p.jpg",),
    )  # fmt: skip


def test_forwarded_messages_tell_from_whom_and_of_when() -> None:
    opening = (
        '<div class="pull_left forwarded userpic_wrap"><div class="userpic userpic1"><div class="initials">FD</div></div></div>'
        '<div class="forwarded body"><div class="from_name">\nFern Dale via @fernbot'
        '<span class="date details" title="13.03.2026 09:15:00 UTC+01:00"> 13.03.2026 09:15:00</span></div>'
    )
    rows = read(
        page(
            message(opening + text("ring 07700 900142") + "</div>"),
            message('<div class="forwarded body">' + text("more") + "</div>", number=2, joined=True),
            message(text("mine"), number=3),
        )
    )

    first, second, third = messages(rows)
    assert (first.sender, first.text) == ("Robin Larch", "ring 07700 900142")
    assert dict(first.headers) == {
        "Forwarded from": "Fern Dale", "Forwarded message of": "13.03.2026 09:15:00 UTC+01:00", "Via bot": "@fernbot",
    }  # fmt: skip
    assert (second.sender, second.text, second.headers) == ("Robin Larch", "more", first.headers)
    assert third.headers == ()
    assert first.sent_at.instant == datetime(2026, 3, 14, 19, 0, tzinfo=UTC), (
        "its own time, not that of what was forwarded"
    )
    assert values(rows, event="forwarded from") == {("display_name", "fern dale")}
    assert ("phone", "+447700900142") in values(rows, message=1)
    assert not said(rows)


@pytest.mark.parametrize(
    ("answer", "header"),
    [
        (
            'In reply to <a href="#go_to_message12" onclick="return GoToMessage(12)">this message</a>',
            ("Reply to message", "12"),
        ),
        ('In Antwort auf <a href="messages3.html#go_to_message12">diese</a>', ("Reply to message", "12")),
        ("In reply to a message in another chat", ("Reply", "In reply to a message in another chat")),
    ],
)
def test_answers_tell_to_what(answer: str, header: tuple[str, str]) -> None:
    rows = read(page(message(f'<div class="reply_to details">\n{answer}\n</div>', text("yes"))))

    (one,) = messages(rows)
    assert (one.text, one.headers) == ("yes", (header,))
    assert not said(rows)


def test_links_are_declared_where_the_words_do_not_say_them() -> None:
    rows = read(
        page(
            message(
                text(
                    'see <a href="https://a.example/x">here</a>, <a href="https://b.example/y">https://b.example/y</a>, '
                    '<a href="mailto:kea@mail.example">kea@mail.example</a> or<a href="tel:+44 7700 900142">+44 7700 900142</a>now '
                    '<a href="" onclick="return ShowHashtag(&quot;x&quot;)">#x</a><br><br><strong>end</strong>'
                )
            )
        )
    )

    (one,) = messages(rows)
    assert one.text == "see here, https://b.example/y, kea@mail.example or +44 7700 900142 now #x\n\nend"
    assert values(rows, way="declared", person=None) == {("url", "https://a.example/x")}
    assert {
        ("url", "https://b.example/y"),
        ("email", "kea@mail.example"),
        ("phone", "+447700900142"),
    } <= values(rows)
    for row in rows:
        if isinstance(row, Sighting) and row.start is not None:
            assert one.text[row.start : row.end] == row.value.raw


@pytest.mark.parametrize(
    ("body", "attachment"),
    [
        (
            '<div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left" href="photos/p@1.jpg"><img class="photo" src="photos/p@1_thumb.jpg"/></a></div>',
            "photos/p@1.jpg: Photo",
        ),
        (
            '<a class="video_file_wrap clearfix pull_left" href="video_files/v.mp4"><div class="video_duration">\n00:12\n</div></a>',
            "video_files/v.mp4: Video 00:12",
        ),
        ('<a class="sticker_wrap clearfix pull_left" href="stickers/s.webp"><img class="sticker" src="x"/></a>', "stickers/s.webp: Sticker"),
        (media("media_file", "plan.pdf", "1.2 MB", target="files/plan.pdf"), "files/plan.pdf: plan.pdf (1.2 MB)"),
        (
            media("media_voice_message", "Voice message", "00:08", "Not included, change data exporting settings to download."),
            "Voice message (Not included, change data exporting settings to download.; 00:08)",
        ),
        (media("media_new_sort", "Something", "new"), "Something (new)"),
    ],
)  # fmt: skip
def test_files_keep_their_names_also_those_that_were_left_out(body: str, attachment: str) -> None:
    rows = read(page(message(body)))

    (one,) = messages(rows)
    assert one.attachments == (attachment,)
    assert not said(rows)


def test_an_address_in_the_name_of_a_file_is_found() -> None:
    rows = read(page(message(media("media_file", "for kea@mail.example.pdf", target="files/1.pdf"))))

    assert ("email", "kea@mail.example.pdf") in values(rows) or ("email", "kea@mail.example") in values(rows)


def test_a_contact_that_was_sent_is_met() -> None:
    rows = read(
        page(
            message(media("media_contact", "Ash Grove", "+44 7700 900321 - vCard", target="contacts/c.vcard"))
        )
    )

    assert values(rows, event="contact sent") == {("display_name", "ash grove"), ("phone", "+447700900321")}
    person = next(row for row in rows if isinstance(row, Sighting) and row.value.kind == "phone").person
    assert person != messages(rows)[0].sender_person


def test_places_calls_polls_and_buttons() -> None:
    target = "https://maps.google.com/maps?q=51.5,-0.1&amp;ll=51.5,-0.1&amp;z=16"
    poll = (
        '<div class="media_wrap clearfix"><div class="media_poll"><div class="question bold">Which day?</div><div class="details">Anonymous poll</div>'
        '<div class="answer">- Monday <span class="details">2 votes</span></div><div class="answer">- Friday</div><div class="total details ">2 votes</div></div></div>'
    )
    button = '<table class="bot_buttons_table"><tr><td class="bot_button"><a href="https://c.example/z"><div>Open</div></a></td></tr></table>'
    rows = read(
        page(
            message(media("media_venue", "Town hall", description="1 High Street", target=target)),
            message(media("media_call success", "Kea Wing", "Outgoing (25 seconds)"), number=2),
            message(poll, number=3),
            message(button, number=4),
        )
    )

    place, call, asked, pressed = messages(rows)
    assert place.headers == (("Location", "51.5, -0.1"), ("Place", "Town hall"), ("Address", "1 High Street"))
    assert (call.kind, call.text) == ("system", "Call to Kea Wing: Outgoing (25 seconds)")
    assert (asked.text, asked.headers) == (
        "Poll: Which day?\n- Monday 2 votes\n- Friday",
        (("Poll", "Anonymous poll; 2 votes"),),
    )
    assert pressed.headers == (("Button", "Open: https://c.example/z"),)
    assert ("url", "https://c.example/z") in values(rows, message=4)
    assert not said(rows)


def test_reactions_and_signatures() -> None:
    reaction = (
        '<span class="reactions"><span class="reaction"><span class="emoji">👍</span><span class="userpics"><div class="userpic userpic6">'
        '<div class="initials" title="Kea Wing, 14.03.2026 20:31:00">KW</div></div></span></span>'
        '<span class="reaction"><span class="emoji">🔥</span><span class="count">3</span></span></span>'
    )
    rows = read(page(message(text("x"), '<div class="signature details">Fern</div>', reaction)))

    assert messages(rows)[0].headers == (
        ("Reaction", "👍 1: Kea Wing"),
        ("Reaction", "🔥 3"),
        ("Signed", "Fern"),
    )
    assert not said(rows)


@pytest.mark.parametrize("name", ["Deleted Account", "Deleted"])
def test_the_name_of_those_who_left_links_nobody(name: str) -> None:
    rows = read(page(message(text("x"), name=name)))

    assert {row.pivot for row in rows if isinstance(row, Sighting) and row.value.kind == "display_name"} == {
        False
    }


def test_a_bot_beside_a_name_is_an_account_and_no_part_of_the_name() -> None:
    rows = read(page(message(text("x"), name="Robin Larch via @gardenbot")))

    assert messages(rows)[0].sender == "Robin Larch"
    assert ("account", "telegram/gardenbot") in values(rows, event="via bot")


def test_pages_of_one_export_are_of_one_chat_and_name_each_other() -> None:
    link = '<a class="pagination block_link" href="{}">\n{}\n</a>'
    first = read(page(message(text("a")), link.format("messages2.html", "Next messages")))
    second = read(page(link.format("messages.html", "Précédents"), message(text("b"), number=2)))

    assert {one.thread for one in messages(first) + messages(second)} == {"Garden club"}
    labels = [
        (row.label, row.text) for row in first + second if isinstance(row, FreeText) and ".html" in row.text
    ]
    assert labels == [("The chat goes on in", "messages2.html"), ("Earlier messages are in", "messages.html")]


def test_what_is_not_known_is_said_and_searched() -> None:
    new = '<div class="gift new_thing">for kea@mail.example</div><div data-author="sam@mail.example"></div><!-- fern@mail.example -->'
    rows = read(page(message(text("x"), new)))

    assert values(rows, message=1) >= {
        ("email", one) for one in ("kea@mail.example", "sam@mail.example", "fern@mail.example")
    }
    assert ["“div.gift.new_thing” of a message is not known (1 times)" in one for one in said(rows)] == [True]
    assert "for kea@mail.example" in said(rows, FreeText)


def test_nothing_is_lost_that_the_page_alone_would_show() -> None:
    for path in sorted(EXAMPLES.glob("*.html")):
        data = path.read_bytes()
        alone = values(list(WebPage().read(io.BytesIO(data), Options(country="GB"))))
        found = values(read(data))
        accounts = {("handle", value.rpartition("/")[2]) for kind, value in found if kind == "account"}
        assert alone
        assert alone <= found | accounts, path.name


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE html><html><body><div class='message default'>hi</div></body></html>",
        '<html><body><div class="history"><p>hi</p></div></body></html>',
        '<html><body><div class="page_body list_page"><div class="entry clearfix"></div></div></body></html>',
        'they wrote <div class="message default clearfix"> <div class="from_name">',
    ],
)
def test_other_pages_are_left_to_others(head: str) -> None:
    assert Telegram().recognises(head.encode(), len(head)) == 0.0


def test_a_page_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    whole = page(message(text("one")), message(text("two words"), number=2))
    rows = read(whole[: whole.index("words")])

    assert [one.text for one in messages(rows)] == ["one", "two"]
    assert "#message2" in said(rows)[0]


def test_a_message_that_was_not_closed_ends_where_the_next_begins() -> None:
    rows = read(
        page(
            '<div class="message default" id="message1"><div class="body"><div class="from_name">Sam</div>'
            + text("a"),
            message(text("b"), number=2),
        )
    )

    assert [(one.sender, one.text) for one in messages(rows)] == [("Sam", "a"), ("Robin Larch", "b")]
    assert "not closed" in said(rows)[0]


def test_messages_are_limited() -> None:
    rows = read(page(*[message(text("x"), number=number) for number in range(5)]), max_rows=3)

    assert len(messages(rows)) == 3
    assert isinstance(rows[-1], Failed)


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<!--",
        "<p",
        "<p title='",
        "<script>",
        "</",
        "<a href=",
        "<div>",
        "<br>",
        "</b><b>",
        "&",
        "<i>\u2003</i>",
        "< <br> ",
    ],
)
def test_messages_from_hell_take_little_time(piece: str) -> None:
    data = page(message(text(piece * (300_000 // len(piece))))).encode()
    began = time.process_time()
    rows = read(data)

    assert time.process_time() - began < 5
    assert isinstance(rows[0], Summary)


def test_a_long_chat_is_read_in_bounded_memory() -> None:
    data = page(*[message(text("hello there " * 80), number=number) for number in range(3_000)]).encode()
    file = io.BytesIO(data)
    tracemalloc.start()
    count = sum(isinstance(row, Message) for row in Telegram().read(file, Options()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 3_000
    assert peak < len(data)
