"""Audit event types of intake: refusals, notes, column maps that an officer settled."""

MAP_SETTLED = "intake:part:map-settled"
REFUSED = "intake:file:refused"
READ_AGAIN = "intake:part:read-again"
NOTE_ADDED = "intake:note:added"
EVENTS = (MAP_SETTLED, REFUSED, READ_AGAIN, NOTE_ADDED)
