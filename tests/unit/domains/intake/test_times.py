"""Times as sources write them: certain, two readings, no zone, or not a time."""

from datetime import UTC, datetime

import pytest

from cets.domains.intake.times import (
    DayOrder,
    counted,
    day_order,
    epoch,
    has_day_doubt,
    has_no_zone,
    is_unread,
    moment,
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("raw", "instant"),
    [
        ("2025-11-02T10:20:00Z", utc(2025, 11, 2, 10, 20)),
        ("2025-11-02 10:20:00 UTC", utc(2025, 11, 2, 10, 20)),
        ("2025-11-02T10:20:00.1234567Z", utc(2025, 11, 2, 10, 20, 0, 123456)),
        ("2025-11-02T10:20:00+02:00", utc(2025, 11, 2, 8, 20)),
        ("2025-11-02T10:20:00 GMT+2", utc(2025, 11, 2, 8, 20)),
        ("2025-11-02T10:20-0700 (PDT)", utc(2025, 11, 2, 17, 20)),
        ("20251102T102000Z", utc(2025, 11, 2, 10, 20)),
        ("/Date(1762078800000)/", utc(2025, 11, 2, 10, 20)),
        ("Sun, 02 Nov 2025 10:20:00 +0000 (UTC)", utc(2025, 11, 2, 10, 20)),
        ("2 novembre 2025 10h20 UTC", utc(2025, 11, 2, 10, 20)),
        ("Nov 2, 2025 at 10:20 PM UTC", utc(2025, 11, 2, 22, 20)),
        ("13/04/2026 10:00 UTC", utc(2026, 4, 13, 10)),
        ("4/13/2026 10:00 UTC", utc(2026, 4, 13, 10)),
        ("2026-01-01T24:00:00Z", utc(2026, 1, 2)),
        ("2026-12-31 24:00 UTC", utc(2027, 1, 1)),
        ("20260101T240000Z", utc(2026, 1, 2)),
        ("2026-02-28T24:00:00.000+01:00", utc(2026, 2, 28, 23)),
        ("2025-11-02T10:20:00+00:00Z", utc(2025, 11, 2, 10, 20)),
    ],
)
def test_a_time_with_a_zone_is_certain(raw: str, instant: datetime) -> None:
    found = moment(raw)
    assert found.instant == instant
    assert found.raw == raw
    assert not found.candidates
    assert found.zone


@pytest.mark.parametrize(
    ("raw", "candidates"),
    [
        ("2025-11-02T10:20:00+2:00Z", (utc(2025, 11, 2, 8, 20), utc(2025, 11, 2, 10, 20))),
        ("03/04/2026 10:00 UTC", (utc(2026, 4, 3, 10), utc(2026, 3, 4, 10))),
        ("03.04.26 10:00", (datetime(2026, 4, 3, 10), datetime(2026, 3, 4, 10))),  # noqa: DTZ001
        ("03/04/2026", (datetime(2026, 4, 3), datetime(2026, 3, 4))),  # noqa: DTZ001
        ("2026-04-03 10:00 EST", (utc(2026, 4, 3, 15), utc(2026, 4, 3, 0))),
    ],
)
def test_two_readings_are_both_kept(raw: str, candidates: tuple[datetime, ...]) -> None:
    found = moment(raw)
    assert found.instant is None
    assert found.candidates == candidates
    assert has_day_doubt(found)


def test_without_a_zone_the_wall_clock_is_kept_and_nothing_more() -> None:
    found = moment("2025-11-02 10:20:00")
    assert found.instant is None
    assert found.candidates == (datetime(2025, 11, 2, 10, 20),)  # noqa: DTZ001
    assert has_no_zone(found)
    assert not has_day_doubt(found)


def test_an_offset_that_no_clock_shows_is_no_zone() -> None:
    assert has_no_zone(moment("2025-11-02T10:20:00+25:00"))


def test_a_whole_day_is_a_day() -> None:
    found = moment("2025-11-02")
    assert found.precision == "day"
    assert not has_no_zone(found)


def test_a_day_of_the_week_settles_the_order() -> None:
    assert moment("Fri 03/04/2026 10:00 UTC").instant == utc(2026, 4, 3, 10)
    assert moment("Wed 03/04/2026 10:00 UTC").instant == utc(2026, 3, 4, 10)


def test_a_day_of_the_week_that_contradicts_leaves_the_date_in_doubt() -> None:
    assert moment("Mon, 01 Apr 2026 12:00:00 +0000").instant is None


def test_twelve_hours_past_noon_and_midnight() -> None:
    assert moment("2026-04-03 12:05 a.m. UTC").instant == utc(2026, 4, 3, 0, 5)
    assert moment("2026-04-03 12:05\u202fp. m. UTC").instant == utc(2026, 4, 3, 12, 5)
    assert is_unread(moment("2026-04-03 13:05 pm UTC"))


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "soon",
        "31/02/2026",
        "2026-13-04",
        "2026-04-03T25:00:00Z",
        "2026-04-03 nonsense",
        "1/2",
        "x" * 5000,
        "٣",
    ],
)
def test_what_is_no_time_is_said_to_be_none(raw: str) -> None:
    assert is_unread(moment(raw))


def test_the_ends_of_the_calendar_do_not_raise() -> None:
    assert is_unread(moment("0001-01-01T00:00:00+05:00"))
    assert is_unread(moment("9999-12-31T23:59:59-05:00"))
    assert is_unread(epoch("9" * 30))


def test_an_epoch_is_read_only_when_told() -> None:
    assert is_unread(moment("1762078800"))
    assert epoch("1762078800").instant == utc(2025, 11, 2, 10, 20)
    assert epoch("1762078800000", milliseconds=True).instant == utc(2025, 11, 2, 10, 20)


def test_the_order_that_a_person_settled_is_used_where_it_fits() -> None:
    assert moment("03/04/2026 10:00 UTC", day_first=True).instant == utc(2026, 4, 3, 10)
    assert moment("03/04/2026 10:00 UTC", day_first=False).instant == utc(2026, 3, 4, 10)
    assert moment("04/13/2026 10:00 UTC", day_first=True).instant == utc(2026, 4, 13, 10)


def test_another_line_of_the_file_settles_the_order() -> None:
    assert day_order("03/04/2026") is None
    assert DayOrder(["03/04/2026", "13/04/2026"]).day_first is True
    assert DayOrder(["03/04/2026", "04/13/2026"]).day_first is False
    assert DayOrder(["03/04/2026"]).day_first is None


def test_lines_that_contradict_each_other_settle_nothing() -> None:
    order = DayOrder(["13/04/2026", "04/13/2026"])
    assert order.day_first is None
    assert order.is_contradictory


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Thu Dec 31 21:14:03 +0000 2026", datetime(2026, 12, 31, 21, 14, 3, tzinfo=UTC)),
        ("Thu Dec 31 21:14:03 CET 2026", datetime(2026, 12, 31, 20, 14, 3, tzinfo=UTC)),
        ("Do, 31 Dez 2026 21:14:03 +0100", datetime(2026, 12, 31, 20, 14, 3, tzinfo=UTC)),
        ("jeu., 31 d\u00e9c. 2026 21:14 +0100", datetime(2026, 12, 31, 20, 14, tzinfo=UTC)),
        ("Thu, 31 Dec 26 21:14 MET", datetime(2026, 12, 31, 20, 14, tzinfo=UTC)),
        ("31.12.2026 21:14 MEZ", datetime(2026, 12, 31, 20, 14, tzinfo=UTC)),
        ("31/12/2026 21:14:03 (UTC+01:00)", datetime(2026, 12, 31, 20, 14, 3, tzinfo=UTC)),
    ],
)
def test_further_ways_of_mails_and_logs_are_instants(raw: str, expected: datetime) -> None:
    # A two-digit day and month leave no doubt here: 31 is no month.
    assert moment(raw).instant == expected


@pytest.mark.parametrize(
    "raw",
    [
        "Thu Dec 31 21:14:00 2026", "Donnerstag, 31. Dezember 2026 21:14", "jeudi 31 d\u00e9cembre 2026 \u00e0 21:14",
        "jueves, 31 de diciembre de 2026 21:14", "31. Dezember 2026 um 21:14 Uhr", "31.12.2026, 21:14:00 Uhr",
        "31 d\u00e9cembre 2026 21 h 14", "Do 31.12.2026 21:14", "gio 31/12/2026 21:14",
    ],
)  # fmt: skip
def test_days_and_hours_in_other_languages_are_read(raw: str) -> None:
    assert moment(raw).candidates == (datetime(2026, 12, 31, 21, 14),)  # noqa: DTZ001 - no zone is stated


@pytest.mark.parametrize("raw", ["mar 3 2026", "Mar 3, 2026"])
def test_a_short_day_that_is_a_month_too_is_the_month(raw: str) -> None:
    assert moment(raw).candidates == (datetime(2026, 3, 3),)  # noqa: DTZ001 - a day has no zone


def test_a_day_of_the_week_in_another_language_settles_and_contradicts() -> None:
    assert moment("Di, 03.11.2026 10:00 +0100").instant == datetime(2026, 11, 3, 9, tzinfo=UTC)
    assert moment("Fr, 31 Dez 2026 21:14:03 +0100").instant is None


@pytest.mark.parametrize(
    ("raw", "instant"),
    [
        ("1773511500", utc(2026, 3, 14, 18, 5)),
        ("1773511500.0", utc(2026, 3, 14, 18, 5)),
        ("1773511500123", utc(2026, 3, 14, 18, 5, 0, 123000)),
    ],
)
def test_a_number_of_ten_or_thirteen_digits_is_a_count_in_a_field_of_times(
    raw: str, instant: datetime
) -> None:
    found = counted(raw)
    assert found is not None
    assert (found.instant, found.raw) == (instant, raw)


@pytest.mark.parametrize(
    "raw", ["177351150", "17735115001", "9999999999", "20260314", "1773511500 UTC", "+1773511500", ""]
)
def test_other_numbers_are_no_counts(raw: str) -> None:
    assert counted(raw) is None


@pytest.mark.parametrize("raw", ["14/03/2569 10:00 UTC", "2569-03-14 10:00 UTC"])
def test_a_year_of_the_buddhist_count_has_two_readings(raw: str) -> None:
    assert utc(2026, 3, 14, 10) in moment(raw).candidates
    assert utc(2569, 3, 14, 10) in moment(raw).candidates


def test_a_leap_day_of_the_buddhist_count_is_read() -> None:
    assert moment("29/02/2567 10:00 UTC").instant == utc(2024, 2, 29, 10)


def test_a_place_is_a_zone_and_the_hour_that_comes_twice_is_open() -> None:
    assert moment("2026-07-14 19:05 Europe/Paris").instant == utc(2026, 7, 14, 17, 5)
    assert moment("2026-01-14T19:05:00 America/New_York").instant == utc(2026, 1, 15, 0, 5)
    assert moment("2026-10-25 01:30 Europe/London").candidates == (
        utc(2026, 10, 25, 0, 30),
        utc(2026, 10, 25, 1, 30),
    )
    assert is_unread(moment("2026-07-14 19:05 Europe/Erewhon"))


@pytest.mark.parametrize(
    ("lines", "day_first"),
    [
        (["03/04/2026", "31/02/2026"], None),
        (["03/04/2026", "29/02/2026"], None),
        (["03/04/2026", "29/02/2028"], True),
        (["03/04/2026", "30.04.2026"], None),
        (["03/04/2026", "13/04/26"], None),
        (["03/04/2026", "30.04.2026", "04/25/2026"], False),
        (["03/04/2026", "03.04.2026", "30.04.2026", "04/25/2026"], None),
        (["05/05/2026", "30.04.2026"], True),
    ],
)
def test_only_real_dates_of_the_same_shape_settle_the_order(lines: list[str], day_first: bool | None) -> None:
    assert DayOrder(lines).day_first is day_first


@pytest.mark.parametrize(
    "zone", ["UTC (+2)", "UTC(+02:00)", "Z (+02:00)", "+0000 (+2)", "UTC (CEST)", "GMT (UTC+2)"]
)
def test_a_zone_and_another_in_brackets_are_two_readings(zone: str) -> None:
    when = moment(f"2026-04-05 06:07:08 {zone}")

    assert when.instant is None
    assert [reading.hour for reading in when.candidates] == [6, 4]
    assert has_day_doubt(when)


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("+0000 (UTC)", 6), ("UTC (+0)", 6), ("UTC (Coordinated Universal Time)", 6), ("CET (UTC+1)", 5), ("GMT+2 (CEST)", 4),
        ("-0800 (PST)", 14), ("PST (-8)", 14), ("+0200 (CET)", 4), ("Europe/Paris (CET)", 4), ("Europe/Paris (CEST)", 4), ("(UTC+2)", 4),
    ],
)  # fmt: skip
def test_a_zone_that_brackets_confirm_or_comment_is_certain(zone: str, hour: int) -> None:
    when = moment(f"2026-04-05 06:07:08 {zone}")

    assert when.instant is not None
    assert when.instant.hour == hour


@pytest.mark.parametrize(
    "raw", ["2026-01-01T24:00:01Z", "2026-01-01T24:01:00Z", "2026-01-01 24:00 pm UTC", "9999-12-31T24:00:00Z"]
)
def test_nothing_comes_after_the_end_of_a_day(raw: str) -> None:
    assert is_unread(moment(raw))


def local(*parts: int) -> datetime:
    return datetime(*parts)  # noqa: DTZ001 - no zone is stated


@pytest.mark.parametrize(
    "raw",
    [
        "2026. 3. 14. 오후 8:01",
        "2026년 3월 14일 오후 8:01",
        "2026년 3월 14일 토요일 오후 8:01",
        "2026. 3. 14. (토) 오후 8시 1분",
        "26. 3. 14. 오후 8:01",
        "2026-03-14 오후 8:01",
        "2026年3月14日 下午8:01",
        "2026年3月14日下午8:01",
        "2026年3月14日 星期六 20:01",
        "2026/3/14 晚上8:01",
        "2026/03/14(土) 午後8:01",
        "2026/03/14 20時01分",
        "14/3/2026، 8:01 م",
        "١٤\u200f/٣\u200f/٢٠٢٦، ٨:٠١ م",
        "١٤ مارس ٢٠٢٦، ٨:٠١ مساءً",
        "14/3/2026, 8:01 μ.μ.",
        "14 Μαρ 2026, 8:01 μμ",
        "14/3/2026 8:01 CH",
        "20:01, 14/3/2026",
        "8:01 CH, 14/03/2026",
        "20:01 14 thg 3, 2026",
        "2026. 03. 14. 20:01",
        "2026. 03. 14., 20:01",
        "2026. 03. 14. du. 8:01",
        "2026. márc. 14. 20:01",
        "2026. március 14. 20:01",
        "14/3/2026, 8:01 अपराह्न",
        "14 मार्च 2026, 8:01 pm",
        "14 במרץ 2026, 20:01",
        "14.3.2026 8:01 odp.",
        "2026-03-14 8:01 em",
    ],
)
def test_the_forms_of_further_languages_are_read(raw: str) -> None:
    found = moment(raw)
    assert (found.raw, found.instant, found.candidates) == (raw, None, (local(2026, 3, 14, 20, 1),))


@pytest.mark.parametrize(
    ("raw", "instant"),
    [
        ("2026. 3. 14. 오전 12:01:23 KST", utc(2026, 3, 13, 15, 1, 23)),
        ("2026年3月14日 GMT+8 20:01:23", utc(2026, 3, 14, 12, 1, 23)),
        ("2026年3月14日 凌晨12:01:23 [GMT+8]", utc(2026, 3, 13, 16, 1, 23)),
        ("١٤\u200f/٠٣\u200f/٢٠٢٦، ٨:٠١:٢٣ م غرينتش+٣", utc(2026, 3, 14, 17, 1, 23)),
        ("20:01:23, 14 thg 3, 2026 ICT", utc(2026, 3, 14, 13, 1, 23)),
        ("14/3/2026, 12:01 π.μ. EET", utc(2026, 3, 13, 22, 1)),
    ],
)
def test_a_zone_beside_the_forms_of_further_languages_is_certain(raw: str, instant: datetime) -> None:
    assert moment(raw).instant == instant


@pytest.mark.parametrize(
    "raw",
    [
        "2026. 3. 14. 오전 20:01",
        "2026年3月14日 星期日",
        "14/3/2026 8:01 MD",
        "14/3/2026 10:15 in",
        "2026. 3. 34. 오후 8:01",
    ],
)
def test_a_word_that_contradicts_or_may_be_another_makes_no_certain_time(raw: str) -> None:
    found = moment(raw)
    assert found.instant is None
    assert found.precision == "day" or not found.candidates


def test_the_order_of_the_day_is_left_open_beside_any_word() -> None:
    assert moment("03/04/2026 8:01 오후").candidates == (local(2026, 4, 3, 20, 1), local(2026, 3, 4, 20, 1))
    assert DayOrder(["8:01 CH, 13/04/2026", "8:01 CH, 03/04/2026"]).day_first is True
