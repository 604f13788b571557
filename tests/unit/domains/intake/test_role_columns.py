"""Columns of roles: a victim named in one is a victim, whatever else stands in the column and whatever it is called."""

import io
import zipfile

import openpyxl
import pytest

from cets.domains.intake.rows import AnyRow, ColumnMap, FreeText, NotUnderstood, Person, Sighting
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.csv_table.source import CsvTable
from cets.domains.intake.sources.xlsx.source import Xlsx
from cets.domains.intake.sources.zip_archive.source import Zip
from cets.domains.intake.tables import vocabulary, words

OPTIONS = Options(country="GB")


def read(text: str) -> list[AnyRow]:
    return list(CsvTable().read(io.BytesIO(text.encode()), OPTIONS))


def roles(rows: list[AnyRow]) -> dict[str, str]:
    return {row.value.value: row.role for row in rows if isinstance(row, Sighting)}


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


def columns(rows: list[AnyRow]) -> dict[str, tuple[str, bool]]:
    assert isinstance(rows[0], ColumnMap)
    return {column.heading: (column.read_as, column.sure) for column in rows[0].columns}


def table(heading: str, *values: str) -> str:
    """A table of that heading, with an address for each value: a0@..., a1@..."""
    lines = [f'"{value}",a{number}@mail.example' for number, value in enumerate(values)]
    return "\n".join([f"{heading},E-mail", *lines, ""])


WITH_A_FOOTER = "Role,E-mail\nVictim,v1@post.example\nSuspect,s1@post.example\nTotal: 2,\n"


# --- one role that is known keeps the column -----------------------------------------------------------------------------


def test_a_footer_takes_no_role_away() -> None:
    rows = read(WITH_A_FOOTER)
    assert roles(rows) == {"v1@post.example": "victim", "s1@post.example": "suspect"}
    assert [text for text in said(rows) if "Total: 2" in text and "closes the table" in text]


def test_words_that_are_no_known_role_take_no_role_from_the_others() -> None:
    lines = ["Role,Phone"]
    given = ("Victim", "Victim", "Suspect", "Suspect", "Account holder", "IP subscriber")
    lines += [f"{role},+4477009001{number}" for number, role in enumerate(given, 23)]
    rows = read("\n".join(lines))
    assert list(roles(rows).values()) == ["victim", "victim", "suspect", "suspect", "unknown", "unknown"]
    assert len(said(rows)) == 2


def test_the_same_in_a_workbook_and_inside_an_archive() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in WITH_A_FOOTER.splitlines():
        book.active.append([cell or None for cell in line.split(",")])
    book.active.merge_cells("A4:B4")
    workbook, archive = io.BytesIO(), io.BytesIO()
    book.save(workbook)
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("people.csv", WITH_A_FOOTER)
    for rows in (list(Xlsx().read(workbook, OPTIONS)), list(Zip().read(archive, OPTIONS))):
        assert roles(rows) == {"v1@post.example": "victim", "s1@post.example": "suspect"}
        assert any("Total: 2" in text and "closes the table" in text for text in said(rows))


def test_a_column_of_no_known_role_is_said_and_searched_and_an_officer_asked() -> None:
    rows = read("Role,E-mail\nMerged merge.e02@mail.example,a@mail.example\nadmin,b@mail.example\n")
    assert columns(rows)["Role"] == ("fact", False)
    assert "Column “Role” does not hold what its heading says: read as text." in said(rows)
    assert roles(rows)["merge.e02@mail.example"] == "unknown"


def test_what_stands_in_a_role_column_is_searched() -> None:
    rows = read(
        "Role,E-mail\nsee other.r1@mail.example,a@mail.example\n"
        "Victim (other.r2@mail.example),b@mail.example\nSuspect: not other.r3@mail.example,c@mail.example\n"
    )
    assert columns(rows)["Role"] == ("role", True)
    assert roles(rows) == {
        "other.r1@mail.example": "unknown",
        "a@mail.example": "unknown",
        "other.r2@mail.example": "victim",
        "b@mail.example": "victim",
        "other.r3@mail.example": "unknown",  # the cell does not say whose it is
        "c@mail.example": "suspect",
    }
    assert len(said(rows)) == 1


def test_what_a_row_tells_of_a_role_is_kept_though_it_names_nobody() -> None:
    rows = read("Role,Cap\nVictim,green with a bird\nSuspect,blue\n")
    facts = {row.role: dict(row.facts) for row in rows if isinstance(row, Person)}
    assert facts == {
        "victim": {"Role": "Victim", "Cap": "green with a bird"},
        "suspect": {"Role": "Suspect", "Cap": "blue"},
    }


def test_a_victim_of_any_role_column_is_one() -> None:
    rows = read("Role,Capacity,E-mail\nReporter,Victim,a@mail.example\nunknown,Suspect,b@mail.example\n")
    assert roles(rows) == {"a@mail.example": "victim", "b@mail.example": "suspect"}


# --- words ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "role"),
    [
        ("Minor", "victim"),
        ("Minor victim", "victim"),
        ("Child victim", "victim"),
        ("Victim 1", "victim"),
        ("Victim / Reporter", "victim"),
        ("Suspect and victim", "victim"),
        ("Subject (victim)", "victim"),
        ("girl", "victim"),
        ("被害者A", "victim"),
        ("被害者（児童）", "victim"),
        ("Потерпевшая", "victim"),
        ("OPFER", "victim"),
        ("Ofiara", "victim"),
        ("obet", "victim"),
        ("Subject", "suspect"),
        ("Subject of report", "suspect"),
        ("Target", "suspect"),
        ("Offender", "suspect"),
        ("Offender, RSO", "suspect"),
        ("Mis en cause", "suspect"),
        ("MISE EN CAUSE", "suspect"),
        ("mis en examen", "suspect"),
        ("Şüpheli", "suspect"),
        ("ύποπτος", "suspect"),
        ("المشتبه به", "suspect"),
        ("RSO", "convicted"),
        ("convicted", "convicted"),
        ("Subject (witness)", "witness"),
        ("reported by", "reporter"),
        ("unbekannt", "unknown"),
        ("Account holder", None),
        ("Witness / Reporter", None),
        ("Total: 2", None),
        ("", None),
    ],
)
def test_the_words_of_a_role_column(value: str, role: str | None) -> None:
    assert words.role_of_value(value) == role


@pytest.mark.parametrize("values", [("Minor", "Subject"), ("Offender", "RSO", "Target", "convicted")])
def test_columns_of_such_words_are_roles(values: tuple[str, ...]) -> None:
    rows = read(table("Role", *values))
    assert "unknown" not in roles(rows).values()
    assert said(rows) == []


@pytest.mark.parametrize("heading", ["Subject", "Target number", "Offer", "Fail", "Kind", "Objective", "POI"])
def test_words_that_are_roles_only_in_a_role_column_make_no_role_of_a_heading(heading: str) -> None:
    assert words.role_of(heading) == "unknown"
    assert not words.is_only_a_role(heading)


def test_no_word_is_both_a_role_and_the_heading_of_something_else() -> None:
    listed = [*vocabulary.ROLE_WORDS.values(), *vocabulary.FURTHER_ROLE_WORDS.values()]
    assert [word for text in listed for word in text.split() if words.kind_of(word)] == []


def test_every_heading_of_roles_is_known_as_one() -> None:
    listed = vocabulary.HEADINGS["role"].split() + vocabulary.FURTHER_HEADINGS["role"].split()
    assert [word for word in listed if words.kind_of(word) != "role"] == []
    assert [word for word in vocabulary.WEAK_ROLE_HEADINGS if words.kind_of(word) != "role"] == []


LANGUAGES = (
    ("Роль", "потерпевший", "подозреваемый", "свидетель"),
    ("роль", "потерпіла", "підозрюваний", "свідок"),
    ("Роля", "пострадал", "заподозрян", "свидетел"),
    ("役割", "被害者", "被疑者", "目撃者"),
    ("역할", "피해자", "피의자", "목격자"),
    ("涉案身份", "受害人", "犯罪嫌疑人", "证人"),
    ("الصفة", "الضحية", "المشتبه به", "شاهد"),
    ("Qualité", "Victime", "Mis en cause", "Témoin"),
    ("QUALITE", "VICTIME", "MIS EN CAUSE", "TEMOIN"),
    ("Eigenschaft", "Geschädigte", "Beschuldigter", "Zeugin"),
    ("Rol", "Víctima", "Investigado", "Testigo"),
    ("Papel", "Vítima", "Arguido", "Testemunha"),
    ("Ruolo", "Persona offesa", "Indagato", "Testimone"),
    ("Rol", "Slachtoffer", "Verdachte", "Getuige"),
    ("Rolle", "Fornærmede", "Siktede", "Vitne"),
    ("Rolle", "Forurettede", "Sigtede", "Vidne"),
    ("Roll", "Målsägande", "Misstänkt", "Vittne"),
    ("Rooli", "Asianomistaja", "Epäilty", "Todistaja"),
    ("Rola", "Pokrzywdzona", "Podejrzany", "Świadek"),
    ("Postavení", "Poškozená", "Podezřelý", "Svědek"),
    ("Postavenie", "Poškodená", "Podozrivý", "Svedok"),
    ("Szerep", "Sértett", "Gyanúsított", "Tanú"),
    ("Calitate", "Persoană vătămată", "Inculpat", "Martor"),
    ("Uloga", "Oštećenik", "Osumnjičenik", "Svjedok"),
    ("Sıfatı", "Mağdur", "Şüpheli", "Tanık"),
    ("Ιδιότητα", "Θύμα", "Ύποπτος", "Μάρτυρας"),
)


@pytest.mark.parametrize(("heading", "victim", "suspect", "witness"), LANGUAGES)
def test_roles_are_read_in_the_languages_that_tables_come_in(
    heading: str, victim: str, suspect: str, witness: str
) -> None:
    rows = read(table(heading, victim, suspect, witness, "?"))
    assert list(roles(rows).values()) == ["victim", "suspect", "witness", "unknown"]
    assert columns(rows)[heading] == ("role", True)
    assert said(rows) == []


def test_a_heading_in_a_script_without_blanks_names_its_role() -> None:
    rows = read("被害者電話番号,備考\n+447700900123,x\n+447700900124,y\n")
    assert set(roles(rows).values()) == {"victim"}


# --- where the values decide ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["Wer im Fall", "Type", "Позиция", "zzz"])
def test_values_that_are_roles_make_a_role_column_of_any_heading(heading: str) -> None:
    rows = read(table(heading, "Victim", "Minor", "Suspect", "Subject", "Subject"))
    assert list(roles(rows).values()) == ["victim", "victim", "suspect", "suspect", "suspect"]


def test_a_table_without_headings_has_its_roles() -> None:
    rows = read("Victim,v1@post.example\nSuspect,s1@post.example\n")
    assert roles(rows) == {"v1@post.example": "victim", "s1@post.example": "suspect"}


@pytest.mark.parametrize("headings", ["", "Wer,Was\n", "Позиция,Прозвище\n"])
def test_a_role_above_roles_is_a_person_and_no_heading(headings: str) -> None:
    rows = read(f"{headings}Opfer,Anna Placeholder\nTäter,Bo Placeholder\nZeuge,Cy Placeholder\n")
    facts = {row.role: [text for _, text in row.facts] for row in rows if isinstance(row, Person)}
    assert facts == {
        "victim": ["Opfer", "Anna Placeholder"],
        "suspect": ["Täter", "Bo Placeholder"],
        "witness": ["Zeuge", "Cy Placeholder"],
    }


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Severity", ("minor", "minor", "minor")),
        ("Status", ("reported", "reported", "injured")),
        ("Occupation", ("reporter", "reporter", "reporter")),
        ("Subject", ("target", "subject", "kid")),
        ("Reported by", ("victim", "witness", "suspect")),
        ("Nickname", ("victim", "suspect", "victim")),
    ],
)
def test_values_that_may_be_something_else_make_none(heading: str, values: tuple[str, ...]) -> None:
    rows = read(table(heading, *values))
    assert columns(rows)[heading][0] != "role"


@pytest.mark.parametrize(
    ("heading", "value"), [("Capacity", "64 GB"), ("Qualité", "haute"), ("身份", "学生")]
)
def test_headings_of_other_things_too_ask_nobody_where_no_value_is_a_role(heading: str, value: str) -> None:
    rows = read(table(heading, value, f"{value}, a.b@mail.example"))
    assert columns(rows)[heading] == ("fact", True)
    assert f"Column “{heading}” is not known: read as text." in said(rows)
    assert "a.b@mail.example" in roles(rows)


def test_a_column_headed_role_decides_before_one_that_only_holds_such_words() -> None:
    rows = read("Role,Told to,E-mail\nSuspect,Victim,a@mail.example\nWitness,Suspect,b@mail.example\n")
    assert roles(rows) == {"a@mail.example": "suspect", "b@mail.example": "witness"}


def test_the_first_line_of_an_exchange_keeps_its_role_as_text() -> None:
    rows = read("Role,CallingNumber,CalledNumber\nVictim,+447700900123,+447700900124\n")
    assert [row.text for row in rows if isinstance(row, FreeText)] == ["Role: Victim"]


@pytest.mark.parametrize("short", ["Geschäd.", "GESCHÄD", "Geschad. 2"])
def test_an_abbreviation_with_an_accent_is_the_same(short: str):
    found = roles(read(table("Rolle", "Besch.", short)))
    assert found == {"a0@mail.example": "suspect", "a1@mail.example": "victim"}
