"""Times of a chat's messages: what is not readable is said each time, the same missing zone only once a file."""

from collections.abc import Iterator

from cets.domains.intake.reading import Reader, has_no_zone, is_unread, readings
from cets.domains.intake.rows import AmbiguousPart, AnyRow
from cets.kernel.moments import Moment


class ChatTimes:
    """`whose`: what is known of the zone that is not stated ("of the computer that made the export")."""

    def __init__(self, reader: Reader, whose: str = "") -> None:
        self._reader, self._whose = reader, whose
        self._is_said = False

    def doubts(self, when: Moment | None, place: str) -> Iterator[AnyRow]:
        """Yield what the receipt must say of the time of a message."""
        if when is None:
            return
        if is_unread(when) or not has_no_zone(when) or len(when.candidates) > 1:
            yield from self._reader.time_doubts(when, place=place)
        elif not self._is_said:
            self._is_said = True
            (reading,) = readings(when)
            said = (
                f"{reading}{'; local time ' if self._whose else ''}{self._whose}; the same for the whole file"
            )
            yield AmbiguousPart(raw=when.raw, candidates=(said,), place=place)
