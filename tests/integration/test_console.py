"""The command line's contract: keys, types, exit statuses, and what is masked, with the real commands."""

import json
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from resilience import harness

INGEST: dict[str, tuple[type, ...]] = {
    "file": (str,), "source": (str, type(None)), "report": (str, type(None)), "duplicate_of": (str, type(None)), "sightings": (int,),
    "identifiers": (int,), "messages": (int,), "traces": (int,), "hits": (int,), "not_understood": (list,), "ambiguous": (list,),
    "error": (str, type(None)), "seconds": (float, int),
}  # fmt: skip
SHOWN: dict[str, tuple[type, ...]] = {
    "kind": (str,), "value": (str,), "raw": (str,), "way": (str,), "role": (str,), "places": (list,), "common": (str, type(None)),
}  # fmt: skip
HIT: dict[str, tuple[type, ...]] = {
    "identifier": (dict,), "bits": (float, int), "why": (str,), "mine": (list,), "theirs": (list,), "owner": (str,), "due": (str,), "next": (str,),
}  # fmt: skip
THEIRS = {"level", "agency", "reference", "contact"}
CHILD = "harbourlight14@mail.example"
CHILD_PHONE = "+447700900457"


def checked(line: dict[str, Any], keys: dict[str, tuple[type, ...]]) -> dict[str, Any]:
    assert set(keys) <= set(line), set(keys) - set(line)
    for key, kinds in keys.items():
        assert type(line[key]) in kinds, (key, line[key])
    return line


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return harness.make_home(tmp_path_factory.mktemp("console") / "home", "ESX", "NTH", "WST")


def ingest(
    home: Path, *words: str | Path, agency: str = "ESX", status: int | None = 0, **how: Any
) -> list[dict[str, Any]]:
    done = harness.run("ingest", "--home", home, "--agency", agency, "--json", *words, status=status, **how)
    return [checked(line, INGEST) for line in harness.lines(done)]


def told(home: Path, *words: str | Path, status: int | None = 0) -> list[dict[str, Any]]:
    return harness.lines(harness.run(*words, "--home", home, "--json", status=status))


def written(path: Path, words: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(words if isinstance(words, bytes) else words.encode())
    return path


# --- taking in ------------------------------------------------------------------------------------


def test_a_file_gives_one_line(home, tmp_path):
    path = written(tmp_path / "one.txt", "Write to quay-one@mail.example from 198.51.100.24.")

    (line,) = ingest(home, path)

    assert line["file"] == str(path)
    assert line["source"] == "text"
    assert line["report"].startswith("CETS-ESX-20")
    assert (line["sightings"], line["identifiers"], line["error"], line["duplicate_of"]) == (2, 2, None, None)
    assert "joins" not in line


def test_standard_input_prints_a_dash(home):
    done = subprocess.run(
        [*harness.COMMAND, "ingest", "--home", str(home), "--agency", "ESX", "--json", "-"], input=b"quay-two@mail.example", capture_output=True,
        env=harness.environment(), check=True,
    )  # fmt: skip
    (line,) = harness.lines(done)
    assert checked(line, INGEST)["file"] == "-"
    assert line["sightings"] == 1


def test_a_folder_gives_a_line_for_each_file(home, tmp_path):
    files = [
        written(tmp_path / "all" / name, f"quay-{number}@mail.example")
        for number, name in enumerate(("b.txt", "a.txt", "in/c.txt"))
    ]

    lines = ingest(home, tmp_path / "all")

    assert {line["file"] for line in lines} == {str(path) for path in files}


def test_the_same_file_twice_is_said(home, tmp_path):
    path = written(tmp_path / "again.txt", "quay-again@mail.example")
    (first,) = ingest(home, path)

    (second,) = ingest(home, path)
    (elsewhere,) = ingest(home, path, agency="NTH")
    same = ingest(
        home,
        written(tmp_path / "twin-1.txt", "quay-twin@mail.example"),
        written(tmp_path / "twin-2.txt", "quay-twin@mail.example"),
    )

    assert second["report"] == second["duplicate_of"] == first["report"]
    assert elsewhere["duplicate_of"] is None
    assert same[1]["report"] == same[1]["duplicate_of"] == same[0]["report"]


def test_the_same_file_at_another_level_changes_none_and_says_so(home, tmp_path):
    path = written(tmp_path / "level.txt", "quay-level@mail.example")
    (first,) = ingest(home, path)
    (same,) = ingest(home, path)
    (silent,) = ingest(home, path, "--sharing", "silent")

    assert "sharing" not in first
    assert (same["sharing"], same.get("remarks")) == ("contact", None)
    assert silent["sharing"] == "contact"
    (remark,) = silent["remarks"]
    assert "silent was not applied" in remark
    assert first["report"] in remark


def test_a_supplement_joins_the_first(home, tmp_path):
    report = {"reportId": 900123, "reportedInformation": {"reportingEsp": {"espName": "Example Chat"}}}
    first_path = written(
        tmp_path / "first.json", json.dumps(report | {"dateReceived": "2026-03-01T10:00:00Z"})
    )
    second_path = written(
        tmp_path / "second.json", json.dumps(report | {"dateReceived": "2026-03-02T10:00:00Z"})
    )
    (first,) = ingest(home, first_path)
    (second,) = ingest(home, second_path)

    assert first["source"] == "cybertip_json"
    assert second["report"] == second["joins"] == first["report"]
    assert second["duplicate_of"] is None


def test_an_archive_gives_a_line_for_each_member(home, tmp_path):
    path = tmp_path / "outer.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("in/one.txt", "quay-zip@mail.example")
        archive.writestr("two.bin", bytes(range(256)) * 4)

    lines = ingest(home, path)

    assert [line["file"] for line in lines] == [f"{path}!/in/one.txt", f"{path}!/two.bin"]
    assert len({line["report"] for line in lines}) == 1
    assert lines[1]["not_understood"]
    assert lines[1]["error"] is None


def test_a_mailbox_is_one_report(home, tmp_path):
    mail = "From {n} Thu Jan  1 00:00:00 2026\nFrom: quay-m{n}@mail.example\nTo: b@mail.example\nDate: Thu, 1 Jan 2026 10:00:00 +0000\nSubject: x\n\nhello\n\n"
    (line,) = ingest(home, written(tmp_path / "all.mbox", "".join(mail.format(n=n) for n in range(3))))

    assert line["source"] == "mbox"
    assert line["identifiers"] == 4


def test_what_cannot_come_in_is_refused_and_the_rest_goes_on(home, tmp_path):
    good = written(tmp_path / "good.txt", "quay-good@mail.example")

    lines = ingest(home, tmp_path / "none.txt", good, written(tmp_path / "empty.txt", ""), status=1)

    assert [line["error"] is None for line in lines] == [False, True, False]
    assert [line["report"] is None for line in lines] == [True, False, True]


def test_what_is_not_understood_is_sealed(home, tmp_path):
    (line,) = ingest(home, written(tmp_path / "odd.bin", b"\x89odd" + bytes(range(256)) * 8))

    assert line["report"] is not None
    assert line["source"] is None
    assert line["error"] is None
    assert line["not_understood"]


@pytest.mark.parametrize(
    "words",
    [
        ("ingest", "--agency", "NOBODY", "x.txt"), ("ingest", "x.txt"), ("ingest", "--agency", "ESX"),
        ("ingest", "--agency", "ESX", "--sharing", "all", "x.txt"), ("hits", "--agency", "NOBODY"), ("search", "--agency", "ESX"), ("nothing",),
    ],
)  # fmt: skip
def test_wrong_use_is_two(home, words):
    done = harness.run(*words, *(() if words == ("nothing",) else ("--home", home)), status=2)

    assert done.stdout == b""
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("query", ["", " \t "])
def test_a_search_for_nothing_is_wrong_use(home, query):
    done = harness.run("search", query, "--agency", "ESX", "--home", home, status=2)

    assert done.stdout == b""
    assert done.stderr.startswith(b"There is nothing to search for")


@pytest.fixture
def _heeded_interrupt() -> Iterator[None]:
    """Undo what a shell does to commands in its background, of which these tests may be one: they ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_heeded_interrupt")
def test_a_stopped_ingest_says_what_is_kept(home, tmp_path):
    # Its standard input gives nothing yet, so it is stopped while it waits for it.
    command = [*harness.COMMAND, "ingest", "--agency", "ESX", "--home", home, "--json", "-"]
    with subprocess.Popen(
        command, env=harness.environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        process.stdin.write(b"quay-stopped@mail.example")
        process.stdin.flush()
        harness.wait_until(lambda: begun(process.pid), seconds=60, what="it reads")
        process.send_signal(signal.SIGINT)
        output, said = process.communicate(timeout=60)

    assert (process.returncode, output) == (130, b"")
    assert said.decode().startswith("Stopped. What was sealed by then is kept")
    assert len(said.splitlines()) == 1, said.decode()


def begun(pid: int) -> bool:
    """Whether a command has its temporary copy of the standard input, and so has begun to take in."""
    links = []
    for path in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # it was closed while we looked
            links.append(str(path.readlink()))
    return any("/tmp/" in link and link.endswith("(deleted)") for link in links)


def test_a_folder_without_an_instance_is_said(tmp_path):
    done = harness.run("hits", "--agency", "ESX", "--home", tmp_path, status=1)

    assert b"cets init" in done.stderr


def test_a_code_is_taken_in_any_case(home, tmp_path):
    (line,) = ingest(home, written(tmp_path / "any.txt", "quay-case@mail.example"), agency="esx")

    assert line["report"].startswith("CETS-ESX-")


def test_agency_and_person_agree_or_it_is_wrong_use(home, tmp_path):
    who = ("--as", "first@centre.example", "--home", home)
    path = written(tmp_path / "whose.txt", "quay-whose@mail.example")

    done = harness.run("ingest", "--agency", "NTH", *who, path, status=2)
    refused = harness.run("hits", "--agency", "centre", *who, status=1)

    assert b"first@centre.example acts for CENTRE, not for NTH" in done.stderr
    assert b"Your role does not allow this" in refused.stderr, "the agency agrees, in any case of its letters"
    (line,) = ingest(home, path)
    assert line["duplicate_of"] is None


@pytest.mark.parametrize("purpose", ["", "  "])
def test_a_look_without_a_purpose_is_wrong_use(home, purpose):
    done = harness.run("hits", "--agency", "ESX", "--purpose", purpose, "--home", home, status=2)

    assert b"purpose is recorded" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--port", "99999"), "65535"), (("--port", "0"), "1"), (("--host", "192.0.2.1"), "192.0.2.1"), (("--host", "desk.invalid"), "desk.invalid"),
    ],
)  # fmt: skip
def test_where_the_desk_cannot_listen_is_wrong_use(home, words, said):
    done = harness.run("up", *words, "--home", home, status=2)

    assert said in done.stderr.decode()
    assert "taken" not in done.stderr.decode()


def test_the_version_is_told():
    assert harness.run("--version").stdout == f"cets {metadata.version('cets')}\n".encode()


def test_closed_standard_input_is_a_refusal(home):
    done = in_shell(home, "ingest --agency ESX --json - <&-")

    (line,) = harness.lines(done.stdout)
    assert (done.returncode, line["error"], line["report"]) == (1, "Standard input is closed.", None)
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("doctor --json >/dev/full", 1, "No space left"),
        ("doctor >/dev/full", 1, "No space left"),
        ("--help >/dev/full", 1, "No space left"),
        ("doctor >&-", 2, "Standard output is closed"),
    ],
)
def test_an_output_that_takes_nothing_is_said(home, words, status, said):
    done = in_shell(home, words)

    assert (done.returncode, done.stdout) == (status, b"")
    assert said in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1, done.stderr.decode()


def in_shell(home: Path, words: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a command with the files that a shell gives it."""
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" "$@" {words}', *harness.COMMAND], env=harness.environment(CETS_HOME=str(home)), stdin=subprocess.DEVNULL,
        capture_output=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["init --demo-keys", "hits --agency ESX", "demo --only-load", "up"])
def test_a_home_that_is_a_file_is_said(tmp_path, command):
    done = harness.run(*command.split(), "--home", written(tmp_path / "file", "mine"), status=1)

    assert len(done.stderr.splitlines()) == 1, done.stderr.decode()
    assert str(tmp_path / "file") in done.stderr.decode()


@pytest.mark.parametrize("command", ["init --demo-keys", "hits --agency ESX", "demo", "up", "doctor"])
def test_the_settings_file_named_as_the_home_is_said_with_its_folder(home, command):
    done = harness.run(*command.split(), "--home", home / "cets.toml", status=1)

    said = f"{home / 'cets.toml'} is a file. Name the folder of the instance: --home {home}\n"
    assert done.stderr.decode() == said


def test_a_home_that_cannot_be_made_is_said():
    done = harness.run("init", "--demo-keys", "--home", "/proc/nope", status=1)

    assert done.stderr.decode().startswith("/proc/nope could not be used")


def test_commands_at_the_same_time_share_one_home(home, tmp_path):
    paths = [
        written(tmp_path / f"same-{number}.txt", f"quay-same{number % 2}@mail.example {number}")
        for number in range(4)
    ]
    with ThreadPoolExecutor(4) as pool:
        lines = [line for some in pool.map(lambda path: ingest(home, path), paths) for line in some]

    assert len({line["report"] for line in lines}) == 4
    assert all(line["error"] is None for line in lines)


# --- showing --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def meeting(home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Three agencies hold one man's address, at three levels; in one report a child's values stand beside it."""
    folder = tmp_path_factory.mktemp("meeting")
    table = f"email,phone,role\nmeeting-man@mail.example,,suspect\n{CHILD},{CHILD_PHONE},victim\n"
    found = {}
    for agency, level, name, words in (
        ("ESX", "open", "list.csv", table), ("NTH", "contact", "n.txt", "meeting-man@mail.example"), ("WST", "silent", "w.txt", f"meeting-man@mail.example {CHILD}"),
    ):  # fmt: skip
        (line,) = ingest(home, "--sharing", level, written(folder / name, words), agency=agency)
        found[agency] = line["report"]
    return found


def test_a_report_is_shown_with_its_identifiers(home, meeting):
    (shown,) = told(home, "report", "show", meeting["ESX"], "--agency", "ESX")

    identifiers = [checked(one, SHOWN) for one in shown["identifiers"]]
    assert "meeting-man@mail.example" in {one["value"] for one in identifiers}
    assert shown["reference"] == meeting["ESX"]


def test_another_agencys_report_is_not_there(home, meeting):
    done = harness.run(
        "report", "show", meeting["ESX"], "--agency", "NTH", "--home", home, "--json", status=1
    )
    missing = harness.run(
        "report", "show", "CETS-ESX-2026-999999", "--agency", "NTH", "--home", home, "--json", status=1
    )

    assert done.stdout == missing.stdout == b""
    assert done.stderr == missing.stderr


def test_hits_tell_what_each_level_allows(home, meeting):
    def theirs(agency: str) -> dict[str, dict[str, Any]]:
        lines = [checked(line, HIT) for line in told(home, "hits", "--agency", agency)]
        (line,) = (one for one in lines if one["identifier"]["value"] == "meeting-man@mail.example")
        assert line["mine"] == [meeting[agency]]
        assert all(set(one) >= THEIRS for one in line["theirs"])
        return {one["agency"]: one for one in line["theirs"]}

    nth = theirs("NTH")
    assert set(nth) == {"ESX"}
    assert nth["ESX"]["reference"] == meeting["ESX"]
    esx = theirs("ESX")
    assert set(esx) == {"NTH"}
    assert esx["NTH"]["reference"] is None
    assert esx["NTH"]["contact"]["phone"]
    assert set(theirs("WST")) == {"ESX", "NTH"}


def test_suppressed_hits_only_with_all(home, tmp_path):
    for agency in ("ESX", "NTH"):
        ingest(home, written(tmp_path / f"{agency}.txt", f"{agency} saw 127.0.0.1 there."), agency=agency)

    usual, full = told(home, "hits", "--agency", "ESX"), told(home, "hits", "--agency", "ESX", "--all")

    assert "127.0.0.1" not in {line["identifier"]["value"] for line in usual}
    (common,) = (line for line in full if line["identifier"]["value"] == "127.0.0.1")
    assert common["common"]


def test_search_says_what_and_where(home, meeting):
    found = told(home, "search", "--agency", "ESX", "meeting-man@mail.example")

    assert found
    for line in found:
        checked(line, {"type": (str,), "reference": (str, type(None)), "score": (float, int)})
        assert "identifier" in line or "snippet" in line


def test_a_childs_value_is_nowhere_unless_revealed(home, meeting, tmp_path):
    said = b"".join(
        harness.run(*words, "--agency", "ESX", "--home", home, "--json").stdout
        for words in (
            ("report", "show", meeting["ESX"]),
            ("hits", "--all"),
            ("search", "harbourlight14"),
            ("search", "meeting-man@mail.example"),
        )
    )
    again = harness.run(
        "ingest", "--agency", "ESX", "--home", home, "--json",
        written(tmp_path / "more.csv", f"email,phone,role,born\n{CHILD},{CHILD_PHONE} ext,victim,03/04/2012\n"),
    )  # fmt: skip
    for value in (CHILD, CHILD_PHONE, "harbourlight14"):
        assert value.encode() not in said, value
        assert value.encode() not in again.stdout, value

    (shown,) = told(home, "report", "show", meeting["ESX"], "--agency", "ESX", "--reveal")

    assert {CHILD, CHILD_PHONE} <= {one["value"] for one in shown["identifiers"]}
    with harness.database(home) as conn:
        ((count,),) = conn.execute(
            "select count(*) from audit_event where type = 'identifiers:identifier:revealed'"
        ).fetchall()
    assert count >= 2


# --- the others -----------------------------------------------------------------------------------


def test_the_proofs_end_with_a_summary(home, meeting):
    audit = told(home, "verify-audit")[-1]
    vault = told(home, "verify-vault")[-1]

    assert audit["intact"] is True
    assert type(audit["chained"]) is int
    assert vault["bad"] == 0
    assert vault["checked"] > 0


def test_an_agency_is_added_once(home):
    harness.run("agency", "add", "ESX", "--name", "Twice", "--country", "GB", "--home", home, status=1)


def test_doctor_tells_of_each_check(home):
    lines = told(home, "doctor", status=None)
    for line in lines:
        assert set(line) == {"check", "state", "found", "fix"}
        assert line["state"] in {"good", "failed", "note"}
        assert bool(line["fix"]) == (line["state"] != "good")
    protections = [
        line["check"].partition(": ")[2]
        for line in lines
        if line["check"].startswith("reading foreign files")
    ]
    steps = [
        "",
        "user",
        "bubblewrap",
        "no new privileges",
        "no network",
        "no foreign files",
        "no foreign calls",
    ]
    assert protections in (steps, [""])  # elsewhere than on Linux there are none
