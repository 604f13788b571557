"""Whose account or device a file was taken from, as its source says it: his side of a chat is then known, never guessed."""

from collections.abc import Iterable, Sequence
from typing import Final

from cets.domains.reports.models import Person

#: What the sources say of the person to whom the account belongs that was exported, in his facts.
SAID: Final = frozenset(
    {
        ("Role in the chat", "whose Signal was exported"),
        ("Account", "owner of the data package"),
        ("Part in the export", "owner of the account"),
        ("Role in the chat", "owner of the phone"),
        ("Role in the chats", "whose account this is"),
        ("Owner of the phone", "yes"),
    }
)
#: Under what name the messages stand that he wrote, where the source has no person for him.
AS_SENDER: Final = frozenset({"owner of the phone", "owner of the device", "owner of the account"})

#: What a message of his says beside its text, where the source tells it of each message.
_SENT: Final = ("direction", "sent by the owner")


def is_holder(person: Person) -> bool:
    """Say whether the source names this person as the one whose account or device it is."""
    return any((str(label), str(text)) in SAID for label, text in person.facts)


def holders_among(people: Iterable[Person]) -> frozenset[str]:
    """Return the keys of those whose account or device it is."""
    return frozenset(person.key for person in people if is_holder(person))


def is_sent_by_holder(headers: Iterable[Sequence[str]]) -> bool:
    """Say whether a message's headers tell that it went out from the account."""
    return any(tuple(header) == _SENT for header in headers)
