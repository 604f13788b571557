"""`cets explain`: why something in a text is taken for an identifier."""

import sys

from cets.domains.identifiers.explaining import Explanation, explain
from cets.domains.identifiers.kinds.base import Context
from cets.sites.console.output import Printer
from cets.sites.console.telling import fail

_MOST = 1_000_000  # characters


def run(text: str, *, country: str | None, platform: str | None, printer: Printer) -> None:
    """Print what is found in a text ("-": standard input), each with its reasons."""
    given = sys.stdin.read(_MOST + 1) if text == "-" else text
    if len(given) > _MOST:
        fail(f"The text is longer than the {_MOST} characters that are explained at once.", 2)
    for one in explain(given, Context(country=country.upper() if country else None, platform=platform)):
        printer.record(_as_record(one), _as_text(one))


def _as_record(one: Explanation) -> dict[str, object]:
    return {
        "state": one.state,
        "kind": one.kind,
        "value": one.value or None,
        "raw": one.raw,
        "start": one.start,
        "end": one.end,
        "rule": one.rule,
        "cue": one.cue or None,
        "undone": list(one.undone),
        "checked": one.checked or None,
        "assumed": one.assumed or None,
        "reason": one.reason or None,
    }


def _as_text(one: Explanation) -> str:
    return "\n    ".join(
        (f"{one.kind} {one.value or one.raw} ({one.state.replace('_', ' ')})", *one.sentences())
    )
