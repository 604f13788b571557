"""WhatsApp exports: every header style, the order of dates settled by the whole file, the app's own lines."""

import io
import json
from datetime import datetime
from pathlib import Path

import pytest

from cets.domains.intake.rows import AmbiguousPart, AnyRow, FreeText, Message, NotUnderstood, Person, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.whatsapp import headers
from cets.domains.intake.sources.whatsapp.source import WhatsApp

SHARED = Path(__file__).parents[5] / "shared/data/chat"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are not here")


def read(text: str | bytes, **options: object) -> list[AnyRow]:
    raw = text.encode() if isinstance(text, str) else text
    made = Options(country="GB", **options)
    return list(WhatsApp().read(io.BytesIO(raw), made))


def at(*parts: int) -> datetime:
    year, month, day, hour, minute, second = (*parts, 0)[:6]
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - an export names no zone


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def times(rows: list[AnyRow]) -> list[tuple[datetime, ...]]:
    return [message.sent_at.candidates for message in messages(rows) if message.sent_at]


def doubts(rows: list[AnyRow]) -> list[AmbiguousPart]:
    return [row for row in rows if isinstance(row, AmbiguousPart)]


def found(rows: list[AnyRow]) -> list[tuple[str, str, str, str]]:
    return [
        (row.value.kind, row.value.value, row.way, row.place) for row in rows if isinstance(row, Sighting)
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("31/12/2026, 21:14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("31.12.26, 21:14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("12/31/26, 9:14 PM - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("12/31/26, 9:14\u202fPM - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("12/31/2026, 09:14 p. m. - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("31/12/2026, 9:14 p.\u00a0m. - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("31/12/2026, 12:14 AM - Robin: hi", at(2026, 12, 31, 0, 14)),
        ("31/12/2026, 12:14 pm - Robin: hi", at(2026, 12, 31, 12, 14)),
        ("31/12/2026, 00:14 a. m. - Robin: hi", at(2026, 12, 31, 0, 14)),
        ("2026/12/31, 21:14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("2026-12-31, 21:14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("2026. 12. 31., 21:14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("2026/12/31 下午9:14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("[31.12.26, 21:14:05] Robin: hi", at(2026, 12, 31, 21, 14, 5)),
        ("\u200e[31/12/2026, 21:14:05] Robin: hi", at(2026, 12, 31, 21, 14, 5)),
        ("[31-12-2026 21:14:05] Robin: hi", at(2026, 12, 31, 21, 14, 5)),
        ("[2026-12-31, 9:14:05 PM] Robin: hi", at(2026, 12, 31, 21, 14, 5)),
        ("[31/12/2026, 21.14.05] Robin: hi", at(2026, 12, 31, 21, 14, 5)),
        ("\ufeff31/12/2026, 21:14 – Robin: hi", at(2026, 12, 31, 21, 14)),
        ("2026/12/31 晚上9:14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("2026/12/31 凌晨1:14 - Robin: hi", at(2026, 12, 31, 1, 14)),
        ("2026/12/31 凌晨12:14 - Robin: hi", at(2026, 12, 31, 0, 14)),
        ("2026/12/31 早上8:14 - Robin: hi", at(2026, 12, 31, 8, 14)),
        ("2026/12/31 上午11:14 - Robin: hi", at(2026, 12, 31, 11, 14)),
        ("2026/12/31 中午12:14 - Robin: hi", at(2026, 12, 31, 12, 14)),
        ("2026/12/31 中午1:14 - Robin: hi", at(2026, 12, 31, 13, 14)),
        ("2026年12月31日 下午9:14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("2026年12月31日下午9:14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("26. 12. 31. 오후 9:14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("\u200f[٣١/١٢/٢٠٢٦، ٩:١٤:٠٥ مساءً] Robin: hi", at(2026, 12, 31, 21, 14, 5)),
        ("31/12/2026, 9:14 אחה״צ - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("31. 12. 2026. u 21:14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("[2026-12-31 21 h 14 min 05 s] Robin: hi", at(2026, 12, 31, 21, 14, 5)),
        ("[2026/12/31 晚上9:14:05] Robin: hi", at(2026, 12, 31, 21, 14, 5)),
        ("31.12.2026 г., 21:14 ч. - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("2026-12-31 21 h 14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("31/12/2026, 9:14 CH - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("31/12/2026, 9:14 SA - Robin: hi", at(2026, 12, 31, 9, 14)),
        ("2026/12/31 黃昏6:05 - Robin: hi", at(2026, 12, 31, 18, 5)),
        ("[31/12/2026 kello 18:05:09] Robin: hi", at(2026, 12, 31, 18, 5, 9)),
        ("31.12.2026, 09:14 Uhr - Robin: hi", at(2026, 12, 31, 9, 14)),
        ("31/12/2026 a las 9:14 - Robin: hi", at(2026, 12, 31, 9, 14)),
        ("2026-12-31 9:14 nm. - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("31/12/26, பிற்பகல் 9:14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("31.12.26, 9:14 e paradites - Robin: hi", at(2026, 12, 31, 9, 14)),
        ("[21:14, 31/12/2026] Robin: hi", at(2026, 12, 31, 21, 14)),
        ("[9:14 PM, 12/31/2026] Robin: hi", at(2026, 12, 31, 21, 14)),
        ("[21:14, 2026-12-31] Robin: hi", at(2026, 12, 31, 21, 14)),
        ("[오후 9:14, 2026. 12. 31.] Robin: hi", at(2026, 12, 31, 21, 14)),
        ("21:14, 31/12/2026 - Robin: hi", at(2026, 12, 31, 21, 14)),
    ],
)
def test_header_styles(line: str, expected: datetime) -> None:
    assert WhatsApp().recognises(line.encode(), len(line)) > 0.9
    (message,) = messages(read(line))

    assert (message.sender, message.text) == ("Robin", "hi")
    assert message.sent_at is not None
    assert message.sent_at.candidates == (expected,)
    assert message.sent_at.instant is None


@shared
@pytest.mark.parametrize(
    "form", json.loads((SHARED / "whatsapp_header_formats.json").read_text()) if SHARED.is_dir() else []
)
def test_every_known_header_format_is_read(form: dict[str, str]) -> None:
    when = at(2026, 11, 25, 14, 5, 9)
    pattern = form["format"].replace("%y", "%Y")
    line = when.strftime(pattern.replace("%name", "Robin Larch")) + " hello"
    (message,) = messages(read(line))

    assert (message.sender, message.text) == ("Robin Larch", "hello")
    assert message.sent_at is not None
    assert message.sent_at.candidates == (when if "%S" in pattern else when.replace(second=0),)


def test_day_and_month_stay_open_when_nothing_settles_them() -> None:
    rows = read("03/04/2026, 21:14 - Robin: hi\n04/04/2026, 10:00 - Sam: hello\n")

    assert times(rows)[0] == (at(2026, 4, 3, 21, 14), at(2026, 3, 4, 21, 14))
    (doubt,) = doubts(rows)
    assert doubt.raw == "03/04/2026, 21:14"
    assert [text[:10] for text in doubt.candidates] == ["2026-04-03", "2026-03-04"]
    assert doubt.place == "message 1"


def test_exports_of_the_first_years_have_a_colon_behind_the_time() -> None:
    text = "31/12/16 21:14:05: Robin: hi\n31/12/16 21:14:09: Sam: hello: you\n31/12/16 21:15:00: Robin: so\n"
    rows = read(text)

    assert WhatsApp().recognises(text.encode(), len(text)) > 0.9
    assert [(message.sender, message.text) for message in messages(rows)] == [
        ("Robin", "hi"),
        ("Sam", "hello: you"),
        ("Robin", "so"),
    ]
    assert times(rows)[0] == (at(2016, 12, 31, 21, 14, 5),)


@pytest.mark.parametrize(
    "text",
    [
        "31/12/2026 21:14:05: worker: started\n",
        "2026-12-31 21:14:05: worker: started\n" * 9,
        "31/12/2026 dentist 10:15 - bring the card: blue\n",
    ],
)
def test_lines_with_a_time_of_other_lists_are_no_chat(text: str) -> None:
    assert WhatsApp().recognises(text.encode(), len(text)) == 0.0


def test_a_line_that_only_looks_like_a_header_takes_no_chat_away() -> None:
    text = "13/04/2026, 10:00 - Robin: hi\n13/04/2026, 10:01 pm meeting - Bob: x\n13/04/2026, 10:02 - Robin: yes\n"

    assert WhatsApp().recognises(text.encode(), len(text)) > 0.9
    assert [message.text for message in messages(read(text))] == [
        "hi\n13/04/2026, 10:01 pm meeting - Bob: x",
        "yes",
    ]


def test_an_hour_beside_an_unknown_word_is_of_either_half_of_the_day() -> None:
    text = (
        "31/12/2026, 9:14 xá - Robin: hi\n31/12/2026, 11:00 xó - Sam: yes\n31/12/2026, 12:00 xá - Sam: no\n"
    )
    rows = read(text)

    assert WhatsApp().recognises(text.encode(), len(text)) > 0.9
    assert times(rows)[0] == (at(2026, 12, 31, 9, 14), at(2026, 12, 31, 21, 14))
    (doubt,) = doubts(rows)
    assert doubt.raw == "31/12/2026, 9:14 xá"


def test_a_word_beside_hours_beyond_twelve_says_nothing_of_the_half() -> None:
    rows = read("31/12/2026, 9:14 xá - Robin: hi\n31/12/2026, 14:00 xá - Sam: yes\n")

    assert times(rows) == [(at(2026, 12, 31, 9, 14),), (at(2026, 12, 31, 14, 0),)]
    assert not doubts(rows)


def test_a_doubt_that_begins_behind_the_first_message_is_said() -> None:
    rows = read("04/04/2026, 21:14 - Robin: hi\n05/04/2026, 10:00 - Sam: hello\n")

    assert [len(candidates) for candidates in times(rows)] == [1, 2]
    (doubt,) = doubts(rows)
    assert (doubt.raw, doubt.place) == ("05/04/2026, 10:00", "message 2")


def test_one_line_with_a_number_above_twelve_settles_all() -> None:
    rows = read("03/04/2026, 21:14 - Robin: hi\n13/04/2026, 10:00 - Sam: hello\n")

    assert times(rows) == [(at(2026, 4, 3, 21, 14),), (at(2026, 4, 13, 10, 0),)]
    assert not doubts(rows)


def test_the_order_of_lines_settles_when_only_one_reading_never_goes_back() -> None:
    rows = read("01/02/26, 10:00 - Robin: hi\n02/01/26, 10:00 - Sam: hello\n")

    assert times(rows) == [(at(2026, 1, 2, 10, 0),), (at(2026, 2, 1, 10, 0),)]


def test_an_order_that_fits_both_readings_settles_nothing() -> None:
    rows = read("2/11/19, 14:18 - Robin: hi\n10/11/19, 14:18 - Sam: hello\n")

    assert len(times(rows)[0]) == 2


def test_a_person_can_settle_it() -> None:
    rows = read("03/04/2026, 21:14 - Robin: hi", day_first=False)

    assert times(rows) == [(at(2026, 3, 4, 21, 14),)]
    assert not doubts(rows)


def test_year_first_with_two_digits_and_dashes_is_a_reading_too() -> None:
    assert times(read("[15-01-20 02:22:56] Robin: hi")) == [
        (at(2020, 1, 15, 2, 22, 56), at(2015, 1, 20, 2, 22, 56))
    ]
    days = read("[15-01-20 02:22:56] Robin: hi\n[16-01-20 02:22:56] Robin: hi")
    assert times(days)[0] == (at(2020, 1, 15, 2, 22, 56),)
    settled = read("[15-01-20 02:22:56] Robin: hi\n[15-02-01 02:22:56] Robin: hi")
    assert times(settled)[0] == (at(2015, 1, 20, 2, 22, 56),)


def test_no_chat_is_older_than_the_service() -> None:
    assert times(read("[04.01.08, 10:00:00] Robin: hi\n")) == [()]


def test_contradicting_dates_keep_both_readings_where_both_exist_and_say_so() -> None:
    rows = read("13/04/2026, 10:00 - A: x\n04/14/2026, 10:00 - A: y\n03/04/2026, 10:00 - A: z\n")

    assert [len(candidates) for candidates in times(rows)] == [1, 1, 2]
    assert any("contradict" in row.text for row in rows if isinstance(row, NotUnderstood))


def test_lines_of_the_app_are_kept_with_their_identifiers() -> None:
    rows = read(
        '13/04/2026, 10:00 - +44 7700 900142 created group "Bridge: photos"\n'
        "13/04/2026, 10:01 - Robin added +44 7700 900143\n"
        "13/04/2026, 10:02 - +44 7700 900142 changed their phone number to a new number. Tap to message.\n"
        "13/04/2026, 10:03 - Robin: hello\n"
    )

    assert [message.kind for message in messages(rows)] == ["system", "system", "system", "chat"]
    assert {message.thread for message in messages(rows)} == {"Bridge: photos"}
    assert [message.sender for message in messages(rows)] == [None, None, None, "Robin"]
    assert found(rows) == [
        ("phone", "+447700900142", "mentioned", "message 1"),
        ("phone", "+447700900143", "mentioned", "message 2"),
        ("phone", "+447700900142", "mentioned", "message 3"),
        ("display_name", "robin", "declared", "message 4"),
    ]


def test_a_number_of_the_app_that_is_none_is_said() -> None:
    rows = read('13/04/2026, 10:00 - +12 345 578 created group "X"\n')

    (remark,) = [row for row in rows if isinstance(row, NotUnderstood)]
    assert "+12 345 578" in remark.text


def test_the_notice_of_ios_names_the_chat_but_nobody_in_it() -> None:
    rows = read(
        "[13/04/2026, 10:00:00] Bridge photos: \u200eMessages and calls are end-to-end encrypted.\n"
        "[13/04/2026, 10:01:00] Bridge photos: \u200eRobin changed the group description\n"
        "[13/04/2026, 10:02:00] Robin: hello\n"
    )

    assert [message.kind for message in messages(rows)] == ["system", "system", "chat"]
    assert [row.names for row in rows if isinstance(row, Person)] == [("Robin",)]
    assert messages(rows)[2].thread == "Bridge photos"


def test_in_a_chat_of_two_the_other_still_speaks() -> None:
    rows = read(
        "[13/04/2026, 10:00:00] Robin: \u200eMessages and calls are end-to-end encrypted.\n"
        "[13/04/2026, 10:02:00] Robin: hello\n"
        "[13/04/2026, 10:03:00] Robin: \u200eimage omitted\n"
    )

    assert [message.kind for message in messages(rows)] == ["system", "chat", "chat"]
    assert messages(rows)[2].attachments == ("image omitted",)


def test_senders_are_introduced_once_and_messages_point_to_them() -> None:
    rows = read(
        "13/04/2026, 10:00 - +44 7700 900142: one\n13/04/2026, 10:01 - ~\u202fRobin: two\n"
        "13/04/2026, 10:02 - +44 7700 900142: three\n"
    )

    people = [row for row in rows if isinstance(row, Person)]
    assert [(person.names, person.role) for person in people] == [
        (("+44 7700 900142",), "unknown"),
        (("Robin",), "unknown"),
    ]
    assert [message.sender_person for message in messages(rows)] == [
        people[0].key,
        people[1].key,
        people[0].key,
    ]
    assert found(rows) == [
        ("phone", "+447700900142", "declared", "message 1"),
        ("display_name", "robin", "declared", "message 2"),
    ]


def test_what_people_put_into_their_names_is_found() -> None:
    rows = read("13/04/2026, 10:00 - Kim new 07700 900142 (snap kea_wing): hi\n")

    assert found(rows) == [
        ("display_name", "kim new 07700 900142 (snap kea_wing)", "declared", "message 1"),
        ("phone", "+447700900142", "mentioned", "message 1"),
        ("account", "snapchat/kea_wing", "mentioned", "message 1"),
    ]
    (person,) = [row for row in rows if isinstance(row, Person)]
    _, *mentioned = [row for row in rows if isinstance(row, Sighting)]
    assert {row.person for row in mentioned} == {person.key}
    assert {(row.message, row.start) for row in mentioned} == {(1, None)}


def test_identifiers_in_text_have_message_and_offsets() -> None:
    rows = read("13/04/2026, 10:00 - Robin: ask\nkestrel_blue@mail.example there\n")

    (sighting,) = [row for row in rows if isinstance(row, Sighting) and row.way == "mentioned"]
    (message,) = messages(rows)
    assert message.text[sighting.start : sighting.end] == "kestrel_blue@mail.example"
    assert (sighting.message, sighting.place) == (1, "message 1")
    assert sighting.seen_at == message.sent_at


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<Media omitted>", ("Media omitted",)),
        ("<Medien ausgeschlossen>", ("Medien ausgeschlossen",)),
        ("\u200evideo omitted", ("video omitted",)),
        ("IMG-20260413-WA0001.jpg (file attached)", ("IMG-20260413-WA0001.jpg",)),
        ("\u200eIMG-20260413-WA0001.jpg (archivo adjunto)", ("IMG-20260413-WA0001.jpg",)),
        ("\u200e<attached: 0012-PHOTO-2026.jpg>", ("0012-PHOTO-2026.jpg",)),
        ("plan.pdf • \u200e3 pages \u200edocument omitted", ("plan.pdf",)),
        ("I omitted the video", ()),
        ("see photo.jpg (the blue one)", ()),
    ],
)
def test_attachments(text: str, expected: tuple[str, ...]) -> None:
    (message,) = messages(read(f"13/04/2026, 10:00 - Robin: {text}"))

    assert message.attachments == expected


def test_a_name_with_a_colon_is_known_by_all_its_messages() -> None:
    twice = read("13/04/2026, 10:00 - Team: Blue: hi\n13/04/2026, 10:00 - Team: Blue: there\n")
    once = read("13/04/2026, 10:00 - Team: remember: milk\n13/04/2026, 10:00 - Team: bread\n")

    assert [(message.sender, message.text) for message in messages(twice)] == [
        ("Team: Blue", "hi"),
        ("Team: Blue", "there"),
    ]
    assert [(message.sender, message.text) for message in messages(once)] == [
        ("Team", "remember: milk"),
        ("Team", "bread"),
    ]


def test_a_pasted_header_of_another_style_stays_text_and_is_said() -> None:
    rows = read(
        "13/04/2026, 10:00 - Robin: look\n[1.2.2026, 00:00:00] Sam: pasted\n13/04/2026, 10:01 - Robin: so\n"
    )

    assert [message.text for message in messages(rows)] == ["look\n[1.2.2026, 00:00:00] Sam: pasted", "so"]
    assert any("another style: 1" in row.text for row in rows if isinstance(row, NotUnderstood))


@pytest.mark.parametrize(
    "line",
    [
        "2026/4/13 (一) 6:05 - +86 138 1234 5678: x",
        "14 kwietnia 2026, 18:05 - Sam: x",
    ],
)
def test_a_line_that_looks_like_a_header_of_no_known_shape_is_said(line: str) -> None:
    rows = read(f"2026/4/13 下午6:01 - Robin: a\n{line}\n2026/4/13 下午6:09 - Robin: b\n")

    (text,) = [row.text for row in rows if isinstance(row, NotUnderstood)]
    assert "line 2" in text
    assert [message.text for message in messages(rows)] == [f"a\n{line}", "b"]


def test_an_ordinary_second_line_is_not_said() -> None:
    rows = read(
        "13/04/2026, 10:00 - Robin: dates:\n14/04/2026 10:00 dentist\n1-2-3: go\n13/04/2026, 10:01 - Sam: ok\n"
    )

    assert not [row for row in rows if isinstance(row, NotUnderstood)]


@pytest.mark.parametrize(
    "line",
    [
        'Pía cambió el asunto de "Ola: uno" a "Ola: dos"',
        'Rui mudou o nome do grupo de "Ola: um" para "Ola: dois"',
        "Ugo ha cambiato l'oggetto da “Ola: uno” a “Ola: due”",
        "Zoé a changé le sujet de « Ola : un » en « Ola : deux »",
        'Daan heeft het onderwerp gewijzigd van "Ola: een" in "Ola: twee"',
        'Janek zmienił temat z "Fala: a" na "Fala: b"',
        "Иво промени темата от „Вълна: а“ на „Вълна: б“",
        "Rui adicionou Dani: Exemplo",
        "Ugo ha aggiunto Dani: Esempio",
        "Pía cambió la descripción del grupo. Hora: 18",
    ],
)
def test_lines_of_the_app_with_a_colon_make_no_person(line: str) -> None:
    rows = read(
        f"13/04/2026, 10:00 - Robin: hi\n13/04/2026, 10:01 - {line}\n13/04/2026, 10:02 - Robin: yes\n"
    )

    assert [message.kind for message in messages(rows)] == ["chat", "system", "chat"]
    assert messages(rows)[1].text == line
    assert [row.names for row in rows if isinstance(row, Person)] == [("Robin",)]


def test_a_name_like_a_deed_that_speaks_again_is_a_name() -> None:
    rows = read("13/04/2026, 10:00 - Ann left Bo: hi\n13/04/2026, 10:01 - Ann left Bo: again\n")

    assert [message.sender for message in messages(rows)] == ["Ann left Bo", "Ann left Bo"]


def test_a_quotation_in_a_message_leaves_its_sender() -> None:
    rows = read(
        '13/04/2026, 10:00 - Robin: he said "note: run" twice\n13/04/2026, 10:01 - Joe 5" Larch: ok "x"\n'
    )

    assert [message.sender for message in messages(rows)] == ["Robin", 'Joe 5" Larch']


def test_ios_writes_in_the_name_of_the_group_in_any_language() -> None:
    rows = read(
        "[13/04/2026, 10:00:00] Onda: \u200eI messaggi e le chiamate sono crittografati end-to-end.\n"
        "[13/04/2026, 10:01:00] Onda: \u200e+44 7700 900146 si è unito con il link\n"
        "[13/04/2026, 10:02:00] Robin: ciao\n"
        '[13/04/2026, 10:03:00] \u200eRobin changed the subject to "Mare"\n'
    )

    assert [message.kind for message in messages(rows)] == ["system", "system", "chat", "system"]
    assert [row.names for row in rows if isinstance(row, Person)] == [("Robin",)]


def test_a_year_of_the_buddhist_count_is_doubted() -> None:
    rows = read("13/4/2569 10:00 - Robin: hi\n14/4/2569 10:00 - Robin: there\n")

    assert times(rows)[0] == (at(2026, 4, 13, 10, 0), at(2569, 4, 13, 10, 0))
    assert doubts(rows)[0].raw == "13/4/2569 10:00"


def test_a_year_that_cannot_be_is_not_read() -> None:
    rows = read("13/4/2205 10:00 - Robin: hi\n")

    assert times(rows) == [()]
    assert any("not read as a time" in row.text for row in rows if isinstance(row, NotUnderstood))


def test_line_numbers_and_text_before_the_first_message() -> None:
    rows = read("Exported by Robin\n\n13/04/2026, 10:00 - Robin: a\nb\n13/04/2026, 10:01 - Sam: c\n")

    assert [message.place for message in messages(rows)] == ["line 3", "line 5"]
    assert [row.text for row in rows if isinstance(row, FreeText)] == ["Exported by Robin"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings(encoding: str) -> None:
    raw = "13/04/2026, 10:00 - Jörg: grüße\n13/04/2026, 10:01 - Sam: hello again\n".encode(encoding)

    assert WhatsApp().recognises(raw, len(raw)) > 0.9
    assert messages(read(raw))[0].sender == "Jörg"


def test_nul_is_shown_and_said() -> None:
    rows = read("13/04/2026, 10:00 - Robin: a\x00b\n")

    assert messages(rows)[0].text == "a\u2400b"
    group = read('13/04/2026, 10:00 - Robin created group "a\x00b"\n')
    assert messages(group)[0].thread == "a\u2400b"
    assert any("NUL" in row.text for row in rows if isinstance(row, NotUnderstood))


def test_messages_are_limited() -> None:
    rows = read("13/04/2026, 10:00 - Robin: a\n" * 5, max_rows=3)

    assert len(messages(rows)) == 3
    assert "limit of 3 messages" in str(rows[-1])


def test_a_message_without_end_is_cut_and_said() -> None:
    rows = read("13/04/2026, 10:00 - Robin: a\n" + "b" * 99 + "\n" + "c" * 99 + "\nlast", max_text=50)

    assert "last" not in messages(rows)[0].text
    assert any("longer than 50" in row.text for row in rows if isinstance(row, NotUnderstood))


@pytest.mark.parametrize(
    "line",
    ["plain words", "[12:30] <robin> hi", "2026-04-13 10:00:00 INFO started", "99/99/2026, 10:00 - no"],
)
def test_other_texts_are_none(line: str) -> None:
    assert WhatsApp().recognises(line.encode(), len(line)) == 0 or headers.parse(line) is not None


def test_members_called_by_an_at_sign() -> None:
    rows = read(
        "13/04/2026, 10:00 - Robin: @447700900142 ask @\u2068~Sam Larch\u2069 or @\u2068+44 7700 900143\u2069"
        " or 447700900144@s.whatsapp.net or sam@mail.example\n"
    )

    (message,) = messages(rows)
    sightings = [row for row in rows if isinstance(row, Sighting) and row.way == "mentioned"]
    assert [(row.value.kind, row.value.value) for row in sightings] == [
        ("phone", "+447700900142"),
        ("display_name", "sam larch"),
        ("phone", "+447700900143"),
        ("phone", "+447700900144"),
        ("email", "sam@mail.example"),
    ]
    assert message.text[sightings[0].start : sightings[0].end] == sightings[0].value.raw == "447700900142"


def test_an_export_of_signal_is_none() -> None:
    raw = b"[2019-12-24, 12:23] Jane Doe: Hello John!\n[2020-01-17, 21:49] John Doe: Hello\nJane!\n"

    assert WhatsApp().recognises(raw, len(raw)) == 0


@shared
@pytest.mark.parametrize(
    ("name", "count", "system", "readings"),
    [
        ("whatsapp_4A_11M.txt", 14, 3, 2),
        ("whatsapp_chatistics_chat.txt", 21, 1, 1),
        ("whatsapp_chatistics_chat3.txt", 11, 2, 2),
        ("whatsapp_test_br_mmddyy_br_24hrs.txt", 9, 2, 1),
        ("whatsapp_test_mmddyyyy_12hrs.txt", 9, 2, 1),
        ("whatsapp_test_yyyymmdd_24hrs.txt", 9, 2, 1),
        ("whatsapp_whatstk_lorem.txt", 500, 0, 1),
        ("whatsapp_whatstk_pokemon.txt", 20, 2, 1),
    ],
)
def test_shared_samples(name: str, count: int, system: int, readings: int) -> None:
    rows = read((SHARED / name).read_bytes())

    assert len(messages(rows)) == count
    assert sum(message.kind == "system" for message in messages(rows)) == system
    assert {len(candidates) for candidates in times(rows)} == {readings}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("31/12/2026 \u00e0 21:14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("[31/12/2026 \u00e0 21:14:03] Robin: hi", at(2026, 12, 31, 21, 14, 3)),
        ("31.12.2026 klo 21.14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("31.12.2026 \u00d6S 9:14 - Robin: hi", at(2026, 12, 31, 21, 14)),
        ("31.12.2026 \u00d6\u00d6 9:14 - Robin: hi", at(2026, 12, 31, 9, 14)),
        (
            "\u200f\u0663\u0661\u200f/\u0661\u0662\u200f/\u0662\u0660\u0662\u0666\u060c \u0669:\u0661\u0664 \u0645 - Robin: hi",
            at(2026, 12, 31, 21, 14),
        ),
        (
            "[\u0663\u0661\u200f/\u0661\u0662\u200f/\u0662\u0660\u0662\u0666\u060c \u0669:\u0661\u0664:\u0660\u0663 \u0635] Robin: hi",
            at(2026, 12, 31, 9, 14, 3),
        ),
    ],
)
def test_headers_of_further_languages_are_read(line: str, expected: datetime) -> None:
    rows = read(f"{line}\n{line}\n")
    assert times(rows) == [(expected,), (expected,)]
    assert {message.sender for message in messages(rows)} == {"Robin"}
    assert WhatsApp().recognises(line.encode(), len(line)) > 0.9


@pytest.mark.parametrize(
    "text",
    [
        "<Medien weggelassen>", "<M\u00e9dias omis>", "<Multimedia omitido>", "<Media har utel\u00e4mnats>", "<Media omessi>",
        "<Medya dahil edilmedi>", "<Media j\u00e4tettiin pois>", "<M\u00e9dia elhagyva>", "<\u062a\u0645 \u0627\u0633\u062a\u0628\u0639\u0627\u062f \u0627\u0644\u0648\u0633\u0627\u0626\u0637>",
        "\u200eBild weggelassen", "\u200eimage absente", "\u200evid\u00e9o absente", "\u200eaudio omis", "\u200eimagen omitida",
        "\u200eimmagine omessa", "\u200eafbeelding weggelaten", "\u200eimagem ocultada",
    ],
)  # fmt: skip
def test_a_file_left_out_is_said_in_every_language(text: str) -> None:
    [message] = messages(read(f"31/12/2026, 21:14 - Robin: {text}\n"))
    assert message.attachments == (text.strip("\u200e<>"),)


@pytest.mark.parametrize(
    "text", ["the image was omitted from the plan", "omis", "Bild", "weggelassen hat er es"]
)
def test_words_about_files_are_no_files(text: str) -> None:
    [message] = messages(read(f"31/12/2026, 21:14 - Robin: {text}\n"))
    assert message.attachments == ()


def test_files_named_by_phones_in_other_languages() -> None:
    rows = read(
        "[31.12.26, 21:14:06] Robin: \u200eplan.pdf \u2022 \u200e3 Seiten \u200eDokument weggelassen\n"
        "[31.12.26, 21:14:07] Robin: \u200e<pi\u00e8ce jointe\u00a0: 00000012-PHOTO.jpg>\n"
    )
    assert [message.attachments for message in messages(rows)] == [("plan.pdf",), ("00000012-PHOTO.jpg",)]


def test_attachments_that_begin_alike_are_no_part_of_a_name() -> None:
    lines = (
        "Zoë: \u200e<Anhang: 00000001-PHOTO.jpg>",
        "Zoë: \u200e<Anhang: 00000002-PHOTO.jpg>",
        "Kim: Danke",
    )
    rows = read("".join(f"[03.04.26, 21:1{n}:00] {line}\r\n" for n, line in enumerate(lines)))
    assert {person.names for person in rows if isinstance(person, Person)} == {("Zoë",), ("Kim",)}


def test_a_year_of_two_digits_that_may_come_first_is_never_guessed() -> None:
    (only,) = times(read("26/3/14 下午8:01 - Robin: hi\n"))
    assert set(only) == {at(2014, 3, 26, 20, 1), at(2026, 3, 14, 20, 1)}
    days = read("26/03/14 20:01 - Robin: hi\n26/03/15 09:02 - Robin: hi\n26/03/17 09:02 - Robin: hi\n")
    assert set(times(days)[0]) == {at(2014, 3, 26, 20, 1), at(2026, 3, 14, 20, 1)}
    assert len(doubts(days)) == 1
    usual = read("14/03/26 20:01 - Robin: hi\n15/03/26 09:02 - Robin: hi\n")
    assert times(usual) == [(at(2026, 3, 14, 20, 1),), (at(2026, 3, 15, 9, 2),)]
