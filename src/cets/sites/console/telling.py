"""What a person is told when a command could not do its work, and its exit status."""

import errno
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from cets.kernel.errors import CetsError
from cets.sites.console.output import notes, printable

#: What shells give a command that Ctrl-C ended.
STOPPED = 128 + signal.SIGINT


class WrongUse(CetsError):
    """The command was given what it cannot work with."""


def fail(sentence: str, status: int) -> NoReturn:
    """Say why on standard error, and end with a status."""
    with suppress(OSError):
        notes.print(printable(sentence), markup=False)
    raise SystemExit(status)


@contextmanager
def stop_told(sentence: str) -> Iterator[None]:
    """Say, should Ctrl-C end a block, what that means; the exit status is then 130."""
    try:
        yield
    except KeyboardInterrupt:
        fail(sentence, STOPPED)


@contextmanager
def told() -> Iterator[None]:
    """Turn an error that a person may be shown into a sentence and exit status 1; wrong use into 2."""
    try:
        yield
    except WrongUse as error:
        fail(str(error), 2)
    except CetsError as error:
        fail(str(error), 1)
    except OSError as error:
        if error.errno == errno.EPIPE:  # who read our output has seen enough
            _let_output_go()
            raise SystemExit(1) from None
        fail(_words(error), 1)
    except Exception as error:
        if not _is_no_answer(error):
            raise
        fail(f"The database did not answer: {str(error).strip()}", 1)
    finally:
        _let_output_go()


def _is_no_answer(error: Exception) -> bool:
    """Say whether a database was not reached. Asked late: both libraries take long to load."""
    from django.db import OperationalError
    from psycopg import OperationalError as NoServer

    return isinstance(error, OperationalError | NoServer)


def _words(error: OSError) -> str:
    why = error.strerror or str(error)
    if error.filename is None:
        return f"Something could not be read or written, and the command was broken off: {why}."
    names = [os.fsdecode(name) for name in (error.filename, error.filename2) if isinstance(name, str | bytes)]
    return f"{' and '.join(names) or 'A file'} could not be used, and the command was broken off: {why}."


def _let_output_go() -> None:
    """Give up what standard output does not take: else Python tries once more at its end, and says so in its own words."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
