"""`cets reread`: what was read before is given to the readers of today."""

from collections.abc import Iterator
from typing import Any

from cets.access.viewer import Viewer
from cets.domains.intake import rereading_all
from cets.sites.console.telling import WrongUse


def reread(viewer: Viewer, *, source: str | None, only_older: bool) -> Iterator[tuple[dict[str, Any], str]]:
    """Queue the reading of an agency's files again; yield, as a record and in words, how far that is, and what it came to."""
    versions = rereading_all.present_versions()
    try:
        files = rereading_all.to_read_again(viewer, source=source, only_older=only_older, versions=versions)
    except rereading_all.NoSuchSource as error:
        raise WrongUse(str(error)) from error
    given = 0
    for given in rereading_all.read_all_once_more(files, by=viewer):
        yield {"state": "queuing", "queued": given, "files": len(files)}, f"{given:,} of {len(files):,} files"
    passed = len(files) - given
    words = f"{given:,} {'file is' if given == 1 else 'files are'} read again by the worker."
    if passed:
        words += f" {passed:,} waited to be read already."
    yield {"state": "queued", "queued": given, "files": len(files)}, words
