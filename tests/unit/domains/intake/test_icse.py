"""Lists of ICSE: hashes by line and column, flags as written, tables that are none."""

import io

import pytest

from cets.domains.intake.rows import AnyRow, Failed, FreeText, NotUnderstood, Sighting
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.icse.source import Icse

HEAD = (
    "MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;Series name;"
    "Number of submissions;File Available;Media Type;Baseline\n"
)
MD5, SHA1 = "d35c785545392755e7e4164457657269", "ea45d7166b30f98aac6af52f952193ce3083cb4c"


def read(data: str, **options: int) -> list[AnyRow]:
    return list(Icse().read(io.BytesIO(data.encode()), Options(country="GB", **options)))


def hashes(rows: list[AnyRow]) -> list[tuple[str, str]]:
    return [(row.value.value, row.place) for row in rows if isinstance(row, Sighting)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (HEAD, "icse"),
        ("\ufeff" + HEAD, "icse"),
        ("baseline;series name;image id;VICTIM IDENTIFIED;md5\n1;;2;0;x\n", "icse"),
        (f"MD5;name;Baseline\n{MD5};a.jpg;1\n{MD5};b.jpg;1\n", "csv"),
        ("Image ID;Baseline;Series name\n1;1;a\n2;0;b\n", "csv"),
    ],
)
def test_recognised_by_its_columns(text: str, name: str) -> None:
    source = recognise(text.encode(), len(text.encode()))
    assert source is not None
    assert source.name == name


def test_hashes_are_declared_and_flags_stay_as_written() -> None:
    rows = read(f"{HEAD}{MD5.upper()};{SHA1};{'00' * 143}01;9000;1;1;0;Bridges;3;0;Image;1\n")
    assert hashes(rows) == [
        (f"md5:{MD5}", "line 2, MD5"),
        (f"sha1:{SHA1}", "line 2, SHA1"),
        (f"photodna:{'00' * 143}01", "line 2, PhotoDNA"),
    ]
    assert {(row.way, row.role, row.person) for row in rows if isinstance(row, Sighting)} == {
        ("declared", "unknown", None)
    }
    told = (
        "Image ID: 9000; Is distributed: 1; Victim identified: 1; Offender identified: 0;"
        " Number of submissions: 3; File Available: 0; Media Type: Image; Baseline: 1"
    )
    assert [(row.label, row.text) for row in rows if isinstance(row, FreeText)] == [
        ("Series name", "Bridges"),
        ("As the list tells it", told),
    ]


def test_unknown_columns_wrong_hashes_and_odd_lines_are_said() -> None:
    rows = read(
        f"MD5;Image ID;Baseline;Series name;Remark\nXYZ;1;1;a;by kea@mail.example\n{MD5};2\n{MD5};3;1;b;c;d\n"
    )
    told = " ".join(row.text for row in rows if isinstance(row, NotUnderstood))
    assert "Column “Remark” is not known" in told
    assert "“XYZ”" in told
    assert ": 2, the first is line 3." in told
    assert ("kea@mail.example", "line 2, Remark") in hashes(rows)
    assert (f"md5:{MD5}", "line 3, MD5") in hashes(rows)
    assert "d" in [row.text for row in rows if isinstance(row, FreeText)]


def test_quotes_that_never_close_swallow_no_lines() -> None:
    rows = read(f'{HEAD}{MD5};;;1;;;;"a;;;;1\n{MD5};;;2;;;;b;;;;1\n')
    assert [place for _, place in hashes(rows)] == ["line 2, MD5", "line 3, MD5"]


def test_limits_and_long_lines() -> None:
    rows = read(HEAD + f"{MD5};;;;;;;;;;;\n" * 5, max_rows=3)
    assert len(hashes(rows)) == 2
    assert any(isinstance(row, Failed) for row in rows)
    assert read(HEAD + ";" * 300_000)
