"""What a form showed of a record: the form carries a mark of it, the action compares that under the record's lock.

An officer decides on what the page showed. Where a colleague changed it meanwhile, nothing of the colleague's is
overwritten: the action raises, and the officer looks again. Whoever acts without a form has seen no state: pass None.
"""

import hashlib
import json

from cets.kernel.errors import Meanwhile

_LENGTH = 20


def mark(*state: object) -> str:
    """Return a short mark of a state that was shown, equal for as long as the state is."""
    text = json.dumps(state, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


def require_as_shown(shown: str | None, now: str, error: type[Meanwhile] = Meanwhile) -> None:
    """Raise Meanwhile, or an error of that sort, unless the record's mark is the one that the form carried."""
    if shown is not None and shown != now:
        raise error(str(error.__doc__))
