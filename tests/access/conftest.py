"""The world, made once for each module."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from access.world import World


@pytest.fixture(scope="module")
def world(module_db: str, as_process: Any) -> "World":
    from access import world as worlds  # Django is set up by now

    return worlds.build(as_process)
