import re

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import plain

_PREFIX = re.compile(r"(?:openpgp4fpr:|(?:pgp|gpg)\b[\w\s]*[:=]|0x)\s*", re.IGNORECASE)
_FINGERPRINT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class Pgp(Kind):
    """The full fingerprint, 40 hexadecimal digits (64 in version 6).

    Short key ids can be forged and are refused.
    """

    name = "pgp"
    caption = "PGP fingerprint"
    in_text = "PGP fingerprint"
    bits = 14.0  # whoever holds the key is its owner
    examples = (
        (
            "0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567",
            "0123456789abcdef0123456789abcdef01234567",
        ),
    )

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        text = re.sub(r"[\s:]+", "", _PREFIX.sub("", plain(raw), count=1)).lower()
        if not _FINGERPRINT.fullmatch(text):
            raise NotValid(
                "A PGP fingerprint has 40 hexadecimal digits (64 in version 6); a short key id is not enough."
            )
        return Value(kind=self.name, value=text, raw=raw)

    def show(self, value: str) -> str:
        return " ".join(re.findall("....", value.upper()))
