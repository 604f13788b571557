"""Identifiers in text: recall and precision on a labelled text, MB/s beside ioc-finder and presidio, texts that are made to be slow.

The peers are installed in an environment of their own, which is thrown away; the product never needs them.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.extraction_corpus import WORST_CASES, Labels, read, worst_case, write
from bench.extraction_corpus.labels import Decoy, Label
from bench.extraction_corpus.score import Found, Score, score
from cets.domains.identifiers.extract import find
from cets.domains.identifiers.kinds.base import Context

MEGABYTES = float(os.environ.get("BENCH_TEXT_MB", "10"))
SEED = int(os.environ.get("BENCH_TEXT_SEED", "7001"))
_HYPERSCAN = "hyperscan==0.9.1"
_PEERS = {"ioc-finder": "ioc-finder==9.4.1", "presidio": "presidio-analyzer==2.2.366"}
_PEER_BYTES = {"ioc-finder": 1_000_000, "presidio": 500_000}
_COUNTRY = "GB"
_TURNS = 3
_SLOWEST = 3
_MEGABYTE = 1_000_000


def run() -> Iterator[dict[str, Any]]:
    """Yield the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text"
        labels = write(path, MEGABYTES, SEED, _COUNTRY)
        text = read(path)
        _seconds(text[:20_000])  # what is loaded with the first value
        yield from _quality(text, labels)
        yield from _beside(Path(folder), path)
        yield _engine(Path(folder), text)
    yield from _worst(text)


def _quality(text: str, labels: Labels) -> Iterator[dict[str, Any]]:
    began = time.process_time()
    findings = find(text, Context(country=_COUNTRY))
    seconds = time.process_time() - began
    yield {
        "what": "speed",
        "MB": labels.size / _MEGABYTE,
        "MB_per_s": round(labels.size / _MEGABYTE / seconds, 2),
    }
    found = [Found(one.value.kind, one.value.value, one.start, one.end) for one in findings.found]
    found += [
        Found(value.kind, value.value, doubt.start, doubt.end)
        for doubt in findings.ambiguous
        for value in doubt.readings
    ]
    words = _without_values(text, labels)
    yield {
        "what": "speed where there is nothing",
        "MB": round(len(words.encode()) / _MEGABYTE, 2),
        "MB_per_s": round(len(words.encode()) / _MEGABYTE / _seconds(words), 2),
    }
    counted = score(labels, found)
    for kind in sorted({kind for kind, _ in counted.labelled}):
        yield {
            "what": "recall",
            "kind": kind,
            "recall": round(counted.recall(kind), 4),
            **_missed(counted, kind),
        }
    yield {
        "what": "precision",
        "recall_of_all": round(counted.recall(), 4),
        "precision": round(counted.precision(), 4),
        "decoys": sum(counted.decoys.values()),
        "decoys_taken": dict(counted.decoys_taken.most_common()),
        "wrong_otherwise": {
            " as ".join(key): count for key, count in counted.wrong.items() if key[0] not in counted.decoys
        },
    }


def _without_values(text: str, labels: Labels) -> str:
    """Return the text without all that has a label: what most of a chat consists of."""
    everything: list[Label | Decoy] = [*labels.identifiers, *labels.decoys, *labels.doubtful]
    places = sorted((one.start, one.end) for one in everything)
    starts = [0, *(end for _, end in places)]
    ends = [*(start for start, _ in places), len(text)]
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _missed(counted: Score, kind: str) -> dict[str, Any]:
    forms = {
        form: f"{counted.found[one, form]} of {all_of}"
        for (one, form), all_of in sorted(counted.labelled.items())
        if one == kind and counted.found[one, form] < all_of
    }
    return {"missed": forms} if forms else {}


def _seconds(text: str) -> float:
    began = time.process_time()
    find(text, Context(country=_COUNTRY))
    return time.process_time() - began


def _beside(folder: Path, path: Path) -> Iterator[dict[str, Any]]:
    """Yield MB/s of each peer and of us on the same bytes, in turn."""
    home = folder / "peers"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", *_PEERS.values(), _HYPERSCAN],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    for peer, version in _PEERS.items():
        part = path.read_bytes()[: _PEER_BYTES[peer]].decode(errors="ignore")
        (folder / "part").write_bytes(part.encode())
        size = len(part.encode()) / _MEGABYTE
        ours, theirs = [], []
        for _ in range(_TURNS):
            ours.append(size / _seconds(part))
            theirs.append(size / _peer(python, peer, folder / "part"))
        yield {
            "what": "beside a peer",
            "peer": version,
            "MB": round(size, 2),
            "ours_MB_per_s": round(max(ours), 3),
            "theirs_MB_per_s": round(max(theirs), 3),
            "ratio": round(max(ours) / max(theirs), 1),
        }


def _peer(python: Path, peer: str, part: Path) -> float:
    script = Path(__file__).with_name("extraction_peers.py")
    done = subprocess.run(
        [python, script, peer, part], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    return float(json.loads(done.stdout.splitlines()[-1])["seconds"])


def _engine(folder: Path, text: str) -> dict[str, Any]:
    """Return what our searching takes of the whole, and what hyperscan takes for the same words and marks."""
    from cets.domains.identifiers.extract import cues

    part = text[:_MEGABYTE]
    (folder / "part").write_text(part, "utf-8", newline="")
    (folder / "words").write_text("\n".join(sorted(cues.SEARCHED)), "utf-8")
    size = len(part.encode()) / _MEGABYTE
    lower = part.lower()
    began = time.process_time()
    words = len(cues.WORDS.find(lower))
    ours = time.process_time() - began
    script = Path(__file__).with_name("extraction_peers.py")
    python = folder / "peers" / "bin" / "python"
    done = subprocess.run(
        [python, script, "engine", folder / "part", folder / "words"], check=True, stdout=subprocess.PIPE
    )
    theirs = json.loads(done.stdout)
    return {
        "what": "engine",
        "peer": _HYPERSCAN,
        "whole_ms_per_MB": round(1000 * _seconds(part) / size),
        "our_words_ms_per_MB": round(1000 * ours / size, 1),
        "our_words": words,
        "theirs_ms_per_MB": round(1000 * theirs["seconds"] / size, 1),
        "their_hits_per_MB": round(theirs["hits"] / size),
        "their_compile_s": round(theirs["compile_s"], 2),
        "their_database_bytes": theirs["bytes"],
    }


def _worst(text: str) -> Iterator[dict[str, Any]]:
    """Yield how long texts take that are made to be slow, as a share of the labelled text's time."""
    ordinary = _seconds(text[:_MEGABYTE]) / len(text[:_MEGABYTE].encode())
    shares = Counter({name: _seconds(worst_case(name, 1)) / _MEGABYTE / ordinary for name in WORST_CASES})
    slowest = shares.most_common(_SLOWEST)
    yield {
        "what": "worst of 1 MB",
        "cases": len(shares),
        "beyond_twice": {name: round(share, 2) for name, share in shares.items() if share > 2},  # noqa: PLR2004 - the aim
        "slowest": {name: round(share, 2) for name, share in slowest},
    }
    whole = _seconds(text) / len(text.encode())
    for name, _ in slowest:
        share = _seconds(worst_case(name, MEGABYTES)) / (MEGABYTES * _MEGABYTE) / whole
        yield {"what": "worst of all", "MB": MEGABYTES, "case": name, "share_of_ordinary": round(share, 2)}


if __name__ == "__main__":
    for line in run():
        sys.stdout.write(json.dumps(line) + "\n")
