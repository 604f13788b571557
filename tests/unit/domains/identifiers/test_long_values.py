"""What it takes to refuse a value grows with its length at most: twice the text, less than three times the time."""

import contextlib
import time

import pytest

from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Context, NotValid

PARTS = ("\n ", "(", "[.]", " dot ", "a.", "-", "0", "1 ", "/", "\u0430")
LENGTHS = (20_000, 40_000)
_TOO_SHORT_TO_TELL = 0.005  # seconds


def seconds(kind: str, raw: str) -> float:
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        with contextlib.suppress(NotValid):
            kinds.clean(kind, raw, Context(country="GB"))
        taken.append(time.perf_counter() - started)
    return min(taken)


@pytest.mark.parametrize("kind", sorted(kinds.KINDS))
@pytest.mark.parametrize("ends", [("0", "b"), ("a@b.example", "(a)x")])
def test_no_kind_takes_the_square_of_a_length(kind: str, ends: tuple[str, str]) -> None:
    for part in PARTS:
        short, long = (seconds(kind, ends[0] + part * length + ends[1]) for length in LENGTHS)
        assert long < max(3 * short, _TOO_SHORT_TO_TELL), part


@pytest.mark.parametrize(("kind", "value"), [("phone", "07700900111"), ("email", "kea@mail.example")])
def test_a_value_with_more_blanks_than_anybody_writes_is_refused(kind: str, value: str) -> None:
    assert kinds.clean(kind, f"  {value} \n", Context(country="GB")).value.endswith(value[1:])
    with pytest.raises(NotValid, match="too long"):
        kinds.clean(kind, f"{value}{' ' * 20_000}b", Context(country="GB"))
