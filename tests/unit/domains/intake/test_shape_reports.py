"""What leaves in a shape report: key paths, types and counts, and never anything that a file says."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import factories
from cets.access.viewer import Refused, acting
from cets.audit.models import Event
from cets.domains.intake import shapes
from cets.domains.intake.receipts import counted
from cets.domains.reports import queries as reports
from cets.domains.reports.models import Report

PLANTED = (
    "kestrel_blue", "+447700900142", "447700900143", "wren.small@mail.example", "Wren Small", "wren", "203.0.113.24", "2001:db8::17",
    "7a1f0c3e-5b5e-4a53-9c1e-0d6a1f2b3c4d", "s3cret-planted-text", "is not known: 447700900144 times", "kim_larch1987", "Mark", "Rose",
)  # fmt: skip
FILE_NAME = "planted-name-of-a-child.json"


def chat() -> dict[str, Any]:
    by_user = {
        name: {"seen": number, "note": f"s3cret-planted-text {name}"} for number, name in enumerate(PLANTED)
    }
    message = {
        "id": 1, "type": "message", "date": "2026-04-13T20:01:10", "date_unixtime": "1776110470", "from": "Kestrel",
        "from_id": "user700", "text": "hello s3cret-planted-text", "text_entities": [],
    }  # fmt: skip
    extra = {"read_by": by_user, "legacy_flag": True, "moodRing": "s3cret-planted-text", "sticker_size": 17}
    return {
        "name": "Kestrel",
        "type": "personal_chat",
        "id": 700,
        "messages": [{**message, **extra}, {**message, "id": 2, "legacy_flag": False}],
        "s3cret-planted-text": {"kestrel_blue": ["s3cret-planted-text"]},
    }


@pytest.fixture
def officer(db):
    return factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")


@pytest.fixture
def taken(officer, as_process):
    viewer = factories.viewer(officer)
    with as_process("worker"), factories.intake() as intake:
        (one,) = intake.take((officer.agency, viewer), json.dumps(chat()), name=FILE_NAME)
    with acting(viewer):
        return Report.objects.get(id=one.report_id)


def made(officer, report, **more):
    viewer = factories.viewer(officer)
    with acting(viewer):
        return shapes.make(report, list(reports.parts_of(report)), by=viewer, **more)


def test_no_value_leaves_not_even_as_a_key(officer, taken):
    shape = made(officer, taken)
    text = json.dumps(shape).lower()
    for planted in (
        *PLANTED,
        FILE_NAME,
        "hello",
        "Kestrel",
        "user700",
        "700",
        "1776110470",
        taken.reference,
        "447700900144",
    ):
        assert planted.lower() not in text, planted
    for piece in ("kestrel", "small", "larch", "1987", "9001", "7a1f", "planted", "moodring"):
        assert piece not in text, piece
    assert str(taken.id) not in text


def test_what_names_a_field_is_told_with_type_and_count(officer, taken):
    (one,) = made(officer, taken)["files"]
    fields = {(field["path"], field["type"]): field["times"] for field in one["fields"]}
    assert fields["/messages/*/legacy_flag", "truth value"] == 2
    assert fields["/messages/*/sticker_size", "number"] == 1
    assert fields["/messages/*/?", "text"] == 1
    assert fields["/messages/*/read_by/?/seen", "number"] == len(PLANTED) - 1
    assert fields["/messages/*/read_by/*/seen", "number"] == 1, "the one of digits alone"
    assert (one["source"], one["parser"], one["state"]) == ("telegram", one["parser"], "read")
    assert one["counted"]["messages"] == 2
    assert one["not_understood"] > 0


def test_an_officer_lets_go_what_he_knows_to_name_a_field(officer, taken):
    viewer = factories.viewer(officer)
    with acting(viewer):
        held = shapes.kept_back(list(reports.parts_of(taken)))
    assert "moodRing" in held
    assert "kestrel_blue" in held, "he sees them, as he may see the file; they leave only if he says so"
    shape = made(officer, taken, letting=frozenset({"moodRing"}))
    assert "/messages/*/moodRing" in json.dumps(shape)
    assert "kestrel" not in json.dumps(shape)
    with acting(viewer):
        assert Event.objects.filter(type="intake:shape:made", subject_id=str(taken.id)).count() == 1


def test_who_takes_nothing_in_makes_none(officer, taken, as_process):
    with as_process("owner"):
        secondee = factories.officer(officer.agency, "lent@esx.example", "secondee")
    with pytest.raises(Refused):
        shapes.make(taken, [], by=factories.viewer(secondee))


@pytest.mark.parametrize("key", [*PLANTED, "john", "Anna", "may", "april", "robin", "london", "red", "", " ", "id ", "ID\u200b", "messagе", "a" * 41,
                                 "user name of wren", "id_1987", "user12345", "message_kestrel", "text/plain"])  # fmt: skip
def test_a_key_that_could_be_a_value_is_kept_back(key):
    assert shapes.generalised(key) == shapes.KEPT_BACK or key.isdigit()
    assert key not in shapes.generalised(key) or not key.strip()


@pytest.mark.parametrize(
    "key",
    ["user_id", "messageText", "from", "sentAt", "SHA256", "ip", "xmlns", "isDeleted", "@id", "uco:name"],
)
def test_a_name_of_a_field_is_told(key):
    words_known = {"xmlns": shapes.KEPT_BACK, "uco:name": shapes.KEPT_BACK, "sentAt": shapes.KEPT_BACK}
    assert shapes.generalised(key) == words_known.get(key, key)


def test_numbers_are_told_as_such():
    assert shapes.generalised("17") == "*"
    assert shapes.generalised("447700900143") == "*"
    assert shapes.generalised("message[12]") == "message[*]"
    assert shapes.generalised("kestrel[12]") == "?"


@given(st.text(max_size=30) | st.from_regex(r"[A-Za-z]{1,8}[_-]?[A-Za-z0-9]{0,8}", fullmatch=True))
def test_only_words_of_fields_ever_leave(key):
    told = shapes.generalised(key)
    if told in {shapes.KEPT_BACK, shapes.NUMBERED}:
        return
    words = [word.lower() for word in shapes._WORDS.findall(told.replace("[*]", ""))]
    assert words
    assert set(words) <= shapes.field_words()


def test_the_words_are_no_names_of_people():
    names = {
        "mark", "grant", "will", "bill", "rose", "may", "june", "april", "august", "frank", "jack", "john", "anna", "mary", "peter", "kim", "wren", "robin",
        "art", "hope", "faith", "grace", "joy", "dawn", "chase", "drew", "gene", "guy", "rob", "sue", "pat", "ray", "dean", "miles", "max",
        "victor", "summer", "autumn", "london", "paris", "blue", "red", "kestrel", "alex", "sam", "lee", "tom", "ben", "dan", "amber", "olive",
    }  # fmt: skip
    assert names & shapes.field_words() == {"max"}, (
        "a maximum is called so everywhere; nobody is told apart by it"
    )


def test_a_receipt_counts_what_was_cut_and_passed_over(officer, as_process):
    viewer = factories.viewer(officer)
    cells = "\n".join(f"row {n},=SUM({n})" for n in range(1_200))
    with as_process("worker"), factories.intake() as intake:
        (one,) = intake.take(
            (officer.agency, viewer), f"email,formula\nkestrel@mail.example,=1\n{cells}\n", name="t.csv"
        )
    with acting(viewer):
        (number,) = counted(reports.parts_of(Report.objects.get(id=one.report_id)))
    assert number.reader.startswith("csv ")
    assert number.is_whole
    assert number.skipped >= 1, "further cells are counted, not listed"
    assert number.not_understood > number.skipped
    assert number.cut == 0
