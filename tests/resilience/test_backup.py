"""Backup and restore: all of it comes back, verifies itself and goes on; what is not whole leaves nothing behind."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from cets.domains.vault import keys as vault_keys
from resilience import harness

WORDS = {
    "one.txt": "quayside@mail.example wrote to +44 7700 900123 from 198.51.100.24.",
    "two.txt": "He calls himself quayside@mail.example, see https://forum.example/u/quayside.",
    "large.txt": "A line that says little. " * 40_000 + "quayside@mail.example",
}


SET_UP = """
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cets.access.viewer import Purpose, acting
from cets.domains.agencies import queries
from cets.domains.agencies.models import Login
secret = generate_totp_secret()
_, viewer = queries.officer_by_login("first@centre.example", purpose=Purpose("test", ""))
with acting(viewer):
    TOTP.activate(Login.objects.get(name="first@centre.example"), secret)
print(secret)
"""
SIGN_IN = """
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
browser = Client(headers={"host": "localhost"})
browser.post("/sign-in/", {"login": "first@centre.example", "password": "demo"})
before = browser.get("/").status_code
code = format_hotp_value(hotp_value(sys.argv[2], next(yield_hotp_counters_from_time())))
browser.post("/sign-in/second-step/authenticate/", {"code": code})
print(before, browser.get("/").status_code)
"""


def as_desk(home: Path, script: str, *words: str) -> str:
    """Run some lines with the desk's rights, and return what they print."""
    lines = ["import sys", "from pathlib import Path", "from cets.sites.console import runtime",
             "with runtime.started(Path(sys.argv[1]), 'desk'):", *(f"    {line}" for line in script.splitlines())]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines), str(home), *words],
        env=harness.environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def kept(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """An instance with reports and hits of two agencies, its backup, and the identity that opens it, kept elsewhere."""
    folder = tmp_path_factory.mktemp("kept")
    home = harness.copy_home(founded, folder / "home")
    for name, words in WORDS.items():
        (folder / name).write_text(words)
    harness.run(
        "ingest",
        "--home",
        home,
        "--agency",
        "ESX",
        "--sharing",
        "open",
        folder / "one.txt",
        folder / "large.txt",
    )
    harness.run("ingest", "--home", home, "--agency", "NTH", "--sharing", "open", folder / "two.txt")
    secret = as_desk(home, SET_UP)
    identity = folder / "elsewhere" / "backup.age"
    recipient = vault_keys.create_identity(identity)
    (line,) = harness.lines(
        harness.run("backup", folder / "all.cets", "--to", recipient, "--home", home, "--json")
    )
    assert line["blobs"] == 3
    return {
        "home": home,
        "file": folder / "all.cets",
        "identity": identity,
        "recipient": recipient,
        "secret": secret,
        "folder": folder,
    }


def restore(kept: dict[str, Any], home: Path, **other: Any) -> "subprocess.CompletedProcess[bytes]":
    chosen = kept | other
    return harness.run(
        "restore", chosen["file"], "--identity", chosen["identity"], "--keys", chosen.get("keys", kept["home"] / "keys"), "--home", home,
        "--json", status=None, env=chosen.get("env", harness.environment()),
    )  # fmt: skip


def told(home: Path, *words: str) -> list[dict[str, Any]]:
    return harness.lines(harness.run(*words, "--home", home, "--json"))


def catalogue(home: Path) -> dict[str, Any]:
    """Who may do what: owners, grants, policies, triggers."""
    with harness.database(home) as conn:
        return {
            "tables": conn.execute(
                "select relname, relkind, pg_get_userbyid(relowner), relrowsecurity, relforcerowsecurity, coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::\"char\", relowner))::text from pg_class"
                " where relnamespace = 'public'::regnamespace and relkind in ('r', 'S', 'v', 'i') order by 1"
            ).fetchall(),
            "functions": conn.execute(
                "select oid::regprocedure::text, pg_get_userbyid(proowner), prosecdef, proacl::text, proconfig from pg_proc"
                " where pronamespace = 'public'::regnamespace order by 1"
            ).fetchall(),
            "policies": conn.execute(
                "select tablename, policyname, roles::text, cmd, qual, with_check from pg_policies order by 1, 2"
            ).fetchall(),
            "triggers": conn.execute(
                "select tgname, tgrelid::regclass::text, tgenabled from pg_trigger where not tgisinternal order by 1, 2"
            ).fetchall(),
        }


def test_all_comes_back_and_goes_on(kept, tmp_path):
    home = tmp_path / "again"

    (line,) = harness.lines(restore(kept, home))

    assert line == {"home": str(home), "audit_intact": True, "originals": 3, "bad_originals": 0}
    for agency in ("ESX", "NTH"):
        assert told(home, "hits", "--agency", agency) == told(kept["home"], "hits", "--agency", agency)
    shown = ("report", "show", "CETS-ESX-2026-000001", "--agency", "ESX")
    reference = told(kept["home"], "search", "--agency", "ESX", "quayside@mail.example")[0]["reference"]
    shown = ("report", "show", reference, "--agency", "ESX")
    assert told(home, *shown) == told(kept["home"], *shown)
    # It goes on: new files, hits with the old ones, and a chain that continues the one it had.
    (tmp_path / "three.txt").write_text("quayside@mail.example again")
    (new,) = told(home, "ingest", "--agency", "NTH", str(tmp_path / "three.txt"))
    assert new["hits"] == 1
    assert new["report"].endswith("000002")
    (old,) = told(home, "ingest", "--agency", "ESX", str(kept["folder"] / "one.txt"))
    assert old["duplicate_of"]
    assert told(home, "verify-audit")[-1]["intact"] is True
    assert told(home, "verify-vault")[-1] == {"checked": 4, "bad": 0}
    harness.kill_all(home)


def test_an_officer_signs_in_with_the_authenticator_app_of_before(kept, tmp_path):
    home = tmp_path / "again"
    assert restore(kept, home).returncode == 0

    assert as_desk(home, SIGN_IN, kept["secret"]) == "302 200"
    with harness.database(home) as conn:
        (data,) = conn.execute("select data from mfa_authenticator").fetchone()
    assert kept["secret"] not in str(data)
    harness.kill_all(home)


def test_nobody_may_do_more_than_before(kept, tmp_path):
    home = tmp_path / "again"
    assert restore(kept, home).returncode == 0

    before, after = catalogue(kept["home"]), catalogue(home)

    for kind, rows in before.items():
        assert after[kind] == rows, kind
    assert {owner for _, owner, definer, *_ in after["functions"] if definer} == {"cets_definer"}
    assert (home / "secrets").stat().st_mode & 0o777 == 0o700
    assert {p.name: p.stat().st_mode & 0o777 for p in (home / "secrets").iterdir()} == {
        "common.json": 0o600, "desk.json": 0o600, "worker.json": 0o600,
    }  # fmt: skip
    assert not list(home.glob("dump*"))
    harness.kill_all(home)


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def cut_at_the_end(data: bytes) -> bytes:
    return data[:-1]


def flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize("spoil", [cut, cut_at_the_end, flip])
def test_what_is_not_whole_is_refused_and_leaves_nothing(kept, tmp_path, spoil):
    spoilt = tmp_path / "spoilt"
    spoilt.write_bytes(spoil(kept["file"].read_bytes()))
    home = tmp_path / "again"

    done = restore(kept, home, file=spoilt)

    assert done.returncode == 1
    assert b"damaged or cut short" in done.stderr
    assert b"Traceback" not in done.stderr
    assert not home.exists()


def test_the_wrong_identity_is_refused(kept, tmp_path):
    other = tmp_path / "other.age"
    vault_keys.create_identity(other)
    home = tmp_path / "again"
    home.mkdir()

    done = restore(kept, home, identity=other)

    assert done.returncode == 1
    assert b"does not open with the identities" in b" ".join(done.stderr.split())
    assert list(home.iterdir()) == []


def test_a_backup_of_somebody_else_is_refused(kept, founded, tmp_path):
    keys = tmp_path / "keys"
    shutil.copytree(kept["home"] / "keys", keys)
    vault_keys.create_signing_key(tmp_path / "new.pem")
    keys.joinpath("audit-verifying.pem").write_bytes(
        vault_keys.public_pem(vault_keys.load_signing_key(tmp_path / "new.pem"))
    )

    done = restore(kept, tmp_path / "again", keys=keys)

    assert done.returncode == 1
    assert b"not signed by the expected key" in b" ".join(done.stderr.split())
    assert not (tmp_path / "again").exists()


def test_without_the_keys_nothing_is_begun(kept, tmp_path):
    (tmp_path / "empty").mkdir()

    done = restore(kept, tmp_path / "again", keys=tmp_path / "empty")

    assert done.returncode == 1
    assert b"are in no backup" in b" ".join(done.stderr.split())
    assert not (tmp_path / "again").exists()


def test_a_folder_with_something_in_it_is_left_alone(kept, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("mine")

    done = restore(kept, tmp_path / "home")

    assert done.returncode == 1
    assert b"not empty" in done.stderr
    assert [p.name for p in (tmp_path / "home").iterdir()] == ["letter.txt"]


def test_a_backup_that_failed_leaves_no_file(kept, tmp_path):
    home = harness.copy_home(kept["home"], tmp_path / "home")
    with harness.database(home) as conn:
        (table,) = conn.execute("select pg_relation_filepath('identifiers_sighting')").fetchone()
    (home / "postgres/data" / table).unlink()

    done = harness.run(
        "backup", tmp_path / "all.cets", "--to", kept["recipient"], "--home", home, status=None
    )

    assert done.returncode == 1, done.stderr
    assert b"Traceback" not in done.stderr
    assert not list(tmp_path.glob("all.cets*"))
    harness.kill_all(home)


def test_a_backup_overwrites_nothing(kept):
    before = kept["file"].read_bytes()

    done = harness.run("backup", kept["file"], "--to", kept["recipient"], "--home", kept["home"], status=1)

    assert b"left as it is" in b" ".join(done.stderr.split())
    assert kept["file"].read_bytes() == before


def test_into_a_server_of_ones_own(kept, tmp_path):
    """A restore to DATABASE_URL, into an empty database only."""
    home = tmp_path / "again"
    with harness.database(kept["home"]) as conn:
        conn.execute("create database moved template template0")
        parts = psycopg.conninfo.conninfo_to_dict(conn.info.dsn) | {
            "dbname": "moved",
            "password": conn.info.password,
        }
        env = harness.environment(DATABASE_URL=psycopg.conninfo.make_conninfo(**parts), PATH=programs())

        (line,) = harness.lines(restore(kept, home, env=env))
        again = restore(kept, tmp_path / "third", env=env)

    assert line["audit_intact"] is True
    assert not (home / "postgres").exists()
    assert again.returncode == 1
    assert b"holds tables already" in b" ".join(again.stderr.split())
    assert not (tmp_path / "third").exists()


def programs() -> str:
    """The client programs of the embedded server's version, as they would be on the path of a machine with its own server."""
    from cets.adapters.postgres import find_binaries

    return f"{Path(find_binaries().program('pg_restore')).parent}:{os.environ['PATH']}"
