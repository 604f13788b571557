"""What is found in a text."""

import msgspec

from cets.domains.identifiers.kinds.base import Value


class Found(msgspec.Struct, frozen=True, omit_defaults=True):
    """One identifier. `text[start:end] == raw`.

    `port` is the one written after an IP address; `pattern` the number of the agency's own pattern that found it, from 1.
    """

    start: int
    end: int
    raw: str
    value: Value
    port: int | None = None
    pattern: int = 0


class Doubt(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that is announced as an identifier and cannot be read as one, or not without a guess.

    `reason` is a sentence for an officer that does not repeat the value. `readings`: see Ambiguous.
    """

    start: int
    end: int
    raw: str
    kind: str
    reason: str
    candidates: tuple[str, ...] = ()
    readings: tuple[Value, ...] = ()
    pattern: int = 0


class Findings(msgspec.Struct, frozen=True):
    """Each list in order of place; nothing in them overlaps. `left_out`: sentences on what own patterns passed over."""

    found: list[Found]
    ambiguous: list[Doubt]
    not_valid: list[Doubt]
    left_out: list[str] = []
