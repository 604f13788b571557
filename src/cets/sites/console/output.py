"""What a command prints: with `--json` one object a line on standard output, all else on standard error."""

import errno
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table

from cets.kernel.errors import CetsError

notes = Console(stderr=True, highlight=False, soft_wrap=True)

#: What some readers take for the end of a line, beside the one that JSON never leaves inside a value.
_LINE_ENDS = "\x85\u2028\u2029"


class NotWritten(CetsError):
    """What was found could not be printed. What was done before stays done."""


class Printer:
    """Prints records as JSON lines or for people."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def record(self, record: dict[str, Any], words: str) -> None:
        """Print one record: as a JSON line, or in words."""
        if self.as_json:
            line = json.dumps(record, ensure_ascii=False, default=str) + "\n"
            for sign in _LINE_ENDS:
                line = line.replace(sign, f"\\u{ord(sign):04x}")
            # A file name that is no text is told as Python reads it: its bytes as lone surrogates, which JSON writes \\udcXX.
            with _written():
                sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))
                sys.stdout.flush()
        else:
            with _written():
                Console(highlight=False, soft_wrap=True).print(printable(words), markup=False)

    def state(self, record: dict[str, Any], words: str) -> None:
        """Tell people how far a command is, on standard error; with `--json` programs, too."""
        if words:
            notes.print(printable(words), markup=False)
        if self.as_json:
            self.record(record, words)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a table for people; with `--json` nothing, for the records were printed."""
        if self.as_json:
            return
        table = Table(title=title, title_justify="left", box=None, pad_edge=False)
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*map(printable, row))
        with _written():
            Console(highlight=False).print(table)


@contextmanager
def _written() -> Iterator[None]:
    """Raise NotWritten for what standard output does not take; a reader who has seen enough is no matter for us."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        raise NotWritten(
            f"Standard output could not be written: {error.strerror}. What was done before stays done."
        ) from error


def printable(words: str) -> str:
    """Show control characters and what is no text instead of sending them to a terminal."""
    return "".join(
        sign if sign.isprintable() or sign in "\n\t" else sign.encode("unicode_escape").decode()
        for sign in words
    )
