"""What the other side learns of a record: the record's own level decides, nobody else's (design, section 4)."""

from enum import IntEnum


class Level(IntEnum):
    """Stored as its number: 0 tells nothing, 1 whom to call, 2 summary and reference."""

    SILENT = 0
    CONTACT = 1
    OPEN = 2

    @property
    def word(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Level":
        """Return the level of a word: open, contact, silent. Raises KeyError."""
        return cls[word.upper()]
