import re

from cets.domains.identifiers.kinds.base import Ambiguous, Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import alias, plain
from cets.domains.identifiers.kinds.handle import clean_handle
from cets.domains.identifiers.kinds.platforms import platform_key

_ID = re.compile(r"id:\s*(\S{1,128})", re.IGNORECASE)
_UUID_LIKE = re.compile(r"[0-9A-Fa-f]{8}-?(?:[0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}")


class Account(Kind):
    """`platform/handle`, or `platform/id:ID` for the number a platform gives; the two are two identifiers.

    The platform stands in the raw text ("otherapp/bluebridge77", "otherapp/id:55501") or in the context.
    Ids keep their case, because some platforms tell them apart by it; a UUID does not.
    """

    name = "account"
    caption = "Account on a platform"
    bits = 12.0  # one account has one holder, but accounts are lent, sold and taken over
    examples = (
        ("OtherApp/@BlueBridge77", "otherapp/bluebridge77"),
        ("ExampleChat/id:55501", "examplechat/id:55501"),
    )

    def clean(self, raw: str, context: Context) -> Value:
        text = plain(raw)
        platform, slash, name = text.partition("/")
        if not slash:
            platform, name = context.platform or "", text
        key = platform_key(platform)
        name = name.strip()
        if not key:
            raise Ambiguous("The platform of this account is not named.")
        if not name:
            raise NotValid("The platform is named, but no account on it.")
        if identity := _ID.fullmatch(name):
            number = identity[1].lower() if _UUID_LIKE.fullmatch(identity[1]) else identity[1]
            return Value(kind=self.name, value=f"{key}/id:{number}", raw=raw)
        handle = clean_handle(name)
        weak = alias(handle)
        return Value(kind=self.name, value=f"{key}/{handle}", raw=raw, variants=(weak,) if weak else ())
