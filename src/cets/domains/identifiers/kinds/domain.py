import re

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import plain, skeleton
from cets.domains.identifiers.kinds.refang import refang
from cets.domains.identifiers.kinds.suffixes import public_suffix

_LONGEST_HOST = 253
_ASCII_HOST = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})", re.ASCII
)


def clean_host(text: str) -> str:
    """Return a DNS name in its one form: lower case, readable (Unicode) labels, no dot at the end.

    Punycode and Unicode spellings of one name come out equal. Raises NotValid.
    """
    host = text.strip().lower().removesuffix(".")
    if not host or len(host) > _LONGEST_HOST or "." not in host:
        raise NotValid(
            "A domain name has at least two parts with a dot between them, and at most 253 characters."
        )
    if host.isascii() and "xn--" not in host:
        if not _ASCII_HOST.fullmatch(host):
            raise NotValid("This is not written like a domain name.")
        return host
    return _international(host)


def _international(host: str) -> str:
    import idna  # noqa: PLC0415 - its tables are large, and few names need them

    try:
        ascii_form = idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError as fault:
        raise NotValid("This is not written like a domain name.") from fault
    if not _ASCII_HOST.fullmatch(ascii_form):
        raise NotValid("This is not written like a domain name.")
    return str(idna.decode(ascii_form))


def look_alike(host: str) -> str | None:
    """Return the Latin look of a host with letters of other alphabets, None when it has none."""
    latin = skeleton(host)
    return latin if latin != host and latin.isascii() else None


class Domain(Kind):
    name = "domain"
    caption = "Domain name"
    in_text = "domain name"
    bits = 4.0  # many unrelated people use one site; the site as such says little
    examples = (
        ("Files.Example.ORG.", "files.example.org"),
        ("otherapp[.]example", "otherapp.example"),
        ("xn--bcher-kva.example", "b\u00fccher.example"),
    )

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        host = clean_host(refang(plain(raw)))
        suffix = public_suffix(host)
        if suffix is None:
            raise NotValid("It does not end in a known top-level domain.")
        if suffix == host:
            raise NotValid(
                "This is a public suffix under which many people hold names, not a domain of its own."
            )
        latin = look_alike(host)
        variants = (f"host:{host}",) + ((f"host:{latin}",) if latin else ())
        return Value(kind=self.name, value=host, raw=raw, variants=variants)
