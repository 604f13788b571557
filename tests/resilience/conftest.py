import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from resilience import harness


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance that no test changes."""
    return harness.make_home(tmp_path_factory.mktemp("founded") / "home", "ESX", "NTH")


@pytest.fixture
def home(founded: Path, tmp_path: Path) -> Iterator[Path]:
    """An instance of the test's own; whatever it leaves running is killed."""
    chosen = harness.copy_home(founded, tmp_path / "home")
    yield chosen
    left = harness.processes(chosen)
    harness.kill_all(chosen)
    shutil.rmtree(chosen, ignore_errors=True)
    assert not left, left
