"""What a source over a chat does with each message: its number, its time, its text, and what is mentioned there."""

from collections.abc import Iterable, Iterator
from typing import Any

from cets.domains.intake.chat_times import ChatTimes
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Message, NotUnderstood
from cets.domains.intake.traces import Full
from cets.kernel.moments import Moment


class Messages:
    """Numbers the messages of one file. Made once per file; `whose`: as of ChatTimes."""

    def __init__(self, reader: Reader, whose: str = "") -> None:
        self.reader = reader
        self.number = 0
        self._times = ChatTimes(reader, whose)

    @property
    def following(self) -> int:
        """The number of the next message, for what is said of it before it comes. Raises Full."""
        if self.number >= self.reader.options.max_rows:
            raise Full
        return self.number + 1

    def add(
        self,
        text: str,
        *,
        place: str,
        sent_at: Moment | None = None,
        mentions: bool = True,
        beside: Iterable[str] = (),
        **fields: Any,
    ) -> Iterator[AnyRow]:
        """Yield a message and what its text mentions, but with `mentions` False. `fields`: further ones of the Message.

        `beside`: words over and under it that are searched too: what it answers, names of its files.
        """
        self.number = self.following
        most = self.reader.options.max_text
        if len(text) > most:
            text = text[:most]
            yield NotUnderstood(
                text=f"The text at {place} is longer than {most} characters; the rest was not read.",
                place=place,
            )
        yield from self._times.doubts(sent_at, place)
        yield Message(number=self.number, text=text, place=place, sent_at=sent_at, **fields)
        if mentions and text:
            yield from self.reader.mentioned(text, place=place, seen_at=sent_at, message=self.number)
        for words in beside:
            yield from self.reader.beside(words, place=place, seen_at=sent_at, message=self.number)
