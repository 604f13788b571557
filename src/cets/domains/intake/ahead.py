"""Small files parsed before their turn, in a process of its own, while the files before them are written."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from uuid import UUID

from django.db import DatabaseError

from cets.access.viewer import Viewer, acting
from cets.domains.intake.parser.client import Limits, Parser
from cets.domains.intake.plaintext import plaintext
from cets.domains.intake.reader import HEAD_ROWS, Parsed, Reading, options_of
from cets.domains.reports.models import Part
from cets.domains.vault.actions import read_original
from cets.kernel.errors import CetsError

#: What takes longer is left to its turn: whoever ends the command waits for the file in hand.
LIMITS = Limits(seconds=5.0)
MOST_BYTES = 65_536


def parse_ahead(
    part_ids: Sequence[UUID], *, reading: Reading, parser: Parser, country: str, by: Viewer
) -> None:
    """Leave in `reading.ahead` what a parse gave, for `reader.read_parts`; `parser` is another than `reading`'s.

    It writes nothing and raises nothing: a file that fails here is parsed in its turn, and its fault is said there.
    """
    with suppress(CetsError, DatabaseError, OSError):
        with acting(by):
            waiting = Part.objects.filter(id__in=part_ids, state="sealed", member=False, size__lte=MOST_BYTES)
            parts = list(waiting.select_related("original"))
        for part in parts:
            _parse(part, reading, parser, country)


def _parse(part: Part, reading: Reading, parser: Parser, country: str) -> None:
    options = options_of(part, country)
    with plaintext(read_original(reading.vault, part.original)) as file:
        parsing = parser.parse(file, part.size, options, limits=LIMITS, label=str(part.id))
        rows = list(islice(parsing, HEAD_ROWS))
    if parsing.outcome and not parsing.outcome.failed:
        reading.ahead[part.id] = Parsed(options, rows, parsing)
