"""Small files parsed before their turn, in a process of its own, while the files before them are written."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from threading import Event
from uuid import UUID

from django.db import DatabaseError

from cets.access.viewer import Viewer, acting
from cets.domains.identifiers.queries import InUse, in_use
from cets.domains.intake.parser.client import Limits, Parser
from cets.domains.intake.plaintext import plaintext
from cets.domains.intake.reader import HEAD_ROWS, MOST_WAITING_BYTES, Parsed, Reading, options_of
from cets.domains.intake.sources.base import Options
from cets.domains.reports.models import Part
from cets.domains.vault.actions import read_original
from cets.kernel.errors import CetsError

#: What costs more is left to its turn: whoever ends the command waits for the file in hand, and what waits is in memory.
LIMITS = Limits(seconds=2.0, output=1 << 20)
MOST_BYTES = 32_768
#: Each file that meets a limit costs a new process: after so many the others are left to their turn, too.
MOST_MISSES = 3


def parse_ahead(
    part_ids: Sequence[UUID], *, reading: Reading, parser: Parser, country: str, by: Viewer, stop: Event
) -> None:
    """Leave in `reading.ahead` what a parse gave, for `reader.read_parts`, until told to stop.

    `parser` is another than `reading`'s. It writes nothing and raises nothing: a file that fails here is parsed in its
    turn, and its fault is said there.
    """
    misses = 0
    with suppress(CetsError, DatabaseError, OSError):
        parts, own = _small_ones(part_ids, by)
        for part in parts:
            held = sum(
                parsed.parsing.outcome.output
                for parsed in list(reading.ahead.values())
                if parsed.parsing.outcome
            )
            if stop.is_set() or misses == MOST_MISSES or held > MOST_WAITING_BYTES:
                return
            misses += not _parse(part, reading, parser, options_of(part, country, own))


def _small_ones(part_ids: Sequence[UUID], by: Viewer) -> tuple[list[Part], InUse]:
    with acting(by):
        waiting = Part.objects.filter(id__in=part_ids, state="sealed", member=False, size__lte=MOST_BYTES)
        return list(waiting.select_related("original")), in_use(by)


def _parse(part: Part, reading: Reading, parser: Parser, options: Options) -> bool:
    with plaintext(read_original(reading.vault, part.original)) as file:
        parsing = parser.parse(file, part.size, options, limits=LIMITS, label=str(part.id))
        rows = list(islice(parsing, HEAD_ROWS))
    if parsing.outcome is None or parsing.outcome.failed:
        return False
    reading.ahead[part.id] = Parsed(options, rows, parsing)
    return True
