"""A report that came as a folder: its forms are told once and its files found, in whatever order and batches they are read."""

import hashlib
import io
import itertools
from typing import Any
from uuid import UUID

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.identifiers.models import Holding, Sighting
from cets.domains.intake import rereading
from cets.domains.intake.actions import Incoming
from cets.domains.intake.cybertip.files import facts_in
from cets.domains.intake.folders import receive_folder
from cets.domains.ledger.models import Alert
from cets.domains.reports.models import Part, Passage, Remark
from cets.domains.reports.models import Person as PersonRow
from cets.domains.sharing.levels import Level
from cets.kernel import clock
from unit.domains.intake.pdf_writing import REPORT, pdf
from unit.domains.intake.test_cybertip_bundle import MD5, PICTURE, report, xml

OTHER = b"\x89PNG\r\n\x1a\n" + bytes(range(100, 200))
FILES = {
    "media/1.dat": PICTURE, "media/x.png": OTHER, "990000301.pdf": pdf(REPORT), "990000301.xml": xml(), "990000301.json": report(),
}  # fmt: skip
ORDERS = list(itertools.permutations(range(5)))


@pytest.fixture
def officer(db):
    return factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")


@pytest.fixture
def viewer(officer):
    return factories.viewer(officer)


class Folder:
    """Hands files of one folder in, and reads them as the worker would, a batch at a time."""

    def __init__(self, intake: Any, officer: Any, viewer: Any) -> None:
        self.intake, self.officer, self.viewer = intake, officer, viewer
        self.report_id: UUID | None = None
        self.ids: dict[str, Any] = {}

    def hand_in(self, *names: str, files: dict[str, bytes] = FILES) -> None:
        given = [Incoming(f"tip/{name}", io.BytesIO(files[name]), len(files[name])) for name in names]
        together = receive_folder(
            given, report_id=self.report_id, vault=self.intake.reading.vault, agency=self.officer.agency, sharing=Level.CONTACT,
            by=self.viewer, at=clock.now(),
        )  # fmt: skip
        self.report_id = together.report_id
        self.ids |= {name: one.part_id for name, one in zip(names, together.files, strict=True)}

    def read(self, *names: str) -> None:
        ids = [self.ids[name] for name in names]
        rereading.read_again(ids, reading=self.intake.reading, country="GB", by=self.viewer, at=clock.now())

    def stands(self) -> dict[str, Any]:
        """Return what stands of each file, whatever the order in which it came to be written."""
        with acting(self.viewer):
            found = {}
            for part in Part.objects.filter(member=False):
                of = {"part": part}
                found[part.name.removeprefix("tip/")] = (
                    part.source,
                    part.state,
                    sorted(
                        Sighting.objects.filter(**of).values_list(
                            "holding__kind", "holding__value", "role", "way"
                        )
                    ),
                    sorted(PersonRow.objects.filter(**of).values_list("role", flat=True)),
                    sorted(Passage.objects.filter(**of).values_list("label", "text")),
                    sorted(Remark.objects.filter(**of).exclude(kind="note").values_list("kind", "text")),
                )
            return found


@pytest.fixture
def folder(officer, viewer, as_process):
    with as_process("worker"), factories.intake() as intake:
        yield Folder(intake, officer, viewer)


def together(folder: Folder) -> dict[str, Any]:
    folder.hand_in(*FILES)
    folder.read(*FILES)
    return folder.stands()


def test_forms_are_told_once_and_files_are_found(folder) -> None:
    stands = together(folder)

    assert {name: one[0] for name, one in stands.items()} == {
        "990000301.json": "cybertip_json", "990000301.xml": "cybertip_xml", "990000301.pdf": "pdf", "media/1.dat": "cybertip_file",
        "media/x.png": "",
    }  # fmt: skip
    assert stands["990000301.xml"][2] == []
    source, state, sightings, _, passages, remarks = stands["media/1.dat"]
    assert (source, state, sightings, remarks) == ("cybertip_file", "read", [], [])
    told = "Uploaded file 1 of report 990000301: its MD5 is the one that the report states. Viewed by the provider: True."
    assert [(label, text.casefold()) for label, text in passages] == [("Uploaded file", told.casefold())]
    other = hashlib.md5(OTHER, usedforsecurity=False).hexdigest()
    assert stands["media/x.png"][2] == [("hash", f"md5:{other}", "unknown", "looked_up")]
    with acting(folder.viewer):
        assert Holding.objects.get(kind="email", value="kim.larch@post.example").places == 1
        assert Holding.objects.get(kind="hash", value=f"md5:{MD5}").places == 1


@pytest.mark.parametrize("order", ORDERS[3::17])
def test_in_batches_of_one_in_any_order_the_same_stands(folder, order) -> None:
    names = [list(FILES)[index] for index in order]
    folder.hand_in(*names)
    for name in names:
        folder.read(name)
    one_by_one = folder.stands()

    assert [one_by_one[name][:2] for name in FILES] == [
        ("cybertip_file", "read"), ("", "not_understood"), ("pdf", "read"), ("cybertip_xml", "read"), ("cybertip_json", "read"),
    ]  # fmt: skip
    alone = {(kind, value) for kind, value, _, _ in one_by_one["990000301.json"][2]}
    assert ("email", "kim.larch@post.example") in alone
    assert one_by_one["990000301.xml"][2] == []
    again = {(kind, value) for kind, value, _, _ in one_by_one["990000301.pdf"][2]}
    assert again
    assert not alone & again
    assert not one_by_one["media/1.dat"][2]
    assert [way for _, _, _, way in one_by_one["media/x.png"][2]] == ["looked_up"]
    with acting(folder.viewer):
        assert Holding.objects.get(kind="email", value="kim.larch@post.example").places == 1
        assert sorted(PersonRow.objects.values_list("role", flat=True)) == [
            "recipient",
            "reporter",
            "suspect",
            "victim",
        ]
        assert not Alert.objects.filter(kind="read_again").exists()


def test_a_second_run_that_brings_the_report_after_its_files_finds_them(folder) -> None:
    folder.hand_in("media/1.dat", "990000301.pdf")
    folder.read("media/1.dat", "990000301.pdf")
    before = folder.stands()
    assert (before["media/1.dat"][0], before["media/1.dat"][1]) == ("", "not_understood")
    assert ("email", "kim.larch@post.example", "suspect", "declared") in before["990000301.pdf"][2]

    folder.hand_in("990000301.json")
    folder.read("990000301.json")

    after = folder.stands()
    assert after["media/1.dat"][0] == "cybertip_file"
    assert not any(value == "kim.larch@post.example" for _, value, _, _ in after["990000301.pdf"][2])
    assert ("email", "kim.larch@post.example", "suspect", "declared") in after["990000301.json"][2]
    with acting(folder.viewer):
        notes = Remark.objects.filter(kind="note", text__startswith="Read again with")
        assert {note.part.name for note in notes} == {"tip/media/1.dat", "tip/990000301.pdf"}


def test_reports_of_two_numbers_in_one_folder_are_no_twins(folder) -> None:
    files = {"a.json": report(), "b.xml": xml(990000302), "b.json": report(990000302, uploaded=[])}
    folder.hand_in(*files, files=files)
    for name in ("a.json", "b.xml", "b.json"):
        folder.read(name)

    stands = folder.stands()
    assert stands["a.json"][2]
    assert stands["b.json"][2]
    assert stands["b.xml"][2] == []
    assert ("CyberTipline report", "990000302") in stands["b.xml"][4]


def test_a_file_by_its_name_with_another_md5_is_a_contradiction(folder) -> None:
    files = {
        "r.json": report(uploaded=[{"filename": "Photo; one.png", "md5": "0" * 31 + "1"}]),
        "m/photo; one.png": PICTURE,
    }
    folder.hand_in(*files, files=files)
    folder.read("m/photo; one.png")
    folder.read("r.json")

    stands = folder.stands()["m/photo; one.png"]
    assert stands[0] == "cybertip_file"
    assert "by its name only" in stands[4][0][1]
    assert "has another MD5" in stands[5][0][1]
    assert stands[2] == [("hash", f"md5:{MD5}", "unknown", "looked_up")]


def test_files_that_did_not_come_are_said_until_they_do(folder) -> None:
    uploaded = [{"filename": "one.png", "md5": MD5}, {"filename": "two.png", "md5": "0" * 31 + "1"}]
    files = {"r.json": report(uploaded=uploaded), "notes.txt": b"words", "one.png": PICTURE}
    folder.hand_in("r.json", "notes.txt", files=files)
    folder.read("r.json")
    assert not said_missing(folder), "a file waits to be read"
    folder.read("notes.txt")
    first, second = said_missing(folder)
    assert first.startswith("Uploaded file 1 of report 990000301, at /")
    assert second.endswith("is not among the files that came with it.")

    folder.hand_in("one.png", files=files)
    folder.read("one.png")
    assert said_missing(folder) == [second]


def said_missing(folder: Folder) -> list[str]:
    texts = [text for _, text in folder.stands()["r.json"][5]]
    return [text for text in texts if "that came with it" in text]


def test_a_folder_without_a_report_is_read_as_it_was(folder) -> None:
    files = {"a.png": PICTURE, "b.txt": b"kim@post.example\n", "c.pdf": pdf([["words kim@post.example"]])}
    folder.hand_in(*files, files=files)
    folder.read(*files)

    stands = folder.stands()
    assert stands["a.png"][0:3] == ("", "not_understood", [])
    assert stands["b.txt"][2] == [("email", "kim@post.example", "unknown", "mentioned")]
    assert stands["c.pdf"][2] == [("email", "kim@post.example", "unknown", "mentioned")]
    with acting(folder.viewer):
        assert not Remark.objects.filter(kind="note").exists()


@pytest.mark.parametrize(
    ("text", "names", "viewed"),
    [
        ("filename: a.png; viewed by provider: Yes", {"a.png"}, "Yes"),
        ("filename: a; b.png; original filename: c: d.png; file size: 3; viewed by provider: not stated", {"a; b.png", "c: d.png"}, "not stated"),
        ("file id: 4", set(), "not stated"),
    ],
)  # fmt: skip
def test_the_facts_of_an_uploaded_file_are_found_in_its_text(text, names, viewed) -> None:
    assert facts_in(text) == (names, viewed)
