"""The one base of every error a person may be shown."""


class CetsError(Exception):
    """Something could not be done, and the person who asked is told why.

    The message is a whole sentence: what happened, what was kept, the way on.
    Subclasses live beside the action that raises them.
    """


class Meanwhile(CetsError):
    """Somebody changed the record since it was shown. Nothing of yours was saved: look at what was done, then decide again."""
