"""What each process is told: its own secrets, and none of the others'."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cets.settings import types
from cets.sites.console import founding

COMMON = {"viewer_key", "match_key", "role_prefix", "role_passwords"}
OWN = {"desk": {"django_key", "second_factor_key"}, "worker": set()}
ROLES = {"desk": {"desk"}, "worker": {"worker", "matcher"}}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("instance") / "home"
    return founding.make_home(folder, demo=True, keys_dir=None, database_url=None).home


@pytest.mark.parametrize("process", OWN)
def test_a_process_reads_its_own_secrets_only(home: Path, process: str) -> None:
    secrets = types.load(home, process=process).secrets

    assert set(secrets) == COMMON | OWN[process]
    assert set(secrets["role_passwords"]) == ROLES[process]


def test_the_owners_commands_read_all_of_them(home: Path) -> None:
    secrets = types.load(home).secrets

    assert set(secrets) == COMMON | OWN["desk"]
    assert set(secrets["role_passwords"]) == {"desk", "worker", "matcher"}


def test_no_two_secrets_are_one(home: Path) -> None:
    secrets = types.load(home).secrets
    drawn = [secrets[name] for name in ("viewer_key", "match_key", "django_key", "second_factor_key")]

    assert len(set(drawn) | set(secrets["role_passwords"].values())) == 7


SAY = """
import json
from django.conf import settings
print(json.dumps([sorted(settings.CETS.secrets), sorted(settings.CETS.secrets["role_passwords"]), settings.SECRET_KEY]))
"""


@pytest.mark.parametrize("process", OWN)
def test_its_settings_need_no_more(home: Path, process: str) -> None:
    environment = os.environ | {"CETS_HOME": str(home), "DJANGO_SETTINGS_MODULE": f"cets.settings.{process}"}

    done = subprocess.run(
        [sys.executable, "-c", SAY], env=environment, capture_output=True, text=True, check=True
    )

    names, roles, key = json.loads(done.stdout)
    assert set(names) == COMMON | OWN[process]
    assert set(roles) == ROLES[process]
    assert (key == types.load(home).secrets["django_key"]) == (process == "desk")


def test_only_the_account_itself_reads_secrets(home: Path) -> None:
    assert (home / "secrets").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (home / "secrets").iterdir()} == {0o600}


def test_a_lost_file_is_named(tmp_path: Path) -> None:
    made = founding.make_home(tmp_path / "home", demo=True, keys_dir=None, database_url=None)
    (made.home / "secrets/desk.json").unlink()

    with pytest.raises(types.NotSetUp, match=r"desk\.json is missing"):
        _ = types.load(made.home).secrets


@pytest.mark.parametrize("line", ['process = "owner"', 'home = "/elsewhere"'])
def test_a_settings_file_does_not_say_who_reads_it(tmp_path: Path, line: str) -> None:
    (tmp_path / "cets.toml").write_text(f'mode = "demo"\n{line}\n')

    with pytest.raises(types.NotSetUp, match=line.partition(" ")[0]):
        types.load(tmp_path)


WHOLE = {
    "mode": '"real"',
    "keys_dir": '"/keys"',
    "store_url": '"file:///store"',
    "heads_path": '"heads.jsonl"',
}


def settings_of(home: Path, **changed: str | None) -> Path:
    lines = [f"{name} = {value}" for name, value in (WHOLE | changed).items() if value is not None]
    (home / "cets.toml").write_text("\n".join(lines) + "\n")
    return home


def test_the_smallest_settings_are_enough(tmp_path: Path) -> None:
    assert types.load(settings_of(tmp_path, hosts='["cets.example"]', ip_reach_days="0")).hosts == (
        "cets.example",
    )


@pytest.mark.parametrize("missing", WHOLE)
def test_a_setting_that_is_missing_is_named(tmp_path: Path, missing: str) -> None:
    for value in (None, '""'):
        with pytest.raises(types.BadSettings, match=rf"cets\.toml does not say {missing}\."):
            types.load(settings_of(tmp_path, **{missing: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [("mode", '"play"'), ("mode", "1"), ("heads_path", "[]"), ("max_file_bytes", '"big"'), ("common_reports", "-1"), ("common_agencies", "true"),
     ("hosts", '"cets.example"'), ("hosts", "[1]"), ("time_zone", "0"), ("database_url", "5"), ("keys_dir", "{a = 1}")],
)  # fmt: skip
def test_a_setting_of_another_kind_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(types.BadSettings, match=name):
        types.load(settings_of(tmp_path, **{name: value}))


@pytest.mark.parametrize("content", [b"mode = ", b"\xff\xfe", b"=", b"mode = 'a'\nmode = 'b'\n", b"\x00"])
def test_settings_that_cannot_be_read_are_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cets.toml").write_bytes(content)

    with pytest.raises(types.BadSettings, match=r"cets\.toml cannot be read"):
        types.load(tmp_path)
