"""What it costs to start the process that reads foreign files: beside a bare interpreter, with and without bubblewrap."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

from bench.instance import median, percentile
from cets.domains.intake.parser import walls
from cets.domains.intake.parser.client import Parser

STARTS = 20
#: All that the process imports, without any protection.
IMPORTS = (
    "from cets.domains.intake import sources; import cets.domains.intake.parser.child; sources.all_sources()"
)
#: For what the protections add.
AIM_MS = 150


def run() -> Iterator[dict[str, Any]]:
    """Yield milliseconds a start; of the protections what they add to the same imports without them, each pair back to back."""
    ways: dict[str, Callable[[], None]] = {
        "bare interpreter": lambda: _python("pass"),
        "with all that it imports": lambda: _python(IMPORTS),
        "the parser by itself": _start_alone,
    }
    if missing := walls.walls().missing:
        yield {"step": "the parser under bubblewrap", "missing": missing}
    else:
        ways["the parser under bubblewrap"] = _start
    found: dict[str, list[float]] = {step: [] for step in ways}
    for number in range(STARTS + 1):
        for step, way in ways.items():
            began = time.perf_counter()
            way()
            if number:  # the first of each warms up
                found[step].append((time.perf_counter() - began) * 1000)
    for step, times in found.items():
        line: dict[str, Any] = {
            "step": step,
            "p50_ms": round(median(times)),
            "p95_ms": round(percentile(times, 0.95)),
        }
        if step.startswith("the parser"):
            pairs = zip(times, found["with all that it imports"], strict=True)
            line |= {"protections_ms": round(median([one - other for one, other in pairs])), "aim_ms": AIM_MS}
        yield line


def _start() -> None:
    with Parser() as parser:
        assert parser.confined


def _start_alone() -> None:
    with patch.object(walls, "walls", lambda: walls.Walls(missing="left out")):
        _start()


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-s", "-P", "-X", "utf8", "-c", code], check=True)
