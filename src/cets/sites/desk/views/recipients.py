"""To whom messages went: told beside them where neither the conversation nor who speaks in it says so."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from cets.domains.reports.models import Message

_OF_MAIL = frozenset({"to", "cc", "bcc"})


def told(rows: Sequence[Message], *, apart: bool) -> Mapping[UUID, Sequence[str]]:
    """Return by message who is to be named as its receivers; for most it is nobody.

    Of two people who both speak each writes to the other, and of a conversation that bears somebody's name he is
    the other one; a mail has its headers. The same circle on a whole page is told once, unless its lines stand `apart`.
    """
    spoke = {row.sender for row in rows}
    everybody = spoke.union(*(row.recipients for row in rows))
    known = {row.id: row.recipients if _is_news(row, spoke, everybody) else () for row in rows}
    is_one_circle = len({frozenset((row.sender, *row.recipients)) for row in rows}) == 1
    first = rows[0].id
    return {key: to for key, to in known.items() if key == first or apart or not is_one_circle}


def _is_news(row: Message, spoke: set[str], everybody: set[str]) -> bool:
    if row.kind == "mail":
        return not any(str(label).casefold() in _OF_MAIL for label, _text in row.headers)
    to = set(row.recipients)
    if to <= {row.thread}:
        return False
    is_to_all = to == everybody - {row.sender}
    return not (is_to_all and to <= spoke)
