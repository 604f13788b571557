"""`cets ingest --one-report`: a folder is one report; broken off and given again, nothing is lost and nothing is there twice."""

import io
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.identifiers.models import Holding
from cets.domains.reports.models import Part, Passage, Remark, Report
from cets.domains.sharing.levels import Level
from cets.domains.vault.models import Original
from cets.sites.console import ingesting
from cets.sites.console.ingesting import Session, ingest
from cets.sites.console.ingesting_together import ingest_folder


@pytest.fixture
def session(db: str, as_process: Any) -> Iterator[Session]:
    factories.agency("ESX")
    agency, viewer = factories.service("ESX")
    with as_process("worker"), factories.intake() as intake:
        yield Session(intake.reading, agency, viewer, Level.CONTACT, 1_000_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files in two folders; two of them share an identifier."""
    made = tmp_path / "seizure"
    (made / "phone").mkdir(parents=True)
    (made / "a.txt").write_text("Write to quayside@mail.example.")
    (made / "b.txt").write_text("kestrel@mail.example knows quayside@mail.example.")
    (made / "phone" / "c.txt").write_text("Call heron@mail.example.")
    return made


def tip(number: int, text: str) -> str:
    return json.dumps(
        {"reportId": number, "reportedInformation": {"additionalInformations": [{"value": text}]}}
    )


def take(session: Session, folder: Path) -> list[dict[str, Any]]:
    return list(ingest_folder(session, str(folder)))


def reports(session: Session) -> list[Report]:
    with acting(session.viewer):
        return list(Report.objects.order_by("reference"))


def parts(session: Session) -> list[Part]:
    with acting(session.viewer):
        return list(Part.objects.order_by("report_id", "number"))


def notes(session: Session) -> list[str]:
    with acting(session.viewer):
        return list(Remark.objects.filter(kind="note").order_by("text").values_list("text", flat=True))


def test_a_folder_is_one_report_and_each_file_a_part(session: Session, folder: Path) -> None:
    lines = take(session, folder)

    (report,) = reports(session)
    assert report.state == "read"
    assert [(p.number, p.name, p.state) for p in parts(session)] == [
        (1, "seizure/a.txt", "read"),
        (2, "seizure/b.txt", "read"),
        (3, "seizure/phone/c.txt", "read"),
    ]
    assert [(line["file"], line["part"]) for line in lines] == [
        (str(folder / "a.txt"), "seizure/a.txt"),
        (str(folder / "b.txt"), "seizure/b.txt"),
        (str(folder / "phone" / "c.txt"), "seizure/phone/c.txt"),
    ]
    assert {line["report"] for line in lines} == {report.reference}
    assert not any(line["duplicate_of"] or line["error"] for line in lines)


def test_what_several_files_hold_is_one_identifier_of_the_report(session: Session, folder: Path) -> None:
    take(session, folder)
    with acting(session.viewer):
        held = dict(Holding.objects.values_list("value", "places"))
    assert held == {"quayside@mail.example": 2, "kestrel@mail.example": 1, "heron@mail.example": 1}


@pytest.mark.parametrize("batch", [1, 2, 64])
def test_batches_of_any_size_give_the_same(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(ingesting, "BATCH_FILES", batch)
    lines = take(session, folder)
    assert [line["identifiers"] for line in lines] == [1, 2, 1]
    assert [p.number for p in parts(session)] == [1, 2, 3]
    with acting(session.viewer):
        assert Holding.objects.count() == 3


def test_given_again_it_adds_what_is_missing_and_says_what_was_there(session: Session, folder: Path) -> None:
    (first, *_) = take(session, folder)
    (folder / "phone" / "d.txt").write_text("linnet@mail.example is new.")

    again = take(session, folder)

    assert len(reports(session)) == 1
    assert [(line["part"], line["duplicate_of"]) for line in again] == [
        ("seizure/a.txt", first["report"]),
        ("seizure/b.txt", first["report"]),
        ("seizure/phone/c.txt", first["report"]),
        ("seizure/phone/d.txt", None),
    ]
    assert {line["report"] for line in again} == {first["report"]}
    assert [p.name for p in parts(session)][3] == "seizure/phone/d.txt"
    with acting(session.viewer):
        assert Original.objects.count() == 4


def test_broken_off_between_two_batches_it_goes_on(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingesting, "BATCH_FILES", 2)
    running = ingest_folder(session, str(folder))
    next(running)
    running.close()  # type: ignore[attr-defined]
    assert len(parts(session)) == 2

    lines = take(session, folder)

    assert len(reports(session)) == 1
    assert [bool(line["duplicate_of"]) for line in lines] == [True, True, False]
    assert [p.state for p in parts(session)] == ["read"] * 3


def test_sealed_and_not_read_is_read_by_the_next_run(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("cets.sites.console.ingesting_together.read_all", killed)
        with pytest.raises(KeyboardInterrupt):
            take(session, folder)
    assert [p.state for p in parts(session)] == ["sealed"] * 3

    assert [line["identifiers"] for line in take(session, folder)] == [1, 2, 1]
    assert len(reports(session)) == 1


def test_another_folder_of_the_same_name_is_another_report(
    session: Session, folder: Path, tmp_path: Path
) -> None:
    """Two telephones exported by the same program share a file and the folder's name, and nothing else."""
    take(session, folder)
    other = tmp_path / "second" / "seizure"
    other.mkdir(parents=True)
    (other / "a.txt").write_text((folder / "a.txt").read_text())
    (other / "z.txt").write_text("Another person: siskin@mail.example.")

    lines = take(session, other)

    first, second = reports(session)
    assert [(line["report"], line["duplicate_of"]) for line in lines] == [
        (first.reference, first.reference),
        (second.reference, None),
    ]


def test_a_file_that_was_in_alone_stays_where_it_was(session: Session, folder: Path) -> None:
    (alone,) = ingest(session, [str(folder / "a.txt")])
    lines = take(session, folder)

    assert lines[0]["report"] == lines[0]["duplicate_of"] == alone["report"]
    assert lines[1]["report"] == lines[2]["report"] != alone["report"]


def test_the_same_content_twice_in_a_folder_is_one_part(session: Session, folder: Path) -> None:
    (folder / "twin.txt").write_text((folder / "a.txt").read_text())
    lines = take(session, folder)
    assert lines[2]["part"] == "seizure/twin.txt"
    assert lines[2]["duplicate_of"] == lines[0]["report"]
    assert len(parts(session)) == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_said(session: Session, folder: Path) -> None:
    (folder / "b.txt").chmod(0)
    assert "Permission denied" in take(session, folder)[1]["error"]


def test_what_is_no_file_is_said_in_the_answer_and_on_the_receipt(session: Session, folder: Path) -> None:
    (folder / "empty.txt").touch()
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "around").symlink_to(folder)
    os.mkfifo(folder / "pipe")

    lines = {line["part"]: line for line in take(session, folder)}

    assert "empty" in lines["seizure/empty.txt"]["error"]
    assert "link inside a folder" in lines["seizure/link"]["error"]
    assert "link inside a folder" in lines["seizure/around"]["error"]
    assert "not a regular file" in lines["seizure/pipe"]["error"]
    assert len(parts(session)) == 3
    said = " ".join(notes(session))
    assert "Not taken in with this folder: 2 (It is a link inside a folder" in said
    assert "pipe" not in said, "names stand in the answer alone"
    take(session, folder)
    assert " ".join(notes(session)) == said, "and are said once"


def test_a_folder_of_nothing_makes_no_report(session: Session, tmp_path: Path) -> None:
    (tmp_path / "nothing" / "in").mkdir(parents=True)
    (line,) = take(session, tmp_path / "nothing")
    assert (line["error"], line["report"]) == (None, None)
    assert line["not_understood"]
    assert not reports(session)


def test_archives_in_a_folder_keep_their_members(session: Session, folder: Path) -> None:
    for name in ("one.zip", "two.zip"):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as written:
            written.writestr("in/m.txt", f"{name[:3]}@mail.example")
        (folder / name).write_bytes(made.getvalue())

    lines = take(session, folder)

    assert [line["part"] for line in lines[2:4]] == ["seizure/one.zip!/in/m.txt", "seizure/two.zip!/in/m.txt"]
    numbers = [p.number for p in parts(session)]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 7


def test_files_of_other_reports_numbers_stay_with_their_folder(
    session: Session, folder: Path, tmp_path: Path
) -> None:
    before = tmp_path / "first.json"
    before.write_text(tip(900_123, "seen here"))
    (first,) = ingest(session, [str(before)])
    (folder / "0.json").write_text(tip(900_123, "seen there"))
    (folder / "1.json").write_text(tip(900_124, "and there"))
    (folder / "2.json").write_text(tip(900_125, "and again"))

    lines = take(session, folder)

    assert first["report"] not in {line["report"] for line in lines}
    assert len({line["report"] for line in lines}) == 1
    assert any(first["report"] in remark for remark in lines[0]["remarks"])
    own = reports(session)[1]
    assert (own.state, own.external_number) == ("read", "900124")
    later = tmp_path / "later.json"
    later.write_text(tip(900_124, "a supplement"))
    (joined,) = ingest(session, [str(later)])
    assert joined["report"] == own.reference


def test_what_one_file_says_of_the_report_is_not_lost_with_the_next(session: Session, folder: Path) -> None:
    (folder / "0.json").write_text(tip(900_126, "seen"))
    (folder / "z.bin").write_bytes(bytes(range(256)))
    take(session, folder)
    (report,) = reports(session)
    assert (report.state, bool(report.title)) == ("read", True)
    assert [p.state for p in parts(session)][-2:] == ["not_understood", "read"]


def test_victims_have_names_of_their_own_across_the_files(session: Session, folder: Path) -> None:
    for n in range(3):
        victim = {"screenName": {"value": f"little_wren{n}"}, "espService": "Kite Chat"}
        people = {"reportedPeople": {}, "childVictims": {"childVictims": [victim]}}
        (folder / f"{n}.json").write_text(json.dumps({"reportId": 0, "reportedInformation": people}))
    (folder / "z.txt").write_text("They talked to little_wren1 at the lobby.")
    take(session, folder)
    with acting(session.viewer):
        pseudonyms = dict(Holding.objects.exclude(pseudonym="").values_list("value", "pseudonym"))
        masked = " ".join(Passage.objects.values_list("masked", flat=True))
    assert pseudonyms == {f"kitechat/little_wren{n}": f"Child {letter}" for n, letter in enumerate("ABC")}
    assert "little_wren" not in masked
