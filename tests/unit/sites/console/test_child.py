"""The desk's process reaches nothing that is another process's, whatever code runs in it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cets.kernel import landlock
from cets.sites.console import founding

pytestmark = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")

DESK = """
import json, os, sys, threading
from pathlib import Path
from cets.adapters.storage import open_store
from cets.settings import types
from cets.sites.console import child

home, other = Path(sys.argv[1]), sys.argv[2]
instance = types.load(home, process="desk")
store = open_store(instance.store_url)
holds = child.close_others_files(instance)

def tried(do):
    try:
        do()
    except PermissionError:
        return "refused"
    return "done"

READ = ("secrets/common.json", "secrets/desk.json", "secrets/worker.json", "cets.toml", "keys/vault.age", "keys/audit-verifying.pem",
        "keys/audit-signing.pem", "postgres/passwords")
WRITE = ("tmp/new", "blobs/new", "heads/new", "secrets/desk.json", "new", "keys/vault.age")
told = {}
def look():
    told["read"] = {name: tried((home / name).read_bytes) for name in READ}
    told["write"] = {name: tried(lambda: (home / name).open("ab").write(b"")) for name in WRITE}
    told["code"] = tried(lambda: open(types.__file__, "ab"))
    told["process"] = tried(lambda: open(f"/proc/{other}/mem", "rb"))
    told["signal"] = tried(lambda: os.kill(int(other), 0))
    store = open_store(instance.store_url)
    store.put_durable("aa/sealed", [b"words"])
    told["store"] = b"".join(store.get_stream("aa/sealed")).decode()
    told["link"] = tried(lambda: os.rename(home / "secrets", home / "tmp/secrets"))
thread = threading.Thread(target=look)
thread.start()
thread.join()
print(json.dumps([holds, told]))
"""


def test_a_desk_that_was_taken_over_reaches_its_own_files_only(tmp_path: Path) -> None:
    home = founding.make_home(tmp_path / "home", demo=True, keys_dir=None, database_url=None).home
    (home / "postgres").mkdir()
    (home / "postgres/passwords").write_text("the owner's")
    (home / "tmp").mkdir()

    done = subprocess.run(
        [sys.executable, "-c", DESK, str(home), str(os.getpid())], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    holds, told = json.loads(done.stdout)
    assert holds
    assert told["store"] == "words"
    assert {name for name, came in told["read"].items() if came == "done"} == {
        "secrets/common.json", "secrets/desk.json", "keys/vault.age", "keys/audit-verifying.pem",
    }  # fmt: skip
    assert {name for name, came in told["write"].items() if came == "done"} == {"tmp/new", "blobs/new"}
    assert {told[what] for what in ("code", "process", "link")} == {"refused"}
    if landlock.version() >= 6:
        assert told["signal"] == "refused"


def test_everything_else_is_held_by_some_path(tmp_path: Path) -> None:
    for name in ("a/secret", "a/open", "b/open"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "b" / "link").symlink_to(tmp_path / "a")

    held = set(landlock.all_but([tmp_path / "a/secret"]))

    assert {tmp_path / "a/open", tmp_path / "b"} <= held
    assert not held & {tmp_path / "a/secret", tmp_path / "a", tmp_path, Path("/")}
