"""A report as law enforcement gets it: one archive with JSON, XML, PDF and media is one report, told once."""

import hashlib
import io
import itertools
import json
import zipfile

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.identifiers.models import Holding
from cets.domains.intake import sources
from cets.domains.intake.actions import Incoming
from cets.domains.intake.folders import receive_folder
from cets.domains.intake.rows import (
    AnyRow,
    Failed,
    FreeText,
    MemberStart,
    NotUnderstood,
    Person,
    Sighting,
    Summary,
)
from cets.domains.intake.sources.base import Options
from cets.domains.reports.models import Part
from cets.domains.reports.models import Person as PersonRow
from cets.domains.sharing.levels import Level
from cets.kernel import clock
from unit.domains.intake import packing
from unit.domains.intake.pdf_writing import REPORT, pdf

US = Options(country="US")
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
MD5 = hashlib.md5(PICTURE, usedforsecurity=False).hexdigest()


def report(number: int = 990000301, **files: object) -> bytes:
    person = {
        "firstName": "Kim", "lastName": "Larch", "espService": "Snapchat", "espUserId": "550012", "screenName": "kim_l",
        "emails": {"emails": [{"value": "kim.larch@post.example"}]}, "phones": [{"value": "+1 202-555-0143"}],
        "sourceInformation": {"sourceCaptures": [
            {"captureType": "IP Address", "value": "203.0.113.24", "eventName": "Login", "dateTime": "2026-02-14T09:15:22Z"},
            {"captureType": "IP Address", "value": "198.51.100.7"},
        ]},
    }  # fmt: skip
    uploaded = files.get(
        "uploaded", [{"filename": "bridge.png", "verificationHash": MD5, "viewedByEsp": True}]
    )
    return json.dumps({
        "reportId": number,
        "reportedInformation": {
            "reportingEsp": {"espName": "Chat Example", "emails": {"emails": [{"value": "legal@chat.example"}]}},
            "incidentSummary": {"incidentType": "Online enticement", "incidentDateTime": "2026-02-14T09:15:22Z"},
            "reportedPeople": {"reportedPersons": [person]},
            "childVictims": {"childVictims": [{"screenName": "pine_cone_7", "emails": ["pine.cone@post.example"]}]},
            "uploadedFiles": uploaded,
        },
    }).encode()  # fmt: skip


def xml(number: int = 990000301, mail: str = "kim.larch@post.example") -> bytes:
    return (
        '<report xmlns="http://report.cybertip.org/leaws/icac">'
        f"<reportId>{number}</reportId><reportedInformation><incidentSummary><incidentType>Online enticement</incidentType>"
        "</incidentSummary><reportedPeople><reportedPersons><firstName>Kim</firstName><lastName>Larch</lastName>"
        f"<email>{mail}</email></reportedPersons></reportedPeople></reportedInformation></report>"
    ).encode()


def bundle(*members: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def read(data: bytes) -> list[AnyRow]:
    source = sources.recognise(data, len(data))
    assert source is not None
    return list(source.read(io.BytesIO(data), US))


def by_member(rows: list[AnyRow]) -> dict[str, list[AnyRow]]:
    found: dict[str, list[AnyRow]] = {}
    name = ""
    for row in rows:
        if isinstance(row, MemberStart):
            name = row.name
        found.setdefault(name, []).append(row)
    return found


def values(rows: list[AnyRow]) -> list[tuple[str, str]]:
    return [(row.value.value, row.role) for row in rows if isinstance(row, Sighting)]


def remarks(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)]


WHOLE = (
    ("media/bridge.png", PICTURE), ("990000301.pdf", pdf(REPORT)), ("990000301.xml", xml()), ("990000301.json", report()),
)  # fmt: skip


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
def test_the_forms_of_a_report_are_read_in_order_whatever_the_archive_says(order: tuple[int, ...]) -> None:
    rows = read(bundle(*(WHOLE[each] for each in order)))

    starts = [row for row in rows if isinstance(row, MemberStart)]
    assert [row.source for row in starts] == ["cybertip_json", "cybertip_xml", "cybertip_file", "pdf"]
    assert {row.external_number for row in rows if isinstance(row, Summary)} == {"990000301"}
    assert not any(isinstance(row, Failed) for row in rows)


def test_no_value_and_no_person_is_counted_twice() -> None:
    found = by_member(read(bundle(*WHOLE)))

    alone = values(found["990000301.json"])
    assert values(found["990000301.xml"]) == []
    assert not [row for row in found["990000301.xml"] if isinstance(row, Person)]
    assert "2 form" not in remarks(found["990000301.xml"])
    assert any(
        "report 990000301 in another form: 1 of its 1 values" in text
        for text in remarks(found["990000301.xml"])
    )
    # The PDF tells of the recipient, of the upload's address and of a file that the JSON does not have.
    only = {"rowan@post.example", "203.0.113.99", "officer@police.example", "other@post.example"}
    assert {value for value, _ in values(found["990000301.pdf"])} >= only
    assert not {value for value, _ in alone} & {value for value, _ in values(found["990000301.pdf"])}
    assert {row.role for row in found["990000301.pdf"] if isinstance(row, Person)} == {"recipient"}


def test_a_value_that_stands_only_in_a_further_form_keeps_its_person() -> None:
    rows = by_member(read(bundle(("a.json", report()), ("b.xml", xml(mail="robin@post.example")))))["b.xml"]

    (sighting,) = [row for row in rows if isinstance(row, Sighting)]
    (person,) = [row for row in rows if isinstance(row, Person)]
    assert (sighting.value.value, sighting.role, sighting.person) == (
        "robin@post.example",
        "suspect",
        person.key,
    )


def test_a_value_that_a_further_form_calls_a_victims_stays_hers() -> None:
    told = json.loads(report())
    told["reportedInformation"]["additionalInformation"] = (
        told["reportedInformation"].pop("childVictims") and "pine.cone@post.example"
    )
    rows = by_member(read(bundle(("a.json", json.dumps(told).encode()), ("b.pdf", pdf(REPORT)))))

    assert ("pine.cone@post.example", "unknown") in values(rows["a.json"])
    assert ("pine.cone@post.example", "victim") in values(rows["b.pdf"])


def test_a_login_at_another_time_is_told_beside_the_first() -> None:
    other = [[line.replace("09:15:22 UTC", "11:00:00 UTC") for line in page] for page in REPORT]
    rows = by_member(read(bundle(("a.json", report()), ("b.pdf", pdf(other)))))

    assert ("203.0.113.24", "suspect") in values(rows["b.pdf"])


def test_reports_of_two_numbers_are_no_twins() -> None:
    rows = by_member(read(bundle(("a.json", report()), ("b.xml", xml(990000302)))))
    assert values(rows["b.xml"]) == [("kim.larch@post.example", "suspect")]


def test_two_files_of_one_form_are_both_told() -> None:
    rows = by_member(read(bundle(("a.json", report()), ("b.json", report(uploaded=[])))))
    assert ("kim.larch@post.example", "suspect") in values(rows["b.json"])


# --- the files of the report ----------------------------------------------------------------------


def uploaded(*members: tuple[str, bytes], files: list[dict[str, object]]) -> dict[str, list[AnyRow]]:
    return by_member(read(bundle(("r.json", report(uploaded=files)), *members)))


def told(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, FreeText)]


def test_a_file_is_told_by_its_md5_whatever_it_is_called() -> None:
    rows = uploaded(
        ("media/1.dat", PICTURE), files=[{"filename": "bridge.png", "md5": MD5, "viewedByEsp": "No"}]
    )

    start = rows["media/1.dat"][0]
    assert (start.source, start.sha256) == ("cybertip_file", hashlib.sha256(PICTURE).hexdigest())
    assert told(rows["media/1.dat"]) == [
        "Uploaded file 1 of report 990000301: its MD5 is the one that the report states. Viewed by the provider: No."
    ]
    assert not values(rows["media/1.dat"])


def test_a_file_of_the_name_with_another_md5_is_a_contradiction_and_its_md5_is_told() -> None:
    rows = uploaded(
        ("media/Bridge.png", PICTURE), files=[{"originalFilename": "bridge.png", "md5": "0" * 31 + "1"}]
    )

    assert "by its name only" in told(rows["media/Bridge.png"])[0]
    assert "has another MD5" in remarks(rows["media/Bridge.png"])[0]
    assert values(rows["media/Bridge.png"]) == [(f"md5:{MD5}", "unknown")]
    assert [row.way for row in rows["media/Bridge.png"] if isinstance(row, Sighting)] == ["looked_up"]


def test_a_file_of_the_name_without_any_md5_is_told_by_it() -> None:
    rows = uploaded(("media/bridge.png", PICTURE), files=[{"filename": "bridge.png"}])

    assert (
        "the report states no MD5. Viewed by the provider: not stated." in told(rows["media/bridge.png"])[0]
    )
    assert not remarks(rows["media/bridge.png"])


def test_a_file_of_which_the_report_does_not_tell_is_said_with_its_md5() -> None:
    rows = uploaded(("media/x.png", PICTURE), files=[{"filename": "bridge.png", "md5": "0" * 31 + "1"}])

    assert values(rows["media/x.png"]) == [(f"md5:{MD5}", "unknown")]
    said = remarks(rows["media/x.png"])
    assert any("no format that is read here" in text for text in said)
    assert any(
        text.startswith("Uploaded file 1 of report 990000301, at /") and "not in the archive" in text
        for text in said
    )


def test_an_uploaded_file_that_can_be_read_is_read_and_told() -> None:
    note = b"write to larch.k@post.example\n"
    md5 = hashlib.md5(note, usedforsecurity=False).hexdigest()
    rows = uploaded(("media/note.txt", note), files=[{"filename": "note.txt", "md5": md5}])

    assert rows["media/note.txt"][0].source == "text"
    assert ("larch.k@post.example", "unknown") in values(rows["media/note.txt"])
    assert "its MD5 is the one" in told(rows["media/note.txt"])[0]


def test_an_archive_without_a_report_is_read_in_its_own_order() -> None:
    rows = read(
        bundle(("b.pdf", pdf([["words"]])), ("a.json", b'{"a": 1}'), ("c.txt", b"kim@post.example\n"))
    )
    assert [row.name for row in rows if isinstance(row, MemberStart)] == ["b.pdf", "a.json", "c.txt"]


def test_in_a_format_that_runs_forwards_what_comes_after_the_report_is_told() -> None:
    rows = by_member(read(packing.tar(("a.json", report()), ("b.xml", xml()), ("media/bridge.png", PICTURE))))

    assert values(rows["b.xml"]) == []
    assert rows["media/bridge.png"][0].source == "cybertip_file"


# --- in a folder ----------------------------------------------------------------------------------


def test_in_a_folder_the_forms_are_told_once_whichever_came_first(db, as_process) -> None:
    agency = factories.agency("ESX")
    officer = factories.officer(agency, "finch@esx.example", "analyst")
    viewer = factories.viewer(officer)
    forms = (("f/990000301.pdf", pdf(REPORT)), ("f/990000301.xml", xml()), ("f/990000301.json", report()))
    with as_process("worker"), factories.intake() as intake:
        together = receive_folder(
            [Incoming(name, io.BytesIO(content), len(content)) for name, content in forms],
            report_id=None, vault=intake.reading.vault, agency=agency, sharing=Level.CONTACT, by=viewer, at=clock.now(),
        )  # fmt: skip
        intake.read(agency, viewer, [file.part_id for file in together.files])

    with acting(viewer):
        parts = {part.source: part for part in Part.objects.all()}
        mail = Holding.objects.get(kind="email", value="kim.larch@post.example")
        people = sorted(PersonRow.objects.values_list("role", flat=True))
    assert parts["cybertip_json"].report_id == parts["pdf"].report_id
    assert parts["cybertip_xml"].sightings == 0
    assert mail.places == 1
    assert people == ["recipient", "reporter", "suspect", "victim"]
