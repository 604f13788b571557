"""What the pieces of a question may be that nobody would take for it in a running text: looked up among what is held."""

from collections.abc import Iterable, Iterator, Sequence

from cets.domains.identifiers.kinds import KINDS, clean
from cets.domains.identifiers.kinds.base import Ambiguous, Context, NotValid, Value

#: Of a longer question so many words are tried together with their neighbours.
MOST_WORDS = 60
_LONGEST_RUN = 5
#: Kinds whose values, as the desk shows them or a source writes them, have blanks. Telephones and the like are found anyhow.
_WITH_BLANKS = (
    "account", "bank_account", "device", "display_name", "group", "hash", "imei", "report_number", "vehicle",
)  # fmt: skip
#: What a value is called before it, where the desk and the source leave the name out.
_UNSAID = {"device": ("", "IDFA ", "GAID "), "hash": ("", "PDQ ", "PhotoDNA ")}
_AROUND = ".,;:!?()[]{}'\"\u2018\u2019\u201c\u201d\u2026"


def runs_of(words: Sequence[str]) -> Iterator[str]:
    """Yield neighbouring words together, two to five of them."""
    words = words[:MOST_WORDS]
    for length in range(2, _LONGEST_RUN + 1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def readings_of(query: str, phrases: Iterable[str], country: str | None) -> Iterator[tuple[str, Value]]:
    """Yield what each word, run of words and phrase can be, and the question as a whole: the piece and the value."""
    words, context = query.replace('"', " ").split(), Context(country=country)
    for piece in dict.fromkeys((*words, *phrases, " ".join(words))):
        for kind in KINDS:
            yield from ((piece, value) for value in _values(kind, piece, context))
    for piece in runs_of(words):
        for kind in _WITH_BLANKS:
            yield from ((piece, value) for value in _values(kind, piece, context))


def _values(kind: str, piece: str, context: Context) -> Iterator[Value]:
    for text in dict.fromkeys((piece, piece.strip(_AROUND))):
        for name in _UNSAID.get(kind, ("",)):
            try:
                yield clean(kind, name + text, context)
            except NotValid:
                continue
            except Ambiguous as doubt:
                yield from doubt.readings


def names_of(pieces: Iterable[str]) -> dict[str, str]:
    """Return how an account's or a room's value may end whose platform is not said, and the piece that says so."""
    found: dict[str, str] = {}
    for piece in pieces:
        for text in (piece, piece.strip(_AROUND)):
            name = text.removeprefix("@")
            for one in (name.casefold(), text, f"id:{text}", f"id:{text.lower()}"):
                found.setdefault(one, piece)
    return found
