"""Meta's downloads write each byte of UTF-8 as a character of its own: "Ã©" stands for "é". Here it is put right."""

import re
from typing import Any

_BYTES = re.compile(r"[\x80-\xff]{2,}")
_WIDE = re.compile(r"[^\x00-\xff]")


class Repair:
    """Puts texts right and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def text(self, text: str) -> str:
        """Return the text as it was meant. One that is sound, or of which it is not certain, stays as it is."""
        if text.isascii() or _WIDE.search(text):
            return text
        repaired = _BYTES.sub(_decoded, text)
        self.count += repaired != text
        return repaired

    def value(self, value: Any) -> Any:
        """Return a JSON value with every text and key in it put right."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(entry) for entry in value]
        if isinstance(value, dict):
            return {self.text(key): self.value(entry) for key, entry in value.items()}
        return value


def _decoded(found: re.Match[str]) -> str:
    try:
        return found[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found[0]
