"""Whoever takes the parser over reaches nothing: no key, no file, no network, no other process, not the whole machine."""

import io
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cets.domains.intake.parser import confine, process, walls
from cets.domains.intake.parser.client import Limits, Parser
from cets.domains.intake.rows import Failed, FreeText
from cets.domains.intake.sources.base import Options
from hostile import escapes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what holds here is Linux's")
ALL_STEPS = {confine.NO_PRIVILEGES, confine.NO_NETWORK, confine.NO_FILES, confine.NO_CALLS}
CODE = Path(escapes.__file__).read_text()


@pytest.fixture(params=["by itself", "under bubblewrap"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    chosen: str = request.param
    if chosen == "by itself":
        monkeypatch.setattr(walls, "walls", lambda: walls.Walls(missing="left out by the test"))
    elif missing := walls.walls().missing:
        pytest.skip(missing)
    return chosen


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Things worth reaching, all of them real: a key, servers that answer, a process to harm."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "key").write_text("the key")
    abstract = f"cets-{secrets.token_hex(8)}"
    short = Path(os.path.relpath(tmp_path))
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX) as by_file,
        socket.socket(socket.AF_UNIX) as by_name,
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"]) as victim,
    ):
        by_file.bind(str(short / "socket"))
        by_file.listen()
        by_name.bind("\0" + abstract)
        by_name.listen()
        yield {
            "home": str(home), "key": str(home / "key"), "code": str(Path(confine.__file__).parent), "port": tcp.getsockname()[1],
            "socket": str(tmp_path / "socket"), "abstract": abstract, "database": str(tmp_path / ".s.PGSQL.5432"), "victim": victim.pid,
        }  # fmt: skip
        assert victim.poll() is None
        victim.send_signal(signal.SIGKILL)
    assert (home / "key").read_text() == "the key"
    assert list(home.iterdir()) == [home / "key"]


def attempted(facts: dict[str, Any]) -> tuple[dict[str, str], Parser]:
    content = json.dumps(facts | {"walled": bool(walls.walls().before)}).encode()
    with Parser(Limits(seconds=60)) as parser:
        rows = list(parser.parse(io.BytesIO(content), len(content), Options(), source="text"))
        assert not any(isinstance(row, Failed) for row in rows), rows
        told = [json.loads(row.text) for row in rows if isinstance(row, FreeText)]
        if not set(parser.confined) >= ALL_STEPS:
            pytest.skip(f"this system refuses some steps: {parser.confined} is all that holds")
        return dict(told), parser


def test_every_way_out_is_shut(way: str, facts: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_COMMAND", ("-s", "-P", "-X", "utf8", "-c", CODE))

    reached, _ = attempted(facts)

    assert set(reached) == set(escapes.ATTEMPTS)
    assert {name: what for name, what in reached.items() if what} == {}


def test_without_the_walls_the_same_attempts_succeed(facts: dict[str, Any]) -> None:
    """The attempts are real: an unconfined process reaches what they reach for."""
    harmless = ("read a key", "list the instance", "list the temporary folder", "connect by IPv4", "connect by a file", "fork",
                "connect by an abstract name", "read of other processes", "hold another process", "begin threads",
                "take memory without a name", "open files without end")  # fmt: skip
    for name in harmless:
        assert escapes.ATTEMPTS[name](facts), name


def test_a_parser_started_by_root_is_not_root(way: str) -> None:
    with Parser() as parser:
        if os.geteuid() == 0 and confine.OWN_USER not in parser.confined:
            pytest.skip("this system lets root not become another user")
        assert parser.user == (walls.NOBODY if os.geteuid() == 0 else os.geteuid())
        status = Path(f"/proc/{parser.pid}/status").read_text()
    capabilities = {line.split()[1] for line in status.splitlines() if line.startswith(("CapPrm", "CapEff"))}
    if os.geteuid() == 0:
        assert capabilities == {"0" * 16}


def test_it_sees_its_own_processes_alone(way: str, facts: dict[str, Any]) -> None:
    if way == "by itself":
        pytest.skip("that takes bubblewrap")
    with Parser() as parser:
        assert parser.confined
        ours, its = (Path(f"/proc/{pid}/ns/pid").readlink() for pid in ("self", parser.pid))
    assert ours != its


def test_what_it_writes_is_limited_as_a_whole(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many files, each within its own limit: named, and without a name."""
    for opened in ('open(f"part{n}", "wb")', "__import__('tempfile').TemporaryFile()"):
        code = f"""
import sys, time
from cets.domains.intake.parser import child
def read_rows(source, file, request):
    held = []
    for n in range(40):
        held.append({opened})
        held[-1].write(bytes(2 << 20))
        held[-1].flush()
    time.sleep(20)
    yield child.NotUnderstood(text="written")
child.read_rows = read_rows
child.main(sys.argv[1:])
"""
        monkeypatch.setattr(process, "_COMMAND", ("-s", "-P", "-X", "utf8", "-c", code))
        with Parser() as parser:
            rows = list(parser.parse(io.BytesIO(b"x"), 1, Options(), limits=Limits(scratch=50_000_000)))
            scratch = parser._child
        assert rows == [Failed(reason="Stopped at the limit of 50 MB that are unpacked at a time.")]
        assert scratch is None
