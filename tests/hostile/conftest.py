from pathlib import Path

import pytest

from hostile import generator, suite
from resilience import harness

#: Of the files of every format, one in so many is tried in the ordinary run; all of them in the long one.
EVERY = 41


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One good file of each format."""
    return suite.samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def cases(samples: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> list[generator.Case]:
    return generator.write_all(tmp_path_factory.mktemp("hostile") / "files", samples, seed=1, every=EVERY)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return harness.make_home(tmp_path_factory.mktemp("hostile-home") / "home", "ESX")
