"""One peer on one file, in its own environment: `python extraction_peers.py ioc-finder|presidio FILE`.

Text goes to them in the portions in which they are fastest: 200 lines at once, one line.
"""

import json
import re
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
    began = time.process_time()
    read(lines)
    print(json.dumps({"peer": peer, "seconds": time.process_time() - began}))


#: What our finders search for first, as hyperscan writes it.
_MARKS = (
    "@", "//", r":\\", r"\.[A-Za-z]", r"\.\d{1,3}\.\d{1,3}\.\d", r":[0-9a-fA-F]{0,4}:", r"[+(0-9][0-9 ().\-/]{6}", r"[A-Za-z0-9]{25}",
    r"[\[({<](?:\.|dot|at|@|:)", r"\sdot\s", r"[A-Z]{2}[0-9]{2}[ \-]?[A-Z0-9]{4}", r"-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-", r"(?:[0-9A-Fa-f]{4} {1,2}){9}",
    r"(?:[0-9A-Fa-f]{2}-){5}", r"\.onion",
)  # fmt: skip


def engine(name: str, words: str) -> None:
    """Print what hyperscan takes for all words and marks of the finders, to compile and to scan, each hit told to Python."""
    import hyperscan

    text = Path(name).read_bytes()
    known = Path(words).read_text("utf-8").split("\n")
    patterns = [re.escape(word).encode() for word in known] + [mark.encode() for mark in _MARKS]
    began = time.process_time()
    database = hyperscan.Database()
    flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_UTF8
    kinds = [flags] * len(known) + [hyperscan.HS_FLAG_UTF8] * len(_MARKS)
    database.compile(
        expressions=patterns, ids=list(range(len(patterns))), elements=len(patterns), flags=kinds
    )
    compiled = time.process_time() - began
    hits: list[tuple[int, int]] = []

    def told(pattern: int, _start: int, end: int, _flags: int, _context: object) -> None:
        hits.append((pattern, end))

    began = time.process_time()
    database.scan(text, match_event_handler=told)
    seconds = time.process_time() - began
    size = len(hyperscan.dumpb(database))
    print(json.dumps({"seconds": seconds, "hits": len(hits), "compile_s": compiled, "bytes": size}))


if __name__ == "__main__":
    if sys.argv[1] == "engine":
        engine(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
