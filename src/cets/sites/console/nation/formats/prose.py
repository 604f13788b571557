"""Plain text, and an officer's note in its small envelope."""

from collections.abc import Sequence
from datetime import datetime

from cets.sites.console.nation.model import Document, Planted


def note(author: str, at: datetime, text: str, planted: Sequence[Planted]) -> Document:
    """Return a note as typed into the desk: a first line, who and when, an empty line, the words."""
    head = f"CETS-NOTE 1\nauthor: {author}\nat: {at:%Y-%m-%dT%H:%M:%SZ}\n\n"
    return Document((head + text.strip() + "\n").encode(), ".note", "note", tuple(planted))


def text(words: str, planted: Sequence[Planted], *, encoding: str = "utf-8") -> Document:
    return Document((words.strip() + "\n").encode(encoding), ".txt", "text", tuple(planted))
