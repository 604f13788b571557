"""The walk over JSON: records one by one, what stands around them, and what is not as it should be."""

import io
import json
import time
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from cets.domains.intake import json_stream, json_walk
from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.json_walk import Found, JsonFile, keys_of, peek, text_of
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import Failed, FreeText, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options

CHATS = ("/chats/list/*", "/chats/list/*/messages/*")
ACCOUNT = {
    "about": "an account",
    "chats": {
        "list": [
            {"name": "one", "messages": [{"id": 1}, {"id": 2, "text": ["a", {"b": "c"}]}], "id": 7},
            {"name": "two", "messages": [], "id": 8},
        ]
    },
    "end": True,
}


def walk(
    data: object, records: tuple[str, ...] = CHATS, skip: tuple[str, ...] = (), most: int | None = None
) -> tuple[list[Found], list[str], str | None]:
    raw = data if isinstance(data, bytes) else (data if isinstance(data, str) else json.dumps(data)).encode()
    json_file = JsonFile(io.BytesIO(raw))
    found = list(json_file.walk(records, skip=skip, most=most))
    said = [row.text for row in json_file.remarks() if isinstance(row, NotUnderstood)]
    return found, said, json_file.failure


def test_records_come_before_what_they_stand_in_and_are_not_held_there() -> None:
    found, said, failure = walk(ACCOUNT)

    assert [(one.pattern, one.pointer) for one in found] == [
        (CHATS[1], "/chats/list/0/messages/0"),
        (CHATS[1], "/chats/list/0/messages/1"),
        (CHATS[0], "/chats/list/0"),
        (CHATS[0], "/chats/list/1"),
        ("", ""),
    ]
    assert found[1].value == {"id": 2, "text": ["a", {"b": "c"}]}
    assert found[2].value == {"name": "one", "messages": [], "id": 7}
    assert found[-1].value == {"about": "an account", "chats": {"list": []}, "end": True}
    assert all(one.whole for one in found)
    assert (said, failure) == ([], None)


def test_what_is_skipped_is_neither_read_nor_held() -> None:
    found, _, _ = walk(ACCOUNT, records=CHATS[:1], skip=CHATS[1:])

    assert [one.value for one in found[:2]] == [
        {"name": "one", "messages": [], "id": 7},
        {"name": "two", "messages": [], "id": 8},
    ]


def test_a_list_and_scalars_can_be_records() -> None:
    found, _, _ = walk([1, "two", {"three": 3}, None, 1.50, True], records=("/*",))

    assert [one.value for one in found] == [1, "two", {"three": 3}, None, Decimal("1.5"), True, []]
    assert [one.place for one in found][-2:] == ["/5", "/"]


def test_keys_are_escaped_in_pointers_and_patterns() -> None:
    found, _, _ = walk({"a/b": [{"c~d": 1}]}, records=("/a~1b/*/c~0d",))

    assert [(one.pointer, one.value) for one in found] == [("/a~1b/0/c~0d", 1), ("", {"a/b": [{}]})]


@pytest.mark.parametrize("end", range(1, 160, 3))
def test_of_a_cut_file_everything_before_the_cut_is_read(end: int) -> None:
    raw = json.dumps(ACCOUNT).encode()[:end]
    found, _, failure = walk(raw)

    assert failure is not None
    assert "too early" in failure or failure == "The file holds no JSON."
    if b'"id": 1}' in raw:
        assert found[0] == Found(CHATS[1], "/chats/list/0/messages/0", {"id": 1})
    if found:
        assert (found[-1].pattern, found[-1].whole) == ("", False)


def test_of_a_broken_file_what_is_whole_is_read_and_no_value_is_told() -> None:
    found, _, failure = walk(
        '{"messages": [{"id": 1}, {"text": "secret", "id": oops}, {"id": 3}]}', ("/messages/*",)
    )

    assert [(one.value, one.whole) for one in found] == [
        ({"id": 1}, True),
        ({"text": "secret"}, False),
        ({"messages": []}, False),
    ]
    assert failure is not None
    assert "/messages/1/id" in failure
    assert "secret" not in failure
    assert "oops" not in failure


def test_the_last_remark_is_the_failure() -> None:
    json_file = JsonFile(io.BytesIO(b'{"a": "\x00'))
    list(json_file.walk())

    assert isinstance(list(json_file.remarks())[-1], Failed)


@pytest.mark.parametrize(
    "raw",
    [
        json.dumps(ACCOUNT).encode("utf-8-sig"),
        json.dumps(ACCOUNT).encode("utf-16"),
        json.dumps(ACCOUNT).encode("utf-16-be"),
        b"\xfe\xff" + json.dumps(ACCOUNT).encode("utf-16-be"),
        json.dumps(ACCOUNT).encode("utf-32"),
        b"/* made by hand */\n" + json.dumps(ACCOUNT).encode(),
        json.dumps(ACCOUNT).encode() + b"\n\x00\x00\x00",
    ],
)
def test_encodings_marks_comments_and_padding(raw: bytes) -> None:
    found, _, failure = walk(raw)

    assert len(found) == 5
    assert failure is None
    assert keys_of(peek(raw)) == {"about", "chats", "end"}


def test_nul_and_half_characters_are_replaced_and_said() -> None:
    found, said, failure = walk(
        '{"a\x00": "b\x00c", "d": "e\\u0000f", "g": "\\ud83d h \\udc4d \\ud83d\\udc4d \\\\ud83d"}'
    )

    assert found[0].value == {"a ": "b c", "d": "e␀f", "g": "\ufffd h \ufffd 👍 \\ud83d"}
    assert failure is None
    assert said == [
        "The JSON holds 2 NUL characters, read as blanks.",
        "The JSON holds 2 halves of characters, each is shown as “\ufffd”.",
    ]


@pytest.mark.parametrize("shift", range(14))
def test_escapes_at_the_border_of_two_chunks_stay_whole(shift: int) -> None:
    text = "x" * ((1 << 16) - 20 + shift) + '👍\\"\\\\ü' + "y" * 10
    raw = json.dumps({"a": text, "b": "\\" * 70_000, "c": 1})
    found, said, failure = walk(raw)

    assert found[0].value == {"a": text, "b": "\\" * 70_000, "c": 1}
    assert (said, failure) == ([], None)


def test_a_key_given_twice_keeps_both_values_and_is_said_where() -> None:
    found, said, _ = walk('{"messages": [{"text": "a", "text": "b", "text": "c"}]}', ("/messages/*",))

    assert found[0].value == {"text": "a", "text (2)": "b", "text (3)": "c"}
    assert said == ["A key is given twice (both values are read) at /messages/0/text."] * 2


def test_a_list_of_records_given_twice_is_read_twice() -> None:
    found, said, _ = walk('{"messages": [{"id": 1}], "messages": [{"id": 2}]}', ("/messages/*",))

    assert [one.value for one in found[:2]] == [{"id": 1}, {"id": 2}]
    assert len(said) == 1


def test_several_values_in_one_file_are_all_read() -> None:
    found, said, failure = walk('{"id": 1}\n{"id": 2}\n{"id": 3}')

    assert [(one.pointer, one.value) for one in found] == [
        ("", {"id": 1}),
        ("value 2:", {"id": 2}),
        ("value 3:", {"id": 3}),
    ]
    assert said == ["The file holds 3 JSON values, one after the other."]
    assert failure is None


@pytest.mark.parametrize("sign", ["[", '{"a":', '[{"a":'])
def test_what_nests_too_deeply_is_said_and_the_rest_is_read(sign: str) -> None:
    depth = 50_000
    closing = "".join("]" if one == "[" else "}" for one in reversed(sign) if one in "[{")
    raw = '{"x": ' + sign * depth + "1" + closing * depth + ', "messages": [{"id": 1}]}'
    found, said, failure = walk(raw, ("/messages/*",))

    assert [one.value for one in found[:1]] == [{"id": 1}]
    assert failure is None
    (text,) = said
    assert "nests deeper" in text
    assert len(text) < 600


def test_deep_nesting_that_never_ends_is_a_cut_file() -> None:
    found, _, failure = walk("[" * 300_000, ())

    assert failure is not None
    assert len(found) == 1


@pytest.mark.parametrize("number", ["9" * 5_000, "1e99999999999999999999", "-" + "1" * 100_000])
def test_a_number_that_no_one_writes_ends_the_reading(number: str) -> None:
    found, _, failure = walk(f'[{{"id": 1}}, {{"id": {number}}}, {{"id": 3}}]', ("/*",))

    assert found[0].value == {"id": 1}
    assert failure is not None
    assert "number that cannot be read" in failure


def test_an_entry_that_is_too_large_is_cut_and_said_and_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_walk, "MOST_PARTS", 50)
    found, said, failure = walk(
        {"junk": list(range(500)), "messages": [{"id": 1, "many": [[n] for n in range(500)]}, {"id": 2}]},
        ("/messages/*",),
    )

    assert len(found[0].value["many"]) < 50
    assert found[1].value == {"id": 2}
    assert len(found[2].value["junk"]) < 50
    assert failure is None
    assert len(said) == 2
    assert "/messages/0" in said[1]


def test_an_overlong_text_is_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "LONGEST_TEXT", 100_000)
    monkeypatch.setattr(json_walk, "LONGEST_TEXT", 100_000)
    found, said, failure = walk(
        [{"a": "x" * 99}, {"data": 'y\\"' * 400_000, "id": 2}, {"id": 3}, {"data": "z" * 10_000}], ("/*",)
    )

    assert [one.value.get("id") for one in found[:3]] == [None, 2, 3]
    assert 50_000 < len(found[1].value["data"]) < 400_000
    assert found[3].value == {"data": "z" * 10_000}
    assert failure is None
    assert said == ["A text longer than 100,000 characters was cut at /1/data."]


def test_the_limit_of_entries_is_told_and_what_stands_around_still_comes() -> None:
    found, _, failure = walk(ACCOUNT, most=1)

    assert [one.pattern for one in found] == [CHATS[1], CHATS[0], ""]
    assert failure == "Stopped at the limit of 1 entries."


def test_a_large_file_needs_little_memory_and_time_in_proportion() -> None:
    entry = b'{"id": 12, "text": "A harmless line of a chat that goes on for a while, as they do.", "more": [1, 2]},'
    size = 4_000_000
    text = io.BytesIO(b"[" + entry * (size // len(entry)))
    json_file = JsonFile(text)
    tracemalloc.start()
    started = time.process_time()
    count = sum(1 for _ in json_file.walk(("/*",)))
    spent = time.process_time() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == size // len(entry) + 1
    assert peak < 2_000_000
    assert spent < 20


def test_many_odd_things_are_counted_not_listed() -> None:
    found, said, _ = walk("[" + ",".join(['{"a": 1, "a": 2}'] * 5_000) + "]", ("/*",))

    assert len(found) == 5_001
    assert len(said) == 21
    assert "4980 further places" in said[-1]


def test_a_key_given_a_hundred_thousand_times_takes_no_square_of_time() -> None:
    started = time.process_time()
    found, _, _ = walk("{" + ",".join(['"a": 1'] * 100_000) + "}", ())

    assert len(found[0].value) == 100_000
    assert time.process_time() - started < 20


def test_peek_gives_what_the_head_holds() -> None:
    head = json.dumps(
        {"participants": [{"name": "A"}], "messages": [{"content": "x" * 100}] * 5_000}
    ).encode()[:65_536]
    seen = peek(head)

    assert keys_of(seen) == {"participants", "messages"}
    assert peek(b"plain text") is None
    assert peek(b"") is None
    assert peek(b"\x89PNG\r\n\x1a\n") is None
    assert peek(b"[[[[") == [[[[]]]]


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), (12, "12"), (Decimal("1.50"), "1.50"), (True, "yes"), (None, ""), ([1], ""), ({}, "")],
)
def test_values_as_text(value: object, text: str) -> None:
    assert text_of(value) == text


def fields(value: object) -> tuple[Fields, Unread]:
    return Fields(value, "/messages/3"), Unread()


def rest(value: Fields, unread: Unread) -> Iterator[object]:
    yield from value.rest(Reader(Options(country="GB")), unread)
    yield from unread.rows()


def test_what_nobody_takes_is_searched_and_said_by_path_and_type_only() -> None:
    one, unread = fields(
        {"id": 7, "note": "ask robin@mail.example", "deep": [{"x": 1, "y": True}], "empty": ""}
    )
    assert one.text("id") == "7"
    rows = list(rest(one, unread))

    assert [(row.text, row.place, row.label) for row in rows if isinstance(row, FreeText)] == [
        ("ask robin@mail.example", "/messages/3/note", "note")
    ]
    assert [(row.value.value, row.way, row.place) for row in rows if isinstance(row, Sighting)] == [
        ("robin@mail.example", "mentioned", "/messages/3/note")
    ]
    assert [row.text for row in rows if isinstance(row, NotUnderstood)] == [
        "The field /messages/*/note (text) is not known: at /messages/3/note.",
        "The field /messages/*/deep/*/x (number) is not known: at /messages/3/deep/0/x.",
        "The field /messages/*/deep/*/y (truth value) is not known: at /messages/3/deep/0/y.",
    ]


def test_unknown_fields_are_counted_once_per_path() -> None:
    unread = Unread()
    for index in range(10_000):
        unread.add(f"/messages/{index}/colour", "red")
        unread.add(f"/messages/{index}/k{index}", "red")

    rows: list[Any] = list(unread.rows())
    assert len(rows) == 301
    assert "10000 times, first at /messages/0/colour" in rows[0].text


def test_fields_of_another_type_than_expected_stay_and_are_said() -> None:
    one, unread = fields(
        {"text": {"a": "b"}, "list": ["x", {"y": "z"}, 3, None], "people": [{"n": 1}, "Robin"]}
    )

    assert one.text("text") == ""
    assert list(one.texts("list")) == [("/messages/3/list/0", "x"), ("/messages/3/list/2", "3")]
    assert [person.pointer for person in one.objects("people")] == ["/messages/3/people/0"]
    assert one.object("nothing").text("a") == ""
    said = [row.place for row in rest(one, unread) if isinstance(row, FreeText)]
    assert said == ["/messages/3/text/a", "/messages/3/list/0/y", "/messages/3/people/0"]


def test_what_is_left_in_an_object_that_was_taken_is_said_too() -> None:
    one, unread = fields(
        {"author": {"name": "Robin", "note": "x"}, "files": [{"name": "a", "size": 5}], "odd": [{"y": "z"}]}
    )
    assert one.object("author").text("name") == "Robin"
    assert [file.text("name") for file in one.objects("files")] == ["a"]
    one.objects("odd")
    one.ignore_inside("size")

    said = [row.place for row in rest(one, unread) if isinstance(row, FreeText)]
    assert said == ["/messages/3/author/note", "/messages/3/odd/0/y"]
    assert not list(one.rest(Reader(Options(country="GB")), unread))
