"""The files that a command is to take in: folders are walked, and nothing of the instance itself is among them."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from cets.settings.types import Instance
from cets.sites.console.homes import NATION

OUR_OWN = "This instance keeps its keys, its database or its originals here: nothing of them is taken in."
#: Of a folder that was named; it is no refusal, as nothing was to be had.
EMPTY_FOLDER = "There is no file in this folder: nothing was taken in"


@dataclass(frozen=True)
class Given:
    """One thing to take in: what it is called, and how to open it; or why it cannot be, or that nothing is there."""

    label: str
    path: Path | None  # None: standard input
    refused: str = ""
    empty: str = ""


def walk(paths: Iterable[str]) -> Iterator[Given]:
    """Return files in a stable order; folders are walked, "-" is standard input.

    A link is followed when it is named itself. One inside a folder is refused: it may lead out of it, or in circles.
    A folder without a file in it, at any depth, is one thing that is empty, so that it is told.
    """
    for text in paths:
        if text == "-":
            yield Given("-", None)
            continue
        path = Path(text)
        if not text:
            yield Given(text, None, "The path is empty.")
        elif is_our_own(text):
            yield Given(text, None, OUR_OWN)
        elif os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a name that is too long
            inside = _walk_folder(text)
            yield next(inside, Given(text, None, empty=EMPTY_FOLDER))
            yield from inside
        else:
            yield Given(text, path)


def _walk_folder(folder: str) -> Iterator[Given]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        yield Given(folder, None, f"The folder could not be opened: {error.strerror}.")
        return
    for entry in entries:
        if entry.is_symlink():
            yield Given(
                entry.path,
                None,
                "It is a link inside a folder. Name what it leads to, if that is to come in.",
            )
        elif not entry.is_dir(follow_symlinks=False):
            yield Given(entry.path, Path(entry.path))
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if is_our_own(entry.path):
                yield Given(entry.path, None, OUR_OWN)
            else:
                yield from _walk_folder(entry.path)


def is_our_own(path: str) -> bool:
    """Say whether a path lies in the instance itself; the demo's invented post may be taken in."""
    instance: Instance = settings.CETS
    real = Path(os.path.realpath(path))
    places = [Path(os.path.realpath(place)) for place in (instance.home, instance.keys_dir)]
    return any(real.is_relative_to(place) for place in places) and not real.is_relative_to(places[0] / NATION)
