from datetime import UTC, datetime
from pathlib import Path

import pytest

from cets.sites.console import nation
from hostile import generator
from resilience import harness

#: A format's name to what its files in the invented nation look like.
PATTERNS = {
    "cybertip_json": "*.json", "cybertip_xml": "*.xml", "csv": "*.csv", "xlsx": "*.xlsx", "whatsapp": "*chat*.txt", "eml": "*.eml",
    "mbox": "*.mbox", "text": "*.txt", "zip": "*.zip",
}  # fmt: skip


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One good file of each format."""
    folder = tmp_path_factory.mktemp("samples") / "nation"
    nation.generate(folder, seed=7, base=datetime(2026, 11, 1, tzinfo=UTC))
    found = {
        "whatsapp": b"[01/02/2026, 10:00:00] Harbour: hello\n[01/02/2026, 10:01:00] Quayside: write to quayside@mail.example\n"
        * 8,
        "text": b"He is quayside@mail.example, calls from +44 7700 900123 and wrote at 198.51.100.24:51514.\n"
        * 5,
    }
    for kind, pattern in PATTERNS.items():
        files = [p for p in sorted(folder.rglob(pattern)) if p.name not in {"nation.json", "truth.json"}]
        if kind not in found and files:
            found[kind] = min(files, key=lambda p: abs(p.stat().st_size - 4_000)).read_bytes()
    found.setdefault("zip", generator.zip_of(("in/one.txt", found["text"]), ("in/two.eml", found["eml"])))
    assert set(found) == set(PATTERNS)
    return found


@pytest.fixture(scope="session")
def cases(samples: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> list[generator.Case]:
    return generator.write_all(tmp_path_factory.mktemp("hostile") / "files", samples, seed=1)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return harness.make_home(tmp_path_factory.mktemp("hostile-home") / "home", "ESX")
