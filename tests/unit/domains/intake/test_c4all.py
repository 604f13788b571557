"""The index of C4All: wrong declaration, categories as written, times without zone, unknown elements, broken files."""

import io
from datetime import datetime
from pathlib import Path

import pytest

from cets.domains.intake.rows import AmbiguousPart, AnyRow, Failed, FreeText, NotUnderstood, Sighting
from cets.domains.intake.sources import recognise
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.c4all.source import C4All

EXAMPLE = Path(recognise.__code__.co_filename).parent / "c4all" / "examples" / "C4P_Index.xml"
HEAD = '<?xml version="1.0" encoding="utf-16"?>\n<ReportIndex>'
MD5 = "D35C785545392755E7E4164457657269"


def read(data: bytes | str, **options: int) -> list[AnyRow]:
    raw = data.encode() if isinstance(data, str) else data
    return list(C4All().read(io.BytesIO(raw), Options(country="GB", **options)))


def texts(rows: list[AnyRow]) -> dict[str, str]:
    return {row.label or "": row.text for row in rows if isinstance(row, FreeText)}


def hashes(rows: list[AnyRow]) -> list[tuple[str, str]]:
    return [
        (row.value.value, row.place) for row in rows if isinstance(row, Sighting) and row.value.kind == "hash"
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (HEAD, "c4all"),
        ("<ReportIndex/>", "c4all"),
        ("<c:ReportIndex xmlns:c='urn:c4all'><c:Image/></c:ReportIndex>", "c4all"),
        ("<reportindex><image/></reportindex>", "c4all"),
        ("<!-- a --><ReportIndex><Image/></ReportIndex>", "c4all"),
        ("<Report><Index/></Report>", None),
        ("prose about <ReportIndex>", "text"),
    ],
)
def test_recognised_by_the_root(text: str, name: str | None) -> None:
    source = recognise(text.encode(), len(text))
    assert (source.name if source else None) == name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_is_read_whatever_the_bytes_are(encoding: str) -> None:
    rows = read(EXAMPLE.read_text("utf-8").encode(encoding))
    assert hashes(rows) == [
        (f"md5:{MD5.lower()}", "/ReportIndex/Image[1]/hash"),
        ("md5:69b0834fac1477a4397a0be6b6e55c1a", "/ReportIndex/Image[2]/hash"),
    ]
    assert [row.value.value for row in rows if isinstance(row, Sighting) and row.way == "mentioned"] == [
        "kea@mail.example"
    ]
    assert all(row.role == "unknown" for row in rows if isinstance(row, Sighting))
    assert texts(rows)["Path"] == "KB1\\Users\\kea\\Pictures\\río.jpg"
    assert not any(isinstance(row, NotUnderstood | Failed) for row in rows)


def test_categories_stay_numbers_of_a_list_that_is_not_stated() -> None:
    rows = read(f"{HEAD}<Image><category>0</category><hash>{MD5}</hash></Image></ReportIndex>")
    assert texts(rows) == {"Image": "Category: 0 (C4All; its list of categories is not stated)"}


def test_times_are_wall_clocks_and_naught_is_none() -> None:
    rows = read(
        f"{HEAD}<Image><hash>{MD5}</hash><created>1767261723</created><deleted>3600</deleted></Image>"
        f"<Image><hash>{MD5}</hash><created>99999999999999</created></Image></ReportIndex>"
    )
    first, second = [row.seen_at for row in rows if isinstance(row, Sighting)]
    assert first
    assert first.instant is None
    assert first.candidates == (datetime(2026, 1, 1, 10, 2, 3),)  # noqa: DTZ001 - no zone is named
    assert second
    assert second.candidates == ()
    assert "Deleted" not in texts(rows)["Image"]


def test_attributes_other_letter_case_and_inner_elements_are_read() -> None:
    rows = read(
        f'<reportindex examiner="pat@mail.example"><image hash="{MD5}" ID="7">'
        "<notes>of kea@mail.example<b>and kiwi@mail.example</b></notes><picture>moa@mail.example 1.jpg</picture></image></reportindex>"
    )
    assert hashes(rows) == [(f"md5:{MD5.lower()}", "/reportindex/image[1]/@hash")]
    mentioned = [
        (row.value.value, row.place) for row in rows if isinstance(row, Sighting) and row.way == "mentioned"
    ]
    assert mentioned == [
        ("kea@mail.example", "/reportindex/image[1]/notes"),
        ("kiwi@mail.example", "/reportindex/image[1]/notes"),
        ("moa@mail.example", "/reportindex/image[1]/picture"),
        ("pat@mail.example", "/reportindex/@examiner"),
    ]
    assert texts(rows)["image"] == "Number: 7"


def test_times_that_are_written_out_are_read_and_others_said_once() -> None:
    one = "<Image><hash>{}</hash><created>{}</created></Image>"
    written = "".join(
        one.format(MD5, text) for text in ("2026-01-01 10:02:03", "-1", "soon", "03/04/2026 10:00")
    )
    rows = read(f"{HEAD}{written}</ReportIndex>")
    times = [row.seen_at for row in rows if isinstance(row, Sighting)]
    assert times[0]
    assert times[0].candidates == (datetime(2026, 1, 1, 10, 2, 3),)  # noqa: DTZ001 - no zone is named
    assert [row.raw for row in rows if isinstance(row, AmbiguousPart)] == ["03/04/2026 10:00"]
    assert [row.text for row in rows if isinstance(row, NotUnderstood)] == [
        "Times that were not read: 2, the first at /ReportIndex/Image[2]/created."
    ]


def test_unknown_elements_are_kept_and_named() -> None:
    rows = read(
        f"{HEAD}<Owner>kea@mail.example</Owner><Image><hash>{MD5}</hash><colour>blue</colour></Image></ReportIndex>"
    )
    assert texts(rows) == {"Owner": "kea@mail.example", "colour": "blue"}
    assert [row.text for row in rows if isinstance(row, NotUnderstood)] == [
        "The element owner is not known: 1 times, first at /ReportIndex/Owner[1]; kept as text.",
        "The element colour is not known: 1 times, first at /ReportIndex/Image[1]/colour; kept as text.",
    ]


def test_a_wrong_hash_is_said_and_a_cut_file_keeps_what_stands_before() -> None:
    rows = read(
        f"{HEAD}<Image><hash>{MD5}</hash></Image><Image><hash>XYZ</hash></Image><Image><hash>{MD5[:20]}"
    )
    assert hashes(rows) == [(f"md5:{MD5.lower()}", "/ReportIndex/Image[1]/hash")]
    assert any("“XYZ” (given as hash)" in row.text for row in rows if isinstance(row, NotUnderstood))
    assert len([row for row in rows if isinstance(row, Failed)]) == 1


def test_a_document_type_and_a_limit() -> None:
    rows = read("<!DOCTYPE a [<!ENTITY x 'y'>]><ReportIndex><Image><hash>&x;</hash></Image></ReportIndex>")
    assert any("document type" in row.reason for row in rows if isinstance(row, Failed))
    rows = read(f"{HEAD}{f'<Image><hash>{MD5}</hash></Image>' * 5}</ReportIndex>", max_rows=3)
    assert len(hashes(rows)) == 3
    assert any(isinstance(row, Failed) for row in rows)
