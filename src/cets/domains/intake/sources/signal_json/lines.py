"""A message a line, as `signal-export` writes `data.json`: names instead of numbers, times of the computer without zone."""

from collections.abc import Iterator

from cets.domains.intake.json_fields import Fields
from cets.domains.intake.json_walk import text_of
from cets.domains.intake.messages import Messages
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.speakers import Known, Speakers
from cets.domains.intake.traces import fact, is_number

#: Whose Signal was exported; and what stands where the program knew no name.
_OWNER, _NOBODY = "Me", frozenset({"No-Sender", "None", "Unknown", ""})


class Lines:
    def __init__(self, messages: Messages, speakers: Speakers) -> None:
        self._messages, self._speakers = messages, speakers

    def message(self, fields: Fields) -> Iterator[AnyRow]:
        """Yield the rows of one line. Raises Full."""
        written, place = fields.text("date"), fields.place("sender")
        at = self._messages.reader.time(written) if written else None
        sender, text = fields.text("sender"), fields.text("body")
        key = None if sender in _NOBODY else f"sender {sender}"
        number = self._messages.following
        if key:
            known = (Known("phone", sender, place),) if is_number(sender) else ()
            about = (("Role in the chat", "whose Signal was exported"),) if sender == _OWNER else ()
            names = () if sender == _OWNER else (sender,)
            yield from self._speakers.meet(
                key, place, names=names, known=known, facts=about, seen_at=at, message=number
            )
        reactions = [" ".join(_pair(one)) for one in _listed(fields.take("reactions"))]
        files = [_pair(one)[0] for one in _listed(fields.take("attachments"))]
        quote = fields.text("quote").strip()
        yield from self._messages.add(
            text, beside=(quote, *files), place=fields.pointer or "/", sent_at=at, sender=sender if key else None, sender_person=key,
            headers=(
                *fact("answers", quote), *fact("sticker", fields.text("sticker")),
                *fact("reactions", ", ".join(filter(None, reactions))),
            ),
            attachments=tuple(filter(None, files)),
        )  # fmt: skip


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _pair(one: object) -> tuple[str, str]:
    """Return the two parts of a reaction or a file, in an object or a list."""
    if isinstance(one, dict):
        return text_of(one.get("name")), text_of(one.get("emoji", one.get("path")))
    found = [text_of(part) for part in one] if isinstance(one, list) else [text_of(one)]
    return (found[0] if found else ""), (found[1] if len(found) > 1 else "")
