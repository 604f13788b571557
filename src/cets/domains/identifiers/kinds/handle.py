import re

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import alias, plain

_WRITTEN = re.compile(r"[^\s/@:,;<>\"'()\[\]{}\\|`]{1,64}")


def clean_handle(text: str) -> str:
    """Return a nickname in its one form: no leading @, case folded. Raises NotValid."""
    handle = text.strip().removeprefix("@").casefold()
    if not _WRITTEN.fullmatch(handle):
        raise NotValid("A user name has no spaces and at most 64 characters.")
    if not any(map(str.isalnum, handle)):
        raise NotValid("A user name holds at least one letter or digit.")
    return handle


class Handle(Kind):
    """A nickname of which the platform is not known. It meets an account only weakly, through its alias."""

    name = "handle"
    caption = "User name"
    in_text = "user name"
    bits = 5.0  # popular nicknames are taken by many people, on many platforms
    examples = (("@Kestrel_Blue", "kestrel_blue"), ("bluebridge77", "bluebridge77"))

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        handle = clean_handle(plain(raw))
        key = alias(handle)
        return Value(kind=self.name, value=handle, raw=raw, variants=(key,) if key else ())

    def show(self, value: str) -> str:
        return value
