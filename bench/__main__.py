"""`python -m bench [NAME...]`: calibration first, then the figures, one JSON object a line."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from bench import calibration, extraction, ingest, lookup, pages, sandbox, streams

PARTS: dict[str, Callable[[], Iterator[dict[str, Any]]]] = {
    "calibration": calibration.run,
    "extraction": extraction.run,
    "ingest": ingest.run,
    "lookup": lookup.run,
    "pages": pages.run,
    "sandbox": sandbox.run,
    "streams": streams.run,
}


def main(names: list[str]) -> None:
    """Run the named parts, or all."""
    for name in names or list(PARTS):
        for line in PARTS[name]():
            print(json.dumps({"part": name, **line}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
