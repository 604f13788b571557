"""Threads of Messenger and Instagram as pages of Meta's download: senders, times without zone, files, reactions, platforms."""

import io
import time
from datetime import datetime
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
    Sighting,
    Summary,
)
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.web_page.source import WebPage

FOLDER = Path(sources.__file__).parent
NEW = ("pam _3-95 _2ph- _a6-g uiBoxWhite noborder", "_3-95 _2pim _a6-h _a6-i", "_3-95 _a6-p", "_3-94 _a6-o")
OLD = ("pam _3-95 _2pi0 _2lej uiBoxWhite noborder", "_3-96 _2pio _2lek _2lel", "_3-96 _2let", "_3-94 _2lem")
PATH = "your_instagram_activity/messages/inbox/x_1/photos/1.jpg"


def box(
    said: str, who: str = "Kea Wing", when: str = "Mar 14, 2026 8:03 pm", more: str = "", form: Any = NEW
) -> str:
    outer, writer, words, timed = form
    return (
        f'<div class="{outer}"><div class="{writer}">{who}</div><div class="{words}"><div><div></div><div>{said}</div>'
        f'<div></div><div></div>{more}</div></div><div class="{timed}">{when}</div></div>'
    )


def page(*boxes: str, title: str = "Garden club") -> str:
    return f'<html><head><title>{title}</title></head><body><main class="_a706" role="main">{"".join(boxes)}</main></body></html>'


def read(data: str | bytes, **options: Any) -> list[AnyRow]:
    raw = data.encode() if isinstance(data, str) else data
    source = sources.recognise(raw[:65_536], len(raw))
    assert source is not None
    assert source.name in ("instagram", "messenger")
    return list(source.read(io.BytesIO(raw), Options(country="GB", **options)))


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def values(rows: list[AnyRow], **asked: Any) -> set[tuple[str, str]]:
    found = [row for row in rows if isinstance(row, Sighting)]
    return {
        (row.value.kind, row.value.value)
        for row in found
        if all(getattr(row, key) == wanted for key, wanted in asked.items())
    }


def said(rows: list[AnyRow]) -> str:
    return " ".join(row.text for row in rows if isinstance(row, NotUnderstood))


@pytest.mark.parametrize("form", [NEW, OLD])
def test_a_box_is_a_message_with_its_sender_and_a_time_without_zone(form: Any) -> None:
    rows = read(
        page(box("hello<br />you", form=form), box("earlier", when="Mar 14, 2026 8:01 pm", form=form))
    )

    assert isinstance(rows[0], Summary)
    first, second = messages(rows)
    assert (first.number, first.text, first.sender, first.thread) == (
        1,
        "hello\nyou",
        "Kea Wing",
        "Garden club",
    )
    assert first.sender_person == second.sender_person
    assert (first.sent_at.instant, first.sent_at.candidates) == (
        None,
        (datetime.fromisoformat("2026-03-14T20:03"),),
    )
    (doubt,) = [row for row in rows if isinstance(row, AmbiguousPart)]
    assert "time zone not stated" in doubt.candidates[0]


@pytest.mark.parametrize(
    "when",
    [
        "14.03.2026, 20:03",
        "14 mars 2026, 20:03",
        "14 mar. 2026 20:03",
        "Mar 14, 2026, 8:03 PM",
        "14. März 2026, 20:03",
    ],
)
def test_times_are_read_in_the_language_of_the_account(when: str) -> None:
    (one,) = messages(read(page(box("x", when=when))))

    assert one.sent_at.candidates == (datetime.fromisoformat("2026-03-14T20:03"),)


def test_a_line_that_tells_day_from_month_tells_it_for_the_page() -> None:
    doubtful, telling = box("x", when="03/04/2026, 10:00"), box("y", when="25/04/2026, 10:00")

    assert len(messages(read(page(doubtful)))[0].sent_at.candidates) == 2
    first, _ = messages(read(page(doubtful, telling)))
    assert first.sent_at.candidates == (datetime.fromisoformat("2026-04-03T10:00"),)


def test_a_time_that_cannot_be_read_is_said() -> None:
    assert "“gestern”" in said(read(page(box("x", when="gestern"))))


@pytest.mark.parametrize(
    ("path", "platform"),
    [
        (PATH, "Instagram"),
        ("your_facebook_activity/messages/inbox/x_1/photos/1.jpg", "Messenger"),
        ("messages/inbox/x_1/photos/1.jpg", None),
    ],
)
def test_the_platform_is_told_by_paths_of_the_download_only(path: str, platform: str | None) -> None:
    talk = box(
        'see <a href="https://www.instagram.com/p/1">this</a>, your_instagram_activity/ or facebook.com/x'
    )
    rows = read(
        page(talk, box("", more=f'<div><a target="_blank" href="{path}"><img src="{path}" /></a></div>'))
    )

    assert rows[0].platform == platform
    assert ("does not tell which" in said(rows)) is (platform is None)
    assert messages(rows)[1].attachments == (path,)


def test_films_and_sounds_are_names_and_their_buttons_no_words() -> None:
    film = '<div><video src="m/v.mp4" controls="1"><a href="m/v.mp4"><div>Click for video:</div></a></video><audio><source src="m/a.aac"></audio></div>'
    (one,) = messages(read(page(box("look", more=film))))

    assert (one.text, one.attachments) == ("look", ("m/v.mp4", "m/a.aac"))


def test_reactions_are_headers_and_links_behind_words_are_declared() -> None:
    more = '<div><ul class="_a6-q"><li><span>❤Fern Dale (Mar 14, 2026 8:04 pm)</span></li></ul></div>'
    rows = read(page(box('the <a href="https://a.example/x">list</a> of kea@mail.example', more=more)))

    (one,) = messages(rows)
    assert (one.text, one.headers) == (
        "the list of kea@mail.example",
        (("Reaction", "❤Fern Dale (Mar 14, 2026 8:04 pm)"),),
    )
    assert values(rows, message=1, way="declared", event=None) == {("url", "https://a.example/x")}
    assert ("email", "kea@mail.example") in values(rows, message=1)


def test_the_members_are_searched_text_and_no_message() -> None:
    members = (
        f'<div class="{NEW[0]}"><h2 class="{NEW[1]}">Participants: Kea Wing and +44 7700 900142</h2></div>'
    )
    rows = read(page(members, box("x")))

    assert len(messages(rows)) == 1
    assert "Participants: Kea Wing and +44 7700 900142" in [
        row.text for row in rows if isinstance(row, FreeText)
    ]
    assert ("phone", "+447700900142") in values(rows)


@pytest.mark.parametrize("name", ["Facebook user", "Facebook-Nutzer", "Instagram User"])
def test_the_name_of_those_who_left_links_nobody(name: str) -> None:
    rows = read(page(box("x", who=name)))

    assert {row.pivot for row in rows if isinstance(row, Sighting)} == {False}


def test_what_is_not_known_is_said_and_searched() -> None:
    rows = read(page(box("x").removesuffix("</div>") + '<p class="new">sam@mail.example</p></div>'))

    assert ("email", "sam@mail.example") in values(rows, message=1)
    assert "“p.new”" in said(rows)


def test_nothing_is_lost_that_the_page_alone_would_show() -> None:
    for path in (FOLDER / "instagram/examples/message_1.html", FOLDER / "messenger/examples/message_1.html"):
        data = path.read_bytes()
        alone = values(list(WebPage().read(io.BytesIO(data), Options(country="GB"))))
        assert alone
        assert alone <= values(read(data)), path


@pytest.mark.parametrize(
    "body",
    [
        f'<div class="{NEW[0]}"><div class="_a6-p"><div><div><a href="https://www.instagram.com/kea">kea</a></div><div>Mar 14, 2026</div></div></div></div>',
        f'<div class="{NEW[0]}"><h2 class="{NEW[1]}">My kite</h2><div class="{NEW[2]}"><div><img src="media/1.jpg"></div></div><div class="{NEW[3]}">x</div></div>',
    ],
)
def test_followers_and_posts_are_left_to_others(body: str) -> None:
    data = page(body).encode()

    assert sources.recognise(data, len(data)).name == "web_page"


def test_messages_are_limited() -> None:
    rows = read(page(*[box("x")] * 5), max_rows=3)

    assert len(messages(rows)) == 3
    assert isinstance(rows[-1], Failed)


@pytest.mark.parametrize("piece", ["<", "<div>", "<ul><li>", "<a href='x'>", "<video>"])
def test_messages_from_hell_take_little_time(piece: str) -> None:
    data = page(box("x"), box(piece * (200_000 // len(piece))))
    began = time.process_time()
    rows = read(data)

    assert time.process_time() - began < 5
    assert messages(rows)
