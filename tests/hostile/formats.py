"""Hostile files of every registered source, made from its `examples/`: a new source is tried without a line here."""

import random
from collections.abc import Iterator

from hostile import good_files, mutations
from hostile.good_files import Good

Made = tuple[str, str, bytes]

CUTS, FLIPS, MIXED = 9, 6, 14
ENCODINGS = ("utf-16", "utf-16-be", "utf-32", "cp037", "utf-7")
LONG_NAME = 4_000
#: Of a source with many examples so many are taken, the smallest first.
EXAMPLES = 3


def attacks(seed: int) -> Iterator[tuple[str, Made]]:
    """Yield each file with the class that it belongs to."""
    chance = random.Random(seed)
    goods = good_files.examples()
    for good in _some(goods):
        for made in _cut(good):
            yield "cut files of every format", made
        for made in _spoilt(good, goods, chance):
            yield "spoilt files of every format", made
        for made in _words(good):
            yield "odd characters and encodings, every format", made
        for made in _swollen(good):
            yield "swollen files of every format", made
    for one, other in zip(goods, goods[1:] + goods[:1], strict=True):
        # One format's head and another's body; and one whole file behind another.
        yield (
            "polyglots",
            (f"head-of-{one.kind}-on-{other.kind}", one.suffix, one.data[:64] + other.data[64:]),
        )
        yield "polyglots", (f"{other.kind}-behind-{one.kind}", other.suffix, one.data + b"\n" + other.data)


def _some(goods: list[Good]) -> Iterator[Good]:
    taken: dict[str, int] = {}
    for good in goods:
        taken[good.kind] = taken.get(good.kind, 0) + 1
        if taken[good.kind] <= EXAMPLES:
            yield good


def _cut(good: Good) -> Iterator[Made]:
    for step in range(1, CUTS):
        yield (
            f"{good.kind}-{good.name}-cut-{step}",
            good.suffix,
            good.data[: max(1, len(good.data) * step // CUTS)],
        )
    yield f"{good.kind}-{good.name}-last-byte", good.suffix, good.data[:-1]
    yield f"{good.kind}-{good.name}-first-byte", good.suffix, good.data[1:]


def _spoilt(good: Good, goods: list[Good], chance: random.Random) -> Iterator[Made]:
    for step in range(FLIPS):
        spoilt = bytearray(good.data)
        for _ in range(1 + step * 4):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        yield f"{good.kind}-{good.name}-flipped-{step}", good.suffix, bytes(spoilt)
    for number in range(MIXED):
        yield (
            f"{good.kind}-{good.name}-changed-{number}",
            good.suffix,
            mutations.mutant(good, goods, -1 - number),
        )


def _words(good: Good) -> Iterator[Made]:
    try:
        words = good.data.decode()
    except UnicodeDecodeError:
        words = good.data.decode("latin-1")
    for encoding in ENCODINGS:
        yield f"{good.kind}-{good.name}-{encoding}", good.suffix, words.encode(encoding, "replace")
    changes = {
        "nul": words.replace("e", "\0", 30), "bidi": words.replace("e", "\u202ee\u2066", 30), "half-pairs": words.replace("e", "\udc00", 30),
        "far-signs": words.replace("e", "\U000e0065", 30), "line-ends": words.replace("\n", "\u2028"), "bom-inside": words.replace("e", "\ufeff", 30),
        "formulas": words.replace('"', '"=cmd|\' /C calc\'!A0', 30), "long-names": words.replace("e", "n" * LONG_NAME, 20),
        "huge-numbers": words.replace("1", "9" * 600, 20),
    }  # fmt: skip
    for change, text in changes.items():
        yield f"{good.kind}-{good.name}-{change}", good.suffix, text.encode("utf-8", "surrogatepass")


def _swollen(good: Good) -> Iterator[Made]:
    middle = len(good.data) // 2
    yield (
        f"{good.kind}-{good.name}-zeros",
        good.suffix,
        good.data[:middle] + bytes(300_000) + good.data[middle:],
    )
    yield (
        f"{good.kind}-{good.name}-deep",
        good.suffix,
        good.data[:middle] + b'{"a":[' * 10_000 + good.data[middle:],
    )
    yield f"{good.kind}-{good.name}-often", good.suffix, good.data * max(2, 60_000 // len(good.data))
    yield f"{good.kind}-{good.name}-tail", good.suffix, good.data + b"quayside@mail.example\n" * 100
