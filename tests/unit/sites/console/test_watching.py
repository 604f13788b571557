"""`cets watch`: what is complete comes in once, is moved with its receipt, and nothing is lost or overwritten."""

import io
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

import factories
from cets.access.viewer import acting
from cets.domains.intake import actions
from cets.domains.reports.models import Part, Report
from cets.domains.sharing.levels import Level
from cets.domains.vault.blobs import StorageFailed
from cets.sites.console import dropped, ingesting, watching
from cets.sites.console.dropped import Busy, looked_after
from cets.sites.console.ingesting import Session
from cets.sites.console.watching import NotToWatch, Watch, words_of


class Clock:
    """A clock that only goes on when it is told to."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def session(db: str, as_process: Any) -> Iterator[Session]:
    factories.agency("ESX")
    agency, viewer = factories.service("ESX")
    with as_process("worker"), factories.intake() as intake:
        yield Session(intake.reading, agency, viewer, Level.CONTACT, 1_000_000)


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "post"
    folder.mkdir()
    return folder


def watch(session: Session, drop: Path, rest: float = 0.05) -> Watch:
    return Watch(drop, lambda: session, rest)


def once(session: Session, drop: Path) -> list[dict[str, Any]]:
    return list(watch(session, drop).run(once=True))


def receipt(slot: Path) -> dict[str, Any]:
    (found,) = slot.glob("*.receipt.json")
    told: dict[str, Any] = json.loads(found.read_text())
    return told


def everything(drop: Path) -> set[str]:
    return {
        str(one.relative_to(drop))
        for one in drop.rglob("*")
        if one.is_file() and one.name != ".cets-watch.lock"
    }


def in_done(drop: Path) -> list[str]:
    return sorted(one.name for one in (drop / "done").iterdir())


def names(session: Session) -> list[str]:
    with acting(session.viewer):
        return sorted(Part.objects.values_list("name", flat=True))


# --- what comes in --------------------------------------------------------------------------------


def test_a_file_comes_in_and_lies_with_its_receipt(session: Session, drop: Path) -> None:
    (drop / "chat.txt").write_text("Write to quayside@mail.example.")
    (record,) = once(session, drop)

    assert (record["item"], record["state"]) == ("chat.txt", "done")
    assert everything(drop) == {"done/chat.txt/chat.txt", "done/chat.txt/chat.txt.receipt.json"}
    told = receipt(drop / "done" / "chat.txt")
    assert told["files"][0]["report"].startswith("CETS-ESX-")
    assert told["files"][0]["identifiers"] == 1
    assert "CETS-ESX-" in words_of(record)


def test_a_folder_comes_in_as_one_report(session: Session, drop: Path) -> None:
    (drop / "seized" / "in").mkdir(parents=True)
    (drop / "seized" / "a.txt").write_text("kestrel@mail.example")
    (drop / "seized" / "in" / "b.txt").write_text("heron@mail.example")
    (drop / "seized" / "empty.txt").touch()
    (record,) = once(session, drop)

    assert record["state"] == "done"
    assert names(session) == ["seized/a.txt", "seized/in/b.txt"]
    with acting(session.viewer):
        assert Report.objects.count() == 1
    told = receipt(drop / "done" / "seized")
    assert [line["part"] for line in told["files"]] == ["seized/a.txt", "seized/empty.txt", "seized/in/b.txt"]
    assert (drop / "done" / "seized" / "seized" / "in" / "b.txt").read_text() == "heron@mail.example"


def test_what_is_refused_lies_elsewhere_with_the_reason(session: Session, drop: Path, tmp_path: Path) -> None:
    (drop / "empty.txt").touch()
    (drop / "nothing").mkdir()
    (tmp_path / "outside.txt").write_text("not to be taken in")
    (drop / "link").symlink_to(tmp_path / "outside.txt")
    os.mkfifo(drop / "pipe")
    records = once(session, drop)

    assert {record["item"]: record["state"] for record in records} == dict.fromkeys(
        ("empty.txt", "link", "nothing", "pipe"), "refused"
    )
    assert "empty" in receipt(drop / "refused" / "empty.txt")["files"][0]["error"]
    assert "links are not followed" in receipt(drop / "refused" / "link")["files"][0]["error"]
    assert (drop / "refused" / "link" / "link").is_symlink()
    assert names(session) == []
    assert all(words_of(record).startswith("refused") for record in records)


def test_an_archive_has_one_receipt_for_its_members(session: Session, drop: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        written.writestr("a.txt", "kestrel@mail.example")
        written.writestr("b.txt", "heron@mail.example")
    (drop / "odd!").write_bytes(made.getvalue())
    once(session, drop)
    assert len(receipt(drop / "done" / "odd!")["files"]) == 2


def test_the_same_name_again_overwrites_nothing(session: Session, drop: Path) -> None:
    for text in ("first", "second", "third"):
        (drop / "a.txt").write_text(text)
        once(session, drop)
    held = sorted(one.read_text() for one in (drop / "done").rglob("a.txt") if one.is_file())
    assert held == ["first", "second", "third"]
    assert in_done(drop) == ["a.txt", "a.txt (2)", "a.txt (3)"]


@pytest.mark.parametrize(
    "name",
    [
        "receipt.json",
        "x" * 255,
        "done.txt",
        "a.txt.receipt.json",
        "\udcff\udcfe.txt",
        "two\nlines",
        "x" * 200 + ".receipt.json",
    ],
)
def test_names_of_any_kind(session: Session, drop: Path, name: str) -> None:
    (drop / name).write_text("kestrel@mail.example")
    (record,) = once(session, drop)
    assert record["state"] == "done"
    kept = Path(record["to"])
    assert kept.read_text() == "kestrel@mail.example"
    assert len(list(kept.parent.iterdir())) == 2


def test_what_begins_with_a_dot_is_left_alone(session: Session, drop: Path) -> None:
    (drop / ".part-of-a-copy").write_text("half")
    assert once(session, drop) == []
    assert (drop / ".part-of-a-copy").exists()


# --- complete or not ------------------------------------------------------------------------------


def test_a_file_that_still_grows_is_waited_for(session: Session, drop: Path) -> None:
    clock = Clock()
    watched = Watch(drop, lambda: session, 5.0, now=clock)
    (drop / "a.txt").write_text("first half")

    def after(seconds: float) -> list[str]:
        clock.at += seconds
        return [one.path.name for one in watched._at_rest(dropped.items(drop))]

    assert after(0) == []
    assert after(4) == []
    (drop / "a.txt").write_text("first half, second half")
    assert after(4) == []
    assert after(4.9) == []
    assert after(0.2) == ["a.txt"]


@pytest.mark.parametrize("change", ["more", "new", "gone", "renamed", "touched"])
def test_a_folder_is_complete_when_nothing_in_it_changes(session: Session, drop: Path, change: str) -> None:
    clock = Clock()
    watched = Watch(drop, lambda: session, 5.0, now=clock)
    inner = drop / "seized" / "deep" / "deeper"
    inner.mkdir(parents=True)
    (inner / "a.txt").write_text("first")
    watched._at_rest(dropped.items(drop))
    clock.at += 4
    if change == "more":
        (inner / "a.txt").write_text("first and more")
    elif change == "new":
        (inner / "b.txt").touch()
    elif change == "gone":
        (inner / "a.txt").unlink()
    elif change == "renamed":
        (inner / "a.txt").rename(inner / "b.txt")
    else:
        os.utime(inner / "a.txt", (1, 1))
    clock.at += 2
    assert watched._at_rest(dropped.items(drop)) == []
    clock.at += 5
    assert len(watched._at_rest(dropped.items(drop))) == 1


def test_what_changes_while_it_is_taken_in_is_taken_in_again(
    session: Session, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop / "a.txt"
    path.write_text("first half")
    real = ingesting.ingest

    def slow(*given: Any) -> Iterator[dict[str, Any]]:
        yield from real(*given)
        if path.read_text() == "first half":
            path.write_text("first half, second half")

    monkeypatch.setattr("cets.sites.console.watching.ingest", slow)
    records = once(session, drop)
    assert [record["state"] for record in records] == ["changed", "done"]
    assert (drop / "done" / "a.txt" / "a.txt").read_text() == "first half, second half"


# --- what goes wrong ------------------------------------------------------------------------------


def test_what_the_store_does_not_keep_waits(
    session: Session, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (drop / "a.txt").write_text("kestrel@mail.example")

    def full(*_: Any, **__: Any) -> None:
        raise StorageFailed("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(actions, "seal_files", full)
        watched = watch(session, drop)
        (record,) = list(watched.run(once=True))
    assert record["state"] == "waits"
    assert everything(drop) == {"a.txt"}
    assert watched.waiting == [drop / "a.txt"]
    assert [one["state"] for one in once(session, drop)] == ["done"]


@pytest.mark.parametrize(
    "where", ["before the receipt", "in the receipt", "before the move", "before the report"]
)
def test_killed_anywhere_and_started_again_nothing_is_twice_or_lost(
    session: Session, drop: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    (drop / "a.txt").write_text("kestrel@mail.example")
    (drop / "seized").mkdir()
    (drop / "seized" / "b.txt").write_text("heron@mail.example")

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    places = {
        "before the receipt": (dropped, "_new_folder"), "in the receipt": (json, "dumps"), "before the move": (dropped, "_move"),
        "before the report": (watching, "ingest"),
    }  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr(*places[where], killed)
        with pytest.raises(KeyboardInterrupt):
            once(session, drop)

    once(session, drop)

    assert everything(drop) == {
        "done/a.txt/a.txt", "done/a.txt/a.txt.receipt.json", "done/seized/seized/b.txt", "done/seized/seized.receipt.json",
    }  # fmt: skip
    assert names(session) == ["a.txt", "seized/b.txt"]
    assert receipt(drop / "done" / "a.txt")["files"][0]["report"]


def test_what_cannot_be_moved_stays_and_is_not_taken_in_again(
    session: Session, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (drop / "a.txt").write_text("kestrel@mail.example")

    def denied(self: Path, _target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    real = Path.rename
    with monkeypatch.context() as patch:
        patch.setattr(
            Path, "rename", lambda self, to: denied(self, to) if self.parent == drop else real(self, to)
        )
        (first,) = once(session, drop)
        (second,) = once(session, drop)
    assert first["state"] == second["state"] == "stays"
    assert (drop / "a.txt").exists()
    assert in_done(drop) == ["a.txt"], "one receipt, however often it is started"
    (third,) = once(session, drop)
    assert (third["state"], third["files"]) == ("done", [])
    assert (drop / "done" / "a.txt" / "a.txt").exists()


def test_told_to_stop_it_finishes_what_is_in_hand(session: Session, drop: Path) -> None:
    for n in range(3):
        (drop / f"{n}").mkdir()
        (drop / f"{n}" / "a.txt").write_text(f"heron{n}@mail.example")
    watched = watch(session, drop)
    records = []
    for record in watched.run(once=False):
        records.append(record)
        watched.stop.set()
    assert len(records) == 1
    assert {one.name for one in drop.iterdir() if not one.name.startswith(".")} == {
        "done",
        "refused",
        "1",
        "2",
    }


def test_two_do_not_look_after_one_folder(session: Session, drop: Path) -> None:
    with looked_after(drop), pytest.raises(Busy):
        once(session, drop)


def test_the_instance_itself_is_not_watched(
    session: Session, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        settings, "CETS", replace(settings.CETS, home=drop.parent, keys_dir=drop.parent / "keys")
    )
    with pytest.raises(NotToWatch):
        once(session, drop)


def test_a_receipt_that_was_meddled_with_moves_nothing(session: Session, drop: Path) -> None:
    (drop / "a.txt").write_text("kestrel@mail.example")
    for number, words in enumerate(
        ["{", "[]", '{"dropped": "../../x", "mark": 1}', '{"dropped": "a.txt", "mark": "x"}', "\xff"]
    ):
        slot = drop / "done" / str(number)
        slot.mkdir(parents=True)
        (slot / "a.receipt.json").write_bytes(words.encode("latin-1"))
    (record,) = once(session, drop)
    assert record["to"] == str(drop / "done" / "a.txt" / "a.txt")
