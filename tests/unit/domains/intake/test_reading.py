"""How a value becomes a row: sighting, ambiguous, or not understood; never nothing."""

from cets.domains.intake.reading import Reader, is_empty, shorten
from cets.domains.intake.rows import AmbiguousPart, FreeText, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options

READER = Reader(Options(country="GB"))


def test_a_valid_field_is_a_sighting_with_its_place() -> None:
    (row,) = READER.declared("email", "A@mail.example", place="/a", role="suspect", person="p1")
    assert isinstance(row, Sighting)
    assert (row.value.value, row.way, row.role, row.place, row.person) == (
        "a@mail.example",
        "declared",
        "suspect",
        "/a",
        "p1",
    )


def test_a_wrong_check_digit_is_kept_raw_and_said() -> None:
    (row,) = READER.declared("imei", "490154203237519", place="row 3")
    assert isinstance(row, NotUnderstood)
    assert "490154203237519" in row.text
    assert "row 3" in row.text


def test_a_victims_faulty_value_is_not_repeated_on_the_receipt() -> None:
    (row,) = READER.declared("imei", "490154203237519", place="row 3", role="victim")
    assert isinstance(row, NotUnderstood)
    assert "490154203237519" not in row.text


def test_a_national_number_that_cannot_be_is_ambiguous() -> None:
    (row,) = READER.declared("phone", "(320) 392-2137", place="/p", role="victim")
    assert isinstance(row, AmbiguousPart)
    assert row.raw == "(320) 392-2137"
    assert row.candidates
    assert row.role == "victim"


def test_a_joined_value_shows_what_the_source_shows() -> None:
    (row,) = READER.declared("phone", "+44 7700900123", as_written="7700900123", place="/p")
    assert isinstance(row, Sighting)
    assert (row.value.value, row.value.raw) == ("+447700900123", "7700900123")


def test_carrier_nat_shows_by_the_address() -> None:
    (nat,) = READER.declared("ip", "100.72.3.9", place="/ip")
    (home,) = READER.declared("ip", "203.0.113.9", place="/ip")
    assert isinstance(nat, Sighting)
    assert isinstance(home, Sighting)
    assert nat.carrier_nat
    assert not home.carrier_nat


def test_text_is_kept_and_what_it_mentions_is_found() -> None:
    text, *found = READER.free_text("write to a@mail.example or 203.0.113.24:51514", place="line 1")
    assert isinstance(text, FreeText)
    values = {row.value.value: row for row in found if isinstance(row, Sighting)}
    assert set(values) == {"a@mail.example", "203.0.113.24"}
    assert all(row.way == "mentioned" for row in values.values())
    assert values["203.0.113.24"].port == 51514


def test_the_words_for_nothing_may_be_a_text_and_a_blank_is_none() -> None:
    reader = Reader(Options(country="GB"))
    kept = [row for text in ("null", "N/A", " ", "") for row in reader.free_text(text, place="line 1")]
    assert [row.text for row in kept if isinstance(row, FreeText)] == ["null", "N/A"]


def test_text_beyond_the_limit_is_said() -> None:
    reader = Reader(Options(max_text=20))
    rows = list(reader.mentioned("x" * 30 + " a@mail.example", place="line 1"))
    assert [type(row) for row in rows] == [NotUnderstood]


def test_time_doubts_are_told_in_words_to_choose_from() -> None:
    (two,) = READER.time_doubts(READER.time("03/04/2026"), place="/t")
    (no_zone,) = READER.time_doubts(READER.time("2026-04-03 10:00:00"), place="/t")
    (none,) = READER.time_doubts(READER.time("soon"), place="/t")
    assert isinstance(two, AmbiguousPart)
    assert two.candidates == ("2026-04-03", "2026-03-04")
    assert isinstance(no_zone, AmbiguousPart)
    assert no_zone.candidates == ("2026-04-03 10:00:00 (time zone not stated)",)
    assert isinstance(none, NotUnderstood)
    assert not list(READER.time_doubts(READER.time("2026-04-03T10:00:00Z"), place="/t"))


def test_words_for_nothing() -> None:
    assert is_empty(None)
    assert is_empty(" N/A ")
    assert is_empty("null")
    assert not is_empty("none of your business")


def test_long_and_odd_texts_are_shortened_for_a_sentence() -> None:
    assert shorten("a" * 100, 10) == "a" * 9 + "…"
    assert "\u202e" not in shorten("a\u202eb")
