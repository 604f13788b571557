import re

from cets.domains.identifiers.kinds.base import Ambiguous, Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import plain
from cets.domains.identifiers.kinds.platforms import platform_key

_JID = re.compile(r"([\w\-]+)@g\.us", re.IGNORECASE)
_LONGEST = 200


class Group(Kind):
    """`platform/room`. The platform stands in the raw text or in the context; rooms compare without case."""

    name = "group"
    caption = "Group or room"
    in_text = "group or room"
    bits = 9.0  # a private room has few members; a public one shows by its holders
    examples = (
        ("ExampleChat/Room-1", "examplechat/room-1"),
        ("120363000000000001@g.us", "whatsapp/120363000000000001"),
    )

    def clean(self, raw: str, context: Context) -> Value:
        text = plain(raw)
        if jid := _JID.fullmatch(text):
            return Value(kind=self.name, value=f"whatsapp/{jid[1].lower()}", raw=raw)
        platform, slash, room = text.partition("/")
        if not slash:
            platform, room = context.platform or "", text
        key = platform_key(platform)
        room = re.sub(r"\s+", " ", room.strip()).casefold()
        if not key:
            raise Ambiguous("The platform of this room is not named.")
        if not room or len(room) > _LONGEST:
            raise NotValid(f"The name of a room has 1 to {_LONGEST} characters.")
        return Value(kind=self.name, value=f"{key}/{room}", raw=raw)
