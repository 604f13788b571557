import re

from cets.domains.identifiers.kinds.base import Ambiguous, Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import alias, plain
from cets.domains.identifiers.kinds.handle import clean_handle
from cets.domains.identifiers.kinds.platforms import platform_key
from cets.domains.identifiers.kinds.profiles import profile_handle
from cets.domains.identifiers.kinds.url import Url

_ID = re.compile(r"id:\s*(\S{1,128})", re.IGNORECASE)
_UUID_LIKE = re.compile(r"[0-9A-Fa-f]{8}-?(?:[0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}")


#: What an account is called in full on platforms where it has no other name, or where a name is another's on every server.
_ONLY_NUMBERS = {
    "session": re.compile(r"05[0-9a-f]{64}", re.IGNORECASE),
    "matrix": re.compile(r"@[^\s:@]{1,100}:[\w.\-]{3,150}(?::\d{1,5})?"),
}


def _from_profile(address: str, context: Context) -> str:
    """Return platform and user name of the address of somebody's profile on a platform we know."""
    parts = _ADDRESS.fullmatch(Url().clean(address, context).value)
    profile = profile_handle(parts[1], parts[2]) if parts else None
    if profile is None:
        raise NotValid("This is a web address, and not that of a profile on a known platform.")
    return "/".join(profile)


_ADDRESS = re.compile(r"https?://([^/]+)(/.*)")


class Account(Kind):
    """`platform/handle`, or `platform/id:ID` for the number a platform gives; the two are two identifiers.

    The platform stands in the raw text ("otherapp/bluebridge77", "otherapp/id:55501") or in the context.
    Ids keep their case, because some platforms tell them apart by it; a UUID does not.
    """

    name = "account"
    caption = "Account"
    in_text = "account"
    bits = 12.0  # one account has one holder, but accounts are lent, sold and taken over
    examples = (
        ("OtherApp/@BlueBridge77", "otherapp/bluebridge77"),
        ("ExampleChat/id:55501", "examplechat/id:55501"),
    )

    def clean(self, raw: str, context: Context) -> Value:
        text = plain(raw)
        if "://" in text:
            text = _from_profile(text, context)
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
        if key in _ONLY_NUMBERS and _ONLY_NUMBERS[key].fullmatch(name):
            return Value(kind=self.name, value=f"{key}/id:{name.lower()}", raw=raw)
        handle = clean_handle(name)
        weak = alias(handle)
        return Value(kind=self.name, value=f"{key}/{handle}", raw=raw, variants=(weak,) if weak else ())
