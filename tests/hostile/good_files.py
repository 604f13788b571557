"""Good files of every registered source: what mutations begin with. A new source is in by its `examples/` alone."""

from dataclasses import dataclass
from pathlib import Path

from cets.domains.intake import sources

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
#: Larger ones make slow mutants of the same code.
MOST_BYTES = 200_000


@dataclass(frozen=True)
class Good:
    """A whole file; `kind` is its source's folder, `suffix` what its name ends in."""

    kind: str
    name: str
    suffix: str
    data: bytes


def examples() -> list[Good]:
    """Return the examples of every source, the smallest of each first."""
    found: list[Good] = []
    for folder in sources.FOLDERS:
        paths = (Path(sources.__file__).parent / folder / "examples").iterdir()
        ordered = sorted(paths, key=lambda path: (path.stat().st_size, path.name))
        found += [Good(folder, path.name, path.suffix, path.read_bytes()) for path in ordered]
    return found


def collected() -> list[Good]:
    """Return the sample files that lie outside this repository; none where they are not there."""
    if not SHARED.is_dir():
        return []
    paths = [
        path for path in sorted(SHARED.rglob("*")) if path.is_file() and 0 < path.stat().st_size <= MOST_BYTES
    ]
    return [Good(path.parent.name, path.name, path.suffix, path.read_bytes()) for path in paths]
