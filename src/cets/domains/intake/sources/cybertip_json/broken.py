"""Broken JSON: the part before the fault, as far as it is whole."""

from io import BytesIO
from typing import Any

import ijson

from cets.domains.intake.cybertip.record import DEEPEST
from cets.domains.intake.json_numbers import Guarded


def read_what_is_whole(text: str) -> Any:
    """Return the value that the text begins to write, without what the fault cut off; {} when nothing is."""
    builder = _Builder()
    try:
        for event, value in ijson.basic_parse(Guarded(BytesIO(text.encode("utf-8", "replace")))):
            if not builder.add(event, value):
                break
    except (ijson.JSONError, ValueError, ArithmeticError):
        pass  # the fault that brought us here
    return builder.made if builder.made is not None else {}


class _Builder:
    """Puts parser events together; every container is in place from its first event on."""

    def __init__(self) -> None:
        self.made: Any = None
        self._open: list[Any] = []
        self._keys: list[str] = []

    def add(self, event: str, value: Any) -> bool:
        """Take one event in. False when it nests deeper than any report does."""
        if event == "map_key":
            self._keys[-1] = value
        elif event in ("start_map", "start_array"):
            container: Any = {} if event == "start_map" else []
            self._place(container)
            self._open.append(container)
            self._keys.append("")
        elif event in ("end_map", "end_array"):
            self._open.pop()
            self._keys.pop()
        else:
            self._place(value if value is None or isinstance(value, bool) else str(value))
        return len(self._open) <= DEEPEST

    def _place(self, value: Any) -> None:
        if not self._open:
            self.made = value
        elif isinstance(self._open[-1], dict):
            self._open[-1][self._keys[-1]] = value
        else:
            self._open[-1].append(value)
