"""Everything read again by the readers of a new version: which files, in which batches, and with what said of it."""

import zipfile
from io import BytesIO

import pytest

import factories
from cets.access.viewer import Refused, acting
from cets.audit.models import Event
from cets.domains.identifiers.models import Sighting
from cets.domains.intake import rereading, rereading_all
from cets.domains.ledger.models import Alert
from cets.domains.reports.models import Part, Remark
from cets.kernel import clock
from cets.sites.console import rereading as command
from cets.sites.console.telling import WrongUse

VERSIONS = rereading_all.present_versions()


def packed(**members: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text)
    return made.getvalue()


@pytest.fixture
def officer(db):
    return factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")


@pytest.fixture
def viewer(officer):
    return factories.viewer(officer)


@pytest.fixture
def taken(officer, viewer, as_process):
    """Three files: a text, an archive with another, and one that no source knows."""
    with as_process("worker"), factories.intake() as intake:
        return intake.take(
            (officer.agency, viewer), "write to a@mail.example", packed(inner="write to b@mail.example"), bytes(range(256))
        )  # fmt: skip


def found(viewer, **options):
    asked = {"source": None, "only_older": False, "versions": VERSIONS} | options
    return rereading_all.to_read_again(viewer, **asked)


def states(viewer):
    with acting(viewer):
        return [
            part.state
            for part in Part.objects.filter(member=False).order_by("received_at", "report__reference")
        ]


def test_a_part_says_which_version_read_it_also_inside_an_archive(viewer, taken):
    with acting(viewer):
        inner = Part.objects.get(member=True)
        outer = Part.objects.get(id=taken[1].part_id)
    assert (inner.source, inner.parser_version) == ("text", VERSIONS["text"])
    assert (outer.source, outer.parser_version) == ("zip", VERSIONS["zip"])


def test_all_or_those_of_a_source_are_found(viewer, taken):
    text, archive, unknown = (one.part_id for one in taken)
    assert set(found(viewer)) == {text, archive, unknown}
    assert set(found(viewer, source="text")) == {text, archive}, "of the archive something inside it"
    assert found(viewer, source="zip") == [archive]
    with pytest.raises(rereading_all.NoSuchSource, match="no source “nothing”"):
        found(viewer, source="nothing")


def test_only_what_an_older_version_read_is_found(viewer, taken):
    text, archive, _ = (one.part_id for one in taken)
    assert found(viewer, only_older=True) == []
    newer = VERSIONS | {"text": f"{VERSIONS['text']}.1"}
    assert set(found(viewer, only_older=True, versions=newer)) == {text, archive}
    assert found(viewer, only_older=True, source="zip", versions=newer) == []


@pytest.mark.parametrize(
    ("one", "other", "is_older"),
    [("9", "10", True), ("10", "9", False), ("1.9", "1.10", True), ("2", "2", False), ("", "1", True), ("x", "1", True)],
)  # fmt: skip
def test_versions_are_compared_as_numbers(one, other, is_older):
    assert rereading_all.is_older(one, other) is is_older


def test_files_are_queued_in_batches_and_those_that_wait_are_passed_over(viewer, taken, monkeypatch):
    monkeypatch.setattr(rereading_all, "BATCH", 2)
    jobs = []
    monkeypatch.setattr("cets.domains.intake.jobs.read_soon", lambda **job: jobs.append(job["part_ids"]))
    files = found(viewer)
    with acting(viewer):
        Part.objects.filter(id=files[0]).update(state="sealed")

    assert list(rereading_all.read_all_once_more(files, by=viewer)) == [1, 2]

    assert jobs == [[files[1]], [files[2]]]
    assert states(viewer) == ["sealed"] * 3
    assert found(viewer) == []
    with acting(viewer):
        assert Event.objects.filter(type="intake:part:reading-asked").count() == 2


def test_what_a_newer_reader_finds_no_more_is_told_and_raises_an_alert(viewer, officer, taken, as_process):
    _, archive, _ = taken
    with as_process("worker"), acting(viewer):  # as an older reader would have left what is inside
        member = Part.objects.get(member=True)
        Part.objects.filter(id=member.id).update(parser_version="0")
        Part.objects.filter(id=archive.part_id).update(messages=7)
    (one,) = found(viewer, only_older=True)
    assert list(rereading_all.read_all_once_more([one], by=viewer)) == [1]
    with acting(viewer):
        assert Sighting.objects.filter(part__member=True).exists(), "it stands until it is replaced"

    with as_process("worker"), factories.intake() as intake:
        rereading.read_again([one], reading=intake.reading, country="GB", by=viewer, at=clock.now())

    with acting(viewer):
        note = Remark.objects.get(kind="note", report_id=archive.report_id).text
        alert = Alert.objects.get(kind="read_again")
    assert "messages 0, before 7" in note
    assert alert.subject_id == archive.report_id
    assert found(viewer, only_older=True) == []


def test_another_agency_has_nothing_read_again(viewer, taken, as_process):
    wren = factories.viewer(factories.officer(factories.agency("NMR"), "wren@nmr.example", "analyst"))
    assert found(wren) == []
    assert list(rereading_all.read_all_once_more([one.part_id for one in taken], by=wren)) == [0]
    assert "sealed" not in states(viewer)


def test_who_adds_nothing_has_nothing_read_again(officer, viewer, taken, as_process):
    with as_process("owner"):
        secondee = factories.viewer(factories.officer(officer.agency, "lent@esx.example", "secondee"))
    with pytest.raises(Refused):
        found(secondee)
    with pytest.raises(Refused):
        list(rereading_all.read_all_once_more([one.part_id for one in taken], by=secondee))


def test_nothing_is_queued_without_its_record(viewer, taken, monkeypatch):
    def broken(*_arguments, **_more):
        raise RuntimeError

    monkeypatch.setattr(rereading_all, "record_many", broken)
    with pytest.raises(RuntimeError):
        list(rereading_all.read_all_once_more(found(viewer), by=viewer))
    assert "sealed" not in states(viewer)


def test_the_command_says_how_far_it_is(viewer, taken, monkeypatch):
    monkeypatch.setattr(rereading_all, "BATCH", 2)

    lines = list(command.reread(viewer, source=None, only_older=False))

    assert [record for record, _ in lines] == [
        {"state": "queuing", "queued": 2, "files": 3},
        {"state": "queuing", "queued": 3, "files": 3},
        {"state": "queued", "queued": 3, "files": 3},
    ]
    assert lines[-1][1] == "3 files are read again by the worker."
    with pytest.raises(WrongUse):
        list(command.reread(viewer, source="nothing", only_older=False))
