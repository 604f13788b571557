"""`python -m bench [NAME...]`: calibration first, then the figures, one JSON object a line."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from bench import calibration, lookup

PARTS: dict[str, Callable[[], Iterator[dict[str, Any]]]] = {"calibration": calibration.run, "lookup": lookup.run}


def main(names: list[str]) -> None:
    """Run the named parts, or all."""
    for name in names or list(PARTS):
        for line in PARTS[name]():
            print(json.dumps({"part": name, **line}), flush=True)  # noqa: T201 - this is what a bench is for


if __name__ == "__main__":
    main(sys.argv[1:])
