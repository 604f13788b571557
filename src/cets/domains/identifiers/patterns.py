"""An agency's own pattern before it is used: what it must look like, its examples tried, its cost on hostile texts."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from cets.domains.identifiers.extract import find
from cets.domains.identifiers.kinds import KINDS
from cets.domains.identifiers.kinds.base import Context
from cets.domains.identifiers.own import MOST_PATTERN, Engine, NotUsable, Own, OwnPattern
from cets.kernel.errors import CetsError
from cets.kernel.texts import hides_something, shows_something

#: How many an agency has in use at a time.
MOST_IN_USE = 20
MOST_NAME, MOST_PLATFORM, MOST_EXAMPLES, MOST_EXAMPLE = 60, 60, 20, 500
#: Characters of each probe text, and seconds of the processor that all of them together may take.
_PROBE, _SECONDS = 65_536, 0.5
#: What strains patterns: the same again and again, and what almost goes on.
_STRAINS = ("a", "0", "A1 ", "a0-", "@.", "ab\n", "x: ", " ", "\u00e9")
#: Ordinary words in several scripts. Where a pattern takes this share of one of them, it would find something everywhere.
_ORDINARY = (
    "We met at the station after school, and then walked home along the river because the last bus had already left.",
    "Wir trafen uns nach der Schule am Bahnhof und gingen dann am Fluss entlang nach Hause, weil kein Bus mehr fuhr.",
    "После школы мы встретились на вокзале и пошли домой вдоль реки, потому что последний автобус уже ушёл.",
    "التقينا في المحطة بعد المدرسة ثم مشينا إلى البيت على طول النهر لأن آخر حافلة كانت قد غادرت",
)
_MOST_OF_ORDINARY = 1 / 3


class WrongPattern(CetsError):
    """A pattern cannot be added. `field` is its name in the draft. Nothing was changed."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{why} Nothing was changed.")
        self.field = field


@dataclass(frozen=True, slots=True)
class Draft:
    """A pattern that somebody wants to add. `matching`: texts, each with the value that must be found in it."""

    name: str
    pattern: str
    kind: str
    platform: str
    matching: tuple[tuple[str, str], ...]
    not_matching: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one example. `wanted` is empty where nothing may be found; `got`: what was, `why` not."""

    text: str
    wanted: str
    got: tuple[str, ...]
    why: str = ""

    @property
    def is_right(self) -> bool:
        return self.got == (() if not self.wanted else (self.wanted,)) and not self.why


def checked(draft: Draft) -> Draft:
    """Return the draft as it would be kept. Raises WrongPattern."""
    name = " ".join(draft.name.split())
    if not shows_something(name) or len(name) > MOST_NAME or hides_something(name):
        raise WrongPattern(
            "name", f"A pattern has a name of at most {MOST_NAME} characters that can be seen."
        )
    platform = " ".join(draft.platform.split())
    if len(platform) > MOST_PLATFORM:
        raise WrongPattern("platform", f"A platform's name has at most {MOST_PLATFORM} characters.")
    if draft.kind not in KINDS:
        raise WrongPattern("kind", "There is no such kind of identifier.")
    if len(draft.pattern) > MOST_PATTERN:
        raise WrongPattern("pattern", f"A pattern has at most {MOST_PATTERN} characters.")
    for field, texts in (("matching", [t for t, _ in draft.matching]), ("not_matching", draft.not_matching)):
        if not texts:
            raise WrongPattern(field, "Give at least one example.")
        if len(texts) > MOST_EXAMPLES or any(len(text) > MOST_EXAMPLE for text in texts):
            raise WrongPattern(
                field,
                f"There are at most {MOST_EXAMPLES} examples of at most {MOST_EXAMPLE} characters each.",
            )
    if not all(wanted.strip() for _, wanted in draft.matching):
        raise WrongPattern("matching", "Each example that must match needs the value that is expected.")
    return Draft(name, draft.pattern, draft.kind, platform, draft.matching, draft.not_matching)


def try_out(draft: Draft, context: Context) -> list[Tried]:
    """Return what the pattern finds in its examples. Raises WrongPattern when it cannot be used at all, or takes too long."""
    try:
        engine = Engine(draft.pattern)
    except NotUsable as fault:
        raise WrongPattern("pattern", str(fault)) from None
    _probe(engine, draft)
    if any(_share(engine, text) > _MOST_OF_ORDINARY for text in _ORDINARY):
        raise WrongPattern(
            "pattern",
            "It also finds ordinary words, and so would find something in almost every text. Say more exactly what the value looks"
            " like, or what stands around it.",
        )
    own = OwnPattern("", draft.name, draft.pattern, draft.kind, draft.platform or None)
    examples = [*draft.matching, *((text, "") for text in draft.not_matching)]
    return [_tried(own, text, wanted, context) for text, wanted in examples]


def _tried(own: OwnPattern, text: str, wanted: str, context: Context) -> Tried:
    findings = find(text, context, own=Own([own]))
    got = tuple(one.value.value for one in findings.found if one.pattern)
    doubts = [one.reason for one in (*findings.ambiguous, *findings.not_valid) if one.pattern]
    taken = [one.value.kind for one in findings.found if not one.pattern and one.value.value == wanted]
    why = doubts[0] if doubts else ""
    if taken and not got:
        why = f"It is found without this pattern already, as {KINDS[taken[0]].in_text}."
    return Tried(text, wanted, got, why)


def _share(engine: Engine, text: str) -> float:
    return sum(place[1] - place[0] for place in engine.matches(text) if place) / len(text)


def _probe(engine: Engine, draft: Draft) -> None:
    """Let the pattern look through hostile texts. Raises WrongPattern when that takes too long."""
    began = time.thread_time()
    for text in _strains(draft):
        for _ in engine.matches(text):
            if time.thread_time() - began > _SECONDS:
                break
        if time.thread_time() - began > _SECONDS:
            raise WrongPattern(
                "pattern",
                f"It takes too long: more than {_SECONDS} seconds for texts of {_PROBE:,} characters that are hard for it. Say"
                " more exactly what stands around the value, and how long it is.",
            )


def _strains(draft: Draft) -> Iterator[str]:
    examples = [text for text, _ in draft.matching] + list(draft.not_matching)
    halves = [text[: len(text) // 2] for text in examples]
    for seed in (*_STRAINS, *examples, *halves):
        if seed:
            yield (seed * (_PROBE // len(seed) + 1))[:_PROBE]
