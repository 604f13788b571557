"""The registry of sources and the recogniser: which source reads a file, told by its content alone."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import BinaryIO

from cets.domains.intake import compound_file, sqlite_head
from cets.domains.intake.sources.base import Source

#: Source folders in order of trial: on equal confidence the earlier one wins.
FOLDERS = (
    "cybertip_json",
    "cybertip_xml",
    "pdf",
    "provider_return",
    "xlsx",
    "zip_archive",
    "tar_archive",
    "seven_zip",
    "compressed",
    "leapp",
    "chrome_history",
    "firefox_history",
    "android_messages",
    "android_contacts",
    "ios_messages",
    "ios_calls",
    "ios_contacts",
    "safari_history",
    "skype",
    "hangouts",
    "sqlite_database",
    "note",
    "mbox",
    "eml",
    "msg",
    "whatsapp",
    "telegram",
    "discord",
    "messenger",
    "instagram",
    "slack",
    "signal",
    "signal_json",
    "takeout",
    "c4all",
    "vics",
    "stix",
    "misp",
    "case_uco",
    "cellebrite_xml",
    "sms_backup",
    "icse",
    "irc",
    "hash_list",
    "snap_return",
    "kik_return",
    "web_page",
    "csv_table",
    "text",
)
HEAD = 65_536
#: Of these what they hold is listed behind their first bytes.
_LISTED = (sqlite_head.MAGIC, compound_file.MAGIC)

_BOMS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
#: JSON and markup have an inner order that reading them as lines of text would lose.
JSON = re.compile(r"""\s*(?:\{\s*["}]|\[\s*[\[{"])""")
MARKUP = re.compile(r"\s*<(?:\?xml\b|!DOCTYPE\b|[A-Za-z][^<>]*>(?=[^\0]*</))", re.IGNORECASE)
_AS_LINES = frozenset({"text", "csv"})


@cache
def all_sources() -> Mapping[str, Source]:
    """Return one instance of each source by name, in order of trial. Loaded at the first call."""
    return MappingProxyType({source.name: source for source in map(_load, FOLDERS)})


def head_of(file: BinaryIO, size: int) -> bytes:
    """Return what `recognise` looks at: the first bytes of a file; of a SQLite database also its list of tables, of a compound file its names.

    Ends at its start.
    """
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(sqlite_head.MAGIC):
        head += sqlite_head.list_of_tables(file, size)
    elif head.startswith(compound_file.MAGIC):
        head += compound_file.names_in_root(file)
    file.seek(0)
    return head


def recognise(head: bytes, size: int) -> Source | None:
    """Return the source that is surest of a file by its first bytes (`head_of`), or None.

    JSON and XML that no source of their own claims are not read as lines of text: they are kept, said to be not
    understood, and searched (`unclaimed`).
    """
    if not head:
        return None
    looked_at = head if head.startswith(_LISTED) else head[:HEAD]
    claims = [(source.recognises(looked_at, size), source) for source in all_sources().values()]
    certainty, best = max(claims, key=lambda claim: claim[0])
    if certainty <= 0 or (best.name in _AS_LINES and _is_structured(head)):
        return None
    return best


def _is_structured(head: bytes) -> bool:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            text = head[len(bom) : 4096].decode(encoding, "replace")
            break
    else:
        text = head[:4096].decode("latin-1")
    text = text.lstrip("\ufeff")
    return bool(JSON.match(text) or MARKUP.match(text))


def _load(folder: str) -> Source:
    module = import_module(f"{__name__}.{folder}.source")
    classes = [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Source) and thing.__module__ == module.__name__
    ]
    (made,) = classes
    source: Source = made()
    return source


def __getattr__(name: str) -> Mapping[str, Source]:
    # Lazy, because the sources themselves import from this package.
    if name == "SOURCES":
        return all_sources()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
