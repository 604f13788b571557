"""The parser's process, with real processes and real hostile files: whatever happens, the caller gets a last row."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cets.domains.intake.parser import child, process, wire
from cets.domains.intake.parser.client import (
    Limits,
    Outcome,
    Parser,
    ParserUnavailable,
    Parsing,
    plaintext_file,
)
from cets.domains.intake.rows import AnyRow, Failed, FreeText, MemberStart, Message, NotUnderstood, Sighting
from cets.domains.intake.sources.base import Options

SMALL = b"Write to kestrel_blue@mail.example or ring +44 7700 900123.\n"
LONG = b"nothing of note stands in this line\n" * 60_000


@pytest.fixture
def parser() -> Iterator[Parser]:
    with Parser() as made:
        yield made


def read(
    parser: Parser, content: bytes, *, limits: Limits | None = None, source: str | None = None
) -> tuple[list[AnyRow], Outcome]:
    parsing = parser.parse(
        io.BytesIO(content), len(content), Options(country="GB"), limits=limits, source=source
    )
    return list(parsing), outcome_of(parsing)


def outcome_of(parsing: Parsing) -> Outcome:
    assert parsing.outcome is not None
    return parsing.outcome


def test_no_text_holds_what_the_database_cannot() -> None:
    """Whatever a source leaves in a text: half a surrogate pair, NUL, also in headers and facts."""
    odd = Message(
        number=0, text="a\x00b", place="line 1", headers=(("Beside", "\x00\ud83d"),), attachments=("\\u0000",)
    )
    plain = Message(number=0, text="no zero byte but that of the number", place="line 1")

    (mended, same) = wire.decode_rows(b"\x92" + child._encode(odd) + child._encode(plain))

    assert isinstance(mended, Message)
    assert (mended.text, mended.headers, mended.attachments) == (
        "a␀b",
        (("Beside", "␀\ufffd"),),
        ("\\u0000",),
    )
    assert same == plain


def test_a_source_that_keeps_nul_fails_no_file(parser: Parser) -> None:
    log = b"1\tkestrel_blue\tharbour\x00\t192.0.2.7\t2026/03/14 20:00:00\n" * 3
    rows, outcome = read(parser, log, source="kik_return")

    assert outcome.failed is None
    assert b"\x00" not in msgspec.json.encode(rows)
    assert b"\\u0000" not in msgspec.json.encode(rows)
    assert any("harbour␀" in str(row) for row in rows)


def pid_of(parser: Parser) -> int:
    assert parser.pid is not None
    return parser.pid


def is_gone(pid: int | str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_rows_come_back_with_who_read_them(parser: Parser) -> None:
    rows, outcome = read(parser, SMALL)

    assert FreeText(text=SMALL.decode().strip(), place="line 1") in rows
    assert {row.value.value for row in rows if isinstance(row, Sighting)} == {
        "kestrel_blue@mail.example",
        "+447700900123",
    }
    assert (outcome.source, outcome.version, outcome.failed) == ("text", "3", None)
    assert outcome.rows == len(rows)
    assert (outcome.peak_memory or 0) > 1_000_000


def test_a_callers_file_is_neither_moved_nor_closed(parser: Parser) -> None:
    with plaintext_file(len(SMALL)) as file:
        file.write(SMALL)
        file.flush()
        file.seek(7)

        by_number = list(parser.parse(file.fileno(), len(SMALL), Options(country="GB")))
        by_file = list(parser.parse(file, len(SMALL), Options(country="GB")))

        assert by_number == by_file
        assert len(by_number) == 3
        assert file.tell() == 7


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "The file is empty."), (bytes(range(256)) * 40, "no format"), (b'{"some": "json"}', "no format")],
)
def test_what_nobody_reads_is_said(parser: Parser, content: bytes, said: str) -> None:
    (row, *_), outcome = read(parser, content)  # behind it what was found all the same

    assert isinstance(row, NotUnderstood)
    assert said in row.text
    assert outcome.source is None


def test_one_process_serves_many_files(parser: Parser) -> None:
    read(parser, SMALL)
    pid = pid_of(parser)

    for _ in range(50):
        read(parser, SMALL)

    assert parser.pid == pid


def test_a_process_is_replaced_after_its_share_of_files() -> None:
    with Parser(Limits(files_per_process=2)) as parser:
        read(parser, SMALL)
        first = pid_of(parser)
        read(parser, SMALL)
        assert parser.pid is None
        rows, _ = read(parser, SMALL)

        assert rows
        assert parser.pid != first
        assert is_gone(first)


def test_a_swollen_process_is_replaced() -> None:
    with Parser(Limits(resident=1)) as parser:
        read(parser, SMALL)

        assert parser.pid is None


def test_kill_in_the_middle_ends_with_the_reason_and_the_next_file_is_read(parser: Parser) -> None:
    parsing = parser.parse(io.BytesIO(LONG), len(LONG), Options())
    first = next(parsing)
    pid = pid_of(parser)
    os.kill(pid, signal.SIGKILL)

    rest = list(parsing)

    assert isinstance(first, FreeText)
    assert isinstance(rest[-1], Failed)
    assert "killed" in str(outcome_of(parsing).failed)
    assert is_gone(pid)
    assert read(parser, SMALL)[1].failed is None


def test_a_process_that_died_while_idle_costs_no_file(parser: Parser) -> None:
    read(parser, SMALL)
    os.kill(pid_of(parser), signal.SIGKILL)
    time.sleep(0.05)

    rows, outcome = read(parser, SMALL)

    assert len(rows) == 3 or "killed" in str(outcome.failed)
    assert read(parser, SMALL)[1].failed is None


def test_a_hung_process_is_ended_at_the_time_limit(parser: Parser) -> None:
    read(parser, SMALL)
    pid = pid_of(parser)
    os.kill(pid, signal.SIGSTOP)

    rows, outcome = read(parser, SMALL, limits=Limits(seconds=0.3))

    assert rows == [Failed(reason="Stopped at the time limit of 1 seconds.")]
    assert outcome.source is None
    assert is_gone(pid)


def test_a_slow_caller_does_not_use_up_the_time(parser: Parser) -> None:
    parsing = parser.parse(
        io.BytesIO(LONG), len(LONG), Options(), limits=Limits(seconds=30, seconds_per_megabyte=0)
    )
    next(parsing)
    before = parsing._left
    time.sleep(0.2)
    next(parsing)

    assert before - parsing._left < 0.1


def test_processor_time_is_limited_in_the_process_itself(parser: Parser) -> None:
    read(parser, SMALL, limits=Limits(seconds=7, seconds_per_megabyte=0))
    limits = Path(f"/proc/{parser.pid}/limits").read_text()

    soft = next(line for line in limits.splitlines() if line.startswith("Max cpu time")).split()[3]
    assert 7 <= int(soft) <= 12


def test_memory_stays_under_the_limit_and_the_limit_is_named() -> None:
    limits = Limits(memory=220_000_000)
    mail = b"From: a@mail.example\nTo: b@mail.example\nSubject: long\n\n" + b"words without end " * 6_000_000
    with Parser(limits) as parser:
        parsing = parser.parse(io.BytesIO(mail), len(mail), Options(max_text=10**9))
        rows = list(parsing)
        after, _ = read(parser, SMALL)

    assert rows[-1] == Failed(reason="Stopped at the memory limit of 220 MB.")
    assert outcome_of(parsing).failed == "Stopped at the memory limit of 220 MB."
    assert (outcome_of(parsing).peak_memory or 0) < limits.memory
    assert len(after) == 3


def test_rows_are_limited(parser: Parser) -> None:
    rows, outcome = read(parser, LONG, limits=Limits(rows=100))

    assert len(rows) == 101
    assert rows[-1] == Failed(reason="Stopped at the limit of 100 rows.")
    assert outcome.failed == "Stopped at the limit of 100 rows."


def test_output_is_limited(parser: Parser) -> None:
    rows, _ = read(parser, LONG, limits=Limits(output=200_000))

    assert rows[-1] == Failed(reason="Stopped at the output limit of 0 MB.")


def test_a_parse_given_up_leaves_nothing_behind(parser: Parser) -> None:
    given_up = parser.parse(io.BytesIO(LONG), len(LONG), Options())
    next(given_up)
    pid = pid_of(parser)

    rows, _ = read(parser, SMALL)

    assert len(rows) == 3
    assert is_gone(pid)
    assert list(given_up)[-1:] != rows[-1:]
    assert "Given up" in str(outcome_of(given_up).failed)


def test_no_descriptor_and_no_folder_is_left_open() -> None:
    before = open_files()
    with Parser(Limits(files_per_process=3)) as parser:
        for turn in range(12):
            read(parser, SMALL)
            if turn % 4 == 1 and parser.pid:
                os.kill(parser.pid, signal.SIGKILL)
        scratch = Path(parser._ready().scratch)
        assert scratch.is_dir()

    assert open_files() == before
    assert not scratch.exists()


def test_a_failed_member_does_not_fail_the_archive(parser: Parser) -> None:
    import zipfile

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.txt", SMALL)
        archive.writestr("b.bin", bytes(range(256)) * 20)
    rows, outcome = read(parser, content.getvalue())

    assert [row.source for row in rows if isinstance(row, MemberStart)] == ["text", None]
    assert (outcome.source, outcome.failed) == ("zip", None)


def broken_off(parser: Parser, *, kill_at: str, number: int = signal.SIGABRT) -> tuple[list[AnyRow], Outcome]:
    """Read an archive, and end the process while it reads one member, as a library that aborts does."""
    import zipfile

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("a.txt", SMALL),
            ("b.txt", LONG),
            ("c.txt", SMALL),
            ("d.txt", LONG),
            ("e.txt", SMALL),
        ):
            archive.writestr(name, text)
    packed = content.getvalue()
    parsing = parser.parse(io.BytesIO(packed), len(packed), Options(country="GB"))
    rows: list[AnyRow] = []
    member = ""
    for row in parsing:
        rows.append(row)
        if isinstance(row, MemberStart):
            member = row.name
        elif isinstance(row, FreeText) and member in kill_at:
            kill_at = kill_at.replace(member, "")
            os.kill(pid_of(parser), number)
    return rows, outcome_of(parsing)


def members_in(rows: list[AnyRow]) -> dict[str, list[AnyRow]]:
    found: dict[str, list[AnyRow]] = {}
    for row in rows:
        if isinstance(row, MemberStart):
            assert row.name not in found
            found[row.name] = []
        else:
            found[list(found)[-1]].append(row)
    return found


def test_a_member_that_ends_the_process_costs_no_other(parser: Parser) -> None:
    rows, outcome = broken_off(parser, kill_at="b.txt d.txt")

    found = members_in(rows)
    assert list(found) == ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"]
    assert found["a.txt"] == found["c.txt"] == found["e.txt"]
    assert len([row for row in found["e.txt"] if isinstance(row, Sighting)]) == 2
    failed = {name: [r.reason for r in own if isinstance(r, Failed)] for name, own in found.items()}
    assert [name for name, reasons in failed.items() if reasons] == ["b.txt", "d.txt"]
    assert "SIGABRT" in failed["b.txt"][0]
    assert "ended at this file" in failed["b.txt"][0]
    assert (outcome.failed, outcome.lost) == (None, False)


def test_who_is_killed_from_outside_is_read_again_as_a_whole(parser: Parser) -> None:
    rows, outcome = broken_off(parser, kill_at="b.txt", number=signal.SIGKILL)

    assert list(members_in(rows)) == ["a.txt", "b.txt"]
    assert outcome.lost


def test_an_archive_that_ends_process_after_process_is_given_up_and_says_so(
    parser: Parser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cets.domains.intake.parser.client.MOST_CRASHES", 1)

    rows, outcome = broken_off(parser, kill_at="b.txt d.txt")

    found = members_in(rows)
    assert list(found) == ["a.txt", "b.txt", "c.txt", "d.txt"]
    said = found["d.txt"][-1]
    assert isinstance(said, NotUnderstood)
    assert "behind this file" in said.text
    assert said.sort == "limit"
    assert "SIGABRT" in str(outcome.failed)
    assert not outcome.lost


def test_a_broken_off_archive_leaves_no_descriptor_open() -> None:
    before = open_files()
    with Parser() as parser:
        broken_off(parser, kill_at="b.txt d.txt")
        given_up = parser.parse(io.BytesIO(LONG), len(LONG), Options())
        next(given_up)

    assert open_files() == before


def test_the_named_source_is_used_without_recognising(parser: Parser) -> None:
    rows, outcome = read(parser, b"From: a@mail.example\nSubject: x\n\nhello", source="text")

    assert outcome.source == "text"
    assert not any(isinstance(row, Message) for row in rows)


def test_a_process_that_cannot_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_COMMAND", ("-c", "raise SystemExit(3)"))
    before = open_files()
    with Parser() as parser, pytest.raises(ParserUnavailable, match="could not be started"):
        read(parser, SMALL)

    assert open_files() == before


def test_half_characters_cross_the_wire() -> None:
    row = FreeText(text="a\ud800b", place="line 1")

    (back,) = wire.decode_rows(b"\x91" + child._encode(row))

    assert back == FreeText(text="a\ufffdb", place="line 1")


def test_a_frame_of_absurd_length_is_refused() -> None:
    with pytest.raises(wire.BrokenFrame):
        wire.open_head(wire.HEAD.pack(wire.ROWS, wire.MAX_FRAME + 1))


def test_only_rows_are_decoded() -> None:
    with pytest.raises(msgspec.MsgspecError):
        wire.decode_rows(wire.encode([{"row": "unheard of"}]))


def test_the_process_imports_neither_django_nor_keys_nor_drivers() -> None:
    code = (
        "import sys; from cets.domains.intake.parser import child; child.sources.all_sources();"
        "print([name for name in ('django', 'psycopg', 'cryptography', 'pyrage', 'obstore', 'asyncio')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_the_process_ends_with_its_caller() -> None:
    code = (
        "import os; from cets.domains.intake.parser.client import Parser;"
        "p = Parser(); p.confined; print(p.pid, p._child.scratch, flush=True); os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    pid, scratch = done.stdout.split()

    deadline = time.monotonic() + 5
    while not is_gone(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert is_gone(pid)
    Path(scratch).rmdir()


@pytest.mark.skipif(sys.platform != "linux", reason="confinement is Linux's")
def test_a_confined_process_reaches_no_file_no_network_and_no_program(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    code = f"""
import os, socket, sys
from cets.domains.intake.parser import confine
confine.limit(memory=512_000_000)
held = confine.confine({str(scratch)!r})
def tried(action):
    try:
        action()
    except OSError:
        return "refused"
    return "done"
print(held)
print(tried(lambda: open({str(secret)!r})))
print(tried(lambda: open({str(tmp_path / "new")!r}, "w")))
print(tried(lambda: socket.socket(socket.AF_UNIX)))
print(tried(lambda: os.execv("/bin/true", ["true"])))
print(tried(lambda: open({str(scratch / "spool")!r}, "w")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    held, reading, writing, sockets, programs, scratching = done.stdout.splitlines()

    if "no foreign files" in held:
        assert (reading, writing) == ("refused", "refused")
    if "no foreign calls" in held:
        assert (sockets, programs) == ("refused", "refused")
    assert scratching == "done"


@pytest.mark.skipif(sys.platform != "linux", reason="confinement is Linux's")
def test_a_confined_process_has_no_descriptor_signal_others(tmp_path: Path) -> None:
    code = f"""
import ctypes, fcntl, os, signal, socket
from cets.domains.intake.parser import confine
mine, _ = socket.socketpair()
other, own = os.getppid(), ctypes.c_int(os.getppid())
held = confine.confine({str(tmp_path)!r})
def tried(command, value, call=fcntl.fcntl):
    try:
        call(mine, command, value)
    except PermissionError:
        return "refused"
    return "done"
print("no foreign calls" in held)
print(tried(fcntl.F_SETOWN, other), tried(fcntl.F_SETSIG, signal.SIGKILL), tried(15, bytes(8)))
print(tried(0x8901, own, fcntl.ioctl), tried(0x8902, own, fcntl.ioctl), tried(fcntl.F_GETFL, 0))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    has_filter, *told = done.stdout.splitlines()

    if has_filter == "True":
        assert told == ["refused refused refused", "refused refused done"]


MEGABYTE = 1_000_000
MAIL = b"From robin@mail.example Fri Apr  3 21:16:04 2026\nFrom: robin@mail.example\nTo: desk@force.example\nSubject: s\n"
PICTURE = (
    b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n" + (b"QUJD" * 19 + b"\n") * 400 + b"\n"
)


@pytest.mark.long
@pytest.mark.parametrize(
    ("head", "piece", "source"),
    [
        (b"", MAIL + PICTURE, "mbox"),
        (MAIL.partition(b"\n")[2] + b"\n", b"words and more words\n" * 1000, "eml"),
        (b"", b"x" * 1000, "text"),
        (b"13/04/2026, 10:00 - Robin: start\n", b"more words on it\n" * 1000, "whatsapp"),
    ],
    ids=["mailbox", "endless mail", "one line", "one message"],
)
def test_200_megabytes_of_one_kind(
    parser: Parser, tmp_path: Path, head: bytes, piece: bytes, source: str
) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.write(head)
        while file.tell() < 200 * MEGABYTE:
            file.write(piece * 20)
    with path.open("rb") as file:
        parsing = parser.parse(file, path.stat().st_size, Options(country="GB"))
        rows = sum(1 for _ in parsing)

    outcome = outcome_of(parsing)
    assert (outcome.source, outcome.failed) == (source, None)
    assert rows
    assert (outcome.peak_memory or 0) < 512 * MEGABYTE
