"""The words of a command line, looked at in one place before a command begins."""

import functools
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from cets.kernel.texts import is_text
from cets.sites.console.telling import WrongUse

#: Options that name a folder or file: nothing at all would be taken for the folder one stands in.
_PLACES = ("--home", "--keys", "--identity")
#: Arguments that name files though they come as text: a file's name may be any bytes.
_FILES = frozenset({"paths"})


def refuse_no_place(words: Iterable[str]) -> None:
    """Raise WrongUse where an option that names a folder or file is followed by nothing."""
    for word, following in pairwise([*words, "end"]):
        option, equals, value = word.partition("=")
        if option in _PLACES and not (value if equals else following):
            raise WrongUse(f'{option} is empty. Name a folder or file; the one you stand in is "."')


def of_text(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command refuse words that are no text: they can be neither looked for, kept nor recorded. Raises WrongUse."""

    @functools.wraps(command)
    def checked(**given: Any) -> Any:
        for name, value in given.items():
            if isinstance(value, str) and name not in _FILES and not is_text(value):
                raise WrongUse(f"{value} is not UTF-8 text. Nothing was changed.")
        return command(**given)

    return checked
