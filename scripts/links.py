"""Check that the links between the documents of this repository lead somewhere, headings included."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def main() -> int:
    """Name every dead link; return the exit status."""
    documents = list(files())
    dead = [problem for document in documents for problem in problems(document)]
    for problem in dead:
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(f"{len(documents)} documents, {len(dead)} dead links\n")
    return bool(dead)


def files() -> Iterator[Path]:
    """Yield the documents that git knows or would take."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in done.stdout.splitlines():
        if (ROOT / name).is_file():
            yield ROOT / name


def problems(document: Path) -> Iterator[str]:
    """Yield what is wrong with a document's links."""
    for target in LINK.findall(prose(document)):
        if ELSEWHERE.match(target):
            continue
        name, _, anchor = target.partition("#")
        found = document.parent / name if name else document
        if not found.exists():
            yield f"{document.relative_to(ROOT)}: {target} is not there"
        elif anchor and found.suffix == ".md" and anchor not in anchors(found):
            yield f"{document.relative_to(ROOT)}: {target} names no heading"


def prose(document: Path) -> str:
    """Return a document without its examples of code."""
    return CODE.sub("", FENCED.sub("", document.read_text()))


def anchors(document: Path) -> set[str]:
    """Return the names by which a document's headings are reached."""
    text = FENCED.sub("", document.read_text())
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in HEADING.findall(text)}


if __name__ == "__main__":
    sys.exit(main())
