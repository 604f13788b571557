"""A labelled text for measuring extraction: planted identifiers, decoys, and texts that are made to be slow. See README.md."""

from pathlib import Path

from bench.extraction_corpus.documents import Source
from bench.extraction_corpus.labels import Decoy, Label, Labels
from bench.extraction_corpus.worst import WORST_CASES, worst_case

__all__ = ["WORST_CASES", "Decoy", "Label", "Labels", "read", "worst_case", "write"]

_MEGABYTE = 1_000_000


def write(path: Path, megabytes: float, seed: int, country: str = "GB") -> Labels:
    """Write so much text, UTF-8, and return its labels. The same arguments give the same bytes.

    `country`: of the agency that reads it. Numbers that only another country's agency can read are doubtful.
    """
    labels = Labels()
    with path.open("w", encoding="utf-8", newline="") as file:
        for sheet in Source(seed, country).documents():
            file.write(sheet.text())
            labels.add(sheet.labels)
            if labels.size >= megabytes * _MEGABYTE:
                return labels
    raise AssertionError  # documents never end


def read(path: Path) -> str:
    """Return the text with the ends of its lines as they are, so that the labels' places fit."""
    return path.read_bytes().decode()
