"""Hostile archives of other kinds than ZIP: bombs, links, names that lead out, cut and spoilt ones."""

import bz2
import gzip
import io
import lzma
import random
import tarfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from cets.domains.intake import sources

MEGABYTE = 1 << 20
SEVEN_ZIP = Path(sources.__file__).parent / "seven_zip" / "examples" / "bundle.7z"
STEPS = 8


def tar_of(*members: tuple[str, bytes], **facts: object) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for fact, value in facts.items():
                setattr(info, fact, value)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def attacks(samples: dict[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    """Yield (name, suffix, content) of each."""
    good = ("in/one.txt", samples["text"])
    whole = tar_of(good, ("in/two.eml", samples["eml"]))
    yield "tar-good", ".tar", whole
    yield "tar-gz-good", ".tgz", gzip.compress(whole, mtime=0)
    yield from _named(good)
    yield from _bombs(good)
    yield from _spoilt(whole)


def _named(good: tuple[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    for number, name in enumerate(
        ("../../etc/cets-was-here", "/tmp/cets-was-here", "..\\..\\here", "C:\\here")
    ):
        yield f"tar-slip-{number}", ".tar", tar_of(good, (name, b"out of the archive %d" % number))
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
        link = tar_of(("odd", b""), type=kind, linkname="/etc/passwd")
        yield f"tar-odd-{kind.decode()}", ".tar", link[:512] + tar_of(good, ("last.txt", kind))
    yield "tar-long-name", ".tar", tar_of(good, ("n" * 100_000, b"long"))
    yield (
        "tar-extended-bomb",
        ".tar",
        tar_of(good, ("a", b"x"), pax_headers={"comment": "x" * (4 * MEGABYTE)}),
    )
    yield (
        "gz-name",
        ".gz",
        b"\x1f\x8b\x08\x08" + bytes(6) + b"../../etc/passwd\0" + gzip.compress(good[1] + b"!", mtime=0)[10:],
    )


def _bombs(good: tuple[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    zeros = bytes(60 * MEGABYTE)
    for name, pack in (("gz", partial(gzip.compress, mtime=0)), ("bz2", bz2.compress), ("xz", lzma.compress)):
        yield f"{name}-bomb", f".{name}", pack(zeros)
        yield (
            f"tar-{name}-bomb",
            f".tar.{name}",
            pack(tar_of(good, ("bomb", zeros), ("after.txt", name.encode()))),
        )
    nested = good[1] + b"nested"
    for _ in range(40):
        nested = gzip.compress(nested, mtime=0)
    yield "gz-nested-deep", ".gz", nested
    yield (
        "gz-many-streams",
        ".gz",
        gzip.compress(b"", mtime=0) * 50_000 + gzip.compress(good[1] + b"at last", mtime=0),
    )
    yield "tar-many-members", ".tar", tar_of(*((f"{n}.txt", b"") for n in range(10_050)))


def _spoilt(whole: bytes) -> Iterator[tuple[str, str, bytes]]:
    chance = random.Random(7)
    kinds = {
        "tar": whole, "gz": gzip.compress(whole + b" ", mtime=0), "bz2": bz2.compress(whole), "xz": lzma.compress(whole),
        "7z": SEVEN_ZIP.read_bytes(),
    }  # fmt: skip
    for kind, data in kinds.items():
        for step in range(1, STEPS):
            yield f"cut-{kind}-{step}", f".{kind}", data[: len(data) * step // STEPS]
            spoilt = bytearray(data)
            for _ in range(step * 2):
                spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
            yield f"flipped-{kind}-{step}", f".{kind}", bytes(spoilt)
