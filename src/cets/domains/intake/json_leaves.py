"""What stands in a JSON value as phrases: for objects whose keys are known and are told as they stand."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from cets.domains.intake.json_walk import text_of

MOST_LEAVES: Final = 2_000


def leaves(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the path and text of each text, number and truth value within, in order, as far as a text is to be read."""
    pending, count = [("", value)], 0
    while pending and count < MOST_LEAVES:
        path, value = pending.pop()
        if isinstance(value, dict):
            pending.extend(
                (f"{path}.{key}" if path else key, inner) for key, inner in reversed(value.items())
            )
        elif isinstance(value, list):
            pending.extend((path, inner) for inner in reversed(value))
        elif text := text_of(value):
            count += 1
            yield path[:200], text
    if pending:
        yield "…", f"{MOST_LEAVES} values are shown"


def told(value: Any, shown: Callable[[str], str] = str) -> str:
    """Return the leaves of a value as one text; `shown` makes each readable."""
    return "; ".join(f"{path}: {shown(text)}" if path else shown(text) for path, text in leaves(value))
