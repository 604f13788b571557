"""An instance is made where nothing else lies, and a demo's deletion takes nothing but the demo."""

import subprocess
import sys
from pathlib import Path

import pytest

from cets.adapters.postgres import Cluster
from cets.settings import types
from cets.sites.console import demonstrating, founding, homes
from cets.sites.console.output import Printer

SCRIPT = Path(__file__).resolve().parents[4] / "scripts" / "clean_demo.py"


def made(home: Path, *, demo: bool = True, keys: Path | None = None) -> Path:
    return founding.make_home(home, demo=demo, keys_dir=keys, database_url=None).home


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.fixture
def precious(tmp_path):
    """A stranger's folder, with a name in it that an instance uses, too."""
    folder = tmp_path / "precious"
    for name in ("thesis/ch1.txt", "keys/house.txt"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text("mine")
    return folder


def test_an_instance_is_not_made_among_others_files(precious):
    before = files(precious)

    with pytest.raises(homes.NotFree, match="it holds keys, thesis"):
        made(precious)

    assert files(precious) == before


def test_an_instance_is_not_made_in_the_place_of_a_file(tmp_path):
    (tmp_path / "file").write_text("mine")

    with pytest.raises(homes.NotFree, match="not a folder"):
        made(tmp_path / "file")


def test_an_empty_disk_is_free(tmp_path):
    (tmp_path / "lost+found").mkdir()

    assert types.load(made(tmp_path)).is_demo


def test_there_is_one_instance_in_a_folder(tmp_path):
    home = made(tmp_path / "home")

    with pytest.raises(homes.AlreadyAnInstance):
        made(home)


def test_what_was_broken_off_is_begun_again(tmp_path, monkeypatch):
    home = tmp_path / "home"
    with monkeypatch.context() as broken:
        broken.setattr(founding, "write_secrets", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            made(home)
    assert (home / "keys").exists()
    assert not (home / homes.SETTINGS).exists()

    made(home)

    assert types.load(home).secrets
    assert not (home / homes.BEGUN).exists()


def test_a_home_that_was_only_begun_holds_no_others_files(precious):
    (precious / homes.BEGUN).write_text('mode = "demo"\n')

    with pytest.raises(homes.NotFree, match="it holds thesis"):
        made(precious)


def test_a_demo_is_deleted_with_its_folder(tmp_path):
    home = made(tmp_path / "home")
    for name in ("tmp/half", "nation/nation.json", "nation-loaded"):
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).touch()

    assert homes.delete_demo(home) == []

    assert not home.exists()


def test_what_is_not_the_demos_is_left_and_said(tmp_path):
    home = made(tmp_path / "home", keys=tmp_path / "own-keys")
    (home / "thesis").mkdir()
    (home / "thesis/ch1.txt").write_text("mine")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/kept").touch()
    (home / "tmp").symlink_to(tmp_path / "elsewhere")

    left = homes.delete_demo(home)

    assert files(home) == {"thesis", "thesis/ch1.txt"}
    assert (tmp_path / "elsewhere/kept").exists()
    assert (tmp_path / "own-keys/vault.age").exists()
    assert [str(home / "thesis") in left[0], str(tmp_path / "own-keys") in left[1]] == [True, True]


def test_nothing_is_deleted_of_a_real_instance(tmp_path):
    home = made(tmp_path / "home", demo=False, keys=tmp_path / "keys")
    before = files(home)

    done = subprocess.run([sys.executable, SCRIPT, home], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "not the home of a demo" in done.stderr
    assert files(home) == before


@pytest.mark.parametrize("name", ["thesis", "postgres", "cets.toml"])
def test_nothing_is_deleted_of_a_strangers_folder(tmp_path, name):
    (tmp_path / name).write_text("\x00 mine")

    with pytest.raises(homes.NotADemo):
        homes.delete_demo(tmp_path)

    assert files(tmp_path) == {name}


def test_a_demo_in_use_is_not_deleted(tmp_path):
    home = made(tmp_path / "home")
    with Cluster(home).use(), pytest.raises(homes.StillRunning):
        homes.delete_demo(home)

    assert types.load(home).secrets
    assert homes.delete_demo(home) == []


@pytest.mark.parametrize("demo", [True, False])
def test_the_nation_is_put_into_no_other_instance(tmp_path, demo):
    home = made(tmp_path / "home", demo=demo, keys=tmp_path / "keys")
    before = files(home)

    with pytest.raises(homes.NotFree, match="not made by the demo"):
        demonstrating.run(home, port=8000, only_load=True, printer=Printer(as_json=False))

    assert files(home) == before


def test_the_nation_is_put_among_no_others_files(precious):
    before = files(precious)

    with pytest.raises(homes.NotFree, match="it holds keys, thesis"):
        demonstrating.run(precious, port=8000, only_load=True, printer=Printer(as_json=False))

    assert files(precious) == before
