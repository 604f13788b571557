"""Every hostile file ends in a sealed original and a receipt, or in a refusal; nothing else happens, and the others go on."""

import contextlib
import hashlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cets.domains.intake import sources
from hostile import formats, generator, suite
from hostile.suite import ingest
from resilience import harness

GOOD = b"Beside them a good one: neighbour@mail.example.\n"
KEYS: dict[str, tuple[type, ...]] = {
    "file": (str,), "source": (str, type(None)), "report": (str, type(None)), "duplicate_of": (str, type(None)), "sightings": (int,),
    "identifiers": (int,), "messages": (int,), "traces": (int,), "people": (int,), "texts": (int,), "hits": (int,),
    "not_understood": (list,), "cut": (int,), "skipped": (int,), "ambiguous": (list,), "parser": (str, type(None)),
    "patterns": (int,), "patterns_version": (int,), "error": (str, type(None)), "seconds": (float, int),
}  # fmt: skip
SOURCES = {*sources.all_sources(), None}


def told(done: "subprocess.CompletedProcess[bytes]") -> dict[bytes, list[dict[str, Any]]]:
    """What was printed, by file; every line is looked at for its contract."""
    found: dict[bytes, list[dict[str, Any]]] = {}
    for line in harness.lines(done):
        check_line(line)
        found.setdefault(os.fsencode(line["file"].split("!/")[0]), []).append(line)
    refused = any(line["error"] is not None for some in found.values() for line in some)
    assert done.returncode == (1 if refused else 0)
    return found


def check_line(line: dict[str, Any]) -> None:
    assert set(KEYS) <= set(line) <= {*KEYS, "joins", "remarks", "sharing"}
    assert "sharing" not in line or line["duplicate_of"] is not None
    for key, kinds in KEYS.items():
        assert type(line[key]) in kinds, (key, line[key])
    assert line["source"] in SOURCES
    assert (line["report"] is None) == (line["error"] is not None), line
    assert all(type(text) is str and text for text in line["not_understood"])
    for one in line["ambiguous"]:
        assert set(one) == {"raw", "candidates", "place"}
        assert type(one["candidates"]) is list


def test_there_are_enough(cases):
    """Of the ordinary run; `test_all_of_it` counts those of the long one."""
    assert len(cases) >= 300
    assert len({case.path for case in cases}) == len(cases)


@pytest.fixture(scope="module")
def taken_in(cases, home, tmp_path_factory):
    """All cases in one command, with good files before, between and after them."""
    folder = tmp_path_factory.mktemp("taken-in")
    good = []
    for number in range(3):
        path = folder / f"good-{number}.txt"
        path.write_bytes(GOOD + b"%d" % number)
        good.append(bytes(path))
    middle = len(cases) // 2
    paths = [good[0], *(c.path for c in cases[:middle]), good[1], *(c.path for c in cases[middle:]), good[2]]
    began = time.monotonic()
    done = ingest(home, paths, folder)
    return {"told": told(done), "good": good, "seconds": time.monotonic() - began}


def test_every_file_is_sealed_or_refused_by_name(cases, taken_in):
    for case in cases:
        lines = taken_in["told"].get(case.path)
        assert lines, case.name
        if case.expected == "in":
            assert all(line["report"] for line in lines), (case.name, lines[0])
        elif case.expected == "refused":
            assert all(line["error"] for line in lines), (case.name, lines[0])


def test_nothing_read_goes_without_a_word(cases, taken_in):
    """What gave no identifier says why, unless it is a good format that holds none."""
    for case in cases:
        for line in taken_in["told"][case.path]:
            if line["report"] and line["source"] is None and not line["duplicate_of"]:
                assert line["not_understood"], case.name


def test_the_neighbours_go_on(taken_in):
    for path in taken_in["good"]:
        (line,) = taken_in["told"][path]
        assert line["source"] == "text"
        assert line["sightings"] == 1


def test_all_are_in_the_vault_as_they_came(cases, taken_in, home):
    contents = {
        hashlib.sha256(Path(os.fsdecode(case.path)).read_bytes()).hexdigest()
        for case in cases
        if case.expected == "in"
    }
    with harness.database(home) as conn:
        kept = {sha256 for (sha256,) in conn.execute("select sha256 from vault_original").fetchall()}
        unread = conn.execute("select name from reports_part where state = 'sealed'").fetchall()
    assert contents <= kept
    assert unread == []
    assert harness.lines(harness.run("verify-vault", "--home", home, "--json"))[-1]["bad"] == 0
    assert harness.lines(harness.run("verify-audit", "--home", home, "--json"))[-1]["intact"] is True


def test_nothing_slipped_out(taken_in):
    assert suite.slipped_out() == []


def test_the_parser_stays_within_its_limits(cases):
    """Memory and time of each case, as the parser itself measured them."""
    line = suite.parse(suite.Line("the ordinary run"), suite.contents_of(cases))

    assert line.faults == []
    assert line.memory > 0


# --- files that are no plain files ------------------------------------------------------------------


def test_special_files_are_refused_and_the_others_go_on(home, tmp_path):
    files = tmp_path / "files"
    (files / "inner").mkdir(parents=True)
    (files / "good.txt").write_bytes(GOOD + b"special")
    os.mkfifo(files / "pipe")
    (files / "inner" / "loop").symlink_to(files)
    (files / "link.txt").symlink_to("/etc/hostname")
    (files / "dangling").symlink_to(files / "nowhere")
    (files / "empty").touch()
    with (files / "sparse").open("wb") as file:
        file.truncate(200 * 1024 * 1024 + 1)

    found = told(ingest(home, [files], tmp_path, timeout=60))

    words = {os.fsdecode(path).removeprefix(f"{files}/"): lines[0]["error"] for path, lines in found.items()}
    assert set(words) == {"good.txt", "pipe", "inner/loop", "link.txt", "dangling", "empty", "sparse"}
    assert words.pop("good.txt") is None
    assert "not a regular file" in words["pipe"]
    assert "link" in words["inner/loop"]
    assert "link" in words["link.txt"]
    assert "empty" in words["empty"]
    assert "209,715,200" in words["sparse"]


def test_what_is_not_there_is_said(home, tmp_path):
    paths = [
        tmp_path / "none.txt",
        tmp_path / ("n" * 4_000),
        b"\xff\xfe-none",
        "/dev/zero",
        "/proc/self/mem",
        "/dev/null",
    ]

    found = told(ingest(home, paths, tmp_path, timeout=60))

    assert len(found) == len(paths)
    assert all(lines[0]["error"] for lines in found.values())


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_what_may_not_be_read_is_said(home, tmp_path):
    (tmp_path / "shut.txt").write_bytes(GOOD)
    (tmp_path / "shut.txt").chmod(0)
    (tmp_path / "folder").mkdir(mode=0)

    found = told(ingest(home, [tmp_path / "shut.txt", tmp_path / "folder"], tmp_path))

    assert all("Permission denied" in lines[0]["error"] for lines in found.values())


@contextlib.contextmanager
def growing(path: Path) -> Iterator[None]:
    stop = threading.Event()

    def grow() -> None:
        with path.open("ab") as file:
            while not stop.is_set():
                file.write(b"more@mail.example\n")
                file.flush()
                time.sleep(0.001)

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_file_that_grows_is_taken_as_it_was(home, tmp_path):
    path = tmp_path / "growing.log"
    path.write_bytes(GOOD + b"growing")
    with growing(path):
        found = told(ingest(home, [path], tmp_path, timeout=60))

    ((line,),) = found.values()
    assert line["error"] is None
    with harness.database(home) as conn:
        ((size, kept),) = conn.execute(
            "select p.size, o.size from reports_part p join vault_original o on o.id = p.original_id where p.name = 'growing.log'"
        ).fetchall()
    assert size == kept


def test_standard_input_is_bounded_too(home, tmp_path):
    with Path("/dev/zero").open("rb") as endless:
        found = told(ingest(home, ["-"], tmp_path, stdin=endless))

    assert "209,715,200" in found[b"-"][0]["error"]
    assert list((home / "tmp").iterdir()) == []


# --- as large as they may be ------------------------------------------------------------------------

MEGABYTE = 1 << 20
LARGEST = 200 * MEGABYTE


def repeated(head: bytes, line: bytes, tail: bytes = b"") -> bytes:
    return head + line * ((LARGEST - len(head) - len(tail)) // len(line)) + tail


LARGE = {
    "one-line.txt": lambda: b"x" * LARGEST,
    "one-line-of-words.txt": lambda: repeated(b"", b"word "),
    "addresses.txt": lambda: b"".join(b"q%d@mail.example\n" % n for n in range(1_000_000)),
    "rows.csv": lambda: (
        b"email,phone\n"
        + b"".join(b"q%d@mail.example,+447700900%03d\n" % (n, n % 1000) for n in range(1_000_000))
    ),
    "chat.txt": lambda: b"".join(
        b"[01/02/2026, 10:%02d:%02d] Harbour: message %d\n" % (n // 60 % 60, n % 60, n)
        for n in range(1_000_000)
    ),
    "nested.json": lambda: repeated(b"", b"["),
    "numbers.json": lambda: repeated(b'{"reportId": 1, "x": [', b"1,", b"1]}"),
    "elements.xml": lambda: repeated(b"<reportRequest>", b"<a/>", b"</reportRequest>"),
    "header.eml": lambda: repeated(b"From: quayside@mail.example\r\nSubject: ", b"x"),
    "mails.mbox": lambda: repeated(
        b"", b"From x Thu Jan  1 00:00:00 2026\nFrom: quayside@mail.example\n\nhello\n\n"
    ),
    "noise.bin": lambda: os.urandom(LARGEST),
    "nul.bin": lambda: bytes(LARGEST),
}


@pytest.mark.long
@pytest.mark.parametrize("name", LARGE)
def test_the_largest_end_in_time_and_memory(home, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(LARGE[name]())

    found = told(ingest(home, [path], tmp_path, timeout=1_800))

    ((line,),) = found.values()
    assert line["report"]
    path.unlink()


# --- all of them ------------------------------------------------------------------------------------


def test_the_same_files_are_made_again(samples, tmp_path):
    made = [
        {name: data for _, (name, _, data) in generator.contents(samples, seed=suite.SEED, every=200)}
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert [data for _, data in suite.mutants(300)] == [data for _, data in suite.mutants(300)]


def test_every_source_is_among_them(samples):
    """A source that is registered is tried: cut, spoilt, swollen and with odd characters."""
    tried = {(kind, name.partition("-")[0]) for kind, (name, _, _) in formats.attacks(suite.SEED)}
    kinds = {kind for kind, _ in tried} - {"polyglots"}
    assert len(kinds) == 4
    assert {(kind, folder) for kind in kinds for folder in sources.FOLDERS} <= tried


def test_some_mutants_of_good_files(samples):
    line = suite.parse(suite.Line(suite.MUTATED), suite.mutants(400))

    assert line.faults == []


@pytest.mark.long
def test_all_of_it():
    """At least 2,000 hostile files and 20,000 mutations: all sealed or refused, nothing fails, nothing slips out."""
    lines = list(suite.run())

    assert [fault for line in lines for fault in line.faults] == []
    assert [line.kind for line in lines if line.failed] == []
    files = [line for line in lines if line.kind not in {suite.MUTATED, suite.TAKEN_IN}]
    assert sum(line.tried for line in files) >= 2_000
    assert all(line.tried == line.sealed + line.refused for line in lines if line.kind != suite.MUTATED)
    assert next(line.tried for line in lines if line.kind == suite.MUTATED) == suite.MUTANTS
    assert suite.slipped_out() == []
