"""Try every hostile file and print what became of them, as the table of docs/operating/limits.md.

    .venv/bin/python scripts/hostile_table.py

With names of classes behind it, only those. It makes an instance of its own in the temporary folder and removes it at the
end. Each line appears when its class is done.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from hostile import suite  # noqa: E402 - the tests are found by then

HEAD = (
    "| files | tried | sealed | refused | failed | longest s | most MB |",
    "|---|---:|---:|---:|---:|---:|---:|",
)


def main(only: list[str]) -> int:
    """Print the table, and on standard error what failed; return the exit status."""
    faults: list[str] = []
    for line in table(suite.run(only), faults):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return bool(faults)


def table(lines: Iterable[suite.Line], faults: list[str]) -> Iterator[str]:
    """Yield the table's lines, and take up what failed."""
    yield from HEAD
    total = suite.Line("**all**")
    for line in lines:
        faults += line.faults
        yield _row(line)
        total.tried += line.tried
        total.sealed += line.sealed
        total.refused += line.refused
        total.failed += line.failed
        total.seconds, total.memory = max(total.seconds, line.seconds), max(total.memory, line.memory)
    yield _row(total)


def _row(line: suite.Line) -> str:
    is_parsed = line.kind == suite.MUTATED
    sealed, refused = ("", "") if is_parsed else (f"{line.sealed:,}", f"{line.refused:,}")
    measured = (f"{line.seconds:.1f}", f"{line.memory / 1e6:.0f}") if line.memory else ("", "")
    return f"| {line.kind} | {line.tried:,} | {sealed} | {refused} | {line.failed} | {measured[0]} | {measured[1]} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
