import re

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.domain import clean_host
from cets.domains.identifiers.kinds.folding import plain, skeleton
from cets.domains.identifiers.kinds.refang import refang

_LONGEST_LOCAL = 64
_LONGEST = 254
_ATOMS = re.compile(r"[^\s\"(),:;<>@\[\\\].\x00-\x1f\x7f]+(?:\.[^\s\"(),:;<>@\[\\\].\x00-\x1f\x7f]+)*")
_REMARK = re.compile(r"\s+\([^()]*\)$")  # "(verified)"
_IN_BRACKETS = re.compile(r"[^<>]*<([^<>]+)>")


def weak_key(local: str, host: str) -> str:
    """Return the key under which addresses meet that differ in plus tag, dots and look-alike letters only."""
    name = local.partition("+")[0].replace(".", "") or local
    return f"email:{skeleton(name)}@{skeleton(host)}"


class Email(Kind):
    """`local@domain`, lower case.

    The domain is kept readable: punycode and Unicode spellings come out equal.
    """

    name = "email"
    caption = "E-mail"
    in_text = "e-mail address"
    bits = 12.0  # personal; sometimes shared in a family or a shop
    longest_raw = 1_000
    examples = (
        ("Sam.Placeholder+chat@Mail.Example", "sam.placeholder+chat@mail.example"),
        ("kestrel[at]post[.]example", "kestrel@post.example"),
        ("mailto:kestrel@xn--bcher-kva.example", "kestrel@b\u00fccher.example"),
    )

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        text = refang(_REMARK.sub("", plain(raw)))
        if text[:7].lower() == "mailto:":
            text = text[7:].partition("?")[0]
        if bracketed := _IN_BRACKETS.fullmatch(text):
            text = bracketed[1].strip()
        local, at, domain = text.rpartition("@")
        if not at:
            raise NotValid("An e-mail address has an @ between name and domain.")
        if len(local) > _LONGEST_LOCAL or not _ATOMS.fullmatch(local):
            raise NotValid("The part before the @ is not one that mail systems take.")
        host = clean_host(domain)
        local = local.casefold()
        value = f"{local}@{host}"
        if len(value) > _LONGEST:
            raise NotValid("It is longer than the 254 characters of an e-mail address.")
        return Value(kind=self.name, value=value, raw=raw, variants=(weak_key(local, host),))
