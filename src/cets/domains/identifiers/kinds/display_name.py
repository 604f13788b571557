import re

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import plain, skeleton

_LONGEST = 200


class DisplayName(Kind):
    name = "display_name"
    caption = "Displayed name"
    in_text = "displayed name"
    bits = 1.5  # chosen freely and shared by many; only adds to something else
    examples = (("  Blue   Bridge ", "blue bridge"),)

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        name = re.sub(r"\s+", " ", plain(raw)).casefold()
        if not name or not any(map(str.isalnum, name)):
            raise NotValid("A name holds at least one letter or digit.")
        if len(name) > _LONGEST:
            raise NotValid(f"It is longer than {_LONGEST} characters.")
        words = sorted(re.findall(r"\w+", skeleton(name)))
        variants = (f"name:{' '.join(words)}",) if len(words) > 1 else ()
        return Value(kind=self.name, value=name, raw=raw, variants=variants)

    def show(self, value: str) -> str:
        return value.title() if value.isascii() else value
