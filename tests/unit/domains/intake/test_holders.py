"""Whoever a source calls the account's or the device's owner is known to the views as that."""

import io
import re
from pathlib import Path

import pytest

from cets.domains.intake import holders, sources
from cets.domains.intake.rows import Message, Person
from cets.domains.intake.sources.base import Options

OWNER = re.compile(
    r"owner of the (?:phone|device|account|data package)|\bwhose\b.*\b(?:account|exported)", re.IGNORECASE
)
EXAMPLES = sorted(Path(sources.__file__).parent.glob("*/examples/*"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.parent.name}-{path.name}")
def test_owners_are_known_as_owners(path: Path) -> None:
    data = path.read_bytes()
    source = sources.recognise(sources.head_of(io.BytesIO(data), len(data)), len(data))
    if source is None:
        pytest.skip("kept as it is")
    for row in source.read(io.BytesIO(data), Options(country="GB")):
        if isinstance(row, Person):
            for label, text in row.facts:
                if OWNER.search(text) or (OWNER.search(label) and text == "yes"):
                    assert (label, text) in holders.SAID
        if isinstance(row, Message) and row.sender and row.sender_person is None and OWNER.search(row.sender):
            assert row.sender in holders.AS_SENDER
