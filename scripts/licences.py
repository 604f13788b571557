"""Check the licence of every package in the product's lock against a list of those that may be in it.

Permissive ones may, and MPL-2.0, and the LGPL for a library that is used unchanged. The GPL, the AGPL and
anything unknown may not. A package whose metadata says nothing usable is settled by name, with the reason.
"""

import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "product.txt"

ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "LGPL-2.1-only",
    "LGPL-2.1-or-later",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "PSF-2.0",
    "PostgreSQL",
    "Unlicense",
    "Zlib",
}

# Words of older metadata, in the terms above.
SPOKEN = {
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD",
    "bsd license": "BSD",
    "gnu lesser general public license v2 or later (lgplv2+)": "LGPL-2.1-or-later",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0-only",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
}

# Read by a person, because the metadata is silent or speaks twice.
SETTLED = {
    "pypdfium2": (
        "BSD-3-Clause",
        "it names the BSD and Apache licences and those of what PDFium holds, all permissive: FreeType, ICU, libjpeg-turbo...",
    ),
    "pyrage": ("MIT", "its metadata names none; the package carries the text of the MIT licence"),
    "qrcode": ("BSD-3-Clause", "its own licence is BSD; the other label stands for an MIT notice of a part"),
}


def main() -> int:
    """Name every package that may not be in the product; return the exit status."""
    packages = [
        line for line in requirements(LOCK.read_text()) if line.marker is None or line.marker.evaluate()
    ]
    refused = [problem for line in packages for problem in problems(line.name)]
    for problem in refused:
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(
        f"{len(packages)} packages of the product, {len(refused)} with a licence that may not be\n"
    )
    return bool(refused)


def requirements(lock: str) -> Iterator[Requirement]:
    """Yield what a lock names."""
    for line in lock.splitlines():
        if re.match(r"[A-Za-z0-9]", line):
            yield Requirement(line.rstrip("\\ "))


def problems(name: str) -> Iterator[str]:
    """Yield why a package may not be in the product."""
    try:
        found = SETTLED[name][0] if name in SETTLED else licence(metadata.metadata(name))
    except metadata.PackageNotFoundError:
        yield f"{name}: not installed, so its licence is not known (make check installs it)"
        return
    if not is_allowed(found):
        seen = found or "names no licence"
        yield f"{name}: {seen}. Take another package, or settle it in scripts/licences.py."


def licence(about: metadata.PackageMetadata) -> str:
    """Return the licence as one expression, from the best of the three places where metadata may say it."""
    if "License-Expression" in about:
        return about["License-Expression"]
    labels = [
        label.split(" :: ")[-1]
        for label in about.get_all("Classifier") or []
        if label.startswith("License ::")
    ]
    spoken = [label for label in labels if label != "OSI Approved"]
    if spoken:
        # Several labels may mean "either" or "each": only what holds for each is safe.
        return " AND ".join(SPOKEN.get(label.lower(), label) for label in spoken)
    text = about["License"].strip() if "License" in about else ""
    return SPOKEN.get(text.lower(), text)


def is_allowed(expression: str) -> bool:
    """Say whether a licence expression can be met with allowed licences alone."""
    either = re.split(r"\s+OR\s+", expression.replace("(", " ").replace(")", " ").strip())
    if re.search(r"\)\s*AND|AND\s*\(", expression):
        either = [" AND ".join(re.split(r"\s+(?:OR|AND)\s+", " ".join(either)))]
    return any(all(part.strip() in ALLOWED for part in re.split(r"\s+AND\s+", choice)) for choice in either)


if __name__ == "__main__":
    sys.exit(main())
