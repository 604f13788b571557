"""The whole suite of hostile files, tried and counted: for the long run of the tests and for the table in the documents."""

import hashlib
import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from cets.domains.intake.parser.client import Limits, Outcome, Parser
from cets.domains.intake.rows import Failed
from cets.domains.intake.sources.base import Options
from cets.sites.console import nation
from hostile import generator, good_files, mutations
from resilience import harness

MOST_MEMORY, MOST_SECONDS = 512_000_000, 30.0
SEED = 1
MUTANTS = 20_000
#: Of the mutants one in so many goes the whole way; the others are parsed, which is where they could do harm.
WHOLE_WAY = 10
MUTATED = "mutations of good files, parsed"
TAKEN_IN = "the same, one in ten, taken in"
GOOD = b"Beside them a good one: neighbour@mail.example, %s.\n"
#: A format's name to what its files in the invented nation look like.
PATTERNS = {
    "cybertip_json": "*.json", "cybertip_xml": "*.xml", "csv": "*.csv", "xlsx": "*.xlsx", "whatsapp": "*chat*.txt", "eml": "*.eml",
    "mbox": "*.mbox", "text": "*.txt", "zip": "*.zip",
}  # fmt: skip
#: How a receipt begins that tells of a fault of ours, not of the file's.
FAULTS = (
    "with a fault", "could not be kept", "broke down", "ended without", "killed by the system", "that is no row", "that is no answer",
    "stopped at the time", "stopped at the memory", "processor time",
)  # fmt: skip


@dataclass
class Line:
    """What became of the files of one class."""

    kind: str
    tried: int = 0
    sealed: int = 0
    refused: int = 0
    failed: int = 0
    seconds: float = 0.0
    memory: int = 0
    faults: list[str] = field(default_factory=list)

    def fail(self, name: str, why: str) -> None:
        self.failed += 1
        self.faults.append(f"{name}: {why}")


def samples(folder: Path) -> dict[str, bytes]:
    """Return one good file of each format that the invented nation holds."""
    nation.generate(folder / "nation", seed=7, base=datetime(2026, 11, 1, tzinfo=UTC))
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


def ingest(
    home: Path, paths: Sequence[bytes | str | Path], folder: Path, **how: Any
) -> "subprocess.CompletedProcess[bytes]":
    """Run the real command in a folder of its own, where nothing may appear."""
    for name in ("cwd", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    words = [*harness.COMMAND, "ingest", "--home", str(home), "--agency", "ESX", "--json", "--", *paths]
    options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "timeout": 900} | how
    env = harness.environment(TMPDIR=str(folder / "tmp"))
    done: subprocess.CompletedProcess[bytes] = subprocess.run(
        words, capture_output=True, cwd=folder / "cwd", env=env, check=False, text=False, **options
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")[-4000:]
    assert list((folder / "cwd").iterdir()) == []
    assert list((folder / "tmp").iterdir()) == []
    return done


def slipped_out() -> list[str]:
    """Return what the files try to write where nothing of theirs may be."""
    places = (Path("/tmp"), Path("/"), Path("/etc"), Path.home(), Path.cwd())
    names = ("slipped", "owned", "cets-was-here")
    return [str(path) for place in places for path in place.iterdir() if path.name.startswith(names)]


def take_in(home: Path, cases: Iterable[generator.Case], folder: Path) -> Iterator[Line]:
    """Take the files of each class in by one command, a good one before and after them; then look into the vault."""
    for kind, group in groupby(sorted(cases, key=lambda case: case.kind), key=lambda case: case.kind):
        chosen, since = list(group), datetime.now(UTC)
        good = [folder / f"good-{n}.txt" for n in range(2)]
        for number, path in enumerate(good):
            path.write_bytes(GOOD % f"{kind} {number}".encode())
        done = ingest(home, [good[0], *(case.path for case in chosen), good[1]], folder)
        told: dict[bytes, list[dict[str, Any]]] = {}
        for one in harness.lines(done):
            told.setdefault(os.fsencode(one["file"].split("!/")[0]), []).append(one)
        line, kept = Line(kind), in_vault(home)
        for name in not_kept(home, since):
            line.fail(name, "what was read of it could not be kept")
        for case in chosen:
            _count(line, case, told.get(case.path, []), kept)
        for path in good:
            if [one["sightings"] for one in told.get(bytes(path), [])] != [1]:
                line.fail(path.name, "a good file did not go on")
        yield line


def _count(line: Line, case: generator.Case, told: Sequence[dict[str, Any]], kept: set[str]) -> None:
    line.tried += 1
    digest = hashlib.sha256(Path(os.fsdecode(case.path)).read_bytes()).hexdigest()
    if told and all(one["report"] for one in told) and digest in kept:
        line.sealed += 1
        said = [text for one in told for text in (*one["not_understood"], one["error"] or "")]
        if fault := next((text for text in said if is_fault(text)), ""):
            line.fail(case.name, fault)
    elif told and all(one["error"] for one in told) and digest not in kept:
        line.refused += 1
    else:
        line.fail(case.name, "neither sealed nor refused")


def is_fault(text: str) -> bool:
    return any(fault in text.lower() for fault in FAULTS)


def in_vault(home: Path) -> set[str]:
    with harness.database(home) as conn:
        return {sha256 for (sha256,) in conn.execute("select sha256 from vault_original").fetchall()}


def not_kept(home: Path, since: datetime) -> list[str]:
    """Return what came in since then and was left unread, or read in vain."""
    found = "select name from reports_part where received_at >= %s and (state = 'sealed' or error like 'What was read could not%%')"
    with harness.database(home) as conn:
        return [name for (name,) in conn.execute(found, [since]).fetchall()]


def parse(line: Line, files: Iterable[tuple[str, bytes]]) -> Line:
    """Read each file in the parser's process and hold it to the limits; the process must never end by itself."""
    with Parser(Limits()) as parser:
        for name, data in files:
            parsing = parser.parse(io.BytesIO(data), len(data), Options(country="GB"))
            said = [row.reason for row in parsing if isinstance(row, Failed)]
            assert parsing.outcome is not None
            _hold(line, name, parsing.outcome, said)
    return line


def _hold(line: Line, name: str, outcome: Outcome, said: Sequence[str]) -> None:
    line.seconds = max(line.seconds, outcome.seconds)
    line.memory = max(line.memory, outcome.peak_memory or 0)
    if fault := next((reason for reason in (*said, outcome.failed or "") if is_fault(reason)), ""):
        line.fail(name, fault)
    elif outcome.seconds > MOST_SECONDS:
        line.fail(name, f"{outcome.seconds:.0f} s")
    elif (outcome.peak_memory or 0) > MOST_MEMORY:
        line.fail(name, f"{(outcome.peak_memory or 0) // 1_000_000} MB")


def contents_of(cases: Iterable[generator.Case]) -> Iterator[tuple[str, bytes]]:
    for case in cases:
        if data := Path(os.fsdecode(case.path)).read_bytes():
            yield case.name, data


def mutants(count: int = MUTANTS) -> Iterator[tuple[str, bytes]]:
    """Yield mutants of the examples of every source, and of the collected sample files where they are."""
    goods = [
        good
        for good in (*good_files.examples(), *good_files.collected())
        if len(good.data) <= good_files.MOST_BYTES
    ]
    for number in range(count):
        good = goods[number % len(goods)]
        yield f"{good.kind}-{good.name}-{number}{good.suffix}", mutations.mutant(good, goods, number)


def some_mutants(folder: Path, count: int = MUTANTS) -> list[generator.Case]:
    """Write one in ten of them, for the whole way."""
    folder.mkdir()
    made, seen = [], set()
    for number, (name, data) in enumerate(mutants(count)):
        digest = hashlib.sha256(data).digest()
        if number % WHOLE_WAY or digest in seen:
            continue
        seen.add(digest)
        path = folder / f"{number:05}-{name[:120]}"
        path.write_bytes(data)
        made.append(generator.Case(TAKEN_IN, name, bytes(path)))
    return made


def run(only: Sequence[str] = (), count: int = MUTANTS) -> Iterator[Line]:
    """Try all of it, or the classes named, on an instance of its own, which is removed at the end; yield a line for each class."""
    with tempfile.TemporaryDirectory(prefix="cets-hostile-") as made:
        folder = Path(made)
        home = harness.make_home(folder / "home", "ESX")
        try:
            cases = generator.write_all(folder / "files", samples(folder / "samples"), seed=SEED)
            cases = [case for case in cases if not only or case.kind in only]
            for line in take_in(home, cases, folder):
                yield parse(line, contents_of(case for case in cases if case.kind == line.kind))
            shutil.rmtree(folder / "files")
            if not only or MUTATED in only:
                yield parse(Line(MUTATED, tried=count), mutants(count))
            if not only or TAKEN_IN in only:
                yield from take_in(home, some_mutants(folder / "mutants", count), folder)
        finally:
            harness.kill_all(home)
