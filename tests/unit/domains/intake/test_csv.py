"""Tables as text: what the columns are taken for, and that no cell is guessed, run or lost."""

import io
from pathlib import Path

import msgspec
import pytest

from cets.domains.intake.rows import (
    AmbiguousPart,
    AnyRow,
    Column,
    ColumnMap,
    Failed,
    FreeText,
    NotUnderstood,
    Person,
    Sighting,
)
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table import source as module
from cets.domains.intake.sources.csv_table.source import CsvTable
from cets.domains.intake.tables import words

SHARED = Path(__file__).parents[5] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared sample files are not here")


def read(text: str | bytes, options: Options | None = None) -> list[AnyRow]:
    raw = text if isinstance(text, bytes) else text.encode()
    return list(CsvTable().read(io.BytesIO(raw), options or Options(country="GB")))


def column_map(rows: list[AnyRow]) -> ColumnMap:
    assert isinstance(rows[0], ColumnMap), "the map comes first"
    return rows[0]


def read_as(rows: list[AnyRow]) -> dict[str, str]:
    return {column.heading: column.read_as for column in column_map(rows).columns}


def sightings(rows: list[AnyRow]) -> dict[str, Sighting]:
    return {f"{row.value.kind} {row.value.value}": row for row in rows if isinstance(row, Sighting)}


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiter_and_encoding_are_found(delimiter: str, encoding: str) -> None:
    lines = [
        ("Name", "E-mail", "Note"),
        ("Zoë", "a@mail.example", "café, or; tea"),
        ("Bo", "b@mail.example", ""),
    ]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    rows = read(text.encode(encoding))
    assert column_map(rows).delimiter == delimiter
    assert [row.names for row in rows if isinstance(row, Person)] == [("Zoë",), ("Bo",)]
    assert set(sightings(rows)) == {"email a@mail.example", "email b@mail.example"}


def test_a_stated_delimiter_counts() -> None:
    rows = read("sep=;\nname;email\nA, B;a@mail.example\n")
    assert column_map(rows).delimiter == ";"
    assert [row.names for row in rows if isinstance(row, Person)] == [("A, B",)]


def test_the_heading_need_not_be_the_first_line() -> None:
    rows = read(
        "Export of 3 lines\nby desk@police.example\n\nname,email,phone\nA,a@mail.example,07700 900123\n"
    )
    assert column_map(rows).heading_row == 4
    assert sightings(rows)["email a@mail.example"].place == "row 5, column email"
    assert sightings(rows)["email desk@police.example"].way == "mentioned"


def test_a_table_without_headings_is_read_by_its_values() -> None:
    rows = read("a@mail.example,203.0.113.5,+447700900123\nb@mail.example,203.0.113.6,+447700900124\n")
    assert column_map(rows).heading_row == 0
    assert set(sightings(rows)) == {
        "email a@mail.example", "email b@mail.example", "ip 203.0.113.5", "ip 203.0.113.6",
        "phone +447700900123", "phone +447700900124",
    }  # fmt: skip
    assert sightings(rows)["email a@mail.example"].place == "row 1, column A"


@pytest.mark.parametrize(
    ("heading", "value", "expected"),
    [
        ("E-Mail-Adresse", "a@mail.example", "email"),
        ("courriel", "a@mail.example", "email"),
        ("Téléphone", "07700 900123", "phone"),
        ("Suspect's mobile number", "07700 900123", "phone"),
        ("IP-Adresse", "203.0.113.5", "ip"),
        ("MSISDN", "447700900123", "phone"),
        ("Geburtsdatum", "13.04.1990", "birth_date"),
        ("Vorname", "Bo", "first_name"),
        ("Screen name", "kestrel_1", "handle"),
        ("Snapchat username", "kestrel_1", "account"),
        ("IMEI", "490154203237518", "imei"),
        ("contact", "a@mail.example", "email"),
        ("whatever", "13/04/2026 10:00", "time"),
        ("SSN", "201-77-7719", "fact"),
        ("shoe size", "44", "fact"),
    ],
)
def test_headings_and_values_tell_the_kind(heading: str, value: str, expected: str) -> None:
    rows = read(f'"{heading}","no"\n"{value}","1"\n"{value}","2"\n')
    assert read_as(rows)[heading] == expected


def test_roles_come_from_the_heading() -> None:
    rows = read("suspect_email,victim phone,complainant\ns@mail.example,07700 900123,Ann Example\n")
    found = sightings(rows)
    assert (found["email s@mail.example"].role, found["email s@mail.example"].person) == (
        "suspect",
        "row 2, suspect",
    )
    assert found["phone +447700900123"].role == "victim"
    people = {row.key: (row.role, row.names) for row in rows if isinstance(row, Person)}
    assert people["row 2, reporter"] == ("reporter", ("Ann Example",))


def test_roles_come_from_a_role_column() -> None:
    rows = read("name,role,email\nA,Opfer,a@mail.example\nB,suspect,b@mail.example\nC,,c@mail.example\n")
    assert {row.key: row.role for row in rows if isinstance(row, Person)} == {
        "row 2": "victim",
        "row 3": "suspect",
        "row 4": "unknown",
    }
    assert sightings(rows)["email a@mail.example"].role == "victim"


def test_platform_and_name_are_one_account() -> None:
    rows = read("platform,username\nExampleChat,@Kestrel_1\n,lonely_1\n")
    assert set(sightings(rows)) == {"account examplechat/kestrel_1", "handle lonely_1"}


def test_address_port_and_time_are_one_sighting() -> None:
    rows = read(
        "ip,port,time (UTC),event\n203.0.113.5,5000,2026-04-13 10:00:00,LOGIN\n198.51.100.7:99,,2026-04-13 11:00:00,\n100.72.3.9,,,\n"
    )
    found = sightings(rows)
    first = found["ip 203.0.113.5"]
    assert (first.port, first.event) == (5000, "LOGIN")
    assert first.seen_at is not None
    assert first.seen_at.instant is not None
    assert first.seen_at.instant.isoformat() == "2026-04-13T10:00:00+00:00"
    assert found["ip 198.51.100.7"].port == 99
    assert found["ip 100.72.3.9"].carrier_nat


def test_the_time_of_another_event_is_not_the_time_of_the_address() -> None:
    rows = read("last ip,registered,registration ip\n203.0.113.5,2026-04-13 10:00:00,203.0.113.6\n")
    assert sightings(rows)["ip 203.0.113.5"].seen_at is None
    assert sightings(rows)["ip 203.0.113.6"].seen_at is not None


def test_the_first_time_is_not_the_time_of_the_last_address() -> None:
    rows = read("last ip,first seen,last seen\n203.0.113.5,2026-04-13 10:00 UTC,2026-04-14 10:00 UTC\n")
    seen_at = sightings(rows)["ip 203.0.113.5"].seen_at
    assert seen_at is not None
    assert seen_at.raw == "2026-04-14 10:00 UTC"


def test_date_clock_and_zone_in_columns_of_their_own_are_one_time() -> None:
    rows = read("date,time of day,time zone,ip\n2026-04-13,10:00,UTC,203.0.113.5\n")
    seen_at = sightings(rows)["ip 203.0.113.5"].seen_at
    assert seen_at is not None
    assert seen_at.instant is not None


def test_another_line_of_the_column_settles_day_and_month() -> None:
    rows = read("ip,date\n203.0.113.5,03/04/2026 10:00 UTC\n203.0.113.6,13/04/2026 10:00 UTC\n")
    assert column_map(rows).columns[1].day_first is True
    assert column_map(rows).columns[1].sure
    seen_at = sightings(rows)["ip 203.0.113.5"].seen_at
    assert seen_at is not None
    assert seen_at.instant is not None
    assert seen_at.instant.month == 4


@pytest.mark.parametrize("country", ["GB", "US", None])
def test_the_country_settles_no_date(country: str | None) -> None:
    rows = read("ip,date\n203.0.113.5,03/04/2026 10:00 UTC\n", Options(country=country))
    assert not column_map(rows).columns[1].sure
    seen_at = sightings(rows)["ip 203.0.113.5"].seen_at
    assert seen_at is not None
    assert {moment.month for moment in seen_at.candidates} == {3, 4}
    (doubt,) = [row for row in rows if isinstance(row, AmbiguousPart)]
    assert doubt.raw == "03/04/2026 10:00 UTC"
    assert len(doubt.candidates) == 2


def test_a_missing_zone_is_said_once_for_a_column() -> None:
    rows = read("ip,date\n" + "203.0.113.5,2026-04-13 10:00:00\n" * 50)
    assert sum(isinstance(row, AmbiguousPart) for row in rows) == 1


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://x.example/a","b")',
        "=cmd|' /C calc'!A0",
        "+cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd|'x'!A0",
        "=1+1",
    ],
)
def test_formulas_are_data(cell: str) -> None:
    rows = read(
        'name,note,email\nA,"{}",a@mail.example\nB,x,b@mail.example\n'.format(cell.replace('"', '""'))
    )
    assert any("formula" in text and "row 2, column note" in text for text in said(rows))
    (person,) = [row for row in rows if isinstance(row, Person) and row.key == "row 2"]
    assert ("note", cell) in person.facts


def test_phone_numbers_are_no_formulas() -> None:
    rows = read('name,phone\nA,+44 7700 900123\nB,"=""07700900124"""\n')
    assert {"phone +447700900123", "phone +447700900124"} == set(sightings(rows))
    assert said(rows) == []


def test_a_number_in_exponent_form_is_ambiguous() -> None:
    rows = read("name,phone\nA,2.025550143E9\nB,07700 900123\nC,4.47700E+11\n")
    doubts = {row.raw: row.candidates for row in rows if isinstance(row, AmbiguousPart)}
    assert doubts["2.025550143E9"] == ("2025550143",)
    assert set(doubts) == {"2.025550143E9", "4.47700E+11"}
    assert set(sightings(rows)) == {"phone +447700900123"}


def test_cells_that_are_not_valid_are_listed_one_by_one() -> None:
    rows = read("name,email\nA,a@mail.example\nB,not-an-address\nC,c@mail.example\n")
    (text,) = said(rows)
    assert "not-an-address" in text
    assert "row 3, column email" in text


def test_an_unsure_column_waits_for_the_officer_and_is_searched_meanwhile() -> None:
    text = "phone,name\na@mail.example,A\nb@mail.example,B\n"
    rows = read(text)
    (column, _) = column_map(rows).columns
    assert (column.read_as, column.sure) == ("email", False)
    assert {row.way for row in rows if isinstance(row, Sighting)} == {"mentioned"}
    settled = ColumnMap(
        heading_row=1,
        columns=(Column(0, "phone", (), "email", role="suspect"), Column(1, "name", (), "name")),
        rows=0,
    )
    rows = read(text, Options(country="GB", column_maps=(settled,)))
    assert column_map(rows).rows == 2
    assert {(row.way, row.role) for row in rows if isinstance(row, Sighting)} == {("declared", "suspect")}


def test_a_column_that_the_officer_left_out_is_not_read_and_said() -> None:
    settled = ColumnMap(
        heading_row=1, columns=(Column(0, "email", (), "ignore"), Column(1, "name", (), "name")), rows=0
    )
    rows = read("email,name\na@mail.example,A\n", Options(column_maps=(settled,)))
    assert sightings(rows) == {}
    assert any("left out" in text for text in said(rows))


def test_the_order_that_the_officer_settled_is_used() -> None:
    guessed = column_map(read("ip,date\n203.0.113.5,03/04/2026 10:00 UTC\n"))
    first, second = guessed.columns
    settled = ColumnMap(heading_row=1, columns=(first, Column(1, "date", (), "time", day_first=True)), rows=0)
    rows = read("ip,date\n203.0.113.5,03/04/2026 10:00 UTC\n", Options(column_maps=(settled,)))
    seen_at = sightings(rows)["ip 203.0.113.5"].seen_at
    assert seen_at is not None
    assert seen_at.instant is not None
    assert seen_at.instant.month == 4
    assert second.day_first is None


def test_rows_of_an_exchange_make_no_person() -> None:
    rows = read(
        "CallingNumber,CalledNumber,EventTimestamp,IMEI\n+447700900123,+447700900124,2026-04-13 10:00:00,490154203237518\n"
    )
    assert not any(isinstance(row, Person) for row in rows)
    assert {row.person for row in rows if isinstance(row, Sighting)} == {None}


def test_cells_beyond_the_last_heading_are_kept() -> None:
    rows = read("name,email\nA,a@mail.example\nB,b@mail.example,extra c@mail.example\nC,c2@mail.example\n")
    assert sightings(rows)["email c@mail.example"].way == "mentioned"
    assert any("more cells" in text for text in said(rows))


def test_an_unclosed_quotation_mark_swallows_nothing() -> None:
    rows = read('name,email\n"A,a@mail.example\nB,b@mail.example\nC,c@mail.example\n')
    assert {"email a@mail.example", "email b@mail.example", "email c@mail.example"} <= set(sightings(rows))
    assert any("never closed" in text for text in said(rows))


def test_line_breaks_within_quotes_are_of_the_cell() -> None:
    rows = read('name,note\nA,"first\nsecond a@mail.example"\nB,x\n')
    assert "first\nsecond a@mail.example" in [row.text for row in rows if isinstance(row, FreeText)]
    assert [row.key for row in rows if isinstance(row, Person)] == ["row 2", "row 3"]


def test_limits_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = read("name,email\n" + "A,a@mail.example\n" * 10, Options(max_rows=3))
    assert isinstance(rows[-1], Failed)
    assert "3 rows" in rows[-1].reason
    monkeypatch.setattr(module, "LONGEST_LINE", 100)
    rows = read("name,email\nA,a@mail.example\n" + "x" * 500)
    assert "email a@mail.example" in sightings(rows)
    assert any(isinstance(row, Failed) and "line 3" in row.reason for row in rows)


def test_remarks_beyond_a_thousand_are_counted() -> None:
    rows = read("email,name\n" + "a@mail.example,A\nbad,B\n" * 1200)
    assert len(said(rows)) == 1001
    assert said(rows)[-1].startswith("Column email: 200 further cells")


@pytest.mark.parametrize(
    "text", ["", "\n", "a", "a,b", ",", ",,,\n,,,", '"', "a,b\n\x00,\x00\n", "\ufeff", ";\n;"]
)
def test_nothing_raises(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\nthank you, and see you soon,\nAnn\n",
        "# Heading\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        "one line only, with a comma",
        "key: value\nother: value\n",
        "The boy wrote from owl31@mail.example, she thinks.\nHis sister lives in Westshire, he said.\n",
        "At first, he was friendly\nthen came owl32@mail.example, twice\nand, at last, nothing\n",
        "I was asked; I said no\nHe named +44 7700 900131; that was all\nSo he went; I did not\n",
        "Dear victim support, my name is withheld\nOn the phone, he called himself owl33\nPlease, act\n",
    ],
)
def test_prose_is_no_table(text: str) -> None:
    found = recognise(text.encode(), len(text))
    assert found is None or found.name != "csv"


PROSE = (
    "The boy wrote from owl31@mail.example, she thinks.\nHis sister lives in Westshire, he said.\n",
    "Owl32@mail.example wrote, again;and so on\nnothing more, really;and so on\n",
    "the note of owl33@mail.example about it,x,y\nall is well,z,w\nthird,a,b\n",
    "Ann Example,07700900134,owl_a\nBo Example,07700900135,owl_b\nCy Example,07700900136,owl_c\n",
    "owl35@mail.example,no,1\nnot known,yes,2\nnor this,no,3\n",
)


@pytest.mark.parametrize("text", PROSE)
def test_the_first_line_is_never_lost_whatever_the_file_is_taken_for(text: str) -> None:
    found = recognise(text.encode(), len(text))
    assert found is not None
    rows = list(found.read(io.BytesIO(text.encode()), Options(country="GB")))
    places = {row.place.split(",")[0] for row in rows if isinstance(row, Sighting)}
    assert places & {"row 1", "line 1"}


def test_a_row_of_data_is_no_heading_and_a_row_of_unknown_words_over_numbers_is() -> None:
    assert column_map(read("Ann,Westshire\nBo,Eastshire\nCy,Northshire\n")).heading_row == 0
    rows = read("Quux,Zork\nabc,1201\ndef,1302\n")
    assert column_map(rows).heading_row == 1


def test_identifiers_in_a_heading_are_found() -> None:
    rows = read("Email,Chats of +44 7700 900137\na@mail.example,x1\nb@mail.example,x2\n")
    assert column_map(rows).heading_row == 1
    assert sightings(rows)["phone +447700900137"].place == "row 1"


@pytest.mark.parametrize(
    "text",
    [
        "Name, Email\nAnn, a@mail.example\nBo, b@mail.example\n",
        "x, y\n1, a@mail.example\n2, b@mail.example\n",
    ],
)
def test_a_table_with_blanks_after_its_commas_is_a_table(text: str) -> None:
    found = recognise(text.encode(), len(text))
    assert found is not None
    assert found.name == "csv"


@pytest.mark.parametrize(
    ("heading", "value", "expected"),
    [
        ("Codice IMEI", "490154203237518", "imei 490154203237518"),
        ("IMEI du terminal", "490154203237518", "imei 490154203237518"),
        ("IMEI2", "490154203237518", "imei 490154203237518"),
        ("SIM / IMSI (current)", "234150999999999", "imsi 234150999999999"),
        ("Téléphone portable de contact", "07700 900123", "phone +447700900123"),
        ("Número de telemóvel", "07700 900123", "phone +447700900123"),
        ("Numer telefonu", "07700 900123", "phone +447700900123"),
        ("Номер телефону", "07700 900123", "phone +447700900123"),
        ("Cep telefonu", "07700 900123", "phone +447700900123"),
        ("携帯電話番号", "07700 900123", "phone +447700900123"),
        ("휴대폰 번호", "07700 900123", "phone +447700900123"),
        ("受害人手机号码", "07700 900123", "phone +447700900123"),
        ("رقم الجوال", "07700 900123", "phone +447700900123"),
        ("Nazwa użytkownika", "owl_41", "handle owl_41"),
        ("Имя пользователя", "owl_41", "handle owl_41"),
        ("Ім'я користувача", "owl_41", "handle owl_41"),
        ("Kullanıcı Adı", "owl_41", "handle owl_41"),
        ("Uživatelské jméno", "owl_41", "handle owl_41"),
        ("Όνομα χρήστη", "owl_41", "handle owl_41"),
        ("ユーザー名", "owl_41", "handle owl_41"),
        ("사용자 이름", "owl_41", "handle owl_41"),
        ("用户名", "owl_41", "handle owl_41"),
        ("اسم المستخدم", "owl_41", "handle owl_41"),
        ("Numer rejestracyjny", "WA 12345", "vehicle WA12345"),
        ("Rendszám", "ABC 123", "vehicle ABC123"),
    ],
)
def test_headings_of_many_languages_and_within_longer_ones(heading: str, value: str, expected: str) -> None:
    rows = read(f'"{heading}";"x"\n"{value}";"yes"\n"{value}";"no"\n')
    assert expected in sightings(rows)
    assert sightings(rows)[expected].way == "declared"


def test_a_heading_in_a_wrongly_read_encoding_is_still_known() -> None:
    rows = read("Nazwa użytkownika;Kraj\nowl_41;Kraina\nowl_42;Kraina\n".encode("iso8859-2").decode("cp1252"))
    assert "handle owl_41" in sightings(rows)


@pytest.mark.parametrize(
    "heading", ["Username status", "Email verified", "IMEI check", "Phone type", "Login count"]
)
def test_a_heading_about_a_value_is_not_the_value(heading: str) -> None:
    rows = read(f"{heading},name\nactive,A\npassive,B\n")
    assert sightings(rows) == {}


def test_columns_of_which_nobody_knows_what_they_hold_are_named_and_searched() -> None:
    rows = read(
        "email,Quux,Zork,Flag\na@mail.example,call 07700 900143,aa_1,yes\nb@mail.example,see owl43@mail.example,bb_2,no\n"
    )
    assert said(rows) == ["Columns “Quux”, “Zork” are not known: read as text."]
    assert sightings(rows)["phone +447700900143"].way == "mentioned"
    assert sightings(rows)["email owl43@mail.example"].way == "mentioned"


@pytest.mark.parametrize("heading", ["Login Time", "Timestamp", "Login time (Unix)", "ts"])
@pytest.mark.parametrize(("cell", "second"), [("1773511501", 1), ("1773511502000", 2), ("1773511503.5", 3)])
def test_a_count_of_seconds_under_a_heading_of_time_is_an_instant(
    heading: str, cell: str, second: int
) -> None:
    rows = read(f"ip,{heading}\n203.0.113.5,{cell}\n")
    seen_at = sightings(rows)["ip 203.0.113.5"].seen_at
    assert seen_at is not None
    assert seen_at.instant is not None
    assert seen_at.instant.replace(microsecond=0).isoformat() == f"2026-03-14T18:05:0{second}+00:00"
    assert seen_at.raw == cell


def test_numbers_that_are_no_time_under_a_heading_of_time_are_said() -> None:
    rows = read("ip,Login Time\n203.0.113.5,9973511500\n203.0.113.6,997351150\n")
    assert said(rows) == ["Column “Login Time” does not hold what its heading says: read as text."]
    assert column_map(rows).columns[1].sure is False
    rows = read("ip,Login Time\n203.0.113.5,1773511500\n203.0.113.6,9973511500\n")
    assert said(rows) == ["“9973511500” at row 3, column Login Time was not read as a time."]


@pytest.mark.parametrize("line", ["31/02/2026 10:00Z", "30.04.2026 10:00Z", "29/02/2026 10:00Z"])
def test_no_date_and_a_date_of_another_shape_settle_nothing(line: str) -> None:
    rows = read(f"ip,date\n203.0.113.5,03/04/2026 10:00Z\n203.0.113.6,{line}\n")
    seen_at = sightings(rows)["ip 203.0.113.5"].seen_at
    assert seen_at is not None
    assert len(seen_at.candidates) == 2
    assert any(isinstance(row, AmbiguousPart) and row.raw == "03/04/2026 10:00Z" for row in rows)


def test_a_zone_column_may_name_places_and_what_is_no_zone_is_said() -> None:
    rows = read(
        "ip,date,time zone\n203.0.113.5,2026-07-14 19:05,Europe/Paris\n203.0.113.6,2026-07-14 19:05,Erewhon time\n"
        "203.0.113.7,2026-07-14 19:05,\n"
    )
    seen_at = sightings(rows)["ip 203.0.113.5"].seen_at
    assert seen_at is not None
    assert seen_at.instant is not None
    assert seen_at.instant.isoformat() == "2026-07-14T17:05:00+00:00"
    doubts = [row.place for row in rows if isinstance(row, AmbiguousPart)]
    assert [place.rpartition(": ")[2] for place in doubts] == [
        "the time zone “Erewhon time” is not known",
        "the time zone is not stated",
    ]


def test_memory_does_not_grow_with_the_rows() -> None:
    rows = CsvTable().read(io.BytesIO(b"name,email\n" + b"A,a@mail.example\n" * 50_000), Options())
    for _ in range(10):
        next(rows)


@needs_shared
def test_a_hash_list_of_the_international_database_is_hashes_of_no_person() -> None:
    rows = read((SHARED / "vics" / "authored_icse_baseline.csv").read_bytes())
    assert {row.value.kind for row in rows if isinstance(row, Sighting)} == {"hash"}
    assert not any(isinstance(row, Person) for row in rows)
    assert said(rows) == []


def test_a_large_file_is_recognised_by_its_head() -> None:
    data = b"name;email\n" + b"A;a@mail.example\n" * 10_000
    found = recognise(data[:65_536], len(data))
    assert found is not None
    assert found.name == "csv"


@needs_shared
@pytest.mark.parametrize(
    "path", sorted((SHARED / "er").glob("*.csv")) + sorted((SHARED / "cdr").glob("*s*.csv"))
)
def test_shared_tables_are_recognised_and_read(path: Path) -> None:
    data = path.read_bytes()
    found = recognise(data[:65_536], len(data))
    assert found is not None
    assert found.name == "csv"
    rows = read(data[:40_000])
    assert column_map(rows).heading_row == 1


GERMAN = """Nachname;Vorname;Geburtsdatum;E-Mail-Adresse;Mobilnummer;IP-Adresse;Letzte Anmeldung;Benutzername;Plattform;Rolle;Bemerkung
Muster;Robin;24.12.2011;kestrel@post.example;+44 7700 900123;203.0.113.24;31.12.2026 21:14:03;kestrel_9;Snapchat;Geschädigte;"sagt: ""ruf an""
zweite Zeile"
Beispiel;Wren;24.12.1980;wren@post.example;07700 900124;198.51.100.7:51514;30.12.2026 20:00:00;wren.b;Kite Chat;Beschuldigter;
"""


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_german_export_is_read_with_its_roles(encoding: str) -> None:
    rows = read(GERMAN.encode(encoding))
    found = sightings(rows)
    assert {key: row.role for key, row in found.items()} == {
        "email kestrel@post.example": "victim",
        "phone +447700900123": "victim",
        "ip 203.0.113.24": "victim",
        "account snapchat/kestrel_9": "victim",
        "email wren@post.example": "suspect",
        "phone +447700900124": "suspect",
        "ip 198.51.100.7": "suspect",
        "account kitechat/wren.b": "suspect",
    }
    assert found["ip 198.51.100.7"].port == 51514
    assert any("zweite Zeile" in row.text for row in rows if isinstance(row, FreeText))


def test_a_french_export_is_read() -> None:
    rows = read(
        "Nom\tPrénom\tDate de naissance\tAdresse électronique\tNuméro de téléphone\tNom d'utilisateur\tRéseau social\tRôle\n"
        "Dupont\tAlex\t24/12/1990\tkestrel@post.example\t+44 7700 900123\tkestrel_9\tInstagram\tMis en cause\n"
    )
    assert {key: row.role for key, row in sightings(rows).items()} == {
        "email kestrel@post.example": "suspect",
        "phone +447700900123": "suspect",
        "account instagram/kestrel_9": "suspect",
    }


def test_a_spanish_export_is_read() -> None:
    rows = read(
        "Apellidos;Nombre;Correo electrónico;Teléfono móvil;Dirección IP;Puerto;Fecha y hora (UTC);Nombre de usuario;Red social\n"
        "Ejemplo;Robin;kestrel@post.example;+44 7700 900123;203.0.113.24;51514;31/12/2026 21:14:03;kestrel_9;Instagram\n"
    )
    found = sightings(rows)
    assert set(found) == {
        "email kestrel@post.example",
        "phone +447700900123",
        "ip 203.0.113.24",
        "account instagram/kestrel_9",
    }
    assert found["ip 203.0.113.24"].port == 51514
    assert found["ip 203.0.113.24"].seen_at is not None
    assert found["ip 203.0.113.24"].seen_at.instant is not None


def test_call_records_with_parties_and_a_time_beside_the_date() -> None:
    rows = read(
        "Call Type,Calling Party,Called Party,Start Date,Start Time,IMEI,Cell\n"
        "MOC,447700900123,447700900124,31/12/2026,21:14:03,490154203237518,1234-5\n"
        "MTC,447700900125,447700900123,31/12/2026,22:14:03,490154203237518,1234-6\n"
    )
    assert set(sightings(rows)) == {
        "phone +447700900123",
        "phone +447700900124",
        "phone +447700900125",
        "imei 490154203237518",
    }
    assert read_as(rows)["Start Time"] == "clock"
    assert said(rows) == ["Column “Cell” does not hold what its heading says: read as text."]


def test_twelve_digits_in_a_column_without_a_name_are_no_mac_address() -> None:
    rows = read("Zeit;Nummer\n31.12.2026 21:14;447700900123\n31.12.2026 21:15;447700900124\n")
    assert read_as(rows)["Nummer"] == "fact"
    assert sightings(rows) == {}


FORMS = {
    "commas": (
        "Field,Value\nAccount Name,kestrel_9\nEmail,kestrel@post.example\nRegistered IP,203.0.113.24\n"
        "IMEI,490154203237518\n"
    ),
    "tabs, no row above": (
        "Username\tkestrel_9\nCorreo electrónico\tkestrel@post.example\nCodice IMEI\t490154203237518\nIP\t203.0.113.24\n"
    ),
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
def test_a_form_of_fields_and_values_is_read_by_its_fields(text: str) -> None:
    rows = read(text)
    assert column_map(rows).form
    found = sightings(rows)
    assert set(found) == {
        "handle kestrel_9", "email kestrel@post.example", "ip 203.0.113.24", "imei 490154203237518",
    }  # fmt: skip
    assert {row.way for row in found.values()} == {"declared"}
    assert len({row.person for row in found.values()}) == 1
    where = text.splitlines().index(next(line for line in text.splitlines() if "IMEI" in line)) + 1
    assert found["imei 490154203237518"].place.startswith(f"row {where}, field ")
    assert said(rows) == []


def test_a_form_of_two_lines_without_an_address_is_read_too() -> None:
    assert set(sightings(read("IMEI;490154203237518\nUsername;kestrel_9\n"))) == {
        "imei 490154203237518",
        "handle kestrel_9",
    }


@pytest.mark.parametrize("above", ["", "type;value\n"])
def test_a_list_of_kinds_and_values_is_read_and_ties_them_to_nobody(above: str) -> None:
    rows = read(above + "imei;490154203237518\nusername;owl_71\nemail;a@mail.example\nemail;b@mail.example\n")
    found = sightings(rows)
    assert set(found) == {
        "imei 490154203237518",
        "handle owl_71",
        "email a@mail.example",
        "email b@mail.example",
    }
    assert {row.person for row in found.values()} == {None}


def test_a_platform_in_a_heading_makes_names_and_numbers_its_own() -> None:
    rows = read(
        "Snapchat name;Telegram ID;WhatsApp number\nowl_72;123456789;07700 900172\nowl_73;123456780;07700 900173\n"
    )
    assert {"account snapchat/owl_72", "phone +447700900172"} <= set(sightings(rows))
    assert any(key.startswith("account telegram/id:") for key in sightings(rows))


def test_lines_of_a_form_that_are_no_fields_are_kept() -> None:
    rows = read(
        "Return of 1 account, see wren@post.example\n\nEmail,kestrel@post.example\nPhone,07700 900123\nIP,203.0.113.24\n"
        "end,of,return\n"
    )
    assert sightings(rows)["email wren@post.example"].way == "mentioned"
    assert "end of return" in [row.text for row in rows if isinstance(row, FreeText)]


def test_a_form_that_the_officer_settled_is_read_so() -> None:
    text = "Email,kestrel@post.example\nContact 2,wren_7\nIP,203.0.113.24\n"
    guessed = column_map(read(text))
    settled = msgspec.structs.replace(
        guessed,
        columns=tuple(
            msgspec.structs.replace(
                column, read_as="handle" if column.heading == "Contact 2" else column.read_as
            )
            for column in guessed.columns
        ),
    )
    rows = read(text, Options(country="GB", column_maps=(settled,)))
    assert sightings(rows)["handle wren_7"].place == "row 2, field Contact 2"


def test_headings_that_repeat_are_headings() -> None:
    rows = read("email,email,phone,phone\na@mail.example,b@mail.example,07700 900123,07700 900124\n")
    assert column_map(rows).heading_row == 1
    assert {row.way for row in sightings(rows).values()} == {"declared"}
    assert len(sightings(rows)) == 4


def test_a_page_of_words_is_no_heading() -> None:
    """Every run of its words is looked up, which of a page would take for ever."""
    assert words.kind_of("e-mail of contact") == "email"
    assert words.kind_of("e-mail of " + "contact " * 20) is None


@pytest.mark.parametrize("heading", ["Message-ID", "messageId", "E-mail message id", "In-Reply-To", "msgid"])
def test_numbers_of_messages_are_no_addresses(heading: str) -> None:
    rows = read(
        f"{heading},Username\n20260314.77@mail.example.org,owl_74\n20260314.78@mail.example.org,owl_75\n"
    )
    assert set(sightings(rows)) == {"handle owl_74", "handle owl_75"}


def test_an_address_in_a_column_of_numbers_is_one() -> None:
    assert {"email a@mail.example", "email b@mail.example"} <= set(
        sightings(read("ID,Username\na@mail.example,owl_74\nb@mail.example,owl_75\n"))
    )


def test_a_form_of_several_people_gives_each_his_own_role() -> None:
    rows = read(
        "Name;Owl Placeholder\nRole;suspect\nE-mail;a@mail.example\n"
        "Name;Wren Placeholder\nRole;victim\nE-mail;b@mail.example\nE-mail;c@mail.example\n"
    )
    assert {key: row.role for key, row in sightings(rows).items()} == {
        "email a@mail.example": "suspect",
        "email b@mail.example": "victim",
        "email c@mail.example": "victim",
    }
    assert {(row.names, row.role) for row in rows if isinstance(row, Person)} == {
        (("Owl Placeholder",), "suspect"),
        (("Wren Placeholder",), "victim"),
    }


def test_the_accounts_of_a_form_keep_their_platforms_and_the_role_above_them() -> None:
    rows = read("Role;victim\nPlatform;Snapchat\nUsername;owl_76\nPlatform;Kik\nUsername;wren_76\n")
    assert {key: row.role for key, row in sightings(rows).items()} == {
        "account snapchat/owl_76": "victim",
        "account kik/wren_76": "victim",
    }


def test_where_nobody_knows_whose_is_whose_all_is_the_victims() -> None:
    rows = read("E-mail;a@mail.example\nE-mail;b@mail.example\nRole;suspect\nRole;victim\n")
    assert {row.role for row in sightings(rows).values()} == {"victim"}


def test_the_one_role_of_a_form_holds_for_a_field_that_comes_twice() -> None:
    rows = read("Victim name;Wren Placeholder\nE-mail;a@mail.example\nE-mail;b@mail.example\n")
    assert {row.role for row in sightings(rows).values()} == {"victim"}


def test_a_messengers_number_is_a_telephone_number() -> None:
    rows = read("Telegram number,Name\n07700 900177,Wren\n07700 900178,Owl\n")
    assert {"phone +447700900177", "phone +447700900178"} <= set(sightings(rows))


def test_a_nul_joins_nothing_and_is_said() -> None:
    rows = read(
        "Name,E-mail\nA,c07\x00@mail.example\nB,x@mail.example\x00y@mail.example\nC,z@mail.example\x00\n"
    )
    assert {key: row.way for key, row in sightings(rows).items()} == {
        "email x@mail.example": "mentioned",
        "email y@mail.example": "mentioned",
        "email z@mail.example": "declared",
    }
    assert "The text holds 3 NUL characters, read as blanks." in said(rows)
    assert not any("\u2400" in text for text in said(rows))
    assert sum("row 2" in text or "row 3" in text for text in said(rows)) == 2
