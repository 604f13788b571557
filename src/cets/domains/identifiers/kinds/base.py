"""What every kind of identifier can do. One short class per kind, each in its own module."""

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

import msgspec

from cets.kernel.errors import CetsError

Role = Literal["suspect", "convicted", "victim", "witness", "reporter", "recipient", "other", "unknown"]
Way = Literal["declared", "mentioned", "looked_up"]


class NotValid(CetsError):
    """The text is not a value of this kind. The message says why, in words for an officer."""


class Ambiguous(CetsError):
    """The text could be a value of this kind, but not without a guess (a phone number of which country?).

    `candidates` are what it could be, for a person to choose from. `readings` are set where it is one of few
    values for certain: each of them is kept, in doubt, and may be met.
    """

    def __init__(
        self, message: str, candidates: tuple[str, ...] = (), readings: tuple["Value", ...] = ()
    ) -> None:
        super().__init__(message)
        self.candidates = candidates
        self.readings = readings


class Context(msgspec.Struct, frozen=True):
    """What a value is read with. `country`: ISO 3166 alpha-2 of the reading agency, for national numbers."""

    country: str | None = None
    platform: str | None = None


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """A clean identifier.

    `value` is the canonical form: two sightings are the same identifier exactly when kind and value are
    equal. `variants` are weaker keys ("alias:bluebridge77"): two different values that share one are
    candidates, never the same. `assumed` says what was taken for granted in reading it ("read as a United
    Kingdom number"). `common` gives the reason why it links nothing (private address, shared mailbox...),
    when the value alone tells. `in_doubt`: the same text can just as well be another value.
    """

    kind: str
    value: str
    raw: str
    variants: tuple[str, ...] = ()
    assumed: str | None = None
    common: str | None = None
    in_doubt: bool = False


class Kind(ABC):
    """One kind of identifier. Stateless; the registry in `kinds/__init__.py` holds one instance of each."""

    name: ClassVar[str]
    caption: ClassVar[str]  # stands alone, in a heading, a list or a table: "E-mail"
    in_text: ClassVar[str]  # within a sentence: "e-mail address", "IP address"
    #: May two records be linked by it? A report number of another body says so, a display name only weakly.
    pivot: ClassVar[bool] = True
    #: Bits that an exact match of a value with no other holders is worth: log2 of how rarely two unrelated
    #: records share one.
    bits: ClassVar[float]
    #: A longer text is refused before anything is looked for in it: some patterns take the square of its length.
    longest_raw: ClassVar[int] = 10_000
    #: (raw text, canonical value): shown in help, checked by tests, used by the demo. Reserved values only.
    examples: ClassVar[tuple[tuple[str, str], ...]]

    @abstractmethod
    def clean(self, raw: str, context: Context) -> Value:
        """Read `raw`. Raises NotValid or Ambiguous; never returns a guess."""

    def show(self, value: str) -> str:
        """Return how a canonical value is written for people."""
        return value
