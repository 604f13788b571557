"""Public suffixes ("co.uk"), read from the snapshot that the tldextract package carries; nothing is fetched.

The package itself is not imported: it pulls in an HTTP client, and a parser's process starts often.
"""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

#: Top-level names that are set aside for examples and tests, or live outside the DNS.
RESERVED = frozenset({"example", "test", "invalid", "onion", "i2p"})


class SnapshotMissingError(RuntimeError):
    """The public suffix snapshot of the tldextract package was not found.

    Install the locked requirements again.
    """


@lru_cache(maxsize=1)
def _rules() -> frozenset[str]:
    package = find_spec("tldextract")
    if package is None or not package.submodule_search_locations:
        raise SnapshotMissingError(SnapshotMissingError.__doc__)
    text = (Path(package.submodule_search_locations[0]) / ".tld_set_snapshot").read_text("utf-8")
    # Private suffixes (hosts that let customers have sub-domains) are ordinary domains for an officer.
    public = text.partition("===END ICANN DOMAINS===")[0]
    return frozenset(
        line for line in map(str.strip, public.splitlines()) if line and not line.startswith("//")
    )


@lru_cache(maxsize=65536)
def public_suffix(host: str) -> str | None:
    """Return the public suffix of a lower-case host in its readable (Unicode) form, None when not known."""
    rules = _rules()
    labels = host.split(".")
    for start in range(len(labels)):
        name = ".".join(labels[start:])
        above = ".".join(labels[start + 1 :])
        if "!" + name in rules:
            return above
        if name in rules or (above and f"*.{above}" in rules):
            return name
    return labels[-1] if labels[-1] in RESERVED else None


def registrable(host: str) -> str | None:
    """Return the part somebody registered ("example.co.uk"), None for a bare or unknown suffix."""
    suffix = public_suffix(host)
    if suffix is None or suffix == host:
        return None
    return f"{host[: -len(suffix) - 1].rsplit('.', 1)[-1]}.{suffix}"
