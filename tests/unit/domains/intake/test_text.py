"""Plain text in any encoding, and what is none."""

import io

import pytest

from cets.domains.intake.rows import AnyRow, Failed, FreeText, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.text import decoding
from cets.domains.intake.sources.text.source import Text, pieces


def read(raw: bytes, **options: object) -> list[AnyRow]:
    return list(Text().read(io.BytesIO(raw), Options(country="GB", **options)))


def lines(rows: list[AnyRow]) -> list[tuple[str, str]]:
    return [(row.place, row.text) for row in rows if isinstance(row, FreeText)]


def said(rows: list[AnyRow]) -> str:
    return " ".join(row.text for row in rows if isinstance(row, NotUnderstood))


def test_lines_keep_their_numbers_whatever_ends_them() -> None:
    assert lines(read(b"one\r\n\r\nthree\rfour\nfive")) == [
        ("line 1", "one"),
        ("line 3", "three"),
        ("line 4", "four"),
        ("line 5", "five"),
    ]


def test_identifiers_have_the_line_and_offsets() -> None:
    rows = read(b"nothing\nwrite to kestrel_blue@mail.example please\n")

    (sighting,) = [row for row in rows if isinstance(row, Sighting)]
    assert (sighting.place, sighting.way, sighting.start, sighting.end) == ("line 2", "mentioned", 9, 34)


@pytest.mark.parametrize(
    ("raw", "name", "is_sure"),
    [
        ("Grüße".encode(), "utf-8", True),
        ("\ufeffGrüße".encode(), "utf-8-sig", True),
        ("Grüße an alle".encode("utf-16"), "utf-16", True),
        ("Grüße an alle".encode("utf-16-le"), "utf-16-le", False),
        ("Grüße an alle".encode("utf-16-be"), "utf-16-be", False),
        ("Grüße".encode("utf-32"), "utf-32", True),
        ("Grüße aus München, schöne Brücke".encode("cp1252"), "cp1252", False),
        ("Приходите завтра к мосту, возьмите фотографии с собой".encode("cp1251"), "cp1251", False),
        (b"plain ascii", "utf-8", True),
    ],
)
def test_encodings(raw: bytes, name: str, is_sure: bool) -> None:
    encoding = decoding.detect(io.BytesIO(raw))

    assert (encoding.name, encoding.sure) == (name, is_sure)
    assert Text().recognises(raw, len(raw)) > 0
    assert ("guess" in said(read(raw))) is not is_sure


WESTERN = {
    "Spanish": "Nombre;Señas\nBegoña Núñez;Calle Peña 3, Logroño\nIñaki;¿Qué año?, España, nº 3, Mª José\n",
    "French": "Prénom;Adresse\nHélène;12 rue de la Forêt, à côté\nBenoît;Août où ça, œuvre\n",
    "Portuguese": "Nome;Endereço\nJoão;São Paulo, avenida das Nações\nConceição;informações, não\n",
    "Danish": "Navn;Adresse\nSøren;Ærø, Åbenrå\nJørgen;Sønderborg, på ø\n",
    "Italian": "Nome;Città\nNiccolò;è già più così perché\nForlì;virtù lunedì, 30 m²\n",
    "Swedish": "Namn;Gata\nÅsa;Östra vägen på ön\nBjörn;Älvsjö\n",
    "Icelandic": "Þór;Ægir\nGuðrún;Það er gott\nSigurður;þessi maður\n",
}
CENTRAL = {
    "Polish": "Imię;Adres\nŁukasz;Kraków, ulica Długa\nMałgorzata;Święta Góra, źródło\nSzczęsny;Gdańsk\n",
    "Czech": "Jméno;Adresa\nJiří;Plzeň, Nové Město\nBedřich;věci, děti, křik\n",
    "Hungarian": "Név;Cím\nGergő;Budapest, Erdő utca\nBőrös;hűvös idő, első\n",
    "Romanian": "Nume;Adresă\nIoan;Bucureşti\nAnuţa;piaţă, şcoală, băiat\n",
    "Croatian": "Ime;Adresa\nŽeljko;Šibenik, ulica kneza\nĐurđa;Čakovec, kuća\n",
}


@pytest.mark.parametrize(
    ("text", "name"),
    [*((text, "cp1252") for text in WESTERN.values()), *((text, "cp1250") for text in CENTRAL.values())],
    ids=[*WESTERN, *CENTRAL],
)
def test_western_and_central_european_letters_are_told_apart(text: str, name: str) -> None:
    encoding = decoding.detect(io.BytesIO(text.encode(name)))

    assert text.encode(name).decode(encoding.name) == text
    assert encoding.sure is False


def test_one_bad_byte_in_much_utf8_is_no_other_encoding() -> None:
    rows = read(("Grüße von der Brücke\n" * 50).encode() + b"\xff\n")

    assert lines(rows)[0][1] == "Grüße von der Brücke"
    assert "no character" in said(rows)


def test_a_late_byte_decides_about_the_whole_file() -> None:
    raw = b"plain\n" * 40_000 + "Müller, Straße, Brücke\n".encode("cp1252")

    assert lines(read(raw))[-1][1] == "Müller, Straße, Brücke"


def test_nul_is_shown_and_said() -> None:
    rows = read(b"a long enough line with one \x00 in it\n")

    assert lines(rows) == [("line 1", "a long enough line with one \u2400 in it")]
    assert "1 NUL" in said(rows)


def test_an_overlong_line_comes_in_pieces_cut_at_blanks() -> None:
    raw = b"word " * 40_000 + b"kestrel_blue@mail.example"
    found = list(pieces(io.BytesIO(raw), decoding.Encoding("utf-8")))

    assert "".join(text for _, _, text in found).encode() == raw
    assert all(number == 1 and len(text) <= 2 * 65_536 for number, _, text in found)
    assert [offset for _, offset, _ in found[:2]] == [0, len(found[0][2])]
    assert [row.value.value for row in read(raw) if isinstance(row, Sighting)] == [
        "kestrel_blue@mail.example"
    ]


def test_an_overlong_line_without_blanks_ends_too() -> None:
    assert len(lines(read(b"x" * 300_000))) >= 4


def test_lines_are_limited() -> None:
    rows = read(b"a\nb\nc\n", max_rows=2)

    assert rows[-1] == Failed(reason="Stopped at the limit of 2 lines.")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n \n",
        b"PK\x03\x04abcdefgh",
        b"%PDF-1.7\nabc",
        b"SQLite format 3\x00",
        bytes(range(256)) * 8,
        b"\x89PNG\r\n\x1a\nabc",
        b"abc" + b"\x00\x01" * 40,
    ],
)
def test_binary_is_not_text(raw: bytes) -> None:
    assert Text().recognises(raw, len(raw)) == 0


def test_a_chat_log_with_colour_codes_is_text() -> None:
    raw = (
        b"T 1 \x0319*\x0f\t\x0319Speaking now\nT 2 \x0323*\x0f\t\x03gone (\x0f\x0323\x02\x02left\x0f\x0323)\n"
        * 4
    )

    assert Text().recognises(raw, len(raw)) > 0


def test_the_file_stays_open() -> None:
    file = io.BytesIO(b"a\nb\n")
    list(Text().read(file, Options()))

    assert not file.closed
