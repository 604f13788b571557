"""What is told of a failure, and with which exit status the command ends."""

import errno
import socket
import sqlite3
import subprocess
import sys

import psycopg
import pytest
from django.db import OperationalError

from cets.kernel.errors import CetsError
from cets.sites.console import demonstrating, founding, upping
from cets.sites.console.commands import app
from cets.sites.console.output import Printer
from cets.sites.console.telling import WrongUse, stop_told, told
from cets.sites.desk.templatetags import desk


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (CetsError("It is not there."), 1, "It is not there."),
        (WrongUse("Say which."), 2, "Say which."),
        (PermissionError(errno.EROFS, "Read-only file system", "/srv/cets/postgres/users.lock"), 1, "/srv/cets/postgres/users.lock could not be used, and"),
        (OSError(errno.EXDEV, "Invalid cross-device link", b"/one", None, b"/two"), 1, "/one and /two could not be used, and"),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "Something could not be read or written, and"),
        (OperationalError("gone away"), 1, "The database did not answer: gone away"),
        (psycopg.OperationalError("gone away"), 1, "The database did not answer: gone away"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 1, ""),
    ],
)  # fmt: skip
def test_a_failure_is_a_sentence_and_a_status(capfd, error, status, said):
    with pytest.raises(SystemExit) as ended, told():
        raise error

    assert ended.value.code == status
    assert capfd.readouterr().err.startswith(said)


def test_what_nobody_expected_is_not_hidden():
    with pytest.raises(sqlite3.ProgrammingError), told():
        raise sqlite3.ProgrammingError("ours")


def test_a_stop_is_a_sentence_and_a_status(capfd):
    with pytest.raises(SystemExit) as ended, stop_told("Stopped. All is kept."):
        raise KeyboardInterrupt

    assert ended.value.code == 130
    assert capfd.readouterr().err == "Stopped. All is kept.\n"


def test_without_a_front_end_nothing_is_started(tmp_path, monkeypatch):
    """Else every page is an empty failure, though the desk was said to be ready."""
    monkeypatch.setattr(upping, "FRONT_END", tmp_path / "manifest.json")
    monkeypatch.setattr(upping, "free_port", lambda _: pytest.fail("began"))
    home = founding.make_home(tmp_path / "home", demo=True, keys_dir=None, database_url=None).home

    with pytest.raises(upping.NotBuilt, match=r"The front end is not built.*make -C .* front-end$"):
        demonstrating.run(tmp_path / "demo", port=8000, only_load=False, printer=Printer(as_json=False))
    with pytest.raises(upping.NotBuilt, match=r"front-end$"):
        app(["up", "--home", str(home)], standalone_mode=False)

    assert not (tmp_path / "demo").exists()
    assert not (home / "postgres").exists()


def test_the_front_end_is_looked_for_where_the_desk_finds_it():
    assert desk._BUILT / ".vite" / "manifest.json" == upping.FRONT_END


def test_a_taken_port_gives_the_next():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        assert upping.free_port(upping.Address(port=taken)).port != taken


def test_the_last_port_taken_is_said(monkeypatch):
    def taken(*_: object) -> None:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr(socket.socket, "bind", taken)

    with pytest.raises(upping.PortTaken, match="Ports 65530 to 65535 are all taken"):
        upping.free_port(upping.Address(port=65_530))
    with pytest.raises(upping.PortTaken, match="Port 65535 is taken"):
        upping.free_port(upping.Address(port=65_535))


def test_a_port_for_others_is_wrong_use(monkeypatch):
    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refused)

    with pytest.raises(upping.NotOurs, match="may not listen on port 80"):
        upping.free_port(upping.Address(port=80))


HOLDS = """
import subprocess, sys
from cets.sites.console import main
main._hold_standard_files()
sys.exit(subprocess.run([sys.executable, "-c", "import os; [os.fstat(number) for number in range(3)]"]).returncode)
"""


def test_closed_standard_files_are_held_also_for_what_is_started():
    """Else the first file or connection that is opened takes their place, and is written over."""
    shell = ["/bin/sh", "-c", 'exec "$0" -c "$1" <&- >&- 2>&-', sys.executable, HOLDS]

    assert subprocess.run(shell, check=False).returncode == 0


def test_a_secondee_is_printed_with_the_agency_he_works_in():
    people = [
        {"login": "dunlin@wvl.example", "roles": ["secondee"], "seconded_to": "NDC"},
        {"login": "teal@wvl.example", "roles": ["intake_officer"], "seconded_to": None},
    ]
    nation = {
        "agencies": [
            {"code": "WVL", "name": "Westvale", "officers": people},
            {"code": "NDC", "name": "The centre", "officers": []},
        ]
    }

    assert list(demonstrating._logins(nation)) == [
        ("dunlin@wvl.example", "The centre", "secondee"),
        ("teal@wvl.example", "Westvale", "intake officer"),
    ]


def test_what_is_logged_stands_on_standard_error() -> None:
    """Standard output is for what a command finds, one object a line with `--json`."""
    said = "from cets.sites.console import runtime; import structlog; runtime.log_beside(); structlog.get_logger().warning('part not read')"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)

    assert done.stdout == ""
    assert "part not read" in done.stderr
