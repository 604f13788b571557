"""The helpers behind the Makefile: what a bare machine is told, and when nothing has to be done again."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from journeys import desk_live

ROOT = Path(__file__).parents[2]


def load(name):
    spec = importlib.util.spec_from_file_location(f"{name}_script", ROOT / "scripts" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def environment(tmp_path, monkeypatch):
    module = load("environment")
    monkeypatch.setattr(module, "STAMPS", tmp_path / "stamps.json")
    monkeypatch.setattr(module, "LOCKS", {n: tmp_path / f"{n}.txt" for n in ("product", "dev")})
    (tmp_path / "product.txt").write_text("one==1 \\\n    --hash=sha256:00\n")
    (tmp_path / "dev.txt").write_text("one==1 \\\n    --hash=sha256:00\ntwo==2 \\\n    --hash=sha256:00\n")
    monkeypatch.setattr(module, "has_sound_venv", lambda: True)
    monkeypatch.setattr(module, "installed", lambda: ["One", "pip", "stray"])
    done = []
    monkeypatch.setattr(module, "run", lambda *words: done.append(words))
    monkeypatch.setattr(module, "done", done, raising=False)
    return module


def bring(environment, monkeypatch, lock):
    monkeypatch.setattr(sys, "argv", ["environment.py", lock])
    environment.done.clear()
    assert environment.main() == 0
    return environment.done


def test_every_package_is_installed_by_its_hash_and_the_checkout_without_fetching(environment, monkeypatch):
    lock, surplus, checkout = bring(environment, monkeypatch, "product")
    assert "--require-hashes" in lock
    assert "stray" in surplus
    assert "One" not in surplus
    assert {"--no-deps", "--no-build-isolation", "--no-index"} <= set(checkout)


def test_a_second_time_nothing_is_done(environment, monkeypatch):
    bring(environment, monkeypatch, "product")
    assert bring(environment, monkeypatch, "product") == []


def test_a_changed_lock_is_installed_again(environment, monkeypatch):
    bring(environment, monkeypatch, "product")
    environment.LOCKS["product"].write_text("one==2 \\\n    --hash=sha256:00\n")
    assert "--require-hashes" in bring(environment, monkeypatch, "product")[0]


def test_the_tests_environment_serves_the_demo_too(environment, monkeypatch):
    bring(environment, monkeypatch, "dev")
    assert bring(environment, monkeypatch, "product") == []


def test_but_not_when_it_pins_otherwise(environment, monkeypatch):
    environment.LOCKS["dev"].write_text("one==3 \\\n    --hash=sha256:00\n")
    bring(environment, monkeypatch, "dev")
    assert bring(environment, monkeypatch, "product") != []


def test_a_python_without_venv_is_told_the_package(environment, monkeypatch, capsys):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(sys, "argv", ["environment.py", "product"])
    assert environment.main() == 1
    wanted = f"apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    assert wanted in capsys.readouterr().err


def test_the_two_real_locks_agree(monkeypatch):
    environment = load("environment")
    assert environment.pins(environment.LOCKS["product"]) <= environment.pins(environment.LOCKS["dev"])


def test_no_lock_names_an_address():
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in lock.read_text(), lock


@pytest.mark.parametrize(
    ("version", "enough"),
    [("v18.19.0", False), ("v20.18.1", False), ("v20.19.0", True), ("v22.12.0", True), ("", False)],
)
def test_which_node_will_do(tmp_path, monkeypatch, version, enough):
    for name, said in (("node", version), ("npm", "10")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {said}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    problem = load("frontend").missing_node()
    assert (problem is None) is enough
    if problem:
        assert "20.19" in problem


def test_a_check_builds_nothing(monkeypatch):
    frontend = load("frontend")
    monkeypatch.setattr(frontend, "read", lambda _path: None)
    monkeypatch.setattr(frontend, "missing_node", lambda: None)
    monkeypatch.setattr(frontend, "run", lambda *words: pytest.fail(f"ran {words}"))
    monkeypatch.setattr(sys, "argv", ["frontend.py", "--check"])
    assert frontend.main() == 0


def test_a_build_without_its_manifest_is_none(tmp_path, monkeypatch):
    """`cets up` says to build the front end when the manifest is missing: then that has to build it."""
    frontend = load("frontend")
    monkeypatch.setattr(frontend, "BUILT", tmp_path)
    (tmp_path / "assets").mkdir()
    assert not frontend.has_result()
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text("{}")
    assert frontend.has_result()


def test_no_python_at_all_is_told_what_to_install(tmp_path):
    done = subprocess.run(
        ["/bin/sh", ROOT / "scripts/find_python.sh"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "apt-get install python3 python3-venv" in done.stderr
    assert done.stdout == ""


def test_a_browser_that_was_named_must_run(monkeypatch, capsys):
    browser = load("browser")
    monkeypatch.setenv("CETS_TEST_BROWSER", "/nowhere/chromium")
    with pytest.raises(SystemExit, match="does not run"):
        browser.main()


def test_no_browser_fails_with_the_line_to_type(monkeypatch, capsys):
    browser = load("browser")
    monkeypatch.delenv("CETS_TEST_BROWSER", raising=False)
    for way in ("on_system", "from_debian", "from_playwright"):
        monkeypatch.setattr(browser, way, lambda: None)
    assert browser.main() == 1
    assert "playwright install --with-deps chromium" in capsys.readouterr().err


def test_without_make_nothing_is_installed_either(monkeypatch, capsys):
    browser = load("browser")
    monkeypatch.delenv("CETS_TEST_BROWSER", raising=False)
    monkeypatch.setattr(browser.sys, "argv", ["browser.py", "--no-install"])
    for way in ("on_system", "there"):
        monkeypatch.setattr(browser, way, lambda: None)
    monkeypatch.setattr(browser, "installed", lambda: pytest.fail("something would be installed"))
    assert browser.main() == 1
    assert "playwright install --with-deps chromium" in capsys.readouterr().err


def test_journeys_fail_without_a_browser_and_say_what_to_type(monkeypatch):
    monkeypatch.delenv("CETS_TEST_BROWSER", raising=False)
    missing = subprocess.CompletedProcess((), 1, "", "Type: apt-get install chromium")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: missing)
    with pytest.raises(AssertionError, match="Type: apt-get install chromium"):
        desk_live.chosen_browser()


def test_no_test_is_skipped_for_want_of_a_browser():
    skipping = [
        p.name
        for p in (ROOT / "tests").rglob("test_*.py")
        if "playwright" in p.read_text() and "skipif" in p.read_text()
    ]
    assert [name for name in skipping if name != Path(__file__).name] == []


def test_an_ordinary_user_installs_no_package_of_the_system(monkeypatch):
    browser = load("browser")
    monkeypatch.setattr(browser.os, "geteuid", lambda: 1000)
    assert browser.from_debian() is None


def test_dead_links_are_named(tmp_path, monkeypatch):
    links = load("links")
    monkeypatch.setattr(links, "ROOT", tmp_path)
    (tmp_path / "other.md").write_text("# Some Heading, here\n")
    page = tmp_path / "page.md"
    page.write_text(
        "[ok](other.md) [ok](other.md#some-heading-here) [away](https://a.example/) `[no](link.md)`\n"
        "[gone](gone.md) ![shot](shot.png) [bad](other.md#nowhere)\n```\n[in code](gone.md)\n```\n"
    )
    assert list(links.problems(page)) == [
        "page.md: gone.md is not there",
        "page.md: shot.png is not there",
        "page.md: other.md#nowhere names no heading",
    ]
