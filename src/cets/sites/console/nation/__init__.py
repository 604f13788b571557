"""The demo nation: six invented agencies and the post they get, written from a seed.

Nothing here knows how CETS reads a file: the nation is what the reading is tried on.
"""

from cets.sites.console.nation.stream import stream_reports
from cets.sites.console.nation.writing import generate

__all__ = ["generate", "stream_reports"]
