"""One peer on one file, in its own environment: `python extraction_peers.py ioc-finder|presidio FILE`.

Text goes to them in the portions in which they are fastest: 200 lines at once, one line.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

_LINES_AT_ONCE = 200


def _ioc_finder() -> Callable[[list[str]], None]:
    from ioc_finder import find_iocs

    def read(lines: list[str]) -> None:
        for place in range(0, len(lines), _LINES_AT_ONCE):
            find_iocs("\n".join(lines[place : place + _LINES_AT_ONCE]))

    return read


def _presidio() -> Callable[[list[str]], None]:
    from presidio_analyzer.predefined_recognizers import (
        EmailRecognizer,
        IbanRecognizer,
        IpRecognizer,
        PhoneRecognizer,
        UrlRecognizer,
    )

    phone = PhoneRecognizer(supported_regions=("GB", "US", "DE"))
    recognizers = [EmailRecognizer(), IpRecognizer(), phone, UrlRecognizer(), IbanRecognizer()]

    def read(lines: list[str]) -> None:
        for line in lines:
            for one in recognizers:
                one.analyze(line, one.supported_entities, None)

    return read


def main(peer: str, name: str) -> None:
    """Print how many seconds the file took; what loads with the first line is not counted."""
    lines = Path(name).read_text("utf-8").split("\n")
    read = {"ioc-finder": _ioc_finder, "presidio": _presidio}[peer]()
    read(["write to kestrel@post.example or +44 7700 900123"])
    began = time.perf_counter()
    read(lines)
    print(json.dumps({"peer": peer, "seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main(*sys.argv[1:])
