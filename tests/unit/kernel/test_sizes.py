"""One way of telling sizes: a limit of 200 MB is said as 200 MB."""

import pytest

from cets.kernel import sizes
from cets.settings.types import Instance
from cets.sites.desk import wording


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"), (1, "1 byte"), (1023, "1023 bytes"), (1024, "1 kB"), (48 * 1024, "48 kB"), (1024**2 - 1, "1 MB"),
        (1_468_006, "1.4 MB"), (200 * 1024**2, "200 MB"), (3 * 1024**3 // 2, "1.5 GB"),
    ],
)  # fmt: skip
def test_a_size_in_words(size: int, words: str) -> None:
    assert sizes.words(size) == wording.size(size) == words


def test_the_limit_is_said_as_it_is_set() -> None:
    assert sizes.words(Instance.max_file_bytes) == "200 MB"
